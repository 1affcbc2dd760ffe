"""Before the start: how many customers an experiment needs, how many weeks, and what it could find."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leal.errors import BadValue, Where
from leal.prove.assignment import EQUAL_SHARES, checked_shares
from leal.prove.control_arm import control_arm
from leal.results import Note, Result
from leal.statistics import (
    SequentialShape,
    group_sequential_bounds,
    lean_of_difference,
    normal_quantile,
    power_of_looks,
    two_sided_z,
    welch,
)
from leal.wording import Count, Decimal, Percent, Text, plural

if TYPE_CHECKING:
    import polars as pl

_HALVINGS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentPlan(Result):
    """What an experiment needs to find an effect of the stated size.

    Attributes
    ----------
    effect : float
        Effect a head that is to be found, in the unit of the outcome.
    customers : int
        Customers in all arms together.
    arms : dict of str to int
        Customers of each arm.
    weeks : int or None
        Weeks until so many have come in and their outcome is known, None where nobody says how many come.
    power, level : float
        Chance of finding the effect if it is there; confidence level.
    looks : int
        Planned looks.
    inflation : float
        How many times more customers the looks cost.
    variance_left : float
        Share of the variance that CUPED leaves: 1 - correlation^2.
    notes : tuple of Note
    """

    effect: float
    customers: int
    arms: Mapping[str, int]
    weeks: int | None
    power: float
    level: float
    looks: int
    inflation: float
    variance_left: float
    notes: tuple[Note, ...] = ()

    def sentence(self) -> Text:
        """Return what is needed in one sentence."""
        words = Text(
            "An effect of {effect} a head is found with {power} certainty by {customers} customers.",
            effect=Decimal(self.effect, 3 if abs(self.effect) < 1 else 2),
            power=Percent(self.power),
            customers=Count(self.customers),
        )
        if self.weeks is None:
            return words
        return Text(
            "{words} {weeks}",
            words=words,
            weeks=plural("That takes {count} week.", "That takes {count} weeks.", self.weeks),
        )

    def to_frame(self) -> pl.DataFrame:
        """Return one row an arm."""
        import polars as pl

        return pl.DataFrame({"arm": list(self.arms), "customers": list(self.arms.values())})


def plan_experiment(
    effect: float,
    *,
    sd: float | None = None,
    share: float | None = None,
    shares: Mapping[str, float] | None = None,
    control: str | None = None,
    correlation: float = 0.0,
    skewness: float = 0.0,
    looks: int = 1,
    shape: SequentialShape = "obrien_fleming",
    weekly: float | None = None,
    weeks_to_outcome: float = 0.0,
    power: float = 0.8,
    level: float = 0.95,
) -> ExperimentPlan:
    """Tell how many customers, and how many weeks, an experiment needs to find an effect.

    Parameters
    ----------
    effect : float
        Smallest effect a head worth finding, in the unit of the outcome (.05 = 5 percentage points).
    sd : float, optional
        Standard deviation of the outcome, of money or scores.
    share : float, optional
        Share of the control expected to do it (0..1), where the outcome is yes or no; instead of `sd`.
    shares : mapping of str to float, optional
        Share of each arm, halves by default. Several treated arms are each found with this power, at a level
        divided by their number (Bonferroni, which Holm never falls behind).
    control : str, optional
        Name of the arm held out, as in `experiment`.
    correlation : float
        Of the outcome with a value from before the start: CUPED leaves 1 - r^2 of the variance.
    skewness : float
        Of the outcome: money is uneven (2 to 10 is usual). It costs customers where one arm is small.
    looks : int
        Planned looks, the last one included.
    shape : {"obrien_fleming", "pocock"}
        Bounds of the looks.
    weekly : float, optional
        Customers who come in a week.
    weeks_to_outcome : float
        Weeks from coming in until the outcome is known.
    power, level : float
        Chance of finding the effect if it is there; confidence level.

    Returns
    -------
    ExperimentPlan

    Raises
    ------
    BadValue
        Neither `sd` nor `share`, an effect of zero, a share outside 0..1.

    Notes
    -----
    n = (z + z_b)^2 (v1/f1 + v0/f0)/d^2 with f the shares of the arms, times what the looks cost (found by
    halving, with the exact chance of crossing the bounds). For two equal arms and shares this is the usual
    (z + z_b)^2 (p1 q1 + p2 q2)/d^2 an arm. Where one arm is small and money uneven the limits lean
    (`leal.statistics.lean_of_difference`), and a gain must be larger to be shown: with a skewness of 6 and a
    twentieth of 2,000 customers held out 1.5 times as large. Tell the skewness of what the past does not
    explain; `money_power` reads it from your purchases.

    References
    ----------
    Jennison and Turnbull (2000), Group Sequential Methods; Deng and others (2013); Hall (1992).

    Examples
    --------
    >>> plan_experiment(.05, share=.20).arms
    {'control': 1091, 'treated': 1091}
    """
    if not math.isfinite(effect) or effect == 0:
        raise BadValue(
            Text("No experiment finds an effect of nothing."),
            hint=Text("Give the smallest effect a head that would change what you do."),
            where=Where(column="effect"),
        )
    parts, held_out = _shares(shares, control)
    variances = _variances(effect, sd, share)
    left = _left(correlation)
    treated = [name for name in parts if name != held_out]
    own_level = 1 - (1 - level) / len(treated)
    shift, inflation = _shift(looks, own_level, power, shape)
    spread = max(variances[1] / parts[name] + variances[0] / parts[held_out] for name in treated)
    total = shift**2 * spread * left / effect**2
    if skewness:
        total = _with_lean(total, lambda n: _lean_factor(n, parts, held_out, skewness, effect, power, level))
    arms = {name: max(2, math.ceil(total * part - 1e-9)) for name, part in parts.items()}
    customers = sum(arms.values())
    return ExperimentPlan(
        effect=effect,
        customers=customers,
        arms=arms,
        weeks=None if weekly is None else _weeks(customers, weekly, weeks_to_outcome),
        power=power,
        level=level,
        looks=looks,
        inflation=inflation,
        variance_left=left,
        notes=_notes(customers, weekly, weeks_to_outcome),
    )


def detectable_effect(
    customers: float,
    *,
    sd: float | None = None,
    share: float | None = None,
    shares: Mapping[str, float] | None = None,
    control: str | None = None,
    correlation: float = 0.0,
    skewness: float = 0.0,
    looks: int = 1,
    shape: SequentialShape = "obrien_fleming",
    power: float = 0.8,
    level: float = 0.95,
) -> float:
    """Return the smallest gain a head that so many customers in all arms together would find.

    Parameters
    ----------
    customers : float
        In all arms together: weekly customers times the weeks that there are.
    sd, share, shares, control, correlation, skewness, looks, shape, power, level
        As in `plan_experiment`; a share is taken to have the same variance in both arms.

    Returns
    -------
    float
        In the unit of the outcome; infinite without customers.

    Examples
    --------
    >>> round(detectable_effect(20_000, sd=18), 3)
    0.713
    """
    parts, held_out = _shares(shares, control)
    variances = _variances(0.0, sd, share)
    treated = [name for name in parts if name != held_out]
    shift, _ = _shift(looks, 1 - (1 - level) / len(treated), power, shape)
    spread = max(variances[1] / parts[name] + variances[0] / parts[held_out] for name in treated)
    if not customers > 0:
        return math.inf
    leaning = _lean_factor(customers, parts, held_out, skewness, 1.0, power, level)
    return shift * math.sqrt(spread * _left(correlation) / customers) * leaning


def _lean_factor(
    customers: float,
    parts: Mapping[str, float],
    held_out: str,
    skewness: float,
    effect: float,
    power: float,
    level: float,
) -> float:
    """Return how many times larger an effect must be where the limits of a small arm lean away from it."""
    straight, chance = two_sided_z(level), normal_quantile(power)
    control = parts[held_out] * customers
    factors = [1.0]
    for name in parts:
        treated = parts[name] * customers
        lean = lean_of_difference([(skewness, treated), (skewness, control)])
        if name == held_out or not lean:
            continue
        found = welch(0.0, 1.0, max(treated, 2.0), 0.0, 1.0, max(control, 2.0), level, lean=lean)
        reach = (-found.ci_low if effect > 0 else found.ci_high) / found.standard_error
        factors.append((reach + chance) / (straight + chance))
    return max(factors)


def _with_lean(total: float, factor: Callable[[float], float]) -> float:
    """Return the customers needed where limits lean: the fewer come, the larger an effect must be."""
    low = high = total
    while high < total * factor(high) ** 2:
        low, high = high, 2 * high
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if middle < total * factor(middle) ** 2 else (low, middle)
    return high


def _shares(shares: Mapping[str, float] | None, control: str | None) -> tuple[dict[str, float], str]:
    """Return the share of each arm of all customers, and which of them is held out."""
    given = checked_shares(shares or EQUAL_SHARES)
    return given, control_arm(given, control)


def _variances(effect: float, sd: float | None, share: float | None) -> tuple[float, float]:
    """Return the variance of one outcome in the control and in a treated arm."""
    if sd is not None and share is None and sd > 0 and math.isfinite(effect):
        return sd**2, sd**2
    if sd is None and share is not None and 0 < share < 1 and 0 < share + effect < 1:
        return share * (1 - share), (share + effect) * (1 - share - effect)
    raise BadValue(
        Text("How far customers differ is not told, or cannot be."),
        hint=Text("Give sd above 0 for money, or share between 0 and 1 for yes and no; share + effect too."),
        where=Where(column="sd"),
    )


def _left(correlation: float) -> float:
    if not -1 < correlation < 1:
        raise BadValue(
            Text("A correlation of {value} leaves nothing to find.", value=str(correlation)),
            hint=Text("Give the correlation of past and later outcome, for example 0.5."),
            where=Where(column="correlation"),
        )
    return 1 - correlation**2


def _shift(looks: int, level: float, power: float, shape: SequentialShape) -> tuple[float, float]:
    """Return the effect in standard errors that is found with `power`, and what the looks cost."""
    single = _needed([float(group_sequential_bounds(1, level, shape)[0])], power)
    if looks == 1:
        return single, 1.0
    several = _needed(group_sequential_bounds(looks, level, shape).tolist(), power)
    return several, (several / single) ** 2


def _needed(bounds: list[float], power: float) -> float:
    if not 0 < power < 1:
        raise BadValue(
            Text("A power of {power} cannot be had.", power=str(power)),
            hint=Text("Give a fraction between 0 and 1, for example 0.8."),
            where=Where(column="power"),
        )
    if len(bounds) == 1:
        # the chance of stopping on the wrong side is not power
        return bounds[0] + normal_quantile(power)
    low, high = 0.0, 20.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if power_of_looks(bounds, middle) > power else (middle, high)
    return high


def _weeks(customers: int, weekly: float, weeks_to_outcome: float) -> int:
    if weekly <= 0:
        raise BadValue(
            Text("Without customers coming in an experiment never ends."),
            hint=Text("Give the customers of a week, above 0."),
            where=Where(column="weekly"),
        )
    return math.ceil(customers / weekly + weeks_to_outcome - 1e-9)


def _notes(customers: int, weekly: float | None, weeks_to_outcome: float) -> tuple[Note, ...]:
    if weekly is None or customers / weekly + weeks_to_outcome <= 52:
        return ()
    text = Text("More than a year: look for a larger effect, a smaller noise (CUPED), or more customers.")
    return (Note(code="too_long", text=text),)
