"""What each sign of leaving was worth in the past: shown then, what happened after."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from leal.predict.leaving.signs_of_leaving import (
    SIGNS,
    LeavingEvidence,
    behavioural,
    leaving_signs,
    sign_counts,
)
from leal.results import Estimate, Proportion
from leal.statistics import Comparison, estimated_share, two_proportions, two_sided_z

HORIZONS = (182, 91)
"""Days that customers are followed looking back, the longest first that the data cover twice."""

FEWEST = 30
"""Customers with, and without, a sign below which its past says nothing of satisfied customers alone."""

FEWEST_LEFT = 10

ALWAYS_COUNTED = ("late",)
"""Signs that count whatever their past says: a pause is seen before anything else."""

Among = Literal["satisfied", "all"]
Validated = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignHistory:
    """What became of customers who showed a sign some time ago.

    Attributes
    ----------
    name : str
        The sign, one of `SIGNS`.
    among : {"satisfied", "all"}
        Whom it was tried on: satisfied customers, or, where these are too few, all.
    horizon : int
        Days that they were followed.
    leave, other : Proportion
        Share without a purchase in that time, of those with and without the sign.
    excess : Comparison
        The difference.
    lift : Estimate
        Share leaving of those with the sign over the share leaving of all (1: the sign says nothing).
    auc : Proportion
        Probability that of one who left and one who stayed the one who left showed the sign, ties counted
        half (.5: the sign says nothing).
    validated : {"yes", "no", "unknown"}
        Whether the interval of `auc`, widened for the number of signs tried, lies above one half; unknown
        with fewer than 10 customers with the sign or 10 leavers.
    """

    name: str
    among: Among
    horizon: int
    leave: Proportion
    other: Proportion
    excess: Comparison
    lift: Estimate
    auc: Proportion
    validated: Validated


@dataclass(frozen=True, slots=True, kw_only=True)
class SignsInThePast:
    """Customers with the signs that they showed some time ago, and whether they left since.

    Attributes
    ----------
    histories : dict
        What each sign was worth, by name.
    horizon : int
        Days that customers were followed.
    told : DataFrame
        What `leaving_signs` gave for that day, with ``left``.
    level : float
        Confidence level.
    """

    histories: Mapping[str, SignHistory]
    horizon: int
    told: pl.DataFrame
    level: float

    def counted(self) -> tuple[str, ...]:
        """Return the signs that count, the strongest first: those that validated, and the long pause."""
        names = [
            name for name, past in self.histories.items() if past.validated == "yes" or name in ALWAYS_COUNTED
        ]
        return tuple(sorted(names, key=lambda name: -self.histories[name].excess.estimate))

    def of_strongest(self, signs: tuple[str, ...]) -> dict[str, tuple[Proportion, Comparison]]:
        """Return what became of those whose strongest sign each was, and how much above those with none.

        A customer with two signs is in one group only, that of the first in the list; so the groups add up.
        A group of fewer than 30 satisfied customers is looked at among all, one of fewer than 10 stands by
        the past of its sign.
        """
        strongest = strongest_sign(signs)
        rows = self.told.with_columns(pl.col(signs).fill_null(False)).with_columns(sign=strongest)
        satisfied = rows.filter(pl.col("satisfied").fill_null(False))
        return {name: self._against_none(name, rows, satisfied) for name in signs}

    def _against_none(
        self, name: str, rows: pl.DataFrame, satisfied: pl.DataFrame
    ) -> tuple[Proportion, Comparison]:
        for among, fewest in ((satisfied, FEWEST), (rows, FEWEST_LEFT)):
            shown = among.filter(pl.col("sign") == name)["left"]
            none = among.filter(pl.col("sign").is_null())["left"]
            if min(len(shown), len(none)) >= fewest:
                gone, gone_none = float(shown.sum()), float(none.sum())
                excess = two_proportions(gone, len(shown), gone_none, len(none), self.level)
                return estimated_share(gone, len(shown), self.level), excess
        return self.histories[name].leave, self.histories[name].excess


def strongest_sign(signs: tuple[str, ...]) -> pl.Expr:
    """Return the first of the signs that a customer shows, null where none."""
    return pl.coalesce(*(pl.when(name).then(pl.lit(name)) for name in signs))


def signs_in_the_past(evidence: LeavingEvidence, until: int, *, level: float = 0.95) -> SignsInThePast | None:
    """Return what each sign was worth in the past: shown then, what happened after.

    Parameters
    ----------
    evidence : LeavingEvidence
        What is known.
    until : int
        Last day (number) of the data.
    level : float
        Confidence level.

    Returns
    -------
    SignsInThePast or None
        None where the purchases reach back less than 182 days.

    Notes
    -----
    The signs are read as they stood half a year (a quarter) before the end, from what was known then; leaving
    is no purchase since. AUC of a sign is .5 + (share of leavers with it - share of stayers with it)/2, its
    interval that of the difference (Agresti and Caffo 2000); the lift's is of its logarithm (delta method).
    A sign validates where the AUC's interval at 1 - (1 - level)/signs (Bonferroni) is above one half.
    """
    first = evidence.money_days["day"].min()
    if not isinstance(first, int):
        return None
    horizon = next((days for days in HORIZONS if until - first >= 2 * days), None)
    if horizon is None:
        return None
    then = leaving_signs(evidence.with_past_only(), until - horizon)
    later = evidence.money_days.filter(
        pl.col("amount") > 0, pl.col("day") > until - horizon, pl.col("day") <= until
    )
    came = later.select("customer").unique().with_columns(left=pl.lit(False))
    told = then.join(came, on="customer", how="left").with_columns(pl.col("left").fill_null(True))
    names = [name for name in SIGNS if name in told.columns]
    strict = 1 - (1 - level) / max(len(names), 1)
    found = {name: _history(told, name, horizon, level, strict) for name in names}
    histories = {name: one for name, one in found.items() if one is not None}
    return SignsInThePast(histories=histories, horizon=horizon, told=told, level=level)


def _history(told: pl.DataFrame, name: str, horizon: int, level: float, strict: float) -> SignHistory | None:
    among: Among = "satisfied"
    counts = sign_counts(told.filter(pl.col("satisfied").fill_null(False)), name)
    if counts.sum(axis=1).min() < FEWEST and behavioural(name):
        among, counts = "all", sign_counts(told, name)
    (gone, stayed), (gone_other, stayed_other) = counts
    if not (gone + stayed and gone_other + stayed_other):
        return None
    auc = _auc(counts, level)
    enough = min(gone + stayed, gone_other + stayed_other, gone + gone_other, stayed + stayed_other)
    sure = _auc(counts, strict)
    return SignHistory(
        name=name,
        among=among,
        horizon=horizon,
        leave=estimated_share(gone, gone + stayed, level),
        other=estimated_share(gone_other, gone_other + stayed_other, level),
        excess=two_proportions(gone, gone + stayed, gone_other, gone_other + stayed_other, level),
        lift=_lift(counts, level),
        auc=auc,
        validated="unknown" if enough < FEWEST_LEFT else "yes" if sure.ci_low > 0.5 else "no",
    )


def _auc(counts: np.ndarray, level: float) -> Proportion:
    left, stayed = counts.sum(axis=0)
    gap = two_proportions(counts[0, 0], left, counts[0, 1], stayed, level)
    return Proportion(
        estimate=0.5 + gap.estimate / 2,
        ci_low=0.5 + gap.ci_low / 2,
        ci_high=0.5 + gap.ci_high / 2,
        n=float(counts.sum()),
        level=level,
        method=gap.method,
    )


def _lift(counts: np.ndarray, level: float) -> Estimate:
    """Return the share leaving with the sign over that of all; half a customer is added to each cell."""
    (gone, stayed), (gone_other, _) = cells = counts + 0.5
    n = float(cells.sum())
    with_sign, left = gone + stayed, gone + gone_other
    # gradients of log lift in the four cells, whose mean is -1
    slopes = np.array([[n / gone - n / with_sign - n / left, -n / with_sign], [-n / left, 0.0]])
    variance = float(np.sum(cells / n * slopes**2) - 1) / n
    raw = (
        counts[0, 0] / counts[0].sum() / (counts[:, 0].sum() / counts.sum())
        if counts[:, 0].sum()
        else math.nan
    )
    middle, reach = (
        math.log(gone / with_sign / (left / n)),
        two_sided_z(level) * math.sqrt(max(variance, 0.0)),
    )
    known = math.isfinite(raw)
    return Estimate(
        estimate=raw,
        ci_low=min(math.exp(middle - reach), raw) if known else math.nan,
        ci_high=max(math.exp(middle + reach), raw) if known else math.nan,
        n=float(counts.sum()),
        level=level,
        method="log_delta",
    )
