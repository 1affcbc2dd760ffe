"""Your own curve: what customers of each score did afterwards, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.numbers import Measure, axis_words
from leal.charts.places import drawn, until_y
from leal.charts.rows import largest, need, nothing
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import dress, palette
from leal.wording import Text

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_HEIGHT, _AXIS = 220, 56
_TITLES = {
    "retention": Text("share who bought afterwards"),
    "repeat": Text("purchases afterwards, a customer"),
    "spend": Text("money afterwards, a customer"),
}
"""What the figures of `leal.which_number` are."""


def score_steps(
    frame: pl.DataFrame,
    style: Style = DEFAULT,
    *,
    figure: str = "retention",
    measure: Measure = "percent",
    axis_title: Text | None = None,
    score_title: Text | None = None,
) -> Chart:
    """Draw a figure of later behaviour by the score given before, one dot a score, with its interval.

    Parameters
    ----------
    frame : DataFrame
        Columns ``score``, the figure, and its limits (``retention_low``, ``retention_high``); scores without
        a figure are left out.
    style : Style
        Language, theme and width.
    figure : str
        Column to draw.
    measure : {"percent", "amount", "number", "count"}
        How it is written.
    axis_title : Text or None
        What the figure is; those of `leal.which_number` have titles of their own.
    score_title : Text or None
        What the score is, where it is not one of 0 to 10.
    """
    import altair as alt

    need(frame, ("score", figure, f"{figure}_low", f"{figure}_high"), "score_steps")
    known = frame.drop_nulls(figure)
    if known.is_empty():
        return nothing(style)
    base = drawn(known.select("score", figure, f"{figure}_low", f"{figure}_high"))
    top = largest(known, figure, f"{figure}_high")
    x = alt.X(
        "score:Q",
        axis=alt.Axis(
            title=(score_title or Text("score given, 0 to 10")).into(style.language),
            grid=False,
            format="d",
            tickMinStep=1,
        ),
        scale=alt.Scale(nice=False, padding=12),
    )
    axis_title = axis_title or _TITLES.get(figure)
    y = _y(figure, measure, top, axis_title, style)
    accent = alt.ColorValue(palette(style.theme).accent)
    quiet = base.mark_line(strokeWidth=1, opacity=0.45).encode(x=x, y=y, color=accent)
    line = base.mark_rule(strokeWidth=2.5, strokeCap="round")
    whisker = line.encode(
        x=x,
        y=_y(f"{figure}_low", measure, top, axis_title, style),
        y2=until_y(f"{figure}_high:Q"),
        color=accent,
    )
    dot = base.mark_point(filled=True, size=80, opacity=1).encode(x=x, y=y, color=accent)
    layered = alt.layer(quiet, whisker, dot).properties(width=style.width - _AXIS, height=_HEIGHT)
    return dress(layered, style, Text("What customers of each score did afterwards"))


def _y(column: str, measure: Measure, top: float, title: Text | None, style: Style) -> alt.Y:
    import altair as alt

    axis = alt.Axis(
        title=title.into(style.language) if title else None,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleX=-_AXIS + 6,
        titleY=-16,
        tickCount=5,
        labelExpr=axis_words(measure, top, style.language),
    )
    return alt.Y(f"{column}:Q", axis=axis, scale=alt.Scale(zero=measure != "percent", nice=True))
