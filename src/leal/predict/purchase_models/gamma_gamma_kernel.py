"""The loop of the Gamma-Gamma model over customers, compiled."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@njit(cache=True, error_model="numpy", nogil=True)
def spend_sums(x: Floats, total: Floats, v: float) -> Floats:
    """Return sums over customers with x repeat purchases that come to `total`.

    Of log(v + total), x times it, u = 1/(v + total), x u, u^2, x u^2.
    """
    log_1 = log_x = u_1 = u_x = u_2 = u_2x = 0.0
    for i in range(x.size):
        whole = v + total[i]
        bought = x[i]
        log = math.log(whole)
        u = 1.0 / whole
        log_1 += log
        log_x += bought * log
        u_1 += u
        u_x += bought * u
        u_2 += u * u
        u_2x += bought * u * u
    return np.array([log_1, log_x, u_1, u_x, u_2, u_2x])


@njit(cache=True, error_model="numpy", nogil=True)
def repeat_totals(frequency: Floats, spend: Floats, x: Floats, total: Floats) -> Floats:
    """Fill frequency and money of customers with a repeat purchase.

    Return how many there are, sums of x, m, x^2, m^2, x m (m the mean spend), of log m, x log m; the first
    is -1 where a customer could not be.
    """
    kept = 0
    sum_x = sum_m = sum_xx = sum_mm = sum_xm = log_m = log_xm = 0.0
    for i in range(frequency.size):
        bought = frequency[i]
        if bought == 0.0:
            continue
        mean = spend[i]
        sound = bought > 0.0 and bought == math.floor(bought) and bought < math.inf
        if not (sound and mean > 0.0 and mean < math.inf):
            kept = -1
            break
        x[kept], total[kept] = bought, bought * mean
        kept += 1
        log = math.log(mean)
        sum_x += bought
        sum_m += mean
        sum_xx += bought * bought
        sum_mm += mean * mean
        sum_xm += bought * mean
        log_m += log
        log_xm += bought * log
    return np.array([kept, sum_x, sum_m, sum_xx, sum_mm, sum_xm, log_m, log_xm])
