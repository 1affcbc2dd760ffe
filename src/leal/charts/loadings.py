"""How strongly each question goes with each construct: its own, and those that it should not measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.places import at_x
from leal.charts.rows import breadth, need, nothing, say, wrap
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import SMALL, dress, palette
from leal.wording import Decimal, plural

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_STEP = 24
_DARK = 0.78
"""Correlation from which the text in a cell takes the colour of the paper."""


def loadings_map(frame: pl.DataFrame, style: Style = DEFAULT) -> Chart:
    """Draw the correlation of each item with each construct as a tinted table; own loadings are framed.

    Parameters
    ----------
    frame : DataFrame
        A row an item and construct: ``item``, ``construct`` (its own), ``other`` (the construct of the
        column), ``estimate``. Items stand in the order given.
    style : Style
        Language, theme and width; on a phone the cells hold no figures.

    Notes
    -----
    An item that goes with another construct as strongly as with its own tells the two badly apart.
    """
    import altair as alt

    need(frame, ("item", "construct", "other", "estimate"), "loadings_map")
    if frame.is_empty():
        return nothing(style)
    items = list(dict.fromkeys(frame["item"].to_list()))
    others = list(dict.fromkeys(frame["other"].to_list()))
    left = min(
        max(breadth(say(item, style)) for item in items) + 12, style.width * (0.52 if style.narrow else 0.36)
    )
    cells = _cells(frame, style)
    right = _right_end(others, left, style)
    across = alt.X(
        "other:N", sort=others, axis=None, scale=alt.Scale(domain=others, range=[left, right], padding=0)
    )
    down = alt.Y("item:N", sort=items, axis=None, scale=alt.Scale(domain=items, padding=0))
    base = alt.Chart(cells).encode(x=across, y=down)
    step = (right - left) / len(others)
    marks = [*_tints(base, style), *([] if style.narrow else _words(base, style))]
    marks += [*_items(items, down, left, style), *_heads(others, across, step, style)]
    layered = alt.layer(*marks).properties(width=style.width, height=_STEP * len(items))
    return dress(layered, style, plural("Loadings of {count} item", "Loadings of {count} items", len(items)))


def _right_end(others: list[str], left: float, style: Style) -> float:
    """Return where the columns end, so that a slanted name of the last one stays on the paper."""
    names = [breadth(say(name, style)) for name in others]
    step = (style.width - left) / len(others)
    if max(names) <= step - 4:
        return float(style.width)
    over = max(0.5 * name - step * (len(names) - 0.5 - place) for place, name in enumerate(names))
    return style.width - max(0.0, over) * len(names) / (len(names) - 0.5) - 6


def _cells(frame: pl.DataFrame, style: Style) -> pl.DataFrame:
    words = ["" if value is None else Decimal(value, 2).into(style.language) for value in frame["estimate"]]
    return frame.with_columns(
        pl.Series("words", words, dtype=pl.String),
        strength=pl.col("estimate").abs().clip(0, 1).fill_null(0),
        own=pl.col("construct") == pl.col("other"),
        negative=pl.col("estimate") < 0,
    )


def _tints(base: alt.Chart, style: Style) -> list[alt.Chart]:
    import altair as alt

    colours = palette(style.theme)
    tint = base.mark_rect(stroke=colours.paper, strokeWidth=1).encode(
        color=alt.condition("datum.negative", alt.value(colours.detractor), alt.value(colours.accent)),
        opacity=alt.Opacity("shade:Q", scale=None, legend=None),
    )
    shaded = tint.transform_calculate(shade="pow(datum.strength, 1.6) * 0.95 + 0.02")
    frame = base.transform_filter("datum.own").mark_rect(filled=False, strokeWidth=1.6, cornerRadius=2)
    return [shaded, frame.encode(stroke=alt.StrokeValue(colours.ink))]


def _words(base: alt.Chart, style: Style) -> list[alt.Chart]:
    import altair as alt

    colours = palette(style.theme)
    text = base.mark_text(fontSize=11, baseline="middle")
    light = f"datum.strength > {_DARK}"
    return [
        text.encode(
            text="words:N",
            color=alt.condition(light, alt.value(colours.paper), alt.value(colours.ink)),
        )
    ]


def _items(items: list[str], down: alt.Y, left: float, style: Style) -> list[alt.Chart]:
    import altair as alt

    names = pl.DataFrame({"item": items, "label": [wrap(say(item, style), left, lines=1) for item in items]})
    text = alt.Chart(names).mark_text(align="left", baseline="middle", fontSize=SMALL)
    return [text.encode(x=at_x(0), y=down, text="label:N", color=alt.ColorValue(palette(style.theme).ink))]


def _heads(others: list[str], across: alt.X, step: float, style: Style) -> list[alt.Chart]:
    """Return the names of the constructs above their columns, slanted where they are too long for them."""
    import altair as alt

    names = [say(name, style) for name in others]
    slanted = max(breadth(name) for name in names) > step - 4
    table = pl.DataFrame({"other": others, "label": names})
    text = alt.Chart(table).mark_text(
        fontSize=SMALL,
        baseline="bottom",
        align="left" if slanted else "center",
        angle=300 if slanted else 0,
        dy=-6,
        dx=4 if slanted else 0,
    )
    colour = alt.ColorValue(palette(style.theme).muted)
    return [text.encode(x=across, y=alt.value(0), text="label:N", color=colour)]


def loadings_of(cross_loadings: pl.DataFrame) -> pl.DataFrame:
    """Return the long table of `loadings_map` from a wide one: item, construct, one column a construct."""
    return cross_loadings.unpivot(index=["item", "construct"], variable_name="other", value_name="estimate")
