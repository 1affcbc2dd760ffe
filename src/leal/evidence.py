"""The bundle of tables that an analysis is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from leal.engine import FrameLike, LazyFrame, column_names, lazy
from leal.errors import MissingColumn
from leal.tables import TABLES, table


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of a company's customers: up to fifteen tables, each any dataframe or a Parquet path.

    Attributes
    ----------
    answers, customers, purchases, reviews, actions, brands, wishes, units, cases, contacts,
    invitations, rules, kano, prices, talk
        Dataframe, path or None.
        The tables of `leal.tables`; every one may be absent.

    Raises
    ------
    MissingColumn
        A table is given without a column that it is of no use without.

    Examples
    --------
    >>> import polars as pl
    >>> evidence = Evidence(answers=pl.DataFrame({"answer": ["a", "b"], "recommend": [9, 3]}))
    >>> evidence.has("answers", "recommend"), evidence.has("purchases")
    (True, False)
    """

    answers: FrameLike = None
    customers: FrameLike = None
    purchases: FrameLike = None
    reviews: FrameLike = None
    actions: FrameLike = None
    brands: FrameLike = None
    wishes: FrameLike = None
    units: FrameLike = None
    cases: FrameLike = None
    contacts: FrameLike = None
    invitations: FrameLike = None
    rules: FrameLike = None
    kano: FrameLike = None
    prices: FrameLike = None
    talk: FrameLike = None

    def __post_init__(self) -> None:
        for field in fields(self):
            given = getattr(self, field.name)
            if given is not None:
                frame = lazy(given)
                _require(frame, field.name)
                object.__setattr__(self, field.name, frame)

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the tables that are there."""
        return (name for name in TABLES if getattr(self, name) is not None)

    def table(self, name: str) -> LazyFrame | None:
        """Return a table lazily, None where it was not given."""
        frame: LazyFrame | None = getattr(self, table(name).name)
        return frame

    def has(self, name: str, *columns: str) -> bool:
        """Tell whether a table is there with all of `columns`."""
        return self.table(name) is not None and not self.absent(name, *columns)

    def absent(self, name: str, *columns: str) -> tuple[str, ...]:
        """Return those of `columns` that the table lacks; all of them where there is no table."""
        frame = self.table(name)
        present = set() if frame is None else set(column_names(frame))
        return tuple(column for column in columns if column not in present)


def _require(frame: LazyFrame, name: str) -> None:
    names = column_names(frame)
    for column in table(name).required:
        if column not in names and column not in _MADE_WHERE_ABSENT:
            raise MissingColumn(column, names, table=name)


_MADE_WHERE_ABSENT = {"answer"}
"""Identifiers of rows: a frame without them is still of use, each row being one answer."""
