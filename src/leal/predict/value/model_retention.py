"""How many of last year's customers are still ones: retention by models of purchase, silence seen through."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import polars as pl

from leal.predict.purchase_models.customer_columns import Floats, Rhythm
from leal.predict.purchase_models.mbg_nbd import MbgNbd
from leal.predict.purchase_models.pareto_nbd import ParetoNbd, ParetoNbdFit
from leal.predict.purchase_models.purchase_model import PurchaseModelFit, TooLittleData
from leal.predict.value.customer_bases import PurchaseBase
from leal.predict.value.outlook import MOST_PERTURBED, as_columns
from leal.predict.value.retention_worth import NOBODY_LEAVES
from leal.results import Proportion

FEWEST = 30
"""Customers a period ago below which no retention is told."""

_STEP = 1e-3

_Chances: TypeAlias = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class AliveRetention:
    """Share of the customers of a day who are still customers some time later.

    Attributes
    ----------
    retention : Proportion
        Mean of the models; the interval runs from the lowest limit of any of them to the highest, for they
        differ in when a customer may leave, and the data do not tell which is right.
    by_model : dict
        Retention by each model: ``"Pareto/NBD"`` (leaves at any time), ``"MBG/NBD"`` (after a purchase).
    days : int
        Time between the two days.
    """

    retention: Proportion
    by_model: dict[str, Proportion]
    days: int


def purchase_fits(base: PurchaseBase) -> dict[str, PurchaseModelFit] | None:
    """Return the models whose P(alive) may be shown, fitted; None where there is nothing to learn from."""
    try:
        return {"Pareto/NBD": ParetoNbd().fit(base.summary), "MBG/NBD": MbgNbd().fit(base.summary)}
    except TooLittleData:
        return None


def alive_retention(
    base: PurchaseBase,
    *,
    days: int = 365,
    level: float = 0.95,
    fits: dict[str, PurchaseModelFit] | None = None,
) -> AliveRetention | None:
    """Return how many customers of `days` ago are still ones, or None where too little is known.

    None also where no leaving is visible: then the log is too short to say that all have stayed.

    Parameters
    ----------
    base : PurchaseBase
        Customers and their purchases.
    days : int
        Time looked back.
    level : float
        Confidence level.
    fits : dict of fit, optional
        What `purchase_fits` gave, where it is at hand.

    Notes
    -----
    "Bought in the last year" takes for kept whoever bought once more and left since. Here the sum of P(alive)
    today is divided by the sum of P(alive) then, both given all purchases until today: whoever has bought
    since was alive then for certain; of the others it is P(alive) today over P(alive) had their last purchase
    been on that day (Pareto/NBD), or P(alive) today, for they can only have left at their last purchase
    (MBG/NBD). The interval of a model holds the customers' chance and what its parameters leave open.
    """
    weeks = days / 7
    customers = _old_enough(base.customers, weeks)
    if customers.n < FEWEST:
        return None
    found = purchase_fits(base) if fits is None else fits
    if found is None:
        return None
    by_model = {name: _retention(fit, customers, weeks, level) for name, fit in found.items()}
    if not min(one.estimate for one in by_model.values()) < NOBODY_LEAVES:
        return None
    return AliveRetention(retention=_spanning(list(by_model.values())), by_model=by_model, days=days)


def alive_chances(base: PurchaseBase, fits: dict[str, PurchaseModelFit], *, days: int = 365) -> pl.DataFrame:
    """Return for each customer of `days` ago the probabilities of having been one then and of being one now.

    Parameters
    ----------
    base : PurchaseBase
        Customers and their purchases.
    fits : dict of fit
        What `purchase_fits` gave.
    days : int
        Time looked back.

    Returns
    -------
    DataFrame
        ``customer, then, now``: means over the models; customers who came later are not in it.
    """
    weeks = days / 7
    customers = _old_enough(base.customers, weeks)
    chances = [_chances(fit, customers, weeks) for fit in fits.values()]
    known = base.summary.filter(pl.col("age") >= weeks)["customer"]
    now, then = (np.mean([pair[at] for pair in chances], axis=0) for at in (0, 1))
    return pl.DataFrame({"customer": known, "then": then, "now": now})


def _old_enough(customers: Rhythm, weeks: float) -> Rhythm:
    old = customers.age >= weeks
    return Rhythm(
        frequency=np.ascontiguousarray(customers.frequency[old]),
        recency=np.ascontiguousarray(customers.recency[old]),
        age=np.ascontiguousarray(customers.age[old]),
    )


def _chances(fit: PurchaseModelFit, customers: Rhythm, weeks: float) -> _Chances:
    """Return the probabilities of being a customer today and then, both given all purchases until today."""
    now = fit.p_alive(as_columns(customers))
    then = now
    if isinstance(fit, ParetoNbdFit):
        border = np.where(customers.frequency > 0, np.maximum(customers.age - weeks, customers.recency), 0.0)
        unseen = as_columns(customers) | {"recency": border}
        then = now / np.where(customers.frequency > 0, fit.p_alive(unseen), 1.0)
        # the model takes no last purchase later than the first of one who bought once: their time runs from 0
        then = np.where(customers.frequency > 0, then, _once(fit, customers, weeks, now))
    since = customers.age - customers.recency < weeks
    return now, np.clip(np.where(since, 1.0, then), now, 1.0)


def _once(fit: ParetoNbdFit, customers: Rhythm, weeks: float, now: Floats) -> Floats:
    """Return P(alive then) of one-time buyers: what a purchase that no one made would leave out is added.

    With L the likelihood, 1/P(now) - 1 is the integral of leaving from the first purchase to today; to the
    day then it is that of a customer seen until that day only, scaled by what being alive until today costs.
    """
    r, alpha, s, beta = (fit.parameters[name] for name in ("r", "alpha", "s", "beta"))
    border = np.maximum(customers.age - weeks, 0.0)
    until_then = fit.p_alive(
        {"frequency": np.zeros(customers.n), "recency": np.zeros(customers.n), "age": border}
    )
    cost = ((alpha + customers.age) / (alpha + border)) ** r * ((beta + customers.age) / (beta + border)) ** s
    left_before = (1 / np.maximum(until_then, 1e-12) - 1) * cost
    return np.asarray(1 - left_before * now)


def _retention(fit: PurchaseModelFit, customers: Rhythm, weeks: float, level: float) -> Proportion:
    from scipy.special import ndtri

    now, then = _chances(fit, customers, weeks)
    kept = float(now.sum() / then.sum())
    spread = math.sqrt(_by_chance(now, then, kept) + _by_parameters(fit, customers, weeks))
    reach = float(ndtri(0.5 + level / 2)) * spread
    return Proportion(
        estimate=kept,
        ci_low=max(kept - reach, 0.0),
        ci_high=min(kept + reach, 1.0),
        n=float(then.sum()),
        level=level,
        method="delta",
    )


def _by_chance(now: Floats, then: Floats, kept: float) -> float:
    """Return the variance of the ratio from being there or not: of (there now) - kept (there then)."""
    mean = now - kept * then
    square = now * (1 - 2 * kept) + kept**2 * then
    return float(np.maximum(square - mean**2, 0.0).sum() / then.sum() ** 2)


def _by_parameters(fit: PurchaseModelFit, customers: Rhythm, weeks: float) -> float:
    step = -(-customers.n // MOST_PERTURBED)
    part = Rhythm(
        frequency=np.ascontiguousarray(customers.frequency[::step]),
        recency=np.ascontiguousarray(customers.recency[::step]),
        age=np.ascontiguousarray(customers.age[::step]),
    )

    def kept(point: Floats) -> float:
        now, then = _chances(fit.with_parameters(point), part, weeks)
        return float(now.sum() / then.sum())

    slope = _slope(kept, fit.log_parameters, np.diag(fit.covariance))
    return float(slope @ fit.covariance @ slope)


def _slope(figure: Callable[[Floats], float], point: Floats, variances: Floats) -> Floats:
    slope = np.zeros(point.size)
    for place in np.flatnonzero(variances > 0):
        shift = np.zeros(point.size)
        shift[place] = min(_STEP, 0.1 * math.sqrt(variances[place]))
        slope[place] = (figure(point + shift) - figure(point - shift)) / (2 * shift[place])
    return slope


def _spanning(found: list[Proportion]) -> Proportion:
    return Proportion(
        estimate=sum(one.estimate for one in found) / len(found),
        ci_low=min(one.ci_low for one in found),
        ci_high=max(one.ci_high for one in found),
        n=min(one.n for one in found),
        level=found[0].level,
        method="purchase_models",
    )
