"""The jackknife: the same tables as the bootstrap, with standard errors that need no chance."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.path_model.test_properties import ITEMS, MODEL, answers

import leal
from leal.errors import BadValue
from leal.path_model import Moments, PathModel

TABLES = ("weights", "loadings", "paths", "total_effects", "r_squared", "index", "effects_in_points")


def test_every_figure_has_its_jackknife_error() -> None:
    fit = MODEL.fit(answers(1))
    found, drawn = fit.jackknife(), fit.bootstrap(2000, seed=1)
    assert found.groups == 120
    for name in TABLES:
        table, other = getattr(found, name), getattr(drawn, name)
        assert table.columns == other.columns
        assert set(table["method"]) == {"jackknife"}
        assert (table["ci_low"] < table["estimate"]).all()
        assert (table["estimate"] < table["ci_high"]).all()
        ratio = table["standard_error"] / other["standard_error"]
        assert ratio.is_between(0.7, 1.4).all(), (name, ratio)


def test_errors_are_those_of_fits_without_each_answer() -> None:
    frame = answers(2, rows=40)
    found = MODEL.fit(frame, tolerance=1e-12).jackknife().paths
    each = np.array(
        [
            MODEL.fit(frame.filter(pl.arange(0, 40) != row), tolerance=1e-12).paths["estimate"].to_numpy()
            for row in range(40)
        ]
    )
    errors = np.sqrt(39 / 40 * ((each - each.mean(axis=0)) ** 2).sum(axis=0))
    assert found["standard_error"].to_numpy() == pytest.approx(errors, rel=1e-6)


def test_the_error_of_equal_weights_is_that_of_a_mean() -> None:
    """The index by equal weights is a mean, whose jackknife error is the textbook's."""
    frame = answers(3)
    found = MODEL.fit(frame, index="D").jackknife().index
    means = frame.select(pl.mean_horizontal("a", "b", "c").alias("One"))["One"] / 9 * 100
    assert found["standard_error"][0] == pytest.approx(means.std() / np.sqrt(120), rel=1e-9)


def test_many_answers_are_left_out_by_groups() -> None:
    fit = MODEL.fit(answers(4, rows=6_000))
    found = fit.jackknife(seed=2)
    assert found.groups == 1_000
    plain = fit.bootstrap(1000, seed=1).paths["standard_error"]
    assert found.paths["standard_error"].to_list() == pytest.approx(plain.to_list(), rel=0.2)
    assert found.paths.equals(fit.jackknife(seed=2).paths)


def test_criteria_have_their_jackknife_errors() -> None:
    fit = MODEL.fit(answers(5))
    found, drawn = fit.jackknife().assessment, fit.assess(1000)
    for name in ("reliability", "heterotrait_monotrait", "cross_loading_intervals", "item_inflation"):
        table, other = getattr(found, name), getattr(drawn, name)
        if name == "reliability":  # rho_A of short blocks has far outliers among resamples, none left out
            table, other = (each.filter(pl.col("criterion") != "rho_A") for each in (table, other))
        moved = other.filter(pl.col("standard_error") > 1e-9)
        ratio = table.filter(other["standard_error"] > 1e-9)["standard_error"] / moved["standard_error"]
        assert ratio.is_between(0.6, 1.6).all(), (name, ratio)
    assert set(found.reliability["method"]) == {"jackknife"}


def test_weights_count_as_the_fits_do() -> None:
    frame = answers(6).with_columns(w=pl.Series(np.tile([1.0, 3.0], 60)))
    found = MODEL.fit(frame, "w").jackknife().paths
    assert (found["standard_error"] > MODEL.fit(frame).jackknife().paths["standard_error"] * 0.8).all()
    assert found["estimate"].to_list() == MODEL.fit(frame, "w").paths["estimate"].to_list()


def test_moments_have_nothing_to_leave_out() -> None:
    fit = MODEL.fit(Moments.from_frame(answers(7), ITEMS))
    with pytest.raises(BadValue, match="on moments"):
        fit.jackknife()


def test_an_answer_on_which_all_hangs_is_told() -> None:
    generator = np.random.default_rng(4)
    x = generator.integers(4, 8, size=30).astype(float)
    rare = np.full(30, 5.0)
    rare[0] = 6.0
    frame = pl.DataFrame({"a": x, "b": rare, "c": x + generator.integers(0, 2, size=30), "d": x[::-1]})
    found = PathModel("One =~ a + b\nTwo =~ c + d\nTwo ~ One").fit(frame).jackknife()
    assert found.unusable == 1
    assert "1 of the 30" in str(found.notes[-1])


def test_errors_and_accelerations_are_those_of_the_reference(golden: Path) -> None:
    """Golden mobi_bootstrap.json, jackknife_for_BCa: the reference prototype on mobi."""
    folder = golden / "path_model"
    truth = json.loads((folder / "mobi_bootstrap.json").read_text())["jackknife_for_BCa"]
    found = leal.epsi("ecsi-mobile").fit(pl.read_csv(folder / "mobi.csv"), tolerance=1e-12).jackknife()
    left_out = found.draws.paths
    deviation = left_out.mean(axis=1, keepdims=True) - left_out
    acceleration = (deviation**3).sum(axis=1) / (6 * (deviation**2).sum(axis=1) ** 1.5)
    for place, row in enumerate(found.paths.iter_rows(named=True)):
        told = truth[f"{row['source']}->{row['target']}"]
        assert row["standard_error"] == pytest.approx(told["jackknife_se"], rel=1e-5)
        assert left_out[place].mean() == pytest.approx(told["jack_mean"], abs=1e-7)
        assert acceleration[place] == pytest.approx(told["acceleration"], abs=1e-5)
