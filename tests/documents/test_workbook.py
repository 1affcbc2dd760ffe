from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import polars as pl
import pytest
from openpyxl.workbook import Workbook
from python_calamine import CalamineWorkbook
from tests.documents.sample_audit import FORMULA, HOSTILE, sample_audit

from leal.checks import Exhibit, Heading, audit
from leal.documents import xlsx_report
from leal.documents.sheets import sheet_name
from leal.documents.study_workbook import study_workbook
from leal.evidence import Evidence
from leal.wording import LANGUAGES, Language, Text


@pytest.fixture(scope="module")
def contents() -> dict[Language, bytes]:
    return {language: xlsx_report(sample_audit(), language) for language in LANGUAGES}


def opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(book: Workbook, sheet: str) -> list[list[object]]:
    return [[value for value in row if value is not None] for row in book[sheet].iter_rows(values_only=True)]


def test_a_workbook_has_a_summary_and_a_sheet_a_check(contents: dict[Language, bytes]) -> None:
    names = opened(contents["en"]).sheetnames
    assert names[0] == "Summary"
    assert [name.split()[0] for name in names[1:11]] == [str(number) for number in range(1, 11)]
    assert names[11:] == ["Files", "Glossary"]
    russian = opened(contents["ru"]).sheetnames
    assert (russian[0], russian[2], russian[-1]) == ("Итоги", "2 Нейтралы без внимания", "Словарь")


def test_numbers_are_numbers_and_days_are_days(contents: dict[Language, bytes]) -> None:
    for language, content in contents.items():
        book = opened(content)
        sheet = book[book.sheetnames[2]]
        found = {row[0].value: row for row in sheet.iter_rows() if row[0].value}
        passives = found["Passives" if language == "en" else "Нейтралы"]
        assert [cell.value for cell in passives[1:4]] == [420, 0.4561, 6_020_000]
        assert passives[2].number_format == "0.0%"
        assert ("₽" if language == "ru" else "RUB") in passives[3].number_format
        promoters = found["Promoters" if language == "en" else "Промоутеры"]
        assert promoters[5].value.date() == dt.date(2026, 3, 2)


def test_money_at_stake_can_be_added_up_on_the_summary(contents: dict[Language, bytes]) -> None:
    table = rows(opened(contents["en"]), "Summary")
    amounts = [value for row in table for value in row if isinstance(value, float | int) and value > 1e6]
    assert 12_400_000 in amounts
    first = next(row for row in table if row and row[0] == "2. Ignoring passives")
    assert first[:6] == ["2. Ignoring passives", "exposed", "dangerous", 12_400_000, 7_900_000, 18_300_000]


def test_what_is_unknown_is_an_empty_cell(contents: dict[Language, bytes]) -> None:
    book = opened(contents["en"])
    sheet = book[book.sheetnames[2]]
    hostile = next(row for row in sheet.iter_rows() if row[0].value == HOSTILE)
    assert [cell.value for cell in hostile[1:5]] == [3, None, None, 12.5]


def test_no_text_is_a_formula_or_a_link(contents: dict[Language, bytes]) -> None:
    for content in contents.values():
        book = opened(content)
        cells = [
            cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
        ]
        assert FORMULA in [cell.value for cell in cells]
        assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
        assert not any(cell.hyperlink for cell in cells)
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
            assert not any(b"<f>" in parts.read(name) for name in sheets)


def test_charts_are_native_and_have_their_intervals(contents: dict[Language, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(contents["en"])) as parts:
        charts = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
        assert len(charts) >= 3
        assert any(b"errBars" in parts.read(name) for name in charts)


def test_other_readers_open_it_too(contents: dict[Language, bytes]) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(contents["ru"]))
    assert book.sheet_names[0] == "Итоги"
    assert any(12_400_000.0 in row for row in book.get_sheet_by_index(0).to_python())


def test_an_audit_without_data_is_a_workbook_too() -> None:
    for language in LANGUAGES:
        assert len(opened(xlsx_report(audit(Evidence()), language)).sheetnames) == 12


def test_names_of_sheets_are_what_excel_takes() -> None:
    assert sheet_name("a/b [c]: d?", []) == "a b  c   d"
    assert sheet_name("Files", ["files"]) == "Files 2"
    assert sheet_name("", []) == "–"
    long = sheet_name("1 Paying for what customers do not notice", [])
    assert long == "1 Paying for what customers…"
    assert len(sheet_name("x" * 80, ["x" * 30 + "…"])) <= 31


def test_rows_are_as_high_as_their_words_and_heads_stand_above_their_figures() -> None:
    book = openpyxl.load_workbook(io.BytesIO(study_workbook([["Said."]], [], [_wordy()], "en")))
    sheet = book.worksheets[1]
    head, words = next((row, row + 1) for row in range(1, 9) if sheet.cell(row, 1).value == "Name")
    assert sheet.row_dimensions[words].height >= 45
    assert sheet.cell(words, 1).alignment.vertical == "top"
    assert sheet.cell(head, 2).alignment.horizontal == "right"
    assert sheet.cell(head, 1).alignment.horizontal == "left"
    assert sheet.freeze_panes == f"A{words}"


def _wordy() -> Exhibit:
    return Exhibit(
        title=Text("Contents"),
        frame=pl.DataFrame({"name": ["many words " * 15], "n": [3]}),
        headings=(
            Heading(name="name", title=Text("Name")),
            Heading(name="n", title=Text("n"), unit="count"),
        ),
    )
