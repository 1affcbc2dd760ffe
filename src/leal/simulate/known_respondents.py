"""Who of the respondents of the brand study are customers, and when they were asked."""

from __future__ import annotations

import numpy as np
import polars as pl

from leal.simulate.population import Population
from leal.simulate.records import customer_ids, days
from leal.simulate.streams import Streams

LIKENESS = 0.8
"""How far the place that a customer gives us follows from their loyalty: 1 would be without noise."""

STUDY_DAYS = 365
"""Days before the end in which respondents were asked, one after another."""


def with_known_respondents(brands: pl.DataFrame, population: Population) -> pl.DataFrame:
    """Return the study with the customer behind each respondent who rated us, and the day of the answer.

    The more loyal a customer the better the place that we have with them; so those who put a rival first
    are likelier to leave.
    """
    plan, people = population.plan, population.people
    streams = Streams(population.seed)
    old = np.flatnonzero(people.joined < plan.days - STUDY_DAYS)
    own = brands.filter("own").select("respondent", "rank").sort("rank", "respondent")
    count = min(own.height, len(old))
    loyal = (
        people.traits["loyalty"][old] / people.traits["loyalty"].std() if len(old) > 1 else np.zeros(len(old))
    )
    noise = streams("respondent likeness").standard_normal(people.n)[old]
    asked = np.sort(streams("respondent").permutation(len(old))[:count])
    liking = (LIKENESS * loyal + np.sqrt(1 - LIKENESS**2) * noise)[asked]
    best_first = old[asked][np.argsort(-liking, kind="stable")]
    day = plan.days - STUDY_DAYS * streams("respondent day").random(own.height)
    known = own.with_columns(
        pl.Series("customer", [*customer_ids(best_first), *[None] * (own.height - count)], dtype=pl.String),
        days(plan, np.floor(day)).alias("answered_at"),
    ).select("respondent", "customer", "answered_at")
    return brands.join(known, on="respondent", how="left", maintain_order="left")
