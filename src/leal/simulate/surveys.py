"""Surveys: who is asked, who answers, and what they say when they do."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from leal.simulate.latent import CORRELATIONS, Arrays
from leal.simulate.people import People, latents_at
from leal.simulate.plan import HALO, ITEM_SPREAD, ITEMS, RECOMMEND, SCORE_SHARES, Plan
from leal.simulate.shopping import Shopping
from leal.simulate.streams import Streams

_NORMAL = NormalDist()
SCORE_EDGES = np.array([_NORMAL.inv_cdf(float(share)) for share in np.cumsum(SCORE_SHARES)[:-1]])
"""Borders between the scores 0 to 10 on the standard normal scale of the willingness to recommend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """All invitations as arrays, in the order of months, with what each customer would say if they answered.

    Attributes
    ----------
    who, month : array of int
        The customer and the month (position among all months).
    day : array of float
        Day on which it is (or would be) answered.
    chance : array of float
        Probability that they answer.
    responds : array of bool
        Whether they answered; the other columns hold what the silent would have said.
    cell : array of int
        What is known of everyone and makes people answer: segment x complaint x bought lately.
    recommend, satisfaction, effort : array of int
        The scores.
    items : dict of arrays
        The 1 to 10 items.
    latents : dict of arrays
        The latents at that moment.
    programme : array of int
        The programme that the noticing question was about, -1 before there was one.
    exposed, says_noticed : array of bool
        Whether they were exposed to it, and whether they say that they noticed it.
    """

    who: np.ndarray
    month: np.ndarray
    day: np.ndarray
    chance: np.ndarray
    responds: np.ndarray
    cell: np.ndarray
    recommend: np.ndarray
    satisfaction: np.ndarray
    effort: np.ndarray
    items: dict[str, np.ndarray]
    latents: Arrays
    programme: np.ndarray
    exposed: np.ndarray
    says_noticed: np.ndarray

    @property
    def weight(self) -> np.ndarray:
        """Post-stratification weights of all asked: asked over answered in the cell, mean 1 of answers."""
        cells = int(self.cell.max(initial=0)) + 1
        asked = np.bincount(self.cell, minlength=cells)
        answered = np.bincount(self.cell[self.responds], minlength=cells)
        ratio = np.divide(asked, answered, out=np.ones(cells), where=answered > 0)
        mean = ratio[self.cell[self.responds]].mean() if self.responds.any() else 1.0
        weights: np.ndarray = ratio[self.cell] / mean
        return weights


def ask(plan: Plan, people: People, shopping: Shopping, streams: Streams) -> Asked:
    """Invite customers month by month, let them answer or stay silent, and note what all would say."""
    who, month, day = _invitations(plan, people, streams)
    cell, chance = _responses(plan, people, shopping, who, day)
    latents = latents_at(people, who, month, _shifts(plan, people, who, day))
    draw = _Draws(streams, people.n, who, month)
    halo = draw.normal("halo")
    programme, exposed, says = _noticing(plan, people, draw, who, day)
    second = day >= plan.day_number(plan.version_date)
    return Asked(
        who=who,
        month=month,
        day=day,
        chance=chance,
        responds=draw.share("responds") < chance,
        cell=cell,
        recommend=scores(latents, halo, draw.normal("recommend")),
        satisfaction=_rounded(
            8.0
            + np.where(second, plan.version_shift, 0.0)
            + 1.7 * (0.84 * latents["satisfaction"] + 0.2 * halo + 0.5 * draw.normal("satisfaction")),
            10,
        ),
        effort=_rounded(
            5.3 + 1.25 * (0.5 * latents["service"] + 0.4 * latents["speed"] + 0.7 * draw.normal("effort")), 7
        ),
        items=_items(latents, halo, draw),
        latents=latents,
        programme=programme,
        exposed=exposed,
        says_noticed=says,
    )


