"""What the 30-minute diagnosis assumes where nobody knows: low, likely and high of each input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from leal.wording import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenarios:
    """A figure three times: low, likely, high. It is an opinion, not an interval of confidence."""

    low: float
    likely: float
    high: float


ASSUMED: Mapping[str, Scenarios] = {
    "repeat_share": Scenarios(low=0.3, likely=0.5, high=0.7),
    "retention": Scenarios(low=0.6, likely=0.7, high=0.85),
    "passives": Scenarios(low=0.25, likely=0.35, high=0.45),
    "moved": Scenarios(low=0.05, likely=0.1, high=0.2),
    "more": Scenarios(low=0.05, likely=0.15, high=0.3),
    "kept": Scenarios(low=0.05, likely=0.1, high=0.2),
    "unnoticed": Scenarios(low=0.2, likely=0.4, high=0.6),
    "idle": Scenarios(low=0.3, likely=0.5, high=0.7),
    "misaimed": Scenarios(low=0.1, likely=0.25, high=0.4),
    "returned": Scenarios(low=0.1, likely=0.2, high=0.35),
    "turned": Scenarios(low=0.01, likely=0.02, high=0.05),
    "unseen": Scenarios(low=0.25, likely=0.5, high=1.0),
    "satisfied_leavers": Scenarios(low=0.4, likely=0.6, high=0.8),
    "to_rivals": Scenarios(low=0.3, likely=0.5, high=0.7),
    "unearning": Scenarios(low=0.3, likely=0.5, high=0.7),
    "discount": Scenarios(low=0.1, likely=0.1, high=0.1),
}
"""What is assumed where nobody knows, as shares: wide on purpose, every one of them an opinion (grade D)."""

ASSUMPTION_WORDS: Mapping[str, Text] = {
    "customers": Text("Customers"),
    "yearly_spend": Text("Money of a customer a year"),
    "margin": Text("Margin, of revenue"),
    "repeat_share": Text("Repeat sales, of all revenue"),
    "retention": Text("Retention in a year"),
    "passives": Text("Passives, of repeat sales"),
    "moved": Text("Passives who become promoters by a year's work"),
    "more": Text("What such a customer buys more"),
    "kept": Text("Kept of the customers who now leave"),
    "loyalty_spend": Text("Cost of loyalty a year"),
    "unnoticed": Text("Unnoticed, of the cost of loyalty"),
    "idle": Text("Spent on what changes nothing, of the cost of loyalty"),
    "misaimed": Text("Aimed at the wrong customers, of the cost of loyalty"),
    "care_spend": Text("Cost of complaints a year"),
    "returned": Text("Coming again for the same cause, of complaints"),
    "turned": Text("Money lost where the mood turns"),
    "unseen": Text("Part of a year until that is seen"),
    "satisfied_leavers": Text("Satisfied, of the customers who leave"),
    "to_rivals": Text("Going to rivals, of the customers who leave"),
    "wishes_spend": Text("Cost of wishes and new services a year"),
    "unearning": Text("Earning nothing, of the cost of wishes"),
    "discount": Text("Interest on future money"),
}
