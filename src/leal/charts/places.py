"""What marks are drawn on: inline rows, and fixed places in pixels.

Rows go into the chart as plain values, and places as values of the schema: Altair would look both up at
length, which for a report of many small charts is most of the work.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import altair as alt
    import polars as pl


def drawn(frame: pl.DataFrame) -> alt.Chart:
    """Return a chart of a small table, its rows inline; encodings name the types of their fields."""
    import altair as alt

    rows = [{name: _plain(value) for name, value in row.items()} for row in frame.to_dicts()]
    return alt.Chart({"values": rows})


def _plain(value: object) -> object:
    """Return a cell as JSON takes it; what is not a number is nothing."""
    if isinstance(value, float) and value != value:
        return None
    return value.isoformat() if isinstance(value, dt.date) else value


def at_x(pixels: float) -> alt.XValue:
    """Return a horizontal place."""
    import altair as alt

    return alt.XValue(pixels)  # type: ignore[no-untyped-call]


def at_y(pixels: float) -> alt.YValue:
    """Return a vertical place."""
    import altair as alt

    return alt.YValue(pixels)  # type: ignore[no-untyped-call]


def words_of(field: str) -> alt.Text:
    """Return the words of a text mark: a field with its type."""
    import altair as alt

    channel = alt.Text  # under another name, for Text("...") marks the sentences that are translated
    return channel(field)


def until_x(field: str) -> alt.X2:
    """Return the right end of a mark."""
    import altair as alt

    return alt.X2(field)


def until_x_at(pixels: float) -> alt.X2Value:
    """Return the right end of a mark at a fixed place."""
    import altair as alt

    return alt.X2Value(pixels)  # type: ignore[no-untyped-call]


def until_y_at(pixels: float) -> alt.Y2Value:
    """Return the lower end of a mark at a fixed place."""
    import altair as alt

    return alt.Y2Value(pixels)  # type: ignore[no-untyped-call]


def until_y(field: str) -> alt.Y2:
    """Return the upper end of a mark."""
    import altair as alt

    return alt.Y2(field)


def each(field: str) -> alt.Detail:
    """Return the field that makes a mark of its own of each of its values."""
    import altair as alt

    return alt.Detail(field)
