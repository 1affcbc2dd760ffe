"""Where somebody stands, and between which places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.rows import Across, assemble, dots, lay_out, names_and_figures, need, nothing, say, whiskers
from leal.charts.style import DEFAULT, Style
from leal.wording import Text, plural

if TYPE_CHECKING:
    from leal.charts.rendering import Chart


def rank_intervals(frame: pl.DataFrame, style: Style = DEFAULT, *, own: str | None = None) -> Chart:
    """Draw the rank of each name with the interval of ranks that the data leave open, the best first.

    Parameters
    ----------
    frame : DataFrame
        Columns ``name``, ``rank``, ``rank_low``, ``rank_high`` (1 is the best).
    style : Style
        Language, theme and width.
    own : str or None
        The name drawn in the accent: the reader's own brand or branch.
    """
    need(frame, ("name", "rank", "rank_low", "rank_high"), "rank_intervals")
    if frame.is_empty():
        return nothing(style)
    ordered = frame.sort("rank", maintain_order=True)
    names = [say(name, style) for name in ordered["name"].to_list()]
    figures = [_figure(row) for row in ordered.select("rank_low", "rank_high").iter_rows()]
    rows, table = lay_out(ordered, names, figures, style)
    title = Text("rank (1 is the best)")
    ends = (0.5, frame.height + 0.5)
    across = Across(rows=rows, measure="count", largest=frame.height, title=title, domain=ends)
    mine = pl.col("name").cast(pl.String) == (own or "")
    marks = []
    for part, colour in (
        (table.filter(~mine), rows.colours.muted),
        (table.filter(mine), rows.colours.accent),
    ):
        marks += [
            whiskers(part, across, colour=colour, low="rank_low", high="rank_high"),
            dots(part, across, "rank", colour),
        ]
    marks += names_and_figures(table, rows)
    return assemble(marks, rows, plural("Rank of {count} name", "Ranks of {count} names", frame.height))


def _figure(ends: tuple[float, float]) -> str:
    low, high = (f"{round(end)}" for end in ends)
    return low if low == high else f"{low}–{high}"
