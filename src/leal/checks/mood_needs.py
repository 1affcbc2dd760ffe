"""Drift of needs in check 5: whether customers want something else than before."""

from __future__ import annotations

import polars as pl

from leal.checks.book import Book
from leal.checks.findings import Exhibit, Heading
from leal.explain import DriftOfNeeds, drift_of_needs
from leal.path_model import construct_name
from leal.wording import Text

PERMUTATIONS = 500


def needs_of(book: Book) -> DriftOfNeeds:
    """Return how the effects of the model of satisfaction changed from period to period."""
    weight = "weight" if book.evidence.has("answers", "weight") else None
    table = book.evidence.table("answers")
    return drift_of_needs(
        table, weight=weight, missing=book.missing, permutations=PERMUTATIONS, level=book.level
    )


def with_needs(finding: Text, needs: DriftOfNeeds) -> Text:
    """Return the finding, and what of the causes changed where that is sure."""
    if not needs.clear:
        return finding
    return Text("{finding} {needs}", finding=finding, needs=needs.sentence())


def needs_exhibit(needs: DriftOfNeeds) -> tuple[Exhibit, ...]:
    """Return the effects of each period beside the next; none where the answers hold no model."""
    if not needs.changes:
        return ()
    frame = needs.to_frame()
    named = frame.with_columns(
        pl.Series(name, [str(construct_name(value)) for value in frame[name]])
        for name in ("source", "target")
    )
    return (
        Exhibit(
            title=Text("Drift of needs: effects of each period and the next"),
            frame=named,
            headings=(
                Heading(name="source", title=Text("Cause")),
                Heading(name="target", title=Text("Effect")),
                Heading(name="period", title=Text("Period"), unit="wave"),
                Heading(name="later", title=Text("Next period"), unit="wave"),
                Heading(name="before", title=Text("Before"), unit="number"),
                Heading(name="after", title=Text("After"), unit="number"),
                Heading(name="estimate", title=Text("Change of effect"), unit="number"),
                Heading(name="ci_low", title=Text("Interval from"), unit="number"),
                Heading(name="ci_high", title=Text("Interval to"), unit="number"),
                Heading(name="n", title=Text("Answers"), unit="count"),
                Heading(name="adjusted_p_value", title=Text("p, corrected"), unit="p_value"),
            ),
            remark=Text(
                "By permutation, corrected for all effects and periods (Benjamini and Hochberg): of what is "
                "called a change, few are expected to be chance. The intervals are of each change by itself, "
                "each period drawn again by itself."
            ),
        ),
    )
