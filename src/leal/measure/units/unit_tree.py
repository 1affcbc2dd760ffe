"""The table of units as a tree: parents before children, or a clear word on why it is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import narwhals as nw
import polars as pl

from leal.engine import FrameLike, collect, column_names, lazy, require_column
from leal.errors import BadValue, Where
from leal.wording import Listing, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Units with their parents.

    Attributes
    ----------
    units : tuple of str
        All units, each after its parent.
    parent : mapping
        The unit above, None at the top.
    depth : mapping
        0 at the top.
    name, kind : mapping
        As the table says; None where it does not.
    below : mapping
        The units directly below.
    """

    units: tuple[str, ...]
    parent: Mapping[str, str | None]
    depth: Mapping[str, int]
    name: Mapping[str, str | None]
    kind: Mapping[str, str | None]
    below: Mapping[str, tuple[str, ...]]

    def children(self, unit: str) -> tuple[str, ...]:
        """Return the units directly below one."""
        return self.below.get(unit, ())


def unit_tree(units: FrameLike) -> Tree:
    """Return the table of units as a tree.

    Raises
    ------
    MissingColumn
        There is no column `unit`.
    BadValue
        A unit is there twice or has no identifier, a parent is not in the table, or parents go in a circle.
    """
    table = _table(units)
    parent: dict[str, str | None] = dict(zip(table["unit"], table["parent"], strict=True))
    _check(table, parent)
    below: dict[str, tuple[str, ...]] = {}
    for unit, above in parent.items():
        if above is not None:
            below[above] = (*below.get(above, ()), unit)
    order, depth = _walked(parent, below)
    _check_circle(parent, depth)
    return Tree(
        units=tuple(order),
        parent=parent,
        depth=depth,
        name=dict(zip(table["unit"], table["name"], strict=True)),
        kind=dict(zip(table["unit"], table["kind"], strict=True)),
        below=below,
    )


def _table(units: FrameLike) -> pl.DataFrame:
    frame = lazy(units)
    require_column(frame, "unit", table="units")
    names = column_names(frame)
    wanted = [nw.col(name).cast(nw.String) for name in ("unit", "parent", "name", "kind") if name in names]
    table = collect(frame.select(*wanted))
    absent = [
        pl.lit(None, dtype=pl.String).alias(name) for name in ("parent", "name", "kind") if name not in names
    ]
    blank = pl.col("parent").str.strip_chars() == ""
    return table.with_columns(absent).with_columns(
        pl.when(blank.not_().fill_null(False)).then("parent").alias("parent")
    )


def _check(table: pl.DataFrame, parent: dict[str, str | None]) -> None:
    if table["unit"].null_count():
        raise _error(Text("A unit has no identifier."), "unit")
    twice = table.filter(table["unit"].is_duplicated())["unit"].unique().sort()
    if twice.len():
        raise _error(Text("Units are in the table twice: {units}.", units=Listing.of(twice)), "unit")
    unknown = sorted({above for above in parent.values() if above is not None and above not in parent})
    if unknown:
        raise _error(
            Text("Parents are not in the table of units: {units}.", units=Listing.of(unknown)), "parent"
        )


def _walked(
    parent: dict[str, str | None], below: dict[str, tuple[str, ...]]
) -> tuple[list[str], dict[str, int]]:
    """Return the units from the top down, each after its parent, and how deep each lies."""
    order: list[str] = []
    depth = {unit: 0 for unit, above in parent.items() if above is None}
    waiting = list(reversed(depth))
    while waiting:
        unit = waiting.pop()
        order.append(unit)
        for child in reversed(below.get(unit, ())):
            depth[child] = depth[unit] + 1
            waiting.append(child)
    return order, depth


def _check_circle(parent: dict[str, str | None], depth: dict[str, int]) -> None:
    lost = [unit for unit in parent if unit not in depth]
    if not lost:
        return
    circle, unit = [], lost[0]
    while unit not in circle:
        circle.append(unit)
        unit = str(parent[unit])
    circle = circle[circle.index(unit) :]
    raise _error(
        Text("Units are their own parents in a circle: {units}.", units=Listing.of(circle)), "parent"
    )


def _error(message: Text, column: str) -> BadValue:
    return BadValue(
        message,
        hint=Text("Every unit stands once, with a parent that is in the table, or none at the top."),
        where=Where(column=column),
    )
