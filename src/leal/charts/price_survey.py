"""Van Westendorp's curves: at which prices how many find a product too cheap, cheap, dear, too dear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.places import at_x, at_y, drawn, until_x, until_x_at, words_of
from leal.charts.rows import breadth, need, nothing
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import SMALL, dress, palette
from leal.wording import Text

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_MARGIN, _HEIGHT = 46, 280
_CURVES = (
    ("too_cheap", Text("too cheap"), "passive", [4, 3]),
    ("cheap", Text("cheap"), "promoter", [1, 0]),
    ("expensive", Text("expensive"), "accent", [1, 0]),
    ("too_expensive", Text("too expensive"), "detractor", [4, 3]),
)
_KEY, _LINE = -30, 16
"""Where the names of the curves stand above the chart, and how far one line of them is below another."""


def price_curves(
    frame: pl.DataFrame, style: Style = DEFAULT, *, acceptable: tuple[float, float] | None = None
) -> Chart:
    """Draw the four curves of a price sensitivity meter; the range of acceptable prices is tinted.

    Parameters
    ----------
    frame : DataFrame
        Columns ``price``, ``too_cheap``, ``cheap``, ``expensive``, ``too_expensive`` (shares).
    style : Style
        Language, theme and width.
    acceptable : (float, float) or None
        Ends of the range of acceptable prices.
    """
    import altair as alt

    need(frame, ("price", *(name for name, *_ in _CURVES)), "price_curves")
    if frame.is_empty():
        return nothing(style)
    x = alt.X(
        "price:Q",
        axis=alt.Axis(
            title=Text("price").into(style.language), grid=False, tickCount=5 if style.narrow else 9
        ),
        scale=alt.Scale(zero=False, nice=False),
    )
    y = alt.Y("share:Q", axis=alt.Axis(title=None, format=".0%", tickCount=5), scale=alt.Scale(domain=[0, 1]))
    marks = [
        *_range(acceptable, style),
        *(_curve(frame, curve, x, y, style) for curve in _CURVES),
        *_key(style),
    ]
    layered = alt.layer(*marks).properties(width=style.width - _MARGIN, height=_HEIGHT)
    return dress(layered, style, Text("Shares of respondents by price"))


def _range(ends: tuple[float, float] | None, style: Style) -> list[alt.Chart]:
    import altair as alt

    if ends is None:
        return []
    words = Text("acceptable").into(style.language)
    base = drawn(
        pl.DataFrame({"low": [ends[0]], "high": [ends[1]], "middle": [sum(ends) / 2], "words": [words]})
    )
    colours = palette(style.theme)
    tint = base.mark_rect(opacity=0.08).encode(
        x=alt.X("low:Q"), x2=until_x("high:Q"), color=alt.ColorValue(colours.accent)
    )
    text = base.mark_text(baseline="bottom", dy=-3, fontSize=SMALL)
    named = text.encode(
        x=alt.X("middle:Q"), y=at_y(0), text=words_of("words:N"), color=alt.ColorValue(colours.muted)
    )
    return [tint, named]


def _curve(
    frame: pl.DataFrame, curve: tuple[str, Text, str, list[int]], x: alt.X, y: alt.Y, style: Style
) -> alt.Chart:
    import altair as alt

    name, _, colour, dash = curve
    table = frame.select("price", pl.col(name).alias("share"))
    line = drawn(table).mark_line(strokeWidth=2.2, strokeDash=dash, interpolate="step-after")
    placed: alt.Chart = line.encode(x=x, y=y, color=alt.ColorValue(getattr(palette(style.theme), colour)))
    return placed


def _key(style: Style) -> list[alt.Chart]:
    """Return which curve is which, above the chart: beside the curves names would cover others."""
    import altair as alt

    colours = palette(style.theme)
    marks = []
    named = [(words.into(style.language), colour, dash) for _, words, colour, dash in _CURVES]
    for row in (named[:2], named[2:]) if style.narrow else (named,):
        place, height = 0.0, _KEY - (_LINE if style.narrow and row == named[:2] else 0)
        for words, colour, dash in row:
            base = drawn(pl.DataFrame({"words": [words]}))
            rule = base.mark_rule(strokeWidth=2.2, strokeDash=dash)
            paint = alt.ColorValue(getattr(colours, colour))
            marks.append(rule.encode(x=at_x(place), x2=until_x_at(place + 24), y=at_y(height), color=paint))
            text = base.mark_text(align="left", baseline="middle", fontSize=SMALL)
            ink = alt.ColorValue(colours.ink)
            marks.append(text.encode(x=at_x(place + 30), y=at_y(height), text=words_of("words:N"), color=ink))
            place += 30 + breadth(words) + 24
    return marks
