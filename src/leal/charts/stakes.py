"""What is at stake in each check, the most money first; what each wish is worth after its cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.bars import bars
from leal.charts.rows import (
    Across,
    Rows,
    assemble,
    baseline,
    counts_of,
    largest,
    lay_out_figures,
    names_and_figures,
    need,
    nothing,
    whiskers,
)
from leal.charts.style import DEFAULT, Style
from leal.wording import Text, plural

if TYPE_CHECKING:
    from leal.charts.rendering import Chart


def money_ranking(
    frame: pl.DataFrame,
    style: Style = DEFAULT,
    *,
    currency: str | None = None,
    axis_title: Text | None = None,
) -> Chart:
    """Draw money at stake with its interval, one bar a check, in the order given.

    Parameters
    ----------
    frame : DataFrame
        Columns ``name``, ``estimate``, ``ci_low``, ``ci_high``; ``verdict`` (guarded, exposed, unknown)
        gives the
        bars their colour and is written beside the name.
    style : Style
        Language, theme and width.
    currency : str or None
        Currency of the amounts.
    axis_title : Text or None
        Title of the scale.
    """
    need(frame, ("name", "estimate", "ci_low", "ci_high"), "money_ranking")
    if frame.is_empty():
        return nothing(style)
    rows, table = lay_out_figures(
        frame,
        style,
        name="name",
        figure="estimate",
        measure="amount",
        currency=currency,
        asides=None if style.narrow else _verdicts(frame, style),
    )
    fills = [_fill(verdict, rows) for verdict in _column(frame, "verdict")]
    words = plural("Money at stake in {count} check", "Money at stake in {count} checks", frame.height)
    return _money_bars(table, rows, fills, axis_title, words)


def wish_bars(
    frame: pl.DataFrame,
    style: Style = DEFAULT,
    *,
    currency: str | None = None,
    axis_title: Text | None = None,
) -> Chart:
    """Draw the net value of each wish, value less cost, with its interval, the best first.

    Parameters
    ----------
    frame : DataFrame
        Columns ``wish``, ``estimate``, ``ci_low``, ``ci_high``; ``n`` (how many asked) is optional.
    style : Style
        Language, theme and width.
    currency : str or None
        Currency of the amounts.
    axis_title : Text or None
        Title of the scale.
    """
    need(frame, ("wish", "estimate", "ci_low", "ci_high"), "wish_bars")
    if frame.is_empty():
        return nothing(style)
    ordered = frame.sort("estimate", descending=True, nulls_last=True)
    rows, table = lay_out_figures(
        ordered,
        style,
        name="wish",
        figure="estimate",
        measure="amount",
        currency=currency,
        asides=counts_of(ordered, style),
    )
    colours = rows.colours
    fills = [colours.promoter if (value or 0) >= 0 else colours.detractor for value in ordered["estimate"]]
    words = plural("Net value of {count} wish", "Net value of {count} wishes", frame.height)
    return _money_bars(table, rows, fills, axis_title, words)


def _money_bars(table: pl.DataFrame, rows: Rows, fills: list[str], title: Text | None, words: Text) -> Chart:
    top = largest(table, "estimate", "ci_low", "ci_high")
    across = Across(rows=rows, measure="amount", largest=top, title=title, zero=True)
    marks = [
        *bars(table, across, "estimate", fills),
        whiskers(table, across, colour=rows.colours.ink),
        baseline(across),
        *names_and_figures(table, rows),
    ]
    return assemble(marks, rows, words)


def _column(frame: pl.DataFrame, name: str) -> list[str | None]:
    return frame[name].to_list() if name in frame.columns else [None] * frame.height


def _verdicts(frame: pl.DataFrame, style: Style) -> list[str] | None:
    words = {"guarded": Text("guarded"), "exposed": Text("exposed"), "unknown": Text("unknown")}
    said = [
        words[verdict].into(style.language) if verdict in words else ""
        for verdict in _column(frame, "verdict")
    ]
    return said if any(said) else None


def _fill(verdict: str | None, rows: Rows) -> str:
    colours = rows.colours
    fills = {"exposed": colours.detractor, "guarded": colours.promoter, "unknown": colours.other}
    return fills.get(verdict or "", colours.accent_soft)
