"""What an action brought: experiments, noticing, and the ledger of promised and proved."""

from leal.prove.assignment import GLOBAL_HOLDOUT, assign
from leal.prove.experiment_results import VERDICT_WORDS, ArmEffect, ArmResult, Balance, Experiment
from leal.prove.experiments import experiment, experiment_of_moments
from leal.prove.looks import Look, plan_looks
from leal.prove.noticing import NoticingEffect, noticing_effect
from leal.prove.planning import ExperimentPlan, detectable_effect, plan_experiment

__all__ = [
    "GLOBAL_HOLDOUT",
    "VERDICT_WORDS",
    "ArmEffect",
    "ArmResult",
    "Balance",
    "Experiment",
    "ExperimentPlan",
    "Look",
    "NoticingEffect",
    "assign",
    "detectable_effect",
    "experiment",
    "experiment_of_moments",
    "noticing_effect",
    "plan_experiment",
    "plan_looks",
]
