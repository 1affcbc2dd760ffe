"""Small groups are not shown, nor what they could be found by: k-anonymity with secondary hiding."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from leal.engine import FrameLike, collect, lazy, require_column
from leal.errors import BadOption, BadValue, Where
from leal.measure.units.hidden_cells import Figures, Relation, hidden_figures
from leal.results import Note
from leal.wording import Count, Text

SMALLEST_SHOWN = 5
"""Fewest people behind a figure that is shown; 5 is usual."""

HIDDEN = "hidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """A table whose small cells are hidden.

    Attributes
    ----------
    frame : DataFrame
        The cells as given, with the column ``hidden``; in hidden rows everything but the groups is null.
    totals : DataFrame
        One row a total (null where a column is summed over): ``n``, null where it is hidden, and ``hidden``.
    k : int
        Fewest people behind a figure that is shown.
    small, secondary : int
        Cells hidden for being small, and those hidden so that the small ones cannot be found by subtraction.
    """

    frame: pl.DataFrame
    totals: pl.DataFrame
    k: int
    small: int
    secondary: int

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was hidden, in words; nothing where all is seen."""
        if not self.small + self.secondary:
            return ()
        text = Text(
            "Hidden: {small} groups of fewer than {k} people, and {secondary} more that would betray them.",
            small=Count(self.small),
            k=Count(self.k),
            secondary=Count(self.secondary),
        )
        return (Note(code="small_cells_hidden", text=text),)


def protect_small_cells(
    cells: FrameLike, by: str | Sequence[str], *, n: str = "n", k: int = SMALLEST_SHOWN
) -> Protected:
    """Hide the small cells of a table, and what they could be found by.

    Parameters
    ----------
    cells : dataframe
        One row a cell (a group, or a combination of groups), with `n` and any figures beside it.
    by : str or sequence of str
        The grouping columns. Totals over each of them, and of all, are taken as published.
    n : str
        Column of people behind each cell.
    k : int
        Fewest people behind a figure that is shown.

    Returns
    -------
    Protected

    Raises
    ------
    BadValue
        Two rows are one cell, or an `n` is missing or below zero.

    Notes
    -----
    A hidden cell is never a linear combination of the cells and totals seen, and a total less what is
    seen in it never leaves fewer than k people. It guards against subtraction, not against who knows some of
    the people.

    Examples
    --------
    >>> table = pl.DataFrame({"region": ["N", "S", "E"], "n": [3, 9, 40], "estimate": [0.0, 30.0, 20.0]})
    >>> protect_small_cells(table, "region").frame["estimate"].to_list()
    [None, None, 20.0]
    """
    if k < 1:
        raise BadOption("k", k, ["1", "5", "10"])
    columns = [by] if isinstance(by, str) else list(by)
    frame = lazy(cells)
    for column in (*columns, n):
        require_column(frame, column, table="cells")
    table = collect(frame)
    _check(table, columns, n)
    figures, totals = _figures(table, columns, n)
    hidden = hidden_figures(figures, k)
    size = table.height
    small = int(((figures.n[:size] > 0) & (figures.n[:size] < k)).sum())
    return Protected(
        frame=_blank(table, hidden[:size], [name for name in table.columns if name not in columns]),
        totals=_blank(totals, hidden[size:], ["n"]),
        k=k,
        small=small,
        secondary=int(hidden[:size].sum()) - small,
    )


def _check(table: pl.DataFrame, columns: list[str], n: str) -> None:
    people = table[n]
    if not people.cast(pl.Float64, strict=False).ge(0).fill_null(False).all():
        raise BadValue(
            Text("A cell does not say how many people it has."),
            hint=Text("Give every cell a whole number of zero or more."),
            where=Where(column=n),
        )
    if table.select(columns).is_duplicated().any():
        raise BadValue(
            Text("Two rows are the same cell."),
            hint=Text("Give one row for each combination of the groups."),
            where=Where(column=columns[0]),
        )


def _figures(table: pl.DataFrame, columns: list[str], n: str) -> tuple[Figures, pl.DataFrame]:
    """Return the cells and all their totals as figures: first the cells, then the totals."""
    keys = [tuple(row) for row in table.select(columns).rows()]
    made_of = [np.eye(len(keys), dtype=bool)]
    place: dict[tuple[object, ...], int] = {key: row for row, key in enumerate(keys)}
    totals: list[tuple[object, ...]] = []
    for kept in _margins(len(columns)):
        groups: dict[tuple[object, ...], list[int]] = {}
        for row, key in enumerate(keys):
            groups.setdefault(_margin_of(key, kept), []).append(row)
        for key, rows in groups.items():
            place[key] = len(keys) + len(totals)
            totals.append(key)
            made_of.append(np.isin(np.arange(len(keys)), rows)[None, :])
    matrix = np.concatenate(made_of)
    sizes = matrix @ table[n].cast(pl.Int64).to_numpy()
    named = {name: [_shown(key[at]) for key in totals] for at, name in enumerate(columns)}
    types = {name: table.schema[name] for name in columns}
    frame = pl.DataFrame(named, schema=types).with_columns(pl.Series("n", sizes[len(keys) :], dtype=pl.Int64))
    return Figures(n=sizes, made_of=matrix, relations=_relations(place, len(columns))), frame


_SUMMED = object()
"""Stands in a key where a column is summed over."""


def _margins(size: int) -> list[tuple[int, ...]]:
    return [
        kept for length in range(size - 1, -1, -1) for kept in itertools.combinations(range(size), length)
    ]


def _margin_of(key: tuple[object, ...], kept: Sequence[int]) -> tuple[object, ...]:
    return tuple(value if at in kept else _SUMMED for at, value in enumerate(key))


def _relations(place: dict[tuple[object, ...], int], size: int) -> tuple[Relation, ...]:
    """Return, for every total and every column it is summed over, the figures that add up to it."""
    parts: dict[tuple[int, int], list[int]] = {}
    for key, own in place.items():
        for column in range(size):
            if key[column] is not _SUMMED:
                total = tuple(_SUMMED if at == column else value for at, value in enumerate(key))
                parts.setdefault((place[total], column), []).append(own)
    return tuple(Relation(total=total, parts=tuple(own)) for (total, _), own in parts.items())


def _shown(value: object) -> object:
    return None if value is _SUMMED else value


def _blank(
    table: pl.DataFrame, hidden: np.ndarray[tuple[int], np.dtype[np.bool_]], figures: list[str]
) -> pl.DataFrame:
    flag = pl.Series(HIDDEN, hidden, dtype=pl.Boolean)
    return table.with_columns(pl.when(~flag).then(pl.col(name)).alias(name) for name in figures).with_columns(
        flag
    )
