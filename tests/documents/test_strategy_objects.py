"""Results given to a strategy as objects: each real class in its part, with figures, charts and tables."""

from __future__ import annotations

from functools import cache

import polars as pl
import pytest
from tests.documents.strategy_samples import texts_of, untranslated
from tests.documents.test_strategy_results import ACTIONS, figures, part, table

import leal
from leal.act import action_value, stop_list
from leal.documents import Bullets, Paragraph, Part, Shown
from leal.evidence import Evidence
from leal.predict import LoyaltyGrid, WhichNumber, loyalty_grid
from leal.prove import Ledger
from leal.results import Estimate, Money, Proportion
from leal.simulate import company
from leal.wording import format_value


@cache
def evidence() -> Evidence:
    return company(700, seed=28, language="en").evidence


@cache
def number() -> WhichNumber:
    return leal.which_number(evidence().table("answers"), evidence().table("purchases"))


@cache
def grid() -> LoyaltyGrid:
    people = [
        {"score": score, "purchases": count, "yearly_money": 10.0 * count + score}
        for score in range(3, 11)
        for count in range(1, 9)
    ]
    return loyalty_grid(pl.DataFrame(people), currency="EUR")


def shown(found: Part, title: str) -> Shown:
    return next(
        block
        for block in found.blocks
        if isinstance(block, Shown) and block.exhibit.title.message == title
    )  # fmt: skip


def said(found: Part) -> list[str]:
    return [str(text) for text in texts_of(found)]


def test_lifetime_value_is_told_in_figures_with_who_holds_it_and_no_names() -> None:
    value = leal.lifetime_value(evidence().table("purchases"), margin=0.3)
    document, found = part({"lifetime_value": value}, 5)
    assert str(value.sentence()) in said(found)
    rows = table(found, f"What customers will bring, by the model {value.model}").rows
    assert len(rows) == 7
    assert all("(" in format_value(row[1], "en") for row in rows if row[0] != "The customer in the middle")
    assert "How few customers hold most of the value" in figures(found)
    assert untranslated(document) == set()
    customers = set(value.customers["customer"].cast(pl.String))
    cells = {format_value(cell, "en") for row in rows for cell in row}
    assert not customers & cells


def test_lifetime_value_of_too_little_says_why() -> None:
    few = pl.DataFrame(
        {"customer": ["a", "b"], "bought_at": ["2026-01-01", "2026-02-01"], "amount": [1.0, 2]}
    )
    value = leal.lifetime_value(few.with_columns(pl.col("bought_at").str.to_date()))
    document, found = part({"lifetime_value": value}, 5)
    assert not value.known
    assert str(value.sentence()) in said(found)
    assert untranslated(document) == set()


def test_the_bridge_is_drawn_and_tabled() -> None:
    bridge = leal.equity_bridge(evidence().table("purchases"), margin=0.3)
    document, found = part({"equity_bridge": bridge}, 5)
    title = "What made the value of all customers change within a year"
    assert shown(found, title).exhibit.frame.equals(bridge.to_frame().drop("kind"))
    assert shown(found, title).currency == bridge.change.currency
    assert figures(found).count(title) == 1, "what is given stands for that of the audit"
    assert str(bridge.sentence()) in said(found)
    assert untranslated(document) == set()


def test_which_number_gives_a_verdict_for_every_outcome() -> None:
    found_number = number()
    assert found_number.known
    document, found = part({"which_number": found_number}, 5)
    assert {str(one.verdict) for one in found_number} <= set(said(found))
    assert "Which number foretells what customers will spend" in figures(found)
    assert "Share who bought again, by the score they had given" in figures(found)
    assert untranslated(document) == set()


def test_the_model_is_tracked() -> None:
    tracked = leal.tracking(evidence().table("purchases"))
    document, found = part({"tracking": tracked}, 5)
    assert str(tracked.sentence()) in said(found)
    assert "Repeat purchases, expected beside actual" in figures(found)
    assert untranslated(document) == set()


def test_what_is_given_is_not_told_twice() -> None:
    _, plain = part({}, 5)
    bare = figures(plain).count("Which number foretells what customers will spend")
    _, found = part({"which_number": number(), "tracking": leal.tracking(evidence().table("purchases"))}, 5)
    assert figures(found).count("Which number foretells what customers will spend") == 1 >= bare
    remarks = [item for block in found.blocks if isinstance(block, Bullets) for item in block.items]
    assert len(remarks) == len(set(remarks))


