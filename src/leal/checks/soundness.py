"""Whether the tables of an audit can be used at all; asked once, before the checks."""

from __future__ import annotations

import narwhals as nw

from leal.engine import LazyFrame, collect, column_names, count_gaps, problems
from leal.errors import BadValue
from leal.evidence import Evidence
from leal.results import Note
from leal.tables import table
from leal.wording import Count, Text


def require_sound(evidence: Evidence) -> tuple[Note, ...]:
    """Raise the first value that no check could use; return notes on what is left out or stands twice.

    Raises
    ------
    BadValue
        A column is of the wrong type, off its scale or not among its choices: named with table, column,
        value, row (where rows have an order) and count.
    """
    notes: list[Note] = []
    for name in evidence:
        frame = evidence.table(name)
        assert frame is not None
        for problem in problems(frame, name, gaps=False):
            raise _in_table(problem, name)
        notes += [_gap(name, column, count) for column, count in count_gaps(frame, name).items()]
        notes += _repeats(frame, name)
    return tuple(notes)


def _in_table(problem: BadValue, name: str) -> BadValue:
    told = Text("Table {table}: {problem}", table=name, problem=problem.message)
    return BadValue(told, hint=problem.hint, where=problem.where)


def _gap(name: str, column: str, count: int) -> Note:
    text = Text(
        "Table {table}: {count} rows have no {column}; what needs it leaves them out.",
        table=name,
        count=Count(count),
        column=column,
    )
    return Note(code="rows_with_gaps", text=text)


def _repeats(frame: LazyFrame, name: str) -> list[Note]:
    """Return a note where identifiers of rows stand more than once: each row is counted."""
    key = {"answers": "answer"}.get(name)
    if key is None or key not in column_names(frame):
        return []
    answered = frame.filter(~nw.col(key).is_null())
    counted = collect(answered.group_by(key).agg(nw.len().alias("rows")).filter(nw.col("rows") > 1))
    extra = int(counted["rows"].sum()) - counted.height
    if extra == 0:
        return []
    text = Text(
        "Table {table}: {count} rows repeat the {key} of another, and each is counted; "
        "leal.load takes each once.",
        table=table(name).name,
        count=Count(extra),
        key=key,
    )
    return [Note(code="repeated_identifiers", text=text)]
