"""Odd answers: a note or an error that says what to do, and never a figure that is no number."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import polars as pl
import pytest
from tests.path_model.test_properties import ITEMS, MODEL, answers

import leal
from leal.errors import BadOption, BadValue
from leal.explain import epsi_study
from leal.path_model import Moments, PathFit, PathModel

MODE_B = PathModel("One <~ a + b + c\nTwo =~ d + e\nThree =~ f + g\nTwo ~ One\nThree ~ One + Two")
TABLES = ("weights", "loadings", "paths", "total_effects", "r_squared", "index", "effects_in_points")


def codes(fit: PathFit) -> set[str]:
    return {note.code for note in fit.notes}


def figures(fit: PathFit) -> list[pl.DataFrame]:
    """Every table that a user may look at."""
    drawn, left_out, sure = fit.bootstrap(200, seed=1), fit.jackknife(), fit.assess(100)
    tables = [getattr(fit, name) for name in (*TABLES, "correlations")]
    tables += [getattr(each, name) for each in (drawn, left_out) for name in TABLES]
    told = [getattr(sure, field.name) for field in fields(sure)]
    return [*tables, *(table for table in told if isinstance(table, pl.DataFrame)), fit.index_by_definition()]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (answers(0).with_columns(b=pl.col("a")), "duplicated_items"),
        (answers(0).with_columns(d=pl.col("a")), "duplicated_items"),
        (answers(0).with_columns(b=11 - pl.col("b")), "negative_weights"),
        (answers(0, rows=20), "few_answers"),
        (answers(0, rows=12), "few_answers"),
        (answers(0).with_columns(a=pl.col("a") * 10), "off_scale"),
        (answers(0).with_columns(pl.all() / 2 + 0.5), "scale_unused"),
        (
            answers(0).with_columns(b=pl.when(pl.int_range(pl.len()) == 3).then(6.0).otherwise(5.0)),
            "weak_items",
        ),
        (
            pl.DataFrame(np.random.default_rng(0).integers(1, 11, (60, 7)).astype(float), schema=ITEMS),
            "negative_weights",
        ),
    ],
    ids=["copy", "copy across", "turned", "few", "fewer", "off scale", "1 to 5.5", "rare", "noise"],
)
def test_odd_answers_are_noted_and_no_figure_is_no_number(frame: pl.DataFrame, code: str) -> None:
    fit = MODEL.fit(frame)
    assert code in codes(fit)
    for table in figures(fit):
        for name, kind in table.schema.items():
            if kind.is_float():
                assert table[name].drop_nulls().is_finite().all(), (table.columns, name)


def test_a_block_of_mode_b_that_repeats_itself_is_refused() -> None:
    with pytest.raises(BadValue, match="repeat each other") as caught:
        MODE_B.fit(answers(0).with_columns(b=pl.col("a")))
    assert "One" in str(caught.value)


def test_consistent_pls_without_reliability_is_refused() -> None:
    noise = pl.DataFrame(np.random.default_rng(0).integers(1, 11, (60, 7)).astype(float), schema=ITEMS)
    with pytest.raises(BadValue, match="rho_A is not above zero"):
        MODEL.fit(noise, consistent=True)


def test_consistent_figures_beyond_their_limits_are_noted() -> None:
    fit = MODEL.fit(answers(0).with_columns(d=pl.col("a")), consistent=True)
    assert "inadmissible_r_squared" in codes(fit)


def test_what_does_not_settle_is_told() -> None:
    fit = MODEL.fit(answers(0), max_iterations=1)
    assert "not_converged" in codes(fit)
    with pytest.raises(BadValue, match="Only 0 of 200 resamples"):
        fit.bootstrap(200)


def test_a_fold_that_cannot_be_estimated_is_told() -> None:
    frame = answers(0).with_columns(b=pl.when(pl.int_range(pl.len()) == 3).then(6.0).otherwise(5.0))
    with pytest.raises(BadValue, match="of the 120 folds"):
        MODEL.fit(frame).predict_out_of_sample(None)


def test_weights_that_leave_few_answers_are_told() -> None:
    frame = answers(0).with_columns(w=pl.when(pl.int_range(pl.len()) < 8).then(1000.0).otherwise(1.0))
    fit = MODEL.fit(frame, "w")
    assert "few_answers" in codes(fit)
    assert any("effective" in note.text for note in fit.notes)


def test_a_scale_is_no_secret() -> None:
    fit = MODEL.fit(answers(0).with_columns(pl.all() / 2 + 0.5), scale=(1, 5.5))
    assert not {"off_scale", "scale_unused"} & codes(fit)
    assert "off_scale" in codes(MODEL.fit(Moments.from_frame(answers(0) * 10, ITEMS)))


@pytest.mark.parametrize("missing", ["mean", "pairwise", "em"])
def test_gaps_leave_every_figure_a_number(missing: str) -> None:
    generator = np.random.default_rng(3)
    gaps = [
        pl.when(pl.Series(generator.random(200) < 0.1)).then(None).otherwise(pl.col(item)).alias(item)
        for item in ITEMS
    ]
    fit = MODEL.fit(answers(1, rows=200).with_columns(gaps), missing=missing)  # type: ignore[arg-type]
    assert fit.n == 200
    assert "off_scale" not in codes(fit)
    for table in figures(fit):
        for name, kind in table.schema.items():
            if kind.is_float():
                assert table[name].drop_nulls().is_finite().all()


def test_options_that_mean_nothing_are_told() -> None:
    fit = MODEL.fit(answers(0))
    with pytest.raises(BadOption, match="resamples"):
        fit.bootstrap(0)
    with pytest.raises(BadOption, match="level"):
        fit.bootstrap(100, level=95)
    with pytest.raises(BadOption, match="level"):
        fit.jackknife(level=1.0)


def test_groups_that_cannot_be_estimated_are_left_out_and_told() -> None:
    frame = answers(0, rows=203).with_columns(
        brand=pl.Series(["A"] * 100 + ["B"] * 100 + ["C"] * 3), extra=pl.lit(1)
    )
    found = MODEL.compare(frame, "brand", permutations=40, resamples=60)
    assert set(found.index["group"]) == {"A", "B"}
    assert "groups_left_out" in {note.code for note in found.notes}
    halved = frame.with_columns(pl.col(ITEMS) / 2 + 0.5)
    told = MODEL.compare(halved, "brand", permutations=40, resamples=60)
    assert "scale_unused" in {note.code for note in told.notes}
    alike = frame.with_columns(a=pl.when(pl.col("brand") == "B").then(5.0).otherwise(pl.col("a")))
    with pytest.raises(BadValue, match="two groups"):
        MODEL.compare(alike, "brand", permutations=40, resamples=60)
    with pytest.raises(BadValue, match="is an item of the model"):
        MODEL.compare(frame, "a")


def test_gaps_of_other_dataframes_are_gaps() -> None:
    frame = answers(0, rows=100).with_columns(brand=pl.Series(["A", "B"] * 50))
    holes = frame.with_columns(
        a=pl.when(pl.int_range(pl.len()) < 10).then(float("nan")).otherwise(pl.col("a"))
    )
    found = MODEL.compare(holes, "brand", permutations=40, resamples=60)
    assert found.index["n"].to_list() == [45] * 6
    assert found.paths.select("estimate", "ci_low", "p_value").null_count().sum_horizontal()[0] == 0
    assert found.paths["ci_low"].is_finite().all()


def test_a_difference_of_paths_has_its_interval() -> None:
    frame = answers(4, rows=300).with_columns(wave=pl.Series(["A", "B"] * 150))
    found = MODEL.compare(frame, "wave", permutations=40, resamples=300).paths
    assert (found["ci_low"] < found["difference"]).all()
    assert (found["difference"] < found["ci_high"]).all()
    both = [MODEL.fit(frame.filter(pl.col("wave") == name)).bootstrap(2000, seed=1).paths for name in "AB"]
    errors = (both[0]["standard_error"] ** 2 + both[1]["standard_error"] ** 2).sqrt()
    assert found["standard_error"].to_list() == pytest.approx(errors.to_list(), rel=0.2)


def test_raw_metric_has_criteria_in_standard_units() -> None:
    """AVE, rho_C and SRMR of covariances would be above 1: they are of correlations of items and scores."""
    frame = answers(3, rows=300)
    fit = MODEL.fit(frame, metric="raw")
    found = fit.assess(100)
    scores = fit.scores(frame)
    for row in found.cross_loadings.iter_rows(named=True):
        for name in ("One", "Two", "Three"):
            expected = np.corrcoef(frame[row["item"]], scores[name])[0, 1]
            assert row[name] == pytest.approx(expected, abs=1e-9)
    plain = MODEL.fit(frame).assess(100)
    for table in ("reliability", "residual"):
        mine, theirs = getattr(found, table), getattr(plain, table)
        assert mine["estimate"].to_list() == pytest.approx(theirs["estimate"].to_list(), abs=0.01)
    assert "weak_items" in codes(MODEL.fit(frame.with_columns(c=frame["c"].reverse()), metric="raw"))


def test_consistent_pls_of_the_raw_metric_is_refused() -> None:
    with pytest.raises(BadValue, match="not on the raw metric"):
        MODEL.fit(answers(0), metric="raw", consistent=True)


@pytest.mark.filterwarnings("error")
def test_draws_without_end_leave_an_empty_limit() -> None:
    """Few answers with weight: in some resamples items repeat each other, and their inflation has no end."""
    frame = answers(0).with_columns(w=pl.when(pl.int_range(pl.len()) < 6).then(1.0).otherwise(0.0))
    for method in ("shifted_percentile", "percentile", "jackknife"):
        found = MODEL.fit(frame, "w").assess(300, method=method)
        for field in fields(found):
            table = getattr(found, field.name)
            if isinstance(table, pl.DataFrame):
                for name, kind in table.schema.items():
                    if kind.is_float():
                        assert table[name].drop_nulls().is_finite().all(), (field.name, name, method)


@pytest.mark.filterwarnings("error")
def test_answers_far_off_the_scale_have_a_sentence() -> None:
    """No band holds them: the sentence says so instead of failing."""
    index = leal.epsi_index(MODEL.fit(answers(0).with_columns(pl.all() * 1e-9)), drawn=None)
    assert "give the scale of the answers" in str(index)


@pytest.mark.parametrize("answer", [float("inf"), 1e200])
def test_answers_without_end_are_refused(answer: float) -> None:
    frame = answers(0).with_columns(
        a=pl.when(pl.int_range(pl.len()) == 1).then(answer).otherwise(pl.col("a"))
    )
    with pytest.raises(BadValue, match="without end") as caught:
        MODEL.fit(frame)
    assert caught.value.where.row == 2


@pytest.mark.parametrize("missing", ["mean", "pairwise", "em"])
def test_gaps_that_are_bridged_are_counted(missing: str) -> None:
    frame = answers(1).with_columns(a=pl.when(pl.int_range(pl.len()) < 12).then(None).otherwise(pl.col("a")))
    notes = {note.code: str(note.text) for note in MODEL.fit(frame, missing=missing).notes}  # type: ignore[arg-type]
    assert notes["gaps_bridged"].startswith("12 single answers (1")
    assert "gaps_bridged" not in codes(MODEL.fit(frame))


def test_a_study_does_not_fail_where_new_answers_cannot_be_foretold() -> None:
    frame = answers(0).with_columns(b=pl.when(pl.int_range(pl.len()) == 3).then(6.0).otherwise(5.0))
    found = epsi_study(MODEL, frame, resamples=100)
    assert found.prediction is None
    told = next(note for note in found.notes if note.code == "not_predictable")
    assert "of the 10 folds" in str(told.text)
    few = epsi_study(MODEL, answers(0, rows=40), resamples=100)
    assert "not_predictable" in {note.code for note in few.notes}


def test_the_hint_fits_what_hinders_the_resamples() -> None:
    """What does not settle is told as such; too few answers without gaps are not sent to fill gaps."""
    frame = answers(3, rows=100)
    with pytest.raises(BadValue) as unsettled:
        MODEL.fit(frame, max_iterations=1, tolerance=1e-12).bootstrap(200, seed=1)
    assert "raise max_iterations" in str(unsettled.value.hint)
    with pytest.raises(BadValue) as few:
        MODEL.fit(frame.head(2))
    assert "Collect more answers" in str(few.value.hint)
    with pytest.raises(BadValue) as gaps:
        MODEL.fit(frame.with_columns(a=pl.when(pl.int_range(pl.len()) < 2).then(pl.col("a"))))
    assert "missing='mean'" in str(gaps.value.hint)


def test_a_fit_says_itself_in_a_few_lines() -> None:
    fit = MODEL.fit(answers(0))
    assert str(fit).startswith("Path model of ")
    assert "Explained (R2): " in repr(fit)
    assert str(fit.assess(100)).startswith(str(fit.assess(100).verdicts[0]))
    for told in (fit, fit.assess(100), fit.bootstrap(100, seed=1), fit.jackknife()):
        assert len(repr(told)) < 1000


def test_a_stop_rule_that_never_holds_is_refused() -> None:
    frame = answers(0)
    with pytest.raises(BadOption, match="tolerance"):
        MODEL.fit(frame, tolerance=0)
    with pytest.raises(BadOption, match="max_iterations"):
        MODEL.fit(frame, max_iterations=0)
