"""Sheets of a workbook: tables of real numbers under one another, with native charts beside them.

Every text is written as a string cell, never as a formula or a link, whatever it begins with.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from leal.charts import palette, spoken, wave_words
from leal.checks import Exhibit, Unit
from leal.documents.view import NUMERIC
from leal.wording import Currency, Language, Text

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31
_WIDEST, _NARROWEST = 60, 9
_LINE, _FILLED = 15, 1.2
"""Points of a line; letters for a unit of width, a digit: 1.3 fit, less what ends of lines lose."""
_CHART_ROWS = 20


def sheet_name(name: str, taken: Iterable[str]) -> str:
    """Return a name that Excel takes for a sheet: 31 characters, none of its signs, used once."""
    plain = _cut(_FORBIDDEN.sub(" ", name).strip("' ")) or "–"
    used = {other.lower() for other in taken}
    candidate, number = plain, 2
    while candidate.lower() in used:
        tail = f" {number}"
        candidate = plain[: _LONGEST_NAME - len(tail)] + tail
        number += 1
    return candidate


def _cut(words: str) -> str:
    """Return as many whole words as a sheet's name has room for."""
    if len(words) <= _LONGEST_NAME:
        return words
    whole = words[: _LONGEST_NAME - 1].rsplit(" ", 1)[0] if " " in words[: _LONGEST_NAME - 1] else words
    return whole[: _LONGEST_NAME - 1].rstrip(" ,") + "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Formats:
    """The cell formats of a workbook, made once each.

    Attributes
    ----------
    book : xlsxwriter.Workbook
        The workbook.
    language : {"en", "ru"}
        Decides how money and days are written; commas and points follow the reader's own Excel.
    currency : str or None
        Currency of the amounts.
    """

    book: Any
    language: Language
    currency: str | None
    made: dict[str, Any] = field(default_factory=dict)

    def plain(self, name: str, **properties: Any) -> Any:
        """Return the format of a name, made when first asked for."""
        if name not in self.made:
            base = {"font_name": "Arial", "font_size": 10, "valign": "top"}
            self.made[name] = self.book.add_format(base | properties)
        return self.made[name]

    def of_unit(self, unit: Unit) -> Any:
        """Return the format of a column's numbers."""
        return self.plain(f"unit {unit}", num_format=self._number(unit), valign="top")

    def _number(self, unit: Unit) -> str:
        formats: dict[Unit, str] = {
            "count": "#,##0",
            "number": "#,##0.00",
            "points": "0.0",
            "percent": "0.0%",
            "amount": self._money(),
            "p_value": "0.000",
            "day": "dd.mm.yyyy" if self.language == "ru" else "d mmm yyyy",
            "month": "mm.yyyy" if self.language == "ru" else "mmm yyyy",
        }
        return formats.get(unit, "General")

    def _money(self) -> str:
        if not self.currency:
            return "#,##0"
        sign = Currency(self.currency).into(self.language)
        return f'#,##0\u00a0"{sign}"' if self.language == "ru" else f'"{sign}"\u00a0#,##0'

    @property
    def title(self) -> Any:
        """Format of a sheet's title."""
        return self.plain("title", bold=True, font_size=15)

    @property
    def head(self) -> Any:
        """Format of a table's title."""
        return self.plain("head", bold=True, font_size=11)

    def column_head(self, *, numeric: bool, first: bool) -> Any:
        """Return the format of a column's head: it stands where the cells below it do."""
        return self.plain(
            f"head {numeric} {first}",
            bold=True,
            bottom=1,
            text_wrap=True,
            bg_color="#F1EEE7",
            valign="bottom",
            align="right" if numeric else "left",
            indent=0 if numeric or first else 1,
        )

    def text(self, *, first: bool = True) -> Any:
        """Return the format of words; behind another column they keep clear of its figures."""
        return self.plain(
            f"text {first}", text_wrap=True, align="left", valign="top", indent=0 if first else 1
        )

    @property
    def line(self) -> Any:
        """Format of a sentence that runs over the columns at its right."""
        return self.plain("line")

    @property
    def quiet(self) -> Any:
        """Format of remarks."""
        return self.plain("quiet", font_color="#5D636B")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetColumn:
    """A column of a table on a sheet."""

    title: str
    unit: Unit
    values: Sequence[object]


