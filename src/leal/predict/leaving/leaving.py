"""Satisfied but leaving: what each sign was worth in the past, who shows it now, and what is at stake."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from leal.engine import lazy, require_column
from leal.measure import figures
from leal.predict.leaving.sign_histories import (
    ALWAYS_COUNTED,
    SignHistory,
    SignsInThePast,
    Validated,
    strongest_sign,
)
from leal.predict.leaving.signs_of_leaving import SIGNS
from leal.results import Basis, Money, Note, Proportion, Result, one_called, to_plain, with_limits
from leal.statistics import Comparison, standard_error_of, two_sided_z
from leal.wording import Count, Percent, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingSign(Result):
    """One sign among satisfied customers today.

    Attributes
    ----------
    name : str
        The sign, one of `SIGNS`.
    customers : int
        Satisfied customers who show it.
    value : Money or None
        Value at stake: P(leave), as its past tells, times the margin (or revenue) of twelve months, of the
        whole base; None where its past is not known.
    history : SignHistory or None
        Its past; None where the data reach back too little.
    """

    name: str
    customers: int
    value: Money | None
    history: SignHistory | None

    @property
    def words(self) -> Text:
        """The sign in words."""
        return SIGNS[self.name]

    @property
    def validated(self) -> Validated:
        """Whether it told leavers from stayers in this company's own past."""
        return self.history.validated if self.history else "unknown"

    def sentence(self) -> Text:
        """Return what the sign is worth, in one sentence."""
        if self.history is None or self.history.validated == "unknown":
            return Text(
                "{sign}: {count} customers; too few in the past to tell what it is worth.",
                sign=self.words,
                count=Count(self.customers),
            )
        words = {
            "sign": self.words,
            "count": Count(self.customers),
            "leave": Percent(self.history.leave.estimate),
            "other": Percent(self.history.other.estimate),
            "days": Count(self.history.horizon),
        }
        if self.history.validated == "no":
            return Text(
                "{sign}: {count} customers; in your past it did not tell leavers from stayers ({leave} with"
                " it and {other} without it did not buy in {days} days).",
                **words,
            )
        return Text(
            "{sign}: {count} customers; in your past {leave} with it and {other} without it did not buy in"
            " {days} days.",
            **words,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SatisfiedLeaving(Result):
    """Satisfied customers who show signs of leaving; iterates over the signs.

    Attributes
    ----------
    signs : tuple of LeavingSign
        In the order of `SIGNS`.
    customers : DataFrame
        One row a satisfied customer who shows a sign that counts: ``customer``, ``sign`` (the strongest),
        ``signs`` (all), ``p_leave`` (by the past of those whose strongest it was), ``excess`` (the same
        above those without a sign), ``yearly_money``, ``value`` (p_leave x yearly money), ``pause``,
        ``usual``; most value first.
    satisfied : int
        Satisfied customers in all.
    at_stake : Money or None
        Yearly money of these customers times the excess probability of leaving; None without a past.
    horizon : int or None
        Days over which the past was followed.
    notes : tuple of Note
    """

    signs: tuple[LeavingSign, ...]
    customers: pl.DataFrame
    satisfied: int
    at_stake: Money | None
    horizon: int | None
    notes: tuple[Note, ...] = ()

    def __iter__(self) -> Iterator[LeavingSign]:
        return iter(self.signs)

    def __getitem__(self, name: str) -> LeavingSign:
        return one_called(self.signs, "name", name)

    def __contains__(self, name: object) -> bool:
        return any(sign.name == name for sign in self.signs)

    def sentence(self) -> Text:
        """Return how many satisfied customers show signs that proved themselves, and what is at stake."""
        if self.at_stake is None:
            return Text(
                "{count} of {all} satisfied customers show signs of leaving; what these signs are worth is"
                " not known.",
                count=Count(self.customers.height),
                all=Count(self.satisfied),
            )
        return Text(
            "{count} of {all} satisfied customers show signs of leaving: {low} to {high} a year at stake.",
            count=Count(self.customers.height),
            all=Count(self.satisfied),
            low=self.at_stake.figure(self.at_stake.ci_low),
            high=self.at_stake.figure(self.at_stake.ci_high),
        )

    def to_frame(self) -> pl.DataFrame:
        """Return one row a sign with its past and its value."""
        return pl.DataFrame([_row(sign) for sign in self.signs], schema=_SIGN_SCHEMA)

    def to_dict(self) -> dict[str, Any]:
        """Return the signs, the money at stake and the notes as plain JSON values."""
        names = ("signs", "satisfied", "at_stake", "horizon", "notes")
        return to_plain({name: getattr(self, name) for name in names})  # type: ignore[no-any-return]


_NUMBERS = (
    "leave",
    "leave_low",
    "leave_high",
    "other",
    "lift",
    "lift_low",
    "lift_high",
    "auc",
    "auc_low",
    "auc_high",
    "value",
    "value_low",
    "value_high",
)
_SIGN_SCHEMA = {"sign": pl.String, "customers": pl.Int64} | dict.fromkeys(_NUMBERS, pl.Float64)
_SIGN_SCHEMA |= {"among": pl.String, "validated": pl.String}


def _row(sign: LeavingSign) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(_SIGN_SCHEMA)
    row |= {"sign": sign.name, "customers": sign.customers, "validated": sign.validated}
    if sign.history is not None:
        row |= {"among": sign.history.among, "other": sign.history.other.estimate}
        for name in ("leave", "lift", "auc"):
            row |= with_limits(name, getattr(sign.history, name))
    return row | with_limits("value", sign.value)


def satisfied_leaving(
    people: pl.DataFrame,
    signs: pl.DataFrame,
    past: SignsInThePast | None,
    *,
    level: float = 0.95,
    currency: str | None = None,
    basis: Basis = "revenue",
) -> SatisfiedLeaving:
    """Tell which satisfied customers are leaving, and what is at stake.

    Parameters
    ----------
    people : DataFrame
        One row a satisfied customer: ``customer``, ``yearly_money`` (margin or revenue of the last twelve
        months, nothing where it is empty), and where known ``weight`` (how many of the base each stands for,
        else one) and ``cell`` (post-stratum).
    signs : DataFrame
        What `leaving_signs` gave for today.
    past : SignsInThePast or None
        What `signs_in_the_past` gave.
    level : float
        Confidence level.
    currency, basis
        How money is written.

    Returns
    -------
    SatisfiedLeaving

    Notes
    -----
    P(leave) of a customer is the share who left, in the past, of those whose strongest sign was the same.
    Signs count that validated, and the pause beyond the own rhythm, whose past is shown whatever it says.
    Value at stake = P(leave) x money of the last twelve months, taken for what the next twelve would bring.
    What contact does to these customers is another question: `contact_status`.
    """
    rows = _weighed(people).join(signs.drop("satisfied"), on="customer", how="inner")
    names = [name for name in SIGNS if name in rows.columns]
    rows = rows.with_columns(pl.col(names).fill_null(False))
    counted = past.counted() if past else ()
    strongest = past.of_strongest(counted) if past and counted else {}
    listed = _listed(rows, counted or ("late",), strongest)
    money = _Purse(level=level, currency=currency, basis=basis)
    histories = past.histories if past else {}
    found = tuple(
        LeavingSign(
            name=name,
            customers=int(rows[name].sum()),
            value=_value(rows, name, histories.get(name), money),
            history=histories.get(name),
        )
        for name in names
    )
    flagged = rows.join(listed.select("customer", "sign"), on="customer", how="left")
    return SatisfiedLeaving(
        signs=found,
        customers=listed,
        satisfied=people.height,
        at_stake=_at_stake(flagged, strongest, money) if strongest and flagged.height else None,
        horizon=past.horizon if past else None,
        notes=_notes(found),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Purse:
    """How money is reckoned and written."""

    level: float
    currency: str | None
    basis: Basis


def _weighed(people: pl.DataFrame) -> pl.DataFrame:
    """Return the customers with money, weight and stratum, each of which is a number."""
    for column in ("customer", "yearly_money"):
        require_column(lazy(people), column, table="people")
    told = people.columns
    return people.with_columns(
        pl.col("customer").cast(pl.String),
        pl.col("yearly_money").cast(pl.Float64).fill_nan(None).fill_null(0.0),
        (pl.col("weight").cast(pl.Float64) if "weight" in told else pl.lit(1.0)).alias("weight"),
        (pl.col("cell") if "cell" in told else pl.lit(0, dtype=pl.Int64)).alias("cell"),
    )


def _listed(
    rows: pl.DataFrame, counted: tuple[str, ...], strongest: Mapping[str, tuple[Proportion, Comparison]]
) -> pl.DataFrame:
    """Return those with a sign that counts: the strongest sign, P(leave), and what is at stake."""
    shown = pl.concat_list(pl.when(name).then(pl.lit(name)) for name in counted).list.drop_nulls()
    flagged = rows.with_columns(sign=strongest_sign(counted), signs=shown).drop_nulls("sign")
    leave = {name: one.estimate for name, (one, _) in strongest.items()}
    excess = {name: max(0.0, one.estimate) for name, (_, one) in strongest.items()}
    told = flagged.with_columns(
        p_leave=pl.col("sign").replace_strict(leave, default=None, return_dtype=pl.Float64),
        excess=pl.col("sign").replace_strict(excess, default=None, return_dtype=pl.Float64),
    ).with_columns(value=pl.col("p_leave") * pl.col("yearly_money"))
    columns = ("customer", "sign", "signs", "p_leave", "excess", "yearly_money", "value", "pause", "usual")
    order = ("value", "yearly_money", "customer")
    return told.select(columns).sort(order, descending=[True, True, False], nulls_last=True)


def _value(rows: pl.DataFrame, name: str, history: SignHistory | None, money: _Purse) -> Money | None:
    if history is None or rows.is_empty():
        return None
    flagged = rows[name].to_numpy().astype(float)
    leave = history.leave
    value = _money(rows, flagged * leave.estimate, [(flagged, standard_error_of(leave))], money)
    return replace(value, ci_low=max(0.0, value.ci_low))


def _at_stake(
    rows: pl.DataFrame, strongest: Mapping[str, tuple[Proportion, Comparison]], money: _Purse
) -> Money:
    parts = []
    rate = np.zeros(rows.height)
    for name, (_, excess) in strongest.items():
        chosen = (rows["sign"] == name).fill_null(False).to_numpy().astype(float)
        rate += chosen * excess.estimate
        parts.append((chosen, excess.standard_error))
    return _money(rows, rate, parts, money)


def _money(
    rows: pl.DataFrame, rate: np.ndarray, parts: list[tuple[np.ndarray, float]], money: _Purse
) -> Money:
    """Return weighted money times a rate; the errors of the pasts add up in squares."""
    weighed = (rows["weight"] * rows["yearly_money"]).to_numpy()
    total = figures(
        (weighed * rate)[:, None], lambda sums: sums, strata=rows["cell"].to_numpy(), level=money.level
    )
    of_customers = (float(total.high[0]) - float(total.low[0])) / 2 / two_sided_z(money.level)
    of_past = [float(np.sum(weighed * chosen)) * error for chosen, error in parts]
    estimate = float(total.estimate[0])
    reach = two_sided_z(money.level) * math.hypot(of_customers, *of_past)
    return Money(
        estimate=estimate,
        ci_low=estimate - reach,
        ci_high=estimate + reach,
        n=rows.height,
        level=money.level,
        method="delta",
        currency=money.currency,
        basis=money.basis,
        grade="C",
    )


def _not_validated(sign: LeavingSign) -> Text:
    if sign.name in ALWAYS_COUNTED:
        return Text(
            "This sign did not tell leavers from stayers in your own past, and is counted all the same, as a"
            " pause is seen before anything else: {sign}.",
            sign=sign.words,
        )
    return Text("This sign did not tell leavers from stayers in your own past: {sign}.", sign=sign.words)


def _notes(signs: tuple[LeavingSign, ...]) -> tuple[Note, ...]:
    failed = [sign for sign in signs if sign.validated == "no"]
    return tuple(
        Note(
            code="sign_not_validated",
            text=_not_validated(sign),
        )
        for sign in failed
    )
