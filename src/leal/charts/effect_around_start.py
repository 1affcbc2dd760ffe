"""The gap between treated and others, period by period before and after the start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

import polars as pl

from leal.charts.numbers import Measure, axis_words
from leal.charts.places import at_x, at_y, drawn, until_y, words_of
from leal.charts.rows import largest, need, nothing
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import SMALL, dress, palette
from leal.wording import Currency, Text, plural

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_HEIGHT, _AXIS, _RIGHT, _WORDS = 240, 64, 14, 34


def event_study(
    frame: pl.DataFrame,
    style: Style = DEFAULT,
    *,
    measure: Measure = "number",
    currency: str | None = None,
) -> Chart:
    """Draw the gap between treated and others by periods since the start, those before it included.

    Parameters
    ----------
    frame : DataFrame
        ``period`` (since the start: -1 is the last one before it, 0 the first treated one), ``estimate``,
        ``ci_low``, ``ci_high``; ``base`` (true for the periods that the others are compared with).
    style : Style
        Language, theme and width.
    measure : {"number", "amount", "percent", "points"}
        How the scale is written.
    currency : str or None
        Currency of amounts.

    Notes
    -----
    For what nobody drew by lot (`leal.prove.panel_effect`): "not randomised" always stands on the chart.
    """
    import altair as alt

    need(frame, ("period", "estimate", "ci_low", "ci_high"), "event_study")
    known = frame.filter(pl.col("estimate").is_finite())
    if known.is_empty():
        return nothing(style)
    base = pl.col("base") if "base" in known.columns else pl.lit(False)
    table = known.select(
        "period", "estimate", "ci_low", "ci_high", base=base.fill_null(False), after=pl.col("period") >= 0
    )
    x, y = _axes(table, style, measure)
    marks = [
        *_frame(table, x, y, style, currency),
        *_side(table.filter(~pl.col("after")), x, y, palette(style.theme).muted),
        *_side(table.filter("after"), x, y, palette(style.theme).accent),
        *_base(table.filter("base"), x, y, style),
    ]
    layered = alt.layer(*marks).properties(width=style.width - _AXIS - _RIGHT, height=_HEIGHT)
    words = plural("Gap by period: {count} period", "Gap by period: {count} periods", table.height)
    return dress(layered, style, words)


def _axes(table: pl.DataFrame, style: Style, measure: Measure) -> tuple[alt.X, alt.Y]:
    import altair as alt

    first, last = (float(table["period"].to_list()[place]) for place in (0, -1))
    ends = [min(0.0, *table["ci_low"].to_list()), max(0.0, *table["ci_high"].to_list())]
    x_axis = alt.Axis(
        grid=False,
        format="d",
        labelExpr="(datum.value > 0 ? '+' : '') + datum.label",
        tickMinStep=1,
        tickCount=5 if style.narrow else 10,
        title=Text("periods since the start").into(style.language),
    )
    top = largest(table, "estimate", "ci_low", "ci_high")
    y_axis = alt.Axis(title=None, tickCount=5, labelExpr=axis_words(measure, top, style.language))
    x = alt.X("period:Q", axis=x_axis, scale=alt.Scale(domain=[first - 0.5, last + 0.5], nice=False))
    # the words above the periods have a strip of their own at the top
    places = alt.Scale(domain=ends, nice=True, range=[_HEIGHT, _WORDS])
    return x, alt.Y("estimate:Q", axis=y_axis, scale=places)


def _frame(table: pl.DataFrame, x: alt.X, y: alt.Y, style: Style, currency: str | None) -> list[alt.Chart]:
    """Return the line of no gap, the line of the start, and the words above both sides of it."""
    import altair as alt

    colours = palette(style.theme)
    zero = drawn(pl.DataFrame({"estimate": [0.0]})).mark_rule(strokeWidth=1)
    start = drawn(pl.DataFrame({"period": [-0.5]})).mark_rule(strokeWidth=1.5, strokeDash=[4, 3])
    label = (
        Text("not randomised; {currency}", currency=Currency(currency))
        if currency
        else Text("not randomised")
    )
    marks = [
        zero.encode(y=y, color=alt.ColorValue(colours.muted)),
        start.encode(x=x, color=alt.ColorValue(colours.ink)),
        _start_word(style, x),
        _word(label.into(style.language), style.width - _AXIS - _RIGHT, "right", style),
    ]
    if table["base"].any():
        marks.append(_word(Text("○ base").into(style.language), 0, "left", style))
    return marks


def _start_word(style: Style, x: alt.X) -> alt.Chart:
    import altair as alt

    words = pl.DataFrame({"period": [-0.5], "words": [Text("start").into(style.language)]})
    text = drawn(words).mark_text(align="left", baseline="top", dx=6, fontSize=SMALL, fontWeight=600)
    ink = alt.ColorValue(palette(style.theme).ink)
    return cast("alt.Chart", text.encode(x=x, y=at_y(0), text=words_of("words:N"), color=ink))


def _word(words: str, place: float, align: Literal["left", "right"], style: Style) -> alt.Chart:
    import altair as alt

    text = drawn(pl.DataFrame({"words": [words]})).mark_text(align=align, baseline="top", fontSize=SMALL)
    quiet = alt.ColorValue(palette(style.theme).muted)
    return cast("alt.Chart", text.encode(x=at_x(place), y=at_y(0), text=words_of("words:N"), color=quiet))


def _side(table: pl.DataFrame, x: alt.X, y: alt.Y, colour: str) -> list[alt.Chart]:
    import altair as alt

    if table.is_empty():
        return []
    ink = alt.ColorValue(colour)
    low = y.copy()
    low.shorthand = "ci_low:Q"
    whiskers = drawn(table).mark_rule(strokeWidth=2.5, strokeCap="round", opacity=0.55)
    dots = drawn(table).mark_point(filled=True, size=60, opacity=1)
    return [
        whiskers.encode(x=x, y=low, y2=until_y("ci_high:Q"), color=ink),
        dots.encode(x=x, y=y, color=ink),
    ]


def _base(table: pl.DataFrame, x: alt.X, y: alt.Y, style: Style) -> list[alt.Chart]:
    import altair as alt

    if table.is_empty():
        return []
    colours = palette(style.theme)
    rings = drawn(table).mark_point(filled=True, size=60, opacity=1, strokeWidth=2, stroke=colours.muted)
    return [rings.encode(x=x, y=y, color=alt.ColorValue(colours.paper))]
