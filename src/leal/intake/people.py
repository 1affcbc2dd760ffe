"""People files of survey tools: who may be written to, who unsubscribed, whose address bounced."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from leal.errors import UnknownFormat, Where
from leal.intake.dates import read_times
from leal.intake.keys import clean_email, clean_phone
from leal.intake.raw import RawTable, blank_to_null, read_raw
from leal.intake.reconciliation import Reconciliation, collect_rejections
from leal.intake.surveys import is_people
from leal.intake.surveys.survey import by_key, pick, recognised_by_columns
from leal.results import Note
from leal.wording import Text

_WANTED = {
    "customer": ("person id", "id", "customer id", "user id"),
    "email": ("email", "email address"),
    "phone": ("phone number", "phone"),
    "segment": ("segment",),
}
_TIMES = {
    "created_at": ("created at",),
    "last_sent_at": ("last sent at",),
    "last_responded_at": ("last responded at",),
    "next_survey_at": ("next survey scheduled at",),
    "unsubscribed_at": ("unsubscribed at",),
    "bounced_at": ("bounced at",),
}


def read_people(path: str | Path) -> tuple[pl.DataFrame, Reconciliation]:
    """Read the people of a survey tool, and who of them must not be written to.

    Parameters
    ----------
    path : str or Path
        A list of people, of unsubscribes or of bounces (Delighted, as JSON or CSV).

    Returns
    -------
    people : polars.DataFrame
        One row a person: ``customer`` (the tool's identifier, else the e-mail), ``email``, ``phone``, and
        those of ``created_at, last_sent_at, last_responded_at, next_survey_at, unsubscribed_at, bounced_at``
        that the file holds (UTC). Names are left out.
    reconciliation : Reconciliation
        Rows read, accepted, rejected, duplicates.

    Raises
    ------
    BadFile, UnknownFormat
        The file cannot be read, or lists no people.

    Notes
    -----
    Whoever has ``unsubscribed_at`` or ``bounced_at`` is not to be invited again: honour both before sending.
    """
    raw = read_raw(path)
    if not is_people(raw):
        raise UnknownFormat(
            Text("This file lists no people of a survey tool."),
            hint=Text("Survey answers are read with leal.read_answers(path)."),
            where=Where(file=raw.file),
        )
    return _people(raw)


def _people(raw: RawTable) -> tuple[pl.DataFrame, Reconciliation]:
    keys = by_key(raw)
    columns, times = pick(keys, _WANTED), pick(keys, _TIMES)
    cleaners = {"email": clean_email, "phone": clean_phone}
    frame = raw.frame.select(
        cleaners.get(name, blank_to_null)(pl.col(column)).alias(name) for name, column in columns.items()
    )
    known = [pl.col(name) for name in ("customer", "email", "phone") if name in columns]
    frame = frame.with_columns(pl.coalesce(known).alias("customer"))
    read = {name: read_times(raw.frame.get_column(column)) for name, column in times.items()}
    frame = frame.with_columns(found.values.alias(name) for name, found in read.items())
    order = [name for name in ("customer", "email", "phone", "segment", *_TIMES) if name in frame.columns]
    nobody = frame["customer"].is_null()
    late = [found.unread for found in read.values()]
    unread = pl.select(pl.any_horizontal(late)).to_series() if late else nobody
    reason = pl.when(nobody).then(pl.lit("nobody")).when(unread).then(pl.lit("bad_time"))
    reasons = pl.DataFrame({"line": raw.lines}).with_columns(pl.select(reason.alias("reason")).to_series())
    accepted = frame.select(order).filter(reasons["reason"].is_null())
    unique = accepted.unique("customer", keep="last", maintain_order=True)
    rejected, counts = collect_rejections(
        reasons.filter(pl.col("reason").is_not_null()),
        {"nobody": Text("nobody is named"), "bad_time": Text("the time cannot be read")},
    )
    blocked = [name for name in ("unsubscribed_at", "bounced_at") if name in times]
    report = Reconciliation(
        file=raw.file,
        source="delighted",
        recognised_by=recognised_by_columns(*times.values()),
        table="customers",
        encoding=raw.encoding,
        delimiter=raw.delimiter,
        sheet=raw.sheet,
        rows_read=raw.frame.height,
        accepted=unique.height,
        duplicates=accepted.height - unique.height,
        rejected=rejected,
        rejected_by_reason=counts,
        columns_used={column: name for name, column in {**columns, **times}.items()},
        columns_dropped=tuple(c for c in raw.columns if c not in {*columns.values(), *times.values()}),
        notes=_blocked(len(blocked) > 0),
    )
    return unique, report


def _blocked(found: bool) -> tuple[Note, ...]:
    if not found:
        return ()
    text = Text("These people unsubscribed or could not be reached: they are not to be invited again.")
    return (Note(code="not_to_be_invited", text=text),)
