"""Attitude by behaviour: who is truly loyal, who would like to be, who only seems so (Dick and Basu)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl

from leal.engine import lazy, require_column
from leal.errors import BadValue, Where
from leal.measure import figures
from leal.predict.foretelling.sampling_weights import require_weights
from leal.predict.foretelling.skewed_mean import FEWEST_AMOUNTS, skewed_mean_interval
from leal.results import Basis, Money, Note, Proportion, Result, one_called, with_limits
from leal.statistics import proportion_interval, standard_error_of
from leal.wording import Count, Decimal, Listing, Percent, Text

if TYPE_CHECKING:
    from leal.charts import Chart, Style

Loyalty = Literal["true", "latent", "spurious", "none"]
LOYALTIES: tuple[Loyalty, ...] = ("true", "latent", "spurious", "none")

HIGH_ATTITUDE = 0.8
"""Part of the scale from which an attitude is strong: 8 of 10, 4 of 5. A choice, not a law."""

FEWEST = 30

LOYALTY_WORDS: dict[str, Text] = {
    "true": Text("True loyalty"),
    "latent": Text("Latent loyalty"),
    "spurious": Text("Spurious loyalty"),
    "none": Text("No loyalty"),
}


SMALL_CELL = 50
"""Customers of a cell below which the interval of their money a head is less sure where money is uneven."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyaltyCell:
    """One of the four kinds of loyalty.

    Attributes
    ----------
    name : {"true", "latent", "spurious", "none"}
        Strong attitude and frequent purchases; strong and seldom; weak and frequent; weak and seldom.
    customers : int
        Customers seen in it.
    share, share_of_money : Proportion
        Of all customers of the grid (weighted), and of their money.
    per_head : Money
        Yearly money a customer; unknown with fewer than 20 of them.
    """

    name: Loyalty
    customers: int
    share: Proportion
    share_of_money: Proportion
    per_head: Money

    @property
    def words(self) -> Text:
        """The kind of loyalty in words."""
        return LOYALTY_WORDS[self.name]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyaltyGrid(Result):
    """Attitude by behaviour; iterates over the four cells.

    Attributes
    ----------
    cells : tuple of LoyaltyCell
        True, latent, spurious, none; empty where fewer than 30 customers have both.
    high_attitude, high_behaviour : float
        From which an attitude is strong, and purchases are frequent.
    n : int
        Customers with both.
    level : float
        Confidence level.
    notes : tuple of Note
    """

    cells: tuple[LoyaltyCell, ...]
    high_attitude: float
    high_behaviour: float
    n: int
    level: float
    notes: tuple[Note, ...] = ()

    def __iter__(self) -> Iterator[LoyaltyCell]:
        return iter(self.cells)

    def __getitem__(self, name: str) -> LoyaltyCell:
        return one_called(self.cells, "name", name)

    def sentence(self) -> Text:
        """Return the share of spurious and of latent loyalty, and whose money is at risk."""
        if not self.cells:
            return Text(
                "unknown: needs {needed} customers whose score and purchases are known, found {n}",
                needed=Count(FEWEST),
                n=Count(self.n),
            )
        spurious, latent = self["spurious"], self["latent"]
        return Text(
            "{true} of customers are truly loyal; {spurious} buy often without liking it and bring {money} of"
            " the money; {latent} like it and buy seldom.",
            true=Percent(self["true"].share.estimate),
            spurious=Percent(spurious.share.estimate),
            money=Percent(spurious.share_of_money.estimate),
            latent=Percent(latent.share.estimate),
        )

    def to_frame(self) -> pl.DataFrame:
        """Return one row a cell: its share, its share of money and money a head, each with limits."""
        rows = []
        for cell in self.cells:
            row: dict[str, object] = {"loyalty": cell.name, "customers": cell.customers}
            for name in ("share", "share_of_money", "per_head"):
                row |= with_limits(name, getattr(cell, name))
            rows.append(row)
        numbers = [f"{name}{end}" for name in ("share", "share_of_money", "per_head") for end in _ENDS]
        schema = {"loyalty": pl.String, "customers": pl.Int64} | dict.fromkeys(numbers, pl.Float64)
        return pl.DataFrame(rows, schema=schema)

    def chart(self, style: Style | None = None) -> Chart:
        """Draw the four cells: their shares of customers and of money, and money a head."""
        from leal.charts import Style, loyalty_cells

        currency = self["true"].per_head.currency if self.cells else None
        return loyalty_cells(self.to_frame(), style or Style(), currency=currency)


