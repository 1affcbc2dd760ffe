"""SurveyMonkey: CSV and XLSX with two header rows, condensed or expanded, and the list of its interface.

The expanded export gives each option of a question a column; the options 0 to 10 of one question are put
together again into its score.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from leal.intake.raw import RawTable
from leal.intake.raw.json_records import flatten, records_frame, scalar_text
from leal.intake.scales import numeric
from leal.intake.surveys.survey import Gate, Survey, Vendor, by_key, lower, pick, recognised_by_columns
from leal.results import Note
from leal.wording import Text

_WANTED = {
    "answer": ("respondent id", "id"),
    "customer": ("custom variables customer id", "custom variables customer", "customer id"),
    "email": ("email address", "email"),
    "person": ("recipient id",),
    "answered_at": ("end date", "date modified", "start date", "date created"),
    "channel": ("collection mode", "collector title"),
    "language": ("language",),
}
_TECHNICAL = (
    *("collector id", "start date", "end date", "date modified", "date created", "survey id", "recipient id"),
    *("total time", "response status", "collection mode", "href", "edit url", "analyze url", "page path"),
)
_PLAIN_LABELS = re.compile(
    r"^(?:response|open-ended response|ответ|открытый ответ|свободный ответ|\s*)$", re.IGNORECASE
)
_UNNAMED = re.compile(r"^column \d+$")
_MANY_GROUPS = 20


def _holds(raw: RawTable) -> bool:
    if raw.records:
        first = raw.records[0]
        return isinstance(first.get("pages"), list) and (
            "collector_id" in first or "response_status" in first
        )
    keys = by_key(raw).keys()
    return "respondent id" in keys and ("collector id" in keys or {"start date", "end date"} <= keys)


def _shape(raw: RawTable) -> Survey:
    if raw.records:
        how = Text("records with the fields {fields}", fields="collector_id, pages, questions")
        raw = replace(raw, frame=records_frame([_row(dict(one)) for one in raw.records]), records=None)
    else:
        how = recognised_by_columns("Respondent ID", "Collector ID")
        raw = _one_header(raw)
    keys = by_key(raw)
    columns = pick(keys, _WANTED)
    segment, notes = _segment(raw, keys)
    mode = lower(raw, keys.get("collection mode"))
    return Survey(
        source="surveymonkey",
        recognised_by=how,
        raw=raw,
        columns=columns | segment,
        technical=frozenset(keys[name] for name in _TECHNICAL if name in keys),
        gates=(Gate(reason="preview", rows=mode.str.contains("preview")),),
        month_first=_with_slashes(raw, columns.get("answered_at")) or None,
        notes=notes,
    )


def _with_slashes(raw: RawTable, column: str | None) -> bool:
    """Tell whether dates are written with slashes: SurveyMonkey then puts the month first."""
    return column is not None and any("/" in cell for cell in raw.sample(column, 20))


def _one_header(raw: RawTable) -> RawTable:
    """Join both header rows: "Question [sub-question]"; the second row is one without a respondent."""
    keys = by_key(raw)
    if not raw.frame.height or raw.frame.get_column(keys["respondent id"]).item(0) is not None:
        return raw
    labels = raw.frame.row(0)
    names: list[str] = []
    question, blocks = "", dict[str, list[int]]()
    for position, (name, label) in enumerate(zip(raw.columns, labels, strict=True)):
        question = question if _UNNAMED.match(name) else name
        plain = label is None or _PLAIN_LABELS.match(label) is not None
        names.append(question if plain else f"{question} [{label.strip()}]" if label else question)
        blocks.setdefault(question, []).append(position)
    raw = raw.renamed(names).without_first(1)
    unique = raw.columns
    for question, positions in blocks.items():
        raw = _collapse(raw, question, [(names[p], labels[p], unique[p]) for p in positions])
    return raw


def _collapse(raw: RawTable, question: str, block: list[tuple[str, str | None, str]]) -> RawTable:
    """Put the columns of the options 0 to 10 of one question together into one score."""
    options = numeric(pl.Series([label for _, label, _ in block], dtype=pl.String))
    points = [
        (column, int(point))
        for (_, _, column), point in zip(block, options, strict=True)
        if point is not None
    ]
    if len(points) < 9 or {point for _, point in points} - set(range(11)):
        if len(block) == 1 and block[0][2] != question and block[0][1] is not None:
            return raw.renamed([question if name == block[0][2] else name for name in raw.columns])
        return raw
    chosen = pl.coalesce(
        pl.when(pl.col(column).str.strip_chars().fill_null("").is_in(["", "0"]) & pl.lit(point != 0))
        .then(None)
        .when(pl.col(column).is_not_null() & (pl.col(column) != ""))
        .then(pl.lit(str(point)))
        for column, point in points
    )
    frame = raw.frame.with_columns(chosen.alias(points[0][0])).drop([column for column, _ in points[1:]])
    return replace(raw, frame=frame.rename({points[0][0]: question}))


def _segment(raw: RawTable, keys: Mapping[str, str]) -> tuple[dict[str, str], tuple[Note, ...]]:
    """Take the first custom data for the segment where it has few values and nothing else is one."""
    column = keys.get("custom data 1") or keys.get("custom data")
    if "segment" in keys or column is None or not raw.sample(column, 1):
        return {}, ()
    values = raw.frame.get_column(column).drop_nulls()
    if values.n_unique() > min(_MANY_GROUPS, max(2, values.len() // 2)):
        return {}, ()
    text = Text("The column {column} was taken for the segment.", column=repr(column))
    return {"segment": column}, (Note(code="segment_assumed", text=text),)


def _row(record: dict[str, Any]) -> dict[str, str | None]:
    pages = record.pop("pages", None) or []
    row = flatten(record)
    for page in pages:
        for question in page.get("questions") or []:
            name = str(question.get("heading") or question.get("id"))
            for answer in question.get("answers") or []:
                own = f"{name} [{answer['row_text']}]" if answer.get("row_text") else name
                value = _answer(answer, name)
                row[own] = value if row.get(own) is None else f"{row[own]}, {value}"
    return row


def _answer(answer: Mapping[str, Any], heading: str) -> str | None:
    """Return the words or the number of an answer; "Question | 10" is the simple text of older lists."""
    text = answer.get("simple_text") or answer.get("text")
    if text is not None:
        text = str(text)
        return text.removeprefix(f"{heading} | ").removeprefix(f"{heading} - ").strip() or None
    weight = (answer.get("choice_metadata") or {}).get("weight")
    return scalar_text(weight if weight is not None else answer.get("choice_id"))


VENDOR = Vendor(name="surveymonkey", holds=_holds, shape=_shape)
