"""What retention is worth by a model of purchases: who stays a year, and what one point more would bring."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from leal.errors import BadValue, Where
from leal.predict.purchase_models.futures import future_of
from leal.predict.value.outlook import Outlook
from leal.results import Estimate, Grade, Money, Note, checked_level, checked_seed
from leal.statistics import proving_limit
from leal.wording import Text

YEAR = 52.0

NOBODY_LEAVES = 1 - 1e-6
"""Yearly retention from which on no leaving is visible in the data at all."""

_POINT = 0.01
_LEAST_FACTOR = 1e-4
_DRAWS = 40_000

PayDecision = Literal["pay", "test_first", "do_not_pay", "unknown"]


def yearly_retention(outlook: Outlook, factor: float = 1.0) -> float:
    """Return the share of today's customers who will be some in a year, leaving multiplied by `factor`."""
    alive = outlook.p_alive
    there = float(alive.sum())
    stays = future_of(outlook.alive.staying(factor), YEAR).stays
    return float((alive * stays).sum()) / there if there > 0 else float("nan")


def worth_of_a_point(outlook: Outlook) -> float:
    """Return what the customers' value gains when a hundredth more of them stay each year.

    Notes
    -----
    The rate (or chance) of leaving of every customer is multiplied by the one factor that raises yearly
    retention by one point; the value is reckoned again. Not-a-number where nobody leaves, or fewer than one
    in a hundred.
    """
    wanted = yearly_retention(outlook) + _POINT
    if not wanted < 1:
        return float("nan")
    factor = _factor_for(outlook, wanted)
    if not factor:
        return float("nan")
    now, then = (future_of(outlook.alive.staying(one), outlook.weeks).mean for one in (1.0, factor))
    more = np.divide(then, now, out=np.ones_like(now), where=now > 0)
    return float((outlook.value * (more - 1)).sum())


def _factor_for(outlook: Outlook, wanted: float) -> float:
    """Return what the leaving is multiplied by where retention is `wanted`; 0 where nothing would do."""
    from scipy.optimize import brentq

    def short(log_factor: float) -> float:
        return yearly_retention(outlook, math.exp(log_factor)) - wanted

    least = math.log(_LEAST_FACTOR)
    if short(least) < 0:
        return 0.0
    return math.exp(brentq(short, least, 0.0, xtol=1e-10))


@dataclass(frozen=True, slots=True, kw_only=True)
class JustifiedCost:
    """The most that keeping customers may cost a head.

    Attributes
    ----------
    decision : {"pay", "test_first", "do_not_pay", "unknown"}
        ``"do_not_pay"`` where the interval of the effect holds zero or less: then nothing is justified,
        whatever the customers are worth. ``"test_first"`` where it lies above zero but is no more than a
        correlation or an opinion (grades C and D): a trial is justified, not a programme.
    limit : Money
        effect x value a customer; what the action would have to cost for its gain to vanish.
    sure_limit : float
        Lower limit of that: at this cost the action pays with near certainty; 0 where it is not to be paid.
    """

    decision: PayDecision
    limit: Money
    sure_limit: float

    def sentence(self) -> Text:
        """Return the answer in one sentence."""
        if self.decision == "unknown":
            return Text("What may be paid is unknown: needs a measured effect and a value.")
        if self.decision == "do_not_pay":
            return Text(
                "Do not pay: no effect is proved, so no cost is justified ({limit} a customer at best).",
                limit=self.limit.figure(max(self.limit.ci_high, 0.0)),
            )
        if self.decision == "test_first":
            return Text(
                "Test first: the effect is not proved. Were it real, {limit} a customer would be justified"
                " ({low} to {high}).",
                limit=self.limit.figure(self.limit.estimate),
                low=self.limit.figure(self.limit.ci_low),
                high=self.limit.figure(self.limit.ci_high),
            )
        return Text(
            "Pay at most {limit} a customer ({low} to {high}); up to {low} it pays almost surely.",
            limit=self.limit.figure(self.limit.estimate),
            low=self.limit.figure(self.limit.ci_low),
            high=self.limit.figure(self.limit.ci_high),
        )

    def __str__(self) -> str:
        return self.sentence()


