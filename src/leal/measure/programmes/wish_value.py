"""What each wish of customers is worth a year: reach, value, feasibility and cost with their uncertainty."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.engine import FrameLike, lazy, require_column
from leal.errors import BadValue, Where
from leal.measure.programmes.noticing_counts import read_columns
from leal.results import Estimate, Note, Proportion, checked_count
from leal.statistics import estimated_share, from_draws
from leal.wording import Listing, RoundAmount, Text, in_a_row

Floats = NDArray[np.float64]

Decision = Literal["do", "do_not", "not_sure", "unknown"]
DECISION_WORDS: dict[Decision, Text] = {
    "do": Text("pays"),
    "do_not": Text("does not pay"),
    "not_sure": Text("may or may not pay"),
    "unknown": Text("unknown"),
}

SURE = 0.9
"""Chance of paying above which a wish is to be done, and below whose complement it is not."""

ASSUMED_SPREAD = 0.5
"""Where nobody says between what ends the value lies, it is taken to lie within this part of itself."""

DRAWS = 20_000
_REACH = 1.959964  # standard errors from the middle of a 95 % interval to its ends

_COLUMNS = ("wish", "asked", "surveyed", "value", "value_low", "value_high", "cost", "feasibility")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One wish of customers.

    Attributes
    ----------
    name : str
        The wish.
    asked, surveyed : float
        How many asked for it, of how many who were asked what they wish.
    reach : Proportion
        Share of customers who want it.
    value : float or None
        Money a year per customer reached.
    cost : float or None
        Cost a year.
    feasibility : float
        Probability that it succeeds; 1 where nobody says.
    net : Estimate
        Customers x reach x value x feasibility - cost, a year; unknown where something is missing.
    chance : float or None
        Probability that `net` is above zero.
    decision : {"do", "do_not", "not_sure", "unknown"}
        By `chance`: 90 % and more, 10 % and less, between.
    missing : tuple of str
        Columns that are empty and needed.
    notes : tuple of Note
        What was assumed.
    """

    name: str
    asked: float
    surveyed: float
    reach: Proportion
    value: float | None
    cost: float | None
    feasibility: float
    net: Estimate
    chance: float | None
    decision: Decision
    missing: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    def sentence(self) -> Text:
        """Return in one sentence whether it pays."""
        if self.chance is None:
            return Text("{wish}: unknown, needs {missing}.", wish=self.name, missing=Listing.of(self.missing))
        return Text(
            "{wish}: {decision}, {net} a year ({low} to {high}).",
            wish=self.name,
            decision=DECISION_WORDS[self.decision],
            net=RoundAmount(self.net.estimate),
            low=RoundAmount(self.net.ci_low),
            high=RoundAmount(self.net.ci_high),
        )

    def __str__(self) -> str:
        return self.sentence()


@dataclass(frozen=True, slots=True, kw_only=True)
class WishList:
    """All wishes, the most valuable first.

    Attributes
    ----------
    wishes : tuple of Wish
        By `net`; those of unknown value last.
    loss : Estimate or None
        Money a year that the wishes that do not pay would lose, were they built; None where there are none.
    gain : Estimate or None
        Money a year that the wishes that pay would bring; None where there are none.
    """

    wishes: tuple[Wish, ...]
    loss: Estimate | None
    gain: Estimate | None

    def sentence(self) -> Text:
        """Return what is known of each wish, the most valuable first."""
        if not self.wishes:
            return Text("Nobody wishes anything.")
        return in_a_row(wish.sentence() for wish in self.wishes)

    def __str__(self) -> str:
        return "\n".join(wish.sentence() for wish in self.wishes) or self.sentence()

    def to_frame(self) -> pl.DataFrame:
        """Return one row a wish: reach and yearly net with their limits, chance, decision."""
        rows = [
            {"wish": one.name, "reach": one.reach.estimate, "net": one.net.estimate}
            | {"net_low": one.net.ci_low, "net_high": one.net.ci_high}
            | {"chance": one.chance, "decision": one.decision}
            for one in self.wishes
        ]
        return pl.DataFrame(rows, infer_schema_length=None).fill_nan(None)

    def of(self, *decisions: Decision) -> tuple[Wish, ...]:
        """Return the wishes that are to be decided so."""
        return tuple(wish for wish in self.wishes if wish.decision in decisions)


def wish_values(
    wishes: FrameLike, customers: float, *, level: float = 0.95, draws: int = DRAWS, seed: int = 0
) -> WishList:
    """Return which wishes pay: customers x reach x value x feasibility - cost, with certainty.

    Parameters
    ----------
    wishes : dataframe or path
        The table `wishes`.
    customers : float
        Customers of the whole base; without any all wishes are unknown.
    level : float
        Level of the intervals.
    draws : int
        Draws of the simulation.
    seed : int
        Its seed; each wish has its own stream, so that the order of rows changes nothing.

    Returns
    -------
    WishList

    Notes
    -----
    Reach is drawn from the Beta distribution that the counts leave (Jeffreys prior), so that a wish of three
    loud customers has an interval that shows it; value from two half normals that meet at it, its ends being
    taken for the limits of a 95 % interval. Feasibility
    multiplies: `net` is an expectation over success and failure, its interval is what the survey leaves open.
    Wishes are stated, not proved: grade D until one has been tried.
    """
    frame = lazy(wishes)
    for column in ("wish", "asked"):
        require_column(frame, column, table="wishes")
    rows = read_columns(frame, _COLUMNS, "wishes").iter_rows(named=True)
    found = [_wish(row, customers, level, draws, seed) for row in rows if row["wish"] is not None]
    ordered = sorted(found, key=lambda pair: _place(pair[0]))
    return WishList(
        wishes=tuple(wish for wish, _ in ordered),
        loss=_together(
            [(-wish.net.estimate, -nets) for wish, nets in ordered if wish.decision == "do_not"], level
        ),
        gain=_together([(wish.net.estimate, nets) for wish, nets in ordered if wish.decision == "do"], level),
    )


