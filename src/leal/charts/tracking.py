"""Whether a forecast held: purchases as they came beside those the model expected, week by week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.numbers import axis_words
from leal.charts.places import (
    at_x,
    at_y,
    drawn,
    until_x,
    until_x_at,
    until_y,
    until_y_at,
    words_of,
)
from leal.charts.rows import breadth, largest, need, nothing
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import SMALL, Palette, dress, palette
from leal.wording import Text

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_HEIGHT = 240
_AXIS = 46
_KEY = -16


def purchase_tracking(
    frame: pl.DataFrame,
    style: Style = DEFAULT,
    *,
    learnt_until: float | None = None,
    axis_title: Text | None = None,
) -> Chart:
    """Draw purchases as they came and as expected; from a line on, the model had not seen them.

    Parameters
    ----------
    frame : DataFrame
        Columns ``week`` (of the data, from 1), ``actual`` and ``expected``: repeat purchases, in a week or
        added up; ``ci_low`` and ``ci_high`` draw the band of the expected.
    style : Style
        Language, theme and width.
    learnt_until : float or None
        The last week that the model learnt from; a line stands there.
    axis_title : Text or None
        What is counted.
    """
    import altair as alt

    need(frame, ("week", "actual", "expected"), "purchase_tracking")
    if frame.is_empty():
        return nothing(style)
    colours = palette(style.theme)
    x, y = _axes(frame, style, axis_title)
    marks = [
        *_holdout(frame, learnt_until, x, style),
        *_band(frame, x, colours),
        _line(frame, "actual", x, y, colours.ink, []),
        _line(frame, "expected", x, y, colours.accent, [6, 3]),
        *_key(style, colours),
    ]
    layered = alt.layer(*marks).properties(width=style.width - _AXIS, height=_HEIGHT)
    return dress(layered, style, Text("Purchases as they came and as they were expected, week by week"))


def _axes(frame: pl.DataFrame, style: Style, title: Text | None) -> tuple[alt.X, alt.Y]:
    import altair as alt

    weeks = alt.Axis(
        grid=False,
        title=Text("week").into(style.language),
        format="d",
        tickMinStep=1,
        tickCount=5 if style.narrow else 10,
    )
    x = alt.X("week:Q", axis=weeks, scale=alt.Scale(nice=False, zero=False))
    words = axis_words("count", largest(frame, "actual", "expected"), style.language)
    counts = alt.Axis(
        title=title.into(style.language) if title else None,
        labelExpr=words,
        tickCount=5,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleX=-_AXIS + 6,
        titleY=-34,
    )
    return x, alt.Y("actual:Q", axis=counts, scale=alt.Scale(zero=True))


def _line(frame: pl.DataFrame, field: str, x: alt.X, y: alt.Y, colour: str, dash: list[float]) -> alt.Chart:
    import altair as alt

    base = drawn(frame.select("week", pl.col(field).alias("actual")))
    line = base.mark_line(strokeWidth=2.2, strokeDash=dash)
    placed: alt.Chart = line.encode(x=x, y=y, color=alt.ColorValue(colour))
    return placed


def _band(frame: pl.DataFrame, x: alt.X, colours: Palette) -> list[alt.Chart]:
    import altair as alt

    if not {"ci_low", "ci_high"} <= set(frame.columns):
        return []
    known = frame.filter(pl.col("ci_low").is_finite() & pl.col("ci_high").is_finite())
    band = drawn(known.select("week", "ci_low", "ci_high")).mark_area(opacity=0.18)
    paint = alt.ColorValue(colours.accent)
    return [band.encode(x=x, y=alt.Y("ci_low:Q"), y2=until_y("ci_high:Q"), color=paint)]


def _holdout(frame: pl.DataFrame, learnt_until: float | None, x: alt.X, style: Style) -> list[alt.Chart]:
    """Return the shade over the weeks that the model had not seen, and the words above them."""
    import altair as alt

    last = float(frame["week"].max())  # type: ignore[arg-type]
    if learnt_until is None or not learnt_until < last:
        return []
    colours = palette(style.theme)
    words = Text("not seen by the model").into(style.language)
    first = float(frame["week"].min())  # type: ignore[arg-type]
    room = (style.width - _AXIS) * (last - learnt_until) / max(last - first, 1)
    base = drawn(pl.DataFrame({"week": [learnt_until], "end": [last], "words": [words]}))
    shade = base.mark_rect().encode(
        x=x, x2=until_x("end:Q"), y=at_y(0), y2=until_y_at(_HEIGHT), color=alt.ColorValue(colours.soft)
    )
    line = base.mark_rule(strokeWidth=1, strokeDash=[3, 3]).encode(x=x, color=alt.ColorValue(colours.muted))
    if room < breadth(words):
        return [shade, line]
    text = base.mark_text(align="left", baseline="bottom", dx=6, dy=-6, fontSize=SMALL)
    said = text.encode(x=x, y=at_y(_HEIGHT), text=words_of("words:N"), color=alt.ColorValue(colours.muted))
    return [shade, line, said]


def _key(style: Style, colours: Palette) -> list[alt.Chart]:
    """Return which line is which, above the chart."""
    import altair as alt

    marks = []
    place = 0.0
    for words, colour, dash in (
        (Text("bought").into(style.language), colours.ink, []),
        (Text("expected").into(style.language), colours.accent, [6, 3]),
    ):
        base = drawn(pl.DataFrame({"words": [words]}))
        paint = alt.ColorValue(colour)
        rule = base.mark_rule(strokeWidth=2.2, strokeDash=dash)
        marks.append(rule.encode(x=at_x(place), x2=until_x_at(place + 24), y=at_y(_KEY), color=paint))
        text = base.mark_text(align="left", baseline="middle", fontSize=SMALL, fontWeight=600)
        marks.append(text.encode(x=at_x(place + 30), y=at_y(_KEY), text=words_of("words:N"), color=paint))
        place += 30 + breadth(words) + 24
    return marks
