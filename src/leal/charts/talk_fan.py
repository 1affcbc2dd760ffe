"""What word of mouth wins or loses at each score, as a fan, one panel a set of assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.numbers import axis_words, written
from leal.charts.places import at_x, at_y, drawn, until_y, words_of
from leal.charts.rows import need, nothing, say, wrap
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import SIZE, SMALL, Palette, dress, palette
from leal.wording import Text, plural

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_HEIGHT, _LOW_HEIGHT = 230, 130
_AXIS, _GAP, _LINE = 46, 18, 15

PRESETS = {
    "seed": Text("By the founding document"),
    "research": Text("By research"),
    "yours": Text("By your own figures"),
}
_BANDS = ("low", "low_half", "middle", "high_half", "high")


def word_of_mouth_fan(frame: pl.DataFrame, style: Style = DEFAULT, *, nps: float | None = None) -> Chart:
    """Draw customers that word of mouth wins a year for each 100, over the NPS, with how unsure that is.

    Parameters
    ----------
    frame : DataFrame
        Columns ``preset``, ``nps``, and ``low``, ``low_half``, ``middle``, ``high_half``, ``high``: the
        median and the ranges that hold half and 95 % of the draws. One panel a preset, on a common scale.
    style : Style
        Language, theme and width; on a phone's width the panels stand under each other.
    nps : float or None
        The score of today: a line stands there, its figure beside it.

    Notes
    -----
    Side by side, for the sets of assumptions contradict each other; one of them alone would mislead.
    """
    import altair as alt

    need(frame, ("preset", "nps", *_BANDS), "word_of_mouth_fan")
    if frame.is_empty():
        return nothing(style)
    presets = frame["preset"].unique(maintain_order=True).to_list()
    ends = min(0.0, float(frame["low"].min())), max(0.0, float(frame["high"].max()))  # type: ignore[arg-type]
    panels = [
        _panel(
            frame.filter(pl.col("preset") == preset),
            style,
            ends=ends,
            nps=nps,
            first=place == 0,
            last=place == len(presets) - 1,
            count=len(presets),
        )
        for place, preset in enumerate(presets)
    ]
    words = plural(
        "Customers won or lost by word of mouth, by {count} set of assumptions",
        "Customers won or lost by word of mouth, by {count} sets of assumptions",
        len(presets),
    )
    if len(panels) == 1:
        return dress(panels[0], style, words)
    if style.narrow:
        return dress(alt.vconcat(*panels, spacing=_GAP), style, words)
    # flush: the words above the first panel, which are wider than it, must not push the others away
    return dress(alt.hconcat(*panels, spacing=_GAP, bounds="flush"), style, words)


def _panel(
    table: pl.DataFrame,
    style: Style,
    *,
    ends: tuple[float, float],
    nps: float | None,
    first: bool,
    last: bool,
    count: int,
) -> alt.LayerChart | alt.FacetChart:
    import altair as alt

    colours = palette(style.theme)
    x, y = _axes(style, ends, labels=first or style.narrow, lowest=last or not style.narrow)
    width = style.width - _AXIS if style.narrow else (style.width - _AXIS - _GAP * (count - 1)) / count
    marks = [
        *_bands(table, x, colours),
        _zero(y, colours),
        _middle(table, x, y, colours),
        *_today(table, nps, x, y, style, width),
        *_names(str(table["preset"][0]), style, colours, first=first),
    ]
    height = _LOW_HEIGHT if style.narrow else _HEIGHT
    return alt.layer(*marks).properties(width=width, height=height)


def _axes(style: Style, ends: tuple[float, float], *, labels: bool, lowest: bool) -> tuple[alt.X, alt.Y]:
    import altair as alt

    across = alt.Axis(
        grid=False,
        title=Text("NPS") if lowest else None,
        labels=lowest,
        tickCount=4,
        labelExpr=axis_words("points", 100, style.language),
    )
    up = alt.Axis(
        title=None,
        labels=labels,
        tickCount=5,
        labelExpr=axis_words("number", max(map(abs, ends)), style.language),
    )
    return (
        alt.X("nps:Q", axis=across, scale=alt.Scale(nice=False, zero=False)),
        alt.Y("middle:Q", axis=up, scale=alt.Scale(domain=list(ends), nice=True)),
    )


def _bands(table: pl.DataFrame, x: alt.X, colours: Palette) -> list[alt.Chart]:
    import altair as alt

    marks = []
    for low, high, depth in (("low", "high", 0.18), ("low_half", "high_half", 0.3)):
        band = drawn(table.select("nps", low, high)).mark_area(opacity=depth)
        paint = alt.ColorValue(colours.accent)
        marks.append(band.encode(x=x, y=alt.Y(f"{low}:Q"), y2=until_y(f"{high}:Q"), color=paint))
    return marks


def _zero(y: alt.Y, colours: Palette) -> alt.Chart:
    import altair as alt

    line = drawn(pl.DataFrame({"middle": [0.0]})).mark_rule(strokeWidth=1)
    placed: alt.Chart = line.encode(y=y, color=alt.ColorValue(colours.muted))
    return placed


def _middle(table: pl.DataFrame, x: alt.X, y: alt.Y, colours: Palette) -> alt.Chart:
    import altair as alt

    line = drawn(table.select("nps", "middle")).mark_line(strokeWidth=2.2)
    placed: alt.Chart = line.encode(x=x, y=y, color=alt.ColorValue(colours.accent))
    return placed


def _today(
    table: pl.DataFrame, nps: float | None, x: alt.X, y: alt.Y, style: Style, width: float
) -> list[alt.Chart]:
    """Return a line at today's score, and what is won there, beside its dot."""
    import altair as alt
    import numpy as np

    if nps is None:
        return []
    scores = table["nps"].to_numpy()
    won = float(np.interp(nps, scores, table["middle"].to_numpy()))
    figure = written(won, "points", style.language, digits=0 if abs(won) >= 10 else 1)
    base = drawn(pl.DataFrame({"nps": [nps], "middle": [won], "words": [figure]}))
    colours = palette(style.theme)
    ink, muted = alt.ColorValue(colours.ink), alt.ColorValue(colours.muted)
    place = (nps - scores.min()) / max(float(np.ptp(scores)), 1e-9)
    right = place > 0.7 or (1 - place) * width < 60
    text = base.mark_text(
        align="right" if right else "left",
        baseline="middle",
        dx=-9 if right else 9,
        dy=9 if right else 12,
        fontWeight=600,
        fontSize=SIZE,
        strokeJoin="round",
    )
    paper = alt.ColorValue(colours.paper)
    halo = text.encode(
        x=x,
        y=y,
        text=words_of("words:N"),
        color=paper,
        stroke=alt.StrokeValue(colours.paper),
        strokeWidth=alt.StrokeWidthValue(4),
    )
    return [
        base.mark_rule(strokeWidth=1, strokeDash=[3, 3]).encode(x=x, color=muted),
        base.mark_point(filled=True, size=70, opacity=1).encode(x=x, y=y, color=ink),
        halo,
        text.encode(x=x, y=y, text=words_of("words:N"), color=ink),
    ]


def _names(preset: str, style: Style, colours: Palette, *, first: bool) -> list[alt.Chart]:
    """Return the name of the panel, and above the first one what is measured."""
    import altair as alt

    name = PRESETS[preset].into(style.language) if preset in PRESETS else say(preset, style)
    base = drawn(pl.DataFrame({"words": [name]}))
    title = base.mark_text(align="left", baseline="bottom", fontWeight=600, fontSize=SIZE)
    marks = [title.encode(x=at_x(0), y=at_y(-8), text=words_of("words:N"), color=alt.ColorValue(colours.ink))]
    if first:
        scale = Text("customers won a year for each 100; shaded: half and 95 % of the draws")
        told = wrap(scale.into(style.language), style.width)
        quiet = drawn(pl.DataFrame({"words": [told]}))
        text = quiet.mark_text(align="left", baseline="top", fontSize=SMALL, lineBreak="\n", lineHeight=_LINE)
        marks.append(
            text.encode(
                x=at_x(-_AXIS + 12),
                y=at_y(-28 - _LINE * (told.count("\n") + 1)),
                text=words_of("words:N"),
                color=alt.ColorValue(colours.muted),
            )
        )
    return marks
