"""Three ways to loyalty: how much of it rests on a unique offer, on economic ties, on feeling."""

from __future__ import annotations

import math
from typing import Any

import narwhals as nw
import polars as pl

from leal.engine import FrameLike, LazyFrame, collect, column_names, lazy, require_column
from leal.errors import BadValue, Where
from leal.measure.loyalty.loyalty_mix import FEWEST_ANSWERS, EmployeeTrust, Level, LoyaltyMix, LoyaltyWays
from leal.measure.loyalty.loyalty_questions import LOYALTY_ITEMS, WAYS, Way
from leal.results import Note, Proportion
from leal.statistics import estimated_mean, proportion_interval
from leal.wording import Text, plural

MIXED = "mixed"

LEAD = 1 / 9
"""How far a way must stand above the next to lead a respondent's loyalty: one step of ten."""

FEWEST_OF_EMPLOYEE = 10


def loyalty_ways(
    answers: FrameLike,
    *,
    by: str | None = None,
    weight: str | None = None,
    scale: tuple[float, float] = (1.0, 10.0),
    level: float = 0.95,
) -> LoyaltyWays:
    """Tell what customers' loyalty rests on: a unique offer, economic ties, an emotional bond.

    Parameters
    ----------
    answers : dataframe or path
        Columns unique1..3, economic1..3, emotional1..3 (`loyalty_questions`), and where known `customer` and
        `employee`.
    by : str, optional
        Column of groups.
    weight : str, optional
        Column of sampling weights.
    scale : (float, float)
        Lowest and highest answer.
    level : float
        Level of the intervals.

    Returns
    -------
    LoyaltyWays

    Raises
    ------
    MissingColumn
        An item, `by` or `weight` is not there.
    BadValue
        An answer lies outside the scale.

    Notes
    -----
    For each respondent a way is the mean of its three answers on 0..1, and its share that mean over the sum
    of the three. Respondents who leave one of the nine out, or deny all, are left out and counted. Several
    answers of a customer count as one, their mean, so that n counts customers. Intervals are Student's t on
    the mean of shares (effective n with weights).

    A unique offer holds until it is copied, economic ties until a better offer; how long a bond lasts is not
    assumed here: `leal.prove` fits the half-life of actions by way. Attitude is not behaviour: see
    `ways_behaviour`.

    References
    ----------
    Dick and Basu (1994); Oliver (1999), Journal of Marketing 63; Fullerton (2005): continuance commitment
    lowers advocacy.
    """
    frame = _checked(lazy(answers), by, weight)
    _require_on_scale(frame, scale)
    scored = _valued(_scored(frame, by, weight, scale))
    everyone = _mix(None, _sums(scored, "all").row(0, named=True), level)
    named = _sums(scored, "group").drop_nulls("group").iter_rows(named=True) if by else ()
    groups = [_mix(row["group"], row, level) for row in named]
    return LoyaltyWays(
        overall=everyone,
        groups=tuple(sorted(groups, key=lambda mix: (-mix.n, str(mix.group)))),
        employees=_employees(frame, weight, scale, level),
        notes=_left_out(frame, everyone),
    )


def _checked(frame: LazyFrame, by: str | None, weight: str | None) -> LazyFrame:
    for column in (*_all_items(), *(name for name in (by, weight) if name)):
        require_column(frame, column, table="answers")
    return frame


def _all_items() -> tuple[str, ...]:
    return tuple(item for items in LOYALTY_ITEMS.values() for item in items)


def _require_on_scale(frame: LazyFrame, scale: tuple[float, float]) -> None:
    ends = [
        expression
        for item in _all_items()
        for expression in (
            nw.col(item).cast(nw.Float64()).min().alias(f"{item}_low"),
            nw.col(item).cast(nw.Float64()).max().alias(f"{item}_high"),
        )
    ]
    found = collect(frame.select(*ends)).row(0, named=True)
    for item in _all_items():
        for value in (found[f"{item}_low"], found[f"{item}_high"]):
            if value is not None and not scale[0] <= value <= scale[1]:
                raise BadValue(
                    Text(
                        "{column} holds {value}, which is not on the scale.", column=item, value=f"{value:g}"
                    ),
                    hint=Text(
                        "Answers run from {low} to {high}; leave a cell empty where nobody answered.",
                        low=f"{scale[0]:g}",
                        high=f"{scale[1]:g}",
                    ),
                    where=Where(column=item),
                )


