"""Resamples of each group: its index by pooled weights, and its paths by its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.path_model.drawn_figures import enough_usable, usable_or_refuse
from leal.path_model.estimation import Solution, total_effects
from leal.path_model.group_setting import GroupSetting
from leal.path_model.index import in_points, index_values, spread_in_scale
from leal.path_model.intervals import percentile_limits
from leal.path_model.resampling import BLOCK, bootstrap_counts
from leal.path_model.structure import Structure

Floats = NDArray[np.float64]
Counts = NDArray[np.float32]

_APART = 7919
"""Step between the seeds of groups."""


def draw_indices(setting: GroupSetting) -> tuple[pl.DataFrame, Mapping[str, Floats]]:
    """Return each group's index with its interval, and the draws behind it (constructs, R).

    Answers are drawn within each group; the pooled weights are estimated anew from all draws together.
    """
    whole = {name: np.ones((1, group.n), dtype=np.float32) for name, group in setting.groups.items()}
    estimates = _indices(setting, whole)
    parts = [_indices(setting, blocks) for blocks in _in_step(setting)]
    draws = {name: np.concatenate([part[name] for part in parts], axis=1) for name in setting.names}
    tables = [_index_table(setting, name, estimates[name][:, 0], draws[name]) for name in setting.names]
    return pl.concat(tables), draws


def _index_table(setting: GroupSetting, name: str, estimates: Floats, draws: Floats) -> pl.DataFrame:
    usable = draws[:, np.isfinite(draws).all(axis=0)]
    usable_or_refuse(usable.shape[1], draws.shape[1], setting.options.missing)
    group = setting.groups[name]
    low, high = percentile_limits(usable, setting.level, group.effective_n)
    return pl.DataFrame(
        {
            "group": [name] * setting.structure.constructs,
            "construct": setting.structure.model.names,
            "estimate": estimates,
            "standard_error": usable.std(axis=1, ddof=1),
            "ci_low": low,
            "ci_high": high,
            "n": [group.n] * setting.structure.constructs,
            "definition": [setting.options.index] * setting.structure.constructs,
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OwnFigures:
    """What groups are held against each other by, each by weights of its own; the last axis is the resample.

    Attributes
    ----------
    paths : (paths, R)
        Path coefficients.
    effects : (pairs, R)
        Total effects in points of the target for a point of the source.
    """

    paths: Floats
    effects: Floats

    @property
    def scarce(self) -> bool:
        """Whether hardly any resample gave something: of so few answers items often do not vary."""
        usable = np.isfinite(self.paths).all(axis=0)
        return not enough_usable(int(usable.sum()), usable.size)

    def __sub__(self, other: OwnFigures) -> OwnFigures:
        return OwnFigures(paths=self.paths - other.paths, effects=self.effects - other.effects)


def own_figures(solution: Solution, setting: GroupSetting) -> OwnFigures:
    """Return the figures of solutions; not-a-number where a matrix gave nothing."""
    structure = setting.structure
    spread = spread_in_scale(solution, structure, setting.options.rules.metric)
    effects = in_points(total_effects(solution.paths, structure), spread, structure)
    usable = solution.usable & (solution.iterations > 0)
    return OwnFigures(
        paths=np.where(usable, solution.paths[path_places(structure)], np.nan),
        effects=np.where(usable, effects[structure.effect_places], np.nan),
    )


def draw_own_figures(setting: GroupSetting) -> Mapping[str, OwnFigures]:
    """Return the figures of each group, drawn and estimated by itself."""
    return {name: _own_draws(setting, name, place) for place, name in enumerate(setting.names)}


def _own_draws(setting: GroupSetting, name: str, place: int) -> OwnFigures:
    answers = setting.groups[name].answers
    parts = [
        own_figures(answers.solve(counts, setting.structure, setting.options.rules), setting)
        for counts in bootstrap_counts(answers.n, setting.resamples, setting.seed + _APART * place)
    ]
    return OwnFigures(
        paths=np.concatenate([part.paths for part in parts], axis=1),
        effects=np.concatenate([part.effects for part in parts], axis=1),
    )


def path_places(structure: Structure) -> tuple[list[int], list[int]]:
    """Return where the paths of a model stand among its coefficients."""
    names = list(structure.model.names)
    sources, targets = zip(*structure.model.paths, strict=True)
    return [names.index(source) for source in sources], [names.index(target) for target in targets]


def _in_step(setting: GroupSetting) -> Iterator[dict[str, Counts]]:
    """Yield counts of all groups in blocks of equal height, whatever the size of each group."""
    joined = {
        name: np.concatenate(
            list(bootstrap_counts(group.n, setting.resamples, setting.seed + _APART * place))
        )
        for place, (name, group) in enumerate(setting.groups.items())
    }
    for start in range(0, setting.resamples, BLOCK):
        yield {name: counts[start : start + BLOCK] for name, counts in joined.items()}


def _indices(setting: GroupSetting, counts: Mapping[str, Counts]) -> dict[str, Floats]:
    """Return the index (constructs, R) of each group's counts, by the pooled weights of all counts."""
    drawn = np.concatenate(list(counts.values()), axis=1)
    shape = setting.index_shape(setting.pooled.sums(drawn))
    scale = setting.options.scale
    return {
        name: index_values(shape, group.answers.means(counts[name]), scale, setting.structure)
        for name, group in setting.groups.items()
    }
