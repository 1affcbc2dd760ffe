"""What each assumption alone does to a figure, from the low to the high end of its range: a tornado."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.numbers import Measure, fine_digits, written
from leal.charts.places import drawn, until_x
from leal.charts.rows import Across, assemble, lay_out, names_and_figures, need, nothing, reference_line, say
from leal.charts.rows import largest as largest_of
from leal.charts.shares import key
from leal.charts.style import DEFAULT, Style
from leal.wording import Text, plural

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

FACTORS = {
    "excess": Text("how much more detractors speak"),
    "weight": Text("weight of a negative comment"),
    "needed": Text("comments that win a customer"),
    "comments": Text("comments of a promoter a year"),
    "passive_comments": Text("comments of a passive a year"),
    "in_market": Text("share that reaches buyers"),
    "nps": Text("the NPS itself"),
    "customers": Text("number of customers"),
    "exposed": Text("share reached"),
    "noticed": Text("share that notices"),
    "satisfaction": Text("satisfaction gained"),
    "retention_link": Text("retention a point of satisfaction"),
    "value_link": Text("value of retention"),
    "margin": Text("margin a customer"),
    "retention": Text("retention today"),
    "repeat_sales": Text("further repeat sales"),
    "word_of_mouth": Text("won by word of mouth"),
    "referrals_counted": Text("referrals counted already"),
    "direct_spend": Text("spend past satisfaction"),
    "direct_retention": Text("staying past satisfaction"),
    "supposed_spend": Text("spend past satisfaction (supposed)"),
    "supposed_leaving": Text("leaving past satisfaction (supposed)"),
    "cost": Text("cost"),
    "measured": Text("measured effect"),
}
_BAR, _ROOM = 14, 24


def tornado(
    frame: pl.DataFrame,
    style: Style = DEFAULT,
    *,
    measure: Measure = "count",
    currency: str | None = None,
    axis_title: Text | None = None,
) -> Chart:
    """Draw how far each assumption alone moves a figure, the one that moves it most at the top.

    Parameters
    ----------
    frame : DataFrame
        Columns ``factor``, ``at_low``, ``at_high`` (the figure with this assumption at the ends of its range)
        and ``middle`` (the figure with all at their middle), in the order to be drawn.
    style : Style
        Language, theme and width.
    measure : {"points", "percent", "amount", "number", "count"}
        How the figure is written.
    currency : str or None
        Currency of amounts.
    axis_title : Text or None
        What is measured.
    """
    need(frame, ("factor", "at_low", "at_high", "middle"), "tornado")
    if frame.is_empty():
        return nothing(style)
    names = [_name(name, style) for name in frame["factor"].to_list()]
    figures = _figures(frame, measure, style, currency)
    rows, table = lay_out(frame, names, figures, style, thickness=_ROOM)
    across = Across(
        rows=rows,
        measure=measure,
        largest=largest_of(table, "at_low", "at_high"),
        title=axis_title,
    )
    colours = rows.colours
    entries = [
        (Text("assumption at its low end").into(style.language), colours.other),
        (Text("at its high end").into(style.language), colours.accent),
    ]
    marks = [
        _half(table, across, "at_low", colours.other),
        _half(table, across, "at_high", colours.accent),
        *reference_line(float(frame["middle"][0]), across),
        *key(entries, rows),
        *names_and_figures(table, rows, _ROOM),
    ]
    words = plural("Range by {count} assumption", "Range by {count} assumptions", frame.height)
    return assemble(marks, rows, words)


def _name(factor: str, style: Style) -> str:
    return FACTORS[factor].into(style.language) if factor in FACTORS else say(factor, style)


def _figures(frame: pl.DataFrame, measure: Measure, style: Style, currency: str | None) -> list[str]:
    """Return both ends in words, the lower figure first."""
    digits = fine_digits(largest_of(frame, "at_low", "at_high"), measure)
    pairs = [sorted(pair) for pair in frame.select("at_low", "at_high").rows()]
    return [
        Text(
            "{low} to {high}",
            low=written(low, measure, style.language, currency, digits),
            high=written(high, measure, style.language, currency, digits),
        ).into(style.language)
        for low, high in pairs
    ]


def _half(table: pl.DataFrame, across: Across, end: str, colour: str) -> alt.Chart:
    import altair as alt

    bar = drawn(table.select("row", "middle", end)).mark_bar(height=_BAR)
    placed: alt.Chart = bar.encode(
        x=across.x("middle"), x2=until_x(f"{end}:Q"), y=across.rows.y(), color=alt.ColorValue(colour)
    )
    return placed
