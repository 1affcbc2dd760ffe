"""How deep to go: what is gained when only those with the highest scores are treated."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from leal.engine import FrameLike
from leal.errors import BadValue, Where
from leal.measure import FEWEST_IN_ARM
from leal.prove.control_arm import ArmName
from leal.prove.experiment_units import Missing
from leal.prove.influences import money_of
from leal.prove.targeting_rows import read_rows, two_arms
from leal.results import Basis, Money, Note, Result, known_or_none
from leal.wording import Count, Percent, RoundAmount, Text

if TYPE_CHECKING:
    from leal.charts import Style

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """What is gained when this share of customers, those with the highest scores, is treated.

    Attributes
    ----------
    share : float
        Share of all customers treated.
    gain : Money
        Money per 1,000 customers of the whole base, cost taken off.
    chance : float
        What treating as many customers by lot would gain.
    """

    share: float
    gain: Money
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetingCurve(Result):
    """The gain by depth, and what the score adds to chance.

    Attributes
    ----------
    depths : tuple of Depth
        From few to all customers.
    above_chance : Money
        Mean over the depths of gain minus that of as many customers by lot, per 1,000 customers (the area of
        Qini's curve in money): above zero where the score ranks by effect at all.
    n : int
    notes : tuple of Note
    """

    depths: tuple[Depth, ...]
    above_chance: Money
    n: int
    notes: tuple[Note, ...]

    @property
    def best(self) -> Depth | None:
        """The depth with the highest gain (a little flattered by being the highest); None where none pays."""
        known = [one for one in self.depths if one.gain.known]
        top = max(known, key=lambda one: one.gain.estimate, default=None)
        return top if top is not None and top.gain.estimate > 0 else None

    @property
    def ranks(self) -> bool:
        """Whether the score surely ranks customers better than a lot does."""
        return self.above_chance.known and self.above_chance.ci_low > 0

    def sentence(self) -> Text:
        """Return how deep to go, and whether the score is of use, in one sentence."""
        use = (
            Text("The score ranks customers by effect.")
            if self.ranks
            else Text("The score does not surely rank customers better than a lot.")
        )
        if self.best is None:
            return Text("{use} No depth pays (n = {n}).", use=use, n=Count(self.n))
        gain = self.best.gain
        return Text(
            "{use} Most is gained at the first {share}: {gain} per 1,000 customers ({level} {low} to {high},"
            " n = {n}).",
            use=use,
            share=Percent(self.best.share),
            gain=RoundAmount(gain.estimate, gain.currency),
            level=Percent(gain.level),
            low=RoundAmount(gain.ci_low, gain.currency),
            high=RoundAmount(gain.ci_high, gain.currency),
            n=Count(self.n),
        )

    def to_frame(self) -> pl.DataFrame:
        """Return one row a depth: share, gain, ci_low, ci_high, chance."""
        rows = [
            {
                "share": one.share,
                "gain": known_or_none(one.gain.estimate),
                "ci_low": known_or_none(one.gain.ci_low),
                "ci_high": known_or_none(one.gain.ci_high),
                "chance": known_or_none(one.chance),
            }
            for one in self.depths
        ]
        kinds = dict.fromkeys(("share", "gain", "ci_low", "ci_high", "chance"), pl.Float64)
        return pl.DataFrame(rows, schema=kinds)

    def chart(self, style: Style | None = None) -> Any:
        """Return the curve as a Vega-Altair chart."""
        from leal.charts import Style, targeting_chart

        return targeting_chart(self.to_frame(), style or Style(), currency=self.above_chance.currency)


def targeting_curve(
    frame: FrameLike,
    *,
    arm: str,
    outcome: str,
    score: str,
    control: ArmName | None = None,
    treated: str | None = None,
    missing: Missing = "error",
    depths: int = 10,
    value: float = 1.0,
    cost: float = 0.0,
    currency: str | None = None,
    basis: Basis = "revenue",
    level: float = 0.95,
) -> TargetingCurve:
    """Tell what would be gained by treating only the customers with the highest scores.

    Parameters
    ----------
    frame : dataframe or path
        One row a customer who was assigned by lot.
    arm, outcome, score : str
        Columns; the score is an expected effect x value (highest first), made without these customers'
        outcomes. A score of risk may be tried: the curve shows what it is worth.
    control, treated : str, optional
        The two arms; `control` as in `experiment`; `treated` may be left out where there is one.
    missing : {"error", "zero", "leave_out"}
        As in `experiment`.
    depths : int
        Points of the curve.
    value, cost : float
        Money for one unit of the outcome; cost a treated customer.
    currency, basis, level
        How money is written and counted; confidence level.

    Returns
    -------
    TargetingCurve

    Notes
    -----
    Gain at depth q = 1000 q (value x (mean of the treated - mean of the held out among the first q) - cost).
    Each limit from the influences of customers on the two means; for the area they are averaged over the
    depths, since the same customers stand in all of them. Customers with equal scores enter together, in part
    where a depth divides them.

    References
    ----------
    Radcliffe (2007), Direct Marketing Analytics Journal; Ascarza (2018), JMR 55 (by effect, not by risk).
    """
    table, _, notes = read_rows(frame, arm, outcome, missing, {"score": score})
    if not table.schema["score"].is_numeric() or table["score"].null_count():
        raise BadValue(
            Text("A customer has no score to be ranked by."),
            hint=Text("Give a number for each customer; the highest are treated first."),
            where=Where(column=score),
        )
    table, names = two_arms(table, control, treated)

    def money(point: float, influence: Floats, effective: float) -> Money:
        return money_of(
            1000 * point,
            1000 * influence,
            effective=effective,
            method="influence",
            level=level,
            currency=currency,
            basis=basis,
        )

    y = value * table["outcome"].to_numpy()
    ours = (table["arm"] == names[0]).to_numpy()
    order = depths_of(table["score"].cast(pl.Float64).to_numpy())
    n = len(y)
    whole, shape, _ = _effect(y, ours, np.ones(n))
    found, beyond, areas, fewest = [], [], [], []
    for place in range(1, depths + 1):
        q = place / depths
        gap, influence, rests_on = _effect(y, ours, first_share(order, q))
        found.append(
            Depth(
                share=q,
                gain=money(q * (gap - cost), q * influence, rests_on),
                chance=1000 * q * (whole - cost),
            )
        )
        if math.isfinite(gap):
            beyond.append(q * (gap - whole))
            areas.append(q * (influence - shape))
            fewest.append(rests_on)
    area = float(np.mean(beyond)) if beyond else math.nan
    spread = np.mean(areas, axis=0) if areas else np.zeros(n)
    return TargetingCurve(
        depths=tuple(found),
        above_chance=money(area, spread, max(fewest, default=0.0)),
        n=n,
        notes=notes,
    )


def depths_of(scores: Floats) -> tuple[Floats, Floats]:
    """Return at what share of all each score begins, highest first, and the share that its equals take."""
    _, place, counts = np.unique(-scores, return_inverse=True, return_counts=True)
    before = (np.cumsum(counts) - counts)[place]
    size = max(len(scores), 1)
    return np.asarray(before / size), np.asarray(counts[place] / size)


def first_share(depths: tuple[Floats, Floats], share: float) -> Floats:
    """Return how far each customer belongs to the first `share` of all: 0 to 1, equal scores alike."""
    begins, width = depths
    return np.asarray(np.clip((share - begins) / width, 0.0, 1.0), dtype=np.float64)


def _effect(y: Floats, ours: npt.NDArray[np.bool_], inside: Floats) -> tuple[float, Floats, float]:
    """Return the difference of the arms inside, what each customer moved it, and the smaller arm's size."""
    influence, gap, fewest = np.zeros(len(y)), 0.0, math.inf
    for side, sign in ((inside * ours, 1.0), (inside * ~ours, -1.0)):
        count = float(side.sum())
        fewest = min(fewest, count)
        if count < FEWEST_IN_ARM:
            return math.nan, np.zeros(len(y)), count
        mean = float(side @ y / count)
        gap += sign * mean
        influence += sign * side * (y - mean) / math.sqrt(count * (count - 1))
    return gap, influence, fewest
