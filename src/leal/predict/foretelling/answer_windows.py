"""Customers who answered, with what they did before the answer and what they did after it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import narwhals as nw
import polars as pl

from leal.engine import FrameLike, collect, column_names, day_number, lazy, require_column
from leal.errors import BadValue, MissingColumn, Where
from leal.measure import Until, daily_money, number_of_day, template_held
from leal.path_model import PathModel
from leal.results import Note, is_number
from leal.wording import Count, Text, plural

WINDOWS = (365, 182, 91)
"""Days before and after an answer, the longest first that enough customers have."""

ENOUGH, FEWEST = 400, 100
PLENTY = 100_000
"""Customers with answers above which a sample is enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreWindows:
    """One row a customer: an answer, purchases before it, purchases after it.

    Attributes
    ----------
    frame : DataFrame
        ``customer``, ``day`` (of the answer); ``recommend``, ``satisfaction`` (null where not asked), the
        items of the index where there are any; ``frequency`` (purchase days), ``since`` (days since the last
        one), ``spent`` in the window up to the answer; ``repeat`` (purchase days), ``spend``, ``gone`` (no
        purchase) in the window after it.
    window : int
        Days of each window.
    model : PathModel or None
        Model of the index that the items allow.
    notes : tuple of Note
        What was left out.
    """

    frame: pl.DataFrame
    window: int
    model: PathModel | None
    notes: tuple[Note, ...] = ()


def score_windows(
    answers: FrameLike,
    purchases: FrameLike,
    *,
    money: str = "amount",
    margin: float | None = None,
    since: Until | None = None,
    window: int | None = None,
) -> ScoreWindows:
    """Put each customer's answer between what they did before and what they did after.

    Parameters
    ----------
    answers : dataframe or path
        Table `answers` with customer, answered_at, recommend.
    purchases : dataframe or path
        Table `purchases`.
    money : {"amount", "margin"}
        What spend is counted from.
    margin : float, optional
        Margin as a share of the amount, where there is no column of it.
    since : date, text or day number, optional
        First day of the outcomes; by default each customer's outcomes begin the day after the answer.
    window : int, optional
        Days before and after; by default the longest of 365, 182 and 91 that 400 customers have.

    Raises
    ------
    MissingColumn
        Answers have no customer or no day: without the day nothing keeps the outcome out of the score.
    BadValue
        All answers were given on `since` or later.

    Notes
    -----
    Of each customer the latest answer counts that has both windows whole in the data. Only those who bought
    in the window before it count: who never bought cannot buy again.
    """
    days = collect(daily_money(purchases, margin=margin))
    return windows_of(answers, days, money=money, since=since, window=window)


def windows_of(
    answers: FrameLike,
    money_days: pl.DataFrame,
    *,
    money: str = "amount",
    since: Until | None = None,
    window: int | None = None,
) -> ScoreWindows:
    """Return `score_windows` of purchases that are reduced to customer, day, amount and money already."""
    _require_window(window)
    if money not in money_days.columns:
        raise MissingColumn(money, [name for name in money_days.columns if name != "day"], table="purchases")
    said, model, notes = _answers(answers)
    days = money_days.select("customer", pl.col("day").cast(pl.Int32), "amount", money=pl.col(money))
    first, last = _ends(days)
    said, days, thinned = _thinned(said, days)
    notes = (*notes, *thinned)
    start = None if since is None else number_of_day(since)
    if start is not None:
        said, late = _before(said, start)
        notes = (*notes, *late)
    chosen, used = said.clear(), WINDOWS[-1]
    for used in WINDOWS if window is None else (window,):
        chosen = _framed(said, days, used, first, last, start)
        if chosen.height >= ENOUGH:
            break
    left = said["customer"].n_unique() - chosen.height
    if left:
        text = Text(
            "{count} customers who answered are left out: no purchase in the {days} days before, or fewer"
            " than so many days of purchases before or after.",
            count=Count(left),
            days=Count(used),
        )
        notes = (*notes, Note(code="left_out", text=text))
    return ScoreWindows(frame=chosen, window=used, model=model, notes=notes)


def _require_window(window: object) -> None:
    if window is None or (is_number(window) and 1 <= window < math.inf and window == int(window)):
        return
    raise BadValue(
        Text("A window of {window} days is none.", window=repr(window)),
        hint=Text("Give whole days from 1, such as 91; or leave it out."),
        where=Where(column="window"),
    )


