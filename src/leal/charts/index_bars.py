"""An index from 0 to 100 with its interval, one a row, over the bands that say what a level means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from leal.charts.places import at_y
from leal.charts.rows import (
    Across,
    Rows,
    assemble,
    counts_of,
    dots,
    lay_out,
    names_and_figures,
    need,
    nothing,
    say,
    whiskers,
)
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import SMALL
from leal.wording import Decimal, Text, plural

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_EDGE = 10.0
_ABOVE = 18


def index_levels(
    frame: pl.DataFrame,
    style: Style = DEFAULT,
    *,
    bands: Sequence[tuple[float, float, Text]] = (),
    reference: float | None = None,
    reference_words: Text | None = None,
) -> Chart:
    """Draw the index of constructs, companies or waves with intervals, over tinted bands.

    Parameters
    ----------
    frame : DataFrame
        Columns ``name``, ``estimate``, ``ci_low``, ``ci_high`` (0 to 100), one row each in the order given;
        ``n`` is written behind the name where present.
    style : Style
        Language, theme and width.
    bands : sequence of (low, high, name)
        What levels mean; the deeper the tint, the higher the band.
    reference : float or None
        Where a dashed line stands, as the average of the industry.
    reference_words : Text or None
        What stands above that line.

    Notes
    -----
    The scale shows the part of 0 to 100 that is in use, so that intervals of two points can be seen.
    """
    need(frame, ("name", "estimate", "ci_low", "ci_high"), "index_levels")
    if frame.is_empty():
        return nothing(style)
    figures = [
        "–" if value is None else Decimal(value, 1).into(style.language) for value in frame["estimate"]
    ]
    names = [say(name, style) for name in frame["name"].to_list()]
    rows, table = lay_out(frame, names, figures, style, asides=counts_of(frame, style))
    across = Across(
        rows=rows, measure="number", largest=100, domain=_ends(frame, bands, reference), grid=False
    )
    marks = [
        *_bands(bands, across),
        *_reference(reference, reference_words, across),
        whiskers(table, across),
        dots(table, across),
        *names_and_figures(table, rows),
    ]
    return assemble(
        marks, rows, plural("Index of {count} row", "Index of {count} rows with intervals", frame.height)
    )


def _ends(
    frame: pl.DataFrame, bands: Sequence[tuple[float, float, Text]], reference: float | None
) -> tuple[float, float]:
    """Return the stretch in use, in tens, with at least a strip of the bands next to it."""
    known = [
        float(value)
        for name in ("estimate", "ci_low", "ci_high")
        for value in frame[name].to_list()
        if value is not None and value == value
    ]
    inner = [low for low, _, _ in bands][1:]
    marks = [*known, *([reference] if reference is not None else []), *(edge - _EDGE for edge in inner[:1])]
    marks += [edge + _EDGE for edge in inner[-1:]]
    low, high = min(marks, default=0.0), max(marks, default=100.0)
    return max(0.0, _EDGE * (low // _EDGE)), min(100.0, _EDGE * -(-high // _EDGE))


def _bands(bands: Sequence[tuple[float, float, Text]], across: Across) -> list[alt.Chart]:
    import altair as alt

    ends = across.domain or (0.0, 100.0)
    seen = [(low, high, name) for low, high, name in bands if high > ends[0] and low < ends[1]]
    if not seen:
        return []
    style = across.rows.style
    table = pl.DataFrame(
        [
            {
                "low": max(low, ends[0]),
                "high": min(high, ends[1]),
                "middle": (max(low, ends[0]) + min(high, ends[1])) / 2,
                "words": name.into(style.language),
                "strength": 0.05 + 0.13 * place / max(len(seen) - 1, 1),
            }
            for place, (low, high, name) in enumerate(seen)
        ]
    )
    height = across.rows.height
    base = alt.Chart(table)
    tint = base.mark_rect().encode(
        x=across.x("low"),
        x2="high:Q",
        y=at_y(0),
        y2=alt.value(height),
        color=alt.ColorValue(across.rows.colours.accent),
        opacity=alt.Opacity("strength:Q", scale=None, legend=None),
    )
    words = base.mark_text(align="center", baseline="bottom", dy=-6, fontSize=SMALL)
    named = words.encode(
        x=across.x("middle"), y=at_y(0), text="words:N", color=alt.ColorValue(across.rows.colours.muted)
    )
    marks = [_borders(table, across)] if across.rows.above else [tint]
    return [*marks, named] if _fits(seen, ends, across.rows) else marks


def _borders(table: pl.DataFrame, across: Across) -> alt.Chart:
    """Return lines between the bands: on a phone names stand above the marks, and a tint would blur them."""
    import altair as alt

    inner = table.select("low").slice(1)
    line: alt.Chart = alt.Chart(inner).mark_rule(strokeWidth=1, strokeDash=[3, 3])
    return line.encode(x=across.x("low"), color=alt.ColorValue(across.rows.colours.muted))


def _fits(seen: Sequence[tuple[float, float, Text]], ends: tuple[float, float], rows: Rows) -> bool:
    """Tell whether each band's name fits above its stretch."""
    unit = (rows.right - rows.left) / (ends[1] - ends[0])
    return all(
        6.5 * len(name.into(rows.style.language)) < unit * (min(high, ends[1]) - max(low, ends[0])) + 4
        for low, high, name in seen
    )


def _reference(value: float | None, words: Text | None, across: Across) -> list[alt.Chart]:
    """Return a dashed line at a value, its words below the rows: the names of the bands stand above."""
    import altair as alt

    if value is None:
        return []
    style, colours = across.rows.style, across.rows.colours
    said = words.into(style.language) if words else ""
    base = alt.Chart(pl.DataFrame({"reference": [float(value)], "words": [said]}))
    quiet = alt.ColorValue(colours.muted)
    line = base.mark_rule(strokeWidth=1, strokeDash=[3, 3]).encode(x=across.x("reference"), color=quiet)
    text = base.mark_text(align="left", baseline="bottom", dx=5, dy=-2, fontSize=SMALL)
    place = at_y(across.rows.height)
    return [line, text.encode(x=across.x("reference"), y=place, text="words:N", color=quiet)]
