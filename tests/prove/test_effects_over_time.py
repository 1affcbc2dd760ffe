"""The effect by month and way to loyalty, on purchases with a planted decay."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest

from leal.charts import Style, to_svg
from leal.errors import BadOption, MissingColumn
from leal.prove import effects_by_path, programme_ledger

START = dt.date(2025, 1, 1)
MONTHS = 10


def tables(
    halves: dict[str, float], *, size: float = 40.0, customers: int = 800, seed: int = 1
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Actions, one a way with its half-life in months; everyone buys for about 50 every 30 days."""
    random = np.random.default_rng(seed)
    assigned, bought = [], []
    for path, half in halves.items():
        for k in range(customers):
            who, treated = f"{path}{k}", k % 2 == 0
            assigned.append((f"{path} action", who, "treated" if treated else "control", START, path))
            for month in range(MONTHS):
                extra = size * 0.5 ** ((month + 0.5) / half) if treated else 0.0
                day = START + dt.timedelta(30 * month + int(random.integers(0, 30)))
                bought.append((who, day, 50 + extra + 25 * float(random.standard_normal())))
            # the data end with the last whole month
        bought.append((f"{path}0", START + dt.timedelta(30 * MONTHS - 1), 0.01))
    actions = pl.DataFrame(assigned, schema=["action", "customer", "arm", "started_at", "path"], orient="row")
    return actions, pl.DataFrame(bought, schema=["customer", "bought_at", "amount"], orient="row")


def test_short_lived_is_told_from_lasting() -> None:
    found = effects_by_path(*tables({"economic": 2.0, "emotional": 1e9}), currency="RUB")
    assert [one.path for one in found] == ["economic", "emotional"]
    short, lasting = found["economic"], found["emotional"]
    assert short.half_life.ci_low < 2 < short.half_life.ci_high
    assert short.half_life.decays
    assert not lasting.half_life.decays
    assert len(short.months) == MONTHS
    assert short.months[0].ci_low < 40 * 0.5 ** (0.5 / 2) < short.months[0].ci_high
    assert all(one.ci_low > 0 for one in lasting.months)
    assert "economic: Half of the effect is gone after" in found.sentence()
    assert "emotional: No decay is proved" in found.sentence()


def test_it_draws_itself_in_both_languages() -> None:
    found = effects_by_path(*tables({"economic": 2.0}), currency="RUB")
    assert "economic" in to_svg(found.chart())
    assert "экономический" in to_svg(found.chart(Style(language="ru")))
    assert found.to_frame()["fitted"].null_count() == 0


def test_without_an_effect_nothing_is_said_of_its_decay() -> None:
    found = effects_by_path(*tables({"uniqueness": 2.0}, size=0.0))
    assert not found["uniqueness"].half_life.known
    assert found.to_frame()["fitted"].null_count() == MONTHS
    assert "nan" not in str(found.to_dict()).lower()


def test_actions_too_young_or_without_a_holdout_are_left_out() -> None:
    actions, bought = tables({"economic": 2.0})
    young = actions.with_columns(started_at=pl.lit(START + dt.timedelta(30 * MONTHS - 5)))
    assert effects_by_path(young, bought).paths == ()
    alone = actions.filter(pl.col("arm") == "treated")
    assert effects_by_path(alone, bought).sentence().startswith("unknown: needs actions")
    nameless = effects_by_path(actions.drop("path"), bought)
    assert nameless.paths[0].path == "not_said"
    with pytest.raises(BadOption, match="emotional"):
        _ = nameless["emotional"]
    with pytest.raises(MissingColumn):
        effects_by_path(actions.drop("started_at"), bought)


def test_whoever_is_in_two_arms_is_left_out() -> None:
    actions, bought = tables({"economic": 2.0})
    twice = actions.head(1).with_columns(arm=pl.lit("control"))
    found = effects_by_path(pl.concat([actions, twice]), bought)
    assert found["economic"].months[0].n == 799


def test_the_ledger_of_an_audit_adds_up_the_arms_of_an_action() -> None:
    from leal.engine import collect
    from leal.measure import daily_money, programme_effects

    actions, bought = tables({"economic": 1e9})
    half = pl.int_range(pl.len()) % 4 == 0
    arms = actions.with_columns(
        arm=pl.when((pl.col("arm") == "treated") & half).then(pl.lit("mail")).otherwise("arm"),
        promised=pl.lit(100_000.0),
        promised_low=pl.lit(50_000.0),
    )
    days = collect(daily_money(bought))
    last: Any = days["day"].max()
    effects = programme_effects(arms, days, last)
    assert len(effects) == 2
    ledger = programme_ledger(arms, effects, currency="RUB")
    line = ledger["economic action"]
    assert line.promised is not None
    assert (line.promised.ci_low, line.promised.ci_high) == (50_000, 150_000)
    assert line.proved is not None
    assert line.proved.estimate == pytest.approx(400 * 40 * MONTHS, rel=0.1)
    assert line.proved.currency == "RUB"
    assert line.is_proved


@pytest.mark.slow
def test_intervals_of_half_lives_of_customers_hold_the_truth() -> None:
    held = []
    for seed in range(200):
        found = effects_by_path(*tables({"economic": 3.0}, customers=300, seed=seed))["economic"].half_life
        if found.known:
            held.append(found.ci_low <= 3 <= found.ci_high)
    assert len(held) > 190
    assert 0.91 <= np.mean(held) <= 0.985
