"""Seeds, levels and numbers of resamples that cannot be: one clear error each, whatever asks for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from leal.act import price_sensitivity
from leal.errors import LealError
from leal.measure import segmentations
from leal.results import checked_count, checked_number, checked_seed
from leal.statistics import change_point, rank_intervals

NAN = float("nan")
PRICES = pl.DataFrame(
    {
        "too_cheap": [1, 2, 3] * 20,
        "cheap": [4, 5, 6, 5] * 15,
        "expensive": [8, 9, 10, 9, 8] * 12,
        "too_expensive": [12, 13, 15, 14, 12, 13] * 10,
    }
)
PEOPLE = pl.DataFrame(
    {
        "customer": [f"c{row}" for row in range(150)],
        "segment": ["a", "b", "c"] * 50,
        "later_money": [float(row % 11) for row in range(150)],
    }
)
RANDOM: dict[str, Callable[..., Any]] = {
    "prices": lambda **given: price_sensitivity(PRICES, **given),
    "change": lambda **given: change_point([1.0, 2.0, 1.5, 4.0, 5.0, 4.5, 5.5, 4.2] * 3, **given),
    "segments": lambda **given: segmentations(PEOPLE, "segment", **given),
    "ranks": lambda **given: rank_intervals([1.0, 2.0, 3.0], [0.5, 0.5, 0.5], **given),
}


@pytest.mark.parametrize("seed", ["a", NAN, -1, 1.5, True, [1], float("inf")])
@pytest.mark.parametrize("name", list(RANDOM))
def test_a_seed_that_is_none_is_refused(name: str, seed: Any) -> None:
    with pytest.raises(LealError, match="seed"):
        RANDOM[name](seed=seed)


@pytest.mark.parametrize("level", ["a", NAN, None, True, 0, 1, -0.5])
@pytest.mark.parametrize("name", list(RANDOM))
def test_a_level_that_is_none_is_refused(name: str, level: Any) -> None:
    with pytest.raises(LealError, match="level"):
        RANDOM[name](level=level)


@pytest.mark.parametrize("replicates", ["a", NAN, None, True, 0, -5, 2.5])
def test_numbers_of_resamples_that_are_none_are_refused(replicates: Any) -> None:
    with pytest.raises(LealError):
        price_sensitivity(PRICES, resamples=replicates)


def test_prices_have_the_same_limits_in_whatever_order_the_rows_come() -> None:
    shuffled = PRICES.sample(fraction=1.0, shuffle=True, seed=3)
    assert price_sensitivity(PRICES).to_frame().equals(price_sensitivity(shuffled).to_frame())


def test_checks_return_what_they_checked() -> None:
    assert (checked_count(3.0, "n"), checked_seed(None), checked_seed(0)) == (3, None, 0)  # type: ignore[arg-type]
    assert checked_number(-2, "value") == -2.0
    with pytest.raises(LealError, match="from 1"):
        checked_count(0, "n", least=1)
    with pytest.raises(LealError, match="finite"):
        checked_number(float("inf"), "value")
