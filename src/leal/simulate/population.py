"""A whole company in arrays: people, purchases, surveys, drawn from one plan and one seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from leal.simulate.people import People, gather_people
from leal.simulate.plan import Plan
from leal.simulate.shopping import Shopping, shop
from leal.simulate.streams import Streams
from leal.simulate.surveys import Asked, ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """People, what they bought and what they say or would say, as arrays."""

    plan: Plan
    seed: int
    people: People
    shopping: Shopping
    asked: Asked


def populate(
    plan: Plan, customers: int, seed: int, forced: Mapping[int, bool] = MappingProxyType({})
) -> Population:
    """Draw a company; `forced` gives a programme (by position) to all or to nobody."""
    streams = Streams(seed)
    people = gather_people(plan, customers, streams, forced)
    shopping = shop(plan, people, streams)
    return Population(
        plan=plan, seed=seed, people=people, shopping=shopping, asked=ask(plan, people, shopping, streams)
    )
