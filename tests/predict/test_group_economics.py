"""What a customer of each NPS group is worth beside the average one."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from leal.errors import BadOption, BadValue, MissingColumn
from leal.measure import margin_multiple
from leal.predict import loyalty_grid, promoter_economics


def people(each: int = 100) -> pl.DataFrame:
    """Promoters bring 120 a year and 90 % stay, passives 100 and 80 %, detractors 80 and 60 %."""
    kinds = {"promoter": (120.0, 0.9), "passive": (100.0, 0.8), "detractor": (80.0, 0.6)}
    return pl.concat(
        pl.DataFrame(
            {
                "group": [group] * each,
                "yearly_money": [money] * each,
                "before": [True] * each,
                "after": [place < stay * each for place in range(each)],
            }
        )
        for group, (money, stay) in kinds.items()
    )


def test_what_a_promoter_is_worth_beside_the_average() -> None:
    found = promoter_economics(people())
    assert found["promoter"].value.estimate == pytest.approx(120 * margin_multiple(0.9))
    average = 100 * margin_multiple((0.9 + 0.8 + 0.6) / 3)
    assert found["detractor"].relative.estimate == pytest.approx(80 * margin_multiple(0.6) / average)
    assert found["promoter"].relative.ci_low > 1 > found["detractor"].relative.ci_high
    assert {note.code for note in found.notes} == {"cross_section_gap", "no_referral_money"}
    assert "the groups differ in more than the score" in found.sentence()
    assert "NaN" not in str(found.to_dict())


def test_money_of_recommending_is_added_where_it_is_given() -> None:
    """The 42 of the case of Dell (wom_expected.json: dell) goes to promoters."""
    found = promoter_economics(people(), referral={"promoter": 42.0, "detractor": -57.0})
    assert found["promoter"].value.estimate == pytest.approx(162 * margin_multiple(0.9))
    assert found["detractor"].value.estimate == pytest.approx(23 * margin_multiple(0.6))
    assert [note.code for note in found.notes] == ["cross_section_gap"]


def test_retention_of_half_years_is_compounded() -> None:
    found = promoter_economics(people(), years=0.5)
    assert found["passive"].retention.estimate == pytest.approx(0.64)


def test_chances_of_being_a_customer_stand_for_what_was_seen() -> None:
    """Of 100 who were customers for certain or by half, so many are left as the chances add up to."""
    seen = people().with_columns(
        before=pl.Series([1.0, 0.5] * 150),
        after=pl.Series([0.9, 0.3] * 150),
    )
    found = promoter_economics(seen)
    assert found["passive"].retention.estimate == pytest.approx((0.9 + 0.3) / (1.0 + 0.5))
    assert found["passive"].retention.ci_low < 0.8 < found["passive"].retention.ci_high


def test_few_customers_and_unknown_groups() -> None:
    assert promoter_economics(people(20)).sentence().startswith("unknown: needs 30 customers")
    with pytest.raises(BadOption):
        promoter_economics(people(), referral={"fan": 1.0})
    with pytest.raises(MissingColumn):
        promoter_economics(people().drop("before"))


@pytest.mark.parametrize("money", [0.0, -5.0])
def test_of_an_average_that_brings_nothing_there_is_no_multiple(money: float) -> None:
    found = promoter_economics(people().with_columns(yearly_money=pl.lit(money)))
    assert not found["promoter"].relative.known
    assert "no multiple" in found.sentence()
    nobody_stayed = promoter_economics(people().with_columns(after=pl.lit(False)))
    assert nobody_stayed["promoter"].value.estimate == 0
    assert "no multiple" in nobody_stayed.sentence()


def test_not_a_number_is_a_gap_as_null_is() -> None:
    every = pl.int_range(pl.len()) % 3 == 0
    gaps = people().with_columns(yearly_money=pl.when(every).then(None).otherwise("yearly_money"))
    holed = gaps.with_columns(pl.col("yearly_money").fill_null(float("nan")))
    assert promoter_economics(holed) == promoter_economics(gaps)


def test_weights_below_zero_and_none_above_it_are_refused() -> None:
    for weight in (-1.0, 0.0):
        with pytest.raises(BadValue):
            promoter_economics(people().with_columns(weight=pl.lit(weight)), weight="weight")
    unasked = people().with_columns(weight=pl.when(pl.int_range(pl.len()) >= 20).then(1.0))
    assert promoter_economics(unasked, weight="weight").n == 280


def test_money_a_head_of_uneven_money_leans_as_in_the_loyalty_grid() -> None:
    money = np.exp(np.random.default_rng(5).normal(3, 1.2, 300))
    uneven = people().with_columns(yearly_money=pl.Series(money))
    yearly = promoter_economics(uneven)["promoter"].yearly
    grid = loyalty_grid(
        uneven.with_columns(
            score=pl.when(pl.col("group") == "promoter").then(9.0).otherwise(5.0), purchases=pl.lit(1.0)
        )
    )["true"].per_head
    assert (yearly.estimate, yearly.ci_low, yearly.ci_high) == pytest.approx(
        (grid.estimate, grid.ci_low, grid.ci_high)
    )
    assert yearly.ci_high - yearly.estimate > yearly.estimate - yearly.ci_low


@pytest.mark.slow
def test_the_relative_value_covers() -> None:
    random = np.random.default_rng(0)
    truth = {"promoter": 120 * margin_multiple(0.9), "detractor": 80 * margin_multiple(0.6)}
    average = 100 * margin_multiple((0.9 + 0.8 + 0.6) / 3)
    hits, runs = dict.fromkeys(truth, 0), 300
    for _ in range(runs):
        rows = people(150).with_columns(
            yearly_money=pl.col("yearly_money") * pl.Series(random.gamma(2, 0.5, 450)),
            after=pl.Series(random.random(450))
            < pl.col("group").replace_strict({"promoter": 0.9, "passive": 0.8, "detractor": 0.6}),
        )
        found = promoter_economics(rows)
        for group, value in truth.items():
            one = found[group].relative
            hits[group] += one.ci_low <= value / average <= one.ci_high
    covered = {group: count / runs for group, count in hits.items()}
    assert all(0.92 <= share <= 0.98 for share in covered.values()), covered
