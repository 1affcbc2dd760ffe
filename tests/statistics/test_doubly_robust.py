"""Ridge regression and doubly robust scores: by hand, by identity, by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leal.statistics import FoldedOutcomes, doubly_robust_scores, ridge_regression
from leal.statistics.ridge import ridge_of_products


def test_a_clear_line_is_found_and_noise_is_left_alone() -> None:
    random = np.random.default_rng(1)
    x = random.normal(size=(2000, 4))
    fit = ridge_regression(x, 3 + x @ [2.0, -1.0, 0.0, 0.0] + random.normal(size=2000))
    assert fit.slopes == pytest.approx([2, -1, 0, 0], abs=0.08)
    noise = ridge_regression(x[:200], random.normal(5.0, 1.0, 200))
    assert np.abs(noise.slopes).max() < 0.05
    assert noise.level == pytest.approx(5.0, abs=0.2)


@given(st.integers(0, 1000), st.floats(0.01, 100), st.floats(-50, 50))
@settings(max_examples=30, deadline=None)
def test_ridge_is_the_penalised_least_squares_and_moves_with_its_unit(
    seed: int, scale: float, shift: float
) -> None:
    random = np.random.default_rng(seed)
    x, y = random.normal(size=(60, 3)), random.normal(size=60)
    fit = ridge_regression(x, y)
    own = x - x.mean(axis=0)
    penalty = fit.penalty * np.linalg.eigvalsh(own.T @ own).mean()
    by_hand = np.linalg.solve(own.T @ own + penalty * np.eye(3), own.T @ (y - y.mean()))
    assert fit.slopes == pytest.approx(by_hand, rel=1e-8, abs=1e-12)
    moved = ridge_regression(x, scale * y + shift)
    assert moved.foretold(x) == pytest.approx(scale * fit.foretold(x) + shift, rel=1e-6, abs=1e-6)


def test_no_rows_and_constant_columns_foretell_a_mean() -> None:
    assert ridge_of_products(np.zeros((4, 4))).foretold([[1.0, 2.0]]).tolist() == [0.0]
    assert ridge_regression(np.ones((5, 2)), np.arange(5.0)).foretold([[1.0, 1.0]]).tolist() == [2.0]


def test_scores_by_hand() -> None:
    found = doubly_robust_scores([10.0, 4.0], [1, 0], [[0.8, 0.2], [0.8, 0.2]], [[5.0, 8.0], [3.0, 6.0]])
    assert found.tolist() == [[5.0, 8.0 + 5 * 2.0], [3.0 + 1.25, 6.0]]


def test_without_a_model_the_mean_score_is_the_weighted_mean() -> None:
    random = np.random.default_rng(2)
    y, drawn = random.gamma(2, 20, 400), random.integers(0, 2, 400)
    scores = doubly_robust_scores(y, drawn, np.full((400, 2), 0.5), np.zeros((400, 2)))
    assert scores[:, 1].mean() == pytest.approx(np.mean(y * drawn / 0.5))


def test_what_is_foretold_of_a_customer_was_learnt_before_them() -> None:
    """A wild outcome in one fold moves the effects foretold in later folds alone."""
    random = np.random.default_rng(3)
    n = 500
    design, y = random.normal(size=(n, 2)), random.normal(size=n)
    drawn, fold = random.integers(0, 2, n), np.arange(n) % FoldedOutcomes.folds
    chances = np.full((n, 2), 0.5)
    wild = y + np.where(fold == 5, 1000.0 * drawn * design[:, 0], 0.0)
    usual, _ = FoldedOutcomes(design, y, drawn, chances, fold).effects()
    shaken, _ = FoldedOutcomes(design, wild, drawn, chances, fold).effects()
    assert np.isnan(usual[fold < 3]).all()
    assert np.isfinite(usual[fold >= 3]).all()
    moved = np.abs(shaken - usual)
    assert moved[fold == 5].max() < 1e-9
    assert np.median(moved[fold > 5]) > 10


def test_a_model_of_use_narrows_and_a_wrong_one_does_no_harm() -> None:
    random = np.random.default_rng(4)
    n = 4000
    x, drawn = random.normal(size=(n, 1)), random.integers(0, 2, n)
    y = 5 * x[:, 0] + 2.0 * drawn + random.normal(size=n)
    chances, fold = np.full((n, 2), 0.5), np.arange(n) % FoldedOutcomes.folds

    def error_and_effect(design: np.ndarray) -> tuple[float, float]:
        scores = FoldedOutcomes(design, y, drawn, chances, fold).scores()
        effects = scores[:, 1] - scores[:, 0]
        return float(effects.std() / np.sqrt(n)), float(effects.mean())

    good, bad = error_and_effect(x), error_and_effect(random.normal(size=(n, 1)))
    assert good[1] == pytest.approx(2.0, abs=4 * good[0])
    assert bad[1] == pytest.approx(2.0, abs=4 * bad[0])
    assert good[0] < 0.3 * bad[0]
