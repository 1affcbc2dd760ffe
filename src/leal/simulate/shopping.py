"""Purchases: a gamma process of visits with a beta-geometric-like way out, and what is paid at each visit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leal.simulate.people import People, loyalty_moods
from leal.simulate.plan import NEED_BASKET, NEED_RATE, Plan
from leal.simulate.streams import Streams

MOST_PURCHASES = 1500
"""No customer is followed further; at the planned rates none comes near."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shopping:
    """All purchases as arrays, sorted by customer and day (refunds apart), and who left after which.

    Attributes
    ----------
    who, ordinal : array of int
        The customer, and the number of the purchase for that customer, from 0.
    day : array of float
        Day and time of day since the origin.
    amount, margin, discount : array of float
        Money paid after the discount, margin earned, discount given.
    refunded : array of float
        Share of the amount that was given back, 0 for nearly all.
    refund_day : array of float
        When it was given back.
    last_day : array of float (customers)
        Day of the last purchase.
    dropped : array of bool (customers)
        Whether the customer left for good after the last purchase, of discontent or for another reason.
    """

    who: np.ndarray
    ordinal: np.ndarray
    day: np.ndarray
    amount: np.ndarray
    margin: np.ndarray
    discount: np.ndarray
    refunded: np.ndarray
    refund_day: np.ndarray
    last_day: np.ndarray
    dropped: np.ndarray


def shop(plan: Plan, people: People, streams: Streams) -> Shopping:
    """Let all customers buy until they leave or the data end."""
    who, ordinal, day, dropped, last_day = _visits(plan, people, streams)
    order = np.lexsort((ordinal, who))
    who, ordinal, day = who[order], ordinal[order], day[order]
    amount, margin, discount = _payments(plan, people, streams, who, ordinal)
    refunded, refund_day = _refunds(plan, streams, who, ordinal, day, people.n)
    return Shopping(
        who=who,
        ordinal=ordinal,
        day=day,
        amount=amount,
        margin=margin,
        discount=discount,
        refunded=refunded,
        refund_day=refund_day,
        last_day=last_day,
        dropped=dropped,
    )


def buying_rates(plan: Plan, people: People, streams: Streams) -> np.ndarray:
    """Return each customer's own purchases a day, before mood, season and actions."""
    own = streams("rate").standard_gamma(plan.rate_shape, people.n) / plan.rate_shape
    loyal = np.exp(plan.rate_trait * people.traits["loyalty"])
    return np.asarray(plan.weekly_rate / 7 * own * loyal * np.asarray(NEED_RATE)[people.need])


def leaving_probabilities(plan: Plan, people: People, streams: Streams) -> np.ndarray:
    """Return each customer's own probability of leaving after a purchase: a beta share bent by loyalty."""
    own = streams("leaving").beta(1.5, 60.0, people.n) / (1.5 / 61.5)
    return np.minimum(plan.dropout * own * np.exp(plan.dropout_trait * people.traits["loyalty"]), 0.9)


def _clock(plan: Plan, people: People) -> tuple[np.ndarray, np.ndarray]:
    """Return month borders in days, and customers' busy time at them: days stretched by haste."""
    borders = np.array([plan.day_number(start) for start in plan.month_starts], dtype=float)
    inside = np.clip(borders[1:] - np.maximum(borders[:-1], people.joined[:, None]), 0.0, None)
    calendar = np.array([start.month for start in plan.month_starts[:-1]])
    season = 1 + plan.season * np.cos(2 * np.pi * (calendar - 12) / 12)
    speed = season * np.exp(plan.rate_state * loyalty_moods(people))
    for programme, exposure in zip(plan.programmes, people.exposures, strict=True):
        if programme.rate != 1:
            after = borders[:-1] >= exposure.started
            speed = np.where(exposure.noticed[:, None] & after, speed * programme.rate, speed)
    busy = np.zeros((people.n, len(borders)))
    np.cumsum(inside * speed, axis=1, out=busy[:, 1:])
    return borders, busy


