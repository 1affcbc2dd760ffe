"""What stands beside checks 4, 8 and 10: the symptom meter, kinds of wishes, prices, ways to loyalty."""

from __future__ import annotations

import polars as pl
import pytest

from leal.checks import Audit, audit
from leal.documents import html_report
from leal.evidence import Evidence
from leal.simulate import company


@pytest.fixture(scope="module")
def found() -> Audit:
    return audit(company(1500, seed=1, language="en").evidence)


def titles(audit: Audit, number: int) -> set[str]:
    return {str(exhibit.title) for exhibit in audit[number].exhibits}


def test_symptoms_stand_beside_causes(found: Audit) -> None:
    assert "Reasons of cases, and how many come again" in titles(found, 4)
    spent = next(one for one in found[4].exhibits if "spent on symptoms" in one.title)
    assert spent.frame["share"].sum() == pytest.approx(1)
    assert any(note.code == "symptom_meter" and "late delivery" in note.text for note in found[4].notes)


def test_kinds_of_wishes_and_prices_stand_beside_what_wishes_pay(found: Audit) -> None:
    assert "What kind of wish each is, by the Kano survey" in titles(found, 8)
    kinds = next(one for one in found[8].exhibits if "Kano" in one.title).frame
    assert dict(kinds.select("wish", "kind").iter_rows())["Dark theme in the app"] == "indifferent"
    assert any(named.name == "Highest acceptable price" for named in found[8].estimates)


def test_ways_to_loyalty_stand_beside_rivals(found: Audit) -> None:
    assert {"What loyalty rests on", "What customers do, by the way that leads them"} <= titles(found, 10)
    assert any(note.code == "ways_behaviour" for note in found[10].notes)


def test_the_bond_is_told_by_its_parts_and_the_second_choice_by_way(found: Audit) -> None:
    parts = next(one for one in found[10].exhibits if one.title == "What the emotional bond rests on").frame
    everybody = parts.filter(pl.col("group") == "All")
    assert everybody["part"].to_list() == ["service", "professional staff", "prompt feedback"]
    assert (everybody["level_low"] < everybody["level"]).all()
    second = next(one for one in found[10].exhibits if "second choice" in one.title).frame
    assert "emotional bond" in second["way"].to_list()
    assert second["considered"].null_count() == 0


def test_staff_are_told_by_employee_where_the_answers_name_them() -> None:
    """Planted: whoever was served by Boris rates the staff 3 of 10, all others 9."""
    firm = company(600, seed=4, language="en")
    boris = pl.int_range(pl.len()) % 3 == 0
    answers = firm.tables["answers"].with_columns(
        employee=pl.when(boris).then(pl.lit("Boris")).otherwise(pl.lit("Anna")),
        emotional2=pl.when(boris).then(3.0).otherwise(9.0),
    )
    check = audit(
        Evidence(answers=answers, purchases=firm.tables["purchases"], brands=firm.tables["brands"])
    )[10]
    staff = next(one for one in check.exhibits if "by the employee" in one.title)
    assert staff.frame["employee"].to_list() == ["Anna", "Boris"]
    assert staff.frame["level_low"][0] > staff.frame["level_high"][1]
    assert "fewer than 10" in staff.remark  # type: ignore[operator]
    assert "10 ответов" in staff.remark.into("ru")  # type: ignore[union-attr]


def test_without_their_tables_nothing_is_added() -> None:
    firm = company(400, seed=2)
    without = Evidence(answers=firm.tables["answers"].drop("unique1"), purchases=firm.tables["purchases"])
    bare = audit(without)
    assert not any("Reasons of cases" in str(one.title) for check in bare.checks for one in check.exhibits)
    assert bare[8].verdict == "unknown"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_report_shows_them_in_both_languages(found: Audit, language: str) -> None:
    page = html_report(found, language)  # type: ignore[arg-type]
    for words in {"en": ("Came again", "must-be"), "ru": ("Вернулись", "обязательное")}[language]:
        assert words in page
