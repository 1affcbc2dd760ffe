from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines import LOCAL

from leal.errors import BadOption, BadValue
from leal.measure import ces, csat

ANSWERS = pl.DataFrame({"satisfaction": [5] * 60 + [4] * 20 + [2] * 20, "region": ["N", "S"] * 50})


def test_satisfaction_is_the_share_of_the_top_two_boxes_with_wilsons_interval() -> None:
    result = csat(ANSWERS, scale=(1, 5))
    assert (result.estimate, result.n, result.threshold) == (0.8, 100, 4)
    # Wilson (1927) for 80 of 100, as R prop.test(80, 100, correct = FALSE)
    assert (result.ci_low, result.ci_high) == pytest.approx((0.7111708, 0.8666331), abs=1e-6)
    assert result.sentence().into("en").startswith("80 % satisfied, 4 and up on 1 to 5")
    assert "довольны 80" in result.sentence().into("ru")


def test_the_mean_has_students_interval() -> None:
    mean = csat(ANSWERS, scale=(1, 5)).mean
    values = ANSWERS["satisfaction"].to_numpy()
    reach = 1.9842169 * values.std(ddof=1) / 10
    assert mean.estimate == pytest.approx(4.2)
    assert (mean.ci_low, mean.ci_high) == pytest.approx((4.2 - reach, 4.2 + reach), abs=1e-6)


def test_a_scale_that_is_not_named_is_found_and_noted() -> None:
    assert csat(ANSWERS).scale == (1, 5)
    assert csat(ANSWERS).notes[0].code == "scale_assumed"
    assert csat(pl.DataFrame({"satisfaction": [9, 2]})).scale == (1, 10)
    assert csat(pl.DataFrame({"satisfaction": [9, 0]})).scale == (0, 10)
    assert csat(pl.DataFrame({"satisfaction": [150.5, 20.0]})).scale == (20, 151)


def test_weights_and_groups() -> None:
    table = ANSWERS.with_columns(w=pl.Series([1.0, 3.0] * 50))
    groups = csat(table, by="region", weight="w", scale=(1, 5))
    weights, values = table["w"].to_numpy(), table["satisfaction"].to_numpy()
    assert groups.total.estimate == pytest.approx((weights * (values >= 4)).sum() / weights.sum())
    assert groups.total.n_effective == pytest.approx(weights.sum() ** 2 / (weights**2).sum())
    assert groups["N"].n_effective == pytest.approx(50)
    assert {"group", "estimate", "mean", "mean_ci_low"} <= set(groups.to_frame().columns)


def test_the_weighted_error_is_that_of_nps_and_surveys_4_4() -> None:
    # the linearised .08315 of the post-stratified example, times sqrt(n/(n - 1))
    rows = [(-1, 0.3 / 40)] * 4 + [(0, 0.3 / 40)] * 12 + [(1, 0.3 / 40)] * 24
    rows += [(-1, 0.7 / 60)] * 24 + [(0, 0.7 / 60)] * 21 + [(1, 0.7 / 60)] * 15
    table = pl.DataFrame(rows, schema=["satisfaction", "w"], orient="row")
    result = csat(table, weight="w", scale=(-1, 1), boxes=1)
    assert result.mean.estimate == pytest.approx(0.045)
    assert result.standard_error == pytest.approx(0.08315 * math.sqrt(100 / 99), abs=1e-5)


def test_effort_is_a_mean_and_the_share_above_the_middle() -> None:
    result = ces(pl.DataFrame({"effort": [7, 6, 6, 4, 2] * 10}))
    assert result.estimate == pytest.approx(5)
    assert result.easy.estimate == pytest.approx(0.6)
    assert "ease 5.0 on 1 to 7" in str(result)
    assert ces(pl.DataFrame({"effort": [1, 2], "unit": ["a", "b"]}), by="unit")["b"].estimate == 2


def test_bad_values_and_options_are_said() -> None:
    with pytest.raises(BadValue, match="8") as error:
        ces(pl.DataFrame({"effort": [7, 8]}))
    assert error.value.where.row == 2
    with pytest.raises(BadValue):
        csat(pl.DataFrame({"satisfaction": ["good"]}))
    with pytest.raises(BadValue):
        csat(pl.DataFrame({"satisfaction": [1, 2], "w": [1.0, -1.0]}), weight="w")
    with pytest.raises(BadOption):
        csat(ANSWERS, scale=(1, 5), boxes=5)


def test_too_little_is_unknown_or_wide_never_an_error() -> None:
    empty = csat(ANSWERS.head(0))
    assert (empty.known, str(empty)) == (False, "satisfaction unknown: there is no answer")
    assert csat(ANSWERS.head(0), by="region").to_frame().is_empty()
    one = csat(ANSWERS.head(1), scale=(1, 5))
    assert (one.mean.ci_low, one.mean.ci_high) == (1, 5)
    assert one.to_dict()["standard_error"] is None
    assert not ces(pl.DataFrame({"effort": [None]}, schema={"effort": pl.Float64})).known


@pytest.mark.parametrize("engine", LOCAL)
def test_every_engine_agrees(engine: str, give: Callable[[pl.DataFrame, str], Any]) -> None:
    table = ANSWERS.with_columns(
        w=pl.Series([1.0, 2.5] * 50), satisfaction=pl.when(pl.int_range(100) > 3).then("satisfaction")
    )
    expected = csat(table, by="region", weight="w")
    found = csat(give(table, engine), by="region", weight="w")
    assert found.to_frame().drop("notes").rows() == [
        pytest.approx(row) for row in expected.to_frame().drop("notes").rows()
    ]
    assert found["N"].unanswered == 2


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(1, 10), st.floats(0.1, 3)), min_size=2, max_size=30))
def test_sums_give_what_numpy_gives(rows: list[tuple[float, float]]) -> None:
    table = pl.DataFrame(rows, schema=["satisfaction", "w"], orient="row")
    x, w = table["satisfaction"].to_numpy(), table["w"].to_numpy()
    result = csat(table, weight="w", scale=(1, 10))
    mean = np.average(x, weights=w)
    assert result.mean.estimate == pytest.approx(mean)
    error = math.sqrt((w**2 * (x - mean) ** 2).sum() * len(x) / (len(x) - 1)) / w.sum()
    assert result.standard_error == pytest.approx(error, abs=1e-6)  # of equal answers: sums leave a rounding
