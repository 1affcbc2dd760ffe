"""The bridge of customer equity: it adds up, and each step is what it says."""

from __future__ import annotations

import datetime as dt
import json

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.predict.value_samples import START, World, world

import leal
from leal.charts import Style, to_svg
from leal.errors import BadValue
from leal.predict import COMPONENTS

SPLIT = START + dt.timedelta(weeks=40)


@pytest.fixture(scope="module")
def shop() -> World:
    return world(400, 3, arrivals=70)


def test_plain_use_the_steps_add_up_to_the_change(shop: World) -> None:
    bridge = leal.equity_bridge(shop.purchases, since=SPLIT, margin=0.3)
    assert bridge.known
    assert set(bridge.components) == set(COMPONENTS)
    total = sum(step.estimate for step in bridge.components.values())
    assert total == pytest.approx(bridge.change.estimate, rel=1e-12)
    assert bridge.after.estimate - bridge.before.estimate == pytest.approx(bridge.change.estimate, rel=1e-12)
    assert bridge.customers["after"] == bridge.customers["before"] + bridge.customers["new"]
    for money in (bridge.change, bridge.before, *bridge.components.values()):
        assert money.ci_low <= money.estimate <= money.ci_high
    assert bridge.components["new"].ci_low > 0
    assert bridge.components["lost"].ci_high < 0
    assert json.loads(json.dumps(bridge.to_dict(), allow_nan=False))["model"] == "Pareto/NBD"


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    weeks=st.integers(20, 70), margin=st.floats(0.05, 1.0), model=st.sampled_from(["pareto_nbd", "mbg_nbd"])
)
def test_the_steps_add_up_whatever_the_day_the_margin_and_the_model(
    shop: World, weeks: int, margin: float, model: str
) -> None:
    bridge = leal.equity_bridge(
        shop.purchases, since=START + dt.timedelta(weeks=weeks), margin=margin, model=model
    )
    if bridge.known:
        total = sum(step.estimate for step in bridge.components.values())
        assert total == pytest.approx(bridge.change.estimate, rel=1e-9, abs=1e-6)


def test_dearer_purchases_show_as_spend_and_a_better_margin_as_margin(shop: World) -> None:
    late = pl.col("bought_at") > SPLIT
    amount = pl.col("amount") * pl.when(late).then(1.3).otherwise(1.0)
    margin = pl.col("amount") * pl.when(late).then(0.4).otherwise(0.2)
    plain = leal.equity_bridge(shop.purchases, since=SPLIT)
    dearer = leal.equity_bridge(shop.purchases.with_columns(amount), since=SPLIT)
    better = leal.equity_bridge(shop.purchases.with_columns(margin=margin), since=SPLIT)
    assert dearer.components["spend"].estimate > plain.components["spend"].estimate + 1
    assert plain.components["margin"].estimate == 0
    assert better.components["margin"].ci_low > 0


def test_the_picture_and_the_sentence_in_both_languages(shop: World) -> None:
    bridge = leal.equity_bridge(shop.purchases, since=SPLIT)
    assert "Most came from" in bridge.sentence()
    assert "Новые клиенты" in to_svg(bridge.chart(Style(language="ru")))
    assert bridge.to_frame()["kind"].to_list() == ["total", *["step"] * 5, "total"]


def test_too_little_before_the_first_day_is_an_answer(shop: World) -> None:
    bridge = leal.equity_bridge(shop.purchases, since=START + dt.timedelta(days=3))
    assert not bridge.known
    assert "needs 10 customers" in bridge.sentence()
    assert bridge.to_frame()["estimate"].null_count() == 7


def test_days_in_the_wrong_order_are_refused(shop: World) -> None:
    with pytest.raises(BadValue, match="not before"):
        leal.equity_bridge(shop.purchases, since="2030-01-01")


def test_older_customers_do_not_pass_for_new_ones_where_the_past_is_short(shop: World) -> None:
    begins = START + dt.timedelta(weeks=30)
    young = shop.purchases.filter(pl.col("bought_at") >= begins)
    bridge = leal.equity_bridge(young, since=begins + dt.timedelta(weeks=5))
    assert not bridge.known
    assert "would pass for new" in bridge.notes[0].text
    assert leal.equity_bridge(young, since=begins + dt.timedelta(weeks=14)).known
