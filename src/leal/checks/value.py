"""Check 7: what customers are worth, and what moves it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, partial

import polars as pl

from leal.charts import interval_bars, retention_curves
from leal.checks.averages import mean_of
from leal.checks.book import FEWEST_CUSTOMERS, Book
from leal.checks.catalogue import mistake
from leal.checks.common import known_estimates
from leal.checks.findings import Check, Exhibit, Heading, Named, Picture, Verdict
from leal.checks.value_segments import segment_exhibit, segment_values
from leal.checks.words import told
from leal.measure import (
    ALL_COHORTS,
    DAYS_IN_YEAR,
    CustomerValue,
    EarnedGrowth,
    Kept,
    growth_by_customer,
    kept_by_customer,
    kept_customers,
    retention_change,
    trend_days,
)
from leal.results import Estimate, Money, Note, recast
from leal.statistics import Comparison, two_sided_z
from leal.wording import Count, Decimal, Percent, RoundAmount, Text

NUMBER = 7


def check_value(book: Book) -> Check:
    """Answer check 7: retention by cohort, what a customer is worth, what a point of retention is worth.

    Notes
    -----
    Exposed where retention from one period to the next (the longest of a year, a half and a quarter that
    the data hold three of) surely fell. Otherwise guarded. Money at stake: yearly money of the customers whom
    the fall of retention lost; without a sure fall, what losing one point of retention costs a year. What
    they are worth over the years to come stands beside it. Grade C.

    Retention is shown twice: as observed (bought in one period and in the next), which says whether it moved;
    and, from 15 months of purchases on, by models that tell who of the silent is gone (`alive_retention`),
    which says how high it is. Values rest on the latter.
    """
    needs = book.lacking(purchases=("customer", "bought_at", "amount"))
    if needs:
        return mistake(NUMBER).unknown(needs)
    if book.kept is None:
        return _too_short(book)
    if book.kept.before < FEWEST_CUSTOMERS or book.customer_worth is None:
        return _too_few(book.kept)
    if not _anyone_again(book):
        return _nobody_again(book)
    return _Value(book=book, kept=book.kept, worth=book.customer_worth).check()


def _too_short(book: Book) -> Check:
    if not book.all_money_days.is_empty() and not (book.all_money_days["amount"] > 0).any():
        text = Text("purchases with an amount above zero; none found")
        step = Text("Look whether the column amount holds refunds only, or money with the sign turned round.")
        return mistake(NUMBER).unknown((text,), next_step=step)
    text = Text("purchases of 182 days or more; {days} found", days=Count(book.span))
    return mistake(NUMBER).unknown((text,), next_step=Text("Bring purchases of two years or more."))


def _too_few(kept: Kept) -> Check:
    text = Text(
        "{needed} customers who bought in the period before the last; {found} found",
        needed=FEWEST_CUSTOMERS,
        found=Count(kept.before),
    )
    return mistake(NUMBER).unknown((text,), next_step=Text("Bring purchases of two years or more."))


def _anyone_again(book: Book) -> bool:
    days = book.coded_purchase_days["customer"]
    return days.n_unique() < days.len()


def _nobody_again(book: Book) -> Check:
    text = Text(
        "customers who bought on two days or more; none found among {found}",
        found=Count(book.summary.height),
    )
    step = Text(
        "Look whether the column customer holds numbers of orders: it needs the number that a customer keeps."
    )
    return mistake(NUMBER).unknown((text,), next_step=step)


@dataclass(frozen=True, kw_only=True)
class _Value:
    """The figures of check 7, dressed piece by piece."""

    book: Book
    kept: Kept
    worth: CustomerValue

    def check(self) -> Check:
        return mistake(NUMBER).answered(
            verdict=self.verdict(),
            finding=self.finding(),
            money=self.stake(),
            next_step=self.next_step(),
            grade="C",
            estimates=self.estimates(),
            exhibits=(self.kept_exhibit(), segment_exhibit(self.segments), self.cohort_exhibit()),
            pictures=self.pictures(),
            notes=self.notes(),
        )

    # what is reckoned

    @cached_property
    def growth(self) -> EarnedGrowth | None:
        """Earned growth from the period before to the last; None where no new customer was asked why."""
        reasons = self.book.register.select("customer", "joining_reason")
        seen = self.by_customer.join(reasons, on="customer", how="left")
        return growth_by_customer(seen, level=self.book.level)

    @cached_property
    def by_customer(self) -> pl.DataFrame:
        """One row a customer of the last two periods: bought before, after, money of each."""
        coded = kept_by_customer(
            self.book.coded_days, self.book.last_day, self.kept.days, column=self.book.money_column
        )
        return self.book.named(coded)

    @cached_property
    def change(self) -> tuple[Comparison, int] | None:
        """Retention now minus a period ago, and the customers it is of; None where the data are too short."""
        days = trend_days(self.book.span)
        if days is None:
            return None
        now, then = (
            kept_customers(
                self.book.coded_days,
                until,
                days,
                column=self.book.money_column,
                level=self.book.level,
            )
            for until in (self.book.last_day, self.book.last_day - days)
        )
        if min(now.before, then.before) < FEWEST_CUSTOMERS:
            return None
        return retention_change(now, then, self.book.level), now.before

    def fell(self) -> bool:
        change = self.change
        return change is not None and change[0].ci_high < 0

    def verdict(self) -> Verdict:
        return "exposed" if self.fell() else "guarded"

    def stake(self) -> Money:
        """Yearly money of the customers whom the fall lost; of one in a hundred where there is none."""
        mean, error = mean_of(self.book.active["yearly_money"])
        change = self.change
        if change is None or not self.fell():
            share, share_error, customers = 0.01, 0.0, self.book.active.height
        else:
            share, customers = -change[0].estimate, change[1]
            share_error = change[0].standard_error
        reach = two_sided_z(self.book.level) * customers * math.hypot(share * error, mean * share_error)
        lost = customers * share * mean
        return Money(
            estimate=lost,
            ci_low=lost - reach,
            ci_high=lost + reach,
            n=customers,
            level=self.book.level,
            method="delta",
            currency=self.book.currency,
            basis=self.book.basis,
            grade="C",
        )

    # what is said

    def finding(self) -> Text:
        worth = self.worth
        return Text(
            "{kept} {moved} A customer is worth {value} over the years to come.",
            kept=self._still_there(),
            moved=self._moved(),
            value=told(worth.value),
        )

    def _still_there(self) -> Text:
        seen = self.book.alive_retention
        if seen is None:
            return self._kept()
        return Text(
            "{kept} By models that see through silence {retention} of the customers of a year ago are still"
            " customers.",
            kept=self._kept(),
            retention=told(seen.retention),
        )

    def _kept(self) -> Text:
        return Text(
            "{retention} of those who bought in one period of {days} days bought again in the next;"
            " {lost} did not, who had brought {money}.",
            retention=told(self.kept.retention),
            days=Count(self.kept.days),
            lost=Count(self.kept.lost),
            money=RoundAmount(self.kept.money_lost, self.book.currency),
        )

    def _moved(self) -> Text:
        change = self.change
        if change is None:
            return Text("Whether that has changed cannot be told: the data are too short.")
        ends = (change[0].estimate, change[0].ci_low, change[0].ci_high)
        words = {
            name: Decimal(100 * value, 1, signed=True)
            for name, value in zip(("change", "low", "high"), ends, strict=True)
        }
        if self.fell():
            return Text("Retention fell: {change} points ({low} to {high}).", **words)
        if change[0].ci_low > 0:
            return Text("Retention rose: {change} points ({low} to {high}).", **words)
        return Text("Retention did not surely change: {change} points ({low} to {high}).", **words)

    def next_step(self) -> Text:
        if self.fell():
            return Text(
                "Find when and in which segment retention fell; win the most valuable of the lost back first."
            )
        return Text(
            "Reckon every action in points of retention: one point is worth {value}.",
            value=told(self._point()),
        )

    def _point(self) -> Money:
        """Return what one point of retention is worth over all active customers."""
        return self.worth.one_point.times(self.book.active.height)

    def estimates(self) -> tuple[Named, ...]:
        seen = self.book.alive_retention
        still = seen.retention if seen else None
        pairs: list[tuple[Text, Estimate | None]] = [
            (Text("Retention of the last period"), self.kept.retention),
            (Text("Customers of a year ago who are still customers, by models"), still),
            (Text("Retention in a year, which values rest on"), self.book.retention_of_a_year),
            (Text("Change of retention, points"), _points(self.change)),
            (Text("Earned growth"), self.growth.growth if self.growth else None),
            (Text("Total growth"), self.growth.total_growth if self.growth else None),
            (Text("Value of a customer over the years to come"), self.worth.value),
            (Text("Value of one point of retention, all customers, over the years to come"), self._point()),
            (Text("Money at stake a year"), self.stake()),
        ]
        return known_estimates(pairs)

    def notes(self) -> tuple[Note, ...]:
        notes = list(self.book.notes)
        if self.book.alive_retention is not None:
            text = Text(
                "Who bought in the last year and has left since counts as kept there; two models, one in"
                " which customers leave at any time and one in which they leave after a purchase, see that."
                " Values rest on their mean."
            )
            notes.append(Note(code="left_within_the_year", text=text))
        elif self.kept.days != DAYS_IN_YEAR:
            text = Text(
                "Yearly retention is compounded from periods of {days} days: who pauses counts as gone.",
                days=Count(self.kept.days),
            )
            notes.append(Note(code="compounded_retention", text=text))
        else:
            text = Text(
                "Who bought in the last year and has left since counts as kept: retention may be lower."
            )
            notes.append(Note(code="left_within_the_year", text=text))
        text = Text("Future money is discounted by {rate} a year.", rate=Percent(self.book.discount))
        notes.append(Note(code="discount", text=text))
        return tuple(notes)

    # what is shown

    def kept_exhibit(self) -> Exhibit:
        kept = self.kept
        rows = [
            (Text("Bought in the period before"), kept.before, kept.money_before),
            (Text("of them bought again"), kept.kept, kept.money_kept),
            (Text("of them did not"), kept.lost, kept.money_lost),
            (Text("New or returned in the last period"), kept.gained, kept.money_gained),
        ]
        frame = pl.DataFrame(
            [{"what": str(words), "customers": customers, "money": money} for words, customers, money in rows]
        )
        return Exhibit(
            title=Text("Customers kept, lost and gained"),
            frame=frame,
            headings=(
                Heading(name="what", title=Text("Customers who")),
                Heading(name="customers", title=Text("Customers"), unit="count"),
                Heading(name="money", title=Text("Money"), unit="amount"),
            ),
            remark=Text("Money of the lost is what they brought in the period before."),
        )

    @cached_property
    def segments(self) -> pl.DataFrame:
        """One row a segment: customers, money, retention, value."""
        return segment_values(self.book, self.kept, self.by_customer)

    def cohort_exhibit(self) -> Exhibit:
        table = self.book.cohorts.with_columns(
            pl.col("cohort").replace(ALL_COHORTS, str(ALL_CUSTOMERS)), month=pl.col("period")
        )
        wide = (
            table.filter(pl.col("period").is_in([1, 3, 6, 12]))
            .with_columns(pl.format("after_{}", "period").alias("period"))
            .pivot(on="period", index="cohort", values="retention")
        )
        sizes = table.filter(pl.col("period") == 0).select("cohort", "customers")
        frame = sizes.join(wide, on="cohort", how="left", maintain_order="left")
        columns = [name for name in ("after_1", "after_3", "after_6", "after_12") if name in frame.columns]
        return Exhibit(
            title=Text("Share who buy in the k-th 30 days after their first purchase"),
            frame=frame.select("cohort", "customers", *columns),
            headings=(
                Heading(name="cohort", title=Text("First purchase in"), unit="wave"),
                Heading(name="customers", title=Text("Customers"), unit="count"),
                *(
                    Heading(
                        name=name,
                        title=Text("after {count} x 30 days", count=int(name.removeprefix("after_"))),
                        unit="percent",
                    )
                    for name in columns
                ),
            ),
            remark=Text("The first cohort also holds customers older than the data, and looks too faithful."),
        )

    def pictures(self) -> tuple[Picture, ...]:
        curves = self.book.cohorts.with_columns(pl.col("cohort").replace(ALL_COHORTS, str(ALL_CUSTOMERS)))
        later = curves.filter(pl.col("period") > 0)
        pictures = []
        if not later.is_empty():
            pictures.append(
                Picture(
                    title=Text("Share of customers who bought in each 30 days since their first purchase"),
                    draw=partial(
                        retention_curves,
                        later,
                        emphasis=str(ALL_CUSTOMERS),
                        axis_title=Text("periods of 30 days since the first purchase"),
                    ),
                    description=self._kept(),
                )
            )
        segments = self.segments
        if segments.height > 1:
            pictures.append(
                Picture(
                    title=Text("What a customer of each group is worth"),
                    draw=partial(
                        interval_bars,
                        segments.select("name", "estimate", "ci_low", "ci_high", "n"),
                        measure="amount",
                        currency=self.book.currency,
                    ),
                    description=Text("Yearly money, retention and interest make the value of a customer."),
                )
            )
        return tuple(pictures)


ALL_CUSTOMERS = Text("All customers")


def _points(change: tuple[Comparison, int] | None) -> Estimate | None:
    return None if change is None else recast(Estimate, change[0], 100)
