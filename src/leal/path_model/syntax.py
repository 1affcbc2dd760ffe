"""The words of a path model: `=~` and `<~` measure, `~` draws paths."""

from __future__ import annotations

import re

from leal.errors import Where
from leal.path_model.specification import BadModel, Construct, Mode
from leal.wording import Text

_OPERATORS: dict[str, Mode | None] = {"=~": "A", "<~": "B", "~": None}
_COMMENT = re.compile("[#!]")
_LINE = re.compile(r"^\s*([^\s=<~+]+)\s*(=~|<~|~)\s*(.+)$")
_EMPTY = re.compile(r"^\s*([^\s=<~+]+)\s*(?:=~|<~)\s*$")
_NAME = re.compile(r"^[^\s*=<~+:|]+$")


def parse(syntax: str) -> tuple[tuple[Construct, ...], tuple[tuple[str, str], ...]]:
    """Return the constructs and paths that the text tells.

    Raises
    ------
    BadModel
        A line is not understood; its row is named.
    """
    constructs: list[Construct] = []
    paths: list[tuple[str, str]] = []
    for row, line in _statements(syntax):
        empty = _EMPTY.match(line)
        if empty is not None:
            constructs.append(Construct(empty.group(1), (), "A"))
            continue
        match = _LINE.match(line)
        if match is None:
            raise _not_understood(row, line)
        left, operator, right = match.groups()
        names = tuple(name.strip() for name in right.split("+"))
        if not all(_NAME.match(name) for name in names):
            raise _not_understood(row, line)
        mode = _OPERATORS[operator]
        if mode is None:
            paths.extend((name, left) for name in names)
        else:
            constructs.append(Construct(left, names, mode))
    return tuple(constructs), tuple(paths)


def _statements(syntax: str) -> list[tuple[int, str]]:
    """Return each statement with its row; lines that end or begin with a plus belong together."""
    statements: list[tuple[int, str]] = []
    for row, raw in enumerate(syntax.splitlines(), start=1):
        for part in _COMMENT.split(raw, maxsplit=1)[0].split(";"):
            line = part.strip()
            if not line:
                continue
            begun = bool(statements) and statements[-1][1].endswith(("+", "~")) and "~" not in line
            if statements and (line.startswith("+") or begun):
                statements[-1] = (statements[-1][0], f"{statements[-1][1]} {line}")
            else:
                statements.append((row, line))
    return statements


def _not_understood(row: int, line: str) -> BadModel:
    return BadModel(
        Text("This line of the model is not understood: {line}", line=line),
        hint=Text("Write 'Construct =~ item1 + item2' (or <~ for Mode B) and 'Target ~ Source1 + Source2'."),
        where=Where(row=row),
    )