def _scored(frame: LazyFrame, by: str | None, weight: str | None, scale: tuple[float, float]) -> LazyFrame:
    """Return one row a complete answer: the three ways and the parts of the last, each 0..1."""
    low, length = scale[0], scale[1] - scale[0]

    def unit(item: str) -> nw.Expr:
        return (nw.col(item).cast(nw.Float64()) - low) / length

    columns = [
        *(
            (sum((unit(item) for item in items[1:]), unit(items[0])) / 3).alias(way)
            for way, items in LOYALTY_ITEMS.items()
        ),
        *(unit(item).alias(item) for item in LOYALTY_ITEMS["emotional"]),
        (nw.col(weight).cast(nw.Float64()) if weight else nw.lit(1.0)).alias("w"),
        (nw.col(by).cast(nw.String()) if by else nw.lit("all")).alias("group"),
        nw.lit("all").alias("all"),
        *_customer(frame),
    ]
    complete = frame.drop_nulls(list(_all_items())).select(*columns)
    return complete.with_columns((nw.col(WAYS[0]) + nw.col(WAYS[1]) + nw.col(WAYS[2])).alias("total")).filter(
        nw.col("total") > 0
    )


def _customer(frame: LazyFrame) -> tuple[nw.Expr, ...]:
    return (nw.col("customer").cast(nw.String()),) if "customer" in column_names(frame) else ()


_VALUES = (
    *(f"{what}_{way}" for what in ("share", "level", "lead") for way in WAYS),
    *(f"part_{item}" for item in LOYALTY_ITEMS["emotional"]),
)


def _valued(scored: LazyFrame) -> LazyFrame:
    """Return what each answer says of each way: its share, its level, whether it leads; and of the parts."""
    values = {f"share_{way}": nw.col(way) / nw.col("total") for way in WAYS}
    values |= {f"level_{way}": nw.col(way) for way in WAYS} | {f"lead_{way}": _leads(way) for way in WAYS}
    values |= {f"part_{item}": nw.col(item) for item in LOYALTY_ITEMS["emotional"]}
    return scored.with_columns(*(expression.alias(name) for name, expression in values.items()))


def _one_a_customer(rows: LazyFrame, key: str, values: tuple[str, ...]) -> tuple[LazyFrame, ...]:
    """Return the rows with several answers of a customer as one, their mean; nameless ones as they are.

    Answers of one customer are alike: as independent ones they would feign certainty.
    """
    wanted = [nw.col(name) for name in (key, "w", *values)]
    if "customer" not in column_names(rows):
        return (rows.select(*wanted),)
    named = rows.filter(~nw.col("customer").is_null()).group_by(key, "customer")
    return (
        rows.filter(nw.col("customer").is_null()).select(*wanted),
        named.agg(*(nw.col(name).mean() for name in ("w", *values))).select(*wanted),
    )


def _sums(rows: LazyFrame, key: str, values: tuple[str, ...] = _VALUES) -> pl.DataFrame:
    """Return by `key` (called group) the weights, and first and second moments of values, over customers."""
    parts = []
    for people in _one_a_customer(rows, key, values):
        moments = people.select(
            nw.col(key).alias("group"),
            nw.col("w"),
            (nw.col("w") * nw.col("w")).alias("ww"),
            *((nw.col("w") * nw.col(name)).alias(f"s_{name}") for name in values),
            *((nw.col("w") * nw.col(name) * nw.col(name)).alias(f"q_{name}") for name in values),
        )
        names = [name for name in column_names(moments) if name != "group"]
        parts.append(collect(moments.group_by("group").agg(*(nw.col(name).sum() for name in names))))
    whole = pl.concat(parts, how="vertical_relaxed")
    if key == "all":
        return whole.select(pl.lit("all").alias("group"), pl.exclude("group").sum())
    return whole.group_by("group", maintain_order=True).sum()


def leading_ways(answers: FrameLike, *, scale: tuple[float, float] = (1.0, 10.0)) -> pl.DataFrame:
    """Return the way that leads each respondent's loyalty: customer, way (``"mixed"`` where none leads).

    Parameters
    ----------
    answers : dataframe or path
        Customer and the nine items; several answers of a customer count as their mean.
    scale : (float, float)
        Lowest and highest answer.
    """
    frame = _checked(lazy(answers), "customer", None)
    scored = _scored(frame, None, None, scale)
    means = (
        scored.filter(~nw.col("customer").is_null())
        .group_by("customer")
        .agg(*(nw.col(way).mean() for way in WAYS))
    )
    led = means.select("customer", *(_leads(way).alias(f"lead_{way}") for way in WAYS))
    leader = pl.coalesce(
        *(pl.when(pl.col(f"lead_{way}") == 1).then(pl.lit(way)) for way in WAYS), pl.lit(MIXED)
    )
    return collect(led).sort("customer").select("customer", way=leader)


