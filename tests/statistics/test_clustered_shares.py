"""Shares of sums of which one customer gives several parts: by hand, bounds, coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leal.errors import BadValue
from leal.statistics import clustered_share, proportion_interval, t_quantile


def test_the_variance_is_that_of_leaving_customers_out_by_hand() -> None:
    """p = 3/6; without each customer (2/4, 2/5, 2/3) less one half, each times (X - x)/(1 - x/X)/X."""
    found = clustered_share([1, 1, 1], [2, 1, 3])
    left_out = [0 / 4, 0.5 / 5, -0.5 / 3]
    independent = 0.25 / sum(off**2 for off in left_out)
    squares = [off**2 for off in left_out]
    reach = t_quantile(0.95, min(36 / 14 - 1, 2 * sum(squares) ** 2 / sum(one**2 for one in squares)))
    wide = reach**2 / independent
    off = reach / (1 + wide) * math.sqrt(0.25 / independent + wide / (4 * independent))
    assert (found.low, found.high) == pytest.approx((0.5 - off, 0.5 + off))
    assert found.method == "clustered_wilson"


def test_one_part_a_customer_is_nearly_wilson_and_alike_parts_are_wider() -> None:
    alone = clustered_share([1] * 60 + [0] * 140, [1] * 200)
    wilson = proportion_interval(60, 200)
    assert (alone.low, alone.high) == pytest.approx((wilson.low, wilson.high), abs=0.002)
    alike = clustered_share([10] * 6 + [0] * 14, [10] * 20)
    assert alike.high - alike.low > 2.5 * (wilson.high - wilson.low)


def test_none_all_and_too_few() -> None:
    none = clustered_share([0] * 20, [1] * 20)
    assert none.low == 0
    assert 0.1 < none.high < 0.25
    assert clustered_share([2] * 20, [2] * 20).high == 1
    assert not clustered_share([1], [2]).known
    assert not clustered_share([0, 1], [0, 2]).known
    with pytest.raises(BadValue, match="between zero and its whole"):
        clustered_share([3.0, 1.0], [2.0, 2.0])
    with pytest.raises(BadValue, match="between zero and its whole"):
        clustered_share([1.0], [2.0, 2.0])


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.01, 1000)), min_size=2, max_size=40))
def test_limits_hold_the_share_and_stay_within_0_and_1(pairs: list[tuple[float, float]]) -> None:
    wholes = np.array([whole for _, whole in pairs])
    parts = np.array([share for share, _ in pairs]) * wholes
    found = clustered_share(parts, wholes)
    assert 0 <= found.low <= parts.sum() / wholes.sum() + 1e-9
    assert parts.sum() / wholes.sum() - 1e-9 <= found.high <= 1


@pytest.mark.slow
@pytest.mark.parametrize("customers", [50, 100, 300])
def test_intervals_of_returning_cases_hold_where_a_few_customers_complain_most(customers: int) -> None:
    """Gamma rates of shape .5; Wilson on the cases holds in .82. Asked: 93 to 97 %."""
    source = np.random.default_rng(customers)
    truth = np.divide(*(part.sum() for part in _returns(source, 400_000)))
    held = 0
    for _ in range(2000):
        found = clustered_share(*_returns(source, customers))
        held += found.low <= truth <= found.high
    print(f"{customers} customers: {held / 20:.1f} %")
    assert 0.93 <= held / 2000 <= 0.97


def _returns(source: np.random.Generator, customers: int) -> tuple[np.ndarray, np.ndarray]:
    """Return of each customer with cases within a year how many came again within 90 days, and how many."""
    count = source.poisson(source.gamma(0.5, 3, customers))
    who = np.repeat(np.arange(customers), count)
    day = source.random(len(who)) * 365
    order = np.lexsort((day, who))
    who, day = who[order], day[order]
    again = np.append((who[1:] == who[:-1]) & (np.diff(day) <= 90), False)
    old = day <= 275
    counted = np.bincount(who[old], minlength=customers)
    return np.bincount(who[old], again[old], customers)[counted > 0], counted[counted > 0].astype(float)
