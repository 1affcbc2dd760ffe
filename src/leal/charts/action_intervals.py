"""What actions would bring after their cost: interval, chance of paying, evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.places import drawn, until_x
from leal.charts.rows import (
    Across,
    assemble,
    baseline,
    largest,
    lay_out_figures,
    names_and_figures,
    need,
    nothing,
)
from leal.charts.shares import key
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import Palette
from leal.wording import Percent, Text, plural

if TYPE_CHECKING:
    from leal.charts.rendering import Chart

_LIKELY, _UNLIKELY, _SURELY = 0.9, 0.1, 0.99


def value_of_actions(
    frame: pl.DataFrame,
    style: Style = DEFAULT,
    *,
    currency: str | None = None,
    axis_title: Text | None = None,
) -> Chart:
    """Draw the value of each action with its interval, in the order given.

    Parameters
    ----------
    frame : DataFrame
        Columns ``action``, ``value``, ``ci_low``, ``ci_high``, ``chance`` (of paying, a fraction); ``grade``
        of the evidence is written beside it where present.
    style : Style
        Language, theme and width.
    currency : str or None
        Currency of amounts.
    axis_title : Text or None
        Title of the scale; what the figures mean by default.
    """
    import altair as alt

    need(frame, ("action", "value", "ci_low", "ci_high", "chance"), "value_of_actions")
    if frame.is_empty():
        return nothing(style)
    rows, table = lay_out_figures(
        frame,
        style,
        name="action",
        figure="value",
        measure="amount",
        currency=currency,
        asides=_asides(frame, style),
    )
    top = largest(table, "value", "ci_low", "ci_high")
    said = axis_title or Text("in grey: chance of paying · grade of evidence")
    across = Across(rows=rows, measure="amount", largest=top, title=said, zero=True)
    fills = pl.Series("fill", [_colour(chance, rows.colours) for chance in frame["chance"].to_list()])
    known = table.with_columns(fills).filter(pl.col("value").cast(pl.Float64).is_finite())
    paint = alt.Color("fill:N", scale=None, legend=None)
    line = drawn(known.select("row", "ci_low", "ci_high", "fill")).mark_rule(strokeWidth=3, strokeCap="round")
    dot = drawn(known.select("row", "value", "fill")).mark_point(filled=True, size=90, opacity=1)
    marks = [
        baseline(across),
        line.encode(x=across.x("ci_low"), x2=until_x("ci_high:Q"), y=rows.y(), color=paint),
        dot.encode(x=across.x("value"), y=rows.y(), color=paint),
        *key(_entries(frame, style, rows.colours), rows),
        *names_and_figures(table, rows),
    ]
    return assemble(marks, rows, plural("Value of {count} action", "Value of {count} actions", frame.height))


def _asides(frame: pl.DataFrame, style: Style) -> list[str]:
    grades = frame["grade"].to_list() if "grade" in frame.columns else [None] * frame.height
    return [
        " · ".join(part for part in (_chance(chance, style), grade) if part)
        for chance, grade in zip(frame["chance"].to_list(), grades, strict=True)
    ]


def _chance(chance: float | None, style: Style) -> str:
    if chance is None:
        return ""
    # a chance among draws is never a certainty
    if chance > _SURELY or chance < 1 - _SURELY:
        limit = Percent(_SURELY if chance > _SURELY else 1 - _SURELY).into(style.language)
        return f"> {limit}" if chance > _SURELY else f"< {limit}"
    return Percent(chance).into(style.language)


def _entries(frame: pl.DataFrame, style: Style, colours: Palette) -> list[tuple[str, str]]:
    """Return the key of the colours that occur, and what the quiet figures are."""
    told = (
        (Text("will pay (chance of 90 % or more)"), colours.promoter),
        (Text("may pay"), colours.accent),
        (Text("will hardly pay (10 % or less)"), colours.detractor),
    )
    used = {_colour(chance, colours) for chance in frame["chance"].to_list()}
    return [(words.into(style.language), colour) for words, colour in told if colour in used]


def _colour(chance: float | None, colours: Palette) -> str:
    if chance is None:
        return colours.other
    return (
        colours.promoter
        if chance >= _LIKELY
        else colours.detractor
        if chance <= _UNLIKELY
        else colours.accent
    )
