"""Which column is the question: by its wording in English or Russian, and by its values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from leal.intake.raw import header_key
from leal.intake.scales import NPS_SCALE, Meaning, Scale, numeric, scale_of
from leal.intake.surveys.survey import Survey

_RECOMMEND = re.compile(
    r"recommend|\bnps\b|net promoter|promoter score|\bltr\b|refer (?:us|our|a friend)|would you refer"
    r"|рекоменд|посоветуе|советоват|посоветова|готовы? советовать|индекс лояльности|\bнпс\b"
    r"|empfehl|recommand|recomend|recomiend|consigli|polec"
)
_SATISFACTION = re.compile(
    r"satisf|\bcsat\b|\bhappy (?:are|were) you|rate your (?:overall )?experience|overall experience"
    r"|удовлетвор|доволен|довольны|понравил[оа]сь ли"
)
_EFFORT = re.compile(
    r"\beffort|\bces\b|how easy|easy (?:it )?(?:was|is|for)|made it easy|ease of|difficult"
    r"|усили|насколько легко|легко ли|просто ли|насколько просто|было легко|сложно ли|насколько сложно"
)
_COMMENT = re.compile(
    r"comment|reason|\bwhy\b|feedback|tell us|verbatim|free text|open ended|improve|suggest|anything else"
    r"|explain|what (?:is|was|could|can|do|did|would|should|made)|follow up response|additional info"
    r"|your words|\bmessage\b|\bwarum\b|\bpourquoi\b|\bpor qu[eé]\b|\bperch[eé]\b|dlaczego|kommentar|coment"
    r"|коммент|почему|причин|отзыв|пожелани|предложени|напишите|расскажите|поясните|улучшить"
    r"|что (?:нам|мы|вам|бы)|что (?:именно )?(?:понрав|повлия|не понрав)|за что|замечани|ваше мнение"
    r"|текст ответа|ответ клиента|впечатлени"
)
_RATING = re.compile(
    r"^(?:nps score|survey score|(?:your )?score|rating|grade|mark|points?|value|rate|response value|answer"
    r"|answer value|rating value|response|ответ|(?:ваша |итоговая )?оценка|оценки|балл|баллы|оценка клиента"
    r"|оценка от клиента|балл nps|рейтинг|поставьте оценку)(?: (?:от |from )?\d+ (?:до |to )?\d+)?$"
)
_STARS = re.compile(r"\bstars?\b|звезд|star rating")
_NO_SCORE_COLUMN = re.compile(
    r"\bgroup\b|\bcategory\b|\btype\b|\bsegment\b|\bid\b|\bdate\b|групп|категори|\bтип\b|\bдата\b"
    r"|option id$|\bcode$|\bttc\b|duration|time taken|seconds|progress|permalink|\burl\b|link"
)
_FREE_TEXT_LENGTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A column of scores: what it is about, on which scale, and how sure that is.

    Attributes
    ----------
    column : str
        The column of the file.
    meaning : {"recommend", "satisfaction", "effort", "rating", "stars"}
        What its words are about.
    scale : Scale
        Its scale.
    assumed : bool
        Whether only its values, not its words, make it a likelihood to recommend.
    """

    column: str
    meaning: Meaning
    scale: Scale
    assumed: bool = False


def meaning_of(title: str) -> Meaning | None:
    """Return what a question is about, by its words alone."""
    key = header_key(title)
    if _NO_SCORE_COLUMN.search(key) and len(key) < 40:
        return None
    if _RECOMMEND.search(key):
        return "recommend"
    if _EFFORT.search(key):
        return "effort"
    if _SATISFACTION.search(key):
        return "satisfaction"
    if _STARS.search(key):
        return "stars"
    return "rating" if _RATING.match(key) else None


def find_questions(survey: Survey, free: Iterable[str]) -> list[Question]:
    """Return the columns of scores among `free`, in the order of the file."""
    found: list[Question] = []
    for column in free:
        title = survey.title(column)
        meaning = meaning_of(title)
        if meaning is None and title != column:
            meaning = meaning_of(column)
        if meaning is None:
            continue
        values = _numbers(survey, column)
        if values is not None:
            scale = survey.scales.get(column) or scale_of(values, title, meaning)
            found.append(Question(column=column, meaning=meaning, scale=scale))
    return found


def unworded_question(survey: Survey, free: Iterable[str]) -> Question | None:
    """Return the one column of whole numbers from 0 to 10 where no words tell; None where none or several.

    Only columns with a code for a name are looked at: words that say something else are believed.
    """
    fitting: list[str] = []
    for column in free:
        values = _numbers(survey, column)
        if " " in survey.title(column).strip() or values is None or values.is_empty():
            continue
        cells = survey.raw.frame.get_column(column)
        if any(cells.equals(survey.raw.frame.get_column(other)) for other in fitting):
            continue
        if values.is_between(0, 10).all() and (values == values.floor()).all() and bool((values > 1).any()):
            fitting.append(column)
    if len(fitting) != 1:
        return None
    return Question(column=fitting[0], meaning="recommend", scale=NPS_SCALE, assumed=True)


def _numbers(survey: Survey, column: str) -> pl.Series | None:
    """Return the numbers of a column, None where its cells are mostly something else."""
    cells = survey.raw.frame.get_column(column)
    sample = survey.raw.sample(column, 2000)
    if sample:
        few = numeric(pl.Series(sample))
        if few.null_count() > len(sample) / 2:
            return None
    return numeric(cells).drop_nulls()


def choose_recommend(questions: Iterable[Question], survey: Survey) -> Question | None:
    """Return the likelihood to recommend among questions: NPS by name, by words, then a rating of 0 to 10."""
    on_scale = [one for one in questions if one.scale == NPS_SCALE and one.meaning in ("recommend", "rating")]
    worded = [one for one in on_scale if one.meaning == "recommend"]
    named = [
        one for one in worded if re.search(r"\bnps\b|net promoter", header_key(survey.title(one.column)))
    ]
    if named or worded:
        return (named or worded)[0]
    ratings = [one for one in on_scale if one.meaning == "rating"]
    if not ratings:
        return None
    first = ratings[0]
    return Question(column=first.column, meaning="recommend", scale=first.scale, assumed=True)


def find_comment(survey: Survey, free: Iterable[str]) -> str | None:
    """Return the column with the customers' own words: by its words, then by the length of its texts."""
    worded: list[str] = []
    texts: Mapping[str, float] = {}
    for column in free:
        sample = survey.raw.sample(column, 500)
        if (
            sample
            and sum(cell.replace(",", ".", 1).replace(".", "", 1).isdigit() for cell in sample)
            > len(sample) / 2
        ):
            continue
        if _COMMENT.search(header_key(survey.title(column))) or _COMMENT.search(header_key(column)):
            worded.append(column)
        elif sample and not sample[0].startswith(("http://", "https://")):
            texts = {**texts, column: sum(map(len, sample)) / len(sample) * len(set(sample)) / len(sample)}
    if worded:
        return max(worded, key=lambda column: (_says_much(survey, column), -worded.index(column)))
    longest = max(texts, key=lambda column: texts[column], default=None)
    if longest is None or texts[longest] < _FREE_TEXT_LENGTH:
        return None
    title = survey.title(longest).strip()
    a_code = " " not in title and survey.source not in ("spreadsheet", "leal")
    return longest if a_code or title.endswith("?") else None


def _says_much(survey: Survey, column: str) -> int:
    """Rank a column of texts: empty, one and the same word (an option ticked), or different texts."""
    sample = survey.raw.sample(column, 500)
    return 0 if not sample else 1 if len(sample) > 1 and len(set(sample)) == 1 else 2
