"""Which table a file is, and which of its columns is which: by presets, by names, by likeness, by content."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from leal.intake.column_mapping import ColumnMapping
from leal.intake.dates import read_times
from leal.intake.numbers import parse_numbers
from leal.intake.presets import PRESETS, Preset
from leal.intake.raw import RawTable
from leal.intake.synonyms import STEMS, SYNONYMS, wording
from leal.tables import TABLES

_KEYS = frozenset({"customer", "email", "phone", "name"})
_MONEY = frozenset({"amount", "price"})

DOCUMENT = r"(?i)\sот\s\d{1,2}\.\d{1,2}\.\d{4}"
"""A document of 1C names its date: «Реализация товаров и услуг 0000-000123 от 02.03.2026 12:00:00»."""

NEEDS: Mapping[str, tuple[frozenset[str], ...]] = {
    "answers": (frozenset({"recommend"}),),
    "purchases": (_KEYS, frozenset({"bought_at"}), _MONEY),
    "customers": (
        _KEYS,
        frozenset({"email", "phone", "name", "joined_at", "segment", "unit", "joining_reason", "left_at"}),
    ),
    "reviews": (frozenset({"rating"}), frozenset({"text"}), frozenset({"created_at"})),
    "actions": (
        frozenset({"action"}),
        frozenset({"customer", "email", "phone", "arm", "cost", "exposed", "noticed"}),
    ),
    "brands": (frozenset({"brand"}), frozenset({"score"})),
    "wishes": (frozenset({"wish"}), frozenset({"asked"})),
    "units": (frozenset({"unit"}), frozenset({"parent", "kind"})),
    "cases": (frozenset({"customer", "email", "phone"}), frozenset({"opened_at"}), frozenset({"reason"})),
    "contacts": (
        frozenset({"customer", "email", "phone"}),
        frozenset({"contacted_at"}),
        frozenset({"kind", "channel", "reason", "contact"}),
    ),
    "invitations": (frozenset({"customer", "email", "phone"}), frozenset({"invited_at"})),
    "rules": (frozenset({"rule"}), frozenset({"introduced_at"})),
    "kano": (frozenset({"wish"}), frozenset({"functional"}), frozenset({"dysfunctional"})),
    "prices": tuple(frozenset({name}) for name in ("too_cheap", "cheap", "expensive", "too_expensive")),
    "talk": tuple(frozenset({name}) for name in ("bought", "praise", "blame")),
}
"""Of each group one column must be found for a file to be the table."""

_TELLING: Mapping[str, frozenset[str]] = {
    "purchases": frozenset({"amount", "quantity", "price", "item", "purchase", "bought_at", "currency"}),
    "customers": frozenset({"joined_at", "joining_reason", "left_at", "contacts", "cases", "last_name"}),
    "actions": frozenset({"action", "arm", "exposed", "noticed", "path"}),
    "brands": frozenset({"brand", "respondent", "own", "previous_brand"}),
    "wishes": frozenset({"wish", "asked", "surveyed", "feasibility"}),
    "units": frozenset({"parent", "kind"}),
    "cases": frozenset({"case", "opened_at", "closed_at"}),
    "contacts": frozenset({"contacted_at", "kind", "channel"}),
    "invitations": frozenset({"invitation", "invited_at", "opened", "answered"}),
    "rules": frozenset({"rule", "introduced_at", "retired_at"}),
    "kano": frozenset({"functional", "dysfunctional"}),
    "prices": frozenset({"too_cheap", "too_expensive"}),
    "talk": frozenset({"praise", "blame"}),
    "reviews": frozenset({"rating", "text", "source_review_id"}),
    "answers": frozenset({"recommend", "satisfaction", "effort"}),
}
"""Columns that hardly another table has."""

_FILE_NAMES: Mapping[str, str] = {
    "answers": r"answer|survey|nps|ответ|опрос",
    "purchases": r"purchase|sale|order|deal|transaction|продаж|заказ|покуп|сделк",
    "customers": r"customer|client|contact|клиент|контакт|покупател",
    "reviews": r"review|отзыв",
    "actions": r"action|campaign|акци|кампан",
    "brands": r"brand|competitor|бренд|конкурент",
    "wishes": r"wish|feature|пожелан|иде",
    "units": r"unit|branch|филиал|подраздел",
    "cases": r"case|ticket|complaint|обращени|жалоб|инцидент",
    "contacts": r"interaction|touch|activit|contact.?(log|history|ledger)|журнал|касани|коммуникац",
    "invitations": r"invit|приглаш",
    "rules": r"rule|правил|регламент",
    "kano": r"kano|кано",
    "prices": r"price_survey|psm|westendorp|чувствительност",
    "talk": r"talk|heard|word.?of.?mouth|молв|сарафан|слыша",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What a file was recognised as.

    Attributes
    ----------
    raw : RawTable
        The file, its header found.
    mapping : ColumnMapping
        The table and its columns.
    complete : bool
        Whether all is there that the table cannot do without.
    likeness : float
        How sure it is, to choose between tables.
    """

    raw: RawTable
    mapping: ColumnMapping
    complete: bool
    likeness: float


