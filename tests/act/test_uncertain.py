"""Quantities that are not known for certain, and their joint draws."""

from __future__ import annotations

import doctest
import importlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leal.act import JointDraws, Uncertain, as_uncertain
from leal.errors import BadValue
from leal.results import Estimate, Money

ESTIMATE = Estimate(estimate=4.0, ci_low=2.0, ci_high=7.0, n=80, method="welch")

KINDS = {
    "fixed": Uncertain.fixed(3.0),
    "normal": Uncertain.normal(ESTIMATE),
    "share": Uncertain.share(40, 100),
    "lognormal": Uncertain.lognormal(2.24, 0.8),
    "triangular": Uncertain.triangular(0.0, 1.0, 4.0),
    "between": Uncertain.between(0.3, 0.5),
    "drawn": Uncertain.drawn(np.linspace(1, 5, 1_001)),
}


def test_each_way_to_give_a_quantity_becomes_one() -> None:
    given_as = [0.4, (0.3, 0.5), (0, 1, 4), ESTIMATE, KINDS["lognormal"]]
    kinds = [as_uncertain(value).kind for value in given_as]  # type: ignore[union-attr, arg-type]
    assert kinds == ["fixed", "between", "triangular", "normal", "lognormal"]
    assert as_uncertain(None) is None


def test_what_is_said_is_opinion_and_what_is_estimated_is_correlation() -> None:
    money = Money(estimate=4.0, ci_low=2.0, ci_high=7.0, n=80, method="welch", grade="A")
    grades = [as_uncertain(value).grade for value in (0.4, (0.3, 0.5), ESTIMATE, money)]  # type: ignore[union-attr, arg-type]
    assert grades == ["D", "D", "C", "A"]


def test_an_unknown_estimate_is_an_unknown_quantity() -> None:
    nan = float("nan")
    assert as_uncertain(Estimate(estimate=nan, ci_low=nan, ci_high=nan, n=0, method="unknown")) is None


@pytest.mark.parametrize("kind", KINDS)
def test_draws_have_the_middle_and_the_limits_of_the_quantity(kind: str) -> None:
    quantity = KINDS[kind]
    drawn = quantity.draw(200_000, np.random.default_rng(1))
    low, high = quantity.limits(0.9)
    assert np.quantile(drawn, [0.05, 0.95]) == pytest.approx([low, high], rel=0.02, abs=1e-9)
    assert np.median(drawn) == pytest.approx(quantity.central, rel=0.02)


def test_the_limits_of_an_estimate_are_those_it_was_given_with() -> None:
    assert KINDS["normal"].limits(0.95) == pytest.approx((2.0, 7.0))


def test_the_mean_of_a_triangle_is_that_of_its_corners() -> None:
    drawn = KINDS["triangular"].draw(200_000, np.random.default_rng(2))
    assert drawn.mean() == pytest.approx(5 / 3, rel=0.01)


def test_one_name_is_one_quantity_and_no_name_is_its_own_stream() -> None:
    joint = JointDraws(1_000)
    link = Uncertain.lognormal(0.004, 0.5, name="link")
    assert joint.of(link, "a") is joint.of(link, "b")
    plain = Uncertain.lognormal(0.004, 0.5)
    assert abs(np.corrcoef(joint.of(plain, "a"), joint.of(plain, "b"))[0, 1]) < 0.1


def test_the_order_of_asking_changes_nothing() -> None:
    one, other = JointDraws(500, seed=3), JointDraws(500, seed=3)
    first = [one.of(KINDS[kind], kind) for kind in KINDS]
    second = [other.of(KINDS[kind], kind) for kind in reversed(KINDS)][::-1]
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_two_quantities_of_one_name_are_refused() -> None:
    joint = JointDraws(500)
    joint.of(Uncertain.fixed(1.0, name="link"), "a")
    with pytest.raises(BadValue, match="Two different quantities have the name 'link'"):
        joint.of(Uncertain.fixed(2.0, name="link"), "b")


def test_resamples_taken_together_stay_together() -> None:
    slope = np.linspace(0.4, 0.6, 300)
    joint = JointDraws(2_000)
    one = joint.of(Uncertain.drawn(slope, together="fit"), "slope")
    other = joint.of(Uncertain.drawn(-5 * slope, together="fit"), "constant")
    assert other == pytest.approx(-5 * one)
    with pytest.raises(BadValue, match="not equally many"):
        joint.of(Uncertain.drawn(slope[:100], together="fit"), "another")


@pytest.mark.parametrize(
    "build",
    [
        lambda: Uncertain.fixed(float("nan")),
        lambda: Uncertain.share(5, 4),
        lambda: Uncertain.share(0, 0),
        lambda: Uncertain.lognormal(0, 1),
        lambda: Uncertain.between(2, 1),
        lambda: Uncertain.triangular(0, 5, 4),
        lambda: Uncertain.drawn([]),
        lambda: Uncertain.normal(Estimate(estimate=9.0, ci_low=1.0, ci_high=2.0, n=1, method="given")),
        lambda: as_uncertain("much", "noticed"),  # type: ignore[arg-type]
        lambda: JointDraws(10),
    ],
)
def test_what_is_no_quantity_is_refused_with_one_clear_error(build: object) -> None:
    with pytest.raises(BadValue) as caught:
        build()  # type: ignore[operator]
    assert caught.value.hint
    assert caught.value.into("ru") != caught.value.into("en")


@given(st.floats(-1e3, 1e3), st.floats(0, 1e3), st.floats(0, 1e3))
def test_a_triangle_stays_between_its_ends(low: float, rise: float, fall: float) -> None:
    quantity = Uncertain.triangular(low, low + rise, low + rise + fall)
    drawn = quantity.quantiles(np.linspace(0, 1, 21))
    assert np.all(np.diff(drawn) >= -1e-9)
    assert low - 1e-6 <= drawn.min()
    assert drawn.max() <= low + rise + fall + 1e-6


@pytest.mark.parametrize(
    "module", ["uncertain", "actions", "action_table", "spine", "quality_return", "budget", "stopping"]
)
def test_examples_of_the_docstrings(module: str) -> None:
    assert doctest.testmod(importlib.import_module(f"leal.act.{module}")).failed == 0
