"""What all ten checks share, computed once and when first asked for."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import narwhals as nw
import numpy as np
import polars as pl

from leal.checks.findings import missing_evidence
from leal.engine import as_date, collect, column_names, day_number
from leal.evidence import Evidence
from leal.measure import customer_summary, daily_money
from leal.results import Basis, Estimate, Money, Note
from leal.wording import Text

DAYS_IN_YEAR = 365
EPOCH = dt.date(1970, 1, 1)

_ANSWER_COLUMNS = ("recommend", "satisfaction", "segment", "unit")
_NO_SUMMARY = {
    "frequency": pl.Int64,
    "recency": pl.Float64,
    "age": pl.Float64,
    "spend": pl.Float64,
    "first_day": pl.Int32,
    "last_day": pl.Int32,
    "amount": pl.Float64,
    "repeat_amount": pl.Float64,
}


@dataclass(frozen=True, kw_only=True)
class Book:
    """The evidence of one audit, and what is reckoned from it for several checks at once.

    Attributes
    ----------
    evidence : Evidence
        The tables.
    margin : float or None
        Margin as a share of revenue, where purchases have no column of it.
    given_currency : str or None
        Currency, where purchases have no column of it.
    given_as_of : datetime.date or None
        Day from which the audit looks back; by default the last day in the data (never the clock).
    level : float
        Confidence level of every interval.
    """

    evidence: Evidence
    margin: float | None = None
    given_currency: str | None = None
    given_as_of: dt.date | None = None
    level: float = 0.95

    def lacking(self, **needs: tuple[str, ...]) -> tuple[Text, ...]:
        """Return what is absent, table by table: ``lacking(purchases=("customer", "amount"))``."""
        absent = {name: self.evidence.absent(name, *columns) for name, columns in needs.items()}
        return tuple(missing_evidence(name, columns) for name, columns in absent.items() if columns)

    @cached_property
    def answers(self) -> pl.DataFrame:
        """Every answer: customer, day, answered_at, recommend (0 to 10), satisfaction, segment, unit."""
        frame = self.evidence.table("answers")
        if frame is None:
            return _typed_answers(pl.DataFrame(schema={"customer": pl.String}))
        names = column_names(frame)
        wanted: list[nw.Expr] = [nw.col(name) for name in _ANSWER_COLUMNS if name in names]
        if "customer" in names:
            wanted.append(nw.col("customer").cast(nw.String()))
        if "answered_at" in names:
            wanted += [day_number(frame, "answered_at", table="answers").alias("day"), nw.col("answered_at")]
        return _typed_answers(collect(frame.select(*wanted)))

    @cached_property
    def latest(self) -> pl.DataFrame:
        """The latest answer of each customer: customer, day, score, group, satisfaction, segment, unit."""
        scored = self.answers.filter(
            pl.col("customer").is_not_null()
            & (pl.col("recommend").is_not_null() | pl.col("satisfaction").is_not_null())
        )
        # Equal days are told apart by the time, then by the scores: never by the order of the rows.
        ordered = scored.sort(
            "day", "answered_at", "recommend", "satisfaction", "segment", "unit", nulls_last=False
        )
        last = ordered.unique("customer", keep="last", maintain_order=True)
        return last.drop("answered_at").rename({"recommend": "score"}).with_columns(group_of(pl.col("score")))

    @cached_property
    def money_days(self) -> pl.DataFrame:
        """Net money of each customer and day, refunds included: customer, day, amount, margin if known."""
        table = self.evidence.table("purchases")
        if table is None:
            return pl.DataFrame(schema={"customer": pl.String, "day": pl.Int32, "amount": pl.Float64})
        return collect(daily_money(table, margin=self.margin)).cast({"day": pl.Int32})

    @cached_property
    def purchase_days(self) -> pl.DataFrame:
        """The days with a purchase: `money_days` above zero, up to `as_of`."""
        return self.money_days.filter(pl.col("amount") > 0, pl.col("day") <= self.last_day)

    @cached_property
    def last_day(self) -> int:
        """The day (number) from which the audit looks back: as given, or the last one in the data."""
        if self.given_as_of is not None:
            return (self.given_as_of - EPOCH).days
        days = [self.answers["day"].max(), self.money_days["day"].max()]
        known = [int(day) for day in days if isinstance(day, int)]
        return max(known, default=0)

    @property
    def as_of(self) -> dt.date | None:
        """The day from which the audit looks back, None where the data have no dates at all."""
        return as_date(self.last_day) if self.last_day else None

    @cached_property
    def first_purchase_day(self) -> int:
        """The first day with a purchase (number); `last_day` where there is none."""
        day = self.purchase_days["day"].min()
        return int(day) if isinstance(day, int) else self.last_day

    @property
    def span(self) -> int:
        """Days that the purchases cover, both ends included; zero without purchases."""
        return 0 if self.purchase_days.is_empty() else self.last_day - self.first_purchase_day + 1

    @cached_property
    def basis(self) -> Basis:
        """What money is counted in: margin where a column or a rate is given, else revenue."""
        known = self.margin is not None or self.evidence.has("purchases", "margin")
        return "margin" if known else "revenue"

    @property
    def money_column(self) -> Literal["amount", "margin"]:
        """The column that money is counted from."""
        return "margin" if self.basis == "margin" else "amount"

    @cached_property
    def currency(self) -> str | None:
        """ISO code of the currency: as given, or the only one in the purchases."""
        if self.given_currency is not None or not self.evidence.has("purchases", "currency"):
            return self.given_currency
        found = collect(self._purchases.group_by("currency").agg(nw.len().alias("n"))).drop_nulls("currency")
        return str(found["currency"][0]) if found.height == 1 else None

    @property
    def _purchases(self) -> nw.LazyFrame[pl.LazyFrame]:
        table = self.evidence.table("purchases")
        assert table is not None
        return table

    @cached_property
    def summary(self) -> pl.DataFrame:
        """One row a customer who bought: `leal.measure.customer_summary`, with yearly money in `basis`.

        ``money`` and ``repeat_money`` are in all; ``yearly_money`` is of the last 365 days, or of the whole
        span scaled up to a year where the data are shorter.
        """
        days = self.money_days.filter(pl.col("day") <= self.last_day)
        if days.is_empty():
            return pl.DataFrame(schema={"customer": pl.String, **_NO_SUMMARY, **_MONEY})
        summary = collect(customer_summary(days, until=self.last_day))
        recent = (
            days.filter(pl.col("day") > self.last_day - DAYS_IN_YEAR)
            .group_by("customer")
            .agg((pl.col(self.money_column).sum() * self.to_year).alias("yearly_money"))
        )
        return summary.join(recent, on="customer", how="left").with_columns(
            pl.col("yearly_money").fill_null(0.0),
            pl.col(self.money_column).alias("money"),
            pl.col(f"repeat_{self.money_column}").alias("repeat_money"),
        )

    @property
    def to_year(self) -> float:
        """Factor from the money of the last 365 days (or of a shorter span) to a year's."""
        return DAYS_IN_YEAR / min(self.span, DAYS_IN_YEAR) if self.span else 1.0

    @cached_property
    def yearly_money(self) -> float | None:
        """Yearly revenue or margin, by `basis`; None without purchases."""
        return None if self.summary.is_empty() else float(self.summary["yearly_money"].sum())

    @cached_property
    def yearly(self) -> Money | None:
        """Yearly revenue or margin with an interval over customers (who else might have been the base)."""
        if self.yearly_money is None:
            return None
        amounts = self.summary["yearly_money"].to_numpy()
        spread = 1.96 * float(np.std(amounts)) * math.sqrt(amounts.size)
        return Money(
            estimate=self.yearly_money,
            ci_low=self.yearly_money - spread,
            ci_high=self.yearly_money + spread,
            n=amounts.size,
            level=self.level,
            method="normal",
            currency=self.currency,
            basis=self.basis,
        )

    @cached_property
    def headline(self) -> Estimate | None:
        """The Net Promoter Score over all answers."""
        return None

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """What to know of the whole audit."""
        if self.basis == "revenue" and self.evidence.has("purchases"):
            return (
                Note(
                    code="revenue_not_margin", text=Text("Money is revenue, not margin: no margin is known.")
                ),
            )
        return ()

    @cached_property
    def customers(self) -> pl.DataFrame:
        """The whole base: every customer of any table, with group (null: did not answer), segment and money.

        Columns: customer, answered_day, score, group, satisfaction, segment, unit, and those of `summary`.
        """
        latest = self.latest.rename({"day": "answered_day"})
        base = self.register.join(self.summary, on="customer", how="full", coalesce=True)
        known = base.join(latest, on="customer", how="full", coalesce=True)
        pairs = [name for name in ("segment", "unit") if f"{name}_right" in known.columns]
        merged = known.with_columns(pl.coalesce(f"{name}_right", name).alias(name) for name in pairs)
        return merged.drop([f"{name}_right" for name in pairs])

    @cached_property
    def register(self) -> pl.DataFrame:
        """The table `customers`, one row each: segment, unit, joined_day, contacts, cases as far as given."""
        frame = self.evidence.table("customers")
        if frame is None:
            return pl.DataFrame(schema={"customer": pl.String, "segment": pl.String, "unit": pl.String})
        return _typed_register(collect(frame.select(*_register_columns(frame))))


