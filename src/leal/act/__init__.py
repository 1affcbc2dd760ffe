"""What to do and what it would bring: actions and their economics, word of mouth, wishes."""

from leal.act.kano import KanoSurvey, KanoWish, kano_category, kano_survey
from leal.act.price_sensitivity import PricePoint, PriceSensitivity, price_sensitivity

__all__ = [
    "KanoSurvey",
    "KanoWish",
    "PricePoint",
    "PriceSensitivity",
    "kano_category",
    "kano_survey",
    "price_sensitivity",
]
