"""Whether groups differ: index, paths, and whether they are measured alike (MICOM), by permutation.

Groups are counts: a permutation deals the answers to two groups anew, and all deals are solved in one batch.
The index of each group uses the weights of the pooled answers, so that it differs by answers, not by weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.errors import BadValue
from leal.path_model.construct_names import construct_name
from leal.path_model.doubts import scale_doubts
from leal.path_model.drawn_figures import usable_or_refuse
from leal.path_model.estimation import Solution
from leal.path_model.index import index_values, index_weights
from leal.path_model.intervals import percentile_limits
from leal.path_model.resampling import BLOCK, Answers, bootstrap_counts
from leal.path_model.structure import Structure
from leal.results import Note
from leal.statistics import holm
from leal.wording import Count, Listing, Text

if TYPE_CHECKING:
    from leal.path_model.fit_options import FitOptions

Floats = NDArray[np.float64]
Counts = NDArray[np.float32]

FEW = 30

LEAST = 5
"""Answers without which a group cannot be estimated at all."""

LEVEL = 0.05


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupComparison:
    """Groups held against each other.

    Attributes
    ----------
    index : polars.DataFrame
        group, construct, estimate, standard_error, ci_low, ci_high, n: the index by the weights of the pooled
        answers.
    differences : polars.DataFrame
        group, other, construct, estimate (points), standard_error, ci_low, ci_high, p_value, adjusted_p_value
        (Holm).
    paths : polars.DataFrame
        group, other, source, target, estimate, other_estimate, difference, its standard_error, ci_low and
        ci_high (each group resampled by itself, with weights of its own), p_value, adjusted_p_value.
    invariance : polars.DataFrame
        group, other, construct, ``composition`` (correlation of the scores by either group's weights), its
        5 % limit by chance, p_value, ``same_composition`` (Holm over the constructs), p values of equal means
        and variances (MICOM steps 2 and 3).
    notes : tuple of Note
        Groups that are small, or not measured alike.

    References
    ----------
    Henseler, J., Ringle, C., Sarstedt, M. (2016). Testing measurement invariance of composites. IMR 33.
    Chin, W., Dibbern, J. (2010). A permutation based procedure for multi-group PLS analysis.
    """

    index: pl.DataFrame
    differences: pl.DataFrame
    paths: pl.DataFrame
    invariance: pl.DataFrame
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Setting:
    """What every comparison of one call shares."""

    rows: Floats
    weights: Floats | None
    structure: Structure
    options: FitOptions
    permutations: int
    resamples: int
    seed: int
    level: float


def compare_groups(
    rows: Floats,
    labels: NDArray[np.object_],
    weights: Floats | None,
    structure: Structure,
    options: FitOptions,
    *,
    permutations: int,
    resamples: int,
    seed: int | None,
    level: float,
) -> GroupComparison:
    """Compare all pairs of groups; see `PathModel.compare`."""
    names = sorted({label for label in labels.tolist() if label is not None and label == label}, key=str)
    every = {name: np.flatnonzero(labels == name) for name in names}
    members = {name: own for name, own in every.items() if _can_be_compared(rows[own], weights, own)}
    if len(members) < 2:
        raise BadValue(
            Text("There are not two groups to compare."),
            hint=Text(
                "Choose a column with at least two values of {least} complete answers or more, in which no "
                "item was answered alike by all.",
                least=LEAST,
            ),
        )
    names = list(members)
    setting = _Setting(
        rows=rows,
        weights=weights,
        structure=structure,
        options=options,
        permutations=permutations,
        resamples=resamples,
        seed=0 if seed is None else seed,
        level=level,
    )
    index, draws = _indices(setting, members)
    own = {name: _own_paths(setting, rows, place) for place, (name, rows) in enumerate(members.items())}
    differences, paths, invariance = [], [], []
    for one, other in combinations(names, 2):
        found = _pair(setting, members[one], members[other])
        key = {"group": str(one), "other": str(other)}
        differences.append(_differences(setting, found, draws[one], draws[other], key))
        paths.append(_paths(setting, found, (own[one], own[other]), key))
        invariance.append(_invariance(setting, found, key))
    told = pl.concat(invariance)
    return GroupComparison(
        index=index,
        differences=_adjusted(pl.concat(differences)),
        paths=_adjusted(pl.concat(paths)),
        invariance=told,
        notes=(
            *scale_doubts(
                structure.model.items, rows.min(axis=0), rows.max(axis=0), options.scale, len(rows)
            ),
            *_left_out([str(name) for name in every if name not in members]),
            *_notes(members, told),
        ),
    )


def _can_be_compared(rows: Floats, weights: Floats | None, own: NDArray[np.intp]) -> bool:
    """Tell whether a group has enough answers, weights above zero, and items that differ in it."""
    kept = rows if weights is None else rows[weights[own] > 0]
    return len(kept) >= LEAST and bool((kept.std(axis=0) > 0).all())


def _left_out(names: list[str]) -> tuple[Note, ...]:
    if not names:
        return ()
    text = Text(
        "Left out, for fewer than {least} complete answers or an item that all of the group answered alike: "
        "{groups}.",
        least=LEAST,
        groups=Listing.of(names),
    )
    return (Note(code="groups_left_out", text=text),)


def _pooled_index(setting: _Setting, solution: Solution, means: Floats) -> Floats:
    definition = setting.options.index if setting.options.index != "A" else "B"
    shape = index_weights(definition, solution.weights, solution.deviations, setting.structure)
    return index_values(shape, means, setting.options.scale, setting.structure)


def _indices(
    setting: _Setting, members: dict[object, NDArray[np.intp]]
) -> tuple[pl.DataFrame, dict[object, Floats]]:
    """Return each group's index with its interval, and the draws behind it.

    Answers are drawn within each group; the pooled weights are estimated anew from all draws together.
    """
    order = np.concatenate(list(members.values()))
    sizes = [len(rows) for rows in members.values()]
    bounds = np.concatenate([[0], np.cumsum(sizes)])
    pooled = Answers.of(setting.rows[order], None if setting.weights is None else setting.weights[order])
    whole = np.ones((1, len(order)), dtype=np.float32)
    estimates = _index_of_counts(setting, pooled, whole, bounds)[:, :, 0]
    streams = [
        bootstrap_counts(size, setting.resamples, setting.seed + 7919 * place)
        for place, size in enumerate(sizes)
    ]
    parts = [
        _index_of_counts(setting, pooled, np.concatenate(blocks, axis=1), bounds)
        for blocks in _in_step(streams)
    ]
    draws = np.concatenate(parts, axis=2)
    tables, kept = [], {}
    for place, name in enumerate(members):
        here = draws[place]
        usable = here[:, np.isfinite(here).all(axis=0)]
        usable_or_refuse(usable.shape[1], here.shape[1])
        low, high = percentile_limits(usable, setting.level, sizes[place])
        kept[name] = here
        tables.append(
            pl.DataFrame(
                {
                    "group": [str(name)] * setting.structure.constructs,
                    "construct": setting.structure.model.names,
                    "estimate": estimates[place],
                    "standard_error": usable.std(axis=1, ddof=1),
                    "ci_low": low,
                    "ci_high": high,
                    "n": [sizes[place]] * setting.structure.constructs,
                }
            )
        )
    return pl.concat(tables), kept


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Own:
    """Path coefficients of one group in its own resamples (paths, R), and its effective number of answers."""

    draws: Floats
    n: float


def _own_paths(setting: _Setting, members: NDArray[np.intp], place: int) -> _Own:
    """Return the paths of one group, drawn and estimated by itself."""
    weights = None if setting.weights is None else setting.weights[members]
    answers = Answers.of(setting.rows[members], weights)
    rows, columns = _path_places(setting.structure)
    parts = []
    for counts in bootstrap_counts(answers.n, setting.resamples, setting.seed + 7919 * place):
        solution = answers.solve(counts, setting.structure, setting.options.rules)
        usable = solution.usable & (solution.iterations > 0)
        parts.append(np.where(usable, solution.paths[rows, columns], np.nan))
    n = float(answers.n) if weights is None else float(weights.sum() ** 2 / (weights**2).sum())
    return _Own(draws=np.concatenate(parts, axis=1), n=n)


def _path_places(structure: Structure) -> tuple[list[int], list[int]]:
    names = list(structure.model.names)
    return [names.index(s) for s, _ in structure.model.paths], [
        names.index(t) for _, t in structure.model.paths
    ]


def _in_step(streams: list) -> list[list[Counts]]:  # type: ignore[type-arg]
    """Return blocks of equal height from streams whose block sizes may differ."""
    joined = [np.concatenate(list(stream)) for stream in streams]
    total = len(joined[0])
    return [[counts[start : start + BLOCK] for counts in joined] for start in range(0, total, BLOCK)]


def _index_of_counts(setting: _Setting, pooled: Answers, counts: Counts, bounds: NDArray[np.int64]) -> Floats:
    """Return the index (groups, constructs, R) of counts over all groups, by their pooled weights."""
    solution = pooled.solve(counts, setting.structure, setting.options.rules)
    out = []
    for first, last in pairwise(bounds.tolist()):
        drawn = counts[:, first:last]
        part = drawn if pooled.weights is None else drawn * pooled.weights[first:last]
        means = pooled.columns[: pooled.items, first:last].astype(np.float64) @ part.T / part.sum(axis=1)
        out.append(_pooled_index(setting, solution, means))
    return np.stack(out)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Pair:
    """Two groups solved as they are (first column) and as dealt by chance (the others)."""

    one: Solution
    other: Solution
    index: Floats
    composition: Floats
    mean: Floats
    variance: Floats


def _pair(setting: _Setting, one: NDArray[np.intp], other: NDArray[np.intp]) -> _Pair:
    order = np.concatenate([one, other])
    rows = setting.rows[order]
    weights = None if setting.weights is None else setting.weights[order]
    answers = Answers.of(rows, weights)
    pooled = answers.solve(
        np.ones((1, len(rows)), dtype=np.float32), setting.structure, setting.options.rules
    )
    correlations = answers.correlations(np.ones((1, len(rows)), dtype=np.float32))[:, :, 0]
    shape = index_weights("B", pooled.weights, pooled.deviations, setting.structure)[:, 0]
    scores = np.add.reduceat(rows * shape, setting.structure.starts[:-1], axis=1)
    deals = _deals(len(one), len(other), setting)
    first = answers.solve(deals, setting.structure, setting.options.rules)
    second = answers.solve(1 - deals, setting.structure, setting.options.rules)
    low, high = setting.options.scale
    means_one, variances_one = _moments(scores, deals, weights)
    means_two, variances_two = _moments(scores, 1 - deals, weights)
    with np.errstate(divide="ignore", invalid="ignore"):  # a deal without variation is left out
        variance = np.log(variances_one) - np.log(variances_two)
    return _Pair(
        one=first,
        other=second,
        index=(means_one - means_two) / (high - low) * 100,
        composition=_composition(first, second, correlations, setting.structure),
        mean=means_one - means_two,
        variance=variance,
    )


def _deals(one: int, other: int, setting: _Setting) -> Counts:
    """Return who is in the first group: as it is, then dealt by chance (1 + permutations, n)."""
    generator = np.random.default_rng(setting.seed)
    actual = np.concatenate([np.ones(one), np.zeros(other)])
    dealt = generator.permuted(np.tile(actual, (setting.permutations, 1)), axis=1)
    return np.concatenate([actual[None], dealt]).astype(np.float32)


def _moments(scores: Floats, deals: Counts, weights: Floats | None) -> tuple[Floats, Floats]:
    """Return weighted means and variances of scores (constructs, R)."""
    shares = deals.astype(np.float64) if weights is None else deals * weights
    shares = shares / shares.sum(axis=1, keepdims=True)
    means = scores.T @ shares.T
    return means, (scores.T**2) @ shares.T - means**2


def _composition(one: Solution, other: Solution, correlations: Floats, structure: Structure) -> Floats:
    """Return the correlation of scores by either group's weights on the pooled answers (constructs, R)."""
    out = np.ones((structure.constructs, one.weights.shape[1]))
    for j in range(structure.constructs):
        block = slice(structure.starts[j], structure.starts[j + 1])
        within = correlations[block, block]
        a, b = one.weights[block], other.weights[block]
        crossed = np.einsum("ir,ik,kr->r", a, within, b)
        spread = np.einsum("ir,ik,kr->r", a, within, a) * np.einsum("ir,ik,kr->r", b, within, b)
        out[j] = crossed / np.sqrt(spread)
    return out


def _p_values(values: Floats) -> Floats:
    """Return two-sided permutation p values; the first column is what was observed, and counts as a deal."""
    usable = np.isfinite(values).all(axis=0)
    kept = np.abs(values[:, usable])
    return np.asarray((kept >= kept[:, :1] - 1e-12).mean(axis=1))


def _usable(draws: Floats) -> Floats:
    """Return the draws in which both groups gave something; refuse where hardly any did."""
    usable = draws[:, np.isfinite(draws).all(axis=0)]
    usable_or_refuse(usable.shape[1], draws.shape[1])
    return usable


def _differences(
    setting: _Setting, pair: _Pair, draws: Floats, other_draws: Floats, key: dict[str, str]
) -> pl.DataFrame:
    drawn = _usable(draws - other_draws)
    low, high = percentile_limits(drawn, setting.level)
    names = setting.structure.model.names
    return pl.DataFrame(
        {**{k: [v] * len(names) for k, v in key.items()}, "construct": names}
        | {"estimate": pair.index[:, 0], "standard_error": drawn.std(axis=1, ddof=1)}
        | {"ci_low": low, "ci_high": high, "p_value": _p_values(pair.index)}
    )


def _paths(setting: _Setting, pair: _Pair, own: tuple[_Own, _Own], key: dict[str, str]) -> pl.DataFrame:
    paths = setting.structure.model.paths
    rows, columns = _path_places(setting.structure)
    drawn = _usable(own[0].draws - own[1].draws)
    low, high = percentile_limits(drawn, setting.level, min(own[0].n, own[1].n))
    one, other = pair.one.paths[rows, columns], pair.other.paths[rows, columns]
    return pl.DataFrame(
        {**{k: [v] * len(paths) for k, v in key.items()}}
        | {"source": [s for s, _ in paths], "target": [t for _, t in paths]}
        | {"estimate": one[:, 0], "other_estimate": other[:, 0], "difference": one[:, 0] - other[:, 0]}
        | {"standard_error": drawn.std(axis=1, ddof=1), "ci_low": low, "ci_high": high}
        | {"p_value": _p_values(one - other)}
    )


def _invariance(setting: _Setting, pair: _Pair, key: dict[str, str]) -> pl.DataFrame:
    names = setting.structure.model.names
    usable = np.isfinite(pair.composition).all(axis=0)
    kept = pair.composition[:, usable]
    limit = np.quantile(kept, 0.05, axis=1)
    observed = pair.composition[:, 0]
    chance = (kept <= kept[:, :1] + 1e-12).mean(axis=1)
    return pl.DataFrame(
        {**{k: [v] * len(names) for k, v in key.items()}, "construct": names}
        | {
            "composition": observed,
            "limit": limit,
            "p_value": chance,
            "same_composition": holm(chance) > LEVEL,
        }
        | {"p_value_means": _p_values(pair.mean), "p_value_variances": _p_values(pair.variance)}
    )


def _adjusted(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.Series("adjusted_p_value", holm(table["p_value"].to_numpy())))


def _notes(members: dict[object, NDArray[np.intp]], invariance: pl.DataFrame) -> tuple[Note, ...]:
    notes = []
    small = [f"{name} (n = {len(rows)})" for name, rows in members.items() if len(rows) < FEW]
    if small:
        text = Text(
            "Groups with fewer than {few} answers: {groups}. Read them as a direction only.",
            few=Count(FEW),
            groups=Listing.of(small),
        )
        notes.append(Note(code="small_groups", text=text))
    unlike = invariance.filter(~pl.col("same_composition"))["construct"].unique().sort().to_list()
    if unlike:
        text = Text(
            "Not measured alike in all groups (MICOM): {constructs}. "
            "Their differences may be differences of meaning.",
            constructs=Listing.of(construct_name(name) for name in unlike),
        )
        notes.append(Note(code="not_invariant", text=text))
    return tuple(notes)
