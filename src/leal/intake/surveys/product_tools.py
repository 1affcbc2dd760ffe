"""Product tools: survey events of PostHog, feedback submissions of HubSpot."""

from __future__ import annotations

import re
from dataclasses import replace

import polars as pl

from leal.intake.raw import RawTable, header_key
from leal.intake.surveys.survey import Gate, Survey, Vendor, by_key, lower, pick
from leal.wording import Text

_RESPONSE = re.compile(r"\$survey_response(?:_[\w-]+)?$")
_POSTHOG = {
    "answer": ("properties survey submission id", "survey submission id", "uuid", "id"),
    "customer": ("distinct id", "person distinct id"),
    "email": ("person properties email", "properties email", "email", "properties set email"),
    "answered_at": ("timestamp", "created at"),
    "touchpoint": ("properties survey name", "survey name"),
}
_HUBSPOT = {
    "answer": ("id", "feedback submission id", "record id"),
    "customer": ("properties hs contact id", "contact id"),
    "email": ("properties hs contact email rollup", "contact email", "email", "properties email"),
    "answered_at": (
        "properties hs submission timestamp",
        "submission date",
        "response date",
        "properties hs createdate",
        "created at",
    ),
    "recommend": ("properties hs value", "response value", "rating", "response"),
    "comment": ("properties hs content", "content", "follow up response", "feedback content"),
    "channel": ("properties hs submission source", "survey channel", "channel"),
}
_GROUPS = {"detractor": -1, "passive": 0, "promoter": 1}


def _holds_posthog(raw: RawTable) -> bool:
    return any("$survey_" in name for name in raw.columns)


def _shape_posthog(raw: RawTable) -> Survey:
    keys = {re.sub(r"\s+", " ", key): name for key, name in by_key(raw).items()}
    event = lower(raw, keys.get("event"))
    known = event != ""
    gates = (
        Gate(reason="dismissed", rows=known & event.str.contains("dismissed|abandoned")),
        Gate(reason="no_score", rows=known & event.str.contains("shown|displayed")),
    )
    technical = {name for name in raw.columns if "$" in name and not _RESPONSE.search(name)} | (
        {keys["event"]} if "event" in keys else set()
    )
    return Survey(
        source="posthog",
        recognised_by=Text("properties of survey events"),
        raw=raw,
        columns=pick(keys, _POSTHOG),
        technical=frozenset(technical),
        gates=gates,
    )


def _holds_hubspot(raw: RawTable) -> bool:
    keys = by_key(raw).keys()
    exported = "survey type" in keys and bool(
        keys & {"follow up response", "feedback submission id", "response group"}
    )
    return "properties hs value" in keys or exported


def _shape_hubspot(raw: RawTable) -> Survey:
    keys = by_key(raw)
    columns = pick(keys, _HUBSPOT)
    kind = lower(raw, keys.get("properties hs survey type") or keys.get("survey type"))
    is_nps = (kind == "") | kind.str.contains("nps|net promoter|loyalty")
    group = lower(raw, keys.get("properties hs response group") or keys.get("response group"))
    frame, score = raw.frame, columns.get("recommend")
    if score is not None and not is_nps.all():
        other = (
            pl.when(kind.str.contains("ces|effort")).then(pl.lit("effort")).otherwise(pl.lit("satisfaction"))
        )
        kinds = frame.select(other.alias("k")).to_series()
        cells = frame.get_column(score)
        frame = frame.with_columns(
            pl.when(is_nps).then(cells).alias(score),
            pl.when(~is_nps & (kinds == "effort")).then(cells).alias("effort score"),
            pl.when(~is_nps & (kinds == "satisfaction")).then(cells).alias("satisfaction score"),
        )
    return Survey(
        source="hubspot",
        recognised_by=Text("fields of feedback submissions"),
        raw=replace(raw, frame=frame),
        columns=columns,
        technical=frozenset(name for name in raw.columns if header_key(name).startswith("properties hs "))
        - set(columns.values()),
        groups=group.replace_strict(_GROUPS, default=None, return_dtype=pl.Int8)
        if (group != "").any()
        else None,
        nps_certain=bool(is_nps.any()),
    )


POSTHOG = Vendor(name="posthog", holds=_holds_posthog, shape=_shape_posthog)
HUBSPOT = Vendor(name="hubspot", holds=_holds_hubspot, shape=_shape_hubspot)
