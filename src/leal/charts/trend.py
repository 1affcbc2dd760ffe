"""A figure wave by wave, with what is sure about it and what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from leal.charts.names import wave_words
from leal.charts.numbers import Measure, axis_words, written
from leal.charts.places import at_y, drawn, until_x, until_y, words_of
from leal.charts.rows import largest, need, nothing
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import SMALL, Palette, dress, palette
from leal.wording import Text, plural

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_HEIGHT = 230
_WORDS_OF_A_WAVE = 58


def score_trend(
    frame: pl.DataFrame,
    style: Style = DEFAULT,
    *,
    measure: Measure = "points",
    currency: str | None = None,
    events: pl.DataFrame | None = None,
    change_point: pl.DataFrame | None = None,
    axis_title: Text | None = None,
) -> Chart:
    """Draw a figure by wave with its interval band, the number of answers under the axis.

    Parameters
    ----------
    frame : DataFrame
        Columns ``wave`` (days or words, in order), ``estimate``, ``ci_low``, ``ci_high``; ``n`` is optional.
    style : Style
        Language, theme and width.
    measure : {"points", "percent", "amount", "number", "count"}
        How figures are written.
    currency : str or None
        Currency of amounts.
    events : DataFrame or None
        Columns ``wave`` and ``label``: what happened in a wave.
    change_point : DataFrame or None
        One row, columns ``wave`` (the first wave after the change), ``low`` and ``high`` (its interval).
    axis_title : Text or None
        Title of the vertical axis.
    """
    import altair as alt

    need(frame, ("wave", "estimate", "ci_low", "ci_high"), "score_trend")
    if frame.is_empty():
        return nothing(style)
    table = _table(frame, style)
    x = _x(table, style)
    y = _y(table, measure, style, axis_title)
    marks = [
        *_change(change_point, table, x, style),
        *_line(table, x, y, palette(style.theme)),
        *_last_figure(table, x, y, measure, style, currency),
        *_counts(table, x, style),
        *_events(events, table, x, style),
    ]
    layered = alt.layer(*marks).properties(width=style.width - 50, height=_HEIGHT)
    return dress(layered, style, plural("Trend over {count} wave", "Trend over {count} waves", frame.height))


def _table(frame: pl.DataFrame, style: Style) -> pl.DataFrame:
    """Return the waves as numbers with their words, so that days and names are drawn alike."""
    labels = [wave_words(wave, style.language) for wave in frame["wave"].to_list()]
    return frame.with_columns(
        pl.Series("place", range(frame.height), dtype=pl.Int32), pl.Series("label", labels, dtype=pl.String)
    )


def _shown(table: pl.DataFrame, style: Style) -> list[int]:
    """Return the waves whose words have room under the axis, the last one always among them."""
    room = max(2, int((style.width - 60) / _WORDS_OF_A_WAVE))
    every = max(1, -(-table.height // room))
    return [place for place in range(table.height) if (table.height - 1 - place) % every == 0]


def _x(table: pl.DataFrame, style: Style) -> alt.X:
    import json

    import altair as alt

    words = json.dumps(table["label"].to_list(), ensure_ascii=False)
    axis = alt.Axis(
        values=_shown(table, style),
        labelExpr=f"{words}[datum.value]",
        grid=False,
        title=None,
        labelOverlap=False,
        labelAngle=0,
    )
    ends = [-0.5, table.height - 0.5]
    return alt.X("place:Q", axis=axis, scale=alt.Scale(domain=ends, nice=False, zero=False))


def _y(table: pl.DataFrame, measure: Measure, style: Style, title: Text | None) -> alt.Y:
    import altair as alt

    expression = axis_words(measure, largest(table, "estimate", "ci_low", "ci_high"), style.language)
    axis = alt.Axis(
        title=title.into(style.language) if title else None,
        labelExpr=expression,
        tickCount=5,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleX=-30,
        titleY=-12,
    )
    return alt.Y("estimate:Q", axis=axis, scale=alt.Scale(zero=False))


def _line(table: pl.DataFrame, x: alt.X, y: alt.Y, colours: Palette) -> list[alt.Chart]:
    import altair as alt

    known = table.filter(pl.col("estimate").cast(pl.Float64).is_finite()).select(
        "place", "estimate", "ci_low", "ci_high"
    )
    base = drawn(known)
    accent = alt.ColorValue(colours.accent)
    band = base.mark_area(opacity=0.16, interpolate="linear").encode(
        x=x, y=alt.Y("ci_low:Q"), y2=until_y("ci_high:Q"), color=accent
    )
    whisker = base.mark_rule(strokeWidth=2).encode(
        x=x, y=alt.Y("ci_low:Q"), y2=until_y("ci_high:Q"), color=accent
    )
    line = base.mark_line(strokeWidth=2.5, strokeJoin="round").encode(x=x, y=y, color=accent)
    dot = base.mark_point(filled=True, size=55, opacity=1).encode(x=x, y=y, color=accent)
    return [band if known.height > 1 else whisker, line, dot]


def _last_figure(
    table: pl.DataFrame, x: alt.X, y: alt.Y, measure: Measure, style: Style, currency: str | None
) -> list[alt.Chart]:
    """Return the last known figure, written beside its dot."""
    import altair as alt

    known = table.filter(pl.col("estimate").cast(pl.Float64).is_finite()).tail(1)
    if known.is_empty():
        return []
    words = written(float(known["estimate"][0]), measure, style.language, currency)
    base = drawn(known.select("place", "estimate", pl.lit(words).alias("words")))
    text = base.mark_text(align="left", baseline="middle", dx=9, fontWeight=600)
    return [text.encode(x=x, y=y, text=words_of("words:N"), color=alt.ColorValue(palette(style.theme).ink))]


def _counts(table: pl.DataFrame, x: alt.X, style: Style) -> list[alt.Chart]:
    """Return the number of answers of each shown wave under its name."""
    import altair as alt

    if "n" not in table.columns:
        return []
    shown = table.filter(pl.col("place").is_in(_shown(table, style)))
    words = [f"n\u00a0=\u00a0{written(float(n), 'count', style.language)}" for n in shown["n"].to_list()]
    base = drawn(shown.select("place").with_columns(pl.Series("words", words)))
    text = base.mark_text(align="center", baseline="top", fontSize=11)
    quiet = alt.ColorValue(palette(style.theme).muted)
    return [text.encode(x=x, y=at_y(_HEIGHT + 26), text=words_of("words:N"), color=quiet)]


def _places(waves: list[Any], table: pl.DataFrame) -> list[int | None]:
    known = {wave: place for place, wave in enumerate(table["wave"].to_list())}
    return [known.get(wave) for wave in waves]


def _change(change: pl.DataFrame | None, table: pl.DataFrame, x: alt.X, style: Style) -> list[alt.Chart]:
    """Return the date of a change as a line, with its interval as a band behind the trend."""
    import altair as alt

    if change is None or change.is_empty():
        return []
    need(change, ("wave", "low", "high"), "score_trend")
    at, low, high = _places(list(change.select("wave", "low", "high").row(0)), table)
    if at is None:
        return []
    colours = palette(style.theme)
    first, last = (at if low is None else low) - 0.5, (at if high is None else high) - 0.5
    data = pl.DataFrame({"place": [at - 0.5], "low": [first], "high": [last]})
    base = drawn(data.with_columns(words=pl.lit(Text("change").into(style.language))))
    band = base.mark_rect(opacity=0.14).encode(
        x=_at(x, "low"), x2=until_x("high:Q"), color=alt.ColorValue(colours.exposed)
    )
    line = base.mark_rule(strokeWidth=1.5, strokeDash=[5, 3]).encode(
        x=x, color=alt.ColorValue(colours.exposed)
    )
    text = base.mark_text(align="center", baseline="bottom", dy=-4, fontSize=SMALL)
    said = text.encode(x=x, y=at_y(0), text=words_of("words:N"), color=alt.ColorValue(colours.exposed))
    return [band, line, said] if last > first else [line, said]


def _at(x: alt.X, field: str) -> alt.X:
    """Return the same horizontal place for another column."""
    moved = x.copy()
    moved["shorthand"] = f"{field}:Q"
    return moved


def _events(events: pl.DataFrame | None, table: pl.DataFrame, x: alt.X, style: Style) -> list[alt.Chart]:
    """Return what happened as thin lines with their words at the top."""
    import altair as alt

    if events is None or events.is_empty():
        return []
    need(events, ("wave", "label"), "score_trend")
    placed = events.select("label").with_columns(
        pl.Series("place", _places(events["wave"].to_list(), table), dtype=pl.Int32)
    )
    quiet = alt.ColorValue(palette(style.theme).muted)
    base = drawn(placed.drop_nulls("place"))
    line = base.mark_rule(strokeWidth=1, strokeDash=[2, 3]).encode(x=x, color=quiet)
    text = base.mark_text(align="center", baseline="bottom", dy=-20, fontSize=SMALL, limit=140)
    return [line, text.encode(x=x, y=at_y(0), text=words_of("label:N"), color=quiet)]
