"""What the spine foretells of actions, those that act past satisfaction included, holds what came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl
import pytest
from tests.simulate.action_forecasts import forecasts_of_actions
from tests.simulate.recovery import Found

from leal.simulate import Plan, Truth, company, truth_of
from leal.simulate.population import populate

FEWEST_HELD = 88
ELSEWHERE = 10_000
"""What is added to a seed for the region of the pilot: other customers of the same kind."""


@pytest.fixture(scope="module")
def truth() -> Truth:
    return truth_of(Plan())


def found_in(seeds: Iterable[int], truth: Truth) -> Iterator[Found]:
    for seed in seeds:
        pilot = populate(Plan(), 2500, ELSEWHERE + seed)
        yield from forecasts_of_actions(company(2500, seed=seed), pilot, truth)


def test_nearly_all_forecasts_of_a_few_companies_hold_what_came(truth: Truth) -> None:
    found = list(found_in(range(1, 4), truth))
    assert len(found) == 3 * 4 * 3
    assert sum(one.covered for one in found) >= 30


def test_a_pilot_narrows_what_is_only_supposed(truth: Truth) -> None:
    """Before any outcome a manager may do harm or good; a pilot of nine months tells which."""
    found = {one.name: one for one in found_in([4], truth)}
    before, after = (
        found[f"{words}: Personal manager"] for words in ("before any outcome", "after a pilot as long")
    )
    assert before.low < 0 < before.high
    assert after.low > 0
    assert after.high - after.low < 0.75 * (before.high - before.low)


@pytest.mark.slow
def test_each_forecast_of_an_action_holds_in_88_of_100_companies(truth: Truth) -> None:
    rows = [
        (one.name, one.covered, one.low, one.estimate, one.high, one.truth)
        for one in found_in(range(1, 101), truth)
    ]
    columns = ["name", "covered", "low", "estimate", "high", "truth"]
    each = pl.DataFrame(rows, schema=columns, orient="row").group_by("name", maintain_order=True)
    table = each.agg(pl.col("covered").sum(), pl.col(columns[2:]).median(), n=pl.len())
    print(table.to_pandas().to_string())
    assert table["n"].min() == 100
    assert table["covered"].min() >= FEWEST_HELD, table  # type: ignore[operator]
