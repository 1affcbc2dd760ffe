"""Customers as places in tables of distinct frequencies and times: what the models sum over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from leal.predict.purchase_models.customer_columns import Floats, Rhythm

Codes: TypeAlias = NDArray[np.int32]

LONGEST_TABLE: Final = 1 << 20
"""Days, or repeat purchases, up to which a table has a place for every one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCodes:
    """Customers by places in tables.

    Attributes
    ----------
    n : int
        Number of customers.
    repeats : array (frequencies,)
        Repeat purchases by place; some places may be of no customer.
    times : array (times,)
        Weeks by place.
    customers_by_repeats : array (frequencies,)
        How many customers have each frequency.
    customers_by_end, repeats_by_end : array (times,)
        How many customers, and how many repeat purchases, have each age.
    x, last, end : arrays (kept,)
        Places of frequency, recency and age of customers that a model looks at one by one.
    """

    n: int
    repeats: Floats
    times: Floats
    customers_by_repeats: Floats
    customers_by_end: Floats
    repeats_by_end: Floats
    x: Codes
    last: Codes
    end: Codes

    @property
    def repeaters(self) -> int:
        """Customers with a repeat purchase."""
        return int(self.customers_by_repeats[self.repeats > 0].sum())

    def every(self, step: int) -> CustomerCodes:
        """Return about one in `step` of the customers looked at one by one, with all sums scaled to them."""
        return CustomerCodes(
            n=self.n, repeats=self.repeats, times=self.times,
            customers_by_repeats=self.customers_by_repeats / step,
            customers_by_end=self.customers_by_end / step,
            repeats_by_end=self.repeats_by_end / step,
            x=self.x[::step], last=self.last[::step], end=self.end[::step],
        )  # fmt: skip


def code_customers(rhythm: Rhythm, *, once: bool) -> CustomerCodes:
    """Return customers by places in tables of days, or of the times that occur where these are no whole days.

    Parameters
    ----------
    rhythm : Rhythm
        The customers.
    once : bool
        Whether those without a repeat purchase are looked at one by one as well.
    """
    return _on_days(rhythm, once) or _on_times(rhythm, once)


def _on_days(rhythm: Rhythm, once: bool) -> CustomerCodes | None:
    from leal.predict.purchase_models import beta_geometric_kernel as kernel

    most, longest = float(rhythm.frequency.max(initial=0)), float(rhythm.age.max(initial=0)) * 7
    if most >= LONGEST_TABLE or longest >= LONGEST_TABLE:
        return None
    by_repeats = np.zeros(int(most) + 1)
    by_end, repeats_by_end = np.zeros(int(longest + 0.5) + 1), np.zeros(int(longest + 0.5) + 1)
    x, last, end = (np.empty(rhythm.n, dtype=np.int32) for _ in range(3))
    kept = kernel.places_of_days(
        rhythm.frequency, rhythm.recency, rhythm.age, once, x, last, end, by_repeats, by_end, repeats_by_end
    )
    if kept < 0:
        return None
    return CustomerCodes(
        n=rhythm.n, repeats=np.arange(by_repeats.size, dtype=np.float64), times=np.arange(by_end.size) / 7,
        customers_by_repeats=by_repeats, customers_by_end=by_end, repeats_by_end=repeats_by_end,
        x=x[:kept], last=last[:kept], end=end[:kept],
    )  # fmt: skip


def _on_times(rhythm: Rhythm, once: bool) -> CustomerCodes:
    repeats, x = np.unique(rhythm.frequency, return_inverse=True)
    times, places = np.unique(np.concatenate([rhythm.recency, rhythm.age]), return_inverse=True)
    last, end = np.split(places, 2)
    kept = slice(None) if once else rhythm.frequency > 0
    return CustomerCodes(
        n=rhythm.n, repeats=repeats, times=times,
        customers_by_repeats=np.bincount(x, minlength=repeats.size).astype(np.float64),
        customers_by_end=np.bincount(end, minlength=times.size).astype(np.float64),
        repeats_by_end=np.bincount(end, weights=rhythm.frequency, minlength=times.size).astype(np.float64),
        x=x[kept].astype(np.int32), last=last[kept].astype(np.int32), end=end[kept].astype(np.int32),
    )  # fmt: skip
