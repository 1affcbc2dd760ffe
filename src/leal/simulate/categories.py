"""What customers buy: a few categories of their own, and before they leave hardly more than one."""

from __future__ import annotations

import numpy as np

from leal.simulate.people import People
from leal.simulate.shopping import Shopping, by_purchase
from leal.simulate.streams import Streams
from leal.simulate.words import CATEGORIES

FEWEST, MOST = 2, 5
"""How many categories a customer buys from, each equally likely."""

NARROWING_DAYS = 150
NARROWED = 0.8
"""Share of those who leave that buy from their first category only in the last `NARROWING_DAYS`."""


def bought_categories(people: People, shopping: Shopping, streams: Streams) -> np.ndarray:
    """Return the position of each purchase's category in `leal.simulate.words.CATEGORIES`."""
    count = len(CATEGORIES["en"])
    taste = np.argsort(streams("category taste").random((people.n, count)), axis=1)
    breadth = streams("category breadth").integers(FEWEST, MOST + 1, people.n)
    narrows = shopping.dropped & (streams("category narrows").random(people.n) < NARROWED)
    luck = by_purchase(streams, "category", shopping.who, shopping.ordinal, people.n, "share")
    chosen = np.floor(luck * breadth[shopping.who]).astype(int)
    late = shopping.day > shopping.last_day[shopping.who] - NARROWING_DAYS
    chosen = np.where(narrows[shopping.who] & late, 0, chosen)
    return np.asarray(taste[shopping.who, chosen])
