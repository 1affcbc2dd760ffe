"""The three ways to loyalty: the mix of a group, the parts of the bond, and what customers do."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import polars as pl
import pytest
from tests.engines import LOCAL

from leal.charts import Style, to_svg
from leal.documents import write_questionnaire
from leal.errors import BadValue, MissingColumn
from leal.measure import LOYALTY_ITEMS, WAYS, leading_ways, loyalty_questions, loyalty_ways, ways_behaviour
from leal.simulate import company, truth_of

ITEMS = [item for items in LOYALTY_ITEMS.values() for item in items]


def answers(unique: float, economic: float, emotional: float, n: int = 40, **more: Any) -> pl.DataFrame:
    levels = [unique] * 3 + [economic] * 3 + [emotional] * 3
    return pl.DataFrame({item: [level] * n for item, level in zip(ITEMS, levels, strict=True)} | more)


def test_the_mix_adds_up_to_one_and_follows_the_answers() -> None:
    mix = loyalty_ways(answers(4, 4, 10)).overall
    assert [mix.shares[way].estimate for way in WAYS] == pytest.approx([0.2, 0.2, 0.6])
    assert [mix.leading[way].estimate for way in WAYS] == [0, 0, 1]
    assert [mix.levels[way].estimate for way in WAYS] == pytest.approx([100 / 3, 100 / 3, 100])
    assert "emotional bond" in mix.sentence()
    assert "эмоциональн" in mix.sentence().into("ru")


@pytest.mark.parametrize("style", [Style(), Style(language="ru", theme="dark", width=340)])
def test_the_mix_draws_itself(style: Style) -> None:
    drawn = to_svg(loyalty_ways(answers(4, 4, 10)).chart(style))
    assert ("эмоциональная связь" if style.language == "ru" else "emotional bond") in drawn
    assert "60" in drawn
    few = loyalty_ways(answers(4, 4, 10, n=3))
    assert to_svg(few.chart(style)).startswith("<svg")


def test_a_group_with_more_of_all_three_has_the_same_mix() -> None:
    frame = pl.concat(
        [answers(3, 3, 5).with_columns(g=pl.lit("low")), answers(5, 5, 9).with_columns(g=pl.lit("high"))]
    )
    low, high = (next(mix for mix in loyalty_ways(frame, by="g") if mix.group == g) for g in ("low", "high"))
    for way in WAYS:
        assert low.shares[way].estimate == pytest.approx(high.shares[way].estimate)
        assert low.levels[way].estimate < high.levels[way].estimate


def test_weights_shift_the_mix_and_few_answers_are_an_answer() -> None:
    frame = pl.concat(
        [
            answers(10, 1, 1).with_columns(w=pl.lit(3.0)),
            answers(1, 10, 1).with_columns(w=pl.lit(1.0)),
        ]
    )
    mix = loyalty_ways(frame, weight="w").overall
    assert mix.shares["uniqueness"].estimate == pytest.approx(0.75)
    assert mix.n == pytest.approx(160**2 / (40 * 9 + 40))
    few = loyalty_ways(answers(4, 4, 4, n=5))
    assert not few.overall.known
    assert "needs 30" in few.sentence()
    assert few.to_frame().is_empty()


def test_incomplete_answers_are_counted_and_wrong_ones_named() -> None:
    frame = answers(4, 5, 6).with_columns(
        unique2=pl.when(pl.int_range(40) < 3).then(None).otherwise(pl.col("unique2"))
    )
    found = loyalty_ways(frame)
    assert found.overall.n == 37
    assert found.notes[0].code == "incomplete_block"
    with pytest.raises(BadValue, match="economic1"):
        loyalty_ways(answers(4, 11, 4))
    with pytest.raises(MissingColumn):
        loyalty_ways(answers(4, 4, 4).drop("unique1"))


def test_employees_with_few_answers_stay_hidden() -> None:
    frame = answers(4, 4, 7).with_columns(
        employee=pl.when(pl.int_range(40) < 4).then(pl.lit("Few")).otherwise(pl.lit("Anna"))
    )
    assert [one.employee for one in loyalty_ways(frame).employees] == ["Anna"]


@pytest.mark.parametrize("engine", LOCAL)
def test_every_engine_gives_the_same_mix(give: Any, engine: str) -> None:
    frame = company(400, seed=3).tables["answers"]
    ours = loyalty_ways(frame, by="segment", weight="weight").to_frame()
    theirs = loyalty_ways(give(frame, engine), by="segment", weight="weight").to_frame()
    for column in ("share", "ci_low", "ci_high", "leading", "level", "n"):
        assert theirs[column].to_numpy() == pytest.approx(ours[column].to_numpy())


def test_customers_held_by_economic_ties_buy_on_discount() -> None:
    firm = company(3000, seed=1)
    found = ways_behaviour(firm.tables["answers"], firm.tables["purchases"], firm.tables["brands"])
    assert found["economic"].on_discount.ci_low > found["emotional"].on_discount.ci_high
    assert "do what they say" in found.sentence()
    assert found["emotional"].after_discount.known


def test_spend_after_a_discount_leaves_the_discount_itself_out() -> None:
    start = dt.date(2025, 1, 1)
    rows = []
    for person in range(40):
        plan = [(0, 100.0, 0.0), (150, 60.0, 0.0), (200, 500.0, 50.0), (230, 30.0, 0.0), (400, 10.0, 0.0)]
        rows += [(f"c{person}", start + dt.timedelta(day), money, off) for day, money, off in plan]
    purchases = pl.DataFrame(rows, schema=["customer", "bought_at", "amount", "discount"], orient="row")
    told = answers(1, 10, 1).with_columns(customer=pl.Series([f"c{person}" for person in range(40)]))
    change = ways_behaviour(told, purchases)["economic"].after_discount
    assert change.estimate == pytest.approx(30 / 60 - 1)
    assert ways_behaviour(told, purchases)["economic"].on_discount.estimate == pytest.approx(500 / 700)


def test_second_choices_come_from_those_who_rank_us_first() -> None:
    people = [f"c{person}" for person in range(40)]
    told = answers(1, 1, 10).with_columns(customer=pl.Series(people))
    bought = pl.DataFrame({"customer": people, "bought_at": [dt.date(2025, 1, 1)] * 40, "amount": [1.0] * 40})
    brands = pl.DataFrame(
        [
            (person, brand, rank, brand == "Us")
            for number, person in enumerate(people)
            for rank, brand in enumerate(("Us", "Compass" if number % 4 else "Polar"), 1)
        ],
        schema=["respondent", "brand", "rank", "own"],
        orient="row",
    )
    found = ways_behaviour(told, bought, brands)
    assert {name: share.estimate for name, share in found["emotional"].second_choice.items()} == {
        "Compass": 0.75,
        "Polar": 0.25,
    }
    assert found["emotional"].considered.estimate == 2
    assert [note.code for note in found.notes] == ["no_discounts"]


def test_second_choices_are_found_where_the_study_knows_the_customers() -> None:
    """The table of brands has numbers of its own for respondents; its column customer joins it."""
    people = [f"c{person}" for person in range(40)]
    told = answers(1, 1, 10).with_columns(customer=pl.Series(people))
    bought = pl.DataFrame({"customer": people, "bought_at": [dt.date(2025, 1, 1)] * 40, "amount": [1.0] * 40})
    brands = pl.DataFrame(
        [
            (f"R{number:05}", person, brand, rank, brand == "Us")
            for number, person in enumerate(people)
            for rank, brand in enumerate(("Us", "Compass"), 1)
        ],
        schema=["respondent", "customer", "brand", "rank", "own"],
        orient="row",
    )
    found = ways_behaviour(told, bought, brands)["emotional"]
    assert {name: share.estimate for name, share in found.second_choice.items()} == {"Compass": 1.0}
    assert found.considered.n == 40
    firm = company(3000, seed=1)
    known = ways_behaviour(firm.tables["answers"], firm.tables["purchases"], firm.tables["brands"])
    assert known["emotional"].second_choice
    assert known["emotional"].considered.known


def test_refunds_leave_the_share_on_discount_between_none_and_all() -> None:
    start = dt.date(2025, 1, 1)
    plan = [(0, 100.0, 0.0), (10, 50.0, 5.0), (20, -90.0, 0.0)]
    rows = [
        (f"c{person}", start + dt.timedelta(day), money, off)
        for person in range(40)
        for day, money, off in plan
    ]
    purchases = pl.DataFrame(rows, schema=["customer", "bought_at", "amount", "discount"], orient="row")
    share = ways_behaviour(
        answers(1, 10, 1).with_columns(customer=pl.Series([f"c{person}" for person in range(40)])), purchases
    )["economic"].on_discount
    assert share.estimate == pytest.approx(50 / 60)
    plan[2] = (20, -120.0, 0.0)
    rows = [
        (f"c{person}", start + dt.timedelta(day), money, off)
        for person in range(40)
        for day, money, off in plan
    ]
    purchases = pl.DataFrame(rows, schema=["customer", "bought_at", "amount", "discount"], orient="row")
    told = answers(1, 10, 1).with_columns(customer=pl.Series([f"c{person}" for person in range(40)]))
    assert ways_behaviour(told, purchases)["economic"].on_discount.estimate == 1


def test_the_planted_mix_of_the_simulated_company_is_found() -> None:
    truth = truth_of(company(1).plan).ways
    mix = loyalty_ways(company(4000, seed=5).tables["answers"]).overall
    for way in WAYS:
        assert mix.shares[way].estimate == pytest.approx(truth[way], abs=0.015)


@pytest.mark.slow
def test_intervals_of_the_mix_hold_the_truth_in_88_of_100_companies() -> None:
    truth = truth_of(company(1).plan).ways
    held = dict.fromkeys(WAYS, 0)
    for seed in range(100):
        mix = loyalty_ways(company(1500, seed=seed).tables["answers"]).overall
        for way in WAYS:
            held[way] += mix.shares[way].ci_low <= truth[way] <= mix.shares[way].ci_high
    print(held)
    assert min(held.values()) >= 88


def test_answers_given_twice_make_nobody_surer() -> None:
    random = np.random.default_rng(5)
    once = pl.DataFrame({item: random.integers(1, 11, 80) for item in ITEMS}).with_columns(
        customer=pl.int_range(80).cast(pl.String), employee=pl.lit("Anna")
    )
    twice = pl.concat([once, once, once])
    nameless = twice.with_columns(customer=pl.lit(None, dtype=pl.String))
    alone, again, loose = (loyalty_ways(frame) for frame in (once, twice, nameless))
    assert again.to_frame().equals(alone.to_frame())
    assert again.employees[0].level.n == 80
    assert [note.code for note in again.notes] == ["several_answers", "stated_not_proved"]
    assert loose.overall.n == 240  # without names each answer may be a customer's of its own


@pytest.mark.slow
def test_intervals_of_customers_who_answer_unequally_often_hold_the_truth() -> None:
    """Of 400 samples of 60 customers with 1 to 8 answers, alike within a customer, 93 to 97 % hold."""
    random = np.random.default_rng(11)

    def answered(person: int, times: int) -> np.ndarray:
        own = random.normal([4.0] * 3 + [5.0] * 3 + [7.0] * 3, 1.5)
        return np.clip(np.rint(own + random.normal(0, 0.7, (times, 9))), 1, 10)

    def sample(people: int) -> pl.DataFrame:
        often = random.integers(1, 9, people)
        rows = np.vstack([answered(person, times) for person, times in enumerate(often)])
        who = np.repeat(np.arange(people), often).astype(str)
        return pl.DataFrame(dict(zip(ITEMS, rows.T, strict=True))).with_columns(customer=pl.Series(who))

    truth = loyalty_ways(sample(60_000)).overall.shares
    held = dict.fromkeys(WAYS, 0)
    for _ in range(400):
        found = loyalty_ways(sample(60)).overall.shares
        for way in WAYS:
            held[way] += found[way].ci_low <= truth[way].estimate <= found[way].ci_high
    print(held)
    assert all(372 <= count <= 388 for count in held.values())


def test_leading_way_of_each_customer() -> None:
    told = pl.concat([answers(9, 5, 5, n=1), answers(5, 5, 6, n=1), answers(5, 5, 5, n=1)])
    named = told.with_columns(customer=pl.Series(["a", "b", "c"]))
    assert dict(leading_ways(named).iter_rows()) == {"a": "uniqueness", "b": "emotional", "c": "mixed"}


def test_the_block_can_be_sent_in_both_languages(tmp_path: Path) -> None:
    for language, word in (("en", "pleasure"), ("ru", "приятно")):
        path = write_questionnaire("loyalty-ways", tmp_path / f"{language}.xlsx", language)  # type: ignore[arg-type]
        cells = [str(cell.value) for sheet in openpyxl.load_workbook(path) for row in sheet for cell in row]
        assert any(word in cell for cell in cells)
        assert all(item in cells for item in ITEMS)
    assert len(loyalty_questions()) == 9


def test_row_order_changes_nothing() -> None:
    random = np.random.default_rng(2)
    frame = pl.DataFrame({item: random.integers(1, 11, 80) for item in ITEMS})
    one, other = (
        loyalty_ways(frame).overall,
        loyalty_ways(frame.sample(fraction=1, shuffle=True, seed=3)).overall,
    )
    for way in WAYS:
        assert one.shares[way].estimate == pytest.approx(other.shares[way].estimate)
