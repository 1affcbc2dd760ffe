from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.checks.companies import day
from tests.documents.sample_audit import sample_audit
from tests.documents.strategy_samples import (
    PARTS_EN,
    company_audit,
    company_strategy,
    nothing_known,
    texts_of,
    untranslated,
)
from tests.measure.test_programme_effects import trial

from leal.checks import MISTAKES, audit, languages_of_customers
from leal.documents import (
    Bullets,
    Callout,
    Document,
    Owners,
    Part,
    Shown,
    Subheading,
    Table,
    html_document,
    read_owners,
    strategy_of,
)
from leal.errors import BadFile, BadOption, BadValue
from leal.evidence import Evidence
from leal.wording import LANGUAGES, Day, RoundAmount, format_value


def part(document: Document, number: int) -> Part:
    return next(one for one in document.parts if one.number == number)


def tables(found: Part) -> list[Table]:
    return [block for block in found.blocks if isinstance(block, Table)]


def mistakes(document: Document) -> Table:
    return next(block for block in document.front if isinstance(block, Table))


def cell(table: Table, row: int, column: int) -> str:
    return format_value(table.rows[row][column], "en")


def test_an_audit_becomes_ten_parts_and_the_ten_mistakes() -> None:
    document = company_strategy()
    assert [str(one.name) for one in document.parts[:10]] == list(PARTS_EN)
    assert [one.number for one in document.parts[:10]] == list(range(1, 11))
    table = mistakes(document)
    assert len(table.rows) == 10
    for row, mistake in enumerate(MISTAKES):
        assert cell(table, row, 0) == f"{mistake.number}. {mistake.name}"
    heads = [str(column.title) for column in table.columns]
    assert {"Verdict", "Guard", "Owner", "Date"} <= set(heads)


def test_what_to_do_first_names_mistake_money_and_day_of_the_table() -> None:
    document = company_strategy()
    steps = next(block for block in document.front if isinstance(block, Bullets))
    assert len(steps.items) == 3
    rows = {cell(mistakes(document), row, 0): row for row in range(10)}
    for step in steps.items:
        row = next(at for name, at in rows.items() if f"mistake {name.split('.')[0]}," in step)
        assert f"puts {cell(mistakes(document), row, 2)} a year at stake" in step
        assert step.endswith(f"by {cell(mistakes(document), row, 6)}.")


def test_first_steps_without_money_name_no_money() -> None:
    steps = next(block for block in strategy_of(nothing_known()).front if isinstance(block, Bullets))
    assert all("at stake" not in step and "Against mistake" in step for step in steps.items)


def test_promises_of_programmes_are_those_of_the_ledger() -> None:
    found = part(company_strategy(), 10)
    [table] = [one for one in tables(found) if one.title == "What each programme cost, promised and changed"]
    kept = {
        row["action"]: row["promised"]
        for exhibit in company_audit()[3].exhibits
        if exhibit.title == "The ledger: promised, noticed, proved"
        for row in exhibit.frame.iter_rows(named=True)
    }
    assert kept
    for row in table.rows:
        written = format_value(RoundAmount(kept[row[0]], company_audit().currency), "en")
        assert format_value(row[2], "en") == written
    assert table.remark is None


def test_verdicts_and_money_are_those_of_the_audit() -> None:
    found, table = company_audit(), mistakes(company_strategy())
    for row, check in enumerate(found.checks):
        assert cell(table, row, 1) == check.verdict
        if check.money is None:
            assert cell(table, row, 2) == "not counted"
        else:
            assert "(" in cell(table, row, 2)
        assert cell(table, row, 3) == (check.grade or "–")


def test_every_sentence_of_a_strategy_has_its_russian() -> None:
    for found in (company_strategy(), strategy_of(nothing_known())):
        assert untranslated(found) == set()


def test_without_evidence_every_part_says_what_it_needs() -> None:
    document = strategy_of(nothing_known())
    assert len(document.parts) == 11
    for number in (1, 3, 4, 5, 6, 7, 10):
        boxes = [
            block
            for block in part(document, number).blocks
            if isinstance(block, Callout) and block.kind == "missing"
        ]
        assert boxes, number
        assert all(str(box.title) == "Unknown: needs evidence" for box in boxes)
    assert "not known yet" in str(part(document, 1).finding)
    assert {cell(mistakes(document), row, 1) for row in range(10)} == {"unknown"}


def test_where_nobody_bought_again_no_more_years_of_purchases_are_asked_for() -> None:
    bought = pl.DataFrame(
        {
            "customer": [f"c{at}" for at in range(900)],
            "bought_at": [day(at) for at in range(900)],
            "amount": 5.0,
        }
    )
    document = strategy_of(audit(Evidence(purchases=bought)))
    for number in (1, 5):
        assert "it needs customers who bought on two days or more" in str(part(document, number).finding)


