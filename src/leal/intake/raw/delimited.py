"""CSV and its kin: delimiter, header, rows and the lines on which they begin.

Large clean files are parsed by Polars; a file that is not clean (rows too long, quotes that never close) by
Python's csv module, which is slower and can say which line is wrong. Lines are never split before a parser
has seen the quotes.
"""

from __future__ import annotations

import csv
import io
import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from leal.intake.raw.cells import present
from leal.intake.raw.raw_table import SkippedRow, drop_empty, make_table, unique_names

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_CHARACTERS = 1 << 17
_SAMPLE_ROWS = 60
_OPEN_QUOTE_LINES = 200

csv.field_size_limit(1 << 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delimited:
    """A parsed text: its table, delimiter, header line and the rows that could not be read."""

    frame: pl.DataFrame
    lines: pl.Series
    delimiter: str
    header_line: int
    skipped: tuple[SkippedRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """What the head of a text says: delimiter, header, its line, and where the rows begin."""

    delimiter: str
    header: list[str]
    header_line: int
    first_line: int


def parse_delimited(data: bytes) -> Delimited | None:
    """Return the table of a UTF-8 text without byte order mark; None where there is no header at all.

    Parameters
    ----------
    data : bytes
        Valid UTF-8.
    """
    data = _with_plain_line_ends(data)
    layout = _layout(data)
    if layout is None:
        return None
    body = data[_offset_of_line(data, layout.first_line) :]
    names = unique_names(layout.header)
    frame = _by_polars(body, names, layout.delimiter)
    if frame is None:
        return _by_csv(body, layout)
    lines = _line_numbers(frame, layout.first_line, quoted=b'"' in body)
    unnamed = [name for name, given in zip(names, layout.header, strict=True) if not given.strip()]
    frame, lines = drop_empty(frame, lines, unnamed)
    return Delimited(frame=frame, lines=lines, delimiter=layout.delimiter, header_line=layout.header_line)


def _with_plain_line_ends(data: bytes) -> bytes:
    """Turn the lone carriage returns of old Macs into line feeds; drop zeros, which no text has."""
    if b"\0" in data[: 1 << 20] or b"\0" in data:
        data = data.replace(b"\0", b"")
    return data.replace(b"\r", b"\n") if b"\r" in data and b"\n" not in data else data


def _layout(data: bytes) -> _Layout | None:
    sample = data[:_SAMPLE_CHARACTERS].decode("utf-8", errors="ignore")
    whole = len(data) <= _SAMPLE_CHARACTERS
    hint, skipped_lines = _excel_hint(sample)
    text = "\n".join(sample.split("\n")[skipped_lines:]) if skipped_lines else sample
    delimiter = hint or _sniff_delimiter(text, whole=whole)
    rows = _sample_rows(text, delimiter, whole=whole)
    position = header_position([row for row, _ in rows])
    if position is None:
        return None
    header, last_line = rows[position]
    before = rows[position - 1][1] if position else 0
    # Blank lines before the header belong to no row; the header begins at the first line that is not blank.
    return _Layout(
        delimiter=delimiter,
        header=header,
        header_line=skipped_lines + before + 1,
        first_line=skipped_lines + last_line + 1,
    )


def _excel_hint(sample: str) -> tuple[str | None, int]:
    """Excel takes the delimiter from a first line such as "sep=;"."""
    first = sample.split("\n", 1)[0].strip().strip('"').lower()
    if first.startswith("sep=") and len(first) == 5:
        return first[4], 1
    return ("\t", 1) if first == "sep=" else (None, 0)


def _sample_rows(text: str, delimiter: str, *, whole: bool) -> list[tuple[list[str], int]]:
    """Return the first rows, each with the line on which it ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = [(row, reader.line_num) for row in itertools.islice(reader, _SAMPLE_ROWS)]
    return rows if whole or len(rows) < 2 or len(rows) == _SAMPLE_ROWS else rows[:-1]


def _sniff_delimiter(text: str, *, whole: bool) -> str:
    """Choose the delimiter that gives the most rows of the same length, the longer the better."""

    def quality(delimiter: str) -> float:
        widths = [len(row) for row, _ in _sample_rows(text, delimiter, whole=whole) if any(row)]
        wide = [width for width in widths if width > 1]
        if not wide:
            return 0.0
        width, agreeing = Counter(wide).most_common(1)[0]
        return agreeing / len(widths) * math.log2(width + 1)

    best = max(_DELIMITERS, key=quality)
    return best if quality(best) > 0 else ","


def header_position(rows: Sequence[Sequence[str | None]]) -> int | None:
    """Return which of the first rows is the header: the first that is no title above the table.

    A title has one cell (two at most where the table is wide) while the rows below have more.
    """
    filled = [sum(present(cell) for cell in row) for row in rows]
    if not any(filled):
        return None
    widths = Counter(count for count in filled if count)
    usual = max(widths, key=lambda width: widths[width] * math.log2(width + 1))
    widest = max(usual, sorted(filled)[len(filled) // 2])
    few = 1 if widest < 5 else 2
    for position, count in enumerate(filled):
        if count and (count > few or count >= widest):
            return position
    return next(position for position, count in enumerate(filled) if count)


def _offset_of_line(data: bytes, line: int) -> int:
    offset = 0
    for _ in range(line - 1):
        found = data.find(b"\n", offset)
        if found < 0:
            return len(data)
        offset = found + 1
    return offset


def _by_polars(body: bytes, names: list[str], delimiter: str) -> pl.DataFrame | None:
    """Parse fast; None where the text needs a closer look."""
    if not body.strip() or body.count(b'"') % 2:
        return None
    try:
        return pl.read_csv(
            body,
            has_header=False,
            separator=delimiter,
            schema=dict.fromkeys(names, pl.String),
            infer_schema=False,
            null_values="",
        )
    except pl.exceptions.PolarsError:
        return None


def _line_numbers(frame: pl.DataFrame, first_line: int, *, quoted: bool) -> pl.Series:
    """Count the line where each row begins, the lines inside quoted cells included."""
    rows = pl.int_range(first_line, first_line + frame.height, dtype=pl.Int64)
    if not quoted or not frame.width:
        return frame.select(rows.alias("line")).to_series()
    inside = pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True).fill_null(0)).cast(pl.Int64)
    return frame.select((rows + inside.cum_sum().shift(1, fill_value=0)).alias("line")).to_series()


def _by_csv(body: bytes, layout: _Layout) -> Delimited:
    rows: list[Sequence[str | None]] = []
    lines: list[int] = []
    skipped: list[SkippedRow] = []
    for row, line in _records(body.decode("utf-8"), layout):
        if row is None:
            skipped.append(SkippedRow(line=line, reason="open_quote"))
        elif any(cell.strip() for cell in row[len(layout.header) :]):
            skipped.append(SkippedRow(line=line, reason="ragged"))
        else:
            rows.append([cell or None for cell in row[: len(layout.header)]])
            lines.append(line)
    frame, series = make_table(rows, layout.header, lines)
    return Delimited(
        frame=frame,
        lines=series,
        delimiter=layout.delimiter,
        header_line=layout.header_line,
        skipped=tuple(skipped),
    )


def _records(text: str, layout: _Layout) -> Iterator[tuple[list[str] | None, int]]:
    """Yield each row with its line; a quote that never closes costs one line, not the rest of the file."""
    physical = io.StringIO(text, newline="").readlines()
    start = 0
    while start < len(physical):
        reader = csv.reader(itertools.islice(physical, start, None), delimiter=layout.delimiter)
        before = 0
        for row in reader:
            spans = reader.line_num - before
            source = physical[start + before : start + reader.line_num]
            if spans > 1 and _never_closes(source, at_end=start + reader.line_num == len(physical)):
                yield None, layout.first_line + start + before
                start += before + 1
                break
            yield row, layout.first_line + start + before
            before = reader.line_num
        else:
            return


def _never_closes(source: list[str], *, at_end: bool) -> bool:
    quotes = sum(line.count('"') for line in source)
    return (at_end and quotes % 2 == 1) or len(source) > _OPEN_QUOTE_LINES
