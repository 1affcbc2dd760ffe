"""Whether groups differ: index, paths, and whether they are measured alike (MICOM), by permutation.

Groups are counts: a permutation deals the answers to two groups anew, and all deals are solved in one batch.
The index of each group uses the weights of the pooled answers, so that it differs by answers, not by weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.path_model.fit_options import FitOptions
from leal.path_model.group_deals import deal_pair
from leal.path_model.group_draws import draw_indices, draw_own_figures
from leal.path_model.group_notes import group_notes
from leal.path_model.group_setting import group_setting
from leal.path_model.group_tables import (
    compared_effects,
    compared_index,
    compared_paths,
    group_effects,
    invariance,
)
from leal.path_model.structure import Structure
from leal.results import Note
from leal.statistics import holm

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupComparison:
    """Groups held against each other.

    Attributes
    ----------
    index : polars.DataFrame
        group, construct, estimate, standard_error, ci_low, ci_high, n, definition: the index by the weights
        of the pooled answers.
    differences : polars.DataFrame
        group, other, construct, estimate (points), standard_error, ci_low, ci_high, p_value, adjusted_p_value
        (Holm).
    paths : polars.DataFrame
        group, other, source, target, estimate, other_estimate, difference, its standard_error, ci_low and
        ci_high (each group resampled by itself, with weights of its own), p_value, adjusted_p_value.
    effects : polars.DataFrame
        group, source, target, estimate, standard_error, ci_low, ci_high, n: points of the target for a point
        of the source (total effects), each group by weights of its own.
    effect_differences : polars.DataFrame
        The effects of each pair of groups, with the columns of ``paths``.
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
    effects: pl.DataFrame
    effect_differences: pl.DataFrame
    invariance: pl.DataFrame
    notes: tuple[Note, ...]


def compare_groups(
    rows: Floats,
    labels: NDArray[np.object_],
    weights: Floats | None,
    structure: Structure,
    options: FitOptions,
    *,
    ungrouped: int,
    permutations: int,
    resamples: int,
    seed: int | None,
    level: float,
) -> GroupComparison:
    """Compare all pairs of groups; see `PathModel.compare`."""
    ready = partial(
        group_setting,
        rows,
        labels,
        weights,
        structure,
        options,
        permutations=permutations,
        resamples=resamples,
        seed=0 if seed is None else seed,
        level=level,
    )
    setting = ready()
    own = draw_own_figures(setting)
    scarce = [name for name, figures in own.items() if figures.scarce]
    if scarce:  # one group of a few like answers must not keep the others from being compared
        setting = ready(without=scarce)
        own = draw_own_figures(setting)
    index, drawn = draw_indices(setting)
    tables: tuple[list[pl.DataFrame], ...] = ([], [], [], [])
    for one, other in combinations(setting.names, 2):
        dealt = deal_pair(setting, one, other)
        tables[0].append(compared_index(setting, dealt, drawn))
        tables[1].append(compared_paths(setting, dealt, own))
        tables[2].append(compared_effects(setting, dealt, own))
        tables[3].append(invariance(setting, dealt))
    differences, differing_paths, differing_effects, told = (pl.concat(parts) for parts in tables)
    return GroupComparison(
        index=index,
        differences=_adjusted(differences),
        paths=_adjusted(differing_paths),
        effects=group_effects(setting, own),
        effect_differences=_adjusted(differing_effects),
        invariance=told,
        notes=group_notes(setting, told, ungrouped),
    )


def _adjusted(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.Series("adjusted_p_value", holm(table["p_value"].to_numpy())))