_ENDS = ("", "_low", "_high")


def loyalty_grid(
    people: pl.DataFrame,
    *,
    attitude: str = "score",
    behaviour: str = "purchases",
    money: str = "yearly_money",
    high_attitude: float = 10 * HIGH_ATTITUDE,
    high_behaviour: float | None = None,
    weight: str | None = None,
    cell: str | None = None,
    level: float = 0.95,
    currency: str | None = None,
    basis: Basis = "revenue",
) -> LoyaltyGrid:
    """Divide customers by what they say and by what they do.

    Parameters
    ----------
    people : DataFrame
        One row a customer.
    attitude : str
        Column of the score; relative to rivals where that was asked.
    behaviour : str
        Column of what they do: purchase days of a year, or the share of wallet where it is known.
    money : str
        Column of yearly money.
    high_attitude : float
        Least score of a strong attitude, on the scale of the column: 8 of 10 by default.
    high_behaviour : float, optional
        Least value of frequent buying; by default that which nearest to half of these customers reach.
    weight, cell : str, optional
        Columns of weights to the whole base, and of post-strata.
    level : float
        Confidence level.
    currency, basis
        How money is written.

    Returns
    -------
    LoyaltyGrid
        Without cells where fewer than 30 customers have both.

    Notes
    -----
    The two thresholds are conventions: move them and customers change cells. By default about half of the
    customers buy often by definition; compare cells with each other and over time (with
    `high_behaviour` held), do not read "half are not loyal" as a finding. Spurious loyalty may be habit, a
    contract or the lack of a rival. Dick and Basu mean attitude relative to alternatives; a plain score
    stands in for it.

    References
    ----------
    Dick and Basu (1994), Journal of the Academy of Marketing Science 22(2), 99-113.

    Examples
    --------
    >>> import polars as pl
    >>> people = pl.DataFrame({"score": [9, 9, 4, 3] * 10, "purchases": [9, 1, 8, 2] * 10,
    ...                        "yearly_money": [90.0, 10.0, 80.0, 20.0] * 10})
    >>> [round(cell.share_of_money.estimate, 2) for cell in loyalty_grid(people)]
    [0.45, 0.05, 0.4, 0.1]
    """
    for column in (attitude, behaviour, money, *(name for name in (weight, cell) if name)):
        require_column(lazy(people), column, table="people")
    if not np.isfinite(high_attitude) or (high_behaviour is not None and not np.isfinite(high_behaviour)):
        raise BadValue(
            Text("A threshold of the grid is not a number."),
            hint=Text("Give the least score of a strong attitude, such as 8."),
            where=Where(column="high_attitude"),
        )
    require_weights(people, weight)
    told = people.select(
        attitude=pl.col(attitude).cast(pl.Float64),
        behaviour=pl.col(behaviour).cast(pl.Float64),
        money=pl.col(money).cast(pl.Float64),
        weight=pl.col(weight).cast(pl.Float64) if weight else pl.lit(1.0),
        cell=pl.col(cell).cast(pl.Int64) if cell else pl.lit(0, dtype=pl.Int64),
    ).fill_nan(None)
    rows = told.with_columns(pl.col("money").fill_null(0.0)).drop_nulls()
    often = _half(rows) if high_behaviour is None else float(high_behaviour)
    if rows.height < FEWEST:
        return LoyaltyGrid(
            cells=(), high_attitude=high_attitude, high_behaviour=often, n=rows.height, level=level
        )
    cells = _cells(rows, high_attitude, often, level, currency, basis)
    few = [one for one in cells if 0 < one.customers < FEWEST_AMOUNTS]
    small = [one for one in cells if FEWEST_AMOUNTS <= one.customers < SMALL_CELL]
    return LoyaltyGrid(
        cells=cells,
        high_attitude=high_attitude,
        high_behaviour=often,
        n=rows.height,
        level=level,
        notes=(
            _thresholds(high_attitude, often),
            *((_few(few),) if few else ()),
            *((_small_cells(small),) if small else ()),
        ),
    )