def recognise_table(raw: RawTable, table: str | None = None) -> Recognised:
    """Tell which table a file is and which column is which; the best guess where nothing fits.

    Parameters
    ----------
    raw : RawTable
        The file as text (or, of Parquet, typed).
    table : str, optional
        The table it is said to be; by default the one that it looks most like.
    """
    best = _by_headers(raw, table)
    if best.complete or raw.file_format == "parquet":
        return best
    deeper = [_by_headers(shifted, table) for shifted in _lower_headers(raw)]
    found = [candidate for candidate in deeper if candidate.complete]
    return max(found, key=lambda candidate: candidate.likeness) if found else best


def left_out_of(mapping: ColumnMapping, raw: RawTable) -> list[frozenset[str]]:
    """Return what a mapping leaves out of what its table is of no use without: of each set one column."""
    required = set(TABLES[mapping.table].required)
    named = {name for name, header in mapping.columns.items() if header}
    return [
        group
        for group in _needs(raw, mapping.columns, mapping.table)
        if group & required and not group & named
    ]


def looks_like_documents(cells: pl.Series) -> bool:
    """Tell whether a column holds documents of 1C with their dates."""
    some = cells.drop_nulls().head(300)
    return some.dtype == pl.String and _part(some.str.contains(DOCUMENT)) > 0.2


def _lower_headers(raw: RawTable) -> list[RawTable]:
    """Return the table with one of its first rows as the header: reports have lines above the table."""
    tables = []
    for position in range(min(20, raw.frame.height - 1)):
        names = [str(cell or "") for cell in raw.frame.row(position)]
        if sum(bool(name) for name in names) >= 2:
            below = raw.without_first(position + 1).renamed(names)
            line = int(raw.lines[position]) if position < len(raw.lines) else position + 1
            tables.append(replace(below, header_line=line))
    return tables


def _by_headers(raw: RawTable, table: str | None) -> Recognised:
    wordings = {header: wording(header) for header in raw.columns}
    for preset in PRESETS:
        if table in {None, preset.table} and _has(preset, set(wordings.values())):
            found = _mapped(raw, wordings, preset.table, preset)
            if found.complete:
                return replace(found, likeness=10.0)
    tables = [table] if table else list(TABLES)
    return max(
        (_mapped(raw, wordings, name, None, told=table is not None) for name in tables),
        key=lambda found: (found.complete, found.likeness),
    )


def _has(preset: Preset, wordings: set[str]) -> bool:
    return all(any(name in wordings for name in group) for group in preset.needs)


def _mapped(
    raw: RawTable, wordings: Mapping[str, str], table: str, preset: Preset | None, *, told: bool = False
) -> Recognised:
    columns: dict[str, str] = {}
    if preset is not None:
        _take(columns, preset.columns, wordings, raw)
    leaves = preset.leaves if preset else ()
    synonyms = {name: names for name, names in SYNONYMS[table].items() if name not in leaves}
    own = {name: (wording(name),) for name in (column.name for column in TABLES[table]) if name not in leaves}
    _take(columns, own, wordings, raw)
    _take(columns, synonyms, wordings, raw)
    surely = set(columns)
    _take_alike(columns, table, wordings, raw, leaves)
    needs = _needs(raw, columns, table)
    if told and table == "customers":
        needs = needs[:1]  # a list of identifiers is one of customers where somebody says so
    complete = all(group & set(columns) for group in needs)
    if not complete:
        _take_by_content(columns, table, raw)
    mapping = ColumnMapping(
        table=table,
        columns=columns,
        source=preset.source if preset else "synonyms",
        guessed=tuple(name for name in columns if name not in surely),
    )
    return Recognised(
        raw=raw, mapping=mapping, complete=complete, likeness=_likeness(raw, table, surely, columns)
    )


def _needs(raw: RawTable, columns: Mapping[str, str], table: str) -> tuple[frozenset[str], ...]:
    """Return what must be found; sales of 1C have their date and customer inside the document's name."""
    needs = NEEDS[table]
    document = columns.get("purchase") or columns.get("customer")
    if table == "purchases" and document and looks_like_documents(raw.frame[document]):
        return tuple(group for group in needs if "bought_at" not in group)
    return needs


