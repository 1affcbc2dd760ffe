"""The lot that was drawn: each customer's chance of each arm, and the folds of learning from it."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from leal.errors import BadValue, Where
from leal.statistics import FoldedOutcomes
from leal.wording import Text

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

Shares = Mapping[str, float | str]
"""The chance of each arm: a figure for all customers, or the column with each customer's own."""


def chance_columns(shares: Shares | None) -> dict[str, str]:
    """Return the columns of chances to be read, by a name of their own."""
    return {f"chance {arm}": one for arm, one in (shares or {}).items() if isinstance(one, str)}


def lot_chances(table: pl.DataFrame, arms: list[str], shares: Shares | None) -> Floats:
    """Return the chance of each arm (columns) for each customer (rows); shares found where none are given."""
    if shares is None:
        drawn = table["arm"].to_list()
        return np.tile([drawn.count(arm) / max(len(drawn), 1) for arm in arms], (table.height, 1))
    known = all(arm in shares for arm in arms)
    told = np.column_stack([_of_arm(table, arm, shares[arm]) for arm in arms]) if known else np.zeros(1)
    if not (np.all(np.isfinite(told)) and np.all(told > 0)):
        raise BadValue(
            Text("There is not one expected share above zero for each arm."),
            hint=Text(
                "Give as many shares as arms, for example 0.5 and 0.5. A customer who could not be drawn for"
                " an arm tells nothing of it: leave such customers out."
            ),
            where=Where(column="shares"),
        )
    whole = [one for one in shares.values() if not isinstance(one, str)]
    total = math.fsum(whole) if len(whole) == len(shares) else told.sum(axis=1, keepdims=True)
    return np.asarray(told / total, dtype=np.float64)


def _of_arm(table: pl.DataFrame, arm: str, share: float | str) -> Floats:
    if isinstance(share, str):
        return np.asarray(table[f"chance {arm}"].cast(pl.Float64).to_numpy(), dtype=np.float64)
    return np.full(table.height, float(share))


def folds_of(table: pl.DataFrame) -> Integers:
    """Return the fold of each customer, whatever the order of rows; those of one cluster share one."""
    who = next((name for name in ("cluster", "customer") if name in table.columns), None)
    units = np.arange(table.height) if who is None else _numbered(table[who])
    count = int(units.max(initial=-1)) + 1
    place = np.random.default_rng(0).permutation(count)
    return np.asarray(place[units] % FoldedOutcomes.folds, dtype=np.int64)


def clusters_of(table: pl.DataFrame) -> Integers | None:
    """Return the number of each customer's cluster, None where customers were drawn one by one."""
    if "cluster" not in table.columns:
        return None
    return _numbered(table["cluster"])


def _numbered(names: pl.Series) -> Integers:
    return np.asarray(names.rank("dense").cast(pl.Int64).to_numpy() - 1, dtype=np.int64)