def test_the_grid_of_loyalty_stands_among_the_risks() -> None:
    document, found = part({"loyalty_grid": grid()}, 6)
    assert str(grid().sentence()) in said(found)
    table = shown(found, "Attitude and behaviour together")
    assert table.exhibit.frame.height == 4
    assert table.currency == "EUR"
    assert untranslated(document) == set()


def test_the_stop_list_decides_and_says_why() -> None:
    stops = stop_list(values=action_value(list(ACTIONS)), currency="USD")
    document, found = part({"stop_list": stops}, 7)
    rows = table(found, "What to stop, what to make visible, what to keep").rows
    assert [str(row[0]) for row in rows] == [entry.action for entry in stops.entries]
    assert [str(row[1]) for row in rows] == ["stop", "not sure"]
    assert [str(row[2]) for row in rows] == [str(entry.reasons[0]) for entry in stops.entries]
    assert untranslated(document) == set()


def ledger() -> Ledger:
    def money(estimate: float, reach: float, grade: str = "D") -> Money:
        return Money(
            estimate=estimate, ci_low=estimate - reach, ci_high=estimate + reach, n=900, method="welch",
            grade=grade, currency="USD", period="period",
        )  # fmt: skip

    noticed = Proportion(estimate=0.4, ci_low=0.3, ci_high=0.5, n=800, method="newcombe")
    prior = Estimate(estimate=0.004, ci_low=0.0, ci_high=0.008, n=0, method="stated")
    learnt = Estimate(estimate=0.002, ci_low=0.001, ci_high=0.003, n=900, method="delta")
    return (
        Ledger()
        .promise("Call", money(90_000, 10_000), on="2026-01-15")
        .notice("Call", noticed, on="2026-04-01")
        .prove(money(20_000, 15_000, "A"), action="Call", on="2026-06-30", cost=8_000)
        .promise("Letter", money(10_000, 5_000), on="2026-05-02")
        .assume("retention_per_point", prior)
        .learn("retention_per_point", learnt, action="Call")
        .assume("our_own_link", prior)
    )


def test_a_ledger_is_told_by_quarter_and_by_what_it_taught() -> None:
    document, found = part({"ledger": ledger()}, 10)
    quarters = shown(found, "Promised, measured and proved by quarter").exhibit.frame
    assert quarters["quarter"].to_list() == ["2026-Q1", "2026-Q2"]
    assert quarters["proved"].to_list() == [None, 20_000.0]
    links = table(found, "What outcomes taught: links for the next forecast").rows
    assert [format_value(row[0], "en") for row in links] == [
        "retention for a point of satisfaction",
        "our_own_link",
    ]
    assert [format_value(row[2], "en") for row in links] == ["1", "0"]
    assert format_value(links[1][1], "en") == "0.0040 (0.0000 to 0.0080)"
    assert untranslated(document) == set()


def test_a_ledger_corrects_what_is_to_be_expected_again() -> None:
    _, found = part({"ledger": ledger()}, 10)
    lines = {str(row[0]): row for row in table(found, "The ledger, line by line").rows}
    again = ledger().next_forecast("Call")
    assert 20_000 < again.estimate < 90_000
    assert f"{again.estimate:,.0f}"[:2] in format_value(lines["Call"][5], "en")
    assert format_value(lines["Letter"][4], "en") == "not measured yet"
    assert any(text.startswith("For each unit of money promised") for text in said(found))


def test_a_ledger_of_links_alone_has_no_lines() -> None:
    prior = Estimate(estimate=0.4, ci_low=0.2, ci_high=0.6, n=0, method="stated")
    _, found = part({"ledger": Ledger().assume("noticed", prior)}, 10)
    assert table(found, "What outcomes taught: links for the next forecast").rows
    with pytest.raises(StopIteration):
        table(found, "The ledger, line by line")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_all_results_together_are_drawn(language: str) -> None:
    from leal.documents import html_document

    results = {
        "lifetime_value": leal.lifetime_value(evidence().table("purchases")),
        "equity_bridge": leal.equity_bridge(evidence().table("purchases")),
        "tracking": leal.tracking(evidence().table("purchases")),
        "which_number": number(),
        "loyalty_grid": grid(),
        "ledger": ledger(),
    }
    document, found = part(results, 5)
    page = html_document(document, language)
    assert page.count("<svg") > 20
    assert any(isinstance(block, Paragraph) for block in found.blocks)
    assert "nan" not in page.lower().replace("finance", "")
