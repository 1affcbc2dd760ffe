"""Qualtrics: CSV and TSV with three header rows (ids, wordings, import ids), older ones with two.

Values may be numbers or labels. Previews and tests are no answers; a partial answer counts if it has a score.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace

import polars as pl

from leal.intake.dates import read_times
from leal.intake.raw import RawTable
from leal.intake.raw.json_records import flatten, records_frame, scalar_text
from leal.intake.surveys.survey import Gate, Survey, Vendor, by_key, lower, pick
from leal.wording import Text

_STANDARD = {
    "startDate": "StartDate",
    "endDate": "EndDate",
    "status": "Status",
    "ipAddress": "IPAddress",
    "progress": "Progress",
    "duration": "Duration (in seconds)",
    "finished": "Finished",
    "recordedDate": "RecordedDate",
    "_recordId": "ResponseId",
    "recipientLastName": "RecipientLastName",
    "recipientFirstName": "RecipientFirstName",
    "recipientEmail": "RecipientEmail",
    "externalDataReference": "ExternalReference",
    "locationLatitude": "LocationLatitude",
    "locationLongitude": "LocationLongitude",
    "distributionChannel": "DistributionChannel",
    "userLanguage": "UserLanguage",
}
_WANTED = {
    "answer": ("response id",),
    "customer": ("external reference", "external data reference", "external data"),
    "email": ("recipient email",),
    "answered_at": ("recorded date", "end date", "start date"),
    "channel": ("distribution channel",),
    "language": ("user language",),
}
_TECHNICAL = (
    *(
        "start date",
        "end date",
        "recorded date",
        "status",
        "response type",
        "progress",
        "finished",
        "response set",
    ),
    *("duration in seconds", "duration", "location accuracy"),
)
_PREVIEWS = ("1", "2", "9", "17")
_GROUPS = {"1": -1, "2": 0, "3": 1, "detractor": -1, "passive": 0, "promoter": 1}
_GROUP_SUFFIX = re.compile(r"_NPS_GROUP$")


def _holds(raw: RawTable) -> bool:
    if raw.records:
        return {"responseId", "values"} <= raw.records[0].keys() and isinstance(
            raw.records[0]["values"], dict
        )
    if any('"ImportId"' in str(cell) for row in raw.frame.head(3).rows() for cell in row):
        return True
    keys = by_key(raw).keys()
    fixed = {"start date", "end date", "status", "response type", "finished", "recorded date", "ip address"}
    return "response id" in keys and len(fixed & keys) >= 3 and "survey id" not in keys


def _shape(raw: RawTable) -> Survey:
    if raw.records:
        raw = _from_records(raw)
    raw, zone = _by_import_ids(raw)
    titles_row, raw = _take_header_rows(raw)
    keys = by_key(raw)
    columns = pick(keys, _WANTED)
    groups = next((name for name in raw.columns if _GROUP_SUFFIX.search(name)), None)
    score = _GROUP_SUFFIX.sub("", groups) if groups else None
    if score in raw.columns:
        columns["recommend"] = str(score)
    preview = lower(raw, keys.get("status") or keys.get("response type"))
    tests = preview.is_in(_PREVIEWS) | preview.str.contains(r"preview|test\b|предпросмотр|предварительн")
    tests |= lower(raw, keys.get("distribution channel")) == "preview"
    technical = {keys[name] for name in _TECHNICAL if name in keys}
    technical |= {name for name in raw.columns if _GROUP_SUFFIX.search(name)}
    return Survey(
        source="qualtrics",
        recognised_by=Text("header rows of Qualtrics (response id, import ids)"),
        raw=raw,
        columns=columns,
        titles=titles_row,
        technical=frozenset(technical),
        gates=(Gate(reason="preview", rows=tests),),
        groups=_groups(raw, groups),
        nps_certain="recommend" in columns,
        zone=zone,
    )


def _from_records(raw: RawTable) -> RawTable:
    """Give the values of a JSON export the names that a CSV export has."""
    rows = [flatten(dict(record.get("values") or {})) for record in raw.records or ()]
    frame = records_frame(rows)
    frame = frame.rename({name: _STANDARD.get(name, name) for name in frame.columns})
    if "ResponseId" not in frame.columns:
        ids = [scalar_text(record.get("responseId")) for record in raw.records or ()]
        frame = frame.with_columns(pl.Series("ResponseId", ids, dtype=pl.String))
    return replace(raw, frame=frame, records=None)


def _by_import_ids(raw: RawTable) -> tuple[RawTable, str | None]:
    """Name the fixed columns by their import ids, which no translation touches; read the time zone there."""
    for row in raw.frame.head(3).rows(named=True):
        if not any('"ImportId"' in str(cell) for cell in row.values()):
            continue
        ids = {name: _import_id(cell) for name, cell in row.items()}
        names = [_STANDARD.get(ids[name].get("ImportId", ""), name) for name in raw.columns]
        zones = [str(found["timeZone"]) for found in ids.values() if found.get("timeZone")]
        zone = zones[0] if zones and _is_zone(zones[0]) else None
        return raw.renamed(names), zone
    return raw, None


def _import_id(cell: object) -> dict[str, str]:
    try:
        found = json.loads(str(cell))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _take_header_rows(raw: RawTable) -> tuple[dict[str, str], RawTable]:
    """Take off the rows below the header that hold wordings and import ids instead of a time."""
    keys = by_key(raw)
    dates = [keys[name] for name in ("start date", "end date", "recorded date") if name in keys]
    head = raw.frame.head(2)
    count = 0
    while count < head.height and dates:
        cells = pl.Series([head.row(count, named=True)[name] for name in dates], dtype=pl.String)
        if not read_times(cells).unread.any():
            break
        count += 1
    titles = head.row(0, named=True) if count else {}
    taken = raw.without_first(count)
    return {name: str(title) for name, title in titles.items() if title}, replace(
        taken, header_line=raw.header_line
    )


def _groups(raw: RawTable, column: str | None) -> pl.Series | None:
    if column is None:
        return None
    return lower(raw, column).replace_strict(_GROUPS, default=None, return_dtype=pl.Int8)


VENDOR = Vendor(name="qualtrics", holds=_holds, shape=_shape)
