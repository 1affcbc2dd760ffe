from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from leal.measure.programmes.noticed import Side, effect_on_noticers
from leal.measure.programmes.noticing_counts import action_costs, noticing_counts
from leal.measure.programmes.noticing_table import action_noticing, noticing


def company(n: int = 2_000, seed: int = 1, lift: float = 4.0) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Half are exposed; 30 % of them notice because of it, 10 % of all say yes; noticing lifts the score."""
    random = np.random.default_rng(seed)
    exposed = np.arange(n) % 2 == 0
    polite = random.random(n) < 0.1
    truly = exposed & ~polite & (random.random(n) < 1 / 3)
    says = truly | polite
    names = [f"c{i}" for i in range(n)]
    actions = pl.DataFrame(
        {
            "action": ["lobby"] * n,
            "customer": names,
            "exposed": exposed,
            "noticed": says,
            "cost": exposed * 6.0,
        }
    )
    scores = 60 + lift * truly + random.normal(scale=5, size=n)
    return actions, pl.DataFrame({"customer": names, "satisfaction": scores})


def test_what_was_noticed_is_the_difference_of_the_two_sides() -> None:
    found = noticing(*company(seed=2), score="satisfaction")
    lobby = found[0]
    assert lobby.action == "lobby"
    assert lobby.cost == 6_000
    assert lobby.cost_per_exposed == 6
    assert lobby.extra is not None
    assert lobby.extra.ci_low < 0.3 < lobby.extra.ci_high
    assert lobby.on_noticers.ci_low < 4 < lobby.on_noticers.ci_high
    assert lobby.in_vain is not None
    assert lobby.in_vain.estimate == pytest.approx(6_000 * (1 - lobby.extra.estimate))
    assert (lobby.grade, lobby.randomised) == ("C", False)


def test_golden_noticeability_wald(golden: Path) -> None:
    """ten-methods.md 1: noticed .40 against .10, the score 1.2 higher, 60,000 for 10,000 customers."""
    expected = json.loads((golden / "methods" / "expected.json").read_text())["noticeability_wald"]

    def side(asked: int, share: float, mean: float, customers: int) -> Side:
        squares = asked * (mean**2 + 20**2)
        return Side(
            customers=customers,
            asked=asked,
            noticed=round(asked * share),
            scored=asked,
            score_sum=asked * mean,
            score_squares=squares,
        )

    found = action_noticing(
        "x",
        side(1_000, expected["noticed_exposed"], 70 + expected["y_diff_points"], expected["exposed"]),
        side(1_000, expected["noticed_control"], 70, 5_000),
        cost=expected["cost"],
    )
    assert found.on_noticers.estimate == pytest.approx(expected["effect_on_noticers"])
    assert found.cost_per_exposed == pytest.approx(expected["cost_per_exposed"])
    assert found.cost_per_noticer is not None
    assert found.cost_per_noticer.estimate == pytest.approx(expected["cost_per_extra_noticer"])
    assert found.in_vain is not None
    assert found.in_vain.estimate == pytest.approx(42_000)


def test_newcombe_interval_of_a_published_difference() -> None:
    """Newcombe (1998), Statistics in Medicine 17, table II, method 10: 56/70 - 48/80 is .0524 to .3339."""
    found = action_noticing(
        "x", Side(customers=70, asked=70, noticed=56), Side(customers=80, asked=80, noticed=48), cost=None
    )
    assert found.extra is not None
    assert (found.extra.ci_low, found.extra.ci_high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_an_effect_on_nobody_is_unknown() -> None:
    equal = Side(customers=100, asked=100, noticed=20, scored=100, score_sum=700, score_squares=5_000)
    found = effect_on_noticers(equal, equal)
    assert not found.known
    assert found.notes[0].code == "nothing_noticed"
    assert not effect_on_noticers(equal, Side()).known


def test_without_an_unexposed_side_it_is_opinion_and_says_so() -> None:
    actions, _ = company()
    found = noticing(actions.filter("exposed"))[0]
    assert found.extra is None
    assert found.grade == "D"
    assert found.notes[0].code == "no_unexposed"
    assert found.in_vain is not None
    assert found.in_vain.estimate == pytest.approx(6_000 * (1 - found.noticed.estimate))


def test_the_survey_may_ask_instead_of_the_list_of_actions() -> None:
    actions = pl.DataFrame(
        {"action": ["app", "app", "app"], "customer": ["a", "b", None], "cost": [None, None, 900.0]}
    )
    answers = pl.DataFrame(
        {
            "customer": ["a", "b", "c", "d", "e", "a"],
            "action": ["app", "app", "app", "app", "ads", None],
            "noticed": ["yes", "no", "да", "нет", "yes", "yes"],
        }
    )
    counts = {(row["action"], row["exposed"]): row for row in noticing_counts(actions, answers).to_dicts()}
    assert (counts["app", True]["asked"], counts["app", True]["noticed"]) == (2, 1)
    assert (counts["app", False]["asked"], counts["app", False]["noticed"]) == (2, 1)
    assert counts["ads", True]["asked"] == 1
    assert action_costs(actions).rows() == [("app", 900.0)]


def test_scores_and_money_count_from_the_start() -> None:
    actions = pl.DataFrame(
        {
            "action": ["app"] * 4,
            "customer": ["a", "b", "c", "d"],
            "arm": ["treated", "treated", "control", "control"],
            "noticed": [1, 0, 0, 0],
            "started_at": ["2026-02-01"] * 4,
        }
    )
    answers = pl.DataFrame(
        {
            "customer": ["a", "a", "b", "c", "d"],
            "answered_at": ["2026-01-15", "2026-02-15", "2026-01-20", "2026-03-01", "2026-03-02"],
            "satisfaction": [1.0, 9.0, 2.0, 7.0, None],
        }
    )
    start = 20485  # 1 February 2026
    money = pl.DataFrame(
        {"customer": ["a", "a", "c"], "day": [start - 1, start, start + 30], "money": [5.0, 7.0, 2.0]}
    )
    counts = noticing_counts(actions, answers, score="satisfaction", money=money).sort("exposed").to_dicts()
    assert [row["scored"] for row in counts] == [1, 1]
    assert [row["score_sum"] for row in counts] == [7.0, 9.0]
    assert [row["money_sum"] for row in counts] == [2.0, 7.0]
    assert [row["paid"] for row in counts] == [2, 2]
    assert all(row["randomised"] for row in counts)


def test_money_of_an_action_without_a_start_is_not_compared() -> None:
    actions, answers = company(100)
    money = pl.DataFrame({"customer": ["c0", "c1"], "day": [20000, 20001], "money": [5.0, 7.0]})
    found = noticing(actions, answers, score="satisfaction", money=money)[0]
    assert not found.earned.known


def test_costs_are_told_apart() -> None:
    whole = pl.DataFrame({"action": ["a", "a"], "customer": [None, "x"], "cost": [70.0, 1.0]})
    each = pl.DataFrame({"action": ["a"] * 3, "customer": list("xyz"), "cost": [1.0, 2.0, None]})
    written_on_each = pl.DataFrame(
        {"action": ["a"] * 3, "customer": list("xyz"), "cost": [9.0] * 3, "exposed": [True, True, False]}
    )
    unknown = pl.DataFrame({"action": ["a"], "customer": ["x"]})
    costs = [action_costs(frame)["cost"].to_list() for frame in (whole, each, written_on_each, unknown)]
    assert costs == [[70.0], [3.0], [9.0], [None]]


@pytest.mark.parametrize("rows", [0, 1])
def test_next_to_no_rows_are_no_error(rows: int) -> None:
    actions, answers = company()
    found = noticing(actions.head(rows), answers.head(rows), score="satisfaction")
    assert len(found) == rows
    assert all(not one.on_noticers.known for one in found)


def test_row_order_does_not_matter() -> None:
    actions, answers = company(400)
    shuffled = (
        actions.sample(fraction=1, shuffle=True, seed=3),
        answers.sample(fraction=1, shuffle=True, seed=4),
    )
    one, other = noticing(actions, answers, score="satisfaction"), noticing(*shuffled, score="satisfaction")
    assert one[0].on_noticers.estimate == pytest.approx(other[0].on_noticers.estimate, rel=1e-9)


@pytest.mark.slow
def test_the_interval_of_the_effect_covers_it() -> None:
    inside = 0
    for seed in range(300):
        effect = noticing(*company(800, seed), score="satisfaction")[0].on_noticers
        inside += effect.known and effect.ci_low <= 4 <= effect.ci_high
    assert 0.92 <= inside / 300 <= 0.98
    assert math.isfinite(effect.estimate)
