"""Row by row: which are answers, why the others are none, which repeat another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from leal.intake.answer_columns import customer_columns, extra_columns, text_columns
from leal.intake.answer_identity import identify, last_of_each
from leal.intake.dates import Times, read_times
from leal.intake.scales import judge_scores
from leal.intake.surveys.questions import Question
from leal.intake.surveys.survey import Survey
from leal.results import Note
from leal.wording import Count, Text

_ORDER = (
    "answer",
    "customer",
    "email",
    "phone",
    "answered_at",
    "recommend",
    "satisfaction",
    "effort",
    "comment",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRows:
    """The answers of a file and what became of its other rows.

    Attributes
    ----------
    answers : polars.DataFrame
        One row an answer.
    rejected : polars.DataFrame
        ``line`` and ``reason`` of the rows that are none.
    duplicates : int
        Rows that repeat another, or that a later row replaces.
    kept : tuple of str
        Columns that kept their own names.
    nps_before, nps_after : float or None
        NPS in points before and after.
    n_before, n_after : int
        Scores behind them.
    notes : tuple of Note
        What was assumed.
    """

    answers: pl.DataFrame
    rejected: pl.DataFrame
    duplicates: int
    kept: tuple[str, ...]
    nps_before: float | None
    nps_after: float | None
    n_before: int
    n_after: int
    notes: tuple[Note, ...]


def judge_rows(
    survey: Survey,
    columns: Mapping[str, str],
    recommend: Question | None,
    scores: Mapping[str, Question],
    kept: Sequence[str],
) -> AnswerRows:
    """Return the answers of a survey, the rows that are none with the reason, and the NPS before and after.

    Parameters
    ----------
    survey : Survey
        The rows.
    columns : mapping of str to str
        Column of the table to column of the file, scores apart.
    recommend : Question or None
        The likelihood to recommend.
    scores : mapping of str to Question
        The other scores by the name of their column.
    kept : sequence of str
        Columns that keep their own names.
    """
    judged, ignored = _judge(survey, recommend, scores)
    times = _times(survey, columns.get("answered_at"))
    kept = [*kept, *([columns["answered_at"]] if times is None and "answered_at" in columns else [])]
    table = (
        judged.drop("reason").hstack(customer_columns(survey, columns)).hstack(text_columns(survey, columns))
    )
    if times is not None:
        table = table.with_columns(times.values.alias("answered_at"))
    table = table.hstack(extra_columns(survey, kept, table.columns))
    reasons = _reasons(survey, judged, times)
    identified = identify(survey, columns, table)
    accepted = reasons.is_null()
    last, edited = last_of_each(survey, columns, identified, accepted)
    nps_before, n_before = _before(survey, judged["recommend"])
    nps_after, n_after = nps_of(last["recommend"])
    order = [name for name in _ORDER if name in last.columns]
    rejected = pl.DataFrame({"line": survey.raw.lines, "reason": reasons}).filter(~accepted)
    return AnswerRows(
        answers=last.select(*order, *(name for name in last.columns if name not in order)),
        rejected=rejected,
        duplicates=int(accepted.sum()) - last.height,
        kept=tuple(kept),
        nps_before=nps_before,
        nps_after=nps_after,
        n_before=n_before,
        n_after=n_after,
        notes=(*_time_notes(times, columns), *_row_notes(ignored, edited)),
    )


def nps_of(scores: pl.Series) -> tuple[float | None, int]:
    """Return the NPS of scores in points and their number; None where there are none."""
    known = scores.drop_nulls()
    if known.is_empty():
        return None, 0
    return 100 * (int((known >= 9).sum()) - int((known <= 6).sum())) / known.len(), known.len()


def _judge(
    survey: Survey, recommend: Question | None, scores: Mapping[str, Question]
) -> tuple[pl.DataFrame, int]:
    """Return all scores with the reason against each row, and how many further scores were ignored."""
    height = survey.raw.frame.height
    reason = pl.Series("reason", [None], dtype=pl.String).new_from_index(0, height)
    values = [pl.Series("recommend", [None], dtype=pl.Int8).new_from_index(0, height)]
    if recommend is not None:
        judged = judge_scores(survey.raw.frame.get_column(recommend.column), recommend.scale)
        values = [judged["score"].cast(pl.Int8).alias("recommend")]
        reason = _unless_missing(judged["reason"])
    wrong = pl.Series("wrong", [None], dtype=pl.String).new_from_index(0, height)
    ignored = 0
    for name, question in scores.items():
        judged = judge_scores(survey.raw.frame.get_column(question.column), question.scale, whole=False)
        values.append(judged["score"].alias(name))
        against = _unless_missing(judged["reason"])
        ignored += height - against.null_count()
        wrong = wrong.zip_with(wrong.is_not_null(), against)
    table = pl.DataFrame(values)
    scored = table.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    unscored = reason.is_null() & ~scored & wrong.is_not_null()
    final = reason.zip_with(~unscored, wrong).alias("reason")
    return table.with_columns(final), ignored - int(unscored.sum())


def _unless_missing(reason: pl.Series) -> pl.Series:
    return reason.set(reason == "no_score", None)


def _times(survey: Survey, column: str | None) -> Times | None:
    """Return the times of answers, None where there is no column or most of it is no time."""
    if column is None:
        return None
    cells = survey.raw.frame.get_column(column)
    times = read_times(cells, month_first=survey.month_first, zone=survey.zone)
    filled = times.unread.len() - times.values.null_count() + int(times.unread.sum())
    return None if int(times.unread.sum()) > filled / 2 else times


def _reasons(survey: Survey, judged: pl.DataFrame, times: Times | None) -> pl.Series:
    """Return the reason against each row: no answer at all, a wrong score, none, an unreadable time."""
    frame = judged.drop("reason")
    scored = frame.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    reason = _gates(survey)
    reason = reason.zip_with(reason.is_not_null(), judged["reason"])
    unscored = survey.unscored
    if unscored is None:
        unscored = pl.Series("reason", ["no_score"]).new_from_index(0, scored.len())
    reason = reason.zip_with(reason.is_not_null() | scored, unscored)
    if times is not None:
        late = pl.select(pl.when(times.unread).then(pl.lit("bad_time"))).to_series()
        reason = reason.zip_with(reason.is_not_null(), late)
    return reason.alias("reason")


def _gates(survey: Survey) -> pl.Series:
    reason = pl.Series("reason", [None], dtype=pl.String).new_from_index(0, survey.raw.frame.height)
    for gate in survey.gates:
        closed = gate.rows.fill_null(value=False)
        against = pl.select(pl.when(closed).then(pl.lit(gate.reason))).to_series()
        reason = reason.zip_with(reason.is_not_null(), against)
    return reason


def _before(survey: Survey, recommend: pl.Series) -> tuple[float | None, int]:
    """Return the NPS as the vendor counts it: its own groups where the file has them, duplicates included."""
    open_rows = _gates(survey).is_null()
    if survey.groups is not None:
        groups = survey.groups.filter(open_rows & recommend.is_not_null())
        if not groups.is_empty() and groups.null_count() == 0:
            return 100 * float(groups.mean() or 0.0), groups.len()  # type: ignore[arg-type]
    return nps_of(recommend.filter(open_rows))


def _time_notes(times: Times | None, columns: Mapping[str, str]) -> tuple[Note, ...]:
    if times is not None:
        return times.notes
    if "answered_at" not in columns:
        return ()
    text = Text(
        "The column {column} holds no times that can be read; it is kept as it is.",
        column=repr(columns["answered_at"]),
    )
    return (Note(code="no_times", text=text),)


def _row_notes(ignored: int, edited: int) -> tuple[Note, ...]:
    notes = []
    if ignored:
        text = Text("Further scores outside their scale were left empty: {count}.", count=Count(ignored))
        notes.append(Note(code="scores_left_empty", text=text))
    if edited:
        text = Text(
            "Answers that a later row with the same identifier replaced: {count}.", count=Count(edited)
        )
        notes.append(Note(code="edited", text=text))
    return tuple(notes)
