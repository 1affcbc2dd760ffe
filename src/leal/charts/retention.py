"""How many customers of each beginning still buy, period after period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import polars as pl

from leal.charts.intervals import interval_bars
from leal.charts.places import drawn, each, until_y, words_of
from leal.charts.rows import breadth, need, nothing, say
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import SMALL, Palette, dress, palette
from leal.wording import Text, plural

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_HEIGHT = 250
_AXIS, _LABEL, _LABEL_WIDEST = 42, 10, 120
_LINE = 15


def retention_curves(
    frame: pl.DataFrame,
    style: Style = DEFAULT,
    *,
    emphasis: str | None = None,
    axis_title: Text | None = None,
    steps: bool = False,
    named: bool = False,
) -> Chart:
    """Draw the share of customers retained by period since their beginning, one line a cohort.

    Parameters
    ----------
    frame : DataFrame
        Columns ``cohort``, ``period`` (0 is the beginning) and ``retention`` (a fraction); ``ci_low`` and
        ``ci_high``
        draw the band of the emphasised line.
    style : Style
        Language, theme and width.
    emphasis : str or None
        The cohort drawn in the accent and named: that of all customers, or the last one. None emphasises a
        single
        cohort, and of several none.
    axis_title : Text or None
        Title of the horizontal axis, as "months since the first purchase"; by default periods.
    steps : bool
        Whether a share holds until the next one, as that of a survival curve does; its many points are then
        drawn as a line alone.
    named : bool
        Whether every line has its name at its end; for a few lines.
    """
    import altair as alt

    need(frame, ("cohort", "period", "retention"), "retention_curves")
    if frame.is_empty():
        return nothing(style)
    table = frame.with_columns(pl.col("cohort").cast(pl.String))
    cohorts = table["cohort"].unique(maintain_order=True).to_list()
    chosen = emphasis if emphasis is not None else cohorts[0] if len(cohorts) == 1 else None
    x, y = _axes(style, axis_title)
    colours = palette(style.theme)
    others = table.filter(pl.col("cohort") != chosen) if chosen is not None else table
    marks = [
        *_quiet_lines(others, x, y, colours, steps),
        *(_strong_line(table, chosen, x, y, style, steps) if chosen is not None else []),
    ]
    labelled = cohorts if named else [chosen] if chosen is not None else []
    if labelled:
        marks += _names(table.filter(pl.col("cohort").is_in(labelled)), chosen, x, y, style)
    widest = max((breadth(say(name, style)) + 12 for name in labelled), default=_LABEL)
    margin = _AXIS + min(_LABEL_WIDEST, widest)
    layered = alt.layer(*marks).properties(width=style.width - margin, height=_HEIGHT)
    return dress(
        layered, style, plural("Retention of {count} cohort", "Retention of {count} cohorts", len(cohorts))
    )


def retention_by_group(frame: pl.DataFrame, style: Style = DEFAULT) -> Chart:
    """Draw the share of customers retained after one and the same time, one row a group.

    Parameters
    ----------
    frame : DataFrame
        Columns ``name``, ``estimate`` (a fraction), ``ci_low``, ``ci_high``; ``n`` is written behind the name
        where present.
    style : Style
        Language, theme and width.
    """
    return interval_bars(frame, style, measure="percent")


def _axes(style: Style, title: Text | None) -> tuple[alt.X, alt.Y]:
    import altair as alt

    words = (title or Text("periods since the beginning")).into(style.language)
    x_axis = alt.Axis(grid=False, title=words, tickMinStep=1, format="d", tickCount=6 if style.narrow else 12)
    x = alt.X("period:Q", axis=x_axis, scale=alt.Scale(nice=False))
    y_axis = alt.Axis(title=None, format=".0%", tickCount=5)
    return x, alt.Y("retention:Q", axis=y_axis, scale=alt.Scale(domainMin=0))


def _quiet_lines(table: pl.DataFrame, x: alt.X, y: alt.Y, colours: Palette, steps: bool) -> list[alt.Chart]:
    import altair as alt

    if table.is_empty():
        return []
    line = drawn(table.select("cohort", "period", "retention")).mark_line(
        strokeWidth=1.2, opacity=0.75, interpolate=_course(steps)
    )
    return [line.encode(x=x, y=y, detail=each("cohort:N"), color=alt.ColorValue(colours.other))]


def _course(steps: bool) -> Literal["step-after", "linear"]:
    return "step-after" if steps else "linear"


def _strong_line(
    table: pl.DataFrame, chosen: str, x: alt.X, y: alt.Y, style: Style, steps: bool
) -> list[alt.Chart]:
    import altair as alt

    accent = alt.ColorValue(palette(style.theme).accent)
    base = drawn(table.filter(pl.col("cohort") == chosen))
    marks = []
    if {"ci_low", "ci_high"} <= set(table.columns):
        band = base.mark_area(opacity=0.18, interpolate=_course(steps))
        marks.append(band.encode(x=x, y=alt.Y("ci_low:Q"), y2=until_y("ci_high:Q"), color=accent))
    line = base.mark_line(strokeWidth=2.5, interpolate=_course(steps))
    marks.append(line.encode(x=x, y=y, color=accent))
    if not steps:
        marks.append(base.mark_point(filled=True, size=45, opacity=1).encode(x=x, y=y, color=accent))
    return marks


def _names(table: pl.DataFrame, chosen: str | None, x: alt.X, y: alt.Y, style: Style) -> list[alt.Chart]:
    """Return the names at the ends of their lines, far enough from one another."""
    ends = table.sort("period").group_by("cohort", maintain_order=True).last().sort("retention")
    gap = float(table["retention"].max() or 1.0) * _LINE / _HEIGHT  # type: ignore[arg-type]
    heights = _apart(ends["retention"].to_list(), gap)
    words = [say(name, style) for name in ends["cohort"]]
    placed = ends.select("cohort", "period", retention=pl.Series(heights), words=pl.Series(words))
    colours, strong = palette(style.theme), pl.col("cohort").eq_missing(pl.lit(chosen))
    return [
        *_written(placed.filter(strong), x, y, colours.accent, 600),
        *_written(placed.filter(~strong), x, y, colours.muted, 400),
    ]


def _written(
    ends: pl.DataFrame, x: alt.X, y: alt.Y, colour: str, weight: Literal[400, 600]
) -> list[alt.Chart]:
    import altair as alt

    if ends.is_empty():
        return []
    text = drawn(ends).mark_text(
        align="left", dx=8, baseline="middle", fontWeight=weight, fontSize=SMALL, limit=_LABEL_WIDEST
    )
    return [text.encode(x=x, y=y, text=words_of("words:N"), color=alt.ColorValue(colour))]


def _apart(heights: list[float], gap: float) -> list[float]:
    """Return ascending heights, each moved up as far as the one below needs."""
    moved: list[float] = []
    for height in heights:
        moved.append(max(height, moved[-1] + gap) if moved else height)
    return moved
