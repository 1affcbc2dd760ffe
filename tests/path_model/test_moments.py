from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leal.errors import BadFile, BadValue, MissingColumn
from leal.path_model import FixedWeights, Missing, Moments, PathModel

ITEMS = ("a", "b", "c")


def answers(rows: int = 200, gaps: float = 0.0, seed: int = 1) -> pl.DataFrame:
    generator = np.random.default_rng(seed)
    common = generator.normal(size=rows)
    values = np.clip(np.rint(6 + 2 * common[:, None] + generator.normal(size=(rows, 3))), 1, 10)
    values[generator.random(values.shape) < gaps] = np.nan
    frame = pl.DataFrame(values, schema=list(ITEMS)).fill_nan(None)
    return frame.with_columns(
        pl.Series("wave", generator.integers(1, 4, rows)), pl.Series("w", generator.uniform(0.5, 2, rows))
    )


def test_moments_are_the_covariance_of_numpy() -> None:
    frame = answers()
    found = Moments.from_frame(frame, ITEMS).covariance()
    assert found.matrix == pytest.approx(np.cov(frame.select(ITEMS).to_numpy().T))
    assert found.means == pytest.approx(frame.select(ITEMS).to_numpy().mean(axis=0))
    assert found.n == 200


def test_weighted_moments_are_those_of_numpy() -> None:
    frame = answers()
    found = Moments.from_frame(frame, ITEMS, weight="w").covariance()
    values, weights = frame.select(ITEMS).to_numpy(), frame["w"].to_numpy()
    expected = np.cov(values.T, aweights=weights, ddof=0) * 200 / 199
    assert found.matrix == pytest.approx(expected)
    assert found.effective_n == pytest.approx(weights.sum() ** 2 / (weights**2).sum())


@settings(max_examples=25, deadline=None)
@given(cut=st.integers(0, 200), gaps=st.sampled_from([0.0, 0.2]))
def test_moments_add(cut: int, gaps: float) -> None:
    frame = answers(gaps=gaps)
    whole = Moments.from_frame(frame, ITEMS, by="wave", weight="w")
    parts = Moments.from_frame(frame[:cut], ITEMS, by="wave", weight="w") + Moments.from_frame(
        frame[cut:], ITEMS, by="wave", weight="w"
    )
    for missing in ("casewise", "mean", "pairwise", "em"):
        one, other = whole.pooled().covariance(missing), parts.pooled().covariance(missing)  # type: ignore[arg-type]
        assert other.matrix == pytest.approx(one.matrix)
        assert other.n == one.n


def test_groups_are_filtered_and_pooled() -> None:
    frame = answers()
    moments = Moments.from_frame(frame, ITEMS, by="wave")
    one = moments.filter(wave=[1, 2]).covariance()
    assert one.matrix == pytest.approx(np.cov(frame.filter(pl.col("wave") < 3).select(ITEMS).to_numpy().T))
    assert set(moments.groups()) == {(1,), (2,), (3,)}
    with pytest.raises(MissingColumn):
        moments.filter(waves=1)


def test_saved_moments_come_back(tmp_path: Path) -> None:
    moments = Moments.from_frame(answers(gaps=0.1), ITEMS, by="wave", weight="w")
    moments.save(tmp_path / "moments.parquet")
    again = Moments.load(tmp_path / "moments.parquet")
    assert again.items == moments.items
    assert again.covariance("em").matrix == pytest.approx(moments.covariance("em").matrix)


def test_gaps_by_each_rule() -> None:
    frame = answers(400, gaps=0.15)
    values = frame.select(ITEMS).to_numpy()
    moments = Moments.from_frame(frame, ITEMS)
    complete = ~np.isnan(values).any(axis=1)
    assert moments.covariance("casewise").matrix == pytest.approx(np.cov(values[complete].T))
    some = ~np.isnan(values).all(axis=1)
    filled = np.where(np.isnan(values), np.nanmean(values, axis=0), values)[some]
    assert moments.covariance("mean").matrix == pytest.approx(np.cov(filled.T))
    both = ~np.isnan(values[:, [0, 1]]).any(axis=1)
    pair = np.cov(values[both][:, [0, 1]].T)[0, 1]
    assert moments.covariance("pairwise").matrix[0, 1] == pytest.approx(pair)


def test_expectation_maximisation_recovers_the_covariance() -> None:
    truth = Moments.from_frame(answers(20_000), ITEMS).covariance().matrix
    found = Moments.from_frame(answers(20_000, gaps=0.3), ITEMS).covariance("em").matrix
    filled = Moments.from_frame(answers(20_000, gaps=0.3), ITEMS).covariance("mean").matrix
    assert found == pytest.approx(truth, rel=0.04)
    assert filled[0, 1] < 0.8 * truth[0, 1]


def test_a_model_runs_on_moments_alone() -> None:
    frame = answers()
    model = PathModel("One =~ a + b\nTwo =~ c\nTwo ~ One")
    on_answers, on_moments = model.fit(frame), model.fit(Moments.from_frame(frame, ITEMS, by="wave"))
    assert on_moments.paths["estimate"].to_list() == pytest.approx(on_answers.paths["estimate"].to_list())
    assert on_moments.index["estimate"].to_list() == pytest.approx(on_answers.index["estimate"].to_list())
    with pytest.raises(BadValue, match="cannot be resampled"):
        on_moments.bootstrap(100)


