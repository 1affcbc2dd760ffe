"""Your own ledger in a strategy: its totals, its lines, its quarters, and what outcomes teach of links."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial

from leal.charts import ledger_steps
from leal.checks import Exhibit, Heading, Picture
from leal.documents.document import Block, Figure, Paragraph, Shown, Table, TableColumn, Words
from leal.documents.strategy_material import Ranged, grade_words
from leal.prove import Ledger, Line, LinkEstimate
from leal.results import Estimate, Money
from leal.wording import Count, Decimal, Percent, Text

LINK_WORDS: Mapping[str, Text] = {
    "satisfaction": Text("points of satisfaction of those who notice"),
    "retention_per_point": Text("retention for a point of satisfaction"),
    "movement": Text("share of the gap that a moved customer really gains"),
    "negative_weight": Text("weight of a bad recommendation against a good one"),
    "noticed": Text("share who notice"),
}
"""The usual links as a reader knows them; others keep their name."""


def ledger(found: Ledger) -> tuple[Block, ...]:
    """Return a ledger: sentence, waterfall, lines, totals by quarter, links after their outcomes."""
    blocks: list[Block] = [Paragraph(text=found.sentence())]
    if found.actions:
        blocks += [*_waterfall(found), _lines(found), *_realised(found), _quarters(found)]
    if found.links:
        blocks.append(_links(found))
    return tuple(blocks)


def _waterfall(found: Ledger) -> tuple[Block, ...]:
    if found.promised is None:
        return ()
    picture = Picture(
        title=Text("From what was promised to what is proved"),
        draw=partial(ledger_steps, found.steps(), currency=found.promised.currency),
        description=found.sentence(),
    )
    return (Figure(picture=picture),)


def _lines(found: Ledger) -> Table:
    rows = tuple(
        (
            line.action,
            _money(line.promised),
            _noticed(line),
            _money(line.proved),
            _judged(line.proved, line.is_proved),
            _next(found, line.action, line.promised or line.proved),
            line.grade,
        )
        for line in found
    )
    heads = (
        Text("Action"),
        Text("Promised"),
        Text("Noticed"),
        Text("Measured"),
        Text("Proved?"),
        Text("To be expected of it again"),
    )
    return Table(
        title=Text("The ledger, line by line"),
        columns=(
            *(TableColumn(title=head, share=2) for head in heads),
            TableColumn(title=Text("Grade A-D"), share=1.05),
        ),
        rows=rows,
        remark=Text("To be expected again: promise and outcomes, each weighed by its certainty."),
    )


def _noticed(line: Line) -> Words:
    """Return the share who noticed, beside the share that the promise counted on where that was told."""
    if line.noticed is None:
        return Text("not asked")
    if line.expected == 1:
        return Ranged(line.noticed)
    return Text("{noticed}, of {expected}", noticed=Ranged(line.noticed), expected=Percent(line.expected))


def _money(value: Money | None) -> Words:
    return Text("not recorded") if value is None else Ranged(value)


def _judged(proved: Money | None, is_proved: bool) -> Text:
    if proved is None:
        return Text("not measured yet")
    return Text("proved") if is_proved else Text("not proved")


def _next(found: Ledger, action: str, like: Money | None) -> Words:
    """Return the next forecast of an action, written as the money that it is."""
    belief = found.next_forecast(action)
    if like is None or not belief.known:
        return "–"
    return Ranged(
        Money(
            estimate=belief.estimate,
            ci_low=belief.ci_low,
            ci_high=belief.ci_high,
            n=belief.n,
            level=belief.level,
            method=belief.method,
            currency=like.currency,
            basis=like.basis,
            period=like.period,
            grade=belief.grade,
        )
    )


def _realised(found: Ledger) -> tuple[Block, ...]:
    realised: Estimate = found.realised
    if not realised.known:
        return ()
    text = Text("For each unit of money promised {share} was measured.", share=Ranged(realised))
    return (Paragraph(text=text),)


def _quarters(found: Ledger) -> Shown:
    money = found.promised or found.measured
    exhibit = Exhibit(
        title=Text("Promised, measured and proved by quarter"),
        frame=found.by_quarter(),
        headings=(
            Heading(name="quarter", title=Text("Quarter"), unit="wave"),
            Heading(name="actions", title=Text("Actions"), unit="count"),
            Heading(name="promised", title=Text("Promised"), unit="amount"),
            Heading(name="measured", title=Text("Measured"), unit="amount"),
            Heading(name="measured_low", title=Text("from"), unit="amount"),
            Heading(name="measured_high", title=Text("to"), unit="amount"),
            Heading(name="proved", title=Text("Proved"), unit="amount"),
            Heading(name="cost", title=Text("Cost"), unit="amount"),
        ),
        remark=Text("By the day of promise and of proof; a dash stands for entries without a day."),
    )
    return Shown(exhibit=exhibit, currency=None if money is None else money.currency)


def _belief(link: LinkEstimate) -> Words:
    """Return a link with its interval; links are often thousandths, so all get two digits of the middle."""
    if not link.known:
        return Text("unknown")
    size = max(abs(link.estimate), 1e-6)
    digits = max(2, 1 - math.floor(math.log10(size)))
    return Text(
        "{figure} ({low} to {high})",
        figure=Decimal(link.estimate, digits),
        low=Decimal(link.ci_low, digits),
        high=Decimal(link.ci_high, digits),
    )


def _links(found: Ledger) -> Table:
    rows: list[tuple[Words, ...]] = []
    for name in found.links:
        link = found.link(name)
        rows.append(
            (
                LINK_WORDS.get(name, name),
                _belief(link),
                Count(link.outcomes),
                Percent(link.prior_weight) if link.known else "–",
                grade_words(link.grade),
            )
        )
    return Table(
        title=Text("What outcomes taught: links for the next forecast"),
        columns=(
            TableColumn(title=Text("Link"), share=3.4),
            TableColumn(title=Text("Believed now"), share=2.6),
            TableColumn(title=Text("Outcomes"), numeric=True, share=1.2),
            TableColumn(title=Text("Still first opinion"), numeric=True, share=1.4),
            TableColumn(title=Text("Grade A-D"), share=1.05),
        ),
        rows=tuple(rows),
    )
