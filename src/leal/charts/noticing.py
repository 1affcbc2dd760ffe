"""Who noticed what was done for them: those it was done for, beside those it was not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.places import drawn, until_x
from leal.charts.rows import (
    Across,
    assemble,
    counts_of,
    dots,
    lay_out,
    names_and_figures,
    need,
    nothing,
    say,
    whiskers,
)
from leal.charts.shares import key
from leal.charts.style import DEFAULT, Style
from leal.wording import Points, Text, plural

if TYPE_CHECKING:
    from leal.charts.rendering import Chart


def noticing_bars(frame: pl.DataFrame, style: Style = DEFAULT) -> Chart:
    """Draw the share that noticed each action among the exposed and among the unexposed.

    Parameters
    ----------
    frame : DataFrame
        Columns ``action``, ``exposed``, ``unexposed``: shares (fractions) that say they noticed;
        ``exposed_low`` and
        ``exposed_high``, ``unexposed_low`` and ``unexposed_high`` draw intervals; ``n`` is optional.
    style : Style
        Language, theme and width.

    Notes
    -----
    The distance between the two dots is what was really noticed: the unexposed say yes too.
    """
    import altair as alt

    need(frame, ("action", "exposed", "unexposed"), "noticing_bars")
    if frame.is_empty():
        return nothing(style)
    names = [say(name, style) for name in frame["action"].to_list()]
    gaps = frame.select((pl.col("exposed") - pl.col("unexposed")).alias("gap"))["gap"].to_list()
    rows, table = lay_out(frame, names, _differences(gaps, style), style, asides=counts_of(frame, style))
    across = Across(
        rows=rows,
        measure="percent",
        largest=1,
        title=Text("share that noticed; the figure is the difference"),
        zero=True,
    )
    colours = rows.colours
    bridge = drawn(table.select("row", "exposed", "unexposed")).mark_rule(strokeWidth=8, opacity=0.25)
    marks = [
        bridge.encode(
            x=across.x("unexposed"), x2=until_x("exposed:Q"), y=rows.y(), color=alt.ColorValue(colours.accent)
        ),
        *_intervals(table, across, "unexposed", colours.muted),
        *_intervals(table, across, "exposed", colours.accent),
        dots(table, across, "unexposed", colours.muted),
        dots(table, across, "exposed", colours.accent),
        *key(_entries(style, colours.muted, colours.accent), rows),
        *names_and_figures(table, rows),
    ]
    return assemble(
        marks, rows, plural("Noticing of {count} action", "Noticing of {count} actions", frame.height)
    )


def _differences(gaps: list[float | None], style: Style) -> list[str]:
    return [
        "–" if gap is None else Text("{gap} pp", gap=Points(100 * gap, signed=True)).into(style.language)
        for gap in gaps
    ]


def _entries(style: Style, quiet: str, accent: str) -> list[tuple[str, str]]:
    return [
        (Text("unexposed").into(style.language), quiet),
        (Text("exposed to it").into(style.language), accent),
    ]


def _intervals(table: pl.DataFrame, across: Across, field: str, colour: str) -> list[object]:
    low, high = f"{field}_low", f"{field}_high"
    if not {low, high} <= set(table.columns):
        return []
    return [whiskers(table, across, colour=colour, low=low, high=high)]
