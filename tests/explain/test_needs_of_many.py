"""Drift of needs on many answers: a part of each period is drawn, and that is told."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from leal.explain import drift_of_needs, needs
from leal.path_model import Missing, PathModel

MODEL = PathModel("Quality =~ q1 + q2\nSatisfaction =~ s1 + s2\nSatisfaction ~ Quality")


def two_periods(n: int, later: float) -> pl.DataFrame:
    """The effect of quality is .8 in the first period and `later` in the second."""
    random = np.random.default_rng(3)
    parts = []
    for wave, effect in (("2024", 0.8), ("2025", later)):
        quality = random.standard_normal(n)
        satisfaction = effect * quality + np.sqrt(1 - effect**2) * random.standard_normal(n)
        columns = {
            name: 6 + 1.5 * (latent + 0.4 * random.standard_normal(n))
            for name, latent in (("q1", quality), ("q2", quality), ("s1", satisfaction), ("s2", satisfaction))
        }
        parts.append(pl.DataFrame(columns).with_columns(wave=pl.lit(wave)))
    return pl.concat(parts)


def test_of_many_answers_a_part_is_compared_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "MOST_A_PERIOD", 400)
    found = drift_of_needs(two_periods(2000, later=0.3), MODEL, permutations=200, resamples=200)
    assert [note.code for note in found.notes] == ["periods_sampled"]
    assert found.changes[0].n == 800
    assert found.clear
    again = drift_of_needs(two_periods(2000, later=0.3), MODEL, permutations=200, resamples=200)
    assert again.changes[0].estimate == found.changes[0].estimate


def test_of_few_answers_all_are_compared() -> None:
    found = drift_of_needs(two_periods(300, later=0.8), MODEL, permutations=200, resamples=200)
    assert not found.notes
    assert found.changes[0].n == 600


def gapped(frame: pl.DataFrame, early: float, late: float) -> pl.DataFrame:
    """Leave out each answer of a period with the probability given, by chance."""
    random = np.random.default_rng(4)
    share = np.where(frame["wave"].to_numpy() == "2024", early, late)
    gaps = [
        pl.when(pl.Series(random.random(frame.height) < share)).then(None).otherwise(pl.col(item)).alias(item)
        for item in MODEL.items
    ]
    return frame.with_columns(gaps)


@pytest.mark.parametrize("missing", ["mean", "pairwise", "em"])
def test_drift_is_told_in_spite_of_gaps(missing: Missing) -> None:
    """Half of the people left something out: casewise they would not be compared."""
    frame = gapped(two_periods(260, later=0.3), 0.17, 0.17)
    assert not drift_of_needs(frame, MODEL, permutations=50, resamples=100).changes
    found = drift_of_needs(frame, MODEL, missing=missing, permutations=300, resamples=200)
    assert found.clear
    assert found.changes[0].period == "2024"
    assert found.changes[0].after < found.changes[0].before
    assert found.changes[0].ci_low < found.changes[0].estimate < found.changes[0].ci_high < 0
    assert [note.code for note in found.notes] == ["gaps_bridged"]


def test_gaps_that_differ_by_period_are_told() -> None:
    frame = gapped(two_periods(300, later=0.8), 0.0, 0.3)
    found = drift_of_needs(frame, MODEL, missing="mean", permutations=50, resamples=100)
    told = {note.code: str(note.text) for note in found.notes}
    assert "2025 3" in told["gaps_differ"]
    assert "missing='em'" in told["gaps_differ"]


def test_periods_are_in_time_whatever_their_names() -> None:
    frame = two_periods(300, later=0.3).with_columns(
        wave=pl.col("wave").replace({"2024": "wave 9", "2025": "wave 10"})
    )
    found = drift_of_needs(frame, MODEL, permutations=200, resamples=200)
    first = found.changes[0]
    assert (first.period, first.later) in {("wave 9", "wave 10"), ("wave 10", "wave 9")}
    turned = 1 if first.period == "wave 9" else -1
    assert turned * first.estimate < -0.2
    assert turned * (first.after - first.before) == pytest.approx(turned * first.estimate)
