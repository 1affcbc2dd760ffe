"""All criteria with their intervals."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.path_model.test_properties import ITEMS, MODEL, answers

from leal.errors import BadOption
from leal.path_model import Moments, PathModel
from leal.path_model.intervals import without_bias

TABLES = (
    "reliability",
    "heterotrait_monotrait",
    "fornell_larcker_intervals",
    "cross_loading_intervals",
    "inflation",
    "item_inflation",
    "effect_sizes",
    "r_squared",
    "residual",
)


@pytest.mark.parametrize("method", ["shifted_percentile", "percentile", "bca", "jackknife"])
def test_every_criterion_has_an_interval(method: str) -> None:
    found = MODEL.fit(answers(1)).assess(500, method=method)
    for name in TABLES:
        table = getattr(found, name)
        assert table["standard_error"].is_finite().all(), name
        assert (table["ci_low"] <= table["ci_high"] + 1e-12).all(), name
        assert set(table["method"]) == {method}
        assert set(table["n"]) == {120}


def test_the_long_tables_are_the_wide_ones() -> None:
    found = MODEL.fit(answers(2)).assess(200)
    for row in found.cross_loading_intervals.iter_rows(named=True):
        wide = found.cross_loadings.filter(pl.col("item") == row["item"]).row(0, named=True)
        assert row["construct"] == wide["construct"]
        assert row["estimate"] == wide[row["other"]]
    for row in found.fornell_larcker_intervals.iter_rows(named=True):
        wide = found.fornell_larcker.filter(pl.col("construct") == row["construct"]).row(0, named=True)
        assert row["estimate"] == wide[row["other"]]


def test_residuals_hold_their_estimate() -> None:
    """Noise enters a resample twice: plain percentiles of SRMR do not even hold the sample's own value."""
    fit = MODEL.fit(answers(3, rows=50))
    plain, freed = fit.assess(500, method="percentile").residual, fit.assess(500).residual
    assert (plain["ci_low"] > plain["estimate"]).any()
    assert (freed["ci_low"] <= freed["estimate"]).all()
    assert (freed["ci_high"] >= freed["estimate"]).all()
    assert (freed["ci_low"] >= 0).all()


def test_moments_have_criteria_without_intervals() -> None:
    found = MODEL.fit(Moments.from_frame(answers(4), ITEMS)).assess()
    assert found.item_inflation["estimate"].is_finite().all()
    assert found.item_inflation["ci_low"].is_null().all()
    assert found.verdicts


def test_consistent_intervals_are_of_consistent_figures() -> None:
    fit = MODEL.fit(answers(5, rows=400), consistent=True)
    row = fit.assess(500).r_squared.row(1, named=True)
    plain = MODEL.fit(answers(5, rows=400)).assess(500).r_squared.row(1, named=True)
    assert row["ci_low"] < row["estimate"] < row["ci_high"]
    assert row["ci_high"] > plain["ci_high"]


def test_items_that_repeat_another_have_no_inflation() -> None:
    frame = answers(6).with_columns(pl.col("a").alias("b"))
    found = MODEL.fit(frame).assess(200).item_inflation
    values = dict(zip(found["item"], found["estimate"], strict=True))
    assert values["a"] is None
    assert values["d"] is not None


def test_a_method_that_is_none_is_told() -> None:
    with pytest.raises(BadOption, match="studentized"):
        MODEL.fit(answers(7)).assess(100, method="studentized")


def test_explained_variance_is_freed_as_the_adjusted_r2_is() -> None:
    """With the bias of a plain regression, the middle of the draws is the adjusted R2 once more."""
    n, k, r2 = 100, 3, 0.4
    shrink = (n - k - 1) / (n - 1)
    draws = np.full((1, 9), 1 - (1 - r2) * shrink)
    freed = without_bias(draws, np.array([r2]), "explained")
    assert freed[0, 0] == pytest.approx(1 - (1 - r2) / shrink)


def test_collinear_causes_and_twin_constructs_are_told() -> None:
    frame = answers(8).with_columns((pl.col("a") + pl.col("d") * 0.01).alias("f"), pl.col("b").alias("g"))
    codes = {note.code for note in MODEL.fit(frame).assess(200).verdicts}
    assert "not_told_apart" in codes
    with_path = PathModel("One =~ a + b + c\nTwo =~ f + g\nThree =~ d + e\nThree ~ One + Two").fit(frame)
    assert "collinear_sources" in {note.code for note in with_path.assess(200).verdicts}


def test_single_items_have_no_reliability_to_tell() -> None:
    model = PathModel("One =~ a\nTwo =~ d\nTwo ~ One")
    found = model.fit(answers(9)).assess(100)
    assert {note.code for note in found.verdicts} == {"single_items"}