def scores(latents: Arrays, halo: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Return the likelihood to recommend, 0 to 10, that latents, the halo of the answer and noise make."""
    loyal, satisfied = RECOMMEND["loyalty"], RECOMMEND["satisfaction"]
    together = CORRELATIONS["loyalty", "satisfaction"]
    explained = loyal**2 + satisfied**2 + 2 * loyal * satisfied * together
    left = np.sqrt(1 - explained - HALO**2)
    willing = loyal * latents["loyalty"] + satisfied * latents["satisfaction"] + HALO * halo + left * noise
    return np.asarray(np.searchsorted(SCORE_EDGES, willing))


class _Draws:
    """One number an invitation, the same for a customer and month whatever else is asked."""

    def __init__(self, streams: Streams, n: int, who: np.ndarray, month: np.ndarray) -> None:
        self._streams, self._n, self._who = streams, n, who
        self._months = [(int(number), month == number) for number in np.unique(month)]

    def normal(self, name: str) -> np.ndarray:
        return self._fill(name, normal=True)

    def share(self, name: str) -> np.ndarray:
        return self._fill(name, normal=False)

    def _fill(self, name: str, *, normal: bool) -> np.ndarray:
        drawn = np.empty(len(self._who))
        for number, rows in self._months:
            stream = self._streams("ask " + name, number)
            values = stream.standard_normal(self._n) if normal else stream.random(self._n)
            drawn[rows] = values[self._who[rows]]
        return drawn


def _invitations(plan: Plan, people: People, streams: Streams) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ask a random part of all customers each month, and the panel every few months, the lapsed included."""
    rows: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for number in range(plan.months):
        month = plan.history + number
        begins = plan.day_number(plan.month_starts[month])
        length = plan.day_number(plan.month_starts[month + 1]) - begins
        here = people.joined < begins
        ordinary = streams("invited", month).random(people.n) < plan.invited_monthly
        invited = here & np.where(people.panel, number % plan.panel_every == 0, ordinary)
        day = begins + streams("asked day", month).random(people.n) * (length - 0.01)
        who = np.flatnonzero(invited)
        rows.append((who, np.full(len(who), month), day[who]))
    who, month_of, days = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    return who, month_of, days


def _responses(
    plan: Plan,
    people: People,
    shopping: Shopping,
    who: np.ndarray,
    day: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return cells and chances: who bought lately and never complained answers more often, the satisfied."""
    recent = _bought_within(shopping, who, day, 60.0)
    complained = people.cases[who] > 0
    segment = people.segment[who]
    leaning = (
        plan.response_base
        + plan.response_recent * recent
        + plan.response_cases * complained
        + np.asarray(plan.response_segment)[segment]
    )
    return segment * 4 + complained * 2 + recent, 1 / (1 + np.exp(-leaning))


def _bought_within(shopping: Shopping, who: np.ndarray, day: np.ndarray, days: float) -> np.ndarray:
    """Tell for each customer and day whether they bought in the `days` before."""
    span = 1e5
    keys = shopping.who * span + shopping.day
    before = np.searchsorted(keys, who * span + day)
    after = np.searchsorted(keys, who * span + day - days)
    within: np.ndarray = before > after
    return within


def _shifts(plan: Plan, people: People, who: np.ndarray, day: np.ndarray) -> Arrays:
    """Return what the fall of mood and the noticed programmes add to service and to satisfaction."""
    fallen = (people.segment[who] == plan.fall_segment) & (day >= plan.day_number(plan.fall_date))
    shifts = {name: np.where(fallen, depth, 0.0) for name, depth in plan.fall}
    satisfied = shifts.get("satisfaction", np.zeros(len(who)))
    for programme, exposure in zip(plan.programmes, people.exposures, strict=True):
        touched = exposure.noticed[who] & (day >= exposure.started)
        satisfied = satisfied + np.where(touched, programme.satisfaction, 0.0)
    return shifts | {"satisfaction": satisfied}


def _noticing(
    plan: Plan, people: People, draw: _Draws, who: np.ndarray, day: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ask each about one programme that had started and that they took part in; some say yes to anything."""
    count = len(plan.programmes)
    nobody = np.zeros(len(who), dtype=bool)
    if not count:
        return np.full(len(who), -1), nobody, nobody
    running = np.zeros((len(who), count), dtype=bool)
    for number, exposure in enumerate(people.exposures):
        running[:, number] = (day >= exposure.started) & exposure.eligible[who]
    total = running.sum(axis=1)
    place = np.floor(draw.share("programme") * total).astype(int)
    reached = np.cumsum(running, axis=1) > place[:, None]
    programme = np.where(total > 0, reached.argmax(axis=1), -1)
    exposed = np.zeros(len(who), dtype=bool)
    noticed = np.zeros(len(who), dtype=bool)
    for number, exposure in enumerate(people.exposures):
        about = programme == number
        exposed[about] = exposure.exposed[who[about]]
        noticed[about] = exposure.noticed[who[about]]
    says = noticed | ((programme >= 0) & (draw.share("says yes") < plan.yes_saying))
    return programme, exposed, says


def _items(latents: Arrays, halo: np.ndarray, draw: _Draws) -> dict[str, np.ndarray]:
    made = {}
    for name, (loadings, mean) in ITEMS.items():
        explained = sum(weight**2 for weight in loadings.values()) + HALO**2
        common = sum(weight * latents[source] for source, weight in loadings.items()) + HALO * halo
        own = np.sqrt(max(1 - explained, 0.05)) * draw.normal("item " + name)
        made[name] = _rounded(mean + ITEM_SPREAD * (common + own), 10)
    return made


def _rounded(values: np.ndarray, highest: int) -> np.ndarray:
    return np.asarray(np.clip(np.rint(values), 1, highest), dtype=np.int64)
