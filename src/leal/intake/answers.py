"""Survey answers from any export: `read_answers` finds the questions, judges each row, accounts for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from leal.intake.answer_rows import AnswerRows, judge_rows
from leal.intake.raw import RawTable, read_raw
from leal.intake.reconciliation import Reconciliation, collect_rejections
from leal.intake.scales import NPS_SCALE, Scale
from leal.intake.spreadsheet_safety import unescaped
from leal.intake.surveys import Survey, no_score_found, shape_survey, vendor_of
from leal.intake.surveys.columns import is_personal, rank_of
from leal.intake.surveys.questions import (
    Question,
    choose_recommend,
    find_comment,
    find_questions,
    meaning_of,
    unworded_question,
)
from leal.results import Note
from leal.tables import ANSWERS
from leal.wording import Count, Listing, Points, Text

_ROLES = {column.name for column in ANSWERS} | {"email", "phone", "person", "updated_at"}
_SCORES = ("recommend", "satisfaction", "effort")


def read_answers(
    path: str | Path, *, mapping: Mapping[str, str] | None = None, sheet: str | None = None
) -> tuple[pl.DataFrame, Reconciliation]:
    """Read the answers of a survey from an export of any tool, and account for every row.

    The tool is recognised by what the file holds (Delighted, Qualtrics, SurveyMonkey, Google Forms, Typeform,
    Formbricks, LimeSurvey, Promoter.io, PostHog, HubSpot, Leal's own table); any other spreadsheet by the
    wording of its headers in English or Russian and by its values.

    Parameters
    ----------
    path : str or Path
        CSV, TSV, XLSX, XLS, ODS, JSON or Parquet, also packed; in any usual encoding.
    mapping : mapping of str to str, optional
        Column of the table ``answers`` to column of the file; wins over what is recognised.
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
        It holds no scores, or reviews: stars are never turned into NPS.

    Notes
    -----
    A score is counted only if it is a whole number from 0 to 10 on a question of that scale; a score on
    another scale is kept as its own column (``rating_1_5``) and never converted. A row is an answer if it has
    at least one score; a comment alone is none. The last of several rows with the same id wins.
    """
    raw = read_raw(path, sheet=sheet, likeness=survey_likeness)
    return answers_of(raw, mapping=mapping)


def answers_of(
    raw: RawTable, *, mapping: Mapping[str, str] | None = None
) -> tuple[pl.DataFrame, Reconciliation]:
    """Return the answers in a raw table and their reconciliation; see `read_answers`."""
    raw = replace(raw, frame=unescaped(raw.frame))
    survey = shape_survey(raw)
    plan = _plan(survey, mapping or {})
    if plan.recommend is None and not plan.scores:
        raise no_score_found(survey.raw)
    rows = judge_rows(survey, plan.columns, plan.recommend, plan.scores, plan.kept)
    return rows.answers, _reconcile(raw, survey, plan, rows)


def survey_likeness(columns: Iterable[str], frame: pl.DataFrame) -> float:
    """Return how much a sheet looks like a survey: a known tool, then questions and named columns."""
    lines = pl.Series("line", range(frame.height), dtype=pl.Int64)
    raw = RawTable(file="", file_format="workbook", frame=frame, lines=lines)
    known = 100.0 if frame.height and vendor_of(raw) is not None else 0.0
    asked = sum(10.0 for name in columns if meaning_of(name) == "recommend")
    named = sum(1.0 for name in columns if meaning_of(name) is not None or rank_of(name) is not None)
    return (known + asked + named) if frame.height else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """Which column of the file becomes which column of the table."""

    columns: Mapping[str, str]
    recommend: Question | None
    scores: Mapping[str, Question]
    kept: tuple[str, ...]
    dropped: tuple[str, ...]
    notes: tuple[Note, ...]


def _plan(survey: Survey, mapping: Mapping[str, str]) -> _Plan:
    columns = dict(survey.columns) | _mapped(survey, mapping)
    dropped = tuple(name for name in survey.raw.columns if is_personal(name) and name not in columns.values())
    free = [c for c in survey.raw.columns if c not in columns.values() and c not in dropped]
    questions = find_questions(survey, [c for c in free if c not in survey.technical])
    recommend = _fixed(columns) or choose_recommend(questions, survey)
    named = _named(
        survey, [c for c in free if c not in survey.technical and c not in _columns(questions)], columns
    )
    columns |= named
    if recommend is None and not questions and survey.source != "spreadsheet":
        used = {*columns.values(), *survey.technical}
        recommend = unworded_question(survey, [c for c in free if c not in used])
    scores = _score_columns(columns, questions, recommend)
    taken = {*columns.values(), *_columns(scores.values()), *([recommend.column] if recommend else [])}
    if "comment" not in columns:
        comment = find_comment(survey, [c for c in free if c not in taken and c not in survey.technical])
        if comment is not None:
            columns["comment"] = comment
            taken.add(comment)
    kept = tuple(c for c in survey.raw.columns if c not in taken and c not in dropped)
    notes = _plan_notes(survey, recommend, scores, questions)
    return _Plan(
        columns={name: column for name, column in columns.items() if name not in _SCORES},
        recommend=recommend,
        scores=scores,
        kept=kept,
        dropped=dropped,
        notes=notes,
    )


def _columns(questions: Iterable[Question]) -> set[str]:
    return {question.column for question in questions}


def _mapped(survey: Survey, mapping: Mapping[str, str]) -> dict[str, str]:
    return {
        name: column for name, column in mapping.items() if column in survey.raw.columns and name in _ROLES
    }


def _fixed(columns: Mapping[str, str]) -> Question | None:
    column = columns.get("recommend")
    return None if column is None else Question(column=column, meaning="recommend", scale=NPS_SCALE)


def _named(survey: Survey, free: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """Return the columns that headers name outright, for each the header that says it best."""
    best: dict[str, tuple[int, str]] = {}
    for column in free:
        ranked = rank_of(column) or (rank_of(survey.title(column)) if column in survey.titles else None)
        if ranked is None or ranked[0] in known:
            continue
        canonical, rank = ranked
        if canonical not in best or rank < best[canonical][0]:
            best[canonical] = (rank, column)
    return {canonical: column for canonical, (_, column) in best.items()}


def _score_columns(
    columns: Mapping[str, str], questions: Iterable[Question], recommend: Question | None
) -> dict[str, Question]:
    """Return the other scores by the name of their column: the vocabulary's, else one that says the scale."""
    scores: dict[str, Question] = {}
    for name in ("satisfaction", "effort"):
        if name in columns:
            high = 7 if name == "effort" else 10
            scores[name] = Question(
                column=columns[name], meaning="rating", scale=Scale(0 if high == 10 else 1, high)
            )
    for question in questions:
        if recommend is not None and question.column == recommend.column:
            continue
        if question.meaning == "recommend" and question.scale == NPS_SCALE:
            continue
        name = _score_name(question)
        if name in scores:
            continue
        scores[name] = question
    return scores


def _score_name(question: Question) -> str:
    scale = question.scale
    if question.meaning == "satisfaction" and scale.high <= 10:
        return "satisfaction"
    if question.meaning == "effort" and scale == Scale(1, 7):
        return "effort"
    return f"{question.meaning}_{scale.low}_{scale.high}"


def _plan_notes(
    survey: Survey, recommend: Question | None, scores: Mapping[str, Question], questions: Iterable[Question]
) -> tuple[Note, ...]:
    notes = [*survey.notes]
    if recommend is not None and recommend.assumed:
        text = Text(
            "The column {column} was taken for the likelihood to recommend because its values are on the "
            "scale of 0 to 10; if it asks something else, say so in a mapping file.",
            column=repr(recommend.column),
        )
        notes.append(Note(code="score_assumed", text=text))
    for name, question in scores.items():
        if name not in _SCORES:
            text = Text(
                "The column {column} is on a scale of {low} to {high}; it is kept apart as {name} and "
                "never turned into NPS.",
                column=repr(survey.title(question.column)),
                low=question.scale.low,
                high=question.scale.high,
                name=name,
            )
            notes.append(Note(code="other_scale", text=text))
    more = [q for q in questions if q.meaning == "recommend" and q.scale == NPS_SCALE and q != recommend]
    if recommend is not None and more:
        text = Text(
            "Several questions ask about recommending: {column} is counted, and kept as they are: {others}.",
            column=repr(survey.title(recommend.column)),
            others=Listing.of(repr(survey.title(question.column)) for question in more),
        )
        notes.append(Note(code="several_questions", text=text))
    return tuple(notes)


def _reconcile(raw: RawTable, survey: Survey, plan: _Plan, rows: AnswerRows) -> Reconciliation:
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
    return replace(report, notes=(*plan.notes, *rows.notes, *_file_notes(raw, report)))


def _file_notes(raw: RawTable, report: Reconciliation) -> tuple[Note, ...]:
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
    before, after = report.nps_before, report.nps_after
    if before is not None and after is not None and abs(before - after) > 1e-9:
        text = Text(
            "NPS before ({before}) and after ({after}) differ, because duplicates or rows with unreadable "
            "times were left out.",
            before=Points(before, 1),
            after=Points(after, 1),
        )
        notes.append(Note(code="nps_differs", text=text))
    return tuple(notes)
