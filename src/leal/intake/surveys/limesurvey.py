"""LimeSurvey: CSV with question codes or whole questions for headers, and the tab-separated VV file.

An empty submit date is an answer that was never submitted. In a VV file, line ends, tabs and quotes are
written in braces; the brace itself is written first and is therefore read last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from leal.intake.raw import RawTable, header_key
from leal.intake.surveys.survey import Gate, Survey, Vendor, by_key, lower, pick, recognised_by_columns
from leal.wording import Text

_SUBMITTED = (
    *(
        "submitdate",
        "submit date",
        "date submitted",
        "submitdate date submitted",
        "completed",
        "дата отправки",
    ),
    *("дата отправления", "дата завершения", "submitdate дата отправки"),
)
_WANTED = {
    "answer": ("id", "response id", "id response id", "id ответа", "ид ответа", "код ответа"),
    "customer": ("customer id", "customer", "token", "access code", "код доступа", "token access code"),
    "answered_at": _SUBMITTED,
    "language": (
        "startlanguage",
        "start language",
        "начальный язык",
        "язык начала",
        "startlanguage start language",
    ),
}
_TECHNICAL = (
    *(
        "lastpage",
        "last page",
        "seed",
        "startdate",
        "datestamp",
        "date started",
        "date last action",
        "refurl",
    ),
    *("referrer url", "последняя страница", "случайное число", "дата начала", "дата последнего действия"),
    *("total time", "interviewtime"),
)
_LAST_PAGES = ("lastpage", "last page", "последняя страница", "lastpage last page")
_NOT_SHOWN = "{question_not_shown}"
_DECODED = (("{newline}", "\n"), ("{tab}", "\t"), ("{quote}", '"'), ("{cr}", "\r"), ("{lbrace}", "{"))
_WITHOUT_DATES = "1980-01-01"


def _holds(raw: RawTable) -> bool:
    if raw.records:
        first = {header_key(name) for name in raw.records[0]}
        return "submitdate" in first and bool(first & {"lastpage", "startlanguage"})
    if _is_vv(raw):
        return True
    keys = by_key(raw).keys()
    return bool(keys & set(_SUBMITTED)) and bool(
        keys & {*_LAST_PAGES, "startlanguage", "start language", "seed"}
    )


def _is_vv(raw: RawTable) -> bool:
    if raw.delimiter != "\t" or not raw.frame.height:
        return False
    second = {header_key(str(cell)) for cell in raw.frame.row(0) if cell}
    return "submitdate" in second or {"lastpage", "startlanguage"} <= second


def _shape(raw: RawTable) -> Survey:
    titles: Mapping[str, str] = {}
    how = recognised_by_columns("submitdate", "lastpage", "startlanguage")
    if _is_vv(raw):
        how = Text("two header rows of a LimeSurvey VV file")
        titles, raw = _from_vv(raw)
    keys = by_key(raw)
    columns = pick(keys, _WANTED)
    submitted = lower(raw, columns.get("answered_at"))
    return Survey(
        source="limesurvey",
        recognised_by=how,
        raw=_without_dates(raw, columns.get("answered_at")),
        columns=columns,
        titles=titles,
        technical=frozenset(keys[name] for name in _TECHNICAL if name in keys),
        gates=(Gate(reason="incomplete", rows=submitted.is_in(["", "n/a", "null", "no", "нет"])),),
    )


def _from_vv(raw: RawTable) -> tuple[dict[str, str], RawTable]:
    codes = [str(cell or "") for cell in raw.frame.row(0)]
    labels = raw.columns
    raw = raw.renamed(codes).without_first(1)
    cell = pl.col(pl.String)
    decoded: pl.Expr = pl.when(cell != _NOT_SHOWN).then(cell)
    for written, meant in _DECODED:
        decoded = decoded.str.replace_all(written, meant, literal=True)
    frame = raw.frame.with_columns(decoded.name.keep())
    return dict(zip(raw.columns, labels, strict=True)), replace(raw, frame=frame)


def _without_dates(raw: RawTable, column: str | None) -> RawTable:
    """Surveys without dates mark a submitted answer by the first day of 1980, which is no time at all."""
    if column is None:
        return raw
    cell = pl.col(column)
    return replace(
        raw, frame=raw.frame.with_columns(pl.when(~cell.str.starts_with(_WITHOUT_DATES)).then(cell))
    )


VENDOR = Vendor(name="limesurvey", holds=_holds, shape=_shape)
