"""Customers, actions, brands, wishes, units, reviews and plain answers: each column read as its kind says."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from leal.intake.building import Build, Built, stripped
from leal.intake.keys import KeyKind, clean_key, key_kind
from leal.intake.raw import header_key
from leal.tables import TABLES, Column
from leal.wording import Text

_YES = ("1", "true", "yes", "y", "да", "истина", "д", "+", "1.0", "1,0", "x", "х")
_NO = ("0", "false", "no", "n", "нет", "ложь", "н", "-", "0.0", "0,0", "")

_ARMS: Mapping[str, str] = {
    **dict.fromkeys(
        ("control", "контроль", "контрольная", "контрольная группа", "holdout", "hold out", "0"), "control"
    ),
    **dict.fromkeys(("control group", "без воздействия"), "control"),
    **dict.fromkeys(
        ("treated", "treatment", "test", "тест", "тестовая", "тестовая группа", "целевая"), "treated"
    ),
    **dict.fromkeys(
        ("целевая группа", "1", "treatment group", "test group", "воздействие", "exposed"), "treated"
    ),
}
_LETTERS: Mapping[str, str] = {"c": "control", "к": "control", "t": "treated", "т": "treated"}
"""Letters for arms, where no other stands beside them: A, B and C are arms of their own."""

_CHOICES: Mapping[str, str] = {
    **{
        "уникальность": "uniqueness",
        "уникальный": "uniqueness",
        "unique": "uniqueness",
        "экономика": "economic",
    },
    **{"экономический": "economic", "экономическая": "economic", "эмоциональный": "emotional"},
    **{"эмоциональная": "emotional", "эмоции": "emotional", "emotion": "emotional", "бренд": "brand"},
    **{"регион": "region", "филиал": "branch", "магазин": "branch", "store": "branch", "отдел": "department"},
    **{"подразделение": "department", "отделение": "branch", "департамент": "department"},
}
_CONTACT_KINDS: Mapping[str, str] = {
    **dict.fromkeys(
        ("relationship", "relationship survey", "nps", "survey", "опрос", "опрос nps"), "relationship_survey"
    ),
    **dict.fromkeys(("опрос отношения", "опрос об отношении", "общий опрос"), "relationship_survey"),
    **dict.fromkeys(("event", "event survey", "transactional", "csat", "ces"), "event_survey"),
    **dict.fromkeys(("опрос о событии", "опрос после события", "опрос после покупки"), "event_survey"),
    **dict.fromkeys(
        ("campaign", "newsletter", "promotion", "promo", "offer", "advertising", "sales call"), "marketing"
    ),
    **dict.fromkeys(("рассылка", "реклама", "маркетинг", "предложение", "акция", "кампания"), "marketing"),
    **dict.fromkeys(("review reply", "reply to review", "ответ на отзыв"), "review_reply"),
    **dict.fromkeys(("support", "help", "question", "request", "consultation"), "service"),
    **dict.fromkeys(("сервис", "обслуживание", "поддержка", "вопрос", "консультация"), "service"),
    **dict.fromkeys(("жалоба", "претензия", "рекламация", "claim"), "complaint"),
    **dict.fromkeys(("другое", "прочее", "иное"), "other"),
}
_KEY_KINDS: Mapping[str, KeyKind] = {"email": "email", "phone": "phone"}
_SHARES = frozenset({"feasibility", "promised_noticed", "planned_share"})
"""Shares that people write in percent as well."""

_IDENTIFIERS = frozenset({"customer", "respondent", "answer", "source_review_id"})


def build_plain(build: Build) -> Built:
    """Return a table whose columns need no arithmetic: keys in normal form, numbers, times, flags, words.

    A row without what the table needs is not accepted; any other cell that cannot be read is left empty, with
    a note.
    """
    table = TABLES[build.mapping.table]
    reason = pl.repeat(None, build.height, dtype=pl.String, eager=True)
    for column in table:
        if (cells := build.cells(column.name)) is not None:
            values, unreadable = _READERS[column.kind](build, column, cells)
            if column.name in NEEDS_VALUE.get(table.name, ()):
                bad = pl.repeat(f"bad_{column.name}", build.height, dtype=pl.String, eager=True)
                reason = reason.zip_with(reason.is_not_null() | ~unreadable, bad)
            else:
                build.left_empty(column.name, unreadable)
            build.columns[column.name] = values.alias(column.name)
    _customer(build)
    build.add_rest()
    build.told_guesses()
    frame = pl.DataFrame(build.columns)
    return Built(frame=frame, reason=_missing(frame, table.name, reason), notes=tuple(build.notes))


NEEDS_VALUE: Mapping[str, tuple[str, ...]] = {
    "customers": ("customer",),
    "actions": ("action",),
    "brands": ("brand", "score"),
    "wishes": ("wish", "asked"),
    "units": ("unit",),
    "cases": ("customer", "opened_at", "reason"),
    "contacts": ("customer", "contacted_at"),
    "invitations": ("customer", "invited_at"),
    "rules": ("rule", "introduced_at"),
    "kano": ("wish", "functional", "dysfunctional"),
    "prices": ("too_cheap", "cheap", "expensive", "too_expensive"),
    "talk": ("bought", "praise", "blame"),
    "reviews": ("rating", "created_at"),
    "answers": ("recommend",),
}
"""Columns without a value in which a row is of no use."""

_OF_CUSTOMERS = frozenset({"customers", "answers", "actions", "cases", "contacts", "invitations"})
"""Tables whose rows are about customers, who may be known by mail or telephone only."""


def _missing(frame: pl.DataFrame, table: str, reason: pl.Series) -> pl.Series:
    for name in NEEDS_VALUE[table]:
        if name in frame.columns:
            none = pl.repeat(f"no_{name}", frame.height, dtype=pl.String, eager=True)
            reason = reason.zip_with(reason.is_not_null() | frame[name].is_not_null(), none)
    return reason


def _customer(build: Build) -> None:
    """Find the customer by mail, telephone or name where there is no identifier; keep these for joining."""
    columns = build.columns
    for name, kind in _KEY_KINDS.items():
        if name not in columns and (key := build.key(name, kind)) is not None:
            columns[name] = key
    name_cells = build.text("name") if build.mapping.table == "customers" else None
    if build.mapping.table == "customers":
        parts = [build.text(part) for part in ("first_name", "last_name")]
        given = [part for part in parts if part is not None]
        if name_cells is None and given:
            joined = pl.DataFrame(given).select(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True))
            name_cells = joined.to_series().replace("", None)
        if name_cells is not None:
            columns["name"] = name_cells.alias("name")
    if build.mapping.table in _OF_CUSTOMERS:
        known = [columns[name] for name in ("customer", "email", "phone", "name") if name in columns]
        if known:
            columns["customer"] = pl.select(pl.coalesce(known).alias("customer")).to_series()
            build.columns = {"customer": columns["customer"], **columns}


def _read_text(build: Build, column: Column, cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    nothing = pl.repeat(False, build.height, eager=True)
    text = stripped(cells)
    if column.name in _KEY_KINDS:
        key = clean_key(cells, _KEY_KINDS[column.name])
        return key, key.is_null() & text.is_not_null()
    if column.name in _IDENTIFIERS:
        return clean_key(cells, key_kind(cells)), nothing
    if column.name == "arm":
        return _translated(text, _arm_words(text)), nothing
    if column.choices:
        words = _CONTACT_KINDS if build.mapping.table in {"contacts", "invitations"} else _CHOICES
        told = _translated(text, words)
        unknown = told.is_not_null() & ~told.is_in(list(column.choices))
        return told.set(unknown, None), unknown
    return text, nothing


def _arm_words(text: pl.Series) -> Mapping[str, str]:
    letters = {
        word for word in text.str.to_lowercase().drop_nulls().unique() if len(word) == 1 and word.isalpha()
    }
    return {**_ARMS, **_LETTERS} if letters <= set(_LETTERS) else _ARMS


def _translated(text: pl.Series, words: Mapping[str, str]) -> pl.Series:
    told = {
        word: words.get(header_key(word), words.get(word.lower(), word.lower()))
        for word in text.drop_nulls().unique()
    }
    if not told:
        return text
    return text.replace_strict(list(told), list(told.values()), default=None, return_dtype=pl.String)


def _read_number(build: Build, column: Column, cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    read = build.read_numbers(column.name, cells)
    values, bad = read.values, read.unreadable
    low = column.low if column.low is not None else float("-inf")
    high = column.high if column.high is not None else float("inf")
    outside = ~values.is_between(low, high).fill_null(True)
    if column.name in _SHARES and outside.any() and values.is_between(0, 100).fill_null(True).all():
        build.note("percent_to_share", Text("Percent were read as shares: 80 as 0.8."))
        return values / 100, bad
    if column.kind == "integer":
        outside = outside | ~(values == values.round(0)).fill_null(True)
        return values.set(outside, None).cast(pl.Int64), bad | outside
    return values.set(outside, None), bad | outside


def _read_time(build: Build, column: Column, cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    return build.read_times(column.name, cells)


def _read_flag(build: Build, _column: Column, cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    if cells.dtype == pl.Boolean:
        return cells, pl.repeat(False, build.height, eager=True)
    word = cells.cast(pl.String).str.strip_chars().str.to_lowercase()
    told = pl.DataFrame({"w": word}).select(
        pl.when(pl.col("w").is_in(_YES)).then(True).when(pl.col("w").is_in(_NO)).then(False).alias("flag")
    )
    flag = told["flag"]
    return flag, flag.is_null() & word.is_not_null() & (word != "")


_READERS = {
    "text": _read_text,
    "number": _read_number,
    "integer": _read_number,
    "time": _read_time,
    "flag": _read_flag,
}
