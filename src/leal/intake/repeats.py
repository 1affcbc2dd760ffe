"""Rows that repeat another: inside one file, and between files that were uploaded one after another.

What is the same twice is not always twice the same. Two equal lines of one order are two things bought, so
lines are counted: of a line that one file has twice and another three times, three are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from leal.intake.building import Built
from leal.results import Note
from leal.wording import Count, Text

_ONE_ROW_EACH = {
    "customers": ("customer",),
    "wishes": ("wish",),
    "units": ("unit",),
    "cases": ("case",),
    "contacts": ("contact",),
    "invitations": ("invitation",),
    "reviews": ("source", "source_review_id"),
    "answers": ("answer",),
}
"""Tables of which the last row of an identifier is the valid one."""


def mark_repeats(built: Built, table: str) -> Built:
    """Mark rows of one file that repeat another of it with the reason ``duplicate``.

    A customer, wish or unit that stands twice is taken as its last row says. Equal rows of an order are
    repeats; equal *lines* of an order (the file has items), and equal sales without a number, are kept and
    noted.
    """
    frame = built.frame
    keys = [name for name in _ONE_ROW_EACH.get(table, ()) if name in frame.columns]
    if table == "purchases":
        return _purchases(built)
    if keys and len(keys) == len(_ONE_ROW_EACH.get(table, ())):
        return _marked(built, _not_last(frame.select(keys), built.reason))
    return _marked(built, _not_first(frame, built.reason))


def merge_uploads(frames: Sequence[pl.DataFrame], table: str) -> tuple[pl.DataFrame, int]:
    """Join several uploads of one table, later ones after earlier ones; tell how many rows repeated.

    A row that an earlier file has is not added again; of a customer, wish, unit, review or answer (of one
    tool and person) the later row is the valid one; a purchase of the same number, customer and time whose
    amount was edited replaces the earlier one. What two files say of the same customer in the same action
    (the lot that was drawn, and a register with promises) becomes one row, unless their arms differ.
    """
    together = pl.concat(frames, how="diagonal_relaxed")
    if len(frames) == 1:
        return together, 0
    if table == "actions" and "customer" in together.columns:
        merged = _actions(frames)
        return merged, together.height - merged.height
    keys = [name for name in _ONE_ROW_EACH.get(table, ()) if name in together.columns]
    if keys and len(keys) == len(_ONE_ROW_EACH.get(table, ())):
        identity = together.select(*keys, *(_asked(together) if table == "answers" else ()))
        merged = together.filter(~_not_last(identity, None))
    else:
        merged = _by_count(frames)
        if table == "purchases" and "purchase" in merged.columns:
            merged = _edited(merged, frames)
    return merged, together.height - merged.height


def _asked(answers: pl.DataFrame) -> list[pl.Expr]:
    """Return what tells answers of one number apart: the survey tool, and who answered, else when."""
    who = [name for name in ("customer", "email", "phone", "answered_at") if name in answers.columns]
    source = [pl.col("_source")] if "_source" in answers.columns else []
    return [*source, pl.coalesce(*(pl.col(name).cast(pl.String) for name in who), pl.lit("")).alias("_who")]


def _by_count(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Keep each distinct row as often as the file that has it most often."""
    numbered = [frame.with_columns(pl.lit(n).alias("_file")) for n, frame in enumerate(frames)]
    together = pl.concat(numbered, how="diagonal_relaxed")
    content = [name for name in together.columns if name != "_file"]
    occurrence = pl.int_range(pl.len()).over([*content, "_file"]).alias("_occurrence")
    counted = together.with_columns(occurrence)
    return counted.unique([*content, "_occurrence"], keep="first", maintain_order=True).select(content)