def test_bad_answers_are_told() -> None:
    model = PathModel("One =~ a + b\nTwo =~ c\nTwo ~ One")
    frame = answers()
    with pytest.raises(MissingColumn, match="'c'"):
        model.fit(frame.drop("c"))
    with pytest.raises(BadValue, match="holds words"):
        model.fit(frame.with_columns(pl.col("a").cast(pl.String)))
    with pytest.raises(BadValue, match="same answer everywhere"):
        model.fit(frame.with_columns(a=pl.lit(5)))
    with pytest.raises(BadValue, match="weights are missing or below zero"):
        model.fit(frame.with_columns(w=-pl.col("w")), weight="w")
    with pytest.raises(BadValue, match="item a was answered by nobody"):
        model.fit(frame.with_columns(a=pl.lit(None, dtype=pl.Float64)))
    with pytest.raises(BadValue, match="item a was answered by nobody"):
        model.fit(frame.with_columns(a=pl.lit(None)))
    with pytest.raises(BadValue, match="Only 2 answers are complete"):
        model.fit(frame.with_columns(a=pl.when(pl.int_range(pl.len()) < 2).then(pl.col("a"))))
    with pytest.raises(BadValue, match="a number without end"):
        model.fit(frame.with_columns(a=pl.lit(float("inf"))))
    with pytest.raises(BadValue, match="weights hold words"):
        model.fit(frame.with_columns(w=pl.lit("much")), weight="w")
    with pytest.raises(BadValue, match="weights of all answers are zero"):
        model.fit(frame.with_columns(w=pl.lit(0.0)), weight="w")


def test_errors_of_means_rest_on_who_answered_each_item() -> None:
    """By hand: two items that nobody answered both of, five and four answers."""
    one, two = [2.0, 4.0, 5.0, 7.0, 9.0], [3.0, 6.0, 6.0, 8.0]
    frame = pl.DataFrame({"a": [*one, *[None] * 4], "b": [*[None] * 5, *two]})
    expected = [np.var(values, ddof=1) / len(values) for values in (one, two)]
    for missing in ("mean", "pairwise"):
        found = Moments.from_frame(frame, ["a", "b"]).covariance(missing)  # type: ignore[arg-type]
        assert np.diag(found.of_means) == pytest.approx(expected)
        assert found.of_means[0, 1] == 0
        assert found.least_effective_n == pytest.approx(4)


@pytest.mark.parametrize("missing", ["mean", "pairwise", "em"])
def test_filled_gaps_make_no_interval_narrower(missing: Missing) -> None:
    """The spread of a fixed-weight index over 300 surveys with gaps is the standard error that is told."""
    weights = FixedWeights(constructs={"X": {"a": 0.5, "b": 0.5}}, definition="D", scale=(1.0, 10.0), n=0)
    generator = np.random.default_rng(5)
    found, told = [], []
    for _ in range(300):
        values = 5 + generator.normal(size=(120, 1)) + generator.normal(size=(120, 2))
        values[generator.random(values.shape) < 0.4] = np.nan
        row = weights.index(pl.DataFrame(values, schema=["a", "b"]), missing=missing)
        found.append(row["estimate"][0])
        told.append(row["standard_error"][0])
    assert np.mean(told) == pytest.approx(np.std(found), rel=0.12)


def test_moments_can_be_summed() -> None:
    frame = answers()
    parts = [Moments.from_frame(frame[start : start + 50], ITEMS) for start in range(0, 200, 50)]
    merged: Moments = sum(parts)  # type: ignore[assignment]
    assert (merged.sums == Moments.from_frame(frame, ITEMS).sums).all()
    with pytest.raises(TypeError):
        1 + parts[0]  # type: ignore[operator]


def test_what_moments_cannot_be_made_of_is_told(tmp_path: Path) -> None:
    frame = answers().with_columns(word=pl.lit("x"))
    assert Moments.from_frame(frame, "a").items == ("a",)
    for items, what in (([], "No items"), (["a", "b", "a"], "named twice: a"), (["word"], "holds words")):
        with pytest.raises(BadValue, match=what):
            Moments.from_frame(frame, items)
    with pytest.raises(BadValue, match="weights hold words"):
        Moments.from_frame(frame, ITEMS, weight="word")
    for weight in (-1.0, None):
        with pytest.raises(BadValue, match="weights are missing or below zero"):
            Moments.from_frame(frame.with_columns(w=pl.lit(weight, dtype=pl.Float64)), ITEMS, weight="w")
    with pytest.raises(BadValue, match="No group of the moments"):
        Moments.from_frame(frame, ITEMS, by="wave").filter(wave=99)
    frame.write_parquet(tmp_path / "answers.parquet")
    with pytest.raises(BadFile, match="does not hold moments"):
        Moments.load(tmp_path / "answers.parquet")
