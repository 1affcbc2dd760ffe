"""How often the default intervals of the path model hold the truth, in simulated samples.

    python -m benchmarks.interval_coverage [--data FILE] [--samples 600] [--answers 50 100 200]

The truth of a study is the fit on a million of its rows (of a consistent fit: the generating paths). Studies:
``loyalty`` (four constructs, 11 items, whole answers of 1 to 10), ``skewed`` (three constructs, two of them
hardly related, half of the answers 9 or 10), ``consistent`` (the first by consistent PLS, not rounded), and
``ecsi`` (24 items, 12 paths): with ``--data mobi.csv`` answers with its means and covariances, rounded to 1
to 10, otherwise made up. Printed for each group of figures: mean share (least to most).
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402
import polars as pl  # noqa: E402

import leal  # noqa: E402
from leal.errors import LealError  # noqa: E402
from leal.path_model import Moments, PathFit, PathModel  # noqa: E402

Floats = np.ndarray
Shares = dict[str, Floats]

FIGURES = ("paths", "total_effects", "effects_in_points", "loadings", "weights", "r_squared", "index")
CRITERIA = (
    "heterotrait_monotrait",
    "reliability",
    "fornell_larcker_intervals",
    "cross_loading_intervals",
    "inflation",
    "item_inflation",
    "effect_sizes",
    "residual",
)

KINDS = {
    "paths, effects": ("paths", "total_effects", "effects_in_points"),
    "loadings": ("loadings",),
    "weights": ("weights",),
    "R2": ("r_squared",),
    "index": ("index",),
    "HTMT": ("heterotrait_monotrait",),
    "alpha, rho, AVE": ("reliability",),
    "correlations of constructs": ("fornell_larcker_intervals",),
    "cross-loadings": ("cross_loading_intervals",),
    "VIF": ("inflation", "item_inflation"),
    "f2": ("effect_sizes",),
    "SRMR": ("residual",),
}
"""Columns of the table, and the tables of a fit that each holds."""

LOYALTY = PathModel("""
    Image        =~ a1 + a2 + a3
    Quality      =~ b1 + b2 + b3
    Satisfaction =~ c1 + c2 + c3
    Loyalty      =~ d1 + d2
    Quality      ~ Image
    Satisfaction ~ Image + Quality
    Loyalty      ~ Satisfaction
