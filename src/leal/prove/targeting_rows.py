"""The rows of an experiment as targeting needs them: arm, outcome and what the rule looks at."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from leal.engine import FrameLike, collect, column_names, lazy, require_column
from leal.errors import BadOption, BadValue, Where
from leal.prove.assignment import GLOBAL_HOLDOUT
from leal.prove.control_arm import ArmName, control_arm, one_arm_only
from leal.prove.experiment_units import Missing, read_units
from leal.results import Note
from leal.wording import Listing, Text

_TOLD_AS_WORDS = ("policy", "segment", "cluster", "customer")


def read_rows(
    source: FrameLike, arm: str, outcome: str, missing: Missing, more: Mapping[str, str]
) -> tuple[pl.DataFrame, dict[str, int], tuple[Note, ...]]:
    """Return ``arm``, ``outcome`` and further columns by their new names, checked as an experiment's.

    The column ``customer`` comes along where there is one; a day becomes the number of the day.
    """
    frame = lazy(source)
    for column in more.values():
        require_column(frame, column, table="experiment")
    if "customer" in column_names(frame):
        more = {"customer": "customer"} | dict(more)
    # checks and notes are those of an experiment; the rows are read once more with the further columns
    units = read_units(source, arm=arm, outcome=outcome, missing=missing, cluster=more.get("cluster"))
    read = collect(frame.select(*dict.fromkeys([arm, outcome, *more.values()])))
    number = pl.col(outcome).cast(pl.Float64).fill_nan(None)
    table = read.select(
        pl.col(arm).cast(pl.String).str.strip_chars().alias("arm"),
        (number.fill_null(0.0) if missing == "zero" else number).alias("outcome"),
        *[
            plain_column(read, column, words=name in _TOLD_AS_WORDS).alias(name)
            for name, column in more.items()
        ],
    )
    kept = table.filter(pl.col("outcome").is_not_null() & (pl.col("arm") != GLOBAL_HOLDOUT))
    return kept, units.assigned, units.notes


def plain_column(read: pl.DataFrame, column: str, *, words: bool = False) -> pl.Expr:
    """Return a column as numbers (a day as its number) or as words."""
    kind = read.schema[column]
    if kind.is_temporal() and not words:
        return pl.col(column).cast(pl.Date).cast(pl.Int32)
    return pl.col(column) if kind.is_numeric() and not words else pl.col(column).cast(pl.String)


def two_arms(
    table: pl.DataFrame, told: ArmName | None, treated: str | None
) -> tuple[pl.DataFrame, tuple[str, str]]:
    """Return the rows of two arms, and their names: treated, control."""
    names = sorted(table["arm"].unique().to_list())
    control = control_arm(names, told)
    others = [name for name in names if name != control]
    if treated is None and len(others) == 1:
        treated = others[0]
    if not others:
        raise one_arm_only(control)
    if treated is None:
        raise BadValue(
            Text("Several arms were treated: {names}.", names=Listing.of(others)),
            hint=Text("Name the one that you ask about: treated=."),
            where=Where(column="treated"),
        )
    if treated not in others:
        raise BadOption("treated", treated, others)
    return table.filter(pl.col("arm").is_in([control, treated])), (treated, control)
