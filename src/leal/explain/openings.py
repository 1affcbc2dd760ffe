"""Where each rival can be attacked: drivers on which it is weaker, how many of its customers are open."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.engine import FrameLike, collect, column_names, lazy, require_column
from leal.explain.items import Item, find_items
from leal.measure import present_brands
from leal.measure.programmes.noticing_counts import flag
from leal.results import Estimate, Grade, Money, Note, Proportion, one_called
from leal.statistics import Comparison, Sample, holm, proportion_interval, two_sided_z, welch
from leal.tables import BRANDS
from leal.wording import Count, Formatted, Listing, Percent, Text, in_a_row

Floats = NDArray[np.float64]

DISSATISFIED = 0.6
"""Part of the scale below which a brand's user counts as dissatisfied (60 of 100: EPSI's lower band)."""

FEWEST_USERS = 30
_THREE = 3.0  # none seen: up to three may be there with 95 % confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakness:
    """One driver on which users of a rival rate it beside ours rating us.

    Attributes
    ----------
    item : str
        The question.
    gap : Comparison
        Their rating of the rival minus our users' rating of us, on 0 to 100; below zero the rival is weaker.
    p_value : float
        Corrected for all rivals and items (Holm).
    importance : float
        Correlation of the item with the score among all ratings: how much it goes with satisfaction.
    sure : bool
        Whether the rival is surely weaker.
    """

    item: str
    gap: Comparison
    p_value: float
    importance: float
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Customers(Estimate):
    """A number of customers with its interval."""

    def figure(self, value: float) -> Formatted:
        """Return the number as it is written, whole."""
        return Count(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class RivalOpening:
    """What one rival leaves open.

    Attributes
    ----------
    rival : str
        The rival.
    users : int
        Respondents who use it now and rated it.
    dissatisfied : Proportion
        Share of them whose score lies below 60 % of the scale.
    reachable : Customers
        Its dissatisfied customers in the market, by our number of customers and how many of the respondents
        are among them; unknown without our number.
    weaknesses : tuple of Weakness
        Drivers, the weakest and most important first.
    cost_limit : Money or None
        The most that winning one of its dissatisfied customers may cost: the value of one of ours, times
        their spending over our users' where it is known. None without a value.
    """

    rival: str
    users: int
    dissatisfied: Proportion
    reachable: Customers
    weaknesses: tuple[Weakness, ...]
    cost_limit: Money | None

    @property
    def sure_weaknesses(self) -> tuple[Weakness, ...]:
        """The drivers on which it is surely weaker than we are."""
        return tuple(one for one in self.weaknesses if one.sure)

    def sentence(self) -> Text:
        """Return what is open in one sentence."""
        if not self.dissatisfied.known:
            return Text(
                "{rival}: unknown: needs {needed} of its users ({n} found)",
                rival=self.rival,
                needed=FEWEST_USERS,
                n=self.users,
            )
        if not self.weaknesses:
            return Text(
                "{rival}: {share} of its users are dissatisfied; in what it is weaker was not asked.",
                rival=self.rival,
                share=Percent(self.dissatisfied.estimate),
            )
        if not self.sure_weaknesses:
            return Text(
                "{rival}: {share} of its users are dissatisfied, but it is surely weaker in nothing.",
                rival=self.rival,
                share=Percent(self.dissatisfied.estimate),
            )
        return Text(
            "{rival}: {share} of its users are dissatisfied; it is surely weaker in {items}.",
            rival=self.rival,
            share=Percent(self.dissatisfied.estimate),
            items=Listing.of(one.item for one in self.sure_weaknesses),
        )

    def __str__(self) -> str:
        return self.sentence()


@dataclass(frozen=True, slots=True, kw_only=True)
class RivalOpenings:
    """All rivals, the one with most reachable customers (or dissatisfied users) first.

    Attributes
    ----------
    openings : tuple of RivalOpening
        One a rival.
    grade : "C"
        Ratings of different people: correlation.
    notes : tuple of Note
        Doubts.
    """

    openings: tuple[RivalOpening, ...]
    grade: Grade = "C"
    notes: tuple[Note, ...] = ()

    def sentence(self) -> Text:
        """Return what each rival leaves open, the one with most reachable customers first."""
        if not self.openings:
            return Text("unknown: needs ratings of a rival, and a brand marked as own")
        return in_a_row(one.sentence() for one in self.openings)

    def __str__(self) -> str:
        return self.sentence()

    def __getitem__(self, rival: str) -> RivalOpening:
        return one_called(self.openings, "rival", rival)

    def __iter__(self) -> Iterator[RivalOpening]:
        return iter(self.openings)

    def to_frame(self) -> pl.DataFrame:
        """Return one row a rival and item: gap with its ends, p value, importance, whether sure."""
        rows = [
            {"rival": one.rival, "item": weak.item, "gap": weak.gap.estimate}
            | {"gap_low": weak.gap.ci_low, "gap_high": weak.gap.ci_high, "p_value": weak.p_value}
            | {"importance": weak.importance, "sure": weak.sure, "n": weak.gap.n}
            for one in self.openings
            for weak in one.weaknesses
        ]
        return pl.DataFrame(rows, infer_schema_length=None)


def rival_openings(
    brands: FrameLike,
    *,
    customers: int | None = None,
    value: Money | None = None,
    level: float = 0.95,
) -> RivalOpenings:
    """Tell on which drivers each rival is weaker, how many of its customers are open, what one may cost.

    Parameters
    ----------
    brands : dataframe or path
        The table `brands` with ``respondent``, ``brand``, ``score``, ``own``, ``rank`` and, for the drivers,
        further questions on the brand rated.
    customers : int, optional
        How many customers we have now, those included who use another brand more: brings respondents up to
        the market.
    value : Money, optional
        What one of our customers is worth, for the cost limit.
    level : float
        Level of the intervals.

    Returns
    -------
    RivalOpenings

    Raises
    ------
    MissingColumn
        A column is not there.

    Notes
    -----
    Users of a brand are those who rank it first. Reachable = our customers x dissatisfied users of the
    rival / respondents who rank ours at whatever place, for they all are customers of ours (delta method).
    Weaknesses are Welch's comparisons of its users' rating of it with our users' rating of us, Holm's
    correction over rivals and items: scale use may differ between groups of people, so read it as where to
    look first. The cost limit is an upper bound: it takes a won customer for as loyal as ours, which those
    who switch easily seldom are.
    """
    frame = lazy(brands)
    for column in ("brand", "respondent", "score", "own"):
        require_column(frame, column, table="brands")
    items = tuple(item for item in find_items(frame) if item.name not in BRANDS)
    rated = _rated(frame, items)
    own = _own(rated)
    if own is None:
        return RivalOpenings(openings=())
    users = rated.filter(pl.col("brand") == pl.col("uses"))
    top = 100.0 if float(rated["score"].max() or 0) > 10 else 10.0  # type: ignore[arg-type]
    weak = _weaknesses(users, rated, own, items, level)
    customers_asked = rated.filter(pl.col("brand") == own, pl.col("ranked"))["respondent"]
    rivals = sorted(set(users["brand"]) - {own})
    found = [
        _opening(
            rival=name,
            users=users,
            own=own,
            top=top,
            weaknesses=weak.get(name, ()),
            market=(customers, customers_asked),
            value=value,
            level=level,
        )
        for name in rivals
    ]
    return RivalOpenings(
        openings=tuple(sorted(found, key=_place)),
        notes=() if items else (_no_items(),),
    )


def _place(opening: RivalOpening) -> tuple[float, str]:
    """Order by reachable customers, else by dissatisfied users among the respondents."""
    if opening.reachable.known:
        return -opening.reachable.estimate, opening.rival
    known = opening.dissatisfied.known
    return -opening.users * opening.dissatisfied.estimate if known else 0.0, opening.rival


def _rated(frame: FrameLike, items: Sequence[Item]) -> pl.DataFrame:
    """Return one row a rating: respondent, brand, score, own, spend, the items on 0..100, brand used now."""
    scaled = [
        (100 * (pl.col(item.name).cast(pl.Float64) - item.low) / (item.high - item.low)).alias(item.name)
        for item in items
    ]
    names = column_names(frame)
    wanted = ["respondent", "brand", "score", "own", *(item.name for item in items)]
    wanted += [name for name in ("spend", "rank") if name in names]
    ranked = pl.col("rank").is_not_null() if "rank" in names else pl.lit(True)
    rows = collect(frame.select(*wanted)).with_columns(
        pl.col("respondent", "brand").cast(pl.String),
        pl.col("score").cast(pl.Float64),
        ranked.alias("ranked"),
        *scaled,
    )
    return rows.join(present_brands(frame), on="respondent", how="inner").drop_nulls(["brand", "score"])


def _own(rated: pl.DataFrame) -> str | None:
    flags = rated.filter(flag(rated, "own"))
    return None if flags.is_empty() else str(flags["brand"].mode().sort()[0])


def _weaknesses(
    users: pl.DataFrame, rated: pl.DataFrame, own: str, items: Sequence[Item], level: float
) -> dict[str, tuple[Weakness, ...]]:
    compared = [
        (rival, item.name, gap)
        for rival in sorted(set(users["brand"]) - {own})
        for item in items
        if (gap := _gap(users, own, rival, item.name, level)) is not None
    ]
    if not compared:
        return {}
    adjusted = holm([gap.p_value for _, _, gap in compared])
    importance = {item.name: _correlation(rated, item.name) for item in items}
    found: dict[str, list[Weakness]] = {}
    for (rival, item, gap), p_value in zip(compared, adjusted, strict=True):
        sure = float(p_value) < 1 - level and gap.estimate < 0
        weak = Weakness(item=item, gap=gap, p_value=float(p_value), importance=importance[item], sure=sure)
        found.setdefault(rival, []).append(weak)
    return {
        rival: tuple(sorted(weak, key=lambda one: (not one.sure, one.gap.estimate * max(one.importance, 0))))
        for rival, weak in found.items()
    }


def _gap(users: pl.DataFrame, own: str, rival: str, item: str, level: float) -> Comparison | None:
    theirs, ours = (users.filter(pl.col("brand") == name)[item].drop_nulls() for name in (rival, own))
    if min(theirs.len(), ours.len()) < FEWEST_USERS:
        return None
    one, other = Sample.of_values(theirs.to_numpy()), Sample.of_values(ours.to_numpy())
    return welch(
        one.mean, one.standard_deviation, one.n, other.mean, other.standard_deviation, other.n, level
    )


def _correlation(rated: pl.DataFrame, item: str) -> float:
    both = rated.select(item, "score").drop_nulls()
    value = both.select(pl.corr(item, "score")).item() if both.height > 2 else None
    return float(value) if value is not None and math.isfinite(value) else 0.0


def _opening(
    *,
    rival: str,
    users: pl.DataFrame,
    own: str,
    top: float,
    weaknesses: tuple[Weakness, ...],
    market: tuple[int | None, pl.Series],
    value: Money | None,
    level: float,
) -> RivalOpening:
    theirs = users.filter(pl.col("brand") == rival)
    ours = users.filter(pl.col("brand") == own)
    open_ones = theirs.filter(pl.col("score") < DISSATISFIED * top)
    enough = theirs.height >= FEWEST_USERS
    return RivalOpening(
        rival=rival,
        users=theirs.height,
        dissatisfied=_dissatisfied(open_ones.height, theirs.height if enough else 0, level),
        reachable=_reachable(open_ones["respondent"], *market, level) if enough else _unreachable(level),
        weaknesses=weaknesses,
        cost_limit=_cost_limit(open_ones, ours, value, level),
    )


def _dissatisfied(count: int, n: int, level: float) -> Proportion:
    ends = proportion_interval(count if n else 0, n, level)
    return Proportion(
        estimate=count / n if n else math.nan,
        ci_low=ends.low,
        ci_high=ends.high,
        n=n,
        level=level,
        method=ends.method,
    )


def _unreachable(level: float) -> Customers:
    blank = math.nan
    return Customers(estimate=blank, ci_low=blank, ci_high=blank, n=0, level=level, method="unknown")


def _reachable(open_ones: pl.Series, customers: int | None, asked: pl.Series, level: float) -> Customers:
    """Return customers x open / ours: two counts of the same respondents, log error by delta.

    Who is open and a customer of ours besides stands above and below: var log = 1/a + 1/b - 2 both/(a b).
    """
    ours = asked.n_unique()
    if customers is None or not ours:
        return _unreachable(level)
    count = open_ones.len()
    if not count:
        most = customers * _THREE / ours
        return Customers(estimate=0, ci_low=0, ci_high=most, n=ours, level=level, method="rule_of_three")
    both = int(open_ones.is_in(asked.to_list()).sum())
    error = math.sqrt(1 / count + 1 / ours - 2 * both / (count * ours))
    middle, factor = customers * count / ours, math.exp(two_sided_z(level) * error)
    return Customers(
        estimate=middle,
        ci_low=middle / factor,
        ci_high=middle * factor,
        n=count + ours,
        level=level,
        method="delta_log",
    )


def _cost_limit(
    open_ones: pl.DataFrame, ours: pl.DataFrame, value: Money | None, level: float
) -> Money | None:
    if value is None or not value.known:
        return None
    ratio, error, n = _spend_ratio(open_ones, ours)
    middle = value.estimate * ratio
    spread = math.hypot(
        ratio * (value.ci_high - value.ci_low) / 2, value.estimate * error * two_sided_z(level)
    )
    return Money(
        estimate=middle,
        ci_low=max(middle - spread, 0.0),
        ci_high=middle + spread,
        n=n,
        level=level,
        method="delta",
        currency=value.currency,
        basis=value.basis,
        period="once",
        grade="C",
    )


def _spend_ratio(open_ones: pl.DataFrame, ours: pl.DataFrame) -> tuple[float, float, int]:
    """Return spending of those to be won over that of our users, its standard error, and n; 1 if unknown."""
    if "spend" not in ours.columns:
        return 1.0, 0.0, ours.height
    parts = [part["spend"].cast(pl.Float64, strict=False).drop_nulls() for part in (open_ones, ours)]
    if min(part.len() for part in parts) < 2 or not float(parts[1].mean() or 0) > 0:  # type: ignore[arg-type]
        return 1.0, 0.0, ours.height
    means = [float(part.mean()) for part in parts]  # type: ignore[arg-type]
    errors = [float(part.std()) / math.sqrt(part.len()) for part in parts]  # type: ignore[arg-type]
    ratio = means[0] / means[1]
    relative = math.hypot(*(error / mean for error, mean in zip(errors, means, strict=True) if mean))
    return ratio, ratio * relative, sum(part.len() for part in parts)


def _no_items() -> Note:
    text = Text("The study asks nothing on single drivers of brands: where rivals are weaker is not known.")
    return Note(code="no_items_by_brand", text=text)
