"""How an effect goes on after the start, month by month, one strip for each kind of action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import polars as pl

from leal.charts.numbers import axis_words
from leal.charts.places import at_x, at_y, drawn, until_y, words_of
from leal.charts.rows import largest, need, nothing, say
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import SIZE, SMALL, dress, palette
from leal.wording import Currency, Text, plural

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_HEIGHT, _AXIS, _RIGHT = 120, 60, 14


def effect_curves(
    frame: pl.DataFrame,
    style: Style = DEFAULT,
    *,
    currency: str | None = None,
    names: Mapping[str, Text] | None = None,
) -> Chart:
    """Draw the effect a head in each month since the start, with the fitted decay.

    Parameters
    ----------
    frame : DataFrame
        ``path`` (or any kind of action), ``month`` (from 1), ``estimate``, ``ci_low``, ``ci_high``;
        ``fitted`` draws the curve where it is known.
    style : Style
        Language, theme and width.
    currency : str or None
        Currency of the amounts; it stands above the first strip.
    names : mapping of str to Text, optional
        What each path is called.
    """
    import altair as alt

    need(frame, ("path", "month", "estimate", "ci_low", "ci_high"), "effect_curves")
    known = frame.filter(pl.col("estimate").is_finite())
    if known.is_empty():
        return nothing(style)
    paths = known["path"].unique(maintain_order=True).to_list()
    ends = _ends(known)
    scale_words = (
        Text("per customer and month, {currency}", currency=Currency(currency))
        if currency
        else Text("per customer and month")
    )
    last = max(known["month"].to_list())
    strips = [
        _strip(
            known.filter(pl.col("path") == path),
            names[path].into(style.language) if names and path in names else say(path, style),
            style,
            ends,
            last,
            aside=scale_words.into(style.language) if place == 0 else "",
            lowest=place == len(paths) - 1,
        )
        for place, path in enumerate(paths)
    ]
    words = plural("Effect by month of {count} kind", "Effect by month of {count} kinds", len(paths))
    return dress(alt.vconcat(*strips), style, words) if len(strips) > 1 else dress(strips[0], style, words)


def _ends(table: pl.DataFrame) -> tuple[float, float]:
    """Return the common ends of the scale: whole intervals, and zero."""
    low, high = (table[name].to_list() for name in ("ci_low", "ci_high"))
    return min(0.0, *(v for v in low if v is not None)), max(0.0, *(v for v in high if v is not None))


def _strip(
    table: pl.DataFrame,
    name: str,
    style: Style,
    ends: tuple[float, float],
    last: int,
    *,
    aside: str,
    lowest: bool,
) -> alt.LayerChart:
    import altair as alt

    colours = palette(style.theme)
    x_axis = alt.Axis(
        grid=False,
        format="d",
        tickMinStep=1,
        tickCount=min(last, 6 if style.narrow else 12),
        title=Text("months since the start").into(style.language) if lowest else None,
        labels=lowest,
    )
    x = alt.X("month:Q", axis=x_axis, scale=alt.Scale(domain=[0.5, last + 0.5], nice=False))
    y_axis = alt.Axis(
        title=None, tickCount=3, labelExpr=axis_words("amount", largest(table, "estimate"), style.language)
    )
    scale = alt.Scale(domain=list(ends), nice=True)
    y = alt.Y("estimate:Q", axis=y_axis, scale=scale)
    accent = alt.ColorValue(colours.accent)
    base = drawn(table)
    zero = drawn(pl.DataFrame({"estimate": [0.0]})).mark_rule(strokeWidth=1, strokeDash=[3, 3])
    reach = base.mark_rule(strokeWidth=2.5, strokeCap="round", opacity=0.55)
    title = drawn(pl.DataFrame({"words": [name]})).mark_text(
        align="left", baseline="bottom", fontWeight=600, fontSize=SIZE, dy=-8
    )
    width = style.width - _AXIS - _RIGHT
    quiet = drawn(pl.DataFrame({"words": [aside]})).mark_text(
        align="right", baseline="bottom", fontSize=SMALL, dy=-8
    )
    marks = [
        zero.encode(y=y, color=alt.ColorValue(colours.muted)),
        reach.encode(
            x=x, y=alt.Y("ci_low:Q", axis=y_axis, scale=scale), y2=until_y("ci_high:Q"), color=accent
        ),
        base.mark_point(filled=True, size=60, opacity=1).encode(x=x, y=y, color=accent),
        *_curve(table, x, scale, style),
        title.encode(x=at_x(0), y=at_y(0), text=words_of("words:N"), color=alt.ColorValue(colours.ink)),
        quiet.encode(x=at_x(width), y=at_y(0), text=words_of("words:N"), color=alt.ColorValue(colours.muted)),
    ]
    return cast("alt.LayerChart", alt.layer(*marks).properties(width=width, height=_HEIGHT))


def _curve(table: pl.DataFrame, x: alt.X, scale: alt.Scale, style: Style) -> list[alt.Chart]:
    import altair as alt

    if "fitted" not in table.columns or table["fitted"].drop_nulls().is_empty():
        return []
    line = drawn(table.drop_nulls("fitted")).mark_line(strokeWidth=2, interpolate="monotone")
    ink = alt.ColorValue(palette(style.theme).ink)
    return [line.encode(x=x, y=alt.Y("fitted:Q", scale=scale), color=ink)]
