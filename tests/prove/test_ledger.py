"""Promised, noticed, proved; links that outcomes correct; half-lives."""

from __future__ import annotations

import datetime as dt
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.prove.test_experiments import trial

import leal
from leal.act import Action, action_value
from leal.errors import BadFile, BadOption, BadValue
from leal.prove import Ledger, experiment, half_life, updated_link
from leal.results import Estimate, Money, Proportion


def money(estimate: float, reach: float, grade: Any = "D", currency: str | None = "RUB") -> Money:
    return Money(
        estimate=estimate,
        ci_low=estimate - reach,
        ci_high=estimate + reach,
        n=100,
        method="welch",
        currency=currency,
        grade=grade,
        period="period",
    )


def share(estimate: float) -> Proportion:
    return Proportion(
        estimate=estimate, ci_low=estimate - 0.05, ci_high=estimate + 0.05, n=400, method="newcombe"
    )


def filled() -> Ledger:
    return (
        Ledger()
        .promise("call", money(90_000, 50_000), on="2026-01-15", cost=10_000)
        .promise("points", money(60_000, 20_000), on=dt.date(2026, 4, 2))
        .promise("visits", money(30_000, 20_000), on="2026-04-02")
        .notice("points", share(0.2), expected=0.4)
        .prove(money(70_000, 40_000, "A"), action="call", on="2026-06-30")
        .prove(money(2_000, 15_000, "A"), action="points", on="2026-07-10")
        .prove(money(-25_000, 10_000, "A"), action="visits", on="2026-07-10")
    )


def test_what_noticing_leaves_has_the_level_of_its_promise() -> None:
    """By hand: all of 100 +- 10 at 90 %, half of it noticed for sure: 50 +- 5 at 90 %, not at 95 %."""
    promised = replace(money(100, 10), level=0.9)
    noticed = Proportion(estimate=0.5, ci_low=0.5, ci_high=0.5, n=400, method="newcombe")
    line = Ledger().promise("call", promised, on="2026-01-15").notice("call", noticed, expected=1.0)["call"]
    assert line.noticed_money is not None
    assert line.noticed_money.level == 0.9
    assert (line.noticed_money.ci_low, line.noticed_money.ci_high) == pytest.approx((45, 55))


def test_the_ledger_adds_up() -> None:
    ledger = filled()
    assert isinstance(ledger, leal.Ledger)
    assert ledger.promised is not None
    assert ledger.promised.estimate == 180_000
    assert ledger.promised.ci_high == pytest.approx(180_000 + math.hypot(50_000, 20_000, 20_000))
    assert ledger.proved is not None
    assert ledger.proved.estimate == 70_000
    assert ledger.harmed is not None
    assert ledger.harmed.estimate == -25_000
    assert ledger.measured is not None
    assert ledger.measured.estimate == 47_000
    assert ledger["points"].noticed_money is not None
    assert ledger["points"].noticed_money.estimate == 30_000
    assert str(ledger) == (
        "3 actions: promised RUB\xa0180,000, proved RUB\xa070,000. Harm done: RUB\xa0−25,000."
    )


def test_it_is_frozen_and_every_step_returns_a_new_one() -> None:
    first = Ledger()
    second = first.promise("call", money(1, 1))
    assert first.entries == ()
    assert len(second.entries) == 1
    with pytest.raises(AttributeError):
        second.entries = ()  # type: ignore[misc]


def test_what_we_were_wrong_about() -> None:
    wrong = filled().wrong()
    assert [(one.action, one.kind) for one in wrong] == [("points", "less"), ("visits", "harm")]
    assert "did harm" in wrong[1].sentence()
    more = Ledger().promise("call", money(10, 5)).prove(money(100, 20, "A"))
    assert more.wrong()[0].kind == "more"


def test_totals_by_quarter() -> None:
    table = filled().by_quarter()
    assert table["quarter"].to_list() == ["2026-Q1", "2026-Q2", "2026-Q3"]
    assert table["promised"].to_list() == [90_000, 90_000, None]
    assert table["measured"].to_list() == [None, 70_000, -23_000]
    assert table["proved"].to_list() == [None, 70_000, None]
    undated = Ledger().promise("x", money(1, 1)).by_quarter()
    assert undated["quarter"].to_list() == [None]


def test_an_experiment_is_proved_for_its_customers() -> None:
    found = experiment(trial(10.0), arm="arm", outcome="spend", cost=1.0, currency="RUB")
    ledger = Ledger().promise("call", money(5_000, 4_000)).prove(found)
    line = ledger["call"]
    treated = found.arms[1].n
    assert line.proved is not None
    assert line.proved.estimate == pytest.approx(treated * found.difference.estimate)
    assert line.cost == pytest.approx(treated)
    assert (line.is_proved, line.verdict, line.grade) == (True, "works", "A")
    rolled = Ledger().prove(found, action="call", customers=10_000)["call"].proved
    assert rolled is not None
    assert rolled.estimate == pytest.approx(10_000 * found.difference.estimate)


