"""Van Westendorp's curves: at which prices how many find a product too cheap, cheap, dear, too dear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.places import at_y, drawn, until_x, words_of
from leal.charts.rows import need, nothing
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
_NAMED_AT = {"too_cheap": 0.35, "cheap": 0.9, "expensive": 0.78, "too_expensive": 0.25}
_NAMED_RIGHT = ("cheap", "too_expensive")
"""Where each curve bears its name: the outer two on their outer side, the inner two between them."""


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
        *(mark for curve in _CURVES for mark in _curve(frame, curve, x, y, style)),
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
) -> list[alt.Chart]:
    """Return a curve and its name beside it."""
    import altair as alt

    name, words, colour, dash = curve
    table = frame.select("price", pl.col(name).alias("share"))
    paint = alt.ColorValue(getattr(palette(style.theme), colour))
    line = drawn(table).mark_line(strokeWidth=2.2, strokeDash=dash, interpolate="step-after")
    right = name in _NAMED_RIGHT
    at = table.sort((pl.col("share") - _NAMED_AT[name]).abs()).head(1)
    named = drawn(at.with_columns(words=pl.lit(words.into(style.language)))).mark_text(
        align="left" if right else "right", dx=7 if right else -7, fontSize=SMALL, fontWeight=600
    )
    return [
        line.encode(x=x, y=y, color=paint),
        named.encode(x=x, y=y, text=words_of("words:N"), color=paint),
    ]
