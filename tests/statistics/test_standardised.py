"""Differences in standard deviations."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leal.statistics import standardised_difference


def test_a_shift_of_one_standard_deviation_is_one() -> None:
    found = standardised_difference(115, 15, 100, 100, 15, 100)
    assert found.estimate == pytest.approx(1)
    # Hedges and Olkin (1985): variance (n1 + n2)/(n1 n2) + d^2/(2 (n1 + n2)) = .02 + .0025
    assert found.standard_error == pytest.approx(math.sqrt(0.0225))
    assert found.ci_low == pytest.approx(1 - 1.959964 * 0.15, abs=1e-6)


def test_too_few_or_nothing_to_measure_by_is_unknown() -> None:
    assert not standardised_difference(1, 1, 1, 2, 1, 50).known
    assert not standardised_difference(1, 0, 10, 2, 0, 10).known
    assert standardised_difference(1, 0, 10, 1, 0, 10).estimate == 0


@settings(deadline=None)
@given(st.floats(-100, 100), st.floats(0.1, 50), st.floats(-100, 100), st.floats(0.1, 50))
def test_sides_may_be_exchanged_and_units_do_not_matter(a: float, sa: float, b: float, sb: float) -> None:
    one = standardised_difference(a, sa, 50, b, sb, 80)
    other = standardised_difference(b, sb, 80, a, sa, 50)
    rescaled = standardised_difference(7 * a, 7 * sa, 50, 7 * b, 7 * sb, 80)
    assert one.estimate == pytest.approx(-other.estimate)
    assert one.estimate == pytest.approx(rescaled.estimate)
    assert one.ci_low <= one.estimate <= one.ci_high
