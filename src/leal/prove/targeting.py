"""Whom to treat, by effect x value and never by risk, and whom to leave alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from leal.engine import FrameLike
from leal.errors import BadValue, Where
from leal.measure import FEWEST_IN_ARM
from leal.prove.control_arm import ArmName
from leal.prove.experiment_units import Missing
from leal.prove.targeting_rows import read_rows, two_arms
from leal.results import Basis, Estimate, Money, Note, Result, known_or_none, one_called, with_limits
from leal.statistics import (
    Comparison,
    Sample,
    benjamini_hochberg,
    shrink,
    standard_error_of,
    two_sided_z,
    welch,
)
from leal.wording import Listing, Text

Floats = npt.NDArray[np.float64]

Status = Literal["act", "do_not_disturb", "test"]

STATUS_WORDS: dict[Status, Text] = {
    "act": Text("act"),
    "do_not_disturb": Text("do not disturb"),
    "test": Text("test first"),
}


_RANGES = tuple(f"{name}{end}" for name in ("effect", "per_thousand") for end in ("", "_low", "_high"))
_COLUMNS = {"segment": pl.String, "n": pl.Int64} | dict.fromkeys(
    ("measured", *_RANGES, "p_adjusted"), pl.Float64
)
_COLUMNS |= {"status": pl.String}
"""Columns of the table by segment; a figure that is not known in any segment is still one of numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentEffect:
    """What an action does in one segment.

    Attributes
    ----------
    segment : str
    n : int
        Customers of both arms.
    measured : Comparison
        The difference of the arms in the segment (Welch).
    effect : Estimate
        The same drawn towards the mean of all segments by its own noise: what to rank by, since the largest
        of many measured effects is partly luck (winner's curse).
    per_thousand : Money
        Money per 1,000 customers: effect x value - cost.
    p_adjusted : float
        p value of the measured difference, corrected for the number of segments (Benjamini and Hochberg).
    status : {"act", "do_not_disturb", "test"}
        Act: it surely earns more than it costs; do not disturb: it surely harms; else test first.
    """

    segment: str
    n: int
    measured: Comparison
    effect: Estimate
    per_thousand: Money
    p_adjusted: float
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentEffects(Result):
    """All segments, the one that earns most first; iterates over them."""

    segments: tuple[SegmentEffect, ...]
    level: float
    notes: tuple[Note, ...] = ()

    def __iter__(self) -> Iterator[SegmentEffect]:
        return iter(self.segments)

    def __getitem__(self, segment: str) -> SegmentEffect:
        return one_called(self.segments, "segment", segment)

    def of(self, status: Status) -> tuple[SegmentEffect, ...]:
        """Return the segments that are to be treated so."""
        return tuple(one for one in self.segments if one.status == status)

    def sentence(self) -> Text:
        """Return whom to treat and whom to leave alone, in one sentence."""
        names = {
            status: Listing.of(one.segment for one in self.of(status)) if self.of(status) else "–"
            for status in STATUS_WORDS
        }
        return Text(
            "Act: {act}. Do not disturb: {alone}. Test first: {test}.",
            act=names["act"],
            alone=names["do_not_disturb"],
            test=names["test"],
        )

    def to_frame(self) -> pl.DataFrame:
        """Return one row a segment."""
        rows = [
            {
                "segment": one.segment,
                "n": one.n,
                "measured": known_or_none(one.measured.estimate),
                **with_limits("effect", one.effect),
                **with_limits("per_thousand", one.per_thousand),
                "p_adjusted": known_or_none(one.p_adjusted),
                "status": one.status,
            }
            for one in self.segments
        ]
        return pl.DataFrame(rows, schema=_COLUMNS)


