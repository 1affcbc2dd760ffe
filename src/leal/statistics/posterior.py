"""What the answers leave us to believe about an NPS: the Dirichlet posterior, without simulation."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from leal.statistics.counts import NpsCounts
from leal.statistics.numbers import UNKNOWN, Floats, checked_level, floats, legendre

JEFFREYS = 0.5
_NODES = 128
_HALVINGS = 40
_POINTS = 4181  # neighbours of the Fibonacci sequence fill a square most evenly
_STEP = 2584


@dataclass(frozen=True, slots=True)
class NpsPosterior:
    """Belief about an NPS after the answers: shares are Dirichlet with these parameters.

    With t = D + M the share of those who are not passive and u the part of promoters among them, t and u are
    independent betas and NPS = t (2 u - 1). So its distribution is one integral, done by Gauss-Legendre nodes
    over the quantiles of t: no simulation, no seed.

    Attributes
    ----------
    detractors, passives, promoters : float
        Parameters: counts plus the prior.
    """

    detractors: float
    passives: float
    promoters: float

    @property
    def mean(self) -> float:
        """Mean of the NPS on the scale -1..1."""
        return (self.promoters - self.detractors) / self._total

    @property
    def standard_deviation(self) -> float:
        """Standard deviation of the NPS on the scale -1..1."""
        outspoken = (self.promoters + self.detractors) / self._total
        return math.sqrt(max(outspoken - self.mean**2, 0.0) / (self._total + 1))

    def probability_above(self, value: float) -> float:
        """Return how likely the NPS is to be above `value` (-1..1)."""
        return 1.0 - float(self._below(np.array([value]), self._outspoken())[0])

    def limits(self, level: float = 0.95) -> tuple[float, float]:
        """Return the equal-tailed interval of `level`."""
        tail = (1 - checked_level(level)) / 2
        wanted, outspoken = np.array([tail, 1 - tail]), self._outspoken()
        low, high = np.full(2, -1.0), np.full(2, 1.0)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            too_low = self._below(middle, outspoken) < wanted
            low, high = np.where(too_low, middle, low), np.where(too_low, high, middle)
        return float(low[0]), float(high[1])

    def points(self) -> Floats:
        """Return sorted, equally likely values of the NPS: a lattice over the quantiles of t and u."""
        from scipy.special import betaincinv

        likely = (np.arange(_POINTS) + 0.5) / _POINTS
        outspoken = betaincinv(self.detractors + self.promoters, self.passives, likely)
        for_us = betaincinv(self.promoters, self.detractors, likely)
        against_us = betaincinv(self.detractors, self.promoters, likely)[::-1]
        order = np.arange(_POINTS) * _STEP % _POINTS
        return np.sort(outspoken * (for_us - against_us)[order])

    @property
    def _total(self) -> float:
        return self.detractors + self.passives + self.promoters

    def _outspoken(self) -> Floats:
        """Return the quantiles of t at the nodes of the integral."""
        from scipy.special import betaincinv

        nodes = (legendre(_NODES)[0] + 1) / 2
        return floats(betaincinv(self.detractors + self.promoters, self.passives, nodes))

    def _below(self, values: Floats, outspoken: Floats) -> Floats:
        """Return the distribution function at `values`."""
        from scipy.special import betainc

        promoters = np.clip((1 + values[:, None] / outspoken) / 2, 0.0, 1.0)
        share = betainc(self.promoters, self.detractors, promoters)
        return floats(share @ legendre(_NODES)[1] / 2)


def nps_posterior(counts: NpsCounts, prior: float = JEFFREYS) -> NpsPosterior:
    """Return what the answers leave us to believe about the NPS.

    Parameters
    ----------
    counts : NpsCounts
        The answers; none at all leave the prior.
    prior : float
        Added to each count: .5 is the prior of Jeffreys, 1/3 a weaker one. A uniform prior (1) pulls small
        samples near the ceiling far towards zero: do not use it.

    Examples
    --------
    >>> belief = nps_posterior(NpsCounts(15, 35, 50))
    >>> round(belief.mean, 5), round(belief.standard_deviation, 3)
    (0.34483, 0.072)
    """
    return NpsPosterior(counts.detractors + prior, counts.passives + prior, counts.promoters + prior)


def probability_higher(a: NpsCounts, b: NpsCounts, prior: float = JEFFREYS) -> float:
    """Tell how likely the NPS behind `a` is to be higher than the NPS behind `b`.

    Parameters
    ----------
    a, b : NpsCounts
        Two independent groups of answers.
    prior : float
        Added to each count, .5 by default (Jeffreys).

    Returns
    -------
    float
        Probability from 0 to 1; not-a-number where a group has no answers.

    Notes
    -----
    P(A > B) under independent Dirichlet posteriors. It is not a p value: .9675 reads "97 chances in 100 that
    A is ahead". Do not use it for the same people asked twice: `nps_paired` does that.
    """
    if not a.n or not b.n:
        return UNKNOWN
    ours, theirs = nps_posterior(a, prior).points(), nps_posterior(b, prior).points()
    below = np.searchsorted(theirs, ours, side="left")
    ties = np.searchsorted(theirs, ours, side="right") - below
    return float(np.mean(below + ties / 2) / theirs.size)
