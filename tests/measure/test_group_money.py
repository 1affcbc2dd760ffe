"""Money by group: shares, weights, attention, intervals."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leal
from leal.errors import BadValue, MissingColumn
from leal.measure import customer_base, money_by_group, reweight
from leal.measure.money.moment_figures import RESAMPLED_UNITS, figures

FIRST, LATER = dt.date(2025, 1, 1), dt.date(2025, 9, 1)
SCORES = {"promoter": 10, "passive": 8, "detractor": 3}


def company(
    sizes: dict[str, int], repeat: dict[str, float], first: float = 10.0
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Answers and purchases: everyone pays `first` once and the repeat money of their group later."""
    people = [(f"{group}{i}", group) for group, size in sizes.items() for i in range(size)]
    answers = pl.DataFrame({"customer": [c for c, _ in people], "recommend": [SCORES[g] for _, g in people]})
    purchases = pl.DataFrame(
        {
            "customer": [c for c, _ in people for _ in range(2)],
            "bought_at": [FIRST, LATER] * len(people),
            "amount": [money for _, g in people for money in (first, repeat[g])],
        }
    )
    return answers, purchases


ANSWERS, PURCHASES = company(
    {"promoter": 500, "passive": 300, "detractor": 200},
    {"promoter": 120.0, "passive": 80.0, "detractor": 40.0},
)


def test_shares_of_repeat_sales_of_ten_methods_2(golden: Path) -> None:
    """Source: ten-methods.md method 2; golden/methods/expected.json, key passives_revenue."""
    expected = json.loads((golden / "methods" / "expected.json").read_text())["passives_revenue"]["share"]
    found = money_by_group(ANSWERS, PURCHASES)
    shares = [found[group].share_of_repeat.estimate for group in SCORES]  # type: ignore[union-attr]
    assert shares == pytest.approx(expected, abs=1e-12)


def test_the_interval_holds_the_share_and_says_how_it_was_made() -> None:
    share = money_by_group(ANSWERS, PURCHASES)["passive"].share_of_repeat
    assert share is not None
    assert share.ci_low < share.estimate < share.ci_high
    assert (share.n, share.method) == (1000, "bootstrap")
    assert 0.02 < share.ci_high - share.ci_low < 0.08


def test_without_a_margin_money_is_revenue_and_says_so() -> None:
    revenue = money_by_group(ANSWERS, PURCHASES)
    assert {note.code for note in revenue.notes} == {"revenue_not_margin", "respondents_only"}
    assert revenue["promoter"].per_head.basis == "revenue"
    assert revenue["promoter"].margin is None
    margin = money_by_group(ANSWERS, PURCHASES, margin=0.25, currency="EUR")
    assert margin["promoter"].per_head.basis == "margin"
    assert margin["promoter"].margin == pytest.approx(0.25 * 500 * 130)
    assert "EUR" in str(margin["promoter"].per_head)


def test_those_who_kept_silent_are_a_group_of_their_own() -> None:
    silent = pl.DataFrame({"customer": ["s1", "s2"], "bought_at": [FIRST, FIRST], "amount": [7.0, 5.0]})
    found = money_by_group(ANSWERS, pl.concat([PURCHASES, silent]))
    assert (found["none"].customers, found["none"].revenue) == (2, 12.0)
    assert (found.n, found.base) == (1000, 1002)


def test_reweighting_undoes_a_response_that_depends_on_spending() -> None:
    """Big spenders answer five times as often and are promoters; the weights must see through it."""
    random = np.random.default_rng(5)
    n = 20_000
    amount = random.gamma(2.0, 50.0, n)
    promoter = random.random(n) < np.clip(amount / 300, 0.05, 0.9)
    answered = random.random(n) < np.where(amount > np.quantile(amount, 0.6), 0.5, 0.1)
    base = base_of(amount, np.where(promoter, "promoter", "detractor"), answered)
    weighted = reweight(base)
    by_hand = float((weighted.frame["group"] == "promoter").cast(float).dot(weighted.frame["weight"])) / n
    plain = float((weighted.frame["group"] == "promoter").mean())  # type: ignore[arg-type]
    truth = float(promoter.mean())
    assert weighted.frame["weight"].sum() == pytest.approx(n)
    assert abs(by_hand - truth) < 0.02 < abs(plain - truth)


