"""What the customers of each arm did, as sums: the small table that comparisons of arms are made from."""

from __future__ import annotations

import math
from dataclasses import dataclass

import narwhals as nw
import polars as pl

from leal.engine import FrameLike, collect, column_names, day_number, lazy
from leal.measure.money.customer_base import is_control
from leal.measure.money.scored_answers import GROUPS, group_of
from leal.measure.programmes.noticing_counts import action_costs

BEFORE_DAYS = 182
ACTIVE_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """Customers of one arm: how many, their money since the start and before it, how many bought.

    Attributes
    ----------
    n : int
    mean, sd, before_mean, before_sd, covariance : float
        Money a head since the start, and in the half year before it; and how the two go together.
    skewness, before_skewness : float
        Of their money: third central moment over the cube of the deviation.
    third : tuple of float
        Mean products of three deviations: of the money since the start twice and that before, and of the
        money since the start and that before twice.
    bought, active : int
        Customers with a purchase since the start, and in the last 90 days.
    scores : tuple of int
        Detractors, passives and promoters among the latest answers since the start.
    """

    n: int
    mean: float
    sd: float
    before_mean: float
    before_sd: float
    covariance: float
    skewness: float
    before_skewness: float
    third: tuple[float, float]
    bought: int
    active: int
    scores: tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmSums:
    """One treated arm beside the arm held out of the same action, if any.

    `planned` is the share of the treated among both that was planned, where the table says; `started` tells
    whether it says when the action started.
    """

    action: str
    arm: str
    treated: Arm
    control: Arm | None
    days: int
    cost: float
    has_before: bool
    planned: float | None
    started: bool


def arm_sums(
    actions: FrameLike, money_days: pl.DataFrame, until: int, scored: pl.DataFrame | None, column: str
) -> list[ArmSums]:
    """Return the sums of each treated arm and its control, by action and arm."""
    rows = _rows(actions)
    assigned = _assigned(rows, money_days, until)
    by_arm = _behaviour(assigned, money_days, until, column)
    scores = _scores(assigned, scored)
    of_arms = (
        rows.drop_nulls("customer")
        .group_by("action", "arm")
        .agg(
            pl.col("cost").sum().alias("rows"),
            planned=pl.when(pl.col("planned_share").n_unique() == 1).then(pl.col("planned_share").first()),
            started=pl.col("start").is_not_null().any(),
        )
    )
    costs = action_costs(actions)
    table = (
        by_arm.join(scores, on=["action", "arm"], how="left")
        .join(of_arms, on=["action", "arm"], how="left", nulls_equal=True)
        .join(costs, on="action", how="left")
        .with_columns(pl.col(*GROUPS).fill_null(0), control=is_control(pl.col("arm")).fill_null(False))
        .sort("action", "arm")
    )
    found = [
        sums for (_,), part in table.group_by("action", maintain_order=True) for sums in _of_action(part)
    ]
    return found + _without_customers(rows, {one.action for one in found})


def _rows(actions: FrameLike) -> pl.DataFrame:
    frame = lazy(actions)
    names = column_names(frame)
    columns = [nw.col("action").cast(nw.String())]
    columns += [nw.col(name).cast(nw.String()) for name in ("customer", "arm") if name in names]
    columns += [nw.col(name).cast(nw.Float64()) for name in ("cost", "planned_share") if name in names]
    if "started_at" in names:
        columns.append(day_number(frame, "started_at", table="actions").alias("start"))
    kinds = {"customer": pl.String, "arm": pl.String, "cost": pl.Float64, "start": pl.Int32}
    kinds |= {"planned_share": pl.Float64}
    found = collect(frame.select(*columns)).drop_nulls("action")
    absent = [
        pl.lit(None, dtype=kind).alias(name) for name, kind in kinds.items() if name not in found.columns
    ]
    full = found.with_columns(absent).cast({"start": pl.Int32})
    # However the held-out are called, they are one arm.
    arm = (
        pl.when(is_control(pl.col("arm"))).then(pl.lit("control")).otherwise(pl.col("arm").str.strip_chars())
    )
    return full.with_columns(pl.col("cost").fill_null(0.0), arm.alias("arm"))


def _assigned(rows: pl.DataFrame, money_days: pl.DataFrame, until: int) -> pl.DataFrame:
    """One row an action and customer with its arm and start; who is in two arms is left out."""
    return _in_actions(rows, money_days, until).filter(pl.col("arms") == 1).drop("arms")


