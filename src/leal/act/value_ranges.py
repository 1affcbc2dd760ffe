"""What each factor alone does to the value of an action: which one to measure first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from leal.act.actions import FACTORS, SUPPOSED, Action
from leal.act.horizons import require_years
from leal.act.spine_parts import Look, form_of, gain_parts, middles, present_cost
from leal.act.uncertain import Floats

if TYPE_CHECKING:
    import polars as pl


def value_by_factor(
    action: Action,
    *,
    form: Literal["exact", "linear"] = "exact",
    years: float | None = None,
    level: float = 0.95,
) -> pl.DataFrame:
    """Return how far each factor alone moves the value of an action, over its range.

    Parameters
    ----------
    action : Action
        One entry of the register.
    form, years
        As in `leal.action_value`.
    level : float
        How much of each factor's distribution its range holds.

    Returns
    -------
    DataFrame
        ``factor``, ``grade``, ``low``, ``high`` (the ends of its range), ``at_low``, ``at_high`` (the value
        there, the others at their middle), ``middle``; the longest first: the factor worth measuring first.
        Factors taken as certain are left out; no rows where the value is unknown. `leal.charts.tornado`
        draws it.

    Examples
    --------
    >>> lobby = Action(name="Lobby", customers=10_000, noticed=(.3, .5), satisfaction=(1, 4, 6),
    ...                retention_link=.004, margin=120, retention=.8, cost=60_000)
    >>> value_by_factor(lobby)["factor"].to_list()
    ['satisfaction', 'noticed']
    """
    import polars as pl

    require_years(years)
    middle = _value(action, form, years)
    rows: list[dict[str, Any]] = []
    for name in (*FACTORS, *SUPPOSED):
        factor = action.factor(name)
        if factor is None or not math.isfinite(middle):
            continue
        low, high = factor.limits(level)
        ends = [_value(action, form, years, name, end) for end in (low, high)]
        if ends[0] != ends[1]:
            row = {"factor": name, "grade": factor.grade, "low": low, "high": high}
            rows.append(row | {"at_low": ends[0], "at_high": ends[1], "middle": middle})
    rows.sort(key=lambda row: -abs(row["at_high"] - row["at_low"]))
    numbers = dict.fromkeys(("low", "high", "at_low", "at_high", "middle"), pl.Float64)
    return pl.DataFrame(rows, schema={"factor": pl.String, "grade": pl.String, **numbers})


def _value(
    action: Action,
    form: Literal["exact", "linear"],
    years: float | None,
    factor: str | None = None,
    end: float = math.nan,
) -> float:
    """Return the value with each factor at its middle, one at its end; not-a-number where one is missing."""
    look = _with(middles(action), factor, end)
    parts = gain_parts(action, form_of(action, form), look, years)
    gain = math.fsum(float(part[0]) for part in parts.values())
    now = end if factor == "cost" else action.costs[0].central if action.costs else math.nan
    return gain - present_cost(action, [now, *(cost.central for cost in action.costs[1:])])


def _with(look: Look, factor: str | None, end: float) -> Look:
    def moved(name: str) -> Floats:
        return np.array([end]) if name == factor else look(name)

    return moved
