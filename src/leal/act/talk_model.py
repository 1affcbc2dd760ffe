"""The formulas of word of mouth (M1, M2, M3, M5), for numbers and for arrays of draws alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leal.act.talk_presets import Reading
from leal.act.uncertain import Floats

_TAIL = 1e-13
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """Who speaks how much, as arrays of one length (draws), or of one (middles).

    Attributes
    ----------
    promoters, passives, detractors : array
        Shares of customers, adding up to one.
    customers : array
        How many there are.
    comments, passive_comments : array
        Positive comments a year of a promoter (a) and of a passive (a0).
    excess : array
        By how much more a detractor speaks.
    weight : array
        Positive comments that one negative outweighs (w).
    needed : array
        Net comments that win a customer (k).
    in_market : array
        Share of comments that reach people who may buy (q).
    """

    promoters: Floats
    passives: Floats
    detractors: Floats
    customers: Floats
    comments: Floats
    passive_comments: Floats
    excess: Floats
    weight: Floats
    needed: Floats
    in_market: Floats

    def negative(self, reading: Reading) -> Floats:
        """Return negative comments a year of a detractor: b."""
        return np.asarray(self.comments * negative_ratio(self.excess, reading))

    def net(self, reading: Reading) -> Floats:
        """Return net comments a year and customer: p a + s a0 - w d b."""
        good = self.promoters * self.comments + self.passives * self.passive_comments
        return np.asarray(good - self.weight * self.detractors * self.negative(reading))


def negative_ratio(excess: Floats, reading: Reading) -> Floats:
    """Return b/a, a detractor's comments for each of a promoter: A 1 + excess, B 1/(1 - excess)."""
    return np.asarray(1 + excess if reading == "A" else 1 / (1 - excess))


def promoters_per_detractor(voices: Voices, reading: Reading) -> Floats:
    """Return how many promoters make up for one detractor (M1): R* = w b/a."""
    return np.asarray(voices.weight * negative_ratio(voices.excess, reading))


def break_even_nps(voices: Voices, reading: Reading) -> Floats:
    """Return the NPS (points) at which good and bad talk balance (M1), the share of passives being kept.

    (1 - s)(R* - 1)/(R* + 1) where passives are silent.
    """
    bad = voices.weight * voices.negative(reading)
    rest = 1 - voices.passives
    quiet = (voices.comments + bad) <= 0
    promoters = np.divide(
        rest * bad - voices.passives * voices.passive_comments,
        voices.comments + bad,
        out=np.full(np.broadcast(rest, bad).shape, np.nan),
        where=~quiet,
    )
    return np.asarray(100 * (2 * promoters - rest))


def balance(voices: Voices, reading: Reading) -> Floats:
    """Return net comments a year of all customers (M1): N (p a + s a0 - w d b)."""
    return np.asarray(voices.customers * voices.net(reading))


def new_customers(voices: Voices, reading: Reading) -> Floats:
    """Return customers won (below zero: lost) a year (M2): q I/k."""
    return np.asarray(voices.in_market * balance(voices, reading) / voices.needed)


def buying_probability(positive: Floats, negative: Floats, needed: Floats, weight: Floats) -> Floats:
    """Return how likely a prospect buys who hears so many comments on average (M3).

    Parameters
    ----------
    positive, negative : array
        Mean positive and negative comments heard, Poisson.
    needed : array
        Net comments from which a prospect buys (k).
    weight : array
        Positive comments that one negative outweighs (w).

    Notes
    -----
    P(X - w Y >= k) = sum over y of Pois(y; l-) P(X >= ceil(k + w y)).

    Examples
    --------
    >>> one = np.array([1.0])
    >>> round(float(buying_probability(3 * one, .5 * one, 5 * one, 5 * one)[0]), 5)
    0.11238
    """
    from scipy.special import gammainc, gammaln
    from scipy.stats import poisson

    positive, negative, needed, weight = np.broadcast_arrays(positive, negative, needed, weight)
    total = np.zeros(positive.shape)
    last = int(poisson.isf(_TAIL, float(np.max(negative)))) + 1 if negative.size else 0
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(negative)
    for heard in range(last + 1):
        share = np.exp(heard * logs - negative - gammaln(heard + 1)) if heard else np.exp(-negative)
        least = np.ceil(needed + weight * heard - _ROUNDING)
        enough = np.where(least <= 0, 1.0, gammainc(np.maximum(least, 1), positive))
        total += np.where(negative > 0, share, float(heard == 0)) * enough
    return total


def growth(voices: Voices, reading: Reading, retention: tuple[Floats, Floats, Floats]) -> Floats:
    """Return customers next year for each of this year (M5): those kept, and those won or lost by talk.

    p r_p + s r_s + d r_d + q (p a + s a0 - w d b)/k, none left at worst; `retention` is of promoters,
    passives, detractors.
    """
    kept = voices.promoters * retention[0] + voices.passives * retention[1] + voices.detractors * retention[2]
    return np.maximum(0.0, kept + voices.in_market * voices.net(reading) / voices.needed)


def growth_break_even_nps(
    voices: Voices, reading: Reading, retention: tuple[Floats, Floats, Floats]
) -> Floats:
    """Return the NPS (points) at which the base neither grows nor shrinks (M5), passives being kept."""
    reach = voices.in_market / voices.needed
    promoter = retention[0] + reach * voices.comments
    passive = retention[1] + reach * voices.passive_comments
    detractor = retention[2] - reach * voices.weight * voices.negative(reading)
    rest = 1 - voices.passives
    detractors = (rest * promoter + voices.passives * passive - 1) / (promoter - detractor)
    return np.asarray(100 * (rest - 2 * detractors))
