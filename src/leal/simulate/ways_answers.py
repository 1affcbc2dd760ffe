"""The nine questions on the three ways to loyalty, answered by the simulated company's customers."""

from __future__ import annotations

import numpy as np

from leal.simulate.population import Population
from leal.simulate.streams import Streams

BLOCK = {
    "unique1": ({"image": 0.50}, 5.6),
    "unique2": ({"image": 0.45, "product": 0.20}, 5.1),
    "unique3": ({"image": 0.35, "product": 0.30}, 5.8),
    "economic1": ({"price": 0.80}, 5.4),
    "economic2": ({"price": 0.25}, 4.9),
    "economic3": ({"price": 0.70, "satisfaction": -0.25}, 5.9),
    "emotional1": ({"service": 0.60, "satisfaction": 0.25}, 7.2),
    "emotional2": ({"service": 0.65, "image": 0.15}, 7.6),
    "emotional3": ({"speed": 0.55, "service": 0.25}, 6.6),
}
"""Loadings and means (1 to 10); `price` is 1.2 for those who come for the price and -.65 for the others."""

_SPREAD = 2.0
_PRICE, _OTHER = 1.2, -0.65


def loyalty_block(population: Population) -> dict[str, np.ndarray]:
    """Return the nine answers of everyone who was asked, whether or not they answered."""
    people, asked = population.people, population.asked
    streams = Streams(population.seed)
    price = np.where(people.need[asked.who] == 0, _PRICE, _OTHER)
    sources = {**asked.latents, "price": price}
    made = {}
    for name, (loadings, mean) in BLOCK.items():
        explained = sum(weight**2 for weight in loadings.values())
        common = sum(weight * sources[source] for source, weight in loadings.items())
        own = np.sqrt(1 - explained) * _luck(population, streams, name)
        made[name] = np.clip(np.rint(mean + _SPREAD * (common + own)), 1, 10).astype(np.int64)
    return made


def _luck(population: Population, streams: Streams, name: str) -> np.ndarray:
    """Draw a normal number an invitation, the same for a customer and month in any company."""
    people, asked = population.people, population.asked
    drawn = np.empty(len(asked.who))
    for month in np.unique(asked.month):
        rows = asked.month == month
        drawn[rows] = streams(f"block {name}", int(month)).standard_normal(people.n)[asked.who[rows]]
    return drawn
