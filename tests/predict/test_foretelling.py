"""Which number predicts your money."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

import leal
from leal.charts import Style, score_steps, to_svg
from leal.errors import BadValue, MissingColumn
from leal.predict import TooLittleData, which_number
from leal.simulate import company

START = dt.date(2024, 1, 1)


def shop(
    n: int = 600, of_score: float = 0.0, of_satisfaction: float = 0.0, habit: float = 0.0, seed: int = 0
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Answers on day 200, purchases of 400 days; what is bought after depends on the answers and on habit."""
    random = np.random.default_rng(seed)
    mood, content, own = random.normal(size=(3, n))
    score = np.clip(np.round(7.5 + 2 * mood), 0, 10)
    satisfaction = np.clip(np.round(7.5 + 1.5 * content), 1, 10)
    answers = pl.DataFrame(
        {
            "answer": [str(who) for who in range(n)],
            "customer": [f"c{who}" for who in range(n)],
            "answered_at": [START + dt.timedelta(days=200)] * n,
            "recommend": score.astype(int),
            "satisfaction": satisfaction,
        }
    )
    rows = []
    for who in range(n):
        before = 1 + random.poisson(4 * np.exp(habit * own[who]))
        after = random.poisson(
            4 * np.exp(habit * own[who] + of_score * mood[who] + of_satisfaction * content[who])
        )
        days = np.r_[random.integers(0, 200, before), random.integers(201, 400, after)]
        rows += [(f"c{who}", START + dt.timedelta(days=int(day)), 10.0) for day in days]
    rows += [("other", START, 1.0), ("other", START + dt.timedelta(days=400), 1.0)]
    return answers, pl.DataFrame(rows, schema=["customer", "bought_at", "amount"], orient="row")


def test_which_number_predicts_money() -> None:
    found = leal.which_number(*shop(of_satisfaction=0.6))
    assert found.window == 182
    spend = found["spend"]
    assert spend.winner == "satisfaction"
    assert spend.numbers[0].name == "satisfaction"
    assert spend["satisfaction"].over_nps is not None
    assert spend["satisfaction"].over_nps.ci_low > 0
    assert spend.adds == ("top_2_box", "satisfaction")
    assert found.sentence().startswith("Satisfaction foretells later spend better than NPS")
    assert "NaN" not in str(found.to_dict())


def test_nps_serves_as_well_where_it_does() -> None:
    found = which_number(*shop(of_score=0.6))
    assert found["spend"].winner in (None, "recommend")
    assert "nps_groups" in found["spend"].adds
    nothing_better = which_number(*shop(of_score=0.3, n=300))
    assert nothing_better["spend"].winner is None
    assert nothing_better.sentence().startswith("NPS serves as well here")


def test_nps_may_be_the_best_number() -> None:
    answers, purchases = shop(of_score=0.9, n=1500)
    flat = answers.with_columns(satisfaction=pl.Series(np.random.default_rng(9).integers(1, 11, 1500)))
    groups = pl.when(pl.col("recommend") >= 9).then(10).when(pl.col("recommend") >= 7).then(7).otherwise(0)
    shuffled = flat.with_columns(recommend=groups)
    found = which_number(shuffled, purchases)
    assert found["spend"]["satisfaction"].over_nps is not None
    assert found["spend"]["satisfaction"].over_nps.ci_high < 0


def test_what_customers_say_may_be_another_thing_than_what_they_do() -> None:
    found = which_number(*shop(habit=0.8))
    assert found["spend"].winner is None
    assert found["spend"].adds == ()
    assert found["spend"].past.ci_low > 0.2
    assert "No number surely foretells later spend" in found.sentence()
    assert "no number surely adds to it" in found.sentence()


def test_the_area_of_churn_is_of_the_number_itself() -> None:
    found = which_number(*shop(of_score=0.9, n=1500))
    score = found["churn"]["recommend"]
    assert score.auc is not None
    assert score.auc.ci_low > 0.6
    assert found["spend"]["recommend"].auc is None


