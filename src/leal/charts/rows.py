"""Charts made of rows: a name, a mark on a common scale, a figure; their geometry and common marks.

Names stand left of the marks and figures right of them, each in a column of its own; on a phone's width both
stand above the mark. Rows are told apart by their number, not by their name, so that two long names that are
cut to the same words stay two rows.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from leal.charts.names import spoken
from leal.charts.numbers import Measure, axis_words, fine_digits, written
from leal.charts.places import at_x, at_y, drawn, until_x, words_of
from leal.charts.style import Style
from leal.charts.theme import SIZE, SMALL, Palette, dress, palette
from leal.errors import MissingColumn
from leal.wording import Text

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

_LETTER = 0.56 * SIZE
_LINE = SIZE + 4
_LABEL_SHARE = 0.34
_GAP = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The geometry of a chart of rows.

    Attributes
    ----------
    count : int
        Number of rows.
    left, right : float
        Where the common scale begins and ends, in pixels.
    step : int
        Height of a row.
    above : bool
        Whether names and figures stand above the marks.
    aside : float
        How far from the right edge the quiet words end.
    style : Style
        Language, theme and width of the chart.
    """

    count: int
    left: float
    right: float
    step: int
    above: bool
    aside: float
    style: Style

    @property
    def height(self) -> int:
        """Height of all rows."""
        return self.count * self.step

    @property
    def colours(self) -> Palette:
        """Colours of the chart."""
        return palette(self.style.theme)

    @property
    def ticks(self) -> int:
        """How many ticks the scale has room for."""
        return max(2, int((self.right - self.left) / 90))

    def y(self) -> alt.Y:
        """Return the vertical place of a row, the first one at the top."""
        import altair as alt

        return alt.Y("row:O", axis=None, scale=alt.Scale(type="band", padding=0), sort="ascending")


@dataclass(frozen=True, slots=True, kw_only=True)
class Across:
    """The common horizontal scale of a chart of rows.

    Attributes
    ----------
    rows : Rows
        The geometry.
    measure : {"points", "percent", "amount", "number", "count"}
        What is measured along it.
    largest : float
        The largest absolute value, which decides between thousands and millions.
    title : Text or None
        Title of the axis.
    zero : bool
        Whether the scale must contain zero.
    domain : tuple of float or None
        Fixed ends; None lets the data decide.
    grid : bool
        Whether thin lines run up from the ticks.
    """

    rows: Rows
    measure: Measure
    largest: float
    title: Text | None = None
    zero: bool = False
    domain: tuple[float, float] | None = None
    grid: bool = True

    def x(self, field: str) -> alt.X:
        """Return the horizontal place of a column's values."""
        import altair as alt

        language = self.rows.style.language
        axis = alt.Axis(
            title=self.title.into(language) if self.title else None,
            tickCount=self.rows.ticks,
            grid=self.grid and not self.rows.above,
            labelExpr=axis_words(self.measure, self.largest, language),
        )
        ends = {"domain": list(self.domain)} if self.domain else {"zero": self.zero}
        return alt.X(
            f"{field}:Q", axis=axis, scale=alt.Scale(range=[self.rows.left, self.rows.right], **ends)
        )


def need(frame: pl.DataFrame, columns: Sequence[str], chart: str) -> None:
    """Raise `MissingColumn` where a chart's table lacks a column."""
    for column in columns:
        if column not in frame.columns:
            raise MissingColumn(column, frame.columns, table=chart)


def say(name: object, style: Style) -> str:
    """Return a name in the chart's language where it is a word of Leal's; the user's own names stay."""
    return spoken(name, style.language)


def wrap(name: str, width: float, lines: int = 2) -> str:
    """Break a name into lines that fit `width` pixels; what is still too long ends with an ellipsis."""
    letters = max(8, int(width / _LETTER))
    pieces = textwrap.wrap(" ".join(name.split()), letters, max_lines=lines, placeholder="…")
    return "\n".join(pieces)


def breadth(words: str) -> float:
    """Return about how many pixels a line of words needs."""
    return _LETTER * max((len(line) for line in words.split("\n")), default=0)


