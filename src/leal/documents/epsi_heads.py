"""The heads of the tables of a path model, and constructs and items in words."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from leal.checks import Heading, Unit
from leal.explain import EpsiStudy
from leal.path_model import construct_name
from leal.wording import Text

CONSTRUCTS = ("construct", "other", "source", "target")
"""Columns that may hold names of constructs."""

CONSTRUCT = Heading(name="construct", title=Text("Construct"))
OTHER = Heading(name="other", title=Text("Other construct"))
FROM_TO = (Heading(name="source", title=Text("Cause")), Heading(name="target", title=Text("Effect")))
GROUP = Heading(name="group", title=Text("Group"))
TWO_GROUPS = (GROUP, Heading(name="other", title=Text("Other group")), CONSTRUCT)
T_VALUE = Heading(name="t", title=Text("t value"), unit="number")


def numbers(*columns: tuple[str, Text], unit: Unit = "number") -> tuple[Heading, ...]:
    """Return the heads of columns of figures."""
    return tuple(Heading(name=name, title=title, unit=unit) for name, title in columns)


def figure_heads(
    title: Text | None = None, unit: Unit = "number", *, error: bool = True
) -> tuple[Heading, ...]:
    """Return the heads of a figure, its standard error and its interval."""
    columns = [("estimate", title or Text("Estimate")), ("standard_error", Text("Standard error"))]
    ends = [("ci_low", Text("Interval from")), ("ci_high", Text("Interval to"))]
    return numbers(*columns[: 2 if error else 1], *ends, unit=unit)


def p_values(*columns: tuple[str, Text]) -> tuple[Heading, ...]:
    """Return the heads of columns of p values."""
    return numbers(*columns, unit="p_value")


def in_words(frame: pl.DataFrame, columns: Iterable[str] = CONSTRUCTS) -> pl.DataFrame:
    """Return a table with constructs named in words."""
    return frame.with_columns(
        pl.Series(name, [str(construct_name(value)) for value in frame[name]], dtype=pl.String)
        for name in columns
        if name in frame.columns
    )


def with_questions(study: EpsiStudy, frame: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Heading, ...]]:
    """Return a table of items with what each asks for, and the heads of both; the column alone if unknown."""
    column = Heading(name="item", title=Text("Item"))
    if not study.names:
        return frame, (column,)
    names = [str(study.names.get(item, item)) for item in frame["item"]]
    heads = (Heading(name="question", title=Text("Question")), Heading(name="item", title=Text("Column")))
    return frame.with_columns(question=pl.Series(names, dtype=pl.String)), heads


def with_t(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table with t values; a figure that is the same in every resample has none."""
    errors = pl.col("standard_error")
    usual = errors > 1e-9
    return frame.with_columns(t=pl.when(usual).then(pl.col("estimate") / errors))