def base_of(amount: np.ndarray, group: np.ndarray, answered: np.ndarray) -> pl.DataFrame:
    n = len(amount)
    latest = pl.DataFrame(
        {"customer": [f"c{i}" for i in range(n)], "group": group, "answered": answered}
    ).filter("answered")
    return customer_base(
        latest.select(
            "customer",
            day=pl.lit(None, dtype=pl.Int32),
            score=pl.lit(9),
            group="group",
            satisfaction=pl.lit(None, dtype=pl.Float64),
            segment=pl.lit(None, dtype=pl.String),
            unit=pl.lit(None, dtype=pl.String),
        ),
        pl.DataFrame(
            {
                "customer": [f"c{i}" for i in range(n)],
                "frequency": np.ones(n, dtype=np.int64),
                "amount": amount,
                "repeat_amount": amount / 2,
                "margin": np.full(n, np.nan),
                "repeat_margin": np.full(n, np.nan),
                "yearly_amount": amount,
                "yearly_margin": np.full(n, np.nan),
            }
        ).with_columns(pl.col("margin", "repeat_margin", "yearly_margin").fill_nan(None)),
        pl.DataFrame(
            schema={
                "customer": pl.String,
                "segment": pl.String,
                "unit": pl.String,
                "contacts": pl.Float64,
                "cases": pl.Float64,
            }
        ),
        pl.DataFrame(schema={"customer": pl.String, "action_cost": pl.Float64}),
    )


def test_the_group_that_gets_too_little_attention_is_named() -> None:
    people = ANSWERS["customer"]
    contacts = pl.Series([0.0 if c.startswith("passive") else 2.0 for c in people])
    customers = pl.DataFrame({"customer": people, "contacts": contacts})
    found = money_by_group(ANSWERS, PURCHASES, customers=customers)
    assert found.under_served is found["passive"]
    assert found["passive"].attention is not None
    assert found["passive"].attention.estimate == 0.0
    assert found["detractor"].gap is not None
    assert found["detractor"].gap.estimate == pytest.approx(40 * 200 / 92000 - 200 / 700)


def test_attention_spread_like_sales_leaves_no_group_behind() -> None:
    loads = {"promoter": 12.0, "passive": 8.0, "detractor": 4.0}
    contacts = [loads[c.rstrip("0123456789")] for c in ANSWERS["customer"]]
    customers = pl.DataFrame({"customer": ANSWERS["customer"], "contacts": contacts})
    found = money_by_group(ANSWERS, PURCHASES, customers=customers)
    assert found.under_served is None
    assert found["passive"].gap is not None
    assert found["passive"].gap.estimate == pytest.approx(0.0, abs=1e-12)


def test_the_cost_of_actions_counts_as_attention_only_of_those_exposed() -> None:
    actions = pl.DataFrame(
        {
            "action": ["call"] * 3,
            "customer": ["promoter0", "passive0", "passive1"],
            "cost": [30.0, 10.0, 99.0],
            "exposed": [True, True, False],
        }
    )
    found = money_by_group(ANSWERS, PURCHASES, actions=actions)
    assert found["promoter"].attention is not None
    assert found["promoter"].attention.estimate == pytest.approx(0.75)


def test_the_latest_answer_of_a_customer_counts() -> None:
    answers = pl.DataFrame(
        {
            "customer": ["a", "a", "b"],
            "answered_at": [dt.date(2025, 2, 1), dt.date(2025, 8, 1), dt.date(2025, 2, 1)],
            "recommend": [10, 2, 9],
        }
    )
    purchases = pl.DataFrame({"customer": ["a", "b"], "bought_at": [FIRST, FIRST], "amount": [5.0, 6.0]})
    found = money_by_group(answers, purchases)
    assert [found[group].customers for group in SCORES] == [1, 0, 1]


