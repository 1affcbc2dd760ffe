from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from tests.documents.strategy_samples import company_audit, untranslated
from tests.documents.test_page import Page

from leal.checks import MISTAKES, SESSION_QUESTIONS, Diagnosis, Scenarios, SessionAnswers, diagnose
from leal.documents import Table, html_document, pdf_document, session_of, write_document
from leal.wording import LANGUAGES, Language, format_value


def some_answers() -> Diagnosis:
    return diagnose(
        SessionAnswers(
            company="Northern Lights",
            currency="RUB",
            answers={
                "customers": Scenarios(low=1000, likely=1250, high=1500),
                "yearly_spend": Scenarios(low=8000, likely=8000, high=8000),
                "holdouts": "no",
                "alarms": "yes",
            },
        ),
        day=dt.date(2026, 7, 1),
    )


def test_one_page_with_ten_mistakes_money_assumptions_and_an_agenda() -> None:
    document = session_of(some_answers())
    tables = [block for block in document.front if isinstance(block, Table)]
    assert [str(table.title) for table in tables] == [
        "What more repeat sales could bring (grade D)",
        "The ten mistakes",
        "What to do next",
        "What the money rests on (grade D)",
    ]
    assert len(tables[1].rows) == len(MISTAKES)
    assert format_value(tables[1].rows[0][2], "en") == "unknown: needs what loyalty costs a year"
    assert format_value(tables[1].rows[4][2], "en") == "–"  # guarded: nothing is at stake
    assert format_value(tables[2].rows[0][2], "en") == "4 July 2026"
    assert "of revenue a year" in document.deck[1]
    assert document.deck[2].startswith("First, by 4 July 2026: ask finance for: ")
    assert document.parts == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_that_it_is_an_opinion(language: Language) -> None:
    words = Page(html_document(session_of(some_answers()), language)).words
    assert ("no probability is claimed" if language == "en" else "вероятность не заявляется") in words
    assert ("assumed" if language == "en" else "допущение") in words
    assert not re.search(r"\b(nan|None|inf)\b", words)


def test_every_sentence_of_a_diagnosis_has_its_russian() -> None:
    for found in (some_answers(), diagnose(SessionAnswers())):
        assert untranslated(session_of(found)) == set()


def all_answers() -> Diagnosis:
    """Every amount is known and every mistake but one is made: the fullest page there is."""
    amounts = {
        "customers": Scenarios(low=12_000, likely=13_500, high=15_000),
        "yearly_spend": Scenarios(low=8_000, likely=8_000, high=8_000),
        "margin": Scenarios(low=0.3, likely=0.3, high=0.3),
        "loyalty_spend": Scenarios(low=2_400_000, likely=2_400_000, high=2_400_000),
        "care_spend": Scenarios(low=900_000, likely=1_050_000, high=1_200_000),
        "wishes_spend": Scenarios(low=1_500_000, likely=1_500_000, high=1_500_000),
    }
    choices = {one.key: "no" for one in SESSION_QUESTIONS if one.kind == "choice"}
    answers = SessionAnswers(company="Northern Lights", currency="RUB", answers={**amounts, **choices})  # type: ignore[arg-type]
    return diagnose(answers, day=dt.date(2026, 7, 1))


def test_each_mistake_has_money_and_each_input_names_its_mistakes() -> None:
    tables = [block for block in session_of(all_answers()).front if isinstance(block, Table)]
    assert (
        format_value(tables[1].rows[2][2], "en") == "RUB\u00a0720,000 · 1.20\u00a0million · 1.68\u00a0million"
    )
    assert all("·" in format_value(row[2], "ru") for row in tables[1].rows)
    entered = {format_value(row[0], "en"): format_value(row[5], "en") for row in tables[3].rows}
    assert entered["Cost of loyalty a year"] == "1, 3, 9"
    assert entered["Retention in a year"] == "repeat sales, 6, 7, 10"
    assert entered["Interest on future money"] == "repeat sales"


def test_every_assumption_behind_the_growth_of_repeat_sales_is_told_though_files_tell_the_mistakes() -> None:
    answers = SessionAnswers(answers={"customers": Scenarios(low=1000, likely=1250, high=1500)})
    found = diagnose(answers, company_audit())
    assert found.potential is not None
    tables = [block for block in session_of(found).front if isinstance(block, Table)]
    told = [
        format_value(row[0], "en") for row in tables[-1].rows if "repeat sales" in format_value(row[5], "en")
    ]
    assert told == [str(one.name) for one in found.potential.assumptions]


def test_what_files_count_is_followed_by_the_step_of_the_audit() -> None:
    audit = company_audit()
    agenda = diagnose(SessionAnswers(), audit).agenda
    exposed = [check for check in audit.ranked if check.verdict == "exposed"]
    assert exposed[0].next_step in [step.what for step in agenda]


@pytest.mark.parametrize("system_fonts", [True, False])
def test_the_pdf_is_one_page(system_fonts: bool) -> None:
    pytest.importorskip("typst")
    for language, found in ((each, of) for each in LANGUAGES for of in (some_answers(), all_answers())):
        content = pdf_document(session_of(found), language, system_fonts=system_fonts)
        assert len(re.findall(rb"/Type\s*/Page\b", content)) == 1


@pytest.mark.parametrize("suffix", [".html", ".docx", ".pdf", ".pptx"])
def test_nothing_answered_is_a_document_too(tmp_path: Path, suffix: str) -> None:
    pytest.importorskip({".pdf": "typst", ".html": "jinja2"}.get(suffix, suffix[1:]))
    document = session_of(diagnose(SessionAnswers()))
    assert "unknown" in document.deck[1]
    assert write_document(document, tmp_path / f"session{suffix}", "ru").stat().st_size > 5000
