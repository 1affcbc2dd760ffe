"""Random data sets: every figure is that of the algorithm as textbooks tell it, on the scores of each answer.

The reference below shares nothing with the package: it works on answers instead of moments, one data set at a
time, and regresses by least squares on the scores (Lohmoeller 1989; Tenenhaus et al. 2005; consistent PLS
after Dijkstra and Henseler 2015).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import polars as pl
import pytest

from leal.path_model import PathFit, PathModel

SCHEMES = ("centroid", "factorial", "path")
CASES = list(product(SCHEMES, ("standardised", "raw"), range(3)))


@dataclass(frozen=True)
class Plan:
    """A model by its blocks: modes, sizes, and which constructs lead to which."""

    modes: tuple[str, ...]
    sizes: tuple[int, ...]
    sources: dict[int, list[int]]

    @property
    def items(self) -> list[list[str]]:
        return [[f"x{j}{i}" for i in range(size)] for j, size in enumerate(self.sizes)]

    @property
    def text(self) -> str:
        """The model in the words of lavaan."""
        signs = {"A": "=~", "B": "<~"}
        blocks = [
            f"C{j} {signs[mode]} {' + '.join(items)}"
            for j, (mode, items) in enumerate(zip(self.modes, self.items, strict=True))
        ]
        lines = [f"C{j} ~ {' + '.join(f'C{m}' for m in causes)}" for j, causes in self.sources.items()]
        return "\n".join([*blocks, *lines])


MODE_A = Plan(("A",) * 4, (3, 4, 2, 3), {1: [0], 2: [0, 1], 3: [0, 1, 2]})
MIXED = Plan(("B", "A", "B", "A", "A"), (3, 4, 2, 1, 3), {2: [0, 1], 3: [2], 4: [0, 2, 3]})
MODE_B = Plan(("B",) * 3, (2, 3, 4), {1: [0], 2: [0, 1]})


def answers(plan: Plan, seed: int, rows: int = 300) -> pl.DataFrame:
    """Whole answers of 1 to 10 with random loadings, paths, means and spreads."""
    generator = np.random.default_rng(seed)
    columns = {}
    scores: list[np.ndarray] = []
    for j, items in enumerate(plan.items):
        causes = [generator.uniform(0.3, 0.7) * scores[m] for m in plan.sources.get(j, [])]
        scores.append(sum(causes, generator.normal(size=rows)))
        for item in items:
            noise = generator.normal(size=rows) * generator.uniform(0.4, 0.9)
            raw = generator.uniform(5, 8) + generator.uniform(1, 1.6) * (scores[j] + noise)
            columns[item] = np.clip(np.rint(raw), 1, 10)
    return pl.DataFrame(columns)


@dataclass(frozen=True)
class Reference:
    """What the textbook algorithm gives."""

    weights: np.ndarray
    loadings: np.ndarray
    paths: np.ndarray
    r_squared: np.ndarray


def slopes(target: np.ndarray, sources: np.ndarray) -> np.ndarray:
    return np.asarray(np.linalg.lstsq(sources, target, rcond=None)[0])


def inner_proxy(plan: Plan, scores: np.ndarray, j: int, scheme: str) -> np.ndarray:
    """The sum of the neighbours' scores, each with its inner weight."""
    proxy = np.zeros(len(scores))
    causes = plan.sources.get(j, [])
    effects = [k for k, sources in plan.sources.items() if j in sources]
    for m in causes + effects:
        r = np.corrcoef(scores[:, j], scores[:, m])[0, 1]
        weight = np.sign(r) if scheme == "centroid" else r
        if scheme == "path" and m in causes:
            weight = slopes(scores[:, j], scores[:, causes])[causes.index(m)]
        proxy += weight * scores[:, m]
    return proxy


def outer_weights(block: np.ndarray, proxy: np.ndarray, mode: str) -> np.ndarray:
    """Mode A: covariances with the proxy; Mode B: its regression; the score then has variance 1."""
    weights = block.T @ proxy / (len(block) - 1) if mode == "A" else slopes(proxy, block)
    return np.asarray(weights / (block @ weights).std(ddof=1))