def _wish(
    row: dict[str, object], customers: float, level: float, draws: int, seed: int
) -> tuple[Wish, Floats]:
    name = str(row["wish"])
    asked, surveyed = _number(row["asked"]), _number(row["surveyed"])
    value, low, high, assumed = _value(row)
    cost, feasibility = _number(row["cost"]), _number(row["feasibility"])
    possible = surveyed > 0 and 0 <= asked <= surveyed
    needs = {
        "surveyed": possible,
        "value": math.isfinite(value),
        "cost": math.isfinite(cost),
        "customers": customers > 0,
    }
    missing = tuple(column for column, there in needs.items() if not there)
    success = _chance_of_success(name, feasibility)
    nets = np.full(0, math.nan)
    if not missing:
        random = np.random.default_rng([checked_count(seed, "seed"), zlib.crc32(name.encode())])
        reach = random.beta(asked + 0.5, surveyed - asked + 0.5, draws)
        nets = customers * reach * _around(random, low, value, high, draws) * success - cost
    point = customers * asked / surveyed * value * success - cost if nets.size else math.nan
    chance = float(np.mean(nets > 0)) if nets.size else None
    wish = Wish(
        name=name,
        asked=asked,
        surveyed=surveyed,
        reach=estimated_share(asked, surveyed, level) if possible else _unknown_reach(level),
        value=_or_none(value),
        cost=_or_none(cost),
        feasibility=success,
        net=_estimate(point, nets, surveyed, level),
        chance=chance,
        decision=_decision(chance),
        missing=missing,
        notes=_notes(assumed and not missing, math.isfinite(feasibility)),
    )
    return wish, nets


def _chance_of_success(name: str, feasibility: float) -> float:
    if not math.isfinite(feasibility):
        return 1.0
    if not 0 <= feasibility <= 1:
        raise BadValue(
            Text("The feasibility of {wish} cannot be {value}.", wish=repr(name), value=str(feasibility)),
            hint=Text("Give the chance that it succeeds as a fraction from 0 to 1, as .5 for 50 %."),
            where=Where(column="feasibility"),
        )
    return feasibility


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    return float(value)


def _or_none(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _value(row: dict[str, object]) -> tuple[float, float, float, bool]:
    """Return value, its two ends, and whether the ends were assumed."""
    value, low, high = (_number(row[name]) for name in ("value", "value_low", "value_high"))
    if math.isfinite(low) and math.isfinite(high):
        low, high = min(low, high), max(low, high)
        middle = value if math.isfinite(value) else (low + high) / 2
        return middle, min(low, middle), max(high, middle), False
    reach = ASSUMED_SPREAD * abs(value)
    return (
        value,
        low if math.isfinite(low) and low <= value else value - reach,
        high if math.isfinite(high) and high >= value else value + reach,
        True,
    )


def _around(random: np.random.Generator, low: float, value: float, high: float, draws: int) -> Floats:
    steps = random.standard_normal(draws) / _REACH
    return value + np.where(steps < 0, steps * (value - low), steps * (high - value))


def _unknown_reach(level: float) -> Proportion:
    return Proportion(
        estimate=math.nan, ci_low=math.nan, ci_high=math.nan, n=0, level=level, method="unknown"
    )


def _estimate(point: float, nets: Floats, n: float, level: float) -> Estimate:
    return from_draws(Estimate, point, nets, n=n, level=level, method="simulation")


def _decision(chance: float | None) -> Decision:
    if chance is None:
        return "unknown"
    return "do" if chance >= SURE else "do_not" if chance <= 1 - SURE else "not_sure"


def _notes(assumed_ends: bool, feasibility_known: bool) -> tuple[Note, ...]:
    notes = []
    if assumed_ends:
        text = Text("Nobody says between what ends the value lies; half of it to either side was assumed.")
        notes.append(Note(code="assumed_ends", text=text))
    if not feasibility_known:
        text = Text("Nobody says how likely it succeeds; certain success was assumed.")
        notes.append(Note(code="assumed_success", text=text))
    return tuple(notes)


def _place(wish: Wish) -> tuple[bool, float, str]:
    return (not wish.net.known, -wish.net.estimate if wish.net.known else 0.0, wish.name)


def _together(parts: list[tuple[float, Floats]], level: float) -> Estimate | None:
    if not parts:
        return None
    total = np.sum([nets for _, nets in parts], axis=0)
    return _estimate(sum(point for point, _ in parts), total, len(parts), level)
