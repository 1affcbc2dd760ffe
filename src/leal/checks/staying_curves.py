"""Curves of those still there, as far as enough were watched: of all, and of groups large enough."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from leal.checks.book import FEWEST_CUSTOMERS
from leal.checks.staying_records import StayRecords, told_until
from leal.measure import protect_small_cells
from leal.results import Note, Proportion
from leal.statistics import Duration, SurvivalCurve
from leal.wording import plural

MOST_GROUPS = 6

LEAST_YEARS = 0.25
"""Years below which a curve is not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCurve:
    """A curve with its name, as far as enough customers were watched for it to be told.

    Attributes
    ----------
    name : str
        What stands before its row.
    curve : SurvivalCurve
        The share still there, by years since joining.
    until : float
        Years up to which it is told; zero where there are none.
    """

    name: str
    curve: SurvivalCurve
    until: float

    @property
    def enough(self) -> bool:
        """Whether it is told far enough to say anything."""
        return self.until >= LEAST_YEARS

    def at(self, years: float) -> Proportion | None:
        """Return the share still there; None beyond what is told."""
        return self.curve.at(years) if years <= self.until else None

    @property
    def median(self) -> Duration | None:
        """The years after which half have left; None where that was not reached."""
        found = self.curve.median
        return found if found.estimate <= self.until else None

    def mean(self, until: float) -> Duration:
        """Return the mean stay within so many years."""
        return self.curve.restricted_mean(until)


def told_curve(name: str, records: StayRecords, level: float, among: pl.DataFrame | None = None) -> ToldCurve:
    """Return the curve of all or of some of the records under a name."""
    rows = records.frame if among is None else among
    curve = records.curve(level, rows)
    return ToldCurve(name=name, curve=curve, until=told_until(rows, FEWEST_CUSTOMERS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """The curves of two to six groups, and what is hidden."""

    told: tuple[ToldCurve, ...] = ()
    notes: tuple[Note, ...] = ()


def groups_of(records: StayRecords, level: float, least: float) -> Groups:
    """Return the curves by segment, else by reason of joining, where two to six groups are large enough.

    Each must reach `least` years, for all are compared within the time that all reach.
    """
    for column in ("segment", "joining_reason"):
        found = _by(records, column, level, least)
        if found.told:
            return found
    return Groups()


def _by(records: StayRecords, column: str, level: float, least: float) -> Groups:
    sizes = records.frame.group_by(column).len("n").sort(column, nulls_last=True)
    large = sizes.filter((pl.col("n") >= FEWEST_CUSTOMERS) & pl.col(column).is_not_null())
    if not 2 <= large.height <= MOST_GROUPS:
        return Groups()
    shown, notes = _not_betraying(large, sizes.height - large.height, records.frame.height, column)
    parts = [(name, records.frame.filter(pl.col(column) == name)) for name in shown]
    found = [told_curve(name, records, level, part) for name, part in parts]
    told = tuple(one for one in found if one.until >= least)
    return Groups(told=told, notes=notes) if len(told) > 1 else Groups()


def _not_betraying(
    large: pl.DataFrame, small: int, everybody: int, column: str
) -> tuple[list[str], tuple[Note, ...]]:
    """Return the groups shown, so that what all of them leave of the total are not a few people."""
    rest = everybody - int(large["n"].sum())
    cells = large.select(group=column, n=pl.col("n").cast(pl.Int64))
    if rest:
        others = pl.DataFrame({"group": [None], "n": [rest]}, schema=cells.schema)
        cells = pl.concat([cells, others])
    guarded = protect_small_cells(cells, "group")
    shown = guarded.frame.filter(~pl.col("hidden")).drop_nulls("group")["group"].to_list()
    if not small:
        return shown, guarded.notes
    text = plural(
        "{count} group of fewer than {fewest} customers, or without a name, has no curve of its own.",
        "{count} groups of fewer than {fewest} customers, or without a name, have no curves of their own.",
        small,
        fewest=FEWEST_CUSTOMERS,
    )
    return shown, (Note(code="groups_not_shown", text=text), *guarded.notes)
