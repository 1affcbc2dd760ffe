"""Check 9: segments must pay rent."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

import leal
import leal.simulate
from leal.checks import Check
from leal.checks.book import Book
from leal.checks.segments import check_segments
from leal.simulate import Company, Truth


def check(**tables: pl.DataFrame) -> Check:
    return check_segments(Book(evidence=leal.Evidence(**tables)))


def company(n: int = 600, *, true: bool, days: int = 365, seed: int = 1) -> dict[str, pl.DataFrame]:
    """Big customers buy for 50, small ones for 10, equally often; the segment knows which, or does not."""
    random = np.random.default_rng(seed)
    big = random.random(n) < 0.3
    label = big if true else random.random(n) < 0.3
    names = np.array([f"c{i}" for i in range(n)])
    who = random.integers(0, n, 30 * n)
    starts = pl.date(2025, 1, 1) + pl.duration(days=pl.col("offset"))
    return {
        "customers": pl.DataFrame({"customer": names, "segment": np.where(label, "big", "small")}),
        "purchases": pl.DataFrame(
            {
                "customer": names[who],
                "offset": random.integers(0, days, 30 * n),
                "amount": np.where(big[who], 50.0, 10.0),
            }
        ).with_columns(bought_at=starts),
        "answers": pl.DataFrame(
            {
                "customer": names,
                "recommend": random.integers(0, 11, n),
                "answered_at": ["2025-02-01"] * n,
            }
        ),
    }


def test_segments_that_know_the_money_pay_rent() -> None:
    found = check(**company(true=True))
    assert found.verdict == "guarded"
    assert "they pay rent" in found.finding
    frame = found.exhibits[0].frame
    own = frame.filter(pl.col("division") == "segment").row(0, named=True)
    assert own["foretold_low"] > 0.3
    assert own["over_nps_low"] > 0.3
    assert own["pays"] == "yes"
    assert found.money is None


def test_few_customers_decide_neither_way_and_nobody_is_told_to_drop_the_segments() -> None:
    tables = company(110, true=True)
    random = np.random.default_rng(4)
    size = pl.Series(np.exp(random.normal(0.0, 2.5, tables["purchases"].height)))
    bought = tables["purchases"].with_columns(amount=pl.col("amount") * size)
    found = check(**(tables | {"purchases": bought}))
    own = found.exhibits[0].frame.filter(pl.col("division") == "segment").row(0, named=True)
    assert own["foretold_low"] < 0
    assert own["foretold_high"] > 0.1
    assert (found.verdict, found.money, own["pays"]) == ("unknown", None, "not sure")
    assert "more than 110 customers" in found.missing[0]
    assert "Choose whom to address" not in found.next_step


def test_segments_that_know_nothing_do_not() -> None:
    found = check(**company(true=False))
    assert found.verdict == "exposed"
    assert "they do not pay rent" in found.finding


def test_another_division_of_the_table_is_tried_too(simulated: Company, truth: Truth) -> None:
    found = check(**simulated.tables)
    assert found.verdict == "exposed"
    frame = found.exhibits[0].frame
    pays = dict(zip(frame["division"], frame["pays"], strict=True))
    assert pays[truth.useless_segments] == "no"
    assert pays[truth.true_segments] == "yes"
    assert truth.true_segments in found.next_step
    assert found.money is not None
    assert found.money.ci_low > 0
    assert {note.code for note in found.money.notes} == {"reached_not_earned"}


def test_without_segments_the_others_are_still_shown() -> None:
    tables = company(true=True)
    found = check(purchases=tables["purchases"], answers=tables["answers"])
    assert found.verdict == "unknown"
    assert list(found.missing) == ["customers: customer, segment"]
    assert found.exhibits[0].frame.height == 4


@pytest.mark.parametrize(
    "tables",
    [
        {"customers": company(true=True)["customers"]},
        company(true=True, days=60),
        company(50, true=True),
        {"purchases": company(true=True)["purchases"].clear()},
    ],
)
def test_too_little_is_unknown_and_names_what_is_missing(tables: dict[str, pl.DataFrame]) -> None:
    found = check(**tables)
    assert found.verdict == "unknown"
    assert found.missing


def test_it_speaks_russian_and_draws(simulated: Company) -> None:
    from leal.charts import Style, to_svg

    found = check(**simulated.tables)
    assert "себя не оправдывают" in found.finding.into("ru")
    assert "<svg" in to_svg(found.pictures[0].draw(Style(language="ru")))


def test_groups_that_do_not_keep_their_customers_are_called_unstable() -> None:
    """The simulated segments are those of age and stay; NPS groups change from one answer to the next."""
    check = check_segments(Book(evidence=leal.simulate.company(1500, seed=1, language="en").evidence))
    kept = next(one for one in check.exhibits if one.title == "Do the groups keep their customers?")
    rows = {(row["division"], row["group"]): row for row in kept.frame.iter_rows(named=True)}
    assert rows["segment", "55+"]["stability"] == "stable"
    assert rows["NPS groups", "Passives"]["stability"] == "unstable"
    assert rows["NPS groups", "Passives"]["jaccard_low"] < rows["NPS groups", "Passives"]["jaccard"]
    assert "75" in kept.remark.into("ru")  # type: ignore[union-attr]
