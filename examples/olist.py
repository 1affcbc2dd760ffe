"""Olist: late deliveries, scores and second orders; a strong link, a weak one, and nothing from end to end.

    python -m examples.olist FOLDER

Data: Brazilian E-Commerce Public Dataset by Olist, kaggle.com/datasets/olistbr/brazilian-ecommerce, CC
BY-NC-SA 4.0: your own download. Needed in the folder: olist_orders_dataset.csv, olist_customers_dataset.csv,
olist_order_reviews_dataset.csv. Without them ``python -m examples.olist made-up`` shows the same on made-up
orders, in which lateness costs stars and no second orders.

A sample of orders (files olist_sample_..., .csv or .csv.xz) is read as well; then olist_customer_rfm.parquet
(orders of each customer in all) must be beside it, and only comparisons are to be read: frequent buyers are
over-represented.
"""

from __future__ import annotations

import lzma
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import polars as pl

import leal
from examples.made_up_orders import write_orders
from examples.telling import arguments, heading, page, picture, say, table
from leal.charts import score_steps
from leal.predict import score_curve
from leal.results import Estimate
from leal.statistics import Comparison, bootstrap, two_proportions, welch
from leal.wording import Text

Floats = npt.NDArray[np.float64]

STARS = (1, 5)
MADE_UP = "made-up"
"""Typed instead of a folder: orders whose truth is known."""
TIMES = ("order_purchase_timestamp", "order_delivered_customer_date", "order_estimated_delivery_date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """Delivered and reviewed orders.

    Attributes
    ----------
    rows : DataFrame
        ``customer``, ``score`` (1 to 5), ``again`` (whether there is another order), ``late`` (delivered
        after the moment promised, null where the day is missing), ``days`` to delivery, ``asked_early``
        (whether the review was asked for before the parcel came).
    sampled : bool
        Whether only a sample of orders is at hand: then levels say nothing.
    several, undated : int
        Further reviews of an order, left out; orders without a day of delivery, left out where it is needed.
    """

    rows: pl.DataFrame
    sampled: bool
    several: int
    undated: int


def read(folder: Path) -> Orders:
    """Return the delivered orders of a folder with score, delivery, and whether the person ordered again.

    With all orders, each person's first delivered order counts, and `again` means a later one. With a sample,
    each order counts, and `again` means two orders or more in all.
    """
    reviews = _table(folder, "order_reviews").select("order_id", "review_score", "review_creation_date")
    people = _table(folder, "customers").select("customer_id", "customer_unique_id")
    orders = _table(folder, "orders").join(people, on="customer_id")
    base = folder / "olist_customer_rfm.parquet"
    told = _told_by_base(orders, base) if base.is_file() else _told_by_orders(orders)
    once = reviews.unique("order_id", keep="first", maintain_order=True)
    rows = told.join(once, on="order_id").select(
        customer="customer_unique_id",
        score=pl.col("review_score").cast(pl.Float64),
        again="again",
        late=pl.col(TIMES[1]) > pl.col(TIMES[2]),
        days=(pl.col(TIMES[1]) - pl.col(TIMES[0])).dt.total_days(),
        asked_early=pl.col("review_creation_date").cast(pl.Datetime) < pl.col(TIMES[1]),
    )
    return Orders(
        rows=rows,
        sampled=base.is_file(),
        several=reviews.height - once.height,
        undated=rows["late"].null_count(),
    )


def _table(folder: Path, name: str) -> pl.DataFrame:
    for stem in (f"olist_{name}_dataset.csv", f"olist_sample_{name}_dataset.csv"):
        for path in (folder / stem, folder / f"{stem}.xz"):
            if path.is_file():
                read = path.read_bytes()
                text = lzma.decompress(read) if path.suffix == ".xz" else read
                return pl.read_csv(text, try_parse_dates=True)
    raise SystemExit(f"{folder} has no olist_{name}_dataset.csv")


def _told_by_base(orders: pl.DataFrame, base: Path) -> pl.DataFrame:
    counts = pl.read_parquet(base).select("customer_unique_id", again=pl.col("frequency") > 1)
    return orders.filter(pl.col("order_status") == "delivered").join(counts, on="customer_unique_id")


def _told_by_orders(orders: pl.DataFrame) -> pl.DataFrame:
    last = orders.group_by("customer_unique_id").agg(pl.col(TIMES[0]).max().alias("last"))
    delivered = orders.filter(pl.col("order_status") == "delivered").sort(TIMES[0], "order_id")
    first = delivered.unique("customer_unique_id", keep="first", maintain_order=True)
    return first.join(last, on="customer_unique_id").with_columns(again=pl.col("last") > pl.col(TIMES[0]))


def curve(rows: pl.DataFrame) -> pl.DataFrame:
    """Return one row a score: share who ordered again with its interval, mean days to delivery."""
    shaped = rows.with_columns(
        repeat=pl.col("again").cast(pl.Int64), spend=pl.lit(0.0), gone=~pl.col("again")
    )
    days = rows.group_by("score").agg(pl.col("days").mean().alias("days to delivery"))
    ends = ("retention", "retention_low", "retention_high")
    return score_curve(shaped, score="score").select("score", "n", *ends).join(days, on="score").sort("score")


def best_against_rest(rows: pl.DataFrame, least: float = 1.0) -> Comparison:
    """Return share who ordered again: five stars less the scores from `least` to 4."""
    return _shares(rows.filter(pl.col("score") == 5), rows.filter(pl.col("score").is_between(least, 4)))


def among_the_rest(rows: pl.DataFrame) -> Comparison:
    """Return share who ordered again: four stars less one to three."""
    return _shares(rows.filter(pl.col("score") == 4), rows.filter(pl.col("score") < 4))


def late_against_punctual(rows: pl.DataFrame) -> tuple[Comparison, Comparison]:
    """Return late less punctual orders: mean score, share who ordered again."""
    dated = rows.drop_nulls("late")
    late, punctual = dated.filter("late"), dated.filter(~pl.col("late"))
    one, other = late["score"].to_numpy(), punctual["score"].to_numpy()
    scores = welch(one.mean(), one.std(ddof=1), one.size, other.mean(), other.std(ddof=1), other.size)
    return scores, _shares(late, punctual)


def _shares(one: pl.DataFrame, other: pl.DataFrame) -> Comparison:
    """Return the difference of two shares; with hundreds on each side the plain interval does."""
    counts = (int(one["again"].sum()), one.height, int(other["again"].sum()), other.height)
    return two_proportions(*counts, method="wald")


def rank_correlation(rows: pl.DataFrame, cause: str) -> Estimate:
    """Return Spearman's correlation of a cause with the score, its interval by bootstrap of the ranks."""
    known = rows.drop_nulls(cause)
    x, y = (known[name].cast(pl.Float64).rank().to_numpy() for name in (cause, "score"))
    x, y = (one - one.mean() for one in (x, y))
    sums = np.column_stack([np.ones(x.size), x, y, x * x, y * y, x * y])
    found = bootstrap(np.ones(x.size), _correlation, moments=sums, replicates=1000)
    low, high = found.limits()
    return Estimate(
        estimate=float(found.estimate[0]),
        ci_low=float(low[0]),
        ci_high=float(high[0]),
        n=known.height,
        method="bootstrap",
    )


def _correlation(sums: Floats) -> Floats:
    n, x, y, xx, yy, xy = sums.T
    return np.asarray((n * xy - x * y) / np.sqrt((n * xx - x * x) * (n * yy - y * y)))


def main(given: Sequence[str] | None = None) -> None:
    """Print the two links and what lies from end to end; write the picture."""
    meaning = (
        f"where the downloaded files are, or {MADE_UP}: orders whose truth is known, without any download"
    )
    told = arguments(given, about="Leal on Olist", source="folder", meaning=meaning)
    orders = _made_up() if str(told.folder) == MADE_UP else read(told.folder)
    with page(told.charts, "olist", "Olist: late deliveries, stars, second orders"):
        _tell(orders, told.charts)


def _made_up() -> Orders:
    with TemporaryDirectory() as folder:
        write_orders(Path(folder))
        return read(Path(folder))


def _tell(orders: Orders, charts: Path) -> None:
    rows = orders.rows
    heading("1 Orders")
    say(f"{rows.height:,} delivered orders with a review; {orders.several:,} further reviews are left out,")
    say(f"{orders.undated:,} orders have no day of delivery.")
    if orders.sampled:
        say("A sample drawn by order: frequent buyers are over-represented. Compare; do not read levels.")
    _tell_delivery(rows)
    _tell_scores(rows, charts)
    _tell_whole(rows)


def _tell_delivery(rows: pl.DataFrame) -> None:
    heading("2 Late deliveries cost stars")
    dated = rows.drop_nulls("late")
    words = pl.when("late").then(pl.lit("late")).otherwise(pl.lit("in time"))
    say(leal.csat(dated.select(satisfaction="score", delivery=words), by="delivery", scale=STARS))
    stars, _ = late_against_punctual(rows)
    say(
        f"Mean score, late less punctual: {stars}",
        f"Spearman's correlation with the score: late {rank_correlation(rows, 'late')},",
        f"  days to delivery {rank_correlation(rows, 'days')}",
    )
    early = dated.filter("late")["asked_early"].mean()
    if isinstance(early, float):
        say(f"Of late orders {100 * early:.0f} % were to be reviewed before the parcel came.")


def _tell_scores(rows: pl.DataFrame, charts: Path) -> None:
    heading("3 Stars and second orders")
    by_score = curve(rows)
    in_percent = by_score.with_columns(pl.col("^retention.*$") * 100)
    table(in_percent.rename({"retention": "again %", "retention_low": "from", "retention_high": "to"}))
    best, rest = best_against_rest(rows), among_the_rest(rows)
    say(
        f"Five stars less one to four: {_points(best)}, p = {best.p_value:.3f}",
        f"Four stars less one to three: {_points(rest)}",
    )
    shown = by_score.drop_nulls("retention")
    title, stars = Text("share who ordered again"), Text("stars given, 1 to 5")
    picture(score_steps(shown, axis_title=title, score_title=stars), charts, "olist-again-by-score")


def _tell_whole(rows: pl.DataFrame) -> None:
    heading("4 From end to end")
    _, again = late_against_punctual(rows)
    say(f"Share who ordered again, late less punctual: {_points(again)}")
    if again.differs_from_zero:
        say("Late customers order again less or more often; a correlation still, grade C.")
        return
    say(
        "Nothing is seen: not a proof that lateness is harmless (the interval says how much it may cost),",
        "but no ground for 'each star is worth so much'. Multiplying the two links would claim an effect",
        "that the direct comparison does not show. Grade C: customers were not made late by lot.",
    )


def _points(found: Comparison) -> str:
    estimate, low, high = (100 * value for value in (found.estimate, found.ci_low, found.ci_high))
    return f"{estimate:+.1f} points (95 % {low:+.1f} to {high:+.1f}, n = {found.n:,.0f})".replace(
        "-", "\u2212"
    )


if __name__ == "__main__":
    main()
