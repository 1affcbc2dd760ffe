"""Van Westendorp's price sensitivity meter: between which prices a product or a wish may stand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.engine import FrameLike, collect, lazy, require_column
from leal.errors import BadValue, Where
from leal.results import Estimate, Note, Result
from leal.statistics import fixed_order, limits_of_draws, resample_counts
from leal.wording import Amount, Formatted, Text, plural

if TYPE_CHECKING:
    from leal.charts import Chart, Style

Floats = NDArray[np.float64]

FEWEST_ANSWERS = 30
PURCHASE_PROBABILITY = (0.0, 0.1, 0.3, 0.5, 0.7)
"""Probability of buying behind intentions 1 (certainly not) to 5 (certainly), Newton, Miller and Smith."""

_WITH_HUNDREDTHS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PricePoint(Estimate):
    """A price at which two curves meet.

    Attributes
    ----------
    low, high : float
        The ends of the plateau on which they meet; `estimate` is its lower end, as the usual programs give
        it. Where they differ, any price between is as good: without overlap the plateau is wide.
    currency : str or None
        ISO code, where known.
    """

    low: float
    high: float
    currency: str | None = None

    def figure(self, value: float) -> Formatted:
        """Return a price as it is written, small ones with hundredths."""
        return Amount(value, self.currency, digits=2 if abs(value) < _WITH_HUNDREDTHS else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSensitivity(Result):
    """Prices that customers would accept.

    Attributes
    ----------
    least, most : PricePoint
        Ends of the range of acceptable prices: too cheap meets not cheap, too expensive meets not expensive.
    indifference : PricePoint
        As many find it cheap as expensive.
    optimal : PricePoint
        As few find it too cheap as too expensive.
    trial, revenue : PricePoint or None
        The price at which most would buy, and at which they would pay most in all (Newton, Miller and
        Smith); None without intentions to buy.
    n : int
        Respondents whose four prices are in order.
    left_out : int
        Respondents whose prices are not in order, or incomplete.
    curves : DataFrame
        ``price``, ``too_cheap``, ``cheap``, ``expensive``, ``too_expensive`` (shares of respondents), and
        with intentions ``trial`` and ``revenue`` (a head).
    notes : tuple of Note
        Doubts.
    """

    least: PricePoint
    most: PricePoint
    indifference: PricePoint
    optimal: PricePoint
    trial: PricePoint | None
    revenue: PricePoint | None
    n: int
    left_out: int
    curves: pl.DataFrame
    notes: tuple[Note, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there were enough answers."""
        return self.optimal.known

    def sentence(self) -> Text:
        """Return the range of acceptable prices in one sentence."""
        if not self.known:
            return Text(
                "unknown: needs {needed} respondents with four prices in order ({n} found)",
                needed=FEWEST_ANSWERS,
                n=self.n,
            )
        return Text(
            "Acceptable prices run from {least} to {most}; fewest object at {optimal}, {indifference} is felt"
            " to be usual (n = {n}).",
            least=self.least.figure(self.least.estimate),
            most=self.most.figure(self.most.estimate),
            optimal=self.optimal.figure(self.optimal.estimate),
            indifference=self.indifference.figure(self.indifference.estimate),
            n=self.n,
        )

    def chart(self, style: Style | None = None) -> Chart:
        """Draw the four curves and the range of acceptable prices."""
        from leal.charts import Style, price_curves

        ends = (self.least.estimate, self.most.estimate) if self.known else None
        return price_curves(self.curves, style or Style(), acceptable=ends)

    def to_frame(self) -> pl.DataFrame:
        """Return one row a price point."""
        names = ("least", "indifference", "optimal", "most", "trial", "revenue")
        points = [(name, getattr(self, name)) for name in names]
        return pl.DataFrame(
            [
                {"point": name, "estimate": one.estimate, "ci_low": one.ci_low, "ci_high": one.ci_high}
                | {"low": one.low, "high": one.high, "n": one.n}
                for name, one in points
                if one is not None and one.known
            ]
        )


