"""Beside check 6: how long customers stay, of all and by group."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from leal.charts import retention_by_group, retention_curves
from leal.checks.book import FEWEST_CUSTOMERS, Book
from leal.checks.common import known_estimates
from leal.checks.findings import Exhibit, Heading, Named, Picture, missing_evidence, ranged
from leal.checks.staying_curves import Groups, ToldCurve, groups_of, told_curve
from leal.checks.staying_records import FEWEST_LEFT, SILENCE, Stays, stays_of
from leal.checks.supplement import Supplement
from leal.engine import as_date
from leal.results import Estimate, Note, with_limits
from leal.wording import Count, Day, Decimal, Percent, Text, in_a_row, plural

if TYPE_CHECKING:
    from leal.statistics import Duration

YEARS = (1, 2, 3)
DRAWN_STEPS = 120
"""Points of a drawn curve: a step a customer would make a picture of megabytes."""

DRAWN_IN_YEARS = 2.0
"""Years from which on the axis counts years; below it counts months."""

_MONTHS = 12

ALL = Text("All customers")
IF_STAYED = Text("If the silent stayed")
IF_LEFT = Text("If the silent left")
STILL_THERE: dict[int, Text] = {
    1: Text("Still there a year after joining"),
    2: Text("Still there two years after joining"),
    3: Text("Still there three years after joining"),
}
AFTER: dict[int, Text] = {1: Text("After a year"), 2: Text("After two years"), 3: Text("After three years")}


def how_long_customers_stay(book: Book) -> Supplement:
    """Return the curve of those still there, dressed; where it cannot be told, what it needs."""
    absent = book.evidence.absent("customers", "customer", "joined_at", "left_at")
    if absent:
        return _unknown(missing_evidence("customers", absent))
    stays = stays_of(book)
    if stays is None:
        return _unknown(Text("{needed} customers with dates of joining and leaving", needed=FEWEST_LEFT))
    staying = _Staying(stays=stays, level=book.level)
    if not staying.all.enough:
        day = as_date(stays.dated.first_day)
        return _unknown(
            Text(
                "{needed} customers who joined since {day}, when leavings were first dated",
                needed=FEWEST_CUSTOMERS,
                day=Day(day),
            )
        )
    return staying.supplement()


def _when(year: float) -> Text:
    if year == 1:
        return Text("a year after joining")
    return Text("{years} years after joining", years=Decimal(year, 1))


def _closed(median: Duration | None) -> bool:
    return median is not None and math.isfinite(median.ci_low) and math.isfinite(median.ci_high)


def _unknown(needs: Text) -> Supplement:
    text = Text("How long customers stay is not known yet: needs {needs}.", needs=needs)
    return Supplement(notes=(Note(code="stay_not_known", text=text),))


@dataclass(frozen=True, kw_only=True)
class _Staying:
    """How long customers stay, dressed piece by piece."""

    stays: Stays
    level: float

    @cached_property
    def all(self) -> ToldCurve:
        """Everybody, by dates of leaving."""
        return told_curve(str(ALL if self.stays.silent is None else IF_STAYED), self.stays.dated, self.level)

    @cached_property
    def silent(self) -> ToldCurve | None:
        """Everybody, those who fell silent counted as gone; None where dates suffice or too few are."""
        if self.stays.silent is None:
            return None
        found = told_curve(str(IF_LEFT), self.stays.silent, self.level)
        return found if found.enough else None

    @property
    def main(self) -> ToldCurve:
        """What groups are compared with."""
        return self.silent or self.all

    @cached_property
    def groups(self) -> Groups:
        """Customers by segment, else by reason of joining."""
        records = self.stays.dated if self.silent is None else self.stays.silent
        return groups_of(records, self.level, min(1.0, self.main.until)) if records is not None else Groups()

    @property
    def rows(self) -> list[ToldCurve]:
        both = [self.all] if self.silent is None else [self.all, self.silent]
        return [*both, *self.groups.told]

    @property
    def until(self) -> float:
        """Years that all rows reach: means are compared within the same time."""
        return min(one.until for one in self.rows)

    def supplement(self) -> Supplement:
        """Return figures, table, charts and remarks."""
        return Supplement(
            estimates=self.estimates(),
            exhibits=(self.table(),),
            pictures=self.pictures(),
            notes=self.notes(),
        )

    def estimates(self) -> tuple[Named, ...]:
        if self.silent is None:
            return known_estimates(self._figures(self.all))
        stayed = [
            (Text("{figure}, if the silent stayed", figure=name), value)
            for name, value in self._figures(self.all)
        ]
        left = [
            (Text("{figure}, if the silent left", figure=name), value)
            for name, value in self._figures(self.silent)
        ]
        return known_estimates((*stayed, *left))

    def _figures(self, one: ToldCurve) -> list[tuple[Text, Estimate | None]]:
        shares: list[tuple[Text, Estimate | None]] = [(STILL_THERE[year], one.at(year)) for year in YEARS]
        within = Text("Mean stay, years, of the first {years}", years=Decimal(one.until, 1))
        return [
            *shares,
            (Text("Half have left after, years"), one.median if _closed(one.median) else None),
            (within, one.mean(one.until)),
        ]

    # what is said

    def sentence(self) -> Text:
        year = min(1.0, self.all.until, self.main.until)
        when = _when(year)
        if self.silent is not None:
            return self._between(year, when)
        share = self.all.at(year)
        assert share is not None
        return Text(
            "{share} of customers are still there {when} ({low} to {high}; {left} of {n} left). {half}",
            share=share.figure(share.estimate),
            when=when,
            low=share.figure(share.ci_low),
            high=share.figure(share.ci_high),
            left=Count(self.all.curve.events),
            n=Count(self.all.curve.n),
            half=self._half(self.all),
        )

    def _between(self, year: float, when: Text) -> Text:
        assert self.silent is not None
        least, most = self.silent.at(year), self.all.at(year)
        assert least is not None
        assert most is not None
        return Text(
            "Between {least} and {most} of customers are still there {when}: of those who have"
            " bought nothing for {days} days {share} have no date of leaving, and may have left or not. Date"
            " every leaving to know.",
            least=least.figure(min(least.estimate, most.estimate)),
            most=most.figure(max(least.estimate, most.estimate)),
            when=when,
            days=Count(SILENCE),
            share=Percent(self.stays.undated),
        )

    def _half(self, one: ToldCurve) -> Text:
        if one.median is None:
            return Text(
                "Fewer than half have left within the {years} years that enough were watched.",
                years=Decimal(one.until, 1),
            )
        return Text("Half have left after {years} years.", years=Decimal(one.median.estimate, 1))

    def notes(self) -> tuple[Note, ...]:
        notes = [Note(code="how_long_customers_stay", text=self.sentence())]
        if self.stays.silent is not None and self.silent is None:
            text = Text(
                "Of those who have bought nothing for {days} days {share} have no date of leaving: the shares"
                " still there are upper limits.",
                days=Count(SILENCE),
                share=Percent(self.stays.undated),
            )
            notes.append(Note(code="undated_leaving", text=text))
        if self.stays.ended is not None:
            text = Text(
                "No leaving is dated after {day}, where more were to be expected: who left since counts as"
                " still there.",
                day=Day(as_date(self.stays.ended)),
            )
            notes.append(Note(code="leavings_not_dated_since", text=text))
        if self.stays.left_out:
            text = plural(
                "{count} customer without a day of joining, or with one after leaving, is not watched.",
                "{count} customers without a day of joining, or with one after leaving, are not watched.",
                self.stays.left_out,
            )
            notes.append(Note(code="joining_not_known", text=text))
        if self.stays.every > 1:
            text = Text(
                "A sample of one customer in {every}, drawn by a hash of their names.",
                every=Count(self.stays.every),
            )
            notes.append(Note(code="sampled", text=text))
        return (*notes, *self.groups.notes)

    # what is shown

    def table(self) -> Exhibit:
        years = [year for year in YEARS if any(one.at(year) is not None for one in self.rows)]
        halves = any(one.median is not None for one in self.rows)
        headings = [heading for year in years for heading in ranged(f"after_{year}", AFTER[year], "percent")]
        if halves:
            headings += ranged("median", Text("Half have left after, years"), "number")
        return Exhibit(
            title=Text("How long customers stay"),
            frame=pl.DataFrame([self._row(one) for one in self.rows], infer_schema_length=None),
            headings=(
                Heading(name="group", title=Text("Group")),
                Heading(name="n", title=Text("Customers"), unit="count"),
                Heading(name="left", title=Text("Left"), unit="count"),
                *headings,
                *ranged("mean", Text("Mean stay, years"), "number"),
            ),
            remark=self.remark(),
        )

    def _row(self, one: ToldCurve) -> dict[str, object]:
        row: dict[str, object] = {"group": one.name, "n": one.curve.n, "left": one.curve.events}
        for year in YEARS:
            row |= with_limits(f"after_{year}", one.at(year))
        return row | with_limits("median", one.median) | with_limits("mean", one.mean(self.until))

    def remark(self) -> Text:
        watched = Text(
            "Leavings are watched from {day} on, when they were first dated: who joined before counts from"
            " then, for had they left earlier they could not be seen. Means are those of the first {years}"
            " years; a dash: not reached.",
            day=Day(as_date(self.stays.dated.first_day)),
            years=Decimal(self.until, 1),
        )
        if not self.groups.told:
            return watched
        grouped = Text(
            "Groups are as the table of customers has them: one that is given for staying (a status) says"
            " nothing. Never by a score given later: who gave it had stayed until then."
        )
        if self.silent is None:
            return in_a_row((watched, grouped))
        return in_a_row((watched, Text("In groups the silent count as gone."), grouped))

    def pictures(self) -> tuple[Picture, ...]:
        curves = pl.concat([_steps(one) for one in ([self.all] if self.silent is None else self.rows[:2])])
        years = self.until >= DRAWN_IN_YEARS
        factor = 1 if years else _MONTHS
        course = Picture(
            title=Text("Share of customers still there after joining"),
            draw=partial(
                retention_curves,
                curves.with_columns(pl.col("period") * factor),
                emphasis=self.main.name,
                axis_title=Text("years since they joined") if years else Text("months since they joined"),
                steps=True,
                named=True,
            ),
            description=self.sentence(),
        )
        return (course, *self._by_group())

    def _by_group(self) -> tuple[Picture, ...]:
        year = max((year for year in YEARS if year <= self.until), default=None)
        if not self.groups.told or year is None:
            return ()
        rows = [(one.name, one.at(year)) for one in (self.main, *self.groups.told)]
        frame = pl.DataFrame(
            [
                {"name": name, "estimate": at.estimate, "ci_low": at.ci_low, "ci_high": at.ci_high, "n": at.n}
                for name, at in rows
                if at is not None
            ]
        )
        return (
            Picture(
                title=STILL_THERE[year],
                draw=partial(retention_by_group, frame),
                description=Text("The share of each group, with its interval."),
            ),
        )


def _steps(one: ToldCurve) -> pl.DataFrame:
    """Return the course of a curve at evenly spaced years, for `leal.charts.retention_curves`."""
    steps = one.curve.to_steps(one.name)
    grid = np.linspace(0.0, one.until, DRAWN_STEPS + 1)
    places = np.searchsorted(steps["period"].to_numpy(), grid, side="right") - 1
    at: list[int] = places.tolist()
    return steps.select(pl.all().gather(at)).with_columns(period=pl.Series(grid))