def _take(
    columns: dict[str, str],
    names_of: Mapping[str, Sequence[str]],
    wordings: Mapping[str, str],
    raw: RawTable,
) -> None:
    """Give each column of the table the first header that goes by one of its names and holds its kind."""
    for column, names in names_of.items():
        if column in columns:
            continue
        free = {
            word: header
            for header, word in reversed(list(wordings.items()))
            if header not in columns.values()
        }
        candidates = [free[name] for name in names if name in free]
        fitting = [header for header in candidates if _holds(raw, header, column)]
        if fitting:
            columns[column] = fitting[0]


def _take_alike(
    columns: dict[str, str],
    table: str,
    wordings: Mapping[str, str],
    raw: RawTable,
    leaves: Sequence[str],
) -> None:
    """Guess a column by its header's stem where one header only has it, and its cells are of the kind."""
    for column, stem in STEMS.get(table, {}).items():
        if column in columns or column in leaves:
            continue
        alike = [
            header
            for header, word in wordings.items()
            if header not in columns.values()
            and re.search(stem, word)
            and _holds(raw, header, column, least=0.8)
        ]
        if len(alike) == 1 or (alike and column in TABLES[table].required):
            columns[column] = alike[0]


def _take_by_content(columns: dict[str, str], table: str, raw: RawTable) -> None:
    """Guess what is still missing by what the cells hold: only for the mapping offered to a person."""
    tests = {
        "email": "email",
        "phone": "phone",
        "customer": "identifier",
        "bought_at": "time",
        "amount": "number",
    }
    tests |= {
        "recommend": "score",
        "joined_at": "time",
        "score": "score",
        "asked": "number",
        "created_at": "time",
    }
    wanted = [name for group in NEEDS[table] for name in sorted(group) if name in tests]
    for column in dict.fromkeys(wanted):
        group_found = any(column in group and group & set(columns) for group in NEEDS[table])
        free = [header for header in raw.columns if header not in columns.values()]
        fitting = [header for header in free if _content(raw, header, tests[column])]
        if fitting and not group_found:
            columns[column] = fitting[0]


_TIMES = frozenset(
    {"bought_at", "joined_at", "left_at", "answered_at", "started_at", "created_at", "contacted_at"}
    | {"invited_at", "contract_began_at", "contract_ends_at"}
)
_NUMBERS = frozenset(
    {"amount", "quantity", "price", "margin", "cost_price", "discount", "refunded", "cost", "score", "n"}
    | {"spread", "rank", "asked", "surveyed", "value", "value_low", "value_high", "feasibility", "spend"}
    | {"contacts", "cases", "rating", "rating_max", "recommend", "promised_noticed", "planned_share"}
)


def _holds(raw: RawTable, header: str, column: str, least: float = 0.3) -> bool:
    """Tell whether the cells under a header can be what the column wants; an empty column can."""
    if column not in _TIMES and column not in _NUMBERS:
        return True
    cells = raw.frame[header].drop_nulls().head(300)
    if cells.is_empty():
        return True
    if cells.dtype.is_temporal():
        return column in _TIMES
    if column in _NUMBERS:
        return _share(parse_numbers(cells).values) >= least
    return _share(read_times(cells.cast(pl.String)).values) >= least


def _content(raw: RawTable, header: str, kind: str) -> bool:
    cells = raw.frame[header].drop_nulls().head(300)
    if cells.is_empty():
        return False
    text = cells.cast(pl.String)
    if kind == "email":
        return _part(text.str.contains("@", literal=True)) > 0.5
    if kind == "phone":
        return _part(text.str.contains(r"^\s*(?:\+\d|8[\s(]|7[\s(])[\d\s()\-]{8,}$")) > 0.5
    if kind == "time":
        return _share(parse_numbers(text).values) < 0.5 and _share(read_times(text).values) > 0.8
    if kind == "identifier":
        return (
            text.n_unique() > 1
            and _share(read_times(text).values) < 0.5
            and "." not in "".join(text.head(20))
        )
    numbers = parse_numbers(text).values
    if kind == "score":
        return _share(numbers) > 0.8 and bool(numbers.is_between(0, 10).mean() == 1)
    return _share(numbers) > 0.8


def _part(true: pl.Series) -> float:
    return int(true.sum()) / max(len(true), 1)


def _share(values: pl.Series) -> float:
    return 1 - values.null_count() / max(len(values), 1)


def _likeness(raw: RawTable, table: str, surely: set[str], columns: Mapping[str, str]) -> float:
    """Weigh how much of the file a table explains, how telling that is, and what the file's name says."""
    explained = (len(surely) + 0.5 * (len(columns) - len(surely))) / max(raw.frame.width, 1)
    telling = len(_TELLING[table] & surely) + 0.3 * len(_TELLING[table] & (set(columns) - surely))
    named = bool(re.search(_FILE_NAMES[table], Path(raw.file).name.lower()))
    return explained + 0.35 * telling + 0.5 * named
