"""Wishes told in retention and willingness to pay become money on the scale of all others."""

from __future__ import annotations

import polars as pl
import pytest

from leal.act import wish_worth
from leal.errors import BadValue
from leal.measure import multiple_sensitivity, wish_values
from leal.results import Estimate


def worth(low: float, middle: float, high: float) -> Estimate:
    return Estimate(estimate=middle, ci_low=low, ci_high=high, n=100, method="delta")


def test_retention_and_price_make_the_value_of_a_wish_by_hand() -> None:
    wishes = pl.DataFrame(
        {"wish": ["pickup"], "asked": [30], "surveyed": [100], "cost": [1000.0]}
        | {"retention": [0.02], "retention_low": [0.01], "retention_high": [0.03], "extra_price": [10.0]}
    )
    # V' of ten-methods.md 7: m (1 + i)/(1 + i - r)^2 with m 120, r .8, i .1
    value = 120 * multiple_sensitivity(0.8, 0.1)
    filled, notes = wish_worth(wishes, value_of_retention=worth(0.9 * value, value, 1.1 * value), margin=0.4)
    row = filled.row(0, named=True)
    assert row["value"] == pytest.approx(0.02 * value + 4)
    assert row["value_low"] == pytest.approx(0.01 * 0.9 * value + 2)
    assert row["value_high"] == pytest.approx(0.03 * 1.1 * value + 6)
    assert [note.code for note in notes] == ["retention_in_money"]
    net = wish_values(filled, 10_000).wishes[0].net
    assert net.estimate == pytest.approx(10_000 * 0.3 * row["value"] - 1000)


def test_a_value_given_stands_and_one_that_cannot_be_reckoned_stays_open() -> None:
    wishes = pl.DataFrame(
        {"wish": ["a", "b", "c"], "value": [5.0, None, None], "retention": [0.5, 0.1, None]}
    )
    filled, notes = wish_worth(wishes)
    assert filled["value"].to_list() == [5.0, None, None]
    assert [note.code for note in notes] == ["retention_without_worth"]


def test_a_loss_of_retention_keeps_its_ends_in_order() -> None:
    wishes = pl.DataFrame({"wish": ["a"], "retention": [-0.02]})
    filled, _ = wish_worth(wishes, value_of_retention=worth(50, 100, 150))
    row = filled.row(0, named=True)
    assert row["value_low"] <= row["value"] <= row["value_high"] < 0


def test_a_change_in_percent_is_refused() -> None:
    with pytest.raises(BadValue, match="2 is no change of retention"):
        wish_worth(pl.DataFrame({"wish": ["a"], "retention": [2.0]}))
