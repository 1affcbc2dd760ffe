"""How few customers hold how much of the value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.numbers import axis_words, written
from leal.charts.places import drawn, until_y, words_of
from leal.charts.rows import need, nothing
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import SMALL, Palette, dress, palette
from leal.wording import Percent, Text

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_HEIGHT = 280
_AXIS = 58
_NAMED = (0.1, 0.2, 0.5)


def value_concentration(
    frame: pl.DataFrame, style: Style = DEFAULT, *, named: tuple[float, ...] = _NAMED
) -> Chart:
    """Draw what share of the value the best customers hold, the best first.

    Parameters
    ----------
    frame : DataFrame
        Columns ``customers`` (share of customers, the most valuable first, 0..1, rising) and ``value`` (share
        of the value that they hold).
    style : Style
        Language, theme and width.
    named : tuple of float
        Shares of customers at which the figure is written.

    Notes
    -----
    The Lorenz curve from the other end. The straight line is a base where all customers are worth the same.
    """
    import altair as alt

    need(frame, ("customers", "value"), "value_concentration")
    if frame.is_empty():
        return nothing(style)
    colours = palette(style.theme)
    x, y = _axes(style)
    marks = [_equal(x, y, colours), *_curve(frame, x, y, colours), *_figures(frame, named, x, y, style)]
    layered = alt.layer(*marks).properties(width=style.width - _AXIS, height=_HEIGHT)
    return dress(layered, style, _description(frame))


def _axes(style: Style) -> tuple[alt.X, alt.Y]:
    import altair as alt

    words = axis_words("percent", 1.0, style.language)
    title_x = Text("share of customers, the most valuable first").into(style.language)
    title_y = Text("share of value").into(style.language)
    whole = alt.Scale(domain=[0, 1], nice=False)
    across = alt.Axis(title=title_x, grid=False, labelExpr=words, tickCount=5)
    up = alt.Axis(
        title=title_y,
        labelExpr=words,
        tickCount=5,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleX=-40,
        titleY=-14,
    )
    return alt.X("customers:Q", axis=across, scale=whole), alt.Y("value:Q", axis=up, scale=whole)


def _equal(x: alt.X, y: alt.Y, colours: Palette) -> alt.Chart:
    import altair as alt

    ends = drawn(pl.DataFrame({"customers": [0.0, 1.0], "value": [0.0, 1.0]}))
    line: alt.Chart = ends.mark_line(strokeWidth=1, strokeDash=[3, 3]).encode(
        x=x, y=y, color=alt.ColorValue(colours.muted)
    )
    return line


def _curve(frame: pl.DataFrame, x: alt.X, y: alt.Y, colours: Palette) -> list[alt.Chart]:
    import altair as alt

    base = drawn(frame.select("customers", "value", floor=pl.lit(0.0)))
    paint = alt.ColorValue(colours.accent)
    area = base.mark_area(opacity=0.14).encode(x=x, y=y, y2=until_y("floor:Q"), color=paint)
    return [area, base.mark_line(strokeWidth=2.5).encode(x=x, y=y, color=paint)]


def _figures(
    frame: pl.DataFrame, named: tuple[float, ...], x: alt.X, y: alt.Y, style: Style
) -> list[alt.Chart]:
    """Return the dots on the curve with their words below to the right, where the area leaves room."""
    import altair as alt

    colours = palette(style.theme)
    rows = [
        {"customers": share, "value": held, "words": _words(share, held, style)}
        for share in named
        for held in [value_of(frame, share)]
    ]
    base = drawn(pl.DataFrame(rows))
    accent, ink = alt.ColorValue(colours.accent), alt.ColorValue(colours.ink)
    dot = base.mark_point(filled=True, size=60, opacity=1).encode(x=x, y=y, color=accent)
    text = base.mark_text(
        align="left", baseline="top", dx=9, dy=5, fontSize=SMALL, lineBreak="\n", lineHeight=15
    )
    return [dot, text.encode(x=x, y=y, text=words_of("words:N"), color=ink)]


def _words(share: float, held: float, style: Style) -> str:
    of_value = written(held, "percent", style.language)
    of_customers = written(share, "percent", style.language)
    return Text("{customers} hold {value}", customers=of_customers, value=of_value).into(style.language)


def value_of(frame: pl.DataFrame, share: float) -> float:
    """Return the share of value that the best `share` of customers hold, read off the curve."""
    import numpy as np

    customers = np.concatenate([[0.0], frame["customers"].to_numpy()])
    value = np.concatenate([[0.0], frame["value"].to_numpy()])
    return float(np.interp(share, customers, value))


def _description(frame: pl.DataFrame) -> Text:
    return Text(
        "The most valuable tenth of customers hold {value} of the value", value=Percent(value_of(frame, 0.1))
    )