def _few(cells: list[LoyaltyCell]) -> Note:
    text = Text(
        "Fewer than {needed} customers are in: {cells}. Their money a head is not told: no interval of so few"
        " amounts holds.",
        needed=Count(FEWEST_AMOUNTS),
        cells=Listing.of(one.words for one in cells),
    )
    return Note(code="few_in_cell", text=text)


def _small_cells(small: list[LoyaltyCell]) -> Note:
    text = Text(
        "Few customers are in: {cells}. Where money is very uneven, 95 % intervals of their money a head held"
        " in 92 of 100 simulated cases.",
        cells=Listing.of(one.words for one in small),
    )
    return Note(code="small_cells", text=text)


def _half(rows: pl.DataFrame) -> float:
    """Return the value that nearest to half of the customers reach; a median would leave ties on one side."""
    if rows.is_empty():
        return 0.0
    counted = rows.group_by("behaviour").agg(pl.col("weight").sum()).sort("behaviour", descending=True)
    reach = np.cumsum(counted["weight"].to_numpy()) / counted["weight"].sum()
    return float(counted["behaviour"][int(np.argmin(np.abs(reach - 0.5)))])


def _cells(
    rows: pl.DataFrame,
    high_attitude: float,
    often: float,
    level: float,
    currency: str | None,
    basis: Basis,
) -> tuple[LoyaltyCell, ...]:
    liked = rows["attitude"].to_numpy() >= high_attitude
    frequent = rows["behaviour"].to_numpy() >= often
    members = [liked & frequent, liked & ~frequent, ~liked & frequent, ~liked & ~frequent]
    weight, money = rows["weight"].to_numpy(), rows["money"].to_numpy()
    columns = [weight * one for one in members] + [weight * money * one for one in members]
    found = figures(np.column_stack(columns), _shares, strata=rows["cell"].to_numpy(), level=level)
    made = []
    for place, name in enumerate(LOYALTIES):
        n = int(members[place].sum())
        of_all, of_money = (found.of(Proportion, 4 * kind + place, rows.height, level) for kind in range(2))
        low, high = skewed_mean_interval(money, weight * members[place], rows["cell"].to_numpy(), level)
        made.append(
            LoyaltyCell(
                name=name,
                customers=n,
                share=_by_wilson(of_all),
                share_of_money=of_money,
                per_head=_money_a_head(
                    float(found.estimate[8 + place]), (low, high), n, level, currency, basis
                ),
            )
        )
    return tuple(made)


def _money_a_head(
    mean: float, limits: tuple[float, float], n: int, level: float, currency: str | None, basis: Basis
) -> Money:
    method = "skewness_corrected"
    if n < FEWEST_AMOUNTS:
        return Money.unknown(n, level, method, currency=currency, basis=basis)
    return Money(
        estimate=mean, ci_low=limits[0], ci_high=limits[1], n=n, level=level, method=method,
        currency=currency, basis=basis,
    )  # fmt: skip


def _by_wilson(share: Proportion) -> Proportion:
    """Return a share with Wilson's interval on as many customers as its weighted error is worth."""
    error, variance = standard_error_of(share), share.estimate * (1 - share.estimate)
    worth = min(float(share.n), variance / error**2) if error > 0 else float(share.n)
    limits = proportion_interval(share.estimate * worth, worth, share.level)
    return replace(share, ci_low=limits.low, ci_high=limits.high, method=limits.method)


def _shares(sums: np.ndarray) -> np.ndarray:
    heads, money = sums[:, :4], sums[:, 4:]
    whole = money.sum(axis=1, keepdims=True)
    of_money = np.divide(money, whole, out=np.full_like(money, np.nan), where=whole > 0)
    a_head = np.divide(money, heads, out=np.full_like(money, np.nan), where=heads > 0)
    return np.concatenate([heads / heads.sum(axis=1, keepdims=True), of_money, a_head], axis=1)


def _thresholds(high_attitude: float, often: float) -> Note:
    text = Text(
        "Strong attitude: {attitude} or more; frequent: {behaviour} or more. Other thresholds move customers"
        " between cells.",
        attitude=Decimal(high_attitude, 0 if float(high_attitude).is_integer() else 1),
        behaviour=Decimal(often, 0 if float(often).is_integer() else 1),
    )
    return Note(code="thresholds", text=text)
