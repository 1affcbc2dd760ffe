"""Two groups as they are and as dealt by chance: what a permutation test compares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leal.path_model.drawn_figures import usable_or_refuse
from leal.path_model.estimation import Solution
from leal.path_model.group_draws import OwnFigures, own_figures
from leal.path_model.group_setting import GroupSetting
from leal.path_model.resampling import Answers, Sums
from leal.path_model.structure import Structure
from leal.results import checked_seed

Floats = NDArray[np.float64]
Counts = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DealtPair:
    """Figures of two groups; the first column is as they are, the others are as dealt by chance.

    Attributes
    ----------
    one, other : str
        The groups.
    index : (constructs, 1 + deals)
        Difference of the index, by the pooled weights of all groups.
    own : OwnFigures
        Difference of paths and of total effects, each group by its own weights.
    composition : (constructs, 1 + deals)
        Correlation of the scores by either group's weights.
    mean, variance : (constructs, 1 + deals)
        Difference of the scores' means, and of the logarithms of their variances.
    """

    one: str
    other: str
    index: Floats
    own: OwnFigures
    composition: Floats
    mean: Floats
    variance: Floats


def deal_pair(setting: GroupSetting, one: str, other: str) -> DealtPair:
    """Deal the answers of two groups to them anew, by chance."""
    first, second = setting.groups[one], setting.groups[other]
    answers = setting.pooled.chosen(np.concatenate([first.places, second.places]))
    whole = np.ones((1, answers.n), dtype=np.float32)
    pooled = answers.solve(whole, setting.structure, setting.options.rules)
    deals = _deals(first.n, second.n, setting)
    sides = (answers.sums(deals), answers.sums(1 - deals))
    mine, theirs = (side.solve(setting.structure, setting.options.rules) for side in sides)
    shape = setting.score_shape(pooled)
    (mean, variance), (other_mean, other_variance) = (_scores(side, shape, setting) for side in sides)
    with np.errstate(divide="ignore", invalid="ignore"):  # a deal without variation is left out
        ratio = np.log(variance) - np.log(other_variance)
    return DealtPair(
        one=one,
        other=other,
        index=_index_difference(setting, sides),
        own=own_figures(mine, setting) - own_figures(theirs, setting),
        composition=_composition(mine, theirs, _correlations(answers, whole), setting.structure),
        mean=mean - other_mean,
        variance=ratio,
    )


def _deals(one: int, other: int, setting: GroupSetting) -> Counts:
    """Return who is in the first group: as it is, then dealt by chance (1 + permutations, n)."""
    generator = np.random.default_rng(checked_seed(setting.seed))
    actual = np.concatenate([np.ones(one), np.zeros(other)])
    dealt = generator.permuted(np.tile(actual, (setting.permutations, 1)), axis=1)
    return np.concatenate([actual[None], dealt]).astype(np.float32)


def _correlations(answers: Answers, whole: Counts) -> Floats:
    return np.asarray(answers.correlations(whole)[:, :, 0])


def _index_difference(setting: GroupSetting, sides: tuple[Sums, Sums]) -> Floats:
    every = np.ones((1, setting.pooled.n), dtype=np.float32)
    shape = setting.index_shape(setting.pooled.sums(every))
    low, high = setting.options.scale
    one, other = (side.items / side.totals for side in sides)
    apart = np.add.reduceat(shape * (one - other), setting.structure.starts[:-1], axis=0)
    return np.asarray(apart / (high - low) * 100)


def _scores(side: Sums, shape: Floats, setting: GroupSetting) -> tuple[Floats, Floats]:
    """Return means and variances of the scores (constructs, R) by weights of the items (items, 1)."""
    structure = setting.structure
    means = np.add.reduceat(shape * (side.items / side.totals), structure.starts[:-1], axis=0)
    rows, columns = np.triu_indices(structure.block.size)
    own = structure.block[rows] == structure.block[columns]
    times = np.where(rows == columns, 1.0, 2.0) * shape[rows, 0] * shape[columns, 0]
    parts = np.where(own & (structure.block[rows] == np.arange(structure.constructs)[:, None]), times, 0.0)
    return means, parts @ (side.products / side.totals) - means**2


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


def usable_deals(values: Floats, missing: str) -> Floats:
    """Return the deals that gave something, what was observed first; refuse where hardly any did."""
    usable = np.asarray(np.isfinite(values).all(axis=0))
    usable_or_refuse(int(usable.sum()) if usable[0] else 0, usable.size, missing)
    return values[:, usable]


def p_values_of(values: Floats, missing: str) -> Floats:
    """Return two-sided permutation p values; the first column is what was observed, and counts as a deal."""
    kept = np.abs(usable_deals(values, missing))
    return np.asarray((kept >= kept[:, :1] - 1e-12).mean(axis=1))
