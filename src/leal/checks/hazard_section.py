"""Beside check 6: what makes customers leave, by attitude and behaviour before they did."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import polars as pl

from leal.checks.book import Book
from leal.checks.contact_evidence import ledger_of
from leal.checks.findings import Exhibit, Heading, Named, ranged
from leal.checks.once import once
from leal.checks.supplement import Supplement
from leal.predict import FollowedPeriods, Hazard, HazardFit, RetentionEffect, followed_periods
from leal.results import Note, known_or_none, with_limits
from leal.statistics import holm
from leal.wording import Count, Listing, Text

MOST_FOLLOWED = 20_000
"""Customers beyond which a sample of them is followed: a point's effect is known to a part of one then."""

SCORE_WORDS = {"recommend": Text("readiness to recommend"), "satisfaction": Text("satisfaction")}

ATTITUDE = Text("Score higher by a point")
STEPS: dict[str, tuple[Text, float]] = {
    "change": (Text("Score risen by a point since the answer before"), 1.0),
    "recency": (Text("Twice as long since the last purchase"), math.log(2)),
    "trend": (Text("Twice as many purchases, of half a year against the half before"), math.log(2)),
    "contacts": (Text("One contact more in the 90 days before"), 1.0),
}
"""The columns of behaviour in words, each with the step that it is told for."""

CROSSED: dict[str, Text] = {
    "recency": Text("Both: a higher score, and longer since the last purchase"),
    "trend": Text("Both: a higher score, and more purchases than before"),
    "contacts": Text("Both: a higher score, and more contacts"),
}

VERDICTS = {
    "stays": Text("with staying"),
    "leaves": Text("with leaving"),
    "unsure": Text("not sure either way"),
}

