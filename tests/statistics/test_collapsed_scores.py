"""What collapsing a scale costs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from leal.errors import BadValue
from leal.statistics import collapse_cost


@pytest.mark.reference
def test_golden_collapse_cost(golden: Path) -> None:
    """Source: golden/methods/expected.json, key collapse_cost (given there by Monte Carlo, +-.005)."""
    key = json.loads((golden / "methods" / "expected.json").read_text())["collapse_cost"]
    found = collapse_cost(key["marginals_1_10"], lowest=1)
    assert set(found) == set(key["result"])
    for name, wanted in key["result"].items():
        assert found[name].effect == pytest.approx(wanted["d_over_sd"], rel=1e-9)
        assert found[name].answers == pytest.approx(wanted["rel_n_vs_mean"], rel=1e-9)


def test_the_effect_is_that_of_feelings_cut_at_thresholds() -> None:
    """The same by drawing four million feelings, raised by .3, and cutting them where the shares say."""
    shares = np.array([2, 1, 2, 3, 4, 8, 12, 20, 28, 12, 8]) / 100
    feeling = np.sort(np.random.default_rng(1).standard_normal(4_000_000))
    cuts = feeling[(np.cumsum(shares)[:-1] * len(feeling)).astype(int)]
    before, after = np.digitize(feeling, cuts), np.digitize(feeling + 0.3, cuts)
    spread = np.sqrt((before.var() + after.var()) / 2)
    effect = collapse_cost(shares, shift=0.3)["mean"].effect
    assert effect == pytest.approx((after.mean() - before.mean()) / spread, rel=2e-3)


def test_a_group_that_nobody_enters_or_leaves_sees_nothing() -> None:
    found = collapse_cost([0, 0, 0, 0, 0, 0, 0, 50, 50, 0, 0])
    assert found["bottom6"].answers == float("inf")
    assert found["mean"].answers == 1.0


@pytest.mark.parametrize(
    "shares", [[1, 2, 3], [1] * 10, [-1, *[1] * 10], [100, *[0] * 10], [float("nan")] * 11]
)
def test_what_is_no_scale_is_refused(shares: list[float]) -> None:
    with pytest.raises(BadValue, match="scale up to 10") as caught:
        collapse_cost(shares)
    assert "11 counts" in caught.value.hint
