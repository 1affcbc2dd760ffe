"""What a vendor's module makes of a raw table: the same survey, its special shape explained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl

from leal.intake.raw import RawTable, header_key
from leal.intake.scales import Scale
from leal.results import Note
from leal.wording import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Rows that are no answers at all, and why."""

    reason: str
    rows: pl.Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A survey file with its vendor's peculiarities taken out.

    Attributes
    ----------
    source : str
        Stable name of the tool.
    recognised_by : Text
        By what it was recognised.
    raw : RawTable
        The data rows only, under one header.
    columns : mapping of str to str
        Columns of the vocabulary that the vendor fixes: ``{"answer": "ResponseId"}``.
    titles : mapping of str to str
        The wording of questions whose columns carry a code for a name.
    scales : mapping of str to Scale
        The scales of columns where the file itself tells them.
    technical : frozenset of str
        Columns that are no questions and no customer's property (progress, device): kept, never interpreted.
    gates : tuple of Gate
        Rows that are no answers.
    unscored : polars.Series or None
        For each row the reason that a missing score has there; ``"no_score"`` by default.
    groups : polars.Series or None
        The vendor's own promoter, passive, detractor (1, 0, -1), to count the NPS before by.
    nps_certain : bool
        Whether the vendor says that the column of `recommend` is its NPS question.
    month_first, zone
        How the vendor writes times; see `read_times`.
    notes : tuple of Note
        What was assumed.
    """

    source: str
    recognised_by: Text
    raw: RawTable
    columns: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    scales: Mapping[str, Scale] = field(default_factory=dict)
    technical: frozenset[str] = frozenset()
    gates: tuple[Gate, ...] = ()
    unscored: pl.Series | None = None
    groups: pl.Series | None = None
    nps_certain: bool = False
    month_first: bool | None = None
    zone: str | None = None
    notes: tuple[Note, ...] = ()

    def title(self, column: str) -> str:
        """Return the wording of a column's question, else its name."""
        return self.titles.get(column, column)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """A tool whose files are recognised by what they hold.

    Attributes
    ----------
    name : str
        Stable name: ``"qualtrics"``.
    holds : callable
        Whether a raw table is a survey file of this tool.
    shape : callable
        Takes its peculiarities out.
    """

    name: str
    holds: Callable[[RawTable], bool]
    shape: Callable[[RawTable], Survey]


def by_key(raw: RawTable) -> dict[str, str]:
    """Return the first column of each bare wording of a header."""
    found: dict[str, str] = {}
    for column in raw.columns:
        found.setdefault(header_key(column), column)
    return found


def pick(keys: Mapping[str, str], wanted: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return, for each canonical name, the first of the wanted headers that is there."""
    found: dict[str, str] = {}
    for canonical, names in wanted.items():
        column = next((keys[name] for name in names if name in keys), None)
        if column is not None and column not in found.values():
            found[canonical] = column
    return found


def lower(raw: RawTable, column: str | None) -> pl.Series:
    """Return a column stripped and in lower case, empty cells as empty text; all empty where it is absent."""
    if column is None or column not in raw.columns:
        return pl.Series("cell", [""], dtype=pl.String).new_from_index(0, raw.frame.height)
    return raw.frame.get_column(column).str.strip_chars().str.to_lowercase().fill_null("")


def recognised_by_columns(*columns: str) -> Text:
    """Return the words for a file recognised by its columns."""
    return Text("columns: {columns}", columns=", ".join(columns))
