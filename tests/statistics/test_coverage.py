"""How often the intervals hold the truth: every outcome enumerated, 25 cells (nps-and-surveys, 4.2)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy.special import gammaln, xlogy

from leal.statistics import IntervalMethod, nps_intervals

SHAPES = [(0.10, 0.30, 0.60), (0.02, 0.18, 0.80), (0.01, 0.04, 0.95), (0.30, 0.40, 0.30), (0.20, 0.30, 0.50)]
SIZES = (5, 10, 20, 30, 50)

# n, true shares: coverage and mean width in points of Wald, adjusted Wald, score
TABLE = [
    (10, (0.10, 0.30, 0.60), (0.873, 77), (0.947, 75), (0.961, 78)),
    (10, (0.02, 0.18, 0.80), (0.886, 49), (0.937, 65), (0.963, 66)),
    (10, (0.01, 0.04, 0.95), (0.400, 19), (0.914, 58), (0.962, 60)),
    (20, (0.01, 0.04, 0.95), (0.640, 18), (0.978, 37), (0.955, 37)),
    (30, (0.30, 0.40, 0.30), (0.935, 54), (0.949, 52), (0.949, 53)),
    (50, (0.10, 0.30, 0.60), (0.939, 37), (0.949, 36), (0.950, 37)),
    (50, (0.01, 0.04, 0.95), (0.759, 14), (0.969, 20), (0.965, 19)),
]
JEFFREYS = [
    (10, (0.10, 0.30, 0.60), 0.954, 74),
    (10, (0.01, 0.04, 0.95), 0.914, 52),
    (20, (0.01, 0.04, 0.95), 0.925, 32),
]


def outcomes(n: int) -> npt.NDArray[np.float64]:
    """Return all ways in which n answers fall into three groups: rows detractors, passives, promoters."""
    first, second = np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij")
    inside = first + second <= n
    return np.stack([first[inside], second[inside], n - first[inside] - second[inside]]).astype(float)


def coverage(n: int, shares: tuple[float, float, float], method: IntervalMethod) -> tuple[float, float]:
    """Return the probability that the interval holds the truth, and its mean width in points."""
    counts = outcomes(n)
    logs = (
        gammaln(n + 1)
        - gammaln(counts + 1).sum(axis=0)
        + xlogy(counts, np.array(shares)[:, None]).sum(axis=0)
    )
    probability = np.exp(logs)
    low, high = nps_intervals(*counts, method=method)
    truth = shares[2] - shares[0]
    holds = (low <= truth + 1e-12) & (truth - 1e-12 <= high)
    return float(probability @ holds), float(100 * probability @ (high - low))


@pytest.mark.parametrize(("n", "shares", "wald", "adjusted", "score"), TABLE)
def test_coverage_table_by_enumeration(
    n: int,
    shares: tuple[float, float, float],
    wald: tuple[float, float],
    adjusted: tuple[float, float],
    score: tuple[float, float],
) -> None:
    assert coverage(n, shares, "score") == (
        pytest.approx(score[0], abs=6e-4),
        pytest.approx(score[1], abs=0.6),
    )
    assert coverage(n, shares, "wald") == (pytest.approx(wald[0], abs=6e-4), pytest.approx(wald[1], abs=0.6))
    # the table counts widths of the unclipped interval, so only its coverage is compared
    assert coverage(n, shares, "adjusted_wald")[0] == pytest.approx(adjusted[0], abs=6e-4)


@pytest.mark.parametrize("shares", SHAPES)
@pytest.mark.parametrize("n", SIZES)
def test_score_interval_never_covers_less_than_93_percent(n: int, shares: tuple[float, float, float]) -> None:
    assert coverage(n, shares, "score")[0] >= 0.93


@pytest.mark.parametrize(("method", "least"), [("score", 0.937), ("adjusted_wald", 0.914), ("wald", 0.225)])
def test_least_coverage_of_25_cells(method: IntervalMethod, least: float) -> None:
    found = min(coverage(n, shares, method)[0] for n in SIZES for shares in SHAPES)
    assert found == pytest.approx(least, abs=5e-4)


@pytest.mark.slow
@pytest.mark.parametrize(("method", "least"), [("jeffreys", 0.914), ("bootstrap", 0.225)])
def test_least_coverage_of_25_cells_of_the_slower(method: IntervalMethod, least: float) -> None:
    found = min(coverage(n, shares, method)[0] for n in SIZES for shares in SHAPES)
    assert found == pytest.approx(least, abs=5e-4)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "shares", "expected", "width"), JEFFREYS)
def test_coverage_of_jeffreys(
    n: int, shares: tuple[float, float, float], expected: float, width: float
) -> None:
    # the table drew 4,000 values a posterior, ours is exact: outcomes at the brink may fall either way
    found = coverage(n, shares, "jeffreys")
    assert found == (pytest.approx(expected, abs=0.006), pytest.approx(width, abs=1.0))
