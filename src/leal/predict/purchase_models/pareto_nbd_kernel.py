"""The integrals of the Pareto/NBD model and its likelihood with all derivatives, compiled.

The model needs, for a customer with x repeat purchases, the integral of

    (1 + y/alpha)^-(r + x) (1 + y/beta)^-(s + 1) dy/beta

from the last purchase to the end of observation. For each distinct x it is accumulated from the last time
backwards over the times (`edges`) at which customers with this x bought last or were seen last. Every entry
is kept relative to the value that the integrand's power has at its own edge, so that neither hundreds of
purchases nor decades under- or overflow, and the difference of two entries loses no digits: what is
subtracted is never more than what the customer's likelihood holds anyway.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Codes = NDArray[np.int32]

MOMENTS: Final = 15
"""The integral, its 4 first and 10 second derivatives (upper triangle by rows), by log r, alpha, s, beta."""

_NODES_3 = np.polynomial.legendre.leggauss(3)
_NODES_5 = np.polynomial.legendre.leggauss(5)
_NODES_8 = np.polynomial.legendre.leggauss(8)
_PLACES: Final = np.concatenate([(1 + nodes[0]) / 2 for nodes in (_NODES_3, _NODES_5, _NODES_8)])
_WEIGHTS: Final = np.concatenate([nodes[1] / 2 for nodes in (_NODES_3, _NODES_5, _NODES_8)])


@njit(cache=True, error_model="numpy", nogil=True)
def mark_times(x: Codes, last: Codes, end: Codes, times: int, marks: NDArray[np.bool_]) -> None:
    """Mark the pairs of x and time that occur: the pair (x, t) has the place x times + t."""
    for row in range(x.size):
        begin = np.int64(x[row]) * times
        marks[begin + last[row]] = True
        marks[begin + end[row]] = True


@njit(cache=True, error_model="numpy", nogil=True)
def find_edges(x: Codes, last: Codes, end: Codes, times: int, places: Codes,
               last_edge: Codes, end_edge: Codes) -> None:  # fmt: skip
    """Fill the edges of each row, given that of each pair of x and time."""
    for row in range(x.size):
        begin = np.int64(x[row]) * times
        last_edge[row] = places[begin + last[row]]
        end_edge[row] = places[begin + end[row]]


@njit(cache=True, error_model="numpy", nogil=True)
def _derivatives(la: float, wa: float, lb: float, wb: float, p: float, q: float, r: float, s: float,
                 one: float, out: Floats) -> None:  # fmt: skip
    """Fill out[1:] with the first and second derivatives of a power, relative to the power itself.

    `one` is 1 for the integrand, which has the factor s/beta, and 0 for the power at the end; q is its
    exponent of 1 + y/beta.
    """
    h0, h1, h2, h3 = -r * la, p * wa, one - s * lb, q * wb - one
    out[1], out[2], out[3], out[4] = h0, h1, h2, h3
    out[5] = h0 * h0 - r * la
    out[6] = h0 * h1 + r * wa
    out[7] = h0 * h2
    out[8] = h0 * h3
    out[9] = h1 * h1 - p * wa * (1.0 - wa)
    out[10] = h1 * h2
    out[11] = h1 * h3
    out[12] = h2 * h2 - s * lb
    out[13] = h2 * h3 + s * wb
    out[14] = h3 * h3 - q * wb * (1.0 - wb)


@njit(cache=True, error_model="numpy", nogil=True)
def _panel(begin: float, end: float, x: float, base: float, r: float, alpha: float, s: float, beta: float,
           moments: int, work: Floats, out: Floats) -> None:  # fmt: skip
    """Add to out the integrals from begin to end, divided by exp(base), by 3, 5 or 8 nodes a piece."""
    p = r + x
    near = min(alpha, beta)
    width = (end - begin) / (begin + near)
    steep = p * (end + near) / (end + alpha) + (s + 1.0) * (end + near) / (end + beta)
    first, count, pieces = 8, 8, 1
    if (steep + 5.0) * width <= 0.15:
        first, count = 0, 3
    elif (steep + 9.0) * width <= 1.0:
        first, count = 3, 5
    elif (steep + 15.0) * width > 4.0:
        pieces = int(np.ceil((steep + 15.0) * np.log1p(width) / 3.5))
    ratio = np.exp(np.log1p(width) / pieces) if pieces > 1 else 1.0 + width
    low = begin
    for piece in range(pieces):
        high = end if piece == pieces - 1 else (low + near) * ratio - near
        largest = 0.0
        for node in range(first, first + count):
            y = low + (high - low) * _PLACES[node]
            la, lb = np.log1p(y / alpha), np.log1p(y / beta)
            weight = np.exp(-p * la - s * lb - base) * (high - low) * _WEIGHTS[node] / (beta + y)
            largest = max(largest, weight)
            out[0] += weight
            if moments > 1:
                _derivatives(la, y / (alpha + y), lb, y / (beta + y), p, s + 1.0, r, s, 1.0, work)
                for moment in range(1, moments):
                    out[moment] += weight * work[moment]
        if largest * pieces < out[0] * 1e-19:  # the integrand falls: the pieces to come add nothing
            break
        low = high


@njit(cache=True, error_model="numpy", nogil=True)
def fill_tables(purchases: Floats, starts: Integers, edges: Floats, parameters: Floats,
                powers: Floats, integrals: Floats) -> None:  # fmt: skip
    """Fill the logarithm of the power at each edge, and the integrals from each edge to the last of its x.

    Parameters
    ----------
    purchases : (groups,)
        The distinct x.
    starts : (groups + 1,)
        First edge of each x.
    edges : (edges,)
        Times, rising within an x.
    parameters : (4,)
        r, alpha, s, beta.
    powers : (edges,)
        Result: -(r + x) log(1 + t/alpha) - s log(1 + t/beta).
    integrals : (edges, 1 or `MOMENTS`)
        Result, each divided by exp(power) of its edge.
    """
    r, alpha, s, beta = parameters
    moments = integrals.shape[1]
    work = np.zeros(MOMENTS)
    for group in range(purchases.size):
        x = purchases[group]
        for edge in range(starts[group + 1] - 1, starts[group] - 1, -1):
            t = edges[edge]
            powers[edge] = -(r + x) * np.log1p(t / alpha) - s * np.log1p(t / beta)
            integrals[edge] = 0.0
            if edge == starts[group + 1] - 1:
                continue
            _panel(t, edges[edge + 1], x, powers[edge], r, alpha, s, beta, moments, work, integrals[edge])
            fall = np.exp(powers[edge + 1] - powers[edge])
            for moment in range(moments):
                integrals[edge, moment] += fall * integrals[edge + 1, moment]


@njit(cache=True, error_model="numpy", nogil=True)
def sum_likelihood(purchases: Floats, edges: Floats, parameters: Floats,
                   rows: Integers, last: Codes, end: Codes, weights: Floats,
                   powers: Floats, integrals: Floats, sums: Floats) -> None:  # fmt: skip
    """Add up log-likelihood, gradient and Hessian of the part that holds times; see `fill_tables`.

    Parameters
    ----------
    rows : (groups + 1,)
        First row of each x: rows are sorted by x.
    last, end : (rows,)
        Edges of the last purchase and of the end of observation.
    weights : (rows,)
        How many customers a row stands for.
    sums : (`MOMENTS`,)
        Result: value, 4 first, 10 second derivatives by the logarithms of the parameters.
    """
    r, alpha, s, beta = parameters
    sums[:] = 0.0
    at_end = np.zeros(MOMENTS)
    mean = np.zeros(MOMENTS)
    for group in range(purchases.size):
        p = r + purchases[group]
        for row in range(rows[group], rows[group + 1]):
            i, k, weight = last[row], end[row], weights[row]
            fall = np.exp(powers[k] - powers[i])
            total = fall + s * (integrals[i, 0] - fall * integrals[k, 0])
            sums[0] += weight * (powers[i] + np.log(total))
            alive, gone, again = fall / total, s / total, s * fall / total
            t = edges[k]
            _derivatives(np.log1p(t / alpha), t / (alpha + t), np.log1p(t / beta), t / (beta + t),
                         p, s, r, s, 0.0, at_end)  # fmt: skip
            for moment in range(1, MOMENTS):
                mean[moment] = (
                    alive * at_end[moment] + gone * integrals[i, moment] - again * integrals[k, moment]
                )
            place = 5
            for a in range(1, 5):
                sums[a] += weight * mean[a]
                for b in range(a, 5):
                    sums[place] += weight * (mean[place] - mean[a] * mean[b])
                    place += 1


@njit(cache=True, error_model="numpy", nogil=True)
def fill_alive(powers: Floats, integrals: Floats, s: float, last: Codes, end: Codes,
               alive: Floats) -> None:  # fmt: skip
    """Fill the probability of each row that the customer is alive at the end of observation."""
    for row in range(last.size):
        i, k = last[row], end[row]
        fall = np.exp(powers[k] - powers[i])
        alive[row] = fall / (fall + s * (integrals[i, 0] - fall * integrals[k, 0]))


@njit(cache=True, error_model="numpy", nogil=True)
def fill_alive_slopes(purchases: Floats, edges: Floats, parameters: Floats, last: Codes, end: Codes,
                      powers: Floats, integrals: Floats, alive: Floats, slopes: Floats) -> None:  # fmt: skip
    """Fill the probability of each row to be alive, and the derivatives of its logarithm.

    Parameters
    ----------
    purchases : (edges,)
        The number of repeat purchases that each edge belongs to.
    integrals : (edges, `MOMENTS`)
        With all derivatives; see `fill_tables`.
    slopes : (rows, `MOMENTS` - 1)
        Result: 4 first, 10 second derivatives by the logarithms of the parameters.
    """
    r, alpha, s, beta = parameters
    at_end = np.zeros(MOMENTS)
    mean = np.zeros(MOMENTS)
    for row in range(last.size):
        i, k = last[row], end[row]
        fall = np.exp(powers[k] - powers[i])
        total = fall + s * (integrals[i, 0] - fall * integrals[k, 0])
        alive[row] = fall / total
        still, gone, again = fall / total, s / total, s * fall / total
        t = edges[k]
        _derivatives(np.log1p(t / alpha), t / (alpha + t), np.log1p(t / beta), t / (beta + t),
                     r + purchases[k], s, r, s, 0.0, at_end)  # fmt: skip
        for moment in range(1, MOMENTS):
            mean[moment] = still * at_end[moment] + gone * integrals[i, moment] - again * integrals[k, moment]
        place = 5
        for a in range(1, 5):
            slopes[row, a - 1] = at_end[a] - mean[a]
            for b in range(a, 5):
                of_end = at_end[place] - at_end[a] * at_end[b]
                slopes[row, place - 1] = of_end - (mean[place] - mean[a] * mean[b])
                place += 1
