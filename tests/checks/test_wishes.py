"""Check 8: wishes that earn nothing."""

from __future__ import annotations

import polars as pl
import pytest

import leal
from leal.checks import Check, audit
from leal.checks.book import Book
from leal.checks.wishes import check_wishes
from leal.evidence import Evidence
from leal.simulate import Company, Truth, company

CUSTOMERS = pl.DataFrame({"customer": [f"c{i}" for i in range(1_000)]})


def check(**tables: pl.DataFrame) -> Check:
    return check_wishes(Book(evidence=leal.Evidence(**tables)))


def wishes(**columns: object) -> pl.DataFrame:
    rows: dict[str, object] = {
        "wish": ["delivery", "gold card"],
        "asked": [300, 3],
        "surveyed": [1_000, 1_000],
        "value": [20.0, 20.0],
        "cost": [1_000.0, 1_000.0],
    }
    return pl.DataFrame(rows | columns)


def test_a_wish_that_loses_money_is_exposed() -> None:
    found = check(customers=CUSTOMERS, wishes=wishes())
    assert found.verdict == "exposed"
    assert found.money is not None
    assert found.money.estimate == pytest.approx(1_000 - 1_000 * 0.003 * 20)
    assert found.money.grade == "D"
    assert "gold card" in found.finding
    assert "delivery" in found.next_step
    assert found.exhibits[0].frame["decision"].to_list() == ["do", "do not"]


def test_wishes_that_pay_are_guarded() -> None:
    found = check(customers=CUSTOMERS, wishes=wishes().head(1))
    assert found.verdict == "guarded"
    assert found.money is None


def test_a_wish_that_cannot_be_decided_is_unknown_with_a_next_step() -> None:
    found = check(customers=CUSTOMERS, wishes=wishes(asked=[3, 3], surveyed=[50, 50]).head(1))
    assert found.verdict == "unknown"
    assert "delivery" in found.next_step
    assert found.exhibits[0].frame["decision"].to_list() == ["not sure"]


def test_what_is_missing_of_one_wish_is_named() -> None:
    found = check(customers=CUSTOMERS, wishes=wishes(cost=[1_000.0, None]))
    assert found.verdict == "guarded"
    assert list(found.missing) == ["wishes: cost of gold card"]


@pytest.mark.parametrize(
    "tables",
    [
        {"customers": CUSTOMERS},
        {"customers": CUSTOMERS, "wishes": wishes().drop("cost", "value")},
        {"customers": CUSTOMERS, "wishes": wishes().clear()},
        {"wishes": wishes()},
    ],
)
def test_too_little_is_unknown_and_names_what_is_missing(tables: dict[str, pl.DataFrame]) -> None:
    found = check(**tables)
    assert found.verdict == "unknown"
    assert found.missing


def test_the_planted_wishes_are_told_apart(simulated: Company, truth: Truth) -> None:
    found = check(**simulated.tables)
    for row in found.exhibits[0].frame.iter_rows(named=True):
        payoff = truth.wishes[row["wish"]].payoff
        assert row["decision"] != ("do not" if payoff > 0 else "do"), row
    assert truth.loud_wish in found.finding


def test_it_speaks_russian_and_draws(simulated: Company) -> None:
    from leal.charts import Style, to_svg

    found = check(**simulated.tables)
    assert "окупаются" in found.finding.into("ru")
    assert "<svg" in to_svg(found.pictures[0].draw(Style(language="ru")))


def test_a_wish_told_in_retention_gets_the_money_of_check_7() -> None:
    firm = company(1500, seed=1, language="en")
    wishes = pl.DataFrame(
        {"wish": ["Faster delivery"], "asked": [60], "surveyed": [200], "cost": [1000.0], "retention": [0.02]}
    )
    answer = audit(Evidence(**(firm.tables | {"wishes": wishes})))[8]
    assert answer.verdict in {"guarded", "exposed"}
    assert any(note.code == "retention_in_money" for note in answer.notes)
    assert any("Faster delivery" in named.name for named in answer.estimates)
