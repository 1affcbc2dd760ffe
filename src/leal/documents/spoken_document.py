"""A document in the reader's language: every word a string, every table of one kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from leal.checks import Exhibit, Verdict
from leal.documents.document import InLanguage, Judged, Shown, Table, Words
from leal.documents.view import ROWS_SHOWN, table_view
from leal.wording import Language, Text, format_value, plural


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenTable:
    """A table as every writer writes it.

    Attributes
    ----------
    title, remark : str or None
        What it shows; what to know when reading it.
    heads : list of str
        Titles of the columns.
    numeric : list of bool
        Which columns stand to the right.
    shares : list of float
        Parts of the width, summing to 1.
    rows : list of list of str
        The cells.
    marks : mapping of (int, int) to str
        By row and column, the verdict that a cell holds.
    """

    title: str | None
    heads: list[str]
    numeric: list[bool]
    shares: list[float]
    rows: list[list[str]]
    remark: str | None
    marks: Mapping[tuple[int, int], Verdict] = field(default_factory=dict)


def say(words: Words, language: Language) -> str:
    """Return words in the reader's language."""
    return format_value(words, language)


_MANY_COLUMNS = 6
PAPER, SLIDE = (105, 120), (110, 140)
"""Letters that a line of a table has room for; and one of many columns, which is set smaller."""


def spoken_table(block: Table | Shown, language: Language, rooms: tuple[int, int] = PAPER) -> SpokenTable:
    """Return a table of a document or of an audit with its cells written, for paper or for a slide."""
    return _own(block, language, rooms) if isinstance(block, Table) else _shown(block, language)


def _own(block: Table, language: Language, rooms: tuple[int, int]) -> SpokenTable:
    heads = [column.title.into(language) for column in block.columns]
    rows = [[say(cell, language) for cell in row] for row in block.rows]
    return SpokenTable(
        title=None if block.title is None else block.title.into(language),
        heads=heads,
        numeric=[column.numeric for column in block.columns],
        shares=_unbroken([column.share for column in block.columns], heads, rows, rooms),
        rows=rows,
        remark=None if block.remark is None else block.remark.into(language),
        marks={
            (at, place): cell.verdict
            for at, row in enumerate(block.rows)
            for place, cell in enumerate(row)
            if isinstance(cell, Judged)
        },
    )


def _shown(block: Shown, language: Language) -> SpokenTable:
    cut = replace(block.exhibit, frame=rounded_amounts(block.exhibit).head(min(block.rows, ROWS_SHOWN)))
    written = table_view(cut, language, block.currency)
    numeric = [column.kind == "numeric" for column in written.columns]
    heads = [column.title for column in written.columns]
    left = block.exhibit.frame.height - len(written.rows)
    remarks = [] if written.remark is None else [written.remark]
    if left > 0:
        rest = plural(
            "{count} more row stands in the audit's report.",
            "{count} more rows stand in the audit's report.",
            left,
        )
        remarks.append(rest.into(language))
    return SpokenTable(
        title=written.title,
        heads=heads,
        numeric=numeric,
        shares=_shares(heads, written.rows),
        rows=written.rows,
        remark=" ".join(remarks) or None,
    )


_DIGITS = 3
_EXACT = 1000
"""Amounts below it are written in full."""


def rounded_amounts(exhibit: Exhibit) -> pl.DataFrame:
    """Return a table with its large amounts to three digits: a decision needs no more."""
    amounts = [heading.name for heading in exhibit.headings if heading.unit == "amount"]
    known = [name for name in amounts if exhibit.frame[name].dtype.is_numeric()]
    return exhibit.frame.with_columns(
        pl.when(pl.col(name).abs() < _EXACT)
        .then(pl.col(name).cast(pl.Float64))
        .otherwise(pl.col(name).cast(pl.Float64).round_sig_figs(_DIGITS))
        .alias(name)
        for name in known
    )


def _shares(heads: list[str], rows: list[list[str]]) -> list[float]:
    """Return the parts of the width by what the columns hold: no word broken, long texts not too wide.

    Where all do not fit, only what can be broken into lines gives way.
    """
    least = [1.1 * letters + 3 for letters in _longest_words(heads, rows)]
    longest = [max((len(row[at]) for row in rows), default=1) for at in range(len(heads))]
    wanted = [max(low, min(most, 26) + 2.0) for low, most in zip(least, longest, strict=True)]
    given = (PAPER[0] - sum(least)) / ((sum(wanted) - sum(least)) or 1.0)
    kept = min(max(given, 0.0), 1.0)
    weights = [low + kept * (high - low) for low, high in zip(least, wanted, strict=True)]
    total = sum(weights)
    return [weight / total for weight in weights]


def _longest_words(heads: list[str], rows: list[list[str]]) -> list[int]:
    """Return how many letters the longest word of each column has."""
    columns = zip(heads, *rows, strict=True)
    return [max((len(word) for cell in cells for word in cell.split()), default=1) for cells in columns]


def _unbroken(
    wanted: list[float], heads: list[str], rows: list[list[str]], rooms: tuple[int, int]
) -> list[float]:
    """Return the wanted parts of the width, the room for each column's longest word taken from the others.

    A word that fits in one language may be longer than its column in another.
    """
    room = rooms[len(heads) > _MANY_COLUMNS]
    least = [(1.15 * longest + 2.8) / room for longest in _longest_words(heads, rows)]
    total = sum(wanted)
    given = [share / total for share in wanted]
    if sum(least) >= 1:
        return [low / sum(least) for low in least]
    short = sum(max(low - share, 0.0) for low, share in zip(least, given, strict=True))
    spare = sum(max(share - low, 0.0) for low, share in zip(least, given, strict=True))
    left = 1 - short / spare if spare else 1.0
    return [low + left * max(share - low, 0.0) for low, share in zip(least, given, strict=True)]


def narrowed(exhibit: Exhibit, names: tuple[str, ...]) -> Exhibit:
    """Return an exhibit with only some of its columns, in its own order: a page is no spreadsheet."""
    kept = tuple(heading for heading in exhibit.headings if heading.name in names)
    return replace(exhibit, headings=kept)


def opened(text: Text | InLanguage, language: Language) -> str:
    """Return a sentence that begins a line: its first letter is a capital one."""
    said = text.into(language)
    return said[:1].upper() + said[1:]
