"""Looking at an experiment before it is over: planned looks, bounds, and an interval that stays honest."""

from __future__ import annotations

import math
from dataclasses import dataclass

import polars as pl

from leal.errors import BadValue, Where
from leal.results import checked_count
from leal.statistics import SequentialShape, group_sequential_bounds
from leal.wording import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Which of the planned looks this one is.

    Attributes
    ----------
    number, planned : int
        This look, from 1; all looks that were planned, the last one included, equally spaced in customers.
    shape : {"obrien_fleming", "pocock"}
        High bounds early that end near the usual one, or the same bound at every look.
    """

    number: int
    planned: int
    shape: SequentialShape = "obrien_fleming"

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.planned:
            raise BadValue(
                Text("Look {number} is not one of {planned}.", number=self.number, planned=self.planned),
                hint=Text("Looks are counted from 1: looks=(2, 5) is the second of five."),
                where=Where(column="looks"),
            )

    def bound(self, level: float = 0.95) -> float:
        """Return how far from zero z must be to stop now."""
        return float(group_sequential_bounds(self.planned, level, self.shape)[self.number - 1])

    def nominal_level(self, level: float = 0.95) -> float:
        """Return the level of the usual interval that, taken at this look, keeps `level` over all looks."""
        return 1 - math.erfc(self.bound(level) / math.sqrt(2))


def as_look(looks: Look | tuple[int, int] | None) -> Look | None:
    """Return a look from ``(number, planned)``."""
    if looks is None or isinstance(looks, Look):
        return looks
    given: object = looks
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise BadValue(
            Text("A look is told by two numbers."),
            hint=Text("Looks are counted from 1: looks=(2, 5) is the second of five."),
            where=Where(column="looks"),
        )
    number, planned = (checked_count(value, "looks", least=0) for value in given)
    return Look(number=number, planned=planned)


def plan_looks(planned: int, level: float = 0.95, shape: SequentialShape = "obrien_fleming") -> pl.DataFrame:
    """Return the looks to write down before the start, one row each.

    Parameters
    ----------
    planned : int
        Looks, the last one included.
    level : float
        Confidence level that all looks together keep.
    shape : {"obrien_fleming", "pocock"}
        As of `Look`.

    Returns
    -------
    polars.DataFrame
        ``look``, ``customers`` (share of all customers that are in by then), ``bound`` (for the absolute
        value of z), ``p_value`` (the two-sided p value that stops).

    References
    ----------
    Pocock (1977), Biometrika 64; O'Brien and Fleming (1979), Biometrics 35; Jennison and Turnbull (2000),
    Group Sequential Methods, chapter 9 (repeated confidence intervals).

    Examples
    --------
    >>> plan_looks(5)["bound"].round(3).to_list()
    [4.562, 3.226, 2.634, 2.281, 2.04]
    """
    bounds = group_sequential_bounds(planned, level, shape)
    return pl.DataFrame(
        {
            "look": range(1, planned + 1),
            "customers": [place / planned for place in range(1, planned + 1)],
            "bound": bounds.tolist(),
            "p_value": [math.erfc(bound / math.sqrt(2)) for bound in bounds.tolist()],
        },
        schema_overrides={"look": pl.Int64},
    )