def test_an_outcome_that_is_no_money_wants_a_value() -> None:
    frame = trial(10.0).with_columns(bought=trial(10.0)["spend"] > 60)
    with pytest.raises(BadValue, match="not money"):
        Ledger().prove(experiment(frame, arm="arm", outcome="bought"), action="call")
    valued = experiment(frame, arm="arm", outcome="bought", value=100.0)
    assert Ledger().prove(valued, action="call")["call"].proved is not None


def test_an_action_and_its_forecast_need_no_name_of_their_own() -> None:
    action = Action(
        name="Lobby",
        customers=10_000,
        noticed=0.4,
        satisfaction=4,
        retention_link=0.004,
        margin=120,
        retention=0.8,
        cost=60_000,
    )
    ledger = Ledger().promise(action, money(90_000, 50_000))
    assert ledger.actions == ("Lobby",)
    forecast = action_value(action)
    by_forecast = Ledger().promise(forecast)
    assert by_forecast.actions == ("Lobby",)
    assert by_forecast["Lobby"].promised is not None
    assert by_forecast["Lobby"].promised.estimate == pytest.approx(forecast.gain.estimate)
    assert by_forecast["Lobby"].cost == pytest.approx(60_000)
    assert Ledger().promise(action)["Lobby"].promised == by_forecast["Lobby"].promised


def test_a_measured_effect_replaces_the_forecast_of_the_action() -> None:
    found = experiment(trial(10.0), arm="arm", outcome="spend", currency="RUB")
    measured = Ledger().prove(found, action="call", customers=5_000)["call"].a_head
    assert measured is not None
    assert measured.estimate == pytest.approx(found.difference.estimate)
    value = action_value(Action(name="call", customers=5_000, cost=1_000, measured=measured, currency="RUB"))
    assert value.proved
    assert value.gain.estimate == pytest.approx(5_000 * found.difference.estimate, rel=0.01)


@pytest.mark.parametrize("ending", ["json", "parquet"])
def test_it_is_saved_and_read_again(tmp_path: Path, ending: str) -> None:
    unknown = Money(
        estimate=math.nan, ci_low=math.nan, ci_high=math.nan, n=0, method="unknown", currency="RUB"
    )
    ledger = filled().assume(
        "retention_per_point", Estimate(estimate=0.004, ci_low=0, ci_high=0.008, n=0, method="opinion")
    )
    ledger = ledger.promise("later", unknown)
    path = tmp_path / f"ledger.{ending}"
    ledger.save(path)
    again = Ledger.load(path)
    assert again.to_frame().equals(ledger.to_frame())
    assert again.proved == ledger.proved
    assert Ledger.load(path).link("retention_per_point") == ledger.link("retention_per_point")


def test_files_that_are_no_ledgers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="does not exist"):
        Ledger.load(tmp_path / "none.json")
    for name, words in (("a.json", "{}"), ("b.json", "no json"), ("c.json", '{"format": "leal-ledger"}')):
        (tmp_path / name).write_text(words)
        with pytest.raises(BadFile, match="ledger"):
            Ledger.load(tmp_path / name)
    later = {"format": "leal-ledger", "version": 2, "entries": []}
    (tmp_path / "d.json").write_text(json.dumps(later))
    with pytest.raises(BadFile, match="version 2"):
        Ledger.load(tmp_path / "d.json")
    with pytest.raises(BadFile, match="kept as"):
        filled().save(tmp_path / "ledger.xlsx")


def test_mistakes_are_one_clear_error() -> None:
    roubles = Ledger().promise("a", money(1, 1))
    with pytest.raises(BadValue, match="two currencies"):
        roubles.promise("b", money(1, 1, currency="USD"))
    with pytest.raises(BadValue, match="no day"):
        Ledger().promise("a", money(1, 1), on="tomorrow")
    with pytest.raises(BadValue, match="no name"):
        Ledger().promise(" ", money(1, 1))
    with pytest.raises(BadOption, match="action"):
        Ledger().promise("a", money(1, 1)).promise("b", money(1, 1)).prove(money(1, 1))
    with pytest.raises(BadValue, match="Nothing is promised"):
        Ledger().prove(money(1, 1))
    with pytest.raises(BadValue, match="money with an interval"):
        Ledger().promise("a", 5)  # type: ignore[arg-type]
    with pytest.raises(BadValue, match="share"):
        Ledger().notice("a", share(0.3), expected=0)
    with pytest.raises(BadOption, match="nobody"):
        _ = filled()["nobody"]


def test_outcomes_correct_a_link_by_their_precision() -> None:
    opinion = Estimate(estimate=0.004, ci_low=0.0, ci_high=0.008, n=0, method="opinion")
    found = Estimate(estimate=0.001, ci_low=-0.001, ci_high=0.003, n=4000, method="welch")
    ledger = Ledger().assume("retention_per_point", opinion)
    assert ledger.link("retention_per_point").grade == "D"
    learnt = ledger.learn("retention_per_point", found, action="call").link("retention_per_point")
    w0, w1 = 1 / 0.004**2, 1 / 0.002**2
    assert learnt.estimate == pytest.approx((0.004 * w0 + 0.001 * w1) / (w0 + w1))
    assert learnt.standard_error == pytest.approx(1 / math.sqrt(w0 + w1) / 1.959964, rel=1e-6)
    assert learnt.prior_weight == pytest.approx(0.2)
    assert learnt.grade == "A"
    assert not ledger.link("movement").known
    assert ledger.links == ("retention_per_point",)


