"""Any dataframe in, files lazily; reductions and Arrow-batch kernels that every engine can run."""

from leal.engine.clusters import cluster_counts
from leal.engine.counts import Floats, Group, Integers, ScoreCounts, score_counts
from leal.engine.days import as_date, day_number, seconds, with_month
from leal.engine.doubts import refuse
from leal.engine.frames import FrameLike, LazyFrame, collect, column_names, lazy, require_column
from leal.engine.kernels import Batch, Kernel, State, add_states, pack, unpack
from leal.engine.moments import ItemMoments, MomentsKernel
from leal.engine.pattern_moments import PatternMoments, PatternMomentsKernel
from leal.engine.readers import batches, run_kernel
from leal.engine.sums_of_values import ValueSums, value_range, value_sums
from leal.engine.validation import count_gaps, problems, validate

__all__ = [
    "Batch",
    "Floats",
    "FrameLike",
    "Group",
    "Integers",
    "ItemMoments",
    "Kernel",
    "LazyFrame",
    "MomentsKernel",
    "PatternMoments",
    "PatternMomentsKernel",
    "ScoreCounts",
    "State",
    "ValueSums",
    "add_states",
    "as_date",
    "batches",
    "cluster_counts",
    "collect",
    "column_names",
    "count_gaps",
    "day_number",
    "lazy",
    "pack",
    "problems",
    "refuse",
    "require_column",
    "run_kernel",
    "score_counts",
    "seconds",
    "unpack",
    "validate",
    "value_range",
    "value_sums",
    "with_month",
]