def _actions(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Join what several files say of one customer in one action, so that its cost does not count twice."""
    numbered = [frame.with_columns(pl.lit(n).alias("_file")) for n, frame in enumerate(frames)]
    together = pl.concat(numbered, how="diagonal_relaxed")
    pair = ["action", "customer"]
    arms = pl.col("arm").drop_nulls().n_unique() if "arm" in together.columns else pl.lit(0)
    marked = together.with_columns(
        (
            pl.col("customer").is_not_null()
            & (pl.col("_file").n_unique().over(pair) > 1)
            & (pl.len().over(pair) == pl.col("_file").n_unique().over(pair))
            & (arms.over(pair) <= 1)
        ).alias("_told_twice")
    )
    apart = marked.filter(~pl.col("_told_twice")).drop("_told_twice")
    said = [name for name in apart.columns if name not in (*pair, "_file")]
    told_twice = marked.filter("_told_twice").group_by(pair, maintain_order=True)
    joined = told_twice.agg(pl.col(said).drop_nulls().last()).select(*pair, *said)
    if apart.is_empty():
        return joined
    kept = _by_count(apart.partition_by("_file", include_key=False, maintain_order=True))
    return pl.concat([joined, kept.select(*pair, *said)])


def _edited(merged: pl.DataFrame, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Replace orders of one row that a later file gives with another content."""
    identity = ["purchase", "customer", "bought_at"]
    sign = pl.col("amount").sign().alias("_sign")
    single = [
        frame.select(*identity, sign).group_by([*identity, "_sign"]).len().filter(pl.col("len") > 1)
        for frame in frames
        if set(identity) <= set(frame.columns)
    ]
    if len(single) < len(frames):
        return merged
    several = pl.concat(single).select([*identity, "_sign"]).unique()
    signed = merged.with_columns(sign)
    # Orders of several lines cannot be told apart from edited ones: all their lines stay.
    lines = signed.select(*identity, "_sign").join(
        several.with_columns(pl.lit(value=True).alias("_lines")),
        on=[*identity, "_sign"],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )["_lines"]
    last = signed.select(pl.struct([*identity, "_sign"]).is_last_distinct()).to_series()
    return merged.filter(lines.fill_null(value=False) | merged["purchase"].is_null() | last)


def _purchases(built: Built) -> Built:
    frame = built.frame
    numbered = "purchase" in frame.columns
    if numbered and frame["purchase"].drop_nulls().n_unique() == frame.height:
        return built
    repeats = _not_first(frame, built.reason)
    count = int(repeats.sum())
    if not count:
        return built
    if numbered and "item" not in frame.columns:
        known = frame["purchase"].is_not_null()
        built = _marked(built, repeats & known)
        count = int((repeats & ~known).sum())
    return _noted(built, count) if count else built


def _noted(built: Built, count: int) -> Built:
    note = Note(
        code="equal_rows",
        text=Text(
            "Rows equal to another in every column: {count}; each was counted as a sale of its own.",
            count=Count(count),
        ),
    )
    return replace(built, notes=(*built.notes, note))


def _marked(built: Built, repeats: pl.Series) -> Built:
    if not repeats.any():
        return built
    duplicate = pl.repeat("duplicate", len(repeats), dtype=pl.String, eager=True)
    return replace(built, reason=built.reason.zip_with(~repeats, duplicate))


def _not_first(frame: pl.DataFrame, reason: pl.Series) -> pl.Series:
    """Tell which accepted rows are equal to an earlier accepted one."""
    first = pl.struct(frame.columns).is_first_distinct().alias("first")
    if reason.null_count() == len(reason):
        return ~frame.select(first).to_series()
    told = frame.with_columns(reason.is_null().alias("_accepted")).select(
        (pl.struct([*frame.columns, "_accepted"]).is_first_distinct()).alias("first"), "_accepted"
    )
    return ~told["first"] & told["_accepted"]


def _not_last(keys: pl.DataFrame, reason: pl.Series | None) -> pl.Series:
    """Tell which accepted rows are followed by another of the same keys; rows without a key stay."""
    accepted = reason.is_null() if reason is not None else pl.repeat(True, keys.height, eager=True)
    known = keys.select(pl.all_horizontal(pl.all().is_not_null())).to_series() & accepted
    told = keys.with_columns(known.alias("_known")).select(
        pl.struct([*keys.columns, "_known"]).is_last_distinct().alias("last")
    )
    return ~told["last"] & known
