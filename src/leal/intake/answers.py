"""Survey answers from any export: `read_answers` finds the questions, judges each row, accounts for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import polars as pl

from leal.errors import UnknownFormat
from leal.intake.answer_plan import AnswerPlan, plan_answers
from leal.intake.answer_rows import AnswerRows, judge_rows
from leal.intake.column_mapping import (
    ColumnMapping,
    mapping_of,
    mapping_path,
    read_mapping,
    write_mapping,
)
from leal.intake.raw import RawTable, read_raw
from leal.intake.reconciliation import Reconciliation, collect_rejections
from leal.intake.spreadsheet_safety import unescaped
from leal.intake.surveys import Survey, no_score_found, shape_survey, vendor_of
from leal.intake.surveys.columns import rank_of
from leal.intake.surveys.questions import meaning_of
from leal.intake.surveys.steps import with_steps
from leal.results import Note
from leal.wording import Count, Listing, Points, Text

MappingLike: TypeAlias = ColumnMapping | Mapping[str, object] | str | Path
"""A mapping, what its file would say, just columns ({"recommend": "Q7"}), or the path of its file."""


def read_answers(
    path: str | Path, *, mapping: MappingLike | None = None, sheet: str | None = None
) -> tuple[pl.DataFrame, Reconciliation]:
    """Read the answers of a survey from an export of any tool, and account for every row.

    The tool is recognised by what the file holds (Delighted, Qualtrics, SurveyMonkey, Google Forms, Typeform,
    Formbricks, LimeSurvey, Promoter.io, PostHog, HubSpot, Leal's own table); any other spreadsheet by the
    wording of its headers in English or Russian and by its values.

    Parameters
    ----------
    path : str or Path
        CSV, TSV, XLSX, XLS, ODS, JSON or Parquet, also packed; in any usual encoding.
    mapping : ColumnMapping, dict, str or Path, optional
        Which column of the file is which of the table ``answers`` (``{"recommend": "Q7"}``), or the path of a
        file that says so; wins over what is recognised. By default ``PATH.leal.toml`` where there is one.
    sheet : str, optional
        The sheet of a workbook; by default the one that looks most like a survey.

    Returns
    -------
    answers : polars.DataFrame
        One row an answer: ``answer`` (the tool's id, else one made of the row's content), ``recommend``
        (Int8, 0 to 10, null where not asked), and those of ``customer, email, phone, answered_at,
        satisfaction, effort, comment, segment, ...`` that the file holds; times are ``Datetime("us")``
        without a zone, in UTC. Other columns keep their own names; people's names, IP addresses and
        coordinates are left out.
    reconciliation : Reconciliation
        Rows read, accepted, rejected with line and reason, duplicates, NPS before and after.

    Raises
    ------
    BadFile
        The file cannot be read at all.
    UnknownFormat
        It holds no scores (the best guess is written to ``PATH.leal.toml``, to be edited and used by the next
        run), or reviews: stars are never turned into NPS.

    Notes
    -----
    A score is counted only if it is a whole number from 0 to 10 on a question of that scale; a score on
    another scale is kept as its own column (``rating_1_5``) and never converted. A row is an answer if it has
    at least one score; a comment alone is none. The last of several rows with the same id wins.
    """
    raw = read_raw(path, sheet=sheet, likeness=survey_likeness)
    given = _given(Path(path), mapping)
    try:
        return answers_of(raw, mapping=given)
    except NoScores as error:
        target = Path(mapping) if isinstance(mapping, str | Path) else mapping_path(path)
        write_mapping(error.guess, target, raw.columns)
        raise


def answers_of(raw: RawTable, *, mapping: ColumnMapping | None = None) -> tuple[pl.DataFrame, Reconciliation]:
    """Return the answers in a raw table and their reconciliation; see `read_answers`."""
    raw = replace(raw, frame=unescaped(raw.frame))
    survey = with_steps(shape_survey(raw))
    if mapping is not None and mapping.month_first is not None:
        survey = replace(survey, month_first=mapping.month_first)
    plan = plan_answers(survey, {} if mapping is None else mapping.columns)
    if plan.recommend is None and not plan.scores:
        raise NoScores(survey.raw, plan)
    rows = judge_rows(survey, plan.columns, plan.recommend, plan.scores, plan.kept)
    return rows.answers, _reconcile(raw, survey, plan, rows)


class NoScores(UnknownFormat):
    """A file has no column of scores; `guess` is the mapping to be completed by hand."""

    def __init__(self, raw: RawTable, plan: AnswerPlan) -> None:
        said = no_score_found(raw)
        super().__init__(said.message, hint=said.hint, where=said.where)
        known = {
            name: column for name, column in plan.columns.items() if name not in ("person", "updated_at")
        }
        self.guess = ColumnMapping(table="answers", columns={"recommend": "", **known}, source="synonyms")


def _given(path: Path, mapping: MappingLike | None) -> ColumnMapping | None:
    if isinstance(mapping, ColumnMapping):
        return mapping
    if isinstance(mapping, Mapping):
        whole = "columns" in mapping or "table" in mapping
        return mapping_of(mapping if whole else {"table": "answers", "columns": dict(mapping)})
    if mapping is not None:
        return read_mapping(mapping) if Path(mapping).exists() else None
    beside = mapping_path(path)
    return read_mapping(beside) if beside.is_file() else None


def survey_likeness(columns: Iterable[str], frame: pl.DataFrame) -> float:
    """Return how much a sheet looks like a survey: a known tool, then questions and named columns."""
    lines = pl.Series("line", range(frame.height), dtype=pl.Int64)
    raw = RawTable(file="", file_format="workbook", frame=frame, lines=lines)
    known = 100.0 if frame.height and vendor_of(raw) is not None else 0.0
    asked = sum(10.0 for name in columns if meaning_of(name) == "recommend")
    named = sum(1.0 for name in columns if meaning_of(name) is not None or rank_of(name) is not None)
    return (known + asked + named) if frame.height else 0.0


def _reconcile(raw: RawTable, survey: Survey, plan: AnswerPlan, rows: AnswerRows) -> Reconciliation:
    skipped = [(row.line, row.reason) for row in raw.skipped]
    all_rejected = pl.concat(
        [rows.rejected, pl.DataFrame(skipped, schema={"line": pl.Int64, "reason": pl.String}, orient="row")]
    )
    rejected, counts = collect_rejections(all_rejected)
    used = {column: name for name, column in plan.columns.items() if name not in ("person", "updated_at")}
    used |= {question.column: name for name, question in plan.scores.items()}
    if plan.recommend is not None:
        used[plan.recommend.column] = "recommend"
    report = Reconciliation(
        file=raw.file,
        source=survey.source,
        recognised_by=survey.recognised_by,
        table="answers",
        encoding=raw.encoding,
        delimiter=raw.delimiter,
        sheet=raw.sheet,
        rows_read=survey.raw.frame.height + len(raw.skipped),
        accepted=rows.answers.height,
        duplicates=rows.duplicates,
        rejected=rejected,
        rejected_by_reason=counts,
        nps_before=rows.nps_before,
        nps_after=rows.nps_after,
        n_before=rows.n_before,
        n_after=rows.n_after,
        columns_used=used,
        columns_kept=rows.kept,
        columns_dropped=plan.dropped,
    )
    by_vendor = survey.groups is not None
    return replace(report, notes=(*plan.notes, *rows.notes, *_file_notes(raw, report, by_vendor=by_vendor)))


def _file_notes(raw: RawTable, report: Reconciliation, *, by_vendor: bool) -> tuple[Note, ...]:
    notes = []
    if raw.unreadable_characters > 0:
        text = Text("Characters that could not be read: {count}.", count=Count(raw.unreadable_characters))
        notes.append(Note(code="unreadable_characters", text=text))
    if report.columns_dropped:
        text = Text(
            "Personal data that no analysis needs was left out: {columns}.",
            columns=Listing.of(report.columns_dropped),
        )
        notes.append(Note(code="personal_data_dropped", text=text))
    if len(raw.sheets) > 1:
        text = Text(
            "Of {count} sheets, {sheet} was read.", count=Count(len(raw.sheets)), sheet=repr(raw.sheet)
        )
        notes.append(Note(code="sheet_chosen", text=text))
    return (*notes, *_difference(report, by_vendor=by_vendor))


def _difference(report: Reconciliation, *, by_vendor: bool) -> tuple[Note, ...]:
    """Say why the NPS before and after differ, where they do."""
    before, after = report.nps_before, report.nps_after
    if before is None or after is None or abs(before - after) < 1e-9:
        return ()
    told = {"before": Points(before, 1), "after": Points(after, 1)}
    if by_vendor and report.n_before == report.n_after:
        text = Text(
            "NPS before ({before}) and after ({after}) differ: the groups that the tool wrote into the "
            "file are not those of its scores.",
            **told,
        )
    else:
        text = Text(
            "NPS before ({before}) and after ({after}) differ, because duplicates or rows with unreadable "
            "times were left out.",
            **told,
        )
    return (Note(code="nps_differs", text=text),)
