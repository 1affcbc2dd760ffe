"""Typeform: the CSV export, the list of its interface, a webhook event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from leal.intake.raw import RawTable
from leal.intake.raw.json_records import records_frame, scalar_text
from leal.intake.surveys.survey import Gate, Survey, Vendor, by_key, lower, pick, recognised_by_columns
from leal.wording import Text

_WANTED = {
    "answer": ("#", "response id", "token"),
    "answered_at": (
        "submit date utc",
        "submit date",
        "submitted at",
        "stage date utc",
        "start date utc",
        "landed at",
    ),
}
_TECHNICAL = (
    *(
        "start date utc",
        "stage date utc",
        "submit date utc",
        "start date",
        "submit date",
        "landed at",
        "submitted at",
    ),
    *("response type", "ending", "tags", "form id"),
)
_NEVER = "0001-01-01"
_VALUE_FIELDS = ("number", "text", "boolean", "email", "phone_number", "date", "url", "file_url")


def _holds(raw: RawTable) -> bool:
    if raw.records:
        body = _body(raw.records[0])
        return isinstance(body.get("answers"), list) and ("landed_at" in body or "submitted_at" in body)
    keys = by_key(raw).keys()
    return "#" in keys and ("network id" in keys or "submit date utc" in keys)


def _body(record: Mapping[str, Any]) -> Mapping[str, Any]:
    inner = record.get("form_response")
    return inner if isinstance(inner, dict) else record


def _shape(raw: RawTable) -> Survey:
    titles: dict[str, str] = {}
    certain: str | None = None
    how = recognised_by_columns("#", "Network ID")
    if raw.records:
        how = Text("records with the fields {fields}", fields="answers, landed_at, submitted_at")
        titles, certain = _questions(raw.records)
        raw = replace(raw, frame=records_frame([_row(_body(one)) for one in raw.records]), records=None)
    keys = by_key(raw)
    columns = pick(keys, _WANTED)
    if certain in raw.columns:
        columns["recommend"] = str(certain)
    return Survey(
        source="typeform",
        recognised_by=how,
        raw=raw,
        columns=columns,
        titles=titles,
        technical=frozenset(keys[name] for name in _TECHNICAL if name in keys),
        gates=(Gate(reason="incomplete", rows=_unsubmitted(raw, keys)),),
        nps_certain=certain is not None,
    )


def _unsubmitted(raw: RawTable, keys: Mapping[str, str]) -> pl.Series:
    column = keys.get("submit date utc") or keys.get("submit date") or keys.get("submitted at")
    when = lower(raw, column)
    if column is None or (when == "").all():
        return pl.Series([False]).new_from_index(0, raw.frame.height)
    return (when == "") | when.str.starts_with(_NEVER)


def _questions(records: Any) -> tuple[dict[str, str], str | None]:
    """Return the wording of each field, and the field that Typeform itself calls NPS."""
    titles: dict[str, str] = {}
    certain: str | None = None
    for record in records:
        body = _body(record)
        fields = (body.get("definition") or {}).get("fields") or []
        answered = [answer.get("field") or {} for answer in body.get("answers") or []]
        for field in (*fields, *answered):
            name = _field_name(field)
            if field.get("title"):
                titles[name] = str(field["title"])
            elif field.get("type") == "rating":
                titles.setdefault(name, "star rating")
            if field.get("type") == "nps":
                certain = name
    return titles, certain


def _field_name(field: Mapping[str, Any]) -> str:
    return str(field.get("ref") or field.get("id") or "answer")


def _row(body: Mapping[str, Any]) -> dict[str, str | None]:
    row: dict[str, str | None] = {"#": scalar_text(body.get("response_id") or body.get("token"))}
    row |= {
        name: scalar_text(body.get(name)) for name in ("landed_at", "submitted_at", "form_id") if name in body
    }
    for answer in body.get("answers") or []:
        row[_field_name(answer.get("field") or {})] = _value(answer)
    row |= {str(name): scalar_text(value) for name, value in (body.get("hidden") or {}).items()}
    for variable in body.get("variables") or []:
        if isinstance(variable, dict) and variable.get("key") not in row:
            row[f"variable {variable.get('key')}"] = scalar_text(variable.get("number", variable.get("text")))
    return row


def _value(answer: Mapping[str, Any]) -> str | None:
    for name in _VALUE_FIELDS:
        if answer.get(name) is not None:
            return scalar_text(answer[name])
    choice, choices = answer.get("choice") or {}, answer.get("choices") or {}
    return scalar_text(choice.get("label") or choice.get("other") or choices.get("labels"))


VENDOR = Vendor(name="typeform", holds=_holds, shape=_shape)
