"""Any dataframe in, files lazily; reductions and Arrow-batch kernels that every engine can run."""

from leal.engine.counts import Group, ScoreCounts, score_counts
from leal.engine.days import as_date, day_number
from leal.engine.frames import FrameLike, LazyFrame, collect, column_names, lazy, require_column

__all__ = [
    "FrameLike",
    "Group",
    "LazyFrame",
    "ScoreCounts",
    "as_date",
    "collect",
    "column_names",
    "day_number",
    "lazy",
    "require_column",
    "score_counts",
]
