"""Which number predicts money: what each foretells alone, and what it adds to past behaviour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from leal.charts.rows import (
    Across,
    assemble,
    dots,
    figures_of,
    largest,
    lay_out,
    names_and_figures,
    need,
    nothing,
    reference_line,
    say,
    whiskers,
)
from leal.charts.shares import key
from leal.charts.style import DEFAULT, Style
from leal.wording import Text, plural

if TYPE_CHECKING:
    from leal.charts.rendering import Chart

_APART = 6


def foretold_numbers(frame: pl.DataFrame, style: Style = DEFAULT) -> Chart:
    """Draw what each number foretells of customers not seen: alone, and added to past behaviour.

    Parameters
    ----------
    frame : DataFrame
        Columns ``name``, ``alone`` and ``added`` (fractions, below zero where noise is fitted), each with its
        limits (``alone_low``, ``alone_high`` ...); the figure written is that alone.
    style : Style
        Language, theme and width.

    Notes
    -----
    The dashed line is zero: what a number without any use foretells. Intervals that cross it prove nothing.
    """
    columns = [f"{name}{end}" for name in ("alone", "added") for end in ("", "_low", "_high")]
    need(frame, ("name", *columns), "foretold_numbers")
    if frame.is_empty():
        return nothing(style)
    names = [say(name, style) for name in frame["name"].to_list()]
    rows, table = lay_out(
        frame, names, figures_of(frame["alone"].to_list(), "percent", style), style, thickness=26
    )
    across = Across(
        rows=rows,
        measure="percent",
        largest=largest(table, *columns),
        title=Text("share of the differences between customers that is foretold"),
        zero=True,
    )
    colours = rows.colours
    marks = [
        *reference_line(0.0, across),
        *_pair(table, across, "alone", colours.accent, -_APART),
        *_pair(table, across, "added", colours.muted, _APART),
        *names_and_figures(table, rows, thickness=26),
        *key(_entries(style, colours.accent, colours.muted), rows),
    ]
    count = frame.height
    described = plural(
        "What {count} number foretells, with its interval",
        "What {count} numbers foretell, with intervals",
        count,
    )
    return assemble(marks, rows, described)


def _entries(style: Style, accent: str, quiet: str) -> list[tuple[str, str]]:
    return [
        (Text("alone").into(style.language), accent),
        (Text("added to past behaviour").into(style.language), quiet),
    ]


def _pair(table: pl.DataFrame, across: Across, name: str, colour: str, lift: float) -> list[Any]:
    import altair as alt

    # offsets count from the top of a band
    offset = alt.YOffsetValue(across.rows.step / 2 + lift)  # type: ignore[no-untyped-call]
    line = whiskers(table, across, colour=colour, low=f"{name}_low", high=f"{name}_high")
    return [line.encode(yOffset=offset), dots(table, across, name, colour).encode(yOffset=offset)]
