"""Earned growth: what stays of last period's revenue, and what came by recommendation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from leal.engine import FrameLike, collect, lazy, require_column
from leal.measure.money.customer_base import DAYS_IN_YEAR, customer_register
from leal.measure.money.kept_customers import kept_by_customer
from leal.measure.money.moment_figures import Floats, figures
from leal.measure.money.purchases import daily_money
from leal.measure.money.summaries import Until, number_of_day
from leal.results import Proportion, Result
from leal.wording import Percent, Text

EARNED_WORDS = (
    "recommend",
    r"\brefer",
    r"\bfriends?\b",
    "family",
    "colleague",
    "word of mouth",
    "reputation",
    "review",
    "рекоменд",
    "совет",
    "друз",
    r"\bдруга?\b",
    "знаком",
    "родствен",
    "коллег",
    "сарафан",
    "репутац",
    "отзыв",
)
"""Patterns of a joining reason that say the customer was earned (recommended), not bought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnedGrowth(Result):
    """How revenue grew, and how much of that was earned.

    Attributes
    ----------
    net_revenue_retention : Proportion
        Revenue now of last period's customers over last period's revenue.
    earned_new : Proportion
        Revenue of new customers who came by recommendation or reputation, over last period's revenue.
    growth : Proportion
        net_revenue_retention + earned_new - 1.
    total_growth : Proportion
        Revenue now over revenue then, minus 1.
    asked : float
        Share of the new customers whose reason is known.
    """

    net_revenue_retention: Proportion
    earned_new: Proportion
    growth: Proportion
    total_growth: Proportion
    asked: float

    def sentence(self) -> Text:
        """Return earned growth beside growth in all, and what it rests on."""
        return Text(
            "Earned growth {earned} ({low} to {high}), growth in all {total}; why they joined is known of"
            " {asked} of new customers.",
            earned=Percent(self.growth.estimate, 1, signed=True),
            low=Percent(self.growth.ci_low, 1, signed=True),
            high=Percent(self.growth.ci_high, 1, signed=True),
            total=Percent(self.total_growth.estimate, 1, signed=True),
            asked=Percent(self.asked),
        )


def earned_growth_rate(before: float, kept: float, earned: float) -> float:
    """Return the earned growth rate: (kept + earned) / before - 1.

    Parameters
    ----------
    before, kept, earned : float
        Revenue of the last period; revenue now of the same customers; revenue now of earned new customers.

    References
    ----------
    Reichheld, Darnell and Burns (2021), Harvard Business Review 99(6).

    Examples
    --------
    >>> round(earned_growth_rate(100, 90, 15), 4)
    0.05
    """
    return (kept + earned) / before - 1


def is_earned(reason: pl.Expr) -> pl.Expr:
    """Tell whether a joining reason says recommendation or reputation; null where nobody asked."""
    return reason.str.to_lowercase().str.contains("|".join(EARNED_WORDS))


def earned_growth(
    purchases: FrameLike,
    customers: FrameLike,
    *,
    until: Until | None = None,
    days: int = DAYS_IN_YEAR,
    margin: float | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> EarnedGrowth | None:
    """Tell how much of the growth from one period to the next was earned by recommendation and reputation.

    Parameters
    ----------
    purchases : dataframe or path
        Table `purchases`: customer, bought_at, amount, and where known margin.
    customers : dataframe or path
        Table `customers`: customer, joining_reason (what new customers said when asked why they came).
    until : date, optional
        Last day of the second period; the last day with a purchase by default.
    days : int
        Days of each of the two periods.
    margin : float, optional
        Margin as a share of the amount, used where there is no column `margin`.
    level, seed : float, int
        Confidence level; seed of the resamples.

    Returns
    -------
    EarnedGrowth or None
        None without revenue in the first period, or where no new customer's reason is known.

    Raises
    ------
    MissingColumn
        A column is not there.

    Notes
    -----
    Net revenue retention + revenue of earned new customers, both over the revenue of the first period, - 1.
    New is whoever bought in the second period and not in the first. Who was not asked is not earned, so that
    asking few makes growth look less earned than it is: see `asked`.

    References
    ----------
    Reichheld, Darnell and Burns (2021), Harvard Business Review 99(6).

    Examples
    --------
    >>> bought = pl.DataFrame({"customer": ["a", "b", "a", "b", "c", "d"],
    ...     "bought_at": ["2024-06-01", "2024-06-02", "2025-06-01", "2025-06-02", "2025-06-03", "2025-06-04"],
    ...     "amount": [50.0, 50.0, 50.0, 35.0, 18.0, 27.0]})
    >>> joined = pl.DataFrame({"customer": ["c", "d"], "joining_reason": ["a friend", "advertising"]})
    >>> round(earned_growth(bought, joined).growth.estimate, 2)
    0.03
    """
    require_column(lazy(customers), "joining_reason", table="customers")
    money = collect(daily_money(purchases, margin=margin)).cast({"day": pl.Int32})
    bought = money.filter(pl.col("amount") > 0)["day"]
    if bought.is_empty():
        return None
    last = number_of_day(until) if until is not None else int(bought.max())  # type: ignore[arg-type]
    column = "margin" if "margin" in money.columns else "amount"
    seen = kept_by_customer(money, last, days, column=column)
    reasons = customer_register(customers).select("customer", "joining_reason")
    return growth_by_customer(seen.join(reasons, on="customer", how="left"), level=level, seed=seed)


def growth_by_customer(
    by_customer: pl.DataFrame, *, level: float = 0.95, seed: int = 0
) -> EarnedGrowth | None:
    """Tell the same of customers whose money in two periods is known.

    Parameters
    ----------
    by_customer : polars.DataFrame
        What `kept_by_customer` gave, with ``joining_reason``.
    level, seed : float, int
        Confidence level; seed of the resamples.

    Returns
    -------
    EarnedGrowth or None
        None without revenue before, or where no new customer's reason is known.
    """
    new = ~pl.col("before") & pl.col("after")
    earned = is_earned(pl.col("joining_reason")).fill_null(False)
    rows = by_customer.select(
        before="money_before",
        kept=pl.when("before").then("money_after").otherwise(0.0),
        earned=pl.when(new & earned).then("money_after").otherwise(0.0),
        now="money_after",
        new=new,
        asked=new & pl.col("joining_reason").is_not_null(),
    )
    if not rows["asked"].any() or rows["before"].sum() <= 0:
        return None
    moments = rows.select("before", "kept", "earned", "now").to_numpy()
    found = figures(moments, _rates, strata=np.zeros(len(moments), np.int64), level=level, seed=seed)
    retention, new_earned, growth, total = (
        found.of(Proportion, place, rows.height, level) for place in range(4)
    )
    return EarnedGrowth(
        net_revenue_retention=retention,
        earned_new=new_earned,
        growth=growth,
        total_growth=total,
        asked=int(rows["asked"].sum()) / int(rows["new"].sum()),
    )


def _rates(sums: Floats) -> Floats:
    before = np.where(sums[:, :1] > 0, sums[:, :1], np.nan)
    kept, earned, now = (sums[:, place : place + 1] / before for place in (1, 2, 3))
    return np.concatenate([kept, earned, kept + earned - 1, now - 1], axis=1)