def segment_effects(
    frame: FrameLike,
    *,
    arm: str,
    outcome: str,
    segment: str,
    control: ArmName | None = None,
    treated: str | None = None,
    missing: Missing = "error",
    value: float | Mapping[str, float] = 1.0,
    cost: float = 0.0,
    currency: str | None = None,
    basis: Basis = "revenue",
    level: float = 0.95,
) -> SegmentEffects:
    """Tell in which segments a randomised action pays, and which to leave alone.

    Parameters
    ----------
    frame : dataframe or path
        One row a customer who was assigned.
    arm, outcome, segment : str
        Columns; customers without a segment form one of their own, ``"–"``.
    control, treated : str, optional
        The two arms; `control` as in `experiment`; `treated` may be left out where there is one.
    missing : {"error", "zero", "leave_out"}
        As in `experiment`.
    value : float or mapping of segment to float
        Money for one unit of the outcome (what a kept customer of the segment is worth).
    cost : float
        Cost a treated customer.
    currency, basis, level
        How money is written and counted; confidence level.

    Notes
    -----
    Segments must have been named before the start. Effects are shrunk (`leal.statistics.shrink`) before they
    are ranked and before "act" or "do not disturb" is said. A segment with fewer than ten customers in an arm
    is not known and is tested first. Risk does not enter: a customer who is likely to leave may be one whom
    a call makes leave (Ascarza 2018).

    References
    ----------
    Ascarza (2018), Journal of Marketing Research 55; Efron and Morris (1975), JASA 70.
    """
    table, _, notes = read_rows(frame, arm, outcome, missing, {"segment": segment})
    table, names = two_arms(table, control, treated)
    parts = [
        _Part.of(str(name), part, names, level)
        for (name,), part in table.with_columns(pl.col("segment").fill_null("–")).group_by(
            "segment", maintain_order=True
        )
    ]
    p_values = benjamini_hochberg([part.measured.p_value if part.enough else math.nan for part in parts])
    found = []
    for part, effect, p in zip(parts, _shrunk(parts, level), p_values, strict=True):
        worth = _worth(value, part.segment)
        money = _money(effect, worth, cost, currency, basis)
        found.append(
            SegmentEffect(
                segment=part.segment,
                n=int(part.measured.n),
                measured=part.measured,
                effect=effect,
                per_thousand=money,
                p_adjusted=float(p),
                status=_status(effect, money, worth),
            )
        )
    found.sort(key=lambda one: (not one.effect.known, -one.per_thousand.estimate, one.segment))
    return SegmentEffects(segments=tuple(found), level=level, notes=notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One segment as it was measured.

    ``error`` is its noise told as that of a normal distribution, since a segment of few customers does not
    know its own noise well (Student's t); not a number where the segment is not known.
    """

    segment: str
    measured: Comparison
    enough: bool
    error: float

    @classmethod
    def of(cls, segment: str, part: pl.DataFrame, names: tuple[str, str], level: float) -> _Part:
        measured, enough = _between(part, names, level)
        known = enough and measured.known and measured.standard_error > 0
        error = standard_error_of(measured) if known else math.nan
        return cls(segment=segment, measured=measured, enough=enough, error=error)


def _shrunk(parts: list[_Part], level: float) -> list[Estimate]:
    """Return the effect of each segment drawn towards the mean of all, by its own noise."""
    known = [math.isfinite(part.error) for part in parts]
    middles, variances = shrink(
        [part.measured.estimate if sure else math.nan for part, sure in zip(parts, known, strict=True)],
        [part.error**2 if sure else 1.0 for part, sure in zip(parts, known, strict=True)],
    )
    effects = []
    for part, sure, middle, variance in zip(parts, known, middles, variances, strict=True):
        if not sure:
            effects.append(Estimate.unknown(part.measured.n, level, "shrunk"))
            continue
        half = two_sided_z(level) * math.sqrt(variance)
        effects.append(
            Estimate(
                estimate=float(middle),
                ci_low=float(middle) - half,
                ci_high=float(middle) + half,
                n=part.measured.n,
                level=level,
                method="shrunk",
            )
        )
    return effects


def _worth(value: float | Mapping[str, float], segment: str) -> float:
    """Return what one unit of the outcome is worth in a segment."""
    worth = value if isinstance(value, int | float) else value.get(segment, math.nan)
    if not math.isfinite(worth):
        raise BadValue(
            Text("Nobody says what one unit of the outcome is worth in {segment}.", segment=segment),
            hint=Text("Give a value for each segment, or one for all."),
            where=Where(column="value"),
        )
    return worth


def _status(effect: Estimate, money: Money, worth: float) -> Status:
    if effect.known and money.ci_low > 0:
        return "act"
    if effect.known and effect.ci_high * worth < 0:
        return "do_not_disturb"
    return "test"


def _between(part: pl.DataFrame, names: tuple[str, str], level: float) -> tuple[Comparison, bool]:
    ours, theirs = (
        Sample.of_values(part.filter(pl.col("arm") == name)["outcome"].to_numpy()) for name in names
    )
    return welch(*ours.moments, *theirs.moments, level), min(ours.n, theirs.n) >= FEWEST_IN_ARM


def _money(effect: Estimate, value: float, cost: float, currency: str | None, basis: Basis) -> Money:
    ends = sorted((1000 * (value * effect.ci_low - cost), 1000 * (value * effect.ci_high - cost)))
    return Money(
        estimate=1000 * (value * effect.estimate - cost),
        ci_low=ends[0],
        ci_high=ends[1],
        n=effect.n,
        level=effect.level,
        method=effect.method,
        currency=currency,
        basis=basis,
        period="period",
        grade="A",
    )
