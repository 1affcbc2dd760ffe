"""What a model of occasions reads of customers: on how many of them they bought, and on which last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leal.engine import column_names, lazy
from leal.errors import BadValue, Where
from leal.predict.purchase_models.customer_columns import CustomersLike, Flags, Floats, take
from leal.wording import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasions:
    """Customers by what they did on their occasions.

    Attributes
    ----------
    frequency, recency, periods : array (n,)
        Occasions used, number of the last one used (0: none), occasions in all.
    weights : array (n,)
        How many customers a row stands for.
    """

    frequency: Floats
    recency: Floats
    periods: Floats
    weights: Floats

    @property
    def n(self) -> float:
        """Number of customers."""
        return float(self.weights.sum())

    def distinct(self) -> tuple[Occasions, NDArray[np.int64]]:
        """Return the rows that differ, alike ones counted together, and where each row went."""
        rows = np.stack([self.frequency, self.recency, self.periods], axis=1)
        found, place = np.unique(rows, axis=0, return_inverse=True)
        place = place.ravel().astype(np.int64)
        weights = np.bincount(place, weights=self.weights, minlength=len(found)).astype(np.float64)
        together = Occasions(frequency=found[:, 0], recency=found[:, 1], periods=found[:, 2], weights=weights)
        return together, place


def read_occasions(customers: CustomersLike) -> Occasions:
    """Return frequency, recency, periods and weights of customers, looked at.

    Raises
    ------
    MissingColumn
        One of the first three is absent.
    BadValue
        A value is missing, negative or not whole; recency is below frequency or above periods.
    """
    names: tuple[str, ...] = ("frequency", "recency", "periods")
    there = customers if isinstance(customers, Mapping) else column_names(lazy(customers))
    names = (*names, "weights") if "weights" in there else names
    columns = take(customers, names)
    frequency, recency, periods = columns[:3]
    for name, values in zip(names[:3], columns[:3], strict=True):
        _refuse(name, ~((values >= 0) & (values == np.floor(values)) & (values < np.inf)), values)
    _refuse("recency", (recency > periods) | (recency < frequency), recency)
    _refuse("recency", (recency > 0) & (frequency == 0), recency)
    weights = columns[3] if len(columns) > 3 else np.ones(frequency.size)
    _refuse("weights", ~((weights >= 0) & (weights < np.inf)), weights)
    return Occasions(frequency=frequency, recency=recency, periods=periods, weights=weights)


def _refuse(column: str, doubted: Flags, values: Floats) -> None:
    if not doubted.any():
        return
    first = int(np.argmax(doubted))
    raise BadValue(
        Text(
            "{column} is {value}, which cannot be (such rows: {count}).",
            column=column,
            value=f"{values[first]:g}" if np.isfinite(values[first]) else "missing",
            count=int(doubted.sum()),
        ),
        hint=Text(
            "Give whole numbers: frequency (occasions used), recency (the number of the last one used, 0 for"
            " none), periods (occasions in all), and weights from 0."
        ),
        where=Where(row=first + 1, column=column),
    )
