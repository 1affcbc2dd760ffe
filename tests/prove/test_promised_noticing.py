"""What a promise of noticing does to the ledger of an audit."""

from __future__ import annotations

import polars as pl
import pytest

from leal.measure import Side
from leal.measure.programmes.noticing_table import action_noticing
from leal.prove import Ledger, programme_ledger


def actions(**columns: object) -> pl.DataFrame:
    base = pl.DataFrame({"action": ["calls", "calls"], "customer": ["a", "b"]})
    return base.with_columns(
        promised=pl.lit(1000.0), **{name: pl.lit(value) for name, value in columns.items()}
    )


def ledger_of(table: pl.DataFrame) -> Ledger:
    """Of 200 exposed 100 noticed, of 200 others 20 say so: 40 points noticed because of the action."""
    found = action_noticing(
        "calls",
        Side(customers=200, asked=200, noticed=100),
        Side(customers=200, asked=200, noticed=20),
        cost=None,
    )
    return programme_ledger(table, (), noticed=(found,))


def test_what_is_left_of_a_promise_is_measured_by_how_many_were_to_notice() -> None:
    """By hand: 1,000 x .40/.50 = 800; without the column everybody was to notice, 1,000 x .40 = 400."""
    line = ledger_of(actions(promised_noticed=0.5))["calls"]
    assert line.expected == 0.5
    assert line.noticed_money is not None
    assert line.noticed_money.estimate == pytest.approx(800)
    plain = ledger_of(actions())["calls"]
    assert plain.noticed_money is not None
    assert plain.noticed_money.estimate == pytest.approx(400)


def test_more_noticing_than_promised_adds_nothing() -> None:
    line = ledger_of(actions(promised_noticed=0.2))["calls"]
    assert line.noticed_money is not None
    assert line.noticed_money.estimate == pytest.approx(1000)


def test_an_action_that_works_unnoticed_keeps_its_promise_whole() -> None:
    ledger = ledger_of(actions(promised_noticed=0.0))
    assert ledger["calls"].noticed is None
    assert ledger.noticed is not None
    assert ledger.noticed.estimate == pytest.approx(1000)
