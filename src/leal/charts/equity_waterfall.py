"""From the value of the base then to its value now: what added to it and what took from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.places import drawn, until_x
from leal.charts.rows import (
    Across,
    Rows,
    assemble,
    largest,
    lay_out,
    names_and_figures,
    need,
    nothing,
    say,
    whiskers,
)
from leal.charts.style import DEFAULT, Style
from leal.wording import RoundAmount, Text

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_THICK = 16


def waterfall(
    frame: pl.DataFrame,
    style: Style = DEFAULT,
    *,
    currency: str | None = None,
    axis_title: Text | None = None,
) -> Chart:
    """Draw a sum that becomes another one, step by step: gains to the right, losses to the left.

    Parameters
    ----------
    frame : DataFrame
        In order: ``name``, ``estimate``, ``kind`` (``"total"`` stands on zero, ``"step"`` on where the one
        before ended); ``ci_low`` and ``ci_high`` of a step or total draw its interval.
    style : Style
        Language, theme and width.
    currency : str or None
        Currency of the amounts.
    axis_title : Text or None
        Title of the scale.
    """
    need(frame, ("name", "estimate", "kind"), "waterfall")
    if frame.is_empty():
        return nothing(style)
    placed = _placed(frame)
    names = [say(name, style) for name in frame["name"].to_list()]
    rows, table = lay_out(placed, names, _figures(frame, style, currency), style, thickness=_THICK)
    top = largest(table, "start", "end", "low", "high")
    across = Across(rows=rows, measure="amount", largest=top, title=axis_title, zero=True)
    marks = [
        *_joints(table, across),
        *_bars(table, across),
        whiskers(table, across, colour=rows.colours.ink, low="low", high="high"),
        *names_and_figures(table, rows, _THICK),
    ]
    return assemble(marks, rows, _description(frame, currency))


def _figures(frame: pl.DataFrame, style: Style, currency: str | None) -> list[str]:
    """Return the figures as written; a step bears its sign."""
    return [
        RoundAmount(float(value), currency, signed=kind == "step").into(style.language)
        if value is not None and value == value
        else "–"
        for kind, value in frame.select("kind", "estimate").iter_rows()
    ]


def _placed(frame: pl.DataFrame) -> pl.DataFrame:
    """Add where each bar starts and ends, and its interval at the end of the bar."""
    level, starts, ends = 0.0, [], []
    for kind, value in frame.select("kind", "estimate").iter_rows():
        step = float(value or 0.0)
        start = 0.0 if kind == "total" else level
        level = start + step
        starts.append(start)
        ends.append(level)
    placed = frame.with_columns(
        start=pl.Series(starts, dtype=pl.Float64), end=pl.Series(ends, dtype=pl.Float64)
    )
    if not {"ci_low", "ci_high"} <= set(frame.columns):
        return placed.with_columns(low=pl.lit(None, pl.Float64), high=pl.lit(None, pl.Float64))
    return placed.with_columns(
        low=pl.col("start") + pl.col("ci_low"), high=pl.col("start") + pl.col("ci_high")
    )


def _bars(table: pl.DataFrame, across: Across) -> list[alt.Chart]:
    import altair as alt

    fills = [_fill(row, across.rows) for row in table.select("kind", "estimate").iter_rows(named=True)]
    painted = table.select("row", "start", "end", pl.Series("fill", fills, dtype=pl.String))
    mark = drawn(painted).mark_bar(height=_THICK)
    paint = alt.Color("fill:N", scale=None, legend=None)
    return [mark.encode(x=across.x("start"), x2=until_x("end:Q"), y=across.rows.y(), color=paint)]


def _fill(row: dict[str, object], rows: Rows) -> str:
    colours = rows.colours
    value = row["estimate"]
    if row["kind"] == "total":
        return colours.accent
    return colours.promoter if isinstance(value, float) and value >= 0 else colours.detractor


def _joints(table: pl.DataFrame, across: Across) -> list[alt.Chart]:
    """Return the line from the end of each bar down to the next one, where no words stand between."""
    import altair as alt

    if across.rows.above:
        return []
    joints = table.select("row", below=pl.col("row") + 1, step=pl.col("end")).head(table.height - 1)
    rule = drawn(joints).mark_rule(strokeWidth=1)
    paint = alt.ColorValue(across.rows.colours.muted)
    return [rule.encode(x=across.x("step"), y=across.rows.y(), y2=alt.Y2("below:O"), color=paint)]


def _description(frame: pl.DataFrame, currency: str | None) -> Text:
    first, last = frame["estimate"][0], frame["estimate"][-1]
    return Text(
        "From {first} to {last}, step by step",
        first=RoundAmount(float(first), currency),
        last=RoundAmount(float(last), currency),
    )