def _day_at(busy_time: np.ndarray, busy: np.ndarray, borders: np.ndarray, joined: np.ndarray) -> np.ndarray:
    """Return the calendar day at which a customer's busy time is reached."""
    month = np.clip((busy <= busy_time[:, None]).sum(axis=1) - 1, 0, len(borders) - 2)
    rows = np.arange(len(month))
    begins = np.maximum(borders[month], joined)
    length = busy[rows, month + 1] - busy[rows, month]
    share = np.divide(busy_time - busy[rows, month], length, out=np.zeros_like(busy_time), where=length > 0)
    return np.asarray(begins + share * (borders[month + 1] - begins))


def _visits(
    plan: Plan, people: People, streams: Streams
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    borders, busy = _clock(plan, people)
    rates = buying_rates(plan, people, streams)
    leaving = leaving_probabilities(plan, people, streams)
    active = np.arange(people.n)
    clock = np.zeros(people.n)
    dropped = np.zeros(people.n, dtype=bool)
    last_day = people.joined.copy()
    rows: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for ordinal in range(MOST_PURCHASES):
        if ordinal:
            gaps = streams("gap", ordinal).standard_exponential(people.n)[active]
            clock[active] += gaps / rates[active]
            active = active[clock[active] < busy[active, -1]]
        day = _day_at(clock[active], busy[active], borders, people.joined[active])
        gone = day > people.stopped[active]
        dropped[active[gone]] = True
        active, day = active[~gone], day[~gone]
        if not len(active):
            break
        rows.append((active, np.full(len(active), ordinal), day))
        last_day[active] = day
        chance = leaving[active] * _annoyance(plan, people, active, day)
        leaves = streams("leaves", ordinal).random(people.n)[active] < chance
        dropped[active[leaves]] = True
        active = active[~leaves]
    who, ordinals, days = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    return who, ordinals, days, dropped, last_day


def _annoyance(plan: Plan, people: People, who: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return what the programmes that a customer noticed multiply the probability of leaving by."""
    factor = np.ones(len(who))
    for programme, exposure in zip(plan.programmes, people.exposures, strict=True):
        touched = exposure.noticed[who] & (day >= exposure.started)
        factor = np.where(touched, factor * programme.dropout, factor)
    return factor


def by_purchase(
    streams: Streams, name: str, who: np.ndarray, ordinal: np.ndarray, n: int, kind: str
) -> np.ndarray:
    """Draw one number a purchase, the same for a purchase whatever else is drawn."""
    drawn = np.empty(len(who))
    order = np.argsort(ordinal, kind="stable")
    edges = np.searchsorted(ordinal[order], np.arange(int(ordinal.max(initial=-1)) + 2))
    for number in range(len(edges) - 1):
        rows = order[edges[number] : edges[number + 1]]
        stream = streams(name, number)
        values = stream.standard_normal(n) if kind == "normal" else stream.random(n)
        drawn[rows] = values[who[rows]]
    return drawn


def _payments(
    plan: Plan, people: People, streams: Streams, who: np.ndarray, ordinal: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    own = plan.basket_customers * streams("own basket").standard_normal(people.n)
    usual = plan.basket * np.asarray(NEED_BASKET)[people.need] * np.exp(own)
    noise = by_purchase(streams, "basket", who, ordinal, people.n, "normal")
    price = usual[who] * np.exp(plan.basket_spread * noise)
    hunting = np.where(people.need[who] == 0, 2.0, 0.7)
    promoted = by_purchase(streams, "promotion", who, ordinal, people.n, "share") < plan.promotions * hunting
    discount = np.round(np.where(promoted, plan.promotion_discount * price, 0.0), 2)
    amount = np.round(price, 2) - discount
    cost = plan.goods_cost + 0.04 * by_purchase(streams, "goods", who, ordinal, people.n, "normal")
    return np.round(amount, 2), np.round(amount - cost * price, 2), discount


def _refunds(
    plan: Plan, streams: Streams, who: np.ndarray, ordinal: np.ndarray, day: np.ndarray, n: int
) -> tuple[np.ndarray, np.ndarray]:
    luck = by_purchase(streams, "refund", who, ordinal, n, "share")
    part = np.where(luck < plan.refunds / 2, 1.0, 0.5)
    later = day + 1 + 13 * by_purchase(streams, "refund day", who, ordinal, n, "share")
    given = (luck < plan.refunds) & (later < plan.days)
    return np.where(given, part, 0.0), later
