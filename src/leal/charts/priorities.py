"""What to improve first: what matters much and is done badly, with how sure each is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from leal.charts.label_places import place_labels
from leal.charts.places import at_x, at_y, drawn, until_x, until_y, words_of
from leal.charts.rows import breadth, need, nothing, say, wrap
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import SIZE, SMALL, dress, palette
from leal.wording import Text, plural

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_MARGIN = 50
_LONG, _BRIEF = 0.4, 150
"""Room of a name: as a part of the width, and in pixels where that finds no free place."""


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
    order = pl.col("importance").cast(pl.Float64)
    table = frame.filter(order.is_finite()).sort("importance", descending=True)
    area = _Area(
        width=style.width - _MARGIN,
        height=int(style.width * (0.95 if style.narrow else 0.6)),
        across=_ends(table, "importance"),
        up=_ends(table, "performance"),
    )
    x = alt.X("importance:Q", **_axis(importance_title or Text("importance →"), area.across, style))
    y = alt.Y("performance:Q", **_axis(performance_title or Text("performance ↑"), area.up, style, top=True))
    layered = alt.layer(
        *_first(table, x, y, area, style),
        *_means(table, x, y, style),
        *_intervals(table, x, y, style),
        *_points(table, x, y, style),
        *_labels(table, area, style),
    )
    sized = layered.properties(width=area.width, height=area.height)
    words = plural("Priority of {count} item", "Priorities of {count} items", frame.height)
    return dress(sized, style, words)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Area:
    """The size of the map in pixels, and the ends of its two scales."""

    width: int
    height: int
    across: tuple[float, float]
    up: tuple[float, float]

    def place(self, importance: float, performance: float) -> tuple[float, float]:
        """Return where a point stands, in pixels from the top left."""
        right = (importance - self.across[0]) / (self.across[1] - self.across[0])
        above = (performance - self.up[0]) / (self.up[1] - self.up[0])
        return self.width * right, self.height * (1 - above)


def _ends(table: pl.DataFrame, field: str) -> tuple[float, float]:
    """Return the ends of a scale that holds all figures and intervals with some room around."""
    names = [name for name in (field, f"{field}_low", f"{field}_high") if name in table.columns]
    values = [float(v) for name in names for v in table[name].to_list() if v is not None and v == v]
    low, high = min(values), max(values)
    room = 0.08 * (high - low) or 1.0
    return low - room, high + room


def _axis(title: Text, ends: tuple[float, float], style: Style, *, top: bool = False) -> dict[str, Any]:
    import altair as alt

    place: dict[str, Any] = (
        {"titleAngle": 0, "titleAlign": "left", "titleX": -26, "titleY": -10} if top else {}
    )
    axis = alt.Axis(title=title.into(style.language), tickCount=4 if style.narrow else 6, **place)
    return {"axis": axis, "scale": alt.Scale(domain=list(ends), nice=False, zero=False)}


def _first(table: pl.DataFrame, x: alt.X, y: alt.Y, area: _Area, style: Style) -> list[alt.Chart]:
    """Return the quarter where to begin, tinted and named: important and done badly."""
    import altair as alt

    middle = table.select(pl.col("importance").mean(), pl.col("performance").mean())
    base = drawn(middle.with_columns(words=pl.lit(Text("start here").into(style.language))))
    colour = alt.ColorValue(palette(style.theme).exposed)
    width, height = area.width, area.height
    tint = base.mark_rect(opacity=0.07).encode(
        x=x, x2=alt.value(width), y=y, y2=alt.value(height), color=colour
    )
    text = base.mark_text(align="right", baseline="bottom", fontSize=SMALL)
    return [
        tint,
        text.encode(x=at_x(width - 8), y=at_y(height - 8), text=words_of("words:N"), color=colour),
    ]


def _means(table: pl.DataFrame, x: alt.X, y: alt.Y, style: Style) -> list[alt.Chart]:
    import altair as alt

    base = drawn(table.select(pl.col("importance").mean(), pl.col("performance").mean()))
    quiet = alt.ColorValue(palette(style.theme).muted)
    rule = base.mark_rule(strokeDash=[3, 3], strokeWidth=1)
    return [rule.encode(x=x, color=quiet), rule.encode(y=y, color=quiet)]


def _intervals(table: pl.DataFrame, x: alt.X, y: alt.Y, style: Style) -> list[alt.Chart]:
    import altair as alt

    accent = alt.ColorValue(palette(style.theme).accent)
    rule = drawn(table).mark_rule(strokeWidth=1.5, opacity=0.45)
    marks = []
    if {"importance_low", "importance_high"} <= set(table.columns):
        marks.append(
            rule.encode(x=alt.X("importance_low:Q"), x2=until_x("importance_high:Q"), y=y, color=accent)
        )
    if {"performance_low", "performance_high"} <= set(table.columns):
        marks.append(
            rule.encode(y=alt.Y("performance_low:Q"), y2=until_y("performance_high:Q"), x=x, color=accent)
        )
    return marks


def _points(table: pl.DataFrame, x: alt.X, y: alt.Y, style: Style) -> list[alt.Chart]:
    import altair as alt

    base = drawn(table.select("importance", "performance")).encode(x=x, y=y)
    paint = alt.ColorValue(palette(style.theme).accent)
    return [base.mark_point(filled=True, size=90, opacity=1).encode(color=paint)]


def _labels(table: pl.DataFrame, area: _Area, style: Style) -> list[alt.Chart]:
    """Return the names that find a free place, the most important first; the table beside has them all."""
    import altair as alt

    said = [say(name, style) for name in table["name"].to_list()]
    (names, widths), (cut, narrow) = (_cut(said, room) for room in (_LONG * style.width, _BRIEF))
    points = [area.place(*row) for row in table.select("importance", "performance").iter_rows()]
    shorter = list(zip(cut, narrow, strict=True))
    ink = alt.ColorValue(palette(style.theme).ink)
    marks = []
    for label in place_labels(points, names, widths, (area.width, area.height), shorter):
        base = drawn(pl.DataFrame({"words": [label.words]}))
        text = base.mark_text(align=label.align, baseline="middle", fontSize=SMALL)
        marks.append(text.encode(x=at_x(label.x), y=at_y(label.y), text=words_of("words:N"), color=ink))
    return marks


def _cut(names: list[str], room: float) -> tuple[list[str], list[float]]:
    """Return names cut to some pixels, and how many pixels each of them needs."""
    cut = [wrap(name, room, lines=1) for name in names]
    return cut, [breadth(name) * SMALL / SIZE for name in cut]
