"""The company as the files that a business would have: exports of a survey tool, a shop, a CRM."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from leal.errors import BadOption
from leal.simulate.file_words import HEADERS, KINDS_OF_CONTACT, NAMES, QUESTIONS, WORDS
from leal.simulate.messy import messy_mail, messy_phone, without_zeros
from leal.simulate.plan import ITEMS
from leal.simulate.streams import Streams
from leal.simulate.ways_answers import BLOCK
from leal.simulate.world import Company
from leal.wording import Language

PRIVATE_MAIL = 0.03
"""Share of answers under an address that the company does not know: they can be joined to nobody."""

_MONEY = ("amount", "margin", "discount")
_QUALTRICS = {
    "StartDate": "Start Date",
    "EndDate": "End Date",
    "Status": "Response Type",
    "Progress": "Progress",
    "Finished": "Finished",
    "RecordedDate": "Recorded Date",
    "ResponseId": "Response ID",
    "RecipientEmail": "Recipient Email",
    "ExternalReference": "External Data Reference",
    "DistributionChannel": "Distribution Channel",
    "UserLanguage": "User Language",
}
_EMBEDDED = (
    "segment",
    "unit",
    "account",
    "contact_role",
    "employee",
    "touchpoint",
    "survey_version",
    "weight",
    "action",
    "noticed",
)


def write_files(company: Company, folder: str | Path, language: Language = "en") -> dict[str, Path]:
    """Write a company as the messy files that a business of that language has.

    Parameters
    ----------
    company : Company
        What to write; its own words (comments, names of branches) stay in the language it was made in.
    folder : str or Path
        Made if absent; files of the same names in it are replaced.
    language : {"en", "ru"}
        English: a Qualtrics export with three header rows, shop orders as comma-separated UTF-8. Russian: an
        export of Google Forms, sales of 1C as cp1251 with semicolons, decimal commas and dd.mm.yyyy. In both
        the customers are a workbook, the reviews JSON, the rest small tables.

    Returns
    -------
    dict of Path
        The file of each table, by the table's name.

    Notes
    -----
    The survey finds its customers by mail and telephone in all spellings, the sales by a number that has lost
    its zeros; three answers in a hundred come from addresses that nobody knows. There are rows that must be
    turned down: previews and unfinished forms, cancelled orders, a row of totals.

    Raises
    ------
    BadOption
        Another language.
    """
    if language not in HEADERS:
        raise BadOption("language", language, list(HEADERS))
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    paths = {table: place / name for table, name in NAMES[language].items()}
    files = _Files(company, language, Streams(company.seed))
    for table, path in paths.items():
        files.write(table, path)
    return paths


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of one company in one language."""

    company: Company
    language: Language
    streams: Streams

    def write(self, table: str, path: Path) -> None:
        if table == "answers":
            self.qualtrics(path) if self.language == "en" else self.google_forms(path)
        elif table == "purchases":
            self.orders(path) if self.language == "en" else self.sales_of_1c(path)
        elif table == "customers":
            self.workbook(path)
        elif table == "reviews":
            self.reviews(path)
        else:
            self.small_table(table, path)

    def headers(self, table: str) -> dict[str, str]:
        return dict(HEADERS[self.language][table])

    def word(self, name: str) -> str:
        return WORDS[self.language][name]

    def answers(self) -> pl.DataFrame:
        people = self.company.tables["customers"].select("customer", "email", "phone")
        joined = self.company.tables["answers"].join(people, on="customer", how="left", maintain_order="left")
        luck = pl.Series(self.streams("private mail").random(joined.height))
        known = pl.when(luck >= PRIVATE_MAIL)
        return joined.with_columns(
            messy_mail(joined["email"], self.streams("mail in survey")),
            messy_phone(joined["phone"], self.streams("phone in survey")),
        ).with_columns(
            customer=known.then("customer"),
            email=known.then("email").otherwise("private." + pl.col("answer") + pl.lit("@home.example")),
            phone=known.then("phone"),
        )

    def qualtrics(self, path: Path) -> None:
        """Write three header rows (codes, questions, import identifiers), a preview, unfinished forms."""
        codes = [*_QUALTRICS, "Q1_NPS_GROUP", "Q1", "Q2", "Q3", "Q4", *ITEMS, *BLOCK, *_EMBEDDED]
        labels = [*_QUALTRICS.values(), *QUESTIONS[self.language], *ITEMS, *BLOCK, *_EMBEDDED]
        imports = [json.dumps({"ImportId": code if code in _EMBEDDED else f"QID_{code}"}) for code in codes]
        rows = [_qualtrics_row(row) for row in self.answers().iter_rows(named=True)]
        if rows:
            partial = [_unfinished(rows[-1], f"R_partial{n}", status=0, progress=40) for n in range(3)]
            rows = [_unfinished(rows[0], "R_preview", status=1, progress=100), *rows, *partial]
        _write_delimited(path, [codes, labels, imports, *rows], ",", "utf-8-sig")

    def google_forms(self, path: Path) -> None:
        """Write a time stamp, the mail, the questions word for word; the rest was added behind by hand."""
        headers = self.headers("answers")
        told = [self.word("yes"), self.word("no")]
        table = self.answers().with_columns(
            pl.col("answered_at").dt.strftime("%d.%m.%Y %H:%M:%S"),
            pl.col("noticed").replace_strict([True, False], told, return_dtype=pl.String),
            pl.col("weight").map_elements(_comma, return_dtype=pl.String),
        )
        rows = [list(row) for row in table.select(*headers).iter_rows()]
        score, answer = list(headers).index("recommend"), list(headers).index("answer")
        spoilt = [[*row] for row in rows[:2]]
        for row, said in zip(spoilt, (self.word("unknown"), 11), strict=False):
            row[score], row[answer] = said, f"{row[answer]}-X"
        _write_delimited(path, [headers.values(), *rows, *spoilt], ",", "utf-8")

    def orders(self, path: Path) -> None:
        """Write shop orders: refunds as negative rows, cancelled orders among them."""
        headers, purchases = self.headers("purchases"), self.company.tables["purchases"]
        state = pl.when(pl.col("amount") < 0).then(pl.lit(self.word("refund")))
        orders = purchases.with_columns(
            pl.col("bought_at").dt.strftime("%Y-%m-%d %H:%M:%S"),
            customer=without_zeros(purchases["customer"]),
            state=state.otherwise(pl.lit(self.word("done"))),
        )
        cancelled = orders.gather_every(97).with_columns(
            purchase=pl.col("purchase") + "-X", state=pl.lit(self.word("cancelled"))
        )
        rows = pl.concat([orders, cancelled]).sort("bought_at", "purchase").select(*headers).iter_rows()
        _write_delimited(path, [headers.values(), *rows], ",", "utf-8")

    def sales_of_1c(self, path: Path) -> None:
        """Write sales of 1C: cp1251, semicolons, decimal commas, the kind of operation, a row of totals."""
        headers, purchases = self.headers("purchases"), self.company.tables["purchases"]
        operation = pl.when(pl.col("amount") < 0).then(pl.lit(self.word("refund")))
        sales = purchases.with_columns(
            pl.col("bought_at").dt.strftime("%d.%m.%Y %H:%M:%S"),
            *[pl.col(name).map_elements(_comma, return_dtype=pl.String) for name in _MONEY],
            customer=without_zeros(purchases["customer"]),
            operation=operation.otherwise(pl.lit(self.word("done"))),
        )
        total: dict[str, object] = dict.fromkeys(headers)
        total["bought_at"] = self.word("total")
        total["amount"] = _comma(round(float(purchases["amount"].sum()), 2))
        rows = sales.select(*headers).iter_rows()
        _write_delimited(path, [headers.values(), *rows, total.values()], ";", "cp1251")

    def workbook(self, path: Path) -> None:
        """Write the customers as a workbook, telephones in all spellings."""
        import xlsxwriter

        headers, people = self.headers("customers"), self.company.tables["customers"]
        typed = people.with_columns(
            messy_mail(people["email"], self.streams("mail in crm")),
            messy_phone(people["phone"], self.streams("phone in crm")),
        )
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet(self.word("customers"))
            day = book.add_format({"num_format": "dd.mm.yyyy" if self.language == "ru" else "yyyy-mm-dd"})
            sheet.write_row(0, 0, list(headers.values()))
            for number, row in enumerate(typed.select(*headers).iter_rows(), start=1):
                for place, value in enumerate(row):
                    if isinstance(value, dt.date):
                        sheet.write_datetime(number, place, dt.datetime.combine(value, dt.time()), day)
                    elif isinstance(value, str):
                        sheet.write_string(number, place, value)
                    elif value is not None:
                        sheet.write_number(number, place, value)

    def reviews(self, path: Path) -> None:
        records = self.company.tables["reviews"].with_columns(
            pl.col("created_at", "reply_created_at").dt.strftime("%Y-%m-%dT%H:%M:%S")
        )
        path.write_text(json.dumps(records.to_dicts(), ensure_ascii=False, indent=1), encoding="utf-8")

    def small_table(self, table: str, path: Path) -> None:
        """Write a table under the headers of the language, yes and no in words."""
        headers, frame = self.headers(table), self.company.tables[table]
        russian = self.language == "ru"
        told = [self.word("yes"), self.word("no")]
        changes = []
        if table in {"contacts", "invitations"}:
            changes.append(pl.col("kind").replace_strict(KINDS_OF_CONTACT[self.language]))
        for name, kind in frame.schema.items():
            if kind == pl.Boolean:
                changes.append(pl.col(name).replace_strict([True, False], told, return_dtype=pl.String))
            elif isinstance(kind, pl.Datetime):
                changes.append(
                    pl.col(name).dt.strftime(("%d.%m.%Y" if russian else "%Y-%m-%d") + " %H:%M:%S")
                )
            elif kind == pl.Date:
                changes.append(pl.col(name).dt.strftime("%d.%m.%Y" if russian else "%Y-%m-%d"))
            elif kind == pl.Float64 and russian:
                changes.append(pl.col(name).map_elements(_comma, return_dtype=pl.String))
        rows = frame.with_columns(changes).select(*headers).iter_rows()
        _write_delimited(path, [headers.values(), *rows], *((";", "cp1251") if russian else (",", "utf-8")))


