"""What a customer is worth who brings m a year and stays with probability r: the margin multiple."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from leal.errors import BadValue
from leal.results import Basis, Money
from leal.statistics import two_sided_z
from leal.wording import Text

DISCOUNT = 0.1


def margin_multiple(retention: float, discount: float = DISCOUNT) -> float:
    """Return how many years' money a customer is worth: r/(1 + i - r).

    Parameters
    ----------
    retention : float
        Probability of staying from one year to the next, 0..1.
    discount : float
        Rate of interest a year, above 0.

    Notes
    -----
    The sum of (r/(1 + i))^t over t = 1, 2, ...: this year's money is not in it. It takes retention as
    constant; where those who have stayed long stay longer it undervalues (Fader and Hardie 2007).

    References
    ----------
    Gupta and Lehmann (2003), Journal of Interactive Marketing 17(1), 9-24.

    Examples
    --------
    >>> round(margin_multiple(.9, .12), 4)
    4.0909
    """
    _require(retention, discount)
    return retention / (1 + discount - retention)


def multiple_sensitivity(retention: float, discount: float = DISCOUNT) -> float:
    """Return what retention is worth at the margin, in years' money: (1 + i)/(1 + i - r)^2.

    Times the yearly money of a customer and .01, it is the value of one point of retention.
    """
    _require(retention, discount)
    return (1 + discount) / (1 + discount - retention) ** 2


def _require(retention: float, discount: float) -> None:
    if not 0 <= retention <= 1 or discount <= 0:
        raise BadValue(
            Text(
                "Retention {retention} with interest {discount} gives no value.",
                retention=retention,
                discount=discount,
            ),
            hint=Text("Give retention as a fraction from 0 to 1, and an interest rate above 0."),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerValue:
    """What customers of one kind are worth.

    Attributes
    ----------
    value : Money
        Of one customer over the years to come, without this one.
    one_point : Money
        What one point of retention changes in it.
    yearly : float
        Money a year and customer.
    retention : float
        Yearly.
    discount : float
        Rate of interest a year.
    """

    value: Money
    one_point: Money
    yearly: float
    retention: float
    discount: float


def customer_value(
    yearly: float,
    yearly_error: float,
    retention: float,
    retention_error: float,
    *,
    n: float,
    discount: float = DISCOUNT,
    level: float = 0.95,
    currency: str | None = None,
    basis: Basis = "revenue",
) -> CustomerValue:
    """Return the value of a customer and of a point of retention, with intervals (delta method).

    Parameters
    ----------
    yearly, yearly_error : float
        Mean money a year and customer, and its standard error.
    retention, retention_error : float
        Yearly retention and its standard error.
    n : float
        Customers that it rests on.
    discount, level, currency, basis
        Rate of interest; confidence level; how money is written.

    Notes
    -----
    Where customers bring money neither can be below zero, whatever a few of them leave open: a limit that
    would be is zero.
    """
    z = two_sided_z(level)
    multiple = margin_multiple(retention, discount)
    slope = multiple_sensitivity(retention, discount)
    curve = 2 * slope / (1 + discount - retention)
    value_error = float(np.hypot(multiple * yearly_error, slope * yearly * retention_error))
    point_error = float(np.hypot(slope * yearly_error, curve * yearly * retention_error)) / 100
    shared: dict[str, Any] = {"n": n, "level": level, "method": "delta", "currency": currency, "basis": basis}
    return CustomerValue(
        value=_around(multiple * yearly, z * value_error, shared),
        one_point=_around(slope * yearly / 100, z * point_error, shared),
        yearly=yearly,
        retention=retention,
        discount=discount,
    )


def _around(estimate: float, reach: float, shared: dict[str, Any]) -> Money:
    low = estimate - reach
    return Money(
        estimate=estimate,
        ci_low=max(low, 0.0) if estimate >= 0 else low,
        ci_high=estimate + reach,
        period="once",
        grade="C",
        **shared,
    )
