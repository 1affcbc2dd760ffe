from __future__ import annotations

import dataclasses
import datetime as dt
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leal.checks import (
    ASSUMED,
    GUARDS,
    SESSION_QUESTIONS,
    Scenarios,
    SessionAnswers,
    audit,
    blank_session,
    diagnose,
    parse_answer,
    read_session,
    repeat_potential,
)
from leal.errors import BadFile, BadValue
from leal.evidence import Evidence
from leal.measure import margin_multiple
from leal.simulate import company

BY_KEY = {question.key: question for question in SESSION_QUESTIONS}


def exactly(value: float) -> Scenarios:
    return Scenarios(low=value, likely=value, high=value)


def answered(**answers: object) -> SessionAnswers:
    return SessionAnswers(answers=answers)  # type: ignore[arg-type]


share = (
    st.tuples(*[st.floats(0, 1)] * 3).map(sorted).map(lambda v: Scenarios(low=v[0], likely=v[1], high=v[2]))
)


def test_some_twenty_questions_cover_the_ten_mistakes() -> None:
    assert len(SESSION_QUESTIONS) == 22
    assert {question.mistake for question in SESSION_QUESTIONS} == {None, *range(1, 11)}
    assert set(GUARDS) == set(range(1, 11))


def test_answers_become_verdicts() -> None:
    found = diagnose(
        answered(
            noticing="no",
            passives_asked="yes",
            causes="yes",
            simpler=None,
            rhythm="yes",
            quick_answer="partly",
        )
    )
    verdicts = {check.number: check.verdict for check in found.checks}
    assert verdicts[1] == "exposed"
    assert verdicts[2] == "guarded"
    assert verdicts[4] == "unknown"
    assert verdicts[6] == "exposed"
    assert verdicts[3] == "unknown"
    assert all(check.grade == "D" for check in found.checks if check.verdict != "unknown")
    assert all(check.missing for check in found.checks if check.verdict == "unknown")


def test_the_reckoning_by_hand() -> None:
    found = repeat_potential(
        answered(
            customers=exactly(1000),
            yearly_spend=exactly(200),
            margin=exactly(0.3),
            repeat_share=exactly(0.5),
            retention=exactly(0.7),
            passives=exactly(0.4),
        )
    )
    assert found is not None
    assert found.basis == "margin"
    # 1000 x 60 x .5 x .4 = 12,000 of repeat money from passives; a tenth of them buys 15 % more
    assert found.passives.likely == pytest.approx(12_000 * 0.1 * 0.15)
    # 300 leave, a tenth of them is kept, each worth 60
    assert found.kept.likely == pytest.approx(300 * 0.1 * 60)
    assert found.first_year.likely == pytest.approx(180 + 1800)
    assert found.years.likely == pytest.approx(60_000 * (margin_multiple(0.73) - margin_multiple(0.7)))
    assert found.kept.low == pytest.approx(300 * 0.05 * 60)
    assert found.kept.high == pytest.approx(300 * 0.2 * 60)


def test_high_retention_leaves_least_to_be_gained() -> None:
    found = repeat_potential(
        answered(
            customers=exactly(100),
            yearly_spend=exactly(10),
            retention=Scenarios(low=0.6, likely=0.7, high=0.8),
        )
    )
    assert found is not None
    assert found.kept.low == pytest.approx(1000 * 0.2 * 0.05)
    assert found.kept.high == pytest.approx(1000 * 0.4 * 0.2)


@given(repeat=share, retention=share, passives=share, margin=share)
def test_low_is_never_above_likely_nor_likely_above_high(
    repeat: Scenarios, retention: Scenarios, passives: Scenarios, margin: Scenarios
) -> None:
    found = repeat_potential(
        answered(
            customers=exactly(1000),
            yearly_spend=exactly(100),
            margin=margin,
            repeat_share=repeat,
            retention=retention,
            passives=passives,
        )
    )
    assert found is not None
    for value in (found.passives, found.kept, found.first_year, found.years, found.yearly_money):
        assert all(math.isfinite(end) and end >= -1e-6 for end in dataclasses.astuple(value))
        assert value.low <= value.likely + 1e-9
        assert value.likely <= value.high + 1e-9


def test_without_customers_and_spending_no_money_is_invented() -> None:
    found = diagnose(SessionAnswers(answers={"margin": exactly(0.3), "holdouts": "no"}))
    assert found.potential is None
    assert found.stakes == {}
    assert "finance" in found.agenda[0].what


def test_what_nobody_knows_is_assumed_and_named() -> None:
    found = repeat_potential(answered(customers=exactly(10), yearly_spend=exactly(5)))
    assert found is not None
    sources = {one.key: one.source for one in found.assumptions}
    assert sources["customers"] == "answer"
    assert sources["retention"] == "assumption"
    assert found.basis == "revenue"
    assert set(sources) & {"loyalty_spend", "unnoticed", "idle"} == set()


