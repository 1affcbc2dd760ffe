"""What goes into symptoms and what into causes: handling of cases, actions without and with a driver."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from leal.engine import FrameLike, collect, column_names, lazy
from leal.measure import action_costs

HANDLING, WITHOUT_CAUSE, ON_CAUSE = "handling", "without_cause", "on_cause"
"""Handling of cases; actions that name no cause; actions that work on one."""


def symptom_spending(handled: pl.Series | None, actions: FrameLike) -> pl.DataFrame:
    """Return ``kind``, ``cost`` and ``share`` of what was spent; nothing where no cost is known.

    Parameters
    ----------
    handled : Series or None
        Costs of the cases; None where cases have no cost.
    actions : dataframe or path, or None
        The table `actions`; costs are those of the whole action (`leal.measure.action_costs`).
    """
    on_cause, without = _costs_of_actions(actions)
    costs = {
        HANDLING: float(handled.sum()) if handled is not None else 0.0,
        WITHOUT_CAUSE: without,
        ON_CAUSE: on_cause,
    }
    whole = sum(costs.values())
    rows = (
        [{"kind": kind, "cost": cost, "share": cost / whole} for kind, cost in costs.items()] if whole else []
    )
    return pl.DataFrame(rows, schema={"kind": pl.String, "cost": pl.Float64, "share": pl.Float64})


def _costs_of_actions(actions: FrameLike) -> tuple[float, float]:
    """Return what actions with and without a driver cost."""
    if actions is None:
        return 0.0, 0.0
    frame = lazy(actions)
    if not {"action", "cost"} <= set(column_names(frame)):
        return 0.0, 0.0
    costs = action_costs(frame).drop_nulls("cost")
    known = costs["action"].is_in(_with_driver(frame))
    return float(costs.filter(known)["cost"].sum()), float(costs.filter(~known)["cost"].sum())


def _with_driver(frame: nw.LazyFrame) -> list[str]:  # type: ignore[type-arg]
    if "driver" not in column_names(frame):
        return []
    named = collect(frame.select(nw.col("action", "driver").cast(nw.String())).drop_nulls())
    return named.filter(pl.col("driver").str.strip_chars() != "")["action"].unique().to_list()
