"""Scores that a tool writes in words: "Very satisfied", «Скорее согласен».

The words of one question make an ordered scale of five or seven steps; their order is all that is taken from
them.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from leal.intake.raw import blank_to_null
from leal.intake.scales import Scale
from leal.intake.surveys.questions import meaning_of
from leal.intake.surveys.survey import Survey
from leal.results import Note
from leal.wording import Text

_STEPS: tuple[tuple[tuple[str, ...], ...], ...] = (
    (
        ("very dissatisfied", "extremely dissatisfied", "completely dissatisfied"),
        ("dissatisfied", "somewhat dissatisfied"),
        ("neutral", "neither satisfied nor dissatisfied", "neither", "ok"),
        ("satisfied", "somewhat satisfied"),
        ("very satisfied", "extremely satisfied", "completely satisfied"),
    ),
    (
        ("extremely dissatisfied", "very dissatisfied"),
        ("moderately dissatisfied", "dissatisfied"),
        ("slightly dissatisfied", "somewhat dissatisfied"),
        ("neither satisfied nor dissatisfied", "neutral"),
        ("slightly satisfied", "somewhat satisfied"),
        ("moderately satisfied", "satisfied"),
        ("extremely satisfied", "very satisfied"),
    ),
    (
        ("strongly disagree",),
        ("disagree", "somewhat disagree"),
        ("neutral", "neither agree nor disagree", "undecided"),
        ("agree", "somewhat agree"),
        ("strongly agree",),
    ),
    (
        ("strongly disagree",),
        ("disagree",),
        ("somewhat disagree",),
        ("neutral", "neither agree nor disagree"),
        ("somewhat agree",),
        ("agree",),
        ("strongly agree",),
    ),
    (
        ("very difficult", "extremely difficult"),
        ("difficult", "somewhat difficult"),
        ("neutral", "neither easy nor difficult"),
        ("easy", "somewhat easy"),
        ("very easy", "extremely easy"),
    ),
    (
        ("very poor", "very bad", "terrible"),
        ("poor", "bad"),
        ("average", "fair", "neutral", "ok"),
        ("good",),
        ("excellent", "very good"),
    ),
    (
        ("очень недоволен", "совсем недоволен", "полностью недоволен", "совершенно не удовлетворен"),
        ("недоволен", "скорее недоволен", "скорее не удовлетворен", "не удовлетворен"),
        ("нейтрально", "ни то ни другое", "затрудняюсь ответить", "и да и нет"),
        ("доволен", "скорее доволен", "скорее удовлетворен", "удовлетворен"),
        ("очень доволен", "полностью доволен", "полностью удовлетворен"),
    ),
    (
        ("полностью не согласен", "совершенно не согласен"),
        ("скорее не согласен", "не согласен"),
        ("нейтрально", "затрудняюсь ответить", "ни то ни другое"),
        ("скорее согласен", "согласен"),
        ("полностью согласен", "совершенно согласен"),
    ),
    (
        ("очень сложно", "очень трудно"),
        ("сложно", "скорее сложно", "трудно"),
        ("нейтрально", "нормально"),
        ("легко", "скорее легко", "просто"),
        ("очень легко", "очень просто"),
    ),
)
_ENDINGS = (
    (r"довольн[аы]$", "доволен"),
    (r"согласн[аы]$", "согласен"),
    (r"удовлетворен[аы]$", "удовлетворен"),
)


def with_steps(survey: Survey) -> Survey:
    """Return the survey with the words of its questions about satisfaction and effort as steps from 1."""
    frame, scales, notes = survey.raw.frame, dict(survey.scales), [*survey.notes]
    for column in frame.columns:
        meaning = meaning_of(survey.title(column))
        if meaning not in ("satisfaction", "effort") or column in survey.technical:
            continue
        found = steps_of(frame.get_column(column))
        if found is None:
            continue
        steps, count = found
        frame = frame.with_columns(steps.cast(pl.String).alias(column))
        scales[column] = Scale(1, count)
        text = Text(
            "The words of {column} were read as steps from 1 to {count}.", column=repr(column), count=count
        )
        notes.append(Note(code="words_as_steps", text=text))
    return replace(survey, raw=replace(survey.raw, frame=frame), scales=scales, notes=tuple(notes))


def steps_of(cells: pl.Series) -> tuple[pl.Series, int] | None:
    """Return cells in words as steps from 1, and how many steps there are; None where the words are no scale.

    Parameters
    ----------
    cells : polars.Series of text
        The column; feminine and plural endings of Russian words are read like masculine ones.
    """
    words = cells.to_frame("w").select(_bare(pl.col("w"))).to_series()
    used = set(words.drop_nulls().unique().head(50).to_list())
    if len(used) < 2:
        return None
    for steps in sorted(_STEPS, key=len):
        order = {word: number for number, group in enumerate(steps, start=1) for word in group}
        if used <= order.keys() and len({order[word] for word in used}) == len(used):
            return words.replace_strict(order, default=None, return_dtype=pl.Int64), len(steps)
    return None


def _bare(cell: pl.Expr) -> pl.Expr:
    text = blank_to_null(cell).str.to_lowercase().str.replace_all("ё", "е", literal=True)
    for plural, singular in _ENDINGS:
        text = text.str.replace_all(plural, singular)
    return text
