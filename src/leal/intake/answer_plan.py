"""Which column of a survey file becomes which column of the table ``answers``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from leal.intake.scales import NPS_SCALE, Scale
from leal.intake.surveys import Survey
from leal.intake.surveys.columns import is_personal, rank_of
from leal.intake.surveys.questions import (
    Question,
    choose_recommend,
    find_comment,
    find_questions,
    unworded_question,
)
from leal.results import Note
from leal.tables import ANSWERS
from leal.wording import Listing, Text

_ROLES = {column.name for column in ANSWERS} | {"email", "phone", "person", "updated_at"}
_SCORES = ("recommend", "satisfaction", "effort")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPlan:
    """Which column of the file becomes which column of the table.

    Attributes
    ----------
    columns : mapping of str to str
        Column of the table to column of the file, scores apart.
    recommend : Question or None
        The likelihood to recommend.
    scores : mapping of str to Question
        The other scores by the name of their column.
    kept, dropped : tuple of str
        Columns that keep their own names; columns left out.
    notes : tuple of Note
        What was assumed.
    """

    columns: Mapping[str, str]
    recommend: Question | None
    scores: Mapping[str, Question]
    kept: tuple[str, ...]
    dropped: tuple[str, ...]
    notes: tuple[Note, ...]


def plan_answers(survey: Survey, mapping: Mapping[str, str]) -> AnswerPlan:
    """Say for each column of a survey what it becomes: by the vendor, the mapping, the words, the values."""
    columns = dict(survey.columns) | _mapped(survey, mapping)
    all_columns = survey.raw.columns
    dropped = tuple(name for name in all_columns if is_personal(name) and name not in columns.values())
    free = [c for c in all_columns if c not in {*columns.values(), *dropped, *survey.technical}]
    questions = find_questions(survey, free)
    recommend = _fixed(columns) or choose_recommend(questions, survey)
    asked = _columns(questions)
    columns |= _named(survey, [c for c in free if c not in asked], columns)
    if recommend is None and survey.source not in ("spreadsheet", "leal", "google_forms"):
        used = {*columns.values(), *asked}
        recommend = unworded_question(survey, [c for c in free if c not in used])
    scores = _score_columns(columns, questions, recommend)
    taken = {*columns.values(), *_columns(scores.values()), *([recommend.column] if recommend else [])}
    if "comment" not in columns:
        comment = find_comment(survey, [c for c in free if c not in taken])
        columns |= {} if comment is None else {"comment": comment}
    taken -= {columns.get("person", "")}
    taken |= {columns.get("comment", "")}
    return AnswerPlan(
        columns={name: column for name, column in columns.items() if name not in _SCORES},
        recommend=recommend,
        scores=scores,
        kept=tuple(c for c in all_columns if c not in taken and c not in dropped),
        dropped=dropped,
        notes=_plan_notes(survey, recommend, scores, questions),
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
