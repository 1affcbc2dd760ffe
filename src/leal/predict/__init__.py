"""What customers will do and what that is worth: lifetime value, retention, who is leaving."""

from leal.predict.beta_geometric_beta_binomial import BetaGeometricBetaBinomial, BetaGeometricBetaBinomialFit
from leal.predict.bg_nbd import BgNbd, BgNbdFit
from leal.predict.contact_rules import CONTACT_RULES, Contactable, ContactRule, contact_load, contactable
from leal.predict.customer_columns import CustomersLike, Rhythm, read_rhythm
from leal.predict.do_not_disturb import (
    NO_ACTION_SHARE,
    ContactStatus,
    contact_status,
    leaving_effect,
    left_alone,
)
from leal.predict.gamma_gamma import GammaGamma, GammaGammaFit
from leal.predict.hazard import Hazard, HazardFit, RetentionEffect
from leal.predict.hazard_periods import FollowedPeriods, followed_periods
from leal.predict.mbg_nbd import MbgNbd, MbgNbdFit
from leal.predict.nbd import Nbd, NbdFit
from leal.predict.pareto_nbd import ParetoNbd, ParetoNbdFit
from leal.predict.proportional_hazards import ProportionalHazards, proportional_hazards
from leal.predict.purchase_model import ParametricFit, PurchaseModelFit, TooLittleData
from leal.predict.shifted_beta_geometric import ShiftedBetaGeometric, ShiftedBetaGeometricFit

__all__ = [
    "CONTACT_RULES",
    "NO_ACTION_SHARE",
    "BetaGeometricBetaBinomial",
    "BetaGeometricBetaBinomialFit",
    "BgNbd",
    "BgNbdFit",
    "ContactRule",
    "ContactStatus",
    "Contactable",
    "CustomersLike",
    "FollowedPeriods",
    "GammaGamma",
    "GammaGammaFit",
    "Hazard",
    "HazardFit",
    "MbgNbd",
    "MbgNbdFit",
    "Nbd",
    "NbdFit",
    "ParametricFit",
    "ParetoNbd",
    "ParetoNbdFit",
    "ProportionalHazards",
    "PurchaseModelFit",
    "RetentionEffect",
    "Rhythm",
    "ShiftedBetaGeometric",
    "ShiftedBetaGeometricFit",
    "TooLittleData",
    "contact_load",
    "contact_status",
    "contactable",
    "followed_periods",
    "leaving_effect",
    "left_alone",
    "proportional_hazards",
    "read_rhythm",
]
