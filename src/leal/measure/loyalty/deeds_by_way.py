"""Whether customers do what they say they stay for: discounts, spend after them, second choices."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.engine import FrameLike, collect, column_names, day_number, lazy, require_column
from leal.measure.loyalty.loyalty_questions import WAYS
from leal.measure.loyalty.ways_to_loyalty import MIXED, leading_ways
from leal.results import Estimate, Note, Proportion, Result, with_limits
from leal.statistics import clustered_share, estimated_mean, estimated_share, mean_interval
from leal.wording import Percent, Text, plural

Floats = NDArray[np.float64]

WINDOW = 90
"""Days before and after a discount over which spend is compared."""

FEWEST_CUSTOMERS = 30
_CHOICES = ("share", "share_low", "share_high", "n")
_KEY = 1 << 20  # more than all day numbers: customer and day in one whole number


@dataclass(frozen=True, slots=True, kw_only=True)
class WayBehaviour:
    """What the customers whom one way leads do.

    Attributes
    ----------
    way : str
        uniqueness, economic, emotional, or mixed.
    customers : int
        Customers whom it leads and who bought.
    on_discount : Proportion
        Share of their money spent on discounted purchases.
    after_discount : Estimate
        Spend in the 90 days after a discount ends, minus that in the 90 days before it began, as a share of
        the latter; the discounted purchases themselves are left out.
    second_choice : dict of Proportion
        Brands that they rank second, of those who rank ours first; empty without a table of brands.
    considered : Estimate
        Mean number of brands that they rank; unknown without a table of brands.
    """

    way: str
    customers: int
    on_discount: Proportion
    after_discount: Estimate
    second_choice: Mapping[str, Proportion]
    considered: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysBehaviour(Result):
    """Behaviour beside what customers say, one a way.

    Attributes
    ----------
    ways : tuple of WayBehaviour
        In the order uniqueness, economic, emotional, mixed.
    notes : tuple of Note
        Doubts.
    """

    ways: tuple[WayBehaviour, ...]
    notes: tuple[Note, ...] = ()

    def __getitem__(self, way: str) -> WayBehaviour:
        return next(one for one in self.ways if one.way == way)

    def sentence(self) -> Text:
        """Tell whether those led by economic ties buy more on discount than those led by feeling."""
        economic, emotional = (self[way].on_discount for way in ("economic", "emotional"))
        if not (economic.known and emotional.known):
            return Text("unknown: needs {needed} customers of each way who bought", needed=FEWEST_CUSTOMERS)
        words = {"economic": Percent(economic.estimate), "emotional": Percent(emotional.estimate)}
        if economic.ci_low > emotional.ci_high:
            return Text(
                "They do what they say: customers held by economic ties spend {economic} of their money on"
                " discount, those held by feeling {emotional}.",
                **words,
            )
        return Text(
            "What they say does not show: customers held by economic ties spend {economic} of their money on"
            " discount, those held by feeling {emotional}, no sure difference.",
            **words,
        )

    def to_frame(self) -> pl.DataFrame:
        """Return one row a way: customers, share on discount, change after a discount, with their ends."""
        return pl.DataFrame(
            [
                {"way": one.way, "customers": one.customers}
                | with_limits("on_discount", one.on_discount)
                | with_limits("after_discount", one.after_discount)
                | with_limits("considered", one.considered)
                for one in self.ways
            ],
            infer_schema_length=None,
        )

    def choices_to_frame(self) -> pl.DataFrame:
        """Return one row a way and brand ranked second: share of those who rank ours first, ends, their n."""
        return pl.DataFrame(
            [
                {"way": one.way, "brand": brand} | with_limits("share", share) | {"n": share.n}
                for one in self.ways
                for brand, share in one.second_choice.items()
            ],
            schema={"way": pl.String, "brand": pl.String} | dict.fromkeys(_CHOICES, pl.Float64),
        )


def ways_behaviour(
    answers: FrameLike,
    purchases: FrameLike,
    brands: FrameLike = None,
    *,
    scale: tuple[float, float] = (1.0, 10.0),
    window: int = WINDOW,
    level: float = 0.95,
) -> WaysBehaviour:
    """Hold what customers say they stay for against what they do.

    Parameters
    ----------
    answers : dataframe or path
        Customer and the nine items of `loyalty_questions`.
    purchases : dataframe or path
        Customer, bought_at, amount, and discount or promotion.
    brands : dataframe or path, optional
        Customer, or where it is not known respondent (then the same identifiers), brand, rank, own.
    scale : (float, float)
        Lowest and highest answer.
    window : int
        Days before and after a discount.
    level : float
        Level of the intervals.

    Returns
    -------
    WaysBehaviour

    Notes
    -----
    Share on discount: sum of discounted money over sum of money, between none and all of each customer's
    (refunds may leave more), interval over customers (`clustered_share`). After a
    discount: runs of discounted purchases (no gap of `window` days) of customers who had bought before, with
    a whole window of data on both sides; money a customer in the window after its end minus in the window
    before its beginning. Correlation, not cause: grade C. What a discount does is asked of an experiment.
    """
    frame = lazy(purchases)
    for column in ("customer", "amount"):
        require_column(frame, column, table="purchases")
    leaders = leading_ways(answers, scale=scale)
    days = _days(frame)
    ranked = _ranked(brands)
    return WaysBehaviour(
        ways=tuple(_behaviour(way, leaders, days, ranked, window, level) for way in (*WAYS, MIXED)),
        notes=_notes(frame, leaders, days),
    )


def _days(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    """Return customer, day, money, and money of discounted purchases; one row a customer and day."""
    names = column_names(frame)
    marks = [nw.col("discount").cast(nw.Float64()) > 0] if "discount" in names else []
    if "promotion" in names:
        marks.append(~nw.col("promotion").is_null())
    discounted = marks[0] if marks else nw.lit(False)
    for mark in marks[1:]:
        discounted = discounted | mark
    amount = nw.col("amount").cast(nw.Float64())
    rows = frame.select(
        nw.col("customer").cast(nw.String()),
        day_number(frame, "bought_at", table="purchases").alias("day"),
        amount.alias("money"),
        nw.when(discounted).then(amount).otherwise(nw.lit(0.0)).alias("reduced"),
    ).drop_nulls(["customer", "day", "money"])
    daily = rows.group_by("customer", "day").agg(nw.col("money").sum(), nw.col("reduced").sum())
    return collect(daily).sort("customer", "day")


def _ranked(brands: FrameLike) -> pl.DataFrame | None:
    if brands is None:
        return None
    frame = lazy(brands)
    names = column_names(frame)
    people = [name for name in ("customer", "respondent") if name in names]
    if not people or not {"brand", "rank", "own"} <= set(names):
        return None
    who = nw.coalesce(*(nw.col(name).cast(nw.String()) for name in people)).alias("customer")
    rows = collect(frame.select(who, "brand", "rank", "own")).drop_nulls(["customer", "rank"])
    # who answered the study twice counts once, as they answered last in the table
    return rows.unique(["customer", "brand"], keep="last", maintain_order=True)


def _behaviour(
    way: str,
    leaders: pl.DataFrame,
    days: pl.DataFrame,
    ranked: pl.DataFrame | None,
    window: int,
    level: float,
) -> WayBehaviour:
    people = leaders.filter(pl.col("way") == way).select("customer")
    bought = days.join(people, on="customer", how="semi")
    choices, considered = _second_choices(people, ranked, level)
    return WayBehaviour(
        way=way,
        customers=bought["customer"].n_unique(),
        on_discount=_on_discount(bought, level),
        after_discount=_after_discount(bought, days, window, level),
        second_choice=choices,
        considered=considered,
    )


def _on_discount(bought: pl.DataFrame, level: float) -> Proportion:
    heads = (
        bought.group_by("customer", maintain_order=True)
        .agg(pl.col("money", "reduced").sum())
        .filter(pl.col("money") > 0)
        .with_columns(pl.col("reduced").clip(0, pl.col("money")))  # refunds of other days may exceed the rest
    )
    enough = heads if heads.height >= FEWEST_CUSTOMERS else heads.head(0)
    ends = clustered_share(enough["reduced"].to_numpy(), enough["money"].to_numpy(), level)
    return Proportion(
        estimate=float(heads["reduced"].sum()) / float(heads["money"].sum()) if enough.height else math.nan,
        ci_low=ends.low,
        ci_high=ends.high,
        n=heads.height,
        level=level,
        method=ends.method,
    )


def _ratio_of_sums(above: Floats, below: Floats) -> tuple[float, float, int]:
    """Return sum(above)/sum(below), its standard error over customers (delta method), and their number."""
    n = len(below)
    if n < FEWEST_CUSTOMERS or not below.sum() > 0:
        return math.nan, math.nan, n
    ratio = float(above.sum() / below.sum())
    residual = above - ratio * below
    return ratio, float(math.sqrt(n / (n - 1) * (residual**2).sum()) / below.sum()), n


def _reach(estimate: float, error: float, n: int, level: float) -> tuple[float, float]:
    if not math.isfinite(error):
        return math.nan, math.nan
    ends = mean_interval(estimate, error * math.sqrt(n), n, level)
    return ends.low, ends.high


def _after_discount(bought: pl.DataFrame, days: pl.DataFrame, window: int, level: float) -> Estimate:
    before, after = _around_discounts(bought, days, window)
    change, error, n = _ratio_of_sums(after - before, before)
    low, high = _reach(change, error, n, level)
    return _Change(estimate=change, ci_low=low, ci_high=high, n=n, level=level, method="delta")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change(Proportion):
    """A change as a share, written with its sign."""

    def figure(self, value: float) -> Percent:
        """Return the change as it is written."""
        return Percent(value, 1, signed=True)


def _around_discounts(bought: pl.DataFrame, days: pl.DataFrame, window: int) -> tuple[Floats, Floats]:
    """Return each customer's mean money in the windows before and after their runs of discounts."""
    empty = np.empty(0)
    if bought.is_empty() or days.is_empty():
        return empty, empty
    last = int(days["day"].max())  # type: ignore[arg-type]
    coded = bought.with_columns(code=pl.col("customer").rank("dense").cast(pl.Int64))
    runs = (
        coded.filter(pl.col("reduced") > 0)
        .with_columns(gap=pl.col("day").diff().over("code"))
        .with_columns(run=(pl.col("gap").is_null() | (pl.col("gap") > window)).cum_sum())
        .group_by("run")
        .agg(pl.col("code").first(), start=pl.col("day").min(), end=pl.col("day").max())
        .join(coded.group_by("code").agg(joined=pl.col("day").min()), on="code")
        .filter(pl.col("start") - window >= pl.col("joined"), pl.col("end") + window <= last)
    )
    if runs.is_empty():
        return empty, empty
    keys = (coded["code"] * _KEY + coded["day"]).to_numpy()
    total = np.concatenate([[0.0], np.cumsum(coded["money"].to_numpy())])

    def money(low: pl.Series, high: pl.Series) -> Floats:
        """Return the money from day `low` to `high`, both included."""
        edges = [np.searchsorted(keys, (runs["code"] * _KEY + low).to_numpy(), "left")]
        edges.append(np.searchsorted(keys, (runs["code"] * _KEY + high).to_numpy(), "right"))
        return np.asarray(total[edges[1]] - total[edges[0]])

    table = pl.DataFrame(
        {
            "code": runs["code"],
            "before": money(runs["start"] - window, runs["start"] - 1),
            "after": money(runs["end"] + 1, runs["end"] + window),
        }
    )
    heads = table.group_by("code").agg(pl.col("before", "after").mean()).sort("code")
    return heads["before"].to_numpy(), heads["after"].to_numpy()


