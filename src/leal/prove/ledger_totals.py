"""The ledger added up: an action from promise to proof, all of them by quarter, and where we were wrong."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from leal.prove.ledger_entries import LedgerEntry, Stage
from leal.results import Estimate, Grade, Money, Note, Proportion, Result, recast, with_limits
from leal.statistics import PROVING_LEVEL, standard_error_of, sum_independent, two_sided_z
from leal.wording import RoundAmount, Text

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An action from promise to proof; of each stage the last entry counts.

    Attributes
    ----------
    action : str
    promised, proved : Money or None
        In all, before cost.
    noticed : Proportion or None
        Extra share that noticed.
    expected : float
        Share that the promise had counted on.
    is_proved : bool
        Whether the outcome's lower limit is above zero.
    verdict : str or None
    grade : {"A", "B", "C", "D"}
        That of the outcome, else of the promise.
    cost : float or None
    customers : float or None
        Customers that the outcome was counted for.
    """

    action: str
    promised: Money | None
    noticed: Proportion | None
    expected: float
    proved: Money | None
    is_proved: bool
    verdict: str | None
    grade: Grade
    cost: float | None
    customers: float | None = None

    @property
    def a_head(self) -> Money | None:
        """The outcome a customer, before cost: it replaces the forecast in ``leal.Action(measured=...)``."""
        if self.proved is None or not self.customers:
            return None
        one = self.proved
        low, high = one.ci_low / self.customers, one.ci_high / self.customers
        return _like(one, one.estimate / self.customers, low, high, one.method)

    @property
    def did_harm(self) -> bool:
        """Whether the outcome's upper limit is below zero, by evidence that can prove."""
        return (
            self.proved is not None
            and self.proved.known
            and self.proved.ci_high < 0
            and self.grade in ("A", "B")
        )

    @property
    def noticed_money(self) -> Money | None:
        """What is left of the promise by what was noticed; None where it was not asked.

        Promise x noticed/expected, never more than the promise; its standard error by the delta method.
        """
        if self.promised is None or self.noticed is None or not self.noticed.known:
            return None
        share = min(max(self.noticed.estimate / self.expected, 0.0), 1.0)
        error = math.hypot(
            share * standard_error_of(self.promised),
            self.promised.estimate * standard_error_of(self.noticed) / self.expected,
        )
        middle = self.promised.estimate * share
        reach = two_sided_z(self.promised.level) * error
        return _like(self.promised, middle, middle - reach, middle + reach, "delta")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surprise(Result):
    """What we were wrong about: an outcome that surely differs from the promise."""

    action: str
    kind: Literal["less", "more", "harm"]
    promised: Money
    proved: Money

    def sentence(self) -> Text:
        """Return the surprise in one sentence."""
        amounts = {
            "proved": RoundAmount(self.proved.estimate, self.proved.currency),
            "promised": RoundAmount(self.promised.estimate, self.promised.currency),
        }
        if self.kind == "harm":
            return Text("{action} did harm: {proved} instead of {promised}.", action=self.action, **amounts)
        if self.kind == "more":
            return Text(
                "{action} brought more than promised: {proved} instead of {promised}.",
                action=self.action,
                **amounts,
            )
        return Text(
            "{action} brought less than promised: {proved} instead of {promised}.",
            action=self.action,
            **amounts,
        )


def line_of(action: str, entries: Sequence[LedgerEntry]) -> Line:
    """Return an action from promise to proof."""
    last = {one.stage: one for one in entries if one.action == action and one.link is None}
    promised, noticed, proved = (last.get(stage) for stage in ("promised", "noticed", "proved"))
    costs = [one.cost for one in (proved, promised) if one is not None and one.cost is not None]
    return Line(
        action=action,
        promised=None if promised is None else _money(promised.value),
        noticed=noticed.value if noticed is not None and isinstance(noticed.value, Proportion) else None,
        expected=noticed.expected if noticed is not None and noticed.expected else 1.0,
        proved=None if proved is None else _money(proved.value),
        is_proved=bool(proved is not None and proved.proved),
        verdict=None if proved is None else proved.verdict,
        grade=proved.grade if proved is not None else promised.grade if promised is not None else "D",
        cost=costs[0] if costs else None,
        customers=None if proved is None else proved.customers,
    )


def _money(value: Estimate) -> Money:
    return value if isinstance(value, Money) else recast(Money, value, period="period", grade="D", notes=())


