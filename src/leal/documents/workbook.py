"""The report as a workbook: a summary, a sheet a check with real numbers and native charts, the words."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from typing import Any

from leal.checks import Audit, Check, Exhibit
from leal.documents import cells
from leal.documents.glossary import GLOSSARY
from leal.documents.methods import methods_of_audit
from leal.documents.sheets import Formats, Sheet, SheetColumn, sheet_name
from leal.documents.view import ReportView
from leal.results import Money
from leal.wording import Language, Text

_NO_FORMULAS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_DRAWN = ("amount", "percent", "points", "number", "count")


def xlsx_report(audit: Audit, language: Language = "en") -> bytes:
    """Return the audit as an XLSX workbook.

    Numbers are numbers with a format, days are days, money can be added up; every text is a string
    whatever it begins
    with, so that no name or comment of a customer is taken for a formula. Charts are Excel's own and
    follow the cells.

    Parameters
    ----------
    audit : Audit
        As `leal.audit` returns it.
    language : {"en", "ru"}
        Language of the words and of the names of the sheets.

    Returns
    -------
    bytes
        The workbook, to be written into a file ``.xlsx``.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _NO_FORMULAS) as book:
        book.set_properties({"title": ReportView(audit=audit, language=language).title, "comments": "Leal"})
        formats = Formats(book=book, language=language, currency=audit.currency)
        _Workbook(audit=audit, language=language, formats=formats).write()
    return buffer.getvalue()