def lay_out(
    frame: pl.DataFrame,
    names: Sequence[str],
    figures: Sequence[str],
    style: Style,
    *,
    asides: Sequence[str] | None = None,
    thickness: int = 14,
) -> tuple[Rows, pl.DataFrame]:
    """Return the geometry of a chart of rows, and its table with `row`, `label`, `aside` and `figure`.

    `asides` are quiet words between the name and the marks, as the number of answers.
    """
    said = list(asides) if asides else [""] * len(names)
    figure_width = max((breadth(figure) for figure in figures), default=0)
    aside_width = max((breadth(aside) for aside in said), default=0)
    rows, labels = (_stacked if style.narrow else _abreast)(
        names, figure_width, aside_width, style, thickness
    )
    table = frame.with_columns(
        pl.Series("row", range(frame.height), dtype=pl.Int32),
        pl.Series("label", labels, dtype=pl.String),
        pl.Series("aside", said, dtype=pl.String),
        pl.Series("figure", list(figures), dtype=pl.String),
    )
    return rows, table


def lay_out_figures(
    frame: pl.DataFrame,
    style: Style,
    *,
    name: str,
    figure: str,
    measure: Measure,
    currency: str | None = None,
    asides: Sequence[str] | None = None,
) -> tuple[Rows, pl.DataFrame]:
    """Return `lay_out` of a frame with the names in one column and the figures in another."""
    names = [say(one, style) for one in frame[name].to_list()]
    figures = figures_of(frame[figure].to_list(), measure, style, currency)
    return lay_out(frame, names, figures, style, asides=asides)


def _stacked(
    names: Sequence[str], figure_width: float, aside_width: float, style: Style, thickness: int
) -> tuple[Rows, list[str]]:
    """Return the geometry with names and figures above the marks."""
    room = style.width - figure_width - aside_width - 2 * _GAP
    labels = [wrap(name, room, lines=1) for name in names]
    rows = Rows(
        count=len(names),
        left=0.0,
        right=float(style.width),
        step=thickness + _LINE + 18,
        above=True,
        aside=figure_width + _GAP,
        style=style,
    )
    return rows, labels


def _abreast(
    names: Sequence[str], figure_width: float, aside_width: float, style: Style, thickness: int
) -> tuple[Rows, list[str]]:
    """Return the geometry with names left and figures right of the marks."""
    labels = [wrap(name, style.width * _LABEL_SHARE) for name in names]
    label_width = max((breadth(label) for label in labels), default=0)
    left = label_width + _GAP + (aside_width + _GAP if aside_width else 0)
    tallest = max((label.count("\n") + 1 for label in labels), default=1)
    rows = Rows(
        count=len(names),
        left=left,
        right=style.width - (figure_width + _GAP if figure_width else 8),
        step=max(thickness, tallest * _LINE) + 12,
        above=False,
        aside=style.width - left + _GAP,
        style=style,
    )
    return rows, labels


def names_and_figures(table: pl.DataFrame, rows: Rows, thickness: int = 14) -> list[alt.Chart]:
    """Return the marks that write each row's name at the left and its figure at the right."""
    lift = -(thickness / 2 + _LINE / 2 + 2) if rows.above else 0.0
    width = rows.style.width
    ink, muted = rows.colours.ink, rows.colours.muted
    marks = [
        _column(table, rows, "label", 0, "left", ink, lift),
        _column(table, rows, "aside", width - rows.aside, "right", muted, lift),
        _column(table, rows, "figure", width, "right", ink, lift, bold=True),
    ]
    return [mark for column in (marks if any(table["aside"]) else [marks[0], marks[2]]) for mark in column]


def _column(
    table: pl.DataFrame,
    rows: Rows,
    field: str,
    place: float,
    align: Literal["left", "right"],
    colour: str,
    lift: float,
    *,
    bold: bool = False,
) -> list[alt.Chart]:
    """Return one column of words; where marks may pass behind, each word first in the paper's colour."""
    import altair as alt

    text = drawn(table.select("row", field)).mark_text(
        align=align,
        baseline="middle",
        lineBreak="\n",
        lineHeight=_LINE,
        strokeJoin="round",
        dy=lift,
        fontWeight=600 if bold else 400,
        fontSize=SMALL if field == "aside" else SIZE,
    )
    words = text.encode(x=at_x(place), y=rows.y(), text=words_of(f"{field}:N"), color=alt.ColorValue(colour))
    if not rows.above:
        return [words]
    paper = rows.colours.paper
    return [
        words.encode(
            color=alt.ColorValue(paper), stroke=alt.StrokeValue(paper), strokeWidth=alt.StrokeWidthValue(4)
        ),
        words,
    ]


