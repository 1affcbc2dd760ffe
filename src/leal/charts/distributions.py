"""What the resamples gave: the shape behind an interval, one row a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from leal.charts.rows import (
    Across,
    assemble,
    lay_out,
    names_and_figures,
    need,
    nothing,
    reference_line,
    say,
)
from leal.charts.style import DEFAULT, Style
from leal.wording import Decimal, Text, plural

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_POINTS = 70
_THICK = 30


def draw_distributions(
    frame: pl.DataFrame,
    draws: pl.DataFrame,
    style: Style = DEFAULT,
    *,
    digits: int = 2,
    reference: float | None = 0.0,
    axis_title: Text | None = None,
) -> Chart:
    """Draw how the resamples of each figure are spread, with its estimate and interval.

    Parameters
    ----------
    frame : DataFrame
        Columns ``name``, ``estimate``, ``ci_low``, ``ci_high``, a row a figure.
    draws : DataFrame
        A column a figure, in the order of the rows of `frame`; a row a resample.
    style : Style
        Language, theme and width.
    digits : int
        Decimals of the figures.
    reference : float or None
        Where a dashed line stands: zero, for effects.
    axis_title : Text or None
        Title of the scale.

    Notes
    -----
    The part of the shape within the interval is filled. Densities are smoothed by a normal kernel whose width
    follows Silverman (1986); all rows have the same area.
    """
    need(frame, ("name", "estimate", "ci_low", "ci_high"), "draw_distributions")
    if frame.is_empty() or draws.is_empty():
        return nothing(style)
    figures = [Decimal(value, digits).into(style.language) for value in frame["estimate"]]
    names = [say(name, style) for name in frame["name"].to_list()]
    rows, table = lay_out(frame, names, figures, style, thickness=_THICK)
    shapes = _shapes(frame, draws)
    low, high = _ends(shapes, reference)
    across = Across(rows=rows, measure="number", largest=1, domain=(low, high), title=axis_title)
    tallest = float(shapes["density"].max() or 1)  # type: ignore[arg-type]
    room = 0.55 * rows.step if rows.above else 0.82 * rows.step
    placed = shapes.with_columns(
        base=(pl.col("row") + 1) * rows.step - 4.0,
    ).with_columns(top=pl.col("base") - pl.col("density") / tallest * room)
    marks = [
        *reference_line(reference, across),
        *_areas(placed, across),
        *_middles(table, placed, across, room, tallest),
        *names_and_figures(table, rows),
    ]
    return assemble(
        marks,
        rows,
        plural("Resamples of {count} figure", "Resamples of {count} figures", frame.height),
    )


def _shapes(frame: pl.DataFrame, draws: pl.DataFrame) -> pl.DataFrame:
    parts = []
    for place, (row, name) in enumerate(zip(frame.iter_rows(named=True), draws.columns, strict=True)):
        values = draws[name].drop_nulls().to_numpy()
        values = values[np.isfinite(values)]
        x, density = _density(values)
        parts.append(
            pl.DataFrame({"x": x, "density": density}).with_columns(
                row=pl.lit(place), inside=pl.col("x").is_between(row["ci_low"], row["ci_high"])
            )
        )
    return pl.concat(parts)


def _density(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    spread = max(float(values.std()), 1e-9)
    low, high = (float(end) for end in np.quantile(values, [0.001, 0.999]))
    x = np.linspace(low - spread / 2, high + spread / 2, _POINTS)
    counts, edges = np.histogram(values, bins=400)
    middles = (edges[1:] + edges[:-1]) / 2
    width = 1.06 * spread * len(values) ** -0.2
    weight = np.exp(-0.5 * ((x[:, None] - middles[None]) / width) ** 2) @ counts
    return x, np.asarray(weight / weight.sum() / (x[1] - x[0]))


def _ends(shapes: pl.DataFrame, reference: float | None) -> tuple[float, float]:
    low, high = float(shapes["x"].min()), float(shapes["x"].max())  # type: ignore[arg-type]
    if reference is not None:
        low, high = min(low, reference), max(high, reference)
    margin = 0.02 * (high - low)
    return low - margin, high + margin


def _areas(placed: pl.DataFrame, across: Across) -> list[alt.Chart]:
    import altair as alt

    height = across.rows.height
    scale = alt.Scale(domain=[0, height], range=[0, height], nice=False, zero=False)
    colour = alt.ColorValue(across.rows.colours.accent)
    marks = []
    for part, opacity in ((placed, 0.18), (placed.filter("inside"), 0.5)):
        area = alt.Chart(part).mark_area(opacity=opacity, line=False)
        marks.append(
            area.encode(
                x=across.x("x"),
                y=alt.Y("top:Q", scale=scale, axis=None),
                y2="base:Q",
                detail="row:N",
                color=colour,
            )
        )
    return marks


def _middles(
    table: pl.DataFrame, placed: pl.DataFrame, across: Across, room: float, tallest: float
) -> list[alt.Chart]:
    """Return a line at each estimate, as tall as the shape there."""
    import altair as alt

    rows = []
    for row in table.iter_rows(named=True):
        own = placed.filter(pl.col("row") == row["row"])
        density = float(np.interp(row["estimate"], own["x"], own["density"]))
        base = float(own["base"][0])
        rows.append({"x": row["estimate"], "top": base - density / tallest * room, "base": base})
    height = across.rows.height
    scale = alt.Scale(domain=[0, height], range=[0, height], nice=False, zero=False)
    line = alt.Chart(pl.DataFrame(rows)).mark_rule(strokeWidth=2)
    return [
        line.encode(
            x=across.x("x"),
            y=alt.Y("top:Q", scale=scale, axis=None),
            y2="base:Q",
            color=alt.ColorValue(across.rows.colours.ink),
        )
    ]
