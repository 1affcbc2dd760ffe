"""The door: a path in, a raw table out, or one clear error."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl

from leal.errors import BadFile, Where
from leal.intake.raw.archives import kind_of, unpack
from leal.intake.raw.delimited import parse_delimited
from leal.intake.raw.documents import is_own_report, own_report, refuse_documents
from leal.intake.raw.encodings import decode, detect_encoding
from leal.intake.raw.json_records import find_records, flatten, parse_json, records_frame
from leal.intake.raw.raw_table import RawTable
from leal.intake.raw.workbooks import Likeness, read_sheet
from leal.wording import Text

__all__ = ["Likeness", "read_raw"]


def read_raw(path: str | Path, *, sheet: str | None = None, likeness: Likeness | None = None) -> RawTable:
    """Read any file into a raw table of text.

    CSV and TSV in any usual encoding and delimiter, XLSX, XLS, XLSB, ODS, JSON (a list, a list inside an
    object, newline-delimited, a single event), Parquet; also packed by gzip, bzip2, xz or as the only file of
    a zip.

    Parameters
    ----------
    path : str or Path
        The file. Its name is of no account: what it is, its content says.
    sheet : str, optional
        The sheet of a workbook; by default the one that looks most like the table wanted.
    likeness : callable, optional
        Gives a table (columns, frame) a number; the sheet with the highest is taken. Default: the largest.

    Raises
    ------
    BadFile
        The file is absent, a folder, empty, protected, damaged, nothing that can hold a table, or a report
        that Leal wrote.
    """
    path = Path(path)
    file = path.name
    data = unpack(_bytes(path), file)
    if not data.strip():
        raise _empty(file)
    kind = kind_of(data, file)
    if kind == "parquet":
        return _parquet(data, file)
    if kind == "workbook":
        refuse_documents(data, file)
        return _workbook(data, file, sheet, likeness)
    return _text(data, file)


def _bytes(path: Path) -> bytes:
    where = Where(file=str(path))
    try:
        if path.is_dir():
            raise BadFile(
                Text("This is a folder, and a file is needed here."),
                hint=Text("Give the files inside, one by one."),
                where=where,
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise BadFile(
            Text("The file does not exist."), hint=Text("Check the spelling of the path."), where=where
        ) from error
    except (OSError, ValueError) as error:
        raise BadFile(
            Text("The file cannot be opened."),
            hint=Text("Check that it is there, that you may read it, and that no program holds it open."),
            where=where,
        ) from error


def _empty(file: str) -> BadFile:
    return BadFile(
        Text("The file is empty."),
        hint=Text("Export it again; a table needs a header row and at least one row below it."),
        where=Where(file=file),
    )


def _parquet(data: bytes, file: str) -> RawTable:
    try:
        typed = pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadFile(
            Text("The Parquet file is damaged or cut off."),
            hint=Text("Write or download it again."),
            where=Where(file=file),
        ) from error
    frame = typed.select(_as_text(name, dtype) for name, dtype in typed.schema.items())
    lines = pl.Series("line", range(1, frame.height + 1), dtype=pl.Int64)
    return RawTable(file=file, file_format="parquet", frame=frame, lines=lines)


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        naive = column.dt.convert_time_zone("UTC") if dtype.time_zone else column
        ending = "%:z" if dtype.time_zone else ""
        return naive.dt.to_string(f"%Y-%m-%d %H:%M:%S%.6f{ending}")
    if isinstance(dtype, pl.List | pl.Array | pl.Struct | pl.Binary | pl.Object):
        return column.map_elements(str, return_dtype=pl.String)
    text = column.cast(pl.String)
    return text.replace("", None) if dtype == pl.String else text


def _workbook(data: bytes, file: str, sheet: str | None, likeness: Likeness | None) -> RawTable:
    chosen, names = read_sheet(data, file, sheet=sheet, likeness=likeness)
    return RawTable(
        file=file,
        file_format="workbook",
        frame=chosen.frame,
        lines=chosen.lines,
        header_line=chosen.header_line,
        sheet=chosen.name,
        sheets=names,
    )


def _text(data: bytes, file: str) -> RawTable:
    encoding = detect_encoding(data)
    if encoding is None:
        raise BadFile(
            Text("The file is binary, and nothing in it looks like a table."),
            hint=Text("Give a CSV, XLSX, XLS, ODS, JSON or Parquet file."),
            where=Where(file=file),
        )
    text, unreadable = (None, 0) if encoding == "utf-8" and _valid(data) else decode(data, encoding)
    utf8 = data if text is None else text.encode("utf-8", errors="replace")
    start = utf8.lstrip()[:1]
    if start in (b"{", b"["):
        return _json(utf8.decode("utf-8"), file, encoding, unreadable)
    if start == b"<":
        raise BadFile(
            Text("This is a web page or XML, not a table."),
            hint=Text("Give a CSV, XLSX, XLS, ODS, JSON or Parquet file."),
            where=Where(file=file),
        )
    return _delimited(utf8, file, encoding, unreadable)


def _valid(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _json(text: str, file: str, encoding: str, unreadable: int) -> RawTable:
    document = parse_json(text, file)
    if is_own_report(document):
        raise own_report(file)
    records = find_records(document)
    return RawTable(
        file=file,
        file_format="json",
        frame=records_frame([flatten(record) for record in records]),
        lines=pl.Series("line", range(1, len(records) + 1), dtype=pl.Int64),
        encoding=encoding,
        unreadable_characters=unreadable,
        records=records,
        document=document,
    )


def _delimited(data: bytes, file: str, encoding: str, unreadable: int) -> RawTable:
    parsed = parse_delimited(data)
    if parsed is None:
        raise _empty(file)
    return RawTable(
        file=file,
        file_format="csv",
        frame=parsed.frame,
        lines=parsed.lines,
        header_line=parsed.header_line,
        encoding=encoding,
        delimiter=parsed.delimiter,
        skipped=parsed.skipped,
        unreadable_characters=unreadable,
    )