def justified_cost(
    effect: Estimate, value: Money, *, grade: Grade | None = None, level: float = 0.95, seed: int = 0
) -> JustifiedCost:
    """Return the highest cost a customer that an action of retention justifies: proved effect x value.

    Parameters
    ----------
    effect : Estimate
        What the action changed in the share of customers kept, against its holdout, as a fraction: .02 is two
        points. `leal.experiment` gives it.
    value : Money
        What a customer who stays is worth (not a point of all of them): the mean of `lifetime_value` among
        those alive, or the margin multiple of their yearly money.
    grade : {"A", "B", "C", "D"}, optional
        How well the effect is founded; by default that of `effect` where it has one, else C.
    level, seed : float, int
        Level of the interval; seed of its draws.

    Returns
    -------
    JustifiedCost
        The grade of the effect stays on the money.

    Raises
    ------
    BadValue
        One of the two is a bare number: without an interval nobody knows whether the effect is proved. The
        effect is more than all customers, as percentage points would be.

    Notes
    -----
    Both are drawn from half normals that meet at the estimate and have the given intervals; the limits are
    percentiles of the product. Money is paid only where the lower limit of the effect lies above zero and the
    effect was found by an experiment or within customers (grades A and B).

    Examples
    --------
    >>> kept = Estimate(estimate=.02, ci_low=.01, ci_high=.03, n=8000, method="wald")
    >>> worth = Money(estimate=300.0, ci_low=280.0, ci_high=320.0, n=8000, method="delta", currency="EUR")
    >>> justified_cost(kept, worth, grade="A").decision
    'pay'
    """
    checked_level(level)
    _require_interval(effect, "effect")
    _require_interval(value, "value")
    if effect.known and abs(effect.estimate) > 1:
        raise BadValue(
            Text(
                "An effect of {value} on the share of customers kept cannot be.", value=str(effect.estimate)
            ),
            hint=Text("Give it as a fraction: .02 for two points more who stay."),
            where=Where(column="effect"),
        )
    founded: Grade = grade or getattr(effect, "grade", None) or "C"
    if not (effect.known and value.known):
        nothing = _money(value, np.nan, (np.nan, np.nan), founded, level)
        return JustifiedCost(decision="unknown", limit=nothing, sure_limit=0.0)
    random = np.random.default_rng(checked_seed(seed))
    product = _drawn(random, effect) * _drawn(random, value)
    low, high = np.quantile(product, [(1 - level) / 2, (1 + level) / 2])
    limit = _money(value, effect.estimate * value.estimate, (float(low), float(high)), founded, level)
    above_zero = proving_limit(effect) > 0 and limit.ci_low > 0
    proved = above_zero and founded in ("A", "B")
    return JustifiedCost(
        decision="pay" if proved else "test_first" if above_zero else "do_not_pay",
        limit=limit,
        sure_limit=limit.ci_low if proved else 0.0,
    )


def _require_interval(figure: object, name: str) -> None:
    if not isinstance(figure, Estimate):
        raise BadValue(
            Text("{name} is {value}, a figure without an interval.", name=name, value=_short(figure)),
            hint=Text(
                "Give the effect that leal.experiment found (found.effect) and the value a head that"
                " leal.lifetime_value found, or build leal.results.Estimate or Money with ci_low and ci_high."
            ),
            where=Where(column=name),
        )


def _short(figure: object) -> str:
    """Return a bare number as it is, of anything larger only what it is."""
    return repr(figure) if isinstance(figure, int | float | str | None) else type(figure).__name__


def _drawn(random: np.random.Generator, figure: Estimate) -> np.ndarray:
    from scipy.special import ndtri

    reach = float(ndtri(0.5 + figure.level / 2))
    steps = random.standard_normal(_DRAWS) / reach
    below, above = figure.estimate - figure.ci_low, figure.ci_high - figure.estimate
    return np.asarray(figure.estimate + np.where(steps < 0, steps * below, steps * above))


def _money(value: Money, estimate: float, limits: tuple[float, float], grade: Grade, level: float) -> Money:
    notes = list(value.notes)
    if grade != "A":
        text = Text("The effect does not come from a randomised experiment.")
        notes.append(Note(code="not_randomised", text=text))
    return Money(
        estimate=estimate,
        ci_low=limits[0],
        ci_high=limits[1],
        n=value.n,
        level=level,
        method="simulation",
        notes=tuple(notes),
        currency=value.currency,
        basis=value.basis,
        period="once",
        grade=grade,
    )
