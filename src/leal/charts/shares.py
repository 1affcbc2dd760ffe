"""Shares of a whole by group, one whole a row: customers, repeat sales, attention."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.names import group_key
from leal.charts.numbers import written
from leal.charts.places import at_x, at_y, drawn, until_x, words_of
from leal.charts.rows import Across, Rows, assemble, breadth, lay_out, names_and_figures, need, nothing, say
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import SIZE, SMALL, group_colour, text_on_group
from leal.wording import Text

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_BAR = 26


def share_bars(frame: pl.DataFrame, style: Style = DEFAULT) -> Chart:
    """Draw how several wholes divide among the same groups, one stacked bar a whole.

    Parameters
    ----------
    frame : DataFrame
        Columns ``measure`` (what is divided: customers, repeat sales, attention), ``group``, ``share`` (a
        fraction).
        Rows come in the order given, and so do groups but those of the NPS: detractors, passives, promoters.
    style : Style
        Language, theme and width.
    """
    need(frame, ("measure", "group", "share"), "share_bars")
    if frame.is_empty():
        return nothing(style)
    measures = list(dict.fromkeys(frame["measure"].to_list()))
    names = [say(name, style) for name in measures]
    rows, table = lay_out(
        pl.DataFrame({"measure": measures}), names, [""] * len(names), style, thickness=_BAR
    )
    order = {group: at for at, group in enumerate(_in_order(frame))}
    ordered = frame.sort(pl.col("group").replace_strict(order), maintain_order=True)
    parts = stack(ordered.join(table.select("measure", "row"), on="measure", maintain_order="left"), rows)
    across = Across(rows=rows, measure="percent", largest=1.0, domain=(0.0, 1.0))
    groups = _in_order(frame)
    marks = [
        *segments(parts, across),
        *key(group_entries(groups, rows), rows),
        *names_and_figures(table, rows, _BAR),
    ]
    return assemble(
        marks, rows, Text("Shares of each group, one bar for each of: {names}", names=", ".join(names))
    )


def _in_order(frame: pl.DataFrame) -> list[str]:
    """Return the groups: those of the NPS from detractors to promoters, then others as they come."""
    order = {"detractor": 0, "passive": 1, "promoter": 2}
    return sorted(
        dict.fromkeys(frame["group"].to_list()), key=lambda group: order.get(group_key(group) or "", 3)
    )


def stack(frame: pl.DataFrame, rows: Rows, share: str = "share") -> pl.DataFrame:
    """Return shares as segments from `start` to `end` with their colours and, where they fit, their words."""
    stacked = frame.with_columns(end=pl.col(share).fill_null(0).cum_sum().over("row"))
    stacked = stacked.with_columns(start=pl.col("end") - pl.col(share).fill_null(0))
    names = [str(name) for name in frame["group"]]
    words = [_segment_words(value, rows) for value in frame[share].to_list()]
    return stacked.with_columns(
        middle=(pl.col("start") + pl.col("end")) / 2,
        fill=pl.Series([group_colour(name, rows.colours) for name in names]),
        on_fill=pl.Series([text_on_group(name, rows.colours) for name in names]),
        words=pl.Series(words, dtype=pl.String),
    )


def _segment_words(share: float | None, rows: Rows) -> str:
    if share is None or share != share:
        return ""
    words = written(share, "percent", rows.style.language)
    return words if breadth(words) + 4 <= share * (rows.right - rows.left) else ""


def segments(parts: pl.DataFrame, across: Across, height: int = _BAR) -> list[alt.Chart]:
    """Return stacked segments with a hairline of paper between them and their words in them."""
    import altair as alt

    rows = across.rows
    bar = drawn(parts).mark_bar(height=height, stroke=rows.colours.paper, strokeWidth=1.5)
    text = drawn(parts.filter(pl.col("words") != "")).mark_text(baseline="middle", fontSize=SMALL)
    fill = alt.Color("fill:N", scale=None, legend=None)
    ink = alt.Color("on_fill:N", scale=None, legend=None)
    return [
        bar.encode(x=_bare(across.x("start")), x2=until_x("end:Q"), y=rows.y(), color=fill),
        text.encode(x=_bare(across.x("middle")), y=rows.y(), text=words_of("words:N"), color=ink),
    ]


def _bare(x: alt.X) -> alt.X:
    """Return a horizontal place without an axis: the segments carry their own figures."""
    x["axis"] = None
    return x


def group_entries(groups: list[str], rows: Rows) -> list[tuple[str, str]]:
    """Return the words and the colour of each group for the key."""
    return [(say(group, rows.style), group_colour(group, rows.colours)) for group in groups]


def key(entries: list[tuple[str, str]], rows: Rows) -> list[alt.Chart]:
    """Return the key above the rows, words and colours, on as many lines as the width asks for."""
    start = 0.0 if rows.above else rows.left
    lines: list[list[tuple[float, str, str]]] = [[]]
    place = start
    for words, fill in entries:
        needed = 22 + breadth(words) * SMALL / SIZE + 8
        if lines[-1] and place + needed - 13 > rows.style.width:
            lines.append([])
            place = start
        lines[-1].append((place, words, fill))
        place += needed
    return [
        mark
        for number, line in enumerate(reversed(lines))
        for at, words, fill in line
        for mark in _key_entry(at, -16 - 19 * number, words, fill, rows)
    ]


def _key_entry(at: float, height: float, words: str, fill: str, rows: Rows) -> list[alt.Chart]:
    import altair as alt

    base = drawn(pl.DataFrame({"words": [words]}))
    square = base.mark_point(shape="square", filled=True, size=110, opacity=1)
    text = base.mark_text(align="left", baseline="middle", fontSize=SMALL)
    line = at_y(height)
    return [
        square.encode(x=at_x(at + 6), y=line, color=alt.ColorValue(fill)),
        text.encode(
            x=at_x(at + 17), y=line, text=words_of("words:N"), color=alt.ColorValue(rows.colours.ink)
        ),
    ]
