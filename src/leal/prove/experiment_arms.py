"""What is asked of an experiment, and its arms as moments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

import polars as pl

from leal.errors import BadOption
from leal.prove.experiment_results import Unit
from leal.prove.looks import Look
from leal.results import Basis, checked_level, checked_number
from leal.statistics import PROVING_LEVEL, PairedSample, Sample

Correction = Literal["holm", "benjamini_hochberg", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """How the arms are to be judged; money counts as itself where nobody says what it is worth."""

    control: str
    level: float
    unit: Unit
    value: float | None
    cost: float | None
    smallest: float
    currency: str | None
    basis: Basis
    expected_shares: Mapping[str, float] | None
    correction: Correction
    look: Look | None

    def __post_init__(self) -> None:
        for option, given, known in (
            ("correction", self.correction, get_args(Correction)),
            ("unit", self.unit, get_args(Unit)),
            ("basis", self.basis, get_args(Basis)),
        ):
            if given not in known:
                raise BadOption(option, given, list(known))
        checked_level(self.level)
        checked_number(self.smallest, "smallest_effect", least=0.0)
        if self.value is not None:
            checked_number(self.value, "value")
        if self.cost is not None:
            checked_number(self.cost, "cost", least=0.0)

    @property
    def nominal(self) -> float:
        """The level of the single interval that keeps `level` over all planned looks."""
        return self.level if self.look is None else self.look.nominal_level(self.level)

    @property
    def proving(self) -> float:
        """The same of what may be called proved: never below 95 %, whatever intervals were asked for."""
        level = max(self.level, PROVING_LEVEL)
        return level if self.look is None else self.look.nominal_level(level)

    @property
    def unit_value(self) -> float | None:
        """Money for one unit of the outcome; None where nobody says what a visit or a point is worth."""
        return 1.0 if self.value is None and self.unit == "money" else self.value

    @property
    def worth(self) -> float:
        """The effect a head below which the action does not pay, in the unit of the outcome."""
        return max(self.smallest, (self.cost or 0.0) / self.unit_value if self.unit_value else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One arm as moments, with its rows where there are any.

    `units` are its customers or clusters; the n of `outcome` is what unequal clusters are worth.
    """

    name: str
    assigned: int
    units: int
    outcome: Sample
    pairs: PairedSample | None = None
    capped: Sample | None = None
    balance: Mapping[str, Sample] | None = None
    divided_by: Sample | None = None
    rows: pl.DataFrame | None = None

    def less(self, each: float) -> Arm:
        """Return the arm had each of its customers brought so much less."""
        pairs = self.pairs
        if pairs is not None:
            pairs = replace(pairs, outcome=replace(pairs.outcome, mean=pairs.outcome.mean - each))
        return replace(self, outcome=replace(self.outcome, mean=self.outcome.mean - each), pairs=pairs)
