"""`money_by_group` over tables: makes the base of customers, then counts."""

from __future__ import annotations

from leal.engine import FrameLike, collect
from leal.measure.money.customer_base import (
    DAYS_IN_YEAR,
    action_spending,
    customer_base,
    customer_register,
    money_summary,
)
from leal.measure.money.group_money import group_money
from leal.measure.money.money_results import MoneyByGroup
from leal.measure.money.purchases import daily_money
from leal.measure.money.scored_answers import latest_answers, require_recommendations, scored_answers
from leal.measure.money.summaries import require_margin
from leal.results import Basis


def money_by_group(
    answers: FrameLike,
    purchases: FrameLike,
    *,
    customers: FrameLike | None = None,
    actions: FrameLike | None = None,
    margin: float | None = None,
    currency: str | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> MoneyByGroup:
    """Tell what promoters, passives and detractors bring, and whether they get their share of attention.

    Parameters
    ----------
    answers : dataframe or path
        Table `answers`: customer, recommend; answered_at picks the latest of a customer.
    purchases : dataframe or path
        Table `purchases`: customer, bought_at, amount, and where known margin.
    customers : dataframe or path, optional
        Table `customers`: the whole base, its segments, and contacts and cases (attention).
    actions : dataframe or path, optional
        Table `actions`: what was spent on each customer (attention).
    margin : float, optional
        Margin as a share of revenue, where the purchases have no column of it.
    currency : str, optional
        ISO code, for writing.
    level : float
        Confidence level.
    seed : int
        Seed of the resamples.

    Returns
    -------
    MoneyByGroup

    Raises
    ------
    MissingColumn
        A column without which nothing can be said is absent.
    BadValue
        Scores off the scale of 0 to 10; amounts of several currencies.

    Notes
    -----
    share_g = sum of w y over the group / sum of w y, w the weight of `reweight`. Repeat sales are those after
    a customer's first purchase day in the data. Attention is the mean of the shares of contacts and cases and
    of the cost of actions, as far as each is recorded. Intervals: customers as units, resampled or
    linearised.
    Not the value of moving someone from one group to another: see `movement_value`.

    Examples
    --------
    >>> import datetime as dt, polars as pl
    >>> answers = pl.DataFrame({"customer": ["a", "b", "c"], "recommend": [10, 8, 2]})
    >>> days = [dt.date(2026, 1, 1), dt.date(2026, 2, 1)]
    >>> purchases = pl.DataFrame({"customer": ["a", "a", "b", "b", "c", "c"], "bought_at": days * 3,
    ...                           "amount": [1.0, 60.0, 1.0, 30.0, 1.0, 10.0]})
    >>> money_by_group(answers, purchases)["passive"].share_of_repeat.estimate
    0.3
    """
    require_recommendations(answers)
    require_margin(margin)
    days = collect(daily_money(purchases, margin=margin))
    known = days.filter(days["amount"] > 0)["day"]
    until, since = (int(known.max()), int(known.min())) if len(known) else (0, 0)  # type: ignore[arg-type]
    to_year = DAYS_IN_YEAR / min(until - since + 1, DAYS_IN_YEAR)
    base = customer_base(
        latest_answers(scored_answers(answers)),
        money_summary(days, until, to_year),
        customer_register(customers),
        action_spending(actions),
    )
    basis: Basis = "margin" if "margin" in days.columns else "revenue"
    return group_money(base, basis=basis, currency=currency, level=level, seed=seed)
