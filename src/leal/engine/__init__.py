"""Any dataframe in, files lazily; reductions and Arrow-batch kernels that every engine can run."""

from leal.engine.clusters import cluster_counts
from leal.engine.counts import Floats, Group, Integers, ScoreCounts, score_counts
from leal.engine.days import as_date, day_number, seconds, with_month
from leal.engine.frames import FrameLike, LazyFrame, collect, column_names, lazy, require_column
from leal.engine.value_sums import ValueSums, value_range, value_sums

__all__ = [
    "Floats",
    "FrameLike",
    "Group",
    "Integers",
    "LazyFrame",
    "ScoreCounts",
    "ValueSums",
    "as_date",
    "cluster_counts",
    "collect",
    "column_names",
    "day_number",
    "lazy",
    "require_column",
    "score_counts",
    "seconds",
    "value_range",
    "value_sums",
    "with_month",
]
