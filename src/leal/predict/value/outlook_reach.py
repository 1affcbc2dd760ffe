"""How far the total of an outlook may lie from its estimate because the parameters are not known."""

from __future__ import annotations

import math

from leal.predict.purchase_models.customer_columns import Floats
from leal.predict.purchase_models.pareto_nbd import ParetoNbdFit
from leal.predict.purchase_models.profile_limits import Curve, figure_curve
from leal.predict.purchase_models.purchase_model import (
    ParametricFit,
    PurchaseModelFit,
    plus_or_minus,
    total_reach,
)
from leal.predict.value.outlook import Outlook, as_columns

LEVEL = 0.95
"""Level of the limits of which standard errors are made."""

MOST_LOOKED_AT = 2_000
"""Customers of whom the shape of the total is learned; of more, every k-th."""


def standard_errors(outlook: Outlook) -> tuple[float, float]:
    """Return the standard errors of the logarithm of an outlook's total, below and above it.

    Notes
    -----
    A limit's distance divided by the normal quantile. Purchases and amounts are fitted to different data, so
    that their distances on a side are independent: each is that of the profile likelihood with the other
    model held, and their squares add up. Money a week later being worth little less, the total by parameters
    of the purchases is learned without discounting, within a horizon in which as much is expected.
    """
    from scipy.special import ndtri

    step = -(-outlook.customers.n // MOST_LOOKED_AT)
    some = outlook if step <= 1 else outlook.of(slice(None, None, step))
    if not float(some.value.sum()) > 0:
        return 0.0, 0.0
    found = [_reach(outlook.fit, _of_purchases(some))]
    if outlook.spend_fit is not None:
        found.append(_reach(outlook.spend_fit, _of_amounts(some)))
    reach = float(ndtri(0.5 + LEVEL / 2))
    below, above = (math.hypot(*side) / reach for side in zip(*found, strict=True))
    return below, above


def _reach(fit: PurchaseModelFit | ParametricFit, curve: Curve) -> tuple[float, float]:
    """Return the distances of the limits; plus-or-minus where the data set none."""
    low, high, _ = total_reach(fit, curve, LEVEL)
    if math.isinf(low) or math.isinf(high):
        known = plus_or_minus(fit, curve, LEVEL)
        known = known if math.isfinite(known) else 0.0
        low, high = (low if math.isfinite(low) else -known), (high if math.isfinite(high) else known)
    return low, high


def _of_purchases(some: Outlook) -> Curve:
    columns, paid, weeks = as_columns(some.customers), some.spending.mean, _as_much_undiscounted(some)
    if isinstance(some.fit, ParetoNbdFit):
        return some.fit.total_curve(some.customers, weeks, paid)

    def total(point: Floats) -> float:
        return float(paid @ some.fit.with_parameters(point).expected_purchases(columns, weeks=weeks))

    return figure_curve(total)


def _as_much_undiscounted(some: Outlook) -> float:
    """Return the weeks in which as much is expected as within the horizon, discounted."""
    from scipy.optimize import brentq

    columns, wanted = as_columns(some.customers), float(some.discounted.sum())

    def more(weeks: float) -> float:
        return float(some.fit.expected_purchases(columns, weeks=weeks).sum()) - wanted

    return some.weeks if more(some.weeks) <= 0 else float(brentq(more, 0.0, some.weeks, rtol=1e-3))


def _of_amounts(some: Outlook) -> Curve:
    fit = some.spend_fit
    assert fit is not None
    return fit.total_curve(some.customers.frequency, some.spend, some.discounted)
