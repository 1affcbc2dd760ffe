"""Looking at a test before it is over, without being fooled: group-sequential bounds."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from leal.errors import BadOption, BadValue, Where
from leal.statistics.numbers import Floats, checked_level, floats, legendre, normal_density
from leal.wording import Text

SequentialShape = Literal["pocock", "obrien_fleming"]

_NODES = 96
_MOST_LOOKS = 50


def group_sequential_bounds(
    looks: int, level: float = 0.95, shape: SequentialShape = "obrien_fleming"
) -> Floats:
    """Return how far from zero z must be at each look to stop a test early.

    Parameters
    ----------
    looks : int
        Looks planned, equally spaced in the number of people, the last one included.
    level : float
        Confidence level that all looks together keep.
    shape : {"pocock", "obrien_fleming"}
        The same bound at every look, or a high one early that ends near the usual one: c sqrt(looks/k).

    Returns
    -------
    array of shape (looks,)
        Bounds for abs(z).

    References
    ----------
    Pocock (1977), Biometrika 64, 191-199; O'Brien and Fleming (1979), Biometrics 35, 549-556; Jennison and
    Turnbull (2000), Group Sequential Methods.

    Examples
    --------
    >>> group_sequential_bounds(5, shape="pocock").round(3)
    array([2.413, 2.413, 2.413, 2.413, 2.413])
    """
    if shape not in ("pocock", "obrien_fleming"):
        raise BadOption("shape", shape, ["pocock", "obrien_fleming"])
    if not 1 <= looks <= _MOST_LOOKS:
        raise BadValue(
            Text("A test can be looked at 1 to {most} times, not {given}.", most=_MOST_LOOKS, given=looks),
            hint=Text("Plan fewer looks."),
            where=Where(column="looks"),
        )
    return _constant(looks, checked_level(level), shape) * _shape(looks, shape)


def false_alarm_probability(bounds: npt.ArrayLike) -> float:
    """Return how often a test of no effect crosses these bounds at one of its looks.

    Parameters
    ----------
    bounds : array of shape (looks,)
        Bounds for abs(z), looks equally spaced. Five looks at 1.96 give 14 %, not 5 %.

    Notes
    -----
    The distribution of the sum of independent increments, cut at each bound, carried from look to look by
    Gauss-Legendre integration (Armitage, McPherson, Rowe 1969).
    """
    return power_of_looks(bounds, 0.0)


def power_of_looks(bounds: npt.ArrayLike, shift: float) -> float:
    """Return how often a test crosses these bounds at one of its looks when there is an effect.

    Parameters
    ----------
    bounds : array of shape (looks,)
        Bounds for abs(z), looks equally spaced.
    shift : float
        The true effect in standard errors of the last look.

    Returns
    -------
    float
        Chance of stopping at either bound; for no effect the chance of a false alarm.
    """
    limits = floats(bounds)
    nodes, weights = legendre(_NODES)
    step = shift / math.sqrt(len(limits))
    edge = limits[0]
    places, mass = edge * nodes, edge * weights * normal_density(edge * nodes - step)
    inside = float(mass.sum())
    for look, limit in enumerate(limits[1:], start=2):
        edge = limit * math.sqrt(look)
        new = edge * nodes
        mass = edge * weights * (normal_density(new[:, None] - places[None, :] - step) @ mass)
        places, inside = new, float(mass.sum())
    return 1 - inside


def _shape(looks: int, shape: SequentialShape) -> Floats:
    if shape == "pocock":
        return np.ones(looks)
    return np.sqrt(looks / np.arange(1, looks + 1))


@lru_cache(maxsize=64)
def _constant(looks: int, level: float, shape: SequentialShape) -> float:
    from scipy.optimize import brentq

    def excess(constant: float) -> float:
        return false_alarm_probability(constant * _shape(looks, shape)) - (1 - level)

    return float(brentq(excess, 0.01, 12.0, xtol=1e-10))
