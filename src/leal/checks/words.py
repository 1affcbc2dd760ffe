"""Figures as the findings write them: estimate with its interval, money rounded."""

from __future__ import annotations

from leal.results import Estimate, Money
from leal.wording import Formatted, RoundAmount, Text


def told(value: Estimate) -> Text:
    """Return a figure with its interval: "27 % (24 % to 30 %)"."""
    return Text(
        "{figure} ({low} to {high})",
        figure=figure(value, value.estimate),
        low=figure(value, value.ci_low),
        high=figure(value, value.ci_high),
    )


def figure(value: Estimate, number: float) -> Formatted:
    """Return a number as `value` writes it; money to three digits."""
    return RoundAmount(number, value.currency) if isinstance(value, Money) else value.figure(number)
