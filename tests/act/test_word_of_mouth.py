"""What word of mouth brings, by three sets of assumptions side by side."""

from __future__ import annotations

import doctest
import importlib
import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leal
from leal.act import (
    SEED,
    Talk,
    Uncertain,
    buying_probability,
    comment_economics,
    referral_values,
    research,
    spanning,
)
from leal.errors import BadOption, BadValue
from leal.measure import nps_of_counts
from leal.statistics import NpsCounts

ASKED = nps_of_counts(NpsCounts(80, 120, 200))
SURE = Talk(name="yours", excess=0.4, weight=5.0, needed=5.5)


@pytest.fixture(scope="module")
def expected(golden: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((golden / "methods" / "wom_expected.json").read_text())
    return found


def test_three_sets_of_assumptions_stand_side_by_side_and_contradict_each_other() -> None:
    found = leal.word_of_mouth(ASKED, customers=10_000, yours=Talk(weight=(1, 2), needed=8, excess=0))
    assert [column.name for column in found.columns] == ["seed", "research", "yours"]
    assert found.seed.figures.new_customers.estimate < 0 < found.research.figures.new_customers.estimate
    for column in found.columns:
        won = column.figures.new_customers
        assert won.ci_low < won.estimate < won.ci_high
    assert found.sentence().count("detractor costs") == 3
    assert found.nps == pytest.approx(30)
    assert {"assumed_comments", "assumed_in_market", "not_a_target"} == {note.code for note in found.notes}


def test_a_negative_yield_is_said_in_words() -> None:
    found = leal.word_of_mouth((0.5, 0.3, 0.2), customers=10_000, comments=4)
    assert "loses 6,545 customers a year" in found.seed.sentence()
    assert "other channels must first replace these" in found.seed.sentence()
    assert "другие каналы должны сначала их возместить" in found.seed.sentence().into("ru")
    assert found.seed.figures.chance == 0


def yours(shares: tuple[float, float, float] = (0.5, 0.3, 0.2), talk: Talk = SURE, **more: Any) -> Any:
    return leal.word_of_mouth(
        shares, customers=10_000, yours=talk, draws=100, **{"comments": 4, **more}
    ).yours


def test_the_ratios_and_the_balance_of_the_reference() -> None:
    """ten-methods.md 4, M1: A 6.5/7/7.5, B 7.14/8.33/10; M2: -6,545, +655, +1,600."""
    for excess, a, b in ((0.3, 6.5, 50 / 7), (0.4, 7.0, 25 / 3), (0.5, 7.5, 10.0)):
        column = yours(talk=replace(SURE, excess=excess))
        assert column.figures.promoters_per_detractor.estimate == pytest.approx(a)
        assert column.other_reading.promoters_per_detractor.estimate == pytest.approx(b)
    assert yours().figures.new_customers.estimate == pytest.approx(-6_545.4545)
    assert yours((0.65, 0.27, 0.08)).figures.new_customers.estimate == pytest.approx(654.5454)
    assert yours(talk=replace(SURE, weight=1.0)).figures.new_customers.estimate == pytest.approx(1_600)


@pytest.mark.reference
def test_golden_break_even_promoters_per_detractor(expected: dict[str, Any]) -> None:
    ratios = expected["break_even_promoters_per_detractor"]
    for excess, ratio in ratios["reading_A_w(1+delta)"].items():
        column = yours(talk=replace(SURE, excess=float(excess)))
        assert column.figures.promoters_per_detractor.estimate == pytest.approx(ratio, rel=1e-12)
        other = ratios["reading_B_w/(1-delta)"][excess]
        assert column.other_reading.promoters_per_detractor.estimate == pytest.approx(other, rel=1e-12)


@pytest.mark.reference
def test_golden_break_even_nps(expected: dict[str, Any]) -> None:
    for name, nps in expected["break_even_nps"].items():
        passives, ratio = map(float, re.match(r"s(.+)_R(.+)", name).groups())  # type: ignore[union-attr]
        column = yours(
            ((1 - passives) / 2, passives, (1 - passives) / 2), replace(SURE, excess=ratio / 5 - 1)
        )
        assert column.figures.break_even_nps.estimate == pytest.approx(nps, rel=1e-12)


@pytest.mark.reference
def test_golden_linear_new_customers(expected: dict[str, Any]) -> None:
    first, second, third = expected["linear_new_customers"].values()
    assert yours().figures.new_customers.estimate == pytest.approx(first, rel=1e-12)
    assert yours((0.65, 0.27, 0.08)).figures.new_customers.estimate == pytest.approx(second, rel=1e-12)
    light = replace(SURE, weight=1.0)
    assert yours(talk=light).figures.new_customers.estimate == pytest.approx(third, rel=1e-12)


@pytest.mark.reference
def test_golden_threshold(expected: dict[str, Any]) -> None:
    for name, probability in expected["threshold_P(X-wY>=k)"].items():
        numbers = re.match(r"lp(.+)_ln(.+)_k(.+)_w(.+)", name).groups()  # type: ignore[union-attr]
        positive, negative, needed, weight = (np.array([float(number)]) for number in numbers)
        found = buying_probability(positive, negative, needed, weight)
        assert found[0] == pytest.approx(probability, rel=1e-12)


@pytest.mark.reference
def test_golden_growth_break_even_nps(expected: dict[str, Any]) -> None:
    known = expected["growth_break_even_nps_r(.95,.85,.65)_a1_a0.2_delta.4_k5.5_q1"]
    for name, nps in known.items():
        passives, weight = map(float, re.match(r"s(.+)_w(.+)", name).groups())  # type: ignore[union-attr]
        column = yours(
            ((1 - passives) / 2, passives, (1 - passives) / 2),
            replace(SURE, weight=weight),
            comments=1,
            passive_comments=0.2,
            retention=(0.95, 0.85, 0.65),
        )
        assert column.figures.growth_break_even_nps.estimate == pytest.approx(nps, rel=1e-12)


@pytest.mark.reference
def test_golden_dell(expected: dict[str, Any]) -> None:
    """theultimatequestion.com: 1 m referred x $210 / 40 m comments = $5.25; x 8 = $42 a promoter-year."""
    dell = expected["dell"]
    found = comment_economics(
        new_customers=dell["new_customers"],
        referral_share=dell["referral_share"],
        value_of_new=dell["value_per_new"],
        positive_comments=dell["positive_comments"],
        comments_per_promoter=dell["comments_per_promoter_year"],
    )
    assert found.per_comment == dell["value_per_positive"]
    assert found.per_promoter == dell["promoter_wom_value_year"]
    assert found.comments_per_customer == 40


def test_the_same_as_the_referral_value_of_a_promoter() -> None:
    dell = Talk(name="dell", needed=40, weight=1, excess=0)
    values = referral_values(210, dell, comments=8, currency="USD", draws=100)
    assert values["promoter"].estimate == pytest.approx(42)
    assert values["passive"].estimate == 0
    assert values["detractor"].estimate == pytest.approx(-42)


def test_referral_values_have_intervals_and_add_up_to_what_is_won() -> None:
    values = referral_values((150, 250), SEED, comments=4, passive_comments=1)
    assert values["promoter"].ci_low < values["promoter"].estimate < values["promoter"].ci_high
    assert values["promoter"].grade == "D"
    found = leal.word_of_mouth(
        (0.5, 0.3, 0.2), customers=1_000, comments=4, passive_comments=1, value_of_new=(150, 250)
    )
    shares = {"promoter": 0.5, "passive": 0.3, "detractor": 0.2}
    total = sum(1_000 * share * values[group].estimate for group, share in shares.items())
    assert found.seed.figures.value.estimate == pytest.approx(total)
    assert not referral_values(100, Talk(name="nothing"))["promoter"].known


def test_a_threshold_agrees_with_a_simulation() -> None:
    random = np.random.default_rng(4)
    positive, negative = random.poisson(6, 400_000), random.poisson(0.8, 400_000)
    share = np.mean(positive - 2.5 * negative >= 4.2)
    found = buying_probability(np.array([6.0]), np.array([0.8]), np.array([4.2]), np.array([2.5]))
    assert found[0] == pytest.approx(share, abs=0.004)


def test_prospects_retention_and_value_give_buying_growth_and_money() -> None:
    bare = leal.word_of_mouth(ASKED, customers=10_000).seed.figures
    assert not any(figure.known for figure in (bare.buying, bare.growth, bare.value))
    full = leal.word_of_mouth(
        ASKED,
        customers=10_000,
        comments=4,
        prospects=5_000,
        retention=(0.95, 0.85, 0.65),
        value_of_new=210,
        currency="USD",
    ).research.figures
    assert 0 < full.buying.estimate < 1
    assert full.growth.known
    assert full.value.estimate == pytest.approx(210 * full.new_customers.estimate)
    assert full.value.currency == "USD"


def test_a_score_that_cannot_be_reached_is_said() -> None:
    poor = yours(retention=(0.6, 0.5, 0.4), talk=replace(SURE, needed=200.0)).figures
    assert poor.growth_break_even_nps.estimate > 70
    assert [note.code for note in poor.growth_break_even_nps.notes] == ["unreachable"]
    assert yours().figures.break_even_nps.notes == ()


def test_a_base_never_shrinks_below_nothing() -> None:
    lost = yours((0.1, 0.1, 0.8), retention=(0.9, 0.8, 0.5)).figures
    assert lost.growth.estimate == -1


def test_the_intervals_of_the_reference() -> None:
    """ten-methods.md 4: excess alone R* 6.55-7.45; weight spanning both R* .84-11.7, NPS -6 to 59."""
    ratio = leal.word_of_mouth((0.5, 0.3, 0.2), customers=1, level=0.9).seed.figures.promoters_per_detractor
    assert (ratio.ci_low, ratio.ci_high) == pytest.approx((6.55, 7.45), abs=0.02)
    wide = leal.word_of_mouth((0.5, 0.3, 0.2), customers=1, yours=spanning(), level=0.9, draws=100_000).yours
    assert wide is not None
    ratio, nps = wide.figures.promoters_per_detractor, wide.figures.break_even_nps
    assert (ratio.ci_low, ratio.ci_high) == pytest.approx((0.84, 11.7), rel=0.02)
    assert (nps.ci_low, nps.ci_high) == pytest.approx((-6, 59), abs=0.8)


def test_sampling_alone_makes_an_interval() -> None:
    """400 answers at 55/35/10: the range is that of the shares that the answers leave (Dirichlet)."""
    asked = nps_of_counts(NpsCounts(40, 140, 220))
    found = leal.word_of_mouth(asked, customers=1_000, comments=4, yours=SURE, level=0.9)
    assert found.yours is not None
    won = found.yours.figures.new_customers
    drawn = np.random.default_rng(1).dirichlet([220.5, 140.5, 40.5], 400_000)
    sampled = np.quantile(1_000 * 4 * (drawn[:, 0] - 7 * drawn[:, 2]) / 5.5, [0.05, 0.95])
    assert (won.ci_low, won.ci_high) == pytest.approx(tuple(sampled), abs=0.02 * np.ptp(sampled))
    certain = leal.word_of_mouth((0.55, 0.35, 0.1), customers=1_000, comments=4, yours=SURE)
    assert certain.yours is not None
    assert certain.yours.figures.new_customers.ci_low == certain.yours.figures.new_customers.ci_high


def test_both_readings_are_there_and_can_be_chosen() -> None:
    first = leal.word_of_mouth(ASKED, customers=10_000)
    second = leal.word_of_mouth(ASKED, customers=10_000, reading="B")
    assert first.seed.other_reading == second.seed.figures
    assert (
        first.seed.other_reading.promoters_per_detractor.estimate
        > first.seed.figures.promoters_per_detractor.estimate
    )
    assert set(first.to_frame()["reading"]) == {"A", "B"}


def test_reviews_weigh_more_than_talk() -> None:
    talk, reviews = (
        leal.word_of_mouth(ASKED, customers=10_000, channel=channel).research.figures
        for channel in ("offline", "reviews")  # type: ignore[attr-defined]
    )
    assert reviews.promoters_per_detractor.estimate > talk.promoters_per_detractor.estimate
    assert all(research().sources[name] for name in ("excess", "weight", "needed"))


def test_the_fan_and_the_tornado_show_ranges() -> None:
    found = leal.word_of_mouth(ASKED, customers=10_000, comments=(2, 6))
    fan = found.fan(points=9)
    assert set(fan["preset"]) == {"seed", "research"}
    assert (fan["low"] <= fan["low_half"]).all()
    assert (fan["high_half"] <= fan["high"]).all()
    seed = fan.filter(preset="seed")
    assert seed["middle"].is_sorted()
    ranges = found.tornado("seed")
    assert set(ranges["factor"]) == {"excess", "needed", "comments", "nps"}  # the seed's weight is certain
    widths = (ranges["at_high"] - ranges["at_low"]).abs()
    assert widths.is_sorted(descending=True)
    assert ranges["middle"].to_list() == pytest.approx([found.seed.figures.new_customers.estimate] * 4)
    assert "layer" in json.dumps(found.chart().to_dict())


def test_what_is_not_assumed_is_unknown() -> None:
    found = leal.word_of_mouth(ASKED, customers=10_000, yours=Talk(weight=2))
    assert found.yours is not None
    assert not found.yours.figures.new_customers.known
    assert "unknown: needs" in found.yours.sentence()
    assert found.fan()["preset"].unique(maintain_order=True).to_list() == ["seed", "research"]
    json.dumps(found.to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("shares", "more"),
    [
        ((math.nan, 0, 1), {}),
        ((0.5, 0.3, 0.2), {"customers": math.nan}),
        ((0.5, 0.3, 0.2), {"prospects": 0}),
        ((0.5, 0.3, 0.2), {"prospects": -5}),
        ((0.5, 0.3, 0.2), {"in_market": 5}),
    ],
)
def test_no_number_nobody_and_more_than_all_are_refused(shares: Any, more: Any) -> None:
    with pytest.raises(BadValue):
        leal.word_of_mouth(shares, **{"customers": 1000, **more})


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: leal.word_of_mouth((0.5, 0.3, 0.3), customers=1),
        lambda: leal.word_of_mouth((50, 30, 20), customers=1),
        lambda: leal.word_of_mouth(nps_of_counts(NpsCounts(0, 0, 0)), customers=1),
        lambda: leal.word_of_mouth(ASKED, customers=-1),
        lambda: leal.word_of_mouth(ASKED, customers=1, reading="C"),  # type: ignore[arg-type]
        lambda: leal.word_of_mouth(ASKED, customers=1, channel="tv"),  # type: ignore[arg-type]
        lambda: leal.word_of_mouth(ASKED, customers=1, retention=(95, 85, 65)),
        lambda: leal.word_of_mouth(ASKED, customers=1)["theirs"],
        lambda: Talk(excess=1.0),
        lambda: Talk(weight=-1),
        lambda: Talk(needed=0),
        lambda: Talk(in_market=2),
        lambda: comment_economics(
            new_customers=1, referral_share=2, value_of_new=1, positive_comments=1, comments_per_promoter=1
        ),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(wrong: Any) -> None:
    with pytest.raises((BadValue, BadOption)) as caught:
        wrong()
    assert caught.value.hint
    assert re.search("[а-я]", caught.value.into("ru"))


def test_the_same_seed_gives_the_same_and_presets_share_what_is_known_of_customers() -> None:
    one, two = (leal.word_of_mouth(ASKED, customers=(9_000, 11_000), seed=5) for _ in range(2))
    assert one.seed == two.seed
    other = leal.word_of_mouth(ASKED, customers=(9_000, 11_000), seed=6)
    assert one.seed.figures.new_customers.ci_low != other.seed.figures.new_customers.ci_low


parts = st.floats(0.02, 1)


@st.composite
def groups(draw: st.DrawFn) -> tuple[float, float, float]:
    raw = [draw(parts) for _ in range(3)]
    return tuple(part / sum(raw) for part in raw)  # type: ignore[return-value]


@settings(max_examples=30, deadline=None)
@given(groups(), st.floats(0, 9), st.floats(0.01, 5), st.floats(-0.5, 0.9))
def test_a_heavier_negative_comment_never_wins_more(
    shares: tuple[float, float, float], weight: float, more: float, excess: float
) -> None:
    light, heavy = (
        yours(shares, Talk(excess=excess, weight=w, needed=5)).figures for w in (weight, weight + more)
    )
    assert heavy.new_customers.estimate < light.new_customers.estimate
    assert heavy.break_even_nps.estimate >= light.break_even_nps.estimate
    assert heavy.promoters_per_detractor.estimate > light.promoters_per_detractor.estimate


@settings(max_examples=30, deadline=None)
@given(groups(), st.floats(1, 1e6), st.floats(0.5, 20))
def test_what_is_won_scales_with_customers_and_the_ratio_does_not(
    shares: tuple[float, float, float], customers: float, factor: float
) -> None:
    small, large = (
        leal.word_of_mouth(shares, customers=count, comments=(1, 5), draws=200).seed.figures
        for count in (customers, factor * customers)
    )
    assert large.new_customers.estimate == pytest.approx(factor * small.new_customers.estimate, abs=1e-6)
    assert large.new_customers.ci_low == pytest.approx(factor * small.new_customers.ci_low, abs=1e-6)
    assert large.promoters_per_detractor.estimate == small.promoters_per_detractor.estimate
    assert large.break_even_nps.estimate == pytest.approx(small.break_even_nps.estimate)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.05, 0.6), st.floats(0.5, 9), st.floats(-0.5, 0.8), st.floats(0, 0.5))
