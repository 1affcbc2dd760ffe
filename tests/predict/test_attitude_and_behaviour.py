"""Attitude by behaviour: four kinds of loyalty."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leal.charts import Style, to_svg
from leal.errors import BadValue, MissingColumn
from leal.predict import LoyaltyGrid, loyalty_grid


def people(times: int = 20) -> pl.DataFrame:
    """Two truly loyal, one latent, one spurious, one of no loyalty, `times` over."""
    return pl.DataFrame(
        {
            "score": [9, 8, 10, 4, 3] * times,
            "purchases": [9, 8, 1, 8, 2] * times,
            "yearly_money": [90.0, 110.0, 10.0, 80.0, 10.0] * times,
        }
    )


def shares(grid: LoyaltyGrid) -> dict[str, float]:
    return {cell.name: cell.share.estimate for cell in grid}


def test_who_is_truly_loyal_and_who_only_seems_so() -> None:
    grid = loyalty_grid(people(), high_behaviour=5)
    assert shares(grid) == pytest.approx({"true": 0.4, "latent": 0.2, "spurious": 0.2, "none": 0.2})
    assert grid["spurious"].share_of_money.estimate == pytest.approx(80 / 300)
    assert grid["true"].per_head.estimate == pytest.approx(100)
    assert grid["true"].share.ci_low < 0.4 < grid["true"].share.ci_high
    assert grid.sentence().startswith("40\u00a0% of customers are truly loyal; 20\u00a0% buy often")
    assert grid.notes[0].code == "thresholds"
    assert "NaN" not in str(grid.to_dict())


def test_frequent_is_what_about_half_reach_unless_told_otherwise() -> None:
    assert loyalty_grid(people()).high_behaviour == 8
    weighted = people().with_columns(weight=pl.when(pl.col("purchases") < 5).then(10.0).otherwise(1.0))
    assert loyalty_grid(weighted, weight="weight").high_behaviour == 2
    once = people().with_columns(purchases=pl.when(pl.col("purchases") < 9).then(1).otherwise(4))
    assert loyalty_grid(once).high_behaviour == 4
    assert loyalty_grid(people().with_columns(purchases=pl.lit(3))).high_behaviour == 3


def test_thresholds_move_customers_between_cells() -> None:
    strict = loyalty_grid(people(), high_attitude=9, high_behaviour=5)
    assert shares(strict)["true"] == pytest.approx(0.2)
    assert shares(strict)["spurious"] == pytest.approx(0.4)


def test_few_customers_are_unknown_and_bad_input_is_said() -> None:
    few = loyalty_grid(people(5))
    assert few.sentence().startswith("unknown: needs 30 customers")
    assert few.to_frame().is_empty()
    with pytest.raises(MissingColumn):
        loyalty_grid(people(), attitude="mood")
    with pytest.raises(BadValue):
        loyalty_grid(people(), high_attitude=float("nan"))


def test_an_empty_cell_has_no_money_a_head() -> None:
    grid = loyalty_grid(people().with_columns(score=pl.lit(9)), high_behaviour=5)
    assert shares(grid)["spurious"] == 0
    assert grid.to_frame().filter(pl.col("loyalty") == "spurious")["per_head"][0] is None


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 10), st.integers(0, 20), st.floats(0, 1e6)), min_size=30, max_size=80)
)
def test_shares_add_up(rows: list[tuple[int, int, float]]) -> None:
    frame = pl.DataFrame(rows, schema=["score", "purchases", "yearly_money"], orient="row")
    grid = loyalty_grid(frame)
    assert sum(cell.share.estimate for cell in grid) == pytest.approx(1)
    assert sum(cell.customers for cell in grid) == len(rows)


@pytest.mark.parametrize("style", [Style(), Style(language="ru", theme="dark", width=340)])
def test_the_grid_draws(style: Style) -> None:
    drawn = to_svg(loyalty_grid(people(), currency="USD").chart(style))
    assert ("Истинная лояльность" if style.language == "ru" else "True loyalty") in drawn
    assert ("$" if style.language == "ru" else "USD") in drawn
    assert to_svg(loyalty_grid(people(2)).chart(style)).startswith("<svg")


@pytest.mark.slow
def test_shares_and_money_cover() -> None:
    random, truth = np.random.default_rng(0), None
    hits = dict.fromkeys(("share", "share_of_money", "per_head"), 0)
    runs = 2000
    for run in range(runs + 1):
        n = 400_000 if not run else 500
        loyal = random.normal(size=n)
        frame = pl.DataFrame(
            {
                "score": np.clip(np.round(7.5 + 2 * loyal + random.normal(size=n)), 0, 10),
                "purchases": random.poisson(np.exp(1 + 0.5 * loyal)),
                "yearly_money": random.lognormal(3 + 0.4 * loyal, 0.7),
            }
        )
        cell = loyalty_grid(frame, high_behaviour=3)["spurious"]
        found = {name: getattr(cell, name) for name in hits}
        if truth is None:
            truth = {name: one.estimate for name, one in found.items()}
            continue
        for name, one in found.items():
            hits[name] += one.ci_low <= truth[name] <= one.ci_high
    covered = {name: count / runs for name, count in hits.items()}
    assert all(0.93 <= share <= 0.97 for share in covered.values()), covered


def groups(*sizes: int) -> pl.DataFrame:
    """Truly loyal, latent, spurious, none: so many customers of each."""
    kinds = [(9.0, 5.0), (9.0, 1.0), (4.0, 5.0), (4.0, 1.0)]
    rows = [kind for kind, size in zip(kinds, sizes, strict=True) for _ in range(size)]
    frame = pl.DataFrame(rows, schema=["score", "purchases"], orient="row")
    return frame.with_columns(yearly_money=10.0 + pl.int_range(pl.len()) % 7)


def test_a_cell_of_few_customers_is_told() -> None:
    grid = loyalty_grid(groups(50, 50, 30, 30), high_behaviour=5.0)
    told = next(note for note in grid.notes if note.code == "small_cells")
    assert "Spurious loyalty" in told.text
    assert "True loyalty" not in told.text
    assert grid["spurious"].per_head.known


def test_money_a_head_of_fewer_than_twenty_is_not_told() -> None:
    grid = loyalty_grid(groups(50, 50, 20, 19), high_behaviour=5.0)
    told = next(note for note in grid.notes if note.code == "few_in_cell")
    assert "No loyalty" in told.text
    assert "Spurious loyalty" not in told.text
    assert grid["spurious"].per_head.known
    assert not grid["none"].per_head.known
    assert grid["none"].share.known
    assert grid["none"].share_of_money.known


def test_not_a_number_is_a_gap_and_no_dislike() -> None:
    people = pl.DataFrame({"score": [9.0, 9.0, 4.0, 3.0] * 20, "purchases": [9, 1, 8, 2] * 20})
    people = people.with_columns(yearly_money=pl.col("purchases") * 10.0)
    for column in ("score", "yearly_money"):
        gap = pl.int_range(pl.len()) < 8
        null = people.with_columns(pl.when(gap).then(None).otherwise(pl.col(column)).alias(column))
        holed = null.with_columns(pl.col(column).fill_null(float("nan")))
        assert loyalty_grid(holed) == loyalty_grid(null)
    for weight in (-1.0, 0.0):
        with pytest.raises(BadValue):
            loyalty_grid(people.with_columns(weight=pl.lit(weight)), weight="weight")
