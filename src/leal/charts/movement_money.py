"""Who became what, and what it did to their money: nine flows with the money that each brought or took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from leal.charts.group_grid import grid_axes, grid_names
from leal.charts.names import group_key
from leal.charts.places import drawn, words_of
from leal.charts.rows import need, nothing
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import SMALL, dress, palette
from leal.wording import Count, Percent, RoundAmount, Text, plural

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_CELL = 84
_LEFT, _LEFT_NARROW = 120, 84
_FAINT, _STRONG = 0.08, 0.5


def flow_money(frame: pl.DataFrame, style: Style = DEFAULT, *, currency: str | None = None) -> Chart:
    """Draw the movements between groups with the money of each: the group before in rows, after in columns.

    A cell says by how much the money of these customers changed in all, how many they are, and where there is
    room the change a head.
    Gains have the colour of promoters, losses that of detractors, the stronger the more money; what chance
    alone could have done has a dashed edge and no colour.

    Parameters
    ----------
    frame : DataFrame
        Columns ``before``, ``after`` (detractors, passives, promoters), ``n``, ``change`` (money a head,
        after minus before; empty where unknown); ``change_low`` and ``change_high`` tell what is more than
        chance.
        As `leal.movement(...).to_frame()` gives it when money is given.
    style : Style
        Language, theme and width.
    currency : str or None
        Currency of the money.
    """
    import altair as alt

    need(frame, ("before", "after", "n", "change"), "flow_money")
    if frame.is_empty():
        return nothing(style)
    left = _LEFT_NARROW if style.narrow else _LEFT
    x, y = grid_axes(left, style)
    base = drawn(_cells(frame, style, currency)).encode(x=x, y=y)
    fill = base.mark_rect(cornerRadius=3).encode(
        color=alt.Color("fill:N", scale=None, legend=None),
        opacity=alt.Opacity("strength:Q", scale=None, legend=None),
    )
    edge = base.mark_rect(cornerRadius=3, fillOpacity=0, strokeDash=[3, 3], strokeWidth=1).encode(
        stroke=alt.Stroke("edge:N", scale=None, legend=None)
    )
    layered = alt.layer(fill, edge, *_cell_words(base, style), *grid_names(left, _CELL, style))
    return dress(layered.properties(width=style.width, height=3 * _CELL), style, _description(frame))


def _cells(frame: pl.DataFrame, style: Style, currency: str | None) -> pl.DataFrame:
    rows = [_cell(row, style, currency) for row in frame.iter_rows(named=True)]
    largest = max((abs(float(row["money"])) for row in rows if row["sure"]), default=0.0) or 1.0
    colours = palette(style.theme)
    for row in rows:
        money = float(row.pop("money"))
        sure = row.pop("sure")
        row["strength"] = _FAINT + (_STRONG - _FAINT) * abs(money) / largest if sure else 0.35
        row["fill"] = (colours.promoter if money > 0 else colours.detractor) if sure else colours.soft
        row["edge"] = "transparent" if sure else colours.line
    return pl.DataFrame(rows)


def _cell(row: dict[str, Any], style: Style, currency: str | None) -> dict[str, Any]:
    n, change = float(row["n"]), row["change"]
    known = change is not None and change == change
    money = n * float(change) if known else 0.0
    counted = plural("{count} customer", "{count} customers", int(n)).into(style.language)
    told = "–"
    if known:
        told = _signed(money, style, currency)
    if known and not style.narrow:
        a_head = Text("{money} a head", money=_signed(float(change), style, currency)).into(style.language)
        counted = f"{counted}\n{a_head}"
    return {
        "before": f"{group_key(str(row['before'])) or row['before']}s",
        "after": f"{group_key(str(row['after'])) or row['after']}s",
        "money": money,
        "sure": known and _surely(row, float(change)),
        "told": told,
        "detail": counted,
    }


def _surely(row: dict[str, Any], change: float) -> bool:
    """Tell whether the interval leaves zero out; without one the figure is taken as it is."""
    low, high = row.get("change_low"), row.get("change_high")
    if "change_low" not in row or "change_high" not in row:
        return change != 0
    return low is not None and high is not None and (low > 0 or high < 0)


def _signed(value: float, style: Style, currency: str | None) -> str:
    return RoundAmount(value, currency, signed=True).into(style.language)


def _cell_words(base: alt.Chart, style: Style) -> list[alt.Chart]:
    size, lift, fall = (SMALL, -12, 8) if style.narrow else (15, -20, 6)
    told = base.mark_text(baseline="middle", dy=lift, fontSize=size, fontWeight=600)
    detail = base.mark_text(
        baseline="middle", dy=fall, fontSize=11 if style.narrow else SMALL, lineBreak="\n", lineHeight=15
    )
    return [told.encode(text=words_of("told:N")), detail.encode(text=words_of("detail:N"))]


def _description(frame: pl.DataFrame) -> Text:
    moved = frame.filter(pl.col("before") != pl.col("after"))["n"].sum()
    total = frame["n"].sum()
    return Text(
        "Money of {count} customers by their group before and after; {moved} of them moved",
        count=Count(float(total)),
        moved=Percent(float(moved) / float(total) if total else 0.0),
    )
