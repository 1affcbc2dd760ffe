"""What users may give by mistake: a note or one clear error, never another library's, never not-a-number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.predict.value_samples import START, world

import leal
from leal.errors import BadOption, BadValue, LealError, MissingColumn
from leal.predict import Nbd, ShiftedBetaGeometric, score_curve, tracking

PURCHASES = world(120, 5).purchases
LAST = PURCHASES["bought_at"].max()
SUMMARY = leal.customer_summary(PURCHASES)
FITS = {
    "bg": leal.BgNbd().fit(SUMMARY),
    "mbg": leal.MbgNbd().fit(SUMMARY),
    "pareto": leal.ParetoNbd().fit(SUMMARY),
}


def codes(result: Any) -> set[str]:
    return {note.code for note in result.notes}


@pytest.mark.parametrize("level", [95, 0, 1, -0.5, float("nan"), "a", None, True])
@pytest.mark.parametrize(
    "ask",
    [
        *(lambda level, fit=fit: fit.expected_total(SUMMARY, weeks=52, level=level) for fit in FITS.values()),
        *(lambda level, fit=fit: fit.interval("r", level=level) for fit in FITS.values()),
        lambda level: leal.GammaGamma().fit(SUMMARY).population_mean_with_interval(level),
        lambda level: ShiftedBetaGeometric().fit([1000, 800, 700]).retention(1, level),
        lambda level: ShiftedBetaGeometric().fit([1000, 800, 700]).survival(0, level),
        lambda level: ShiftedBetaGeometric().fit([1000, 800, 700]).interval("alpha", level),
        lambda level: leal.lifetime_value(PURCHASES, level=level),
        lambda level: leal.equity_bridge(PURCHASES, level=level),
    ],
)
def test_a_level_that_is_none_is_named(ask: Callable[[Any], Any], level: Any) -> None:
    with pytest.raises(BadValue, match="confidence level"):
        ask(level)


@pytest.mark.parametrize("weeks", [-1, float("nan"), "a", None])
@pytest.mark.parametrize("fit", [*FITS.values(), Nbd().fit(SUMMARY)], ids=[*FITS, "nbd"])
def test_weeks_that_are_none_are_named(fit: Any, weeks: Any) -> None:
    for ask in (
        lambda: fit.expected_purchases(SUMMARY, weeks=weeks),
        lambda: leal.lifetime_value(PURCHASES, weeks=weeks),
        lambda: leal.equity_bridge(PURCHASES, weeks=weeks),
    ):
        with pytest.raises(BadValue, match="weeks"):
            ask()


@pytest.mark.parametrize("discount", [-0.1, float("nan"), "a", None])
def test_an_interest_that_is_none_is_named(discount: Any) -> None:
    for ask in (
        lambda: FITS["pareto"].discounted_expected_purchases(SUMMARY, weeks=52, discount=discount),
        lambda: FITS["bg"].discounted_expected_purchases(SUMMARY, weeks=52, discount=discount),
        lambda: leal.lifetime_value(PURCHASES, discount=discount),
        lambda: leal.equity_bridge(PURCHASES, discount=discount),
    ):
        with pytest.raises(BadValue, match="interest"):
            ask()


@pytest.mark.parametrize("model", [3, leal.GammaGamma(), leal.BgNbd, "other"])
def test_what_is_no_model_of_purchases_is_refused(model: Any) -> None:
    for ask in (leal.lifetime_value, leal.equity_bridge, tracking):
        with pytest.raises(BadOption, match="pareto_nbd"):
            ask(PURCHASES, model=model)


def test_other_arguments_that_cannot_be_are_named() -> None:
    fit = FITS["bg"]
    with pytest.raises(BadOption, match="alpha"):
        fit.interval("zz")
    for draws in (lambda: fit.draws(-1, 0), lambda: fit.draws(2, "a"), lambda: fit.with_parameters("a")):
        with pytest.raises(BadValue):
            draws()
    for seed in ("a", -1, 1.5):
        with pytest.raises(BadValue, match="seed"):
            leal.lifetime_value(PURCHASES, seed=seed)
    for until in (10**9, -(10**9), 1.5, True, "soon"):
        with pytest.raises(BadValue, match="is no day"):
            leal.lifetime_value(PURCHASES, until=until)
    day = (LAST - dt.date(1970, 1, 1)).days
    assert leal.lifetime_value(PURCHASES, until=np.int64(day)).known


def test_a_long_silence_before_the_day_is_told() -> None:
    assert isinstance(LAST, dt.date)
    assert "silence_before" not in codes(leal.lifetime_value(PURCHASES, until=LAST + dt.timedelta(weeks=7)))
    late = LAST + dt.timedelta(weeks=52)
    for result in (leal.lifetime_value(PURCHASES, until=late), leal.equity_bridge(PURCHASES, until=late)):
        notes = {note.code: str(note.text) for note in result.notes}
        assert "52 weeks" in notes["silence_before"]
        assert LAST.isoformat() in notes["silence_before"]


def test_a_stray_early_day_is_refused_whatever_the_last() -> None:
    stray = pl.DataFrame({"customer": ["x"], "bought_at": [dt.date(1900, 1, 1)], "amount": [5.0]})
    table = pl.concat([PURCHASES.select(stray.columns), stray])
    for until in (None, LAST):
        with pytest.raises(BadValue, match="1 January 1900"):
            leal.lifetime_value(table, until=until)


def test_a_margin_column_of_shares_is_refused() -> None:
    rates = pl.Series(np.random.default_rng(0).uniform(0.2, 0.5, PURCHASES.height))
    for margin in (pl.lit(0.3), rates):
        with pytest.raises(BadValue, match="looks like shares"):
            leal.lifetime_value(PURCHASES.with_columns(margin=margin))
    with pytest.raises(BadValue, match="not in per cent"):
        leal.lifetime_value(PURCHASES.with_columns(margin=pl.lit(3000.0)))
    cheap = PURCHASES.with_columns(amount=pl.lit(2.0), margin=pl.lit(0.6))
    assert leal.lifetime_value(cheap).total.basis == "margin"


def test_a_margin_column_with_gaps_or_of_one_number_is_told() -> None:
    gaps = pl.when(pl.int_range(pl.len()) % 5 > 0).then(pl.col("amount") * 0.3)
    told = leal.lifetime_value(PURCHASES.with_columns(margin=gaps))
    assert "without_margin" in codes(told)
    alike = leal.lifetime_value(PURCHASES.with_columns(margin=pl.lit(2.0)))
    assert "margin_alike" in codes(alike)
    empty = leal.lifetime_value(PURCHASES.with_columns(margin=pl.lit(None, pl.Float64)))
    assert {"margin_empty", "revenue_not_margin"} <= codes(empty)
    assert empty.total.estimate == pytest.approx(leal.lifetime_value(PURCHASES).total.estimate)


def test_nothing_but_refunds_is_an_answer() -> None:
    for amount in (-pl.col("amount"), pl.lit(0.0)):
        worth = leal.lifetime_value(PURCHASES.with_columns(amount=amount))
        assert not worth.known
        assert {"too_little_data", "refunds"} <= codes(worth)
        assert "later_purchases" not in codes(worth)


def test_customers_without_time_or_of_two_dimensions_are_refused() -> None:
    young = SUMMARY.with_columns(age=pl.lit(0.0), recency=pl.lit(0.0))
    nested = {name: [[1.0, 2.0]] for name in ("frequency", "recency", "age", "spend")}
    for model in (leal.BgNbd(), leal.MbgNbd(), leal.ParetoNbd(), Nbd()):
        with pytest.raises(LealError, match="No time has passed"):
            model.fit(young)
        with pytest.raises(BadValue, match="not numbers of one length"):
            model.fit(nested)


def answers() -> pl.DataFrame:
    customers = PURCHASES["customer"].unique(maintain_order=True)
    scores = np.random.default_rng(1).integers(0, 11, customers.len())
    return pl.DataFrame(
        {"customer": customers, "answered_at": START + dt.timedelta(weeks=52), "recommend": scores}
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"money": "profit"}, "no column 'profit'"),
        ({"money": "margin"}, "no column 'margin'"),
        ({"since": "soon"}, "is no day"),
        ({"window": 0}, "window of 0 days"),
        ({"window": "a"}, "window of 'a' days"),
        ({"window": 91.5}, "window of 91.5 days"),
        ({"seed": "a"}, "seed cannot be"),
        ({"margin": 30}, "no share of revenue"),
        ({"level": 95}, "confidence level"),
    ],
)
def test_which_number_names_what_cannot_be(given: dict[str, Any], told: str) -> None:
    with pytest.raises(LealError, match=told):
        leal.which_number(answers(), PURCHASES, **given)


def test_which_number_counts_answers_without_a_score() -> None:
    table = answers().with_columns(pl.col("recommend").cast(pl.Float64))
    half = pl.when(pl.int_range(pl.len()) % 2 > 0).then(pl.col("recommend"))
    for column in (half, pl.lit(float("nan")), pl.lit("very good")):
        found = leal.which_number(table.with_columns(recommend=column), PURCHASES, window=91)
        assert "unusable_answers" in codes(found)


def test_the_curve_wants_what_followed_the_score() -> None:
    rows = answers().with_columns(repeat=1, spend=2.0, gone=False)
    assert score_curve(rows)["n"].sum() == rows.height
    with pytest.raises(MissingColumn, match="repeat"):
        score_curve(answers())
    for odd in (pl.lit(None, pl.Float64), pl.lit(float("nan")), pl.lit("x")):
        with pytest.raises(BadValue, match="'spend' is not known in every row"):
            score_curve(rows.with_columns(spend=odd))


def test_a_share_is_for_the_purchases_that_a_column_does_not_tell_the_margin_of() -> None:
    """As in the audit: the files' own margins are better known than one share for all."""
    whole = PURCHASES.with_columns(margin=pl.col("amount") * 0.4)
    told = leal.lifetime_value(whole, margin=0.2)
    assert told.total.estimate == pytest.approx(leal.lifetime_value(whole).total.estimate)
    assert "margin_of_column" in codes(told)
    half = PURCHASES.with_columns(
        margin=pl.when(pl.int_range(pl.len()) % 2 == 0).then(pl.col("amount") * 0.4)
    )
    filled, bare = leal.lifetime_value(half, margin=0.4), leal.lifetime_value(half)
    assert filled.total.estimate == pytest.approx(told.total.estimate)
    assert bare.total.estimate < filled.total.estimate
    empty = PURCHASES.with_columns(margin=pl.lit(None, pl.Float64))
    share = leal.lifetime_value(PURCHASES, margin=0.4).total.estimate
    assert leal.lifetime_value(empty, margin=0.4).total.estimate == pytest.approx(share)


