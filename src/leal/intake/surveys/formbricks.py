"""Formbricks: CSV and XLSX, the list of its interface, a webhook event.

A dismissed survey is stored as finished with an empty score; it is no answer and stays out of the
denominator.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from leal.intake.raw import RawTable
from leal.intake.raw.json_records import flatten, records_frame, scalar_text
from leal.intake.surveys.survey import Survey, Vendor, by_key, lower, pick, recognised_by_columns
from leal.wording import Text

_WANTED = {
    "answer": ("response id", "id"),
    "customer": ("customer id", "user id", "person user id", "contact user id"),
    "email": ("person email", "email", "verified email", "contact attributes email"),
    "phone": ("person phone", "contact attributes phone"),
    "answered_at": ("timestamp", "created at", "date"),
    "updated_at": ("updated at",),
    "language": ("language", "person language"),
}
_TECHNICAL = (
    *(
        "no",
        "timestamp",
        "finished",
        "survey id",
        "formbricks id internal",
        "tags",
        "quotas",
        "url",
        "source",
        "action",
    ),
    *(
        "user agent browser",
        "user agent os",
        "user agent device",
        "country",
        "created at",
        "updated at",
        "ending id",
    ),
    *("display id", "single use id", "environment id", "contact id"),
)
_OPTION = re.compile(r" - Option ID$", re.IGNORECASE)
_DISMISSED = re.compile(r"^\s*(?:dismissed|skipped)\s*$", re.IGNORECASE)


def _holds(raw: RawTable) -> bool:
    if raw.records:
        body = _body(raw.records[0])
        return "surveyId" in body and isinstance(body.get("data"), dict)
    keys = by_key(raw).keys()
    return {"response id", "survey id"} <= keys and (
        "formbricks id internal" in keys or {"no", "finished"} <= keys
    )


def _body(record: Mapping[str, Any]) -> Mapping[str, Any]:
    inner = record.get("data")
    return inner if isinstance(inner, dict) and "surveyId" in inner else record


def _shape(raw: RawTable) -> Survey:
    how, titles, certain = (
        recognised_by_columns("Response ID", "Survey ID", "Finished"),
        dict[str, str](),
        None,
    )
    if raw.records:
        how = Text("records with the fields {fields}", fields="surveyId, data, finished")
        titles, certain = _questions(raw.records)
        raw = replace(raw, frame=records_frame([_row(dict(_body(one))) for one in raw.records]), records=None)
    keys = by_key(raw)
    columns = pick(keys, _WANTED)
    if certain in raw.columns:
        columns["recommend"] = str(certain)
    technical = {keys[name] for name in _TECHNICAL if name in keys}
    technical |= {name for name in raw.columns if _OPTION.search(name) or name.startswith(("ttc.", "meta."))}
    finished = lower(raw, keys.get("finished")).is_in(["yes", "true", "1", "да"])
    reasons = pl.select(
        pl.when(finished).then(pl.lit("dismissed")).otherwise(pl.lit("incomplete"))
    ).to_series()
    return Survey(
        source="formbricks",
        recognised_by=how,
        raw=_without_dismissals(raw),
        columns=columns,
        titles=titles,
        technical=frozenset(technical),
        unscored=reasons,
        nps_certain=certain is not None,
    )


def _without_dismissals(raw: RawTable) -> RawTable:
    """Leave cells empty that say "dismissed" in a score's place."""
    text = pl.col(pl.String)
    return replace(
        raw,
        frame=raw.frame.with_columns(
            pl.when(~text.str.contains(_DISMISSED.pattern.replace("^", "(?i)^"))).then(text).name.keep()
        ),
    )


def _questions(records: Sequence[Mapping[str, Any]]) -> tuple[dict[str, str], str | None]:
    """Return the wordings of the questions where the record carries its survey, and its NPS question."""
    titles: dict[str, str] = {}
    certain: str | None = None
    for record in records:
        survey = _body(record).get("survey") or {}
        for question in survey.get("questions") or [] if isinstance(survey, dict) else []:
            headline = question.get("headline")
            wording = headline.get("default") if isinstance(headline, dict) else headline
            titles[str(question.get("id"))] = str(wording or question.get("id"))
            certain = str(question.get("id")) if question.get("type") == "nps" else certain
    return titles, certain


def _row(record: dict[str, Any]) -> dict[str, str | None]:
    answers = record.pop("data", None) or {}
    attributes = record.pop("contactAttributes", None) or record.pop("personAttributes", None) or {}
    contact = record.pop("contact", None) or record.pop("person", None) or {}
    record.pop("survey", None)
    tags = record.pop("tags", None) or []
    variables = record.pop("variables", None) or {}
    row = flatten(record)
    row["tags"] = scalar_text([tag.get("name") if isinstance(tag, dict) else tag for tag in tags])
    if isinstance(contact, dict):
        row |= {"contact id": scalar_text(contact.get("id")), "user id": scalar_text(contact.get("userId"))}
    for source in (attributes, variables, answers):
        row |= {str(name): scalar_text(value) for name, value in source.items()}
    return row


VENDOR = Vendor(name="formbricks", holds=_holds, shape=_shape)
