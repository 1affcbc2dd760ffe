"""Check 4: what drives satisfaction and loyalty, and with what certainty."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from leal.charts import priority_map
from leal.checks.book import Book
from leal.checks.catalogue import mistake
from leal.checks.causes_model import CausesModel, causes_model
from leal.checks.findings import Check, Exhibit, Heading, Named, Picture, Verdict, missing_evidence, ranged
from leal.checks.penalties import KINDS
from leal.checks.stake import stake
from leal.checks.words import told
from leal.engine import lazy
from leal.explain import Driver, Drivers, LeftOut, drivers, money_per_point, scale_of
from leal.path_model import construct_name
from leal.results import Estimate, Money, Note
from leal.statistics import from_draws, standard_error_of
from leal.wording import Count, Listing, Percent, Points, Text, quoted

NUMBER = 4
LEAST_EXPLAINED = 0.25
"""Share of satisfaction below which the survey does not ask for its causes."""

_DRAWS = 20_000


def check_causes(book: Book) -> Check:
    """Answer check 4 from the evidence of `book`.

    Notes
    -----
    Exposed where the items together explain less than a quarter of the score (the survey does not ask for its
    causes), or where an item that surely matters more than its fair share is surely done worse than the items
    are on average. Guarded otherwise. Unknown without two items that may be causes or with too few complete
    answers. Money at stake: customers x what the worst such cause lacks to the average x its effect on the
    score x the money that goes with a point of it; grade C, not proved. Where the answers hold the items of
    an index (EPSI, ECSI, ACSI) the path model speaks first, and the items one by one stand beside it as a
    check; a construct that is surely a cause, matters no less than the average and is surely done worse than
    the average exposes, too.
    """
    score = next((name for name in ("satisfaction", "recommend") if book.evidence.has("answers", name)), None)
    model = causes_model(book)
    if score is None:
        if model is not None:
            return _by_model(model)
        return mistake(NUMBER).unknown((missing_evidence("answers", ("satisfaction",)), _ITEMS))
    found = drivers(book.evidence.table("answers"), outcome=score, level=book.level)
    if not found.drivers:
        return _by_model(model) if model is not None else _too_little(found)
    return _Causes(book=book, found=found, model=model).check()


def _by_model(model: CausesModel) -> Check:
    """Return the check where only the path model can speak."""
    weak = model.weak
    little = model.explained.estimate < LEAST_EXPLAINED
    return mistake(NUMBER).answered(
        verdict="exposed" if weak or little else "guarded",
        finding=model.finding(),
        next_step=_step_by_model(model),
        grade="C",
        estimates=model.estimates(),
        exhibits=model.exhibits(),
        pictures=model.pictures(),
        notes=model.notes(),
    )


def _step_by_model(model: CausesModel) -> Text:
    target = next(iter(model.weak or model.causes), None)
    if target is None:
        return Text(
            "Ask customers in open words what spoilt it, and put the commonest reasons on the survey."
        )
    if model.weak:
        return Text(
            "Improve {item} first, in one unit or for a part of the customers drawn by lot, and hold the"
            " others back: the survey shows a link, not a cause.",
            item=construct_name(target.construct),
        )
    return Text(
        "Keep {item} where it is, and do not pay for items that explain little.",
        item=construct_name(target.construct),
    )


_ITEMS = Text("answers: questions on single parts of the service, on one scale (speed, staff, quality ...)")


def _too_little(found: Drivers) -> Check:
    codes = {note.code for note in found.notes}
    missing = _ITEMS if "few_items" in codes else found.notes[0].text
    step = Text(
        "Ask in the next survey for five to ten parts of the service on the same scale as satisfaction."
    )
    return mistake(NUMBER).unknown((missing,), next_step=step, notes=found.notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Causes:
    """The figures of check 4, dressed piece by piece."""

    book: Book
    found: Drivers
    model: CausesModel | None = None

    def check(self) -> Check:
        link = self.link()
        money = self.stake(link)
        return mistake(NUMBER).answered(
            verdict=self.verdict(),
            finding=self.finding(),
            money=money,
            next_step=self.next_step(),
            grade="C",
            estimates=(*(self.model.estimates() if self.model else ()), *self.estimates(link)),
            exhibits=(*(self.model.exhibits() if self.model else ()), *self.exhibits()),
            pictures=(*(self.model.pictures() if self.model else ()), self.picture()),
            notes=(*self.found.notes, *(self.model.notes() if self.model else ())),
        )

    @property
    def score(self) -> Text | str:
        return _score_name(self.found.outcome)

    @property
    def weak(self) -> tuple[Driver, ...]:
        """The leading causes that are surely done worse than the average of the items."""
        average = self.found.mean_performance
        return tuple(one for one in self.found.leading if one.performance.ci_high < average)

    @property
    def explains_little(self) -> bool:
        explained = self.found.explained
        return explained is not None and explained.estimate < LEAST_EXPLAINED

    def verdict(self) -> Verdict:
        by_model = self.model is not None and bool(self.model.weak)
        return "exposed" if self.explains_little or self.weak or by_model else "guarded"

    def finding(self) -> Text:
        items = self._by_items()
        if self.model is None:
            return items
        return Text("{model} Item by item: {items}", model=self.model.finding(), items=items)

    def _by_items(self) -> Text:
        assert self.found.explained is not None
        if self.explains_little:
            return Text(
                "The questions asked explain only {share} of {score}: its causes are not in the survey.",
                share=told(self.found.explained),
                score=self.score,
            )
        first = self.found.drivers[0]
        if not self.found.leading:
            return Text(
                "No single cause stands out: {count} items explain {share} of {score} about evenly.",
                count=Count(len(self.found.drivers)),
                share=told(self.found.explained),
                score=self.score,
            )
        leads = Text(
            "{item} matters most for {score}: it explains {share} of it, and is at {performance} of 100.",
            item=_called(first),
            score=self.score,
            share=told(first.importance),
            performance=Points(first.performance.estimate),
        )
        return Text("{leads} {weak}", leads=leads, weak=self._weak_words())

    def _weak_words(self) -> Text:
        average = Points(self.found.mean_performance)
        if not self.weak:
            return Text("No leading cause is done worse than the average ({average}).", average=average)
        return Text(
            "Leading causes done worse than the average ({average}): {items}.",
            average=average,
            items=Listing.of(_called(one) for one in self.weak),
        )

    def next_step(self) -> Text:
        if self.explains_little:
            return Text(
                "Ask customers in open words what spoilt it, and put the commonest reasons on the survey."
            )
        target = self.weak[0] if self.weak else self.found.drivers[0]
        if self.weak:
            return Text(
                "Improve {item} first, in one unit or for a part of the customers drawn by lot, and hold the"
                " others back: the survey shows a link, not a cause.",
                item=_called(target),
            )
        return Text(
            "Keep {item} where it is, and do not pay for items that explain little.", item=_called(target)
        )

    def link(self) -> Estimate | None:
        """Yearly money that goes with a point of the score, None without purchases."""
        score = self.found.outcome
        answers = self.book.evidence.table("answers")
        if answers is None or not self.book.evidence.has("purchases"):
            return None
        scale = scale_of(lazy(answers), score)
        if scale is None:
            return None
        return money_per_point(
            self.book.answers,
            self.book.money_days,
            scale,
            money=self.book.money_column,
            level=self.book.level,
        )

    def stake(self, link: Estimate | None) -> Money | None:
        """Money a year of raising the first weak cause to the average; None where nothing says."""
        if link is None or not link.known or not self.weak:
            return None
        cause = self.weak[0]
        lacking = self.found.mean_performance - cause.performance.estimate
        customers = self.book.customers.height
        product = _product(cause.effect, link)
        note = Note(
            code="not_proved",
            text=Text(
                "Not proved: what {item} lacks to the average x its effect x the money that goes with a point"
                " of {score}, all by correlation.",
                item=_called(cause),
                score=self.score,
            ),
        )
        return stake(self.book, product, grade="C", factor=customers * lacking, notes=(note,))

    def estimates(self, link: Estimate | None) -> tuple[Named, ...]:
        assert self.found.explained is not None
        named = [
            Named(
                name=Text("Share of {score} that all items explain", score=self.score),
                value=self.found.explained,
            )
        ]
        named += [
            Named(name=Text("Importance: {item}", item=one.label), value=one.importance)
            for one in self.found.drivers[:3]
        ]
        if link is not None and link.known:
            name = Text("Money a year that goes with a point of {score} (of 100)", score=self.score)
            named.append(Named(name=name, value=stake(self.book, link, grade="C")))
        return tuple(named)

    def exhibits(self) -> list[Exhibit]:
        exhibits = [_priorities(self.found)]
        if self.found.left_out:
            exhibits.append(_left_out(self.found))
        return exhibits

    def picture(self) -> Picture:
        frame = self.found.to_frame()
        renamed = {
            f"{figure}_ci_{end}": f"{figure}_{end}"
            for figure in ("importance", "performance")
            for end in ("low", "high")
        }
        return Picture(
            title=Text("What matters and how well it is done: begin at the bottom right"),
            draw=partial(priority_map, frame.rename(renamed)),
            description=self.finding(),
        )


def _called(one: Driver) -> Text | str:
    """Return an item as a sentence calls it: its name in quotes; a column as it is."""
    return one.name if one.label == one.name else quoted(one.label)


_SCORES = {"satisfaction": Text("satisfaction"), "recommend": Text("likelihood to recommend")}


def _score_name(outcome: str) -> Text | str:
    return _SCORES.get(outcome, outcome)


def _product(first: Estimate, second: Estimate, seed: int = 0) -> Estimate:
    """Return the product of two independent estimates, its limits by simulation."""
    random = np.random.default_rng(seed)
    drawn = np.ones(_DRAWS)
    for one in (first, second):
        drawn *= random.normal(one.estimate, standard_error_of(one), _DRAWS)
    middle, n = first.estimate * second.estimate, min(first.n, second.n)
    return from_draws(Estimate, middle, drawn, n=n, level=first.level, method="simulation")


def _priorities(found: Drivers) -> Exhibit:
    rows = [
        {
            "name": str(one.label),
            "item": one.name,
            "importance": one.importance.estimate,
            "importance_low": one.importance.ci_low,
            "importance_high": one.importance.ci_high,
            "performance": one.performance.estimate,
            "performance_low": one.performance.ci_low,
            "performance_high": one.performance.ci_high,
            "effect": one.effect.estimate,
            "penalty": one.asymmetry.penalty.estimate,
            "reward": one.asymmetry.reward.estimate,
            "kind": str(KINDS[one.asymmetry.kind]),
            "inflation": one.inflation if math.isfinite(one.inflation) else None,
            "grade": one.grade,
        }
        for one in found.drivers
    ]
    return Exhibit(
        title=Text("Priorities: importance and performance"),
        frame=pl.DataFrame(rows),
        headings=(
            *_item_headings(found.drivers),
            *ranged("importance", Text("Importance"), "percent"),
            *ranged("performance", Text("Performance, of 100"), "points"),
            Heading(name="effect", title=Text("Effect of a point"), unit="number"),
            Heading(name="penalty", title=Text("Where it is low"), unit="number"),
            Heading(name="reward", title=Text("Where it is high"), unit="number"),
            Heading(name="kind", title=Text("Kind")),
            Heading(name="inflation", title=Text("Overlap with the others"), unit="number"),
            Heading(name="grade", title=Text("Grade")),
        ),
        remark=Text(
            "Importance: share of {score} that the item explains ({metric}). Grade C: a link, not a proof. "
            "Where it is low (6 and below of 10) or high (9 and above): points of the score, of 100.",
            score=_score_name(found.outcome),
            metric=_METRICS[found.metric],
        ),
    )


_METRICS = {
    "lmg": Text("Shapley value of the explained variance"),
    "johnson": Text("Johnson's relative weight"),
}


_LEFT_OUT = {"item": pl.String, "correlation": pl.Float64, "reason": pl.String, "name": pl.String}


def _item_headings(items: Sequence[Driver | LeftOut]) -> tuple[Heading, ...]:
    """Return the heads of an item's name and column; the name alone where it is that of the column."""
    if all(one.label == one.name for one in items):
        return (Heading(name="name", title=Text("Item")),)
    return (Heading(name="name", title=Text("Question")), Heading(name="item", title=Text("Column")))


def _left_out(found: Drivers) -> Exhibit:
    rows = [
        {
            "item": one.name,
            "correlation": one.correlation if math.isfinite(one.correlation) else None,
            "reason": str(one.text),
            "name": str(one.label),
        }
        for one in found.left_out
    ]
    return Exhibit(
        title=Text("Items left out, for they are no causes"),
        frame=pl.DataFrame(
            rows,
            schema=_LEFT_OUT,
        ),
        headings=(
            *_item_headings(found.left_out),
            Heading(name="correlation", title=Text("Correlation with the score"), unit="number"),
            Heading(name="reason", title=Text("Reason")),
        ),
        remark=Text("{share} of the answers were complete.", share=Percent(_complete(found))),
    )


def _complete(found: Drivers) -> float:
    asked = found.n + found.incomplete
    return found.n / asked if asked else 0.0
