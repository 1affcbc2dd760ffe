"""Attitude by behaviour: four kinds of loyalty, their share of customers and of money."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.numbers import written
from leal.charts.places import at_x, at_y, drawn, words_of
from leal.charts.rows import need, nothing
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import SIZE, SMALL, dress, palette
from leal.wording import Percent, Text

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_CELL, _GAP, _HEAD = 104, 6, 22
_PLACES = {"latent": (0, 0), "true": (1, 0), "none": (0, 1), "spurious": (1, 1)}
_NAMES = {
    "true": Text("True loyalty"),
    "latent": Text("Latent loyalty"),
    "spurious": Text("Spurious loyalty"),
    "none": Text("No loyalty"),
}


def loyalty_cells(frame: pl.DataFrame, style: Style = DEFAULT, *, currency: str | None = None) -> Chart:
    """Draw the grid of attitude (weak below, strong above) by behaviour (seldom left, often right).

    Each cell says its share of customers and of money; its fill grows with the share of money.

    Parameters
    ----------
    frame : DataFrame
        Columns ``loyalty`` (true, latent, spurious, none), ``share``, ``share_of_money`` (fractions);
        ``per_head`` is written where present.
    style : Style
        Language, theme and width.
    currency : str or None
        Currency of ``per_head``.
    """
    import altair as alt

    need(frame, ("loyalty", "share", "share_of_money"), "loyalty_cells")
    if frame.is_empty():
        return nothing(style)
    left = 24.0
    cells = _cells(frame, style, currency, left)
    base = drawn(cells)
    colour = alt.Color("fill:N", scale=None, legend=None)
    fill = base.mark_rect(cornerRadius=4).encode(
        x=_pixels("x"),
        x2=alt.X2("x2:Q"),
        y=_across("y"),
        y2=alt.Y2("y2:Q"),
        color=colour,
        opacity=alt.Opacity("strength:Q", scale=None, legend=None),
    )
    layered = alt.layer(fill, *_words(base, style), *_axes(left, style))
    sized = layered.properties(width=style.width, height=2 * _CELL + _GAP + _HEAD)
    return dress(sized, style, Text("Four kinds of loyalty: share of customers and of money"))


def _pixels(field: str) -> alt.X:
    """Return a column of horizontal places in pixels."""
    import altair as alt

    return alt.X(f"{field}:Q", axis=None, scale=None)


def _across(field: str) -> alt.Y:
    """Return a column of vertical places in pixels."""
    import altair as alt

    return alt.Y(f"{field}:Q", axis=None, scale=None)


def _cells(frame: pl.DataFrame, style: Style, currency: str | None, left: float) -> pl.DataFrame:
    colours = palette(style.theme)
    fills = {
        "true": colours.promoter,
        "latent": colours.accent,
        "spurious": colours.detractor,
        "none": colours.other,
    }
    wide = (style.width - left - _GAP) / 2
    rows = []
    for row in frame.iter_rows(named=True):
        column, line = _PLACES[row["loyalty"]]
        x, y = left + column * (wide + _GAP), line * (_CELL + _GAP)
        money = float(row["share_of_money"] or 0.0)
        rows.append(
            {
                "x": x,
                "x2": x + wide,
                "y": y,
                "y2": y + _CELL,
                "middle": x + wide / 2,
                "fill": fills[row["loyalty"]],
                "strength": 0.10 + 0.45 * min(1.0, money / 0.6),
                "name": _NAMES[row["loyalty"]].into(style.language),
                "share": written(float(row["share"]), "percent", style.language),
                "detail": _detail(row, money, style, currency),
                "at_name": y + 18,
                "at_share": y + 46,
                "at_detail": y + 74,
            }
        )
    return pl.DataFrame(rows)


def _detail(row: dict[str, object], money: float, style: Style, currency: str | None) -> str:
    lines = [Text("{share} of the money", share=Percent(money)).into(style.language)]
    a_head = row.get("per_head")
    if isinstance(a_head, float) and a_head == a_head:
        amount = written(a_head, "amount", style.language, currency)
        lines.append(Text("{amount} a head", amount=amount).into(style.language))
    return "\n".join(lines)


def _words(base: alt.Chart, style: Style) -> list[alt.Chart]:
    import altair as alt

    ink = alt.ColorValue(palette(style.theme).ink)
    marks = []
    for field, size in (("name", SIZE), ("share", 19), ("detail", SMALL)):
        text = base.mark_text(
            align="center",
            baseline="middle",
            fontSize=size,
            fontWeight=600 if field == "share" else 400,
            lineBreak="\n",
            lineHeight=15,
        )
        marks.append(
            text.encode(x=_pixels("middle"), y=_across(f"at_{field}"), text=words_of(f"{field}:N"), color=ink)
        )
    return marks


def _axes(left: float, style: Style) -> list[alt.Chart]:
    """Return the words along both sides of the grid."""
    import altair as alt

    quiet = alt.ColorValue(palette(style.theme).muted)
    wide = (style.width - left - _GAP) / 2
    below = 2 * _CELL + _GAP + 14
    marks = []
    for words, x in (
        (Text("buy seldom"), left + wide / 2),
        (Text("buy often"), left + 1.5 * wide + _GAP),
    ):
        text = drawn(pl.DataFrame({"words": [words.into(style.language)]})).mark_text(fontSize=SMALL)
        marks.append(text.encode(x=at_x(x), y=at_y(below), text=words_of("words:N"), color=quiet))
    for words, y in ((Text("strong attitude"), _CELL / 2), (Text("weak attitude"), 1.5 * _CELL + _GAP)):
        text = drawn(pl.DataFrame({"words": [words.into(style.language)]})).mark_text(
            fontSize=SMALL, angle=270
        )
        marks.append(text.encode(x=at_x(8), y=at_y(y), text=words_of("words:N"), color=quiet))
    return marks
