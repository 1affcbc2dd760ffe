from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from leal.errors import BadOption, BadValue, MissingColumn
from leal.path_model import Definition, PathModel

MODEL = PathModel("One =~ a + b + c\nTwo =~ d + e\nTwo ~ One")


def group(
    generator: np.random.Generator, n: int, slope: float, shift: float, loading: float = 1.0
) -> np.ndarray:
    one = generator.normal(size=n)
    two = slope * one + np.sqrt(1 - slope**2) * generator.normal(size=n)
    scores = np.stack([one * loading, one, one, two, two], axis=1)
    noise = generator.normal(size=scores.shape) * 0.7
    return np.clip(np.rint(6.5 + shift + 1.5 * (scores + noise)), 1, 10)


def answers(
    seed: int, *, slope: float = 0.5, shift: float = 0.0, loading: float = 1.0, n: int = 200
) -> pl.DataFrame:
    generator = np.random.default_rng(seed)
    both = np.concatenate([group(generator, n, 0.5, 0.0), group(generator, n, slope, shift, loading)])
    return pl.DataFrame(both, schema=list("abcde")).with_columns(company=pl.Series(["A"] * n + ["B"] * n))


def test_like_groups_do_not_differ() -> None:
    found = MODEL.compare(answers(7), by="company", permutations=400, resamples=400)
    assert found.index["group"].to_list() == ["A", "A", "B", "B"]
    assert (found.differences["adjusted_p_value"] > 0.05).all()
    assert found.paths["p_value"][0] > 0.05
    assert found.invariance["same_composition"].all()
    assert not found.notes


def test_a_shift_of_the_mean_is_found() -> None:
    found = MODEL.compare(answers(2, shift=0.9), by="company", permutations=400, resamples=400)
    row = found.differences.row(0, named=True)
    assert row["p_value"] < 0.01
    assert row["ci_low"] < row["estimate"] < row["ci_high"] < 0
    assert found.paths["p_value"][0] > 0.05
    assert (found.invariance["p_value_means"] < 0.05).any()


def test_a_weaker_path_is_found() -> None:
    found = MODEL.compare(answers(3, slope=0.0), by="company", permutations=400, resamples=200)
    assert found.paths["p_value"][0] < 0.01
    assert found.paths["difference"][0] > 0.2


def test_what_is_measured_otherwise_is_told() -> None:
    found = MODEL.compare(answers(4, loading=-1.0), by="company", permutations=400, resamples=200)
    assert "not_invariant" in {note.code for note in found.notes}


def test_false_alarms_are_at_their_level() -> None:
    values = [
        MODEL.compare(answers(seed, n=80), by="company", permutations=199, resamples=64).paths["p_value"][0]
        for seed in range(60)
    ]
    assert 0 <= np.mean(np.array(values) < 0.1) <= 0.22


def test_small_groups_and_bad_columns_are_told(golden: Path) -> None:
    frame = answers(5, n=12)
    assert "small_groups" in {
        note.code for note in MODEL.compare(frame, by="company", permutations=50, resamples=64).notes
    }
    with pytest.raises(MissingColumn):
        MODEL.compare(frame, by="firm")
    with pytest.raises(BadValue, match="two groups"):
        MODEL.compare(frame.filter(pl.col("company") == "A"), by="company")


@pytest.mark.parametrize("definition", ["A", "B", "C", "D"])
def test_groups_are_compared_by_the_definition_asked_for(definition: Definition) -> None:
    """The index of a group is that of pooled weights, whatever the definition, applied to its means."""
    frame = answers(11, shift=0.4)
    found = MODEL.compare(frame, by="company", index=definition, permutations=50, resamples=64)
    pooled = MODEL.fit(frame, index=definition).fixed_weights()
    expected = pooled.index(frame, by="company").sort("company", "construct")
    shown = found.index.sort("group", "construct")
    assert np.allclose(shown["estimate"], expected["estimate"], atol=1e-9)
    assert shown["definition"].unique().to_list() == [definition]
    apart = found.differences.filter(pl.col("construct") == "One")["estimate"][0]
    one, other = shown.filter(pl.col("construct") == "One")["estimate"]
    assert apart == pytest.approx(one - other, abs=1e-9)
    assert (shown["ci_low"] < shown["estimate"]).all()
    assert (shown["estimate"] < shown["ci_high"]).all()


def test_a_definition_that_is_none_is_refused() -> None:
    with pytest.raises(BadOption, match="index"):
        MODEL.compare(answers(11), by="company", index="E")  # type: ignore[arg-type]


def test_one_group_of_a_few_like_answers_does_not_keep_the_others_from_being_compared() -> None:
    frame = answers(12)
    # Each item varies by one person alone: hardly any resample draws all five of them.
    one_each = np.vstack([5 + np.eye(5), np.full((1, 5), 5.0)])
    few = pl.DataFrame(one_each, schema=list("abcde")).with_columns(company=pl.lit("C"))
    found = MODEL.compare(pl.concat([frame, few]), by="company", permutations=50, resamples=200)
    assert found.index["group"].unique().sort().to_list() == ["A", "B"]
    note = next(note for note in found.notes if note.code == "groups_left_out")
    assert str(note).endswith("nearly all of the group answered alike: C.")
