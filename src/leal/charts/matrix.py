"""Who became what: the groups of the same customers before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.group_grid import grid_axes, grid_names
from leal.charts.names import group_key
from leal.charts.numbers import written
from leal.charts.places import drawn, words_of
from leal.charts.rows import need, nothing
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import GROUPS, SMALL, dress, palette
from leal.wording import Text

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_CELL = 74


def movement_matrix(frame: pl.DataFrame, style: Style = DEFAULT, *, currency: str | None = None) -> Chart:
    """Draw the table of movements: the group before in rows, the group after in columns.

    Each cell says the count and the share of its row; the fill grows with the share, improvements in the
    colour of
    promoters, falls in that of detractors.

    Parameters
    ----------
    frame : DataFrame
        Columns ``before``, ``after`` (detractors, passives, promoters), ``n``; ``share`` (of the row, a
        fraction) is
        computed where absent; ``money`` is written where present.
    style : Style
        Language, theme and width.
    currency : str or None
        Currency of ``money``.
    """
    import altair as alt

    need(frame, ("before", "after", "n"), "movement_matrix")
    if frame.is_empty():
        return nothing(style)
    cells = _cells(frame, style, currency)
    left = 92 if style.narrow else 120
    x, y = grid_axes(left, style)
    base = drawn(cells).encode(x=x, y=y)
    fill = base.mark_rect(cornerRadius=3).encode(
        color=alt.Color("fill:N", scale=None, legend=None),
        opacity=alt.Opacity("strength:Q", scale=None, legend=None),
    )
    layered = alt.layer(fill, *_cell_words(base), *grid_names(left, _CELL, style))
    sized = layered.properties(width=style.width, height=3 * _CELL)
    return dress(sized, style, Text("Number of customers by their group before and after"))


def _cells(frame: pl.DataFrame, style: Style, currency: str | None) -> pl.DataFrame:
    keyed = frame.with_columns(
        before=pl.Series([f"{group_key(str(name)) or name}s" for name in frame["before"]]),
        after=pl.Series([f"{group_key(str(name)) or name}s" for name in frame["after"]]),
    )
    if "share" not in keyed.columns:
        total = pl.col("n").sum().over("before")
        keyed = keyed.with_columns(share=pl.when(total > 0).then(pl.col("n") / total))
    colours = palette(style.theme)
    fills = {-1: colours.detractor, 0: colours.other, 1: colours.promoter}
    rows = []
    for row in keyed.iter_rows(named=True):
        order = GROUPS.index(row["after"]) - GROUPS.index(row["before"])
        share = float(row["share"] or 0)
        rows.append(
            {
                "before": row["before"],
                "after": row["after"],
                "fill": fills[(order > 0) - (order < 0)],
                "strength": 0.10 + 0.42 * min(1.0, share),
                "count": written(float(row["n"]), "count", style.language),
                "detail": _detail(share, row.get("money"), style, currency),
            }
        )
    return pl.DataFrame(rows)


def _detail(share: float, money: float | None, style: Style, currency: str | None) -> str:
    words = written(share, "percent", style.language)
    if money is None or money != money:
        return words
    return f"{words}\n{written(float(money), 'amount', style.language, currency)}"


def _cell_words(base: alt.Chart) -> list[alt.Chart]:
    count = base.mark_text(baseline="middle", dy=-18, fontSize=17, fontWeight=600).encode(
        text=words_of("count:N")
    )
    detail = base.mark_text(baseline="middle", dy=8, fontSize=SMALL, lineBreak="\n", lineHeight=15)
    return [count, detail.encode(text=words_of("detail:N"))]
