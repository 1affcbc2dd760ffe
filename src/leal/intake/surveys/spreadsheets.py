"""Leal's own clean table, and any other spreadsheet with a score in it."""

from __future__ import annotations

from leal.intake.raw import RawTable
from leal.intake.surveys.survey import Survey, Vendor, recognised_by_columns
from leal.tables import ANSWERS
from leal.wording import Text

_SCORES = ("recommend", "satisfaction", "effort")


def _holds_clean(raw: RawTable) -> bool:
    scores = [name for name in _SCORES if name in raw.columns]
    others = [
        name for name in ("answer", "customer", "answered_at", "comment", "segment") if name in raw.columns
    ]
    return bool(scores) and ("recommend" in scores or len(others) > 1)


def _shape_clean(raw: RawTable) -> Survey:
    columns = {column.name: column.name for column in ANSWERS if column.name in raw.columns}
    columns |= {name: name for name in ("email", "phone") if name in raw.columns}
    return Survey(
        source="leal",
        recognised_by=recognised_by_columns(*list(columns)[:4]),
        raw=raw,
        columns=columns,
        nps_certain="recommend" in columns,
    )


def _shape_any(raw: RawTable) -> Survey:
    return Survey(source="spreadsheet", recognised_by=Text("a column of scores"), raw=raw)


CLEAN = Vendor(name="leal", holds=_holds_clean, shape=_shape_clean)
SPREADSHEET = Vendor(name="spreadsheet", holds=lambda raw: raw.frame.width > 0, shape=_shape_any)
