"""The grid of groups before (rows) and after (columns) that pictures of movement stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import polars as pl

from leal.charts.places import at_x, at_y, drawn, words_of
from leal.charts.rows import say
from leal.charts.style import Style
from leal.charts.theme import GROUPS, SMALL, palette
from leal.wording import Text

if TYPE_CHECKING:
    import altair as alt

_ABOVE = -14.0
"""Height of the names of the columns, in pixels from the first row."""


def grid_axes(left: float, style: Style) -> tuple[alt.X, alt.Y]:
    """Return where a cell stands, of columns ``after`` and ``before``, with ``left`` pixels for names."""
    import altair as alt

    groups = list(GROUPS)
    across = alt.Scale(domain=groups, range=[left, style.width], padding=0.03)
    down = alt.Scale(domain=groups, padding=0.05)
    return (
        alt.X("after:N", axis=None, scale=across, sort=groups),
        alt.Y("before:N", axis=None, scale=down, sort=groups),
    )


def grid_names(left: float, cell: float, style: Style) -> list[alt.Chart]:
    """Return the names of the groups at the left and above, where cells are ``cell`` pixels high."""
    import altair as alt

    step = (style.width - left) / len(GROUPS)
    words = [say(group, style) for group in GROUPS]
    corner = Text("before ↓ after →").into(style.language)
    places: list[tuple[float, float, Literal["left", "center"], str]] = [(0.0, _ABOVE, "left", corner)]
    places += [(0.0, cell * (at + 0.5), "left", name) for at, name in enumerate(words)]
    places += [(left + step * (at + 0.5), _ABOVE, "center", name) for at, name in enumerate(words)]
    quiet = alt.ColorValue(palette(style.theme).muted)
    marks = []
    for x, y, align, name in places:
        base = drawn(pl.DataFrame({"words": [name]}))
        text = base.mark_text(align=align, baseline="middle", fontSize=SMALL)
        marks.append(text.encode(x=at_x(x), y=at_y(y), text=words_of("words:N"), color=quiet))
    return marks