def test_the_curve_has_a_row_a_score_with_limits() -> None:
    curve = which_number(*shop(of_score=0.6, n=1500)).curve
    assert curve["score"].to_list() == sorted(curve["score"].to_list())
    told = curve.drop_nulls("spend")
    assert told["spend"][-1] > told["spend"][0]
    assert (told["retention_low"] <= told["retention"]).all()
    assert curve.filter(pl.col("n") < 10)["spend"].null_count() == curve.filter(pl.col("n") < 10).height


def test_scores_younger_than_the_outcomes_are_refused() -> None:
    answers, purchases = shop()
    with pytest.raises(BadValue, match="know what they foretell"):
        which_number(answers, purchases, since=START + dt.timedelta(days=200), window=91)
    late = answers.with_columns(
        answered_at=pl.when(pl.int_range(pl.len()) < 50)
        .then(START + dt.timedelta(days=260))
        .otherwise("answered_at")
    )
    found = which_number(late, purchases, since=START + dt.timedelta(days=250), window=91)
    assert "answered_late" in {note.code for note in found.notes}
    only_early = which_number(answers[50:], purchases, since=START + dt.timedelta(days=250), window=91)
    assert found.n == only_early.n
    with pytest.raises(MissingColumn):
        which_number(answers.drop("answered_at"), purchases)


def test_outcomes_begin_after_the_answer() -> None:
    """Money of the day of the answer, however large, is no outcome."""
    answers, purchases = shop(n=300)
    same_day = pl.DataFrame(
        {
            "customer": answers["customer"],
            "bought_at": answers["answered_at"],
            "amount": answers["recommend"] * 1000.0,
        }
    )
    found = which_number(answers, pl.concat([purchases, same_day]))
    assert found["spend"]["recommend"].alone.ci_low < 0.02


def test_few_customers_are_unknown() -> None:
    found = which_number(*shop(n=60))
    assert not found.known
    assert found.sentence().startswith("unknown: needs 100 customers")
    assert found.to_frame().is_empty()


def test_asking_for_an_outcome_of_too_few_customers_says_how_many_it_needs() -> None:
    nobody = which_number(*shop(n=60))
    with pytest.raises(TooLittleData, match="needs 100 customers"):
        nobody["spend"]


def test_the_index_is_among_the_numbers_where_its_items_are_there() -> None:
    firm = company(4000, seed=3)
    found = which_number(firm.tables["answers"], firm.tables["purchases"])
    assert {"satisfaction_index", "loyalty_index"} <= {one.name for one in found["spend"]}


@pytest.mark.parametrize("style", [Style(), Style(language="ru", theme="dark", width=340)])
def test_the_charts_draw(style: Style) -> None:
    found = which_number(*shop(of_score=0.4))
    spend = to_svg(found.chart(style))
    assert ("Группы NPS" if style.language == "ru" else "NPS groups") in spend
    assert to_svg(found.chart(style, outcome="churn")) != spend
    assert to_svg(score_steps(found.curve, style)).startswith("<svg")
    assert to_svg(score_steps(found.curve.clear(), style)).startswith("<svg")


def test_what_is_unknown_draws_words() -> None:
    answers, purchases = shop(n=20)
    assert "no data to show" in to_svg(which_number(answers, purchases).chart())


@pytest.mark.slow
def test_on_simulated_companies_shares_cover_and_the_index_leads() -> None:
    """Truth: the same of one company of 60,000 customers. Noise never beats NPS more often than its level."""
    large = company(60_000, seed=999)
    truth = which_number(large.tables["answers"], large.tables["purchases"], window=182)
    spend = truth["repeat"]
    assert spend["loyalty_index"].alone.estimate >= spend["nps_groups"].alone.estimate
    seeds, inside, tried = 24, 0, 0
    for seed in range(1, seeds + 1):
        firm = company(4000, seed=seed)
        found = which_number(firm.tables["answers"], firm.tables["purchases"], window=182)
        for outcome in found:
            for one in outcome:
                planted = truth[outcome.outcome][one.name].alone.estimate
                inside += one.alone.ci_low <= planted <= one.alone.ci_high
                tried += 1
    assert inside / tried >= 0.88, inside / tried


@pytest.mark.slow
def test_a_number_that_is_no_better_is_seldom_called_better() -> None:
    called = sum(which_number(*shop(n=300, seed=seed))["spend"].winner is not None for seed in range(150))
    assert called / 150 <= 0.07
