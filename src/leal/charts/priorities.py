"""What to improve first: what matters much and is done badly, with how sure each is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from leal.charts.places import at_x, at_y
from leal.charts.rows import need, nothing, say, wrap
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import SMALL, dress, palette
from leal.wording import Text, plural

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_MARGIN = 50


def priority_map(
    frame: pl.DataFrame,
    style: Style = DEFAULT,
    *,
    importance_title: Text | None = None,
    performance_title: Text | None = None,
) -> Chart:
    """Draw importance against performance with both intervals; dashed lines at the means part it in four.

    Parameters
    ----------
    frame : DataFrame
        Columns ``name``, ``importance``, ``performance``; ``importance_low``, ``importance_high``,
        ``performance_low`` and ``performance_high`` draw the intervals.
    style : Style
        Language, theme and width.
    importance_title, performance_title : Text or None
        Titles of the axes.

    Notes
    -----
    Bottom right, important and done badly, is where to begin. An item whose interval crosses a dashed line
    may as well
    stand on its other side.
    """
    import altair as alt

    need(frame, ("name", "importance", "performance"), "priority_map")
    if frame.is_empty():
        return nothing(style)
    names = [wrap(say(name, style), 150, lines=1) for name in frame["name"].to_list()]
    table = frame.with_columns(pl.Series("label", names, dtype=pl.String))
    x = alt.X("importance:Q", **_axis(importance_title or Text("importance →"), style))
    y = alt.Y("performance:Q", **_axis(performance_title or Text("performance ↑"), style, top=True))
    layered = alt.layer(
        *_first(table, x, y, style),
        *_means(table, x, y, style),
        *_intervals(table, x, y, style),
        *_points(table, x, y, style),
    )
    sized = layered.properties(width=style.width - _MARGIN, height=_height(style))
    return dress(
        sized, style, plural("Priority of {count} item", "Priorities of {count} items", frame.height)
    )


def _axis(title: Text, style: Style, *, top: bool = False) -> dict[str, Any]:
    import altair as alt

    place: dict[str, Any] = (
        {"titleAngle": 0, "titleAlign": "left", "titleX": -26, "titleY": -10} if top else {}
    )
    axis = alt.Axis(title=title.into(style.language), tickCount=4 if style.narrow else 6, **place)
    scale = alt.Scale(zero=False, padding=28)
    return {"axis": axis, "scale": scale}


def _first(table: pl.DataFrame, x: alt.X, y: alt.Y, style: Style) -> list[alt.Chart]:
    """Return the quarter where to begin, tinted and named: important and done badly."""
    import altair as alt

    middle = table.select(pl.col("importance").mean(), pl.col("performance").mean())
    base = alt.Chart(middle.with_columns(words=pl.lit(Text("start here").into(style.language))))
    colour = alt.ColorValue(palette(style.theme).exposed)
    width, height = style.width - _MARGIN, _height(style)
    tint = base.mark_rect(opacity=0.07).encode(
        x=x, x2=alt.value(width), y=y, y2=alt.value(height), color=colour
    )
    text = base.mark_text(align="right", baseline="bottom", fontSize=SMALL)
    return [
        tint,
        text.encode(x=at_x(width - 8), y=at_y(height - 8), text="words:N", color=colour),
    ]


def _height(style: Style) -> int:
    return int(style.width * (0.95 if style.narrow else 0.6))


def _means(table: pl.DataFrame, x: alt.X, y: alt.Y, style: Style) -> list[alt.Chart]:
    import altair as alt

    base = alt.Chart(table.select(pl.col("importance").mean(), pl.col("performance").mean()))
    quiet = alt.ColorValue(palette(style.theme).muted)
    rule = base.mark_rule(strokeDash=[3, 3], strokeWidth=1)
    return [rule.encode(x=x, color=quiet), rule.encode(y=y, color=quiet)]


def _intervals(table: pl.DataFrame, x: alt.X, y: alt.Y, style: Style) -> list[alt.Chart]:
    import altair as alt

    accent = alt.ColorValue(palette(style.theme).accent)
    rule = alt.Chart(table).mark_rule(strokeWidth=1.5, opacity=0.45)
    marks = []
    if {"importance_low", "importance_high"} <= set(table.columns):
        marks.append(rule.encode(x=alt.X("importance_low:Q"), x2="importance_high:Q", y=y, color=accent))
    if {"performance_low", "performance_high"} <= set(table.columns):
        marks.append(rule.encode(y=alt.Y("performance_low:Q"), y2="performance_high:Q", x=x, color=accent))
    return marks


def _points(table: pl.DataFrame, x: alt.X, y: alt.Y, style: Style) -> list[alt.Chart]:
    import altair as alt

    colours = palette(style.theme)
    base = alt.Chart(table.select("importance", "performance", "label")).encode(x=x, y=y)
    dot = base.mark_point(filled=True, size=90, opacity=1).encode(color=alt.ColorValue(colours.accent))
    text = base.mark_text(
        align="left", baseline="bottom", dx=7, dy=-4, lineBreak="\n", fontSize=SMALL, lineHeight=14
    )
    return [dot, text.encode(text="label:N", color=alt.ColorValue(colours.ink))]
