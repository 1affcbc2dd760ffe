"""Contacts with customers and surveys sent to them, as a company's logs have them."""

from __future__ import annotations

import numpy as np
import polars as pl

from leal.simulate.plan import Plan
from leal.simulate.population import Population
from leal.simulate.records import customer_ids, moments
from leal.simulate.streams import Streams
from leal.simulate.words import CASE_REASONS, CONTACT_CHANNELS, SURVEY_NAMES

KINDS = ("marketing", "service", "review_reply", "other")
KIND_SHARES = (0.45, 0.40, 0.05, 0.10)

CONTACT_GROWTH = 0.6
"""The share of a year's contacts up to a part x of it is x to the power of 1 + this: they grow in number."""

UNSUBSCRIBES = (0.01, 0.05)
"""Probability to unsubscribe after marketing without a contact in the days before; what each one adds."""

LOAD_DAYS = 90
OPENED = 0.35
"""Share of the invitations without an answer that are opened."""

MOST_DELAY = 2.0
"""Days within which an invitation is answered, where it is."""


def contacts_table(population: Population) -> pl.DataFrame:
    """Return a row a contact of the last year, oldest first; as many as `contacts` of the customer says."""
    plan, people = population.plan, population.people
    streams = Streams(population.seed)
    who = np.repeat(np.arange(people.n), people.contacts)
    span = np.minimum(plan.days - people.joined, 365.0)[who]
    day = plan.days - span * (1 - streams("contact day").random(len(who)) ** (1 / (1 + CONTACT_GROWTH)))
    day = np.minimum(day, plan.days - 0.001)
    kind = streams.choice("contact kind", len(who), KIND_SHARES)
    channel = streams.choice("contact channel", len(who), (0.4, 0.3, 0.2, 0.1))
    reason = streams.choice("contact reason", len(who), (0.38, 0.20, 0.16, 0.14, 0.12))
    least, each = UNSUBSCRIBES
    leaves = streams("contact unsubscribes").random(len(who)) < least + each * contacts_before(who, day)
    kinds, service = np.asarray(KINDS)[kind], kind == KINDS.index("service")
    channels = np.asarray(CONTACT_CHANNELS[plan.names])
    reasons = np.asarray([*CASE_REASONS[plan.names], None], dtype=object)
    numbers = np.arange(len(who)) - np.repeat(np.cumsum(people.contacts) - people.contacts, people.contacts)
    return pl.DataFrame(
        {
            "contact": _numbered("T", who, numbers + 1),
            "customer": customer_ids(who),
            "contacted_at": moments(plan, day, streams("contact hour").random(len(who))),
            "kind": pl.Series(kinds.tolist(), dtype=pl.String),
            "channel": pl.Series(channels[channel].tolist(), dtype=pl.String),
            "reason": pl.Series(reasons[np.where(service, reason, -1)].tolist(), dtype=pl.String),
            "unsubscribed": leaves & (kind == KINDS.index("marketing")),
        }
    ).sort("contacted_at", "contact")


def invitations_table(population: Population) -> pl.DataFrame:
    """Return a row a survey sent, oldest first: to the panel of all dealings, to others of a purchase."""
    plan, people, asked = population.plan, population.people, population.asked
    streams = Streams(population.seed)
    delay, opens, hour = (
        _of_invitations(streams, name, asked.month, asked.who, people.n)
        for name in ("invitation delay", "invitation opened", "invitation hour")
    )
    first = np.maximum(people.joined[asked.who], float(plan.day_number(plan.survey_start)))
    sent = np.maximum(asked.day - MOST_DELAY * delay, first)
    panel = people.panel[asked.who]
    return pl.DataFrame(
        {
            "invitation": _numbered("I", asked.who, asked.month),
            "customer": customer_ids(asked.who),
            "invited_at": _earlier(plan, sent, asked.day, hour),
            "survey": pl.Series(
                np.asarray(SURVEY_NAMES[plan.names])[(~panel).astype(int)].tolist(), dtype=pl.String
            ),
            "kind": pl.Series(
                np.where(panel, "relationship_survey", "event_survey").tolist(), dtype=pl.String
            ),
            "channel": pl.Series(np.where(opens < 0.8, "email", "sms").tolist(), dtype=pl.String),
            "opened": asked.responds | (opens < OPENED),
            "answered": asked.responds,
        }
    ).sort("invited_at", "invitation")


def contacts_before(who: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return for each contact how many of the same customer lie in the `LOAD_DAYS` before it."""
    span = 1e5
    keys = who * span + day
    ordered = np.sort(keys)
    return np.asarray(np.searchsorted(ordered, keys) - np.searchsorted(ordered, keys - LOAD_DAYS))


def _earlier(plan: Plan, sent: np.ndarray, answered: np.ndarray, hour: np.ndarray) -> pl.Series:
    """Return when invitations were sent: at eight o'clock where it was the day of the answer."""
    same = np.floor(sent) == np.floor(answered)
    return moments(plan, sent, np.where(same, 0.0, hour))


def _of_invitations(streams: Streams, name: str, month: np.ndarray, who: np.ndarray, n: int) -> np.ndarray:
    """Draw one number an invitation, the same for a customer and month in any company."""
    drawn = np.empty(len(who))
    for number in np.unique(month):
        rows = month == number
        drawn[rows] = streams(name, int(number)).random(n)[who[rows]]
    return drawn


def _numbered(letter: str, who: np.ndarray, numbers: np.ndarray) -> pl.Series:
    of_customer = pl.Series(numbers).cast(pl.String).str.zfill(2)
    return letter + customer_ids(who) + "-" + of_customer
