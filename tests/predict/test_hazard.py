"""What makes customers leave from one period to the next."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from leal.errors import BadOption, BadValue, MissingColumn
from leal.predict import FollowedPeriods, Hazard, followed_periods
from leal.simulate import company

START = dt.date(2024, 1, 1)

LEVEL, SCORE, CHANGE, RECENCY, CROSSED = -1.2, -0.30, -0.15, 0.6, 0.08
"""The risk that `periods` plants: log odds = level + score (s - 7) + ... + crossed (s - 7)(r - 1)."""


def periods(customers: int, seed: int = 0, most: int = 6) -> pl.DataFrame:
    """Customers followed period by period, with a risk of leaving that is known."""
    random = np.random.default_rng(seed)
    who, period = (grid.ravel() for grid in np.meshgrid(np.arange(customers), np.arange(most), indexing="ij"))
    own = random.normal(7, 1.5, customers)
    score = np.clip(np.round(own[who] + random.normal(0, 1, len(who))), 0, 10)
    change = np.where(period > 0, score - np.roll(score, 1), 0.0)
    recency = random.gamma(2, 0.5, len(who))
    odds = LEVEL + SCORE * (score - 7) + CHANGE * change + RECENCY * (recency - 1)
    odds += CROSSED * (score - 7) * (recency - 1)
    left = random.random(len(who)) < 1 / (1 + np.exp(-odds))
    frame = pl.DataFrame(
        {
            "customer": who.astype(str),
            "period": period,
            "left": left,
            "score": score,
            "change": change,
            "recency": recency,
            "odds": odds,
        }
    )
    gone_before = pl.col("left").cast(pl.Int32).cum_sum().over("customer") - pl.col("left").cast(pl.Int32)
    return frame.filter(gone_before == 0)


def test_what_a_point_of_the_score_goes_with_in_yearly_retention() -> None:
    fit = Hazard(behaviour=("recency",)).fit(periods(3000))
    named = {row["term"]: row for row in fit.coefficients.iter_rows(named=True)}
    for term, planted in {"change": CHANGE, "score x recency": CROSSED}.items():
        assert named[term]["ci_low"] < planted < named[term]["ci_high"]
    effect = fit.retention_effect()
    assert effect.ci_low > 0
    assert effect.grade == "C"
    assert effect.notes[-1].code == "correlation"
    assert fit.retention_effect((0, 10)).estimate == pytest.approx(effect.estimate / 10)
    assert "points of yearly retention" in fit.sentence()
    assert fit.average_risk.estimate == pytest.approx(float(periods(3000)["left"].mean()), abs=1e-6)  # type: ignore[arg-type]
    assert "NaN" not in str(fit.to_dict())


def test_what_a_step_of_behaviour_goes_with_in_yearly_retention() -> None:
    rows = periods(6000, seed=4)
    fit = Hazard(behaviour=("recency",)).fit(rows)
    risk = 1 / (1 + np.exp(-rows["odds"].to_numpy()))
    slope = RECENCY + CROSSED * (rows["score"].to_numpy() - 7)
    # the derivative of (1 - h)^(365/91) in recency, at the planted risk
    planted = float(np.mean(-365 / 91 * (1 - risk) ** (365 / 91) * risk * slope))
    effect = fit.effect_of("recency", 0.1)
    assert effect.ci_low < planted / 10 < effect.ci_high
    assert effect.ci_high < 0
    assert effect.grade == "C"
    assert fit.effect_of("change", -1).estimate == pytest.approx(-fit.effect_of("change").estimate)
    with pytest.raises(MissingColumn):
        fit.effect_of("contacts")
    assert not Hazard().fit(periods(3)).effect_of("change").known


def test_the_predicted_risk_is_the_planted_one() -> None:
    rows = periods(20_000, seed=3)
    fit = Hazard(behaviour=("recency",)).fit(rows)
    planted = 1 / (1 + np.exp(-rows["odds"].to_numpy()))
    assert np.mean(np.abs(fit.risk(rows) - planted)) < 0.01


@pytest.mark.parametrize("form", ["groups", "spline"])
def test_groups_and_curves_find_the_same_direction(form: str) -> None:
    fit = Hazard(form=form, behaviour=("recency",)).fit(periods(4000, seed=1))  # type: ignore[arg-type]
    assert fit.retention_effect().ci_low > 0
    assert fit.coefficients.height == len(fit.design.terms if fit.design else ())


def test_a_curve_through_two_scores_is_a_line_and_says_so() -> None:
    rows = periods(800).with_columns(score=pl.when(pl.col("score") > 7).then(9.0).otherwise(5.0))
    fit = Hazard(form="spline", behaviour=("recency",)).fit(rows)
    assert "no_spline" in {note.code for note in fit.notes}
    assert fit.retention_effect().known


def test_too_few_leavers_and_a_tell_tale_column_are_unknown() -> None:
    few = Hazard().fit(periods(60).with_columns(left=pl.lit(False)))
    assert not few.known
    assert few.sentence() == "unknown: needs 20 customers who left, found 0"
    assert not few.retention_effect().known
    assert few.coefficients.is_empty()
    telling = periods(400).with_columns(recency=pl.col("left").cast(pl.Float64))
    assert Hazard(behaviour=("recency",)).fit(telling).notes[-1].code == "separated"


@pytest.mark.parametrize("form", ["linear", "groups", "spline"])
def test_a_score_that_all_have_alike_has_no_effect_that_could_be_told(form: str) -> None:
    same = periods(400).with_columns(score=pl.lit(7.0), change=pl.lit(0.0))
    fit = Hazard(behaviour=("recency",), form=form).fit(same)  # type: ignore[arg-type]
    assert fit.notes[-1].code == "score_not_told_apart"
    assert not fit.known
    assert not fit.retention_effect().known
    assert fit.sentence() == fit.notes[-1].text


def test_a_column_that_says_the_same_as_the_score_leaves_it_unknown() -> None:
    twin = periods(400).with_columns(contacts=10 - 2 * pl.col("score"))
    assert Hazard().fit(twin).notes[-1].code == "score_not_told_apart"
    assert Hazard(behaviour=("recency",)).fit(twin).known
    crossed_alike = periods(400).with_columns(contacts=(pl.col("score") == 7).cast(pl.Float64))
    assert Hazard().fit(crossed_alike).known  # what is aliased there is the product, not the score


def test_scores_of_one_group_are_no_line() -> None:
    high = periods(600).filter(pl.col("score") >= 9)
    fit = Hazard(form="groups", behaviour=()).fit(high)
    assert fit.events >= 20
    assert fit.notes[-1].code == "score_not_told_apart"
    assert Hazard(form="linear", behaviour=()).fit(high).known


def test_where_all_left_the_sentence_does_not_ask_for_more_who_left() -> None:
    fit = Hazard().fit(periods(100).filter("left"))
    assert fit.notes[-1].code == "nobody_stayed"
    assert "needs" not in fit.sentence()


def test_a_score_that_is_none_of_the_two_is_refused() -> None:
    firm = company(200, seed=3)
    with pytest.raises(BadOption, match="score"):
        followed_periods(firm.tables["answers"], firm.tables["purchases"], score="effort")


def test_one_customer_who_left_thirty_times_is_one() -> None:
    one = pl.DataFrame({"customer": ["a"] * 60, "left": [True, False] * 30, "score": [*range(60)]})
    fit = Hazard().fit(one)
    assert not fit.known
    assert fit.sentence() == "unknown: needs 20 customers who left, found 1"


def test_a_frame_of_your_own_is_read_in_words_and_refused_where_it_cannot_be() -> None:
    own = periods(400).select("customer", "left", "score")
    words = own.with_columns(left=pl.when("left").then(pl.lit("yes")).otherwise(pl.lit("no")))
    assert Hazard().fit(words).coefficients.equals(Hazard().fit(own).coefficients)
    for wrong in (
        own.with_columns(score=pl.lit("high")),
        own.with_columns(score=pl.lit(float("inf"))),
    ):
        with pytest.raises(BadValue, match="score"):
            Hazard().fit(wrong)
    with pytest.raises(MissingColumn, match="weight"):
        Hazard().fit(own, weight="weight")
    for weight in (0.0, -1.0):
        with pytest.raises(BadValue):
            Hazard().fit(own.with_columns(weight=pl.lit(weight)), weight="weight")


def test_gaps_are_counted_and_absent_columns_named() -> None:
    rows = periods(500).with_columns(score=pl.when(pl.col("period") == 0).then("score"))
    fit = Hazard().fit(rows)
    assert fit.notes[0].code == "periods_with_gaps"
    with pytest.raises(MissingColumn):
        Hazard(attitude="mood").fit(rows)
    with pytest.raises(BadOption):
        Hazard(form="wavy").fit(rows)  # type: ignore[arg-type]


def _day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def followed(customers: pl.DataFrame | None = None, contacts: pl.DataFrame | None = None) -> FollowedPeriods:
    """Customer a asked at day 100 buys to the end; b stops at 150; c was gone when asked."""
    answers = pl.DataFrame(
        {
            "customer": ["a", "a", "b", "c"],
            "answered_at": [_day(100), _day(200), _day(100), _day(300)],
            "recommend": [9, 6, 7, 8],
        }
    )
    bought = {"a": range(0, 400, 20), "b": range(0, 150, 20), "c": range(0, 100, 20)}
    rows = [(who, _day(at), 5.0) for who, days in bought.items() for at in days]
    purchases = pl.DataFrame(rows, schema=["customer", "bought_at", "amount"], orient="row")
    return followed_periods(answers, purchases, customers=customers, contacts=contacts, period_days=50)


def test_rows_know_only_what_was_known_when_they_began() -> None:
    found = followed()
    rows = {(row["customer"], row["period"]): row for row in found.frame.iter_rows(named=True)}
    # a: asked at 100, periods from 100 to the last purchase day 380: five whole ones
    assert [rows["a", period]["score"] for period in range(5)] == [9, 9, 6, 6, 6]
    assert [rows["a", period]["change"] for period in range(5)] == [0, 0, -3, -3, -3]
    assert not any(rows["a", period]["left"] for period in range(5))
    # b buys last at 140: silent in 150 to 200, and out of sight after
    assert [key[1] for key in rows if key[0] == "b"] == [0, 1]
    assert rows["b", 1]["left"]
    assert rows["b", 1]["recency"] == pytest.approx(np.log1p(10 / 7))
    # c had not bought for 220 days when asked: was not there, so cannot leave
    assert not any(key[0] == "c" for key in rows)
    assert {note.code for note in found.notes} == {"not_followed", "silence_for_leaving"}


def test_known_dates_of_leaving_are_taken_and_contacts_counted_before_the_period() -> None:
    register = pl.DataFrame({"customer": ["b"], "left_at": [_day(170)]})
    contacts = pl.DataFrame({"customer": ["a", "a", "b"], "contacted_at": [_day(90), _day(120), _day(155)]})
    found = followed(customers=register, contacts=contacts)
    assert found.by_date
    rows = {(row["customer"], row["period"]): row for row in found.frame.iter_rows(named=True)}
    assert rows["b", 1]["left"]
    assert ("b", 2) not in rows
    assert [rows["a", period]["contacts"] for period in (0, 1, 2)] == [1.0, 2.0, 1.0]
    assert rows["b", 1]["contacts"] == 0.0


def test_in_the_simulated_company_the_content_stay_longer() -> None:
    firm = company(6000, seed=2)
    found = followed_periods(firm.tables["answers"], firm.tables["purchases"])
    fit = Hazard().fit(found)
    assert fit.retention_effect().ci_low > 0
    assert fit.model.period_days == 91
    assert "silence_for_leaving" in {note.code for note in fit.notes}


@pytest.mark.slow
def test_on_simulated_companies_the_effect_of_a_point_covers() -> None:
    """Truth: the same fit of one company of 60,000 customers."""
    large = company(60_000, seed=999)
    model = Hazard(interaction=False)
    truth = model.fit(followed_periods(large.tables["answers"], large.tables["purchases"]))
    planted, risk = truth.retention_effect().estimate, truth.average_risk.estimate
    effects = risks = 0
    for seed in range(1, 31):
        firm = company(4000, seed=seed)
        fit = model.fit(followed_periods(firm.tables["answers"], firm.tables["purchases"]))
        effect, average = fit.retention_effect(), fit.average_risk
        effects += effect.ci_low <= planted <= effect.ci_high
        risks += average.ci_low <= risk <= average.ci_high
    assert min(effects, risks) >= 27, (effects, risks)


@pytest.mark.slow
def test_coefficients_average_risk_and_effect_cover() -> None:
    """Truths: as planted; risk and effect of 400,000 customers."""
    many = periods(400_000, seed=99)
    odds = many["odds"].to_numpy()
    slope = SCORE + CROSSED * (many["recency"].to_numpy() - 1)
    kept = [(1 - 1 / (1 + np.exp(-(odds + half * slope)))) ** (365 / 91) for half in (0.5, -0.5)]
    truths = {
        "effect": float(np.mean(kept[0] - kept[1])),
        "risk": float(np.mean(1 / (1 + np.exp(-odds)))),
        "change": CHANGE,
        "score x recency": CROSSED,
    }
    hits = dict.fromkeys(truths, 0)
    runs = 600
    for seed in range(runs):
        fit = Hazard(behaviour=("recency",)).fit(periods(300, seed=1000 + seed))
        limits = {
            row["term"]: (row["ci_low"], row["ci_high"]) for row in fit.coefficients.iter_rows(named=True)
        }
        for name, one in (("effect", fit.retention_effect()), ("risk", fit.average_risk)):
            limits[name] = (one.ci_low, one.ci_high)
        for name, truth in truths.items():
            hits[name] += limits[name][0] <= truth <= limits[name][1]
    shares = {name: count / runs for name, count in hits.items()}
    assert all(0.93 <= share <= 0.97 for share in shares.values()), shares


def test_a_register_that_knows_few_dates_of_leaving_is_told() -> None:
    firm = company(1500, seed=4)
    partly = followed_periods(
        firm.tables["answers"], firm.tables["purchases"], customers=firm.tables["customers"]
    )
    assert "undated_leaving" in {note.code for note in partly.notes}
    without = followed_periods(firm.tables["answers"], firm.tables["purchases"])
    assert "undated_leaving" not in {note.code for note in without.notes}


def test_customers_of_one_tenure_need_no_bands_of_it() -> None:
    random = np.random.default_rng(4)
    score = random.integers(0, 11, 400).astype(float)
    left = random.random(400) < 1 / (1 + np.exp(score - 5))
    rows = pl.DataFrame({"customer": np.arange(400), "left": left, "score": score, "tenure": 2.0})
    fit = Hazard().fit(rows)
    assert fit.known
    assert fit.retention_effect().ci_low > 0
    assert fit.coefficients["term"].to_list() == ["constant", "score"]


def test_how_many_pauses_ended_is_told_where_silence_stands_for_leaving() -> None:
    days = [0, 100, 150, 400, 430, 460]  # pauses of 100 and 250 days; the other is silent from day 10 on
    bought = pl.DataFrame(
        {"customer": ["a"] * 6 + ["b"] * 2, "bought_at": [*days, 0, 10], "amount": 1.0}
    ).with_columns(bought_at=pl.col("bought_at").cast(pl.Date))
    said = pl.DataFrame({"customer": ["a"], "answered_at": [140], "recommend": [9]}).with_columns(
        pl.col("answered_at").cast(pl.Date)
    )
    notes = {note.code: str(note) for note in followed_periods(said, bought).notes}
    assert "91 days, 67 % have ended with a purchase" in notes["silence_ends"].replace("\xa0", " ")
