"""Workbooks (XLSX, XLS, XLSB, ODS): the sheet that holds the table, its cells as text."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from leal.errors import BadFile, Where
from leal.intake.raw.delimited import header_position
from leal.intake.raw.raw_table import make_table
from leal.wording import Listing, Text

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

Likeness = Callable[[Sequence[str], pl.DataFrame], float]
"""How much a table (its columns, its frame) looks like the one that is wanted; the highest is taken."""

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet of a workbook as a table of text."""

    name: str
    frame: pl.DataFrame
    lines: pl.Series
    header_line: int


def read_sheet(
    data: bytes, file: str, *, sheet: str | None, likeness: Likeness | None
) -> tuple[Sheet, tuple[str, ...]]:
    """Return the wanted sheet of a workbook and the names of all its sheets.

    Raises
    ------
    BadFile
        The workbook is protected, damaged or empty, or has no sheet of the name asked for.
    """
    book = _open(data, file)
    names = _sheet_names(book, file)
    if sheet is not None and sheet not in names:
        raise BadFile(
            Text("The workbook has no sheet {sheet}.", sheet=repr(sheet)),
            hint=Text("Choose one of: {known}.", known=Listing.of(names)),
            where=Where(file=file),
        )
    chosen = [sheet] if sheet is not None else names
    tables = [table for name in chosen if (table := _table(book, file, name)) is not None]
    if not tables:
        raise BadFile(
            Text("The workbook holds no table."),
            hint=Text("A table needs a header row and at least one row below it."),
            where=Where(file=file),
        )
    score = likeness or _size
    return max(
        tables, key=lambda table: (score(table.frame.columns, table.frame), _size([], table.frame))
    ), names


def _size(_columns: Sequence[str], frame: pl.DataFrame) -> float:
    return float(frame.height * frame.width)


def _open(data: bytes, file: str) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    if _ENCRYPTED in data:
        raise _protected(file)
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as error:
        raise _protected(file) from error
    except (CalamineError, OSError, ValueError) as error:
        raise _damaged(file) from error


def _sheet_names(book: CalamineWorkbook, file: str) -> tuple[str, ...]:
    from python_calamine import CalamineError, SheetTypeEnum

    try:
        return tuple(meta.name for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet)
    except (CalamineError, OSError, ValueError) as error:
        raise _damaged(file) from error


def _table(book: CalamineWorkbook, file: str, name: str) -> Sheet | None:
    from python_calamine import CalamineError

    try:
        cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise _damaged(file) from error
    rows = [[cell_text(cell) for cell in row] for row in cells]
    position = header_position(rows[:60])
    if position is None:
        return None
    body = rows[position + 1 :]
    lines = range(position + 2, position + 2 + len(body))
    frame, series = make_table(body, rows[position], lines)
    return Sheet(name=name, frame=frame, lines=series, header_line=position + 1)


def cell_text(cell: object) -> str | None:
    """Return a cell's value as text: whole numbers without a point, times in ISO, nothing as None."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e18 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


def _protected(file: str) -> BadFile:
    return BadFile(
        Text("The workbook is protected by a password."),
        hint=Text("Open it, save a copy without a password, and give that copy."),
        where=Where(file=file),
    )


def _damaged(file: str) -> BadFile:
    return BadFile(
        Text("The workbook is damaged or cut off."),
        hint=Text("Download or export it again, or save the sheet as CSV."),
        where=Where(file=file),
    )
