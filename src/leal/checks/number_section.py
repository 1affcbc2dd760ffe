"""Beside check 9: which number predicts your money, and your own curve of behaviour by score."""

from __future__ import annotations

from functools import partial

import polars as pl

from leal.charts import foretold_numbers, score_steps
from leal.checks.book import Book
from leal.checks.findings import Exhibit, Heading, Named, Picture, Unit, ranged
from leal.checks.once import once
from leal.checks.supplement import Supplement
from leal.predict import (
    NUMBER_WORDS,
    OUTCOME_WORDS,
    OutcomeForetold,
    WhichNumber,
    foretelling_of,
    windows_of,
)
from leal.results import Note, with_limits
from leal.wording import Count, Text


def which_number_predicts(book: Book) -> Supplement | None:
    """Return how well NPS, score, satisfaction and index foretell later money; None without dated answers."""
    found = numbers_of(book)
    return None if found is None else numbers_supplement(found)


@once
def numbers_of(book: Book) -> WhichNumber | None:
    """Return which number foretells later money; None without dated answers of customers who bought."""
    needs = book.lacking(
        answers=("customer", "answered_at", "recommend"), purchases=("customer", "bought_at", "amount")
    )
    if needs:
        return None
    answers = book.evidence.table("answers")
    framed = windows_of(answers, book.money_days, money=book.money_column)
    return foretelling_of(framed, level=book.level)


def numbers_supplement(found: WhichNumber) -> Supplement:
    """Return which number predicts money, dressed: verdicts, tables and charts; unknown is said."""
    if not found.known:
        return Supplement(notes=(Note(code="which_number", text=found.sentence()),))
    verdicts = tuple(Note(code="which_number", text=one.verdict) for one in found)
    return Supplement(
        estimates=_estimates(found),
        exhibits=(_numbers(found), _curve(found)),
        pictures=(_picture(found["spend"]), _steps(found)),
        notes=(*verdicts, *found.notes),
    )


def _estimates(found: WhichNumber) -> tuple[Named, ...]:
    spend = found["spend"]
    past = Named(name=Text("Later spend foretold by past behaviour"), value=spend.past)
    return (
        past,
        *(Named(name=Text("Later spend foretold: {name}", name=one.words), value=one.alone) for one in spend),
    )


def _numbers(found: WhichNumber) -> Exhibit:
    outcomes = {name: str(words) for name, words in OUTCOME_WORDS.items()}
    numbers = {name: str(words) for name, words in NUMBER_WORDS.items()}
    frame = found.to_frame().with_columns(
        pl.col("outcome").replace_strict(outcomes), pl.col("number").replace_strict(numbers)
    )
    figures = (
        ("alone", Text("Foretold alone")),
        ("added", Text("Added to past behaviour")),
        ("over_nps", Text("Above the NPS groups")),
    )
    headings = [
        Heading(name="outcome", title=Text("What came after")),
        Heading(name="number", title=Text("Number")),
    ]
    for name, title in figures:
        headings += ranged(name, title, "percent")
    return Exhibit(
        title=Text("Which number predicts your money"),
        frame=frame,
        headings=(*headings, Heading(name="auc", title=Text("AUC"), unit="number")),
        remark=Text(
            "Purchases of {days} days after the answer, of {n} customers; each number learnt on four fifths"
            " and tried on the last. Zero foretells nothing; AUC .5 does not tell who stops.",
            days=Count(found.window),
            n=Count(found.n),
        ),
    )


def _curve(found: WhichNumber) -> Exhibit:
    headings = [
        Heading(name="score", title=Text("Score"), unit="count"),
        Heading(name="n", title=Text("Customers"), unit="count"),
    ]
    figures: tuple[tuple[str, Text, Unit], ...] = (
        ("repeat", Text("Purchase days"), "number"),
        ("spend", Text("Spend"), "amount"),
        ("retention", Text("Bought again"), "percent"),
    )
    for name, title, unit in figures:
        headings += ranged(name, title, unit)
    return Exhibit(
        title=Text("What customers of each score did afterwards"),
        frame=found.curve,
        headings=tuple(headings),
        remark=Text(
            "Of the {days} days after the answer. Who gives a 10 differs from who gives a 5 in more than the"
            " score: do not read the gap as what raising a score earns.",
            days=Count(found.window),
        ),
    )


def _picture(spend: OutcomeForetold) -> Picture:
    rows = [
        {
            "name": str(one.words),
            **with_limits("alone", one.alone),
            **with_limits("added", one.added),
        }
        for one in spend
    ]
    return Picture(
        title=Text("Which number foretells what customers will spend"),
        draw=partial(foretold_numbers, pl.DataFrame(rows)),
        description=spend.verdict,
    )


def _steps(found: WhichNumber) -> Picture:
    return Picture(
        title=Text("Share who bought again, by the score they had given"),
        draw=partial(score_steps, found.curve),
        description=Text("Share of customers of each score who bought in the days after the answer."),
    )
