"""What a movement is worth: within customers, never the gap between groups."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from leal.measure import answer_pairs, money_by_group, movement_value, scored_answers, value_of_moving
from leal.results import Money

START = dt.date(2024, 1, 1)


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def panel(
    moved: int, stayed: int, gap: float = 40.0, within: float = 15.0, noise: float = 0.0
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Passives of whom some move and then earn `within` more; promoters all along earn `gap` more a year."""
    random = np.random.default_rng(3)
    answers, purchases = [], []
    kinds = [("m", 8, 9, moved), ("s", 7, 8, stayed), ("p", 10, 10, 50)]
    for kind, before, after, n in kinds:
        for i in range(n):
            who = f"{kind}{i}"
            answers += [(who, day(400), before), (who, day(500), after)]
            level = 100.0 + (gap if kind == "p" else 0.0)
            gain = within if kind == "m" else 0.0
            for month in range(30):
                at = 5 + 30 * month
                yearly = level + (gain if at > 500 else 0.0) + noise * random.standard_normal()
                purchases.append((who, day(at), yearly * 30 / 365))
    return (
        pl.DataFrame(answers, schema=["customer", "answered_at", "recommend"], orient="row"),
        pl.DataFrame(purchases, schema=["customer", "bought_at", "amount"], orient="row"),
    )


def test_a_gap_of_40_is_not_the_15_that_moving_brings() -> None:
    """Source: ten-methods.md, method 2: 300 passives, 20 % moved, gap 40 or within-customer 15 a head."""
    gap, within = (
        Money(estimate=value, ci_low=value, ci_high=value, n=300, method="given") for value in (40.0, 15.0)
    )
    assert value_of_moving(300, 0.2, gap).estimate == pytest.approx(2400)
    assert value_of_moving(300, 0.2, within).estimate == pytest.approx(900)


def test_the_change_of_those_who_moved_is_found_and_not_the_gap() -> None:
    answers, purchases = panel(moved=40, stayed=60)
    found = movement_value(answers, purchases, currency="EUR")[0]
    assert (found.origin, found.target, found.moved, found.stayed) == ("passive", "promoter", 40, 60)
    assert found.window == 365
    assert found.change.grade == "B"
    assert found.change.estimate == pytest.approx(15.0, abs=1.5)
    assert str(found).startswith("From passive to promoter: EUR")
    assert "beside those who stayed" in str(found)
    assert found.sentence().into("ru").startswith("Из нейтралов в промоутеры: ")
    gap = money_by_group(answers, purchases).cross_section_gap.estimate
    assert gap > 20


def test_the_interval_of_a_noisy_change_holds_the_truth() -> None:
    answers, purchases = panel(moved=40, stayed=60, noise=60.0)
    change = movement_value(answers, purchases)[0].change
    assert change.ci_low < 15.0 < change.ci_high
    assert change.ci_high - change.ci_low > 5


def test_a_general_rise_is_not_credited_to_the_movement() -> None:
    answers, purchases = panel(moved=40, stayed=60, within=0.0)
    raised = purchases.with_columns(
        amount=pl.when(pl.col("bought_at") > day(500)).then(pl.col("amount") * 2).otherwise("amount")
    )
    change = movement_value(answers, raised)[0].change
    assert change.estimate == pytest.approx(0.0, abs=1e-6)


def test_too_few_who_moved_is_an_answer() -> None:
    answers, purchases = panel(moved=3, stayed=60)
    change = movement_value(answers, purchases)[0].change
    assert not change.known
    assert change.notes[0].code == "few_pairs"
    assert "found 3 and 60" in change.notes[0].text


@pytest.mark.filterwarnings("error")
def test_no_purchases_at_all_are_an_answer_without_a_warning() -> None:
    answers, purchases = panel(moved=3, stayed=60)
    assert not any(one.change.known for one in movement_value(answers, purchases.clear()))


def test_a_short_history_takes_a_shorter_window() -> None:
    answers, purchases = panel(moved=40, stayed=60)
    late = purchases.filter(pl.col("bought_at") > day(300))
    assert movement_value(answers, late)[0].window == 91


def test_pairs_are_successive_answers_of_one_customer() -> None:
    answers = pl.DataFrame(
        {
            "customer": ["a", "b", "a", "a", "a", None],
            "answered_at": [day(9), day(1), day(2), day(5), day(5), day(3)],
            "recommend": [10, 3, 2, 7, 8, 9],
        }
    )
    pairs = answer_pairs(scored_answers(answers))
    assert pairs["origin"].to_list() == ["detractor", "passive"]
    assert pairs["target"].to_list() == ["passive", "promoter"]
    assert set(pairs["customer"]) == {"a"}
