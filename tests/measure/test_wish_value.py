from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from leal.errors import BadValue, MissingColumn
from leal.measure.programmes.wish_value import wish_values


def wishes(**columns: object) -> pl.DataFrame:
    rows: dict[str, object] = {
        "wish": ["delivery", "gold card", "kiosk"],
        "asked": [300, 3, 100],
        "surveyed": [1_000, 1_000, 1_000],
        "value": [20.0, 20.0, 10.0],
        "value_low": [10.0, 10.0, 5.0],
        "value_high": [30.0, 30.0, 15.0],
        "cost": [20_000.0, 20_000.0, 9_000.0],
        "feasibility": [0.8, 0.8, 1.0],
    }
    return pl.DataFrame(rows | columns)


def test_a_wish_pays_when_reach_times_value_exceeds_its_cost() -> None:
    found = wish_values(wishes(), 10_000)
    by_name = {wish.name: wish for wish in found.wishes}
    assert by_name["delivery"].net.estimate == pytest.approx(10_000 * 0.3 * 20 * 0.8 - 20_000)
    assert by_name["delivery"].decision == "do"
    assert by_name["gold card"].decision == "do_not"
    assert by_name["kiosk"].decision == "not_sure"
    assert [wish.name for wish in found.wishes] == ["delivery", "kiosk", "gold card"]
    assert found.loss is not None
    assert found.loss.estimate == pytest.approx(-by_name["gold card"].net.estimate)
    assert found.loss.ci_low < found.loss.estimate < found.loss.ci_high
    assert found.gain is not None
    assert found.gain.estimate == pytest.approx(by_name["delivery"].net.estimate)


def test_three_loud_customers_have_an_interval_that_shows_it() -> None:
    loud = wishes(asked=[3, 3, 3], surveyed=[5, 5, 5])
    reach = wish_values(loud, 10_000).wishes[0].reach
    assert reach.method == "wilson"
    assert (reach.ci_low, reach.ci_high) == pytest.approx((0.2307, 0.8824), abs=1e-4)  # Wilson, 3 of 5


def test_what_is_missing_is_named_and_the_rest_is_still_told() -> None:
    found = wish_values(
        wishes(
            value=[20.0, None, 10.0], value_low=[None] * 3, value_high=[None] * 3, cost=[20_000.0, 1.0, None]
        ),
        10_000,
    )
    by_name = {wish.name: wish for wish in found.wishes}
    assert by_name["delivery"].decision == "do"
    assert [note.code for note in by_name["delivery"].notes] == ["assumed_ends"]
    assert by_name["gold card"].missing == ("value",)
    assert by_name["kiosk"].missing == ("cost",)
    assert by_name["kiosk"].decision == "unknown"
    assert not by_name["kiosk"].net.known
    assert found.loss is None


def test_more_asking_than_surveyed_is_no_reach() -> None:
    found = wish_values(wishes(asked=[2_000, 3, 100]), 10_000)
    assert found.wishes[-1].missing == ("surveyed",)
    bare = wish_values(pl.DataFrame({"wish": ["a"], "asked": [4]}), 100).wishes[0]
    assert bare.missing == ("surveyed", "value", "cost")
    assert [note.code for note in bare.notes] == ["assumed_success"]


def test_order_of_rows_changes_nothing_and_the_same_seed_gives_the_same() -> None:
    one, other = wish_values(wishes(), 10_000), wish_values(wishes().reverse(), 10_000)
    assert [wish.net for wish in one.wishes] == [wish.net for wish in other.wishes]


def test_odd_tables_are_answers() -> None:
    assert wish_values(wishes().clear(), 100).wishes == ()
    assert wish_values(wishes(), 0).wishes[0].decision == "unknown"
    twice = wish_values(pl.concat([wishes().head(1)] * 2), 10_000)
    assert len(twice.wishes) == 2
    with pytest.raises(MissingColumn):
        wish_values(wishes().drop("asked"), 100)


def test_ends_in_the_wrong_order_are_put_right() -> None:
    turned = wish_values(wishes(value_low=[30.0, 30.0, 15.0], value_high=[10.0, 10.0, 5.0]), 10_000)
    assert turned.wishes[0].net == wish_values(wishes(), 10_000).wishes[0].net


@pytest.mark.slow
def test_a_true_net_value_lies_in_its_interval() -> None:
    random = np.random.default_rng(1)
    inside = 0
    for _ in range(300):
        asked, value = random.binomial(200, 0.2), random.normal(20, 10 / 1.96)
        table = wishes().head(1).with_columns(asked=pl.lit(asked), surveyed=pl.lit(200))
        net = wish_values(table, 1_000, draws=2_000).wishes[0].net
        inside += net.ci_low <= 1_000 * 0.2 * value * 0.8 - 20_000 <= net.ci_high
    assert 0.92 <= inside / 300 <= 0.98


def test_wishes_say_themselves() -> None:
    found = wish_values(wishes(cost=[20_000.0, 20_000.0, None]), 10_000)
    first, last = str(found).splitlines()[0], str(found).splitlines()[-1]
    assert first.startswith("delivery: pays, 28,000 a year (")
    assert last == "kiosk: unknown, needs cost."
    assert "gold card: не окупается" in found.sentence().into("ru")
    assert found.to_frame().filter(pl.col("wish") == "kiosk")["net"].to_list() == [None]
    assert str(wish_values(wishes().head(0), 10_000)) == "Nobody wishes anything."


def test_a_feasibility_in_per_cent_is_not_taken_for_certain() -> None:
    wish = pl.DataFrame({"wish": ["a"], "asked": [30], "surveyed": [100], "value": [10.0], "cost": [5.0]})
    with pytest.raises(BadValue, match="feasibility"):
        wish_values(wish.with_columns(feasibility=pl.lit(50.0)), 1000)


def test_without_customers_it_says_that_they_are_what_is_needed() -> None:
    wish = pl.DataFrame({"wish": ["a"], "asked": [30], "surveyed": [100], "value": [10.0], "cost": [5.0]})
    assert str(wish_values(wish, 0)) == "a: unknown, needs customers."
