"""What the builders of tables share: cells of a mapped column, what was built, notes on what was assumed."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from leal.intake.column_mapping import ColumnMapping
from leal.intake.dates import read_times
from leal.intake.keys import KeyKind, clean_key, key_kind
from leal.intake.numbers import DecimalMark, Numbers, parse_numbers
from leal.intake.raw import RawTable, blank_to_null
from leal.results import Note
from leal.wording import Count, Listing, Text

_TIME = pl.Datetime("us")


@dataclass(slots=True)
class Build:
    """A table under construction: the file, its mapping, the columns made so far, the doubts so far.

    Attributes
    ----------
    raw, mapping
        The file and which column is which.
    columns : dict of str to polars.Series
        The columns of the table, one value a row of the file.
    notes : list of Note
        What was assumed.
    decimal_mark : {".", ","} or None
        What the file's columns of numbers say so far, to decide the ambiguous ones.
    """

    raw: RawTable
    mapping: ColumnMapping
    columns: dict[str, pl.Series] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    decimal_mark: DecimalMark | None = None

    @property
    def height(self) -> int:
        """Rows of the file."""
        return self.raw.frame.height

    def cells(self, name: str) -> pl.Series | None:
        """Return the cells of a mapped column, None where the file has none."""
        header = self.mapping.header(name)
        return None if header is None else self.raw.frame[header].alias(name)

    def text(self, name: str) -> pl.Series | None:
        """Return the cells of a mapped column as stripped text, words for "nothing" as null."""
        cells = self.cells(name)
        return None if cells is None else stripped(cells)

    def key(self, name: str, kind: KeyKind | None = None) -> pl.Series | None:
        """Return the cells of a mapped column as keys in normal form."""
        cells = self.cells(name)
        return None if cells is None else clean_key(cells, kind or key_kind(cells)).alias(name)

    def numbers(self, name: str) -> Numbers | None:
        """Return the cells of a mapped column as numbers, with a note where they had to be guessed."""
        cells = self.cells(name)
        return None if cells is None else self.read_numbers(name, cells)

    def read_numbers(self, name: str, cells: pl.Series) -> Numbers:
        """Return cells as numbers, with a note where they had to be guessed."""
        read = parse_numbers(cells, self.mapping.decimal_mark or self.decimal_mark)
        self.decimal_mark = self.decimal_mark or read.decimal_mark
        header = self.mapping.columns[name]
        if read.guessed:
            self.note(
                "ambiguous_numbers",
                Text(
                    "{column}: numbers such as 1,234 can be read in two ways (rows: {count}); a comma was "
                    "taken for thousands, a point for decimals. A mapping can say decimal_mark.",
                    column=header,
                    count=Count(read.ambiguous),
                ),
            )
        if read.mixed:
            self.note(
                "mixed_numbers",
                Text("{column}: some numbers have a decimal point, others a decimal comma.", column=header),
            )
        return read

    def times(self, name: str) -> tuple[pl.Series, pl.Series] | None:
        """Return the cells of a mapped column as times in UTC, and which of them are no times."""
        cells = self.cells(name)
        return None if cells is None else self.read_times(name, cells)

    def read_times(self, name: str, cells: pl.Series) -> tuple[pl.Series, pl.Series]:
        """Return cells as times in UTC, and which of them are no times."""
        if cells.dtype.is_temporal():
            return _typed_times(cells), pl.repeat(False, len(cells), eager=True)
        read = read_times(cells.cast(pl.String), month_first=self.mapping.month_first)
        for note in read.notes:
            self.note(note.code, note.text)
        return read.values.alias(name), read.unread

    def note(self, code: str, text: Text) -> None:
        """Add a doubt, once."""
        note = Note(code=code, text=text)
        if note not in self.notes:
            self.notes.append(note)

    def left_empty(self, name: str, unreadable: pl.Series) -> None:
        """Note that cells of an optional column could not be read and were left empty."""
        if count := int(unreadable.sum()):
            example = self.raw.frame[self.mapping.columns[name]].filter(unreadable).item(0)
            self.note(
                "left_empty",
                Text(
                    "{column}: cells such as {example} could not be read and were left empty "
                    "(rows: {count}).",
                    column=self.mapping.columns[name],
                    count=Count(count),
                    example=repr(example),
                ),
            )

    def add_rest(self) -> None:
        """Keep the columns of the file that nothing was made of, under their own names."""
        used = set(self.mapping.columns.values())
        for header in self.raw.columns:
            if header not in used:
                name = header if header not in self.columns else f"{header} (file)"
                self.columns[name] = self.raw.frame[header].alias(name)

    def told_guesses(self) -> None:
        """Note which columns were taken by likeness."""
        if self.mapping.guessed:
            pairs = [f"{self.mapping.columns[name]} → {name}" for name in self.mapping.guessed]
            self.note(
                "guessed_columns",
                Text("Taken by likeness of the name: {pairs}.", pairs=Listing.of(pairs)),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A table as made from a file.

    Attributes
    ----------
    frame : polars.DataFrame
        The table's columns for every row of the file.
    reason : polars.Series
        Why a row is not accepted, null where it is.
    amount : polars.Series or None
        The money of each row, where it was read, accepted or not.
    notes : tuple of Note
        What was assumed.
    """

    frame: pl.DataFrame
    reason: pl.Series
    amount: pl.Series | None = None
    notes: tuple[Note, ...] = ()


def stripped(cells: pl.Series) -> pl.Series:
    """Return cells as text without spaces around, words for "nothing" as null."""
    text = pl.DataFrame({"x": cells.cast(pl.String)})
    return text.select(blank_to_null(pl.col("x")).alias(cells.name)).to_series()


def _typed_times(cells: pl.Series) -> pl.Series:
    if isinstance(cells.dtype, pl.Datetime) and cells.dtype.time_zone:
        cells = cells.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    return cells.cast(_TIME)