class Sheet:
    """A sheet that is filled from the top down.

    Parameters
    ----------
    formats : Formats
        The formats of the workbook.
    name : str
        The name of the sheet, as Excel takes it.
    """

    def __init__(self, formats: Formats, name: str) -> None:
        self.formats = formats
        self.name = name
        self.row = 0
        self._widths: dict[int, int] = {}
        self._wrapped: list[tuple[int, int, str]] = []
        self._page = formats.book.add_worksheet(name)
        self._page.hide_gridlines(2)
        self._page.set_landscape()
        self._page.set_paper(9)
        self._page.fit_to_pages(1, 0)

    def title(self, words: str) -> None:
        """Write the title, and keep it in sight when the reader scrolls."""
        self._page.set_row(0, 24)
        self._page.write_string(0, 0, words, self.formats.title)
        self._page.freeze_panes(1, 0)
        self.row = 2

    def lines(self, sentences: Iterable[str], *, quiet: bool = False) -> None:
        """Write sentences, one a row, over the columns at their right."""
        for sentence in sentences:
            dress = self.formats.quiet if quiet else self.formats.line
            self._page.write_string(self.row, 0, sentence, dress)
            self.row += 1

    def space(self) -> None:
        """Leave a row empty."""
        self.row += 1

    def pair(self, name: str, value: object, unit: Unit = "text") -> None:
        """Write a name and its value beside it; long words run over the columns at their right."""
        self._page.write_string(self.row, 0, name, self.formats.quiet)
        if isinstance(value, str):
            self._page.write_string(self.row, 1, value, self.formats.line)
        else:
            self._cell(self.row, 1, value, unit)
        self._widen(0, name)
        self.row += 1

    def table(self, title: str, columns: Sequence[SheetColumn], *, freeze: bool = False) -> int:
        """Write a table and return its first row of values (from 0)."""
        if title:
            self._page.write_string(self.row, 0, title, self.formats.head)
            self.row += 1
        for at, column in enumerate(columns):
            dress = self.formats.column_head(numeric=column.unit in NUMERIC, first=at == 0)
            self._page.write_string(self.row, at, column.title, dress)
            self._widen(at, *column.title.split())
            self._wrapped.append((self.row, at, column.title))
        self.row += 1
        if freeze:
            self._page.freeze_panes(self.row, 0)
        first = self.row
        for at, column in enumerate(columns):
            for down, value in enumerate(column.values):
                self._cell(first + down, at, value, column.unit)
                self._widen(at, self._shown(value, column.unit))
        self.row = first + max((len(column.values) for column in columns), default=0) + 1
        return first

    def exhibit(self, shown: Exhibit) -> None:
        """Write a table with its remark as the whole sheet, and set the widths."""
        columns = [
            SheetColumn(
                title=heading.title.into(self.formats.language),
                unit=heading.unit,
                values=shown.frame[heading.name].to_list(),
            )
            for heading in shown.headings
        ]
        if shown.remark:
            self.lines([shown.remark.into(self.formats.language)], quiet=True)
        self.table("", columns, freeze=True)
        self.close()

    def bars(
        self,
        title: str,
        first: int,
        columns: Sequence[SheetColumn],
        value: int,
        *,
        low: int | None = None,
        high: int | None = None,
    ) -> None:
        """Put a native bar chart of a table's column right of the table, with its interval as error bars."""
        count = min(len(columns[value].values), _CHART_ROWS)
        chart = self.formats.book.add_chart({"type": "bar"})
        colours = palette("light")
        series: dict[str, Any] = {
            "name": columns[value].title,
            "categories": [self.name, first, 0, first + count - 1, 0],
            "values": [self.name, first, value, first + count - 1, value],
            "fill": {"color": colours.accent},
            "gap": 60,
        }
        if low is not None and high is not None:
            series["x_error_bars"] = _error_bars(columns, value, low, high, count)
        chart.add_series(series)
        chart.set_title({"name": title, "name_font": {"size": 11, "bold": True}, "overlay": False})
        chart.set_legend({"none": True})
        chart.set_y_axis(
            {"reverse": True, "line": {"none": True}, "major_tick_mark": "none", "label_position": "low"}
        )
        chart.set_x_axis(
            {"major_gridlines": {"visible": True, "line": {"color": colours.line}}, "line": {"none": True}}
        )
        chart.set_size({"width": 560, "height": 110 + 26 * count})
        self._page.insert_chart(max(first - 1, 0), len(columns) + 1, chart)
        self.row = max(self.row, first + 6 + round(26 * count / 20))

    def close(self) -> None:
        """Set the widths of the columns by what stands in them, and the heights of rows by what wraps."""
        widths = {at: min(max(width + 2, _NARROWEST), _WIDEST) for at, width in self._widths.items()}
        for at, width in widths.items():
            self._page.set_column(at, at, width)
        lines: dict[int, int] = {}
        for row, column, words in self._wrapped:
            lines[row] = max(lines.get(row, 1), _lines(words, widths.get(column, _NARROWEST)))
        for row, count in lines.items():
            if count > 1:  # only Excel finds the height of wrapped words by itself
                self._page.set_row(row, _LINE * count)

    def _cell(self, row: int, column: int, value: object, unit: Unit) -> None:
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            self._page.write_blank(row, column, None, self.formats.text(first=column == 0))
        elif isinstance(value, dt.date):
            at = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
            self._page.write_datetime(row, column, at.replace(tzinfo=None), self.formats.of_unit(unit))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self._page.write_number(row, column, value, self.formats.of_unit(unit))
        else:
            words = wave_words(value, self.formats.language) if unit == "wave" else self._words(value)
            self._page.write_string(row, column, words, self.formats.text(first=column == 0))
            self._wrapped.append((row, column, words))

    def _words(self, value: object) -> str:
        if isinstance(value, bool):
            return (Text("yes") if value else Text("no")).into(self.formats.language)
        return (
            value.into(self.formats.language)
            if isinstance(value, Text)
            else spoken(value, self.formats.language)
        )

    def _shown(self, value: object, unit: Unit) -> str:
        """Return about what the reader sees of a value, for the width of its column."""
        if isinstance(value, str):
            return self._words(value)
        if isinstance(value, float | int) and not isinstance(value, bool):
            return f"{value:,.0f}{'       ' if unit == 'amount' else '    '}"
        return "11.11.2026 " if isinstance(value, dt.date) else ""

    def _widen(self, column: int, *words: str) -> None:
        longest = max((len(line) for word in words for line in word.split("\n")), default=0)
        self._widths[column] = max(self._widths.get(column, 0), longest)


def _lines(words: str, width: int) -> int:
    """Return how many lines words take in a column."""
    return len(textwrap.wrap(words, int(_FILLED * width)))


def _error_bars(
    columns: Sequence[SheetColumn], value: int, low: int, high: int, count: int
) -> dict[str, Any]:
    """Return the error bars from a figure to the ends of its interval; none where it is unknown."""
    middles, lows, highs = (
        [float(v) if isinstance(v, int | float) else math.nan for v in columns[at].values[:count]]
        for at in (value, low, high)
    )
    plus = [_distance(middle, end) for middle, end in zip(middles, highs, strict=True)]
    minus = [_distance(end, middle) for middle, end in zip(middles, lows, strict=True)]
    line = {"color": palette("light").ink, "width": 1.25}
    return {"type": "custom", "plus_values": plus, "minus_values": minus, "line": line}


def _distance(start: float, end: float) -> float:
    return max(0.0, end - start) if math.isfinite(start) and math.isfinite(end) else 0.0
