"""What the page shows of an audit, ready to be written: the front, a section a check."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl

from leal.charts import nps_bar
from leal.checks import Audit, Check, Exhibit, Heading, Picture, Unit
from leal.documents.cells import DASH, cell, column_digits, range_words
from leal.documents.drawing import Figure, draw
from leal.documents.methods import estimates_of, methods_of, methods_of_audit
from leal.documents.methods_in_words import MethodNote
from leal.results import Money, Note
from leal.wording import Count, Day, Language, Percent, Points, RoundAmount, Text, plural

NUMERIC = ("count", "number", "points", "percent", "amount", "p_value")
ROWS_SHOWN = 60
REJECTIONS_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """Money at stake as a bar on the common scale of all checks, in percent of its width."""

    start: float
    length: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """An audit and the language that it is shown in."""

    audit: Audit
    language: Language

    @property
    def title(self) -> str:
        """The first sentence of the report: the score with its interval."""
        score = self.audit.headline
        if score is None or not score.known:
            return self.say(Text("The ten checks of customer loyalty"))
        return self.say(
            Text(
                "NPS {estimate}, between {low} and {high} with {level} confidence",
                estimate=Points(score.estimate),
                low=Points(score.ci_low),
                high=Points(score.ci_high),
                level=Percent(score.level),
            )
        )

    @property
    def kicker(self) -> str:
        """What the report is, and as of which day."""
        if self.audit.as_of is None:
            return self.say(Text("Loyalty audit"))
        return self.say(Text("Loyalty audit, data up to {day}", day=Day(self.audit.as_of)))

    @property
    def deck(self) -> list[str]:
        """The sentences below the title: what was found, and what is dangerous."""
        found = self.say(self.audit.sentence())
        said = [found[:1].upper() + found[1:]]
        if danger := self._danger():
            said.append(self.say(danger))
        return said

    def _danger(self) -> Text | None:
        yearly, count = self.audit.yearly_money, len(self.audit.dangerous)
        if yearly is None or not count:
            return None
        share, amount = Percent(self.audit.danger_share), RoundAmount(yearly.estimate, yearly.currency)
        if self.audit.basis == "margin":
            return plural(
                "{count} is dangerous: it puts more than {share} of the yearly margin of {amount} at stake.",
                "{count} are dangerous: each puts more than {share} of the yearly margin of {amount} at "
                "stake.",
                count,
                share=share,
                amount=amount,
            )
        return plural(
            "{count} is dangerous: it puts more than {share} of the yearly revenue of {amount} at stake.",
            "{count} are dangerous: each puts more than {share} of the yearly revenue of {amount} at stake.",
            count,
            share=share,
            amount=amount,
        )

    @property
    def data(self) -> list[str]:
        """What the data are: answers, files and rows, how many were matched."""
        said: list[Text] = []
        if self.audit.headline is not None:
            said.append(Text("{n} answers with a score", n=Count(self.audit.headline.n)))
        files = self.audit.reconciliations
        if files:
            said.append(plural("{count} file", "{count} files", len(files)))
            read, accepted = (
                sum(getattr(file, name) for file in files) for name in ("rows_read", "accepted")
            )
            said.append(
                Text("{accepted} of {read} rows accepted", accepted=Count(accepted), read=Count(read))
            )
        return [*(self.say(text) for text in said), *self._matched()]

    def _matched(self) -> list[str]:
        share = getattr(self.audit.joining, "matched_share", None)
        if not isinstance(share, float) or not math.isfinite(share):
            return []
        return [
            self.say(
                Text("{share} of the customers who answered found among purchases", share=Percent(share))
            )
        ]

    @property
    def notes(self) -> tuple[Note, ...]:
        """What to know of the score and of the whole audit."""
        score = self.audit.headline
        return (*(score.notes if score is not None else ()), *self.audit.notes)

    @property
    def score(self) -> Figure | None:
        """The headline score drawn, where its groups are known."""
        score = self.audit.headline
        if score is None or not score.known or not hasattr(score, "promoters"):
            return None
        table = score.to_frame()
        picture = Picture(
            title=Text("Shares of the answers, and the score with its interval"),
            draw=partial(nps_bar, table),
            description=score.sentence(),
        )
        return draw(picture, self.language, "score")

    @property
    def checks(self) -> list[CheckView]:
        """The sections of the ten checks, in their order."""
        return [CheckView(check=check, report=self) for check in self.audit.checks]

    @property
    def ranked(self) -> list[CheckView]:
        """The ten checks by money at stake."""
        return [CheckView(check=check, report=self) for check in self.audit.ranked]

    @property
    def methods(self) -> tuple[MethodNote, ...]:
        """The methods behind the report's figures."""
        return methods_of_audit(self.audit)

    @property
    def joining(self) -> list[str]:
        """How the tables were joined, in sentences."""
        report = self.audit.joining
        if report is None:
            return []
        sentences = getattr(report, "sentences", None)
        if callable(sentences):
            return [self.say(text) for text in sentences()]
        return [self.say(report.sentence())] if hasattr(report, "sentence") else []

    def say(self, text: Text) -> str:
        """Return a sentence in the report's language."""
        return text.into(self.language)

    def stake(self, money: Money | None) -> Stake | None:
        """Return money at stake as a bar on the common scale of all checks."""
        if money is None or not money.known:
            return None
        low, high = self._ends()
        width = (high - low) or 1.0

        def place(value: float) -> float:
            return round(100 * (min(max(value, low), high) - low) / width, 2)

        zero, end = place(0.0), place(money.estimate)
        whisker = [place(v) if math.isfinite(v) else end for v in (money.ci_low, money.ci_high)]
        return Stake(start=min(zero, end), length=abs(end - zero), low=whisker[0], high=whisker[1])

    def _ends(self) -> tuple[float, float]:
        ends = [0.0]
        for check in self.audit.checks:
            if check.money is not None and check.money.known:
                money = check.money
                ends += [v for v in (money.estimate, money.ci_low, money.ci_high) if math.isfinite(v)]
        return min(ends), max(ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """A check and the report that it stands in."""

    check: Check
    report: ReportView

    @property
    def dangerous(self) -> bool:
        """Whether the check is marked as dangerous."""
        return self.report.audit.is_dangerous(self.check)

    @property
    def stake(self) -> Stake | None:
        """Money at stake as a bar."""
        return self.report.stake(self.check.money)

    @property
    def figures(self) -> list[Figure]:
        """The charts, drawn."""
        number = self.check.number
        return [
            draw(picture, self.report.language, f"c{number}-{at}")
            for at, picture in enumerate(self.check.pictures)
        ]

    @property
    def tables(self) -> list[TableView]:
        """The tables, written."""
        language, currency = self.report.language, self.report.audit.currency
        return [table_view(exhibit, language, currency) for exhibit in self.check.exhibits]

    @property
    def methods(self) -> tuple[MethodNote, ...]:
        """The methods behind the figures of this check."""
        return methods_of(estimates_of(self.check))


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The head of a written table's column; `kind` is a class of the style sheet."""

    title: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """A table as the page writes it; `more` rows are left to the XLSX report."""

    title: str
    columns: list[Column]
    rows: list[list[str]]
    more: int
    remark: str | None


def table_view(exhibit: Exhibit, language: Language, currency: str | None = None) -> TableView:
    """Return an exhibit with its cells written in the report's language."""
    shown = exhibit.frame.head(ROWS_SHOWN).select(heading.name for heading in exhibit.headings)
    columns, written = _columns(exhibit.headings, shown, language, currency)
    rows = [list(row) for row in zip(*written, strict=True)]
    return TableView(
        title=exhibit.title.into(language),
        columns=columns,
        rows=rows,
        more=max(0, exhibit.frame.height - ROWS_SHOWN),
        remark=exhibit.remark.into(language) if exhibit.remark else None,
    )


def _columns(
    headings: Sequence[Heading], frame: pl.DataFrame, language: Language, currency: str | None
) -> tuple[list[Column], list[list[str]]]:
    """Return the heads and cells of a table; the two ends of an interval become one column."""
    columns: list[Column] = []
    written: list[list[str]] = []
    for at, heading in enumerate(headings):
        cells = _written(frame[heading.name].to_list(), heading.unit, language, currency)
        if at and _are_ends(headings[at - 1], heading):
            written[-1] = [_joined(low, high, language) for low, high in zip(written[-1], cells, strict=True)]
            columns[-1] = Column(title=Text("Interval").into(language), kind="numeric")
        else:
            columns.append(_column(heading, frame, language))
            written.append(cells)
    return columns, written


def _are_ends(low: Heading, high: Heading) -> bool:
    """Tell whether two neighbouring columns are the ends of one interval: `share_low`, `share_high`."""
    return (
        low.unit == high.unit
        and low.name.endswith("low")
        and high.name == f"{low.name.removesuffix('low')}high"
    )


def _joined(low: str, high: str, language: Language) -> str:
    if DASH in (low, high):
        return DASH
    return range_words(low, high, language)


def _written(values: list[object], unit: Unit, language: Language, currency: str | None) -> list[str]:
    """Return a column's cells, all with the same number of decimals."""
    digits = column_digits(values, unit)
    return [cell(value, unit, language, currency, digits) for value in values]


def _column(heading: Heading, frame: pl.DataFrame, language: Language) -> Column:
    numeric = heading.unit in NUMERIC and frame.schema[heading.name].is_numeric()
    kind = "numeric" if numeric else "date" if heading.unit in ("day", "month", "wave") else ""
    return Column(title=heading.title.into(language), kind=kind)


def rejections_shown(reconciliation: Any) -> list[Any]:
    """Return the rejected rows that the page lists."""
    return list(reconciliation.rejected[:REJECTIONS_SHOWN])
