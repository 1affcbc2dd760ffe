"""Drift of needs on many answers: a part of each period is drawn, and that is told."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from leal.explain import drift_of_needs, needs
from leal.path_model import PathModel

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
