"""A company with one programme that works through satisfaction only, and the spine equation held to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl
from tests.simulate.recovery import Found, found

import leal
from leal.act import ActionValue
from leal.measure import ActionNoticing, noticing
from leal.predict import Hazard, RetentionEffect, alive_retention, followed_periods, purchase_base
from leal.results import Proportion
from leal.simulate import Company, Plan, company_of, truth_of
from leal.simulate.large_sample import EFFECT_CUSTOMERS
from leal.simulate.plan import EXPOSED
from leal.simulate.population import Population, populate
from leal.simulate.retention_truth import kept_since, through_satisfaction

LIFT, NOTICED, STARTED = 0.6, 0.6, 1 / 3
"""What noticing adds to satisfaction (standard deviations); it starts twelve months before the end."""

_LARGE_SEED = 20_251_231


def spine_plan() -> Plan:
    plan = Plan()
    lifts = through_satisfaction(plan, LIFT, started=STARTED, noticed=NOTICED, cost=0.0)
    return Plan(programmes=(lifts,))


def spine_company(customers: int, seed: int) -> Company:
    return company_of(spine_plan(), customers, seed)


@dataclass(frozen=True, slots=True)
class Factors:
    """What the spine multiplies, as a company would estimate it from its own tables."""

    noticing: ActionNoticing
    link: RetentionEffect
    retention: Proportion
    margin: float
    customers: int

    def value(self) -> ActionValue:
        return leal.action_value(
            leal.Action(
                name="lift",
                customers=self.customers,
                exposed=EXPOSED,
                noticed=self.noticing.extra,
                satisfaction=self.noticing.on_noticers,
                retention_link=self.link,
                margin=self.margin,
                retention=self.retention,
                cost=0.0,
            )
        )


def factors_of(firm: Company) -> Factors:
    tables = firm.tables
    purchases = tables["purchases"]
    (seen,) = noticing(tables["actions"], tables["answers"], score="satisfaction")
    # leaving is silence here: the register knows a third of those who left, and dates of a third mislead
    link = Hazard().fit(followed_periods(tables["answers"], purchases, score="satisfaction"))
    models = alive_retention(purchase_base(purchases))
    assert models is not None
    last = purchases.filter(pl.col("bought_at").dt.date() >= firm.plan.month_starts[-13])
    return Factors(
        noticing=seen,
        link=link.retention_effect(),
        retention=models.retention,
        margin=float(last["margin"].sum()) / last["customer"].n_unique(),
        customers=tables["actions"].filter(pl.col("arm") == "treated").height,
    )


@dataclass(frozen=True, slots=True)
class Planted:
    """The same quantities in truth; `gained` is the effect of being treated on yearly retention."""

    gained: float
    link: float
    retention: float
    margin: float

    def value(self, customers: int, discount: float) -> float:
        """Return the worth of the gain by the formula of the spine, all that goes into it planted."""
        before, after = self.retention, self.retention + self.gained
        rise = after / (1 + discount - after) - before / (1 + discount - before)
        return customers * self.margin * rise


def _kept(world: Population) -> float:
    exposure = world.people.exposures[0]
    return kept_since(world.people, world.shopping, exposure.started, exposure.eligible)


@cache
def planted() -> Planted:
    plan = spine_plan()
    treated, control = (populate(plan, EFFECT_CUSTOMERS, _LARGE_SEED, {0: given}) for given in (True, False))
    truth = truth_of(plan)
    shopping = populate(plan, EFFECT_CUSTOMERS, _LARGE_SEED).shopping
    late = shopping.day >= plan.day_number(plan.month_starts[-13])
    buyers = len(set(shopping.who[late].tolist()))
    return Planted(
        gained=_kept(treated) - _kept(control),
        link=truth.money.retention_per_point,
        retention=1 - truth.money.yearly_churn["all"],
        margin=float((shopping.margin * (1 - shopping.refunded))[late].sum()) / buyers,
    )


def spine_of(firm: Company) -> list[Found]:
    """Return the link and the value that the spine foretells beside what was planted."""
    factors, true = factors_of(firm), planted()
    rows = [found("retention of a point of satisfaction", factors.link, true.link)]
    worth = factors.value()
    if worth.known:
        planted_value = true.value(factors.customers, leal.Action(name="lift").discount)
        rows.append(found("value of the programme by the spine", worth, planted_value))
    return rows
