"""What customers will do and what that is worth: lifetime value, retention, who is leaving."""

from leal.predict.bg_nbd import BgNbd, BgNbdFit
from leal.predict.customer_columns import CustomersLike, Rhythm, read_rhythm
from leal.predict.gamma_gamma import GammaGamma, GammaGammaFit
from leal.predict.mbg_nbd import MbgNbd, MbgNbdFit
from leal.predict.nbd import Nbd, NbdFit
from leal.predict.purchase_model import ParametricFit, PurchaseModelFit, TooLittleData

__all__ = [
    "BgNbd",
    "BgNbdFit",
    "CustomersLike",
    "GammaGamma",
    "GammaGammaFit",
    "MbgNbd",
    "MbgNbdFit",
    "Nbd",
    "NbdFit",
    "ParametricFit",
    "PurchaseModelFit",
    "Rhythm",
    "TooLittleData",
    "read_rhythm",
]