WEAK_NOTES = {"undated_leaving"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingCauses:
    """What makes customers leave, and of whom it was learnt.

    Attributes
    ----------
    fit : HazardFit
        The risk of leaving in a period.
    score : {"recommend", "satisfaction"}
        The answer that is taken for attitude.
    every : int
        One customer in so many was followed; 1 for all.
    by_date : bool
        Whether leaving is a date of the register; otherwise silence.
    few_dates : bool
        Whether the register has dates of leaving, too few to be learnt from.
    """

    fit: HazardFit
    score: str
    every: int
    by_date: bool
    few_dates: bool


def what_makes_them_leave(book: Book) -> Supplement:
    """Return what goes with leaving, dressed; where it cannot be told, what it needs."""
    needs = _needs(book)
    if needs:
        return _unknown(Text("it needs {needs}.", needs=Listing.of(needs)))
    found = causes_of_leaving(book)
    if not found.fit.known:
        return _unknown(found.fit.notes[-1].text)
    return _Causes(found=found).supplement()


def _needs(book: Book) -> tuple[Text, ...]:
    answers = () if book.evidence.has("answers", "satisfaction") else ("recommend",)
    return book.lacking(
        answers=("customer", "answered_at", *answers), purchases=("customer", "bought_at", "amount")
    )


def _unknown(needs: Text) -> Supplement:
    text = Text("What makes customers leave is not known yet: {needs}", needs=needs)
    return Supplement(notes=(Note(code="leaving_causes_not_known", text=text),))


@once
def causes_of_leaving(book: Book) -> LeavingCauses:
    """Return the risk of leaving as a function of what was known before.

    Notes
    -----
    Dates of leaving are taken where they are known of most who left. Where the register dates too few of the
    leavings to learn from, or leaves many of the silent without a date, silence of a quarter is taken for
    leaving as if there were no dates: customers who left unseen would count as staying, and those who had
    bought lately as leaving, for only they are missed and written down.
    """
    score = "recommend" if book.evidence.has("answers", "recommend") else "satisfaction"
    every, chosen = _chosen(book)
    by_date = _followed(book, score, chosen, book.register)
    fit = Hazard().fit(by_date)
    weak = {note.code for note in fit.notes} & WEAK_NOTES
    if not by_date.by_date or (fit.known and not weak):
        return LeavingCauses(fit=fit, score=score, every=every, by_date=by_date.by_date, few_dates=False)
    silent = Hazard().fit(_followed(book, score, chosen, None))
    return LeavingCauses(fit=silent, score=score, every=every, by_date=False, few_dates=True)


def _chosen(book: Book) -> tuple[int, pl.DataFrame]:
    """Return which part of the customers who answered and bought is followed, and who they are."""
    told = book.names.join(book.coded_answers.select(code="customer").unique(), on="code", how="semi")
    every = max(1, -(-told.height // MOST_FOLLOWED))
    return every, told.filter(pl.col("customer").hash(seed=3) % every == 0)


def _followed(book: Book, score: str, chosen: pl.DataFrame, register: pl.DataFrame | None) -> FollowedPeriods:
    """Return the periods of those chosen, made of the tables of the audit: its currency, its days."""
    said = book.answers.join(chosen, on="customer", how="semi").select("customer", "answered_at", score)
    days = book.coded_purchase_days.join(chosen, left_on="customer", right_on="code", how="inner")
    bought = days.select(customer="customer_right", bought_at="day", amount="amount")
    dates = None if register is None else register.select("customer", left_at="left_day").drop_nulls()
    ledger = ledger_of(book)
    contacts = None if ledger is None else ledger.join(chosen, on="customer", how="semi")
    return followed_periods(
        said, bought, customers=dates, contacts=contacts, score=score, until=book.last_day
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Causes:
    """What makes customers leave, dressed piece by piece."""

    found: LeavingCauses

    @property
    def fit(self) -> HazardFit:
        return self.found.fit

    @property
    def effect(self) -> RetentionEffect:
        return self.fit.retention_effect()

    def supplement(self) -> Supplement:
        """Return the effect of a point, the table of all that was looked at, and remarks."""
        name = Text("A point of {score}, in points of yearly retention", score=SCORE_WORDS[self.found.score])
        # its other remarks stand below the check, where they are told of all figures at once
        correlation = tuple(note for note in self.effect.notes if note.code == "correlation")
        return Supplement(
            estimates=(Named(name=name, value=replace(self.effect, notes=correlation)),),
            exhibits=(self.table(),),
            notes=self.notes(),
        )

    def sentence(self) -> Text:
        effect = self.effect
        return Text(
            "A point more of {score} goes with {effect} points of yearly retention ({low} to {high}; grade C,"
            " a correlation among {n} customers who behaved alike). {leaving}",
            score=SCORE_WORDS[self.found.score],
            effect=effect.figure(effect.estimate),
            low=effect.figure(effect.ci_low),
            high=effect.figure(effect.ci_high),
            n=Count(effect.n),
            leaving=self.fit.who_leaves(),
        )

    def notes(self) -> tuple[Note, ...]:
        notes = [Note(code="what_makes_leave", text=self.sentence())]
        if self.found.every > 1:
            text = Text(
                "A sample of one customer in {every}, drawn by a hash of their names.",
                every=Count(self.found.every),
            )
            notes.append(Note(code="sampled", text=text))
        return (*notes, *map(self._true_of_few_dates, self.fit.notes))

    def _true_of_few_dates(self, note: Note) -> Note:
        """Return a note; where dates were set aside it does not say that there are none."""
        if not self.found.few_dates or note.code != "silence_for_leaving":
            return note
        text = Text(
            "Too few of those who left have a date of leaving: leaving is the first {days} days without a"
            " purchase.",
            days=Count(self.fit.model.period_days),
        )
        return replace(note, text=text)

    def table(self) -> Exhibit:
        return Exhibit(
            title=Text("What goes with staying and with leaving"),
            frame=pl.DataFrame(self.rows(), schema=_SCHEMA),
            headings=(
                Heading(name="what", title=Text("What was known before")),
                Heading(name="goes", title=Text("Goes")),
                *ranged("retention", Text("Yearly retention, points"), "points"),
                *ranged("odds", Text("Odds of leaving, times"), "number"),
                Heading(name="p_value", title=Text("p"), unit="p_value"),
            ),
            remark=Text(
                "Each with all others held fixed, and how long somebody has been a customer; p is Holm's for"
                " all rows. Below 1 the odds of leaving in {days} days fall. {periods} periods of {n}"
                " customers after their answer, {left} of whom left. Grade C: content customers may differ in"
                " more than the score; only an experiment proves what raising it does.",
                days=Count(self.fit.model.period_days),
                periods=Count(self.fit.rows),
                n=Count(self.fit.n),
                left=Count(self.fit.events),
            ),
        )

    def rows(self) -> list[dict[str, object]]:
        """Return one row a column of the model, the score first, what works together last."""
        fitted = {str(row["term"]): row for row in self.fit.coefficients.iter_rows(named=True)}
        told = [_Row(ATTITUDE, fitted["score"], 1.0, self.effect)]
        for column, (words, step) in STEPS.items():
            if column in fitted:
                told.append(_Row(words, fitted[column], step, self.fit.effect_of(column, step)))
        for column, words in CROSSED.items():
            if (term := fitted.get(f"score x {column}")) is not None:
                told.append(_Row(words, term, STEPS[column][1]))
        corrected = holm([row.term["p_value"] for row in told])
        sure = 1 - self.fit.level
        return [row.told(float(p_value), sure) for row, p_value in zip(told, corrected, strict=True)]


_SCHEMA = {
    "what": pl.String,
    "goes": pl.String,
    **{f"{name}{end}": pl.Float64 for name in ("retention", "odds") for end in ("", "_low", "_high")},
    "p_value": pl.Float64,
}


@dataclass(frozen=True, slots=True)
class _Row:
    """A term in words: the step it is told for, and what that goes with in yearly retention."""

    words: Text
    term: dict[str, float]
    step: float
    effect: RetentionEffect | None = None

    def told(self, p_value: float, sure: float) -> dict[str, object]:
        """Return the cells of the row, with a p value that is corrected for the number of rows."""
        ends = {"odds": "estimate", "odds_low": "ci_low", "odds_high": "ci_high"}
        points = with_limits("retention", self.effect)
        return {
            "what": str(self.words),
            "goes": str(VERDICTS["unsure" if p_value >= sure else "leaves" if self.leaves else "stays"]),
            **{name: None if share is None else 100 * share for name, share in points.items()},
            **{name: known_or_none(math.exp(self.step * self.term[end])) for name, end in ends.items()},
            "p_value": p_value,
        }

    @property
    def leaves(self) -> bool:
        return self.term["estimate"] > 0
