"""Which column of a file is which column of a table: the mapping, its file, and its check.

The mapping file is TOML beside the data (``sales.csv.leal.toml``), made to be edited by a person:

    table = "purchases"
    currency = "RUB"

    [columns]
    customer = "Кто"
    bought_at = "Когда"
    amount = "Сколько"

    [statuses]
    "Отгружено" = "accepted"
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, get_args

from leal.errors import LealError, MissingColumn, Where
from leal.intake.numbers import DecimalMark
from leal.intake.synonyms import SYNONYMS
from leal.intake.toml_files import toml_or
from leal.tables import TABLES
from leal.wording import Listing, Text

RowState = Literal["accepted", "cancelled", "not_won", "not_paid", "refund", "refunded"]
"""What the state of an order says of its money; ``refunded`` was given back, ``refund`` is giving back."""

SUFFIX = ".leal.toml"


class BadMapping(LealError):
    """A mapping file cannot be used: no TOML, an unknown table or column, a value that is not offered."""

    code = "bad_mapping"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """Which column of a file is which column of a table.

    Attributes
    ----------
    table : str
        The table that the file is: ``"purchases"``.
    columns : mapping of str to str
        By column of the table (or a helper such as ``quantity``, ``price``, ``status``), the file's header.
    source : str
        Who made it: the name of a preset (``"1c_sales"``), ``"synonyms"``, ``"mapping"``.
    guessed : tuple of str
        Columns that were taken by likeness, not by a known name.
    currency : str or None
        ISO code of all money in the file.
    decimal_mark : {".", ","} or None
        What ambiguous numbers are read by.
    month_first : bool or None
        How ambiguous dates are read.
    statuses : mapping of str to str
        What the file's own words for the state of an order mean.
    """

    table: str
    columns: Mapping[str, str]
    source: str = "mapping"
    guessed: tuple[str, ...] = ()
    currency: str | None = None
    decimal_mark: DecimalMark | None = None
    month_first: bool | None = None
    statuses: Mapping[str, RowState] = field(default_factory=dict)

    def header(self, name: str) -> str | None:
        """Return the file's header for a column of the table, None where it has none."""
        return self.columns.get(name) or None

    def fits(self, headers: Sequence[str]) -> bool:
        """Tell whether a file has all the columns that the mapping names."""
        return all(header in headers for header in self.columns.values() if header)

    def to_toml(self, headers: Sequence[str] = ()) -> str:
        """Return the mapping as a TOML text with words on how to edit it.

        Parameters
        ----------
        headers : sequence of str, optional
            All columns of the file, listed in a remark.
        """
        return _toml(self, headers)


def known_columns(table: str) -> tuple[str, ...]:
    """Return the columns that a mapping of a table may name: its own, and the helpers of intake."""
    own = (column.name for column in TABLES[table])
    return tuple(dict.fromkeys((*own, *SYNONYMS[table])))


def mapping_path(path: str | Path) -> Path:
    """Return where the mapping of a file stands: beside it, with ``.leal.toml`` after its whole name."""
    path = Path(path)
    return path.with_name(path.name + SUFFIX)


def read_mapping(path: str | Path) -> ColumnMapping:
    """Read a mapping file.

    Raises
    ------
    BadFile
        There is no such file.
    BadMapping
        It is no TOML, or names a table, a column or a value that Leal does not know.
    """
    return mapping_of(mapping_toml(path), file=str(path))


def mapping_toml(path: str | Path) -> dict[str, object]:
    """Return what the TOML file of a mapping says, nothing checked yet.

    Raises
    ------
    BadFile
        There is no such file.
    BadMapping
        It is no TOML.
    """

    def refused(problem: str) -> BadMapping:
        return BadMapping(
            Text("The mapping is not valid TOML: {problem}", problem=problem),
            hint=Text('Names and values stand in quotes: customer = "Client".'),
            where=Where(file=str(path)),
        )

    return toml_or(path, refused)


