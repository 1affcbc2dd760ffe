"""The table of planted quantities and the product functions that must find them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from leal.engine import collect
from leal.explain import drivers
from leal.measure import (
    Signal,
    benchmark,
    cohort_retention,
    daily_money,
    kept_customers,
    money_by_group,
    movement_value,
    noticing,
    nps,
    programme_effects,
    signals,
    switching,
    wish_values,
)
from leal.results import Estimate
from leal.simulate import Company, Truth
from leal.simulate.plan import EXPOSED
from leal.statistics import NpsCounts, nps_difference


@dataclass(frozen=True, slots=True)
class Found:
    """One quantity as it was found and as it was planted."""

    name: str
    estimate: float
    low: float
    high: float
    truth: float

    @property
    def covered(self) -> bool:
        return self.low <= self.truth <= self.high

    @property
    def errors_away(self) -> float:
        """How many standard errors the truth lies away, on the side of the interval where it lies."""
        side = self.high - self.estimate if self.truth > self.estimate else self.estimate - self.low
        return abs(self.truth - self.estimate) / max(side / 1.96, 1e-12)


Quantity = Callable[[Company, Truth], Iterator[Found]]
RECOVERED: dict[str, Quantity] = {}


def recovered(function: Quantity) -> Quantity:
    RECOVERED[function.__name__] = function
    return function


def found(name: str, value: Estimate, truth: float, scale: float = 1.0) -> Found:
    return Found(name, scale * value.estimate, scale * value.ci_low, scale * value.ci_high, truth)


@recovered
def score_of_the_base(firm: Company, truth: Truth) -> Iterator[Found]:
    yield found(
        "NPS, weighted",
        nps(firm.tables["answers"], weight="weight", customer="customer"),
        truth.scores.nps_base,
    )


@recovered
def score_of_the_answering(firm: Company, truth: Truth) -> Iterator[Found]:
    answers = firm.tables["answers"]
    yield found("NPS, unweighted", nps(answers, customer="customer"), truth.scores.nps_answering)
    for name, result in nps(answers, by="segment", customer="customer").items():
        yield found(f"NPS of {name}", result, truth.scores.nps_by_segment[name])
    for name, result in nps(answers, by="unit", customer="customer").items():
        yield found("NPS of a branch", result, truth.scores.nps_by_unit[name])


@recovered
def fall_of_mood(firm: Company, truth: Truth) -> Iterator[Found]:
    answers = firm.tables["answers"]
    hit = answers.filter(pl.col("segment") == truth.fall_segment)
    scores = truth.scores
    for name, rows, change in (
        ("change of NPS", answers, scores.nps_after - scores.nps_before),
        ("change of NPS where it fell", hit, scores.nps_segment_after - scores.nps_segment_before),
    ):
        late = rows["answered_at"].dt.date() >= truth.fall_date
        difference = nps_difference(_counts(rows.filter(late)), _counts(rows.filter(~late)))
        yield found(name, difference, change, scale=100)


def date_of_the_fall(firm: Company, truth: Truth) -> Iterator[Found]:
    """Yield the month where mood fell in the segment that it fell in, in months since year 0.

    Not for companies of fewer than 4,000 customers: their waves are quarters, too few to date anything.
    """
    fallen = fall_in_the_segment(firm, truth)
    if fallen.since is None or "Q" in fallen.since:
        return  # a month had fewer than 30 answers, so waves are quarters
    months = [_month(wave) for wave in (fallen.since, fallen.since_low, fallen.since_high)]
    planted = truth.fall_date.year * 12 + truth.fall_date.month
    yield Found("month of the fall", *months, planted)


def fall_in_the_segment(firm: Company, truth: Truth) -> Signal:
    """Return what is said of the NPS of the segment hit, by the questionnaire that was in use then."""
    watched = signals(firm.tables["answers"], "segment", metrics=["nps"])
    return next(one for one in watched.signals if one.group == truth.fall_segment and one.version == "v2")


def _month(wave: str | None) -> int:
    assert wave is not None
    year, month = wave.split("-")
    return int(year) * 12 + int(month)


def _counts(answers: pl.DataFrame) -> NpsCounts:
    score = answers["recommend"]
    return NpsCounts((score <= 6).sum(), score.is_in([7, 8]).sum(), (score >= 9).sum())


@recovered
def money_of_groups(firm: Company, truth: Truth) -> Iterator[Found]:
    tables = firm.tables
    money = money_by_group(
        tables["answers"], tables["purchases"], customers=tables["customers"], actions=tables["actions"]
    )
    for group, share in truth.money.repeat_shares.items():
        of_repeat, of_customers = money[group].share_of_repeat, money[group].share_of_customers
        assert of_repeat is not None
        assert of_customers is not None
        yield found(f"share of repeat sales of {group}s", of_repeat, share)
        yield found(f"share of customers of {group}s", of_customers, truth.money.group_shares[group])


@recovered
def value_of_moving(firm: Company, truth: Truth) -> Iterator[Found]:
    for value in movement_value(firm.tables["answers"], firm.tables["purchases"]):
        planted = truth.money.moving[f"{value.origin} to {value.target}"][value.window]
        if value.change.known:
            yield found(f"value of moving {value.origin} to {value.target}", value.change, planted)


@recovered
def effects_of_actions(firm: Company, truth: Truth) -> Iterator[Found]:
    purchases = firm.tables["purchases"]
    money = purchases.group_by("customer", day=pl.col("bought_at").dt.date().to_physical()).agg(
        money=pl.col("amount").sum()
    )
    for action in noticing(firm.tables["actions"], firm.tables["answers"], score="satisfaction", money=money):
        planted = truth.actions[action.action]
        assert action.extra is not None
        yield found(f"noticed: {action.action}", action.extra, planted.noticed_above_unexposed)
        # nothing happens to those whom the programme did not reach, so the exposed bear the whole effect
        yield found(f"earned: {action.action}", action.earned, planted.spend / EXPOSED)
        yield found(f"moved: {action.action}", action.moved, planted.satisfaction / EXPOSED)


@recovered
def programmes_against_their_holdouts(firm: Company, truth: Truth) -> Iterator[Found]:
    days = collect(daily_money(firm.tables["purchases"]))
    for column in ("amount", "margin"):
        for effect in programme_effects(firm.tables["actions"], days, _last(days), column=column):
            planted = truth.actions[effect.action]
            assert effect.money is not None
            assert effect.active is not None
            money = planted.spend if column == "amount" else planted.margin
            yield found(f"{column} a head: {effect.action}", effect.money, money)
            if column == "margin":
                yield found(f"still active: {effect.action}", effect.active, planted.active_at_end)


def _last(days: pl.DataFrame) -> int:
    last = days["day"].max()
    assert isinstance(last, int)
    return last


@recovered
def retention(firm: Company, truth: Truth) -> Iterator[Found]:
    days = collect(daily_money(firm.tables["purchases"]))
    yield found("customers kept", kept_customers(days, _last(days), 365).retention, truth.money.kept)
    table = cohort_retention(firm.tables["purchases"]).filter(pl.col("cohort") == "all")
    for period in (1, 6, 12):
        row = table.filter(pl.col("period") == period).row(0, named=True)
        planted = truth.money.cohort_retention[period - 1]
        yield Found(f"cohorts: period {period}", row["retention"], row["ci_low"], row["ci_high"], planted)


@recovered
def scores_of_brands(firm: Company, truth: Truth) -> Iterator[Found]:
    side_by_side = benchmark(firm.tables["brands"])
    own = next(name for name in truth.brands)
    for brand in side_by_side.brands:
        yield found(f"score of {brand.brand}", brand.score, truth.brands[brand.brand].score)
    assert side_by_side.to_best is not None
    best = max(brand.score for name, brand in truth.brands.items() if name != own)
    yield found("gap to the best rival", side_by_side.to_best, truth.brands[own].score - best)
    assert side_by_side.own is not None
    place = side_by_side.own
    yield Found("place among brands", place.rank, place.rank_low, place.rank_high, 2.0)


@recovered
def reach_and_value_of_wishes(firm: Company, truth: Truth) -> Iterator[Found]:
    customers = firm.tables["customers"].height
    for wish in wish_values(firm.tables["wishes"], customers).wishes:
        planted = truth.wishes[wish.name]
        yield found(f"reach: {wish.name}", wish.reach, planted.reach)
        yield found(f"payoff: {wish.name}", wish.net, customers * planted.payoff)


@recovered
def loss_to_rivals(firm: Company, truth: Truth) -> Iterator[Found]:
    moved = switching(firm.tables["brands"])
    assert moved is not None
    own = next(iter(truth.brands))
    yield found("customers lost to rivals", moved.loss_rate, 1 - truth.brands[own].now[own])


def leading_driver(firm: Company) -> str:
    return drivers(firm.tables["answers"]).drivers[0].name


def all_found(firm: Company, truth: Truth) -> list[Found]:
    return [one for quantity in RECOVERED.values() for one in quantity(firm, truth)]
