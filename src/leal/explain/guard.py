"""The tautology guard: items that restate satisfaction explain nothing, however well they correlate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from leal.explain.items import Item, block_of
from leal.wording import Decimal, Text

RESTATING_CORRELATION = 0.85
"""Correlation with the outcome above which an item is taken for the outcome in other words."""

_OVERALL = re.compile(r"overall|in_general|general_|в_целом|общая|общее|итог", re.IGNORECASE)
_RESTATING_BLOCKS = {"satisfaction", "image", "value"}
_CONSEQUENCES = {"loyalty", "complaints"}

Reason = Literal["restates", "correlation", "consequence", "few_answers", "constant"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An item that is not ranked among the causes, and why.

    Attributes
    ----------
    name, label : str
        Its column, and what it asks for in a few words, where that is known.
    reason : {"restates", "correlation", "consequence", "few_answers", "constant"}
        ``restates``: its name says that it asks for the outcome again (overall, satisfaction, image, value);
        ``correlation``: it correlates with the outcome above .85; ``consequence``: it follows from the
        outcome (loyalty, complaints); ``few_answers``: fewer than half of those who gave the outcome
        answered it; ``constant``: everybody gave the same answer.
    correlation : float
        With the outcome; not-a-number where it was not reckoned.
    text : Text
        The reason in words.
    """

    name: str
    label: str
    reason: Reason
    correlation: float
    text: Text


def refused_by_name(item: Item, n_outcome: int) -> Reason | None:
    """Return why an item is no candidate for a cause before any figure is looked at, else None.

    Parameters
    ----------
    item : Item
        The item.
    n_outcome : int
        Answers to the outcome.
    """
    if 2 * item.n < n_outcome:
        return "few_answers"
    block = block_of(item.name)
    if block in _RESTATING_BLOCKS or _OVERALL.search(item.name):
        return "restates"
    return "consequence" if block in _CONSEQUENCES else None


def refused_by_figures(correlation: float, spread: float) -> Reason | None:
    """Return why an item is no candidate by its correlation with the outcome and its standard deviation."""
    if spread <= 0:
        return "constant"
    return "correlation" if abs(correlation) > RESTATING_CORRELATION else None


def left_out(item: Item, label: str, reason: Reason, correlation: float) -> LeftOut:
    """Return an item that is left out, with the reason in words."""
    words = _words(reason, correlation)
    return LeftOut(name=item.name, label=label, reason=reason, correlation=correlation, text=words)


def _words(reason: Reason, correlation: float) -> Text:
    if reason == "correlation":
        return Text("It says the same as the score itself (r = {r}).", r=Decimal(correlation))
    words: dict[Reason, Text] = {
        "few_answers": Text("Fewer than half of the customers asked answered it."),
        "constant": Text("Everybody gave the same answer."),
        "restates": Text(
            "A judgement of the whole (image, value, satisfaction): the score in other words, no cause of it."
        ),
        "consequence": Text("It follows from satisfaction and does not cause it."),
    }
    return words[reason]
