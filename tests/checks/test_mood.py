"""Check 5: what changed since when, and what it costs."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.checks.companies import answers, audit, purchases

from leal.charts import Style, to_svg

MONTHS = 16


def waves(fall: float, *, group: str | None = None, each: int = 60, seed: int = 1) -> pl.DataFrame:
    """Sixteen months of answers; in the last six `fall` of the promoters (of a group) are detractors."""
    random = np.random.default_rng(seed)
    rows, segments = [], []
    for month in range(MONTHS):
        for place in range(each):
            segment = "north" if place % 2 else "south"
            score = int(random.choice([10, 8, 3], p=[0.5, 0.3, 0.2]))
            if month >= 10 and (group is None or segment == group) and score == 10 and random.random() < fall:
                score = 3
            rows.append((f"c{month}-{place}", 15 + round(30.4 * month), score))
            segments.append(segment)
    return answers(rows, segment=segments)


def shop(table: pl.DataFrame) -> pl.DataFrame:
    """Everyone bought before their answer; after it only those who are no detractors."""
    rows = []
    for who, at, score in zip(
        table["customer"], table["answered_at"].rank("dense"), table["recommend"], strict=True
    ):
        asked = 15 + round(30.4 * (int(at) - 1))
        rows += [(who, asked - 10, 10.0)] + [(who, asked + step, 10.0) for step in (30, 80) if score > 6]
    return purchases([*rows, ("clock", 700, 1.0)])


def test_a_fall_exposes_and_says_since_when() -> None:
    check = audit(answers=waves(0.6))[5]
    assert check.verdict == "exposed"
    assert "NPS fell by" in check.finding
    assert "November 2024" in check.finding
    assert "would be seen in about" in check.finding


def test_steady_scores_guard() -> None:
    check = audit(answers=waves(0.0))[5]
    assert check.verdict == "guarded"
    assert check.money is None
    assert "Keep the size" in check.next_step or "warning" in check.next_step


def test_the_group_that_fell_is_named_in_the_first_step() -> None:
    check = audit(answers=waves(0.9, group="north"))[5]
    assert check.verdict == "exposed"
    assert check.next_step.startswith("Find out what has changed for north since ")


def test_a_fall_costs_customers_a_step_down_times_what_a_step_is_worth() -> None:
    table = waves(0.6)
    check = audit(answers=table, purchases=shop(table))[5]
    assert check.grade == "C"
    assert check.money is not None
    step = next(one.value for one in check.estimates if one.name.startswith("Yearly money of one step"))
    change = next(one.value for one in check.estimates if one.name == "Change: NPS")
    bought = shop(table)
    active = bought.filter(pl.col("bought_at") > bought["bought_at"].max() - pl.duration(days=365))  # type: ignore[operator]
    customers = active["customer"].n_unique()
    assert check.money.estimate == pytest.approx(
        customers * abs(change.estimate) / 100 * step.estimate, rel=1e-6
    )
    assert check.money.ci_low < check.money.estimate < check.money.ci_high


def test_without_purchases_a_fall_has_no_price_and_says_so() -> None:
    check = audit(answers=waves(0.6))[5]
    assert check.money is None
    assert "no_money_link" in {note.code for note in check.notes}


def test_too_few_waves_are_unknown_with_how_many_are_missing() -> None:
    table = waves(0.6).filter(pl.col("answered_at") < pl.date(2024, 3, 1))
    check = audit(answers=table)[5]
    assert check.verdict == "unknown"
    assert "2 more waves" in check.missing[0]


def test_pictures_draw_and_the_table_is_of_every_group() -> None:
    check = audit(answers=waves(0.6))[5]
    assert {"north", "south", "all answers"} <= set(check.exhibits[0].frame["group"])
    for picture in check.pictures:
        assert to_svg(picture.draw(Style(language="ru"))).startswith("<svg")
