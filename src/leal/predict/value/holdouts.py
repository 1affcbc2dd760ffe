"""How a model would have foretold the last part of the data, had it seen only what came before."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import polars as pl

from leal.predict.purchase_models.customer_columns import CustomersLike, Floats
from leal.predict.purchase_models.gamma_gamma import GammaGamma, GammaGammaFit
from leal.predict.purchase_models.purchase_model import PurchaseModelFit, TooLittleData
from leal.predict.value.customer_bases import PurchaseBase
from leal.predict.value.outlook import Outlook
from leal.results import Estimate, Money, to_plain
from leal.wording import Count, Decimal, Percent, Text

FEWEST_REPEATERS = 10
"""Customers who bought again below which nothing is foretold."""


class PurchaseModel(Protocol):
    """A model of repeat purchases before it has seen data."""

    def fit(self, customers: CustomersLike) -> PurchaseModelFit:
        """Return the model fitted to customers."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdout:
    """A forecast of weeks that the model had not seen, beside what came.

    Attributes
    ----------
    weeks : float
        Length of the unseen part.
    customers : int
        Customers known before it; those who came later are in neither figure.
    actual : int
        Repeat purchases that they made in it.
    expected : Estimate
        Those that the model expected; the interval is of what may really come.
    bias : float
        expected / actual - 1.
    mean_error : float
        Mean absolute error of the purchases of a customer.
    naive_bias, naive_mean_error : float
        The same had every customer gone on at the rate so far.
    correlation : float
        Of expected and actual purchases over customers.
    actual_money : float
        Money that they brought in it (refunds off).
    expected_money : Money
        Money that was expected.
    """

    weeks: float
    customers: int
    actual: int
    expected: Estimate
    bias: float
    mean_error: float
    naive_bias: float
    naive_mean_error: float
    correlation: float
    actual_money: float
    expected_money: Money

    @property
    def held(self) -> bool:
        """Whether what came lies within the interval."""
        return self.expected.ci_low <= self.actual <= self.expected.ci_high

    @property
    def money_bias(self) -> float:
        """Expected money / actual money - 1; not-a-number where none came."""
        return self.expected_money.estimate / self.actual_money - 1 if self.actual_money > 0 else math.nan

    def sentence(self) -> Text:
        """Return in one sentence how the forecast held, beside the naive one."""
        return Text(
            "Tried on the last {weeks} weeks, unseen: {expected} purchases expected ({low} to {high}),"
            " {actual} came ({bias}); going on at the rate so far would have missed by {naive}.",
            weeks=Count(self.weeks),
            expected=Count(self.expected.estimate),
            low=Count(self.expected.ci_low),
            high=Count(self.expected.ci_high),
            actual=Count(self.actual),
            bias=Percent(self.bias, 1, signed=True),
            naive=Percent(self.naive_bias, 1, signed=True),
        )

    def __str__(self) -> str:
        return self.sentence()

    def errors_sentence(self) -> Text:
        """Return the mean errors of a customer in one sentence."""
        return Text(
            "Mean error a customer: {error} purchases; at the rate so far {naive}.",
            error=Decimal(self.mean_error, 2),
            naive=Decimal(self.naive_mean_error, 2),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain JSON values."""
        return to_plain(self) | {"sentence": str(self)}  # type: ignore[no-any-return]


def holdout_weeks(base: PurchaseBase, weeks: float) -> float:
    """Return how much of the data is held out: as long as the forecast, a third of the data at most."""
    return float(min(weeks, math.floor(base.weeks / 3)))


def forecast_holdout(
    base: PurchaseBase, model: PurchaseModel, weeks: float, *, level: float = 0.95
) -> Holdout | None:
    """Fit a model without the last `weeks` weeks and let it foretell them; None where too little is left."""
    if weeks < 1:
        return None
    past = base.before(base.until - round(7 * weeks))
    if past.repeaters < FEWEST_REPEATERS:
        return None
    try:
        fit = model.fit(past.summary)
    except TooLittleData:
        return None
    return _compared(base, past, fit, weeks, level)


def _compared(
    base: PurchaseBase, past: PurchaseBase, fit: PurchaseModelFit, weeks: float, level: float
) -> Holdout | None:
    later = base.days.filter(pl.col("day") > past.until).group_by("customer")
    money = later.agg((pl.col("amount") > 0).sum().alias("bought"), pl.col("amount").sum().alias("money"))
    seen = past.summary.select("customer").join(money, on="customer", how="left", maintain_order="left")
    actual = seen["bought"].fill_null(0).cast(pl.Float64).to_numpy()
    if actual.sum() == 0:
        return None
    spend_fit = fitted_spend(past)
    outlook = Outlook(
        fit=fit,
        spend_fit=spend_fit,
        customers=past.customers,
        spend=past.spend,
        amounts=past.amounts,
        margin=replace(past, given_margin=1.0).margin,
        weeks=weeks,
        discount=0.0,
    )
    expected = outlook.purchases
    age = np.maximum(outlook.customers.age, 1 / 7)
    naive = outlook.customers.frequency / age * weeks
    return Holdout(
        weeks=weeks,
        customers=past.summary.height,
        actual=int(actual.sum()),
        expected=_estimate(outlook.counting(), level),
        bias=float(expected.sum() / actual.sum() - 1),
        mean_error=float(np.abs(expected - actual).mean()),
        naive_bias=float(naive.sum() / actual.sum() - 1),
        naive_mean_error=float(np.abs(naive - actual).mean()),
        correlation=_correlation(expected, actual),
        actual_money=float(seen["money"].sum() or 0.0),
        expected_money=_money(outlook, base.currency, level),
    )


def fitted_spend(base: PurchaseBase) -> GammaGammaFit | None:
    """Return the model of amounts; None where too few bought again to tell customers apart."""
    try:
        return GammaGamma().fit(base.summary)
    except TooLittleData:
        return None


def _estimate(outlook: Outlook, level: float) -> Estimate:
    low, high = outlook.limits(level)
    return Estimate(
        estimate=float(outlook.value.sum()),
        ci_low=low,
        ci_high=high,
        n=outlook.customers.n,
        level=level,
        method="purchase_model",
    )


def _money(outlook: Outlook, currency: str | None, level: float) -> Money:
    low, high = outlook.limits(level)
    return Money(
        estimate=float(outlook.value.sum()),
        ci_low=low,
        ci_high=high,
        n=outlook.customers.n,
        level=level,
        method="purchase_model",
        currency=currency,
        basis="revenue",
        period="period",
    )


def _correlation(first: Floats, second: Floats) -> float:
    spread = float(first.std() * second.std())
    return float(np.corrcoef(first, second)[0, 1]) if spread > 0 else math.nan
