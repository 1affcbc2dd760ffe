# ruff: noqa: DTZ001 - times are UTC without a zone, by design
"""Clean tables written and read back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from leal.errors import BadFile, BadOption
from leal.intake import read_table, write_clean

TABLE = pl.DataFrame(
    {
        "purchase": ["1", "2", "3"],
        "customer": ["00123", "=1+1", "Анна"],
        "bought_at": [
            dt.datetime(2026, 3, 2, 9, 30),
            dt.datetime(2026, 3, 13),
            dt.datetime(2026, 3, 14, 23, 59, 59),
        ],
        "amount": [1234.5, -7.25, 0.1],
        "promotion": ["@SUM(A1)", None, "+7 off"],
    }
)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_a_table_comes_back_as_it_was(tmp_path: Path, suffix: str) -> None:
    path = write_clean(TABLE, tmp_path / f"table{suffix}")
    frame, told = read_table(path, "purchases")
    assert frame.select(TABLE.columns).equals(TABLE)
    assert told.accepted == 3


def test_csv_is_for_excel_and_holds_no_formula(tmp_path: Path) -> None:
    data = write_clean(TABLE.lazy(), tmp_path / "t.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    cells = [cell for line in data.decode("utf-8-sig").splitlines() for cell in line.split(",")]
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+"))]


def test_a_workbook_holds_no_formula(tmp_path: Path) -> None:
    import openpyxl

    sheet = openpyxl.load_workbook(write_clean(TABLE, tmp_path / "t.xlsx")).active
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_other_endings_and_absent_folders_are_errors(tmp_path: Path) -> None:
    with pytest.raises(BadOption):
        write_clean(TABLE, tmp_path / "t.doc")
    for suffix in (".csv", ".xlsx", ".parquet"):
        with pytest.raises(BadFile):
            write_clean(TABLE, tmp_path / "absent" / f"t{suffix}")


def test_a_table_longer_than_a_sheet_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="1,048,576"):
        write_clean(pl.DataFrame({"x": pl.Series([1]).new_from_index(0, 1_048_576)}), tmp_path / "t.xlsx")
