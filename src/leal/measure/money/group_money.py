"""What promoters, passives, detractors and the silent bring, beside the attention that they get."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from leal.measure.money.moment_figures import Figures, Floats, figures
from leal.measure.money.money_results import Gap, GroupMoney, MoneyByGroup
from leal.measure.money.scored_answers import GROUPS
from leal.measure.net_promoter.reweighting import reweight
from leal.results import Basis, Money, Note, Proportion
from leal.wording import Count, Text

SILENT = "none"
"""The group of those who did not answer."""

FEW_CUSTOMERS = 30
FEWEST_CUSTOMERS = 2

_COLUMNS = ("weight", "amount", "repeat_amount", "money", "yearly_money", "touches", "action_cost", "active")
_WEIGHT, _AMOUNT, _REPEAT, _MONEY, _YEARLY, _TOUCHES, _COST, _ACTIVE = range(len(_COLUMNS))
_NAMES = ("customers", "amount", "repeat", "money", "yearly", "per_head", "attention", "gap", "active")


def group_money(
    base: pl.DataFrame, *, basis: Basis, currency: str | None = None, level: float = 0.95, seed: int = 0
) -> MoneyByGroup:
    """Return money by group from the base of customers; `money_by_group` makes the base from tables.

    Parameters
    ----------
    base : polars.DataFrame
        What `customer_base` returned.
    basis, currency, level, seed
        As in `money_by_group`.
    """
    rows = _counted(base, basis)
    weighted = reweight(rows)
    found = _figures(weighted.frame, level, seed)
    maker = _Maker(
        rows=rows, found=found, n=weighted.frame.height, basis=basis, currency=currency, level=level
    )
    groups = [maker.group(place) for place in range(len(GROUPS))]
    silent = rows.filter(pl.col("group").is_null())
    if silent.height:
        groups.append(maker.silent(silent))
    return MoneyByGroup(
        groups=tuple(groups),
        n=weighted.frame.height,
        base=base.height,
        basis=basis,
        currency=currency,
        level=level,
        cells=weighted.cells,
        notes=_notes(rows, weighted.cells, basis),
    )


def _counted(base: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    column = "margin" if basis == "margin" else "amount"
    loads = [pl.col(name).fill_null(0.0) for name in ("contacts", "cases")]
    return base.with_columns(
        pl.col("amount", "repeat_amount", "yearly_amount").fill_null(0.0),
        money=pl.col(column).fill_null(0.0),
        yearly_money=pl.col(f"yearly_{column}").fill_null(0.0),
        touches=loads[0] + loads[1],
        action_cost=pl.col("action_cost").fill_null(0.0),
        active=(pl.col("yearly_amount").fill_null(0.0) > 0).cast(pl.Float64),
    )


def _figures(answered: pl.DataFrame, level: float, seed: int) -> Figures:
    figure_count = len(_NAMES) * len(GROUPS)
    if answered.height < FEWEST_CUSTOMERS:
        unknown = np.full(figure_count, np.nan)
        return Figures(unknown, unknown, unknown, "none")
    weight = pl.col("weight")
    values = answered.select(weight, *(pl.col(name) * weight for name in _COLUMNS[1:]))
    belongs = np.column_stack([(answered["group"] == group).to_numpy() for group in GROUPS])
    moments = (belongs[:, :, None] * values.to_numpy()[:, None, :]).reshape(answered.height, -1)
    strata = answered["cell"].to_numpy()
    return figures(moments.astype(np.float64), _statistic, strata=strata, level=level, seed=seed)


def _statistic(sums: Floats) -> Floats:
    """Turn sums (rows, groups x columns) into the figures of `_NAMES`, three groups each."""
    cube = sums.reshape(len(sums), len(GROUPS), len(_COLUMNS))
    repeat = _shares(cube[:, :, _REPEAT])
    attention = _mean_known(_shares(cube[:, :, _TOUCHES]), _shares(cube[:, :, _COST]))
    return np.concatenate(
        [
            _shares(cube[:, :, _WEIGHT]),
            _shares(cube[:, :, _AMOUNT]),
            repeat,
            _shares(cube[:, :, _MONEY]),
            cube[:, :, _YEARLY],
            _ratio(cube[:, :, _YEARLY], cube[:, :, _WEIGHT]),
            attention,
            repeat - attention,
            cube[:, :, _ACTIVE],
        ],
        axis=1,
    )


def _shares(values: Floats) -> Floats:
    return _ratio(values, np.repeat(values.sum(axis=1, keepdims=True), values.shape[1], axis=1))


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)


def _mean_known(first: Floats, second: Floats) -> Floats:
    return np.where(np.isnan(first), second, np.where(np.isnan(second), first, (first + second) / 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    """Dresses the plain figures as results."""

    rows: pl.DataFrame
    found: Figures
    n: int
    basis: Basis
    currency: str | None
    level: float

    def group(self, place: int) -> GroupMoney:
        rows = self.rows.filter(pl.col("group") == GROUPS[place])
        return GroupMoney(
            group=GROUPS[place],
            **_totals(rows, self.basis),
            per_head=self._money("per_head", place, rows.height),
            yearly=self._money("yearly", place, rows.height),
            share_of_customers=self._share("customers", place),
            share_of_revenue=self._share("amount", place),
            share_of_repeat=self._share("repeat", place),
            share_of_money=self._share("money", place),
            attention=self._known_share("attention", place),
            gap=self._gap(place),
            active=float(self.found.estimate[self._index("active", place)]),
        )

    def silent(self, rows: pl.DataFrame) -> GroupMoney:
        yearly = rows["yearly_money"].to_numpy()
        total, mean = float(yearly.sum()), float(yearly.mean())
        return GroupMoney(
            group=SILENT,
            **_totals(rows, self.basis),
            per_head=self._exact(mean, rows.height),
            yearly=self._exact(total, rows.height),
            active=float(rows["active"].sum()),
        )

    def _index(self, name: str, place: int) -> int:
        return _NAMES.index(name) * len(GROUPS) + place

    def _share(self, name: str, place: int) -> Proportion:
        share = self.found.of(Proportion, self._index(name, place), self.n, self.level)
        return replace(share, ci_low=max(0.0, share.ci_low), ci_high=min(1.0, share.ci_high))

    def _known_share(self, name: str, place: int) -> Proportion | None:
        share = self._share(name, place)
        return share if share.known else None

    def _gap(self, place: int) -> Gap | None:
        gap = self.found.of(Gap, self._index("gap", place), self.n, self.level)
        return gap if gap.known else None

    def _money(self, name: str, place: int, n: int) -> Money:
        index = self._index(name, place)
        return self.found.of(Money, index, n, self.level, currency=self.currency, basis=self.basis)

    def _exact(self, value: float, n: int) -> Money:
        return Money(
            estimate=value,
            ci_low=value,
            ci_high=value,
            n=n,
            level=self.level,
            method="counted",
            currency=self.currency,
            basis=self.basis,
        )


def _totals(rows: pl.DataFrame, basis: Basis) -> dict[str, Any]:
    return {
        "customers": rows.height,
        "revenue": float(rows["amount"].sum()),
        "repeat_revenue": float(rows["repeat_amount"].sum()),
        "margin": float(rows["margin"].fill_null(0.0).sum()) if basis == "margin" else None,
    }


def _notes(rows: pl.DataFrame, cells: int, basis: Basis) -> tuple[Note, ...]:
    notes = []
    answered = rows.drop_nulls("group")
    if basis == "revenue":
        notes.append(
            Note(code="revenue_not_margin", text=Text("Money is revenue, not margin: no margin is known."))
        )
    if answered.height == rows.height:
        notes.append(
            Note(
                code="respondents_only",
                text=Text("Only customers who answered are in the data; those who did not may differ."),
            )
        )
    elif cells > 1:
        text = Text(
            "Those who answered are weighted to the whole base by spending and segment ({cells} cells).",
            cells=Count(cells),
        )
        notes.append(Note(code="reweighted", text=text))
    few = [group for group in GROUPS if 0 < answered.filter(pl.col("group") == group).height < FEW_CUSTOMERS]
    if few or answered.is_empty():
        notes.append(
            Note(
                code="few_customers",
                text=Text(
                    "A group has fewer than {few} customers: read it as a direction only.", few=FEW_CUSTOMERS
                ),
            )
        )
    return tuple(notes)