def _leads(way: Way) -> nw.Expr:
    one, other = (nw.col(name) for name in WAYS if name != way)
    clear = (nw.col(way) - one >= LEAD - 1e-9) & (nw.col(way) - other >= LEAD - 1e-9)
    return nw.when(clear).then(nw.lit(1.0)).otherwise(nw.lit(0.0))


def _mean_of(weight: float, squares: float, total: float, products: float) -> tuple[float, float, float]:
    """Return mean, standard deviation (n - 1 form) and effective n from weighted sums."""
    n = weight**2 / squares
    mean = total / weight
    return mean, math.sqrt(max(products / weight - mean**2, 0.0) * n / (n - 1)) if n > 1 else math.nan, n


def _mix(group: str | None, sums: dict[str, Any], level: float) -> LoyaltyMix:
    weight = sums["w"] or 0.0
    n = weight**2 / sums["ww"] if weight else 0.0
    enough = n >= FEWEST_ANSWERS

    def mean_of(name: str) -> tuple[float, float]:
        if not enough:
            return math.nan, math.nan
        return _mean_of(weight, sums["ww"], sums[f"s_{name}"], sums[f"q_{name}"])[:2]

    return LoyaltyMix(
        group=group,
        n=n,
        shares={way: estimated_mean(Proportion, *mean_of(f"share_{way}"), n, level) for way in WAYS},
        leading={way: _led(sums[f"s_lead_{way}"] / weight if enough else math.nan, n, level) for way in WAYS},
        levels={way: _level(*mean_of(f"level_{way}"), n, level) for way in WAYS},
        parts={item: _level(*mean_of(f"part_{item}"), n, level) for item in LOYALTY_ITEMS["emotional"]},
    )


def _level(mean: float, spread: float, n: float, level: float) -> Level:
    return estimated_mean(Level, 100 * mean, 100 * spread, n, level)


def _led(share: float, n: float, level: float) -> Proportion:
    known = math.isfinite(share)
    ends = proportion_interval(share * n, n, level) if known else proportion_interval(0, 0, level)
    return Proportion(
        estimate=share, ci_low=ends.low, ci_high=ends.high, n=n, level=level, method=ends.method
    )


def _employees(
    frame: LazyFrame, weight: str | None, scale: tuple[float, float], level: float
) -> tuple[EmployeeTrust, ...]:
    """Return trust in each employee with enough answers: few would tell more of chance than of them."""
    if "employee" not in column_names(frame):
        return ()
    trust = (nw.col("emotional2").cast(nw.Float64()) - scale[0]) / (scale[1] - scale[0])
    rows = frame.drop_nulls(["employee", "emotional2"]).select(
        nw.col("employee").cast(nw.String()),
        trust.alias("trust"),
        (nw.col(weight).cast(nw.Float64()) if weight else nw.lit(1.0)).alias("w"),
        *_customer(frame),
    )
    found = []
    for row in _sums(rows, "employee", ("trust",)).iter_rows(named=True):
        mean, spread, n = _mean_of(row["w"], row["ww"], row["s_trust"], row["q_trust"])
        if n >= FEWEST_OF_EMPLOYEE:
            found.append(EmployeeTrust(employee=row["group"], level=_level(mean, spread, n, level)))
    return tuple(sorted(found, key=lambda one: (-one.level.estimate, one.employee)))


def _left_out(frame: LazyFrame, overall: LoyaltyMix) -> tuple[Note, ...]:
    rows = collect(frame.select(nw.len().alias("n")))["n"][0]
    complete = collect(frame.drop_nulls(list(_all_items())).select(nw.len().alias("n")))["n"][0]
    notes = []
    if rows > complete:
        text = plural(
            "{count} answer without all nine questions is left out.",
            "{count} answers without all nine questions are left out.",
            int(rows - complete),
        )
        notes.append(Note(code="incomplete_block", text=text))
    again = _answered_again(frame)
    if again:
        text = plural(
            "Several answers of {count} customer count as one, their mean.",
            "Several answers of {count} customers count as one each, their mean.",
            again,
        )
        notes.append(Note(code="several_answers", text=text))
    if overall.known:
        text = Text("Stated, not proved: what customers say they stay for. Hold it against what they buy.")
        notes.append(Note(code="stated_not_proved", text=text))
    return tuple(notes)


def _answered_again(frame: LazyFrame) -> int:
    """Return how many customers answered the block more than once."""
    if "customer" not in column_names(frame):
        return 0
    people = frame.drop_nulls([*_all_items(), "customer"]).group_by("customer").agg(nw.len().alias("n"))
    return int(collect(people.filter(nw.col("n") > 1).select(nw.len().alias("again")))["again"][0])
