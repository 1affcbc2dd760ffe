"""Watching a score wave by wave: control charts that see slow changes which wave tests miss."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leal.errors import BadValue, Where
from leal.statistics.numbers import UNKNOWN, Floats, checked_counts, floats
from leal.statistics.run_lengths import cusum_limit, ewma_limit
from leal.wording import Text

_FALSE_ALARM_EVERY = 200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A wave at which a chart left its limits.

    Attributes
    ----------
    index : int
        The wave, from 0.
    since : int
        The first wave of the run that led to the alarm: where the change most likely began.
    direction : int
        +1 for a rise, -1 for a fall.
    """

    index: int
    since: int
    direction: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlChart:
    """What a control chart shows, wave by wave.

    Attributes
    ----------
    method : str
        ``"p_chart"``, ``"ewma"`` or ``"cusum"``.
    centre : float
        Target, in the unit of the values.
    values : array of shape (waves,)
        What is drawn: shares, the moving average, the upper CUSUM.
    lower_values : array of shape (waves,)
        The lower CUSUM (as negative numbers); equal to `values` on the other charts.
    lower, upper : array of shape (waves,)
        Limits.
    alarms : tuple of Alarm
        Waves outside the limits, in order; a CUSUM starts again after each.
    """

    method: str
    centre: float
    values: Floats
    lower_values: Floats
    lower: Floats
    upper: Floats
    alarms: tuple[Alarm, ...]

    @property
    def quiet(self) -> bool:
        """Whether no wave raised an alarm."""
        return not self.alarms