def price_sensitivity(
    answers: FrameLike,
    *,
    too_cheap: str = "too_cheap",
    cheap: str = "cheap",
    expensive: str = "expensive",
    too_expensive: str = "too_expensive",
    intention_cheap: str | None = None,
    intention_expensive: str | None = None,
    currency: str | None = None,
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> PriceSensitivity:
    """Tell between which prices a product or a granted wish may stand.

    Parameters
    ----------
    answers : dataframe or path
        One row a respondent: the price at which it would be too cheap to be good, cheap, expensive, too
        expensive.
    too_cheap, cheap, expensive, too_expensive : str
        Columns of these.
    intention_cheap, intention_expensive : str, optional
        Columns of the intention to buy at the cheap and at the expensive price, 1 (certainly not) to 5
        (certainly).
    currency : str, optional
        ISO code.
    level : float
        Level of the intervals.
    resamples, seed : int
        Bootstrap of respondents.

    Returns
    -------
    PriceSensitivity

    Raises
    ------
    MissingColumn
        A column is not there.
    BadValue
        A price is negative, or an intention is not from 1 to 5.

    Notes
    -----
    A respondent counts where too cheap < cheap < expensive < too expensive; others are left out and counted.
    Two curves often meet on a plateau: its two ends are both given.

    When not to use: it asks for a price without rivals, and people say what they think fair, not what they
    pay. Use it to bound a price, not to set it.

    References
    ----------
    Van Westendorp (1976), ESOMAR Congress; Newton, Miller and Smith (1993), A market acceptance extension.
    """
    prices, intentions, left_out = _read(
        answers,
        (too_cheap, cheap, expensive, too_expensive),
        (intention_cheap, intention_expensive),
    )
    n = len(prices)
    points = _Points(prices, intentions)
    everyone = np.ones((1, n))
    enough = n >= FEWEST_ANSWERS
    found = points.of(everyone)
    draws = (
        points.of(np.concatenate(list(resample_counts(np.ones(n), resamples, seed=seed)))) if enough else None
    )

    def point(name: str) -> PricePoint | None:
        if name not in found:
            return None
        low, high = (float(value) for value in found[name][:, 0])
        spread = draws[name] if draws is not None else np.empty((2, 0))
        if enough:
            return _point(low, high, spread, n, level, currency)
        return PricePoint.unknown(n, level, low=math.nan, high=math.nan, currency=currency)

    crossings = {name: _there(point(name)) for name in _CROSSINGS}
    return PriceSensitivity(
        least=crossings["least"],
        most=crossings["most"],
        indifference=crossings["indifference"],
        optimal=crossings["optimal"],
        trial=point("trial"),
        revenue=point("revenue"),
        n=n,
        left_out=left_out,
        curves=points.curves(everyone[0]) if n else pl.DataFrame(),
        notes=_notes(left_out, crossings["optimal"]),
    )


def _there(point: PricePoint | None) -> PricePoint:
    assert point is not None  # the four crossings always are, known or not
    return point


def _read(
    answers: FrameLike, columns: Sequence[str], intention: tuple[str | None, str | None]
) -> tuple[Floats, Floats | None, int]:
    """Return the prices in order, intentions to buy as probabilities, and how many are left out."""
    frame = lazy(answers)
    wanted = [*columns, *(name for name in intention if name)]
    for column in wanted:
        require_column(frame, column, table="prices")
    rows = collect(frame.select(*wanted))
    values = (
        np.column_stack([_numbers(rows[column]) for column in wanted])
        if rows.height
        else np.empty((0, len(wanted)))
    )
    prices = values[:, :4]
    ordered = np.all(np.diff(prices, axis=1) > 0, axis=1) & np.all(np.isfinite(values), axis=1)
    bought = None
    if intention[0] and intention[1]:
        bought = np.column_stack([_probability(values[ordered, 4 + at], wanted[4 + at]) for at in (0, 1)])
    in_order = fixed_order(values[ordered])
    if bought is not None:
        bought = bought[in_order]
    return prices[ordered][in_order], bought, int(np.sum(~ordered))


def _numbers(column: pl.Series) -> Floats:
    if not column.dtype.is_numeric():
        raise BadValue(
            Text("{column} holds words, not prices.", column=column.name),
            hint=Text("Give the prices as numbers."),
            where=Where(column=column.name),
        )
    values = column.cast(pl.Float64).fill_null(math.nan).to_numpy()
    if np.any(values < 0):
        raise BadValue(
            Text("{column} holds a price below zero.", column=column.name),
            hint=Text("Correct the price, or leave the cell empty."),
            where=Where(column=column.name, row=int(np.argmax(values < 0)) + 1),
        )
    return np.asarray(values, dtype=np.float64)


def _probability(intentions: Floats, column: str) -> Floats:
    codes = np.rint(intentions).astype(int)
    if np.any((codes < 1) | (codes > 5) | (codes != intentions)):
        raise BadValue(
            Text("{column} holds an intention to buy that is not from 1 to 5.", column=column),
            hint=Text("1 is certainly not, 5 is certainly."),
            where=Where(column=column),
        )
    return np.take(np.asarray(PURCHASE_PROBABILITY), codes - 1)


_CROSSINGS = ("least", "most", "indifference", "optimal")


class _Points:
    """The curves on the grid of all prices named, and where they meet, for many sets of counts at once."""

    def __init__(self, prices: Floats, intentions: Floats | None) -> None:
        self.grid = np.unique(prices)
        self.places = np.searchsorted(self.grid, prices)
        self.buys = None if intentions is None else _chance_of_buying(prices, intentions, self.grid)

    def of(self, counts: Floats) -> dict[str, Floats]:
        """Return both ends of the plateau of each point: name to array (2, sets of counts)."""
        if not len(self.grid):
            return dict.fromkeys(_CROSSINGS, np.full((2, len(counts)), math.nan))
        rows = [self._of_one(one) for one in counts]
        return {name: np.stack([row[name] for row in rows], axis=1) for name in rows[0]}

    def _of_one(self, counts: Floats) -> dict[str, Floats]:
        total = counts.sum()
        too_cheap, cheap, expensive, too_expensive = self._at_most(counts)
        pairs = {
            "least": (cheap, total - too_cheap),
            "most": (too_expensive, total - expensive),
            "indifference": (expensive, total - cheap),
            "optimal": (too_expensive, total - too_cheap),
        }
        found = {name: self._meeting(rising, falling) for name, (rising, falling) in pairs.items()}
        if self.buys is not None:
            trial = counts @ self.buys
            for name, curve in (("trial", trial), ("revenue", trial * self.grid)):
                found[name] = np.repeat(self.grid[curve.argmax()], 2)
        return found

    def _at_most(self, counts: Floats) -> list[Floats]:
        """Return for each question how many named at most each price of the grid."""
        cells = len(self.grid)
        return [np.cumsum(np.bincount(place, weights=counts, minlength=cells)) for place in self.places.T]

    def _meeting(self, rising: Floats, falling: Floats) -> Floats:
        """Return the first price where the rising curve is not below, and the first where it is above."""
        reached, passed = rising >= falling, rising > falling
        last = len(self.grid) - 1
        ends = [int(where.argmax()) if where.any() else last for where in (reached, passed)]
        return np.take(self.grid, ends)

    def curves(self, counts: Floats) -> pl.DataFrame:
        total = counts.sum()
        shares = [below / total for below in self._at_most(counts)]
        columns = {
            "price": self.grid,
            "too_cheap": 1 - shares[0],
            "cheap": 1 - shares[1],
            "expensive": shares[2],
            "too_expensive": shares[3],
        }
        if self.buys is not None:
            columns["trial"] = counts @ self.buys / total
            columns["revenue"] = columns["trial"] * self.grid
        return pl.DataFrame(columns)


def _chance_of_buying(prices: Floats, intentions: Floats, grid: Floats) -> Floats:
    """Return each respondent's probability of buying at each price: 0 at the outer two, linear between."""
    rows = [
        np.interp(grid, named, [0.0, bought[0], bought[1], 0.0], left=0.0, right=0.0)
        for named, bought in zip(prices, intentions, strict=True)
    ]
    return np.stack(rows) if rows else np.empty((0, len(grid)))


def _point(low: float, high: float, draws: Floats, n: int, level: float, currency: str | None) -> PricePoint:
    return PricePoint(
        estimate=low,
        ci_low=min(limits_of_draws(draws[0], level)[0], low),
        ci_high=max(limits_of_draws(draws[1], level)[1], high),
        n=n,
        level=level,
        method="bootstrap",
        low=low,
        high=high,
        currency=currency,
    )


def _notes(left_out: int, best: PricePoint) -> tuple[Note, ...]:
    notes = []
    if left_out:
        text = plural(
            "{count} respondent whose prices are incomplete or not in order is left out.",
            "{count} respondents whose prices are incomplete or not in order are left out.",
            left_out,
        )
        notes.append(Note(code="prices_out_of_order", text=text))
    if best.known and best.high > 1.1 * best.low:
        text = Text(
            "Too cheap and too expensive meet anywhere from {low} to {high}: nobody objects between.",
            low=best.figure(best.low),
            high=best.figure(best.high),
        )
        notes.append(Note(code="plateau", text=text))
    return tuple(notes)