def _answers(answers: FrameLike) -> tuple[pl.DataFrame, PathModel | None, tuple[Note, ...]]:
    frame = lazy(answers)
    for column in ("customer", "answered_at", "recommend"):
        require_column(frame, column, table="answers")
    names = column_names(frame)
    held = template_held(names)
    items = [name for name in (held[1].items if held else ()) if name not in ("recommend", "satisfaction")]
    columns = [
        nw.col("customer").cast(nw.String()),
        day_number(frame, "answered_at", table="answers").alias("day"),
        nw.col("recommend"),
        *(nw.col(name) for name in items),
    ]
    columns += [nw.col("satisfaction")] if "satisfaction" in names else []
    every = collect(frame.select(*columns))
    rows = every.drop_nulls(["customer", "day", "recommend"])
    numbers = [name for name in rows.columns if name not in ("customer", "day")]
    rows = rows.with_columns(pl.col(numbers).cast(pl.Float64, strict=False), pl.col("day").cast(pl.Int32))
    if "satisfaction" not in rows.columns:
        rows = rows.with_columns(satisfaction=pl.lit(None, dtype=pl.Float64))
    rows = rows.filter(pl.col("recommend").is_between(0, 10))
    return rows, held[1] if held else None, _unusable(every.height - rows.height)


def _unusable(count: int) -> tuple[Note, ...]:
    if not count:
        return ()
    text = plural(
        "{count} answer without customer, day or a score from 0 to 10 is left out.",
        "{count} answers without customer, day or a score from 0 to 10 are left out.",
        count,
    )
    return (Note(code="unusable_answers", text=text),)


def _thinned(said: pl.DataFrame, days: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, tuple[Note, ...]]:
    """Keep a sample of the customers, by a hash of their names, where there are more than enough."""
    every = -(-said["customer"].n_unique() // PLENTY)
    if every <= 1:
        return said, days, ()
    chosen = pl.col("customer").hash(seed=3) % every == 0
    text = Text("A sample of one customer in {every}, drawn by a hash of their names.", every=Count(every))
    return said.filter(chosen), days.filter(chosen), (Note(code="sampled", text=text),)


def _ends(days: pl.DataFrame) -> tuple[int, int]:
    first, last = days["day"].min(), days["day"].max()
    if not isinstance(first, int) or not isinstance(last, int):
        return 0, -1
    return first, last


def _before(said: pl.DataFrame, since: int) -> tuple[pl.DataFrame, tuple[Note, ...]]:
    """Leave out answers that were given when the outcomes had begun."""
    kept = said.filter(pl.col("day") < since)
    if said.height and kept.is_empty():
        raise BadValue(
            Text("All answers were given when the outcomes had already begun: they know what they foretell."),
            hint=Text("Give a later first day of the outcomes, or earlier answers."),
            where=Where(column="answered_at"),
        )
    late = said.height - kept.height
    if not late:
        return kept, ()
    text = Text("{count} answers given when the outcomes had begun are left out.", count=Count(late))
    return kept, (Note(code="answered_late", text=text),)


def _framed(
    said: pl.DataFrame, days: pl.DataFrame, window: int, first: int, last: int, since: int | None
) -> pl.DataFrame:
    """Return the answers that have both windows, with the sums of purchases in each."""
    start = pl.col("day") if since is None else pl.lit(since - 1, dtype=pl.Int32)
    dated = said.with_columns(start=start)
    inside = dated.filter(pl.col("day") - window >= first - 1, pl.col("start") + window <= last)
    order = [name for name in said.columns if name != "customer"]
    latest = inside.sort("customer", *order).unique("customer", keep="last", maintain_order=True)
    pairs = days.join(latest.select("customer", "start", asked="day"), on="customer", how="inner")
    ago, ahead = pl.col("asked") - pl.col("day"), pl.col("day") - pl.col("start")
    before, after = ago.is_between(0, window - 1), ahead.is_between(1, window)
    bought = pl.col("amount") > 0
    sums = (
        pairs.select(
            "customer",
            frequency=(before & bought).cast(pl.Int32),
            since=pl.when(before & bought).then(ago),
            spent=pl.when(before).then(pl.col("money")).otherwise(0.0),
            repeat=(after & bought).cast(pl.Int32),
            spend=pl.when(after).then(pl.col("money")).otherwise(0.0),
        )
        .group_by("customer")
        .agg(pl.col("frequency", "spent", "repeat", "spend").sum(), pl.col("since").min())
        .filter(pl.col("frequency") > 0)
    )
    joined = latest.drop("start").join(sums, on="customer", how="inner")
    return joined.with_columns(gone=pl.col("repeat") == 0).sort("customer")
