"""The Net Promoter Score as a picture: who the shares are, and how sure the score is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.numbers import written
from leal.charts.places import at_x, at_y, drawn, words_of
from leal.charts.rows import (
    Across,
    Rows,
    assemble,
    breadth,
    counts_of,
    dots,
    figures_of,
    lay_out,
    names_and_figures,
    need,
    nothing,
    reference_line,
    say,
    whiskers,
)
from leal.charts.shares import group_entries, key, segments, stack
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import GROUPS, dress, group_colour
from leal.wording import Points, Text, plural

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_BAR = 34
_COLUMNS = ("detractors", "passives", "promoters", "estimate", "ci_low", "ci_high")


def nps_bar(frame: pl.DataFrame, style: Style = DEFAULT) -> Chart:
    """Draw the shares of detractors, passives and promoters, and below them the score with its interval.

    Parameters
    ----------
    frame : DataFrame
        One row a group: ``detractors``, ``passives``, ``promoters`` (counts, weighted ones too),
        ``estimate``,
        ``ci_low``, ``ci_high`` (points), and where there are several rows ``group``; ``n`` is optional.
    style : Style
        Language, theme and width.
    """
    need(frame, _COLUMNS, "nps_bar")
    if frame.is_empty():
        return nothing(style)
    return _one(frame, style) if frame.height == 1 else _several(frame, style)


def _long(frame: pl.DataFrame, rows: Rows) -> pl.DataFrame:
    """Return one row a group and share, stacked; a row without any answer has no segments."""
    long = frame.select("row", *GROUPS).unpivot(
        on=list(GROUPS), index="row", variable_name="group", value_name="count"
    )
    total = pl.col("count").sum().over("row")
    shares = long.with_columns(pl.col("count").cast(pl.Float64)).filter(total > 0)
    ordered = shares.with_columns(share=pl.col("count") / total).sort("row", maintain_order=True)
    return stack(ordered, rows)


def _one(frame: pl.DataFrame, style: Style) -> Chart:
    """Return one stacked bar with shares and counts, and the score with its interval on the scale below."""
    import altair as alt

    rows = Rows(count=1, left=0, right=style.width, step=_BAR + 6, above=True, aside=0, style=style)
    table = frame.with_columns(pl.Series("row", [0], dtype=pl.Int32))
    bar = Across(rows=rows, measure="percent", largest=1.0, domain=(0.0, 1.0))
    parts = _long(table, rows)
    shares = alt.layer(*segments(parts, bar, _BAR), *key(_counted(frame, rows), rows))
    below = Rows(count=1, left=8, right=style.width - 8, step=44, above=False, aside=0, style=style)
    scale = Across(rows=below, measure="points", largest=100, domain=(-100, 100), grid=False)
    words = _score(frame)
    score = alt.layer(
        *reference_line(0.0, scale),
        whiskers(table, scale),
        dots(table, scale),
        *_above_the_dot(table, scale, words.into(style.language)),
    )
    sized = [
        shares.properties(width=style.width, height=rows.height),
        score.properties(width=style.width, height=below.height),
    ]
    return dress(alt.vconcat(*sized, spacing=14), style, words)


def _above_the_dot(table: pl.DataFrame, across: Across, words: str) -> list[alt.Chart]:
    """Return the score in words, kept within the width of the chart and off the line of zero."""
    import altair as alt

    width = across.rows.style.width
    middle = (
        (float(table["estimate"][0]) + 100) / 200 * width if table["estimate"][0] is not None else width / 2
    )
    half = breadth(words) / 2
    place = min(max(middle, half), width - half)
    text = drawn(pl.DataFrame({"words": [words]})).mark_text(
        baseline="bottom", fontWeight=600, strokeJoin="round"
    )
    said = text.encode(x=at_x(place), y=at_y(14), text=words_of("words:N"))
    paper = across.rows.colours.paper
    halo = said.encode(
        color=alt.ColorValue(paper), stroke=alt.StrokeValue(paper), strokeWidth=alt.StrokeWidthValue(5)
    )
    return [halo, said]


def _counted(frame: pl.DataFrame, rows: Rows) -> list[tuple[str, str]]:
    """Return the entries of the key with the counts of the groups."""
    style = rows.style
    counts = {group: written(float(frame[group][0]), "count", style.language) for group in GROUPS}
    return [(f"{say(g, style)} {counts[g]}", group_colour(g, rows.colours)) for g in GROUPS]


def _score(frame: pl.DataFrame) -> Text:
    row = frame.row(0, named=True)
    return Text(
        "NPS {estimate} ({low} to {high})",
        estimate=Points(row["estimate"]),
        low=Points(row["ci_low"]),
        high=Points(row["ci_high"]),
    )


def _several(frame: pl.DataFrame, style: Style) -> Chart:
    """Return one stacked bar a group, its score and interval written at the right."""
    need(frame, ("group",), "nps_bar")
    names = [say(name, style) for name in frame["group"].to_list()]
    rows, table = lay_out(
        frame, names, _figures(frame, style), style, asides=counts_of(frame, style), thickness=24
    )
    across = Across(rows=rows, measure="percent", largest=1.0, domain=(0.0, 1.0))
    marks = [
        *segments(_long(table, rows), across, 24),
        *key(group_entries(list(GROUPS), rows), rows),
        *names_and_figures(table, rows, 24),
    ]
    return assemble(marks, rows, plural("NPS of {count} group", "NPS of {count} groups", frame.height))


def _figures(frame: pl.DataFrame, style: Style) -> list[str]:
    """Return each score with its interval in words."""
    columns = (frame[name].to_list() for name in ("estimate", "ci_low", "ci_high"))
    estimates, lows, highs = (figures_of(column, "points", style) for column in columns)
    return [
        estimate
        if estimate == "–"
        else Text("{x} ({low} to {high})", x=estimate, low=low, high=high).into(style.language)
        for estimate, low, high in zip(estimates, lows, highs, strict=True)
    ]
