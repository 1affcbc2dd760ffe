"""Beside check 7: the most that keeping a customer may cost, by what each programme proved."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from leal.checks.book import Book
from leal.checks.findings import Exhibit, Heading, Named, ranged
from leal.checks.once import once
from leal.checks.supplement import Supplement
from leal.measure import ProgrammeEffect
from leal.predict import JustifiedCost, PayDecision, justified_cost
from leal.results import Estimate, with_limits
from leal.statistics import holm
from leal.wording import Text

FEWEST_DAYS = 90
"""Days after which a programme's effect on buying within the last 90 days says who stayed."""

PAY_WORDS: dict[PayDecision, Text] = {
    "pay": Text("pay at most this"),
    "test_first": Text("test first"),
    "do_not_pay": Text("do not pay"),
    "unknown": Text("unknown"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLimit:
    """What one programme justifies to be paid for keeping a customer.

    Attributes
    ----------
    programme : ProgrammeEffect
        The programme against its holdout.
    kept : Estimate
        What it changed in the share who still buy.
    cost : JustifiedCost
        Proved effect x value of a customer.
    """

    programme: ProgrammeEffect
    kept: Estimate
    cost: JustifiedCost


@once
def cost_limits(book: Book) -> tuple[CostLimit, ...]:
    """Return what each programme justifies; nothing without holdouts, or while value is not known.

    Notes
    -----
    A programme is to be paid for only where its effect on staying is above zero after Holm's correction for
    the number of programmes: of twenty that do nothing one would else look proved.
    """
    worth = book.customer_worth
    if worth is None or not worth.value.known:
        return ()
    tried = [
        (one, one.active)
        for one in book.programmes
        if one.active is not None and one.active.known and one.days >= FEWEST_DAYS
    ]
    corrected = holm([kept.p_value for _, kept in tried]) if tried else ()
    return tuple(
        CostLimit(
            programme=one,
            kept=kept,
            cost=_sure_of_all(
                justified_cost(kept, worth.value, grade="A" if one.sound else "C", level=book.level),
                float(p_value) < 1 - book.level,
            ),
        )
        for (one, kept), p_value in zip(tried, corrected, strict=True)
    )


def _sure_of_all(cost: JustifiedCost, sure: bool) -> JustifiedCost:
    if sure or cost.decision != "pay":
        return cost
    return replace(cost, decision="do_not_pay", sure_limit=0.0)


def retention_costs(book: Book) -> Supplement | None:
    """Return the highest justified cost of keeping a customer, programme by programme."""
    if book.lacking(
        actions=("action", "customer", "arm"), purchases=("customer", "bought_at", "amount")
    ) or not (found := cost_limits(book)):
        return None
    return Supplement(
        estimates=tuple(
            Named(
                name=Text("{action}: the most that keeping a customer may cost", action=one.programme.name),
                value=one.cost.limit,
            )
            for one in found
            if one.cost.decision == "pay"
        ),
        exhibits=(_table(found),),
    )


def _table(found: tuple[CostLimit, ...]) -> Exhibit:
    return Exhibit(
        title=Text("The most that keeping a customer may cost"),
        frame=pl.DataFrame([_row(one) for one in found], schema=_SCHEMA),
        headings=(
            Heading(name="action", title=Text("Programme")),
            *ranged("kept", Text("Effect on still buying"), "percent"),
            Heading(name="decision", title=Text("What to do")),
            *ranged("limit", Text("At most a head"), "amount"),
            Heading(name="cost_a_head", title=Text("Cost a head"), unit="amount"),
        ),
        remark=Text(
            "Proved effect on still buying (a purchase in the last 90 days) x value of a customer over the"
            " years to come, a head of all who were treated. Where no effect is proved nothing is justified,"
            " whatever customers are worth; money that a programme earns in other ways is told by check 3."
        ),
    )


_SCHEMA = {
    "action": pl.String,
    "kept": pl.Float64,
    "kept_low": pl.Float64,
    "kept_high": pl.Float64,
    "decision": pl.String,
    "limit": pl.Float64,
    "limit_low": pl.Float64,
    "limit_high": pl.Float64,
    "cost_a_head": pl.Float64,
}


def _row(one: CostLimit) -> dict[str, object]:
    limit, paid = one.cost.limit, one.cost.decision != "do_not_pay"
    return {
        "action": one.programme.name,
        **with_limits("kept", one.kept),
        "decision": str(PAY_WORDS[one.cost.decision]),
        "limit": limit.estimate if paid else 0.0,
        "limit_low": limit.ci_low if paid else 0.0,
        "limit_high": max(limit.ci_high, 0.0),
        "cost_a_head": one.programme.cost_a_head,
    }
