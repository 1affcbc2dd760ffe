"""What is known of customers before the start, as columns of numbers for a small learner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from leal.errors import BadValue, Where
from leal.wording import Text

Floats = npt.NDArray[np.float64]

STEPS = (0.2, 0.4, 0.6, 0.8)
"""Quantiles at which the effect may jump: five bins, shallow on purpose."""

MOST_KINDS, FEWEST_OF_A_KIND = 12, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberTrait:
    """A number: its line, cut at the ends, its steps, and whether it is not there."""

    name: str
    ends: tuple[float, float]
    middle: float
    steps: tuple[float, ...]
    gaps: bool

    def columns(self, values: pl.Series) -> list[Floats]:
        """Return the columns of a trait; a value that is not there counts as the middle one."""
        known = values.cast(pl.Float64).to_numpy()
        there = np.isfinite(known)
        filled = np.clip(np.where(there, known, self.middle), *self.ends)
        width = self.ends[1] - self.ends[0]
        line = (filled - self.middle) / (width / 4 if width else 1.0)
        absent = [(~there).astype(np.float64)] if self.gaps else []
        return [line, *[(filled > step).astype(np.float64) for step in self.steps], *absent]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordTrait:
    """A word: a column a kind; rare and new kinds are told apart from none."""

    name: str
    kinds: tuple[str, ...]

    def columns(self, values: pl.Series) -> list[Floats]:
        """Return the columns of a trait."""
        words = values.cast(pl.String).fill_null("")
        return [(words == kind).to_numpy().astype(np.float64) for kind in self.kinds]


@dataclass(frozen=True, slots=True)
class CustomerTraits:
    """How columns become numbers; learnt from the columns alone, never from an outcome."""

    traits: tuple[NumberTrait | WordTrait, ...]

    @classmethod
    def learn(cls, table: pl.DataFrame, names: Sequence[str]) -> CustomerTraits:
        """Return how these columns of a table become numbers."""
        if not names:
            raise BadValue(
                Text("Nothing is known of the customers that could tell them apart."),
                hint=Text("Name columns from before the start: covariates=['past', 'segment']."),
                where=Where(column="covariates"),
            )
        return cls(tuple(_learn(table[name], name) for name in names))

    def design(self, table: pl.DataFrame) -> Floats:
        """Return the columns, each with about the same weight."""
        columns = [column for trait in self.traits for column in trait.columns(table[trait.name])]
        return np.column_stack(columns) if columns else np.empty((table.height, 0))


def _learn(values: pl.Series, name: str) -> NumberTrait | WordTrait:
    if not values.dtype.is_numeric():
        counts = values.cast(pl.String).fill_null("").value_counts(sort=True)
        often = counts.filter(pl.col("count") >= FEWEST_OF_A_KIND).head(MOST_KINDS)
        return WordTrait(name=name, kinds=tuple(sorted(often[values.name].to_list())))
    known = values.cast(pl.Float64).to_numpy()
    known = known[np.isfinite(known)]
    if not len(known):
        return NumberTrait(name=name, ends=(0.0, 0.0), middle=0.0, steps=(), gaps=False)
    low, middle, high = np.quantile(known, (0.01, 0.5, 0.99))
    steps = np.unique(np.quantile(known, STEPS))
    return NumberTrait(
        name=name,
        ends=(float(low), float(high)),
        middle=float(middle),
        steps=tuple(steps[(steps >= low) & (steps < high)].tolist()),
        gaps=len(known) < len(values),
    )
