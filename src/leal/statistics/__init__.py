"""The statistics of scores, shares and money: intervals, tests, weights, resampling. No customers here.

Numbers go in, results come out. NPS is on the scale -1..1 throughout (points = 100 times that). What an
unknown figure holds is not-a-number; `known` of the result tells. docs/statistics.md says what is used when.
"""

from leal.statistics.additions import sum_independent
from leal.statistics.clustered_shares import clustered_share
from leal.statistics.clusters import ClusteredNps, clustered_nps
from leal.statistics.collapsed_scores import CollapsedScore, collapse_cost
from leal.statistics.comparisons import Comparison, nps_difference, nps_overlapping, nps_paired
from leal.statistics.control_charts import (
    Alarm,
    ControlChart,
    cusum_chart,
    ewma_chart,
    p_chart,
    standardised_waves,
)
from leal.statistics.counts import Interval, NpsCounts
from leal.statistics.discrimination import AreasUnderCurve, areas_under_curve
from leal.statistics.doubly_robust import FoldedOutcomes, doubly_robust_scores
from leal.statistics.drift import ImportanceDrift, importance_drift
from leal.statistics.estimates import (
    around_middle,
    estimated_mean,
    estimated_share,
    from_draws,
    limits_of_draws,
    standard_error_of,
)
from leal.statistics.importance import (
    ImportanceMethod,
    RelativeImportance,
    driver_importance,
    johnson_weights,
    lmg,
    relative_importance,
)
from leal.statistics.intervals import IntervalMethod, nps_interval, nps_intervals
from leal.statistics.logistic import LogisticFit, logistic_regression
from leal.statistics.means import (
    mean_interval,
    p_of_distance,
    proportion_interval,
    two_proportions,
    welch,
)
from leal.statistics.numbers import normal_quantile, t_quantile, two_sided_z
from leal.statistics.order_of_rows import fixed_order
from leal.statistics.out_of_sample import Foretold, foretold_out_of_sample
from leal.statistics.posterior import NpsPosterior, nps_posterior, probability_higher
from leal.statistics.power import (
    WavesToDetection,
    detectable_change,
    mean_change_sample_size,
    nps_change_sample_size,
    nps_sample_size,
    power_of_comparison,
    proportion_change_sample_size,
    waves_to_detection,
)
from leal.statistics.programmes import (
    CupedComparison,
    PairedSample,
    Sample,
    cuped,
    cuped_of_moments,
    cuped_standard_error,
    difference_in_differences,
    paired_difference_in_differences,
)
from leal.statistics.proving import PROVING_LEVEL, proving_limit
from leal.statistics.ratios import fieller_limit, fieller_limits
from leal.statistics.resampling import (
    Replicates,
    bootstrap,
    jackknife,
    permutation_p_value,
    permute,
    resample_counts,
)
from leal.statistics.ridge import RidgeFit, ridge_regression
from leal.statistics.run_lengths import cusum_limit, cusum_run_length, ewma_limit, ewma_run_length
from leal.statistics.sequential import (
    SequentialShape,
    false_alarm_probability,
    group_sequential_bounds,
    power_of_looks,
)
from leal.statistics.several import benjamini_hochberg, holm, rank_intervals
from leal.statistics.shifts_of_level import ChangePoint, Segmentation, change_point, change_points
from leal.statistics.shrinkage import between_variance, shrink, shrink_nps
from leal.statistics.significance import (
    SignificanceTest,
    bowker,
    sample_ratio_test,
    steady_state,
    stuart_maxwell,
)
from leal.statistics.skewness import lean_of_difference, skewness_of, squares_worth, straightened
from leal.statistics.standardised import standardised_difference
from leal.statistics.survival import Duration, SurvivalCurve, kaplan_meier
from leal.statistics.weighting import (
    Raking,
    WeightedNps,
    effective_n,
    finite_population_correction,
    nonresponse_bounds,
    post_stratify,
    rake,
    weighted_nps,
)

__all__ = [
    "PROVING_LEVEL",
    "Alarm",
    "AreasUnderCurve",
    "ChangePoint",
    "ClusteredNps",
    "CollapsedScore",
    "Comparison",
    "ControlChart",
    "CupedComparison",
    "Duration",
    "FoldedOutcomes",
    "Foretold",
    "ImportanceDrift",
    "ImportanceMethod",
    "Interval",
    "IntervalMethod",
    "LogisticFit",
    "NpsCounts",
    "NpsPosterior",
    "PairedSample",
    "Raking",
    "RelativeImportance",
    "Replicates",
    "RidgeFit",
    "Sample",
    "Segmentation",
    "SequentialShape",
    "SignificanceTest",
    "SurvivalCurve",
    "WavesToDetection",
    "WeightedNps",
    "areas_under_curve",
    "around_middle",
    "benjamini_hochberg",
    "between_variance",
    "bootstrap",
    "bowker",
    "change_point",
    "change_points",
    "clustered_nps",
    "clustered_share",
    "collapse_cost",
    "cuped",
    "cuped_of_moments",
    "cuped_standard_error",
    "cusum_chart",
    "cusum_limit",
    "cusum_run_length",
    "detectable_change",
    "difference_in_differences",
    "doubly_robust_scores",
    "driver_importance",
    "effective_n",
    "estimated_mean",
    "estimated_share",
    "ewma_chart",
    "ewma_limit",
    "ewma_run_length",
    "false_alarm_probability",
    "fieller_limit",
    "fieller_limits",
    "finite_population_correction",
    "fixed_order",
    "foretold_out_of_sample",
    "from_draws",
    "group_sequential_bounds",
    "holm",
    "importance_drift",
    "jackknife",
    "johnson_weights",
    "kaplan_meier",
    "lean_of_difference",
    "limits_of_draws",
    "lmg",
    "logistic_regression",
    "mean_change_sample_size",
    "mean_interval",
    "nonresponse_bounds",
    "normal_quantile",
    "nps_change_sample_size",
    "nps_difference",
    "nps_interval",
    "nps_intervals",
    "nps_overlapping",
    "nps_paired",
    "nps_posterior",
    "nps_sample_size",
    "p_chart",
    "p_of_distance",
    "paired_difference_in_differences",
    "permutation_p_value",
    "permute",
    "post_stratify",
    "power_of_comparison",
    "power_of_looks",
    "probability_higher",
    "proportion_change_sample_size",
    "proportion_interval",
    "proving_limit",
    "rake",
    "rank_intervals",
    "relative_importance",
    "resample_counts",
    "ridge_regression",
    "sample_ratio_test",
    "shrink",
    "shrink_nps",
    "skewness_of",
    "squares_worth",
    "standard_error_of",
    "standardised_difference",
    "standardised_waves",
    "steady_state",
    "straightened",
    "stuart_maxwell",
    "sum_independent",
    "t_quantile",
    "two_proportions",
    "two_sided_z",
    "waves_to_detection",
    "weighted_nps",
    "welch",
]