def test_at_the_break_even_nps_nothing_is_won_or_lost(
    passives: float, weight: float, excess: float, quiet: float
) -> None:
    talk = Talk(excess=excess, weight=weight, needed=5)
    middle = ((1 - passives) / 2, passives, (1 - passives) / 2)
    nps = yours(middle, talk, passive_comments=quiet).figures.break_even_nps.estimate / 100
    promoters = (1 - passives + nps) / 2
    detractors = 1 - passives - promoters
    if min(promoters, detractors) < 0:
        return  # good talk of passives outweighs whatever detractors there can be
    at = yours((promoters, passives, detractors), talk, passive_comments=quiet).figures
    assert at.balance.estimate == pytest.approx(0, abs=1e-6 * 10_000)


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 12), st.floats(0, 6), st.floats(0.5, 9), st.floats(0, 6))
def test_a_prospect_is_never_won_by_more_bad_talk(
    positive: float, negative: float, needed: float, weight: float
) -> None:
    def chance(good: float, bad: float) -> float:
        return float(
            buying_probability(np.array([good]), np.array([bad]), np.array([needed]), np.array([weight]))[0]
        )

    assert -1e-9 <= chance(positive, negative) <= 1 + 1e-9
    assert chance(positive, negative + 0.5) <= chance(positive, negative) + 1e-9
    assert chance(positive + 0.5, negative) >= chance(positive, negative) - 1e-9


def test_named_quantities_of_a_preset_stay_its_own() -> None:
    shared = Uncertain.between(1, 3, name="weight we share")
    found = leal.word_of_mouth(ASKED, customers=1_000, yours=Talk(weight=shared, needed=5, excess=0))
    assert found.yours is not None
    assert found.yours.figures.promoters_per_detractor.estimate == pytest.approx(2)


@pytest.mark.parametrize("module", ["talk", "talk_model", "talk_money", "talk_presets", "comments"])
def test_examples_of_the_docstrings(module: str) -> None:
    assert doctest.testmod(importlib.import_module(f"leal.act.{module}")).failed == 0
