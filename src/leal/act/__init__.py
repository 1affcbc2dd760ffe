"""What to do and what it would bring: actions and their economics, word of mouth, wishes."""

from leal.act.acceptable_prices import PricePoint, PriceSensitivity, price_sensitivity
from leal.act.action_table import read_actions
from leal.act.action_values import ActionValue, ActionValues, chance_words
from leal.act.actions import Action
from leal.act.budget import Allocation, Funding, allocate_budget, fund_actions
from leal.act.comment_results import ChannelWeight, CommentsEstimate
from leal.act.comments import estimate_comments
from leal.act.direct_effects import DirectEffect, effect_past_satisfaction
from leal.act.kano import CATEGORY_WORDS, KanoSurvey, KanoWish, kano_category, kano_survey
from leal.act.quality_return import ReturnOnQuality, Thresholds, return_on_quality, thresholds
from leal.act.spine import action_value
from leal.act.stopping import StopEntry, StopList, measured_return, stop_list
from leal.act.symptom_results import ReasonOfCases, SymptomMeter
from leal.act.symptoms import symptom_meter
from leal.act.talk import word_of_mouth
from leal.act.talk_model import buying_probability
from leal.act.talk_money import CommentEconomics, comment_economics, referral_values
from leal.act.talk_presets import SEED, Talk, research, spanning
from leal.act.talk_results import TalkColumn, TalkFigures, WordOfMouth
from leal.act.uncertain import JointDraws, Quantity, Uncertain, as_uncertain
from leal.act.value_ranges import value_by_factor
from leal.act.worth_of_wishes import wish_worth

__all__ = [
    "CATEGORY_WORDS",
    "SEED",
    "Action",
    "ActionValue",
    "ActionValues",
    "Allocation",
    "ChannelWeight",
    "CommentEconomics",
    "CommentsEstimate",
    "DirectEffect",
    "Funding",
    "JointDraws",
    "KanoSurvey",
    "KanoWish",
    "PricePoint",
    "PriceSensitivity",
    "Quantity",
    "ReasonOfCases",
    "ReturnOnQuality",
    "StopEntry",
    "StopList",
    "SymptomMeter",
    "Talk",
    "TalkColumn",
    "TalkFigures",
    "Thresholds",
    "Uncertain",
    "WordOfMouth",
    "action_value",
    "allocate_budget",
    "as_uncertain",
    "buying_probability",
    "chance_words",
    "comment_economics",
    "effect_past_satisfaction",
    "estimate_comments",
    "fund_actions",
    "kano_category",
    "kano_survey",
    "measured_return",
    "price_sensitivity",
    "read_actions",
    "referral_values",
    "research",
    "return_on_quality",
    "spanning",
    "stop_list",
    "symptom_meter",
    "thresholds",
    "value_by_factor",
    "wish_worth",
    "word_of_mouth",
]
