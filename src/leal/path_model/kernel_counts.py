"""How often each answer was drawn, compiled."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True, error_model="numpy", nogil=True)
def count_draws(draws: NDArray[np.unsignedinteger], n: int) -> NDArray[np.float32]:
    """Return how often each of n answers stands in each row of draws."""
    counts = np.zeros((draws.shape[0], n), dtype=np.float32)
    for row in range(draws.shape[0]):
        for column in range(draws.shape[1]):
            counts[row, draws[row, column]] += 1.0
    return counts
