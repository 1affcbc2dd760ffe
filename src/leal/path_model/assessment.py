"""Whether a fit can be trusted: reliability, validity, collinearity, explained variance, and verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.path_model import criteria
from leal.path_model.consistency import rho_a
from leal.path_model.construct_names import construct_name
from leal.path_model.estimation import Solution
from leal.path_model.intervals import percentile_limits
from leal.path_model.resampling import Answers, bootstrap_counts
from leal.path_model.structure import Structure
from leal.results import Note
from leal.wording import Decimal, Text

if TYPE_CHECKING:
    from leal.path_model.model_fit import PathFit

Floats = NDArray[np.float64]

RELIABLE = 0.7
CONVERGENT = 0.5
ALIKE = 0.9
"""Heterotrait-monotrait ratio from which two constructs cannot be told apart (Henseler et al. 2015)."""
COLLINEAR = 3.3
WELL_FITTING = 0.08


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
    fornell_larcker : polars.DataFrame
        Correlations of the constructs, with the square root of AVE on the diagonal.
    cross_loadings : polars.DataFrame
        item, construct, then one column a construct.
    inflation : polars.DataFrame
        source, target, variance inflation factor of each path's source, with its interval.
    item_inflation : polars.DataFrame
        construct, item, variance inflation factor within the block.
    effect_sizes : polars.DataFrame
        source, target, f2 with the scores held fixed (cSEM's convention), with its interval.
    r_squared : polars.DataFrame
        construct, explained variance with its interval, and adjusted.
    residual : polars.DataFrame
        reading (blocks as common factors, as composites), model (saturated, estimated), estimate: SRMR.
    verdicts : tuple of Note
        What all this says, in words, the gravest first.
    """

    reliability: pl.DataFrame
    heterotrait_monotrait: pl.DataFrame
    fornell_larcker: pl.DataFrame
    cross_loadings: pl.DataFrame
    inflation: pl.DataFrame
    item_inflation: pl.DataFrame
    effect_sizes: pl.DataFrame
    r_squared: pl.DataFrame
    residual: pl.DataFrame
    verdicts: tuple[Note, ...]


def assess_fit(fit: PathFit, resamples: int, seed: int | None, level: float) -> Assessment:
    """Assess a fit; see `PathFit.assess`."""
    structure = fit.structure
    deviations = np.sqrt(np.diag(fit.covariance.matrix))
    matrix = (fit.covariance.matrix / np.outer(deviations, deviations))[:, :, None]
    here = _figures(matrix, fit.solution, structure)
    limits = _limits(fit, resamples, seed, level)
    tables = {name: _columns(here[name], limits.get(name)) for name in here}
    pairs = _pairs(structure)
    names = fit.model.names
    reliability = _reliability(names, tables)
    htmt = pl.DataFrame(
        {"construct": [names[i] for i, _ in pairs], "other": [names[k] for _, k in pairs]} | tables["htmt"]
    ).with_columns(
        pl.Series("signed", _at(criteria.heterotrait_monotrait(matrix, structure, absolute=False), pairs)),
        pl.Series("geometric", _at(criteria.geometric_heterotrait_monotrait(matrix, structure), pairs)),
    )
    paths = {"source": [s for s, _ in fit.model.paths], "target": [t for _, t in fit.model.paths]}
    inflation = pl.DataFrame(paths | tables["vif"])
    return Assessment(
        reliability=reliability,
        heterotrait_monotrait=htmt.fill_nan(None),
        fornell_larcker=_fornell_larcker(fit, here["AVE"][:, 0]),
        cross_loadings=_cross_loadings(fit),
        inflation=inflation,
        item_inflation=_item_inflation(fit, matrix),
        effect_sizes=pl.DataFrame(paths | tables["f2"]),
        r_squared=pl.DataFrame({"construct": fit.model.endogenous} | tables["r2"]).with_columns(
            fit.r_squared["adjusted"]
        ),
        residual=_residual(matrix, fit.solution, structure),
        verdicts=_verdicts(fit, reliability, htmt, inflation),
    )


def _figures(matrix: Floats, solution: Solution, structure: Structure) -> dict[str, Floats]:
    """Return every criterion that comes from moments, a row a figure, a column a resample."""
    loadings = solution.loadings(structure)
    inflation = criteria.variance_inflation(solution, structure)
    effects = criteria.effect_sizes(solution, inflation)
    pairs = _pairs(structure)
    htmt = criteria.heterotrait_monotrait(matrix, structure)
    places = [
        (s, t) for t in range(structure.constructs) for s in structure.predictors[t, : structure.counts[t]]
    ]
    endogenous = np.flatnonzero(structure.counts)
    return {
        "alpha": criteria.cronbach_alpha(matrix, structure),
        "rho_A": rho_a(solution.weights, matrix, structure),
        "rho_C": criteria.composite_reliability(loadings, structure),
        "AVE": criteria.average_variance_extracted(loadings, structure),
        "htmt": np.stack([htmt[i, k] for i, k in pairs]),
        "vif": _in_path_order(inflation, places, structure),
        "f2": _in_path_order(effects, places, structure),
        "r2": solution.r_squared[endogenous],
    }


def _in_path_order(values: Floats, places: list[tuple[int, int]], structure: Structure) -> Floats:
    names = list(structure.model.names)
    order = [(names.index(s), names.index(t)) for s, t in structure.model.paths]
    assert set(order) == set(places)
    return np.stack([values[s, t] for s, t in order])


