"""What a movement between groups is worth: the same customers before and after, against those who stayed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from leal.engine import FrameLike, collect
from leal.measure.money.moment_figures import Floats, figures
from leal.measure.money.purchases import daily_money
from leal.measure.money.scored_answers import group_of, require_recommendations, scored_answers
from leal.results import Basis, Money, Note, Result
from leal.wording import Count, RoundAmount, Text

DAYS_IN_YEAR = 365
WINDOWS = (365, 182, 91, 30)
ENOUGH_PAIRS = 30
FEWEST_PAIRS = 10
MOVEMENTS = (
    ("passive", "promoter"),
    ("detractor", "passive"),
    ("promoter", "passive"),
    ("passive", "detractor"),
)


_MOVES: dict[tuple[str, str], Text] = {
    ("passive", "promoter"): Text("From passive to promoter"),
    ("detractor", "passive"): Text("From detractor to passive"),
    ("promoter", "passive"): Text("From promoter to passive"),
    ("passive", "detractor"): Text("From passive to detractor"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementValue(Result):
    """What a movement changes in the yearly money of one customer.

    Attributes
    ----------
    origin, target : str
        Group before and after.
    moved, stayed : int
        Pairs of answers of those who moved, and of those who stayed in `origin`.
    window : int
        Days before the first and after the second answer in which purchases are compared.
    change : Money
        Yearly change a head: (after - before of the moved) - (after - before of those who stayed); grade B.
    """

    origin: str
    target: str
    moved: int
    stayed: int
    window: int
    change: Money

    def sentence(self) -> Text:
        """Return what moving goes with in one sentence."""
        move = _MOVES[self.origin, self.target]
        if not self.change.known:
            return Text(
                "{move}: unknown: too few moved ({moved}) or stayed ({stayed}).",
                move=move,
                moved=Count(self.moved),
                stayed=Count(self.stayed),
            )
        low, high = (
            RoundAmount(value, self.change.currency) for value in (self.change.ci_low, self.change.ci_high)
        )
        return Text(
            "{move}: {change} a head and year beside those who stayed ({low} to {high}, n = {n}).",
            move=move,
            change=RoundAmount(self.change.estimate, self.change.currency),
            low=low,
            high=high,
            n=Count(self.change.n),
        )


def movement_value(
    answers: FrameLike,
    purchases: FrameLike,
    *,
    margin: float | None = None,
    currency: str | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[MovementValue, ...]:
    """Tell what a customer's money does when their group changes, within customers.

    Parameters
    ----------
    answers : dataframe or path
        Table `answers`: customer, answered_at, recommend; some customers must have answered twice.
    purchases : dataframe or path
        Table `purchases`.
    margin, currency, level, seed
        As in `money_by_group`.

    Returns
    -------
    tuple of MovementValue
        Passive to promoter, detractor to passive, promoter to passive, passive to detractor. The change is
        unknown where fewer than ten pairs moved or stayed.

    Notes
    -----
    Difference in differences over pairs of successive answers of a customer: money in a window before the
    first answer, money in a window as long after the second, scaled to a year; the mean change of the moved
    minus that of those who stayed in the same group. Customers, not pairs, are the units of the interval. The
    window is the longest of 365, 182, 91 and 30 days that leaves 30 pairs of passives who moved to promoter
    and 30 who stayed. It removes what differs between customers for good, not what changes with the score for
    another reason: grade B, not A.

    References
    ----------
    Angrist and Pischke (2009), Mostly Harmless Econometrics, chapter 5.
    """
    require_recommendations(answers)
    days = collect(daily_money(purchases, margin=margin))
    return movement_values(
        scored_answers(answers),
        days,
        basis="margin" if "margin" in days.columns else "revenue",
        currency=currency,
        level=level,
        seed=seed,
    )


def movement_values(
    scored: pl.DataFrame,
    money_days: pl.DataFrame,
    *,
    basis: Basis,
    currency: str | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[MovementValue, ...]:
    """Return the same as `movement_value` from answers and days already reduced."""
    pairs = answer_pairs(scored)
    changed, window = _changes(pairs, money_days, "margin" if basis == "margin" else "amount")
    return tuple(
        _value(changed, window, origin, target, basis=basis, currency=currency, level=level, seed=seed)
        for origin, target in MOVEMENTS
    )


def value_of_moving(customers: float, share: float, change: Money) -> Money:
    """Return what moving a share of customers brings: customers x share x the change a head.

    Parameters
    ----------
    customers : float
        Customers in the group now.
    share : float
        Share of them who move.
    change : Money
        Change of the money of one who moves, within customers; never the gap between groups.

    Examples
    --------
    >>> change = Money(estimate=15.0, ci_low=10.0, ci_high=20.0, n=60, method="bootstrap", grade="B")
    >>> value_of_moving(300, .2, change).estimate
    900.0
    """
    return change.times(customers * share)


def answer_pairs(scored: pl.DataFrame) -> pl.DataFrame:
    """Return successive answers of the same customer: customer, first_at, second_at, origin, target.

    Two answers of one day count as one, the higher; a pair is two days.
    """
    known = scored.filter(pl.col("customer").is_not_null() & pl.col("recommend").is_not_null())
    daily = known.drop_nulls("day").group_by("customer", "day").agg(pl.col("recommend").max())
    ordered = daily.sort("customer", "day")
    same = pl.col("customer") == pl.col("customer").shift(-1)
    return (
        ordered.with_columns(group_of(pl.col("recommend")))
        .select(
            "customer",
            first_at="day",
            second_at=pl.col("day").shift(-1),
            origin="group",
            target=pl.col("group").shift(-1),
            same=same,
        )
        .filter("same")
        .drop("same")
    )


def _changes(pairs: pl.DataFrame, money_days: pl.DataFrame, column: str) -> tuple[pl.DataFrame, int]:
    """Add the yearly change of money to the pairs whose windows lie within the data; tell the window."""
    if money_days.is_empty():
        return pairs.clear().with_columns(change=pl.lit(0.0)), WINDOWS[-1]
    since, until = money_days["day"].min(), money_days["day"].max()
    buyers = pairs.join(money_days.select("customer").unique(), on="customer", how="semi")
    usable, window = buyers.clear(), WINDOWS[-1]
    for window in WINDOWS:
        inside = (pl.col("first_at") - window >= since) & (pl.col("second_at") + window <= until)
        usable = buyers.filter(inside)
        if _enough(usable):
            break
    return _with_change(usable, money_days, column, window), window


def _enough(pairs: pl.DataFrame) -> bool:
    passives = pairs.filter(pl.col("origin") == "passive")["target"]
    return min((passives == "promoter").sum(), (passives == "passive").sum()) >= ENOUGH_PAIRS


def _with_change(pairs: pl.DataFrame, money_days: pl.DataFrame, column: str, window: int) -> pl.DataFrame:
    of_pairs = money_days.join(pairs.select("customer").unique(), on="customer", how="semi")
    ordered = of_pairs.select("customer", pl.col("day").cast(pl.Int32), column).sort("day")
    running = ordered.with_columns(total=pl.col(column).cum_sum().over("customer"))
    after = _paid_until(pairs, running, pl.col("second_at") + window) - _paid_until(
        pairs, running, pl.col("second_at")
    )
    before = _paid_until(pairs, running, pl.col("first_at")) - _paid_until(
        pairs, running, pl.col("first_at") - window
    )
    return pairs.with_columns(change=(after - before) * DAYS_IN_YEAR / window)


def _paid_until(pairs: pl.DataFrame, running: pl.DataFrame, day: pl.Expr) -> pl.Series:
    """Money of each pair's customer up to and including a day, in the order of `pairs`; `running` by day."""
    asked = pairs.select("customer", day.cast(pl.Int32).alias("day")).with_row_index("place")
    found = asked.sort("day").join_asof(
        running, on="day", by="customer", strategy="backward", check_sortedness=False
    )
    return found.sort("place")["total"].fill_null(0.0)


