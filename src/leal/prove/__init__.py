"""What an action brought: experiments, noticing, and the ledger of promised and proved."""

from leal.prove.arm_balance import balance_of_arms
from leal.prove.assignment import GLOBAL_HOLDOUT, assign
from leal.prove.customer_money import with_recent_money
from leal.prove.effect_lists import CorrectedEffect, CorrectedEffects, correct_effects
from leal.prove.effects_over_time import PATH_WORDS, EffectOverTime, EffectsByPath, effects_by_path
from leal.prove.experiment_results import VERDICT_WORDS, ArmEffect, ArmResult, Balance, Experiment
from leal.prove.experiments import experiment, experiment_of_moments
from leal.prove.fading import HalfLife, half_life
from leal.prove.holdout_power import HoldoutPower, money_power, share_power
from leal.prove.ledger import Ledger
from leal.prove.ledger_entries import LedgerEntry
from leal.prove.ledger_of_programmes import PROMISES, programme_ledger
from leal.prove.ledger_totals import Line, Surprise
from leal.prove.links import LINKS, LinkEstimate, updated_link
from leal.prove.looks import Look, plan_looks
from leal.prove.noticing import NoticingEffect, noticing_effect
from leal.prove.outcome_lessons import direct_effect
from leal.prove.planning import ExperimentPlan, detectable_effect, plan_experiment
from leal.prove.policies import Overlap, PolicyValue, policy_value
from leal.prove.quasi_experiments import EventCoefficient, PanelEffect, panel_effect
from leal.prove.targeting import STATUS_WORDS, SegmentEffect, SegmentEffects, segment_effects
from leal.prove.targeting_curves import Depth, TargetingCurve, targeting_curve
from leal.prove.unrandomised import UnrandomisedEffect, unrandomised_effects
from leal.prove.uplift import UpliftModel
from leal.prove.uplift_results import TARGETING_WORDS, EffectGroup, UpliftFit

__all__ = [
    "GLOBAL_HOLDOUT",
    "LINKS",
    "PATH_WORDS",
    "PROMISES",
    "STATUS_WORDS",
    "TARGETING_WORDS",
    "VERDICT_WORDS",
    "ArmEffect",
    "ArmResult",
    "Balance",
    "CorrectedEffect",
    "CorrectedEffects",
    "Depth",
    "EffectGroup",
    "EffectOverTime",
    "EffectsByPath",
    "EventCoefficient",
    "Experiment",
    "ExperimentPlan",
    "HalfLife",
    "HoldoutPower",
    "Ledger",
    "LedgerEntry",
    "Line",
    "LinkEstimate",
    "Look",
    "NoticingEffect",
    "Overlap",
    "PanelEffect",
    "PolicyValue",
    "SegmentEffect",
    "SegmentEffects",
    "Surprise",
    "TargetingCurve",
    "UnrandomisedEffect",
    "UpliftFit",
    "UpliftModel",
    "assign",
    "balance_of_arms",
    "correct_effects",
    "detectable_effect",
    "direct_effect",
    "effects_by_path",
    "experiment",
    "experiment_of_moments",
    "half_life",
    "money_power",
    "noticing_effect",
    "panel_effect",
    "plan_experiment",
    "plan_looks",
    "policy_value",
    "programme_ledger",
    "segment_effects",
    "share_power",
    "targeting_curve",
    "unrandomised_effects",
    "updated_link",
    "with_recent_money",
]
