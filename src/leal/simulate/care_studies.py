"""Cases and rules of the company, and its surveys on wishes and prices, with what is true of them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from leal.simulate.plan import Plan
from leal.simulate.population import Population
from leal.simulate.streams import Streams
from leal.simulate.studies import WISH_PLAN
from leal.simulate.words import CASE_REASONS, RULE_NAMES, WISHES

REASON_SHARES = (0.38, 0.20, 0.16, 0.14, 0.12)
"""Shares of the reasons of cases; the first, slow service, returns, for nobody works on its cause."""

RETURNS = (0.45, 0.10, 0.12, 0.08, 0.08)
"""Probability that a case of each reason comes again from the same customer, within `RETURN_DAYS`."""

RETURN_DAYS = 80

KANO_SHARES = {
    "evening": (0.22, 0.48, 0.18, 0.12),
    "pickup": (0.15, 0.30, 0.45, 0.10),
    "subscription": (0.30, 0.08, 0.04, 0.58),
    "dark": (0.08, 0.02, 0.01, 0.89),
    "advice": (0.36, 0.06, 0.04, 0.54),
    "repair": (0.42, 0.34, 0.12, 0.12),
}
"""Shares of those who find each wish attractive, one-dimensional, must-be, indifferent."""

_PAIRS = ((1, 3), (1, 5), (3, 5), (3, 3))
"""An answer of each of these categories: with the wish met, and without it."""

ASKED_SHARE = 10
_PRICE, _PRICE_SPREAD = 0.12, 0.25
_STEPS = (1.0, 1.35, 1.8, 2.3)

TALK_MET = {"praise": 4.0, "blame": 1.2}
"""Good and bad words about the brand that a person had met, on average."""

TALK_WEIGHT, TALK_NEED, TALK_PULL = 2.0, 2.0, 0.7
"""How many good words a bad one undoes; good words at which half buy; what one more does to the log odds."""


def cases_table(population: Population) -> pl.DataFrame:
    """Return a row a case of the last year, oldest first: customer, reason, when opened and closed, cost."""
    plan, people = population.plan, population.people
    streams = Streams(population.seed)
    who = np.repeat(np.arange(people.n), people.cases)
    reason = streams.choice("case reason", len(who), REASON_SHARES)
    span = np.maximum(plan.days - np.maximum(people.joined, plan.days - 365.0), 1.0)[who]
    opened = plan.days - span * streams("case day").random(len(who))
    comes = streams("case returns").random(len(who)) < np.asarray(RETURNS)[reason]
    again = opened + 3 + (RETURN_DAYS - 3) * streams("case again").random(len(who))
    kept = comes & (again < plan.days)
    who, reason = np.concatenate([who, who[kept]]), np.concatenate([reason, reason[kept]])
    opened = np.floor(np.concatenate([opened, again[kept]])).astype(int)
    took = streams("case took").integers(0, 12, len(who))
    names = np.asarray(CASE_REASONS[plan.names])
    table = pl.DataFrame(
        {
            "customer": pl.Series(who + 1).cast(pl.String).str.zfill(7),
            "opened_at": _dates(plan, opened),
            "reason": names[reason],
            "closed_at": _dates(plan, np.minimum(opened + took, plan.days - 1)),
            "cost": np.round(0.06 * plan.basket * (0.5 + streams("case cost").random(len(who))), 2),
        }
    ).sort("opened_at", "customer", "reason")
    numbers = pl.Series("case", np.arange(1, table.height + 1)).cast(pl.String).str.zfill(6)
    return table.select(("K" + numbers).alias("case"), *table.columns)


def rules_table(plan: Plan) -> pl.DataFrame:
    """Return a row a rule that staff must follow: they only grow in number."""
    names = RULE_NAMES[plan.names]
    begun = [plan.days - 30 - (plan.days - 60) * (1 - place / len(names)) ** 2 for place in range(len(names))]
    return pl.DataFrame(
        {
            "rule": list(names),
            "introduced_at": _dates(plan, np.floor(np.asarray(begun)).astype(int)),
            "retired_at": pl.Series([None] * len(names), dtype=pl.Date),
        }
    )


def kano_table(plan: Plan, customers: int, streams: Streams) -> pl.DataFrame:
    """Return a row a respondent and wish: how it would be to have it, and to lack it."""
    respondents = max(customers // ASKED_SHARE, 1)
    tables = []
    for wish in WISH_PLAN:
        category = streams.choice(f"kano {wish.key}", respondents, KANO_SHARES[wish.key])
        answers = np.asarray(_PAIRS)[category]
        tables.append(
            pl.DataFrame(
                {
                    "respondent": _respondents(respondents),
                    "wish": pl.repeat(WISHES[wish.key][plan.names], respondents, eager=True),
                    "functional": pl.Series(answers[:, 0]).cast(pl.String),
                    "dysfunctional": pl.Series(answers[:, 1]).cast(pl.String),
                }
            )
        )
    return pl.concat(tables)


def prices_table(plan: Plan, customers: int, streams: Streams) -> pl.DataFrame:
    """Return a row a respondent: the four prices of evening delivery; a few are out of order."""
    respondents = max(customers // ASKED_SHARE, 1)
    own = _PRICE * plan.basket * np.exp(_PRICE_SPREAD * streams("price level").standard_normal(respondents))
    noise = np.exp(0.08 * streams("price steps").standard_normal((respondents, 4)))
    prices = np.round(own[:, None] * np.asarray(_STEPS) * noise, 0 if plan.basket > 100 else 2)
    names = ("too_cheap", "cheap", "expensive", "too_expensive")
    columns = {name: prices[:, place] for place, name in enumerate(names)}
    return pl.DataFrame({"respondent": _respondents(respondents), **columns})


def talk_table(customers: int, streams: Streams) -> pl.DataFrame:
    """Return a row a person who had thought of buying: good and bad words met, and whether they bought."""
    respondents = max(customers // ASKED_SHARE, 1)
    heard = {name: streams(f"talk {name}").poisson(mean, respondents) for name, mean in TALK_MET.items()}
    pull = TALK_PULL * (heard["praise"] - TALK_WEIGHT * heard["blame"] - TALK_NEED)
    bought = streams("talk bought").random(respondents) < 1 / (1 + np.exp(-pull))
    return pl.DataFrame({"respondent": _respondents(respondents), "bought": bought, **heard})


def _respondents(count: int) -> pl.Series:
    return "S" + pl.Series(np.arange(1, count + 1)).cast(pl.String).str.zfill(5)


def _dates(plan: Plan, days: np.ndarray) -> pl.Series:
    return pl.Series([plan.origin + dt.timedelta(int(day)) for day in days], dtype=pl.Date)
