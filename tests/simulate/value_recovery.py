"""The planted quantities of money and proof, and the product functions that must find them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import numpy as np
import polars as pl
from tests.simulate.recovery import Found, found

from leal.act import kano_survey, price_sensitivity, symptom_meter
from leal.engine import collect
from leal.measure import (
    daily_money,
    loyalty_ways,
    newcomers,
    programme_effects,
    scored_answers,
    wallet,
    wallet_validity,
)
from leal.predict import (
    LeavingEvidence,
    ParetoNbd,
    alive_retention,
    bridge_of,
    forecast_holdout,
    leaving_signs,
    lifetime_value,
    purchase_base,
    satisfied_leaving,
    signs_in_the_past,
    which_number,
)
from leal.predict.value.holdouts import holdout_weeks
from leal.predict.value.lifetime_values import outlook_of
from leal.predict.value.model_errors import model_error
from leal.prove import experiment, programme_ledger
from leal.simulate import Company, Plan, Truth
from leal.simulate.care_studies import KANO_SHARES, cases_table, prices_table
from leal.simulate.large_sample import TRUTH_CUSTOMERS
from leal.simulate.population import populate
from leal.simulate.streams import Streams
from leal.simulate.studies import BRAND_SHARES, SWITCHING, brands_table
from leal.simulate.words import RIVALS, WISHES

CUT = 18
"""Months of purchases that a forecast sees; the next twelve are unseen."""

_LARGE_SEED = 20_251_231
_DAY = pl.col("bought_at").dt.date()
_POINTS = ("least", "indifference", "optimal", "most")
_KANO = ("attractive", "one_dimensional", "must_be", "indifferent")

Quantity = Callable[[Company, Truth], Iterator[Found]]
RECOVERED: dict[str, Quantity] = {}


def recovered(function: Quantity) -> Quantity:
    RECOVERED[function.__name__] = function
    return function


@recovered
def forecasts(firm: Company, truth: Truth) -> Iterator[Found]:
    """Foretell the 52 weeks after month 18 of all customers known then; the truth is what came."""
    cut = firm.plan.month_starts[CUT]
    before = firm.tables["purchases"].filter(cut > _DAY)
    worth = lifetime_value(before, until=cut - dt.timedelta(1), discount=0.0)
    later = firm.tables["purchases"].filter(
        cut <= _DAY,
        cut + dt.timedelta(weeks=52) > _DAY,
        pl.col("customer").is_in(worth.customers["customer"].implode()),
    )
    money = float(later["margin"].sum())
    yield found("forecast: money of all", worth.total, money)
    yield found("forecast: money a head", worth.mean, money / worth.n)
    days = later.filter(pl.col("amount") > 0).select("customer", _DAY).unique().height
    yield _purchases(before, cut, days)


def _purchases(before: pl.DataFrame, cut: dt.date, came: int) -> Found:
    """Return the purchases that the same model expects, with the error of the model in the interval."""
    base = purchase_base(before, until=cut - dt.timedelta(1))
    model = ParetoNbd()
    last = forecast_holdout(base, model, holdout_weeks(base, 52))
    outlook = outlook_of(base, model.fit(base.summary), weeks=52, discount=0.0).counting()
    low, high = replace(outlook, missed=model_error(base, model, last).variance).limits(0.95)
    return Found("forecast: purchases of all", float(outlook.value.sum()), low, high, came)


@recovered
def retention_by_models(firm: Company, truth: Truth) -> Iterator[Found]:
    models = alive_retention(purchase_base(firm.tables["purchases"]))
    assert models is not None
    yield found("retention by models", models.retention, 1 - truth.money.yearly_churn["all"])


@cache
def _bridge_values(plan: Plan) -> dict[str, float]:
    """Return what came in the year after each day of the bridge, a head of all known on the second."""
    population = populate(plan, TRUTH_CUSTOMERS, _LARGE_SEED)
    people, shopping = population.people, population.shopping
    cut = plan.day_number(plan.month_starts[CUT])
    first = cut - 365
    known = (people.joined < cut).sum()
    kept = shopping.margin * (1 - shopping.refunded)
    old = people.joined[shopping.who] < first
    there = people.joined[shopping.who] < cut

    def year(begins: float, whose: np.ndarray) -> float:
        within = (shopping.day >= begins) & (shopping.day < begins + 364)
        return float((kept * within * whose).sum() / known)

    before, after = year(first, old), year(cut, there)
    return {
        "before": before,
        "after": after,
        "change": after - before,
        "new": year(cut, there & ~old),
        # nobody's amounts and margins were planted to change
        "spend": 0.0,
        "margin": 0.0,
    }


@recovered
def bridge(firm: Company, truth: Truth) -> Iterator[Found]:
    """Bridge the value of a year ahead from month 6 to month 18; who leaves is held to a world of its own.

    "Lost" is told by a chance to be there, not by who left: see tests/predict/test_equity_coverage.py.
    """
    cut = firm.plan.month_starts[CUT]
    base = purchase_base(firm.tables["purchases"], until=cut - dt.timedelta(1))
    told = bridge_of(base, weeks=52, discount=0.0)
    parts = {"before": told.before, "after": told.after, "change": told.change, **told.components}
    for name, planted in _bridge_values(firm.plan).items():
        yield found(f"bridge: {name}", parts[name], base.summary.height * planted)


def customers_lost(firm: Company) -> tuple[int, int]:
    """Return customers of month 6 called lost by month 18, and those of them who left in truth."""
    cut = firm.plan.month_starts[CUT]
    base = purchase_base(firm.tables["purchases"], until=cut - dt.timedelta(1))
    called = bridge_of(base, weeks=52, discount=0.0).customers["lost"]
    joined = firm.tables["customers"].select("customer", "joined_at")
    last, start = pl.col("last_purchase"), cut - dt.timedelta(365)
    gone = firm.hidden.join(joined, on="customer").filter("left", last < cut, last >= start)
    return called, gone.filter(pl.col("joined_at") < start).height


@dataclass(frozen=True, slots=True)
class Tested:
    """One programme as an experiment: a row a customer."""

    action: str
    rows: pl.DataFrame


def tested(firm: Company) -> Iterator[Tested]:
    """Yield the arms of each programme with what came after its start and what was before."""
    purchases = firm.tables["purchases"].select("customer", "margin", "amount", day=_DAY)
    answers = firm.tables["answers"].select("customer", "satisfaction", day=pl.col("answered_at").dt.date())
    for (action,), arms in firm.tables["actions"].group_by(["action"], maintain_order=True):
        start = arms["started_at"][0]
        after = purchases.filter(pl.col("day") >= start).group_by("customer")
        past = purchases.filter(pl.col("day") < start, pl.col("day") >= start - dt.timedelta(182))
        said = answers.filter(pl.col("day") >= start).group_by("customer").agg(pl.col("satisfaction").mean())
        bought = after.agg(pl.col("margin").sum(), bought=(pl.col("amount") > 0).any().cast(pl.Float64))
        rows = (
            arms.select("customer", "arm")
            .join(bought, on="customer", how="left")
            .join(past.group_by("customer").agg(before=pl.col("margin").sum()), on="customer", how="left")
            .join(said, on="customer", how="left")
            .with_columns(pl.col("margin", "bought", "before").fill_null(0.0))
        )
        yield Tested(str(action), rows)


@recovered
def experiments(firm: Company, truth: Truth) -> Iterator[Found]:
    for one in tested(firm):
        planted = truth.actions[one.action]
        money = experiment(one.rows, arm="arm", outcome="margin", before="before").only
        yield found(f"experiment, margin: {one.action}", money.effect, planted.margin)
        bought = experiment(one.rows, arm="arm", outcome="bought").only
        yield found(f"experiment, bought after: {one.action}", bought.difference, planted.bought_after)
        score = experiment(
            one.rows, arm="arm", outcome="satisfaction", missing="leave_out", unit="number"
        ).only
        yield found(f"experiment, satisfaction: {one.action}", score.difference, planted.satisfaction)


def called_proved(firm: Company, action: str) -> dict[str, bool]:
    """Return by whom an action is called proved: the experiment, check 3, the ledger."""
    rows = next(one.rows for one in tested(firm) if one.action == action)
    days = collect(daily_money(firm.tables["purchases"]))
    effects = programme_effects(
        firm.tables["actions"],
        days,
        int(days["day"].max()),
        column="margin",  # type: ignore[arg-type]
    )
    ledger = programme_ledger(firm.tables["actions"], effects, basis="margin")
    return {
        "experiment": experiment(rows, arm="arm", outcome="margin", before="before").proved,
        "check 3": next(one.proved for one in effects if one.action == action),
        "ledger": ledger[action].is_proved,
    }


@cache
def _market(plan: Plan) -> pl.DataFrame:
    return brands_table(plan, TRUTH_CUSTOMERS, Streams(_LARGE_SEED))


@cache
def _wallets(plan: Plan) -> tuple[dict[str, float], float]:
    """Return the shares of wallet by rank, and how much ranks tell within a person, in a large market."""
    large = wallet(_market(plan))
    assert large is not None
    shares = {one.brand: one.share.estimate for one in large.shares}
    return shares, wallet_validity(_market(plan).filter(pl.col("respondent") < "R20000")).estimate


@recovered
def rivals(firm: Company, truth: Truth) -> Iterator[Found]:
    names = RIVALS[firm.plan.names]
    now = np.asarray(BRAND_SHARES) @ np.asarray(SWITCHING)
    growth = dict(zip(names, (now - np.asarray(BRAND_SHARES)).tolist(), strict=True))
    for one in newcomers(firm.tables["brands"]):
        yield found(f"growth of {one.rival}", one.growth, growth[one.rival])
    shares, valid = _wallets(firm.plan)
    wallets = wallet(firm.tables["brands"])
    assert wallets is not None
    for share in wallets.shares:
        yield found(f"wallet of {share.brand}", share.share, shares[share.brand])
    yield found("wallets told by ranks", wallet_validity(firm.tables["brands"]), valid)


@recovered
def ways_to_loyalty(firm: Company, truth: Truth) -> Iterator[Found]:
    mix = loyalty_ways(firm.tables["answers"]).overall
    for way, share in mix.shares.items():
        yield found(f"way to loyalty: {way}", share, truth.ways[way])


@recovered
def kinds_of_wishes(firm: Company, truth: Truth) -> Iterator[Found]:
    survey = kano_survey(firm.tables["kano"])
    for key, (attractive, one_dimensional, must_be, _) in KANO_SHARES.items():
        wish = survey[WISHES[key][firm.plan.names]]
        yield found(f"better: {wish.wish}", wish.better, attractive + one_dimensional)
        yield found(f"worse: {wish.wish}", wish.worse, one_dimensional + must_be)
        yield found(f"matters: {wish.wish}", wish.reach, attractive + one_dimensional + must_be)


def right_categories(firm: Company) -> dict[str, bool]:
    """Return of each wish whether it is called what it is, or undecided between that and another."""
    survey = kano_survey(firm.tables["kano"])
    told = {}
    for key, shares in KANO_SHARES.items():
        wish = survey[WISHES[key][firm.plan.names]]
        told[wish.wish] = _KANO[int(np.argmax(shares))] in wish.candidates
    return told


@cache
def _prices(plan: Plan) -> dict[str, float]:
    large = price_sensitivity(prices_table(plan, 10 * TRUTH_CUSTOMERS, Streams(_LARGE_SEED)))
    return {name: getattr(large, name).estimate for name in _POINTS}


@recovered
def prices(firm: Company, truth: Truth) -> Iterator[Found]:
    told = price_sensitivity(firm.tables["prices"])
    for name, planted in _prices(firm.plan).items():
        yield found(f"price: {name}", getattr(told, name), planted)


@cache
def _returning(plan: Plan) -> dict[str, float]:
    """Return by reason the share of cases that came again within 90 days, in a large company."""
    cases = cases_table(populate(plan, TRUTH_CUSTOMERS, _LARGE_SEED)).sort("customer", "reason", "opened_at")
    rows = cases.select("customer", "reason", day=pl.col("opened_at").to_physical()).rows()
    last, counts = max(row[2] for row in rows), {row[1]: [0, 0] for row in rows}
    for this, following in pairwise([*rows, ("", "", 0)]):
        if this[2] <= last - 90:
            counts[this[1]][0] += this[:2] == following[:2] and following[2] - this[2] <= 90
            counts[this[1]][1] += 1
    return {reason: came / of for reason, (came, of) in counts.items()}


@recovered
def symptoms(firm: Company, truth: Truth) -> Iterator[Found]:
    meter = symptom_meter(firm.tables["cases"], actions=firm.tables["actions"])
    for one in meter.reasons:
        yield found(f"returned: {one.reason}", one.returned, _returning(firm.plan)[one.reason])


def worst_symptom(firm: Company) -> str | None:
    worst = symptom_meter(firm.tables["cases"], actions=firm.tables["actions"]).worst
    return None if worst is None else worst.reason


def all_of_value(firm: Company, truth: Truth) -> list[Found]:
    return [one for quantity in RECOVERED.values() for one in quantity(firm, truth)]


def flags_of_satisfied_leavers(firm: Company) -> float:
    """Return the area under the curve of "listed as leaving" for satisfied customers who left in truth."""
    days = collect(daily_money(firm.tables["purchases"])).select("customer", "day", "amount")
    given = LeavingEvidence(money_days=days, scored=scored_answers(firm.tables["answers"]))
    last = int(days["day"].max())  # type: ignore[arg-type]
    signs = leaving_signs(given, last)
    people = (
        signs.filter("satisfied")
        .select("customer")
        .with_columns(yearly_money=pl.lit(1.0), weight=pl.lit(1.0), cell=pl.lit(0))
    )
    listed = satisfied_leaving(people, signs, signs_in_the_past(given, last)).customers
    both = people.join(firm.hidden.select("customer", "left"), on="customer").with_columns(
        flag=pl.col("customer").is_in(listed["customer"].implode())
    )
    right, wrong = (float(both.filter(pl.col("left") == gone)["flag"].mean()) for gone in (True, False))  # type: ignore[arg-type]
    return (1 + right - wrong) / 2


def verdicts_on_numbers(firm: Company) -> dict[str, str | None]:
    """Return which number surely foretells an outcome better than the NPS groups, by outcome."""
    return {one.outcome: one.winner for one in which_number(firm.tables["answers"], firm.tables["purchases"])}
