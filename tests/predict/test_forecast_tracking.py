"""Expected beside actual purchases, week by week; CDNOW's published tracking."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path

import polars as pl
import pytest
from tests.predict.value_samples import START, World, cdnow, world

import leal
from leal.charts import Style, to_svg
from leal.errors import BadValue


@pytest.fixture(scope="module")
def shop() -> World:
    return world(300, 2)


def test_plain_use_follows_what_happened(shop: World) -> None:
    found = leal.tracking(shop.purchases)
    frame = found.to_frame()
    assert abs(found.end_error) < 0.15
    assert frame["actual"].sum() == frame["actual_total"][-1]
    assert frame["expected"].sum() == pytest.approx(frame["expected_total"][-1])
    assert frame.filter("holdout").height == pytest.approx(frame.height / 3, abs=2)
    assert found.learnt_weeks + frame.filter("holdout").height == frame.height
    assert "Pareto/NBD" in found.sentence()
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["customers"] == found.customers


def test_customers_who_came_later_are_in_neither_figure(shop: World) -> None:
    split = START + dt.timedelta(weeks=45)
    late = pl.DataFrame(
        {
            "customer": ["late"] * 40,
            "bought_at": [split + dt.timedelta(days=2 + 5 * day) for day in range(40)],
            "amount": [9.0] * 40,
        }
    )
    plain, with_late = (
        leal.tracking(table, learnt_until=split)
        for table in (
            shop.purchases,
            pl.concat([shop.purchases, late]).filter(pl.col("bought_at") < shop.until),
        )
    )
    shared = plain.frame.join(with_late.frame, on="week")
    assert (shared["actual"] == shared["actual_right"]).all()


@pytest.mark.parametrize("day", [START - dt.timedelta(days=9), START + dt.timedelta(days=900)])
def test_a_day_outside_the_purchases_is_refused(shop: World, day: dt.date) -> None:
    with pytest.raises(BadValue, match="does not lie within"):
        leal.tracking(shop.purchases, learnt_until=day)


def test_the_chart_draws_totals_and_weeks(shop: World) -> None:
    found = leal.tracking(shop.purchases)
    for total in (True, False):
        assert to_svg(found.chart(Style(language="ru", width=350), total=total)).startswith("<svg")


@pytest.mark.reference
@pytest.mark.parametrize(("model", "column"), [("bg_nbd", "bgnbd"), ("pareto_nbd", "pnbd")])
def test_cdnow_tracking_as_in_the_golden_values(golden: Path, model: str, column: str) -> None:
    """golden/value/cdnow_tracking.csv and tracking_MAPE_* of cdnow_golden.json."""
    found = leal.tracking(cdnow(golden), model=model, learnt_until="1997-09-30", count_free=True)
    told = pl.read_csv(golden / "value" / "cdnow_tracking.csv")
    assert found.frame["actual_total"].to_list() == told["actual_cum_repeat"].to_list()
    # the file's parameters are those of weeks of two decimals; these are of whole days
    assert found.frame["expected_total"].to_list() == pytest.approx(told[column].to_list(), rel=2e-5)
    errors = json.loads((golden / "value" / "cdnow_golden.json").read_text())[f"tracking_MAPE_{column}"]
    assert found.end_error == pytest.approx(errors["end"], abs=1e-5)
    assert found.mean_error == pytest.approx(errors["all"], abs=1e-5)
    assert found.holdout_mean_error == pytest.approx(errors["holdout"], abs=1e-5)
    assert not math.isnan(found.holdout_mean_error)