""")
LOYALTY_LOADINGS = np.array([0.8, 0.7, 0.75, 0.85, 0.75, 0.8, 0.9, 0.8, 0.75, 0.85, 0.8])
LOYALTY_PATHS = {
    ("Image", "Quality"): 0.5,
    ("Image", "Satisfaction"): 0.3,
    ("Quality", "Satisfaction"): 0.5,
    ("Satisfaction", "Loyalty"): 0.6,
}
SKEWED = PathModel("A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nC =~ c1 + c2 + c3 + c4\nC ~ A + B")
SKEWED_LOADINGS = np.array([0.8, 0.7, 0.75, 0.85, 0.75, 0.65, 0.8, 0.8, 0.7, 0.6])


@dataclass(frozen=True)
class Study:
    """A model, and how samples of it are drawn: `sample(rows, seed)`."""

    name: str
    model: PathModel
    sample: Callable[[int, int], pl.DataFrame]
    options: dict[str, Any] = field(default_factory=dict)


def loyalty_answers(rows: int, seed: int, *, rounded: bool = True) -> pl.DataFrame:
    """Answers from common factors with the paths above; rounded to a scale of 1 to 10."""
    generator = np.random.default_rng(seed)
    image, *rest = generator.normal(size=(4, rows))
    quality = 0.5 * image + np.sqrt(0.75) * rest[0]
    satisfaction = 0.3 * image + 0.5 * quality + np.sqrt(1 - 0.09 - 0.25 - 0.15) * rest[1]
    loyalty = 0.6 * satisfaction + 0.8 * rest[2]
    latent = np.repeat(np.stack([image, quality, satisfaction, loyalty], axis=1), [3, 3, 3, 2], axis=1)
    values = 6.5 + 1.8 * with_noise(latent, LOYALTY_LOADINGS, generator)
    return pl.DataFrame(on_scale(values) if rounded else values, schema=list(LOYALTY.items))


def skewed_answers(rows: int, seed: int) -> pl.DataFrame:
    """Answers of which half are 9 or 10; A and B hardly related (.2), paths .45 and .3."""
    generator = np.random.default_rng(seed)
    one, two, rest = generator.normal(size=(3, rows))
    two = 0.2 * one + np.sqrt(0.96) * two
    three = 0.45 * one + 0.3 * two + np.sqrt(1 - 0.45**2 - 0.3**2 - 2 * 0.45 * 0.3 * 0.2) * rest
    latent = np.repeat(np.stack([one, two, three], axis=1), [3, 3, 4], axis=1)
    values = 8.7 + 2.0 * with_noise(latent, SKEWED_LOADINGS, generator)
    return pl.DataFrame(on_scale(values), schema=list(SKEWED.items))


def with_noise(latent: Floats, loadings: Floats, generator: np.random.Generator) -> Floats:
    return np.asarray(loadings * latent + np.sqrt(1 - loadings**2) * generator.normal(size=latent.shape))


def on_scale(values: Floats) -> Floats:
    return np.clip(np.rint(values), 1, 10)


def ecsi_study(data: Path | None) -> Study:
    """The ECSI model on answers like those of a file, or on made-up ones."""
    from benchmarks.path_model import simulated

    model = leal.epsi("ecsi-mobile")
    if data is None:
        return Study("ecsi", model, simulated)
    rows = pl.read_csv(data).select(model.items).to_numpy().astype(float)
    means, root = rows.mean(axis=0), np.linalg.cholesky(np.cov(rows.T))

    def sample(size: int, seed: int) -> pl.DataFrame:
        noise = np.random.default_rng(seed).normal(size=(size, means.size))
        return pl.DataFrame(on_scale(means + noise @ root.T), schema=list(model.items))

    return Study("ecsi", model, sample)


LOYALTY_STUDY = Study("loyalty", LOYALTY, loyalty_answers)
SKEWED_STUDY = Study("skewed", SKEWED, skewed_answers)
CONSISTENT_STUDY = Study(
    "consistent",
    LOYALTY,
    lambda rows, seed: loyalty_answers(rows, seed, rounded=False),
    {"consistent": True},
)


def truths(study: Study, rows: int = 1_000_000) -> Shares:
    """Return the figures of a fit on many rows; paths of a consistent fit are the generating ones."""
    part = 250_000
    moments = [Moments.from_frame(study.sample(part, 90 + k), study.model.items) for k in range(rows // part)]
    whole = moments[0]
    for one in moments[1:]:
        whole = whole + one
    fit = study.model.fit(whole, **study.options)
    found = {name: fit.index if name == "index" else getattr(fit, name) for name in FIGURES}
    assessment = fit.assess(0)
    found |= {name: getattr(assessment, name) for name in CRITERIA}
    values = {name: numbers(table, "estimate") for name, table in found.items()}
    if study.options.get("consistent"):
        values["paths"] = np.array([LOYALTY_PATHS[ends] for ends in study.model.paths])
    return values


def numbers(table: pl.DataFrame, column: str) -> Floats:
    return np.asarray(table[column].fill_null(np.nan).to_numpy())


def tables(fit: PathFit, resamples: int, seed: int, *, criteria: bool) -> dict[str, pl.DataFrame]:
    """Return every table with intervals that a user gets by default."""
    drawn = fit.bootstrap(resamples, seed)
    found = {name: getattr(drawn, name) for name in FIGURES}
    if criteria:
        assessment = fit.assess(resamples, seed)
        found |= {name: getattr(assessment, name) for name in CRITERIA}
    return found


def coverage(
    study: Study, truth: Shares, answers: int, samples: int, *, resamples: int = 600, criteria: bool = True
) -> tuple[Shares, int]:
    """Return for each figure the share of samples whose interval holds its truth, and samples refused.

    Figures that cannot vary (the loading of a single item, the inflation of a single cause) are left out.
    """
    held: dict[str, list[Floats]] = {}
    widths: dict[str, list[Floats]] = {}
    refused = 0
    for seed in range(samples):
        try:
            fit = study.model.fit(study.sample(answers, 10_000 + seed), **study.options)
            found = tables(fit, resamples, seed, criteria=criteria)
        except LealError:
            refused += 1
            continue
        for name, table in found.items():
            low, high = numbers(table, "ci_low"), numbers(table, "ci_high")
            high = np.where(np.isnan(high), np.inf, high)  # no upper limit: inflation without end
            held.setdefault(name, []).append((low <= truth[name]) & (truth[name] <= high))
            widths.setdefault(name, []).append(high - low)
    shares = {}
    for name, hits in held.items():
        varies = np.nanmax(widths[name], axis=0) > 1e-9
        shares[name] = np.mean(hits, axis=0)[varies]
    return shares, refused


def main() -> None:
    """Print the shares of every study and number of answers as a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="a CSV file with the 24 items IMAG1 to CUSL3")
    parser.add_argument("--samples", type=int, default=600)
    parser.add_argument("--answers", type=int, nargs="+", default=[50, 100, 200])
    parser.add_argument("--studies", nargs="+", default=["ecsi", "loyalty", "skewed", "consistent"])
    given = parser.parse_args()
    studies = (ecsi_study(given.data), LOYALTY_STUDY, SKEWED_STUDY, CONSISTENT_STUDY)
    print("| study | answers | " + " | ".join(KINDS) + " |")
    print("|---" * (2 + len(KINDS)) + "|", flush=True)
    for study in studies:
        if study.name not in given.studies:
            continue
        truth = truths(study)
        for answers in given.answers:
            shares, refused = coverage(study, truth, answers, given.samples)
            cells = [in_words(np.concatenate([shares[one] for one in kind])) for kind in KINDS.values()]
            row = [study.name, f"{answers}" + f" ({refused} refused)" * bool(refused), *cells]
            print("| " + " | ".join(row) + " |", flush=True)


def in_words(shares: Floats) -> str:
    """Return mean, least and most as .950 (.930-.970)."""
    mean, least, most = (
        f"{value:.3f}".removeprefix("0") for value in (shares.mean(), shares.min(), shares.max())
    )
    return f"{mean} ({least}-{most})"


if __name__ == "__main__":
    main()
