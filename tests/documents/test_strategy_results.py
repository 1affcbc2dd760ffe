from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.documents.strategy_samples import company_audit, texts_of, untranslated

from leal.act import Action, action_value, fund_actions, word_of_mouth
from leal.documents import Document, Figure, Part, Table, strategy_of
from leal.prove import Ledger
from leal.results import Money
from leal.wording import format_value

ACTIONS = (
    Action(
        name="Welcome call",
        customers=1000,
        exposed=1.0,
        noticed=(0.3, 0.5),
        satisfaction=(1, 3),
        retention_link=0.004,
        margin=120,
        retention=0.8,
        cost=20_000,
        currency="USD",
    ),
    Action(name="New lobby", cost=50_000, currency="USD"),
)


def part(results: Mapping[str, object], number: int) -> tuple[Document, Part]:
    document = strategy_of(company_audit(), results=results)
    return document, next(one for one in document.parts if one.number == number)


def table(found: Part, title: str) -> Table:
    return next(block for block in found.blocks if isinstance(block, Table) and block.title == title)


def figures(found: Part) -> list[str]:
    return [str(block.picture.title) for block in found.blocks if isinstance(block, Figure)]


def test_a_register_stands_in_the_portfolio_with_chance_and_grade() -> None:
    values = action_value(list(ACTIONS))
    document, found = part({"actions": values}, 7)
    rows = table(found, "What each action of the register would bring after its cost").rows
    assert [str(row[0]) for row in rows] == ["Welcome call", "New lobby"]
    assert format_value(rows[0][3], "en") == values["Welcome call"].grade
    assert "unknown: needs" in format_value(rows[1][1], "en")
    assert "share who notice" in format_value(rows[1][1], "en")
    assert "What each action would bring, and how likely it pays" in figures(found)
    assert untranslated(document) == set()


def test_a_budget_says_what_it_funds() -> None:
    values = action_value(list(ACTIONS))
    funding = fund_actions(values, 30_000)
    _, found = part({"funding": funding}, 7)
    assert str(funding.sentence()) in [str(text) for text in texts_of(found)]
    assert "How likely each action belongs to the best choice within the budget" in figures(found)


def test_word_of_mouth_is_a_fan_and_never_one_number() -> None:
    talk = word_of_mouth((0.5, 0.3, 0.2), customers=1000)
    document, found = part({"word_of_mouth": talk}, 7)
    rows = table(found, "What word of mouth brings a year, by whose figures").rows
    assert [str(row[0]) for row in rows] == [
        "the founding document (1.3 to 1.5 bad comments for a good one)",
        "the founding document, read otherwise (1.4 to 2)",
        "research",
    ]
    said = (talk.seed.figures, talk.seed.other_reading, talk.research.figures)
    for row, column in zip(rows, said, strict=True):
        won = column.new_customers
        ends = [won.figure(value) for value in (won.estimate, won.ci_low, won.ci_high)]
        assert all(format_value(end, "en") in format_value(row[1], "en") for end in ends)
    assert any("whose figures" in title for title in figures(found))
    assert "contradict" in str(table(found, "What word of mouth brings a year, by whose figures").remark)
    assert untranslated(document) == set()


def test_columns_that_agree_are_not_said_to_contradict_each_other() -> None:
    """With five detractors for two promoters talk loses customers, whoever is right about its weight."""
    talk = word_of_mouth((0.2, 0.3, 0.5), customers=1000)
    assert all(column.figures.new_customers.ci_high < 0 for column in talk.columns)
    _, found = part({"word_of_mouth": talk}, 7)
    remark = str(table(found, "What word of mouth brings a year, by whose figures").remark)
    assert "contradict" not in remark
    assert "asked of buyers" in remark


def test_the_ledger_says_what_we_were_wrong_about() -> None:
    promise = Money(estimate=90_000, ci_low=80_000, ci_high=100_000, n=0, method="simulation", currency="USD")
    proof = Money(
        estimate=20_000, ci_low=5_000, ci_high=35_000, n=4_000, method="welch", grade="A", currency="USD"
    )
    ledger = Ledger().promise("Call", promise, on="2026-01-15").prove(proof, action="Call", on="2026-06-30")
    document, found = part({"ledger": ledger}, 10)
    row = table(found, "The ledger, line by line").rows[0]
    assert str(row[0]) == "Call"
    assert format_value(row[4], "en") == "proved"
    assert format_value(row[2], "en") == "not asked"
    assert str(ledger.wrong()[0].sentence()) in [str(text) for text in texts_of(found)]
    assert "From what was promised to what is proved" in figures(found)
    assert untranslated(document) == set()


def test_an_empty_ledger_says_so() -> None:
    _, found = part({"ledger": Ledger()}, 10)
    assert any("ledger is empty" in text for text in texts_of(found))


@pytest.mark.parametrize(("number", "title"), [(5, "Three ways"), (6, "Loyal, or only"), (4, "Symptoms or")])
def test_later_sections_of_the_audit_find_their_part(number: int, title: str) -> None:
    _, found = part({}, number)
    assert any(text.startswith(title) for text in texts_of(found))
