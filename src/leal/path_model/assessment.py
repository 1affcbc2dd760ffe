"""Whether a fit can be trusted: reliability, validity, collinearity, explained variance, and verdicts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.errors import BadOption
from leal.path_model import criteria
from leal.path_model.drawn_criteria import (
    BIASES,
    READINGS,
    Criteria,
    criteria_of,
    draw_criteria,
    pairs_of,
    signed_of,
)
from leal.path_model.drawn_figures import (
    answers_of,
    bootstrap_sums,
    fit_usable_or_refuse,
    jackknife_sums,
    part_of,
)
from leal.path_model.estimation import on_correlations
from leal.path_model.intervals import METHODS, Drawn, with_limits
from leal.path_model.resampling import Answers
from leal.path_model.verdicts import criteria_in_words, verdicts_of
from leal.results import Note
from leal.wording import Count, Text

if TYPE_CHECKING:
    from leal.path_model.model_fit import PathFit

Floats = NDArray[np.float64]

RELIABILITIES = ("alpha", "rho_A", "rho_C", "AVE")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assessment:
    """The criteria of a fit, each with its interval, and verdicts in words.

    Attributes
    ----------
    reliability : polars.DataFrame
        construct, criterion (alpha, rho_A, rho_C, AVE), estimate, standard_error, ci_low, ci_high, as all
        tables with intervals.
    heterotrait_monotrait : polars.DataFrame
        construct, other, HTMT with absolute values (seminr, SmartPLS) and its interval, ``signed`` (cSEM) and
        ``geometric`` (HTMT2).
    fornell_larcker, fornell_larcker_intervals : polars.DataFrame
        Correlations of the constructs, with the square root of AVE on the diagonal; and one row a pair
        (construct, other; the same twice for the root of AVE) with its interval.
    cross_loadings, cross_loading_intervals : polars.DataFrame
        item, construct, then one column a construct; and one row an item and construct (``other``) with its
        interval.
    inflation : polars.DataFrame
        source, target, variance inflation factor of each path's source, with its interval; the upper limit is
        empty where it has no end.
    item_inflation : polars.DataFrame
        construct, item, variance inflation factor within the block, with its interval; empty where items of
        the block hold the same answers.
    effect_sizes : polars.DataFrame
        source, target, f2 with the scores held fixed (cSEM's convention), with its interval.
    r_squared : polars.DataFrame
        construct, explained variance with its interval, and adjusted.
    residual : polars.DataFrame
        reading (blocks as common factors, as composites), model (saturated, estimated), estimate: SRMR, with
        its interval.
    verdicts : tuple of Note
        What is wrong, in words, the gravest first; or that nothing is.
    by_criterion : tuple of Note
        One sentence for each criterion, good or bad; the code is its name: alpha, rho_A, rho_C, AVE, HTMT,
        fornell_larcker, cross_loadings, VIF, item_VIF, f2, R2, SRMR.
    notes : tuple of Note
        Resamples that gave nothing.
    """

    reliability: pl.DataFrame
    heterotrait_monotrait: pl.DataFrame
    fornell_larcker: pl.DataFrame
    fornell_larcker_intervals: pl.DataFrame
    cross_loadings: pl.DataFrame
    cross_loading_intervals: pl.DataFrame
    inflation: pl.DataFrame
    item_inflation: pl.DataFrame
    effect_sizes: pl.DataFrame
    r_squared: pl.DataFrame
    residual: pl.DataFrame
    verdicts: tuple[Note, ...]
    by_criterion: tuple[Note, ...] = ()
    notes: tuple[Note, ...] = ()

    def __str__(self) -> str:
        return "\n".join(str(note) for note in (*self.verdicts, *self.by_criterion, *self.notes))

    def __repr__(self) -> str:
        return f"<Assessment: {' '.join(str(note) for note in self.verdicts)}>"


def assess_fit(fit: PathFit, resamples: int, seed: int | None, level: float, method: str) -> Assessment:
    """Assess a fit; see `PathFit.assess`."""
    if method not in (*METHODS, "jackknife"):
        raise BadOption("method", method, [*METHODS, "jackknife"])
    deviations = np.sqrt(np.diag(fit.covariance.matrix))
    matrix = (fit.covariance.matrix / np.outer(deviations, deviations))[:, :, None]
    here = criteria_of(matrix, on_correlations(fit.solution, fit.options.rules), fit.structure)
    drawn, unusable = _drawn(fit, here, resamples, seed, level, method)

    def table(name: str, **columns: object) -> pl.DataFrame:
        return _table(columns, here[name][:, 0], drawn.get(name), fit.n)

    names, structure = fit.model.names, fit.structure
    pairs = pairs_of(structure)
    paths = {"source": [s for s, _ in fit.model.paths], "target": [t for _, t in fit.model.paths]}
    items = {"construct": [names[j] for j in structure.block], "item": fit.model.items}
    ends = {"construct": [names[i] for i, _ in pairs], "other": [names[k] for _, k in pairs]}
    reliability = pl.concat(
        [table(key, construct=names, criterion=[key] * len(names)) for key in RELIABILITIES],
        how="vertical_relaxed",
    )
    htmt = table("heterotrait_monotrait", **ends).with_columns(
        _at("signed", criteria.heterotrait_monotrait(matrix, structure, absolute=False), pairs),
        _at("geometric", criteria.geometric_heterotrait_monotrait(matrix, structure), pairs),
    )
    on_diagonal = table("root_of_variance_extracted", construct=names, other=names)
    crossed = {name: [value for value in values for _ in names] for name, values in items.items()}
    inflation = table("inflation", **paths)
    sure = Assessment(
        reliability=reliability,
        heterotrait_monotrait=htmt,
        fornell_larcker=_fornell_larcker(fit, here["AVE"][:, 0]),
        fornell_larcker_intervals=pl.concat(
            [on_diagonal, table("correlations", **ends)], how="vertical_relaxed"
        ),
        cross_loadings=_cross_loadings(fit, here["cross_loadings"]),
        cross_loading_intervals=table("cross_loadings", **crossed, other=list(names) * len(fit.model.items)),
        inflation=inflation,
        item_inflation=table("item_inflation", **items),
        effect_sizes=table("effect_sizes", **paths),
        r_squared=table("r_squared", construct=fit.model.endogenous).with_columns(fit.r_squared["adjusted"]),
        residual=table(
            "residual", reading=[reading for reading, _ in READINGS], model=[model for _, model in READINGS]
        ),
        verdicts=verdicts_of(fit, reliability, htmt, inflation),
        notes=_notes(unusable, resamples),
    )
    return replace(sure, by_criterion=criteria_in_words(fit, sure))


def _drawn(
    fit: PathFit, here: Criteria, resamples: int, seed: int | None, level: float, method: str
) -> tuple[dict[str, Drawn], int]:
    """Return what intervals come from (nothing without answers to draw), and how much was not usable."""
    if fit.rows is None or resamples == 0:
        return {}, 0
    answers = answers_of(fit) if method == "jackknife" else part_of(fit, seed)
    left_out = None
    if method in ("jackknife", "bca"):
        left_out, unusable = draw_criteria(fit, jackknife_sums(answers, seed))
        fit_usable_or_refuse(fit, left_out["alpha"].shape[1], left_out["alpha"].shape[1] + unusable)
    if method != "jackknife":
        draws, unusable = draw_criteria(fit, bootstrap_sums(answers, resamples, seed))
        fit_usable_or_refuse(fit, resamples - unusable, resamples)
        if answers.n < len(fit.rows):
            draws = _scaled(fit, answers, draws, here)
    else:
        assert left_out is not None
        draws = left_out
    drawn = {
        name: Drawn(
            draws=draws[name],
            estimates=values[:, 0],
            method=method,
            level=level,
            n=fit.covariance.effective_n,
            left_out=None if left_out is None else left_out[name],
            bias=BIASES.get(name, "none"),
            signed=signed_of(name, draws, here) if method == "shifted_percentile" else None,
        )
        for name, values in here.items()
    }
    return drawn, unusable


def _scaled(fit: PathFit, part: Answers, draws: Criteria, here: Criteria) -> Criteria:
    """Return draws of a part brought to the spread of all answers, about their estimates (m-out-of-n)."""
    assert fit.rows is not None
    own, _ = draw_criteria(fit, [part.sums(np.ones((1, part.n), dtype=np.float32))])
    shrink = np.sqrt(part.n / len(fit.rows))
    return {name: here[name] + (values - own[name]) * shrink for name, values in draws.items()}


def _table(columns: dict[str, object], estimates: Floats, drawn: Drawn | None, n: int) -> pl.DataFrame:
    """Return estimates with their intervals; empty limits where nothing was drawn, empty figures for none."""
    plain = pl.DataFrame(columns | {"estimate": estimates})
    if drawn is None:
        empty = [
            pl.lit(None, dtype=pl.Float64).alias(name) for name in ("standard_error", "ci_low", "ci_high")
        ]
        return plain.with_columns(*empty, pl.lit(n).alias("n")).with_columns(_FINITE)
    return with_limits(plain, drawn, n).with_columns(_FINITE)


_FIGURES = pl.col("^(estimate|standard_error|ci_low|ci_high)$")
_FINITE = pl.when(_FIGURES.is_finite()).then(_FIGURES)


def _at(name: str, values: Floats, pairs: list[tuple[int, int]]) -> pl.Series:
    return pl.Series(name, [float(values[i, k, 0]) for i, k in pairs]).fill_nan(None)


def _fornell_larcker(fit: PathFit, variance_extracted: Floats) -> pl.DataFrame:
    matrix = fit.solution.correlations[:, :, 0].copy()
    np.fill_diagonal(matrix, np.sqrt(variance_extracted))
    columns = {name: matrix[:, j] for j, name in enumerate(fit.model.names)}
    return pl.DataFrame({"construct": fit.model.names, **columns})


def _cross_loadings(fit: PathFit, flat: Floats) -> pl.DataFrame:
    values = flat.reshape(len(fit.model.items), -1)
    owners = [fit.model.names[j] for j in fit.structure.block]
    columns = {name: values[:, j] for j, name in enumerate(fit.model.names)}
    return pl.DataFrame({"construct": owners, "item": fit.model.items, **columns})


def _notes(unusable: int, resamples: int) -> tuple[Note, ...]:
    if not unusable:
        return ()
    text = Text(
        "{count} of {resamples} resamples gave nothing (an item without variation, or no convergence) "
        "and were left out.",
        count=Count(unusable),
        resamples=Count(resamples),
    )
    return (Note(code="unusable_resamples", text=text),)
