"""Check 5: did the scores of customers move, since when, and how sure is it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Literal

import polars as pl

from leal.checks.book import Book
from leal.checks.catalogue import mistake
from leal.checks.findings import Check, Exhibit, Heading, Named, Picture, Verdict
from leal.checks.mood_money import StepValue, money_of_fall, step_value
from leal.checks.mood_needs import needs_exhibit, needs_of, with_needs
from leal.explain import DriftOfNeeds
from leal.measure import Signal, Signals, group_column, signals
from leal.measure.by_group import name_of
from leal.measure.change.wave_series import WaveName
from leal.results import Money, Note
from leal.statistics import standard_error_of, waves_to_detection
from leal.wording import Text, plural

NUMBER = 5
MOST_GROUPS = 60
CONSIDERED = 5
"""Points of NPS whose detection is reckoned."""

METRICS: tuple[Literal["nps", "satisfaction", "detractors"], ...] = ("nps", "satisfaction", "detractors")

DRAWN = 3


def check_mood(book: Book) -> Check:
    """Answer check 5: every score of every group watched wave by wave.

    Notes
    -----
    Exposed where a score surely fell (the share of detractors rose) and has stayed there, by a change point
    whose p value is corrected for all scores and groups in view. Otherwise guarded; an early warning of the
    control charts is told, but is no proof. Money at stake: customers that the fall moved one group down (one
    point of NPS is one in a hundred) times what a step is worth, within customers (grade B) where that is
    known, else by how much oftener the lower group stops buying (grade C).
    """
    needs = _needs(book)
    if needs:
        return mistake(NUMBER).unknown(needs)
    mood = _Mood(book=book, found=signals_of(book))
    return mood.check() if mood.found.known else _too_short(mood.found)


def signals_of(book: Book) -> Signals:
    """Return what changed in the answers of the book, by segment, else by unit, where not too many."""
    answers = book.evidence.table("answers")
    by = group_column(answers)
    if by is not None and book.answers[by].n_unique() > MOST_GROUPS:
        by = None
    weight = "weight" if book.evidence.has("answers", "weight") else None
    return signals(answers, by=by, weight=weight, level=book.level)


def _needs(book: Book) -> tuple[Text, ...]:
    score = "satisfaction" if book.evidence.has("answers", "satisfaction") else "recommend"
    when = "wave" if book.evidence.has("answers", "wave") else "answered_at"
    return book.lacking(answers=(score, when))


def _too_short(found: Signals) -> Check:
    missing = min((one.waves_missing for one in found.signals if one.whole), default=4)
    text = plural(
        "answers of {count} more wave (a month, or a quarter where a month has few)",
        "answers of {count} more waves (months, or quarters where a month has few)",
        max(missing, 1),
    )
    return mistake(NUMBER).unknown(
        (text,), next_step=Text("Keep asking in the same way: a change is seen against what came before it.")
    )


@dataclass(frozen=True, kw_only=True)
class _Mood:
    """The figures of check 5, dressed piece by piece."""

    book: Book
    found: Signals

    def check(self) -> Check:
        return mistake(NUMBER).answered(
            verdict=self.verdict(),
            finding=self.finding(),
            money=self.stake,
            next_step=self.next_step(),
            grade=self.stake.grade if self.stake else "C",
            estimates=self.estimates(),
            exhibits=(self.exhibit(), *needs_exhibit(self.needs)),
            pictures=self.pictures(),
            notes=self.notes(),
        )

    @cached_property
    def falls(self) -> tuple[Signal, ...]:
        """The clear changes for the worse: NPS first, of all answers first, then the surest."""
        worse = [one for one in self.found.changed if is_fall(one)]
        return tuple(
            sorted(worse, key=lambda one: (METRICS.index(one.metric), not one.whole, one.p_adjusted))
        )

    @cached_property
    def step(self) -> StepValue | None:
        return step_value(self.book) if self.falls else None

    @cached_property
    def stake(self) -> Money | None:
        falls = fallen_customers(self.falls, self.book)
        return money_of_fall(falls, self.step, self.book) if falls and self.step else None

    @cached_property
    def needs(self) -> DriftOfNeeds:
        """Whether what moves satisfaction changed between periods."""
        return needs_of(self.book)

    def verdict(self) -> Verdict:
        return "exposed" if self.falls else "guarded"

    def finding(self) -> Text:
        scores = Text("{what}. {sight}", what=self._what(), sight=self._sight())
        return with_needs(scores, self.needs)

    def _what(self) -> Text:
        told = [one.sentence() for one in (self.falls or self._rises() or self.found.warnings)[:2]]
        if len(told) == 2:
            return Text("{first}; {second}", first=told[0], second=told[1])
        return told[0] if told else Text("No score changed by more than noise")

    def _rises(self) -> tuple[Signal, ...]:
        return tuple(one for one in self.found.changed if not is_fall(one))

    def _sight(self) -> Text:
        watched = self.found.of("nps")
        errors = [one.standard_error for one in watched.points] if watched is not None else []
        if not errors or not (error := median(errors)) > 0:
            return Text("How soon a fall would be seen cannot be told from these waves.")
        waves = waves_to_detection(CONSIDERED / 100, 1.0, (error / 100) ** 2, level=self.book.level).cusum
        return plural(
            "A fall of {points} points would be seen in about {count} wave.",
            "A fall of {points} points would be seen in about {count} waves.",
            math.ceil(waves),
            points=CONSIDERED,
        )

    def _watched(self) -> Signal | None:
        known = [self.found.of(metric) for metric in METRICS]
        return next((one for one in known if one is not None and one.known), None)

    def next_step(self) -> Text:
        if self.falls:
            first = min(self.falls, key=lambda one: (one.whole, one.p_adjusted))
            since = WaveName(first.since or "")
            if first.whole:
                return Text(
                    "Find out what has changed for customers since {since}: read the comments from then on,"
                    " and ask.",
                    since=since,
                )
            return Text(
                "Find out what has changed for {group} since {since}: read their comments from then on, and"
                " ask them.",
                group=name_of(first.group),
                since=since,
            )
        if self.found.warnings:
            return Text(
                "Ask more of {subject} in the next wave: a warning is no proof.",
                subject=self.found.warnings[0].subject,
            )
        return Text("Keep the size of the waves: smaller ones would see a fall later.")

    def estimates(self) -> tuple[Named, ...]:
        changes = [one for one in self.found.signals if one.whole and one.known] + [
            one for one in self.falls if not one.whole
        ]
        named = [Named(name=Text("Change: {subject}", subject=one.subject), value=one) for one in changes]
        if self.step is not None:
            named.append(Named(name=Text("Yearly money of one step down, a head"), value=self.step.money))
        if self.stake is not None:
            named.append(Named(name=Text("Money at stake a year"), value=self.stake))
        return tuple(named)

    def exhibit(self) -> Exhibit:
        rows = [
            {
                "metric": str(_WATCHED[one.metric]),
                "group": str(Text("all answers")) if one.whole else str(one.group),
                "version": one.version,
                "waves": len(one.points),
                "n": one.n,
                "before": _shown(one, one.level_before),
                "after": _shown(one, one.level_after),
                "since": one.since if one.clear else None,
                "p": one.p_adjusted if one.known else None,
                "verdict": str(_verdict_word(one)),
            }
            for one in sorted(self.found.signals, key=lambda one: (one not in self.falls, not one.whole))
        ]
        several = len({one.version for one in self.found.signals}) > 1
        return Exhibit(
            title=Text("Every score of every group, watched wave by wave"),
            frame=pl.DataFrame(rows, schema=_SCHEMA),
            headings=(
                Heading(name="metric", title=Text("What is watched")),
                Heading(name="group", title=Text("Group")),
                *((Heading(name="version", title=Text("Questionnaire")),) if several else ()),
                Heading(name="waves", title=Text("Waves"), unit="count"),
                Heading(name="n", title=Text("Answers"), unit="count"),
                Heading(name="before", title=Text("Before"), unit="number"),
                Heading(name="after", title=Text("After"), unit="number"),
                Heading(name="since", title=Text("Since"), unit="wave"),
                Heading(name="p", title=Text("p, corrected"), unit="p_value"),
                Heading(name="verdict", title=Text("Verdict")),
            ),
            remark=Text("Another version of the questionnaire begins another series."),
        )

    def pictures(self) -> tuple[Picture, ...]:
        watched = self._watched()
        shown: list[Signal] = [] if watched is None else [watched]
        shown += [one for one in self.falls if one not in shown]
        return tuple(
            Picture(title=one.subject, draw=one.chart, description=one.sentence()) for one in shown[:DRAWN]
        )

    def notes(self) -> tuple[Note, ...]:
        notes = list(self.book.notes)
        if self.falls and self.stake is None:
            text = Text(
                "What the fall costs is not known: no link between scores and money is seen in your data."
            )
            notes.append(Note(code="no_money_link", text=text))
        if self.stake is not None and self.step is not None:
            notes.append(Note(code="money_link", text=self.step.said()))
        return tuple(notes)


_WATCHED = {
    "nps": Text("NPS"),
    "satisfaction": Text("satisfaction"),
    "detractors": Text("share of detractors, %"),
}

_SCHEMA = {
    "metric": pl.String,
    "group": pl.String,
    "version": pl.String,
    "waves": pl.Int64,
    "n": pl.Float64,
    "before": pl.Float64,
    "after": pl.Float64,
    "since": pl.String,
    "p": pl.Float64,
    "verdict": pl.String,
}


def _shown(one: Signal, level: float) -> float | None:
    """Return a level as the table shows it: shares in per cent, beside points of NPS."""
    if not one.known:
        return None
    return 100 * level if one.metric == "detractors" else level


def is_fall(one: Signal) -> bool:
    """Tell whether a change is for the worse."""
    return one.estimate > 0 if one.metric == "detractors" else one.estimate < 0


def fallen_customers(falls: Sequence[Signal], book: Book) -> list[tuple[float, float]]:
    """Return how many active customers each fall moved one group down, and the standard error of that.

    The fall of all answers where there is one; else those of the groups, which do not overlap. NPS counts
    before the share of detractors; satisfaction has no groups to step down from.
    """
    for metric in ("nps", "detractors"):
        named = [one for one in falls if one.metric == metric]
        chosen = [one for one in named if one.whole] or [one for one in named if not one.whole]
        if chosen:
            return [_moved(one, book) for one in chosen]
    return []


def _moved(one: Signal, book: Book) -> tuple[float, float]:
    active = book.customers.filter(pl.col("yearly_money") > 0)
    column = next((name for name in ("segment", "unit") if active[name].null_count() < active.height), None)
    if not one.whole and column is not None:
        active = active.filter(pl.col(column) == str(one.group))
    scale = 0.01 if one.metric == "nps" else 1.0
    return active.height * abs(one.estimate) * scale, active.height * standard_error_of(one) * scale


def _verdict_word(one: Signal) -> Text:
    if not one.known:
        return Text("too few waves")
    if one.clear:
        return Text("worse") if is_fall(one) else Text("better")
    return Text("early warning") if one.early else Text("as usual")