def test_outcomes_that_disagree_are_not_averaged_into_certainty() -> None:
    outcomes = [
        Estimate(estimate=middle, ci_low=middle - 1, ci_high=middle + 1, n=100, method="welch")
        for middle in (0.0, 5.0, 10.0)
    ]
    found = updated_link(None, outcomes)
    assert found.between > 3
    assert found.standard_error > 1.5
    assert "outcomes_differ" in {note.code for note in found.notes}


@given(st.floats(-5, 5), st.floats(0.1, 5), st.floats(-5, 5), st.floats(0.1, 5))
@settings(max_examples=50, deadline=None)
def test_a_belief_lies_between_and_is_surer_than_either(a: float, ra: float, b: float, rb: float) -> None:
    one = Estimate(estimate=a, ci_low=a - ra, ci_high=a + ra, n=1, method="x")
    two = Estimate(estimate=b, ci_low=b - rb, ci_high=b + rb, n=1, method="x")
    found = updated_link(one, [two])
    assert min(a, b) - 1e-9 <= found.estimate <= max(a, b) + 1e-9
    assert found.ci_high - found.ci_low < 2 * min(ra, rb) + 1e-9


def test_what_each_promised_unit_brought() -> None:
    ledger = filled()
    pairs = [(90_000, 70_000, 40_000), (60_000, 2_000, 15_000), (30_000, -25_000, 10_000)]
    weight = sum((x / e) ** 2 for x, _, e in pairs)
    assert ledger.realised.estimate == pytest.approx(sum(x * y / e**2 for x, y, e in pairs) / weight)
    assert not Ledger().realised.known
    assert ledger.next_forecast("call").estimate == pytest.approx(
        (90_000 / 50_000**2 + 70_000 / 40_000**2) / (1 / 50_000**2 + 1 / 40_000**2)
    )


def decaying(half: float, size: float, months: int, noise: float, seed: int) -> tuple[Any, Any]:
    random = np.random.default_rng(seed)
    truth = size * 0.5 ** ((np.arange(months) + 0.5) / half)
    return truth + random.normal(0, noise, months), np.full(months, noise**2)


def test_a_half_life_is_fitted_with_an_interval() -> None:
    found = half_life(*decaying(3.0, 20.0, 12, 1.0, 1))
    assert found.ci_low < 3 < found.ci_high
    assert found.decays
    assert found.decay.p_value < 1e-6
    assert found.fitted[0] == pytest.approx(20 * 0.5 ** (0.5 / 3), rel=0.15)


def test_an_effect_that_lasts_is_not_called_short_lived() -> None:
    found = half_life(*decaying(1e9, 20.0, 12, 1.0, 2))
    assert not found.decays
    assert math.isinf(found.ci_high)
    assert found.to_dict()["ci_high"] is None
    assert found.sentence().startswith("No decay is proved")
    assert "may_not_decay" in {note.code for note in found.notes}


def test_nothing_decays_where_nothing_was() -> None:
    nothing = half_life(*decaying(3.0, 0.0, 12, 1.0, 3))
    assert not nothing.known
    assert nothing.notes[0].code == "no_effect"
    assert half_life([5.0, 3.0], [0.1, 0.1]).notes[0].code == "few_months"
    with pytest.raises(BadValue, match="fit together"):
        half_life([1.0, 2.0, 3.0], [1.0, 1.0])
    with pytest.raises(BadValue, match="not a number"):
        half_life([1.0, math.nan, 3.0], [1.0, 1.0, 1.0])


def test_actions_share_a_half_life_and_keep_their_sizes() -> None:
    first, noise = decaying(2.0, 30.0, 8, 0.5, 4)
    second, _ = decaying(2.0, -10.0, 8, 0.5, 5)
    found = half_life(
        np.concatenate([first, second]),
        np.concatenate([noise, noise]),
        months=np.tile(np.arange(8) + 0.5, 2),
        groups=[0] * 8 + [1] * 8,
    )
    assert found.ci_low < 2 < found.ci_high
    assert found.ci_high - found.ci_low < 0.6


@pytest.mark.slow
def test_intervals_of_half_lives_hold_and_false_decay_is_rare() -> None:
    held = [
        one.ci_low <= 4 <= one.ci_high
        for seed in range(600)
        if (one := half_life(*decaying(4.0, 10.0, 10, 1.0, seed))).known
    ]
    false = [half_life(*decaying(1e9, 10.0, 10, 1.0, seed)).decays for seed in range(600)]
    assert 0.92 <= np.mean(held) <= 0.98
    assert np.mean(false) <= 0.05
