from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines import LOCAL

from leal.errors import BadOption, BadValue, MissingColumn
from leal.measure import Movement, compare_waves, movement, nps

PANEL = [[12, 6, 2], [5, 20, 10], [1, 9, 35]]
SCORES = (3, 8, 9)
START = dt.datetime(2026, 1, 1, 10, 0, 1, tzinfo=dt.UTC)


def panel(table: list[list[int]] = PANEL) -> pl.DataFrame:
    rows: list[tuple[int, dt.datetime, int, str]] = []
    for before, row in zip(SCORES, table, strict=True):
        for after, n in zip(SCORES, row, strict=True):
            for _ in range(n):
                customer = len(rows)
                rows.append((customer, START, before, "A"))
                rows.append((customer, START + dt.timedelta(seconds=1), after, "B"))
    return pl.DataFrame(rows, schema=["customer", "answered_at", "recommend", "wave"], orient="row")


def counts(found: Movement) -> list[int]:
    return [move.n for move in found.moves]


def test_the_same_people_twice_of_nps_and_surveys_4_3() -> None:
    found = movement(panel(), "A", "B")
    assert counts(found) == [12, 6, 2, 5, 20, 10, 1, 9, 35]
    assert (found.change.before, found.change.after) == pytest.approx((25, 29))
    assert found.change.standard_error == pytest.approx(6.468, abs=1e-3)
    assert found.change.p_value == pytest.approx(0.536, abs=1e-3)
    assert (found.up, found.down) == (18, 15)
    assert found["passives", "promoters"].net == 1
    assert found["detractors", "passives"].share == pytest.approx(0.3)
    assert sum(found.steady_state) == pytest.approx(1)
    assert str(found).startswith("of 100 asked twice 18 moved up (18\u00a0%), 15 down")


@pytest.mark.parametrize("engine", LOCAL)
def test_first_and_last_answer_in_every_engine(engine: str, give: Callable[[pl.DataFrame, str], Any]) -> None:
    table = panel().sample(fraction=1.0, shuffle=True, seed=3)
    assert counts(movement(give(table, engine))) == [12, 6, 2, 5, 20, 10, 1, 9, 35]


@pytest.mark.parametrize("engine", LOCAL)
def test_money_of_each_move(engine: str, give: Callable[[pl.DataFrame, str], Any]) -> None:
    customers = panel()["customer"].unique(maintain_order=True)
    values = pl.DataFrame({"customer": customers}).with_columns(
        value_before=pl.lit(100.0), value_after=pl.int_range(len(customers)).cast(pl.Float64)
    )
    found = movement(give(panel(), engine), "A", "B", values=give(values, engine))
    mixed = movement(give(panel(), engine), "A", "B", values=values)
    stayed = found["detractors", "detractors"]
    assert stayed.value_before == 1200
    assert stayed.value_after == sum(range(12))
    assert stayed.change is not None
    assert stayed.change.estimate == pytest.approx(5.5 - 100)
    assert found.to_frame()["change_low"].to_list() == pytest.approx(
        mixed.to_frame()["change_low"].to_list(), nan_ok=True
    )


def test_one_customer_of_a_move_has_no_interval_of_money() -> None:
    values = pl.DataFrame({"customer": panel()["customer"].unique()}).with_columns(
        value_before=1.0, value_after=2.0
    )
    found = movement(panel(), "A", "B", values=values)
    assert found["promoters", "detractors"].change is not None
    assert found.to_frame().filter(before="promoters", after="detractors")["change_low"].to_list() == [None]
    assert found.to_dict()["moves"][6]["change"]["ci_low"] is None


def test_only_the_latest_answer_of_a_wave_counts() -> None:
    rows = [
        ("x", 1, 0, "A"),
        ("x", 2, 10, "A"),
        ("x", 3, 0, "B"),
        ("x", 4, 8, "B"),
        ("y", 1, 9, "A"),
        (None, 1, 9, "B"),
    ]
    table = pl.DataFrame(rows, schema=["customer", "answered_at", "recommend", "wave"], orient="row")
    found = movement(table, "A", "B")
    assert found.n == 1
    assert found["promoters", "passives"].n == 1
    assert found.notes[0].code == "few_pairs"


def test_two_answers_of_one_moment_are_no_movement() -> None:
    table = pl.DataFrame({"customer": ["x", "x"], "answered_at": [5, 5], "recommend": [0, 10]})
    found = movement(table)
    assert not found.known
    assert str(found) == "movement unknown: no customer answered twice"
    assert found.to_frame()["n"].sum() == 0
    assert found.notes[0].code == "no_pairs"


def test_overlapping_panels_of_nps_and_surveys_4_3() -> None:
    # n1 = n2 = 200 of the shares of the panel, 100 of them the same people: SE .06269 against .07594
    shared = panel()
    others = [
        panel().filter(wave=wave).with_columns(customer=pl.col("customer") + 10_000 * (place + 1))
        for place, wave in enumerate("AB")
    ]
    table = pl.concat([shared, *others])
    aware = compare_waves(table, "A", "B", customer="customer")
    assert aware.standard_error == pytest.approx(6.269, abs=1e-3)
    assert aware.estimate == pytest.approx(4)
    apart = compare_waves(
        table.with_columns(customer=pl.lit(None, dtype=pl.Int64)), "A", "B", customer="customer"
    )
    assert apart.estimate == pytest.approx(4)
    assert apart.standard_error == pytest.approx(7.594, rel=0.02)
    assert compare_waves(table, "A", "B").standard_error == pytest.approx(apart.standard_error)


def test_the_change_is_the_difference_of_the_two_nps() -> None:
    change = compare_waves(panel(), "A", "B", customer="customer")
    waves = nps(panel(), by="wave")
    assert (change.before, change.after) == pytest.approx((waves["A"].estimate, waves["B"].estimate))


def test_the_table_is_drawn() -> None:
    from leal.charts import to_svg

    assert "<svg" in to_svg(movement(panel(), "A", "B").chart())


def test_a_wave_that_is_not_there_is_said() -> None:
    with pytest.raises(BadOption, match="A, B"):
        movement(panel(), "A", "C")
    with pytest.raises(BadOption):
        movement(panel(), "A")
    with pytest.raises(BadOption):
        compare_waves(panel(), "A", "C")
    with pytest.raises(MissingColumn):
        movement(panel().drop("answered_at", "wave"))
    with pytest.raises(BadValue):
        movement(panel().with_columns(recommend=11))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 5), st.integers(0, 10)), max_size=30), st.randoms()
)
def test_the_order_of_rows_never_matters(rows: list[tuple[int, int, int]], random: Any) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    schema = {"customer": pl.Int64, "answered_at": pl.Int32, "recommend": pl.Int8}
    found = [movement(pl.DataFrame(order, schema=schema, orient="row")) for order in (rows, shuffled)]
    assert counts(found[0]) == counts(found[1])
    twice = {c for c, _, _ in rows if len({t for k, t, _ in rows if k == c}) > 1}
    assert found[0].n == len(twice)