def textbook(plan: Plan, frame: pl.DataFrame, scheme: str, metric: str, consistent: bool) -> Reference:
    blocks = [frame.select(items).to_numpy() for items in plan.items]
    blocks = [block - block.mean(axis=0) for block in blocks]
    if metric == "standardised":
        blocks = [block / block.std(axis=0, ddof=1) for block in blocks]
    weights = [np.ones(block.shape[1]) / block.sum(axis=1).std(ddof=1) for block in blocks]
    for _ in range(5000):
        scores = np.stack([block @ w for block, w in zip(blocks, weights, strict=True)], axis=1)
        fresh = [
            outer_weights(block, inner_proxy(plan, scores, j, scheme), plan.modes[j])
            for j, block in enumerate(blocks)
        ]
        change = sum(float(np.abs(a - b).sum()) for a, b in zip(weights, fresh, strict=True))
        weights = fresh
        if change < 1e-13:
            break
    scores = np.stack([block @ w for block, w in zip(blocks, weights, strict=True)], axis=1)
    loadings = [block.T @ scores[:, j] / (len(frame) - 1) for j, block in enumerate(blocks)]
    among = np.corrcoef(scores.T)
    if consistent:
        loadings, among = made_consistent(blocks, weights, among)
    paths = np.zeros((len(blocks), len(blocks)))
    r_squared = []
    for j, causes in plan.sources.items():
        paths[causes, j] = np.linalg.inv(among[np.ix_(causes, causes)]) @ among[causes, j]
        r_squared.append(paths[causes, j] @ among[causes, j])
    return Reference(np.concatenate(weights), np.concatenate(loadings), paths, np.array(r_squared))


def made_consistent(
    blocks: list[np.ndarray], weights: list[np.ndarray], among: np.ndarray
) -> tuple[list[np.ndarray], np.ndarray]:
    """Loadings and construct correlations freed of measurement error, by rho_A, item by item."""
    reliabilities, loadings = [], []
    for block, w in zip(blocks, weights, strict=True):
        s = np.corrcoef(block.T)
        pairs = [(i, k) for i in range(w.size) for k in range(w.size) if i != k]
        shared = sum(w[i] * s[i, k] * w[k] for i, k in pairs)
        expected = sum((w[i] * w[k]) ** 2 for i, k in pairs)
        reliabilities.append((w @ w) ** 2 * shared / expected)
        loadings.append(w * np.sqrt(reliabilities[-1]) / (w @ w))
    freed = among / np.sqrt(np.outer(reliabilities, reliabilities))
    np.fill_diagonal(freed, 1.0)
    return loadings, freed


def fitted(plan: Plan, frame: pl.DataFrame, **options: Any) -> PathFit:
    return PathModel(plan.text).fit(frame, tolerance=1e-13, max_iterations=5000, **options)


def held(fit: PathFit, plan: Plan, expected: Reference) -> None:
    assert fit.weights["estimate"].to_numpy() == pytest.approx(expected.weights, abs=1e-10)
    assert fit.loadings["estimate"].to_numpy() == pytest.approx(expected.loadings, abs=1e-10)
    assert fit.r_squared["estimate"].to_numpy() == pytest.approx(expected.r_squared, abs=1e-10)
    found = {(row["source"], row["target"]): row["estimate"] for row in fit.paths.iter_rows(named=True)}
    truth = {(f"C{m}", f"C{j}"): expected.paths[m, j] for j, causes in plan.sources.items() for m in causes}
    assert found == pytest.approx(truth, abs=1e-10)


@pytest.mark.parametrize(("scheme", "metric", "seed"), CASES)
@pytest.mark.parametrize("plan", [MODE_A, MIXED, MODE_B], ids=["A", "mixed", "B"])
def test_weights_loadings_paths_are_those_of_the_textbook(
    plan: Plan, scheme: str, metric: str, seed: int
) -> None:
    frame = answers(plan, seed)
    fit = fitted(plan, frame, scheme=scheme, metric=metric)
    held(fit, plan, textbook(plan, frame, scheme, metric, consistent=False))


@pytest.mark.parametrize(("scheme", "seed"), list(product(SCHEMES, range(3))))
def test_consistent_figures_are_those_of_the_textbook(scheme: str, seed: int) -> None:
    frame = answers(MODE_A, 10 + seed)
    fit = fitted(MODE_A, frame, scheme=scheme, consistent=True)
    held(fit, MODE_A, textbook(MODE_A, frame, scheme, "standardised", consistent=True))


def test_r_squared_is_what_the_regression_leaves_unexplained() -> None:
    """1 - residual over total squares of the scores: the reference's own R2 by another way."""
    frame = answers(MODE_A, 21)
    fit = fitted(MODE_A, frame)
    scores = fit.scores(frame).to_numpy()
    for row, (j, causes) in zip(fit.r_squared["estimate"], MODE_A.sources.items(), strict=True):
        left = scores[:, j] - scores[:, causes] @ slopes(scores[:, j], scores[:, causes])
        assert row == pytest.approx(1 - left @ left / (scores[:, j] @ scores[:, j]), abs=1e-10)
