"""Amounts, shares or counts by group, as bars from zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.names import group_key
from leal.charts.numbers import Measure
from leal.charts.places import drawn
from leal.charts.rows import (
    Across,
    Rows,
    assemble,
    baseline,
    counts_of,
    largest,
    lay_out_figures,
    names_and_figures,
    need,
    nothing,
    whiskers,
)
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import group_colour
from leal.wording import Text, plural

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart


def group_bars(
    frame: pl.DataFrame,
    style: Style = DEFAULT,
    *,
    measure: Measure = "percent",
    currency: str | None = None,
    axis_title: Text | None = None,
) -> Chart:
    """Draw one figure a group as bars from zero, in the order given.

    Parameters
    ----------
    frame : DataFrame
        Columns ``group`` and ``value``; ``ci_low`` and ``ci_high`` draw intervals, ``n`` is written behind
        the name.
        Groups named promoters, passives and detractors get their colours.
    style : Style
        Language, theme and width.
    measure : {"points", "percent", "amount", "number", "count"}
        How figures are written; a percent is given as a fraction.
    currency : str or None
        Currency of amounts.
    axis_title : Text or None
        Title of the scale.
    """
    need(frame, ("group", "value"), "group_bars")
    if frame.is_empty():
        return nothing(style)
    rows, table = lay_out_figures(
        frame,
        style,
        name="group",
        figure="value",
        measure=measure,
        currency=currency,
        asides=counts_of(frame, style),
    )
    has_interval = {"ci_low", "ci_high"} <= set(frame.columns)
    top = largest(table, "value", *(("ci_low", "ci_high") if has_interval else ()))
    across = Across(rows=rows, measure=measure, largest=top, title=axis_title, zero=True)
    marks = [
        *bars(table, across, "value", _fills(table, rows)),
        *([whiskers(table, across, colour=rows.colours.ink)] if has_interval else []),
        baseline(across),
        *names_and_figures(table, rows),
    ]
    return assemble(marks, rows, plural("Bars of {count} group", "Bars of {count} groups", frame.height))


def _fills(table: pl.DataFrame, rows: Rows) -> list[str]:
    known = any(group_key(str(name)) for name in table["group"])
    if not known:
        return [rows.colours.accent_soft] * table.height
    return [group_colour(str(name), rows.colours) for name in table["group"]]


def bars(
    table: pl.DataFrame, across: Across, field: str, fills: list[str], height: int = 14
) -> list[alt.Chart]:
    """Return bars from zero, each in its own fill."""
    import altair as alt

    painted = table.select("row", field, pl.Series("fill", fills, dtype=pl.String)).filter(
        pl.col(field).cast(pl.Float64).is_finite()
    )
    mark = drawn(painted).mark_bar(height=height)
    paint = alt.Color("fill:N", scale=None, legend=None)
    return [mark.encode(x=across.x(field), y=across.rows.y(), color=paint)]
