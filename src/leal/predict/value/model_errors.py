"""What a model of purchases itself gets wrong: its forecasts of past stretches beside what came in them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from leal.predict.value.customer_bases import PurchaseBase
from leal.predict.value.holdouts import Holdout, PurchaseModel, forecast_holdout, holdout_weeks
from leal.results import Note
from leal.wording import Count, Percent, Text

TRIES = 2
"""Past stretches that are foretold: the last one, and the one that ended half a stretch before."""

MOST_CUSTOMERS = 20_000
"""Customers with whom earlier stretches are foretold; of more, every k-th: chance is then small enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelError:
    """How far a model's forecasts of past stretches lay from what came.

    Attributes
    ----------
    tries : tuple of Holdout
        The stretches, the latest first; empty where the data are too short for any.
    level : float
        Level at which the misses together count as more than chance.
    """

    tries: tuple[Holdout, ...]
    level: float

    @property
    def surprising(self) -> bool:
        """Whether the misses together are more than chance and open parameters explain (chi-squared)."""
        from scipy.special import chdtrc

        if not self.tries:
            return False
        distance = sum((_miss(one) / _explained(one)) ** 2 for one in self.tries)
        return float(chdtrc(len(self.tries), distance)) < 1 - self.level

    @property
    def variance(self) -> float:
        """Relative variance of the misses beyond what is explained; 0 where chance explains them."""
        if not self.surprising:
            return 0.0
        beyond = math.fsum(_miss(one) ** 2 - _explained(one) ** 2 for one in self.tries)
        return max(beyond / len(self.tries), 0.0)

    @property
    def note(self) -> Note | None:
        """What was found, in words; None where chance explains the misses."""
        if not self.variance:
            return None
        text = Text(
            "Forecasts of {count} past stretches of {weeks} weeks missed by {typical} more than chance"
            " explains: a season or a change is at work that no model of this kind knows. The intervals are"
            " widened by that.",
            count=Count(len(self.tries)),
            weeks=Count(self.tries[0].weeks),
            typical=Percent(math.sqrt(self.variance)),
        )
        return Note(code="model_error", text=text)


def past_errors(base: PurchaseBase, model: PurchaseModel, weeks: float, *, level: float = 0.95) -> ModelError:
    """Return the same for forecasts of `weeks` weeks, or of as many as the data allow to try."""
    last = forecast_holdout(base, model, holdout_weeks(base, weeks), level=level)
    return model_error(base, model, last, level=level)


def model_error(
    base: PurchaseBase, model: PurchaseModel, last: Holdout | None, *, level: float = 0.95
) -> ModelError:
    """Return how far forecasts of past stretches lay from what came, each made without seeing it.

    Parameters
    ----------
    base : PurchaseBase
        Customers and their purchases.
    model : model
        Model of the purchases.
    last : Holdout or None
        How it would have foretold the last stretch (`forecast_holdout`); earlier ones are of its length.
    level : float
        Level of the test and of the intervals.

    Notes
    -----
    No model of purchases has a season, a campaign or a drift of mood in it. What these do to its forecasts is
    read from its own past: the mean square of log(actual/expected) over the stretches, less what chance and
    open parameters explain (the estimate by moments of random-effects meta-analysis, DerSimonian and Laird
    1986). It is added to the variance of forecasts only where the misses together are more than chance (at
    `level`), so that where the model is right its intervals keep their level. The stretches overlap and share
    customers: they are few and not independent, and what never happened in them is not in it.
    """
    if last is None:
        return ModelError(tries=(), level=level)
    tries = [last]
    step = round(7 * last.weeks / 2)
    some = _part(base)
    for number in range(1, TRIES):
        earlier = some.before(base.until - number * step)
        found = forecast_holdout(earlier, model, last.weeks, level=level) if earlier.days.height else None
        if found is not None:
            tries.append(found)
    return ModelError(tries=tuple(tries), level=level)


def _miss(one: Holdout) -> float:
    """Return the logarithm of actual over expected purchases."""
    return math.log(one.actual / _expected(one))


def _explained(one: Holdout) -> float:
    """Return the standard deviation of the miss that chance and open parameters explain.

    Never less than what one purchase is of all that are expected: they come whole.
    """
    from scipy.special import ndtri

    expected = one.expected
    reach = (expected.ci_high - expected.ci_low) / (2 * float(ndtri(0.5 + expected.level / 2)))
    return max(reach, 1.0) / _expected(one)


def _expected(one: Holdout) -> float:
    """Return the purchases that were expected, half a one at least: less cannot be told from none."""
    return max(one.expected.estimate, 0.5)


def _part(base: PurchaseBase) -> PurchaseBase:
    step = -(-base.summary.height // MOST_CUSTOMERS)
    if step <= 1:
        return base
    chosen = base.summary.select("customer").gather_every(step)
    return PurchaseBase(
        days=base.days.join(chosen, on="customer", how="semi"),
        until=base.until,
        given_margin=base.given_margin,
        currency=base.currency,
        count_free=base.count_free,
    )
