"""How often each score from 0 to 10 was given; a mean alone would hide it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.numbers import written
from leal.charts.places import at_x, at_y, drawn, words_of
from leal.charts.rows import Rows, need, nothing, say
from leal.charts.shares import key
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import GROUPS, SMALL, dress, group_colour, palette
from leal.wording import Text

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_HEIGHT = 180
_PASSIVE, _PROMOTER, _HIGHEST = 7, 9, 10


def score_histogram(frame: pl.DataFrame, style: Style = DEFAULT) -> Chart:
    """Draw the distribution of the answers to the recommendation question.

    Parameters
    ----------
    frame : DataFrame
        Columns ``score`` (0 to 10) and ``n`` (answers); scores that nobody gave may be absent.
    style : Style
        Language, theme and width.
    """
    import altair as alt

    need(frame, ("score", "n"), "score_histogram")
    if not frame["n"].sum():
        return nothing(style)
    table = _table(frame, style)
    base = drawn(table)
    x, y = _axes(max(table["n"].to_list()), style)
    bars = base.mark_bar().encode(x=x, y=y, color=alt.Color("fill:N", scale=None, legend=None))
    counts = base.mark_text(baseline="bottom", dy=-3, fontSize=SMALL).encode(
        x=x, y=y, text=words_of("words:N")
    )
    names = _key(table, style) if style.narrow else _group_names(table, style)
    layered = alt.layer(bars, counts, *names).properties(width=style.width, height=_HEIGHT)
    return dress(layered, style, Text("Number of answers with each score from 0 to 10"))


def _group_of(score: int) -> str:
    return GROUPS[2] if score >= _PROMOTER else GROUPS[1] if score >= _PASSIVE else GROUPS[0]


def _table(frame: pl.DataFrame, style: Style) -> pl.DataFrame:
    """Return all eleven scores with their answers, colours and words."""
    counted = dict(frame.group_by("score").agg(pl.col("n").sum()).iter_rows())
    counts = [float(counted.get(score, 0)) for score in range(_HIGHEST + 1)]
    groups = [_group_of(score) for score in range(_HIGHEST + 1)]
    colours = palette(style.theme)
    return pl.DataFrame(
        {
            "score": list(range(_HIGHEST + 1)),
            "n": counts,
            "group": groups,
            "fill": [group_colour(group, colours) for group in groups],
            "words": [written(count, "count", style.language) for count in counts],
        }
    )


def _axes(most: float, style: Style) -> tuple[alt.X, alt.Y]:
    import altair as alt

    band = alt.Scale(domain=list(range(_HIGHEST + 1)), paddingInner=0.18, paddingOuter=0.04)
    axis = alt.Axis(labelAngle=0, title=None, labelFontSize=13, labelColor=palette(style.theme).ink)
    return alt.X("score:O", axis=axis, scale=band), alt.Y(
        "n:Q", axis=None, scale=alt.Scale(domain=[0, most * 1.12])
    )


def _named_share(table: pl.DataFrame, group: str, style: Style) -> str:
    share = float(table.filter(group=group)["n"].sum()) / float(table["n"].sum())
    return f"{say(group, style)} {written(share, 'percent', style.language)}"


def _key(table: pl.DataFrame, style: Style) -> list[alt.Chart]:
    """Return the names of the groups with their shares above the bars: on a phone they are too long below."""
    rows = Rows(count=1, left=0, right=style.width, step=_HEIGHT, above=True, aside=0, style=style)
    colours = palette(style.theme)
    return key([(_named_share(table, group, style), group_colour(group, colours)) for group in GROUPS], rows)


def _group_names(table: pl.DataFrame, style: Style) -> list[alt.Chart]:
    """Return the names of the groups with their shares, under their scores."""
    step = style.width / (_HIGHEST + 1)
    marks = []
    for group in GROUPS:
        part = table.filter(group=group)
        words = pl.DataFrame({"words": [_named_share(table, group, style)]})
        text = drawn(words).mark_text(align="center", baseline="top", fontSize=SMALL)
        middle = step * (part["score"].to_list()[0] + part["score"].to_list()[-1] + 1) / 2
        marks.append(text.encode(x=at_x(middle), y=at_y(_HEIGHT + 30), text=words_of("words:N")))
    return marks
