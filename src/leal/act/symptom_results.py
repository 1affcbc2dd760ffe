"""The symptom meter as a result: what returns, what is untreated, whether the work grows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from leal.results import Estimate, Note, Proportion, to_plain
from leal.wording import Count, Decimal, Formatted, Percent, Text

RETURN_WITHIN = 90
"""Days within which a case of the same reason from the same customer counts as returned."""

FEWEST_CASES = 30
QUARTER = 91


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(Estimate):
    """A number per customer, written with two decimals."""

    def figure(self, value: float) -> Formatted:
        """Return the rate as it is written."""
        return Decimal(value, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonOfCases:
    """One reason of cases.

    Attributes
    ----------
    reason : str
        In the words of the cases.
    cases, customers : int
        How many, of how many customers.
    returned : Proportion
        Share of cases after which the same customer came again for the same reason within 90 days; cases too
        young to tell are left out.
    cost : float or None
        What handling them cost; None where the cases have no cost.
    treated : bool
        Whether an action of the register works on it as a driver.
    """

    reason: str
    cases: int
    customers: int
    returned: Proportion
    cost: float | None
    treated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SymptomMeter:
    """How much work goes into symptoms.

    Attributes
    ----------
    returned : Proportion
        Share of all cases whose reason came again from the same customer within 90 days.
    untreated : Proportion
        Share of cases whose reason no action works on.
    spending : DataFrame
        ``kind`` (handling of cases, actions without_cause, actions on_cause), ``cost``, ``share``: all that
        was recorded, so without an interval; nothing where nothing has a cost.
    reasons : tuple of ReasonOfCases
        By number of cases, the most first.
    quarters : DataFrame
        ``quarter`` (its last day), ``cases``, ``customers`` (who bought in the year before), ``rate`` (cases
        a customer), ``rules`` (in force at its end), ``contacts`` and ``contacts_rate`` (a customer; null
        before the log of contacts begins): is the work growing ever more complicated?
    growth, contacts_growth : Rate
        Cases, and contacts, a customer in the last quarter minus in the first; unknown below two quarters.
    notes : tuple of Note
        Doubts.
    """

    returned: Proportion
    untreated: Proportion
    spending: pl.DataFrame
    reasons: tuple[ReasonOfCases, ...]
    quarters: pl.DataFrame
    growth: Rate
    contacts_growth: Rate
    notes: tuple[Note, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there were enough cases."""
        return self.returned.known

    @property
    def spend_on_symptoms(self) -> float | None:
        """Share of cases and of actions without a driver in all these costs; None where none is known."""
        if self.spending.is_empty():
            return None
        return 1 - float(self.spending.filter(pl.col("kind") == "on_cause")["share"].sum())

    @property
    def worst(self) -> ReasonOfCases | None:
        """The reason with the most returned cases that no action works on."""
        open_ones = [one for one in self.reasons if not one.treated and one.returned.known]
        return max(open_ones, key=lambda one: one.returned.estimate * one.cases, default=None)

    def sentence(self) -> Text:
        """Return the meter in one sentence."""
        if not self.known:
            return Text("unknown: needs {needed} cases with customer, day and reason", needed=FEWEST_CASES)
        worst = self.worst
        if worst is None:
            return Text(
                "{returned} of the cases came again for the same reason within {days} days; every reason has"
                " an action that works on its cause.",
                returned=Percent(self.returned.estimate),
                days=RETURN_WITHIN,
            )
        return Text(
            "{returned} of the cases came again for the same reason within {days} days; most of all"
            " \u201c{reason}\u201d ({share} of {cases}), on whose cause no action works.",
            returned=Percent(self.returned.estimate),
            days=RETURN_WITHIN,
            reason=worst.reason,
            share=Percent(worst.returned.estimate),
            cases=Count(worst.cases),
        )

    def __str__(self) -> str:
        return self.sentence()

    def to_frame(self) -> pl.DataFrame:
        """Return one row a reason: cases, customers, share returned with its ends, cost, treated."""
        return pl.DataFrame([_row(one) for one in self.reasons], schema=_SCHEMA).fill_nan(None)

    def to_dict(self) -> dict[str, Any]:
        """Return the meter as plain JSON values."""
        return to_plain(self)  # type: ignore[no-any-return]


_SCHEMA = {
    "reason": pl.String,
    "cases": pl.Int64,
    "customers": pl.Int64,
    "returned": pl.Float64,
    "returned_low": pl.Float64,
    "returned_high": pl.Float64,
    "cost": pl.Float64,
    "treated": pl.Boolean,
}


def _row(one: ReasonOfCases) -> dict[str, object]:
    known = one.returned.known
    return {
        "reason": one.reason,
        "cases": one.cases,
        "customers": one.customers,
        "returned": one.returned.estimate if known else None,
        "returned_low": one.returned.ci_low if known else None,
        "returned_high": one.returned.ci_high if known else None,
        "cost": one.cost,
        "treated": one.treated,
    }
