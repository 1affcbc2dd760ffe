"""The answers to the items of an index from any survey file: numbers on the scale, "don't know" apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from leal.errors import BadValue, MissingColumn, Where
from leal.intake.numbers import parse_numbers
from leal.intake.raw import RawTable
from leal.intake.reconciliation import Reconciliation, collect_rejections
from leal.results import Note
from leal.wording import Count, Listing, Text

REASONS = {
    "no_item": Text("no item answered"),
    "ragged": Text("more cells than the header has columns"),
    "open_quote": Text("a quote in the row never closes"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """An item as numbers, and what its cells held that are none."""

    values: pl.Series
    unknown: int
    outside: int


def item_answers(
    raw: RawTable,
    items: Sequence[str],
    scale: tuple[float, float] = (1.0, 10.0),
    *,
    numbers: Sequence[str] = (),
    words: Sequence[str] = (),
) -> tuple[pl.DataFrame, Reconciliation]:
    """Return the answers to items as numbers, and what became of every row and cell.

    Parameters
    ----------
    raw : RawTable
        The file, as `leal.intake.read_raw` gives it.
    items : sequence of str
        Columns of the items.
    scale : (float, float)
        Lowest and highest possible answer. A number outside (99 is a usual code of "don't know") is taken for
        no answer, and counted; so are words.
    numbers, words : sequence of str
        Further columns kept as numbers (a weight, the likelihood to recommend) and as they are (a brand).

    Raises
    ------
    MissingColumn
        A column is not in the file.
    BadValue
        An item has no answer on the scale at all.
    """
    for name in (*items, *numbers, *words):
        if name not in raw.columns:
            raise MissingColumn(name, raw.columns, table="answers", file=raw.file)
    read = {item: _read(raw.frame.get_column(item), scale) for item in items}
    for item, column in read.items():
        if column.values.null_count() == len(column.values):
            raise BadValue(
                Text("The item {item} has no answer on the scale.", item=item),
                hint=Text("Check which column it is, or give the ends of its scale."),
                where=Where(file=raw.file, column=item),
            )
    others = [parse_numbers(raw.frame.get_column(name)).values.alias(name) for name in numbers]
    kept = [raw.frame.get_column(name) for name in words]
    frame = pl.DataFrame([*(read[item].values for item in items), *others, *kept])
    answered = frame.select(pl.any_horizontal(pl.col(list(items)).is_not_null())).to_series()
    return frame.filter(answered), _reconciled(raw, answered, read, items)


def _read(cells: pl.Series, scale: tuple[float, float]) -> _Column:
    found = parse_numbers(cells)
    text = cells.cast(pl.String).str.strip_chars()
    filled = text.is_not_null() & (text != "")
    words = filled & found.values.is_null()
    inside = found.values.is_between(*scale)
    values = found.values.set(~inside.fill_null(True), None)
    return _Column(
        values=values.alias(cells.name),
        unknown=int(words.sum()),
        outside=int((~inside).fill_null(False).sum()),
    )


def _reconciled(
    raw: RawTable, answered: pl.Series, read: dict[str, _Column], items: Sequence[str]
) -> Reconciliation:
    lost = pl.DataFrame({"line": raw.lines}).filter(~answered).with_columns(reason=pl.lit("no_item"))
    skipped = pl.DataFrame(
        {"line": [row.line for row in raw.skipped], "reason": [row.reason for row in raw.skipped]},
        schema={"line": pl.Int64, "reason": pl.String},
    )
    rejected, by_reason = collect_rejections(pl.concat([lost, skipped]), REASONS)
    return Reconciliation(
        file=raw.file,
        source="survey",
        recognised_by=Text("the items of an index"),
        table="answers",
        encoding=raw.encoding,
        delimiter=raw.delimiter,
        sheet=raw.sheet,
        rows_read=raw.rows_read,
        accepted=int(answered.sum()),
        rejected=rejected,
        rejected_by_reason=by_reason,
        columns_used={item: item for item in items},
        notes=_notes(read),
    )


def _notes(read: dict[str, _Column]) -> tuple[Note, ...]:
    notes = []
    unknown = sum(column.unknown for column in read.values())
    if unknown:
        text = Text(
            'Cells with words ("don\'t know") were taken for no answer: {count}, most in {items}.',
            count=Count(unknown),
            items=Listing.of(_worst({item: column.unknown for item, column in read.items()})),
        )
        notes.append(Note(code="words_are_no_answer", text=text))
    outside = sum(column.outside for column in read.values())
    if outside:
        text = Text(
            "Cells outside the scale were taken for no answer: {count}, most in {items}.",
            count=Count(outside),
            items=Listing.of(_worst({item: column.outside for item, column in read.items()})),
        )
        notes.append(Note(code="outside_the_scale", text=text))
    return tuple(notes)


def _worst(counts: dict[str, int]) -> list[str]:
    ordered = sorted(counts, key=lambda item: -counts[item])
    return [item for item in ordered[:3] if counts[item]]
