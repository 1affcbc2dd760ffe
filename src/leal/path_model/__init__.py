"""Partial least squares path models: specification, moments, fit, resampling, assessment."""

from leal.path_model.assessment import Assessment
from leal.path_model.bootstrap import Bootstrap
from leal.path_model.construct_names import construct_name
from leal.path_model.estimation import Metric, Scheme, Signs
from leal.path_model.fit_options import FitOptions
from leal.path_model.fixed_weights import FixedWeights
from leal.path_model.group_comparison import GroupComparison
from leal.path_model.index import Definition
from leal.path_model.jackknifing import Jackknife
from leal.path_model.model_fit import PathFit
from leal.path_model.moments import Covariance, Missing, Moments
from leal.path_model.prediction import Antecedents, Benchmark, Prediction
from leal.path_model.specification import BadModel, Construct, Mode, PathModel

__all__ = [
    "Antecedents",
    "Assessment",
    "BadModel",
    "Benchmark",
    "Bootstrap",
    "Construct",
    "Covariance",
    "Definition",
    "FitOptions",
    "FixedWeights",
    "GroupComparison",
    "Jackknife",
    "Metric",
    "Missing",
    "Mode",
    "Moments",
    "PathFit",
    "PathModel",
    "Prediction",
    "Scheme",
    "Signs",
    "construct_name",
]
