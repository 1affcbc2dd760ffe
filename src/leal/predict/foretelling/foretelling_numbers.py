"""The numbers that are held against later money, and the past behaviour that they are held beside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.predict.foretelling.answer_windows import ScoreWindows
from leal.results import Note
from leal.wording import Count, Text

Floats = NDArray[np.float64]

NUMBERS = (
    "nps_groups",
    "recommend",
    "top_2_box",
    "satisfaction",
    "satisfaction_index",
    "loyalty_index",
)
NUMBER_WORDS: dict[str, Text] = {
    "nps_groups": Text("NPS groups"),
    "recommend": Text("Mean score of recommending"),
    "top_2_box": Text("Top two boxes of satisfaction"),
    "satisfaction": Text("Satisfaction"),
    "satisfaction_index": Text("Satisfaction index"),
    "loyalty_index": Text("Loyalty index"),
}
LEAST_SHARE = 0.5
"""Share of the customers who must have been asked for a number to be compared."""

_WINSORISED = 0.99


def past_behaviour(rows: pl.DataFrame) -> Floats:
    """Return what was known of purchases at the answer: frequency, recency, spend, plain and in logs."""
    frequency, since = rows["frequency"].to_numpy().astype(float), rows["since"].to_numpy().astype(float)
    spent = rows["spent"].to_numpy().astype(float)
    held = np.minimum(spent, np.quantile(spent, _WINSORISED))
    return np.column_stack(
        [np.log1p(frequency), frequency, np.log1p(since), np.log1p(np.maximum(held, 0.0)), held]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number of all customers.

    Attributes
    ----------
    columns : array of shape (customers, columns)
        What is learnt from: for groups one column for each but the lowest.
    order : array of shape (customers,)
        The number itself, higher being more content.
    """

    columns: Floats
    order: Floats


def designs_of(framed: ScoreWindows) -> tuple[dict[str, Number], pl.DataFrame, tuple[Note, ...]]:
    """Return each number that enough customers were asked for, and the customers who have all of them."""
    rows, notes = _with_indices(framed)
    fewest = max(1, LEAST_SHARE * rows.height)
    asked = ("satisfaction", "satisfaction_index", "loyalty_index")
    wanted = ["recommend", *(name for name in asked if name in rows.columns and rows[name].count() >= fewest)]
    complete = rows.drop_nulls(wanted)
    lost = rows.height - complete.height
    if lost:
        text = Text(
            "{count} customers did not answer all of these questions and are left out.", count=Count(lost)
        )
        notes = (*notes, Note(code="not_all_asked", text=text))
    found = {name: _number(name, complete, wanted) for name in NUMBERS}
    return {name: one for name, one in found.items() if one is not None}, complete, notes


def _number(name: str, rows: pl.DataFrame, wanted: list[str]) -> Number | None:
    if name == "nps_groups":
        score = rows["recommend"].to_numpy()
        promoter, passive = score >= 9, (score >= 7) & (score < 9)
        columns = np.column_stack([promoter, passive]).astype(float)
        return Number(columns=columns, order=columns @ np.array([2.0, 1.0]))
    source = "satisfaction" if name == "top_2_box" else name
    if source not in wanted:
        return None
    given = rows[source].cast(pl.Float64).to_numpy()
    if name == "top_2_box":
        given = (given >= _scale_top(given) - 1).astype(float)
    return Number(columns=given[:, None], order=given)


def _scale_top(given: Floats) -> float:
    top = float(given.max(initial=0.0))
    return 5.0 if top <= 5 else 7.0 if top <= 7 else 10.0


def _with_indices(framed: ScoreWindows) -> tuple[pl.DataFrame, tuple[Note, ...]]:
    """Add each customer's index of satisfaction and of loyalty, where the items are there.

    The weights of the items are fitted to the answers alone: they know nothing of any purchase.
    """
    rows, model = framed.frame, framed.model
    if model is None or rows.height < 2 * len(model.items):
        return rows, ()
    fit = model.fit(rows.select(model.items))
    scores = fit.scores(rows.select(model.items), unit="index")
    names = {"Satisfaction": "satisfaction_index", "Loyalty": "loyalty_index"}
    there = {source: name for source, name in names.items() if source in scores.columns}
    added = rows.with_columns(
        scores[source].cast(pl.Float64).fill_nan(None).alias(name) for source, name in there.items()
    )
    doubts = tuple(note for note in fit.notes if note.code == "not_converged")
    return added, doubts
