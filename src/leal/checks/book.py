"""What all ten checks share, computed once and when first asked for."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import narwhals as nw
import numpy as np
import polars as pl

from leal.checks.averages import mean_of
from leal.checks.findings import missing_evidence
from leal.checks.stray_days import DayRange, day_range
from leal.engine import LazyFrame, as_date, collect
from leal.evidence import Evidence
from leal.measure import (
    DAYS_IN_YEAR,
    DISCOUNT,
    CustomerValue,
    Kept,
    MarginColumn,
    MoneyByGroup,
    MovementValue,
    NpsResult,
    ProgrammeEffect,
    action_spending,
    cohort_retention,
    customer_base,
    customer_register,
    customer_value,
    daily_money,
    group_money,
    kept_customers,
    latest_answers,
    money_summary,
    movement_values,
    nps,
    number_of_day,
    pair_days,
    pauses,
    programme_effects,
    read_margins,
    require_margin_of_days,
    scored_answers,
    silent_after,
    with_counted_cases,
    with_counted_contacts,
)
from leal.path_model import Missing
from leal.predict import (
    AliveRetention,
    EquityBridge,
    ModelError,
    ParetoNbd,
    PurchaseBase,
    PurchaseModelFit,
    alive_chances,
    alive_retention,
    bridge_of,
    past_errors,
    purchase_fits,
)
from leal.results import Basis, Money, Note, Proportion
from leal.statistics import standard_error_of, two_sided_z
from leal.wording import Listing, Text, plural

FEWEST_CUSTOMERS = 30
"""Customers of the period before the last below which retention is not told."""

ENOUGH_FOR_MODELS = DAYS_IN_YEAR + 91
"""Days of purchases from which on the customers of a year ago are known well enough to be followed."""


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
    discount : float
        Rate of interest a year that future money is discounted by.
    missing : {"casewise", "mean", "pairwise", "em"}
        What the path model does with gaps in its items; see `PathModel.fit`.
    """

    evidence: Evidence
    margin: float | None = None
    given_currency: str | None = None
    given_as_of: dt.date | None = None
    level: float = 0.95
    discount: float = DISCOUNT
    missing: Missing = "casewise"

    @cached_property
    def kept_results(self) -> dict[str, object]:
        """What `leal.checks.once` has kept: results that several sections and documents tell of."""
        return {}

    def lacking(self, **needs: tuple[str, ...]) -> tuple[Text, ...]:
        """Return what is absent, table by table: ``lacking(purchases=("customer", "amount"))``."""
        absent = {name: self.evidence.absent(name, *columns) for name, columns in needs.items()}
        return tuple(missing_evidence(name, columns) for name, columns in absent.items() if columns)

    @cached_property
    def answers(self) -> pl.DataFrame:
        """Every answer: customer, day, answered_at, recommend (0 to 10), satisfaction, segment, unit."""
        frame = self.evidence.table("answers")
        return scored_answers(pl.DataFrame(schema={"customer": pl.String}) if frame is None else frame)

    @cached_property
    def latest(self) -> pl.DataFrame:
        """The latest answer of each customer: customer, day, score, group, satisfaction, segment, unit."""
        return latest_answers(self.answers)

    @cached_property
    def all_money_days(self) -> pl.DataFrame:
        """Net money of each customer and day, as the table has it: customer, day, amount, margin if known."""
        table = self._purchases
        if table is None:
            return pl.DataFrame(schema={"customer": pl.String, "day": pl.Int32, "amount": pl.Float64})
        days = collect(daily_money(table, margin=self.margin)).cast({"day": pl.Int32})
        if self.margins is not None:
            self.margins.refuse_rates()
            require_margin_of_days(days)
        return days if self.basis == "margin" else days.drop("margin", strict=False)

    @cached_property
    def _purchases(self) -> LazyFrame | None:
        """The purchases in the currency of the audit."""
        table = self.evidence.table("purchases")
        if table is None or not self.other_currencies:
            return table
        return table.filter((nw.col("currency") == self.currency) | nw.col("currency").is_null())

    @cached_property
    def margins(self) -> MarginColumn | None:
        """How the column of margins looks; None without one."""
        return None if self._purchases is None else read_margins(self._purchases)

    @cached_property
    def days(self) -> DayRange:
        """The days that answers and purchases are about, without stray ones."""
        return day_range(self.all_money_days["day"], self.answers["day"])

    @cached_property
    def money_days(self) -> pl.DataFrame:
        """`all_money_days` from the first day that counts to the day from which the audit looks back."""
        return self.all_money_days.filter(pl.col("day").is_between(self.days.first, self.last_day))

    @cached_property
    def purchase_days(self) -> pl.DataFrame:
        """The days with a purchase: `money_days` above zero."""
        return self.money_days.filter(pl.col("amount") > 0)

    @cached_property
    def coded_days(self) -> pl.DataFrame:
        """`money_days` with whole numbers for customers: what is grouped often is grouped by these.

        They count customers in the order of their names: resamples take them by place, and the same files are
        to give the same figures each time, whatever order the days were grouped in.
        """
        names = self.money_days["customer"].drop_nulls().unique().sort()
        codes = pl.col("customer").cast(pl.Enum(names)).to_physical().cast(pl.UInt32)
        return self.money_days.with_columns(codes)

    @cached_property
    def names(self) -> pl.DataFrame:
        """The customer behind each whole number of `coded_days`: code, customer."""
        pairs = pl.DataFrame({"code": self.coded_days["customer"], "customer": self.money_days["customer"]})
        return pairs.unique("code")

    def named(self, coded: pl.DataFrame) -> pl.DataFrame:
        """Return a frame made of `coded_days` with its customers as they are called."""
        return coded.rename({"customer": "code"}).join(self.names, on="code").drop("code")

    @cached_property
    def coded_purchase_days(self) -> pl.DataFrame:
        """The rows of `purchase_days`, coded."""
        return self.coded_days.filter(pl.col("amount") > 0)

    @cached_property
    def coded_answers(self) -> pl.DataFrame:
        """The answers of customers who bought, coded like `coded_days`."""
        return self.answers.join(self.names, on="customer").drop("customer").rename({"code": "customer"})

    @cached_property
    def last_day(self) -> int:
        """The day (number) from which the audit looks back: as given, or the last one in the data."""
        if self.given_as_of is not None:
            return number_of_day(self.given_as_of)
        return self.days.last

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
        told = self.margins is not None and self.margins.known > 0
        return "margin" if told or self.margin is not None else "revenue"

    @property
    def money_column(self) -> Literal["amount", "margin"]:
        """The column that money is counted from."""
        return "margin" if self.basis == "margin" else "amount"

    @cached_property
    def currencies(self) -> dict[str, int]:
        """How many purchases there are in each currency, most first; empty where no column says."""
        table = self.evidence.table("purchases")
        if table is None or not self.evidence.has("purchases", "currency"):
            return {}
        counted = collect(table.group_by("currency").agg(nw.len().alias("n"))).drop_nulls("currency")
        return dict(counted.sort("n", "currency", descending=[True, False]).select("currency", "n").rows())

    @cached_property
    def currency(self) -> str | None:
        """ISO code of the currency that money is counted in: as given, else that of most purchases."""
        return self.given_currency or next(iter(self.currencies), None)

    @property
    def other_currencies(self) -> dict[str, int]:
        """Currencies whose purchases are left out, for money of two currencies cannot be added."""
        if self.currency not in self.currencies:
            return {}
        return {name: count for name, count in self.currencies.items() if name != self.currency}

    @cached_property
    def summary(self) -> pl.DataFrame:
        """One row a customer who bought: `leal.measure.money_summary`, and the same money in `basis`.

        ``money``, ``repeat_money`` and ``yearly_money`` are margin where one is known, else revenue.
        """
        summary = self.named(money_summary(self.coded_days, self.last_day, self.to_year))
        return summary.with_columns(
            money=pl.col(self.money_column),
            repeat_money=pl.col(f"repeat_{self.money_column}"),
            yearly_money=pl.col(f"yearly_{self.money_column}"),
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
        spread = two_sided_z(self.level) * float(np.std(amounts)) * math.sqrt(amounts.size)
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
    def headline(self) -> NpsResult | None:
        """The Net Promoter Score over all answers, weighted where the answers have weights."""
        if not self.evidence.has("answers", "recommend"):
            return None
        weight = "weight" if self.evidence.has("answers", "weight") else None
        known = self.answers["customer"].drop_nulls() if "customer" in self.answers.columns else None
        repeated = known is not None and known.n_unique() < known.len()
        # several answers of one customer are alike: as independent ones they would feign certainty
        customer = "customer" if repeated else None
        return nps(self.evidence.table("answers"), weight=weight, customer=customer, level=self.level)

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """What to know of the whole audit."""
        notes: list[Note] = []
        if self.basis == "revenue" and self.evidence.has("purchases"):
            text = Text("Money is revenue, not margin: no margin is known.")
            notes.append(Note(code="revenue_not_margin", text=text))
        if self.margins is not None:
            notes += self.margins.notes(self.margin)
        if self.other_currencies:
            text = plural(
                "{count} purchase in another currency is left out ({currencies}).",
                "{count} purchases in other currencies are left out ({currencies}).",
                sum(self.other_currencies.values()),
                currencies=Listing.of(self.other_currencies),
            )
            notes.append(Note(code="several_currencies", text=text))
        if self.days.stray:
            text = plural(
                "{count} row dated more than a year from all others is left out.",
                "{count} rows dated more than a year from all others are left out.",
                self.days.stray,
            )
            notes.append(Note(code="stray_days", text=text))
        return tuple(notes)

    @cached_property
    def customers(self) -> pl.DataFrame:
        """The whole base, one row a customer: `leal.measure.customer_base`, with money in `basis`."""
        spending = action_spending(self.evidence.table("actions"))
        base = customer_base(self.latest, self.summary, self.register, spending)
        return base.with_columns(pl.col("money", "repeat_money", "yearly_money").fill_null(0.0))

    @cached_property
    def register(self) -> pl.DataFrame:
        """The table `customers`, one row each: `leal.measure.customer_register`.

        Contacts and cases are counted from their logs where the table has no number of them.
        """
        register = customer_register(self.evidence.table("customers"))
        if self.evidence.has("contacts", "customer", "contacted_at"):
            register = with_counted_contacts(register, self.evidence.table("contacts"), self.last_day)
        if self.evidence.has("cases", "customer", "opened_at"):
            register = with_counted_cases(register, self.evidence.table("cases"), self.last_day)
        return register

    @cached_property
    def money_by_group(self) -> MoneyByGroup:
        """What each NPS group brings and gets."""
        return group_money(self.customers, basis=self.basis, currency=self.currency, level=self.level)

    @cached_property
    def cohorts(self) -> pl.DataFrame:
        """Retention by cohort of first purchase: `leal.measure.cohort_retention`."""
        return cohort_retention(self.coded_purchase_days, until=self.last_day, level=self.level)

    @cached_property
    def segments(self) -> pl.DataFrame | None:
        """Customer (coded) and segment, where any customer who bought has one."""
        known = self.customers.select("customer", "segment").drop_nulls().join(self.names, on="customer")
        return None if known.is_empty() else known.select("segment", customer="code")

    @cached_property
    def pauses(self) -> pl.DataFrame:
        """The pause and the rhythm of each customer who bought in the last year: `leal.measure.pauses`."""
        return self.named(pauses(self.coded_purchase_days, self.last_day, self.segments))

    @cached_property
    def purchase_base(self) -> PurchaseBase:
        """The customers who bought as models of purchases take them, coded."""
        return PurchaseBase(days=self.coded_days, until=self.last_day, currency=self.currency)

    @cached_property
    def purchase_fits(self) -> dict[str, PurchaseModelFit] | None:
        """Models of purchases by name; None where nobody, or nearly so, bought again."""
        return purchase_fits(self.purchase_base)

    @cached_property
    def alive_retention(self) -> AliveRetention | None:
        """How many customers of a year ago are still ones, by models that see through silence."""
        if self.span < ENOUGH_FOR_MODELS:
            return None
        return alive_retention(self.purchase_base, level=self.level, fits=self.purchase_fits)

    @cached_property
    def alive_chances(self) -> pl.DataFrame | None:
        """The same by customer: customer, the chances of having been one a year ago and of being one."""
        if self.alive_retention is None or self.purchase_fits is None:
            return None
        return self.named(alive_chances(self.purchase_base, self.purchase_fits))

    @cached_property
    def kept(self) -> Kept | None:
        """Who bought in one period and again in the next; None where the data hold no two periods."""
        days = pair_days(self.span)
        if days is None:
            return None
        return kept_customers(
            self.coded_days, self.last_day, days, column=self.money_column, level=self.level
        )

    @cached_property
    def retention_of_a_year(self) -> Proportion | None:
        """Retention from year to year; that of a shorter period is compounded.

        Where models of purchases tell who is still a customer it is theirs: whoever bought within the last
        year and has left since counts as kept in the observed one. None below 30 customers.
        """
        if self.kept is None or self.kept.before < FEWEST_CUSTOMERS:
            return None
        if self.alive_retention is not None:
            return self.alive_retention.retention
        rate, power = self.kept.retention, DAYS_IN_YEAR / self.kept.days
        return replace(
            rate, estimate=rate.estimate**power, ci_low=rate.ci_low**power, ci_high=rate.ci_high**power
        )

    @cached_property
    def yearly_retention(self) -> tuple[float, float] | None:
        """`retention_of_a_year` and its standard error, carried through the power by its slope."""
        seen = self.retention_of_a_year
        if seen is None or self.kept is None:
            return None
        if self.alive_retention is not None:
            return seen.estimate, standard_error_of(seen)
        rate, power = self.kept.retention, DAYS_IN_YEAR / self.kept.days
        return seen.estimate, power * rate.estimate ** (power - 1) * standard_error_of(rate)

    @cached_property
    def active(self) -> pl.DataFrame:
        """Customers who bought in the last year: the rows of `summary`."""
        return self.summary.filter(pl.col("last_day") > self.last_day - DAYS_IN_YEAR)

    @cached_property
    def customer_worth(self) -> CustomerValue | None:
        """What one active customer is worth over the years to come; None where retention is not known."""
        if self.yearly_retention is None:
            return None
        return self.worth_of(self.active["yearly_money"], self.yearly_retention)

    def worth_of(self, yearly_money: pl.Series, retention: tuple[float, float]) -> CustomerValue:
        """Return what a customer is worth who brings this money and stays with this retention (and error)."""
        mean, error = mean_of(yearly_money)
        return customer_value(
            mean,
            error,
            *retention,
            n=len(yearly_money),
            discount=self.discount,
            level=self.level,
            currency=self.currency,
            basis=self.basis,
        )

    @cached_property
    def equity(self) -> EquityBridge | None:
        """What changed the value of all customers within the last year; None where that is unknown."""
        if self.span < ENOUGH_FOR_MODELS or self.purchase_fits is None:
            return None
        return bridge_of(
            self.purchase_base,
            discount=self.discount,
            level=self.level,
            fit=self.purchase_fits["Pareto/NBD"],
            beyond=self.past_errors,
        )

    @cached_property
    def past_errors(self) -> ModelError:
        """How far forecasts of past stretches lay from what came."""
        return past_errors(self.purchase_base, ParetoNbd(), weeks=52, level=self.level)

    @cached_property
    def programmes(self) -> tuple[ProgrammeEffect, ...]:
        """What each action changed against its holdout; nothing without actions and purchases."""
        actions = self.evidence.table("actions")
        if actions is None or self.evidence.table("purchases") is None:
            return ()
        return programme_effects(
            actions,
            self.money_days,
            self.last_day,
            scored=self.answers,
            column=self.money_column,
            level=self.level,
        )

    @cached_property
    def silence(self) -> tuple[pl.DataFrame, int]:
        """Who bought again after an answer, and within how many days: `leal.measure.silent_after`."""
        return silent_after(self.coded_answers, self.coded_purchase_days, self.last_day)

    @cached_property
    def movements(self) -> tuple[MovementValue, ...]:
        """What moving between groups does to a customer's money, within customers."""
        return movement_values(
            self.coded_answers, self.coded_days, basis=self.basis, currency=self.currency, level=self.level
        )
