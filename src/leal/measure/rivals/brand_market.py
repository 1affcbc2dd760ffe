"""A market of brands in balance: who buys what beside what, explained by the size of brands alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.errors import BadValue, Where
from leal.wording import Text

Floats = NDArray[np.float64]

_MOST_PURCHASES = 100_000
_LEFT_OUT = 1e-12
"""Chance of more purchases than are summed over."""


@dataclass(frozen=True, kw_only=True)
class BrandMarket:
    """What a market without favourites would look like: the yardstick for duplication of purchase.

    Attributes
    ----------
    mean : float
        Purchases of the category a person of the population in the period (M).
    shape : float
        Shape of how people differ in that (K of the NBD): small where few buy much.
    switching : float
        How much people spread over brands (S): 0 where everyone buys one brand only, large where all choose
        anew each time.
    shares : mapping of str to float
        Share of purchases of each brand; those left out make the rest of 1.
    """

    mean: float
    shape: float
    switching: float
    shares: Mapping[str, float]

    def category_purchases(self, most: int) -> Floats:
        """Return the shares of people who buy the category 0, 1, ..., `most` times."""
        from scipy.special import gammaln

        n = np.arange(most + 1)
        chance = self.mean / (self.mean + self.shape)
        logs = gammaln(self.shape + n) - gammaln(self.shape) - gammaln(n + 1)
        return np.asarray(np.exp(logs + self.shape * math.log1p(-chance) + n * math.log(chance)))

    def penetration(self, *brands: str) -> float:
        """Return the share of people who buy any of these brands at least once."""
        return 1 - self._none_of(sum(self.shares[brand] for brand in brands))

    def buying_rate(self, brand: str) -> float:
        """Return how often those who buy a brand buy it."""
        return self.mean * self.shares[brand] / self.penetration(brand)

    def duplication(self, brand: str, other: str) -> float:
        """Return the share of the buyers of one brand who buy the other as well."""
        if brand == other:
            return 1.0
        both = self.penetration(brand) + self.penetration(other) - self.penetration(brand, other)
        return both / self.penetration(brand)

    def duplication_coefficient(self, brand: str) -> float:
        """Return D: buyers of `brand` buy another D times as often as people at large do, on average."""
        others = [other for other in self.shares if other != brand]
        return float(np.mean([self.duplication(brand, other) / self.penetration(other) for other in others]))

    def to_frame(self) -> pl.DataFrame:
        """Return one row a pair: ``brand, other, penetration`` (of the other) and ``duplication``."""
        pairs = [(one, other) for one in self.shares for other in self.shares if one != other]
        rows = [(one, other, self.penetration(other), self.duplication(one, other)) for one, other in pairs]
        return pl.DataFrame(rows, schema=["brand", "other", "penetration", "duplication"], orient="row")

    @cached_property
    def _purchases(self) -> Floats:
        most = 64
        while (found := self.category_purchases(most)).sum() < 1 - _LEFT_OUT and most < _MOST_PURCHASES:
            most *= 2
        return found

    def _none_of(self, share: float) -> float:
        """Return the share of people none of whose purchases is of brands with this share together."""
        other, n = self.switching * (1 - share), np.arange(self._purchases.size - 1)
        steps = np.log((other + n) / (self.switching + n)) if other > 0 else np.full(n.size, -np.inf)
        kept = np.exp(np.concatenate([[0.0], np.cumsum(steps)]))
        return float(self._purchases @ kept)


def brand_market(
    penetration: float,
    buying_rate: float,
    shares: Mapping[str, float],
    *,
    penetrations: Mapping[str, float] | None = None,
    switching: float | None = None,
) -> BrandMarket:
    """Fit the Dirichlet model of buying to a panel: it says what rivals would share by their size alone.

    Parameters
    ----------
    penetration : float
        Share of people who bought the category in the period.
    buying_rate : float
        How often those bought it.
    shares : mapping of str to float
        Share of the category's purchases of each brand; their sum may be below 1.
    penetrations : mapping of str to float, optional
        Share of people who bought each brand: `switching` is fitted to them (least squares).
    switching : float, optional
        S, where it is known.

    Returns
    -------
    BrandMarket

    Raises
    ------
    BadValue
        Figures that cannot be of one market, or neither `penetrations` nor `switching`.

    Notes
    -----
    Purchases of the category are NBD with P(0) = 1 - penetration, choices among brands Dirichlet with
    parameters S x share. Then duplication follows D x penetration nearly. More than that with one rival says
    that the two share customers beyond what size explains; less, that they are apart. It takes a market in
    balance: no trend, no season within the period. Do not use it for a market that is growing or breaking up.

    References
    ----------
    Goodhardt, Ehrenberg, Chatfield (1984), Journal of the Royal Statistical Society A 147(5), 621-655.

    Examples
    --------
    >>> market = brand_market(0.56, 2.6, {"Colgate": 0.25, "Macleans": 0.19}, switching=1.2953)
    >>> round(market.duplication("Colgate", "Macleans"), 3)
    0.186
    """
    mean = penetration * buying_rate
    _require(
        0 < penetration < 1 and buying_rate > 1, "penetration", Text("A category needs buyers, and repeats.")
    )
    fits = all(0 < share < 1 for share in shares.values()) and 0 < sum(shares.values()) <= 1 + 1e-9
    _require(
        bool(shares) and fits, "shares", Text("Shares of brands lie between 0 and 1, and so does their sum.")
    )
    shape = _shape(mean, 1 - penetration)
    if switching is not None:
        _require(0 < switching < math.inf, "switching", Text("Switching is a number above 0."))
        return BrandMarket(mean=mean, shape=shape, switching=switching, shares=shares)
    known = {brand: found for brand, found in (penetrations or {}).items() if brand in shares}
    _require(bool(known), "penetrations", Text("Without switching= the penetration of some brand is needed."))
    return BrandMarket(
        mean=mean, shape=shape, switching=_switching(mean, shape, shares, known), shares=shares
    )


def _shape(mean: float, none: float) -> float:
    """Return K of the NBD with this mean and this share of people without a purchase."""
    from scipy.optimize import brentq

    _require(none > math.exp(-mean), "buying_rate", Text("More people buy than chance alone would let them."))

    def missed(log: float) -> float:
        shape = math.exp(log)
        return -shape * math.log1p(mean / shape) - math.log(none)

    return math.exp(float(brentq(missed, -12, 18, xtol=1e-14)))


def _switching(mean: float, shape: float, shares: Mapping[str, float], known: Mapping[str, float]) -> float:
    from scipy.optimize import minimize_scalar

    def missed(log: float) -> float:
        market = BrandMarket(mean=mean, shape=shape, switching=math.exp(log), shares=shares)
        return math.fsum((market.penetration(brand) - found) ** 2 for brand, found in known.items())

    found = minimize_scalar(missed, bounds=(-7, 7), method="bounded", options={"xatol": 1e-9})
    return math.exp(float(found.x))


def _require(holds: bool, column: str, problem: Text) -> None:
    if not holds:
        raise BadValue(
            problem,
            hint=Text("Give the figures of a panel: shares as fractions, purchases in one period."),
            where=Where(column=column),
        )