def _limits(
    fit: PathFit, resamples: int, seed: int | None, level: float
) -> dict[str, tuple[Floats, Floats, Floats]]:
    if fit.rows is None or resamples == 0:
        return {}
    answers = Answers.of(fit.rows, fit.row_weights)
    parts: list[dict[str, Floats]] = []
    for counts in bootstrap_counts(answers.n, resamples, seed):
        solution = answers.solve(counts, fit.structure, fit.options.rules)
        usable = solution.usable & (solution.iterations > 0)
        figures = _figures(answers.correlations(counts), solution, fit.structure)
        parts.append({name: values[:, usable] for name, values in figures.items()})
    joined = {name: np.concatenate([part[name] for part in parts], axis=1) for name in parts[0]}
    return {
        name: (*percentile_limits(values, level, fit.covariance.effective_n), values.std(axis=1, ddof=1))
        for name, values in joined.items()
    }


def _columns(values: Floats, limits: tuple[Floats, Floats, Floats] | None) -> dict[str, object]:
    empty = pl.Series([None] * len(values), dtype=pl.Float64)
    low, high, error = limits if limits is not None else (empty, empty, empty)
    return {"estimate": values[:, 0], "standard_error": error, "ci_low": low, "ci_high": high}


def _pairs(structure: Structure) -> list[tuple[int, int]]:
    return [(i, k) for k in range(structure.constructs) for i in range(k)]


def _at(values: Floats, pairs: list[tuple[int, int]]) -> list[float]:
    return [float(values[i, k, 0]) for i, k in pairs]


def _reliability(names: tuple[str, ...], tables: dict[str, dict[str, object]]) -> pl.DataFrame:
    parts = [
        pl.DataFrame({"construct": names, "criterion": [key] * len(names)} | tables[key])
        for key in ("alpha", "rho_A", "rho_C", "AVE")
    ]
    return pl.concat(parts, how="vertical_relaxed")


def _fornell_larcker(fit: PathFit, variance_extracted: Floats) -> pl.DataFrame:
    matrix = fit.solution.correlations[:, :, 0].copy()
    np.fill_diagonal(matrix, np.sqrt(variance_extracted))
    columns = {name: matrix[:, j] for j, name in enumerate(fit.model.names)}
    return pl.DataFrame({"construct": fit.model.names, **columns})


def _cross_loadings(fit: PathFit) -> pl.DataFrame:
    values = fit.solution.cross_loadings[:, :, 0]
    owners = [fit.model.names[j] for j in fit.structure.block]
    columns = {name: values[:, j] for j, name in enumerate(fit.model.names)}
    return pl.DataFrame({"construct": owners, "item": fit.model.items, **columns})


def _item_inflation(fit: PathFit, matrix: Floats) -> pl.DataFrame:
    owners = [fit.model.names[j] for j in fit.structure.block]
    values = criteria.item_inflation(matrix, fit.structure)[:, 0]
    return pl.DataFrame({"construct": owners, "item": fit.model.items, "estimate": values})


def _residual(matrix: Floats, solution: Solution, structure: Structure) -> pl.DataFrame:
    rows = []
    for reading in ("common factors", "composites"):
        for model in ("saturated", "estimated"):
            value = criteria.root_mean_square_residual(
                matrix,
                solution,
                structure,
                common_factors=reading == "common factors",
                estimated=model == "estimated",
            )
            rows.append((reading, model, float(value[0])))
    return pl.DataFrame(rows, schema=["reading", "model", "estimate"], orient="row")


def _verdicts(
    fit: PathFit, reliability: pl.DataFrame, htmt: pl.DataFrame, inflation: pl.DataFrame
) -> tuple[Note, ...]:
    found = [*_alike(htmt), *_unreliable(fit, reliability), *_collinear(inflation)]
    if found:
        return tuple(found)
    text = Text("Measurement holds: the constructs are reliable and can be told apart.")
    return (Note(code="sound_measurement", text=text),)


def _alike(htmt: pl.DataFrame) -> list[Note]:
    rows = htmt.filter(pl.col("estimate") > ALIKE).sort("estimate", descending=True).iter_rows(named=True)
    return [
        Note(
            code="not_told_apart",
            text=Text(
                "{one} and {other} cannot be told apart (HTMT {value}): read them together, or drop "
                "items that fit both.",
                one=construct_name(row["construct"]),
                other=construct_name(row["other"]),
                value=Decimal(row["estimate"]),
            ),
        )
        for row in rows
    ]


def _unreliable(fit: PathFit, reliability: pl.DataFrame) -> list[Note]:
    found = []
    sizes = dict(zip(fit.model.names, np.diff(fit.structure.starts), strict=True))
    modes = {construct.name: construct.mode for construct in fit.model.constructs}
    for row in reliability.iter_rows(named=True):
        reflective = sizes[row["construct"]] > 1 and modes[row["construct"]] == "A"
        values = {"name": construct_name(row["construct"]), "value": Decimal(row["estimate"])}
        if row["criterion"] == "rho_C" and row["estimate"] < RELIABLE and reflective:
            text = Text(
                "{name} is measured unreliably (rho_C {value}, .7 is wanted): add or drop items.",
                **values,
            )
            found.append(Note(code="unreliable_construct", text=text))
        if row["criterion"] == "AVE" and row["estimate"] < CONVERGENT and reflective:
            text = Text("The items of {name} share little with it (AVE {value}, .5 is wanted).", **values)
            found.append(Note(code="little_in_common", text=text))
    return found


def _collinear(inflation: pl.DataFrame) -> list[Note]:
    rows = inflation.filter(pl.col("estimate") > COLLINEAR).iter_rows(named=True)
    return [
        Note(
            code="collinear_sources",
            text=Text(
                "The effect of {source} on {target} cannot be separated well from the others (VIF {value}).",
                source=construct_name(row["source"]),
                target=construct_name(row["target"]),
                value=Decimal(row["estimate"], 1),
            ),
        )
        for row in rows
    ]
