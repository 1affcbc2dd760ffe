"""The results of money by group: one group, all groups, and the gap between share and attention."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from leal.results import Basis, Money, Note, Proportion, Result, one_called, with_limits
from leal.wording import Count, Percent, Points, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap(Proportion):
    """A share of repeat sales minus the share of attention: above zero where a group gets too little."""

    def figure(self, value: float) -> Points:
        """Return the difference as it is written, in percentage points."""
        return Points(100 * value, 1, signed=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMoney:
    """What one group brings and gets.

    Attributes
    ----------
    group : {"promoter", "passive", "detractor", "none"}
        ``none`` are those who did not answer.
    customers : int
        Customers seen in the group.
    revenue, repeat_revenue : float
        Money that these customers paid in the whole data, and of it after their first purchase day.
    margin : float or None
        Margin of the same, None where none is known.
    per_head : Money
        Yearly money a customer.
    yearly : Money
        Yearly money of the group in the whole base: of all who would say so if asked.
    share_of_customers, share_of_revenue, share_of_repeat, share_of_money : Proportion or None
        Shares of the whole base, reweighted; None for those who did not answer.
    attention : Proportion or None
        Share of the attention (contacts and cases; cost of actions), None where none is recorded.
    gap : Gap or None
        Share of repeat sales minus share of attention.
    active : float
        Customers of the whole base in this group who bought in the last year.
    """

    group: str
    customers: int
    revenue: float
    repeat_revenue: float
    margin: float | None
    per_head: Money
    yearly: Money
    share_of_customers: Proportion | None = None
    share_of_revenue: Proportion | None = None
    share_of_repeat: Proportion | None = None
    share_of_money: Proportion | None = None
    attention: Proportion | None = None
    gap: Gap | None = None
    active: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyByGroup(Result):
    """Money and attention by NPS group; iterates over the groups, promoters first.

    Attributes
    ----------
    groups : tuple of GroupMoney
        Promoters, passives, detractors, and those who did not answer where there are any.
    n, base : int
        Customers who answered; customers in the base.
    basis, currency, level
        What money is counted in, and the confidence level.
    cells : int
        Cells of spending and segment that the weights were made in; 1 is unweighted.
    notes : tuple of Note
    """

    groups: tuple[GroupMoney, ...]
    n: int
    base: int
    basis: Basis
    currency: str | None
    level: float
    cells: int
    notes: tuple[Note, ...] = ()

    def __iter__(self) -> Iterator[GroupMoney]:
        return iter(self.groups)

    def __getitem__(self, group: str) -> GroupMoney:
        return one_called(self.groups, "group", group)

    @property
    def under_served(self) -> GroupMoney | None:
        """The group that most, and surely, gets less attention than its repeat sales, or None."""
        surely = [one for one in self.groups if one.gap is not None and one.gap.known and one.gap.ci_low > 0]
        return max(surely, key=lambda one: one.gap.estimate if one.gap else 0.0, default=None)

    @property
    def cross_section_gap(self) -> Money:
        """Yearly money a head of promoters minus that of passives: not what moving a passive brings.

        Promoters differ from passives in age, tenure and income; most of the gap stays when a score rises.
        """
        high, low = self["promoter"].per_head, self["passive"].per_head
        half = np.hypot(high.ci_high - high.estimate, low.ci_high - low.estimate)
        gap = high.estimate - low.estimate
        note = Note(
            code="not_to_be_used",
            text=Text(
                "Not to be used as the value of moving a customer: the groups differ in more than the score."
            ),
        )
        return Money(
            estimate=gap,
            ci_low=gap - half,
            ci_high=gap + half,
            n=high.n + low.n,
            level=self.level,
            method=high.method,
            notes=(note,),
            currency=self.currency,
            basis=self.basis,
            grade="C",
        )

    def sentence(self) -> Text:
        """Return what passives bring in one sentence."""
        share = self["passive"].share_of_repeat
        if share is None or not share.known:
            return Text("unknown: needs answers of customers who bought (n = {n})", n=Count(self.n))
        return Text(
            "Passives bring {share} of repeat sales ({level} {low} to {high}, n = {n}).",
            share=Percent(share.estimate),
            level=Percent(self.level),
            low=Percent(share.ci_low),
            high=Percent(share.ci_high),
            n=Count(self.n),
        )

    def to_frame(self) -> pl.DataFrame:
        """Return one row a group, with shares as fractions."""
        return pl.DataFrame([_row(one) for one in self.groups], infer_schema_length=None)


def _row(one: GroupMoney) -> dict[str, object]:
    row: dict[str, object] = {
        "group": one.group,
        "customers": one.customers,
        "revenue": one.revenue,
        "repeat_revenue": one.repeat_revenue,
        "margin": one.margin,
    }
    for name in (
        "per_head",
        "yearly",
        "share_of_customers",
        "share_of_revenue",
        "share_of_repeat",
        "attention",
        "gap",
    ):
        row |= with_limits(name, getattr(one, name))
    return row
