"""Kano's map: what meeting a wish adds against what missing it takes away, in four named quarters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

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
_QUARTERS: tuple[tuple[float, float, Literal["left", "right"], Text], ...] = (
    (0.0, 1.0, "left", Text("attractive")),
    (1.0, 1.0, "right", Text("one-dimensional")),
    (0.0, 0.0, "left", Text("indifferent")),
    (1.0, 0.0, "right", Text("must-be")),
)


def kano_map(frame: pl.DataFrame, style: Style = DEFAULT) -> Chart:
    """Draw wishes by how much missing them displeases (across) and meeting them pleases (up).

    Parameters
    ----------
    frame : DataFrame
        Columns ``wish``, ``better`` and ``worse`` (shares above zero); ``better_low``, ``better_high``,
        ``worse_low``, ``worse_high`` draw intervals; ``category`` empty marks a wish as undecided: a ring.
    style : Style
        Language, theme and width.
    """
    import altair as alt

    need(frame, ("wish", "better", "worse"), "kano_map")
    table = frame.filter(pl.col("better").is_not_null() & pl.col("worse").is_not_null())
    if table.is_empty():
        return nothing(style)
    width, height = style.width - _MARGIN, int(style.width * (0.95 if style.narrow else 0.6))
    x = alt.X("worse:Q", **_axis(Text("missing it displeases →"), style))
    y = alt.Y("better:Q", **_axis(Text("meeting it pleases ↑"), style, up=True))
    layered = alt.layer(
        *_quarters(width, height, x, y, style),
        *_intervals(table, x, y, style),
        *_points(table, x, y, style),
        *_names(table, width, height, style),
    ).properties(width=width, height=height)
    words = plural("Kind of {count} wish", "Kinds of {count} wishes", table.height)
    return dress(layered, style, words)


def _axis(title: Text, style: Style, *, up: bool = False) -> dict[str, Any]:
    import altair as alt

    place: dict[str, Any] = (
        {"titleAngle": 0, "titleAlign": "left", "titleX": -26, "titleY": -10} if up else {}
    )
    axis = alt.Axis(title=title.into(style.language), format=".0%", tickCount=5, grid=False, **place)
    return {"axis": axis, "scale": alt.Scale(domain=[0, 1], nice=False)}


def _quarters(width: int, height: int, x: alt.X, y: alt.Y, style: Style) -> list[alt.Chart]:
    """Return the lines at the middle and the name of each quarter in its corner."""
    import altair as alt

    quiet = alt.ColorValue(palette(style.theme).muted)
    middle = drawn(pl.DataFrame({"worse": [0.5], "better": [0.5]}))
    rule = middle.mark_rule(strokeDash=[3, 3], strokeWidth=1)
    marks = [rule.encode(x=x, color=quiet), rule.encode(y=y, color=quiet)]
    for across, above, align, words in _QUARTERS:
        base = drawn(pl.DataFrame({"words": [words.into(style.language)]}))
        text = base.mark_text(align=align, baseline="top" if above else "bottom", fontSize=SMALL)
        place_x, place_y = 8 + across * (width - 16), 8 + (1 - above) * (height - 16)
        marks.append(text.encode(x=at_x(place_x), y=at_y(place_y), text=words_of("words:N"), color=quiet))
    return marks


def _intervals(table: pl.DataFrame, x: alt.X, y: alt.Y, style: Style) -> list[alt.Chart]:
    import altair as alt

    if not {"better_low", "better_high", "worse_low", "worse_high"} <= set(table.columns):
        return []
    accent = alt.ColorValue(palette(style.theme).accent)
    rule = drawn(table).mark_rule(strokeWidth=1.5, opacity=0.4)
    return [
        rule.encode(x=alt.X("worse_low:Q"), x2=until_x("worse_high:Q"), y=y, color=accent),
        rule.encode(y=alt.Y("better_low:Q"), y2=until_y("better_high:Q"), x=x, color=accent),
    ]


def _points(table: pl.DataFrame, x: alt.X, y: alt.Y, style: Style) -> list[alt.Chart]:
    """Return a dot a wish; an undecided one is a ring."""
    import altair as alt

    colours = palette(style.theme)
    undecided = pl.col("category").is_null() if "category" in table.columns else pl.lit(False)
    marks = []
    for part, fill in ((table.filter(~undecided), colours.accent), (table.filter(undecided), colours.paper)):
        if not part.is_empty():
            point = drawn(part.select("worse", "better")).mark_point(size=90, opacity=1, strokeWidth=2)
            marks.append(
                point.encode(x=x, y=y, fill=alt.FillValue(fill), stroke=alt.StrokeValue(colours.accent))
            )
    return marks


def _names(table: pl.DataFrame, width: int, height: int, style: Style) -> list[alt.Chart]:
    import altair as alt

    longest = 150 if style.narrow else 230
    names = [wrap(say(name, style), longest, lines=1) for name in table["wish"].to_list()]
    points = [
        (width * worse, height * (1 - better)) for worse, better in table.select("worse", "better").rows()
    ]
    widths = [breadth(name) * SMALL / SIZE for name in names]
    ink = alt.ColorValue(palette(style.theme).ink)
    marks = []
    for label in place_labels(points, names, widths, (width, height)):
        text = drawn(pl.DataFrame({"words": [label.words]})).mark_text(
            align=label.align, baseline="middle", fontSize=SMALL
        )
        marks.append(text.encode(x=at_x(label.x), y=at_y(label.y), text=words_of("words:N"), color=ink))
    return marks
