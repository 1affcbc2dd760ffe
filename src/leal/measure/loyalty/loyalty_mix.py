"""What the loyalty of a group rests on, as a result: shares, levels, who leads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from leal.measure.loyalty.loyalty_questions import WAYS, Way
from leal.results import Estimate, Note, Proportion, Result, with_limits
from leal.wording import Count, Decimal, Formatted, Percent, Text

if TYPE_CHECKING:
    from leal.charts import Chart, Style

FEWEST_ANSWERS = 30

_LEVELS = ("level", "level_low", "level_high", "n")
_NUMBERS = ("share", "ci_low", "ci_high", "leading", "level", "n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Level(Estimate):
    """A mean of answers, from 0 to 100."""

    def figure(self, value: float) -> Formatted:
        """Return the mean as it is written, with one decimal."""
        return Decimal(value, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyaltyMix(Result):
    """What the loyalty of a group rests on.

    Attributes
    ----------
    group : str or None
        The group, None for all.
    n : float
        Respondents, each customer once (the effective number where weighted).
    shares : dict of Proportion
        Part of each way in the loyalty of a respondent, on average: they add up to 1. Parts, not sums: a
        group with more of all three has the same mix.
    leading : dict of Proportion
        Share of respondents whom a way leads by a step of ten or more; the rest are mixed.
    levels : dict of Level
        Mean of each way, 0 to 100.
    parts : dict of Level
        The emotional way by its parts, 0 to 100: service, professional staff, prompt feedback.
    notes : tuple of Note
        Doubts.
    """

    group: str | None
    n: float
    shares: Mapping[Way, Proportion]
    leading: Mapping[Way, Proportion]
    levels: Mapping[Way, Level]
    parts: Mapping[str, Level]
    notes: tuple[Note, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there were enough answers."""
        return self.shares["emotional"].known

    def sentence(self) -> Text:
        """Return the mix in one sentence."""
        if not self.known:
            return Text(
                "unknown: needs {needed} respondents to the nine questions (n = {n})",
                needed=FEWEST_ANSWERS,
                n=Count(self.n),
            )
        return Text(
            "Loyalty rests to {unique} on a unique offer, to {economic} on economic ties, to {emotional} on"
            " an emotional bond (n = {n}).",
            unique=Percent(self.shares["uniqueness"].estimate),
            economic=Percent(self.shares["economic"].estimate),
            emotional=Percent(self.shares["emotional"].estimate),
            n=Count(self.n),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeTrust:
    """How customers served by one employee rate the staff's professionalism, 0 to 100."""

    employee: str
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyaltyWays(Result):
    """The mix of all and of each group.

    Attributes
    ----------
    overall : LoyaltyMix
        Of all respondents.
    groups : tuple of LoyaltyMix
        Of each group, the largest first; empty without `by`.
    employees : tuple of EmployeeTrust
        By employee where the answers name them, the best first; employees with few answers are hidden.
    notes : tuple of Note
        Answers left out, and doubts.
    """

    overall: LoyaltyMix
    groups: tuple[LoyaltyMix, ...]
    employees: tuple[EmployeeTrust, ...]
    notes: tuple[Note, ...] = ()

    def __iter__(self) -> Iterator[LoyaltyMix]:
        yield self.overall
        yield from self.groups

    def sentence(self) -> Text:
        """Return the mix of all in one sentence."""
        return self.overall.sentence()

    def to_frame(self) -> pl.DataFrame:
        """Return one row a group and way: share and its ends, share of respondents led, level."""
        return pl.DataFrame(
            [
                {
                    "group": mix.group,
                    "way": way,
                    "share": mix.shares[way].estimate,
                    "ci_low": mix.shares[way].ci_low,
                    "ci_high": mix.shares[way].ci_high,
                    "leading": mix.leading[way].estimate,
                    "level": mix.levels[way].estimate,
                    "n": mix.n,
                }
                for mix in self
                if mix.known
                for way in WAYS
            ],
            schema={"group": pl.String, "way": pl.String} | dict.fromkeys(_NUMBERS, pl.Float64),
        )

    def parts_to_frame(self) -> pl.DataFrame:
        """Return one row a group and part of the emotional bond: level from 0 to 100 with its ends, n."""
        return pl.DataFrame(
            [
                {"group": mix.group, "part": part} | with_limits("level", level) | {"n": mix.n}
                for mix in self
                if mix.known
                for part, level in mix.parts.items()
            ],
            schema={"group": pl.String, "part": pl.String} | dict.fromkeys(_LEVELS, pl.Float64),
        )

    def employees_to_frame(self) -> pl.DataFrame:
        """Return one row an employee: trust in the staff's work from 0 to 100 with its ends, n."""
        return pl.DataFrame(
            [
                {"employee": one.employee} | with_limits("level", one.level) | {"n": one.level.n}
                for one in self.employees
            ],
            schema={"employee": pl.String} | dict.fromkeys(_LEVELS, pl.Float64),
        )

    def chart(self, style: Style | None = None) -> Chart:
        """Draw what the loyalty of all and of each group rests on, one bar a group."""
        from leal.charts import Style, way_mix

        return way_mix(self.to_frame(), style or Style())
