"""What is gained by treating more and more customers, those with the highest scores first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import polars as pl

from leal.charts.numbers import axis_words, written
from leal.charts.places import drawn, until_y, words_of
from leal.charts.rows import breadth, largest, need, nothing
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import SMALL, dress, palette
from leal.wording import Percent, Text

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_HEIGHT, _AXIS, _RIGHT = 260, 64, 14


def targeting_chart(frame: pl.DataFrame, style: Style = DEFAULT, *, currency: str | None = None) -> Chart:
    """Draw the gain per 1,000 customers by share treated, beside that of treating as many by lot.

    Parameters
    ----------
    frame : DataFrame
        ``share`` (treated, a fraction), ``gain``, ``ci_low``, ``ci_high`` and ``chance``, per 1,000 customers
        of the whole base.
    style : Style
        Language, theme and width.
    currency : str or None
        Currency of the amounts.
    """
    import altair as alt

    need(frame, ("share", "gain", "ci_low", "ci_high", "chance"), "targeting_chart")
    known = frame.drop_nulls(["share", "gain"])
    if known.is_empty():
        return nothing(style)
    table = _from_nothing(known)
    colours = palette(style.theme)
    x, y = _axes(table, style)
    accent, muted = alt.ColorValue(colours.accent), alt.ColorValue(colours.muted)
    whole = drawn(table)
    zero = drawn(pl.DataFrame({"gain": [0.0]})).mark_rule(strokeWidth=1)
    marks = [
        zero.encode(y=y, color=alt.ColorValue(colours.line)),
        whole.mark_area(opacity=0.18).encode(x=x, y=alt.Y("ci_low:Q"), y2=until_y("ci_high:Q"), color=accent),
        whole.mark_line(strokeWidth=1.5, strokeDash=[4, 3]).encode(x=x, y=alt.Y("chance:Q"), color=muted),
        whole.mark_line(strokeWidth=2.5).encode(x=x, y=y, color=accent),
        *_best(table, x, y, style, currency),
        *_chance_word(table, x, style),
    ]
    layered = alt.layer(*marks).properties(width=style.width - _AXIS - _RIGHT, height=_HEIGHT)
    return dress(layered, style, Text("Gain by share of customers treated"))


def _from_nothing(known: pl.DataFrame) -> pl.DataFrame:
    """Begin the curve where nobody is treated and nothing is gained."""
    columns = ["share", "gain", "ci_low", "ci_high", "chance"]
    start = pl.DataFrame({name: [0.0] for name in columns})
    return pl.concat([start, known.select(columns).cast(pl.Float64)]).sort("share")


def _axes(table: pl.DataFrame, style: Style) -> tuple[alt.X, alt.Y]:
    import altair as alt

    language = style.language
    x_axis = alt.Axis(
        grid=False,
        format=".0%",
        values=[0, 0.5, 1] if style.narrow else [0, 0.2, 0.4, 0.6, 0.8, 1],
        title=Text("customers treated, highest scores first").into(language),
    )
    top = largest(table, "gain", "ci_low", "ci_high")
    y_axis = alt.Axis(
        tickCount=5,
        labelExpr=axis_words("amount", top, language),
        title=Text("gain per 1,000 customers").into(language),
        titleAlign="left",
        titleAngle=0,
        titleAnchor="start",
        titleX=0,
        titleY=-12,
    )
    x = alt.X("share:Q", axis=x_axis, scale=alt.Scale(domain=[0, 1], nice=False))
    return x, alt.Y("gain:Q", axis=y_axis)


def _best(table: pl.DataFrame, x: alt.X, y: alt.Y, style: Style, currency: str | None) -> list[alt.Chart]:
    """Mark the depth where most is gained; none where nothing is."""
    import altair as alt

    top = table.sort("gain", descending=True).head(1)
    gain, share = float(top["gain"][0]), float(top["share"][0])
    if gain <= 0:
        return []
    words = Text(
        "{gain} at {share}",
        gain=written(gain, "amount", style.language, currency),
        share=Percent(share),
    ).into(style.language)
    inner = style.width - _AXIS - _RIGHT
    room = breadth(words)
    place = share * inner
    align: Literal["left", "center", "right"] = (
        "right" if place + room / 2 > inner else "left" if place < room / 2 else "center"
    )
    accent = alt.ColorValue(palette(style.theme).accent)
    base = drawn(top.with_columns(words=pl.lit(words)))
    text = base.mark_text(align=align, baseline="bottom", dy=-10, fontWeight=600, fontSize=SMALL)
    return [
        base.mark_point(filled=True, size=80, opacity=1).encode(x=x, y=y, color=accent),
        text.encode(x=x, y=y, text=words_of("words:N"), color=accent),
    ]


def _chance_word(table: pl.DataFrame, x: alt.X, style: Style) -> list[alt.Chart]:
    """Name the dashed line, above or below it, wherever the curve is not."""
    import altair as alt

    place = table.filter(pl.col("share") >= 0.6).head(1)
    if place.is_empty() or place["chance"][0] is None:
        return []
    above = place["gain"][0] < place["chance"][0]
    rising = place["chance"][0] > 0
    # on this side of the point the line runs away from the words
    align: Literal["left", "right"] = "right" if above == rising else "left"
    named = place.with_columns(words=pl.lit(Text("drawn by lot").into(style.language)))
    text = drawn(named).mark_text(
        align=align,
        baseline="bottom" if above else "top",
        dy=-6 if above else 6,
        fontSize=SMALL,
    )
    quiet = alt.ColorValue(palette(style.theme).muted)
    return [text.encode(x=x, y=alt.Y("chance:Q"), text=words_of("words:N"), color=quiet)]
