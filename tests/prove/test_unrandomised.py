"""What programmes without a holdout changed: found where it is there, not told where it is not."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.prove.picked_customers import (
    FIRST_DAY,
    FORESEEN,
    PICKS,
    UNTIL,
    customers,
    spent_on_top,
    starts,
    tables,
)

from leal.prove import UnrandomisedEffect, unrandomised, unrandomised_effects
from leal.prove.entropy_balancing import entropy_balance


def told(pick: str, effect: float = 0.0, *, count: int = 1500, seed: int = 1) -> UnrandomisedEffect:
    who = customers(count, seed)
    return unrandomised_effects(*tables(who, starts(who, pick, seed), effect), UNTIL)[0]


def test_a_planted_effect_is_found_and_graded_b() -> None:
    who = customers(3000, 1)
    begin = starts(who, "lot", 1)
    found = unrandomised_effects(*tables(who, begin, 0.5), UNTIL)[0]
    assert found.effect is not None
    assert found.effect.ci_low < spent_on_top(who, begin, 0.5) < found.effect.ci_high
    assert (found.moved, found.effect.grade) == ("rose", "B")
    assert not found.effect.proved  # rose, as planted; only a lot proves it
    assert not found.effect.randomised
    assert not found.picked_by_recent
    assert {note.code for note in found.effect.notes} == {"not_randomised"}


def test_what_does_nothing_is_not_told_where_the_plain_comparison_is_fooled() -> None:
    lately = told("bought_much_lately")
    assert lately.plain is not None
    assert lately.plain.ci_high < 0  # it would have done harm
    assert lately.picked_by_recent
    assert lately.moved == "not_told"
    silent = told("fell_silent")
    assert silent.plain is not None
    assert silent.plain.ci_low > 0  # it would have worked
    assert silent.moved == "not_told"
    assert silent.effect is not None
    assert abs(silent.effect.estimate) < silent.plain.estimate / 5


def test_where_all_who_bought_so_were_treated_nobody_can_be_compared() -> None:
    found = told("all_who_bought_much_lately")
    assert (found.moved, found.reason, found.effect) == ("unknown", "not_comparable", None)
    assert found.plain is not None


def test_others_are_chosen_without_looking_at_what_came_later() -> None:
    """Purchases bring customers into it: those who never came into it had stopped buying."""
    found = told("after_a_purchase", count=6000)
    assert found.joined_later > 0.05
    assert found.effect is not None
    assert found.moved == "not_told"


def test_what_staff_know_and_purchases_do_not_show_fools_it() -> None:
    """The limit of every comparison without a lot, kept here so that nobody takes the words for proof."""
    found = told(FORESEEN)
    assert found.moved == "rose"
    assert found.effect is not None
    assert not found.effect.randomised


def test_the_last_weeks_are_no_base_and_the_trend_is_tested_in_those_before() -> None:
    found = told("lot")
    assert found.window is not None
    assert found.effect is not None
    assert (found.window.before, found.window.recent, found.window.after) == (7, 3, 6)
    assert [one.period for one in found.effect.periods if one.base] == [-7, -6, -5, -4]
    assert found.effect.trend.degrees_of_freedom == 3
    alike = [one.estimate for one in found.effect.periods if -3 <= one.period < 0]
    assert alike == pytest.approx([0, 0, 0], abs=0.05)


def cut(pick: str, **limits: Any) -> UnrandomisedEffect:
    who = customers(1500, 2)
    people, days = tables(who, starts(who, pick, 2))
    return unrandomised_effects(
        people.head(limits.get("treated", people.height)),
        days.filter(pl.col("day") >= FIRST_DAY + limits.get("first", 0)),
        limits.get("until", UNTIL),
    )[0]


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"treated": 20}, "few_treated"),
        ({"first": 480}, "no_past"),
        ({"until": FIRST_DAY + 560}, "no_time_after"),
    ],
)
def test_too_little_data_is_an_answer(limits: dict[str, int], reason: str) -> None:
    found = cut("lot", **limits)
    assert (found.moved, found.reason) == ("unknown", reason)


def test_everybody_treated_leaves_nobody_to_compare_with() -> None:
    who = customers(300, 3)
    begin = np.full(300, 540)
    assert unrandomised_effects(*tables(who, begin), UNTIL)[0].reason == "few_others"


def test_shorter_data_have_a_shorter_window() -> None:
    found = cut("lot", first=380, until=FIRST_DAY + 620)
    assert found.window is not None
    assert (found.window.before, found.window.recent, found.window.after) == (4, 2, 2)
    assert found.effect is not None


def test_who_stands_in_two_arms_is_on_neither_side() -> None:
    who = customers(1500, 1)
    people, days = tables(who, starts(who, "lot", 1))
    twice = people["customer"].head(50)
    marked = people.with_columns(arms=pl.when(pl.col("customer").is_in(twice.implode())).then(2).otherwise(1))
    found = unrandomised_effects(marked, days, UNTIL)[0]
    every = unrandomised_effects(people, days, UNTIL)[0]
    assert found.treated == every.treated - 50
    assert found.effect is not None
    assert every.effect is not None
    assert found.effect.untreated == every.effect.untreated


def test_of_many_customers_some_are_looked_at_and_the_order_of_rows_is_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    who = customers(3000, 1)
    people, days = tables(who, starts(who, "lot", 1), 0.5)
    every = unrandomised_effects(people, days, UNTIL)
    shuffled = unrandomised_effects(people.reverse(), days.sample(fraction=1.0, shuffle=True, seed=1), UNTIL)
    assert shuffled == every
    monkeypatch.setattr(unrandomised, "MOST_TREATED", 300)
    monkeypatch.setattr(unrandomised, "LEAST_LOOKED_AT", 300)
    some = unrandomised_effects(people, days, UNTIL)[0]
    assert every[0].effect is not None
    assert some.effect is not None
    assert (every[0].every, some.every) == (1, 3)
    assert 200 < some.effect.treated <= 300
    assert some.effect.ci_low < every[0].effect.estimate < some.effect.ci_high


def test_where_two_ways_of_comparing_say_the_opposite_the_grade_is_c() -> None:
    found = told("hidden_rate", seed=2)
    assert found.effect is not None
    assert found.kept_distance is not None
    assert found.effect.estimate * found.kept_distance.estimate < 0
    assert found.effect.grade == "C"
    assert "depends_on_comparison" in {note.code for note in found.effect.notes}
    assert not found.effect.proved


def test_actions_are_corrected_for_their_number_and_none_is_an_empty_answer() -> None:
    who = customers(1500, 1)
    people, days = tables(who, starts(who, "lot", 1), 0.3)
    both = pl.concat([people, people.with_columns(action=pl.lit("other"))])
    found = unrandomised_effects(both, days, UNTIL)
    assert [one.action for one in found] == ["offer", "other"]
    assert found[0].effect is not None
    assert found[0].p_adjusted == pytest.approx(2 * found[0].effect.p_value)
    assert unrandomised_effects(people.clear(), days, UNTIL) == ()


def test_entropy_balancing_makes_the_means_equal_and_says_where_it_cannot() -> None:
    source = np.random.default_rng(1)
    traits = source.normal(size=(600, 3))
    treated = source.random(600) < 1 / (1 + np.exp(-traits[:, 0]))
    doubled = np.column_stack([traits, traits[:, 0] + traits[:, 1], np.ones(600)])
    found = entropy_balance(doubled, treated)
    assert found.traits.shape == (600, 3)
    assert found.weights @ doubled[~treated] == pytest.approx(doubled[treated].mean(axis=0), abs=1e-4)
    assert found.weights.sum() == pytest.approx(1)
    assert found.effective_n < np.sum(~treated)
    assert entropy_balance(traits, traits[:, 0] > 1).farthest > 0.1
    only = np.column_stack([traits, treated])
    assert entropy_balance(only, treated).farthest == float("inf")


@pytest.mark.slow
@pytest.mark.parametrize("pick", PICKS)
def test_what_does_nothing_is_told_as_an_effect_in_at_most_7_of_100(pick: str) -> None:
    count = 6000 if pick == "after_a_purchase" else 2000  # of fewer, too few others are like them
    found = [told(pick, count=count, seed=seed) for seed in range(100)]
    moved = Counter(one.reason or one.moved for one in found)
    plain = [one.plain for one in found if one.plain is not None and one.plain.known]
    sure = [one for one in plain if not one.ci_low <= 0 <= one.ci_high]
    print(
        f"{pick}: {dict(moved)}; plain: {len(sure)} beyond zero, {sum(one.grade == 'B' for one in sure)} at B"
    )
    assert moved["rose"] <= 7
    assert moved["rose"] + moved["fell"] <= 7


@pytest.mark.slow
def test_how_often_what_staff_know_fools_it() -> None:
    moved = Counter(told(FORESEEN, count=2000, seed=seed).moved for seed in range(100))
    print(f"{FORESEEN}: {dict(moved)}")
    assert moved["rose"] >= 50


@pytest.mark.slow
@pytest.mark.parametrize("pick", ["lot", "bought_much_lately", "fell_silent", "bought_much_in_the_year"])
def test_a_planted_effect_lies_in_its_interval_and_is_told(pick: str) -> None:
    held, moved, known = 0, Counter[str](), 0
    for seed in range(100):
        who = customers(2000, seed)
        begin = starts(who, pick, seed)
        found = unrandomised_effects(*tables(who, begin, 0.4), UNTIL)[0]
        moved[found.reason or found.moved] += 1
        if found.effect is not None:
            known += 1
            held += found.effect.ci_low <= spent_on_top(who, begin, 0.4) <= found.effect.ci_high
    print(f"{pick}: {dict(moved)}; held in {held} of {known}")
    assert held >= 0.88 * known
    assert moved["fell"] == 0
