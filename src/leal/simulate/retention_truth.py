"""What a point of satisfaction truly does to retention: two worlds that differ in satisfaction only."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from leal.simulate.latent import total_effect
from leal.simulate.people import Exposure, People, gather_people
from leal.simulate.plan import Plan, Programme
from leal.simulate.shopping import Shopping, shop
from leal.simulate.streams import Streams
from leal.simulate.surveys import ask

HALF_A_POINT = 0.35
"""Standard deviations of satisfaction that move an answer (1 to 10) by half a point, edges apart."""


def through_satisfaction(plan: Plan, lift: float, **others: float | str) -> Programme:
    """Return a programme that acts by way of satisfaction only: whatever else it does follows from the paths.

    Parameters
    ----------
    plan : Plan
        Whose coefficients turn loyalty into purchases and leaving.
    lift : float
        What noticing adds to satisfaction for good, in standard deviations.
    **others
        Fields of `Programme`: key, path, started, noticed, cost.
    """
    loyalty = lift * total_effect("satisfaction", "loyalty")
    fields: dict[str, float | str] = {
        "key": "care",
        "path": "emotional",
        "started": 0.0,
        "noticed": 1.0,
        "cost": 0.0,
    }
    return Programme(
        **(fields | others),  # type: ignore[arg-type]
        rate=math.exp(plan.rate_trait * loyalty),
        dropout=math.exp(plan.dropout_trait * loyalty),
        satisfaction=lift,
    )


def retention_per_point(plan: Plan, customers: int, seed: int) -> float:
    """Return the change of yearly retention when everybody's satisfaction moves by a point of 1 to 10.

    Notes
    -----
    From the first day of the last twelve months on, everybody is half a point more content for good in one
    world and half a point less in the other; loyalty, the rate of purchases and leaving follow along the
    planted paths. All luck, and all that came before, is the same. The difference of the shares still there
    at the end, of those who were customers on that day, is divided by the difference of the mean answers.
    """
    streams = Streams(seed)
    people = gather_people(plan, customers, streams)
    (kept_up, said_up), (kept_down, said_down) = (
        _year(plan, people, way * HALF_A_POINT, streams) for way in (1, -1)
    )
    return (kept_up - kept_down) / (said_up - said_down) if said_up != said_down else 0.0


def _year(plan: Plan, people: People, lift: float, streams: Streams) -> tuple[float, float]:
    """Return retention over the last twelve months and the mean satisfaction in them, everybody lifted."""
    begins = float(plan.day_number(plan.month_starts[-13]))
    everybody = np.ones(people.n, dtype=bool)
    lifted = Exposure(
        started=begins, eligible=everybody, treated=everybody, exposed=everybody, noticed=everybody
    )
    world = replace(plan, programmes=(*plan.programmes, through_satisfaction(plan, lift)))
    moved = replace(people, exposures=(*people.exposures, lifted))
    shopping = shop(world, moved, streams)
    asked = ask(world, moved, shopping, streams)
    said = asked.satisfaction[asked.day >= begins]
    return kept_since(moved, shopping, begins), float(said.mean()) if len(said) else 0.0


def kept_since(people: People, shopping: Shopping, begins: float, who: np.ndarray | None = None) -> float:
    """Return the share still there at the end, of those (among `who`) who were customers on a day."""
    gone = shopping.dropped & (shopping.last_day < begins)
    there = (people.joined < begins) & ~gone
    there = there if who is None else there & who
    return float((~shopping.dropped[there]).mean()) if there.any() else 0.0
