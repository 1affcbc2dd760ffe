"""What a promoter, a passive, a detractor is worth beside the average customer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from leal.engine import lazy, require_column
from leal.errors import BadOption
from leal.measure import DISCOUNT, GROUPS, figures
from leal.predict.foretelling.sampling_weights import require_weights
from leal.predict.foretelling.skewed_mean import skewed_mean_interval
from leal.results import Basis, Estimate, Money, Note, Proportion, Result, one_called, with_limits
from leal.wording import Count, Decimal, Text

FEWEST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupEconomics:
    """What a customer of one group is worth.

    Attributes
    ----------
    group : {"promoter", "passive", "detractor"}
        The group.
    customers : int
        Customers seen in it.
    yearly : Money
        Money a head and year.
    retention : Proportion
        Of those who bought in the period before, the share who bought in the last; by chances of being a
        customer, the share still there.
    referral : float
        Money a head and year that their recommending brings, as it was passed in (below zero: that warning
        others off costs).
    value : Money
        (yearly + referral) x retention / (1 + interest - retention): over the years to come.
    relative : Estimate
        The same over that of the average customer, referral included: 1 is average.
    """

    group: str
    customers: int
    yearly: Money
    retention: Proportion
    referral: float
    value: Money
    relative: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class PromoterEconomics(Result):
    """The groups beside the average customer; iterates over the groups, promoters first.

    Attributes
    ----------
    groups : tuple of GroupEconomics
        Empty where a group has fewer than 30 customers or retention is not known.
    n : int
        Customers with a score.
    discount : float
        Rate of interest a year.
    notes : tuple of Note
    """

    groups: tuple[GroupEconomics, ...]
    n: int
    discount: float
    notes: tuple[Note, ...] = ()

    def __iter__(self) -> Iterator[GroupEconomics]:
        return iter(self.groups)

    def __getitem__(self, group: str) -> GroupEconomics:
        return one_called(self.groups, "group", group)

    def sentence(self) -> Text:
        """Return what promoters and detractors are worth beside the average customer."""
        if not self.groups:
            return Text(
                "unknown: needs {needed} customers of each group whose purchases are known",
                needed=Count(FEWEST),
            )
        high, low = self["promoter"].relative, self["detractor"].relative
        if not high.known:
            return Text("unknown: the average customer is worth nothing, of which there is no multiple")
        return Text(
            "A promoter is worth {high} of an average customer ({high_low} to {high_high}), a detractor {low}"
            " ({low_low} to {low_high}): the groups differ in more than the score.",
            high=Decimal(high.estimate, 2),
            high_low=Decimal(high.ci_low, 2),
            high_high=Decimal(high.ci_high, 2),
            low=Decimal(low.estimate, 2),
            low_low=Decimal(low.ci_low, 2),
            low_high=Decimal(low.ci_high, 2),
        )

    def to_frame(self) -> pl.DataFrame:
        """Return one row a group: yearly, retention, referral, value and relative with limits."""
        rows = []
        for one in self.groups:
            row: dict[str, object] = {
                "group": one.group,
                "customers": one.customers,
                "referral": one.referral,
            }
            for name in ("yearly", "retention", "value", "relative"):
                row |= with_limits(name, getattr(one, name))
            rows.append(row)
        return pl.DataFrame(rows)


def promoter_economics(
    people: pl.DataFrame,
    *,
    years: float = 1.0,
    referral: Mapping[str, float] | None = None,
    weight: str | None = None,
    cell: str | None = None,
    discount: float = DISCOUNT,
    level: float = 0.95,
    currency: str | None = None,
    basis: Basis = "revenue",
) -> PromoterEconomics:
    """Return what a customer of each NPS group is worth beside the average one.

    Parameters
    ----------
    people : DataFrame
        One row a customer with a score: ``group`` (promoter, passive, detractor), ``yearly_money``,
        ``before`` and ``after``: whether they bought in the period before the last, and in the last; or the
        chances of having been a customer then and of being one now (`alive_chances`), which do not take for
        kept whoever bought once more and left since.
    years : float
        Length of the periods in years; retention is compounded to a year.
    referral : mapping, optional
        Money a head and year that recommending brings, by group; nothing where it is not passed in, for
        surveys do not measure it. `leal.act.comment_economics` reckons it from counts.
    weight, cell : str, optional
        Columns of weights to the whole base, and of post-strata.
    discount : float
        Rate of interest a year.
    level : float
        Confidence level.
    currency, basis
        How money is written.

    Returns
    -------
    PromoterEconomics

    Notes
    -----
    The value is the margin multiple of Gupta and Lehmann. Groups differ in age, tenure and income, so that
    the gap between them is not what moving a customer earns: `leal.movement_value` measures that within
    customers. Those who did not answer are in no group. Money a head has the interval of `loyalty_grid`,
    corrected for skewness (Hall 1992).

    References
    ----------
    Reichheld (2006), The Ultimate Question; Gupta and Lehmann (2003), Journal of Interactive Marketing 17(1).
    """
    for column in ("group", "yearly_money", "before", "after", *(one for one in (weight, cell) if one)):
        require_column(lazy(people), column, table="people")
    unknown = sorted(set(referral or ()) - set(GROUPS))
    if unknown:
        raise BadOption("referral", unknown[0], list(GROUPS))
    require_weights(people, weight)
    numbers = pl.col("yearly_money", "before", "after").cast(pl.Float64).fill_nan(None).fill_null(0.0)
    rows = people.filter(pl.col("group").is_in(list(GROUPS))).with_columns(numbers)
    if weight:
        rows = rows.with_columns(pl.col(weight).cast(pl.Float64).fill_nan(None)).drop_nulls(weight)
    brought = np.array([(referral or {}).get(group, 0.0) for group in GROUPS])
    counts = {group: rows.filter(pl.col("group") == group) for group in GROUPS}
    if min(min(one.height, int(one["before"].sum())) for one in counts.values()) < FEWEST:
        return PromoterEconomics(groups=(), n=rows.height, discount=discount, notes=())
    weights = rows[weight].cast(pl.Float64).to_numpy() if weight else np.ones(rows.height)
    strata = rows[cell].cast(pl.Int64).to_numpy() if cell else np.zeros(rows.height, np.int64)
    found = figures(
        _moments(rows, weights),
        lambda sums: _worth(sums, brought, years, discount),
        strata=strata,
        level=level,
    )
    made = []
    for place, group in enumerate(GROUPS):
        n = counts[group].height
        money: dict[str, Any] = {"currency": currency, "basis": basis}
        made.append(
            GroupEconomics(
                group=group,
                customers=n,
                yearly=_leaning(
                    found.of(Money, place, n, level, **money),
                    rows["yearly_money"].to_numpy(),
                    weights * (rows["group"] == group).to_numpy(),
                    strata,
                ),
                retention=found.of(Proportion, 3 + place, int(counts[group]["before"].sum()), level),
                referral=float(brought[place]),
                value=found.of(Money, 6 + place, n, level, period="once", **money),
                relative=found.of(Estimate, 9 + place, rows.height, level),
            )
        )
    return PromoterEconomics(
        groups=tuple(made), n=rows.height, discount=discount, notes=_notes(referral is not None)
    )


def _leaning(a_head: Money, amounts: np.ndarray, members: np.ndarray, strata: np.ndarray) -> Money:
    """Return money a head with limits that know of rare large amounts, as those of the loyalty grid do."""
    low, high = skewed_mean_interval(amounts, members, strata, a_head.level)
    return replace(a_head, ci_low=low, ci_high=high, method="skewness_corrected")


def _moments(rows: pl.DataFrame, weights: np.ndarray) -> np.ndarray:
    """Return weight, money, bought before, and kept, of each group apart: twelve columns."""
    money = rows["yearly_money"].to_numpy()
    before, after = rows["before"].to_numpy(), rows["after"].to_numpy()
    columns = []
    for values in (np.ones(rows.height), money, before, np.minimum(before, after)):
        columns += [weights * values * (rows["group"] == group).to_numpy() for group in GROUPS]
    return np.column_stack(columns)


def _worth(sums: np.ndarray, referral: np.ndarray, years: float, discount: float) -> np.ndarray:
    heads, money, before, kept = (sums[:, 3 * part : 3 * part + 3] for part in range(4))
    yearly = money / np.maximum(heads, 1e-300)
    retention = (kept / np.maximum(before, 1e-300)) ** (1 / years)
    value = (yearly + referral) * retention / (1 + discount - retention)
    whole = heads.sum(axis=1)
    yearly_all = (money.sum(axis=1) + heads @ referral) / np.maximum(whole, 1e-300)
    retention_all = (kept.sum(axis=1) / np.maximum(before.sum(axis=1), 1e-300)) ** (1 / years)
    average = yearly_all * retention_all / (1 + discount - retention_all)
    # of an average that brings nothing, or costs, there is no multiple
    relative = np.divide(value, average[:, None], out=np.full_like(value, np.nan), where=average[:, None] > 0)
    return np.concatenate([yearly, retention, value, relative], axis=1)


def _notes(with_referral: bool) -> tuple[Note, ...]:
    gap = Text(
        "The gap between groups is not what moving a customer earns: they differ in more than the score."
    )
    notes = [Note(code="cross_section_gap", text=gap)]
    if not with_referral:
        text = Text("What recommending brings is not in it: no such figure was given.")
        notes.append(Note(code="no_referral_money", text=text))
    return tuple(notes)
