"""Surveys sent, and which of them were answered: what is known of the silent."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from leal.engine import FrameLike, collect, column_names, day_number, lazy

ANSWERED_WITHIN = 30
"""Days after an invitation within which an answer belongs to it."""

STILL_OPEN = 14
"""Days in which an invitation without an answer is not yet silence."""

_KINDS = {"customer": pl.String, "day": pl.Int32, "kind": pl.String, "opened": pl.Boolean}
_KINDS |= {"answered": pl.Boolean, "unsubscribed": pl.Boolean}


def survey_invitations(
    invitations: FrameLike, answers: pl.DataFrame | None = None, *, within: int = ANSWERED_WITHIN
) -> pl.DataFrame:
    """Return every survey sent, and whether it was answered.

    Parameters
    ----------
    invitations : dataframe or path
        The table `invitations`: customer, invited_at; and where known kind, opened, answered, unsubscribed.
    answers : DataFrame, optional
        ``customer, day`` of every answer (`scored_answers`): tells what was answered where the table does
        not.
    within : int
        Days after an invitation within which an answer belongs to it.

    Returns
    -------
    DataFrame
        ``customer, day, kind, opened, answered, unsubscribed``, by customer and day; null where not known.
        Rows without customer or time are left out.

    Raises
    ------
    MissingColumn
        There is no column of customers or of times.

    Notes
    -----
    An answer belongs to the last invitation of its customer on or before its day. Where answers name no
    customers nothing tells who was silent.
    """
    frame = lazy(invitations)
    names = column_names(frame)
    columns = [nw.col("customer").cast(nw.String()), day_number(frame, "invited_at", table="invitations")]
    columns[1] = columns[1].alias("day")
    columns += [nw.col("kind").cast(nw.String())] if "kind" in names else []
    columns += [nw.col(name) for name in ("opened", "answered", "unsubscribed") if name in names]
    rows = collect(frame.select(*columns)).drop_nulls(["customer", "day"])
    absent = [
        pl.lit(None, dtype=kind).alias(name) for name, kind in _KINDS.items() if name not in rows.columns
    ]
    sent = rows.with_columns(absent).select(*_KINDS).cast(_KINDS).sort("customer", "day")  # type: ignore[arg-type]
    if (
        sent["answered"].null_count() == 0
        or answers is None
        or answers["customer"].null_count() == answers.height
    ):
        return sent
    return _with_answers(sent.with_row_index("row"), answers, within)


def _with_answers(sent: pl.DataFrame, answers: pl.DataFrame, within: int) -> pl.DataFrame:
    said = answers.select("customer", pl.col("day").cast(pl.Int32)).drop_nulls().sort("customer", "day")
    last = sent.select("customer", "row", "day", invited="day")
    found = said.join_asof(last, on="day", by="customer", tolerance=within, check_sortedness=False)
    answered = pl.col("row").is_in(found["row"].drop_nulls().unique().implode())
    return sent.with_columns(answered=pl.coalesce("answered", answered)).drop("row")
