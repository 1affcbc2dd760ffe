"""Delighted: the list of its interface, its CSV export, a webhook event.

Delighted ended on 30 June 2026; its users hold only files. The header of its CSV export is in no public
text, so columns are found by their names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from leal.intake.raw import RawTable
from leal.intake.raw.json_records import flatten, records_frame, scalar_text
from leal.intake.surveys.survey import Survey, Vendor, by_key, lower, pick, recognised_by_columns
from leal.wording import Text

_WANTED = {
    "answer": ("response id", "survey response id", "id"),
    "customer": ("customer id", "user id", "external id"),
    "person": ("person id", "person"),
    "email": ("email", "person email", "customer email"),
    "phone": ("phone number", "phone", "person phone number"),
    "answered_at": ("created at", "created at utc", "responded at", "response date", "date"),
    "updated_at": ("updated at",),
    "recommend": ("score", "nps score"),
    "comment": ("comment",),
}
_TECHNICAL = ("permalink", "survey type", "notes", "tags", "additional answers")
_KINDS = {
    "csat": "satisfaction",
    "ces": "effort",
    "smileys": "smileys",
    "stars": "stars",
    "thumbs": "thumbs",
    "pmf": "pmf",
}


def _holds(raw: RawTable) -> bool:
    if raw.records:
        return _is_response(_event(raw.records[0]))
    keys = by_key(raw)
    named = any(key.startswith("delighted ") for key in keys)
    return "score" in keys and (
        named
        or {"permalink", "survey type"} <= keys.keys()
        or ("person id" in keys and "survey type" in keys)
    )


def _event(record: Mapping[str, Any]) -> Mapping[str, Any]:
    inner = record.get("event_data")
    return inner if isinstance(inner, dict) else record


def _is_response(record: Mapping[str, Any]) -> bool:
    return {"survey_type", "score", "person"} <= record.keys() or (
        {"score", "permalink", "person_properties"} <= record.keys()
    )


def _shape(raw: RawTable) -> Survey:
    how = recognised_by_columns("score", "survey_type", "person")
    if raw.records:
        how = Text("records with the fields {fields}", fields="score, survey_type, person_properties")
        raw = _flat(raw)
    raw, kinds = _by_kind(raw)
    keys = by_key(raw)
    columns = pick(keys, _WANTED)
    columns |= {canonical: column for column, canonical in kinds.items()}
    return Survey(
        source="delighted",
        recognised_by=how,
        raw=raw,
        columns=columns,
        technical=frozenset(keys[name] for name in _TECHNICAL if name in keys),
        nps_certain=True,
    )


def _flat(raw: RawTable) -> RawTable:
    rows = [_row(dict(_event(record))) for record in raw.records or ()]
    return replace(raw, frame=records_frame(rows), records=None)


def _row(record: dict[str, Any]) -> dict[str, str | None]:
    """Return one response flat: properties and further answers become columns under their own names."""
    person = record.pop("person", None)
    properties = record.pop("person_properties", None) or {}
    notes, extra = record.pop("notes", None) or [], record.pop("additional_answers", None) or []
    row = flatten(record)
    if isinstance(person, dict):
        row |= {f"person.{name}": scalar_text(value) for name, value in person.items()}
        row["person"] = row.pop("person.id", None)
    else:
        row["person"] = scalar_text(person)
    row |= {str(name): scalar_text(value) for name, value in properties.items() if name not in row}
    row["notes"] = "; ".join(str(note.get("text", "")) for note in notes if isinstance(note, dict)) or None
    for answer in extra:
        question = answer.get("question") or {}
        name = str(question.get("text") or question.get("id") or answer.get("id"))
        row[name] = _value(answer.get("value"))
    return row


def _value(value: object) -> str | None:
    if not isinstance(value, dict):
        return scalar_text(value)
    for key in ("free_response", "scale"):
        if value.get(key) is not None:
            return scalar_text(value[key])
    chosen = value.get("select_many") or ([value["select_one"]] if value.get("select_one") else [])
    return scalar_text([one.get("text") for one in chosen if isinstance(one, dict)])


def _by_kind(raw: RawTable) -> tuple[RawTable, dict[str, str]]:
    """Give the scores of other survey types (CSAT, CES, stars, ...) columns of their own."""
    keys = by_key(raw)
    if "survey type" not in keys or "score" not in keys:
        return raw, {}
    kind, score = lower(raw, keys["survey type"]), raw.frame.get_column(keys["score"])
    others = [name for name in kind.unique().sort().to_list() if name not in ("nps", "", "e nps", "enps")]
    if not others:
        return raw, {}
    new = [pl.when(kind == name).then(score).alias(_column(name)) for name in others]
    nps = pl.when(~kind.is_in(others)).then(score).alias(keys["score"])
    frame = raw.frame.with_columns(nps, *new)
    known = {_column(name): _KINDS[name] for name in others if _KINDS.get(name) in ("satisfaction", "effort")}
    return replace(raw, frame=frame), known


def _column(kind: str) -> str:
    return f"{_KINDS.get(kind, kind)} score"


VENDOR = Vendor(name="delighted", holds=_holds, shape=_shape)
