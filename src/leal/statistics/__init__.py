"""The statistics of scores, shares and money: intervals, tests, weights, resampling. No customers here.

Numbers go in, results come out. NPS is on the scale -1..1 throughout (points = 100 times that).
"""

from leal.statistics.comparisons import Comparison, nps_difference, nps_overlapping, nps_paired
from leal.statistics.counts import Interval, NpsCounts
from leal.statistics.intervals import IntervalMethod, nps_interval, nps_intervals
from leal.statistics.means import mean_interval, proportion_interval, two_proportions, welch
from leal.statistics.posterior import NpsPosterior, nps_posterior, probability_higher
from leal.statistics.resampling import (
    Replicates,
    bootstrap,
    jackknife,
    permutation_p_value,
    resample_counts,
)
from leal.statistics.several import benjamini_hochberg, holm, rank_intervals
from leal.statistics.significance import (
    SignificanceTest,
    bowker,
    sample_ratio_test,
    steady_state,
    stuart_maxwell,
)
from leal.statistics.weighting import effective_n

__all__ = [
    "Comparison",
    "Interval",
    "IntervalMethod",
    "NpsCounts",
    "NpsPosterior",
    "Replicates",
    "SignificanceTest",
    "benjamini_hochberg",
    "bootstrap",
    "bowker",
    "effective_n",
    "holm",
    "jackknife",
    "mean_interval",
    "nps_difference",
    "nps_interval",
    "nps_intervals",
    "nps_overlapping",
    "nps_paired",
    "nps_posterior",
    "permutation_p_value",
    "probability_higher",
    "proportion_interval",
    "rank_intervals",
    "resample_counts",
    "sample_ratio_test",
    "steady_state",
    "stuart_maxwell",
    "two_proportions",
    "welch",
]