def test_no_figure_is_invented_without_evidence() -> None:
    document = strategy_of(nothing_known())
    goal = part(document, 1)
    assert not any(table.title == "Retention in a year, as a range" for table in tables(goal))


def test_the_target_is_a_range_and_names_its_assumptions() -> None:
    goal = part(company_strategy(), 1)
    target = next(table for table in tables(goal) if table.title == "Retention in a year, as a range")
    kept = next(
        named.value
        for named in company_audit()[7].estimates
        if named.name.message == "Retention in a year, which values rest on"
    )
    assert len(target.rows) == 3
    reached = [format_value(row[2], "en") for row in target.rows]
    expected = [100 * (kept.estimate + share * (1 - kept.estimate)) for share in (0.05, 0.1, 0.2)]
    assert [float(words.removesuffix("\u00a0%")) for words in reached] == [
        pytest.approx(value, abs=0.051) for value in expected
    ]
    assert target.remark is not None
    assert "assumptions (grade D)" in target.remark


def test_worth_of_the_target_is_points_times_the_value_of_a_point() -> None:
    from leal.documents.strategy_charter import KEPT, _retention, _worth
    from leal.documents.strategy_material import Material

    found = _retention(Material(audit=company_audit(), owners=Owners(), start=None))
    assert found is not None
    kept, point = found
    worth = _worth(point, KEPT[0] * (1 - kept.estimate)).value
    assert worth.estimate == pytest.approx(100 * KEPT[0] * (1 - kept.estimate) * point.estimate)
    assert worth.ci_low < worth.estimate < worth.ci_high


def test_sample_sizes_follow_the_variance_of_the_answers() -> None:
    from leal.statistics import nps_change_sample_size

    score = company_audit().headline
    assert score is not None
    plan = part(company_strategy(), 2)
    sizes = next(table for table in tables(plan) if str(table.title).startswith("Answers that each"))
    needed = nps_change_sample_size(0.05, score.variance)
    assert format_value(sizes.rows[1][1], "en") == f"{needed:,}"


def test_owners_and_dates_are_fields_until_they_are_given() -> None:
    blank = mistakes(company_strategy())
    assert set(cell(blank, 0, 5)) == {"_"}
    owners = Owners(
        company="Northern Lights",
        people={"finance": "Anna"},
        mistakes={3: "Boris"},
        dates={3: dt.date(2026, 9, 1)},
    )
    document = strategy_of(company_audit(), owners=owners)
    table = mistakes(document)
    assert "Northern Lights" in document.title
    assert cell(table, 0, 5) == "Anna"
    assert cell(table, 2, 5) == "Boris"
    assert cell(table, 2, 6) == "1 September 2026"


def test_the_calendar_counts_from_the_last_day_of_the_data() -> None:
    calendar = part(company_strategy(), 9)
    year = next(table for table in tables(calendar) if table.title == "The year")
    start = company_audit().as_of
    assert start == dt.date(2026, 6, 30)
    assert len(year.rows) == 12
    assert year.rows[0][1] == Day(dt.date(2026, 7, 7))
    days = [row[1].value for row in year.rows if isinstance(row[1], Day)]
    assert all(day.weekday() == 1 and day.day <= 7 for day in days)
    assert "6 July 2026" in calendar.finding


def test_the_calendar_may_begin_on_another_day() -> None:
    document = strategy_of(company_audit(), start=dt.date(2027, 1, 11))
    assert document.day == dt.date(2027, 1, 11)
    assert "18 January 2027" in part(document, 9).finding


def test_every_action_has_a_test_and_a_day_of_decision() -> None:
    exposed = [check for check in company_audit().ranked if check.verdict == "exposed"]
    actions = tables(part(company_strategy(), 7))[0]
    assert [str(row[0]) for row in actions.rows] == [str(check.next_step) for check in exposed]
    assert all(str(row[3]) for row in actions.rows)
    assert all("2026" in format_value(row[4], "en") for row in actions.rows)


def test_what_does_not_surely_pay_stands_on_the_stop_list() -> None:
    stops = next(
        table
        for table in tables(part(company_strategy(), 7))
        if table.title == "What gets no more money until it is proved"
    )
    frame = company_audit()[3].exhibits[0].frame
    unproved = set(frame.filter(~(frame["money_low"] > frame["cost_a_head"]).fill_null(False))["action"])
    assert unproved <= {str(row[0]) for row in stops.rows}


