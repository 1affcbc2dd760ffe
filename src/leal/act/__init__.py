"""What to do and what it would bring: actions and their economics, word of mouth, wishes."""

from leal.act.action_table import read_actions
from leal.act.action_values import ActionValue, ActionValues
from leal.act.actions import Action
from leal.act.kano import KanoSurvey, KanoWish, kano_category, kano_survey
from leal.act.price_sensitivity import PricePoint, PriceSensitivity, price_sensitivity
from leal.act.spine import action_value
from leal.act.uncertain import JointDraws, Uncertain, as_uncertain

__all__ = [
    "Action",
    "ActionValue",
    "ActionValues",
    "JointDraws",
    "KanoSurvey",
    "KanoWish",
    "PricePoint",
    "PriceSensitivity",
    "Uncertain",
    "action_value",
    "as_uncertain",
    "kano_category",
    "kano_survey",
    "price_sensitivity",
    "read_actions",
]
