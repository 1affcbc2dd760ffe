"""One file of any kind as the tables it holds: survey answers, people, business tables, several sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from leal.errors import LealError
from leal.intake.answers import NoScores, answers_of, survey_likeness
from leal.intake.canonical import scan_canonical
from leal.intake.column_mapping import ColumnMapping, mapping_of, mapping_path, read_mapping, write_mapping
from leal.intake.people import read_people
from leal.intake.raw import RawTable, read_raw
from leal.intake.reading import (
    MappingLike,
    build_table,
    read_any,
    table_likeness,
    unrecognised,
    where_to_write,
)
from leal.intake.recognition import recognise_table
from leal.intake.reconciliation import Reconciliation
from leal.intake.surveys import is_answers, is_reviews, kind_of_survey_file

_OWN_TABLES = frozenset({"brands", "wishes", "actions", "units", "cases", "rules", "kano", "prices", "talk"})
_MOST_SHEETS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTable:
    """One table of one file, with what became of its rows, and whether a mapping said what it is."""

    frame: pl.DataFrame | pl.LazyFrame
    reconciliation: Reconciliation
    mapped: bool = False


def recognise(path: str | Path) -> str | None:
    """Tell what a file holds: a table's name, ``"people"`` of a survey tool, or None where it is unknown.

    Parameters
    ----------
    path : str or Path
        Any file.

    Raises
    ------
    BadFile
        The file cannot be read at all.
    """
    path = Path(path)
    if (scanned := scan_canonical(path)) is not None:
        return scanned.reconciliation.table
    raw = _read(path)
    return _kind(raw)


def read_tables(
    path: Path, kind: str | None, mapping: MappingLike | None, *, write_guess: bool = True
) -> list[ReadTable]:
    """Return the tables that a file holds; none where it holds reviews in the format of a site.

    Parameters
    ----------
    path : Path
        The file.
    kind : str or None
        What it is said to be.
    mapping : optional
        As of `load`.
    write_guess : bool
        Whether to write a mapping to edit where the columns are not recognised.
    """
    chosen = _chosen_mapping(path, mapping)
    if chosen is None and (scanned := scan_canonical(path, kind)) is not None:
        return [ReadTable(frame=scanned.frame, reconciliation=scanned.reconciliation)]
    raw = _read(path, kind)
    if chosen is not None and chosen.fits(raw.columns) and kind in {None, chosen.table}:
        return [_by_mapping(raw, chosen)]
    if kind is None and 1 < len(raw.sheets) <= _MOST_SHEETS and (several := _sheets(path, raw)):
        return several
    target = where_to_write(path, mapping) if write_guess else None
    return _one(path, raw, kind or _kind(raw), target)


def _one(path: Path, raw: RawTable, kind: str | None, target: Path | None) -> list[ReadTable]:
    if kind == "answers":
        return [_answers(_as_text(path, raw), target)]
    if kind == "people":
        frame, told = read_people(path)
        return [ReadTable(frame=frame, reconciliation=told)]
    recognised = recognise_table(raw, kind)
    if recognised.complete:
        frame, told = build_table(recognised.raw, recognised.mapping)
        return [ReadTable(frame=frame, reconciliation=told)]
    if kind == "reviews" and raw.file_format != "parquet" and is_reviews(raw):
        return []
    raise unrecognised(recognised, target)


def _answers(raw: RawTable, target: Path | None) -> ReadTable:
    try:
        frame, told = answers_of(raw)
    except NoScores as error:
        if target is not None:
            write_mapping(error.guess, target, raw.columns)
        raise
    return ReadTable(frame=frame, reconciliation=told)


def _kind(raw: RawTable) -> str | None:
    """Tell which table a file is; the tools of surveys first, then what its columns say."""
    if raw.file_format == "parquet":
        recognised = recognise_table(raw)
        return recognised.mapping.table if recognised.complete else "answers" if _asks(raw) else None
    survey = kind_of_survey_file(raw)
    if survey is not None:
        return survey
    recognised = recognise_table(raw)
    table = recognised.mapping.table if recognised.complete else None
    if table in _OWN_TABLES or recognised.mapping.source not in {"synonyms", "mapping"}:
        return table
    return "answers" if is_answers(raw) else table


def _asks(raw: RawTable) -> bool:
    text = replace(
        raw, frame=raw.frame.head(1000).select(pl.all().cast(pl.String)), lines=raw.lines.head(1000)
    )
    return is_answers(text)


def _as_text(path: Path, raw: RawTable) -> RawTable:
    return read_raw(path) if raw.file_format == "parquet" else raw


def _read(path: Path, kind: str | None = None) -> RawTable:
    if kind not in {None, "answers"}:
        return read_any(path)
    likeness = survey_likeness if kind == "answers" else _either_likeness
    return read_any(path, likeness)


def _either_likeness(columns: Sequence[str], frame: pl.DataFrame) -> float:
    return max(survey_likeness(columns, frame), table_likeness(columns, frame))


def _chosen_mapping(path: Path, mapping: MappingLike | None) -> ColumnMapping | None:
    if isinstance(mapping, ColumnMapping):
        return mapping
    if isinstance(mapping, Mapping):
        return mapping_of(mapping)
    if mapping is not None:
        return read_mapping(mapping) if Path(mapping).exists() else None
    beside = mapping_path(path)
    return read_mapping(beside) if beside.is_file() else None


def _by_mapping(raw: RawTable, mapping: ColumnMapping) -> ReadTable:
    if mapping.table == "answers":
        frame, told = answers_of(raw, mapping=mapping)
    else:
        frame, told = build_table(raw, mapping)
    return ReadTable(frame=frame, reconciliation=told, mapped=True)


def _sheets(path: Path, first: RawTable) -> list[ReadTable]:
    """Return the tables on the sheets of a workbook, the likeliest of each kind; none if only one is."""
    found: dict[str, tuple[float, RawTable]] = {}
    for name in first.sheets:
        try:
            raw = first if name == first.sheet else read_raw(path, sheet=name)
        except LealError:
            continue
        kind = _kind(raw)
        if kind in {None, "people", "reviews"}:
            continue
        likeness = _either_likeness(raw.columns, raw.frame)
        if kind not in found or likeness > found[str(kind)][0]:
            found[str(kind)] = (likeness, raw)
    if len(found) < 2:
        return []
    return [table for kind, (_, raw) in found.items() for table in _one(path, raw, kind, None)]
