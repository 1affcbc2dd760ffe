"""Earned growth."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from leal.errors import MissingColumn
from leal.measure import EarnedGrowth, earned_growth, earned_growth_rate, growth_by_customer, is_earned
from leal.results import Proportion


def test_earned_growth_of_nps_and_surveys_4_7() -> None:
    """Source: nps-and-surveys.md 4.7: 100 before, 90 kept, 15 referred, 20 bought: +5 %, total +25 %."""
    assert earned_growth_rate(100, 90, 15) == pytest.approx(0.05)


def test_earned_growth_of_ten_methods_3(golden: Path) -> None:
    """Source: ten-methods.md 3; golden/methods/expected.json, key earned_growth."""
    key = json.loads((golden / "methods" / "expected.json").read_text())["earned_growth"]
    rate = earned_growth_rate(key["rev_prev"], key["rev_from_last_year_customers"], key["of_new_earned"])
    assert rate == pytest.approx(key["earned_growth_rate"])


def customers(n: int = 100) -> pl.DataFrame:
    kinds = [(True, 1.0, 0.9, None), (False, 0.0, 0.15, "Совет друзей"), (False, 0.0, 0.2, "Реклама")]
    rows = [(before, True, was, now, why) for before, was, now, why in kinds for _ in range(n)]
    schema = {
        "before": pl.Boolean,
        "after": pl.Boolean,
        "money_before": pl.Float64,
        "money_after": pl.Float64,
        "joining_reason": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_the_parts_are_counted_from_customers() -> None:
    found = growth_by_customer(customers())
    assert found is not None
    assert found.net_revenue_retention.estimate == pytest.approx(0.90)
    assert found.earned_new.estimate == pytest.approx(0.15)
    assert found.growth.estimate == pytest.approx(0.05)
    assert found.total_growth.estimate == pytest.approx(0.25)
    assert found.growth.ci_low < 0.05 < found.growth.ci_high
    assert found.asked == 1.0
    assert str(found).startswith("Earned growth +5.0")
    assert "why they joined is known of 100" in str(found)
    assert "Заработанный рост +5,0" in found.sentence().into("ru")


def test_without_a_single_reason_nothing_is_said() -> None:
    assert growth_by_customer(customers().with_columns(joining_reason=pl.lit(None, dtype=pl.String))) is None
    assert growth_by_customer(customers().head(0)) is None


@pytest.mark.parametrize(
    ("reason", "earned"),
    [
        ("Recommended by a friend", True),
        ("по рекомендации", True),
        ("advertising", False),
        ("другое", False),
        ("подруга друга", True),
        ("preferred price", False),
    ],
)
def test_words_of_recommendation_and_reputation_are_earned(reason: str, earned: bool) -> None:
    assert pl.DataFrame({"r": [reason]}).select(x=is_earned(pl.col("r")))["x"].to_list() == [earned]


def test_golden_earned_growth_from_purchases_and_the_question_why(golden: Path) -> None:
    """Source: ten-methods.md 3; golden/methods/expected.json, key earned_growth: +3 % of +30 %."""
    key = json.loads((golden / "methods" / "expected.json").read_text())["earned_growth"]
    kept, new, earned = key["rev_from_last_year_customers"], key["rev_new"], key["of_new_earned"]
    rows = [
        ("old", "2024-03-01", key["rev_prev"]),
        ("old", "2025-03-01", kept),
        ("friend", "2025-04-01", earned),
        ("ad", "2025-12-30", new - earned),
    ]
    bought = pl.DataFrame(rows, schema=["customer", "bought_at", "amount"], orient="row")
    joined = pl.DataFrame({"customer": ["friend", "ad"], "joining_reason": ["recommendation", "advertising"]})
    found = earned_growth(bought, joined)
    assert found is not None
    assert found.net_revenue_retention.estimate == pytest.approx(key["NRR"])
    assert found.earned_new.estimate == pytest.approx(key["ENC"])
    assert found.growth.estimate == pytest.approx(key["earned_growth_rate"])
    assert found.total_growth.estimate == pytest.approx(key["total_growth"])
    half = earned_growth(bought.to_pandas(), joined.to_arrow(), margin=0.5, until="2025-12-30", days=365)
    assert half is not None
    assert half.growth.estimate == pytest.approx(found.growth.estimate)


def test_earned_growth_needs_two_periods_and_the_question() -> None:
    bought = pl.DataFrame({"customer": ["a"], "bought_at": ["2025-01-01"], "amount": [5.0]})
    joined = pl.DataFrame({"customer": ["a"], "joining_reason": ["friend"]})
    assert earned_growth(bought, joined) is None
    assert earned_growth(bought.with_columns(pl.col("amount") * -1), joined) is None
    with pytest.raises(MissingColumn, match="joining_reason"):
        earned_growth(bought, joined.drop("joining_reason"))


def company(random: np.random.Generator, n: int) -> pl.DataFrame:
    """Let uneven customers stay (80 %) or go, 30 % of the list be new, half of them earned."""
    before = random.random(n) < 0.7
    was = np.where(before, random.lognormal(4.0, 0.8, n), 0.0)
    kept = was * (random.random(n) < 0.8) * random.lognormal(-0.02, 0.3, n)
    now = kept + np.where(before, 0.0, random.lognormal(3.7, 0.8, n))
    reason = np.where(random.random(n) < 0.5, "a friend", "advertising")
    return pl.DataFrame(
        {
            "before": before,
            "after": now > 0,
            "money_before": was,
            "money_after": now,
            "joining_reason": reason,
        }
    )


@pytest.mark.slow
@pytest.mark.parametrize("n", [50, 100, 300])
def test_intervals_hold_the_growth_of_the_company_93_to_97_times_of_100(n: int) -> None:
    def figures(found: EarnedGrowth) -> list[Proportion]:
        return [found.net_revenue_retention, found.earned_new, found.growth, found.total_growth]

    whole = growth_by_customer(company(np.random.default_rng(1), 1_000_000))
    assert whole is not None
    truth = [one.estimate for one in figures(whole)]
    held = []
    for seed in range(1000):
        found = growth_by_customer(company(np.random.default_rng([n, seed]), n))
        assert found is not None
        pairs = zip(figures(found), truth, strict=True)
        held.append([one.ci_low <= true <= one.ci_high for one, true in pairs])
    shares = np.mean(held, axis=0)
    print(n, shares)
    # two standard errors of a share of .95 in 1,000 samples are .014
    assert min(shares) >= 0.93 - 0.014, shares
    assert max(shares) <= 0.97 + 0.014, shares
