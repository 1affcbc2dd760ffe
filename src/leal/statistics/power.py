"""Planning: how many answers are enough, what can be detected, how long a watch takes to notice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from leal.errors import BadValue, Where
from leal.statistics.numbers import normal_quantile, normal_share, two_sided_z
from leal.statistics.run_lengths import cusum_limit, cusum_run_length, ewma_limit, ewma_run_length
from leal.wording import Text

_ADDED_ANSWERS = 3  # .75 + 1.5 + .75 of the adjusted Wald interval


def nps_sample_size(
    margin: float,
    variance: float = 1.0,
    level: float = 0.95,
    method: Literal["wald", "adjusted_wald"] = "wald",
    population: float | None = None,
) -> int:
    """Return how many answers give an NPS with this margin of error.

    Parameters
    ----------
    margin : float
        Half the width of the interval, on the scale -1..1 (.05 = 5 points).
    variance : float
        Variance of one answer: 1 is the worst case, .5 to .8 is usual.
    level : float
        Confidence level.
    method : {"wald", "adjusted_wald"}
        The adjusted Wald interval adds three answers of its own, so it needs three fewer.
    population : float, optional
        Size of a small base, of which fewer are needed.

    Returns
    -------
    int
        n = z^2 v/e^2, rounded up.
    """
    _positive(margin, "margin")
    needed = two_sided_z(level) ** 2 * variance / margin**2
    if population is not None:
        needed = needed / (1 + (needed - 1) / population)
    return max(1, _up(needed) - (_ADDED_ANSWERS if method == "adjusted_wald" else 0))


def nps_change_sample_size(
    change: float, variance: float = 1.0, level: float = 0.95, power: float = 0.8
) -> int:
    """Return how many answers a wave or group are needed to detect this change of an NPS.

    Parameters
    ----------
    change : float
        Change worth finding, on the scale -1..1 (.05 = 5 points).
    variance : float
        Variance of one answer.
    level, power : float
        Confidence level, and the wanted chance of finding the change if it is there.

    Returns
    -------
    int
        n = 2 v (z + z_b)^2/d^2 for each of two independent groups, rounded up.
    """
    _positive(change, "change")
    return _up(2 * variance * _both(level, power) ** 2 / change**2)


def mean_change_sample_size(
    change: float, standard_deviation: float, level: float = 0.95, power: float = 0.8
) -> int:
    """Return how many values a wave or group are needed to detect this change of a mean.

    The formula of `nps_change_sample_size` with the square of the standard deviation; change and standard
    deviation are in one unit (an index with standard deviation 20, two points of change).
    """
    return nps_change_sample_size(change, standard_deviation**2, level, power)


def proportion_change_sample_size(
    share_a: float, share_b: float, level: float = 0.95, power: float = 0.8
) -> int:
    """Return how many people each arm needs to tell two shares apart.

    Parameters
    ----------
    share_a, share_b : float
        Shares expected in the two arms, 0..1.
    level, power : float
        Confidence level, and the wanted chance of finding the difference if it is there.

    Returns
    -------
    int
        n = (z + z_b)^2 (p1 q1 + p2 q2)/d^2 an arm (unpooled), rounded up.
    """
    _positive(abs(share_a - share_b), "share_b")
    spread = share_a * (1 - share_a) + share_b * (1 - share_b)
    return _up(_both(level, power) ** 2 * spread / (share_a - share_b) ** 2)


def detectable_change(
    n_a: float, n_b: float, variance: float = 1.0, level: float = 0.95, power: float = 0.8
) -> float:
    """Return the smallest change that so many answers find with the wanted power.

    Parameters
    ----------
    n_a, n_b : float
        Answers of two independent groups or waves (effective numbers where weighted).
    variance : float
        Variance of one answer: of an NPS, or the square of a standard deviation.
    level, power : float
        Confidence level and power.

    Returns
    -------
    float
        (z + z_b) sqrt(v/n_a + v/n_b), in the unit of the figure; infinite where a group is empty.
    """
    if min(n_a, n_b) <= 0:
        return math.inf
    return _both(level, power) * math.sqrt(variance / n_a + variance / n_b)


def power_of_comparison(
    change: float, n_a: float, n_b: float, variance: float = 1.0, level: float = 0.95
) -> float:
    """Return the chance that a test of two waves finds a change of this size.

    Parameters are those of `detectable_change`; the answer is a probability, at least 1 - level.
    """
    if min(n_a, n_b) <= 0:
        return 0.0
    shift = abs(change) / math.sqrt(variance / n_a + variance / n_b)
    z = two_sided_z(level)
    return normal_share(shift - z) + normal_share(-shift - z)


@dataclass(frozen=True, slots=True, kw_only=True)
class WavesToDetection:
    """How many waves each way of watching takes, on average, to notice a lasting change.

    Attributes
    ----------
    cusum, ewma, three_sigma : float
        Average number of waves until the alarm.
    wave_test_power : float
        Chance that the test of the wave after the change against the wave before finds it; it looks once,
        since afterwards both waves are at the new level.
    false_alarm_every : float
        Waves between false alarms of CUSUM and EWMA, which both are set to; 370 for the 3-sigma chart.
    """

    cusum: float
    ewma: float
    three_sigma: float
    wave_test_power: float
    false_alarm_every: float


def waves_to_detection(
    change: float,
    n: float,
    variance: float = 1.0,
    *,
    level: float = 0.95,
    false_alarm_every: float = 200.0,
    ewma_weight: float = 0.2,
) -> WavesToDetection:
    """Return how long a lasting change of the score stays unnoticed.

    Parameters
    ----------
    change : float
        The change, in the unit of the figure (.05 = 5 points of NPS).
    n : float
        Answers a wave.
    variance : float
        Variance of one answer.
    level : float
        Confidence level of the wave test.
    false_alarm_every : float
        Waves between false alarms that CUSUM (one-sided) and EWMA (two-sided) are set to.
    ewma_weight : float
        Weight of the newest wave.

    Returns
    -------
    WavesToDetection

    Notes
    -----
    Average run lengths of the charts on (score - target)/SE, target known; the CUSUM is tuned to the change.
    """
    _positive(abs(change), "change")
    _positive(n, "n")
    shift = abs(change) / math.sqrt(variance / n)
    reference = shift / 2
    beyond = normal_share(shift - 3) + normal_share(-shift - 3)
    return WavesToDetection(
        cusum=cusum_run_length(reference, cusum_limit(reference, false_alarm_every), shift),
        ewma=ewma_run_length(ewma_weight, ewma_limit(ewma_weight, false_alarm_every), shift),
        three_sigma=1 / beyond,
        wave_test_power=power_of_comparison(change, n, n, variance, level),
        false_alarm_every=false_alarm_every,
    )


def _both(level: float, power: float) -> float:
    return two_sided_z(level) + normal_quantile(power)


def _up(needed: float) -> int:
    return math.ceil(needed - 1e-9)


def _positive(value: float, name: str) -> None:
    if not value > 0:
        raise BadValue(
            Text("{name} must be above zero.", name=name),
            hint=Text("Give the size that matters, for example 0.05 for 5 points."),
            where=Where(column=name),
        )
