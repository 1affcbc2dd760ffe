"""The loops of BG/NBD and MBG/NBD over customers, compiled: one implementation for both models.

The two differ in one number: how many chances to leave a customer with x repeat purchases has had. In BG/NBD
they are x (the first is after the first repeat purchase), in MBG/NBD x + 1 (the first is after the first
purchase). `chances` is what is added to x: 0 or 1.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]

DAYS_IN_WEEK: Final = 7.0

SUMS: Final = 18
"""What a pass over the customers adds up: see `leaving_sums`."""

_FLUSH: Final = 512
_ON_GRID: Final = 1e-6
_SERIES_END: Final = 0.9
_TERMS: Final = 2000
_NEGLIGIBLE: Final = 40.0
_COARSEST: Final = 0.2
_EDGE_STEPS: Final = 6


@njit(cache=True, error_model="numpy", nogil=True)
def sound(frequency: Floats, recency: Floats, age: Floats, same: float) -> bool:
    """Tell whether all customers could be: in one pass, for it runs before every fit and score."""
    for i in range(frequency.size):
        x, last, end = frequency[i], recency[i], age[i]
        if not (x >= 0.0 and x == math.floor(x) and last >= 0.0 and last <= end + same and end < math.inf):
            return False
        if x == math.inf or (x == 0.0 and last > 0.0):
            return False
    return True


@njit(cache=True, error_model="numpy", nogil=True)
def places_of_days(
    frequency: Floats, recency: Floats, age: Floats, once: bool, x: Codes, last: Codes, end: Codes,
    by_repeats: Floats, by_end: Floats, repeats_by_end: Floats,
) -> int:  # fmt: skip
    """Fill the places of customers in tables by day, and the counts; return how many, -1 off the grid.

    Parameters
    ----------
    frequency, recency, age : arrays (n,)
        Of the customers.
    once : bool
        Whether customers without a repeat purchase get a place as well as being counted.
    x, last, end : arrays (n,)
        The places.
    by_repeats, by_end, repeats_by_end : arrays
        Counts of customers by frequency and age, of repeat purchases by age; zeros.
    """
    kept = 0
    for i in range(frequency.size):
        days = age[i] * DAYS_IN_WEEK
        day = int(days + 0.5)
        last_days = recency[i] * DAYS_IN_WEEK
        last_day = int(last_days + 0.5)
        if abs(days - day) > _ON_GRID or abs(last_days - last_day) > _ON_GRID:
            return -1
        repeats = int(frequency[i])
        by_repeats[repeats] += 1.0
        by_end[day] += 1.0
        repeats_by_end[day] += repeats
        x[kept], last[kept], end[kept] = repeats, min(last_day, day), day
        kept += once or repeats > 0
    return kept


@njit(cache=True, error_model="numpy", nogil=True)
def leaving_sums(
    x: Codes, last: Codes, end: Codes, repeats: Floats, logs: Floats, inverses: Floats,
    leave: Floats, slope: Floats, r: float,
) -> Floats:  # fmt: skip
    """Return the sums over customers who may have left after their last purchase.

    Parameters
    ----------
    x, last, end : arrays (n,)
        Places in the tables: of the frequency, of recency and age.
    repeats, leave, slope : arrays by frequency
        x, log a - log(b + k - 1) and 1/(b + k - 1), where k is the number of chances to leave.
    logs, inverses : arrays by time
        log(alpha + time) and 1/(alpha + time).
    r : float
        The parameter.

    Notes
    -----
    With d the logarithm of the odds of having left, p and q = p(1-p), D = log((alpha+T)/(alpha+t)), E = s
    times the difference of the inverses, s = r + x, v the slope: log(1+e^d); p times D, E, 1, v; p times E/s,
    E times the sum of the inverses, v^2; q times DD, DE, D, Dv, EE, E, Ev, 1, v, vv.
    The logarithm of 1 + e^-|d| is taken of a product of many customers: one exponential a customer is left.
    """
    out = np.zeros(SUMS)
    product = 1.0
    in_product = 0
    total = 0.0
    p_d = p_e = p_1 = p_v = p_f = p_g = p_vv = 0.0
    q_dd = q_de = q_d = q_dv = q_ee = q_e = q_ev = q_1 = q_v = 0.0
    q_vv = 0.0
    for i in range(x.size):
        place = x[i]
        s = r + repeats[place]
        v = slope[place]
        d = logs[end[i]] - logs[last[i]]
        near, far = inverses[last[i]], inverses[end[i]]
        f = far - near
        e = s * f
        odds = s * d + leave[place]
        small = math.exp(-abs(odds))
        product *= 1.0 + small
        in_product += 1
        if in_product == _FLUSH:
            total += math.log(product)
            product = 1.0
            in_product = 0
        share = 1.0 / (1.0 + small)
        if odds > 0:
            total += odds
            p = share
        else:
            p = small * share
        q = small * share * share
        p_d += p * d
        p_e += p * e
        p_1 += p
        p_v += p * v
        p_f += p * f
        p_g += p * e * (far + near)
        p_vv += p * v * v
        q_dd += q * d * d
        q_de += q * d * e
        q_d += q * d
        q_dv += q * d * v
        q_ee += q * e * e
        q_e += q * e
        q_ev += q * e * v
        q_1 += q
        q_v += q * v
        q_vv += q * v * v
    out[0] = total + math.log(product)
    out[1], out[2], out[3], out[4] = p_d, p_e, p_1, p_v
    out[5], out[6], out[7] = p_f, p_g, p_vv
    out[8], out[9], out[10], out[11] = q_dd, q_de, q_d, q_dv
    out[12], out[13], out[14] = q_ee, q_e, q_ev
    out[15], out[16], out[17] = q_1, q_v, q_vv
    return out


@njit(cache=True, error_model="numpy", nogil=True)
def expected_if_alive(a: float, b: float, s: float, time: float, weeks: float) -> float:
    """Return the purchases expected of a customer who is alive: the mean of (1 - (1 + p w)^-s) / p.

    Parameters
    ----------
    a, b : float
        Beta distribution of the chance p to leave at a purchase, given the purchases survived.
    s : float
        r + x.
    time : float
        alpha + T.
    weeks : float
        Time ahead.

    Notes
    -----
    w = weeks / time. In most places the Euler-transformed hypergeometric series, rearranged so that a = 1 is
    no exception; where it would be long or its terms would cancel, the mean is summed over the logit of p by
    the trapezoidal rule, which converges geometrically for such integrands.
    """
    if weeks <= 0.0:
        return 0.0
    if a == 0.0:
        return s * weeks / time
    z = weeks / (time + weeks)
    if z > _SERIES_END or a > 20.0 or a + b - 1.0 - s < -5.0 or a + b > 1e4:
        return _expected_by_sum(a, b, s, weeks / time)
    return _expected_by_series(a, b, s, z)


@njit(cache=True, error_model="numpy", nogil=True)
def _expected_by_series(a: float, b: float, s: float, z: float) -> float:
    excess = a - 1.0
    c = a + b - 1.0
    upper = c - s
    log_rest = math.log1p(-z)
    term = upper * z
    total = term
    for n in range(1, _TERMS):
        term *= (upper + n) * (excess + n) / ((c + n) * (n + 1.0)) * z
        total += term
        if abs(term) <= 1e-17 * abs(total):
            break
    power = math.exp(excess * log_rest)
    grown = log_rest if excess == 0.0 else math.expm1(excess * log_rest) / excess
    return -c * grown - power * total


@njit(cache=True, error_model="numpy", nogil=True)
def _expected_by_sum(a: float, b: float, s: float, w: float) -> float:
    """Sum over a grid of the logit of p, both tails in closed form."""
    spread = math.sqrt(1.0 / a + 1.0 / b)
    step = min(_COARSEST, 0.6 * spread)
    middle = math.log(a / b)
    at_middle = _log1p_exp(middle)
    deep = _NEGLIGIBLE + math.log(1.0 + s * w + w)
    low = max(_edge(a, b, middle, at_middle, -1.0, deep), -deep - math.log(1.0 + b))
    high = min(_edge(a, b, middle, at_middle, 1.0, deep), _NEGLIGIBLE + math.log(1.0 + a))
    first = math.floor((low - middle) / step)
    count = max(int(math.ceil((high - middle) / step) - first), 0) + 1
    weights = 0.0
    total = 0.0
    weight = value = 0.0
    for j in range(count):
        offset = (first + j) * step
        y = middle + offset
        weight = math.exp(a * offset - (a + b) * (_log1p_exp(y) - at_middle))
        p = math.exp(y - _log1p_exp(y))
        value = -math.expm1(-s * math.log1p(p * w)) / p
        if j == 0:
            tail = weight / math.expm1(a * step)
            weights += tail
            total += tail * value
        weights += weight
        total += weight * value
    tail = weight / math.expm1(b * step)
    return (total + tail * value) / (weights + tail)


@njit(cache=True, error_model="numpy", nogil=True)
def _edge(a: float, b: float, middle: float, at_middle: float, side: float, deep: float) -> float:
    """Return the logit on one side of the middle beyond which a beta distribution has next to nothing.

    Notes
    -----
    Where the logarithm of the density has fallen by `deep`: it is concave, so that Newton's steps stay
    outside from the first one on.
    """
    offset = side * math.sqrt(2.0 * deep * (1.0 / a + 1.0 / b))
    for _ in range(_EDGE_STEPS):
        y = middle + offset
        fallen = (a + b) * (_log1p_exp(y) - at_middle) - a * offset
        slope = (a + b) * math.exp(y - _log1p_exp(y)) - a
        if slope * side <= 0.0:
            break
        offset += (deep - fallen) / slope
    return middle + offset


@njit(cache=True, error_model="numpy", nogil=True)
def _log1p_exp(y: float) -> float:
    return max(y, 0.0) + math.log1p(math.exp(-abs(y)))


@njit(cache=True, error_model="numpy", nogil=True)
def discounted_if_alive(a: float, b: float, s: float, time: float, weeks: float, factor: float) -> float:
    """Return the same, what is bought in the k-th week times factor^k; a factor of 1 discounts nothing."""
    if factor == 1.0:
        return expected_if_alive(a, b, s, time, weeks)
    total = 0.0
    before = 0.0
    worth = 1.0
    for week in range(1, math.ceil(weeks) + 1):
        bought = expected_if_alive(a, b, s, time, min(float(week), weeks))
        worth *= factor
        total += (bought - before) * worth
        before = bought
    return total


@njit(cache=True, error_model="numpy", nogil=True)
def score(
    frequency: Floats, recency: Floats, age: Floats, r: float, alpha: float, a: float, b: float,
    chances: float, weeks: float, factor: float, known: Floats, logs: Floats, expected: Floats, alive: Floats,
) -> None:  # fmt: skip
    """Fill the purchases expected in the next weeks, and the probability of being alive, of each customer.

    Parameters
    ----------
    frequency, recency, age : arrays (n,)
        Of the customers.
    r, alpha, a, b, chances : float
        The model.
    weeks, factor : float
        Time ahead, and what a purchase of a week later is worth today.
    known : array (frequencies, days)
        What was found for a customer alive, by frequency and day of age; not-a-number where not yet. It is
        filled on the way and can be given to the next call.
    logs : array (days,)
        log(alpha + day / 7).
    expected, alive : arrays (n,)
        The results.

    Notes
    -----
    Ages that are no whole days, and what lies beyond the tables, are calculated each for itself.
    """
    rows, days = known.shape
    for i in range(frequency.size):
        x = frequency[i]
        s = r + x
        end = age[i] * DAYS_IN_WEEK
        last = recency[i] * DAYS_IN_WEEK
        on_grid = end < days
        day = int(end + 0.5) if on_grid else 0
        on_grid = on_grid and day < days and abs(end - day) < _ON_GRID
        if on_grid and x < rows:
            place = int(x)
            bought = known[place, day]
            if math.isnan(bought):
                time = alpha + day / DAYS_IN_WEEK
                bought = discounted_if_alive(a, b + x + chances, s, time, weeks, factor)
                known[place, day] = bought
        else:
            bought = discounted_if_alive(a, b + x + chances, s, alpha + age[i], weeks, factor)
        k = x + chances
        if k > 0.0 and a > 0.0:
            late = logs[day] if on_grid else math.log(alpha + age[i])
            last_day = int(last + 0.5) if last < days else 0
            near = last < days and last_day < days and abs(last - last_day) < _ON_GRID
            early = logs[last_day] if near else math.log(alpha + recency[i])
            chance = 1.0 / (1.0 + a / (b + k - 1.0) * math.exp(s * (late - early)))
        else:
            chance = 1.0
        alive[i] = chance
        expected[i] = chance * bought