def _finite(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Float64).is_finite()


def whiskers(
    table: pl.DataFrame,
    across: Across,
    *,
    colour: str | None = None,
    low: str = "ci_low",
    high: str = "ci_high",
) -> alt.Chart:
    """Return the intervals of all rows as lines; a row without an interval gets none."""
    import altair as alt

    known = table.filter(_finite(low) & _finite(high)).select("row", low, high)
    line = drawn(known).mark_rule(strokeWidth=2.5, strokeCap="round")
    paint = alt.ColorValue(colour or across.rows.colours.accent)
    lines: alt.Chart = line.encode(x=across.x(low), x2=until_x(f"{high}:Q"), y=across.rows.y(), color=paint)
    return lines


def dots(
    table: pl.DataFrame, across: Across, field: str = "estimate", colour: str | None = None
) -> alt.Chart:
    """Return the figures of all rows as dots."""
    import altair as alt

    known = table.filter(_finite(field)).select("row", field)
    dot = drawn(known).mark_point(filled=True, size=90, opacity=1)
    paint = alt.ColorValue(colour or across.rows.colours.accent)
    placed: alt.Chart = dot.encode(x=across.x(field), y=across.rows.y(), color=paint)
    return placed


def reference_line(value: float | None, across: Across, words: Text | None = None) -> list[alt.Chart]:
    """Return a vertical line at a value of the scale, with its words above the rows; none for None."""
    import altair as alt

    if value is None or value != value:
        return []
    said = words.into(across.rows.style.language) if words else ""
    base = drawn(pl.DataFrame({"reference": [float(value)], "words": [said]}))
    quiet = alt.ColorValue(across.rows.colours.muted)
    line = base.mark_rule(strokeWidth=1, strokeDash=[3, 3]).encode(x=across.x("reference"), color=quiet)
    if not said:
        return [line]
    text = base.mark_text(align="center", baseline="bottom", dy=-5, fontSize=SMALL)
    return [line, text.encode(x=across.x("reference"), y=at_y(0), text=words_of("words:N"), color=quiet)]


def baseline(across: Across) -> alt.Chart:
    """Return the line of zero, on which bars stand."""
    import altair as alt

    line = drawn(pl.DataFrame({"zero": [0.0]})).mark_rule(strokeWidth=1)
    placed: alt.Chart = line.encode(x=across.x("zero"), color=alt.ColorValue(across.rows.colours.muted))
    return placed


def counts_of(frame: pl.DataFrame, style: Style) -> list[str] | None:
    """Return the numbers of answers as quiet words ("n = 120"), None where the table has no column `n`."""
    if "n" not in frame.columns:
        return None
    counts = figures_of(frame["n"].to_list(), "count", style)
    return [f"n\u00a0=\u00a0{count}" for count in counts]


def figures_of(
    values: Sequence[float | None], measure: Measure, style: Style, currency: str | None = None
) -> list[str]:
    """Return figures as written beside their rows; what is unknown is a dash."""
    known = [abs(value) for value in values if value is not None and value == value]
    digits = fine_digits(max(known, default=0), measure)
    return [
        "–" if value is None or value != value else written(value, measure, style.language, currency, digits)
        for value in values
    ]


def largest(table: pl.DataFrame, *columns: str) -> float:
    """Return the largest absolute value of some columns, for the choice of thousands or millions."""
    values = [abs(v) for name in columns for v in table[name].to_list() if v is not None and v == v]
    return float(max(values, default=0))


def assemble(marks: Sequence[Any], rows: Rows, description: Text) -> Chart:
    """Lay the marks over one another and dress the chart."""
    import altair as alt

    layered = alt.layer(*marks).properties(width=rows.style.width, height=rows.height)
    return dress(layered, rows.style, description)


def nothing(style: Style, words: Text | None = None) -> Chart:
    """Return the chart of an empty table: the words that there is nothing to show."""
    import altair as alt

    said = (words or Text("There are no data to show here.")).into(style.language)
    base = drawn(pl.DataFrame({"words": [said]})).mark_text(align="left", fontSize=SIZE)
    colour = alt.ColorValue(palette(style.theme).muted)
    chart = base.encode(x=at_x(0), y=at_y(20), text=words_of("words:N"), color=colour)
    return dress(
        chart.properties(width=style.width, height=40),
        style,
        words or Text("There are no data to show here."),
    )