class _Workbook:
    """The sheets of one audit."""

    def __init__(self, *, audit: Audit, language: Language, formats: Formats) -> None:
        self.audit = audit
        self.language = language
        self.formats = formats
        self.view = ReportView(audit=audit, language=language)
        self.names: list[str] = []

    def write(self) -> None:
        """Write all sheets in their order."""
        self._summary()
        for check in self.audit.checks:
            self._check(check)
        if self.audit.reconciliations:
            self._files()
        self._words()

    def say(self, words: object) -> str:
        """Return words in the language of the workbook."""
        return words.into(self.language) if isinstance(words, Text) else str(words)

    def _sheet(self, name: str, title: str) -> Sheet:
        unique = sheet_name(name, self.names)
        self.names.append(unique)
        sheet = Sheet(self.formats, unique)
        sheet.title(title)
        return sheet

    def _column(self, title: Text, unit: Any, values: Iterable[object]) -> SheetColumn:
        said = [self.say(value) if isinstance(value, Text) else value for value in values]
        return SheetColumn(title=self.say(title), unit=unit, values=said)

    def _summary(self) -> None:
        sheet = self._sheet(self.say(Text("Summary")), self.view.title)
        sheet.lines([*self.view.deck, " · ".join(self.view.data)])
        sheet.lines([self.say(note.text) for note in self.view.notes], quiet=True)
        sheet.space()
        steps = [f"{at}. {self.say(step)}" for at, step in enumerate(self.audit.first_steps, 1)]
        sheet.lines([self.say(Text("What to do first")), *steps])
        sheet.space()
        columns = self._ranking(self.audit.ranked)
        title = self.say(Text("The ten checks, by money at stake"))
        first = sheet.table(title, columns)
        if any(isinstance(value, float) for value in columns[3].values):
            sheet.space()
            sheet.bars(self.say(Text("Money at stake")), first, columns, 3, low=4, high=5)
        sheet.close()

    def _ranking(self, checks: Sequence[Check]) -> list[SheetColumn]:
        moneys = [check.money for check in checks]
        return [
            self._column(
                Text("Check"), "text", [f"{check.number}. {self.say(check.name)}" for check in checks]
            ),
            self._column(Text("Verdict"), "text", [_VERDICTS[check.verdict] for check in checks]),
            self._column(Text("dangerous"), "text", [self._danger(check) for check in checks]),
            self._column(Text("Money at stake"), "amount", [_part(money, "estimate") for money in moneys]),
            self._column(Text("Interval from"), "amount", [_part(money, "ci_low") for money in moneys]),
            self._column(Text("Interval to"), "amount", [_part(money, "ci_high") for money in moneys]),
            self._column(Text("Money is"), "text", [self._kind(money) for money in moneys]),
            self._column(Text("Evidence"), "text", [self._grade(check) for check in checks]),
            self._column(Text("Finding"), "text", [check.finding for check in checks]),
            self._column(Text("Next step"), "text", [check.next_step for check in checks]),
        ]

    def _danger(self, check: Check) -> Text | None:
        return Text("dangerous") if self.audit.is_dangerous(check) else None

    def _kind(self, money: Money | None) -> str | None:
        if money is None or not money.known:
            return None
        return f"{self.say(cells.basis(money))}, {self.say(cells.period(money))}"

    def _grade(self, check: Check) -> str | None:
        return f"{check.grade}: {self.say(cells.GRADES[check.grade][0])}" if check.grade else None

    def _check(self, check: Check) -> None:
        name = self.say(check.name)
        sheet = self._sheet(f"{check.number} {name}", f"{check.number}. {name}")
        sheet.lines([self.say(check.question)], quiet=True)
        sheet.lines([self.say(check.finding)])
        sheet.space()
        sheet.pair(self.say(Text("Verdict")), self.say(_VERDICTS[check.verdict]))
        if check.money is not None and check.money.known:
            for title, part in _MONEY_PARTS:
                sheet.pair(self.say(title), getattr(check.money, part), "amount")
            sheet.pair(self.say(Text("Money is")), self._kind(check.money))
        if check.grade:
            sheet.pair(self.say(Text("Evidence")), self._grade(check))
        sheet.pair(self.say(Text("Next step")), self.say(check.next_step))
        for item in check.missing:
            sheet.pair(self.say(Text("What is missing")), self.say(item))
        sheet.space()
        self._estimates(sheet, check)
        for exhibit in check.exhibits:
            self._exhibit(sheet, exhibit)
        self._claims(sheet, check)
        sheet.lines([self.say(note.text) for note in check.notes], quiet=True)
        sheet.close()

    def _estimates(self, sheet: Sheet, check: Check) -> None:
        """Write the figures of a check; each row has the format of its own kind of figure."""
        groups: dict[str, list[Any]] = {}
        for named in check.estimates:
            unit = "amount" if isinstance(named.value, Money) else _unit_of(named.value)
            groups.setdefault(unit, []).append(named)
        for unit, found in groups.items():
            values = [named.value for named in found]
            columns = [
                self._column(Text("What"), "text", [named.name for named in found]),
                self._column(Text("Figure"), unit, [value.estimate for value in values]),
                self._column(Text("Interval from"), unit, [value.ci_low for value in values]),
                self._column(Text("Interval to"), unit, [value.ci_high for value in values]),
                self._column(Text("n"), "count", [value.n for value in values]),
            ]
            sheet.table(self.say(Text("The figures")), columns)

    def _exhibit(self, sheet: Sheet, exhibit: Exhibit) -> None:
        frame = exhibit.frame
        columns = [
            self._column(heading.title, heading.unit, frame[heading.name].to_list())
            for heading in exhibit.headings
        ]
        first = sheet.table(exhibit.title.into(self.language), columns)
        if exhibit.remark:
            sheet.row -= 1
            sheet.lines([self.say(exhibit.remark)], quiet=True)
            sheet.space()
        drawn = _drawn_column(exhibit)
        if drawn is not None:
            names = [heading.name for heading in exhibit.headings]
            low, high = (names.index(end) if end in names else None for end in ("ci_low", "ci_high"))
            sheet.bars(exhibit.title.into(self.language), first, columns, drawn, low=low, high=high)

    def _claims(self, sheet: Sheet, check: Check) -> None:
        if not check.claims:
            return
        columns = [
            self._column(Text("Claim"), "text", [claim.subject for claim in check.claims]),
            self._column(Text("What is said"), "text", [claim.document for claim in check.claims]),
            self._column(Text("Research"), "text", [claim.research for claim in check.claims]),
            self._column(Text("Your data"), "text", [claim.yours for claim in check.claims]),
        ]
        sheet.table(self.say(Text("What is said, what is known, what your data show")), columns)

    def _files(self) -> None:
        title = self.say(Text("How each file was read"))
        sheet = self._sheet(self.say(Text("Files")), title)
        files = self.audit.reconciliations
        columns = [
            self._column(Text("File"), "text", [file.file for file in files]),
            self._column(Text("Rows read"), "count", [file.rows_read for file in files]),
            self._column(Text("Accepted"), "count", [file.accepted for file in files]),
            self._column(Text("Rejected"), "count", [file.rejected_count for file in files]),
            self._column(Text("Duplicates"), "count", [file.duplicates for file in files]),
            self._column(Text("NPS by the file"), "points", [file.nps_before for file in files]),
            self._column(Text("NPS here"), "points", [file.nps_after for file in files]),
        ]
        sheet.table("", columns)
        sheet.lines(self.view.joining)
        sheet.space()
        rejected = [(file.file, row) for file in files for row in file.rejected]
        if rejected:
            rows = [
                self._column(Text("File"), "text", [name for name, _ in rejected]),
                self._column(Text("Line"), "count", [row.line for _, row in rejected]),
                self._column(Text("Reason"), "text", [row.text for _, row in rejected]),
            ]
            sheet.table(self.say(Text("Rejected rows")), rows)
        sheet.close()

    def _words(self) -> None:
        sheet = self._sheet(self.say(Text("Glossary")), self.say(Text("How to read and check the figures")))
        methods = methods_of_audit(self.audit)
        for title, rows in (
            (Text("Grades of evidence"), [(grade, words[1]) for grade, words in cells.GRADES.items()]),
            (Text("Methods of the intervals"), [(note.name, note.words) for note in methods]),
            (Text("Glossary"), list(GLOSSARY)),
        ):
            columns = [
                self._column(Text("Term"), "text", [term for term, _ in rows]),
                self._column(Text("Meaning"), "text", [words for _, words in rows]),
            ]
            sheet.table(self.say(title), columns)
        sheet.close()


_VERDICTS = {"guarded": Text("guarded"), "exposed": Text("exposed"), "unknown": Text("unknown")}
_MONEY_PARTS = (
    (Text("Money at stake"), "estimate"),
    (Text("Interval from"), "ci_low"),
    (Text("Interval to"), "ci_high"),
)


def _part(money: Money | None, name: str) -> float | None:
    value = None if money is None else float(getattr(money, name))
    return value if value is not None and math.isfinite(value) else None


def _unit_of(estimate: object) -> str:
    """Return how a figure's numbers are formatted, by the way it writes itself."""
    words = estimate.figure(0.5).into("en")  # type: ignore[attr-defined]
    return "percent" if words.endswith("%") else "number"


def _drawn_column(exhibit: Exhibit) -> int | None:
    """Return the column worth a bar chart: the first figure after names, in a table of two rows or more."""
    headings = exhibit.headings
    if exhibit.frame.height < 2 or not headings or headings[0].unit not in ("text", "month", "wave", "day"):
        return None
    for unit in _DRAWN:
        for at, heading in enumerate(headings[1:], 1):
            if heading.unit == unit and heading.name not in ("ci_low", "ci_high", "n"):
                return at if exhibit.frame[heading.name].dtype.is_numeric() else None
    return None
