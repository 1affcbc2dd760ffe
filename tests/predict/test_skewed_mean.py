"""The interval of a mean of uneven amounts: its formula, its edges, how often it holds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import skew, t

from leal.predict.foretelling.skewed_mean import skewed_mean_interval


def interval(amounts: np.ndarray, weights: np.ndarray | None = None) -> tuple[float, float]:
    given = np.ones(amounts.size) if weights is None else weights
    return skewed_mean_interval(amounts, given, np.zeros(amounts.size, dtype=np.int64), 0.95)


def test_its_limits_are_where_the_transformed_ratio_is_the_t_quantile() -> None:
    """Hall (1992): T + g T^2/3 + g^2 T^3/27 + g/6 with g the skewness over the root of n."""
    amounts = np.random.default_rng(1).gamma(0.7, 30.0, 25)
    n, error = amounts.size, amounts.std(ddof=1) / math.sqrt(amounts.size)
    g = skew(amounts) / math.sqrt(n)

    def transformed(limit: float) -> float:
        ratio = (amounts.mean() - limit) / error
        return ratio + g * ratio**2 / 3 + g**2 * ratio**3 / 27 + g / 6

    low, high = interval(amounts)
    quantile = t.ppf(0.975, n - 1)
    for side, limit in ((1, low), (-1, high)):
        wanted = brentq(lambda at, to=side * quantile: transformed(at) - to, 0.0, 10 * amounts.mean())
        assert limit == pytest.approx(wanted, rel=1e-9)


def test_amounts_without_skewness_have_students_interval() -> None:
    amounts = np.array([10.0, 12.0, 14.0, 16.0, 18.0] * 6)
    error = amounts.std(ddof=1) / math.sqrt(30)
    low, high = interval(amounts)
    reach = t.ppf(0.975, 29) * error
    assert (low, high) == pytest.approx((14 - reach, 14 + reach), rel=1e-9)


def test_it_leans_to_the_side_of_rare_large_amounts() -> None:
    amounts = np.r_[np.full(45, 10.0), np.full(5, 200.0)]
    low, high = interval(amounts)
    assert high - amounts.mean() > 1.5 * (amounts.mean() - low)
    mirrored = interval(300 - amounts)
    assert mirrored == pytest.approx((300 - high, 300 - low))


def test_weights_count_as_fewer_customers_and_zero_as_none() -> None:
    amounts = np.random.default_rng(2).gamma(2.0, 10.0, 60)
    outside = np.r_[np.ones(40), np.zeros(20)]
    assert interval(amounts, outside)[0] == pytest.approx(interval(amounts[:40])[0], rel=0.02)
    uneven = np.where(np.arange(60) % 2 == 0, 5.0, 1.0)
    low, high = interval(amounts, uneven)
    plain_low, plain_high = interval(amounts)
    assert high - low > 1.1 * (plain_high - plain_low)


def test_alike_amounts_have_no_width_and_one_amount_no_interval() -> None:
    assert interval(np.full(30, 7.0)) == (7.0, 7.0)
    assert all(math.isnan(limit) for limit in interval(np.array([5.0])))


def test_no_limit_is_below_zero_where_no_amount_is() -> None:
    assert interval(np.r_[np.zeros(25), 100.0])[0] >= 0
    assert interval(np.r_[np.full(25, -5.0), 100.0])[0] < 0


@pytest.mark.slow
@pytest.mark.parametrize("n", [20, 50, 100])
@pytest.mark.parametrize("kind", ["lognormal", "gamma", "mostly_zero"])
def test_it_holds_where_money_is_uneven(kind: str, n: int) -> None:
    """4,000 samples: two standard errors are .007; lognormal money of 20 customers holds in .92."""
    random = np.random.default_rng(n)
    draws = {
        "lognormal": (random.lognormal(3, 0.85, (4000, n)), math.exp(3 + 0.85**2 / 2)),
        "gamma": (random.gamma(0.7, 30.0, (4000, n)), 21.0),
        "mostly_zero": (
            np.where(random.random((4000, n)) < 0.4, random.lognormal(3, 0.8, (4000, n)), 0.0),
            0.4 * math.exp(3.32),
        ),
    }
    samples, truth = draws[kind]
    limits = np.array([interval(one) for one in samples])
    held = ((limits[:, 0] <= truth) & (truth <= limits[:, 1])).mean()
    assert (0.92 if n == 20 else 0.93) - 0.007 <= held <= 0.97


def test_amounts_that_are_next_to_nothing_have_limits_of_their_size() -> None:
    """Found by drawn tables: the cube of 7e-144 is zero in floating point, and so was what divided it."""
    amounts = np.array([0.0, 0.0, 3.0, 1.0, 8.0])
    usual, tiny = interval(amounts), interval(amounts * 1e-144)
    assert tiny == pytest.approx((usual[0] * 1e-144, usual[1] * 1e-144), rel=1e-9)