def _qualtrics_row(row: dict[str, object]) -> list[object]:
    ended = row["answered_at"]
    assert isinstance(ended, dt.datetime)
    score = row["recommend"]
    assert isinstance(score, int)
    group = 3 if score >= 9 else 2 if score >= 7 else 1
    start = [ended - dt.timedelta(seconds=95), ended, 0, 100, 1, ended, f"R_{row['answer']}"]
    who = [row["email"], row["customer"], row["channel"], str(row["language"]).upper()]
    asked = [group, score, row["comment"], row["satisfaction"], row["effort"]]
    return [*start, *who, *asked, *(row[name] for name in (*ITEMS, *BLOCK, *_EMBEDDED))]


def _unfinished(row: list[object], answer: str, *, status: int, progress: int) -> list[object]:
    """Return a row that is no answer: a preview of the author's, or a form that was left before the score."""
    begun = len(_QUALTRICS)
    head = [*row[:2], status, progress, int(progress == 100), row[5], answer, *row[7:begun]]
    if status:
        return [*head, *row[begun:]]
    return [*head, *([None] * (len(row) - begun))]


def _comma(value: float) -> str:
    return f"{value:.15g}".replace(".", ",")


def _write_delimited(path: Path, rows: Iterable[Iterable[object]], separator: str, encoding: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
