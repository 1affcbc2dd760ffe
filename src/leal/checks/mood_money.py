"""What a fall of a score costs: customers one group down, times what a step down is worth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import polars as pl

from leal.checks.book import Book
from leal.checks.common import silence_beyond
from leal.checks.words import told
from leal.results import Grade, Money
from leal.statistics import standard_error_of, two_sided_z
from leal.wording import Text

STEPS_DOWN = (("promoter", "passive"), ("passive", "detractor"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StepValue:
    """Yearly money that one customer brings less after a step down (promoter to passive to detractor).

    Attributes
    ----------
    money : Money
        A positive amount is a loss.
    error : float
        Its standard error.
    source : {"within", "silence"}
        From customers who answered twice, or from how much oftener the lower groups stop buying.
    """

    money: Money
    error: float
    source: Literal["within", "silence"]

    def said(self) -> Text:
        """Return the link in words, with how well it is founded."""
        if self.source == "within":
            return Text(
                "One step down costs {money} a year and customer, by those who answered twice (grade B).",
                money=told(self.money),
            )
        return Text(
            "One step down costs {money} a year and customer, by how much oftener lower groups stop buying"
            " (grade C: a correlation).",
            money=told(self.money),
        )


def step_value(book: Book) -> StepValue | None:
    """Return what a step down is worth: within customers where that is sure, else by silence; else None."""
    if book.lacking(answers=("customer", "recommend"), purchases=("customer", "bought_at", "amount")):
        return None
    within = _within(book)
    if within is not None and within.money.ci_low > 0:
        return within
    silence = _silence(book)
    if silence is not None and silence.money.ci_low > 0:
        return silence
    return next((one for one in (within, silence) if one is not None and one.money.estimate > 0), None)


def money_of_fall(fallen: list[tuple[float, float]], step: StepValue, book: Book) -> Money:
    """Return the yearly money of customers who fell a step: the product, both doubts in its interval."""
    customers = sum(moved for moved, _ in fallen)
    error = math.sqrt(sum(one**2 for _, one in fallen))
    lost = customers * step.money.estimate
    reach = two_sided_z(book.level) * math.hypot(customers * step.error, step.money.estimate * error)
    return _money(book, lost, reach, step.money.n, "delta", step.money.grade)


def _within(book: Book) -> StepValue | None:
    known = [one for one in book.movements if (one.origin, one.target) in STEPS_DOWN and one.change.known]
    if not known:
        return None
    errors = [standard_error_of(one.change) for one in known]
    weights = [1 / error**2 if error else 0.0 for error in errors]
    if not sum(weights):
        return None
    mean = -sum(w * one.change.estimate for w, one in zip(weights, known, strict=True)) / sum(weights)
    error = 1 / math.sqrt(sum(weights))
    n = sum(one.change.n for one in known)
    return StepValue(
        money=_money(book, mean, two_sided_z(book.level) * error, n, "inverse_variance", "B"),
        error=error,
        source="within",
    )


def _silence(book: Book) -> StepValue | None:
    """Halve how much oftener detractors stop buying than promoters, in yearly money of a customer."""
    excess = silence_beyond(book, "detractor", "promoter")
    active = book.summary.filter(pl.col("yearly_money") > 0)["yearly_money"]
    if not excess.known or active.is_empty():
        return None
    head = float(active.sum()) / len(active)
    mean, error = head * excess.estimate / 2, head * excess.standard_error / 2
    return StepValue(
        money=_money(book, mean, two_sided_z(book.level) * error, excess.n, excess.method, "C"),
        error=error,
        source="silence",
    )


def _money(book: Book, value: float, reach: float, n: float, method: str, grade: Grade) -> Money:
    return Money(
        estimate=value,
        ci_low=value - reach,
        ci_high=value + reach,
        n=n,
        level=book.level,
        method=method,
        currency=book.currency,
        basis=book.basis,
        grade=grade,
    )
