"""The lean away from customers who leave all alike: its formula and its derivatives."""

from __future__ import annotations

import math

import numpy as np
import pytest

from leal.predict.purchase_models.penalised_likelihood import penalised_likelihood


def flat(point: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    return 0.0, np.zeros(point.size), np.zeros((point.size, point.size))


def test_every_part_of_the_variance_is_as_likely_as_any_other() -> None:
    """With S the size, 1/(1 + S) uniform on 0 to 1 has the density S/(1 + S)^2 by log S."""
    lean = penalised_likelihood(flat, (2, 3))
    logs = np.linspace(-12, 12, 4801)
    density = [
        math.exp(lean(np.array([0.3, 1.0, log - math.log(4), log + math.log(0.75)]))[0]) for log in logs
    ]
    below = np.cumsum(density) * (logs[1] - logs[0])
    for share in (0.1, 0.5, 0.8):
        place = int(np.searchsorted(below, share))
        assert 1 - 1 / (1 + math.exp(logs[place])) == pytest.approx(share, abs=0.005)


@pytest.mark.parametrize("spread", [(2,), (2, 3)])
def test_derivatives_are_those_of_the_value(spread: tuple[int, ...]) -> None:
    lean = penalised_likelihood(flat, spread)
    point, step = np.array([0.3, 1.1, 0.4, -0.7]), 1e-5
    _, gradient, hessian = lean(point)
    for place, shift in enumerate(np.eye(4) * step):
        up, down = lean(point + shift), lean(point - shift)
        assert gradient[place] == pytest.approx((up[0] - down[0]) / (2 * step), abs=1e-8)
        assert hessian[place] == pytest.approx((up[1] - down[1]) / (2 * step), abs=1e-8)


def test_it_stays_finite_far_out_and_leaves_other_models_alone() -> None:
    lean = penalised_likelihood(flat, (2, 3))
    for far in (-690.0, 690.0):
        value, gradient, hessian = lean(np.array([0.0, 0.0, far, far]))
        assert np.isfinite(value)
        assert np.isfinite(gradient).all()
        assert np.isfinite(hessian).all()
    assert penalised_likelihood(flat, ()) is flat
