"""Limits from draws: quantiles, the shift against bias and its bound."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from leal.path_model.intervals import (
    MOST_SHIFT,
    SHIFT,
    Drawn,
    inflation_limits,
    percentile_limits,
    shifted_limits,
)

N = 50
DRAWS = np.sort(np.random.default_rng(1).normal(size=(3, 999)), axis=1)


def reach(level: float) -> float:
    """The standard normal quantile at which the default cuts its tails, read off from its percentiles."""
    low, _ = percentile_limits(np.linspace(0, 1, 100_001)[None], level, N)
    return float(-ndtri(low[0]))


@given(seed=st.integers(0, 1000), level=st.floats(0.5, 0.99))
def test_percentiles_are_the_quantiles_of_numpy(seed: int, level: float) -> None:
    draws = np.random.default_rng(seed).normal(size=(4, 57))
    low, high = percentile_limits(draws, level)
    tail = (1 - level) / 2
    assert low == pytest.approx(np.quantile(draws, tail, axis=1))
    assert high == pytest.approx(np.quantile(draws, 1 - tail, axis=1))


def test_draws_about_the_estimate_are_not_shifted() -> None:
    found = shifted_limits(DRAWS, np.median(DRAWS, axis=1), 0.95, N)
    assert np.stack(found) == pytest.approx(np.stack(percentile_limits(DRAWS, 0.95, N)), abs=1e-9)


@pytest.mark.parametrize("z0", [-0.15, 0.1])
def test_biased_draws_are_shifted_by_a_part_of_the_bias(z0: float) -> None:
    """Each row of draws by a z0 of its own: the quantiles are those of NumPy at Phi(1.5 z0 -+ t)."""
    estimates = np.array([np.quantile(row, ndtr(z0)) for row in DRAWS]) + 1e-9
    share = (estimates[:, None] > DRAWS).mean(axis=1)
    shift = SHIFT * ndtri(share)
    low, high = shifted_limits(DRAWS, estimates, 0.95, N)
    for row in range(3):
        assert low[row] == pytest.approx(np.quantile(DRAWS[row], ndtr(shift[row] - reach(0.95))), abs=1e-4)
        assert high[row] == pytest.approx(np.quantile(DRAWS[row], ndtr(shift[row] + reach(0.95))), abs=1e-4)


def test_the_shift_has_a_bound() -> None:
    """An estimate beyond all draws shifts the tails by .3 of a standard deviation, no more."""
    low, high = shifted_limits(DRAWS, np.full(3, 99.0), 0.95, N)
    for row in range(3):
        assert low[row] == pytest.approx(np.quantile(DRAWS[row], ndtr(MOST_SHIFT - reach(0.95))), abs=1e-4)
        assert high[row] == pytest.approx(np.quantile(DRAWS[row], ndtr(MOST_SHIFT + reach(0.95))), abs=1e-4)


def test_four_answers_have_the_limits_of_all_draws() -> None:
    low, high = shifted_limits(DRAWS, np.zeros(3), 0.95, 4)
    assert low == pytest.approx(DRAWS[:, 0])
    assert high == pytest.approx(DRAWS[:, -1])


def test_a_few_draws_without_end_do_not_make_the_standard_error() -> None:
    """An index whose weights nearly cancel in one resample of a thousand; ordinary draws are left alone."""
    draws = np.vstack([DRAWS[0], DRAWS[1]])
    draws[1, -1] = 5000.0
    told = Drawn(draws=draws, estimates=np.zeros(2), method="shifted_percentile", level=0.95, n=N).columns()
    assert told["standard_error"][0] == draws[0].std(ddof=1)
    assert 0.8 < told["standard_error"][1] < 1.3
    assert draws[1].std() > 100


def test_inflation_beyond_any_bound_has_no_upper_limit() -> None:
    """Consistent PLS: an R2 above 1 (inflation below zero) is more than any inflation, not less."""
    explained = np.linspace(0.2, 1.2, 1001)
    draws = 1 / (1 - explained[explained != 1])[None]
    low, high = inflation_limits(draws, np.array([1 / (1 - 0.7)]), 0.95, N)
    assert 1 < low[0] < 1 / (1 - 0.3)
    assert high[0] == np.inf


def test_inflation_has_the_limits_of_its_explained_variance() -> None:
    """Draws about the estimate: nothing to free; the lower limit may be mirrored a little further down."""
    explained = 0.5 + 0.05 * DRAWS
    here = np.median(explained, axis=1)
    low, high = inflation_limits(1 / (1 - explained), 1 / (1 - here), 0.95, N)
    expected = [1 / (1 - limit) for limit in percentile_limits(explained, 0.95, N)]
    assert (low <= expected[0] + 1e-12).all()
    assert low == pytest.approx(expected[0], rel=2e-3)
    assert high == pytest.approx(expected[1])
