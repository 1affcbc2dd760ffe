"""Customers sorted for the Pareto/NBD integrals: by number of purchases, with the times that occur."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from leal.predict.purchase_models.customer_codes import Codes, CustomerCodes
from leal.predict.purchase_models.customer_columns import Floats

Integers = NDArray[np.int64]

_FLAGS = 50_000_000
"""Up to this many possible codes, those that occur are found by marking them; above it by sorting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where each customer's times stand among the times of all with as many purchases.

    Attributes
    ----------
    purchases : array (groups,)
        Numbers of repeat purchases, rising.
    starts : array (groups + 1,)
        First edge of each of them.
    edges : array (edges,)
        Last purchases and ends of observation that occur with it, in weeks, rising.
    last, end : array (n,)
        Of each customer: the edge of the last purchase and that of the end.
    """

    purchases: Floats
    starts: Integers
    edges: Floats
    last: Codes
    end: Codes

    @classmethod
    def of(cls, codes: CustomerCodes) -> Self:
        """Lay out customers who were all looked at one by one."""
        times = codes.times.size
        pairs, last, end = _edges(codes)
        return cls(
            purchases=codes.repeats,
            starts=np.searchsorted(pairs, np.arange(codes.repeats.size + 1) * times).astype(np.int64),
            edges=codes.times[pairs % times],
            last=last,
            end=end,
        )

    @property
    def purchases_at_edges(self) -> Floats:
        """The number of repeat purchases that each edge belongs to."""
        return np.repeat(self.purchases, np.diff(self.starts))

    def tables(self, parameters: Floats, moments: int = 1) -> tuple[Floats, Floats]:
        """Return powers and integrals at the edges: see `pareto_nbd_kernel.fill_tables`."""
        from leal.predict.purchase_models.pareto_nbd_kernel import fill_tables

        powers = np.empty(self.edges.size)
        integrals = np.empty((self.edges.size, moments))
        fill_tables(self.purchases, self.starts, self.edges, parameters, powers, integrals)
        return powers, integrals

    def rows(self) -> Rows:
        """Return the customers, those that are alike counted together, sorted by purchases."""
        alike, counts = np.unique(self.last.astype(np.int64) * self.edges.size + self.end, return_counts=True)
        last, end = (part.astype(np.int32) for part in np.divmod(alike, self.edges.size))
        return Rows(
            first=np.searchsorted(last, self.starts).astype(np.int64),
            last=last,
            end=end,
            weights=counts.astype(np.float64),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Distinct customers: first row of each number of purchases, edges, and how many are alike."""

    first: Integers
    last: Codes
    end: Codes
    weights: Floats


def _edges(codes: CustomerCodes) -> tuple[Integers, Codes, Codes]:
    """Return the pairs of x and time that occur, rising, and the places of each customer among them."""
    from leal.predict.purchase_models.pareto_nbd_kernel import find_edges, mark_times

    times = codes.times.size
    size = codes.repeats.size * times
    if size > _FLAGS:
        begin = codes.x.astype(np.int64) * times
        pairs, place = np.unique(np.concatenate([begin + codes.last, begin + codes.end]), return_inverse=True)
        last, end = np.split(place.astype(np.int32), 2)
        return pairs, last, end
    marks = np.zeros(size, dtype=np.bool_)
    mark_times(codes.x, codes.last, codes.end, times, marks)
    pairs = np.flatnonzero(marks)
    places = np.zeros(size, dtype=np.int32)
    places[pairs] = np.arange(pairs.size, dtype=np.int32)
    last, end = np.empty(codes.n, dtype=np.int32), np.empty(codes.n, dtype=np.int32)
    find_edges(codes.x, codes.last, codes.end, times, places, last, end)
    return pairs, last, end
