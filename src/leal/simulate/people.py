"""The customers: who they are, what they are like for good, and how their mood moves from month to month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from leal.simulate.latent import SPREADS, Arrays, fixed_part, moving_part, propagate
from leal.simulate.plan import (
    EXPOSED,
    LATENTS,
    NEED_SHARES,
    SEGMENT_SHARES,
    STATE_MEMORY,
    STATE_SHARE,
    UNIT_SERVICE,
    UNIT_SHARES,
    Plan,
)
from leal.simulate.streams import Streams


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Who took part in a programme: arms, exposure, true noticing (arrays over customers), first day."""

    started: float
    eligible: np.ndarray
    treated: np.ndarray
    exposed: np.ndarray
    noticed: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """All customers as arrays in one order; the tables are made from them.

    Attributes
    ----------
    n : int
        Number of customers.
    segment, need, unit : array of int
        Positions in the lists of `leal.simulate.plan`.
    account : array of int
        Number of the company that the customer belongs to, -1 for consumers.
    joined, stopped : array of float
        Day (since the origin) of the first purchase, and day of leaving for reasons that have nothing to do
        with the company (infinite for nearly all).
    traits : dict of arrays
        The latents without their moving part.
    moods : dict of arrays (customers x months)
        The moving parts of the disturbances of service, satisfaction and loyalty.
    contacts, cases : array of int
        Contacts and complaints in the last year.
    panel : array of bool
        Members of the panel, who are asked every few months.
    exposures : tuple of Exposure
        One a programme, in the order of the plan.
    """

    n: int
    segment: np.ndarray
    need: np.ndarray
    unit: np.ndarray
    account: np.ndarray
    joined: np.ndarray
    stopped: np.ndarray
    traits: Arrays
    moods: Arrays
    contacts: np.ndarray
    cases: np.ndarray
    panel: np.ndarray
    exposures: tuple[Exposure, ...]


def gather_people(
    plan: Plan, n: int, streams: Streams, forced: Mapping[int, bool] = MappingProxyType({})
) -> People:
    """Draw `n` customers of the planned company; `forced` treats all or nobody in a programme."""
    segment = streams.choice("segment", n, SEGMENT_SHARES)
    unit = streams.choice("unit", n, UNIT_SHARES)
    business = streams("business").random(n) < plan.business
    account = np.where(business, (np.cumsum(business) - 1) // 3, -1)
    traits = _traits(n, unit, account, streams)
    joined = streams("joined").random(n) * (plan.days - 30)
    contacts, cases = _attention(traits, streams)
    return People(
        n=n,
        segment=segment,
        need=streams.choice("need", n, NEED_SHARES),
        unit=unit,
        account=account,
        joined=joined,
        stopped=_stops(plan, n, streams),
        traits=traits,
        moods=_moods(plan, n, streams),
        contacts=contacts,
        cases=cases,
        panel=streams("panel").random(n) < plan.panel_share,
        exposures=_exposures(plan, joined, traits, streams, forced),
    )


def latents_at(people: People, who: np.ndarray, month: np.ndarray, shifts: Arrays) -> Arrays:
    """Return the latents of customers in months; `shifts` add to disturbances (a fall, an action)."""
    moving = {name: moods[who, month] for name, moods in people.moods.items()}
    for name, shift in shifts.items():
        moving[name] = moving.get(name, 0.0) + shift
    changes = propagate(moving)
    return {name: people.traits[name][who] + changes[name] for name in ("speed", *LATENTS)}


def loyalty_moods(people: People) -> np.ndarray:
    """Return how far loyalty is from the customer's own level, customers x months, in standard deviations."""
    return propagate(people.moods)["loyalty"]


def _traits(n: int, unit: np.ndarray, account: np.ndarray, streams: Streams) -> Arrays:
    disturbances = {name: fixed_part(name) * streams("trait " + name).standard_normal(n) for name in LATENTS}
    disturbances["speed"] = streams("trait speed").standard_normal(n)
    disturbances["service"] = disturbances["service"] + np.asarray(UNIT_SERVICE)[unit]
    # the people of one client company share a part of its image; alone they would be independent answers
    shared = streams("account image").standard_normal(n)[np.maximum(account, 0)]
    own = disturbances["image"]
    disturbances["image"] = np.where(
        account >= 0, np.sqrt(0.6) * own + np.sqrt(0.4) * SPREADS["image"] * shared, own
    )
    return propagate(disturbances)


def _moods(plan: Plan, n: int, streams: Streams) -> Arrays:
    months = plan.history + plan.months
    moods: Arrays = {}
    for name in STATE_SHARE:
        moving = np.empty((n, months))
        moving[:, 0] = streams("mood " + name, 0).standard_normal(n)
        for month in range(1, months):
            fresh = streams("mood " + name, month).standard_normal(n)
            moving[:, month] = STATE_MEMORY * moving[:, month - 1] + np.sqrt(1 - STATE_MEMORY**2) * fresh
        moods[name] = moving_part(name) * moving
    return moods


def _stops(plan: Plan, n: int, streams: Streams) -> np.ndarray:
    """Let some move away or lose the need within the last nine months, whatever they think of the company."""
    stops = streams("stops").random(n) < plan.stopped_for_other_reasons
    day = plan.days - 75 - streams("stop day").random(n) * 200
    return np.where(stops, day, np.inf)


def _noise_makers(traits: Arrays) -> tuple[np.ndarray, np.ndarray]:
    """Return how angry and how fond each customer is, 0 to 1; those between are neither."""
    liking = 0.7 * traits["loyalty"] + 0.4 * traits["satisfaction"]
    angry, fond = (1 / (1 + np.exp(np.clip(x / 0.15, -50, 50))) for x in (liking + 0.75, 0.45 - liking))
    return angry, fond


def _attention(traits: Arrays, streams: Streams) -> tuple[np.ndarray, np.ndarray]:
    """Give complaints to the dissatisfied, contacts to the loud and the loyal and few to those between."""
    angry, fond = _noise_makers(traits)
    contacts = streams("contacts").poisson(0.1 + 5.0 * angry + 3.0 * fond)
    cases = streams("cases").poisson(np.exp(-1.35 - 0.75 * traits["satisfaction"]))
    return contacts, cases


def _exposures(
    plan: Plan, joined: np.ndarray, traits: Arrays, streams: Streams, forced: Mapping[int, bool]
) -> tuple[Exposure, ...]:
    """Draw arms by lot among those who are offered a programme: the loud, the loyal, few of those between."""
    n = len(joined)
    offered = 0.15 + 0.8 * np.minimum(sum(_noise_makers(traits)), 1.0)
    made = []
    for number, programme in enumerate(plan.programmes):
        started = float(plan.day_number(plan.month_at(programme.started)))
        eligible = (joined < started - 60) & (streams("offered", number).random(n) < offered)
        chosen = streams("arm", number).random(n) < 0.5
        treated = eligible & (np.full(n, forced[number]) if number in forced else chosen)
        exposed = treated & (streams("exposed", number).random(n) < EXPOSED)
        noticed = exposed & (streams("noticed", number).random(n) < programme.noticed)
        made.append(
            Exposure(started=started, eligible=eligible, treated=treated, exposed=exposed, noticed=noticed)
        )
    return tuple(made)
