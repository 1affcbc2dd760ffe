"""Who speaks to whom: the customers, their groups and the market that a model of word of mouth is put to."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from leal.act.talk_model import Voices
from leal.act.talk_presets import ASSUMPTIONS, Talk
from leal.act.uncertain import Floats, JointDraws, Uncertain, middle_of
from leal.errors import BadValue, Where
from leal.measure import NpsResult
from leal.wording import Text

Shares = NpsResult | tuple[float, float, float]
"""Promoters, passives, detractors: an NPS result (with its sampling uncertainty), or three shares."""

_PRIOR = 0.5
LEAST_NEEDED = 1e-3
_CLOSE = 1e-6

GROUPS = ("promoter", "passive", "detractor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The customers and the market; the same for all presets.

    Attributes
    ----------
    shares : tuple of float
        Promoters, passives, detractors.
    answers : float or None
        Independent answers behind the shares; None where they are taken as certain.
    nps_limits : tuple of float or None
        Limits of the NPS in points.
    customers : Uncertain
        How many there are.
    prospects : Uncertain or None
        People in the market who are no customers.
    retention : tuple of Uncertain or None
        Of promoters, passives, detractors.
    value_of_new : Uncertain or None
        Margin that a new customer brings in all.
    """

    shares: tuple[float, float, float]
    answers: float | None
    nps_limits: tuple[float, float] | None
    customers: Uncertain
    prospects: Uncertain | None = None
    retention: tuple[Uncertain, Uncertain, Uncertain] | None = None
    value_of_new: Uncertain | None = None

    @property
    def nps(self) -> float:
        """The score in points."""
        return 100 * (self.shares[0] - self.shares[2])

    def at(self, nps: float) -> Base:
        """Return the same with another NPS (points), the passives being kept and the shares certain."""
        rest = 1 - self.shares[1]
        promoters = min(max((rest + nps / 100) / 2, 0.0), rest)
        return replace(self, shares=(promoters, self.shares[1], rest - promoters), answers=None)

    def drawn_shares(self, joint: JointDraws) -> tuple[Floats, Floats, Floats]:
        """Return draws of the three shares: the Dirichlet distribution that the answers leave (Jeffreys)."""
        if self.answers is None:
            first, second, third = (np.full(joint.draws, share) for share in self.shares)
            return first, second, third
        counts = np.array(self.shares) * self.answers + _PRIOR
        drawn = joint.random("shares of promoters, passives, detractors").dirichlet(counts, joint.draws)
        return drawn[:, 0], drawn[:, 1], drawn[:, 2]


def shares_of(shares: Shares) -> tuple[tuple[float, float, float], float | None, tuple[float, float] | None]:
    """Return shares, independent answers behind them and limits of the NPS; the last two None if certain."""
    if isinstance(shares, NpsResult):
        if not shares.known:
            raise BadValue(
                Text("The NPS is not known, so nobody is known to speak."),
                hint=Text("Give an NPS with answers, or the shares of promoters, passives, detractors."),
                where=Where(column="shares"),
            )
        found = (shares.promoter_share, shares.passive_share, shares.detractor_share)
        return found, shares.n_effective, (shares.ci_low, shares.ci_high)
    told = tuple(float(share) for share in shares)
    sound = all(0 <= share <= 1 for share in told)  # no number is neither
    if len(told) != 3 or not sound or abs(math.fsum(told) - 1) > _CLOSE:
        raise BadValue(
            Text("The shares {shares} are not those of three groups.", shares=str(told)),
            hint=Text("Give promoters, passives, detractors as fractions that add up to 1, as (.5, .3, .2)."),
            where=Where(column="shares"),
        )
    return (told[0], told[1], told[2]), None, None


def middle_voices(base: Base, talk: Talk) -> Voices:
    """Return who speaks how much at the middle of each assumption; not-a-number where nothing is assumed."""
    assumed = {name: middle_of(talk.factor(name)) for name in ASSUMPTIONS}
    promoters, passives, detractors = (np.array([share]) for share in base.shares)
    return Voices(
        promoters=promoters,
        passives=passives,
        detractors=detractors,
        customers=middle_of(base.customers),
        **assumed,
    )


def drawn_voices(base: Base, talk: Talk, joint: JointDraws) -> Voices:
    """Return who speaks how much in each draw."""
    assumed = {name: joint.known(talk.factor(name), f"{talk.name}|{name}") for name in ASSUMPTIONS}
    assumed["weight"] = np.maximum(assumed["weight"], 0)
    assumed["needed"] = np.maximum(assumed["needed"], LEAST_NEEDED)
    promoters, passives, detractors = base.drawn_shares(joint)
    return Voices(
        promoters=promoters,
        passives=passives,
        detractors=detractors,
        customers=np.maximum(joint.of(base.customers, "customers"), 0),
        **assumed,
    )


def middle_retention(base: Base) -> tuple[Floats, Floats, Floats] | None:
    """Return the three retention rates at their middles."""
    if base.retention is None:
        return None
    first, second, third = (middle_of(rate) for rate in base.retention)
    return first, second, third


def drawn_retention(base: Base, joint: JointDraws) -> tuple[Floats, Floats, Floats] | None:
    """Return draws of the three retention rates, each between 0 and 1."""
    if base.retention is None:
        return None
    first, second, third = (
        np.clip(joint.of(rate, f"retention of a {group}"), 0, 1)
        for rate, group in zip(base.retention, GROUPS, strict=True)
    )
    return first, second, third
