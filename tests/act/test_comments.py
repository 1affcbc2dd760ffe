"""Word of mouth estimated from what buyers and non-buyers met."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import leal
from leal.act import Talk, estimate_comments
from leal.act.logit import fit_logit
from leal.errors import BadOption, BadValue, MissingColumn
from leal.results import Estimate

ALPHA, HELPS, HURTS = -2.75, 0.5, 2.5
"""ten-methods.md 4, M4: w 5, k 5.5."""


def market(n: int = 1_500, seed: int = 1, *, hurts: float = HURTS) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    good, bad = random.poisson(5, n), random.poisson(0.5, n)
    chance = 1 / (1 + np.exp(-(ALPHA + HELPS * good - hurts * bad)))
    return pl.DataFrame({"bought": random.random(n) < chance, "positive": good, "negative": bad})


def near(found: Estimate, truth: float) -> bool:
    """Whether the truth is within four standard errors; the slow test counts how often intervals hold it."""
    side = found.ci_high - found.estimate if truth > found.estimate else found.estimate - found.ci_low
    return abs(found.estimate - truth) < 4 * side / 1.96


def test_weight_and_need_are_found_with_their_intervals() -> None:
    found = estimate_comments(market())
    one = found["all"]
    assert near(one.weight, 5)
    assert near(one.needed, 5.5)
    assert near(one.positive, HELPS)
    assert near(one.negative, HURTS)
    assert one.weight.ci_low < one.weight.estimate < one.weight.ci_high < 10
    assert found.buyers + found.others == 1_500
    assert "one negative comment outweighs" in one.sentence()
    assert str(one) == one.sentence()
    assert [note.code for note in found.notes] == ["share_of_sample"]


@pytest.mark.reference
def test_golden_logit_recovery(golden: Path) -> None:
    """wom_expected.json logit_recovery: expected frequencies give the planted values exactly."""
    expected = json.loads((golden / "methods" / "wom_expected.json").read_text())["logit_recovery"]
    good, bad = (axis.ravel() for axis in np.meshgrid(np.arange(15.0), np.arange(5.0)))
    chance = 1 / (1 + np.exp(-(expected["alpha"] + expected["b_pos"] * good - expected["b_neg"] * bad)))
    design = np.column_stack([np.ones_like(good), good, -bad])
    both = np.vstack([design, design])
    outcome = np.repeat([1.0, 0.0], len(good))
    fit = fit_logit(both, outcome, np.concatenate([chance, 1 - chance])[None, :])[0]
    assert fit == pytest.approx([expected["alpha"], expected["b_pos"], expected["b_neg"]], rel=1e-9)
    assert fit[2] / fit[1] == pytest.approx(expected["w"], rel=1e-9)
    assert -fit[0] / fit[1] == pytest.approx(expected["k50"], rel=1e-9)


def test_the_fit_is_that_of_a_general_optimiser() -> None:
    from scipy.optimize import minimize

    rows = market(300, seed=3)
    design = np.column_stack([np.ones(300), rows["positive"].to_numpy(), -rows["negative"].to_numpy()])
    outcome = rows["bought"].cast(float).to_numpy()

    def loss(beta: np.ndarray) -> float:
        line = design @ beta
        return float(np.sum(np.logaddexp(0, line) - outcome * line))

    peer = minimize(loss, np.zeros(3), method="BFGS", options={"gtol": 1e-8})
    assert fit_logit(design, outcome, np.ones((1, 300)))[0] == pytest.approx(peer.x, abs=1e-4)


def test_channels_are_told_apart() -> None:
    random = np.random.default_rng(7)
    n = 4_000
    friends, press = random.poisson(3, (2, n)), random.poisson(2, (2, n))
    line = -1.5 + 0.8 * friends[0] - 0.8 * friends[1] + 0.3 * press[0] - 1.2 * press[1]
    table = pl.DataFrame(
        {
            "bought": (random.random(n) < 1 / (1 + np.exp(-line))).astype(int),
            "friends_good": friends[0],
            "friends_bad": friends[1],
            "reviews_good": press[0],
            "reviews_bad": press[1],
        }
    )
    found = estimate_comments(
        table,
        positive={"friends": "friends_good", "reviews": "reviews_good"},
        negative={"friends": "friends_bad", "reviews": "reviews_bad"},
    )
    assert near(found["friends"].weight, 1)
    assert near(found["reviews"].weight, 4)
    assert found.to_frame()["channel"].to_list() == ["friends", "reviews"]
    with pytest.raises(BadOption):
        found["tv"]


def test_buyers_sought_out_separately_need_their_true_share() -> None:
    whole = market(40_000, seed=5)
    share = float(whole["bought"].mean())  # type: ignore[arg-type]
    sides = [whole.filter(pl.col("bought") == side).head(2_000) for side in (True, False)]
    found = estimate_comments(pl.concat(sides), buyers_share=share)
    assert near(found["all"].needed, 5.5)
    uncorrected = estimate_comments(pl.concat(sides))
    assert uncorrected["all"].needed.ci_high < 5.5
    assert uncorrected["all"].weight.estimate == pytest.approx(found["all"].weight.estimate)
    assert found.notes == ()


def test_the_estimate_becomes_the_column_yours() -> None:
    estimate = estimate_comments(market())
    found = leal.word_of_mouth((0.5, 0.3, 0.2), customers=10_000, comments=4, yours=estimate.talk())
    assert found.yours is not None
    ratio = found.yours.figures.promoters_per_detractor
    assert ratio.ci_low == pytest.approx(estimate["all"].weight.ci_low, rel=0.02)
    assert "not_a_target" not in [note.code for note in found.notes]
    # weight and need come from the same resamples, so they move together
    talk = estimate.talk(excess=(0, 0.2), in_market=0.5)
    weight, needed = talk.factor("weight"), talk.factor("needed")
    assert weight is not None
    assert needed is not None
    assert weight.together == needed.together is not None
    assert isinstance(talk, Talk)


def test_too_few_buyers_is_an_answer() -> None:
    found = estimate_comments(market(30))
    assert not found["all"].weight.known
    assert "few_buyers" in [note.code for note in found.notes]
    assert "unknown" in found["all"].sentence()
    assert str(found) == "all: unknown, more answers are needed"
    json.dumps(found.to_dict(), allow_nan=False)
    with pytest.raises(BadValue, match="Nothing could be estimated"):
        found.talk()


def test_comments_that_do_not_surely_help_give_no_weight() -> None:
    random = np.random.default_rng(2)
    table = pl.DataFrame(
        {
            "bought": random.random(400) < 0.5,
            "positive": random.poisson(3, 400),
            "negative": random.poisson(1, 400),
        }
    )
    found = estimate_comments(table)
    assert not found["all"].weight.known
    assert found["all"].positive.known
    assert "no_slope" in [note.code for note in found.notes]


def test_perfect_separation_is_unknown_and_not_a_figure() -> None:
    table = pl.DataFrame(
        {"bought": [0] * 50 + [1] * 50, "positive": [0] * 50 + [9] * 50, "negative": [1, 0] * 50}
    )
    found = estimate_comments(table)
    assert not found["all"].weight.known
    assert not found.constant.known


def test_gaps_are_counted_and_wrong_values_refused() -> None:
    rows = market(200)
    gappy = pl.concat(
        [rows, pl.DataFrame({"bought": [True], "positive": [None], "negative": [0]}, schema=rows.schema)]
    )
    assert "left_out" in [note.code for note in estimate_comments(gappy).notes]
    with pytest.raises(BadValue, match="negative"):
        estimate_comments(rows.with_columns(negative=pl.lit(-1)))
    with pytest.raises(BadValue, match="bought"):
        estimate_comments(rows.with_columns(bought=pl.lit(2)))
    with pytest.raises(MissingColumn):
        estimate_comments(rows, positive="seen")
    with pytest.raises(BadValue, match="same channels"):
        estimate_comments(rows, positive={"a": "positive"}, negative={"b": "negative"})
    with pytest.raises(BadValue, match="share of buyers"):
        estimate_comments(rows, buyers_share=1.0)


def test_any_dataframe_gives_the_same() -> None:
    rows = market(400)
    assert estimate_comments(rows.to_pandas()).channels == estimate_comments(rows).channels


@pytest.mark.slow
def test_intervals_hold_the_planted_weight_and_need_as_often_as_they_say() -> None:
    held = []
    for seed in range(400):
        one = estimate_comments(market(400, seed), replicates=500)["all"]
        if one.weight.known:
            held.append(
                (one.weight.ci_low <= 5 <= one.weight.ci_high, one.needed.ci_low <= 5.5 <= one.needed.ci_high)
            )
    shares = np.mean(held, axis=0)
    print(len(held), shares)
    assert len(held) > 390
    assert np.all((shares > 0.92) & (shares < 0.98))