def standardised_waves(
    values: npt.ArrayLike,
    standard_errors: npt.ArrayLike,
    target: float | None = None,
    baseline: int | None = None,
) -> Floats:
    """Return how many standard errors each wave lies from its target.

    Parameters
    ----------
    values, standard_errors : array of shape (waves,)
        Scores and their design-based standard errors (weights and panels included).
    target : float, optional
        Known target; otherwise the mean of the first `baseline` waves, weighted by precision.
    baseline : int, optional
        How many first waves set the target, half of them by default.

    Returns
    -------
    array of shape (waves,)
        z values; not-a-number for a wave without a score. With an estimated target its own error is added to
        that of the waves watched. A chart must start anew where the questionnaire changed: give one version.
    """
    scores, errors = floats(values), floats(standard_errors)
    known = np.isfinite(scores) & np.isfinite(errors) & (errors > 0)
    if target is not None:
        return np.where(known, (scores - target) / np.where(known, errors, 1.0), UNKNOWN)
    first = max(1, len(scores) // 2) if baseline is None else baseline
    used = known & (np.arange(len(scores)) < first)
    if not used.any():
        return np.full(len(scores), UNKNOWN)
    precision = 1 / errors[used] ** 2
    middle, middle_variance = float(precision @ scores[used] / precision.sum()), 1 / float(precision.sum())
    # a wave inside the baseline helped to set the target, a later one is independent of it
    variance = np.where(known, errors, 1.0) ** 2 + np.where(used, -middle_variance, middle_variance)
    spread = np.sqrt(np.maximum(variance, np.finfo(float).tiny))
    alone = used & (used.sum() == 1)
    return np.where(known & ~alone, (scores - middle) / spread, np.where(alone, 0.0, UNKNOWN))


def p_chart(
    events: npt.ArrayLike,
    sizes: npt.ArrayLike,
    *,
    baseline: npt.ArrayLike | None = None,
    sigmas: float = 3.0,
) -> ControlChart:
    """Return which waves have a share outside what chance allows around the usual one.

    Parameters
    ----------
    events, sizes : array of shape (waves,)
        How many of how many; a wave without answers raises no alarm.
    baseline : array of bool, optional
        Waves that set the usual share; all by default.
    sigmas : float
        Width of the limits p -+ sigmas sqrt(p q/n_t), cut at 0 and 1.

    References
    ----------
    Shewhart (1931), Economic Control of Quality; Montgomery, Introduction to Statistical Quality Control.
    """
    counts, n = checked_counts(events, "events"), checked_counts(sizes, "sizes")
    if counts.shape != n.shape or np.any(counts > n):
        raise BadValue(
            Text("There are more events than answers, or not one size for each wave."),
            hint=Text("Give for each wave how many of how many."),
            where=Where(column="events"),
        )
    used = np.ones(len(n), dtype=bool) if baseline is None else np.asarray(baseline, dtype=bool)
    total = float(n[used].sum())
    centre = float(counts[used].sum()) / total if total else UNKNOWN
    asked = n > 0
    shares = np.divide(counts, n, out=np.full(len(n), UNKNOWN), where=asked)
    reach = sigmas * np.sqrt(centre * (1 - centre) / np.where(asked, n, UNKNOWN))
    lower, upper = np.maximum(centre - reach, 0.0), np.minimum(centre + reach, 1.0)
    outside = np.flatnonzero((shares < lower) | (shares > upper))
    alarms = tuple(
        Alarm(index=int(t), since=int(t), direction=1 if shares[t] > centre else -1) for t in outside
    )
    return ControlChart(
        method="p_chart",
        centre=centre,
        values=shares,
        lower_values=shares,
        lower=lower,
        upper=upper,
        alarms=alarms,
    )


def ewma_chart(
    z: npt.ArrayLike,
    weight: float = 0.2,
    limit: float | None = None,
    *,
    false_alarm_every: float = _FALSE_ALARM_EVERY,
) -> ControlChart:
    """Return when a moving average of the waves leaves what chance allows: for lasting small changes.

    Parameters
    ----------
    z : array of shape (waves,)
        Standardised values (`standardised_waves`); not-a-number keeps the average as it was.
    weight : float
        Weight of the newest wave, .1 to .3.
    limit : float, optional
        Width L of the limits in standard errors; by default set by `false_alarm_every`.
    false_alarm_every : float
        Waves between false alarms on average.

    Returns
    -------
    ControlChart
        e_t = l z_t + (1 - l) e_(t-1), limits L sqrt(l/(2 - l) (1 - (1 - l)^(2 t))).

    References
    ----------
    Roberts (1959), Technometrics 1, 239-250; Lucas and Saccucci (1990), Technometrics 32, 1-12.
    """
    _fraction(weight, "weight")
    width = ewma_limit(weight, false_alarm_every) if limit is None else limit
    values = floats(z)
    averages, variances = np.zeros((2, len(values)))
    average = variance = 0.0
    for t, value in enumerate(values):
        if math.isfinite(value):
            average = weight * value + (1 - weight) * average
            variance = weight**2 + (1 - weight) ** 2 * variance
        averages[t], variances[t] = average, variance
    upper = width * np.sqrt(variances)
    outside = np.flatnonzero((np.abs(averages) > upper) & np.isfinite(values))
    return ControlChart(
        method="ewma",
        centre=0.0,
        values=averages,
        lower_values=averages,
        lower=-upper,
        upper=upper,
        alarms=tuple(_of_average(averages, int(t)) for t in outside),
    )


def _of_average(averages: Floats, index: int) -> Alarm:
    direction = 1 if averages[index] > 0 else -1
    since = index
    while since > 0 and averages[since - 1] * direction > 0:
        since -= 1
    return Alarm(index=index, since=since, direction=direction)


def cusum_chart(
    z: npt.ArrayLike,
    reference: float = 0.5,
    limit: float | None = None,
    *,
    false_alarm_every: float = _FALSE_ALARM_EVERY,
) -> ControlChart:
    """Return when the deviations of the waves add up to more than chance allows, and since when.

    Parameters
    ----------
    z : array of shape (waves,)
        Standardised values (`standardised_waves`); not-a-number leaves the sums as they were.
    reference : float
        k, half the shift worth finding, in standard errors.
    limit : float, optional
        h, the height of the alarm; by default set by `false_alarm_every`.
    false_alarm_every : float
        Waves between false alarms on average, both sides together.

    Returns
    -------
    ControlChart
        C+_t = max(0, C+_(t-1) + z_t - k) and its mirror; the sums start from zero again after an alarm.

    References
    ----------
    Page (1954), Biometrika 41, 100-115.
    """
    _fraction(reference / 10, "reference")
    height = cusum_limit(reference, false_alarm_every, two_sided=True) if limit is None else limit
    values = floats(z)
    sums, alarms = np.zeros((2, len(values))), []
    level, since = [0.0, 0.0], [0, 0]
    for t, value in enumerate(values):
        for side, direction in enumerate((1, -1)):
            if math.isfinite(value):
                since[side] = t if level[side] == 0 else since[side]
                level[side] = max(0.0, level[side] + direction * value - reference)
            sums[side, t] = direction * level[side]
            if level[side] > height and math.isfinite(value):
                alarms.append(Alarm(index=t, since=since[side], direction=direction))
                level[side] = 0.0
    return ControlChart(
        method="cusum",
        centre=0.0,
        values=sums[0],
        lower_values=sums[1],
        lower=np.full(len(values), -height),
        upper=np.full(len(values), height),
        alarms=tuple(alarms),
    )


def _fraction(value: float, name: str) -> None:
    if not 0 < value <= 1:
        raise BadValue(
            Text("{name} is out of range.", name=name),
            hint=Text("Give a number above zero; a weight is at most 1."),
            where=Where(column=name),
        )
