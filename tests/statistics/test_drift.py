"""Whether the weight of the drivers changed: found when planted, not found when only scores moved."""

from __future__ import annotations

import numpy as np
import pytest

from leal.errors import BadValue
from leal.statistics import driver_importance, importance_drift
from leal.statistics.numbers import Floats


def period(seed: int, effects: list[float], n: int = 300, level: float = 0.0) -> tuple[Floats, Floats]:
    random = np.random.default_rng(seed)
    x = random.normal(size=(n, len(effects))) + 0.5 * random.normal(size=(n, 1)) + level
    return x, x @ effects + random.normal(size=n) + level


def drift_between(first: tuple[Floats, Floats], second: tuple[Floats, Floats], **options: object) -> object:
    is_after = np.repeat([False, True], [len(first[1]), len(second[1])])
    both = np.concatenate([first[0], second[0]]), np.concatenate([first[1], second[1]])
    return importance_drift(*both, is_after, **options)  # type: ignore[arg-type]


def test_a_driver_that_gained_weight_is_named() -> None:
    found = drift_between(period(1, [1.0, 0.5, 0.2]), period(2, [0.2, 0.5, 1.0]))
    assert found.p_value == 0.001  # type: ignore[attr-defined]
    assert found.change[2] > 0.1  # type: ignore[attr-defined]
    assert found.p_values[2] < 0.05  # type: ignore[attr-defined]
    assert found.p_values[1] > 0.05  # type: ignore[attr-defined]
    alone = driver_importance(*period(1, [1.0, 0.5, 0.2]), replicates=10)
    assert found.before == pytest.approx(alone.importance)  # type: ignore[attr-defined]


def test_moved_scores_are_no_drift() -> None:
    found = drift_between(period(3, [1.0, 0.5, 0.2]), period(4, [1.0, 0.5, 0.2], level=2.0), method="johnson")
    assert found.method == "johnson"  # type: ignore[attr-defined]
    assert found.p_value > 0.05  # type: ignore[attr-defined]


def test_false_alarms_are_one_in_twenty() -> None:
    alarms = 0
    for seed in range(60):
        first, second = period(100 + seed, [0.8, 0.4], 60), period(900 + seed, [0.8, 0.4], 60)
        alarms += drift_between(first, second, replicates=99).p_value <= 0.05  # type: ignore[attr-defined]
    assert alarms <= 9


def test_too_few_answers_are_unknown() -> None:
    assert not drift_between(period(5, [1.0, 0.5], 3), period(6, [1.0, 0.5], 80)).known  # type: ignore[attr-defined]
    constant = importance_drift(
        np.random.default_rng(1).normal(size=(40, 2)), np.ones(40), np.arange(40) < 20
    )
    assert not constant.known
    with pytest.raises(BadValue, match="no period"):
        importance_drift([[1.0], [np.nan]], [1.0, 2.0], [True, False])
