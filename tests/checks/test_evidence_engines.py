"""Checks 1, 4, 8, 9 and 10 say the same of any dataframe, and find what was planted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest

import leal
from leal.checks import Check
from leal.checks.book import Book
from leal.checks.causes import check_causes
from leal.checks.noticing import check_noticing
from leal.checks.rivals import check_rivals
from leal.checks.segments import check_segments
from leal.checks.wishes import check_wishes
from leal.measure import benchmark, switching
from leal.simulate import Company, Truth, company

FIVE = (check_noticing, check_causes, check_wishes, check_segments, check_rivals)


def as_pandas(table: pl.DataFrame) -> Any:
    return table.to_pandas()


def as_arrow(table: pl.DataFrame) -> Any:
    return table.to_arrow()


def as_duckdb(table: pl.DataFrame) -> Any:
    import duckdb

    return duckdb.connect().from_arrow(table.to_arrow())


@pytest.mark.parametrize("convert", [as_pandas, as_arrow, as_duckdb])
def test_the_engine_does_not_matter(convert: Callable[[pl.DataFrame], Any], simulated: Company) -> None:
    native = Book(evidence=leal.Evidence(**simulated.tables))
    other = Book(evidence=leal.Evidence(**{name: convert(table) for name, table in simulated.tables.items()}))
    for check in FIVE:
        ours, theirs = check(native), check(other)
        assert ours.finding == theirs.finding
        assert ours.verdict == theirs.verdict
        assert (ours.money is None) == (theirs.money is None)


def test_the_order_of_rows_does_not_matter(simulated: Company) -> None:
    shuffled = {
        name: table.sample(fraction=1, shuffle=True, seed=7) for name, table in simulated.tables.items()
    }
    one, other = (Book(evidence=leal.Evidence(**tables)) for tables in (simulated.tables, shuffled))
    for check in FIVE:
        assert check(one).finding == check(other).finding


def test_their_json_has_no_number_that_is_none(simulated: Company) -> None:
    import json

    book = Book(evidence=leal.Evidence(**simulated.tables))
    for check in FIVE:
        json.dumps(check(book).to_dict(), allow_nan=False)


def _items(check: Check) -> list[str]:
    """Return the items of check 4 by their share; the path model's own tables may stand before them."""
    return next(shown.frame["item"].to_list() for shown in check.exhibits if "item" in shown.frame.columns)


def outcomes(seed: int, truth: Truth) -> dict[str, list[bool]]:
    """Tell for one company which planted quantities lie in their intervals, which decisions are right."""
    made = company(seed=seed)
    book = Book(evidence=made.evidence)
    found: dict[str, Check] = {check.__name__: check(book) for check in FIVE}
    noticed = found["check_noticing"].exhibits[0].frame.iter_rows(named=True)
    wished = list(found["check_wishes"].exhibits[0].frame.iter_rows(named=True))
    divided = found["check_segments"].exhibits[0].frame
    pays = dict(zip(divided["division"], divided["pays"], strict=True))
    nets = {row["wish"]: truth.wishes[row["wish"]].payoff * book.customers.height for row in wished}
    moved = switching(made.tables["brands"])
    assert moved is not None
    home = truth.brands[moved.own]
    flows = {
        rival: home.share * home.now[rival] - brand.share * brand.now[moved.own]
        for rival, brand in truth.brands.items()
        if rival != moved.own
    }
    return {
        "noticed": [
            row["extra_low"] <= truth.actions[row["action"]].noticed_above_unexposed <= row["extra_high"]
            for row in noticed
        ],
        "net": [row["net_low"] <= nets[row["wish"]] <= row["net_high"] for row in wished],
        "decided": [row["decision"] != ("do not" if nets[row["wish"]] > 0 else "do") for row in wished],
        "cause": [_items(found["check_causes"])[0] == truth.first_cause],
        "rent": [pays[truth.useless_segments] == "no", pays[truth.true_segments] == "yes"],
        "brands": [
            one.score.ci_low <= truth.brands[one.brand].score <= one.score.ci_high
            for one in benchmark(made.tables["brands"]).brands
        ],
        "flows": [flow.net.ci_low <= flows[flow.rival] <= flow.net.ci_high for flow in moved.flows],
    }


@pytest.mark.slow
def test_what_was_planted_is_found_in_ninety_of_a_hundred_companies(truth: Truth) -> None:
    seen = [outcomes(seed, truth) for seed in range(200, 300)]
    shares = {name: np.mean([hit for one in seen for hit in one[name]]) for name in seen[0]}
    assert min(shares.values()) >= 0.9, shares
