"""What is known of the future of customers who are still there: mean, spread, chance of nothing.

The models of repeat purchase give expectations. How far a customer's real future lies from them by chance
needs second moments, which the published formulas lack; here they follow from the posterior of the rates of a
customer who is alive, which has a closed form in every model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np

from leal.predict.purchase_models.beta_geometric import BetaGeometricFit
from leal.predict.purchase_models.customer_columns import Floats, Rhythm
from leal.predict.purchase_models.pareto_nbd import ParetoNbdFit
from leal.predict.purchase_models.purchase_model import PurchaseModelFit

Leaving = Literal["in_time", "at_purchase", "never"]
"""When a customer can leave: at any moment (Pareto/NBD), after a purchase (BG/NBD, MBG/NBD), never (NBD)."""

_BETA_NODES = 10
_TIME_NODES = 24
_TINY = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive:
    """What the past says of the rates of customers who are still there, one entry a customer.

    Attributes
    ----------
    shape, rate : array of float
        Gamma distribution of the purchases a week.
    leaving : {"in_time", "at_purchase", "never"}
        When a customer can leave.
    first, second : array of float
        Of the leaving: Gamma(first, rate second) of the departures a week, or Beta(first, second) of the
        chance to leave after a purchase; not looked at where nobody leaves.
    factor : float
        What the rate or chance of leaving is multiplied by: below 1 customers stay longer than before.
    """

    shape: Floats
    rate: Floats
    leaving: Leaving
    first: Floats
    second: Floats
    factor: float = 1.0

    def staying(self, factor: float) -> Alive:
        """Return the same customers with the leaving multiplied by `factor`."""
        return replace(self, factor=factor)


def alive_of(fit: PurchaseModelFit, customers: Rhythm) -> Alive:
    """Return what a fit says of the rates of these customers, given that they are still there.

    Notes
    -----
    The posterior given the past and being alive: the gamma distribution of the purchases gets the purchases
    and the time seen; that of the leaving gets the time survived (Pareto/NBD), the beta distribution of its
    chance the purchases survived (BG/NBD all but the first one, MBG/NBD all).
    """
    parameters = fit.parameters
    shape = parameters["r"] + customers.frequency
    rate = parameters["alpha"] + customers.age
    if isinstance(fit, ParetoNbdFit):
        first = np.full_like(shape, parameters["s"])
        second = parameters["beta"] + customers.age
        return Alive(shape=shape, rate=rate, leaving="in_time", first=first, second=second)
    if isinstance(fit, BetaGeometricFit):
        first = np.full_like(shape, parameters["a"])
        second = parameters["b"] + customers.frequency + fit.chances
        return Alive(shape=shape, rate=rate, leaving="at_purchase", first=first, second=second)
    nothing = np.zeros_like(shape)
    return Alive(shape=shape, rate=rate, leaving="never", first=nothing, second=nothing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Future:
    """Purchases within a horizon of customers who are there at its start, one entry a customer.

    Attributes
    ----------
    mean : array of float
        Expected purchases.
    pairs : array of float
        Expected ordered pairs of purchases, N (N - 1): with `mean` it gives the variance.
    nothing : array of float
        Probability of no purchase at all.
    stays : array of float
        Probability of being there at the end.
    """

    mean: Floats
    pairs: Floats
    nothing: Floats
    stays: Floats


def future_of(alive: Alive, weeks: float) -> Future:
    """Return what customers who are there will do in the next `weeks` weeks.

    Notes
    -----
    Given the rates of a customer, purchases are a Poisson process that ends with the leaving. Its moments are
    integrated over the posterior of the rates: over that of the purchases in closed form, over that of the
    leaving by Gaussian quadrature.
    """
    if alive.leaving == "in_time":
        return _leaving_in_time(alive, weeks)
    if alive.leaving == "at_purchase":
        return _leaving_at_purchase(alive, weeks)
    mean = alive.shape / alive.rate * weeks
    nothing = (alive.rate / (alive.rate + weeks)) ** alive.shape
    pairs = mean**2 * (1 + 1 / alive.shape)
    return Future(mean=mean, pairs=pairs, nothing=nothing, stays=np.ones_like(mean))


def _leaving_in_time(alive: Alive, weeks: float) -> Future:
    """Integrate over the time until the customer leaves: S(u) = (C / (C + u))^s."""
    places, weights = _time_nodes()
    slow = alive.second / alive.factor
    stayed, stayed_by_time, silent = (np.zeros_like(slow) for _ in range(3))
    for place, weight in zip((places + 1) / 2 * weeks, weights / 2 * weeks, strict=True):
        there = (slow / (slow + place)) ** alive.first
        stayed += weight * there
        stayed_by_time += weight * 2 * place * there
        leaves = alive.first / (slow + place) * there
        silent += weight * leaves * (alive.rate / (alive.rate + place)) ** alive.shape
    stays = (slow / (slow + weeks)) ** alive.first
    often = alive.shape / alive.rate
    return Future(
        mean=often * stayed,
        pairs=often**2 * (1 + 1 / alive.shape) * stayed_by_time,
        nothing=silent + stays * (alive.rate / (alive.rate + weeks)) ** alive.shape,
        stays=stays,
    )


@cache
def _time_nodes() -> tuple[Floats, Floats]:
    places, weights = np.polynomial.legendre.leggauss(_TIME_NODES)
    return np.asarray(places), np.asarray(weights)


def _leaving_at_purchase(alive: Alive, weeks: float) -> Future:
    """Integrate over the chance to leave after a purchase."""
    chances, weights = beta_nodes(alive.first, alive.second)
    mean, pairs, stays = (np.zeros_like(alive.shape) for _ in range(3))
    for node in range(_BETA_NODES):
        chance = np.minimum(alive.factor * chances[:, node], 1.0)
        weight = weights[:, node]
        there = (alive.rate / (alive.rate + chance * weeks)) ** alive.shape
        stays += weight * there
        mean += weight * _purchases(alive, chance, weeks, there)
        pairs += weight * (1 - chance) * _pairs(alive, chance, weeks, there)
    nothing = (alive.rate / (alive.rate + weeks)) ** alive.shape
    return Future(mean=mean, pairs=pairs, nothing=nothing, stays=stays)


def _purchases(alive: Alive, chance: Floats, weeks: float, there: Floats) -> Floats:
    """Return (1 - S) / p, and its limit where nobody leaves."""
    safe = np.maximum(chance, _TINY**2)
    limit = alive.shape / alive.rate * weeks
    return np.where(chance * weeks < _TINY * alive.rate, limit, (1 - there) / safe)


def _pairs(alive: Alive, chance: Floats, weeks: float, there: Floats) -> Floats:
    """Return 2 / p^2 (1 - S (1 + A p t / (B + p t))), and its limit where nobody leaves."""
    safe = np.maximum(chance, _TINY**2)
    late = alive.shape * chance * weeks / (alive.rate + chance * weeks)
    limit = alive.shape * (alive.shape + 1) * (weeks / alive.rate) ** 2
    return np.where(chance * weeks < _TINY * alive.rate, limit, 2 * (1 - there * (1 + late)) / safe**2)


def beta_nodes(first: Floats, second: Floats, nodes: int = _BETA_NODES) -> tuple[Floats, Floats]:
    """Return places and weights of Gaussian quadrature under Beta(first, second), one row each.

    Notes
    -----
    Eigenvalues of the matrix of the recurrence of the Jacobi polynomials (Golub and Welsch 1969); no Gamma
    function is formed, so that large parameters do not overflow. Equal rows are reckoned once.
    """
    both, back = np.unique(np.stack([first, second], axis=1), axis=0, return_inverse=True)
    a, b = both[:, :1], both[:, 1:]
    total = a + b - 2
    k = np.arange(nodes, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        step = 2 * k + total
        middle = np.where(k == 0, (a - b) / (a + b), (a - b) * total / (step * (step + 2)))
        n, step = k[1:], step[:, 1:]
        # for the first one a factor of numerator and denominator is the same, and may be zero
        ratio = np.where(n == 1, 1 / (step + 1), (n + total) / (step**2 - 1))
        squares = 4 * n * (n + a - 1) * (n + b - 1) / step**2 * ratio
    matrices = np.zeros((len(both), nodes, nodes))
    at = np.arange(nodes)
    matrices[:, at, at] = middle
    matrices[:, at[1:], at[:-1]] = np.sqrt(np.maximum(squares, 0))
    values, vectors = np.linalg.eigh(matrices)
    places = np.clip((values + 1) / 2, 0.0, 1.0)
    back = back.ravel()
    return places[back], vectors[:, 0, :][back] ** 2
