"""How long control charts run: the average number of waves until an alarm, false or true."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from leal.statistics.numbers import Floats, legendre, normal_density

_NODES = 60
_LONGEST = 1e12


def cusum_run_length(reference: float, limit: float, shift: float = 0.0, *, two_sided: bool = False) -> float:
    """Return the average number of waves until a CUSUM raises an alarm.

    Parameters
    ----------
    reference : float
        k, half the shift worth finding, in standard errors.
    limit : float
        h, the height of the alarm.
    shift : float
        True lasting shift of the standardised values; 0 gives the time between false alarms.
    two_sided : bool
        Watch falls and rises both: 1/ARL = 1/ARL_up + 1/ARL_down.

    Notes
    -----
    L(u) = 1 + L(0) F(k - u) + integral over 0..h of L(y) f(y + k - u) dy, solved at Gauss-Legendre nodes.

    References
    ----------
    Page (1954), Biometrika 41, 100-115; Kemp (1961), JRSS B 23, 149-153 (two sides).
    """
    up = _cusum(reference, limit, shift)
    if not two_sided:
        return up
    return 1 / (1 / up + 1 / _cusum(reference, limit, -shift))


def ewma_run_length(weight: float, limit: float, shift: float = 0.0) -> float:
    """Return the average number of waves until a two-sided EWMA chart raises an alarm.

    Parameters
    ----------
    weight : float
        Weight of the newest wave, 0..1.
    limit : float
        L, width of the limits in standard errors of the average.
    shift : float
        True lasting shift of the standardised values; 0 gives the time between false alarms.

    References
    ----------
    Crowder (1987), Technometrics 29, 401-407 (constant limits, start on target).
    """
    nodes, weights = legendre(_NODES)
    edge = limit * math.sqrt(weight / (2 - weight))
    y, w = edge * nodes, edge * weights

    def kernel(start: Floats) -> Floats:
        return normal_density((y[None, :] - (1 - weight) * start[:, None]) / weight - shift) * w / weight

    lengths = np.linalg.solve(np.eye(_NODES) - kernel(y), np.ones(_NODES))
    return float(1 + (kernel(np.zeros(1)) @ lengths)[0])


@lru_cache(maxsize=256)
def cusum_limit(reference: float, run_length: float, *, two_sided: bool = False) -> float:
    """Return the alarm height h at which a CUSUM raises a false alarm every `run_length` waves on average."""
    return _solved(lambda limit: cusum_run_length(reference, limit, two_sided=two_sided), run_length)


@lru_cache(maxsize=256)
def ewma_limit(weight: float, run_length: float) -> float:
    """Return the width L at which an EWMA chart raises a false alarm every `run_length` waves on average."""
    return _solved(lambda limit: ewma_run_length(weight, limit), run_length)


def _cusum(reference: float, limit: float, shift: float) -> float:
    nodes, weights = legendre(_NODES)
    y, w = limit * (nodes + 1) / 2, limit * weights / 2
    start = np.append(0.0, y)
    drift = reference - start[:, None] - shift
    system = np.eye(len(start))
    system[:, :1] -= _share(drift)
    system[:, 1:] -= normal_density(y[None, :] + drift) * w
    length = float(np.linalg.solve(system, np.ones(len(start)))[0])
    # beyond what the solution can resolve the chart practically never raises an alarm
    return length if 0 < length < _LONGEST else _LONGEST


def _solved(run_length: Callable[[float], float], wanted: float) -> float:
    from scipy.optimize import brentq

    def gap(limit: float) -> float:
        return math.log(run_length(limit)) - math.log(wanted)

    high = 1.0
    while gap(high) < 0:
        high *= 1.5
    return float(brentq(gap, 1e-3, high, xtol=1e-10)) if gap(1e-3) < 0 else 1e-3


def _share(z: Floats) -> Floats:
    from scipy.special import ndtr

    return np.asarray(ndtr(z), dtype=np.float64)
