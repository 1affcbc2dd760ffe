"""What to do and what it would bring: actions and their economics, word of mouth, wishes."""

from leal.act.action_table import read_actions
from leal.act.action_values import ActionValue, ActionValues
from leal.act.actions import Action
from leal.act.budget import Allocation, Funding, allocate_budget, fund_actions
from leal.act.kano import KanoSurvey, KanoWish, kano_category, kano_survey
from leal.act.price_sensitivity import PricePoint, PriceSensitivity, price_sensitivity
from leal.act.quality_return import ReturnOnQuality, Thresholds, return_on_quality, thresholds
from leal.act.spine import action_value
from leal.act.stopping import StopEntry, StopList, measured_return, stop_list
from leal.act.symptom_results import ReasonOfCases, SymptomMeter
from leal.act.symptoms import symptom_meter
from leal.act.uncertain import JointDraws, Uncertain, as_uncertain

__all__ = [
    "Action",
    "ActionValue",
    "ActionValues",
    "Allocation",
    "Funding",
    "JointDraws",
    "KanoSurvey",
    "KanoWish",
    "PricePoint",
    "PriceSensitivity",
    "ReasonOfCases",
    "ReturnOnQuality",
    "StopEntry",
    "StopList",
    "SymptomMeter",
    "Thresholds",
    "Uncertain",
    "action_value",
    "allocate_budget",
    "as_uncertain",
    "fund_actions",
    "kano_category",
    "kano_survey",
    "measured_return",
    "price_sensitivity",
    "read_actions",
    "return_on_quality",
    "stop_list",
    "symptom_meter",
    "thresholds",
]
