"""What the simulated company promised of its programmes before they began, right or wrong."""

from __future__ import annotations

import numpy as np
import polars as pl

from leal.simulate.plan import Plan, Programme

PROMISED = {"care": 1.0, "points": 0.4, "calls": 0.3, "wrap": 0.25}
"""Margin promised by programme for each customer treated, in baskets; the truth is in `Truth.actions`."""

PROMISED_REACH = 0.5
"""How far the limits of a promise lie from it, as a part of it."""

PROMISED_NOTICED = {"care": 0.5, "points": 0.5, "calls": 0.6, "wrap": 0.4}
"""Share of the exposed who were to notice it."""


def promise_columns(plan: Plan, programme: Programme, treated: np.ndarray) -> dict[str, pl.Series]:
    """Return the columns of a promise, the same in each row of a programme; empty without one."""
    promised = PROMISED.get(programme.key)
    middle = None if promised is None else round(promised * plan.basket * int(treated.sum()), 2)
    values = {
        "promised": middle,
        "promised_low": None if middle is None else round(middle * (1 - PROMISED_REACH), 2),
        "promised_high": None if middle is None else round(middle * (1 + PROMISED_REACH), 2),
        "promised_noticed": PROMISED_NOTICED.get(programme.key),
    }
    rows = len(treated)
    return {
        name: pl.Series([value], dtype=pl.Float64).new_from_index(0, rows) for name, value in values.items()
    }
