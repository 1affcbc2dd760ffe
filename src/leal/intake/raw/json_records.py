"""JSON: the records of a document, flat enough to be a table; the nested ones are kept beside it."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from leal.errors import BadFile, Where
from leal.intake.raw.raw_table import unique_names
from leal.wording import Text

_LIST_KEYS = (
    "data",
    "responses",
    "results",
    "items",
    "answers",
    "records",
    "rows",
    "survey_responses",
    "value",
)
_EVENT_KEYS = ("event_data", "form_response", "data", "response", "payload")

Record = dict[str, Any]


def parse_json(text: str, file: str) -> object:
    """Return the document of a JSON text, or the list of documents of newline-delimited JSON.

    Raises
    ------
    BadFile
        The text is neither.
    """
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        documents = _by_lines(text)
        if documents is None:
            line = error.lineno if isinstance(error, json.JSONDecodeError) else None
            raise BadFile(
                Text("The file begins like JSON, but is no valid JSON: it is damaged or cut off."),
                hint=Text("Download or export it again."),
                where=Where(file=file, row=line),
            ) from error
        return documents


def _by_lines(text: str) -> list[object] | None:
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        return [json.loads(line) for line in lines] if len(lines) > 1 else None
    except (json.JSONDecodeError, RecursionError):
        return None


def find_records(document: object) -> list[Record]:
    """Return the records of a document: a list, a list under a usual name, a table, or a single record."""
    if isinstance(document, list):
        return [item if isinstance(item, dict) else {"value": item} for item in document]
    if not isinstance(document, dict):
        return [{"value": document}]
    if (table := _column_table(document)) is not None:
        return table
    keys = [*_LIST_KEYS, *(key for key in document if key not in _LIST_KEYS)]
    for key in keys:
        inner = document.get(key)
        if isinstance(inner, list) and inner and all(isinstance(item, dict) for item in inner):
            if key not in _LIST_KEYS and len(document) > 3:
                continue
            return inner
    feed = document.get("feed")
    if isinstance(feed, dict) and isinstance(feed.get("entry"), list):
        return [item for item in feed["entry"] if isinstance(item, dict)]
    empty = any(document.get(key) == [] for key in _LIST_KEYS)
    return [] if empty and len(document) <= 4 else [document]


def _column_table(document: Record) -> list[Record] | None:
    """Return the records of {"columns": [...], "results": [[...], ...]}, which query interfaces answer."""
    names = document.get("columns")
    rows = next((document[key] for key in ("results", "rows", "data") if key in document), None)
    if not isinstance(names, list) or not isinstance(rows, list):
        return None
    if not all(isinstance(row, list) for row in rows):
        return None
    headers = unique_names([str(name.get("name") if isinstance(name, dict) else name) for name in names])
    return [dict(zip(headers, row, strict=False)) for row in rows]


def flatten(record: Record, prefix: str = "") -> dict[str, str | None]:
    """Return a nested record as one row: names joined by points, lists of words by commas."""
    flat: dict[str, str | None] = {}
    for key, value in record.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            flat |= flatten(value, f"{name}.")
        else:
            flat[name] = scalar_text(value)
    return flat


def scalar_text(value: object) -> str | None:
    """Return a JSON value as the text of a cell."""
    if value is None or value == "" or value == []:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e18:
        return str(int(value))
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return ", ".join(str(item) for item in value if item is not None) or None
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def records_frame(rows: list[dict[str, str | None]]) -> pl.DataFrame:
    """Return flat rows as a frame of text, its columns in the order of first appearance."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pl.DataFrame(
        {name: pl.Series([row.get(name) for row in rows], dtype=pl.String) for name in names},
        schema=dict.fromkeys(names, pl.String),
    )
