"""What a strategy is made of, and how its parts say figures, gaps and days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from leal.checks import Audit, Check, Exhibit, Picture
from leal.documents.cells import GRADES, figure, interval
from leal.documents.document import (
    Block,
    Bullets,
    Callout,
    Figure,
    Paragraph,
    Shown,
    Table,
    TableColumn,
    Words,
)
from leal.documents.owners import Owners
from leal.documents.spoken_document import narrowed
from leal.results import Estimate, Grade, Money
from leal.wording import LANGUAGES, Count, Day, Language, RoundAmount, Text

YEAR = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """An audit, who answers for what, the first day, and results that later analyses add.

    Attributes
    ----------
    audit : Audit
        The answers of the ten checks.
    owners : Owners
        Names and dates.
    start : datetime.date or None
        The day that the calendar counts from.
    results : mapping of str to object
        Further results by name, such as ``"lifetime_value"``; see `strategy_results`.
    languages : tuple of {"en", "ru"}
        Languages of the customers, for the words that are sent to them.
    """

    audit: Audit
    owners: Owners
    start: dt.date | None
    results: Mapping[str, object] = field(default_factory=dict)
    languages: tuple[Language, ...] = LANGUAGES

    def check(self, number: int) -> Check:
        """Return the check of a mistake."""
        return self.audit[number]

    def estimate(self, number: int, name: str) -> Estimate | None:
        """Return a figure of a check by the English name it is shown under, None where it is not known."""
        for named in self.audit[number].estimates:
            if named.name.message == name and named.value.known:
                return named.value
        return None

    def figures(self, number: int, title: Text, *names: str) -> tuple[Block, ...]:
        """Return some figures of a check, by the English names they are shown under, as a table."""
        check = self.audit[number]
        found = [named for name in names for named in check.estimates if named.name.message == name]
        rows = tuple(figure_row(named.name, named.value, check.grade) for named in found if named.value.known)
        return (figures_table(title, rows),) if rows else ()

    def unless_given(self, name: str, *blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Return what the audit shows of a subject; nothing where a result of that name tells it already."""
        if self.results.get(name) is not None:
            return ()
        return tuple(block for group in blocks for block in group)

    def day(self, after: int) -> Words:
        """Return the day that lies so many days after the first one."""
        if self.start is None:
            return Text("day {number}", number=Count(after))
        return Day(self.start + dt.timedelta(days=after))

    def exhibit(self, number: int, title: str) -> Exhibit | None:
        """Return a table of a check by its English title, None where there is none."""
        for exhibit in self.audit[number].exhibits:
            if exhibit.title.message == title and not exhibit.frame.is_empty():
                return exhibit
        return None

    def drawn(self, number: int, *draws: Callable[..., object]) -> tuple[Block, ...]:
        """Return the charts of a check that these functions of charts/ draw, in the order asked for."""
        found = [picture for draw in draws for picture in self._drawn_by(number, draw)]
        return tuple(Figure(picture=picture) for picture in found)

    def _drawn_by(self, number: int, draw: Callable[..., object]) -> tuple[Picture, ...]:
        pictures = self.audit[number].pictures
        return tuple(one for one in pictures if getattr(one.draw, "func", None) is draw)

    def first_charts(self, number: int, most: int) -> tuple[Block, ...]:
        """Return the first charts of a check that draws as many as its data ask for."""
        return tuple(Figure(picture=picture) for picture in self.audit[number].pictures[:most])

    def remarks(self, number: int, code: str) -> tuple[Text, ...]:
        """Return the remarks of a check with a stable code."""
        return tuple(note.text for note in self.audit[number].notes if note.code == code)

    def shown(
        self, number: int, title: str, *columns: str, rows: int = 12, slide: bool = False
    ) -> tuple[Block, ...]:
        """Return a table of a check with the columns that a page has room for; nothing without it.

        Where a chart tells the same, the slides do without the table.
        """
        found = self.exhibit(number, title)
        if found is None:
            return ()
        kept = narrowed(found, columns)
        return (Shown(exhibit=kept, rows=rows, currency=self.audit.currency, slide=slide),)


@dataclass(frozen=True, slots=True)
class Ranged:
    """A figure with its interval in one cell: "27 % (24 % to 30 %)"."""

    value: Estimate

    def into(self, language: Language) -> str:
        """Return the figure as written in `language`."""
        if not self.value.known:
            return Text("unknown").into(language)
        written = figure(self.value, self.value.estimate, language)
        between = interval(self.value, language)
        return f"{written} ({between})" if between and self.value.method != "counted" else written


def at_stake(check: Check) -> Words:
    """Return what a check puts at stake, with its interval."""
    if check.money is None:
        return Text("not counted")
    return Ranged(check.money)


def grade_words(grade: Grade | None) -> Words:
    """Return a grade of evidence as its letter; a dash where there is none."""
    return grade or "–"


def evidence(check: Check) -> Paragraph:
    """Return what a finding rests on, in a quiet line."""
    if check.grade is None:
        return Paragraph(text=Text("Evidence: not graded."), kind="quiet")
    return Paragraph(
        text=Text(
            "Evidence: grade {grade}, {name}. {meaning}",
            grade=check.grade,
            name=GRADES[check.grade][0],
            meaning=GRADES[check.grade][1],
        ),
        kind="quiet",
    )


def missing(check: Check) -> tuple[Block, ...]:
    """Return what a check still needs, nothing where it has all."""
    if not check.missing:
        return ()
    says_the_same = check.next_step.message.startswith("Bring this evidence")
    return (needs(check.missing, None if says_the_same else check.next_step),)


def needs(evidence_words: tuple[Text, ...], step: Text | None = None) -> Callout:
    """Return a box that says what is unknown for want of which evidence, and what to bring."""
    steps = () if step is None else (step,)
    return Callout(title=Text("Unknown: needs evidence"), items=(*evidence_words, *steps), kind="missing")


def figures(check: Check, title: Text, most: int = 10) -> tuple[Block, ...]:
    """Return the figures of a check as a table: what, figure with interval, n, grade."""
    rows = tuple(
        figure_row(named.name, named.value, check.grade)
        for named in check.estimates[:most]
        if named.value.known
    )
    return (figures_table(title, rows),) if rows else ()


def figures_table(title: Text, rows: tuple[tuple[Words, ...], ...]) -> Table:
    """Return a table of figures."""
    return Table(
        title=title,
        columns=(
            TableColumn(title=Text("What"), share=4.2),
            TableColumn(title=Text("Figure and interval"), share=4),
            TableColumn(title=Text("n"), numeric=True, share=1),
            TableColumn(title=Text("Grade A-D"), share=1.05),
        ),
        rows=rows,
    )


def figure_row(name: Words, value: Estimate, grade: Grade | None = None) -> tuple[Words, ...]:
    """Return a row of a table of figures; money tells its own grade."""
    own = value.grade if isinstance(value, Money) else grade
    return (name, Ranged(value), Count(value.n), grade_words(own))


def notes(check: Check) -> tuple[Block, ...]:
    """Return what to know of a check, each remark once."""
    texts = tuple(dict.fromkeys(note.text for note in check.notes))
    return (Bullets(items=texts),) if texts else ()


def amount(money: Money, value: float) -> RoundAmount:
    """Return an amount in the currency of another."""
    return RoundAmount(value, money.currency)


def listed(*texts: Text) -> Bullets:
    """Return a list of sentences."""
    return Bullets(items=texts)
