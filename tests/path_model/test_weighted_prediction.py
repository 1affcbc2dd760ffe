"""PLSpredict with sampling weights, gaps and consistent PLS: what must hold whatever the data."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from tests.path_model.test_properties import ITEMS, MODEL, answers

from leal.errors import BadOption, BadValue
from leal.path_model import PathModel, Prediction
from leal.path_model.cross_fitting import Division

FIGURES = ("rmse", "mae", "q2", "benchmark_rmse", "benchmark_mae")


def weighted(frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    return frame.with_columns(w=pl.Series(np.random.default_rng(seed).integers(1, 4, len(frame)) * 1.0))


def predicted(frame: pl.DataFrame, weight: str | None = None, folds: Any = 10, **options: Any) -> Prediction:
    return MODEL.fit(frame, weight, tolerance=1e-12).predict_out_of_sample(folds, repeats=1, **options)


def fixed_folds(monkeypatch: pytest.MonkeyPatch, places: np.ndarray) -> None:
    def drawn(cls: type[Division], n: int, folds: int, generator: object) -> Division:
        return cls(places=places, folds=folds)

    monkeypatch.setattr(Division, "drawn", classmethod(drawn))


def test_weights_change_what_is_foretold() -> None:
    frame = weighted(answers(1), 1)
    plain, found = predicted(frame), predicted(frame, "w")
    for figure in FIGURES:
        apart = np.abs(plain.items[figure].to_numpy() - found.items[figure].to_numpy())
        assert apart.min() > 1e-6, figure
    assert found.items["n"].to_list() == [120] * 4


@pytest.mark.parametrize("benchmark", ["exogenous", "other_blocks", "exogenous_no_constant"])
@pytest.mark.parametrize("metric", ["standardised", "raw"])
def test_a_weight_of_two_is_two_answers(monkeypatch: pytest.MonkeyPatch, benchmark: Any, metric: Any) -> None:
    """The same people in the same folds, once weighted, once as rows of their own."""
    frame = weighted(answers(2), 2)
    times = frame["w"].to_numpy().astype(int)
    repeated = frame[np.repeat(np.arange(len(frame)), times)]
    places = np.random.default_rng(0).permutation(np.arange(len(frame)) % 6)
    fixed_folds(monkeypatch, places)
    one = MODEL.fit(frame, "w", metric=metric, tolerance=1e-13).predict_out_of_sample(6, benchmark=benchmark)
    fixed_folds(monkeypatch, np.repeat(places, times))
    two = MODEL.fit(repeated, metric=metric, tolerance=1e-13).predict_out_of_sample(6, benchmark=benchmark)
    for figure in FIGURES:
        assert one.items[figure].to_list() == pytest.approx(two.items[figure].to_list(), abs=1e-9), figure
    for mine, theirs in (
        (one.against_mean, two.against_mean),
        (one.against_benchmark, two.against_benchmark),
    ):
        for column in ("loss", "other_loss", "estimate"):
            assert mine[column].to_list() == pytest.approx(theirs[column].to_list(), abs=1e-9), column
    # The interval is not that of more people: a weight of two is one person, not two.
    assert (one.against_mean["n"] < two.against_mean["n"]).all()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), weight=st.floats(0.01, 100))
def test_equal_weights_are_no_weights(seed: int, weight: float) -> None:
    frame = answers(seed).with_columns(w=pl.lit(weight))
    plain, found = predicted(frame), predicted(frame, "w")
    assert_frame_equal(plain.items, found.items, check_exact=True)
    assert_frame_equal(plain.against_mean, found.against_mean, check_exact=True)
    assert_frame_equal(plain.against_benchmark, found.against_benchmark, check_exact=True)
    assert_frame_equal(plain.errors, found.errors, check_exact=True)


def test_leave_one_out_regressions_are_those_fitted_anew() -> None:
    """The short cut by leverages against a weighted regression on all other answers, one by one."""
    frame = weighted(answers(3, rows=40), 3)
    found = predicted(frame, "w", None)
    rows, weights = frame.select(ITEMS).to_numpy(), frame["w"].to_numpy()
    design = np.concatenate([np.ones((40, 1)), rows[:, :3]], axis=1)
    errors = np.empty((40, 4))
    for row in range(40):
        others = np.arange(40) != row
        root = np.sqrt(weights[others])[:, None]
        slopes = np.linalg.lstsq(design[others] * root, rows[others, 3:] * root, rcond=None)[0]
        errors[row] = rows[row, 3:] - design[row] @ slopes
    expected = np.sqrt(np.average(errors**2, axis=0, weights=weights))
    assert found.items["benchmark_rmse"].to_list() == pytest.approx(expected.tolist(), abs=1e-10)


def test_an_answer_of_no_weight_says_nothing() -> None:
    frame = answers(4).with_columns(w=pl.when(pl.int_range(pl.len()) < 100).then(1.0).otherwise(0.0))
    found, without = predicted(frame, "w", None), predicted(frame.head(100), None, None)
    for figure in FIGURES:
        assert found.items[figure].to_list() == pytest.approx(without.items[figure].to_list(), abs=1e-9)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("rows", [9, 8])
def test_few_answers_leave_regressions_that_are_numbers(rows: int) -> None:
    """As many items in a regression as answers: each answer alone decides, leverage is 1."""
    frame = answers(11, rows=rows)
    found = predicted(frame, None, None, benchmark="other_blocks")
    assert found.items.select(pl.col(pl.Float64).is_finite().all()).row(0) == (True,) * 5


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("missing", ["mean", "em", "pairwise"])
def test_what_was_filled_in_is_no_answer(missing: Any) -> None:
    generator = np.random.default_rng(5)
    frame = answers(5, rows=200).with_columns(
        d=pl.when(pl.Series(generator.random(200) < 0.3)).then(None).otherwise(pl.col("d"))
    )
    found = MODEL.fit(frame, missing=missing).predict_out_of_sample(repeats=2)
    given = 200 - frame["d"].null_count()
    counts = dict(zip(found.items["item"], found.items["n"], strict=True))
    assert counts == {"d": given, "e": 200, "f": 200, "g": 200}
    assert found.errors["d"].null_count() == 200 - given
    assert found.errors["e"].null_count() == 0
    square = float((found.errors["d"] ** 2).mean()) ** 0.5  # type: ignore[arg-type]
    assert found.items["rmse"][0] == pytest.approx(square, rel=0.02)


def test_consistent_fits_predict_by_consistent_paths_and_say_so() -> None:
    """One fold by hand: corrected paths and loadings on the scores of the composites, as seminr does."""
    frame = answers(6, rows=300).select("a", "b", "c", "d", "e")
    model = PathModel("One =~ a + b + c\nTwo =~ d + e\nTwo ~ One")
    found = model.fit(frame, consistent=True).predict_out_of_sample(None)
    assert "predicted_by_consistent_paths" in {note.code for note in found.notes}
    others = model.fit(frame[1:], consistent=True)
    score = others.scores(frame[:1])["One"][0]
    loading, path = others.loadings["estimate"][3], others.paths["estimate"][0]
    others_d = frame["d"].to_numpy()[1:]
    deviation, mean = others_d.std(ddof=1), others_d.mean()
    expected = frame["d"][0] - (mean + deviation * loading * path * score)
    assert found.errors["d"][0] == pytest.approx(expected, abs=1e-6)
    plain = model.fit(frame).predict_out_of_sample(None)
    assert "predicted_by_consistent_paths" not in {note.code for note in plain.notes}
    assert abs(plain.items["rmse"].to_numpy() - found.items["rmse"].to_numpy()).min() > 1e-5


def test_a_fold_without_reliability_is_told() -> None:
    """Two items that hardly go together: without some answer their correlation is below zero."""
    for seed in range(200):
        generator = np.random.default_rng(seed)
        d, e = generator.integers(1, 11, (2, 40)).astype(float)
        frame = answers(seed, rows=40).with_columns(d=pl.Series(d), e=pl.Series(e))
        if 0 < np.corrcoef(d, e)[0, 1] < 0.01:
            break
    fit = MODEL.fit(frame, consistent=True)
    with pytest.raises(BadValue, match="Consistent PLS is not possible without"):
        fit.predict_out_of_sample(None)


def test_constructs_that_are_not_predicted_are_named() -> None:
    noise = np.random.default_rng(7).integers(5, 7, (120, 2)).astype(float)
    frame = answers(7).with_columns(f=pl.Series(noise[:, 0]), g=pl.Series(noise[:, 1]))
    notes = {note.code: note.text for note in predicted(frame).notes}
    assert "Three" in notes["not_predicted"]
    assert "Two" not in notes["not_predicted"]


def test_no_repeat_is_told() -> None:
    with pytest.raises(BadOption, match="repeats"):
        MODEL.fit(answers(8)).predict_out_of_sample(repeats=0)
