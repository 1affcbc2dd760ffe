"""Who was watched from when until when: out of the register and, where that is partial, purchases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from leal.checks.book import Book
from leal.checks.once import once
from leal.checks.stray_days import day_range
from leal.measure import DAYS_IN_YEAR
from leal.predict import MOST_UNDATED
from leal.statistics import SurvivalCurve, kaplan_meier

FEWEST_LEFT = 20
"""Dated leavings below which nothing is said of how long customers stay."""

SILENCE = 182
"""Days without a purchase after which a customer without a date of leaving may have left unseen."""

MOST_WATCHED = 100_000
"""Customers beyond which a sample of them is watched: their curve lies within half a point already."""

MOST_MISSING = 10.0
"""Leavings to be expected after the last dated one, above which the dates are taken to have ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StayRecords:
    """Customers as a curve of those still there takes them.

    Attributes
    ----------
    frame : DataFrame
        ``customer``, ``segment``, ``joining_reason``; ``years`` from joining until they left or the watch
        ended, ``entry`` (years after joining at which their watch began) and ``left``.
    first_day, last_day : int
        The days (numbers) with which the watch begins and ends.
    """

    frame: pl.DataFrame
    first_day: int
    last_day: int

    def curve(self, level: float, among: pl.DataFrame | None = None) -> SurvivalCurve:
        """Return the share still there after so many years, of all or of some of the rows."""
        rows = self.frame if among is None else among
        return kaplan_meier(rows["years"], rows["left"], entry=rows["entry"], level=level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """How long customers stayed, as far as the tables tell.

    Attributes
    ----------
    dated : StayRecords
        Leaving is a date of the register.
    silent : StayRecords or None
        Leaving is a date of the register, or silence to the end where it has none; only where the register
        leaves many of the silent without a date.
    undated : float
        Share of those silent for half a year who have no date of leaving; zero where nothing tells.
    left_out : int
        Customers without a day of joining, or with one after that of leaving or far from all others.
    every : int
        One customer in so many was taken; 1 for all.
    ended : int or None
        The last day with a leaving, where leavings seem to be written down no longer since.
    """

    dated: StayRecords
    silent: StayRecords | None
    undated: float
    left_out: int
    every: int
    ended: int | None


@once
def stays_of(book: Book) -> Stays | None:
    """Return how long customers stayed by the table `customers`; None with fewer than 20 dated leavings.

    Notes
    -----
    The watch begins on the day after the first leaving in the register: from then on leavings are known to
    be written down. Whoever had joined before enters then (left truncation), for had they left earlier they
    might have been deleted or have no date, and the years before would be counted as years in which nobody
    left. The first day with a purchase is not taken: it says when sales were first recorded, not when
    leavings were. Starting after the first leaving instead of on a day between it and the true beginning
    costs a few days of watching and biases nothing, as what comes after does not hang on what has come.

    Leavings after the day from which the audit looks back have not happened yet.

    Where more than a fifth of the customers who have not bought for half a year have no date of leaving, the
    register sees only part of the leavings, and its curve is an upper limit. A second set of records then
    counts silence to the end as leaving half a day after the last purchase. It watches each customer from
    the first purchase that is known (who never bought could not be seen to fall silent), and ends half a year
    before the last day: later nobody can have been silent for so long.
    """
    register, left_out, every = _usable(book)
    last = book.last_day
    known = register.filter(pl.col("left_day") <= last)["left_day"]
    if len(known) < FEWEST_LEFT:
        return None
    first = day_range(known).first + 1
    dated = _records(register.with_columns(from_day=pl.lit(first)), first, last)
    bought = register.join(_bought(book), on="customer", how="inner", maintain_order="left")
    silent = bought.filter(pl.col("last_bought") <= last - SILENCE)
    undated = silent["left_day"].null_count() / silent.height if silent.height else 0.0
    return Stays(
        dated=dated,
        silent=_silent_records(book, bought) if undated > MOST_UNDATED else None,
        undated=undated,
        left_out=left_out,
        every=every,
        ended=_ended(known, first, last),
    )


def _usable(book: Book) -> tuple[pl.DataFrame, int, int]:
    """Return the register that can be used, how many of it cannot, and which part was taken."""
    told = book.register.select("customer", "segment", "joining_reason", "joined_day", "left_day")
    first_joined = day_range(told["joined_day"]).first
    sound = pl.col("joined_day") >= first_joined
    in_order = pl.col("left_day").is_null() | (pl.col("left_day") >= pl.col("joined_day"))
    usable = told.filter(sound & in_order)
    every = -(-usable.height // MOST_WATCHED)
    if every > 1:
        return usable.filter(pl.col("customer").hash(seed=3) % every == 0), told.height - usable.height, every
    return usable, told.height - usable.height, 1


def _records(rows: pl.DataFrame, first: int, last: int) -> StayRecords:
    """Return the rows that were watched; days end at noon, so that nobody stays for no time at all."""
    left = (pl.col("left_day") <= last).fill_null(False)
    stop = pl.when(left).then(pl.col("left_day")).otherwise(last) + 0.5
    since = pl.max_horizontal("joined_day", "from_day")
    watched = rows.with_columns(left=left, stop=stop, since=since).filter(pl.col("since") < pl.col("stop"))
    frame = watched.select(
        "customer",
        "segment",
        "joining_reason",
        "left",
        years=(pl.col("stop") - pl.col("joined_day")) / DAYS_IN_YEAR,
        entry=(pl.col("since") - pl.col("joined_day")) / DAYS_IN_YEAR,
    )
    return StayRecords(frame=frame, first_day=first, last_day=last)


def _bought(book: Book) -> pl.DataFrame:
    """Return the first and the last day with a purchase of each customer; nobody without purchases."""
    if book.lacking(purchases=("customer", "bought_at", "amount")):
        kinds = {"customer": pl.String, "first_bought": pl.Int32, "last_bought": pl.Int32}
        return pl.DataFrame(schema=kinds)
    return book.summary.select("customer", first_bought="first_day", last_bought="last_day")


def _silent_records(book: Book, bought: pl.DataFrame) -> StayRecords:
    last = book.last_day - SILENCE
    gone = pl.when(pl.col("last_bought") <= last).then(pl.col("last_bought"))
    rows = bought.with_columns(left_day=pl.coalesce("left_day", gone), from_day=pl.col("first_bought"))
    return _records(rows, book.first_purchase_day, last)


def _ended(known: pl.Series, first: int, last_day: int) -> int | None:
    """Return the last day with a leaving, where many more should have come since at the rate until then."""
    last = int(known.max())  # type: ignore[arg-type]
    if last <= first:
        return None
    expected = len(known) * (last_day - last) / (last - first)
    return last if expected > MOST_MISSING else None


def told_until(rows: pl.DataFrame, fewest: int) -> float:
    """Return the years up to which enough customers were watched from joining on; zero where too few were.

    With delayed entry few may be watched at first: one of three who leaves would take a third off the curve
    for good, and where nobody was watched nobody was seen to leave.
    """
    entered, ended = np.sort(rows["entry"].to_numpy()), np.sort(rows["years"].to_numpy())
    if np.searchsorted(entered, 0.0, side="right") < fewest:
        return 0.0
    watched = np.searchsorted(entered, ended, side="right") - np.arange(1, len(ended) + 1)
    return float(ended[watched < fewest][0])