def _in_actions(rows: pl.DataFrame, money_days: pl.DataFrame, until: int) -> pl.DataFrame:
    """One row an action and customer with its arm, how many arms it stands in, and its start."""
    first = money_days["day"].min()
    begin = int(first) if isinstance(first, int) else until
    people = (
        rows.drop_nulls("customer")
        .group_by("action", "customer")
        .agg(pl.col("arm").min(), arms=pl.col("arm").n_unique(), start=pl.col("start").min())
    )
    starts = rows.group_by("action").agg(pl.col("start").min().alias("action_start"))
    start = pl.coalesce("start", "action_start", pl.lit(begin)).cast(pl.Int32)
    joined = people.join(starts, on="action", how="left")
    return joined.select("action", "customer", "arm", "arms", start=start)


def customers_of_actions(
    actions: FrameLike, money_days: pl.DataFrame, until: int, names: list[str]
) -> pl.DataFrame:
    """Return who is in each action, since when: action, arm, arms, customer, start (day number); unsorted.

    Parameters
    ----------
    actions : dataframe or path
        The table `actions`; however the held-out are called, their arm is ``control``; no arm is "".
    money_days : DataFrame
        ``customer``, ``day``, ``amount``: net money by customer and day.
    until : int
        Last day that counts.
    names : list of str
        The actions that are asked for.

    Notes
    -----
    ``arms`` is the number of arms that a customer stands in. Where no start is told it is the first of the
    action, else the first day of the data.
    """
    asked = _rows(actions).filter(pl.col("action").is_in(names))
    people = _in_actions(asked, money_days, until)
    return people.select(
        "action", pl.col("arm").fill_null(""), pl.col("arms").cast(pl.Int64), "customer", "start"
    )


def money_since_start(actions: FrameLike, money_days: pl.DataFrame, until: int, column: str) -> pl.DataFrame:
    """Return what each assigned customer brought since the start: action, customer, arm, money.

    Parameters
    ----------
    actions : dataframe or path
        The table `actions`; however the held-out are called, their arm is ``control``.
    money_days : DataFrame
        ``customer``, ``day``, ``amount`` and the money column: net money by customer and day.
    until : int
        Last day that counts.
    column : str
        The money column.

    Notes
    -----
    By assignment, reached or not; who brought nothing has zero, and who stands in two arms is left out.
    """
    people = _since_start(_assigned(_rows(actions), money_days, until), money_days, until, column)
    return people.select("action", "customer", "arm", "money").sort("action", "customer")


def _since_start(assigned: pl.DataFrame, money_days: pl.DataFrame, until: int, column: str) -> pl.DataFrame:
    """Return the assigned with their money since the start and before, and whether they bought."""
    days = money_days.filter(pl.col("day") <= until).join(
        assigned.select("customer").unique(), on="customer", how="semi"
    )
    events = assigned.join(days, on="customer", how="inner")
    after = pl.col("day") >= pl.col("start")
    before = ~after & (pl.col("day") >= pl.col("start") - BEFORE_DAYS)
    bought = pl.col("amount") > 0
    sums = events.group_by("action", "customer").agg(
        money=pl.col(column).filter(after).sum(),
        before=pl.col(column).filter(before).sum(),
        bought=(after & bought).any(),
        active=(after & bought & (pl.col("day") > until - ACTIVE_DAYS)).any(),
    )
    return assigned.join(sums, on=["action", "customer"], how="left").with_columns(
        pl.col("money", "before").fill_null(0.0), pl.col("bought", "active").fill_null(False)
    )


def _behaviour(assigned: pl.DataFrame, money_days: pl.DataFrame, until: int, column: str) -> pl.DataFrame:
    people = _since_start(assigned, money_days, until, column)
    first = money_days["day"].min()
    since, before = (pl.col(name) - pl.col(name).mean() for name in ("money", "before"))
    return people.group_by("action", "arm").agg(
        n=pl.len(),
        mean=pl.col("money").mean(),
        sd=pl.col("money").std(),
        before_mean=pl.col("before").mean(),
        before_sd=pl.col("before").std(),
        covariance=pl.cov("money", "before"),
        skewness=pl.col("money").skew(),
        before_skewness=pl.col("before").skew(),
        money_twice=(since**2 * before).mean(),
        before_twice=(since * before**2).mean(),
        bought=pl.col("bought").sum(),
        active=pl.col("active").sum(),
        days=until - pl.col("start").min() + 1,
        has_before=pl.col("start").min() > (first if isinstance(first, int) else until),
    )