_MONEY = {"yearly_money": pl.Float64, "money": pl.Float64, "repeat_money": pl.Float64}


def group_of(score: pl.Expr) -> pl.Expr:
    """Return the NPS group of a score: promoter 9-10, passive 7-8, detractor 0-6, null without one."""
    return (
        pl.when(score.is_null())
        .then(pl.lit(None, dtype=pl.String))
        .when(score >= 9)
        .then(pl.lit("promoter"))
        .when(score >= 7)
        .then(pl.lit("passive"))
        .otherwise(pl.lit("detractor"))
        .alias("group")
    )


def _typed_answers(found: pl.DataFrame) -> pl.DataFrame:
    """Give the answers all their columns; a score that is not a whole number of 0 to 10 is none."""
    absent = [
        pl.lit(None, dtype=kind).alias(name)
        for name, kind in {
            "customer": pl.String,
            "day": pl.Int32,
            "answered_at": pl.Int32,
            "recommend": pl.Int8,
            "satisfaction": pl.Float64,
            "segment": pl.String,
            "unit": pl.String,
        }.items()
        if name not in found.columns
    ]
    full = found.with_columns(absent)
    score = pl.col("recommend").cast(pl.Float64, strict=False)
    whole = score.is_between(0, 10) & (score == score.floor())
    satisfaction = pl.col("satisfaction").cast(pl.Float64, strict=False)
    return full.with_columns(
        pl.when(whole).then(score).cast(pl.Int8).alias("recommend"),
        pl.when(satisfaction.is_finite()).then(satisfaction).alias("satisfaction"),
        pl.col("day").cast(pl.Int32),
        pl.col("segment", "unit").cast(pl.String),
    ).select("customer", "day", "answered_at", "recommend", "satisfaction", "segment", "unit")


def _register_columns(frame: nw.LazyFrame[pl.LazyFrame]) -> list[nw.Expr]:
    names = column_names(frame)
    columns = [nw.col("customer").cast(nw.String())]
    columns += [nw.col(name).cast(nw.String()) for name in ("segment", "unit") if name in names]
    columns += [nw.col(name).cast(nw.Float64()) for name in ("contacts", "cases") if name in names]
    if "joined_at" in names:
        columns.append(day_number(frame, "joined_at", table="customers").alias("joined_day"))
    return columns


def _typed_register(found: pl.DataFrame) -> pl.DataFrame:
    """One row a customer: the numbers of double rows are added, the words are the first in the alphabet."""
    texts = [
        pl.lit(None, dtype=pl.String).alias(name) for name in ("segment", "unit") if name not in found.columns
    ]
    rows = found.drop_nulls("customer").with_columns(texts)
    if rows["customer"].n_unique() == rows.height:
        return rows
    return rows.group_by("customer").agg(
        pl.col("segment", "unit").min(),
        *(pl.col(name).max() for name in ("contacts", "cases") if name in rows.columns),
        *(pl.col(name).min() for name in ("joined_day",) if name in rows.columns),
    )
