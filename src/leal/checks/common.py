"""What several checks would otherwise each write for themselves."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from leal.checks.book import Book
from leal.checks.catalogue import mistake
from leal.checks.findings import Check, Named
from leal.results import Estimate
from leal.statistics import Comparison, two_proportions
from leal.wording import Text


def too_few_matched(number: int, needed: Text) -> Check:
    """Return a check that is unknown since too few answers found their purchases."""
    step = Text(
        "Check that answers and purchases name customers by the same identifier, and ask more of them."
    )
    return mistake(number).unknown((needed,), next_step=step)


def known_estimates(pairs: Iterable[tuple[Text, Estimate | None]]) -> tuple[Named, ...]:
    """Return the estimates that are known, with the names that they are shown under."""
    return tuple(Named(name=name, value=value) for name, value in pairs if value is not None and value.known)


def interval_rows(rows: Iterable[tuple[Text, Estimate]]) -> pl.DataFrame:
    """Return named estimates as the table of `leal.charts.interval_bars`."""
    return pl.DataFrame(
        [
            {
                "name": str(name),
                "estimate": one.estimate,
                "ci_low": one.ci_low,
                "ci_high": one.ci_high,
                "n": one.n,
            }
            for name, one in rows
        ]
    )


def silence_beyond(book: Book, group: str, other: str) -> Comparison:
    """Return how much oftener customers of one group of the score stop buying than those of another."""
    followed, _ = book.silence
    first, second = (followed.filter(pl.col("group") == one)["silent"] for one in (group, other))
    return two_proportions(int(first.sum()), len(first), int(second.sum()), len(second), book.level)
