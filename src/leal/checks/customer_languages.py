"""In which of the two languages customers answer: what is sent to them is written in these."""

from __future__ import annotations

import narwhals as nw

from leal.checks.audits import Audit
from leal.engine import LazyFrame, collect
from leal.wording import LANGUAGES, Language

LEAST_SHARE = 0.05
"""Share of the answers with a known language below which nobody writes in it."""

FEWEST_COMMENTS = 20
"""Comments below which their letters tell nothing of the languages of customers."""


def languages_of_customers(audit: Audit) -> tuple[Language, ...]:
    """Return the languages that answers are given in, the most frequent first; none where they do not tell.

    Parameters
    ----------
    audit : Audit
        Its answers' column ``language`` is read: ``en``, ``ru``, ``ru-RU`` and the like. Without it the
        letters of the comments tell: Cyrillic ones stand for Russian, where there are none for English.
    """
    book = audit.book
    table = None if book is None else book.evidence.table("answers")
    if book is None or table is None:
        return ()
    if not book.evidence.has("answers", "language"):
        return _languages_of_comments(table) if book.evidence.has("answers", "comment") else ()
    named = nw.col("language").cast(nw.String()).str.to_lowercase().str.slice(0, 2).alias("name")
    counts = collect(table.select(named).group_by("name").agg(nw.len().alias("n"))).drop_nulls()
    answered = dict(counts.select("name", "n").iter_rows())
    everybody = sum(answered.values())
    known = [
        one for one in LANGUAGES if answered.get(one, 0) > 0 and answered[one] >= LEAST_SHARE * everybody
    ]
    return tuple(sorted(known, key=lambda one: -answered[one]))


def _languages_of_comments(answers: LazyFrame) -> tuple[Language, ...]:
    """Return in which letters comments are written; none where there are few."""
    said = collect(answers.select(nw.col("comment").cast(nw.String()))).drop_nulls()["comment"]
    worded = said.filter(said.str.contains(r"\p{L}{2}"))
    if worded.len() < FEWEST_COMMENTS:
        return ()
    cyrillic = float(worded.str.contains(r"\p{Cyrillic}").mean())  # type: ignore[arg-type]
    shares: dict[Language, float] = {"ru": cyrillic, "en": 1 - cyrillic}
    known = [one for one in LANGUAGES if shares[one] >= LEAST_SHARE]
    return tuple(sorted(known, key=lambda one: -shares[one]))
