"""Beside check 5: who answers surveys and who stays silent, without which a change of mood may be feigned."""

from __future__ import annotations

from functools import partial

import polars as pl

from leal.charts import Chart, Style, interval_bars, wave_words
from leal.checks.book import Book
from leal.checks.contact_evidence import invitations_of
from leal.checks.findings import Exhibit, Heading, Named, Picture, ranged
from leal.checks.passives import GROUP_WORDS
from leal.checks.supplement import Supplement
from leal.measure import STILL_OPEN, SurveyResponse, nps, survey_response
from leal.results import Note
from leal.wording import Count, Percent, Points, Text

_ORDER = {"detractor": 0, "passive": 1, "promoter": 2}


def who_answers(book: Book) -> Supplement | None:
    """Return who answers and who stays silent; None without the table of invitations."""
    sent = invitations_of(book)
    if sent is None:
        return None
    found = survey_response(sent, book.answers, book.last_day, level=book.level)
    said = Note(code="survey_response", text=found.sentence())
    if not found.known:
        return Supplement(notes=(said,))
    return Supplement(
        estimates=(Named(name=Text("Invitations that were answered"), value=found.rate),),
        exhibits=(_months(found), *_groups(found)),
        pictures=(_picture(found),),
        notes=(said, *_changed(found), *_bounds(book, found), *_open(found)),
    )


def _rates(title: Text) -> tuple[Heading, ...]:
    return (
        Heading(name="invited", title=title, unit="count"),
        *ranged("rate", Text("Answered"), "percent", ""),
    )


def _months(found: SurveyResponse) -> Exhibit:
    return Exhibit(
        title=Text("Who answers, month by month"),
        frame=found.by_month,
        headings=(Heading(name="month", title=Text("Month"), unit="month"), *_rates(Text("Invitations"))),
    )


def _groups(found: SurveyResponse) -> tuple[Exhibit, ...]:
    """Return who answers again, by what they had said last."""
    if found.by_last.is_empty():
        return ()
    words = {name: str(text) for name, text in GROUP_WORDS.items()}
    frame = found.by_last.sort(pl.col("group").replace_strict(_ORDER))
    return (
        Exhibit(
            title=Text("Who answers again, by what they had said last"),
            frame=frame.with_columns(pl.col("group").replace_strict(words)),
            headings=(Heading(name="group", title=Text("Said last")), *_rates(Text("Invitations"))),
            remark=Text(
                "Where one group falls silent more than another, the score of those who answer drifts."
            ),
        ),
    )


def _picture(found: SurveyResponse) -> Picture:
    return Picture(
        title=Text("Share of invitations answered, month by month"),
        draw=partial(_answered_by_month, found.by_month),
        description=found.sentence(),
    )


def _answered_by_month(frame: pl.DataFrame, style: Style) -> Chart:
    """Draw the share of each month under the month's name in the reader's language."""
    months = [wave_words(month, style.language) for month in frame["month"].to_list()]
    told = frame.select(
        pl.Series("name", months, dtype=pl.String), estimate="rate", ci_low="low", ci_high="high", n="invited"
    )
    return interval_bars(told, style, measure="percent")


def _changed(found: SurveyResponse) -> tuple[Note, ...]:
    if not found.changed:
        return ()
    text = Text(
        "The share who answer changed from {earlier} to {later}: a part of a change of scores may be a change"
        " of who answers. Compare by group, and weight.",
        earlier=Percent(found.earlier.estimate),
        later=Percent(found.later.estimate),
    )
    return (Note(code="response_changed", text=text),)


def _bounds(book: Book, found: SurveyResponse) -> tuple[Note, ...]:
    """Return the NPS that silence could hide at worst and at best."""
    if not book.evidence.has("answers", "recommend"):
        return ()
    answered = book.answers["recommend"].drop_nulls().len()
    asked = max(round(answered / found.rate.estimate), answered) if found.rate.estimate > 0 else 0
    ends = nps(book.evidence.table("answers"), base=asked).nonresponse_bounds if asked else None
    if ends is None:
        return ()
    text = Text(
        "What the silent would say is not known: were all of them detractors the NPS of everybody asked"
        " would be {low}, were all promoters {high}.",
        low=Points(ends[0]),
        high=Points(ends[1]),
    )
    return (Note(code="nonresponse_bounds", text=text),)


def _open(found: SurveyResponse) -> tuple[Note, ...]:
    if not found.still_open:
        return ()
    text = Text(
        "Invitations of the last {days} days may still be answered and are left out: {count}.",
        days=STILL_OPEN,
        count=Count(found.still_open),
    )
    return (Note(code="still_open", text=text),)
