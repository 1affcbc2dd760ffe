"""A table written as a file that any tool reads: CSV, XLSX or Parquet, safe in a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from leal.engine import FrameLike, collect, lazy
from leal.errors import BadFile, BadOption, Where
from leal.intake.spreadsheet_safety import safe_for_spreadsheet
from leal.wording import Count, Text

SUFFIXES = (".csv", ".xlsx", ".parquet")
_SHEET_ROWS = 1_048_575


def write_clean(frame: FrameLike, path: str | Path) -> Path:
    """Write a table and return its path.

    Parameters
    ----------
    frame : dataframe
        A table of Leal, in any engine.
    path : str or Path
        Where to; the suffix says the form. CSV is UTF-8 with a byte-order mark, so that Excel reads Cyrillic;
        in CSV and XLSX, cells that a spreadsheet would run as a formula are made harmless. Parquet keeps
        every value as it is.

    Raises
    ------
    BadOption
        The suffix is none of these.
    BadFile
        The file cannot be written there.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in SUFFIXES:
        raise BadOption("out", str(path), [f"*{known}" for known in SUFFIXES])
    table = collect(lazy(frame))
    try:
        _write(table, target, suffix)
    except OSError as problem:
        raise BadFile(
            Text("The file cannot be written: {reason}.", reason=problem.strerror or str(problem)),
            hint=Text("Choose a folder that exists and a file that no other program holds open."),
            where=Where(file=str(target)),
        ) from problem
    return target


def _write(table: pl.DataFrame, target: Path, suffix: str) -> None:
    if suffix == ".parquet":
        table.write_parquet(target)
        return
    safe = safe_for_spreadsheet(table)
    if suffix == ".csv":
        safe.write_csv(target, include_bom=True)
        return
    if table.height > _SHEET_ROWS:
        raise BadFile(
            Text("The table has {count} rows, more than a sheet holds.", count=Count(table.height)),
            hint=Text("Write it as .csv or .parquet."),
            where=Where(file=str(target)),
        )
    plain = safe.with_columns(pl.col(pl.Datetime).dt.replace_time_zone(None))
    with target.open("wb") as binary:
        plain.write_excel(binary, autofit=True, dtype_formats={pl.Datetime: "yyyy-mm-dd hh:mm:ss"})
