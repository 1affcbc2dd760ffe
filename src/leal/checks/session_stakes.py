"""What each of the ten mistakes may cost a year, by what was answered: a product of inputs, three times."""

from __future__ import annotations

from collections.abc import Mapping

from leal.checks.session_assumptions import Scenarios
from leal.checks.session_inputs import Assumption
from leal.wording import Text

MONEY = ("customers", "yearly_spend", "margin")

STAKE_FACTORS: Mapping[int, tuple[str, ...]] = {
    1: ("loyalty_spend", "unnoticed"),
    2: (*MONEY, "repeat_share", "passives", "moved", "more"),
    3: ("loyalty_spend", "idle"),
    4: ("care_spend", "returned"),
    5: (*MONEY, "turned", "unseen"),
    6: (*MONEY, "retention", "satisfied_leavers", "kept"),
    7: (*MONEY, "retention", "kept"),
    8: ("wishes_spend", "unearning"),
    9: ("loyalty_spend", "misaimed"),
    10: (*MONEY, "retention", "to_rivals", "kept"),
}
"""By mistake the inputs whose product it costs a year; of retention it is what is missing to one."""

NEEDED_WORDS: Mapping[str, Text] = {
    "customers": Text("the number of customers"),
    "yearly_spend": Text("what a customer spends a year"),
    "loyalty_spend": Text("what loyalty costs a year"),
    "care_spend": Text("what complaints cost a year"),
    "wishes_spend": Text("what wishes cost a year"),
}
"""The inputs that only the company knows: for these nothing is assumed."""

_ENDS = ("low", "likely", "high")
_OPPOSITE = {"low": "high", "likely": "likely", "high": "low"}


def needed_for(number: int, inputs: Mapping[str, Assumption]) -> tuple[str, ...]:
    """Return which inputs are missing to reckon what a mistake costs."""
    return tuple(key for key in STAKE_FACTORS[number] if key in NEEDED_WORDS and key not in inputs)


def stake_of(number: int, inputs: Mapping[str, Assumption]) -> Scenarios | None:
    """Return what a mistake may cost a year; None where an input is missing.

    Notes
    -----
    Low puts every input at the end that leaves least at stake, high at the other. That all are so at once is
    less likely than any one of them; no probability is claimed.
    """
    if needed_for(number, inputs):
        return None
    low, likely, high = (_product(number, inputs, end) for end in _ENDS)
    return Scenarios(low=low, likely=likely, high=high)


def _product(number: int, inputs: Mapping[str, Assumption], end: str) -> float:
    amount = 1.0
    for key in STAKE_FACTORS[number]:
        if key == "retention":
            amount *= 1 - _at(inputs[key], _OPPOSITE[end])
        elif key in inputs:
            amount *= _at(inputs[key], end)
    return amount


def _at(one: Assumption, end: str) -> float:
    return float(getattr(one.value, end))
