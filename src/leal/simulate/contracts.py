"""Contracts of business customers: a year each, renewed by those who stay and run out by those who leave."""

from __future__ import annotations

import numpy as np

from leal.simulate.plan import Plan
from leal.simulate.population import Population
from leal.simulate.streams import Streams

TERM = 365
STILL_RUNS = (10.0, 120.0)
"""Days, least and most, that the contract of one who leaves runs on after the last purchase."""


def contract_days(population: Population) -> tuple[np.ndarray, np.ndarray]:
    """Return the days on which each customer's last contract began and ends; infinite for consumers.

    Who stays renews a year after a year from the first purchase on. Who leaves buys nothing more some days
    before the contract ends, so that among the satisfied a contract that ends soon is a sign of leaving.
    """
    plan: Plan = population.plan
    people, shopping = population.people, population.shopping
    years = np.floor((plan.days - 1 - people.joined) / TERM)
    renewed = people.joined + TERM * years
    least, most = STILL_RUNS
    luck = Streams(population.seed)("contract runs").random(people.n)
    run_out = shopping.last_day + least + (most - least) * luck
    ends = np.where(shopping.dropped, run_out, renewed + TERM)
    began = np.where(shopping.dropped, np.maximum(people.joined, run_out - TERM), renewed)
    business = people.account >= 0
    return np.where(business, began, np.inf), np.where(business, ends, np.inf)
