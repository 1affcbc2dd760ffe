"""What goes wrong is said once, plainly: what is wrong, where, and what to do.

One root, few children. Bad input raises; doubtful statistics do not: they return a result with notes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from leal.wording import Language, Listing, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The place of an error: file, sheet, row (line of the file, from 1), column, whichever are known."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def into(self, language: Language) -> str:
        """Return the place in words, empty where nothing is known."""
        parts = [
            Text("file {file}", file=self.file) if self.file else None,
            Text("sheet {sheet}", sheet=self.sheet) if self.sheet else None,
            Text("row {row}", row=str(self.row)) if self.row is not None else None,
            Text("column {column}", column=self.column) if self.column else None,
        ]
        return ", ".join(part.into(language) for part in parts if part is not None)


NOWHERE = Where()


class LealError(Exception):
    """The root of all errors that Leal raises on purpose.

    Attributes
    ----------
    code : str
        Stable name of the kind of error, for programs.
    message : Text
        What is wrong.
    hint : Text
        What to do about it.
    where : Where
        File, sheet, row and column, as far as known.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: Text, *, hint: Text, where: Where = NOWHERE) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def into(self, language: Language) -> str:
        """Return the whole error in `language`: what, where, what to do."""
        place = self.where.into(language)
        told = f"{self.message.into(language)} ({place})" if place else self.message.into(language)
        return f"{told}\n{self.hint.into(language)}"

    def __str__(self) -> str:
        return self.into("en")

    def to_dict(self, language: Language = "en") -> dict[str, object]:
        """Return the one JSON shape of errors: code, message, hint, field (and file and row where known)."""
        told: dict[str, object] = {
            "code": self.code,
            "message": self.message.into(language),
            "hint": self.hint.into(language),
            "field": self.where.column,
        }
        place = {"file": self.where.file, "sheet": self.where.sheet, "row": self.where.row}
        return told | {name: value for name, value in place.items() if value is not None}


class BadFile(LealError):
    """A file cannot be read at all: absent, empty, binary, protected, a folder in a file's place."""

    code = "bad_file"


class UnknownFormat(LealError):
    """A file was read, but what it holds was not recognised."""

    code = "unknown_format"


class MissingColumn(LealError):
    """A column that is needed is not there."""

    code = "missing_column"

    def __init__(self, column: str, known: list[str], *, table: str, file: str | None = None) -> None:
        super().__init__(
            Text("The table {table} has no column {column}.", table=table, column=repr(column)),
            hint=Text("Rename a column, or choose one of: {known}.", known=Listing.of(known)),
            where=Where(file=file, column=column),
        )


class BadValue(LealError):
    """A value is not of the type, scale or range that its column has."""

    code = "bad_value"


class BadOption(LealError):
    """An argument or option has a value that is not offered."""

    code = "bad_option"

    def __init__(self, option: str, value: object, allowed: list[str]) -> None:
        super().__init__(
            Text("{option} cannot be {value}.", option=option, value=repr(value)),
            hint=Text("Choose one of: {allowed}.", allowed=Listing.of(allowed)),
            where=Where(column=option),
        )


class MissingExtra(LealError):
    """A feature needs a package that is not installed."""

    code = "missing_extra"

    def __init__(self, feature: Text, extra: str) -> None:
        super().__init__(
            Text("{feature} needs the extra {extra}.", feature=feature, extra=extra),
            hint=Text("Install it with: pip install 'leal[{extra}]'", extra=extra),
        )
