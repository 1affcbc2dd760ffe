"""The tables of two groups held against each other: index, paths, measurement."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.path_model.drawn_figures import usable_or_refuse
from leal.path_model.group_deals import DealtPair, p_values_of, usable_deals
from leal.path_model.group_draws import path_places
from leal.path_model.group_setting import GroupSetting
from leal.path_model.intervals import percentile_limits
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


def compared_paths(setting: GroupSetting, dealt: DealtPair, draws: Mapping[str, Floats]) -> pl.DataFrame:
    """Return the paths of both groups and their difference, with interval and p value."""
    paths = setting.structure.model.paths
    rows, columns = path_places(setting.structure)
    first, second = setting.groups[dealt.one], setting.groups[dealt.other]
    drawn = _usable(draws[dealt.one] - draws[dealt.other], setting)
    low, high = percentile_limits(drawn, setting.level, min(first.effective_n, second.effective_n))
    one, other = (group.solution.paths[rows, columns, 0] for group in (first, second))
    return pl.DataFrame(
        {
            **_key(dealt, len(paths)),
            "source": [source for source, _ in paths],
            "target": [target for _, target in paths],
            "estimate": one,
            "other_estimate": other,
            "difference": one - other,
            "standard_error": drawn.std(axis=1, ddof=1),
            "ci_low": low,
            "ci_high": high,
            "p_value": p_values_of(dealt.paths, setting.options.missing),
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
