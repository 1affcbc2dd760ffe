"""Price sensitivity. Golden: pricesensitivitymeter 1.3.3 (R) on psm_synthetic.csv (golden/methods)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leal.act import price_sensitivity
from leal.charts import to_svg
from leal.errors import BadValue, MissingColumn


def of_four(low: float = 5.0, n: int = 200, seed: int = 1) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    first = low * np.exp(0.2 * random.standard_normal(n))
    steps = 1 + 0.3 * random.random((3, n))
    prices = [first, *(first * np.cumprod(steps, axis=0))]
    return pl.DataFrame(dict(zip(["too_cheap", "cheap", "expensive", "too_expensive"], prices, strict=True)))


def test_acceptable_prices_lie_around_the_usual_one() -> None:
    found = price_sensitivity(of_four(), currency="USD")
    assert found.least.estimate < found.indifference.estimate < found.most.estimate
    assert found.least.ci_low <= found.least.estimate <= found.least.ci_high
    assert found.n == 200
    assert found.trial is None
    assert "Acceptable prices run from" in found.sentence()
    assert "USD" in found.sentence()


def test_golden_pricesensitivitymeter_of_r(golden: Path) -> None:
    known = json.loads((golden / "methods" / "expected.json").read_text())["psm_synthetic_R"]
    found = price_sensitivity(
        pl.read_csv(golden / "methods" / "psm_synthetic.csv"),
        too_cheap="tch",
        cheap="ch",
        expensive="ex",
        too_expensive="tex",
        intention_cheap="pi1",
        intention_expensive="pi2",
    )
    assert found.left_out == known["invalid_price_order"]
    assert found.n + found.left_out == known["n"]
    assert found.least.estimate == pytest.approx(known["range_lower"], abs=1e-9)
    assert found.most.estimate == pytest.approx(known["range_upper"], abs=1e-9)
    assert found.indifference.estimate == pytest.approx(known["idp"], abs=1e-9)
    assert found.optimal.estimate == pytest.approx(known["opp"], abs=1e-9)
    assert found.trial is not None
    assert found.revenue is not None
    assert found.trial.estimate == pytest.approx(known["nms_trial_price"], abs=1e-9)
    assert found.revenue.estimate == pytest.approx(known["nms_revenue_price"], abs=1e-9)


def test_curves_that_meet_on_a_plateau_give_both_ends_and_say_so() -> None:
    # nobody finds anything from 6 to 14 too cheap or too expensive: the trap of the usual programs
    frame = pl.DataFrame(
        {
            "too_cheap": [2.0, 4.0, 6.0] * 20,
            "cheap": [7.0, 8.0, 9.0] * 20,
            "expensive": [10.0, 11.0, 12.0] * 20,
            "too_expensive": [14.0, 16.0, 18.0] * 20,
        }
    )
    found = price_sensitivity(frame)
    assert (found.optimal.low, found.optimal.high) == (6.0, 14.0)
    assert found.optimal.ci_low <= 6.0
    assert found.optimal.ci_high >= 14.0
    assert [note.code for note in found.notes] == ["plateau"]


def test_prices_out_of_order_or_incomplete_are_left_out_and_counted() -> None:
    frame = of_four().with_columns(
        cheap=pl.when(pl.int_range(200) < 5).then(0.1).otherwise(pl.col("cheap")),
        expensive=pl.when(pl.int_range(200) >= 197).then(None).otherwise(pl.col("expensive")),
    )
    found = price_sensitivity(frame)
    assert (found.n, found.left_out) == (192, 8)
    assert found.notes[0].code == "prices_out_of_order"


def test_few_respondents_are_an_answer() -> None:
    found = price_sensitivity(of_four(n=10))
    assert not found.known
    assert "needs 30" in found.sentence()
    assert price_sensitivity(of_four().head(0)).n == 0


def test_bad_prices_are_named() -> None:
    with pytest.raises(BadValue, match="below zero"):
        price_sensitivity(of_four().with_columns(cheap=pl.lit(-1.0)))
    with pytest.raises(BadValue, match="words"):
        price_sensitivity(of_four().with_columns(cheap=pl.lit("ten")))
    with pytest.raises(BadValue, match="1 to 5"):
        price_sensitivity(
            of_four().with_columns(a=pl.lit(7), b=pl.lit(1)), intention_cheap="a", intention_expensive="b"
        )
    with pytest.raises(MissingColumn):
        price_sensitivity(of_four().drop("cheap"))


@given(st.floats(0.01, 1000.0))
def test_another_currency_scales_every_price(rate: float) -> None:
    one = price_sensitivity(of_four(n=60), resamples=20)
    other = price_sensitivity(of_four(n=60).select(pl.all() * rate), resamples=20)
    for name in ("least", "most", "indifference", "optimal"):
        assert getattr(other, name).estimate == pytest.approx(getattr(one, name).estimate * rate)


@pytest.mark.slow
def test_intervals_of_the_prices_hold_the_population_s_in_93_to_97_of_100() -> None:
    truth = price_sensitivity(of_four(n=200_000, seed=999), resamples=2)
    held = dict.fromkeys(("least", "most", "indifference"), 0)
    runs = 400
    for seed in range(runs):
        found = price_sensitivity(of_four(n=150, seed=seed), resamples=400, seed=seed)
        for name in held:
            point = getattr(found, name)
            held[name] += point.ci_low <= getattr(truth, name).estimate <= point.ci_high
    print({name: count / runs for name, count in held.items()})
    assert all(0.92 <= count / runs <= 0.98 for count in held.values()), held


def test_a_survey_of_prices_draws_its_curves() -> None:
    drawn = to_svg(price_sensitivity(of_four()).chart())
    assert "too expensive" in drawn
    assert "acceptable" in drawn


def test_a_level_that_is_no_fraction_is_refused() -> None:
    with pytest.raises(BadValue, match="confidence level"):
        price_sensitivity(of_four(), level=95)
