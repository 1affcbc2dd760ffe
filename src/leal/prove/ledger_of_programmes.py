"""The ledger of the actions of an audit: what the table promises, what was noticed, what arms prove."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import narwhals as nw
import polars as pl

from leal.engine import FrameLike, collect, column_names, lazy
from leal.measure import ActionNoticing, ProgrammeEffect
from leal.prove.ledger import Ledger
from leal.prove.ledger_entries import LedgerEntry
from leal.results import Basis, Money
from leal.statistics import Comparison

PROMISES = ("promised", "promised_low", "promised_high")
"""Columns that the table ``actions`` may have: money that an action is to bring in all, and its limits."""

PROMISED_NOTICED = "promised_noticed"
"""Column of the share of the exposed who were to notice; 0 where an action works unnoticed."""

ASSUMED_SPREAD = 0.5
"""Where no limits of a promise are told it is taken to lie within this part of itself."""


def programme_ledger(
    actions: FrameLike,
    effects: Sequence[ProgrammeEffect],
    *,
    noticed: Sequence[ActionNoticing] = (),
    currency: str | None = None,
    basis: Basis = "revenue",
    level: float = 0.95,
) -> Ledger:
    """Return the ledger of the actions of an audit.

    Parameters
    ----------
    actions : dataframe or path
        Table ``actions``; the columns ``promised`` (money in all, before cost), ``promised_low`` and
        ``promised_high`` make promises, an empty one makes none. ``promised_noticed`` is the share who were
        to notice: without it everybody, and of a promise with 0 what was noticed takes nothing off.
    effects : sequence of ProgrammeEffect
        What the arms say (`leal.measure.programme_effects`).
    noticed : sequence of ActionNoticing, optional
        What was noticed (`leal.measure.noticing`).
    currency, basis, level
        How money is written and counted; confidence level.

    Returns
    -------
    Ledger
        Promises without a day, since the table has none of theirs; an effect a head times the treated
        customers, the arms of one action added up.
    """
    ledger = Ledger()
    for action, money in _promises(actions, currency, basis, level):
        ledger = ledger.promise(action, money)
    promised, expected = set(ledger.actions), _expected(actions)
    for one in noticed:
        counted_on = expected.get(one.action, 1.0)
        if one.action in promised and one.extra is not None and one.extra.known and counted_on > 0:
            ledger = ledger.notice(one.action, one.extra, expected=counted_on, grade=one.grade)
    for effect in _added(effects):
        shown = effect.effect_a_head
        if shown is not None and shown.known:
            ledger = ledger.prove(effect, action=effect.action, currency=currency)
    return replace(ledger, entries=tuple(_counted(one, basis) for one in ledger.entries))


def _promises(
    actions: FrameLike, currency: str | None, basis: Basis, level: float
) -> list[tuple[str, Money]]:
    frame = lazy(actions)
    present = [name for name in PROMISES if name in column_names(frame)]
    if "promised" not in present:
        return []
    columns = [nw.col("action").cast(nw.String()), *[nw.col(name).cast(nw.Float64()) for name in present]]
    rows = collect(frame.select(*columns)).drop_nulls(["action", "promised"])
    # the promise of an action stands in one row, or is repeated in each of its customers' rows
    table = rows.group_by("action", maintain_order=True).agg(pl.col(present).drop_nulls().first())
    return [(row["action"], _promise(row, currency, basis, level)) for row in table.iter_rows(named=True)]


def _expected(actions: FrameLike) -> dict[str, float]:
    """Return the share who were to notice each action that says so."""
    frame = lazy(actions)
    if PROMISED_NOTICED not in column_names(frame):
        return {}
    columns = (nw.col("action").cast(nw.String()), nw.col(PROMISED_NOTICED).cast(nw.Float64()))
    rows = collect(frame.select(*columns)).drop_nulls().unique("action", keep="first", maintain_order=True)
    return dict(rows.iter_rows())


def _promise(row: dict[str, float | None], currency: str | None, basis: Basis, level: float) -> Money:
    middle = float(row["promised"] or 0.0)
    low, high = row.get("promised_low"), row.get("promised_high")
    reach = ASSUMED_SPREAD * abs(middle)
    ends = (middle - reach if low is None else float(low), middle + reach if high is None else float(high))
    return Money(
        estimate=middle,
        ci_low=min(*ends, middle),
        ci_high=max(*ends, middle),
        n=0,
        level=level,
        method="stated",
        currency=currency,
        basis=basis,
        period="period",
        grade="D",
    )


def _added(effects: Sequence[ProgrammeEffect]) -> list[ProgrammeEffect]:
    """Return one effect an action: the arms of an action added up, so that none overwrites another."""
    by_action: dict[str, list[ProgrammeEffect]] = {}
    for one in effects:
        if one.effect_a_head is not None and one.effect_a_head.known:
            by_action.setdefault(one.action, []).append(one)
    return [arms[0] if len(arms) == 1 else _together(arms) for arms in by_action.values()]


def _together(arms: list[ProgrammeEffect]) -> ProgrammeEffect:
    """Add up arms against one control: their errors are added as if they moved together, which is careful."""
    parts: list[tuple[int, Comparison]] = [
        (one.treated, one.effect_a_head) for one in arms if one.effect_a_head is not None
    ]
    treated = sum(size for size, _ in parts)
    middle = math.fsum(size * part.estimate for size, part in parts) / treated
    low = math.fsum(size * part.ci_low for size, part in parts) / treated
    high = math.fsum(size * part.ci_high for size, part in parts) / treated
    first = parts[0][1]
    money = replace(first, estimate=middle, ci_low=low, ci_high=high, n=sum(part.n for _, part in parts))
    cost = math.fsum(one.cost for one in arms)
    proved = any(one.effect == "works" for one in arms) and low > cost / treated
    harms = high < 0
    return replace(
        arms[0],
        arm="",
        treated=treated,
        cost=cost,
        cost_a_head=cost / treated,
        money=money,
        cuped=None,
        effect="works" if proved else "harms" if harms else "not_proved",
    )


def _counted(entry: LedgerEntry, basis: Basis) -> LedgerEntry:
    """Name what money is counted in, which a comparison does not know."""
    return (
        replace(entry, value=replace(entry.value, basis=basis)) if isinstance(entry.value, Money) else entry
    )
