"""What customers are worth: plain use, edges, CDNOW's published figures."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.predict.value_samples import START, World, cdnow, world

import leal
from leal.errors import BadOption, BadValue
from leal.predict import BgNbd, GammaGamma, Outlook, forecast_holdout, purchase_base, read_rhythm, top_tenth


@pytest.fixture(scope="module")
def shop() -> World:
    return world(400, 1)


def test_plain_use_each_and_all_with_intervals(shop: World) -> None:
    worth = leal.lifetime_value(shop.purchases, margin=0.3)
    assert worth.known
    assert worth.total.ci_low < worth.total.estimate < worth.total.ci_high
    assert worth.total.basis == "margin"
    assert worth.mean.estimate == pytest.approx(worth.total.estimate / worth.n)
    assert worth.total.estimate == pytest.approx(worth.customers["value"].sum())
    values = worth.customers["value"].to_list()
    assert values == sorted(values, reverse=True)
    assert worth.customers.filter(pl.col("value_low") > pl.col("value_high")).is_empty()
    assert worth.long_run.estimate > worth.total.estimate
    assert worth.one_point.estimate > 0
    assert 0 < worth.retention.ci_low < worth.retention.ci_high < 1
    assert worth.holdout is not None
    assert "customers will bring" in worth.sentence()
    assert "клиент" in worth.sentence().into("ru").lower()


def test_margin_scales_money_and_nothing_else(shop: World) -> None:
    whole, part = leal.lifetime_value(shop.purchases), leal.lifetime_value(shop.purchases, margin=0.25)
    assert part.total.estimate == pytest.approx(0.25 * whole.total.estimate)
    assert part.total.ci_high == pytest.approx(0.25 * whole.total.ci_high)
    assert "revenue_not_margin" in {note.code for note in whole.notes}
    assert "revenue_not_margin" not in {note.code for note in part.notes}


def test_a_margin_column_is_used(shop: World) -> None:
    table = shop.purchases.with_columns(margin=pl.col("amount") * 0.4)
    worth = leal.lifetime_value(table)
    assert worth.total.basis == "margin"
    assert worth.total.estimate == pytest.approx(0.4 * leal.lifetime_value(shop.purchases).total.estimate)


def test_the_same_data_give_the_same_figures(shop: World) -> None:
    first, again = (leal.lifetime_value(shop.purchases, seed=3) for _ in range(2))
    for name in ("total", "median", "top_share", "one_point", "long_run"):
        one, other = getattr(first, name), getattr(again, name)
        # sums of floats may be taken in another order by the engine, no more
        assert (one.ci_low, one.ci_high) == pytest.approx((other.ci_low, other.ci_high), rel=1e-9)
    assert json.loads(json.dumps(first.to_dict(), allow_nan=False))["n"] == first.n


def test_models_are_chosen_by_name_or_given(shop: World) -> None:
    assert leal.lifetime_value(shop.purchases).model == "Pareto/NBD"
    by_name = leal.lifetime_value(shop.purchases, model="bg_nbd")
    given = leal.lifetime_value(shop.purchases, model=leal.BgNbd())
    assert by_name.total.estimate == pytest.approx(given.total.estimate, rel=1e-9)
    assert "one_time_buyers_alive" in {note.code for note in by_name.notes}
    with pytest.raises(BadOption, match="pareto_nbd"):
        leal.lifetime_value(shop.purchases, model="other")


def test_until_looks_from_an_earlier_day_and_says_what_is_left_out(shop: World) -> None:
    day = START + dt.timedelta(weeks=60)
    early = leal.lifetime_value(shop.purchases, until=day)
    assert early.n <= leal.lifetime_value(shop.purchases).n
    assert "later_purchases" in {note.code for note in early.notes}
    again = leal.lifetime_value(shop.purchases, until=day.isoformat()).total
    # sums of a day come in an order of their own, so the last digits may differ
    assert again.estimate == pytest.approx(early.total.estimate, rel=1e-9)
    assert again.ci_low == pytest.approx(early.total.ci_low, rel=1e-6)


@pytest.mark.parametrize(
    "table",
    [
        pl.DataFrame({"customer": ["a"], "bought_at": [START], "amount": [5.0]}),
        pl.DataFrame({"customer": ["a", "b", "c"], "bought_at": [START] * 3, "amount": [5.0, 6.0, 7.0]}),
        pl.DataFrame({"customer": ["a", "a"], "bought_at": [START, START], "amount": [5.0, -5.0]}),
        pl.DataFrame(schema={"customer": pl.String, "bought_at": pl.Date, "amount": pl.Float64}),
    ],
    ids=["one customer", "no repeat", "all refunded", "empty"],
)
def test_too_little_is_an_answer_that_says_what_is_needed(table: pl.DataFrame) -> None:
    worth = leal.lifetime_value(table)
    assert not worth.known
    assert "needs 10 customers" in worth.sentence()
    assert math.isnan(worth.total.estimate)
    assert "NaN" not in json.dumps(worth.to_dict())
    assert worth.concentration().is_empty()


def test_two_currencies_are_one_clear_error(shop: World) -> None:
    odd = pl.when(pl.int_range(pl.len()) % 2 == 0).then(pl.lit("EUR")).otherwise(pl.lit("USD"))
    with pytest.raises(BadValue, match="several currencies"):
        leal.lifetime_value(shop.purchases.with_columns(currency=odd))
    one = leal.lifetime_value(shop.purchases.with_columns(currency=pl.lit("EUR")))
    assert one.total.currency == "EUR"


def test_what_is_given_back_on_a_day_of_its_own_is_taken_off(shop: World) -> None:
    """By hand: a tenth of all money goes back the day after; purchases are the same, their worth is .9."""
    day_after = pl.col("bought_at") + pl.duration(days=1)
    back = shop.purchases.with_columns(day_after, amount=-0.1 * pl.col("amount"))
    # of the last day's purchases nothing has come back yet
    back = back.filter(pl.col("bought_at") <= shop.until)
    both = pl.concat([shop.purchases, back])
    bought = shop.purchases.join(
        back.select("customer", "bought_at"), on=["customer", "bought_at"], how="anti"
    )
    assert bought.height > 0.9 * shop.purchases.height
    plain = leal.lifetime_value(bought, until=shop.until)
    netted = leal.lifetime_value(pl.concat([bought, back]), until=shop.until)
    left = float(both["amount"].sum()) / float(shop.purchases["amount"].sum())
    assert left == pytest.approx(0.9, abs=0.001)
    assert netted.total.estimate / plain.total.estimate == pytest.approx(0.9, abs=0.01)
    sure = leal.lifetime_value(pl.concat([bought, back]), until=shop.until, margin=0.5)
    assert sure.total.estimate == pytest.approx(netted.total.estimate / 2)


def test_refunds_and_gaps_are_counted(shop: World) -> None:
    extra = pl.DataFrame(
        {
            "customer": ["c1", None, "c2"],
            "bought_at": [START + dt.timedelta(days=400), START, START + dt.timedelta(days=401)],
            "amount": [-3.0, 5.0, 0.0],
        }
    )
    worth = leal.lifetime_value(pl.concat([shop.purchases, extra]))
    told = {note.code: str(note.text) for note in worth.notes}
    assert told["gaps"].startswith("1 purchase")
    assert told["refunds"].startswith("2 days")


@pytest.mark.parametrize("options", [{"margin": 1.5}, {"margin": 0.0}, {"weeks": 0}, {"discount": -0.1}])
def test_options_out_of_range_are_refused(shop: World, options: dict[str, float]) -> None:
    with pytest.raises(BadValue):
        leal.lifetime_value(shop.purchases, **options)  # type: ignore[arg-type]


def test_amounts_alike_for_all_do_not_break_it(shop: World) -> None:
    days = shop.purchases.unique(["customer", "bought_at"])
    worth = leal.lifetime_value(days.with_columns(amount=pl.lit(10.0)))
    assert worth.customers["expected_spend"].to_numpy() == pytest.approx(10.0)
    assert worth.total.known


def test_customers_who_never_leave_are_told_as_that() -> None:
    steady = world(200, 4, leaving=(1e-6, 1e9))
    worth = leal.lifetime_value(steady.purchases)
    assert worth.known
    assert not worth.retention.known or worth.retention.estimate > 0.98


def test_where_no_leaving_is_visible_retention_is_unknown_and_not_a_hundred_percent() -> None:
    rows = [
        (f"c{who}", START + dt.timedelta(days=who % 9 + 14 * turn)) for who in range(60) for turn in range(20)
    ]
    table = pl.DataFrame(rows, schema=["customer", "bought_at"], orient="row").with_columns(
        amount=10.0 + pl.int_range(pl.len()) % 5
    )
    worth = leal.lifetime_value(table)
    assert worth.known
    assert not worth.retention.known
    assert not worth.one_point.known
    assert "no_dropout" in {note.code for note in worth.notes}


def test_the_chart_and_the_curve_say_the_share_of_the_top_tenth(shop: World) -> None:
    worth = leal.lifetime_value(shop.purchases)
    curve = worth.concentration(10)
    assert curve["value"][1] == pytest.approx(worth.top_share.estimate, abs=0.01)
    assert "tenth" in worth.chart().to_dict()["description"]


@pytest.mark.reference
def test_cdnow_52_weeks_at_15_percent_as_in_the_golden_values(golden: Path) -> None:
    """golden/value/cdnow_golden.json: clv_52w_15pct_annual_weekly_disc, of the parameters given there."""
    told = json.loads((golden / "value" / "cdnow_golden.json").read_text())
    table = pl.read_csv(golden / "value" / "cdnow_cbs.csv").select(
        frequency="x",
        recency=pl.col("tx_days") / 7,
        age=pl.col("T_days") / 7,
        spend=pl.col("mbar").fill_null(0),
    )
    point, paid = (told[name]["params"].values() for name in ("bgnbd", "gamma_gamma_from_log"))
    outlook = Outlook(
        fit=BgNbd().fit(table).with_parameters(np.log(list(point))),
        spend_fit=GammaGamma().fit(table).with_parameters(np.log(list(paid))),
        customers=read_rhythm(table),
        spend=table["spend"].to_numpy(),
        amounts=np.ones(1),
        margin=1.0,
        weeks=52,
        discount=0.15,
    )
    expected = told["clv_52w_15pct_annual_weekly_disc"]
    assert outlook.value.sum() == pytest.approx(expected["total"], rel=1e-8)
    assert outlook.value.mean() == pytest.approx(expected["mean"], rel=1e-8)
    assert top_tenth(outlook.value) == pytest.approx(expected["top10pct_share"], rel=1e-8)


@pytest.mark.reference
@pytest.mark.parametrize(
    ("model", "key"), [("bg_nbd", "bgnbd"), ("pareto_nbd", "pnbd"), ("mbg_nbd", "mbgnbd")]
)
def test_cdnow_holdout_of_39_weeks_as_in_the_golden_values(golden: Path, model: str, key: str) -> None:
    """golden/value/cdnow_golden.json: holdout_39w."""
    from leal.predict import MODELS

    told = json.loads((golden / "value" / "cdnow_golden.json").read_text())["holdout_39w"]
    base = purchase_base(cdnow(golden), count_free=True)
    found = forecast_holdout(base, MODELS[model], 39)
    assert found is not None
    assert found.actual == told[key]["total_actual"]
    assert found.expected.estimate == pytest.approx(told[key]["total_pred"], rel=2e-5)
    assert found.bias == pytest.approx(told[key]["bias"], rel=2e-4)
    assert found.mean_error == pytest.approx(told[key]["MAE"], rel=2e-5)
    assert found.correlation == pytest.approx(told[key]["corr"], rel=2e-5)
    naive = told["naive_same_rate"]
    assert found.naive_bias == pytest.approx(naive["bias"], rel=1e-3)
    assert found.naive_mean_error == pytest.approx(naive["MAE"], rel=1e-3)


@pytest.mark.parametrize("factor", [-0.1, 2.0])
def test_a_margin_of_less_than_nothing_or_more_than_the_amount_is_refused(factor: float) -> None:
    purchases = world(200, seed=1).purchases
    odd = purchases.with_columns(margin=pl.col("amount") * factor)
    for reckon in (leal.lifetime_value, leal.equity_bridge):
        with pytest.raises(BadValue, match="The column margin comes to") as error:
            reckon(odd)
        assert "not in per cent" in str(error.value.hint)


@pytest.mark.parametrize("level", [95, 0, 1])
def test_a_level_that_is_no_fraction_is_refused(level: float) -> None:
    with pytest.raises(BadValue, match="confidence level"):
        leal.lifetime_value(world(200, seed=1).purchases, level=level)


def test_purchases_without_currency_and_amounts_that_are_no_number_are_counted_in_notes() -> None:
    purchases = world(200, seed=1).purchases.with_columns(
        currency=pl.when(pl.int_range(pl.len()) < 3).then(None).otherwise(pl.lit("EUR")),
        amount=pl.when(pl.int_range(pl.len()) < 2).then(float("nan")).otherwise("amount"),
    )
    notes = {note.code: str(note.text) for note in leal.lifetime_value(purchases).notes}
    assert notes["no_currency"].startswith("3 purchases name no currency")
    assert notes["gaps"].startswith("2 purchases")


def test_sales_that_stand_with_a_minus_sign_are_told_of() -> None:
    days = pl.date_range(dt.date(2025, 1, 1), dt.date(2025, 3, 1), "1d", eager=True)
    sold = pl.DataFrame(
        {"customer": [str(k % 7) for k in range(len(days))], "bought_at": days, "amount": -5.0}
    )
    notes = {note.code for note in leal.lifetime_value(sold, margin=0.3).notes}
    assert "only_refunds" in notes
    one = pl.concat([sold, sold.head(1).with_columns(amount=pl.lit(99.0))])
    assert "only_refunds" not in {note.code for note in leal.lifetime_value(one, margin=0.3).notes}