def mapping_of(told: Mapping[str, object], *, file: str | None = None) -> ColumnMapping:
    """Return a mapping from what its file (or a dictionary) says, every word checked.

    Raises
    ------
    BadMapping
        It names a table, a column or a value that Leal does not know.
    """
    _known(told, ("table", "columns", "currency", "decimal_mark", "month_first", "statuses", "source"), file)
    table = told.get("table")
    if table not in TABLES:
        raise _unknown(Text("The mapping names no table, or an unknown one."), list(TABLES), file, "table")
    columns = _section(told, "columns", file)
    _known(columns, known_columns(str(table)), file)
    statuses = _section(told, "statuses", file)
    for word, state in statuses.items():
        if state not in get_args(RowState):
            wrong = Text("The status {word} cannot mean {state}.", word=repr(word), state=repr(state))
            raise _unknown(wrong, list(get_args(RowState)), file, "statuses")
    if told.get("decimal_mark") not in {None, ".", ","}:
        raise _unknown(Text("The decimal mark is a point or a comma."), ['"."', '","'], file, "decimal_mark")
    if not isinstance(told.get("month_first"), bool | None):
        raise _unknown(Text("month_first is true or false."), ["true", "false"], file, "month_first")
    currency = told.get("currency")
    return ColumnMapping(
        table=str(table),
        columns={name: header for name, header in columns.items() if header},
        currency=str(currency).upper() if currency else None,
        decimal_mark=told.get("decimal_mark"),  # type: ignore[arg-type]
        month_first=told.get("month_first"),  # type: ignore[arg-type]
        statuses=statuses,  # type: ignore[arg-type]
    )


def check_fits(mapping: ColumnMapping, headers: Sequence[str], *, file: str) -> None:
    """Raise `MissingColumn` where a mapping names a column that its file does not have."""
    for header in mapping.columns.values():
        if header and header not in headers:
            raise MissingColumn(header, list(headers), table=mapping.table, file=file)


def write_mapping(mapping: ColumnMapping, path: str | Path, headers: Sequence[str] = ()) -> bool:
    """Write a mapping for a person to edit, unless one is there already; tell whether it was written."""
    path = Path(path)
    if path.exists():
        return False
    try:
        path.write_text(mapping.to_toml(headers), encoding="utf-8")
    except OSError:
        return False
    return True


def _section(told: Mapping[str, object], name: str, file: str | None) -> dict[str, str]:
    section = told.get(name, {})
    if not isinstance(section, Mapping) or not all(isinstance(value, str) for value in section.values()):
        raise BadMapping(
            Text("The section {section} of the mapping holds something else than texts.", section=name),
            hint=Text('Names and values stand in quotes: customer = "Client".'),
            where=Where(file=file, column=name),
        )
    return {str(key): str(value) for key, value in section.items()}


def _known(names: Mapping[str, object], known: Sequence[str], file: str | None) -> None:
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=3) or list(known)
            raise _unknown(Text("The mapping knows no {name}.", name=repr(name)), near, file, name)


def _unknown(message: Text, known: Sequence[str], file: str | None, column: str) -> BadMapping:
    hint = Text("Choose one of: {known}.", known=Listing.of(known))
    return BadMapping(message, hint=hint, where=Where(file=file, column=column))


def _toml(mapping: ColumnMapping, headers: Sequence[str]) -> str:
    """Write the TOML by hand: remarks are for people, and no writer is among the core libraries."""
    lines = [
        "# How Leal reads this file. Left: the column of Leal; right: the header in your file.",
        '# Leave "" where there is none. / Слева столбец Leal, справа заголовок в вашем файле;',
        '# "" — если такого столбца нет.',
        *(f"#   {' '.join(header.split())}" for header in headers),
        "",
        f"table = {_quoted(mapping.table)}  # {', '.join(TABLES)}",
        f"currency = {_quoted(mapping.currency)}" if mapping.currency else '# currency = "RUB"',
        f"decimal_mark = {_quoted(mapping.decimal_mark)}" if mapping.decimal_mark else '# decimal_mark = ","',
        "# month_first = false"
        if mapping.month_first is None
        else f"month_first = {str(mapping.month_first).lower()}",
        "",
        "[columns]",
        *_column_lines(mapping),
    ]
    if mapping.statuses:
        lines += ["", f"[statuses]  # {', '.join(get_args(RowState))}"]
        lines += [f"{_quoted(word)} = {_quoted(state)}" for word, state in mapping.statuses.items()]
    return "\n".join(lines) + "\n"


def _column_lines(mapping: ColumnMapping) -> list[str]:
    required = TABLES[mapping.table].required
    names = dict.fromkeys((*required, *mapping.columns, *known_columns(mapping.table)))
    lines = []
    for name in names:
        header = mapping.columns.get(name, "")
        remark = "  # required" if name in required else ""
        lines.append(f"{name} = {_quoted(header)}{remark}")
    return lines


def _quoted(text: str | None) -> str:
    """Return a basic TOML string."""
    escaped = (text or "").replace("\\", "\\\\").replace('"', '\\"')
    for character, code in (("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        escaped = escaped.replace(character, code)
    return '"' + "".join(c if c.isprintable() or c == " " else f"\\U{ord(c):08x}" for c in escaped) + '"'