def _second_choices(
    people: pl.DataFrame, ranked: pl.DataFrame | None, level: float
) -> tuple[dict[str, Proportion], Estimate]:
    unknown = Estimate(
        estimate=math.nan, ci_low=math.nan, ci_high=math.nan, n=0, level=level, method="unknown"
    )
    if ranked is None:
        return {}, unknown
    mine = ranked.join(people, on="customer", how="semi")
    sizes = mine.group_by("customer", maintain_order=True).agg(pl.len())["len"].cast(pl.Float64).to_numpy()
    if len(sizes) < FEWEST_CUSTOMERS:
        return {}, unknown
    mean, spread = float(sizes.mean()), float(sizes.std(ddof=1))
    considered = estimated_mean(Estimate, mean, spread, len(sizes), level)
    ours_first = mine.filter(pl.col("own").cast(pl.Boolean), pl.col("rank") == 1).select("customer")
    second = mine.join(ours_first, on="customer", how="semi").filter(pl.col("rank") == 2)
    counted = second.group_by("brand").agg(pl.len()).sort("len", "brand", descending=[True, False])
    n = ours_first["customer"].n_unique()
    return {str(name): estimated_share(count, n, level) for name, count in counted.iter_rows()}, considered


def _notes(frame: nw.LazyFrame[Any], leaders: pl.DataFrame, days: pl.DataFrame) -> tuple[Note, ...]:
    notes = []
    if not {"discount", "promotion"} & set(column_names(frame)):
        text = Text("The purchases have no column discount or promotion: discounts cannot be seen.")
        notes.append(Note(code="no_discounts", text=text))
    silent = leaders.join(days, on="customer", how="anti").height
    if silent:
        text = plural(
            "{count} customer who answered has no purchases and is left out.",
            "{count} customers who answered have no purchases and are left out.",
            silent,
        )
        notes.append(Note(code="answered_without_purchases", text=text))
    return tuple(notes)
