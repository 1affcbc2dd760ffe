"""The effect of actions month after month since their start, by the way to loyalty that they take."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import narwhals as nw
import numpy as np
import numpy.typing as npt
import polars as pl

from leal.engine import FrameLike, collect, column_names, day_number, lazy, require_column
from leal.measure import FEWEST_IN_ARM, daily_money, is_control
from leal.prove.fading import HalfLife, half_life
from leal.results import Basis, Money, Note, Result, one_called
from leal.statistics import two_sided_z
from leal.wording import Text, in_a_row

if TYPE_CHECKING:
    from leal.charts import Style

Floats = npt.NDArray[np.float64]

DAYS_IN_MONTH = 30
MOST_MONTHS = 24
NO_PATH = "not_said"

PATH_WORDS = {
    "uniqueness": Text("uniqueness"),
    "economic": Text("economic"),
    "emotional": Text("emotional"),
    NO_PATH: Text("way not said"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectOverTime:
    """What the actions of one way to loyalty change, month by month since they began.

    Attributes
    ----------
    path : str
        ``"uniqueness"``, ``"economic"``, ``"emotional"``, or ``"not_said"``.
    actions : tuple of str
        The actions with a holdout that it rests on.
    months : tuple of Money
        Effect a head in each 30 days since the start that all these actions have behind them, weighed by
        their treated customers.
    half_life : HalfLife
        After how many months half of it is left, tested against an effect that lasts.
    """

    path: str
    actions: tuple[str, ...]
    months: tuple[Money, ...]
    half_life: HalfLife

    def sentence(self) -> Text:
        """Return how long the effect of this way lasts."""
        return Text(
            "{path}: {words}", path=PATH_WORDS.get(self.path, self.path), words=self.half_life.sentence()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectsByPath(Result):
    """Each way to loyalty with its effect over time; iterates over them."""

    paths: tuple[EffectOverTime, ...]
    level: float
    notes: tuple[Note, ...] = ()

    def __iter__(self) -> Iterator[EffectOverTime]:
        return iter(self.paths)

    def __getitem__(self, path: str) -> EffectOverTime:
        return one_called(self.paths, "path", path)

    def sentence(self) -> Text:
        """Return how long the effect of each way lasts."""
        if not self.paths:
            return Text("unknown: needs actions with a holdout that began a month ago or earlier")
        return in_a_row(one.sentence() for one in self.paths)

    def to_frame(self) -> pl.DataFrame:
        """Return one row a way and month: path, month (from 1), estimate, ci_low, ci_high, fitted."""
        rows = [
            {
                "path": one.path,
                "month": place,
                "estimate": month.estimate,
                "ci_low": month.ci_low,
                "ci_high": month.ci_high,
                "fitted": _fitted(one.half_life, place),
            }
            for one in self.paths
            for place, month in enumerate(one.months, start=1)
        ]
        kinds = dict.fromkeys(("estimate", "ci_low", "ci_high", "fitted"), pl.Float64)
        return pl.DataFrame(rows, schema={"path": pl.String, "month": pl.Int64, **kinds})

    def chart(self, style: Style | None = None) -> Any:
        """Return the effects by month as a Vega-Altair chart."""
        from leal.charts import Style, effect_curves

        currency = next((month.currency for one in self.paths for month in one.months), None)
        words = {one.path: PATH_WORDS.get(one.path, Text("{path}", path=one.path)) for one in self.paths}
        return effect_curves(self.to_frame(), style or Style(), currency=currency, names=words)


def _fitted(found: HalfLife, month: int) -> float | None:
    """Return the fitted effect of a month; a level line where no decay was found."""
    if not found.decay.known:
        return None
    rate = math.log(2) / found.estimate if found.known else 0.0
    return found.first_effect * math.exp(-rate * (month - 0.5))


def effects_by_path(
    actions: FrameLike,
    purchases: FrameLike,
    *,
    margin: float | None = None,
    column: Literal["amount", "margin"] = "amount",
    currency: str | None = None,
    basis: Basis = "revenue",
    level: float = 0.95,
) -> EffectsByPath:
    """Tell how long the effect of actions lasts, by the way to loyalty that they take.

    Parameters
    ----------
    actions : dataframe or path
        Table ``actions`` with customer, arm, started_at and, where known, path.
    purchases : dataframe or path
        Table ``purchases``, or what `leal.measure.daily_money` gave (customer, day, amount).
    margin : float, optional
        Margin as a share of revenue, where `column` is ``"margin"`` and purchases have none.
    column : {"amount", "margin"}
        What is counted.
    currency, basis, level
        How money is written and counted; confidence level.

    Returns
    -------
    EffectsByPath

    Notes
    -----
    Money of each customer in each whole 30 days since the start, treated minus held out; whoever is in two
    arms of an action is left out. The covariance between months is that of the same customers. Actions of one
    way share a half-life, each has its own first effect (`half_life`). "Short-lived" is so a finding with an
    interval, and "lasts" is never claimed from a few months.
    """
    money = _money_days(purchases, margin, column)
    until = money["day"].max()
    people = _people(actions)
    found: dict[str, list[_Monthly]] = {}
    for (action,), part in people.group_by("action", maintain_order=True):
        monthly = _monthly(str(action), part, money, until if isinstance(until, int) else 0)
        if monthly is not None:
            found.setdefault(monthly.path, []).append(monthly)
    order = [*PATH_WORDS, *sorted(set(found) - set(PATH_WORDS))]
    paths = tuple(_of_path(name, found[name], currency, basis, level) for name in order if name in found)
    return EffectsByPath(paths=paths, level=level)


@dataclass(frozen=True, slots=True)
class _Monthly:
    """The effects of one action by month, with their covariance."""

    action: str
    path: str
    effects: Floats
    covariance: Floats
    treated: int
    customers: int


def _money_days(purchases: FrameLike, margin: float | None, column: str) -> pl.DataFrame:
    frame = lazy(purchases)
    if "bought_at" in column_names(frame):
        days = collect(daily_money(frame, margin=margin))
    else:
        days = collect(frame)
    require_column(lazy(days), column, table="purchases")
    return days.select("customer", pl.col("day").cast(pl.Int32), money=pl.col(column))


def _people(actions: FrameLike) -> pl.DataFrame:
    frame = lazy(actions)
    for column in ("action", "customer", "arm", "started_at"):
        require_column(frame, column, table="actions")
    names = column_names(frame)
    way = nw.col("path").cast(nw.String()) if "path" in names else nw.lit(None).cast(nw.String())
    read = collect(
        frame.select(
            nw.col("action", "customer", "arm").cast(nw.String()),
            day_number(frame, "started_at", table="actions").alias("start"),
            way.alias("path"),
        )
    )
    held_out = is_control(pl.col("arm"))
    named = read.drop_nulls(["action", "customer", "arm", "start"]).with_columns(control=held_out)
    people = named.group_by("action", "customer").agg(
        pl.col("control").first(),
        pl.col("control").n_unique().alias("arms"),
        pl.col("start").min(),
        pl.col("path").drop_nulls().first(),
    )
    return people.filter(pl.col("arms") == 1).sort("action", "customer")


def _monthly(action: str, part: pl.DataFrame, money: pl.DataFrame, until: int) -> _Monthly | None:
    last = part["start"].max()
    whole = (until - last + 1) // DAYS_IN_MONTH if isinstance(last, int) else 0
    months = min(MOST_MONTHS, whole)
    sizes = [part.filter(pl.col("control") == side).height for side in (False, True)]
    if months < 1 or min(sizes) < FEWEST_IN_ARM:
        return None
    people = part.select("customer", "control", "start", row=pl.int_range(pl.len()))
    spent = people.join(money, on="customer").filter(pl.col("day") >= pl.col("start"))
    spent = spent.with_columns(month=(pl.col("day") - pl.col("start")) // DAYS_IN_MONTH)
    sums = spent.filter(pl.col("month") < months).group_by("row", "month").agg(pl.col("money").sum())
    table = np.zeros((people.height, months))
    table[sums["row"].to_numpy(), sums["month"].to_numpy()] = sums["money"].to_numpy()
    control = people["control"].to_numpy()
    sides = table[~control], table[control]
    covariance = sum(np.atleast_2d(np.cov(side, rowvar=False)) / len(side) for side in sides)
    way = part["path"].drop_nulls()
    return _Monthly(
        action=action,
        path=str(way[0]) if len(way) else NO_PATH,
        effects=np.asarray(sides[0].mean(axis=0) - sides[1].mean(axis=0)),
        covariance=np.asarray(covariance, dtype=np.float64),
        treated=sizes[0],
        customers=people.height,
    )


def _of_path(
    path: str, actions: list[_Monthly], currency: str | None, basis: Basis, level: float
) -> EffectOverTime:
    # months that not all actions have seen would jump from one mix of actions to another
    common = min(len(one.effects) for one in actions)
    months = tuple(_month(place, actions, currency, basis, level) for place in range(common))
    size = sum(len(one.effects) for one in actions)
    noise, at = np.zeros((size, size)), 0
    for one in actions:
        end = at + len(one.effects)
        noise[at:end, at:end], at = one.covariance, end
    decay = half_life(
        np.concatenate([one.effects for one in actions]),
        noise,
        months=np.concatenate([np.arange(len(one.effects)) + 0.5 for one in actions]),
        groups=np.concatenate([np.full(len(one.effects), place) for place, one in enumerate(actions)]),
        level=level,
    )
    return EffectOverTime(
        path=path, actions=tuple(one.action for one in actions), months=months, half_life=decay
    )


def _month(place: int, actions: list[_Monthly], currency: str | None, basis: Basis, level: float) -> Money:
    weights = np.array([one.treated for one in actions], dtype=np.float64)
    weights /= weights.sum()
    effect = float(weights @ [one.effects[place] for one in actions])
    error = math.sqrt(float(weights**2 @ [one.covariance[place, place] for one in actions]))
    reach = two_sided_z(level) * error
    return Money(
        estimate=effect,
        ci_low=effect - reach,
        ci_high=effect + reach,
        n=sum(one.customers for one in actions),
        level=level,
        method="welch",
        currency=currency,
        basis=basis,
        period="period",
        grade="A",
    )