ALL_MONEY = {
    "customers": exactly(1000),
    "yearly_spend": exactly(200),
    "margin": exactly(0.3),
    "repeat_share": exactly(0.5),
    "retention": Scenarios(low=0.6, likely=0.7, high=0.8),
    "passives": exactly(0.4),
    "loyalty_spend": exactly(10_000),
    "care_spend": exactly(5_000),
    "wishes_spend": exactly(8_000),
}


def test_the_money_of_all_ten_mistakes_by_hand() -> None:
    stakes = diagnose(answered(**ALL_MONEY)).stakes
    money = 1000 * 200 * 0.3
    assert {number: value.likely for number, value in stakes.items()} == pytest.approx(
        {
            1: 10_000 * 0.4,
            2: money * 0.5 * 0.4 * 0.1 * 0.15,
            3: 10_000 * 0.5,
            4: 5_000 * 0.2,
            5: money * 0.02 * 0.5,
            6: money * 0.3 * 0.6 * 0.1,
            7: money * 0.3 * 0.1,
            8: 8_000 * 0.5,
            9: 10_000 * 0.25,
            10: money * 0.3 * 0.5 * 0.1,
        }
    )
    # of retention the end that leaves least to be gained is the high one
    assert stakes[7].low == pytest.approx(money * 0.2 * 0.05)
    assert stakes[7].high == pytest.approx(money * 0.4 * 0.2)


def test_a_mistake_without_its_money_says_what_it_needs() -> None:
    found = diagnose(answered(customers=exactly(10), yearly_spend=exactly(5)))
    assert set(found.stakes) == {2, 5, 6, 7, 10}
    assert found.needs[8] == ("what wishes cost a year",)
    assert "what wishes cost a year" in found.agenda[0].what
    assert set(diagnose(SessionAnswers()).needs) == set(range(1, 11))
    assert diagnose(answered(wishes_spend=exactly(8_000))).stakes[8].likely == 4_000


def test_own_assumptions_take_the_place_of_ours() -> None:
    own = SessionAnswers(answers=ALL_MONEY, assumptions={"idle": exactly(0.9)})
    assert diagnose(own).stakes[3].likely == pytest.approx(9_000)


@given(key=st.sampled_from(sorted(ALL_MONEY)), value=share)
def test_the_money_of_each_mistake_is_in_order(key: str, value: Scenarios) -> None:
    for stake in diagnose(answered(**{**ALL_MONEY, key: value})).stakes.values():
        assert 0 <= stake.low <= stake.likely + 1e-9
        assert stake.likely <= stake.high + 1e-9


def test_a_guarded_mistake_puts_nothing_at_stake() -> None:
    money = {"customers": exactly(10), "yearly_spend": exactly(5)}
    assert 2 in diagnose(answered(**money)).stakes
    assert 2 not in diagnose(answered(**money, passives_asked="yes")).stakes


def test_the_agenda_begins_with_evidence_and_ends_with_the_strategy() -> None:
    found = diagnose(answered(customers=exactly(10), yearly_spend=exactly(5), holdouts="no"))
    assert "what loyalty costs a year" in found.agenda[0].what
    assert "leal audit" in found.agenda[1].why
    assert GUARDS[3] in [step.what for step in found.agenda]
    assert "leal strategy" in found.agenda[-1].what


def test_files_take_the_place_of_opinions() -> None:
    firm = audit(company(500, seed=28, language="en").evidence, margin=0.3)
    found = diagnose(
        answered(customers=exactly(1), yearly_spend=exactly(1), margin=exactly(0.9), holdouts="yes"), firm
    )
    known = [check.number for check in firm.checks if check.verdict != "unknown"]
    assert found.from_files == tuple(known)
    assert found.checks[2] == firm[3]
    assert found.potential is not None
    sources = {one.key: one.source for one in found.potential.assumptions}
    assert sources["customers"] == sources["retention"] == "data"
    assert "margin" not in sources
    assert found.potential.basis == "margin"
    for number in found.from_files:
        money = firm[number].money
        assert (number in found.stakes) == (money is not None and money.known)
        if money is not None and money.known:
            assert found.stakes[number].likely == money.estimate
    assert firm.yearly_money is not None
    assert found.potential.yearly_money.likely == pytest.approx(firm.yearly_money.estimate)
    assert found.day == firm.as_of


def test_an_audit_of_nothing_changes_nothing() -> None:
    answers = answered(holdouts="no", customers=exactly(10), yearly_spend=exactly(5))
    assert diagnose(answers, audit(Evidence())).checks == diagnose(answers).checks


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (1200, (1200, 1200, 1200)),
        ("1200", (1200, 1200, 1200)),
        ("1 200", (1200, 1200, 1200)),
        ("1000-1500", (1000, 1250, 1500)),
        ("1000 – 1500", (1000, 1250, 1500)),
        ("10,5-11", (10.5, 10.75, 11)),
        ([1000, 1500], (1000, 1250, 1500)),
        ([1000, 1100, 1500], (1000, 1100, 1500)),
    ],
)
def test_numbers_and_ranges(given: object, expected: tuple[float, float, float]) -> None:
    value = parse_answer(BY_KEY["customers"], given)
    assert isinstance(value, Scenarios)
    assert dataclasses.astuple(value) == expected


