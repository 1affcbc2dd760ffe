"""Check 4: causes, not symptoms."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

import leal
from leal.checks import Check
from leal.checks.book import Book
from leal.checks.causes import check_causes
from leal.engine import lazy
from leal.explain import find_items, money_per_point, scale_of
from leal.simulate import Company, Truth


def check(**tables: pl.DataFrame) -> Check:
    return check_causes(Book(evidence=leal.Evidence(**tables)))


def answers(n: int = 800, *, weak: float = 0.0, effect: float = 0.6, seed: int = 1) -> pl.DataFrame:
    """Speed moves satisfaction; its mean is 7.5 less `weak`, that of the others 7.5."""
    random = np.random.default_rng(seed)
    speed = 7.5 - weak + random.normal(scale=1.2, size=n)
    staff, price = 7.5 + random.normal(scale=1.2, size=(2, n))
    satisfaction = 7.5 + effect * (speed - 7.5) + 0.1 * (staff - 7.5) + random.normal(scale=0.6, size=n)
    scores = {"speed": speed, "staff": staff, "price": price, "satisfaction": satisfaction}
    return pl.DataFrame(
        {"answer": [f"a{i}" for i in range(n)], "customer": [f"c{i}" for i in range(n)]}
        | {name: np.clip(values.round(), 1, 10) for name, values in scores.items()}
    )


def test_a_leading_cause_that_is_done_badly_is_exposed() -> None:
    found = check(answers=answers(weak=1.5))
    assert found.verdict == "exposed"
    assert "speed" in found.finding
    assert "speed" in found.next_step
    assert found.grade == "C"
    assert found.money is None  # no purchases
    assert found.exhibits[0].frame["item"][0] == "speed"
    assert found.notes[0].code == "correlation_only"


def test_a_leading_cause_that_is_done_well_is_guarded() -> None:
    assert check(answers=answers()).verdict == "guarded"


def test_items_that_explain_little_mean_that_the_causes_were_not_asked() -> None:
    found = check(answers=answers(effect=0.05))
    assert found.verdict == "exposed"
    assert "not in the survey" in found.finding


def test_money_is_said_to_be_not_proved(simulated: Company) -> None:
    found = check(**simulated.tables)
    assert found.money is not None
    assert found.money.grade == "C"
    assert "not_proved" in {note.code for note in found.money.notes}
    assert found.money.ci_low < found.money.estimate < found.money.ci_high


def test_the_planted_first_cause_is_found(simulated: Company, truth: Truth) -> None:
    found = check(**simulated.tables)
    items, left = (exhibit for exhibit in found.exhibits if "item" in exhibit.frame.columns)
    assert items.frame["item"][0] == truth.first_cause
    left_out = left.frame
    assert {"IMAG1", "CUSA1", "CUSL1", "PERV1"} <= set(left_out["item"])


@pytest.mark.parametrize(
    "tables",
    [
        {"customers": pl.DataFrame({"customer": ["a"]})},
        {"answers": answers().select("answer", "speed", "staff")},
        {"answers": answers().select("answer", "satisfaction", "speed")},
        {"answers": answers(2)},
        {"answers": answers().with_columns(satisfaction=pl.lit(9.0))},
        {"answers": answers().with_columns(satisfaction=pl.lit(None, dtype=pl.Float64))},
        {"answers": answers().with_columns(speed=pl.lit(8.0), staff=pl.lit(8.0), price=pl.lit(8.0))},
    ],
)
def test_too_little_is_unknown_and_names_what_is_missing(tables: dict[str, pl.DataFrame]) -> None:
    found = check(**tables)
    assert found.verdict == "unknown"
    assert found.missing
    assert found.next_step


def test_the_tautology_guard_shows_in_the_report(golden: Path) -> None:
    """ShapKa example_01: a00 is left out with r = .91."""
    survey = pl.read_csv(golden / "methods" / "driver_survey_shapka.csv").rename({"y": "satisfaction"})
    found = check(answers=survey.with_row_index("answer"))
    assert found.exhibits[1].frame.row(0)[0] == "a00"
    assert found.exhibits[1].frame.row(0)[1] == pytest.approx(0.908, abs=5e-4)


def test_it_speaks_russian_and_draws(simulated: Company) -> None:
    from leal.charts import Style, to_svg

    found = check(**simulated.tables)
    assert "удовлетворённость" in found.finding.into("ru")
    assert "<svg" in to_svg(found.pictures[0].draw(Style(language="ru")))


def panel(n: int = 1_500, seed: int = 2) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A point of satisfaction (of 100) brings 2 a year; who spent more before is happier anyway."""
    random = np.random.default_rng(seed)
    before = random.gamma(4, 50, n)
    score = np.clip(np.round(6 + 0.005 * (before - 200) + random.normal(scale=1.5, size=n)), 1, 10)
    after = 0.8 * before + 2 * (score - 1) / 9 * 100 + random.normal(scale=30, size=n)
    names = [f"c{i}" for i in range(n)]
    answers = pl.DataFrame({"customer": names, "day": [400] * n, "satisfaction": score})
    days = pl.DataFrame({"customer": names * 2, "day": [300] * n + [500] * n, "amount": [*before, *after]})
    edges = pl.DataFrame({"customer": ["edge", "edge"], "day": [0, 900], "amount": [1.0, 1.0]})
    return answers, pl.concat([days, edges])


def test_the_money_of_a_point_is_recovered_against_the_cross_section_gap() -> None:
    answers, days = panel()
    scale = scale_of(lazy(answers), "satisfaction")
    assert scale is not None
    link = money_per_point(answers, days, scale)
    assert link.ci_low < 2 < link.ci_high
    assert link.n == 1_500
    gap = np.polyfit((answers["satisfaction"] - 1) / 9 * 100, days["amount"][1_500:3_000], 1)[0]
    assert gap > link.ci_high  # the plain gap would promise too much


def test_the_money_of_a_point_needs_purchases_on_both_sides() -> None:
    answers, days = panel(200)
    scale = scale_of(lazy(answers), "satisfaction")
    assert scale is not None
    assert not money_per_point(answers, days.filter(pl.col("day") > 390), scale).known
    assert not money_per_point(answers.head(10), days, scale).known
    assert not money_per_point(answers.clear(), days, scale).known
    assert not money_per_point(answers.with_columns(satisfaction=pl.lit(7.0)), days, scale).known
    assert find_items(lazy(answers)) == ()
