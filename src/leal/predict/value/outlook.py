"""What a base of customers will bring within a horizon: expectation, chance, and what the fit leaves open."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from leal.predict.purchase_models.customer_columns import Floats, Rhythm
from leal.predict.purchase_models.futures import Alive, alive_of, future_of
from leal.predict.purchase_models.gamma_gamma import GammaGammaFit
from leal.predict.purchase_models.pareto_nbd import ParetoNbdFit
from leal.predict.purchase_models.purchase_model import PurchaseModelFit
from leal.predict.purchase_models.spending import Spending, same_spending, spending_of
from leal.predict.purchase_models.weekly_discount import weekly_factor

MOST_PERTURBED = 5_000
"""Customers on whom the slopes in the parameters are taken; of more, every k-th."""

_BOUGHT = ("p_alive", "purchases", "discounted")
"""What hangs neither on amounts nor on the margin."""

_STEP = 1e-3
_NODES = 20


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """Customers, what was fitted to them, and how far and at what interest to look ahead.

    Attributes
    ----------
    fit : PurchaseModelFit
        Of the purchases.
    spend_fit : GammaGammaFit or None
        Of the amounts; None where nobody bought again twice over.
    customers : Rhythm
        Frequency, recency, age.
    spend : array of float
        Mean amount of the repeat purchases.
    amounts : array of float
        Amounts of single purchases, looked at where there is no `spend_fit`.
    margin : float
        What a unit of revenue is worth.
    weeks : float
        Horizon.
    discount : float
        Rate of interest a year.
    missed : float
        Relative variance of what the model itself has missed before, beyond chance and parameters.
    """

    fit: PurchaseModelFit
    spend_fit: GammaGammaFit | None
    customers: Rhythm
    spend: Floats
    amounts: Floats
    margin: float
    weeks: float
    discount: float
    missed: float = 0.0

    @cached_property
    def p_alive(self) -> Floats:
        """Probability that each customer is still one."""
        return self.fit.p_alive(as_columns(self.customers))

    @cached_property
    def alive(self) -> Alive:
        """What is known of those who are."""
        return alive_of(self.fit, self.customers)

    @cached_property
    def purchases(self) -> Floats:
        """Expected purchases of each customer within the horizon."""
        return self.fit.expected_purchases(as_columns(self.customers), weeks=self.weeks)

    @cached_property
    def discounted(self) -> Floats:
        """The same, each week's worth discounted to today."""
        return discounted_purchases(self.fit, self.customers, self.weeks, self.discount)

    @cached_property
    def spending(self) -> Spending:
        """Amounts of purchases to come."""
        if self.spend_fit is None:
            return same_spending(self.amounts, self.customers.n)
        return spending_of(self.spend_fit, self.customers.frequency, self.spend)

    @cached_property
    def value(self) -> Floats:
        """Expected money of each customer within the horizon, discounted."""
        return self.margin * self.discounted * self.spending.mean

    @cached_property
    def chance(self) -> Chance:
        """What each customer may really bring, the parameters taken as known."""
        future = future_of(self.alive, self.weeks)
        paid = self.spending
        # purchases come spread over the horizon: each is worth what a mean one is worth today
        today = np.divide(
            self.discounted, self.purchases, out=np.ones_like(self.purchases), where=self.purchases > 0
        )
        squares = self.p_alive * (future.pairs * paid.product + future.mean * paid.square)
        return Chance(
            mean=self.value,
            square=(self.margin * today) ** 2 * squares,
            nothing=1 - self.p_alive * (1 - future.nothing),
        )

    def limits(self, level: float) -> tuple[float, float]:
        """Return the limits of what all customers will really bring: chance and the fit's uncertainty.

        Notes
        -----
        On the logarithm, the distances that chance alone and the parameters alone leave on a side are joined
        as independent ones (square root of the sum of squares, Zou and Donner 2008): each keeps its lean.
        """
        from scipy.special import ndtri

        chance = self.chance.together()
        mean = float(chance.mean[0])
        low, high = (float(limit[0]) for limit in chance.interval(level))
        if not (mean > 0 and high > 0):
            return low, high
        reach = float(ndtri(0.5 + level / 2))
        below, above = (reach * math.hypot(error, math.sqrt(self.missed)) for error in self.open_errors)
        down = math.hypot(math.log(mean / low), below) if low > 0 else math.inf
        return mean * math.exp(-down), mean * math.exp(math.hypot(math.log(high / mean), above))

    @property
    def uncertainty(self) -> float:
        """Relative variance of the total that neither chance nor customers explain: parameters and model."""
        return (sum(self.open_errors) / 2) ** 2 + self.missed

    @cached_property
    def open_errors(self) -> tuple[float, float]:
        """Standard errors of the total's logarithm, below and above it, that the parameters leave."""
        from leal.predict.value.outlook_reach import standard_errors

        return standard_errors(self)

    def counting(self) -> Outlook:
        """Return the same outlook with every purchase counted as one."""
        return replace(self, spend_fit=None, amounts=np.ones(1), margin=1.0)

    def paying(self, **changes: Any) -> Outlook:
        """Return the outlook with another `spend_fit` or `margin`; what is bought is not reckoned again."""
        other = replace(self, **changes)
        for name in _BOUGHT:
            other.__dict__[name] = getattr(self, name)
        return other

    def of(self, rows: Floats | slice) -> Outlook:
        """Return the outlook of some of the customers."""
        chosen = Rhythm(
            frequency=np.ascontiguousarray(self.customers.frequency[rows]),
            recency=np.ascontiguousarray(self.customers.recency[rows]),
            age=np.ascontiguousarray(self.customers.age[rows]),
        )
        return replace(self, customers=chosen, spend=np.ascontiguousarray(self.spend[rows]))

    @cached_property
    def part(self) -> Outlook:
        """As many customers as are needed to learn slopes from."""
        step = -(-self.customers.n // MOST_PERTURBED)
        return self if step <= 1 else self.of(slice(None, None, step))

    def perturbed(self, width: float = _STEP) -> Iterator[tuple[Outlook, Outlook, float]]:
        """Yield outlooks with one parameter a step up and down, and the step; first of the purchases.

        Parameters on the boundary are skipped: `covariance` has only the others.
        """
        fit, spend_fit = self.fit, self.spend_fit
        for place, step in _steps(fit, width):
            points = (_moved(fit.log_parameters, place, way * step) for way in (1, -1))
            up, down = (replace(self, fit=fit.with_parameters(point)) for point in points)
            yield up, down, step
        if spend_fit is None:
            return
        for place, step in _steps(spend_fit, width):
            points = (_moved(spend_fit.log_parameters, place, way * step) for way in (1, -1))
            up, down = (self.paying(spend_fit=spend_fit.with_parameters(point)) for point in points)
            yield up, down, step

    @cached_property
    def covariance(self) -> Floats:
        """Covariance of the logarithms of the free parameters, in the order of `perturbed`."""
        blocks = [_free(self.fit.covariance)]
        blocks += [] if self.spend_fit is None else [_free(self.spend_fit.covariance)]
        size = sum(len(block) for block in blocks)
        whole, at = np.zeros((size, size)), 0
        for block in blocks:
            whole[at : at + len(block), at : at + len(block)] = block
            at += len(block)
        return whole

    def slopes(self, figures: Callable[[Outlook], Floats]) -> Floats:
        """Return how figures of the part of the base change with the parameters (figures x parameters)."""
        columns = [(figures(up) - figures(down)) / (2 * step) for up, down, step in self.part.perturbed()]
        return np.stack(columns, axis=-1) if columns else np.zeros((*np.shape(figures(self.part)), 0))


@dataclass(frozen=True, kw_only=True)
class Chance:
    """What may be brought, by its moments: mean, mean square, probability of nothing; one entry each."""

    mean: Floats
    square: Floats
    nothing: Floats

    def blurred(self, relative_variance: float) -> Chance:
        """Return the same with what the parameters leave open."""
        return replace(self, square=self.square + self.mean**2 * relative_variance)

    def together(self) -> Chance:
        """Return what all bring together, one entry; customers are independent given the parameters."""
        mean = self.mean.sum()
        variance = np.maximum(self.square - self.mean**2, 0.0).sum()
        nothing = np.exp(np.log(np.maximum(self.nothing, 1e-300)).sum())
        one = (np.atleast_1d(mean), np.atleast_1d(mean**2 + variance), np.atleast_1d(nothing))
        return Chance(mean=one[0], square=one[1], nothing=one[2])

    def interval(self, level: float) -> tuple[Floats, Floats]:
        """Return the limits within which the sums fall with probability `level`.

        Notes
        -----
        What is not nothing is taken for gamma distributed with the mean and variance that it has. Where
        nothing at all is likelier than half of 1 - level, the interval begins at nothing and the whole of 1 -
        level lies above it.
        """
        from scipy.special import gammaincinv

        tail = (1 - level) / 2
        something = np.maximum(1 - self.nothing, 1e-12)
        mean = self.mean / something
        variance = np.maximum(self.square / something - mean**2, 0.0)
        fixed = variance <= 1e-12 * mean**2
        shape = mean**2 / np.where(fixed, 1.0, variance)
        from_zero = self.nothing > tail
        low_part = np.clip((tail - self.nothing) / something, 0.0, 1.0)
        high_part = np.where(from_zero, level - self.nothing, 1 - tail - self.nothing) / something
        scale = np.where(fixed, mean, mean / np.maximum(shape, 1e-300))

        def place(part: Floats) -> Floats:
            inside = np.where(fixed, 1.0, gammaincinv(np.maximum(shape, 1e-12), np.clip(part, 0.0, 1.0)))
            return np.where(part > 0, scale * inside, 0.0)

        return np.where(from_zero, 0.0, place(low_part)), place(np.clip(high_part, 0.0, 1.0))


def discounted_purchases(fit: PurchaseModelFit, customers: Rhythm, weeks: float, discount: float) -> Floats:
    """Return the discounted purchases expected, each week's to today from its end (52 weeks a year).

    Notes
    -----
    The sum over weeks of (E(w) - E(w - 1)) f^w is E(W) f^W plus the sum of E(w) (f^w - f^(w + 1)) over the
    weeks before. The latter is a sum of a smooth function with positive weights, which 20 nodes of Gaussian
    quadrature give to eight digits: a year costs 21 looks ahead and not 52, ten years no more.
    """
    whole = math.ceil(weeks)
    factor = weekly_factor(discount)
    within = np.arange(1.0, whole)
    places, weights = _gauss(within, factor**within - factor ** (within + 1))
    return _summed(fit, customers, np.append(places, weeks), np.append(weights, factor**whole))


def _summed(fit: PurchaseModelFit, customers: Rhythm, weeks: Floats, weights: Floats) -> Floats:
    """Return a weighted sum of the purchases expected within several times."""
    if isinstance(fit, ParetoNbdFit):
        return fit.summed_purchases(customers, weeks, weights)
    columns, total = as_columns(customers), np.zeros(customers.n)
    for ahead, weight in zip(weeks.tolist(), weights.tolist(), strict=True):
        total = total + weight * fit.expected_purchases(columns, weeks=ahead)
    return total


def _gauss(places: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return few places and weights that sum smooth functions as the many given ones do (Lanczos)."""
    total = weights.sum()
    if not total > 0:
        return np.zeros(0), np.zeros(0)
    nodes = min(_NODES, places.size)
    middle, off = np.zeros(nodes), np.zeros(nodes)
    basis = np.zeros((nodes + 1, places.size))
    basis[0] = np.sqrt(weights / total)
    for k in range(nodes):
        step = places * basis[k]
        middle[k] = step @ basis[k]
        # against all earlier ones, for rounding would let two grow alike
        step = step - basis[: k + 1].T @ (basis[: k + 1] @ step)
        step = step - basis[: k + 1].T @ (basis[: k + 1] @ step)
        off[k] = math.sqrt(step @ step)
        basis[k + 1] = step / off[k] if off[k] > 0 else 0.0
    values, vectors = np.linalg.eigh(np.diag(middle) + np.diag(off[:-1], 1) + np.diag(off[:-1], -1))
    return np.asarray(values), np.asarray(total * vectors[0] ** 2)


def as_columns(customers: Rhythm) -> dict[str, Floats]:
    """Return customers as a model takes them."""
    return {"frequency": customers.frequency, "recency": customers.recency, "age": customers.age}


def _steps(fit: PurchaseModelFit | GammaGammaFit, width: float) -> Iterator[tuple[int, float]]:
    errors = np.sqrt(np.diag(fit.covariance))
    for place in np.flatnonzero(errors > 0):
        yield int(place), float(min(width, 0.1 * errors[place]))


def _free(covariance: Floats) -> Floats:
    free = np.flatnonzero(np.diag(covariance) > 0)
    return covariance[np.ix_(free, free)]


def _moved(point: Floats, place: int, step: float) -> Floats:
    moved = point.copy()
    moved[place] += step
    return moved
