"""The mix of the three ways to loyalty, one stacked bar a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.rows import Across, Rows, assemble, lay_out, names_and_figures, need, nothing, say
from leal.charts.shares import key, segments, stack
from leal.charts.style import DEFAULT, Style
from leal.wording import Text

if TYPE_CHECKING:
    from leal.charts.rendering import Chart

_BAR = 26
_WAYS = ("uniqueness", "economic", "emotional")
_WORDS = {
    "uniqueness": Text("unique offer"),
    "economic": Text("economic ties"),
    "emotional": Text("emotional bond"),
}


def way_mix(frame: pl.DataFrame, style: Style = DEFAULT) -> Chart:
    """Draw what the loyalty of each group rests on.

    Parameters
    ----------
    frame : DataFrame
        Columns ``group`` (empty for all), ``way`` (uniqueness, economic, emotional), ``share`` (a fraction).
    style : Style
        Language, theme and width.
    """
    need(frame, ("group", "way", "share"), "way_mix")
    if frame.is_empty():
        return nothing(style)
    everyone = Text("All").into(style.language)
    named = frame.with_columns(pl.col("group").cast(pl.String).fill_null(everyone))
    groups = named["group"].unique(maintain_order=True).to_list()
    names = [say(group, style) for group in groups]
    rows, table = lay_out(pl.DataFrame({"group": groups}), names, [""] * len(names), style, thickness=_BAR)
    marks = [
        *segments(_parts(named, table, rows), Across(rows=rows, measure="percent", largest=1, domain=(0, 1))),
        *key([(_WORDS[way].into(style.language), _fill(way, rows)) for way in _WAYS], rows),
        *names_and_figures(table, rows, _BAR),
    ]
    return assemble(marks, rows, Text("What loyalty rests on, by group: {names}", names=", ".join(names)))


def _parts(named: pl.DataFrame, table: pl.DataFrame, rows: Rows) -> pl.DataFrame:
    order = {way: place for place, way in enumerate(_WAYS)}
    ordered = named.sort(pl.col("way").replace_strict(order), maintain_order=True)
    placed = ordered.join(table.select("group", "row"), on="group", maintain_order="left")
    ways = placed["way"].to_list()
    return stack(placed, rows).with_columns(
        fill=pl.Series([_fill(way, rows) for way in ways]),
        on_fill=pl.Series([_ink(way, rows) for way in ways]),
    )


def _fill(way: str, rows: Rows) -> str:
    colours = rows.colours
    return {"uniqueness": colours.other, "economic": colours.accent_soft, "emotional": colours.accent}[way]


def _ink(way: str, rows: Rows) -> str:
    colours = rows.colours
    return {"uniqueness": colours.on_other, "economic": colours.ink, "emotional": colours.paper}[way]
