"""Every reduction on Spark gives what it gives on Polars. In one file, so that Spark starts once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from leal.engine import score_counts
from leal.errors import BadValue
from leal.measure import nps

pytestmark = pytest.mark.spark

Give = Callable[[pl.DataFrame, str], Any]

ANSWERS = pl.DataFrame(
    {
        "region": ["N", "S", "N", None, "S", "N", None] * 10,
        "recommend": [10, 9, 0, 7, None, 10, 8] * 10,
        "weight": [1.0, 2.0, 3.0, 4.0, None, 0.5, 1.5] * 10,
    }
)


def test_counts(give: Give) -> None:
    expected = score_counts(ANSWERS, "recommend", by=["region"], weight="weight")
    found = score_counts(give(ANSWERS, "spark"), "recommend", by=["region"], weight="weight")
    assert found.groups == expected.groups
    assert found.n.tolist() == expected.n.tolist()
    assert found.weights == pytest.approx(expected.weights)
    assert found.squares == pytest.approx(expected.squares)
    assert found.unanswered.tolist() == expected.unanswered.tolist()


def test_a_score_off_the_scale_is_named(give: Give) -> None:
    with pytest.raises(BadValue, match="11"):
        score_counts(give(pl.DataFrame({"recommend": [9, 11, 12]}), "spark"), "recommend")


def test_nps(give: Give) -> None:
    expected, found = nps(ANSWERS, by="region"), nps(give(ANSWERS, "spark"), by="region")
    assert found.to_dict() == expected.to_dict()
