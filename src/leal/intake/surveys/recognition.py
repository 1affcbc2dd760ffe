"""What a raw table is: answers of which tool, people to be contacted or not, reviews, or something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import polars as pl

from leal.errors import UnknownFormat, Where
from leal.intake.raw import RawTable
from leal.intake.scales import numeric
from leal.intake.surveys import (
    delighted,
    formbricks,
    google_forms,
    limesurvey,
    product_tools,
    promoter,
    qualtrics,
    spreadsheets,
    surveymonkey,
    typeform,
)
from leal.intake.surveys.questions import choose_recommend, find_comment, find_questions, meaning_of
from leal.intake.surveys.survey import Survey, Vendor, by_key
from leal.wording import Listing, Text

SurveyKind = Literal["answers", "people", "reviews"]

VENDORS: tuple[Vendor, ...] = (
    qualtrics.VENDOR,
    surveymonkey.VENDOR,
    typeform.VENDOR,
    formbricks.VENDOR,
    delighted.VENDOR,
    limesurvey.VENDOR,
    promoter.VENDOR,
    product_tools.POSTHOG,
    product_tools.HUBSPOT,
    spreadsheets.CLEAN,
    google_forms.VENDOR,
)
"""The tools that are recognised by what their files hold; the first that fits is taken."""

_REVIEW_FIELDS = (
    *(
        "starRating",
        "im:rating",
        "reviewerNickname",
        "thumbsUpCount",
        "productValuation",
        "usedInScore",
        "userComment",
    ),
    *(
        "reviewId",
        "official_answer",
        "feedbackId",
        "reviewRating",
        "developerResponse",
        "reviewCreatedVersion",
    ),
)
_REVIEW_HEADERS = frozenset(
    {
        *("star rating", "review text", "review title", "review id", "review url", "review link", "reviewer"),
        *("rating max", "max rating", "reviewer language", "app version", "number of stars", "review date"),
        *(
            "отзыв id",
            "id отзыва",
            "текст отзыва",
            "площадка",
            "ссылка на отзыв",
            "достоинства",
            "недостатки",
        ),
    }
)
_GOODS = frozenset(
    {
        *(
            "amount",
            "price",
            "quantity",
            "qty",
            "product",
            "sku",
            "item",
            "order id",
            "order number",
            "total",
        ),
        *("сумма", "цена", "количество", "товар", "номенклатура", "артикул", "заказ", "номер заказа", "чек"),
    }
)
_PERSON_MARKS = (
    "unsubscribed at",
    "bounced at",
    "next survey scheduled at",
    "last responded at",
    "last sent at",
)
_DEPTH = 6


def vendor_of(raw: RawTable) -> Vendor | None:
    """Return the tool that wrote a file, None where none is recognised."""
    return next((vendor for vendor in VENDORS if vendor.holds(raw)), None)


def kind_of_survey_file(raw: RawTable) -> SurveyKind | None:
    """Return what a file of a survey tool or review site holds, None where it is neither."""
    if is_people(raw):
        return "people"
    vendor = vendor_of(raw)
    if vendor is not None and vendor.name not in ("google_forms", "leal", "hubspot"):
        return "answers"
    if is_reviews(raw):
        return "reviews"
    return "answers" if vendor is not None else None


def is_answers(raw: RawTable) -> bool:
    """Tell whether a file holds survey answers: of a known tool, or with a question about recommending.

    A column just called score or оценка is one where it lies on 0 to 10, a comment stands beside it, and
    nothing speaks of goods.
    """
    kind = kind_of_survey_file(raw)
    if kind is not None:
        return kind == "answers"
    survey = spreadsheets.SPREADSHEET.shape(raw)
    questions = find_questions(survey, raw.columns)
    if any(question.meaning == "recommend" for question in questions):
        return True
    if choose_recommend(questions, survey) is None or _GOODS & by_key(raw).keys():
        return False
    asked = {question.column for question in questions}
    return find_comment(survey, [column for column in raw.columns if column not in asked]) is not None


def is_people(raw: RawTable) -> bool:
    """Tell whether a file lists people with when they were asked, unsubscribed or bounced."""
    keys = by_key(raw).keys()
    return any(mark in keys for mark in _PERSON_MARKS) and "score" not in keys and "email" in keys


def is_reviews(raw: RawTable) -> bool:
    """Tell whether a file holds public reviews: stars of a shop, a map, an application store."""
    if raw.document is not None and set(_REVIEW_FIELDS) & set(_field_names(raw.document, _DEPTH)):
        return True
    keys = by_key(raw)
    marks = _REVIEW_HEADERS & keys.keys()
    if len(marks) >= 2 or "star rating" in marks or "review text" in marks:
        return True
    stars = next((keys[name] for name in ("rating", "stars", "оценка", "score") if name in keys), None)
    author = any(name in keys for name in ("author", "автор", "user name", "username", "nickname", "source"))
    text = any(name in keys for name in ("text", "review", "текст", "отзыв", "content", "body"))
    asked = any(meaning_of(column) == "recommend" for column in raw.columns)
    return stars is not None and text and (author or bool(marks)) and not asked and _are_stars(raw, stars)


def _are_stars(raw: RawTable, column: str) -> bool:
    values = numeric(pl.Series(raw.sample(column), dtype=pl.String)).drop_nulls()
    return not values.is_empty() and bool(values.is_between(1, 5).all())


def _field_names(document: object, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    if isinstance(document, dict):
        for name, value in document.items():
            yield str(name)
            yield from _field_names(value, depth - 1)
    elif isinstance(document, list):
        for value in document[:20]:
            yield from _field_names(value, depth - 1)


def shape_survey(raw: RawTable) -> Survey:
    """Return the survey in a raw table, its vendor's peculiarities taken out.

    Raises
    ------
    UnknownFormat
        The file holds reviews, people, or a payload that looks like a tool's but is built differently.
    """
    kind = kind_of_survey_file(raw)
    if kind == "reviews":
        raise _reviews(raw)
    if kind == "people":
        raise UnknownFormat(
            Text("This file lists people, not answers."),
            hint=Text("Read it with leal.intake.read_people(path)."),
            where=Where(file=raw.file),
        )
    vendor = vendor_of(raw) or spreadsheets.SPREADSHEET
    try:
        return vendor.shape(raw)
    except (AttributeError, KeyError, IndexError, TypeError, ValueError, pl.exceptions.PolarsError) as error:
        raise UnknownFormat(
            Text("The file looks like an export of {tool}, but is built differently.", tool=vendor.name),
            hint=Text("Export it again as CSV, or name its columns yourself in a mapping file."),
            where=Where(file=raw.file),
        ) from error


def _reviews(raw: RawTable) -> UnknownFormat:
    return UnknownFormat(
        Text("This is a file of reviews, not of survey answers: stars are never turned into NPS."),
        hint=Text("Give it as reviews (leal audit --reviews FILE); for NPS give the export of a survey."),
        where=Where(file=raw.file),
    )


def no_score_found(raw: RawTable) -> UnknownFormat:
    """Return the error for a file without any column of scores."""
    return UnknownFormat(
        Text(
            "No column of scores was found. The columns are: {columns}.", columns=Listing.of(raw.columns[:40])
        ),
        hint=Text(
            "Name the column of the question about recommending 'recommend' (0 to 10), or say in a mapping "
            "file which column it is."
        ),
        where=Where(file=raw.file, sheet=raw.sheet),
    )
