"""Forecasts and measured values of actions hold the truth as often as their intervals say."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

import leal
from leal.act import Uncertain
from leal.engine import collect
from leal.measure import daily_money, margin_multiple, programme_effects
from leal.results import Estimate
from leal.simulate import company, truth_of


@pytest.mark.slow
def test_measured_values_hold_what_was_planted_and_nothing_is_proved_of_what_does_nothing() -> None:
    """100 companies, four actions each: 88 of 100 at least, and at most 7 proofs of a do-nothing action."""
    truth = truth_of(company(1).plan)
    rows = []
    for seed in range(1, 101):
        firm = company(2_500, seed=seed)
        days = collect(daily_money(firm.tables["purchases"]))
        last = days["day"].max()
        assert isinstance(last, int)
        for effect in programme_effects(firm.tables["actions"], days, last, column="margin"):
            assert effect.money is not None
            action = leal.Action(
                name=effect.action,
                customers=effect.treated,
                measured=Uncertain.normal(effect.money, grade="A"),
                cost=effect.cost,
            )
            found = leal.action_value(action, draws=4_000)
            planted = effect.treated * truth.actions[effect.action].margin - effect.cost
            rows.append((effect.action, found.ci_low <= planted <= found.ci_high, found.proved))
    table = pl.DataFrame(rows, schema=["action", "held", "proved"], orient="row")
    shares = table.group_by("action").agg(pl.col("held").mean(), pl.col("proved").sum())
    print(shares)
    assert shares["held"].min() >= 0.88  # type: ignore[operator]
    for name in ("Bonus points", "New packaging", "Sales calls"):
        assert truth.actions[name].margin <= 1e-9 or truth.actions[name].noticed < 0.1
        assert shares.filter(action=name)["proved"][0] <= 7


@pytest.mark.slow
def test_forecasts_hold_the_truth_where_their_factors_are_estimated() -> None:
    """Noticing from 200 answers a side, effect and link from estimates: 93 to 97 of 100."""
    customers, margin, retention = 10_000, 120.0, 0.8
    noticed, effect, link = 0.4, 4.0, 0.004
    moved = noticed * effect * link
    truth = customers * margin * (margin_multiple(retention + moved) - margin_multiple(retention))
    random = np.random.default_rng(11)
    held = 0
    for seed in range(3_000):
        yes = int(random.binomial(200, noticed))
        action = leal.Action(
            name="a",
            customers=customers,
            noticed=Uncertain.share(yes, 200),
            satisfaction=_estimated(effect, 0.8, random),
            retention_link=_estimated(link, 0.0008, random),
            margin=margin,
            retention=retention,
            cost=0,
        )
        found = leal.action_value(action, draws=2_000, seed=seed)
        held += found.ci_low <= truth <= found.ci_high
    print(held / 3_000)
    assert 0.93 <= held / 3_000 <= 0.97


def _estimated(truth: float, error: float, random: np.random.Generator) -> Estimate:
    value = float(random.normal(truth, error))
    reach = 1.959964 * error
    return Estimate(estimate=value, ci_low=value - reach, ci_high=value + reach, n=100, method="normal")
