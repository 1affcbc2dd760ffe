"""Which actions to stop."""

from __future__ import annotations

from dataclasses import replace

import pytest

import leal
from leal.act import measured_return, stop_list
from leal.measure import ActionNoticing
from leal.measure.programmes.noticed import Side
from leal.measure.programmes.noticing_table import action_noticing


def seen(name: str, *, noticed: int, a_head: float, cost: float = 5_000, n: int = 500) -> ActionNoticing:
    """So many of 500 exposed noticed it (50 of 500 unexposed say so); they brought so much more a head."""

    def side(yes: int, mean: float) -> Side:
        return Side(
            customers=n,
            asked=n,
            noticed=yes,
            paid=n,
            money_sum=n * mean,
            money_squares=n * (mean**2 + 30**2),
        )

    return action_noticing(name, side(noticed, 100 + a_head), side(50, 100), cost=cost, randomised=True)


def test_each_action_is_decided_by_what_is_sure() -> None:
    found = stop_list(
        [
            seen("pays", noticed=400, a_head=30),
            seen("pays unseen", noticed=60, a_head=30),
            seen("loses", noticed=400, a_head=0),
            seen("unseen", noticed=100, a_head=9),
            seen("open", noticed=400, a_head=9),
        ]
    )
    decisions = {entry.action: entry.decision for entry in found.entries}
    assert decisions == {
        "loses": "stop",
        "unseen": "make_visible",
        "open": "not_sure",
        "pays": "keep",
        "pays unseen": "keep",
    }
    assert found.entries[0].action == "loses"
    assert found.freed == 5_000
    assert "Stop “loses”" in found.sentence()
    assert found.entries[0].reasons[0].into("ru") != str(found.entries[0].reasons[0])


def test_unnoticed_spend_cost_per_noticer_and_return() -> None:
    one = seen("x", noticed=200, a_head=15)
    entry = stop_list([one]).entries[0]
    assert entry.unnoticed is not None
    assert entry.unnoticed.estimate == pytest.approx(5_000 * (1 - 0.3))
    assert entry.per_noticer is not None
    assert entry.per_noticer.estimate == pytest.approx(5_000 / (500 * 0.3))
    assert entry.back is not None
    assert entry.back.estimate == pytest.approx((15 * 500 - 5_000) / 5_000)
    assert entry.back.ci_low < 0.5 < entry.back.ci_high
    assert measured_return(seen("free", noticed=200, a_head=15, cost=0)) is None


def test_revenue_that_covers_a_cost_keeps_nothing() -> None:
    one = seen("pays", noticed=400, a_head=30)
    assert stop_list([one], basis="revenue").entries[0].decision == "not_sure"


def test_a_forecast_that_will_hardly_pay_is_on_the_list() -> None:
    action = leal.Action(
        name="Gifts",
        customers=1_000,
        noticed=(0.1, 0.3),
        satisfaction=(0.0, 1.0),
        retention_link=0.004,
        margin=100,
        retention=0.8,
        cost=40_000,
        currency="EUR",
    )
    values = leal.action_value([action, replace(action, name="Letters", cost=10)])
    found = stop_list(values=values, currency="EUR")
    assert [(entry.action, entry.decision) for entry in found.entries] == [
        ("Gifts", "stop"),
        ("Letters", "keep"),
    ]
    assert found.to_frame()["chance"].to_list()[0] == values["Gifts"].chance
    assert found.freed == 40_000


def test_without_anything_there_is_nothing_to_stop() -> None:
    found = stop_list()
    assert found.entries == ()
    assert found.sentence() == "No action is surely to be stopped."