def _value(
    changed: pl.DataFrame,
    window: int,
    origin: str,
    target: str,
    *,
    basis: Basis,
    currency: str | None,
    level: float,
    seed: int,
) -> MovementValue:
    moved = (pl.col("target") == target).cast(pl.Float64)
    stayed = (pl.col("target") == origin).cast(pl.Float64)
    rows = changed.filter(pl.col("origin") == origin)
    # One row a customer: pairs of the same customer are not independent.
    sums = rows.group_by("customer").agg(
        moved=moved.sum(),
        moved_change=(moved * pl.col("change")).sum(),
        stayed=stayed.sum(),
        stayed_change=(stayed * pl.col("change")).sum(),
    )
    sums = sums.sort("customer").filter(pl.col("moved") + pl.col("stayed") > 0)
    pairs = int(sums["moved"].sum()), int(sums["stayed"].sum())
    change = _unknown(pairs, basis, currency, level)
    if min(pairs) >= FEWEST_PAIRS:
        moments = sums.select("moved", "moved_change", "stayed", "stayed_change").to_numpy()
        found = figures(moments, _difference, strata=np.zeros(len(moments), np.int64), level=level, seed=seed)
        change = found.of(Money, 0, sum(pairs), level, currency=currency, basis=basis, grade="B")
    return MovementValue(
        origin=origin, target=target, moved=pairs[0], stayed=pairs[1], window=window, change=change
    )


def _difference(sums: Floats) -> Floats:
    moved, moved_change, stayed, stayed_change = sums.T
    both = (moved > 0) & (stayed > 0)
    means = np.full((2, len(sums)), np.nan)
    np.divide(moved_change, moved, out=means[0], where=both)
    np.divide(stayed_change, stayed, out=means[1], where=both)
    difference: Floats = (means[0] - means[1])[:, None]
    return difference


def _unknown(pairs: tuple[int, int], basis: Basis, currency: str | None, level: float) -> Money:
    note = Note(
        code="few_pairs",
        text=Text(
            "Needs {fewest} customers who moved and {fewest} who stayed; found {moved} and {stayed}.",
            fewest=FEWEST_PAIRS,
            moved=Count(pairs[0]),
            stayed=Count(pairs[1]),
        ),
    )
    return Money.unknown(sum(pairs), level, "none", notes=(note,), currency=currency, basis=basis, grade="B")
