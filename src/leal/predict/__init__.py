"""What customers will do and what that is worth: lifetime value, retention, who is leaving."""

from leal.predict.foretelling.answer_windows import ScoreWindows, score_windows, windows_of
from leal.predict.foretelling.attitude_and_behaviour import (
    HIGH_ATTITUDE,
    LOYALTY_WORDS,
    LoyaltyCell,
    LoyaltyGrid,
    loyalty_grid,
)
from leal.predict.foretelling.behaviour_by_score import score_curve
from leal.predict.foretelling.foretelling import (
    OUTCOMES,
    NumberForetold,
    OutcomeForetold,
    WhichNumber,
    foretelling_of,
    which_number,
)
from leal.predict.foretelling.foretelling_numbers import NUMBER_WORDS
from leal.predict.foretelling.foretelling_verdicts import OUTCOME_WORDS
from leal.predict.foretelling.group_economics import GroupEconomics, PromoterEconomics, promoter_economics
from leal.predict.leaving.contact_ledger import contact_ledger
from leal.predict.leaving.contact_rules import (
    CONTACT_RULES,
    LOAD_DAYS,
    RESTRICTED,
    Contactable,
    ContactKind,
    ContactRule,
    broken_rules,
    contact_load,
    contactable,
)
from leal.predict.leaving.cox_model import ProportionalHazards, proportional_hazards
from leal.predict.leaving.do_not_disturb import (
    NO_ACTION_SHARE,
    ContactStatus,
    contact_status,
    leaving_effect,
    left_alone,
)
from leal.predict.leaving.hazard import Hazard, HazardFit, RetentionEffect
from leal.predict.leaving.hazard_periods import MOST_UNDATED, FollowedPeriods, followed_periods
from leal.predict.leaving.leaving import LeavingSign, SatisfiedLeaving, satisfied_leaving
from leal.predict.leaving.sign_histories import SignHistory, SignsInThePast, signs_in_the_past
from leal.predict.leaving.signs_of_leaving import (
    SATISFIED_SCORE,
    SIGN_NAMES,
    SIGNS,
    LeavingEvidence,
    leaving_signs,
    satisfied,
)
from leal.predict.purchase_models.beta_geometric_beta_binomial import (
    BetaGeometricBetaBinomial,
    BetaGeometricBetaBinomialFit,
)
from leal.predict.purchase_models.bg_nbd import BgNbd, BgNbdFit
from leal.predict.purchase_models.customer_columns import CustomersLike, Rhythm, read_rhythm
from leal.predict.purchase_models.gamma_gamma import GammaGamma, GammaGammaFit
from leal.predict.purchase_models.mbg_nbd import MbgNbd, MbgNbdFit
from leal.predict.purchase_models.nbd import Nbd, NbdFit
from leal.predict.purchase_models.pareto_nbd import ParetoNbd, ParetoNbdFit
from leal.predict.purchase_models.purchase_model import ParametricFit, PurchaseModelFit, TooLittleData
from leal.predict.purchase_models.shifted_beta_geometric import ShiftedBetaGeometric, ShiftedBetaGeometricFit
from leal.predict.value.brand_equity import equity_return, switching_value
from leal.predict.value.customer_bases import PurchaseBase, purchase_base
from leal.predict.value.customer_equity import COMPONENTS, EquityBridge, bridge_of, equity_bridge
from leal.predict.value.forecast_tracking import Tracking, tracking, tracking_of
from leal.predict.value.holdouts import Holdout, PurchaseModel, forecast_holdout
from leal.predict.value.lifetime_values import MODELS, lifetime_value, outlook_of, top_tenth, value_of_base
from leal.predict.value.model_errors import ModelError, past_errors
from leal.predict.value.model_retention import AliveRetention, alive_chances, alive_retention, purchase_fits
from leal.predict.value.outlook import Outlook
from leal.predict.value.retention_worth import JustifiedCost, PayDecision, justified_cost
from leal.predict.value.scoring import CustomerScoring, score_customers, write_scores
from leal.predict.value.value_result import LifetimeValue

__all__ = [
    "COMPONENTS",
    "CONTACT_RULES",
    "HIGH_ATTITUDE",
    "LOAD_DAYS",
    "LOYALTY_WORDS",
    "MODELS",
    "MOST_UNDATED",
    "NO_ACTION_SHARE",
    "NUMBER_WORDS",
    "OUTCOMES",
    "OUTCOME_WORDS",
    "RESTRICTED",
    "SATISFIED_SCORE",
    "SIGNS",
    "SIGN_NAMES",
    "AliveRetention",
    "BetaGeometricBetaBinomial",
    "BetaGeometricBetaBinomialFit",
    "BgNbd",
    "BgNbdFit",
    "ContactKind",
    "ContactRule",
    "ContactStatus",
    "Contactable",
    "CustomerScoring",
    "CustomersLike",
    "EquityBridge",
    "FollowedPeriods",
    "GammaGamma",
    "GammaGammaFit",
    "GroupEconomics",
    "Hazard",
    "HazardFit",
    "Holdout",
    "JustifiedCost",
    "LeavingEvidence",
    "LeavingSign",
    "LifetimeValue",
    "LoyaltyCell",
    "LoyaltyGrid",
    "MbgNbd",
    "MbgNbdFit",
    "ModelError",
    "Nbd",
    "NbdFit",
    "NumberForetold",
    "OutcomeForetold",
    "Outlook",
    "ParametricFit",
    "ParetoNbd",
    "ParetoNbdFit",
    "PayDecision",
    "PromoterEconomics",
    "ProportionalHazards",
    "PurchaseBase",
    "PurchaseModel",
    "PurchaseModelFit",
    "RetentionEffect",
    "Rhythm",
    "SatisfiedLeaving",
    "ScoreWindows",
    "ShiftedBetaGeometric",
    "ShiftedBetaGeometricFit",
    "SignHistory",
    "SignsInThePast",
    "TooLittleData",
    "Tracking",
    "WhichNumber",
    "alive_chances",
    "alive_retention",
    "bridge_of",
    "broken_rules",
    "contact_ledger",
    "contact_load",
    "contact_status",
    "contactable",
    "equity_bridge",
    "equity_return",
    "followed_periods",
    "forecast_holdout",
    "foretelling_of",
    "justified_cost",
    "leaving_effect",
    "leaving_signs",
    "left_alone",
    "lifetime_value",
    "loyalty_grid",
    "outlook_of",
    "past_errors",
    "promoter_economics",
    "proportional_hazards",
    "purchase_base",
    "purchase_fits",
    "read_rhythm",
    "satisfied",
    "satisfied_leaving",
    "score_curve",
    "score_customers",
    "score_windows",
    "signs_in_the_past",
    "switching_value",
    "top_tenth",
    "tracking",
    "tracking_of",
    "value_of_base",
    "which_number",
    "windows_of",
    "write_scores",
]