@pytest.mark.parametrize("given", ["unknown", "", "?", "не знаю", " Неизвестно "])
@pytest.mark.parametrize("key", ["customers", "margin", "holdouts"])
def test_everything_may_be_unknown(key: str, given: str) -> None:
    assert parse_answer(BY_KEY[key], given) is None


@pytest.mark.parametrize(
    ("given", "expected"), [("да", "yes"), ("Частично", "partly"), ("n", "no"), (True, "yes")]
)
def test_choices(given: object, expected: str) -> None:
    assert parse_answer(BY_KEY["holdouts"], given) == expected


def test_percent() -> None:
    value = parse_answer(BY_KEY["retention"], "70-80 %")
    assert value == Scenarios(low=0.7, likely=0.75, high=0.8)


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("customers", "many"),
        ("customers", -5),
        ("customers", "1500-1000"),
        ("customers", True),
        ("customers", float("nan")),
        ("customers", [1, 2, 3, 4]),
        ("margin", 0.3),
        ("margin", 130),
        ("holdouts", "maybe"),
        ("holdouts", 3),
    ],
)
def test_a_bad_answer_is_one_clear_error(key: str, given: object) -> None:
    with pytest.raises(BadValue, match=key):
        parse_answer(BY_KEY[key], given)


def test_a_blank_file_is_all_unknown(tmp_path: Path) -> None:
    for language in ("en", "ru"):
        path = tmp_path / f"{language}.toml"
        path.write_text(blank_session(language), encoding="utf-8")  # type: ignore[arg-type]
        read = read_session(path)
        assert set(read.answers) == set(BY_KEY)
        assert set(read.answers.values()) == {None}
        assert diagnose(read).count("unknown") == 10


def test_answers_and_assumptions_from_toml(tmp_path: Path) -> None:
    path = tmp_path / "answers.toml"
    path.write_text(
        'company = "Полюс"\ncurrency = "RUB"\n[answers]\ncustomers = "1000-1500"\nyearly_spend = 8000\n'
        'holdouts = "no"\n[assumptions]\nkept = "2-6"\n',
        encoding="utf-8",
    )
    read = read_session(path)
    assert read.company == "Полюс"
    assert read.assumptions == {"kept": Scenarios(low=0.02, likely=0.04, high=0.06)}
    found = repeat_potential(read)
    assert found is not None
    kept = next(one for one in found.assumptions if one.key == "kept")
    assert (kept.value.likely, kept.source) == (0.04, "answer")
    assert ASSUMED["kept"].likely == 0.1


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("[answers", BadFile, "TOML"),
        ("[answers]\nclients = 3", BadValue, "clients"),
        ("[answers]\nmargin = 0.3", BadValue, "percent"),
        ("answers = 3", BadValue, "answers"),
        ("company = 3", BadValue, "company"),
        ("[assumptions]\nluck = 3", BadValue, "luck"),
        ("[wrong]\n", BadValue, "wrong"),
    ],
)
def test_a_bad_file_is_one_clear_error(tmp_path: Path, text: str, error: type[Exception], words: str) -> None:
    path = tmp_path / "answers.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(error, match=words):
        read_session(path)


def test_a_diagnosis_is_plain_json() -> None:
    import json

    found = diagnose(answered(customers=exactly(10), yearly_spend=exactly(5)), day=dt.date(2026, 7, 1))
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert len(told["checks"]) == 10
    assert told["day"] == "2026-07-01"


def test_the_dearest_exposed_mistakes_come_first_on_the_agenda() -> None:
    found = diagnose(
        answered(
            customers=exactly(1000),
            yearly_spend=exactly(100),
            loyalty_spend=exactly(1),
            noticing="no",
            holdouts="no",
            rhythm="no",
            passives_asked="no",
        )
    )
    whats = [step.what for step in found.agenda]
    assert whats.index(GUARDS[6]) < whats.index(GUARDS[2])
    assert GUARDS[1] not in whats  # hardly anything is at stake in it, and three stand before it


def test_answers_and_files_in_two_currencies_are_an_error_and_nothing_is_converted() -> None:
    counted = dataclasses.replace(audit(Evidence()), currency="USD")
    with pytest.raises(BadValue, match="The answers are in EUR, the files in USD"):
        diagnose(SessionAnswers(currency="EUR"), counted)
    assert diagnose(SessionAnswers(currency="USD"), counted).currency == "USD"
    assert diagnose(SessionAnswers(), counted).currency == "USD"
