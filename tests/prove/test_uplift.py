"""Whom to treat, learnt honestly: planted effects are found, planted nothing is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from leal.charts import Style, to_svg
from leal.errors import BadOption, BadValue, MissingColumn
from leal.prove import TARGETING_WORDS, UpliftFit, UpliftModel, experiment
from leal.prove.customer_traits import CustomerTraits
from leal.prove.lots import folds_of
from leal.statistics import FoldedOutcomes

HALVES = {"control": 0.5, "treated": 0.5}


def call(n: int = 6000, seed: int = 1, effect: float = 1.0, level: float = 0.0) -> pl.DataFrame:
    """A call that keeps the loyal, harms the resting and does more for those who spent more before."""
    random = np.random.default_rng(seed)
    kind, past = random.choice(["loyal", "resting", "new", "old"], n), random.gamma(2.0, 20.0, n)
    arm = np.where(random.random(n) < 0.5, "treated", "control")
    planted = level + effect * (
        np.select([kind == "loyal", kind == "resting"], [12.0, -15.0], 0.0) + 0.1 * (past - 40)
    )
    spend = random.gamma(2.0, 20.0, n) + 0.8 * past + planted * (arm == "treated")
    return pl.DataFrame(
        {
            "customer": [f"c{k}" for k in range(n)],
            "arm": arm,
            "spend": spend,
            "kind": kind,
            "past": past,
            "planted": planted,
        }
    )


def learnt(frame: pl.DataFrame, **options: Any) -> UpliftFit:
    chosen = {"arm": "arm", "outcome": "spend", "cost": 2.0, "shares": HALVES} | options
    return UpliftModel(covariates=["kind", "past"]).fit(frame, **chosen)


def test_targeting_pays_where_effects_differ() -> None:
    frame = call()
    found = learnt(frame, currency="RUB")
    assert found.verdict == "targeting_pays"
    assert found.proved
    assert found.treated.ci_low > 0 > found.left_alone.ci_high
    assert found.sentence().startswith("Targeting pays. Treating ")
    assert found.curve.ranks
    measured = [one.measured.estimate for one in found.groups]
    assert measured[0] > 5000
    assert measured[-1] < -5000
    assert sum(one.n for one in found.groups) == pytest.approx(found.n, abs=5)
    best = 1000 * float(np.mean(np.maximum(frame["planted"].to_numpy() - 2, 0)))
    assert found.gain.ci_low < best
    assert "по жребию" in to_svg(found.chart(Style(language="ru")))


def test_treating_all_is_the_plain_experiment_but_sharper() -> None:
    frame = call()
    found = learnt(frame, cost=0.0)
    plain = experiment(frame, arm="arm", outcome="spend").difference
    assert found.everybody.estimate == pytest.approx(1000 * plain.estimate, abs=2500 * plain.standard_error)
    assert found.everybody.ci_high - found.everybody.ci_low < 1000 * (plain.ci_high - plain.ci_low)
    assert found.curve.depths[-1].gain.estimate == pytest.approx(found.everybody.estimate)
    assert found.gain.estimate - found.everybody.estimate == pytest.approx(found.gain_over_all.estimate)


def test_an_action_good_for_all_is_not_beaten_and_one_good_for_none_is_left() -> None:
    good = learnt(call(effect=0.0, level=10.0))
    assert good.verdict == "not_above_all"
    assert good.treated_share > 0.9
    useless = learnt(call(effect=0.0))
    assert useless.verdict == "nothing_pays"
    assert not useless.curve.ranks


def test_few_customers_and_broken_lots_get_no_verdict() -> None:
    few = learnt(call(120))
    assert few.verdict == "not_enough_data"
    assert "few_for_a_rule" in {note.code for note in few.notes}
    assert "nan" not in str(few.to_dict()).lower()
    torn = learnt(call(3000).filter((pl.col("arm") == "control") | (pl.col("spend") > 60)))
    assert torn.verdict == "not_sound"
    assert not torn.proved
    assert str(TARGETING_WORDS["not_sound"]) in torn.sentence()


def test_value_by_customer_decides_who_is_treated() -> None:
    frame = call(6000).with_columns(worth=pl.when(pl.col("kind") == "loyal").then(0.0).otherwise(1.0))
    found = learnt(frame, value="worth", cost=0.5)
    told = found.scores(frame)
    loyal = (frame["kind"] == "loyal").to_numpy()
    assert not told["treat"].to_numpy()[loyal].any()
    assert told["gain"].to_numpy()[loyal] == pytest.approx(-0.5)
    with pytest.raises(BadValue, match="no value in worth"):
        learnt(frame.with_columns(worth=pl.lit(None, dtype=pl.Float64)), value="worth")


def test_new_customers_are_scored_gaps_and_new_words_included() -> None:
    found = learnt(call())
    new = pl.DataFrame(
        {"customer": ["a", "b", "c"], "kind": ["loyal", "never seen", None], "past": [150.0, None, 1e9]}
    )
    told = found.scores(new)
    assert told["customer"].to_list() == ["a", "b", "c"]
    assert told["treat"][0]
    assert np.all(np.isfinite(told["gain"].to_numpy()))
    with pytest.raises(MissingColumn):
        found.scores(new.drop("past"))


def test_the_order_of_rows_changes_nothing() -> None:
    frame = call(2000)
    found = learnt(frame)
    again = learnt(frame.sample(fraction=1.0, shuffle=True, seed=3))
    assert again.gain.estimate == pytest.approx(found.gain.estimate, rel=1e-9)
    assert again.curve.above_chance.ci_low == pytest.approx(found.curve.above_chance.ci_low, rel=1e-9)


def test_households_drawn_together_widen_the_interval() -> None:
    one = call(1500, effect=0.5)
    twins = pl.concat(
        [one.with_columns(home=pl.col("customer"), customer=pl.col("customer") + f"-{k}") for k in "abcd"]
    )
    alone, together = learnt(twins), learnt(twins, cluster="home")
    width = [found.everybody.ci_high - found.everybody.ci_low for found in (alone, together)]
    assert width[1] == pytest.approx(2 * width[0], rel=0.1)


def test_bad_input_is_one_clear_error() -> None:
    with pytest.raises(BadValue, match="tell them apart"):
        UpliftModel().fit(call(300), arm="arm", outcome="spend")
    with pytest.raises(MissingColumn):
        UpliftModel(covariates=["nothing"]).fit(call(300), arm="arm", outcome="spend")
    with pytest.raises(BadOption, match="control"):
        learnt(call(300), control="nobody")


def rule_and_truth(frame: pl.DataFrame) -> tuple[Any, float, float]:
    """Return the rule for each customer judged, what it truly brings, and what treating all of them does."""
    traits = CustomerTraits.learn(frame, ["kind", "past"])
    drawn = (frame["arm"] == "treated").to_numpy().astype(np.int64)
    chances = np.full((frame.height, 2), 0.5)
    models = FoldedOutcomes(traits.design(frame), frame["spend"].to_numpy(), drawn, chances, folds_of(frame))
    effect = models.effects()[0]
    judged = np.isfinite(effect)
    rule, net = effect[judged] > 2.0, frame["planted"].to_numpy()[judged] - 2.0
    return rule, 1000 * float(np.mean(rule * net)), 1000 * float(np.mean(net))


@pytest.mark.slow
@pytest.mark.parametrize("effect", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("n", [1000, 4000])
def test_the_money_of_a_rule_lies_in_its_interval_out_of_sample(n: int, effect: float) -> None:
    """The rule learnt with each customer left out, at its true effects, against what the lot says of it."""
    held: dict[str, list[bool]] = {"gain": [], "all": [], "over": []}
    for seed in range(300):
        frame = call(n, seed=seed, effect=effect)
        found = learnt(frame)
        rule, truth, everybody = rule_and_truth(frame)
        assert found.treated_share == pytest.approx(rule.mean())
        for name, money, planted in (
            ("gain", found.gain, truth),
            ("all", found.everybody, everybody),
            ("over", found.gain_over_all, truth - everybody),
        ):
            if money.ci_high > money.ci_low:
                held[name].append(money.ci_low <= planted <= money.ci_high)
    for name, hits in held.items():
        assert np.mean(hits) >= 0.93, (name, np.mean(hits))


@pytest.mark.slow
def test_no_difference_is_seldom_called_one_and_no_effect_seldom_paid_for() -> None:
    alike, nothing, ranked = [], [], []
    for seed in range(400):
        same = learnt(call(2000, seed=seed, effect=0.0, level=6.0))
        none = learnt(call(2000, seed=seed, effect=0.0, level=2.0))
        alike.append(same.proved)
        nothing.append(none.verdict in ("targeting_pays", "not_above_all", "above_nobody_only"))
        ranked.append(same.curve.ranks)
    assert np.mean(alike) <= 0.03
    assert np.mean(nothing) <= 0.06
    assert np.mean(ranked) <= 0.045
