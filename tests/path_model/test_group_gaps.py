"""Groups are compared with their gaps as `missing` says, mode by mode."""

from __future__ import annotations

import re

import numpy as np
import polars as pl
import pytest
from tests.path_model.test_group_comparison import MODEL, answers

from leal.errors import BadValue
from leal.path_model import Missing

ITEMS = list("abcde")
BRIDGING: list[Missing] = ["mean", "pairwise", "em"]
EVERY: list[Missing] = ["casewise", *BRIDGING]


def holed(frame: pl.DataFrame, seed: int, shares: dict[str, float]) -> pl.DataFrame:
    """Leave out each answer of a group with the probability given, by chance."""
    generator = np.random.default_rng(seed)
    share = frame["company"].replace_strict(shares, return_dtype=pl.Float64).to_numpy()
    gaps = [
        pl.when(pl.Series(generator.random(frame.height) < share))
        .then(None)
        .otherwise(pl.col(item))
        .alias(item)
        for item in ITEMS
    ]
    return frame.with_columns(gaps)


@pytest.mark.parametrize("missing", EVERY)
def test_estimates_by_group_are_those_of_each_group_fitted_alone(missing: Missing) -> None:
    frame = holed(answers(2, shift=0.5), 1, {"A": 0.15, "B": 0.15})
    found = MODEL.compare(frame, "company", missing=missing, permutations=50, resamples=100)
    alone = [
        MODEL.fit(frame.filter(pl.col("company") == name), missing=missing).paths["estimate"][0]
        for name in "AB"
    ]
    assert found.paths.select("estimate", "other_estimate").row(0) == pytest.approx(alone, abs=1e-6)


@pytest.mark.parametrize("missing", EVERY)
def test_index_by_group_is_that_of_pooled_weights(missing: Missing) -> None:
    frame = holed(answers(2, shift=0.5), 1, {"A": 0.15, "B": 0.15})
    found = MODEL.compare(frame, "company", missing=missing, permutations=50, resamples=100)
    pooled = MODEL.fit(frame, missing=missing)
    for name in "AB":
        means = MODEL.fit(frame.filter(pl.col("company") == name), missing=missing).covariance.means
        expected = np.add.reduceat(pooled.index_weights("B") * means, [0, 3])
        own = found.index.filter(pl.col("group") == name)
        assert own["estimate"].to_list() == pytest.approx((expected - 1) / 9 * 100, abs=0.02)
        assert (own["ci_low"] < own["estimate"]).all()
        assert (own["estimate"] < own["ci_high"]).all()


@pytest.mark.parametrize("missing", BRIDGING)
def test_a_shift_is_found_in_spite_of_gaps(missing: Missing) -> None:
    frame = holed(answers(2, shift=0.9), 3, {"A": 0.2, "B": 0.2})
    found = MODEL.compare(frame, "company", missing=missing, permutations=300, resamples=300)
    row = found.differences.row(0, named=True)
    assert row["p_value"] < 0.01
    assert row["ci_low"] < row["estimate"] < row["ci_high"] < 0
    assert found.index["n"].min() > 190  # all but those who answered nothing
    assert found.paths["p_value"][0] > 0.05
    assert {note.code for note in found.notes} == {"gaps_bridged"}


@pytest.mark.parametrize("missing", BRIDGING)
def test_a_weaker_path_and_another_meaning_are_found(missing: Missing) -> None:
    weaker = holed(answers(3, slope=0.0), 4, {"A": 0.15, "B": 0.15})
    found = MODEL.compare(weaker, "company", missing=missing, permutations=300, resamples=200)
    assert found.paths["p_value"][0] < 0.02
    assert found.paths["ci_low"][0] > 0
    unlike = holed(answers(4, loading=-1.0), 4, {"A": 0.15, "B": 0.15})
    told = MODEL.compare(unlike, "company", missing=missing, permutations=300, resamples=100)
    assert "not_invariant" in {note.code for note in told.notes}


def test_what_gaps_cost_is_told() -> None:
    frame = holed(answers(5), 5, {"A": 0.05, "B": 0.4})
    notes = {
        missing: {
            note.code: str(note.text)
            for note in MODEL.compare(frame, "company", missing=missing, permutations=50, resamples=100).notes
        }
        for missing in EVERY
    }
    assert all(re.search(r"\(B [34]\d.%, A \d.%\)", told["gaps_differ"]) for told in notes.values()), notes
    assert "missing='em'" in notes["mean"]["gaps_differ"]
    assert "answers_left_out" in notes["casewise"]
    assert "gaps_bridged" in notes["em"]


def test_gaps_of_one_group_need_not_empty_the_comparison() -> None:
    """Casewise nobody of B is left; with pairs the groups are compared all the same."""
    frame = holed(answers(6), 6, {"A": 0.0, "B": 0.1})
    odd = pl.col("company") == "B"
    turn = pl.int_range(pl.len()) % 5
    frame = frame.with_columns(
        pl.when(odd & (turn == place)).then(None).otherwise(pl.col(item)).alias(item)
        for place, item in enumerate(ITEMS)
    )
    with pytest.raises(BadValue, match="two groups"):
        MODEL.compare(frame, "company", permutations=50, resamples=100)
    for missing in BRIDGING:
        assert MODEL.compare(frame, "company", missing=missing, permutations=50, resamples=100).index["n"][0]


def test_answers_without_a_group_are_told() -> None:
    frame = answers(7, n=60).with_columns(
        company=pl.when(pl.int_range(pl.len()) < 3).then(None).otherwise(pl.col("company"))
    )
    found = MODEL.compare(frame, "company", permutations=50, resamples=100)
    assert "answers_without_group" in {note.code for note in found.notes}


def test_three_groups_differ_by_what_their_indices_say() -> None:
    frame = answers(8, n=120).with_columns(
        company=pl.concat([pl.Series(["A"] * 120), pl.Series(["B", "C"] * 60)])
    )
    found = MODEL.compare(frame, "company", permutations=50, resamples=100)
    index = {(row[0], row[1]): row[2] for row in found.index.select("group", "construct", "estimate").rows()}
    for row in found.differences.iter_rows(named=True):
        own, other = (index[row[end], row["construct"]] for end in ("group", "other"))
        assert row["estimate"] == pytest.approx(own - other)


@pytest.mark.slow
@pytest.mark.parametrize("missing", BRIDGING)
def test_false_alarms_are_at_their_level_with_gaps(missing: Missing) -> None:
    values = []
    for seed in range(200):
        frame = holed(answers(seed, n=100), seed, {"A": 0.2, "B": 0.2})
        found = MODEL.compare(frame, "company", missing=missing, permutations=199, resamples=64, seed=seed)
        values.append(
            [found.paths["p_value"][0], *found.differences["p_value"], *found.invariance["p_value"]]
        )
    alarms = (np.array(values) < 0.1).mean(axis=0)
    assert (alarms <= 0.17).all(), alarms
