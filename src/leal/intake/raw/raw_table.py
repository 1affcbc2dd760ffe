"""The raw table: what a file holds before anybody knows what it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import polars as pl

FileFormat = Literal["csv", "workbook", "json", "parquet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedRow:
    """A row that could not be put into the table at all.

    Attributes
    ----------
    line : int
        Line of the file, from 1.
    reason : str
        ``"ragged"`` (more cells than the header has columns) or ``"open_quote"`` (a quote that never closes).
    """

    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """One table of a file, all cells as text, as they stand there.

    Attributes
    ----------
    file : str
        Name of the file.
    file_format : {"csv", "workbook", "json", "parquet"}
        How it was read.
    frame : polars.DataFrame
        All columns are text; an empty cell is null; rows without any cell are left out.
    lines : polars.Series
        Line of the file (row of the sheet, number of the record) where each row of `frame` begins, from 1.
    header_line : int
        Line of the header; 0 where the format has none.
    encoding, delimiter, sheet : str or None
        How the text is written; the sheet that was chosen.
    sheets : tuple of str
        All sheets of a workbook.
    skipped : tuple of SkippedRow
        Rows that could not be read.
    unreadable_characters : int
        Characters that the encoding did not know and that were replaced.
    records : sequence of dict or None
        The nested records behind the rows of a JSON file.
    document : object
        The whole JSON document.
    """

    file: str
    file_format: FileFormat
    frame: pl.DataFrame
    lines: pl.Series
    header_line: int = 0
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    skipped: tuple[SkippedRow, ...] = ()
    unreadable_characters: int = 0
    records: Sequence[dict[str, Any]] | None = field(default=None, repr=False)
    document: object = field(default=None, repr=False)

    @property
    def columns(self) -> list[str]:
        """The names of the columns, made unique."""
        return self.frame.columns

    @property
    def rows_read(self) -> int:
        """Rows of the table, those included that could not be read."""
        return self.frame.height + len(self.skipped)

    def sample(self, column: str, count: int = 1000) -> list[str]:
        """Return up to `count` cells of a column that are not empty, stripped."""
        cells = self.frame.get_column(column).drop_nulls().head(count).str.strip_chars()
        return [cell for cell in cells.to_list() if cell]

    def without_first(self, rows: int) -> RawTable:
        """Return the table without its first rows (further header rows of a vendor)."""
        return replace(self, frame=self.frame.slice(rows), lines=self.lines.slice(rows))

    def renamed(self, names: Sequence[str]) -> RawTable:
        """Return the table with other names of columns, made unique."""
        frame = self.frame.clone()
        frame.columns = unique_names(names)
        return replace(self, frame=frame)


def unique_names(names: Sequence[str | None]) -> list[str]:
    """Return names without blanks and repeats: an empty one becomes "column 3", a repeat "Question (2)"."""
    seen: set[str] = set()
    unique: list[str] = []
    for position, given in enumerate(names, start=1):
        base = (given or "").replace("\ufeff", "").strip() or f"column {position}"
        name, count = base, 1
        while name in seen:
            count += 1
            name = f"{base} ({count})"
        seen.add(name)
        unique.append(name)
    return unique


def make_table(
    rows: Sequence[Sequence[str | None]], names: Sequence[str | None], lines: Sequence[int]
) -> tuple[pl.DataFrame, pl.Series]:
    """Return rows of text as a frame with its line numbers, without empty rows and empty unnamed columns."""
    width = max([len(names), *(len(row) for row in rows)], default=0)
    headers = [*names, *([None] * (width - len(names)))]
    columns = [[row[i] if i < len(row) else None for row in rows] for i in range(width)]
    unique = unique_names(headers)
    frame = pl.DataFrame(
        {name: pl.Series(values, dtype=pl.String) for name, values in zip(unique, columns, strict=True)}
    )
    unnamed = [name for name, given in zip(unique, headers, strict=True) if not (given or "").strip()]
    return drop_empty(frame, pl.Series("line", lines, dtype=pl.Int64), unnamed)


def drop_empty(
    frame: pl.DataFrame, lines: pl.Series, unnamed: Sequence[str] = ()
) -> tuple[pl.DataFrame, pl.Series]:
    """Leave out rows without any cell, and unnamed columns without any cell."""
    frame = frame.drop([name for name in unnamed if frame.get_column(name).null_count() == frame.height])
    if frame.width == 0:
        return frame, lines.clear()
    filled = frame.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    if filled.all():
        return frame, lines
    return frame.filter(filled), lines.filter(filled)
