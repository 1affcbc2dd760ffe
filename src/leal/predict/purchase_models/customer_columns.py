"""What a customer model reads of customers: how often, until when, for how long, for how much."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from leal.engine import FrameLike, collect, lazy, require_column
from leal.errors import BadValue, MissingColumn, Where
from leal.wording import Text

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

CustomersLike: TypeAlias = FrameLike | Mapping[str, Any]
"""Any dataframe or Parquet path, or a mapping of names to numbers or arrays."""

SAME_TIME = 1e-6
"""Weeks by which a recency may exceed the age: rounding of two decimals apart, they are the same day."""

_SUMMARY_HINT = Text("Make the table of customers from purchases: leal.customer_summary(purchases).")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often, how recently and for how long customers bought.

    Attributes
    ----------
    frequency : array (n,)
        Repeat purchase days, whole numbers.
    recency, age : array (n,)
        Weeks from the first purchase to the last one and to the end of the data.
    """

    frequency: Floats
    recency: Floats
    age: Floats

    @property
    def n(self) -> int:
        """Number of customers."""
        return int(self.frequency.size)

    def at_most(self, most: int) -> Rhythm:
        """Return the customers, or where they are more than `most` every k-th of them."""
        step = max(-(-self.n // most), 1)
        return Rhythm(frequency=self.frequency[::step], recency=self.recency[::step], age=self.age[::step])


def read_rhythm(customers: CustomersLike) -> Rhythm:
    """Return frequency, recency and age of customers, looked at.

    Parameters
    ----------
    customers : dataframe, path or mapping
        With ``frequency, recency, age``; other columns are left alone.

    Raises
    ------
    MissingColumn
        One of the three is absent.
    BadValue
        A value is missing, negative, not whole (frequency) or later than the end of the data (recency).
    """
    from leal.predict.purchase_models import beta_geometric_kernel as kernel

    names = ("frequency", "recency", "age")
    frequency, recency, age = take(customers, names)
    if not kernel.sound(frequency, recency, age, SAME_TIME):
        _refuse_rhythm(frequency, recency, age)
    return Rhythm(frequency=frequency, recency=recency, age=age)


def _refuse_rhythm(frequency: Floats, recency: Floats, age: Floats) -> None:
    for name, values in (("frequency", frequency), ("recency", recency), ("age", age)):
        _refuse(values, name, lambda value: ~np.isfinite(value))
    _refuse(frequency, "frequency", lambda value: (value < 0) | (value != np.floor(value)))
    _refuse(recency, "recency", lambda value: value < 0)
    _refuse(age, "age", lambda value: value < 0)
    _refuse(recency, "recency", lambda value: value > age + SAME_TIME)
    _refuse(recency, "recency", lambda value: (value > 0) & (frequency == 0))


def refuse_spend(frequency: Floats, spend: Floats) -> None:
    """Raise `BadValue` for the first customer whose frequency, or spend of repeats, cannot be."""
    _refuse(
        frequency, "frequency", lambda value: ~((value >= 0) & (value == np.floor(value)) & (value < np.inf))
    )
    _refuse(spend, "spend", lambda value: (frequency > 0) & ~((value > 0) & (value < np.inf)), _SPEND_HINT)


_SPEND_HINT = Text(
    "Mean spend of a repeat purchase must be above zero. leal.customer_summary(purchases) leaves out days"
    " that come to nothing or less; leave such customers out, or give what they paid."
)


def take(customers: CustomersLike, names: tuple[str, ...]) -> tuple[Floats, ...]:
    """Return columns as equally long float arrays, a missing value as not-a-number."""
    return _of_mapping(customers, names) if isinstance(customers, Mapping) else _of_frame(customers, names)


def _of_mapping(customers: Mapping[str, Any], names: tuple[str, ...]) -> tuple[Floats, ...]:
    for name in names:
        if name not in customers:
            raise MissingColumn(name, [str(key) for key in customers], table="customers")
    try:
        arrays = [np.atleast_1d(np.asarray(customers[name], dtype=np.float64)) for name in names]
        if any(array.ndim > 1 for array in arrays):
            raise ValueError
        return tuple(np.ascontiguousarray(array) for array in np.broadcast_arrays(*arrays))
    except (TypeError, ValueError) as error:
        raise BadValue(
            Text("Customers given as {names} are not numbers of one length.", names=", ".join(names)),
            hint=Text("Give a number, or an array of numbers, under each name; all of the same length."),
        ) from error


def _of_frame(customers: FrameLike, names: tuple[str, ...]) -> tuple[Floats, ...]:
    frame = lazy(customers)
    for name in names:
        require_column(frame, name, table="customers")
    schema = frame.collect_schema()
    for name in names:
        kind = schema[name]
        if not (kind.is_numeric() or kind == nw.Unknown):
            raise BadValue(
                Text("The column {column} holds {kind}, not numbers.", column=repr(name), kind=str(kind)),
                hint=_SUMMARY_HINT,
                where=Where(column=name),
            )
    table = collect(frame.select(*(nw.col(name).cast(nw.Float64) for name in names)))
    return tuple(np.ascontiguousarray(table[name].fill_null(np.nan).to_numpy()) for name in names)


def _refuse(
    values: Floats, column: str, doubtful: Callable[[Floats], Flags], hint: Text = _SUMMARY_HINT
) -> None:
    doubted = doubtful(values)
    if not doubted.any():
        return
    first = int(np.argmax(doubted))
    raise BadValue(
        Text(
            "A customer's {column} is {value}, which cannot be (such customers: {count}).",
            column=column,
            value=f"{values[first]:g}" if np.isfinite(values[first]) else Text("missing"),
            count=int(doubted.sum()),
        ),
        hint=hint,
        where=Where(row=first + 1, column=column),
    )
