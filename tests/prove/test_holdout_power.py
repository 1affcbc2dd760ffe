"""What a holdout will show: against the formula of planning, against simulation, and in words."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import polars as pl
import pytest

from leal.errors import BadValue
from leal.measure import usual_split
from leal.prove import assign, balance_of_arms, detectable_effect, experiment, money_power, share_power
from leal.prove.holdout_power import SHARES_TO_ADVISE

END = dt.date(2026, 1, 1)


def bought(spend: np.ndarray, weeks: int = 60, begun: bool = True) -> pl.DataFrame:
    """Return purchases of some weeks: each customer brings a twelfth of `spend` a week.

    A stranger bought long before, so that the weeks before are known to be without purchases.
    """
    names = [f"c{k}" for k in range(len(spend))]
    days = [END - dt.timedelta(7 * week) for week in range(weeks)]
    stranger = pl.DataFrame({"customer": ["z"], "amount": [1.0]}).head(int(begun))
    return pl.concat(
        [stranger.with_columns(bought_at=pl.lit(END - dt.timedelta(500)))]
        + [
            pl.DataFrame({"customer": names, "amount": spend / 12}).with_columns(bought_at=pl.lit(day))
            for day in days
        ]
    )


def drawn(n: int, share: float, seed: int = 0) -> pl.DataFrame:
    people = pl.DataFrame({"customer": [f"c{k}" for k in range(n)], "all": "all"})
    shares = {"control": share, "treated": 1 - share}
    return assign(people, name="x", shares=shares, strata="all", holdout=0, seed=seed)


def test_even_money_is_the_formula_of_planning() -> None:
    """Two values, as many of each, have no skewness: nothing leans."""
    spend = np.tile([0.0, 24.0], 500)
    alone = bought(spend, weeks=12)
    found = money_power(drawn(1000, 0.5), alone)
    assert found.typical == pytest.approx(12.0)
    assert found.correlation == 0, "there is no past to help"
    assert found.effect == pytest.approx(
        detectable_effect(1000, sd=float(spend.std(ddof=1))),
    )


def test_the_past_takes_noise_out() -> None:
    rng = np.random.default_rng(1)
    level, chance = rng.gamma(4.0, 3.0, 2_000), rng.gamma(4.0, 3.0, (2, 2_000))
    late = bought(level + chance[0], weeks=12)
    early = bought(level + chance[1], weeks=12).with_columns(pl.col("bought_at") - pl.duration(weeks=12))
    with_past = money_power(drawn(2_000, 0.5), pl.concat([late, early]))
    without = money_power(drawn(2_000, 0.5), late)
    assert with_past.correlation == pytest.approx(0.5, abs=0.06)
    assert with_past.effect / without.effect == pytest.approx(
        math.sqrt(1 - with_past.correlation**2), rel=0.02
    )


@pytest.mark.parametrize(("share", "by_formula"), [(0.05, 0.44), (0.1, 0.54), (0.5, 0.79)])
def test_a_gain_of_the_size_told_is_shown_in_80_of_100_lots(share: float, by_formula: float) -> None:
    """Money of a lognormal, whose limits lean: without their skewness planning tells too small an effect."""
    spend = np.random.default_rng(3).lognormal(2.0, 1.0, 2_000)
    table = pl.DataFrame({"customer": [f"c{k}" for k in range(2_000)], "money": spend})
    told = money_power(drawn(2_000, share), bought(spend, weeks=12))
    assert shown_in(table, share, told.effect) == pytest.approx(0.8, abs=0.09)
    shares = {"control": share, "treated": 1 - share}
    straight = detectable_effect(2_000, sd=float(spend.std(ddof=1)), shares=shares)
    assert shown_in(table, share, straight) == pytest.approx(by_formula, abs=0.05)


def shown_in(table: pl.DataFrame, share: float, effect: float) -> float:
    """Return the part of 200 lots in which an effect added to the treated is shown."""
    shown = 0
    for seed in range(200):
        lot = drawn(2_000, share, seed).join(table, on="customer")
        lot = lot.with_columns(money=pl.col("money") + effect * (pl.col("arm") == "treated"))
        found = experiment(
            lot, arm="arm", outcome="money", expected_shares={"control": share, "treated": 1 - share}
        )
        shown += found.difference.ci_low > 0
    return shown / 200


def test_the_share_advised_is_the_least_that_shows_what_is_wanted() -> None:
    spend = np.random.default_rng(2).gamma(2.0, 10.0, 3_000)
    purchases = bought(spend, weeks=12)
    found = money_power(drawn(3_000, 0.05), purchases, wanted=1.8)
    assert not found.enough
    assert found.needed_share is not None
    place = SHARES_TO_ADVISE.index(found.needed_share)
    assert money_power(drawn(3_000, found.needed_share), purchases, wanted=1.8).enough
    assert not money_power(drawn(3_000, SHARES_TO_ADVISE[place - 1]), purchases, wanted=1.8).enough


def test_where_half_is_too_little_the_customers_are_told() -> None:
    found = share_power(30, 270)
    assert found.needed_share is None
    assert "needs 3,140 customers, half of them held out" in found.sentence()
    assert share_power(1_570, 1_570).enough


def test_the_shares_advised_are_those_that_the_audit_knows() -> None:
    assert all(usual_split(share) == share for share in SHARES_TO_ADVISE)


def test_it_pays_from_its_cost_and_what_is_shown() -> None:
    spend = np.random.default_rng(2).gamma(2.0, 10.0, 500)
    found = money_power(drawn(500, 0.2), bought(spend), cost=3)
    assert found.pays_from == pytest.approx(3 + found.effect)
    assert any("costs 3.00" in one for one in found.sentences())


@pytest.mark.parametrize(
    ("purchases", "code"),
    [
        (bought(np.full(100, 5.0), weeks=60), "no_spread"),
        (bought(np.full(100, 5.0), weeks=8, begun=False), "too_short"),
        (bought(np.full(4, 5.0), weeks=60), "few_buyers"),
        (bought(np.full(100, 5.0)).head(0), "no_purchases"),
    ],
)
def test_too_little_is_an_answer(purchases: pl.DataFrame, code: str) -> None:
    found = money_power(drawn(100, 0.2), purchases)
    assert not found.known
    assert not found.enough
    assert found.notes[0].code == code
    assert found.to_dict()["effect"] is None
    assert found.sentence()


def test_money_of_one_currency_is_counted() -> None:
    spend = np.random.default_rng(2).gamma(2.0, 10.0, 200)
    euro = bought(spend).with_columns(currency=pl.lit("EUR"))
    rouble = bought(100 * spend).with_columns(currency=pl.lit("RUB"))
    both = pl.concat([euro, rouble])
    assert money_power(drawn(200, 0.2), both, currency="EUR").effect == pytest.approx(
        money_power(drawn(200, 0.2), euro).effect
    )
    with pytest.raises(BadValue):
        money_power(drawn(200, 0.2), both)


def test_margin_counts_where_it_is_known() -> None:
    spend = np.random.default_rng(2).gamma(2.0, 10.0, 200)
    revenue, margin = (money_power(drawn(200, 0.2), bought(spend), margin=one) for one in (None, 0.25))
    assert margin.effect == pytest.approx(revenue.effect / 4)
    assert (revenue.basis, margin.basis) == ("revenue", "margin")
    assert "revenue_not_margin" in {note.code for note in revenue.notes}


def test_nobody_held_out_is_refused() -> None:
    all_treated = pl.DataFrame({"customer": ["a", "b"], "arm": ["treated", "treated"]})
    with pytest.raises(BadValue, match="Nobody was held out"):
        money_power(all_treated, bought(np.full(2, 5.0)))


@pytest.mark.parametrize("arms", [(0, 0), (0, 90), (10, 0)])
def test_an_arm_of_nobody_shows_nothing(arms: tuple[int, int]) -> None:
    with pytest.raises(BadValue, match="each has customers"):
        share_power(*arms)


def test_balance_finds_arms_that_no_lot_drew() -> None:
    rng = np.random.default_rng(4)
    lot = drawn(1_000, 0.3).with_columns(contacts=pl.Series(rng.poisson(3, 1_000).astype(float)))
    (fair,) = balance_of_arms(lot, ["contacts"])
    assert fair.difference.p_value > 0.01
    chosen = lot.with_columns(
        arm=pl.when(pl.col("contacts") > 2).then(pl.lit("treated")).otherwise(pl.lit("control"))
    )
    (unfair,) = balance_of_arms(chosen, ["contacts"])
    assert unfair.difference.p_value < 1e-6
    assert unfair.standardised.estimate > 1
    with pytest.raises(BadValue, match="not numbers"):
        balance_of_arms(lot, ["customer"])
