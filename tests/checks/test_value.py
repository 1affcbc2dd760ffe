"""Check 7: retention, value of a customer, value of a point."""

from __future__ import annotations

import polars as pl
import pytest
from tests.checks.companies import audit, purchases

import leal
from leal.charts import Style, to_svg
from leal.measure import customer_value


def company(stay: float, n: int = 400, years: int = 3) -> pl.DataFrame:
    """Everyone buys monthly for 10; after two years the share 1 - `stay` stops."""
    rows = []
    for place in range(n):
        months = 12 * years if place < stay * n else 24
        rows += [(f"c{place}", 3 + 30 * month, 10.0) for month in range(months)]
    return purchases([*rows, ("clock", 0, 10.0), ("clock", 365 * years - 1, 10.0)])


def test_a_fall_of_retention_exposes_and_costs_what_the_lost_brought() -> None:
    check = audit(purchases=company(0.8))[7]
    assert check.verdict == "exposed"
    assert "Retention fell" in check.finding
    assert check.money is not None
    assert check.money.estimate == pytest.approx(80 * 110, rel=0.03)
    assert check.money.ci_low > 0


def test_without_a_fall_one_point_of_retention_is_priced() -> None:
    check = audit(purchases=company(1.0))[7]
    assert check.verdict == "guarded"
    assert check.money is not None
    assert check.money.estimate == pytest.approx(0.01 * 400 * 110, rel=0.02)


def test_the_value_follows_the_margin_multiple_and_the_interest_rate() -> None:
    table = company(0.8)
    values = {}
    for discount in (0.10, 0.12):
        check = leal.audit(leal.Evidence(purchases=table), margin=0.5, discount=discount)[7]
        values[discount] = next(
            one.value for one in check.estimates if one.name.startswith("Value of a customer")
        )
    one, stays = values[0.10], still_there(check)
    assert one.basis == "margin"
    assert one.estimate == pytest.approx(0.5 * 110 * stays / (1.1 - stays), rel=0.02)
    assert values[0.12].estimate < one.estimate


def test_the_retention_of_half_a_year_is_compounded_to_that_of_a_year() -> None:
    rows = [(f"c{k}", at, 10.0) for k in range(200) for at in range(k % 30, 400 if k < 160 else 210, 30)]
    check = audit(purchases=purchases(rows))[7]
    figures = {one.name.message: one.value for one in check.estimates}
    half, year = figures["Retention of the last period"], figures["Retention in a year, which values rest on"]
    assert half.estimate == pytest.approx(0.8)
    assert year.estimate == pytest.approx(0.8 ** (365 / 182))
    assert year.ci_low < year.estimate < year.ci_high < half.estimate


def test_neither_a_customer_nor_a_point_of_retention_is_worth_less_than_nothing() -> None:
    unsure = customer_value(100.0, 60.0, 0.95, 0.05, n=40)
    assert unsure.one_point.ci_low == 0
    assert unsure.value.ci_low == 0
    assert unsure.one_point.ci_high > 2 * unsure.one_point.estimate
    assert customer_value(-100.0, 10.0, 0.95, 0.05, n=40).value.ci_low < -100


def still_there(check: leal.Check) -> float:
    """Return the share of the customers of a year ago who are still customers, by the models."""
    return next(one.value.estimate for one in check.estimates if "of a year ago" in one.name)


def test_whoever_left_within_the_year_is_not_kept_by_the_models() -> None:
    """Half stop 200 days before the end: all bought in the last year, and half are customers no more."""
    rows = [(f"c{k}", 3 + 10 * i, 10.0) for k in range(400) for i in range(109 if k % 2 else 89)]
    check = audit(purchases=purchases([*rows, ("clock", 0, 10.0), ("clock", 365 * 3 - 1, 10.0)]))[7]
    observed = next(one.value.estimate for one in check.estimates if one.name.startswith("Retention"))
    assert observed == pytest.approx(1.0, abs=0.01)
    assert still_there(check) == pytest.approx(0.5, abs=0.03)


def test_the_bridge_of_equity_adds_up_and_few_hold_most() -> None:
    check = audit(purchases=company(0.8))[7]
    table = next(one for one in check.exhibits if "change within a year" in one.title).frame
    steps = table["estimate"].to_list()
    assert sum(steps[:-1]) == pytest.approx(steps[-1], rel=1e-9)
    named = {str(one.name): one.value for one in check.estimates}
    assert named["Share of it that the most valuable tenth holds"].estimate > 0.1
    assert any(note.code == "holdout_held" or note.code == "holdout_missed" for note in check.notes)


def test_a_short_history_is_unknown_with_its_length() -> None:
    check = audit(purchases=purchases([("a", 0, 5.0), ("b", 100, 5.0)]))[7]
    assert check.verdict == "unknown"
    assert "101 found" in check.missing[0]


def test_few_customers_are_unknown_with_their_number() -> None:
    check = audit(purchases=purchases([("a", 0, 5.0), ("b", 400, 5.0)]))[7]
    assert check.verdict == "unknown"
    assert "0 found" in check.missing[0]


def test_each_segment_has_its_value_and_pictures_draw() -> None:
    table = company(0.8)
    people = table["customer"].unique().sort()
    segments = pl.DataFrame({"customer": people, "segment": [("a", "b")[i % 2] for i in range(len(people))]})
    check = audit(purchases=table, customers=segments)[7]
    assert check.exhibits[1].frame["name"].to_list() == ["a", "b"]
    for picture in check.pictures:
        assert to_svg(picture.draw(Style(language="ru"))).startswith("<svg")


@pytest.mark.parametrize("amount", [0.0, -5.0])
def test_no_money_at_all_is_unknown_and_no_false_number(amount: float) -> None:
    check = audit(purchases=company(0.8).with_columns(amount=pl.lit(amount)))[7]
    assert check.verdict == "unknown"
    assert "NaN" not in str(check.to_dict())


def test_where_nobody_bought_again_it_asks_whether_customers_are_orders() -> None:
    """Numbers of orders in the place of customers: no retention of 0 %, and no customer worth nothing."""
    orders = purchases([(f"order{k}", k % 700, 10.0) for k in range(2000)])
    check = audit(purchases=orders)[7]
    assert check.verdict == "unknown"
    assert check.missing == ("customers who bought on two days or more; none found among 2,000",)
    assert "numbers of orders" in check.next_step
    assert "номера ли заказов" in check.next_step.into("ru")


@pytest.mark.parametrize("sign", [-1.0, 0.0])
def test_money_without_a_purchase_above_zero_is_told(sign: float) -> None:
    check = audit(purchases=company(1.0, n=60).with_columns(pl.col("amount") * sign))[7]
    assert check.verdict == "unknown"
    assert check.missing == ("purchases with an amount above zero; none found",)
    assert "sign turned round" in check.next_step