def _like(money: Money, estimate: float, low: float, high: float, method: str) -> Money:
    return replace(money, estimate=estimate, ci_low=low, ci_high=high, method=method, notes=())


def total(parts: Sequence[Money | None]) -> Money | None:
    """Return the sum of money of independent actions, None where there is none that is known."""
    known = [one for one in parts if one is not None and one.known]
    if not known:
        return None
    return recast(
        Money,
        sum_independent(known),
        notes=_mixed(known),
        currency=known[0].currency,
        basis=known[0].basis,
        period=known[0].period,
        grade=max(one.grade for one in known),
    )


def _mixed(parts: Sequence[Money]) -> tuple[Note, ...]:
    if len({(one.basis, one.period) for one in parts}) < 2:
        return ()
    text = Text("Revenue and margin, or money of a year and of other spans, are added up here.")
    return (Note(code="mixed_money", text=text),)


def surprise_of(line: Line) -> Surprise | None:
    """Return what was wrong about an action, None where the outcome may agree with the promise."""
    promised, proved = line.promised, line.proved
    if promised is None or proved is None or not (promised.known and proved.known):
        return None
    error = math.hypot(standard_error_of(promised), standard_error_of(proved))
    gap = proved.estimate - promised.estimate
    if abs(gap) <= two_sided_z(PROVING_LEVEL) * error:
        return None
    kind: Literal["less", "more", "harm"] = "more" if gap > 0 else "less"
    if proved.ci_high < 0:
        kind = "harm"
    return Surprise(action=line.action, kind=kind, promised=promised, proved=proved)


def realised_share(lines: Sequence[Line]) -> Estimate:
    """Return how much was measured for each unit promised: least squares through zero, by precision."""
    pairs = [
        (line.promised.estimate, line.proved.estimate, standard_error_of(line.proved))
        for line in lines
        if line.promised is not None and line.proved is not None and line.promised.known and line.proved.known
    ]
    usable = [(x, y, e) for x, y, e in pairs if x != 0 and e > 0]
    weight = math.fsum((x / e) ** 2 for x, _, e in usable)
    if not weight:
        text = Text("No action has both a promise and an outcome yet.")
        note = Note(code="nothing_to_compare", text=text)
        return Estimate.unknown(0, PROVING_LEVEL, "precision_weighting", notes=(note,))
    share = math.fsum(x * y / e**2 for x, y, e in usable) / weight
    reach = two_sided_z(PROVING_LEVEL) / math.sqrt(weight)
    return Estimate(
        estimate=share,
        ci_low=share - reach,
        ci_high=share + reach,
        n=len(usable),
        method="precision_weighting",
    )


def quarters(lines: Sequence[Line], entries: Sequence[LedgerEntry]) -> pl.DataFrame:
    """Return promised, measured and proved money by quarter, one row each."""
    import polars as pl

    days = {(one.stage, one.action): one.on for one in entries}
    found: dict[str | None, dict[Stage, list[Line]]] = {}
    for line in lines:
        for stage, money in (("promised", line.promised), ("proved", line.proved)):
            if money is not None:
                quarter = _quarter(days.get((stage, line.action)))  # type: ignore[arg-type]
                found.setdefault(quarter, {}).setdefault(stage, []).append(line)  # type: ignore[arg-type]
    order = sorted(found, key=lambda name: (name is None, name or ""))
    rows = [_row(name, found[name]) for name in order]
    kinds = [
        *(f"{stage}{end}" for stage in ("promised", "measured", "proved") for end in ("", "_low", "_high")),
        "cost",
    ]
    return pl.DataFrame(
        rows,
        schema={"quarter": pl.String, "actions": pl.Int64} | dict.fromkeys(kinds, pl.Float64),
    )


def _row(quarter: str | None, stages: dict[Stage, list[Line]]) -> dict[str, object]:
    promised, measured = stages.get("promised", []), stages.get("proved", [])
    costs = [line.cost for line in measured if line.cost is not None]
    row: dict[str, object] = {
        "quarter": quarter,
        "actions": len({line.action for line in (*promised, *measured)}),
        "cost": math.fsum(costs) if costs else None,
    }
    parts = {
        "promised": total([line.promised for line in promised]),
        "measured": total([line.proved for line in measured]),
        "proved": total([line.proved for line in measured if line.is_proved]),
    }
    for name, money in parts.items():
        row |= with_limits(name, money)
    return row


def _quarter(day: dt.date | None) -> str | None:
    return None if day is None else f"{day.year}-Q{(day.month - 1) // 3 + 1}"
