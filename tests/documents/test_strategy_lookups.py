"""What a strategy looks up by name stands in the audit: renaming it in a check must not drop it silently."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import polars as pl
import pytest

from leal.checks import Audit, Check, audit
from leal.documents import Document, Figure, Owners, Shown, strategy_of
from leal.documents.strategy_material import Material
from leal.engine import collect, lazy
from leal.evidence import Evidence
from leal.simulate import company

PROMISES = {
    ("table", 3, "The ledger: promised, noticed, proved"),
    ("chart", 3, "ledger_steps"),
    ("remark", 3, "wrong_about"),
}
"""What is looked up of a company whose actions tell what was promised of them."""

LEFT_TO_THE_REPORT: dict[tuple[int, str], str] = {
    (1, "Spent, noticed, moved, earned"): "its figures stand in the stop list and in the proof ledger",
    (1, "Stop list"): "its decisions stand in the stop list of part 7",
    (5, "Drift of needs: effects of each period and the next"): "shown where an effect surely changed",
    (5, "Who answers, month by month"): "the finding of mood tells what it means; the report has the months",
    (5, "Who answers again, by what they had said last"): "the report has it, beside the months",
    (6, "Answers and unsubscribing by the contacts of the days before"): "the chart of the same shows it",
    (3, "Programmes against their holdout"): "its figures stand in the table of part 10",
    (6, "Satisfied customers who may be leaving, most money first"): "a strategy names no customer",
    (7, "Customers kept, lost and gained"): "the finding and the bridge of customer equity tell it",
    (7, "Share who buy in the k-th 30 days after their first purchase"): "the chart of the same shows it",
    (10, "Professional staff, by the employee who served"): "a strategy names no employee",
    (9, "What each segmentation foretells, out of sample"): "the chart of the same shows it",
    (9, "Do the groups keep their customers?"): "the stability of each segmentation stands in the report",
    (9, "Which number predicts your money"): "its verdicts and the chart of the same tell it",
    (9, "What customers of each score did afterwards"): "the chart of the same shows it",
}
"""Tables of an audit that no part of a strategy shows, each with the reason."""


class Lookups:
    """What a strategy asked of an audit, and what it found."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, int, str], bool] = {}
        self.columns: dict[tuple[int, str], set[str]] = {}

    def note(self, kind: str, number: int, name: str, found: object) -> None:
        self.found[(kind, number, name)] = bool(found)

    @property
    def missed(self) -> set[tuple[str, int, str]]:
        return {key for key, found in self.found.items() if not found}


@contextmanager
def watched() -> Iterator[Lookups]:
    """Note every look-up of the parts of a strategy."""
    seen = Lookups()
    with pytest.MonkeyPatch.context() as patch:
        exhibit, estimate, drawn = Material.exhibit, Material.estimate, Material.drawn
        remarks, shown, figures = Material.remarks, Material.shown, Material.figures

        def watch_exhibit(self: Material, number: int, title: str) -> object:
            answer = exhibit(self, number, title)
            seen.note("table", number, title, answer is not None)
            return answer

        def watch_estimate(self: Material, number: int, name: str) -> object:
            answer = estimate(self, number, name)
            seen.note("figure", number, name, answer is not None)
            return answer

        def watch_drawn(self: Material, number: int, *draws: object) -> object:
            for draw in draws:
                seen.note("chart", number, draw.__name__, drawn(self, number, draw))  # type: ignore[attr-defined, arg-type]
            return drawn(self, number, *draws)  # type: ignore[arg-type]

        def watch_remarks(self: Material, number: int, code: str) -> object:
            answer = remarks(self, number, code)
            seen.note("remark", number, code, answer)
            return answer

        def watch_shown(self: Material, number: int, title: str, *columns: str, **options: object) -> object:
            seen.columns[(number, title)] = set(columns)
            return shown(self, number, title, *columns, **options)  # type: ignore[arg-type]

        def watch_figures(self: Material, number: int, title: object, *names: str) -> object:
            known = {named.name.message for named in self.audit[number].estimates}
            for name in names:
                seen.note("figure", number, name, name in known)
            return figures(self, number, title, *names)  # type: ignore[arg-type]

        for name, watch in {
            "exhibit": watch_exhibit,
            "estimate": watch_estimate,
            "drawn": watch_drawn,
            "remarks": watch_remarks,
            "shown": watch_shown,
            "figures": watch_figures,
        }.items():
            patch.setattr(Material, name, watch)
        yield seen


@cache
def whole_audit() -> Audit:
    """Audit a company large enough that every check has all to show."""
    return audit(company(1500, seed=28, language="en").evidence, margin=0.3)


@cache
def looked_up() -> tuple[Document, Lookups]:
    with watched() as seen:
        return strategy_of(whole_audit()), seen


@cache
def audit_with_promises() -> Audit:
    """Audit actions that tell what was promised: too much of each, so that we were wrong."""
    evidence = company(500, seed=28, language="en").evidence
    actions = pl.from_dataframe(collect(lazy(evidence.table("actions"))))
    promised = actions.with_columns(promised=pl.lit(5e6))
    return audit(Evidence(actions=promised, purchases=evidence.table("purchases")), margin=0.3)


def test_everything_that_a_strategy_looks_up_is_there() -> None:
    _, seen = looked_up()
    assert len(seen.found) > 40
    assert seen.missed == set()


def test_every_column_that_a_strategy_shows_is_there() -> None:
    _, seen = looked_up()
    for (number, title), columns in seen.columns.items():
        headings = [one.headings for one in whole_audit()[number].exhibits if one.title.message == title]
        assert columns <= {heading.name for heading in headings[0]}, title


def test_promises_that_were_too_large_are_told() -> None:
    with watched() as seen:
        strategy_of(audit_with_promises())
    assert set(seen.found) >= PROMISES
    assert not seen.missed & PROMISES
    title = "The ledger: promised, noticed, proved"
    table = next(one for one in audit_with_promises()[3].exhibits if one.title.message == title)
    assert seen.columns[(3, title)] <= {heading.name for heading in table.headings}


def test_every_table_of_the_audit_is_shown_or_left_to_the_report_for_a_reason() -> None:
    document, _ = looked_up()
    shown = {
        block.exhibit.title.message
        for part in document.parts
        for block in part.blocks
        if isinstance(block, Shown)
    }
    left = {
        (check.number, exhibit.title.message)
        for check in whole_audit().checks
        for exhibit in check.exhibits
        if exhibit.title.message not in shown
    }
    assert left == set(LEFT_TO_THE_REPORT)


def test_every_chart_of_the_audit_is_shown() -> None:
    document, _ = looked_up()
    # what is told at length draws the same chart anew
    shown = {
        getattr(block.picture.draw, "func", None)
        for part in document.parts
        for block in part.blocks
        if isinstance(block, Figure)
    }
    left = [
        f"{check.number}: {picture.title}"
        for check in _drawing()
        for picture in check.pictures
        if getattr(picture.draw, "func", None) not in shown
    ]
    assert not left


def _drawing() -> list[Check]:
    """All checks but 5, which draws a chart for every score of every group that moved."""
    return [check for check in whole_audit().checks if check.number != 5]


def test_a_table_that_was_renamed_is_missed() -> None:
    with watched() as seen:
        Material(audit=whole_audit(), owners=Owners(), start=None).shown(10, "Whom rivals leave open")
    assert seen.missed == {("table", 10, "Whom rivals leave open")}
