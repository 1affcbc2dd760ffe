"""How many years' money a customer is worth: over a life, or within a horizon."""

from __future__ import annotations

import math

import numpy as np

from leal.act.uncertain import Floats
from leal.errors import BadValue, Where
from leal.results import is_number
from leal.wording import Text

_TINY = 1e-12


def require_years(years: float | None) -> None:
    """Refuse a horizon in which nothing can come."""
    if years is not None and not (is_number(years) and 0 < years < math.inf):
        raise BadValue(
            Text("{years} years cannot bring anything.", years=str(years)),
            hint=Text("Give years above 0, .5 for half a year; leave them out for the lives of customers."),
            where=Where(column="years"),
        )


def years_worth(retention: Floats, discount: float, years: float | None) -> Floats:
    """Return what a customer brings, in years' money of today's.

    Notes
    -----
    Over a life r/(1 + i - r): this year's money is not in it, each later year's comes at its end. Within
    `years` money comes steadily and customers leave steadily: (1 - q^years)/(-log q), q = r/(1 + i).
    """
    if years is None:
        return np.asarray(retention / (1 + discount - retention))
    log_kept = np.log(np.maximum(retention / (1 + discount), _TINY))
    return np.asarray(np.expm1(years * log_kept) / log_kept)


def years_worth_slope(retention: Floats, discount: float, years: float | None) -> Floats:
    """Return what one more unit of retention adds to `years_worth`."""
    if years is None:
        return np.asarray((1 + discount) / (1 + discount - retention) ** 2)
    kept = np.maximum(retention / (1 + discount), _TINY)
    log_kept = np.log(kept)
    rise = years * kept**years * log_kept - np.expm1(years * log_kept)
    return np.asarray(rise / log_kept**2 / kept / (1 + discount))
