"""The tables of two groups held against each other: index, paths, measurement."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.path_model.drawn_figures import usable_or_refuse
from leal.path_model.group_deals import DealtPair, p_values_of, usable_deals
from leal.path_model.group_draws import OwnFigures, own_figures, path_places
from leal.path_model.group_setting import GroupSetting
from leal.path_model.intervals import percentile_limits, shifted_limits
from leal.statistics import holm

Floats = NDArray[np.float64]

LEVEL = 0.05
"""Share of groups measured alike that MICOM calls unlike."""


def _key(dealt: DealtPair, rows: int) -> dict[str, list[str]]:
    return {"group": [dealt.one] * rows, "other": [dealt.other] * rows}


def _usable(draws: Floats, setting: GroupSetting) -> Floats:
    """Return the draws in which both groups gave something; refuse where hardly any did."""
    usable = draws[:, np.isfinite(draws).all(axis=0)]
    usable_or_refuse(usable.shape[1], draws.shape[1], setting.options.missing)
    return usable


def compared_index(setting: GroupSetting, dealt: DealtPair, draws: Mapping[str, Floats]) -> pl.DataFrame:
    """Return the difference of the index of each construct, with interval and p value."""
    names = setting.structure.model.names
    drawn = _usable(draws[dealt.one] - draws[dealt.other], setting)
    low, high = percentile_limits(drawn, setting.level)
    return pl.DataFrame(
        {
            **_key(dealt, len(names)),
            "construct": names,
            "estimate": dealt.index[:, 0],
            "standard_error": drawn.std(axis=1, ddof=1),
            "ci_low": low,
            "ci_high": high,
            "p_value": p_values_of(dealt.index, setting.options.missing),
        }
    )


def compared_paths(setting: GroupSetting, dealt: DealtPair, draws: Mapping[str, OwnFigures]) -> pl.DataFrame:
    """Return the paths of both groups and their difference, with interval and p value."""
    ends = path_places(setting.structure)
    here = tuple(_own(setting, name).paths[:, 0] for name in (dealt.one, dealt.other))
    drawn = draws[dealt.one].paths - draws[dealt.other].paths
    return _compared(setting, dealt, ends, here, drawn, dealt.own.paths)


def compared_effects(
    setting: GroupSetting, dealt: DealtPair, draws: Mapping[str, OwnFigures]
) -> pl.DataFrame:
    """Return the total effects of both groups, in points, and their difference."""
    ends = setting.structure.effect_places
    here = tuple(_own(setting, name).effects[:, 0] for name in (dealt.one, dealt.other))
    drawn = draws[dealt.one].effects - draws[dealt.other].effects
    return _compared(setting, dealt, ends, here, drawn, dealt.own.effects)


def group_effects(setting: GroupSetting, draws: Mapping[str, OwnFigures]) -> pl.DataFrame:
    """Return the total effects of each group, in points, by weights of its own, with their intervals."""
    return pl.concat(_effects_of(setting, name, draws[name].effects) for name in setting.names)


def _effects_of(setting: GroupSetting, name: str, draws: Floats) -> pl.DataFrame:
    group, names = setting.groups[name], setting.structure.model.names
    sources, targets = setting.structure.effect_places
    estimates = _own(setting, name).effects[:, 0]
    drawn = _usable(draws, setting)
    low, high = shifted_limits(drawn, estimates, setting.level, group.effective_n)
    return pl.DataFrame(
        {
            "group": [name] * len(sources),
            "source": [names[place] for place in sources],
            "target": [names[place] for place in targets],
            "estimate": estimates,
            "standard_error": drawn.std(axis=1, ddof=1),
            "ci_low": np.fmin(low, estimates),
            "ci_high": np.fmax(high, estimates),
            "n": [group.n] * len(sources),
        }
    )


def _own(setting: GroupSetting, name: str) -> OwnFigures:
    return own_figures(setting.groups[name].solution, setting)


def _compared(
    setting: GroupSetting,
    dealt: DealtPair,
    ends: tuple[list[int], list[int]],
    here: tuple[Floats, ...],
    drawn: Floats,
    deals: Floats,
) -> pl.DataFrame:
    """Return figures of paths in both groups and their difference, with interval and p value."""
    names = setting.structure.model.names
    worth = min(setting.groups[name].effective_n for name in (dealt.one, dealt.other))
    usable = _usable(drawn, setting)
    low, high = percentile_limits(usable, setting.level, worth)
    return pl.DataFrame(
        {
            **_key(dealt, len(ends[0])),
            "source": [names[place] for place in ends[0]],
            "target": [names[place] for place in ends[1]],
            "estimate": here[0],
            "other_estimate": here[1],
            "difference": here[0] - here[1],
            "standard_error": usable.std(axis=1, ddof=1),
            "ci_low": low,
            "ci_high": high,
            "p_value": p_values_of(deals, setting.options.missing),
        }
    )


def invariance(setting: GroupSetting, dealt: DealtPair) -> pl.DataFrame:
    """Return whether two groups are measured alike (MICOM): composition, means, variances."""
    names = setting.structure.model.names
    missing = setting.options.missing
    kept = usable_deals(dealt.composition, missing)
    chance = (kept <= kept[:, :1] + 1e-12).mean(axis=1)
    return pl.DataFrame(
        {
            **_key(dealt, len(names)),
            "construct": names,
            "composition": kept[:, 0],
            "limit": np.quantile(kept, 0.05, axis=1),
            "p_value": chance,
            "same_composition": holm(chance) > LEVEL,
            "p_value_means": p_values_of(dealt.mean, missing),
            "p_value_variances": p_values_of(dealt.variance, missing),
        }
    )
