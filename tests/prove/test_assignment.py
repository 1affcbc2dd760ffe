"""Arms drawn by lot: stable, seeded, stratified."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leal.errors import BadValue, MissingColumn
from leal.prove import GLOBAL_HOLDOUT, assign
from leal.statistics import sample_ratio_test


def people(n: int, start: int = 0) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "customer": [f"c{k}" for k in range(start, start + n)],
            "region": [("north", "south", "east")[k % 3] for k in range(start, start + n)],
        }
    )


def test_the_same_call_gives_the_same_arms_and_new_customers_change_none() -> None:
    first = assign(people(500), name="Welcome call")
    later = assign(people(800).sample(fraction=1, shuffle=True, seed=1), name="Welcome call")
    both = first.join(later, on="customer", suffix="_later")
    assert both.height == 500
    assert both["arm"].to_list() == both["arm_later"].to_list()
    assert first.columns == ["action", "customer", "arm"]


def test_the_lot_is_written_down_so_that_another_machine_draws_the_same() -> None:
    arms = assign(people(6), name="Welcome call", seed=3)["arm"].to_list()
    assert arms == ["treated", "control", "control", "control", "treated", "control"]


def test_actions_and_seeds_have_lots_of_their_own_but_one_global_holdout() -> None:
    crowd = people(6000)
    one, two = (assign(crowd, name=name)["arm"] for name in ("one", "two"))
    out = one == GLOBAL_HOLDOUT
    assert (out == (two == GLOBAL_HOLDOUT)).all()
    assert 0.04 < out.mean() < 0.06
    agree = (one == two).filter(~out).mean()
    assert 0.46 < agree < 0.54
    assert (assign(crowd, name="one", seed=1)["arm"] == one).mean() < 0.6


def test_shares_come_out_as_meant() -> None:
    arms = assign(people(20_000), name="x", shares={"control": 1, "mail": 2, "call": 1}, holdout=0)["arm"]
    counts = dict(arms.value_counts().rows())
    assert sample_ratio_test([counts["control"], counts["mail"], counts["call"]], [1, 2, 1]).p_value > 0.001


@given(st.integers(1, 60), st.integers(0, 99), st.floats(0.05, 0.95))
@settings(max_examples=40, deadline=None)
def test_within_strata_no_arm_is_more_than_one_customer_from_its_share(
    n: int, seed: int, share: float
) -> None:
    shares = {"control": share, "treated": 1 - share}
    drawn = assign(people(n), name="x", shares=shares, strata="region", seed=seed, holdout=0)
    for _, part in drawn.group_by("region"):
        found = (part["arm"] == "control").sum()
        assert abs(found - share * part.height) <= 1


def test_small_strata_have_their_share_of_controls() -> None:
    """Begun with the largest arm each time, branches of one or two customers never had a control."""
    crowd = pl.DataFrame(
        {"customer": [f"c{k}" for k in range(6000)], "branch": [f"b{k // 2}" for k in range(6000)]}
    )
    shares = {"control": 0.2, "treated": 0.8}
    drawn = assign(crowd, name="x", shares=shares, strata="branch", holdout=0)
    counts = dict(drawn["arm"].value_counts().rows())
    assert sample_ratio_test([counts["control"], counts["treated"]], [1, 4]).p_value > 0.001
    first = drawn.gather_every(2)["arm"]
    assert (first == "control").mean() == pytest.approx(0.2, abs=0.03)


def test_an_earlier_stratified_lot_is_kept_and_only_newcomers_are_drawn() -> None:
    first = assign(people(100), name="x", strata="region", holdout=0)
    grown = assign(people(160), name="x", strata="region", holdout=0, earlier=first)
    kept = grown.join(first, on="customer", suffix="_first")
    assert kept["arm"].to_list() == kept["arm_first"].to_list()
    sizes = grown.group_by("region").agg((pl.col("arm") == "control").mean().alias("share"))
    assert sizes["share"].is_between(0.45, 0.55).all()


def test_bad_input_is_one_clear_error() -> None:
    with pytest.raises(BadValue, match="there twice"):
        assign(pl.concat([people(3), people(3)]), name="x")
    with pytest.raises(BadValue, match="no identifier"):
        assign(pl.DataFrame({"customer": ["a", None]}), name="x")
    with pytest.raises(BadValue, match="at least two arms"):
        assign(people(3), name="x", shares={"all": 1.0})
    with pytest.raises(BadValue, match="holdout of 2"):
        assign(people(3), name="x", holdout=2)
    with pytest.raises(MissingColumn):
        assign(people(3), name="x", strata="country")
