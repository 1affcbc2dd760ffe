"""Office files that are the same bytes for the same content: they hold no hour of the clock."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

_EARLIEST = (1980, 1, 1, 0, 0, 0)


def settled(content: bytes) -> bytes:
    """Return an Office file whose members all carry the earliest date that an archive can hold."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(made, "w") as kept:
        for member in given.infolist():
            entry = zipfile.ZipInfo(member.filename, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = member.external_attr
            kept.writestr(entry, given.read(member.filename))
    return made.getvalue()


def moment(day: dt.date | None) -> dt.datetime:
    """Return the time that a file says it was made: the day that it speaks as of."""
    given = day or dt.date(2000, 1, 1)
    return dt.datetime(given.year, given.month, given.day)  # noqa: DTZ001 - Office files hold no time zone
