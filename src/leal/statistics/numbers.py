"""The few pieces of arithmetic that every room of statistics shares: normal quantiles, levels, arrays."""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from leal.errors import BadValue, Where
from leal.results import checked_level as checked_level  # checks of numbers are asked of this module
from leal.wording import Text

Floats = npt.NDArray[np.float64]
"""An array of numbers."""

UNKNOWN = math.nan
"""What a figure holds while it is unknown; `known` of the result tells, and no page prints it."""

_STANDARD_NORMAL = NormalDist()
_SHOWN = 60


def normal_quantile(probability: float) -> float:
    """Return the point below which the standard normal has `probability`."""
    return _STANDARD_NORMAL.inv_cdf(probability)


def two_sided_z(level: float) -> float:
    """Return how many standard errors an interval of `level` reaches to each side (1.96 for .95)."""
    return normal_quantile(0.5 + checked_level(level) / 2)


def t_quantile(level: float, freedom: float) -> float:
    """Return how many standard errors an interval of `level` reaches under Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + checked_level(level) / 2))


def two_sided_t(t: float, freedom: float) -> float:
    """Return the p value of Student's t, both sides."""
    from scipy.special import stdtr

    return float(2 * stdtr(freedom, -abs(t)))


def two_sided_p(z: float) -> float:
    """Return the p value of a standard normal statistic, both sides."""
    return math.erfc(abs(z) / math.sqrt(2.0))


def floats(values: npt.ArrayLike) -> Floats:
    """Return the values as an array of floats, or raise where they are no numbers."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadValue(
            Text("These values are no numbers: {values}.", values=repr(values)[:_SHOWN]),
            hint=Text("Give numbers, all lists of one length."),
        ) from error


def checked_counts(values: npt.ArrayLike, name: str) -> Floats:
    """Return counts as floats, or raise where one is negative or not a number."""
    counts = floats(values)
    if not np.all(np.isfinite(counts)) or np.any(counts < 0):
        raise BadValue(
            Text("{name}: a count is negative or not a number.", name=name),
            hint=Text("Counts are numbers from zero up."),
            where=Where(column=name),
        )
    return counts


@cache
def legendre(count: int) -> tuple[Floats, Floats]:
    """Return nodes and weights of Gauss-Legendre integration over -1..1."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return floats(nodes), floats(weights)


def normal_density(z: Floats) -> Floats:
    """Return the density of the standard normal."""
    return floats(np.exp(-z * z / 2) / math.sqrt(2 * math.pi))


def normal_share(z: float) -> float:
    """Return the probability of the standard normal below `z`."""
    return math.erfc(-z / math.sqrt(2)) / 2


def square_table(table: npt.ArrayLike, name: str, size: int | None = None) -> Floats:
    """Return a square table of counts, or raise where it has another shape."""
    counts = checked_counts(table, name)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or (size and counts.shape[0] != size):
        raise BadValue(
            Text("{name}: the table is not square.", name=name),
            hint=Text("Rows and columns are the same groups in the same order."),
            where=Where(column=name),
        )
    return counts
