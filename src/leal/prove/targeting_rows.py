"""The rows of an experiment as targeting needs them: arm, outcome and what the rule looks at."""

from __future__ import annotations

import math
from collections.abc import Mapping

import polars as pl

from leal.engine import FrameLike, collect, lazy, require_column
from leal.errors import BadOption, BadValue, Where
from leal.prove.assignment import GLOBAL_HOLDOUT
from leal.prove.experiment_units import Missing, read_units
from leal.results import Note
from leal.wording import Text


def read_rows(
    source: FrameLike, arm: str, outcome: str, missing: Missing, more: Mapping[str, str]
) -> tuple[pl.DataFrame, dict[str, int], tuple[Note, ...]]:
    """Return ``arm``, ``outcome`` and further columns by their new names, checked as an experiment's."""
    frame = lazy(source)
    for column in more.values():
        require_column(frame, column, table="experiment")
    # checks and notes are those of an experiment; the rows are read once more with the further columns
    units = read_units(source, arm=arm, outcome=outcome, missing=missing)
    read = collect(frame.select(*dict.fromkeys([arm, outcome, *more.values()])))
    number = pl.col(outcome).cast(pl.Float64).fill_nan(None)
    further = [
        pl.col(column)
        if read.schema[column].is_numeric() and name == "score"
        else pl.col(column).cast(pl.String)
        for name, column in more.items()
    ]
    table = read.select(
        pl.col(arm).cast(pl.String).str.strip_chars().alias("arm"),
        (number.fill_null(0.0) if missing == "zero" else number).alias("outcome"),
        *[one.alias(name) for name, one in zip(more, further, strict=True)],
    )
    kept = table.filter(pl.col("outcome").is_not_null() & (pl.col("arm") != GLOBAL_HOLDOUT))
    return kept, units.assigned, units.notes


def two_arms(table: pl.DataFrame, control: str, treated: str | None) -> tuple[pl.DataFrame, tuple[str, str]]:
    """Return the rows of two arms, and their names: treated, control."""
    names = sorted(table["arm"].unique().to_list())
    if control not in names:
        raise BadOption("control", control, names or ["–"])
    others = [name for name in names if name != control]
    if treated is None and len(others) == 1:
        treated = others[0]
    if treated is None or treated not in others:
        raise BadOption("treated", treated, others or ["–"])
    return table.filter(pl.col("arm").is_in([control, treated])), (treated, control)


def logged_shares(drawn: list[str], shares: Mapping[str, float] | None) -> tuple[dict[str, float], bool]:
    """Return the chance of each arm, and whether it had to be taken from the sizes found."""
    if shares is None:
        names = sorted(set(drawn))
        return {name: drawn.count(name) / len(drawn) for name in names}, True
    total = math.fsum(shares.values())
    absent = sorted(set(drawn) - set(shares))
    if absent or not all(share > 0 for share in shares.values()):
        raise BadValue(
            Text("There is not one expected share above zero for each arm."),
            hint=Text("Give as many shares as arms, for example 0.5 and 0.5."),
            where=Where(column="shares"),
        )
    return {name: share / total for name, share in shares.items()}, False
