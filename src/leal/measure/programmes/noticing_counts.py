"""Actions and answers reduced to counts: who was exposed, asked, noticed, scored, and what it cost."""

from __future__ import annotations

import polars as pl

from leal.engine import FrameLike, LazyFrame, collect, column_names, day_number, lazy, require_column
from leal.measure.money.customer_base import is_control

_YES = ("true", "yes", "y", "1", "1.0", "да")
_NO = ("false", "no", "n", "0", "0.0", "нет")
_KEYS = ["action", "customer"]

FEWEST_DAYS_SINCE_START = 28
"""Days since the start before money is compared: the cost comes first, and purchases follow."""


def noticing_counts(
    actions: FrameLike,
    answers: FrameLike = None,
    *,
    score: str | None = None,
    money: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return one row an action and side: customers, asked, noticed, and sums of scores and money.

    Parameters
    ----------
    actions : dataframe or path
        The table `actions`: action, and as far as known customer, exposed or arm, noticed, started_at.
    answers : dataframe or path, optional
        The table `answers`: customer, answered_at, the score; and where the survey asked it, action and
        noticed.
    score : str, optional
        Column of the score; none by default.
    money : DataFrame, optional
        ``customer``, ``day``, ``money``: what they paid, by day.

    Returns
    -------
    DataFrame
        ``action``, ``exposed`` (true, false), ``randomised`` and the columns of `Side`.

    Notes
    -----
    A customer counts once an action. Exposed are those whose `exposed` says so; without that column those
    whose arm is not the control; without either all who are listed. Who was asked about an action but is not
    listed among its customers was not exposed to it. Scores and money count from the day that the action
    started; money of an action that started less than 28 days before the last purchase is not known yet, and
    that of an action from which nobody was held out says nothing: `leal.prove.unrandomised_effects` asks it.
    """
    listed = _listed(lazy(actions))
    asked = _asked(answers)
    people = _people(listed, asked)
    scored = people.join(_scores(people, answers, score), on=_KEYS, how="left")
    paid = scored.join(_money(people, money), on=_KEYS, how="left")
    return paid.group_by("action", "exposed").agg(*_SUMS).sort("action", "exposed")


def flag(frame: pl.DataFrame, name: str) -> pl.Expr:
    """Return a column of yes and no, however it was written, as true, false or null."""
    column = pl.col(name)
    if frame.schema[name] == pl.Boolean:
        return column
    if frame.schema[name].is_numeric():
        return column > 0
    words = column.cast(pl.String).str.strip_chars().str.to_lowercase()
    return pl.when(words.is_in(_YES)).then(True).when(words.is_in(_NO)).then(False).alias(name)


def _listed(actions: LazyFrame) -> pl.DataFrame:
    """Return one row an action and customer: exposed, noticed, day of the start, whether there were arms."""
    require_column(actions, "action", table="actions")
    frame = read_columns(
        actions, ("action", "customer", "arm", "exposed", "noticed", "started_at"), "actions"
    )
    arm = pl.col("arm")
    told = frame.select(
        pl.col("action").cast(pl.String),
        pl.col("customer").cast(pl.String),
        pl.coalesce(flag(frame, "exposed"), ~is_control(arm), pl.lit(True)).alias("exposed"),
        flag(frame, "noticed").alias("noticed"),
        is_control(arm).alias("control"),
        pl.col("day").alias("start"),
    ).drop_nulls("action")
    # An arm alone is no lot: somebody must have been drawn to be left out.
    both = pl.col("control").any() & (~pl.col("control")).any()
    start = told.group_by("action").agg(pl.col("start").min(), both.fill_null(False).alias("randomised"))
    rows = told.drop_nulls("customer").group_by(_KEYS).agg(pl.col("exposed", "noticed").max())
    return rows.join(start, on="action", how="full", coalesce=True)


def _asked(answers: FrameLike) -> pl.DataFrame:
    """Return one row an action and customer who was asked in the survey: noticed."""
    empty = pl.DataFrame(schema={"action": pl.String, "customer": pl.String, "asked_noticed": pl.Boolean})
    if answers is None:
        return empty
    names = column_names(lazy(answers))
    if not {"action", "noticed", "customer"} <= set(names):
        return empty
    frame = read_columns(lazy(answers), ("action", "customer", "noticed"), "answers")
    told = frame.select(
        pl.col("action").cast(pl.String),
        pl.col("customer").cast(pl.String),
        flag(frame, "noticed").alias("asked_noticed"),
    )
    return told.drop_nulls().group_by(_KEYS).agg(pl.col("asked_noticed").max())


def _people(listed: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Join those listed with those asked; who is not listed was not exposed, where anybody is listed."""
    facts = listed.group_by("action").agg(
        pl.col("start").min(),
        pl.col("randomised").any(),
        pl.col("customer").is_not_null().any().alias("lists"),
    )
    rows = listed.drop_nulls("customer").select(*_KEYS, "exposed", "noticed")
    known = rows.join(asked, on=_KEYS, how="full", coalesce=True)
    return (
        known.join(facts, on="action", how="left")
        .with_columns(
            pl.coalesce("exposed", ~pl.col("lists"), pl.lit(True)).alias("exposed"),
            pl.coalesce("noticed", "asked_noticed").alias("noticed"),
            pl.col("randomised").fill_null(False),
        )
        .drop("asked_noticed", "lists")
    )


def _scores(people: pl.DataFrame, answers: FrameLike, score: str | None) -> pl.DataFrame:
    """Return the last score of each customer since the action started."""
    if answers is None or score is None:
        return pl.DataFrame(schema={"action": pl.String, "customer": pl.String, "score": pl.Float64})
    frame = read_columns(lazy(answers), ("customer", score, "answered_at"), "answers")
    given = frame.select(
        pl.col("customer").cast(pl.String),
        pl.col(score).cast(pl.Float64, strict=False).alias("score"),
        pl.col("day").alias("answered"),
    ).filter(pl.col("score").is_finite(), pl.col("customer").is_not_null())
    since = people.select(*_KEYS, "start").join(given, on="customer", how="inner").filter(_since("answered"))
    ordered = since.sort("answered", "score", nulls_last=False)
    return ordered.unique(_KEYS, keep="last", maintain_order=True).select(*_KEYS, "score")


def _money(people: pl.DataFrame, money: pl.DataFrame | None) -> pl.DataFrame:
    """Return what each customer paid since the action started; zero for those who paid nothing."""
    nothing = pl.DataFrame(schema={"action": pl.String, "customer": pl.String, "money": pl.Float64})
    if money is None or money.is_empty():
        return nothing
    last = int(money["day"].cast(pl.Int64).max() or 0)  # type: ignore[arg-type]
    begun = pl.col("start") <= last - FEWEST_DAYS_SINCE_START + 1
    # Who was picked, or answers surveys, spends otherwise than the others without any action.
    dated = people.filter("randomised", begun).select(*_KEYS, "start")
    if dated.is_empty():
        return nothing
    paid = money.filter(pl.col("day") >= dated["start"].min())
    since = dated.join(paid, on="customer", how="inner").filter(pl.col("day") >= pl.col("start"))
    sums = since.group_by(_KEYS).agg(pl.col("money").sum())
    return dated.join(sums, on=_KEYS, how="left").select(*_KEYS, pl.col("money").fill_null(0.0))


def _since(day: str) -> pl.Expr:
    return pl.col("start").is_null() | pl.col(day).is_null() | (pl.col(day) >= pl.col("start"))


_ASKED = pl.col("noticed").is_not_null()
_SCORED = pl.col("score").is_not_null()
_BOTH = _ASKED & _SCORED
_SUMS = (
    pl.len().alias("customers"),
    _ASKED.sum().alias("asked"),
    pl.col("noticed").sum(),
    _SCORED.sum().alias("scored"),
    pl.col("score").sum().alias("score_sum"),
    (pl.col("score") ** 2).sum().alias("score_squares"),
    _BOTH.sum().alias("both"),
    (_BOTH & pl.col("noticed")).sum().alias("both_noticed"),
    pl.col("score").filter(_BOTH).sum().alias("both_score"),
    pl.col("score").filter(_BOTH & pl.col("noticed")).sum().alias("both_product"),
    pl.col("money").is_not_null().sum().alias("paid"),
    pl.col("money").sum().alias("money_sum"),
    (pl.col("money") ** 2).sum().alias("money_squares"),
    pl.col("randomised").any(),
)


def action_costs(actions: FrameLike) -> pl.DataFrame:
    """Return what each action cost in all: ``action``, ``cost`` (null where it is not known).

    Notes
    -----
    A cost in a row without customer is that of the whole action. Costs in rows of exposed customers are added
    up, but where every row, also of customers who were not exposed, bears the same cost, that is the cost in
    all, written on each row.
    """
    frame = read_columns(lazy(actions), ("action", "customer", "arm", "exposed", "cost"), "actions")
    arm = pl.col("arm")
    rows = frame.select(
        pl.col("action").cast(pl.String),
        pl.col("customer").is_null().alias("whole"),
        pl.coalesce(flag(frame, "exposed"), ~is_control(arm), pl.lit(True)).alias("exposed"),
        pl.col("cost").cast(pl.Float64, strict=False),
    ).drop_nulls("action")
    cost = pl.col("cost")
    everywhere = (cost.drop_nulls().n_unique() == 1) & (cost.null_count() == 0) & (~pl.col("exposed")).any()
    return (
        rows.group_by("action")
        .agg(
            pl.when(cost.count() == 0)
            .then(None)
            .when(cost.filter("whole").count() > 0)
            .then(cost.filter("whole").sum())
            .when(everywhere)
            .then(cost.max())
            .otherwise(cost.filter("exposed").sum())
            .alias("cost")
        )
        .sort("action")
    )


def read_columns(frame: LazyFrame, names: tuple[str, ...], table: str) -> pl.DataFrame:
    """Return columns of a table, absent ones as nulls; a time becomes the day number ``day``."""
    present = column_names(frame)
    times = [name for name in names if name.endswith("_at")]
    wanted = [name for name in names if name in present and name not in times]
    days = [day_number(frame, name, table=table).alias("day") for name in times if name in present]
    found = collect(frame.select(*wanted, *days))
    absent = [pl.lit(None, dtype=pl.Boolean).alias(name) for name in names if name not in wanted + times]
    day = [pl.lit(None, dtype=pl.Int32).alias("day")] if times and not days else []
    return found.with_columns(*absent, *day)
