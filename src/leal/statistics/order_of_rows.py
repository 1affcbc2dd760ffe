"""An order of rows that hangs on what they hold: so that resamples of the same rows are the same."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def fixed_order(
    rows: npt.NDArray[np.float64], strata: npt.NDArray[np.int64] | None = None
) -> npt.NDArray[np.intp]:
    """Return the order that sorts rows by stratum, then by their columns from the first on.

    Grouping gives rows in any order, and another one each time; a resample takes rows by their places. Values
    are compared to seven digits, for sums of money differ in their last digits by the order of adding.

    Parameters
    ----------
    rows : array of shape (rows, columns)
        What is to be resampled.
    strata : array of shape (rows,), optional
        Strata within which it is resampled.

    Examples
    --------
    >>> fixed_order(np.array([[2.0, 1.0], [1.0, 9.0], [1.0, 3.0]])).tolist()
    [2, 1, 0]
    """
    keys = [*np.asarray(rows, dtype=np.float32).T[::-1]]
    return np.lexsort(keys if strata is None else [*keys, strata])
