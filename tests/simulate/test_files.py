"""The company as messy files: what they are, and that nothing of the tables is missing in them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from leal.errors import BadOption
from leal.simulate import Company, company, write_files
from leal.simulate.file_words import HEADERS
from leal.tables import TABLES
from leal.wording import Language


@pytest.fixture(scope="module")
def firm() -> Company:
    return company(300, seed=9)


def rows_of(path: Path, encoding: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding=encoding), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_table_has_a_file_and_every_column_a_header(
    firm: Company, language: Language, tmp_path: Path
) -> None:
    paths = write_files(firm, tmp_path, language)
    assert set(paths) == set(TABLES)
    assert all(path.stat().st_size > 0 for path in paths.values())
    for table, headers in HEADERS[language].items():
        absent = set(firm.tables[table].columns) - set(headers) - {"customer"}
        assert not absent, (table, absent)
        assert len(set(headers.values())) == len(headers)


def test_the_english_survey_is_a_qualtrics_export_with_rows_to_turn_down(
    firm: Company, tmp_path: Path
) -> None:
    rows = rows_of(write_files(firm, tmp_path, "en")["answers"], "utf-8-sig", ",")
    answers = firm.tables["answers"]
    assert len(rows) == 3 + answers.height + 4
    assert rows[0][:2] == ["StartDate", "EndDate"]
    assert json.loads(rows[2][0]).keys() == {"ImportId"}
    table = pl.DataFrame(rows[3:], schema=rows[0], orient="row")
    kept = table.filter(pl.col("Status") == "0", pl.col("Q1") != "")
    assert kept["Q1"].cast(pl.Int64).to_list() == answers["recommend"].to_list()
    assert kept["Q2"].to_list() == answers["comment"].fill_null("").to_list()
    same = kept["ExternalReference"] == answers["customer"]
    unknown = kept.filter(~same)
    assert 0 < unknown.height < 0.08 * answers.height
    assert set(unknown["ExternalReference"]) == {""}


def test_the_russian_survey_is_a_google_forms_export_that_knows_customers_by_mail_and_telephone(
    firm: Company, tmp_path: Path
) -> None:
    rows = rows_of(write_files(firm, tmp_path, "ru")["answers"], "utf-8", ",")
    table = pl.DataFrame(rows[1:], schema=rows[0], orient="row")
    assert rows[0][0] == "Отметка времени"
    assert "customer" not in HEADERS["ru"]["answers"]
    mails = table["Адрес электронной почты"]
    assert mails.str.contains("[A-Z]").any()
    assert table["Телефон"].str.contains("(", literal=True).any()
    assert table[rows[0][2]].to_list()[-2:] == ["н/д", "11"]


def test_the_sales_of_1c_are_cp1251_with_decimal_commas_and_a_row_of_totals(
    firm: Company, tmp_path: Path
) -> None:
    rows = rows_of(write_files(firm, tmp_path, "ru")["purchases"], "cp1251", ";")
    amounts = [float(row[4].replace(",", ".")) for row in rows[1:]]
    assert rows[-1][0] == "Итого"
    assert amounts[-1] == pytest.approx(sum(amounts[:-1]), abs=0.01)
    assert len(rows) == 1 + firm.tables["purchases"].height + 1
    assert not rows[1][3].startswith("0")


def test_the_orders_of_the_shop_hold_cancelled_ones(firm: Company, tmp_path: Path) -> None:
    rows = rows_of(write_files(firm, tmp_path, "en")["purchases"], "utf-8", ",")
    states = [row[-1] for row in rows[1:]]
    assert states.count("cancelled") == len(states) - firm.tables["purchases"].height > 0
    assert states.count("refund") == firm.tables["purchases"].filter(pl.col("amount") < 0).height


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_customers_are_a_workbook_with_numbers_as_text(
    firm: Company, language: Language, tmp_path: Path
) -> None:
    path = write_files(firm, tmp_path, language)["customers"]
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert len(rows) == 301
    assert rows[1][0] == "0000001"


def test_another_language_is_refused(firm: Company, tmp_path: Path) -> None:
    with pytest.raises(BadOption):
        write_files(firm, tmp_path, "de")  # type: ignore[arg-type]


def test_one_customer_can_be_written(tmp_path: Path) -> None:
    for language in ("en", "ru"):
        assert len(write_files(company(1, seed=1), tmp_path / language, language)) == len(TABLES)


def test_the_files_of_a_seed_are_the_same_for_everybody(firm: Company, tmp_path: Path) -> None:
    first, again = (
        write_files(firm, tmp_path / "a", "ru"),
        write_files(company(300, seed=9), tmp_path / "b", "ru"),
    )
    for table in ("answers", "purchases", "brands"):
        assert first[table].read_bytes() == again[table].read_bytes()
