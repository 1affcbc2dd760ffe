"""Fixed places in a chart, in pixels; as values, not dictionaries, which Altair would look up at length."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import altair as alt


def at_x(pixels: float) -> alt.XValue:
    """Return a horizontal place."""
    import altair as alt

    return alt.XValue(pixels)  # type: ignore[no-untyped-call]


def at_y(pixels: float) -> alt.YValue:
    """Return a vertical place."""
    import altair as alt

    return alt.YValue(pixels)  # type: ignore[no-untyped-call]
