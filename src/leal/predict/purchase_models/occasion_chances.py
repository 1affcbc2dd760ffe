"""The likelihood of the BG/BB model with its exact gradient and second derivatives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from leal.predict.purchase_models.customer_columns import Flags, Floats
from leal.predict.purchase_models.occasions import Occasions

_CELLS = 200_000
"""Cells (customer that differs x occasion) that are looked at together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Products:
    """log of a (a+1) ... (a+m-1) for m = 0, 1, ..., and its derivatives by log a.

    Sums of logarithms over whole numbers stand in for Gamma functions: exact for any size of a.
    """

    value: Floats
    first: Floats
    second: Floats

    @classmethod
    def of(cls, a: float, most: int) -> Self:
        """Return the products of up to `most` factors."""
        j = np.arange(most)
        share = a / (a + j)
        parts = (np.log(a + j), share, share * (1 - share))
        value, first, second = (np.concatenate([[0.0], np.cumsum(part)]) for part in parts)
        return cls(value=value, first=first, second=second)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Some rows, each with the numbers k of occasions after which the customer may have left, up to all n.

    Attributes
    ----------
    rows : slice
        Which rows.
    x, k : array (rows, width)
        Occasions used; occasions that the customer was there.
    there : array (rows, width)
        Which cells are real: k is not below the last occasion used.
    gone : array (rows, width)
        1, but 0 in the last column: there after all n.
    """

    rows: slice
    x: NDArray[np.int64]
    k: NDArray[np.int64]
    there: Flags
    gone: Floats


def _cells(occasions: Occasions) -> Iterator[Cells]:
    widest = int((occasions.periods - occasions.recency).max(initial=0.0)) + 1
    step = max(_CELLS // widest, 1)
    gone = np.append(np.ones(widest - 1), 0.0)
    for begin in range(0, occasions.frequency.size, step):
        rows = slice(begin, begin + step)
        x, last, n = (
            column[rows].astype(np.int64)[:, None]
            for column in (occasions.frequency, occasions.recency, occasions.periods)
        )
        k = n - np.arange(widest - 1, -1, -1)
        there = k >= last
        k = np.where(there, k, n)
        yield Cells(
            rows=rows, x=np.broadcast_to(x, k.shape), k=k, there=there, gone=np.broadcast_to(gone, k.shape)
        )


class Chances:
    """The model at given parameters, ready for rows of up to `most` occasions."""

    def __init__(self, parameters: Floats, most: int) -> None:
        self.alpha, self.beta, self.gamma, self.delta = parameters.tolist()
        self.buys, self.skips = Products.of(self.alpha, most), Products.of(self.beta, most)
        self.asked = Products.of(self.alpha + self.beta, most)
        self.stays, self.lives = Products.of(self.delta, most), Products.of(self.gamma + self.delta, most)

    def logarithms(self, cells: Cells) -> Floats:
        """Return the logarithm of each possibility; minus infinity for cells that are not real."""
        k = cells.k
        logs = self.buys.value[cells.x] + self.skips.value[k - cells.x] - self.asked.value[k]
        logs = logs + self.stays.value[k] - self.lives.value[k]
        logs = logs + cells.gone * np.log(self.gamma / (self.gamma + self.delta + k))
        return np.where(cells.there, logs, -np.inf)

    def slopes(self, cells: Cells) -> Floats:
        """Return the first derivatives of `logarithms` by those of the parameters (4, rows, width)."""
        asked, lives, _, _ = self._sums(cells)
        use, leave = self._shares()
        return np.stack(
            [
                self.buys.first[cells.x] - use[0] * asked,
                self.skips.first[cells.k - cells.x] - use[1] * asked,
                cells.gone - leave[0] * lives,
                self.stays.first[cells.k] - leave[1] * lives,
            ]
        )

    def curves(self, cells: Cells) -> Floats:
        """Return the second derivatives (4, 4, rows, width); the two pairs of parameters do not mix."""
        asked, lives, asked_2, lives_2 = self._sums(cells)
        use, leave = self._shares()
        out = np.zeros((4, 4, *cells.k.shape))
        for place, shares, first, second in ((0, use, asked, asked_2), (2, leave, lives, lives_2)):
            for i in range(2):
                for m in range(2):
                    bend = shares[i] * ((i == m) - shares[m])  # how a share of a sum changes
                    out[place + i, place + m] = -shares[i] * shares[m] * second - bend * first
        out[0, 0] += self.buys.second[cells.x]
        out[1, 1] += self.skips.second[cells.k - cells.x]
        out[3, 3] += self.stays.second[cells.k]
        return out

    def _shares(self) -> tuple[Floats, Floats]:
        """Return the shares of alpha and beta in their sum, and of gamma and delta in theirs."""
        use = np.array([self.alpha, self.beta]) / (self.alpha + self.beta)
        leave = np.array([self.gamma, self.delta]) / (self.gamma + self.delta)
        return use, leave

    def _sums(self, cells: Cells) -> tuple[Floats, Floats, Floats, Floats]:
        """Return first derivatives by log(alpha + beta) and log(gamma + delta), then the second ones."""
        both = self.gamma + self.delta
        last = both / (both + cells.k)
        return (
            self.asked.first[cells.k],
            self.lives.first[cells.k] + cells.gone * last,
            self.asked.second[cells.k],
            self.lives.second[cells.k] + cells.gone * last * (1 - last),
        )


def log_parts(occasions: Occasions, parameters: Floats) -> tuple[Floats, Floats]:
    """Return of each row the logarithms of its likelihood and of its part in which the customer is there."""
    chances = Chances(parameters, int(occasions.periods.max(initial=0.0)))
    likelihood, alive = np.empty(occasions.frequency.size), np.empty(occasions.frequency.size)
    for cells in _cells(occasions):
        logs = chances.logarithms(cells)
        top = logs.max(axis=1)
        likelihood[cells.rows] = top + np.log(np.exp(logs - top[:, None]).sum(axis=1))
        alive[cells.rows] = logs[:, -1]
    return likelihood, alive


def log_likelihood(occasions: Occasions, logarithms: Floats) -> tuple[float, Floats, Floats]:
    """Return value, gradient and second derivatives by the logarithms of alpha, beta, gamma, delta.

    Notes
    -----
    A customer with x purchases on n occasions, the last on occasion t, left after k = t, ..., n - 1 occasions
    or is there after all n. The derivatives are means over these possibilities, weighted by their part in
    the likelihood.
    """
    chances = Chances(np.exp(logarithms), int(occasions.periods.max(initial=0.0)))
    value, gradient, hessian = 0.0, np.zeros(4), np.zeros((4, 4))
    for cells in _cells(occasions):
        weights = occasions.weights[cells.rows]
        logs = chances.logarithms(cells)
        top = logs.max(axis=1)
        parts = np.exp(logs - top[:, None])
        total = parts.sum(axis=1)
        value += float(weights @ (top + np.log(total)))
        portion = parts / total[:, None]
        slopes = chances.slopes(cells)
        mean = np.einsum("uk,iuk->iu", portion, slopes)
        weighted = portion * weights[:, None]
        gradient += mean @ weights
        hessian += np.einsum("uk,iuk,muk->im", weighted, slopes, slopes, optimize=True)
        hessian += np.einsum("uk,imuk->im", weighted, chances.curves(cells))
        hessian -= (mean * weights) @ mean.T
    return value, gradient, hessian
