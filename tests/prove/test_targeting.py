"""Whom to treat: segments, rules, depth. All truths here are planted."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from leal.errors import BadOption, BadValue
from leal.prove import experiment, policy_value, segment_effects, targeting_curve


def offer(n: int = 6000, seed: int = 1, share: float = 0.5) -> pl.DataFrame:
    """A call that keeps the loyal (+12), harms the resting (-15), and does nothing to the others."""
    random = np.random.default_rng(seed)
    kind = random.choice(["loyal", "resting", "new", "old"], n)
    arm = np.where(random.random(n) < share, "treated", "control")
    effect = np.select([kind == "loyal", kind == "resting"], [12.0, -15.0], 0.0)
    spend = random.gamma(2.0, 20.0, n) + effect * (arm == "treated")
    risk = np.select([kind == "resting", kind == "loyal"], [0.9, 0.2], 0.5) + 0.05 * random.random(n)
    return pl.DataFrame(
        {
            "customer": np.arange(n),
            "arm": arm,
            "spend": spend,
            "kind": kind,
            "risk": risk,
            "expected": effect + 0.01 * random.random(n),
            "rule": np.where(kind == "loyal", "treated", "control"),
            "nobody": "control",
            "everybody": "treated",
        }
    )


CALLS: dict[str, Any] = {"arm": "arm", "outcome": "spend"}


def test_segments_say_act_leave_alone_and_test_first() -> None:
    found = segment_effects(offer(), segment="kind", cost=2.0, currency="RUB", **CALLS)
    assert [one.segment for one in found.of("act")] == ["loyal"]
    assert [one.segment for one in found.of("do_not_disturb")] == ["resting"]
    assert {one.segment for one in found.of("test")} == {"new", "old"}
    assert found.segments[0].segment == "loyal"
    assert "Do not disturb: resting" in found.sentence()
    assert found["loyal"].per_thousand.estimate == pytest.approx(1000 * (found["loyal"].effect.estimate - 2))


def test_effects_that_are_not_known_are_still_a_column_of_numbers() -> None:
    nothing = offer(400).with_columns(spend=pl.lit(0.0))
    table = segment_effects(nothing, segment="kind", **CALLS).to_frame()
    assert pl.concat([table, segment_effects(offer(), segment="kind", **CALLS).to_frame()]).height == 8


def test_the_winner_is_drawn_back_before_it_is_ranked() -> None:
    random = np.random.default_rng(4)
    n = 4000
    noise = pl.DataFrame(
        {
            "arm": random.choice(["control", "treated"], n),
            "spend": random.gamma(2.0, 20.0, n),
            "kind": random.choice([f"segment {k}" for k in range(20)], n),
        }
    )
    found = segment_effects(noise, segment="kind", **CALLS)
    measured = max(one.measured.estimate for one in found)
    assert max(one.effect.estimate for one in found) < 0.6 * measured
    assert not found.of("act")
    assert not found.of("do_not_disturb")


def test_value_differs_by_segment_and_decides_the_order() -> None:
    worth = {"loyal": 0.1, "resting": 1.0, "new": 1.0, "old": 1.0}
    found = segment_effects(offer(), segment="kind", value=worth, **CALLS)
    assert found["loyal"].per_thousand.estimate == pytest.approx(100 * found["loyal"].effect.estimate)
    with pytest.raises(BadValue, match="resting"):
        segment_effects(offer(), segment="kind", value={"loyal": 1.0, "new": 1.0, "old": 1.0}, **CALLS)


def test_a_small_segment_is_tested_first() -> None:
    frame = offer().with_columns(
        kind=pl.when(pl.int_range(pl.len()) < 6).then(pl.lit("tiny")).otherwise("kind")
    )
    found = segment_effects(frame, segment="kind", **CALLS)
    assert found["tiny"].status == "test"
    assert not found["tiny"].effect.known
    assert found.segments[-1].segment == "tiny"
    assert "nan" not in str(found.to_dict()).lower()


def test_the_value_of_a_rule_is_that_of_its_own_experiment() -> None:
    frame = offer(20_000)
    found = policy_value(frame, policy="rule", shares={"control": 0.5, "treated": 0.5}, cost=2.0, **CALLS)
    truth = 0.25 * (12.0 - 2.0)
    assert found.gain.ci_low < truth < found.gain.ci_high
    assert found.proved
    assert found.treated_share == pytest.approx(0.25, abs=0.02)
    assert found.effective_n == pytest.approx(10_000, rel=0.05)
    assert found.gain_over_all is not None
    assert found.gain_over_all.ci_low < truth - (-0.75 - 2.0) < found.gain_over_all.ci_high
    assert found.plain.estimate == pytest.approx(found.value.estimate, abs=1.0)
    assert found.plain.ci_high - found.plain.ci_low > found.value.ci_high - found.value.ci_low


def test_the_doubly_robust_value_agrees_and_is_narrower() -> None:
    random = np.random.default_rng(5)
    past = 120 * random.random(20_000)
    frame = offer(20_000).with_columns(past=past, spend=pl.col("spend") + past)
    halves = {"control": 0.5, "treated": 0.5}
    weighed = policy_value(frame, policy="rule", shares=halves, cost=2.0, **CALLS)
    found = policy_value(frame, policy="rule", covariates=["past", "kind"], shares=halves, cost=2.0, **CALLS)
    assert weighed.doubly_robust is None
    assert (weighed.value.method, found.value.method) == ("snips", "aipw")
    assert found.self_normalised == weighed.value
    assert found.gain.ci_low < 0.25 * (12.0 - 2.0) < found.gain.ci_high
    assert found.gain.ci_high - found.gain.ci_low < 0.8 * (weighed.gain.ci_high - weighed.gain.ci_low)
    assert found.to_frame()["method"].to_list() == ["aipw", "snips", "ips", "aipw", "aipw"]


def test_chances_by_customer_undo_a_lot_that_favoured_some() -> None:
    """Old customers were drawn four times as often and buy less: only their own chances set it right."""
    random = np.random.default_rng(6)
    n = 20_000
    old = random.random(n) < 0.5
    chance = np.where(old, 0.8, 0.2)
    drawn = random.random(n) < chance
    frame = pl.DataFrame(
        {
            "arm": np.where(drawn, "treated", "control"),
            "spend": random.gamma(2.0, 20.0, n) + np.where(old, 0.0, 60.0) + 5.0 * drawn,
            "old": old,
            "own": chance,
            "other": 1 - chance,
            "rule": "treated",
        }
    )
    shares = {"control": "other", "treated": "own"}
    right = policy_value(frame, policy="rule", shares=shares, **CALLS)
    robust = policy_value(frame, policy="rule", shares=shares, covariates=["old"], **CALLS)
    wrong = policy_value(frame, policy="rule", **CALLS)
    assert right.gain.ci_low < 5.0 < right.gain.ci_high
    assert robust.gain.ci_low < 5.0 < robust.gain.ci_high
    assert robust.gain.ci_high - robust.gain.ci_low < right.gain.ci_high - right.gain.ci_low
    assert wrong.gain.ci_high < 0
    assert right.overlap.least_chance == pytest.approx(0.2)
    assert right.overlap.heaviest > 0.02


def test_a_rule_that_the_lot_hardly_ever_gave_says_so() -> None:
    frame = offer(4000, share=0.008)
    found = policy_value(frame, policy="everybody", **CALLS)
    assert found.overlap.thin
    assert "thin_overlap" in {note.code for note in found.notes}
    assert found.overlap.agreed == (frame["arm"] == "treated").sum()


def test_treating_everybody_is_the_plain_experiment() -> None:
    frame = offer()
    found = policy_value(frame, policy="everybody", **CALLS)
    plain = experiment(frame, **CALLS)
    assert found.gain.estimate == pytest.approx(plain.difference.estimate)
    assert found.gain.ci_low == pytest.approx(plain.difference.ci_low, rel=0.02)
    assert policy_value(frame, policy="nobody", **CALLS).gain.estimate == pytest.approx(0)
    assert "shares_found" in {note.code for note in found.notes}


def test_unequal_lots_are_weighed_back() -> None:
    frame = offer(30_000, share=0.2)
    found = policy_value(frame, policy="rule", shares={"control": 0.8, "treated": 0.2}, **CALLS)
    assert found.gain.ci_low < 3.0 < found.gain.ci_high
    assert found.effective_n < found.n


def test_bad_rules_are_one_clear_error() -> None:
    with pytest.raises(BadOption, match="policy"):
        policy_value(offer(200).with_columns(rule=pl.lit("call")), policy="rule", **CALLS)
    with pytest.raises(BadValue, match="nothing of some"):
        policy_value(offer(200).with_columns(rule=pl.lit(None, dtype=pl.String)), policy="rule", **CALLS)
    with pytest.raises(BadValue, match="expected share"):
        policy_value(offer(200), policy="rule", shares={"control": 1.0}, **CALLS)


def test_one_arm_alone_and_several_without_a_name_are_said() -> None:
    lot = pl.DataFrame({"arm": ["treated"] * 30, "y": [1.0] * 30, "group": ["a"] * 30, "score": [1.0] * 30})
    several = lot.with_columns(arm=pl.Series(["control", "call", "mail"] * 10))
    for frame, words in ((lot, "one arm only: treated"), (several, "Several arms were treated: call, mail")):
        with pytest.raises(BadValue, match=words):
            segment_effects(frame, arm="arm", outcome="y", segment="group")
        with pytest.raises(BadValue, match=words):
            targeting_curve(frame, arm="arm", outcome="y", score="score")


def test_the_curve_by_effect_pays_and_the_curve_by_risk_loses() -> None:
    frame = offer(12_000)
    by_effect = targeting_curve(frame, score="expected", cost=1.0, currency="RUB", **CALLS)
    by_risk = targeting_curve(frame, score="risk", cost=1.0, **CALLS)
    assert by_effect.ranks
    assert by_effect.best is not None
    assert 0.2 <= by_effect.best.share <= 0.4
    assert by_effect.best.gain.ci_low < 1000 * 0.25 * 11 < by_effect.best.gain.ci_high * 1.3
    assert by_risk.above_chance.ci_high < 0
    assert not by_risk.ranks
    ends = [one.depths[-1] for one in (by_effect, by_risk)]
    assert ends[0].gain.estimate == pytest.approx(ends[1].gain.estimate)
    assert ends[0].chance == pytest.approx(ends[0].gain.estimate)


def test_the_curve_wants_a_score_for_everyone() -> None:
    with pytest.raises(BadValue, match="no score"):
        targeting_curve(offer(100).with_columns(score=pl.lit("high")), score="score", **CALLS)
    few = targeting_curve(offer(60), score="expected", **CALLS)
    assert not few.depths[0].gain.known
    assert "nan" not in str(few.to_dict()).lower()


def test_equal_scores_enter_together_whatever_the_order_of_rows() -> None:
    """Rows sorted by arm once filled the first depths with one arm alone."""
    frame = offer(6000).sort("arm").with_columns(score=(pl.col("kind") == "loyal").cast(pl.Float64))
    found = targeting_curve(frame, score="score", depths=4, **CALLS)
    mixed = targeting_curve(frame.sample(fraction=1, shuffle=True, seed=2), score="score", depths=4, **CALLS)
    assert [one.gain.estimate for one in found.depths] == pytest.approx(
        [one.gain.estimate for one in mixed.depths]
    )
    assert found.ranks


@pytest.mark.slow
def test_intervals_of_gains_hold_the_truth() -> None:
    rule, curve = [], []
    for seed in range(400):
        frame = offer(2000, seed=seed)
        gain = policy_value(frame, policy="rule", shares={"control": 1, "treated": 1}, **CALLS).gain
        rule.append(gain.ci_low <= 3.0 <= gain.ci_high)
        whole = targeting_curve(frame, score="expected", depths=4, **CALLS).depths[-1].gain
        curve.append(whole.ci_low <= -750 <= whole.ci_high)
    assert 0.92 <= np.mean(rule) <= 0.98
    assert 0.92 <= np.mean(curve) <= 0.98


@pytest.mark.slow
@pytest.mark.parametrize(("n", "share"), [(200, 0.5), (1000, 0.5), (1000, 0.2)])
def test_the_doubly_robust_gain_of_a_rule_holds_the_truth(n: int, share: float) -> None:
    held, over = [], []
    for seed in range(600):
        frame = offer(n, seed=seed, share=share)
        past = 30 * np.random.default_rng(seed).random(n)
        frame = frame.with_columns(past=past, spend=pl.col("spend") + past)
        found = policy_value(
            frame,
            policy="rule",
            covariates=["past", "kind"],
            shares={"control": 1 - share, "treated": share},
            **CALLS,
        )
        assert found.gain_over_all is not None
        held.append(found.gain.ci_low <= 3.0 <= found.gain.ci_high)
        over.append(found.gain_over_all.ci_low <= 3.75 <= found.gain_over_all.ci_high)
    assert 0.93 <= np.mean(held) <= 0.975
    assert 0.93 <= np.mean(over) <= 0.975
