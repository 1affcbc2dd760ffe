"""In which of the two languages customers answer: what is sent to them is written in these."""

from __future__ import annotations

import narwhals as nw

from leal.checks.audits import Audit
from leal.engine import collect
from leal.wording import LANGUAGES, Language

LEAST_SHARE = 0.05
"""Share of the answers with a known language below which nobody writes in it."""


def languages_of_customers(audit: Audit) -> tuple[Language, ...]:
    """Return the languages that answers are given in, the most frequent first; none where they do not tell.

    Parameters
    ----------
    audit : Audit
        Its answers' column ``language`` is read: ``en``, ``ru``, ``ru-RU`` and the like.
    """
    book = audit.book
    table = None if book is None else book.evidence.table("answers")
    if book is None or table is None or not book.evidence.has("answers", "language"):
        return ()
    named = nw.col("language").cast(nw.String()).str.to_lowercase().str.slice(0, 2).alias("name")
    counts = collect(table.select(named).group_by("name").agg(nw.len().alias("n"))).drop_nulls()
    answered = dict(counts.select("name", "n").iter_rows())
    everybody = sum(answered.values())
    known = [
        one for one in LANGUAGES if answered.get(one, 0) > 0 and answered[one] >= LEAST_SHARE * everybody
    ]
    return tuple(sorted(known, key=lambda one: -answered[one]))
