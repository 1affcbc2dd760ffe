"""What a driver analysis returns: each item with its importance, performance, effect and asymmetry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from leal.explain.asymmetry import Asymmetry
from leal.explain.guard import LeftOut
from leal.results import Estimate, Grade, Note, Proportion

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """One item as a possible cause of satisfaction.

    Attributes
    ----------
    name : str
        Its column.
    label : str
        What it asks for in a few words, where that is known (`leal.measure.item_names`); else its column.
    block : str or None
        Its block of an EPSI-type questionnaire, where the name tells one.
    importance : Proportion
        Its share of the variance of the outcome; the shares of all drivers add up to R2.
    performance : Estimate
        Its mean on 0 to 100 of its scale.
    effect : Estimate
        Points of the outcome (0 to 100) per point of the item (0 to 100), the other items being held.
    correlation : float
        With the outcome.
    inflation : float
        Variance inflation factor: above 5 the item can hardly be told from the others.
    asymmetry : Asymmetry
        Penalty of low scores and reward of high ones.
    grade : {"C"}
        Correlation: a survey alone never proves a cause.
    """

    name: str
    label: str
    block: str | None
    importance: Proportion
    performance: Estimate
    effect: Estimate
    correlation: float
    inflation: float
    asymmetry: Asymmetry
    grade: Grade = "C"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drivers:
    """What explains a score, item by item, the most important first.

    Attributes
    ----------
    outcome : str
        Column of the score that is explained.
    drivers : tuple of Driver
        The items, by importance; empty where there is too little to say (`notes` tells what is missing).
    left_out : tuple of LeftOut
        Items that are no candidates for a cause, with the reason.
    explained : Proportion or None
        R2 of all drivers together.
    outcome_mean : Estimate or None
        Mean of the outcome on 0 to 100 of its scale.
    n : int
        Complete answers used.
    incomplete : int
        Answers left out because something was empty.
    metric : {"lmg", "johnson"}
        Shapley values of R2 up to 15 items, Johnson's relative weights beyond.
    notes : tuple of Note
        Doubts and remarks.
    """

    outcome: str
    drivers: tuple[Driver, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    explained: Proportion | None = None
    outcome_mean: Estimate | None = None
    n: int = 0
    incomplete: int = 0
    metric: Literal["lmg", "johnson"] = "lmg"
    notes: tuple[Note, ...] = ()

    @property
    def fair_share(self) -> float:
        """The importance that every driver would have were all alike."""
        known = self.explained is not None and self.drivers
        return self.explained.estimate / len(self.drivers) if known and self.explained else float("nan")

    @property
    def leading(self) -> tuple[Driver, ...]:
        """The drivers whose importance surely exceeds the fair share."""
        return tuple(driver for driver in self.drivers if driver.importance.ci_low > self.fair_share)

    @property
    def mean_performance(self) -> float:
        """The mean performance of all drivers."""
        return float(np.mean([driver.performance.estimate for driver in self.drivers]))

    def to_frame(self) -> pl.DataFrame:
        """Return one row a driver: ``item`` is its column, ``name`` what it asks for."""
        import polars as pl

        return pl.DataFrame([_row(driver) for driver in self.drivers])


def _row(driver: Driver) -> dict[str, object]:
    row: dict[str, object] = {"item": driver.name, "name": str(driver.label), "block": driver.block}
    for name, value in (
        ("importance", driver.importance),
        ("performance", driver.performance),
        ("effect", driver.effect),
        ("penalty", driver.asymmetry.penalty),
        ("reward", driver.asymmetry.reward),
    ):
        row |= {name: value.estimate, f"{name}_ci_low": value.ci_low, f"{name}_ci_high": value.ci_high}
    return row | {
        "kind": driver.asymmetry.kind,
        "correlation": driver.correlation,
        "inflation": driver.inflation,
        "n": driver.importance.n,
        "grade": driver.grade,
    }