def test_a_programme_that_is_only_drawn_is_neither_stopped_nor_said_to_lack_a_holdout() -> None:
    actions, bought = trial(15.0, cost=3.0)
    drawn = actions.with_columns(action=pl.lit("next"), started_at=pl.lit(day(451)))
    bare = actions.filter(pl.col("arm") == "treated").with_columns(action=pl.lit("gift"))
    document = strategy_of(audit(Evidence(actions=pl.concat([actions, drawn, bare]), purchases=bought)))
    stops = [one for one in tables(part(document, 7)) if str(one.title).startswith("What gets no more money")]
    assert [str(row[0]) for one in stops for row in one.rows] == ["gift"]
    [ledger] = [one for one in tables(part(document, 10)) if str(one.title).startswith("What each programme")]
    told = {str(row[0]): [str(cell) for cell in row[4:]] for row in ledger.rows}
    assert told["next"] == ["too early to tell", "not measured yet", "–"]
    assert told["gift"] == ["unknown: needs a holdout", "not proved", "–"]
    assert told["offer"][1:] == ["proved", "A"]
    assert part(document, 10).finding == "1 of 2 programmes surely earned more than they cost."


def test_priorities_name_the_question_whether_or_not_it_has_words_of_its_own() -> None:
    random = np.random.default_rng(3)
    scores = random.integers(1, 11, (200, 2))
    answers = pl.DataFrame(
        {
            "answer": range(200),
            "satisfaction": scores.mean(axis=1).round(),
            "delivery": scores[:, 0],
            "range": scores[:, 1],
        }
    )
    shown = [
        block.exhibit
        for block in part(strategy_of(audit(Evidence(answers=answers))), 4).blocks
        if isinstance(block, Shown) and block.exhibit.title == "Priorities: importance and performance"
    ]
    assert str(shown[0].headings[0].title) == "Item"
    assert set(shown[0].frame[shown[0].headings[0].name]) == {"delivery", "range"}


def test_what_surely_loses_money_is_stopped() -> None:
    from leal.documents.strategy_portfolio import _decided

    row = {"cost_a_head": 5.0, "money": 1.0, "money_low": -1.0, "money_high": 4.0}
    assert _decided(row) == ("it surely earns less than it costs", "stop")
    assert _decided(row | {"money_high": 9.0}) == (
        "its effect cannot be told from noise",
        "keep the holdout, widen nothing",
    )
    assert _decided(row | {"money_low": 6.0, "money_high": 9.0}) is None
    assert _decided(row | {"money": None, "held_out": 0})[1] == "hold some out"  # type: ignore[index]
    few = ("only 4 customers were held out: too few to compare", "hold more out")
    assert _decided(row | {"money": None, "held_out": 4}) == few


def test_reviews_are_asked_of_everybody() -> None:
    words = " ".join(str(text) for text in texts_of(part(company_strategy(), 8)))
    assert "Ask EVERYBODY" in words
    assert "24 to 48 hours" in words
    assert "What would make it a 9?" in words


def test_customers_are_not_named() -> None:
    found = company_audit()[6].exhibits[1]
    listed = set(found.frame["customer"].cast(str).to_list())
    document = company_strategy()
    shown = {
        str(value)
        for one in document.parts
        for block in one.blocks
        if hasattr(block, "exhibit")
        for heading in block.exhibit.headings
        for value in block.exhibit.frame[heading.name].to_list()
    }
    assert listed
    assert not listed & shown


def test_a_further_result_finds_its_part(monkeypatch: pytest.MonkeyPatch) -> None:
    from leal.documents import strategy_results
    from leal.results import Money
    from leal.wording import Text

    value = Money(estimate=5.0, ci_low=4.0, ci_high=6.0, n=10, method="delta", currency="EUR")
    places = {"worth": (5, Text("Value"), strategy_results.plain)}
    monkeypatch.setattr(strategy_results, "PLACES", places)
    document = strategy_of(company_audit(), results={"worth": value})
    said = [str(text) for text in texts_of(part(document, 5))]
    assert str(value.sentence()) in said


def test_an_audit_made_by_hand_is_a_strategy_too() -> None:
    document = strategy_of(sample_audit())
    assert len(document.parts) == 11


def test_owners_are_read_from_toml(tmp_path: Path) -> None:
    path = tmp_path / "owners.toml"
    path.write_text(
        'company = "Полюс"\n[roles]\nfinance = "Анна"\n[mistakes.3]\nowner = "Борис"\ndate = 2026-09-01\n',
        encoding="utf-8",
    )
    owners = read_owners(path)
    assert owners.company == "Полюс"
    assert owners.of_mistake(1) == "Анна"
    assert owners.of_mistake(3) == "Борис"
    assert owners.dates == {3: dt.date(2026, 9, 1)}
    assert owners.named(["7=Ольга"]).of_mistake(7) == "Ольга"


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("company = ", BadFile, "TOML"),
        ("boss = 'x'", BadValue, "boss"),
        ("[roles]\nking = 'x'", BadValue, "king"),
        ("[mistakes.11]\nowner = 'x'", BadValue, "11"),
        ("[mistakes.3]\ndate = 'soon'", BadValue, "mistakes.3.date"),
        ("company = 3", BadValue, "company"),
        ("roles = 'x'", BadValue, "roles"),
    ],
)
def test_a_bad_file_of_owners_is_one_clear_error(
    tmp_path: Path, text: str, error: type[Exception], words: str
) -> None:
    path = tmp_path / "owners.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(error, match=words):
        read_owners(path)