def _scores(assigned: pl.DataFrame, scored: pl.DataFrame | None) -> pl.DataFrame:
    kinds = {"action": pl.String, "arm": pl.String} | dict.fromkeys(GROUPS, pl.UInt32)
    if scored is None:
        return pl.DataFrame(schema=kinds)
    said = scored.filter(pl.col("recommend").is_not_null()).drop_nulls(["customer", "day"])
    after = assigned.join(said, on="customer", how="inner").filter(pl.col("day") >= pl.col("start"))
    latest = after.sort("day", "recommend").unique(["action", "customer"], keep="last", maintain_order=True)
    grouped = latest.with_columns(group_of(pl.col("recommend")))
    return grouped.group_by("action", "arm").agg(
        (pl.col("group") == name).sum().alias(name) for name in GROUPS
    )


def _of_action(part: pl.DataFrame) -> list[ArmSums]:
    held_out = part.filter("control")
    control = _arm(held_out.row(0, named=True)) if held_out.height == 1 else None
    held_out_share = held_out["planned"][0] if held_out.height == 1 else None
    started = bool(part["started"].any())
    found = []
    costs = _cost_by_arm(part.filter(~pl.col("control")))
    for row in part.filter(~pl.col("control")).iter_rows(named=True):
        treated = _arm(row)
        found.append(
            ArmSums(
                action=row["action"],
                arm=row["arm"] or "",
                treated=treated,
                control=control,
                days=int(row["days"]),
                cost=costs[row["arm"]],
                has_before=bool(row["has_before"]),
                planned=_planned(row["planned"], held_out_share),
                started=started,
            )
        )
    return found


def _planned(treated: float | None, held_out: float | None) -> float | None:
    """Return which share of both arms was to be treated; None where it is not told of each."""
    if treated is None or held_out is None or not min(treated, held_out) > 0:
        return None
    return treated / (treated + held_out)


def _cost_by_arm(treated: pl.DataFrame) -> dict[str | None, float]:
    """Divide the cost of the action among its arms: as their rows say, else by their customers."""
    key = "rows" if treated["rows"].fill_null(0.0).sum() > 0 else "n"
    parts = treated[key].fill_null(0.0).cast(pl.Float64)
    shares = parts / parts.sum() if parts.sum() else parts
    whole = float(treated["cost"].fill_null(0.0).max() or 0.0) if treated.height else 0.0  # type: ignore[arg-type]
    return dict(zip(treated["arm"].to_list(), (shares * whole).to_list(), strict=True))


def _arm(row: dict[str, object]) -> Arm:
    def number(name: str) -> float:
        value = row[name]
        return float(value) if isinstance(value, int | float) else math.nan

    detractors, passives, promoters = (int(number(name)) for name in reversed(GROUPS))
    return Arm(
        n=int(number("n")),
        mean=number("mean"),
        sd=number("sd"),
        before_mean=number("before_mean"),
        before_sd=number("before_sd"),
        covariance=number("covariance"),
        skewness=_of_equal(number("skewness")),
        before_skewness=_of_equal(number("before_skewness")),
        third=(number("money_twice"), number("before_twice")),
        bought=int(number("bought")),
        active=int(number("active")),
        scores=(detractors, passives, promoters),
    )


def _of_equal(skewness: float) -> float:
    """Return a skewness, 0 where it is not a number: all values are equal."""
    return skewness if math.isfinite(skewness) else 0.0


def _without_customers(rows: pl.DataFrame, known: set[str]) -> list[ArmSums]:
    """Actions that name no customers: their cost is known, their effect cannot be."""
    nobody = Arm(
        n=0,
        mean=0.0,
        sd=0.0,
        before_mean=0.0,
        before_sd=0.0,
        covariance=0.0,
        skewness=0.0,
        before_skewness=0.0,
        third=(0.0, 0.0),
        bought=0,
        active=0,
        scores=(0, 0, 0),
    )
    rest = rows.filter(~pl.col("action").is_in(sorted(known))).group_by("action").agg(pl.col("cost").sum())
    return [
        ArmSums(
            action=row["action"],
            arm="",
            treated=nobody,
            control=None,
            days=0,
            cost=row["cost"],
            has_before=False,
            planned=None,
            started=True,
        )
        for row in rest.sort("action").iter_rows(named=True)
    ]