def test_the_gap_between_groups_carries_its_warning() -> None:
    gap = money_by_group(ANSWERS, PURCHASES).cross_section_gap
    assert gap.estimate > 0
    assert [note.code for note in gap.notes] == ["not_to_be_used"]


@pytest.mark.parametrize(
    ("answers", "purchases"),
    [
        (ANSWERS.head(1), PURCHASES.head(2)),
        (ANSWERS.head(0), PURCHASES),
        (ANSWERS, PURCHASES.head(0)),
        (ANSWERS.with_columns(recommend=pl.lit(9)), PURCHASES),
        (ANSWERS, PURCHASES.with_columns(amount=pl.lit(0.0))),
        (ANSWERS, PURCHASES.with_columns(amount=-pl.col("amount"))),
        (ANSWERS.with_columns(recommend=pl.lit(None, dtype=pl.Int64)), PURCHASES),
    ],
    ids=[
        "one customer",
        "no answers",
        "no purchases",
        "all promoters",
        "zero money",
        "refunds only",
        "no scores",
    ],
)
def test_odd_evidence_gives_an_answer_without_a_false_number(
    answers: pl.DataFrame, purchases: pl.DataFrame
) -> None:
    found = money_by_group(answers, purchases)
    told = json.dumps(found.to_dict())
    assert "NaN" not in told
    assert "nan" not in str(found)
    assert found.to_frame().height >= 3


def test_many_customers_get_the_same_interval_without_resampling() -> None:
    random = np.random.default_rng(2)
    n = RESAMPLED_UNITS
    moments = np.column_stack([random.gamma(1.0, 2.0, n), random.gamma(2.0, 1.0, n)])
    strata = np.arange(n) % 3

    def share(sums: np.ndarray) -> np.ndarray:
        return sums[:, :1] / sums.sum(axis=1, keepdims=True)

    resampled = figures(moments, share, strata=strata)
    more = figures(np.concatenate([moments] * 2), share, strata=np.concatenate([strata] * 2))
    assert (resampled.method, more.method) == ("bootstrap", "linearised")
    width = float((resampled.high - resampled.low)[0])
    assert float((more.high - more.low)[0]) == pytest.approx(width / np.sqrt(2), rel=0.06)


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(random) -> None:
    answers, purchases = company(
        {"promoter": 9, "passive": 7, "detractor": 5}, {"promoter": 12.0, "passive": 8.0, "detractor": 4.0}
    )
    order_a, order_p = list(range(answers.height)), list(range(purchases.height))
    random.shuffle(order_a)
    random.shuffle(order_p)
    one, other = money_by_group(answers, purchases), money_by_group(answers[order_a], purchases[order_p])
    for group in SCORES:
        assert one[group].share_of_repeat == other[group].share_of_repeat


def test_answers_without_recommendations_and_scores_off_the_scale_are_refused() -> None:
    purchases = pl.DataFrame({"customer": ["a"], "bought_at": ["2026-01-05"], "amount": [5.0]})
    with pytest.raises(MissingColumn, match="recommend"):
        leal.money_by_group(pl.DataFrame({"customer": ["a"], "score": [9]}), purchases)
    with pytest.raises(BadValue, match="90"):
        leal.money_by_group(pl.DataFrame({"customer": ["a"], "recommend": [90]}), purchases)


def test_money_of_several_currencies_is_never_added() -> None:
    purchases = pl.DataFrame(
        {"customer": ["a", "b"], "bought_at": ["2026-01-05"] * 2, "amount": [5.0, 500.0]}
    ).with_columns(currency=pl.Series(["EUR", "RUB"]))
    answers = pl.DataFrame({"customer": ["a", "b"], "recommend": [9, 3], "answered_at": ["2026-01-09"] * 2})
    for read in (leal.money_by_group, leal.movement_value, leal.which_number):
        with pytest.raises(BadValue, match=r"EUR \(1\), RUB \(1\)"):
            read(answers, purchases)
