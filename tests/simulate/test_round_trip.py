"""What is written as the files of a business comes back as the canonical tables, the rest accounted for."""

from __future__ import annotations

import polars as pl
import pytest

from leal.intake import Loaded, load
from leal.simulate import Company, company, write_files
from leal.wording import Language

KEYS = {
    "answers": ["answer"],
    "purchases": ["purchase"],
    "customers": ["customer"],
    "reviews": ["source_review_id"],
    "actions": ["action", "customer"],
    "brands": ["respondent", "brand"],
    "wishes": ["wish"],
    "units": ["unit"],
    "cases": ["case"],
    "contacts": ["contact"],
    "invitations": ["invitation"],
    "rules": ["rule"],
    "kano": ["respondent", "wish"],
    "prices": ["respondent"],
    "talk": ["respondent"],
}
OTHER_NAMES = {"ru": {"need": "Потребность", "mentions": "Сообщений"}, "en": {}}
SPOILT = {"answers": {"customer", "email", "phone"}, "customers": {"email", "phone"}}
"""What files spell otherwise and joining puts right (or cannot)."""


@pytest.fixture(scope="module")
def firm() -> Company:
    return company(700, seed=4)


@pytest.fixture(scope="module", params=["en", "ru"])
def told(
    request: pytest.FixtureRequest, firm: Company, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Language, Loaded]:
    language: Language = request.param
    folder = tmp_path_factory.mktemp(language)
    write_files(firm, folder, language)
    return language, load(folder)


def frame_of(loaded: Loaded, table: str) -> pl.DataFrame:
    lazy = loaded.evidence.table(table)
    assert lazy is not None, table
    frame = lazy.collect("polars").to_native()
    assert isinstance(frame, pl.DataFrame)
    return frame


def test_every_file_is_recognised_by_what_it_holds(told: tuple[Language, Loaded]) -> None:
    _, loaded = told
    assert set(loaded.evidence) == set(KEYS)
    assert not loaded.left_out


def test_every_value_comes_back(told: tuple[Language, Loaded], firm: Company) -> None:
    language, loaded = told
    for table, original in firm.tables.items():
        read, key = frame_of(loaded, table), KEYS[table]
        if table == "answers":
            read = read.with_columns(pl.col("answer").str.strip_prefix("R_"))
        both = original.join(
            read.with_columns(pl.col(key).cast(pl.String)), on=key, how="left", suffix=" read"
        )
        for column in set(original.columns) - set(key) - SPOILT.get(table, set()):
            name = OTHER_NAMES[language].get(column, column)
            came = both[f"{name} read" if name == column else name]
            assert same(both[column], came), (table, column)


def same(planted: pl.Series, read: pl.Series) -> bool:
    if planted.dtype == pl.Boolean or planted.dtype == pl.String:
        return bool(planted.eq_missing(read.cast(planted.dtype)).all())
    if planted.dtype.is_temporal():
        return bool(planted.cast(pl.Datetime("us")).eq_missing(read.cast(pl.Datetime("us"))).all())
    gap = (planted.cast(pl.Float64) - read.cast(pl.Float64)).abs()
    return bool((planted.is_null() == read.is_null()).all()) and float(gap.max() or 0) < 1e-6  # type: ignore[arg-type]


def test_customers_are_found_again_by_mail_telephone_and_number_without_zeros(
    told: tuple[Language, Loaded], firm: Company
) -> None:
    _, loaded = told
    assert set(frame_of(loaded, "purchases")["customer"]) == set(firm.tables["purchases"]["customer"])
    read = frame_of(loaded, "answers").with_columns(pl.col("answer").str.strip_prefix("R_"))
    both = firm.tables["answers"].join(read, on="answer", suffix=" read")
    found = both["customer"] == both["customer read"]
    assert 0.94 < float(found.fill_null(False).mean()) < 1  # type: ignore[arg-type]
    lost = both.filter(~found.fill_null(False))["customer read"]
    assert not lost.is_in(firm.tables["customers"]["customer"].implode()).any()


def test_rows_that_were_turned_down_are_counted_by_reason(told: tuple[Language, Loaded]) -> None:
    language, loaded = told
    turned_down = {told.table: dict(told.rejected_by_reason) for told in loaded.reconciliations}
    if language == "en":
        assert sum(turned_down["answers"].values()) == 4
        assert set(turned_down["purchases"]) == {"cancelled"}
    else:
        assert sum(turned_down["answers"].values()) == 1
        assert turned_down["purchases"] == {"total_row": 1}
    assert all(not rows for table, rows in turned_down.items() if table not in {"answers", "purchases"})


def test_the_score_before_and_after_reading_is_that_of_the_company(
    told: tuple[Language, Loaded], firm: Company
) -> None:
    _, loaded = told
    score = firm.tables["answers"]["recommend"]
    expected = 100 * ((score >= 9).mean() - (score <= 6).mean())  # type: ignore[operator]
    survey = next(one for one in loaded.reconciliations if one.table == "answers")
    assert survey.nps_after == pytest.approx(expected)
