"""How surely each action belongs into the budget: the probability of being funded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.bars import bars
from leal.charts.rows import (
    Across,
    assemble,
    baseline,
    figures_of,
    lay_out,
    names_and_figures,
    need,
    nothing,
    say,
)
from leal.charts.shares import key
from leal.charts.style import DEFAULT, Style
from leal.wording import Text, plural

if TYPE_CHECKING:
    from leal.charts.rendering import Chart

_ROOM = 24


def funding_chances(frame: pl.DataFrame, style: Style = DEFAULT, *, currency: str | None = None) -> Chart:
    """Draw the probability that each action is funded, those that are chosen in the strong colour.

    Parameters
    ----------
    frame : DataFrame
        Columns ``action``, ``chance`` (a fraction), ``funded`` (true or false); ``amount`` is written beside
        the name of those funded.
    style : Style
        Language, theme and width.
    currency : str or None
        Currency of amounts.
    """
    need(frame, ("action", "chance", "funded"), "funding_chances")
    if frame.is_empty():
        return nothing(style)
    names = [say(name, style) for name in frame["action"].to_list()]
    figures = figures_of(frame["chance"].to_list(), "percent", style)
    rows, table = lay_out(
        frame, names, figures, style, asides=_amounts(frame, style, currency), thickness=_ROOM
    )
    across = Across(rows=rows, measure="percent", largest=1.0, domain=(0.0, 1.0))
    colours = rows.colours
    fills = [colours.accent if funded else colours.other for funded in frame["funded"].to_list()]
    entries = [
        (Text("funded").into(style.language), colours.accent),
        (Text("not funded").into(style.language), colours.other),
    ]
    marks = [
        *bars(table, across, "chance", fills),
        baseline(across),
        *key(entries, rows),
        *names_and_figures(table, rows, _ROOM),
    ]
    words = plural("Chance of {count} action", "Chances of {count} actions", frame.height)
    return assemble(marks, rows, words)


def _amounts(frame: pl.DataFrame, style: Style, currency: str | None) -> list[str] | None:
    if "amount" not in frame.columns:
        return None
    shown = [amount if funded else None for amount, funded in frame.select("amount", "funded").rows()]
    written = figures_of(shown, "amount", style, currency)
    return ["" if amount is None else words for amount, words in zip(shown, written, strict=True)]
