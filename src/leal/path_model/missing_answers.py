"""What to do where answers have gaps: leave out, fill by the mean, use pairs, or expectation-maximisation."""

from __future__ import annotations

import numpy as np

from leal.path_model.moments import Covariance, Floats, Missing, Moments

TOLERANCE = 1e-9
MAX_ITERATIONS = 1000


def covariance_of(moments: Moments, missing: Missing) -> Covariance:
    """Return means and covariances of the moments by the rule for gaps."""
    complete = moments.present.all(axis=1)
    if missing == "casewise" or complete.all():
        return _casewise(moments)
    if missing == "mean":
        return _filled_by_mean(moments)
    if missing == "pairwise":
        return _pairwise(moments)
    return _expectation_maximisation(moments)


def square(products: Floats, size: int) -> Floats:
    """Return the products (..., p (p + 1) / 2) as symmetric matrices (..., p, p)."""
    out = np.zeros((*products.shape[:-1], size, size))
    rows, columns = np.triu_indices(size)
    out[..., rows, columns] = products
    out[..., columns, rows] = products
    return out


def _answered(moments: Moments) -> int:
    return int(moments.n[moments.present.any(axis=1)].sum())


def _effective(total: Floats, squared: Floats) -> float:
    return float(total.sum() ** 2 / squared.sum()) if squared.sum() > 0 else 0.0


def _finish(
    means: Floats, centred: Floats, total: float, moments: Moments, n: int, effective: float
) -> Covariance:
    """Divide centred products by the weight less one answer's share of it."""
    weight_of_one = total / n if n else 1.0
    divisor = total - weight_of_one
    matrix = centred / divisor if divisor > 0 else np.full_like(centred, np.nan)
    left_out = int(moments.n.sum()) - n
    return Covariance(means=means, matrix=matrix, n=n, left_out=left_out, effective_n=effective)


def _casewise(moments: Moments) -> Covariance:
    complete = moments.present.all(axis=1)
    size = len(moments.items)
    total = float(moments.total[complete].sum())
    sums = moments.sums[complete].sum(axis=0)
    means = sums / total if total > 0 else np.full(size, np.nan)
    products = square(moments.products[complete].sum(axis=0), size)
    n = int(moments.n[complete].sum())
    effective = _effective(moments.total[complete], moments.squared[complete])
    return _finish(means, products - np.outer(sums, means), total, moments, n, effective)


def _filled_by_mean(moments: Moments) -> Covariance:
    used = moments.present.any(axis=1)
    present, weight = moments.present[used], moments.total[used]
    with np.errstate(invalid="ignore", divide="ignore"):
        means = moments.sums[used].sum(axis=0) / (weight @ present)
    # A filled gap is the mean itself, so its deviation is zero: only answered pairs add to the products.
    deviations = _centred_products(moments, means)[used].sum(axis=0)
    effective = _effective(weight, moments.squared[used])
    return _finish(means, deviations, float(weight.sum()), moments, _answered(moments), effective)


def _centred_products(moments: Moments, means: Floats) -> Floats:
    """Return for each block the sums of (x_i - mean_i)(x_k - mean_k) over what is answered."""
    present = moments.present.astype(float)
    products = square(moments.products, len(moments.items))
    shift = present * means
    sums = moments.sums
    centred = (
        products
        - sums[:, :, None] * shift[:, None, :]
        - shift[:, :, None] * sums[:, None, :]
        + moments.total[:, None, None] * shift[:, :, None] * shift[:, None, :]
    )
    return np.asarray(centred * present[:, :, None] * present[:, None, :])


def _pairwise(moments: Moments) -> Covariance:
    """Each pair of items from the answers that have both, with the means of those answers."""
    present = moments.present.astype(float)
    both = present[:, :, None] * present[:, None, :]
    weight = (moments.total[:, None, None] * both).sum(axis=0)
    sums = (moments.sums[:, :, None] * both).sum(axis=0)
    products = square(moments.products.sum(axis=0), len(moments.items))
    count = (moments.n[:, None, None] * both).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        centred = products - sums * sums.T / weight
        matrix = centred / (weight * (1 - 1 / count))
        means = np.diag(sums) / np.diag(weight)
    used = moments.present.any(axis=1)
    n = _answered(moments)
    effective = _effective(moments.total[used], moments.squared[used])
    left_out = int(moments.n.sum()) - n
    return Covariance(means=means, matrix=matrix, n=n, left_out=left_out, effective_n=effective)


def _expectation_maximisation(moments: Moments) -> Covariance:
    """Maximum likelihood under normality, from the sufficient statistics of each pattern."""
    start = _filled_by_mean(moments)
    means, matrix = start.means, start.matrix
    used = moments.present.any(axis=1)
    total = float(moments.total[used].sum())
    for _ in range(MAX_ITERATIONS):
        fresh_means, second = expectation_step(moments, means[None], matrix[None])
        fresh = second[0] - np.outer(fresh_means[0], fresh_means[0])
        change = max(float(np.abs(fresh - matrix).max()), float(np.abs(fresh_means[0] - means).max()))
        means, matrix = fresh_means[0], fresh
        if change < TOLERANCE:
            break
    return _finish(means, matrix * total, total, moments, start.n, start.effective_n)


def expectation_step(moments: Moments, means: Floats, matrices: Floats) -> tuple[Floats, Floats]:
    """Return one step of expectation-maximisation from each of T guesses: means, and second moments.

    Parameters
    ----------
    moments : Moments
        Sums by pattern of answered items.
    means, matrices : (T, p), (T, p, p)
        Guesses of means and covariances.
    """
    used = np.flatnonzero(moments.present.any(axis=1))
    sums, products = np.zeros_like(means), np.zeros_like(matrices)
    for block in used:
        part_sums, part_products = _expected(moments, int(block), means, matrices)
        sums += part_sums
        products += part_products
    total = float(moments.total[used].sum())
    return sums / total, products / total


def _expected(moments: Moments, block: int, means: Floats, matrices: Floats) -> tuple[Floats, Floats]:
    """Return the expected sums and products of one pattern, given what is answered in it, for each guess."""
    here = moments.present[block]
    weight = float(moments.total[block])
    answered, gaps = np.flatnonzero(here), np.flatnonzero(~here)
    slopes = np.zeros((len(means), here.size, answered.size))
    slopes[:, answered, np.arange(answered.size)] = 1.0
    spread = np.zeros_like(matrices)
    if gaps.size:
        cross = matrices[:, answered][:, :, gaps]
        slope = np.swapaxes(np.linalg.solve(matrices[:, answered][:, :, answered], cross), 1, 2)
        slopes[:, gaps] = slope
        spread[np.ix_(np.arange(len(means)), gaps, gaps)] = matrices[:, gaps][:, :, gaps] - slope @ cross
    base = means - np.einsum("tpo,to->tp", slopes, means[:, answered])
    told = slopes @ moments.sums[block][answered]
    products = square(moments.products[block], here.size)[np.ix_(answered, answered)]
    through = base[:, :, None] * told[:, None, :]
    expected = weight * base[:, :, None] * base[:, None, :] + through + np.swapaxes(through, 1, 2)
    expected += slopes @ products @ np.swapaxes(slopes, 1, 2) + weight * spread
    return weight * base + told, expected