def test_a_file_of_owners_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="does not exist"):
        read_owners(tmp_path / "none.toml")


@pytest.mark.parametrize("pair", ["Anna", "king=Anna", "3=", "11=Anna"])
def test_an_owner_of_nothing_is_refused(pair: str) -> None:
    with pytest.raises(BadOption):
        Owners().named([pair])


def headings(found: Part) -> list[str]:
    return [str(block.text) for block in found.blocks if isinstance(block, Subheading)]


def test_what_the_evidence_suffices_for_is_told_without_asking() -> None:
    told = set(headings(part(company_strategy(), 5))) | set(headings(part(company_strategy(), 7)))
    assert {
        "Lifetime value",
        "Does the model follow what happened?",
        "What changed the value of all customers",
        "Which number predicts your money?",
        "What word of mouth brings",
    } <= told
    assert "Loyal, or only seeming so" in headings(part(company_strategy(), 6))


def test_a_result_that_is_given_takes_the_place_of_the_reckoned_one() -> None:
    from leal.act import word_of_mouth

    ours = word_of_mouth((0.5, 0.3, 0.2), customers=10_000, comments=4)
    document = strategy_of(company_audit(), results={"word_of_mouth": ours})
    table = next(one for one in tables(part(document, 7)) if "word of mouth" in str(one.title))
    assert cell(table, 0, 1).startswith(format_value(ours.seed.figures.new_customers.figure(-6545), "en"))


def messages(document: Document) -> list[Callout]:
    return [one for one in part(document, 8).blocks if isinstance(one, Callout) and one.kind == "text"]


def test_words_to_send_speak_the_language_of_the_customers() -> None:
    unknown = messages(strategy_of(nothing_known()))
    assert len(unknown) == 10  # five groups, both languages where nobody knows which
    russian = messages(strategy_of(nothing_known(), languages=("ru",)))
    assert len(russian) == 5
    for language in LANGUAGES:  # whatever the language of the document
        assert russian[0].items[0].into(language).startswith("Здравствуйте, [имя]")
        assert unknown[0].items[0].into(language).startswith("Good day, [name]")
        assert "[имя]" in html_document(strategy_of(nothing_known()), language)


def test_languages_are_those_that_answers_are_given_in() -> None:
    def told(*languages: str | None) -> tuple[str, ...]:
        answers = pl.DataFrame({"recommend": [9.0] * len(languages), "language": languages})
        return languages_of_customers(audit(Evidence(answers=answers)))

    assert told(*["ru-RU"] * 30, *["EN"] * 10) == ("ru", "en")
    assert told(*["en"] * 30, "ru") == ("en",)
    assert told(*["de"] * 30) == ()
    assert told(None, None) == ()
    assert languages_of_customers(nothing_known()) == ()


def test_without_a_column_of_languages_the_letters_of_comments_tell() -> None:
    def told(*comments: str | None) -> tuple[str, ...]:
        answers = pl.DataFrame({"recommend": [9.0] * len(comments), "comment": comments})
        return languages_of_customers(audit(Evidence(answers=answers)))

    assert told(*["Долго едет мастер"] * 30, *[None] * 50) == ("ru",)
    assert told(*["The parcel came late"] * 30, "!!!", "10") == ("en",)
    assert told(*["The parcel came late"] * 30, *["Всё хорошо"] * 10) == ("en", "ru")
    assert told(*["Всё хорошо"] * 5) == ()


def test_a_programme_stands_on_the_stop_list_once_with_all_its_reasons() -> None:
    from leal.documents.strategy_portfolio import _one_a_name
    from leal.wording import Text

    tried = (("Points", Text("its effect cannot be told from noise"), "10", Text("hold some out"), "A"),)
    unnoticed = (
        ("Points", Text("noticed by few"), "4", Text("make it visible or stop it"), "A"),
        ("Wrap", Text("noticed by nobody"), "7", Text("stop"), "A"),
    )
    rows = _one_a_name(tried, unnoticed)
    assert [str(row[0]) for row in rows] == ["Points", "Wrap"]
    assert str(rows[0][1]) == "its effect cannot be told from noise; noticed by few"
    assert (str(rows[0][2]), str(rows[0][3])) == ("10", "make it visible or stop it")
