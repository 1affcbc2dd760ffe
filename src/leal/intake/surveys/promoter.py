"""Promoter.io: a flat list or CSV whose attributes are a JSON text."""

from __future__ import annotations

import json
from dataclasses import replace

import polars as pl

from leal.intake.raw import RawTable
from leal.intake.raw.json_records import records_frame, scalar_text
from leal.intake.surveys.survey import Survey, Vendor, by_key, lower, pick, recognised_by_columns

_WANTED = {
    "answer": ("id",),
    "email": ("email", "contact email"),
    "answered_at": ("created", "created date", "posted date"),
    "recommend": ("score",),
    "comment": ("comments", "comment"),
    "touchpoint": ("campaign name",),
}
_TECHNICAL = ("score type", "sent date", "campaign id", "attributes")
_GROUPS = {"detractor": -1, "passive": 0, "neutral": 0, "promoter": 1}


def _holds(raw: RawTable) -> bool:
    keys = by_key(raw).keys()
    return {"score", "score type"} <= keys and bool(keys & {"campaign id", "campaign name", "sent date"})


def _shape(raw: RawTable) -> Survey:
    raw = _with_attributes(raw)
    keys = by_key(raw)
    groups = lower(raw, keys["score type"]).str.strip_chars_end("s")
    return Survey(
        source="promoter_io",
        recognised_by=recognised_by_columns("score", "score_type", "campaign_id"),
        raw=raw,
        columns=pick(keys, _WANTED),
        technical=frozenset(keys[name] for name in _TECHNICAL if name in keys),
        groups=groups.replace_strict(_GROUPS, default=None, return_dtype=pl.Int8),
        nps_certain=True,
    )


def _with_attributes(raw: RawTable) -> RawTable:
    """Give each attribute a column of its own."""
    column = by_key(raw).get("attributes")
    if column is None:
        return raw
    rows = [_attributes(cell) for cell in raw.frame.get_column(column).to_list()]
    extra = records_frame(rows)
    new = [name for name in extra.columns if name not in raw.columns]
    return replace(raw, frame=raw.frame.drop(column).hstack(extra.select(new)) if new else raw.frame)


def _attributes(cell: str | None) -> dict[str, str | None]:
    try:
        found = json.loads(cell or "{}")
    except ValueError:
        return {}
    return {str(name): scalar_text(value) for name, value in found.items()} if isinstance(found, dict) else {}


VENDOR = Vendor(name="promoter_io", holds=_holds, shape=_shape)
