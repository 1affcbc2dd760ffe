"""What can be found out by whoever knows what is seen of a table: a linear programme, not our own algebra."""

from __future__ import annotations

from typing import Any

import numpy as np


def lowest_and_highest(
    n: np.ndarray[Any, Any], made_of: np.ndarray[Any, Any], seen: np.ndarray[Any, Any], aim: int
) -> tuple[float, float]:
    """Return between what a hidden figure must lie for whoever knows the figures that are seen."""
    from scipy.optimize import linprog

    fixed: dict[str, Any] = (
        {"A_eq": made_of[seen].astype(float), "b_eq": n[seen].astype(float)} if seen.any() else {}
    )
    ends = [linprog(sign * made_of[aim].astype(float), bounds=(0, 10**6), **fixed) for sign in (1, -1)]
    assert all(end.status == 0 for end in ends)
    return float(ends[0].fun), float(-ends[1].fun)
