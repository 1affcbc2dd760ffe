"""What a programme changed: difference in differences, and CUPED, which uses what was known before."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from leal.errors import BadValue, Where
from leal.statistics.comparisons import Comparison, compared, unknown_comparison
from leal.statistics.counts import NpsCounts
from leal.statistics.means import by_student, welch
from leal.statistics.numbers import UNKNOWN, Floats, floats
from leal.statistics.skewness import lean_of_difference, skewness_of
from leal.wording import Text


@dataclass(frozen=True, slots=True)
class Sample:
    """A group of values in a few numbers.

    Attributes
    ----------
    mean, standard_deviation : float
        In the unit of the values; the n - 1 form.
    n : float
        Number of values.
    skewness : float
        Third central moment over the cube of the standard deviation; 0 where it is not known.
    """

    mean: float
    standard_deviation: float
    n: float
    skewness: float = 0.0

    @classmethod
    def of_values(cls, values: npt.ArrayLike) -> Self:
        """Summarise values; an unknown spread for fewer than two."""
        data = floats(values)
        mean = float(data.mean()) if len(data) else UNKNOWN
        spread = float(data.std(ddof=1)) if len(data) > 1 else UNKNOWN
        return cls(mean, spread, float(len(data)), skewness_of(data))

    @classmethod
    def of_nps(cls, counts: NpsCounts) -> Self:
        """Summarise NPS answers as values -1, 0, +1."""
        n = counts.n
        spread = math.sqrt(counts.variance * n / (n - 1)) if n > 1 else UNKNOWN
        return cls(counts.score, spread, n)

    @property
    def moments(self) -> tuple[float, float, float]:
        """Mean, standard deviation and number, as `welch` takes them."""
        return self.mean, self.standard_deviation, self.n

    @property
    def variance_of_mean(self) -> float:
        """Squared standard error of the mean; unknown below two values."""
        return self.standard_deviation**2 / self.n if self.n >= 2 else UNKNOWN


@dataclass(frozen=True, slots=True)
class PairedSample:
    """A group of people by what they did and what was known of them before.

    Attributes
    ----------
    outcome, before : Sample
        The same people's outcome and their value from before.
    covariance : float
        Of the two, the n - 1 form.
    third : tuple of float
        Mean products of three deviations: of the outcome twice and the value before, and of the outcome and
        the value before twice; zeros where they are not known.
    """

    outcome: Sample
    before: Sample
    covariance: float
    third: tuple[float, float] = (0.0, 0.0)

    @classmethod
    def of_values(cls, outcome: npt.ArrayLike, before: npt.ArrayLike) -> Self:
        """Summarise pairs of values."""
        y, x = _arm(outcome, before)
        off, away = y - y.mean(), x - x.mean()
        together = float(off @ away) / (len(y) - 1) if len(y) > 1 else UNKNOWN
        third = (float((off**2 * away).mean()), float((off * away**2).mean())) if len(y) else (0.0, 0.0)
        return cls(Sample.of_values(y), Sample.of_values(x), together, third)

    def skewness_without(self, slope: float) -> float:
        """Return the skewness of outcome - slope x value before; 0 where that does not vary."""
        y, x = self.outcome, self.before
        variance = y.standard_deviation**2 + slope**2 * x.standard_deviation**2 - 2 * slope * self.covariance
        if not variance > 0:
            return 0.0
        cubes = (
            y.skewness * y.standard_deviation**3,
            -3 * slope * self.third[0],
            3 * slope**2 * self.third[1],
            -(slope**3) * x.skewness * x.standard_deviation**3,
        )
        return math.fsum(cubes) / math.pow(variance, 1.5)


def difference_in_differences(
    treated_before: Sample,
    treated_after: Sample,
    control_before: Sample,
    control_after: Sample,
    level: float = 0.95,
) -> Comparison:
    """Return how much more the treated changed than the others, other people asked each time.

    Parameters
    ----------
    treated_before, treated_after, control_before, control_after : Sample
        Four independent groups of values.
    level : float
        Confidence level.

    Returns
    -------
    Comparison
        (treated after - before) - (control after - before); unknown where a group has fewer than two values.

    Notes
    -----
    Holds if both would have moved alike without the programme: look at their waves before. For the same
    people asked twice use `paired_difference_in_differences`, which is much sharper.
    """
    groups = (treated_before, treated_after, control_before, control_after)
    n = sum(group.n for group in groups)
    variance = sum(group.variance_of_mean for group in groups)
    if not math.isfinite(variance):
        return unknown_comparison(n, level, "difference_in_differences")
    treated = treated_after.mean - treated_before.mean
    control = control_after.mean - control_before.mean
    return compared(treated - control, math.sqrt(variance), n, level, "difference_in_differences")


def paired_difference_in_differences(
    treated_change: Sample, control_change: Sample, level: float = 0.95
) -> Comparison:
    """Return how much more the treated changed than the others, the same people asked twice.

    Parameters
    ----------
    treated_change, control_change : Sample
        Each person's value after minus before, in the two groups.
    level : float
        Confidence level.

    Returns
    -------
    Comparison
        Welch's comparison of the two mean changes.
    """
    treated, control = treated_change, control_change
    return welch(
        treated.mean,
        treated.standard_deviation,
        treated.n,
        control.mean,
        control.standard_deviation,
        control.n,
        level,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CupedComparison(Comparison):
    """A difference of two arms, freed of what was known about the people before.

    Attributes
    ----------
    slope : float
        theta = cov(before, outcome)/var(before), pooled within the arms.
    correlation : float
        Of the value before with the outcome, within the arms.
    """

    slope: float
    correlation: float

    @property
    def variance_ratio(self) -> float:
        """Variance left: 1 - correlation^2."""
        return 1 - self.correlation**2


def cuped(
    treated: npt.ArrayLike,
    treated_before: npt.ArrayLike,
    control: npt.ArrayLike,
    control_before: npt.ArrayLike,
    level: float = 0.95,
) -> CupedComparison:
    """Return the effect of a randomised programme with the noise that the past explains taken out.

    Parameters
    ----------
    treated, control : array
        Outcome of each person of the two arms.
    treated_before, control_before : array
        A value of the same persons from before the treatment (never after it).
    level : float
        Confidence level.

    Returns
    -------
    CupedComparison
        Difference of y - theta (x - mean x); unknown where an arm has fewer than three people.

    Notes
    -----
    Does not change what is estimated, only narrows the interval, by sqrt(1 - r^2); limits by Student's t,
    leaning where one arm is small and what is left is uneven (see `welch`).
    Past spend that explains .05 % of later spend narrows nothing.

    References
    ----------
    Deng, Xu, Kohavi, Walker (2013), WSDM '13, 123-132.
    """
    return cuped_of_moments(
        PairedSample.of_values(treated, treated_before),
        PairedSample.of_values(control, control_before),
        level,
    )


def cuped_of_moments(treated: PairedSample, control: PairedSample, level: float = 0.95) -> CupedComparison:
    """Return what `cuped` does, of means, spreads and covariances: they add up over any number of people."""
    arms = (treated, control)
    n = sum(arm.outcome.n for arm in arms)
    if min(arm.outcome.n for arm in arms) < 3:
        return _with_slope(unknown_comparison(n, level, "cuped"), UNKNOWN, UNKNOWN)
    xx, xy, yy = (
        sum((arm.outcome.n - 1) * part for arm, part in zip(arms, parts, strict=True))
        for parts in (
            [arm.before.standard_deviation**2 for arm in arms],
            [arm.covariance for arm in arms],
            [arm.outcome.standard_deviation**2 for arm in arms],
        )
    )
    slope = xy / xx if xx > 0 else 0.0
    correlation = min(max(xy / math.sqrt(xx * yy), -1.0), 1.0) if xx > 0 and yy > 0 else 0.0
    parts = [_variance_left(arm, slope) for arm in arms]
    raw = treated.outcome.mean - control.outcome.mean
    past = treated.before.mean - control.before.mean
    found = compared(raw - slope * past, math.sqrt(sum(parts)), n, level, "cuped")
    if found.standard_error:
        divisor = sum(part**2 / (arm.outcome.n - 2) for part, arm in zip(parts, arms, strict=True))
        lean = lean_of_difference([(arm.skewness_without(slope), arm.outcome.n) for arm in arms])
        found = by_student(found, sum(parts) ** 2 / divisor, lean)
    return _with_slope(found, slope, correlation)


def _variance_left(arm: PairedSample, slope: float) -> float:
    """Squared standard error of an arm's mean of y - slope x."""
    n = arm.outcome.n
    own = arm.outcome.standard_deviation**2 + slope**2 * arm.before.standard_deviation**2
    return max(own - 2 * slope * arm.covariance, 0.0) * (n - 1) / (n - 2) / n


def cuped_standard_error(standard_error: float, correlation: float) -> float:
    """Return the standard error that is left when a value from before correlates so with the outcome.

    SE sqrt(1 - r^2), for planning.
    """
    return standard_error * math.sqrt(1 - correlation**2)


def _arm(outcome: npt.ArrayLike, before: npt.ArrayLike) -> tuple[Floats, Floats]:
    y, x = floats(outcome), floats(before)
    if y.shape != x.shape or y.ndim != 1 or not np.all(np.isfinite(y + x)):
        raise BadValue(
            Text("An arm has a person without an outcome or without a value from before."),
            hint=Text("Give both for each person, or leave the person out of both."),
            where=Where(column="before"),
        )
    return y, x


def _with_slope(found: Comparison, slope: float, correlation: float) -> CupedComparison:
    return CupedComparison(
        estimate=found.estimate,
        ci_low=found.ci_low,
        ci_high=found.ci_high,
        n=found.n,
        level=found.level,
        method=found.method,
        notes=found.notes,
        standard_error=found.standard_error,
        p_value=found.p_value,
        slope=slope,
        correlation=correlation,
    )
