"""Forecasts of actions by the spine, each held to the money that came; made from what the files tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl
from tests.simulate.recovery import Found

import leal
from leal.act import Action
from leal.measure import noticing
from leal.predict import Hazard, alive_retention, followed_periods, purchase_base
from leal.prove import direct_effect, experiment
from leal.results import Estimate, Money
from leal.simulate import Company, Truth
from leal.simulate.population import Population
from leal.simulate.records import actions_table, purchases_table
from leal.statistics import mean_interval

KNOWN_BEFORE = 60
"""Days before the start in which all whom a programme is for were customers: what they bring now."""

QUARTER = 91
"""Days of a short pilot."""

OTHER_WAYS = {"Personal manager": True, "Bonus points": True, "Sales calls": True, "New packaging": False}
"""What the register says of each: managers and calls sell, points lower the price, a package does neither."""

_DAY = pl.col("bought_at").dt.date()


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme as the company's files know it."""

    action: str
    arms: pl.DataFrame
    purchases: pl.DataFrame
    start: dt.date
    end: dt.date

    @property
    def treated(self) -> pl.DataFrame:
        return self.arms.filter(pl.col("arm") == "treated").select("customer")

    @property
    def years(self) -> float:
        return (self.end - self.start).days / 365

    def margin(self) -> Estimate:
        """Return what one of those it is for brings a year, at the rate of the days before the start."""
        first = self.start - dt.timedelta(KNOWN_BEFORE)
        before = self.purchases.filter(first <= _DAY, self.start > _DAY)
        heads = self.arms.select("customer").join(
            before.group_by("customer").agg(pl.col("margin").sum()), on="customer", how="left"
        )
        money = heads["margin"].fill_null(0.0) * (365 / KNOWN_BEFORE)
        mean, spread = float(money.mean()), float(money.std())  # type: ignore[arg-type]
        limits = mean_interval(mean, spread, money.len())
        return Estimate(
            estimate=mean, ci_low=limits.low, ci_high=limits.high, n=money.len(), method=limits.method
        )

    def outcome(self, days: int) -> tuple[Money, Estimate]:
        """Return money a head that it brought within some days, and that of those held out."""
        last = self.start + dt.timedelta(days)
        half_year = self.start - dt.timedelta(182)
        rows = self.arms.select("customer", "arm")
        for name, first, until in (("margin", self.start, last), ("before", half_year, self.start)):
            sums = self.purchases.filter(first <= _DAY, until > _DAY).group_by("customer")
            rows = rows.join(sums.agg(pl.col("margin").sum().alias(name)), on="customer", how="left")
        found = experiment(rows.fill_null(0.0), arm="arm", outcome="margin", before="before")
        effect = found.only.effect
        control = next(one for one in found.arms if one.arm == "control")
        money = Money(
            estimate=effect.estimate,
            ci_low=effect.ci_low,
            ci_high=effect.ci_high,
            n=effect.n,
            method=effect.method,
            grade="A",
        )
        return money, control.mean


def programmes(firm: Company | Population) -> Iterator[Programme]:
    """Yield the programmes of a company, or of a region of which only purchases and arms are looked at."""
    region = isinstance(firm, Population)
    actions = actions_table(firm) if region else firm.tables["actions"]
    purchases = purchases_table(firm) if region else firm.tables["purchases"]
    for (name,), arms in actions.group_by(["action"], maintain_order=True):
        start: Any = arms["started_at"][0]
        yield Programme(str(name), arms, purchases, start, firm.plan.end)


def entries(firm: Company) -> dict[str, tuple[Programme, Action]]:
    """Return each programme with its entry of the register, as survey and books fill it."""
    tables = firm.tables
    seen = {one.action: one for one in noticing(tables["actions"], tables["answers"], score="satisfaction")}
    link = Hazard().fit(followed_periods(tables["answers"], tables["purchases"], score="satisfaction"))
    own = list(programmes(firm))
    before = min(one.start for one in own) - dt.timedelta(1)
    retention = alive_retention(purchase_base(tables["purchases"], until=before))
    assert retention is not None
    found = {}
    for one in own:
        survey = seen[one.action]
        # where noticing cannot be told from none, the effect is that on all who were reached
        known = survey.on_noticers is not None and survey.on_noticers.known
        found[one.action] = (
            one,
            Action(
                name=one.action,
                customers=one.treated.height,
                exposed=float(one.arms.filter(pl.col("arm") == "treated")["exposed"].mean()),  # type: ignore[arg-type]
                noticed=survey.extra if known else 1.0,
                satisfaction=survey.on_noticers if known else survey.moved,
                retention_link=link.retention_effect(),
                margin=one.margin(),
                retention=retention.retention,
                other_ways=OTHER_WAYS[one.action],
                cost=0.0,
            ),
        )
    return found


def forecasts_of_actions(firm: Company, pilot: Population, truth: Truth) -> Iterator[Found]:
    """Yield what the spine foretells of each programme: before any outcome, and after a pilot elsewhere."""
    tried = {one.action: one for one in programmes(pilot)}
    for name, (one, action) in entries(firm).items():
        came = truth.actions[name].margin * one.treated.height
        yield _held(f"before any outcome: {name}", action, one.years, came)
        for words, days in (
            ("a pilot as long", (one.end - one.start).days),
            ("a pilot of a quarter", QUARTER),
        ):
            money, control = tried[name].outcome(days)
            learnt = direct_effect(action, money, years=days / 365, without=control, customers=1)
            yield _held(f"after {words}: {name}", learnt.on(action), one.years, came)


def _held(name: str, action: Action, years: float, came: float) -> Found:
    gain = leal.action_value(action, years=years, draws=4_000).gain
    return Found(name, gain.estimate, gain.ci_low, gain.ci_high, came)
