"""Google Forms: a time stamp first, then the questions word for word; grids as "Question [Row]"."""

from __future__ import annotations

from leal.intake.raw import RawTable, header_key
from leal.intake.surveys.survey import Survey, Vendor, by_key, pick, recognised_by_columns

_STAMPS = (
    *("timestamp", "отметка времени", "horodateur", "zeitstempel", "marca temporal", "позначка часу"),
    *("carimbo de data hora", "informazioni cronologiche", "sygnatura czasowa", "zaman damgasi"),
)
_WANTED = {
    "answered_at": _STAMPS,
    "email": ("email address", "адрес электронной почты", "email", "username", "имя пользователя", "e mail"),
}
_QUESTION_LENGTH = 16


def _holds(raw: RawTable) -> bool:
    if raw.records or not raw.columns or header_key(raw.columns[0]) not in _STAMPS:
        return False
    others = raw.columns[1:]
    return any(name.strip().endswith(("?", "]", "？")) or len(name) >= _QUESTION_LENGTH for name in others)


def _shape(raw: RawTable) -> Survey:
    return Survey(
        source="google_forms",
        recognised_by=recognised_by_columns(raw.columns[0]),
        raw=raw,
        columns=pick(by_key(raw), _WANTED),
    )


VENDOR = Vendor(name="google_forms", holds=_holds, shape=_shape)
