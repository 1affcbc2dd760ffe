"""Newcomer alarm: rivals whose users grow by more than chance, before they are large."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from leal.engine import FrameLike, column_names, lazy, require_column
from leal.measure.programmes.noticing_counts import flag, read_columns
from leal.measure.rivals.switching_flows import net_share, present_and_previous, present_brands
from leal.results import Estimate
from leal.statistics import holm, two_proportions
from leal.wording import Percent, Text

SMALL = 0.10
"""Share of users then below which a growing rival counts as a newcomer."""

FEWEST_RESPONDENTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """How the users of one rival changed.

    Attributes
    ----------
    rival : str
        The rival.
    before, now : float
        Its share of users then and now.
    growth : Estimate
        Now minus before.
    p_value : float
        Of "no growth", one-sided, corrected for all rivals looked at (Holm).
    alarm : bool
        Whether it was small (below 10 % of users) and surely grows.
    """

    rival: str
    before: float
    now: float
    growth: Estimate
    p_value: float
    alarm: bool

    def sentence(self) -> Text:
        """Return the change in one sentence."""
        return Text(
            "{rival}: {before} of users then, {now} now ({low} to {high})",
            rival=self.rival,
            before=Percent(self.before, 1),
            now=Percent(self.now, 1),
            low=Percent(self.growth.ci_low, 1, signed=True),
            high=Percent(self.growth.ci_high, 1, signed=True),
        )


def newcomers(brands: FrameLike, *, level: float = 0.95) -> tuple[Newcomer, ...]:
    """Tell which rivals grow, the surest first, and which of them were small: the newcomers.

    Parameters
    ----------
    brands : dataframe or path
        The table `brands` with ``respondent``, ``rank`` and ``own``, and either ``wave`` (the first wave is
        held against the last) or ``previous_brand`` (the same respondents then and now).
    level : float
        Level of the intervals; an alarm is raised at p < 1 - level.

    Returns
    -------
    tuple of Newcomer
        One a rival; empty below 100 respondents (in each of the two waves), or without what tells of then.

    Notes
    -----
    A respondent uses the brand ranked first. Between waves the difference of two shares, within respondents
    the mean of now minus before. A small rival that doubles in a year is seen years before its share hurts.
    """
    frame = lazy(brands)
    for column in ("brand", "respondent", "own"):
        require_column(frame, column, table="brands")
    names = column_names(frame)
    asked = ("brand", "respondent", "own", "rank", "spend", "previous_brand", "wave")
    found = read_columns(frame, asked, "brands")
    ours = set(found.filter(flag(found, "own"))["brand"].drop_nulls().cast(pl.String))
    if "wave" in names and found["wave"].drop_nulls().n_unique() > 1:
        changes = _between_waves(found, level)
    elif "previous_brand" in names:
        changes = _within(present_and_previous(found), level)
    else:
        changes = []
    return _told([change for change in changes if change[0] not in ours], level)


_Change = tuple[str, float, float, Estimate, float]


def _between_waves(found: pl.DataFrame, level: float) -> list[_Change]:
    waves = sorted(found["wave"].drop_nulls().cast(pl.String).unique().to_list())
    parts = [_users(found.filter(pl.col("wave").cast(pl.String) == wave)) for wave in (waves[0], waves[-1])]
    n_then, n_now = (sum(part.values()) for part in parts)
    if min(n_then, n_now) < FEWEST_RESPONDENTS:
        return []
    changes: list[_Change] = []
    for rival in sorted(set(parts[0]) | set(parts[1])):
        then, now = (part.get(rival, 0) for part in parts)
        compared = two_proportions(now, n_now, then, n_then, level)
        changes.append(
            (rival, then / n_then, now / n_now, compared, _one_sided(compared.estimate, compared.p_value))
        )
    return changes


def _users(found: pl.DataFrame) -> dict[str, int]:
    """Return how many respondents use each brand: the one ranked first, or the only one."""
    return dict(present_brands(found).group_by("uses").agg(pl.len()).iter_rows())


def _within(moves: pl.DataFrame, level: float) -> list[_Change]:
    n = moves.height
    if n < FEWEST_RESPONDENTS:
        return []
    changes: list[_Change] = []
    for rival in sorted(set(moves["before"]) | set(moves["now"])):
        now, before = (moves[name] == rival for name in ("now", "before"))
        signs = (now.cast(pl.Float64) - before.cast(pl.Float64)).to_numpy()
        growth = net_share(signs, level)
        came, went = int((signs > 0).sum()), int((signs < 0).sum())
        changes.append((rival, float(before.mean()), float(now.mean()), growth, _sign_test(came, went)))
    return changes


def _one_sided(difference: float, p_value: float) -> float:
    if not math.isfinite(p_value):
        return 1.0
    return p_value / 2 if difference > 0 else 1 - p_value / 2


def _sign_test(came: int, went: int) -> float:
    """Return the probability of so many or more comers among the movers, were both directions alike."""
    from scipy.stats import binom

    return float(binom.sf(came - 1, came + went, 0.5)) if came else 1.0


def _told(changes: Sequence[_Change], level: float) -> tuple[Newcomer, ...]:
    if not changes:
        return ()
    adjusted = holm([change[4] for change in changes])
    found = [
        Newcomer(
            rival=rival,
            before=before,
            now=now,
            growth=growth,
            p_value=float(p_value),
            alarm=before < SMALL and growth.estimate > 0 and float(p_value) < 1 - level,
        )
        for (rival, before, now, growth, _), p_value in zip(changes, adjusted, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (one.p_value, -one.growth.estimate, one.rival)))
