"""Figures with their intervals, one a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.numbers import Measure
from leal.charts.rows import (
    Across,
    assemble,
    counts_of,
    dots,
    largest,
    lay_out_figures,
    names_and_figures,
    need,
    nothing,
    reference_line,
    whiskers,
)
from leal.charts.style import DEFAULT, Style
from leal.wording import Text, plural

if TYPE_CHECKING:
    from leal.charts.rendering import Chart


def interval_bars(
    frame: pl.DataFrame,
    style: Style = DEFAULT,
    *,
    measure: Measure = "points",
    currency: str | None = None,
    reference: float | None = None,
    reference_words: Text | None = None,
    axis_title: Text | None = None,
) -> Chart:
    """Draw estimates with their intervals, one a row, in the order given.

    Parameters
    ----------
    frame : DataFrame
        Columns ``name``, ``estimate``, ``ci_low``, ``ci_high``; ``n`` is written behind the name where
        present.
    style : Style
        Language, theme and width.
    measure : {"points", "percent", "amount", "number", "count"}
        How figures are written; a percent is given as a fraction.
    currency : str or None
        Currency of amounts.
    reference : float or None
        Where a dashed line stands: zero, or the figure of all.
    reference_words : Text or None
        What stands above that line.
    axis_title : Text or None
        Title of the scale.

    Notes
    -----
    Points, not bars: a bar from zero would say that zero is the natural start, which it is not for a score.
    """
    need(frame, ("name", "estimate", "ci_low", "ci_high"), "interval_bars")
    if frame.is_empty():
        return nothing(style)
    rows, table = lay_out_figures(
        frame,
        style,
        name="name",
        figure="estimate",
        measure=measure,
        currency=currency,
        asides=counts_of(frame, style),
    )
    top = largest(table, "estimate", "ci_low", "ci_high")
    across = Across(rows=rows, measure=measure, largest=top, title=axis_title)
    marks = [
        *reference_line(reference, across, reference_words),
        whiskers(table, across),
        dots(table, across),
        *names_and_figures(table, rows),
    ]
    return assemble(marks, rows, _description(frame.height))


def _description(count: int) -> Text:
    return plural("{count} estimate with its interval", "{count} estimates with their intervals", count)