def test_parts_of_a_week_are_not_told_as_none() -> None:
    assert "within 0.10 weeks" in str(leal.lifetime_value(PURCHASES, margin=0.3, weeks=0.1))
    assert "within 52 weeks" in str(leal.lifetime_value(PURCHASES, margin=0.3, weeks=52))


def test_purchases_still_to_come_are_told() -> None:
    """An order dated next month, no year from the others: believed, and told."""
    today = dt.datetime.now(tz=dt.UTC).date()
    moved = PURCHASES.with_columns(pl.col("bought_at") + (today - LAST))
    assert "future_purchases" not in codes(leal.lifetime_value(moved, margin=0.3))
    order = moved.tail(1).with_columns(bought_at=pl.lit(today + dt.timedelta(days=40)))
    late = pl.concat([moved, order.cast(moved.schema)])
    found = leal.lifetime_value(late, margin=0.3)
    told = next(note for note in found.notes if note.code == "future_purchases")
    assert "1 day of purchases is still to come" in str(told.text)
    assert "future_purchases" not in codes(leal.lifetime_value(late, margin=0.3, until=today))


@pytest.mark.parametrize("margin", ["a", float("nan"), -1, 2, True, [1]])
def test_a_margin_of_groups_that_is_no_share_is_refused(margin: Any) -> None:
    answers = PURCHASES.select("customer").unique().with_columns(recommend=pl.lit(9))
    with pytest.raises(BadValue, match="no share"):
        leal.money_by_group(answers, PURCHASES, margin=margin)


@pytest.mark.parametrize("until", ["soon", float("nan"), float("inf"), [1]])
def test_a_last_day_of_cohorts_that_is_none_is_refused(until: Any) -> None:
    with pytest.raises(BadValue, match="no day"):
        leal.cohort_retention(PURCHASES, until=until)
    with pytest.raises(BadOption):
        leal.cohort_retention(PURCHASES, cohort="week")
    by_text = leal.cohort_retention(PURCHASES, until=str(LAST))
    assert by_text.equals(leal.cohort_retention(PURCHASES))
