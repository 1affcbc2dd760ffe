"""What to do where answers have gaps: leave out, fill by the mean, use pairs, or expectation-maximisation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from leal.path_model.gap_resampling import leave_open
from leal.path_model.moments import Covariance, Floats, Missing, Moments

TOLERANCE = 1e-9
MAX_ITERATIONS = 300


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


def _with_any_answer(moments: Moments) -> NDArray[np.bool_]:
    """Return which blocks of moments hold an answer to any item."""
    return np.asarray(moments.present.any(axis=1), dtype=bool)


def _answered(moments: Moments) -> int:
    return int(moments.n[_with_any_answer(moments)].sum())


def _effective(total: Floats, squared: Floats) -> float:
    return float(total.sum() ** 2 / squared.sum()) if squared.sum() > 0 else 0.0


def _divided(centred: Floats, total: float, n: int) -> Floats:
    """Divide centred products by the weight less one answer's share of it."""
    weight_of_one = total / n if n else 1.0
    divisor = total - weight_of_one
    return centred / divisor if divisor > 0 else np.full_like(centred, np.nan)


def _finish(
    means: Floats, matrix: Floats, moments: Moments, used: NDArray[np.bool_], apart: Floats | None = None
) -> Covariance:
    """Add what the means rest on.

    Parameters
    ----------
    used : (blocks,)
        Which blocks of moments were used.
    apart : (p, p) or None
        Covariances of the items among who answered, where `matrix` is weakened by filled gaps.
    """
    n = int(moments.n[used].sum())
    shared = _shared_by_means(moments, used)
    largest = float(np.max(np.diag(shared), initial=0.0))
    return Covariance(
        means=means,
        matrix=matrix,
        n=n,
        left_out=int(moments.n.sum()) - n,
        of_means=_of_means(matrix if apart is None else apart, shared),
        effective_n=_effective(moments.total[used], moments.squared[used]),
        least_effective_n=1 / largest if largest > 0 else 0.0,
    )


def _shared_by_means(moments: Moments, used: NDArray[np.bool_]) -> Floats:
    """Return what ties the means of two items (p, p): sum w^2 of who answered both, over W_i W_k."""
    present = moments.present[used].astype(float)
    weight = moments.total[used] @ present
    both = present.T @ (moments.squared[used][:, None] * present)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(both > 0, both / np.outer(weight, weight), 0.0)


def _of_means(matrix: Floats, shared: Floats) -> Floats:
    """Return the covariances of the means; a pair that nobody or one person answered ties no means."""
    products = np.where(shared > 0, matrix, 0.0) * shared
    tied = np.isfinite(products) | np.eye(len(products), dtype=bool)
    return np.where(tied, products, 0.0)


def _casewise(moments: Moments) -> Covariance:
    complete = np.asarray(moments.present.all(axis=1), dtype=bool)
    size = len(moments.items)
    total = float(moments.total[complete].sum())
    sums = moments.sums[complete].sum(axis=0)
    means = sums / total if total > 0 else np.full(size, np.nan)
    products = square(moments.products[complete].sum(axis=0), size)
    matrix = _divided(products - np.outer(sums, means), total, int(moments.n[complete].sum()))
    return _finish(means, matrix, moments, complete)


def _filled_by_mean(moments: Moments) -> Covariance:
    used = _with_any_answer(moments)
    present, weight = moments.present[used], moments.total[used]
    with np.errstate(invalid="ignore", divide="ignore"):
        means = moments.sums[used].sum(axis=0) / (weight @ present)
    # A filled gap is the mean itself, so its deviation is zero: only answered pairs add to the products.
    deviations = _centred_products(moments, means)[used].sum(axis=0)
    matrix = _divided(deviations, float(weight.sum()), _answered(moments))
    return _finish(means, matrix, moments, used, apart=_pairwise_matrix(moments))


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
    used = _with_any_answer(moments)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = moments.sums[used].sum(axis=0) / (moments.total[used] @ moments.present[used])
    return _finish(means, _pairwise_matrix(moments), moments, used)


def _pairwise_matrix(moments: Moments) -> Floats:
    present = moments.present.astype(float)
    both = present[:, :, None] * present[:, None, :]
    weight = (moments.total[:, None, None] * both).sum(axis=0)
    sums = (moments.sums[:, :, None] * both).sum(axis=0)
    products = square(moments.products.sum(axis=0), len(moments.items))
    count = (moments.n[:, None, None] * both).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        centred = products - sums * sums.T / weight
        return np.asarray(centred / (weight * (1 - 1 / count)))


def _expectation_maximisation(moments: Moments) -> Covariance:
    """Maximum likelihood under normality, from the sufficient statistics of each pattern.

    Steps are extrapolated (SQUAREM: Varadhan and Roland 2008), for many gaps make plain steps slow.
    """
    start = _filled_by_mean(moments)
    size = len(moments.items)
    upper = np.triu_indices(size)
    total = float(moments.total[_with_any_answer(moments)].sum())

    def step(guess: Floats) -> Floats:
        means, second = expectation_step(moments, guess[None, :size], square(guess[None, size:], size))
        return np.concatenate([means[0], (second[0] - np.outer(means[0], means[0]))[upper]])

    guess, settled = np.concatenate([start.means, start.matrix[upper]]), False
    for _ in range(MAX_ITERATIONS):
        first = step(guess)
        if not np.abs(first - guess).max() > TOLERANCE:
            guess, settled = first, True
            break
        second = step(first)
        leap = _extrapolated(guess, first, second)
        leapt = step(leap) if _has_inverse(leap, size) else second
        guess = leapt if np.isfinite(leapt).all() else second
        if not np.isfinite(guess).all() or leave_open(square(guess[size:], size)):
            break
    matrix = _divided(square(guess[size:], size) * total, total, start.n)
    found = _finish(guess[:size], matrix, moments, _with_any_answer(moments))
    return replace(found, settled=settled)


def _extrapolated(guess: Floats, first: Floats, second: Floats) -> Floats:
    """Return where three guesses in a row seem to lead."""
    step, bend = first - guess, second - 2 * first + guess
    length = float(np.linalg.norm(step)) / max(float(np.linalg.norm(bend)), 1e-300)
    return np.asarray(guess + 2 * length * step + length**2 * bend) if length > 1 else second


def _has_inverse(guess: Floats, size: int) -> bool:
    if not np.isfinite(guess).all():
        return False
    matrix = square(guess[size:], size)
    return bool(np.linalg.eigvalsh(matrix)[0] > 1e-8 * np.diag(matrix).max())


def expectation_step(moments: Moments, means: Floats, matrices: Floats) -> tuple[Floats, Floats]:
    """Return one step of expectation-maximisation from each of T guesses: means, and second moments.

    Parameters
    ----------
    moments : Moments
        Sums by pattern of answered items.
    means, matrices : (T, p), (T, p, p)
        Guesses of means and covariances.
    """
    from leal.path_model.kernel_expectation import expected_sums

    used = np.flatnonzero(moments.present.any(axis=1))
    size = len(moments.items)
    places = square(np.arange(size * (size + 1) // 2, dtype=np.float64), size).astype(np.int64)
    sums, products = expected_sums(
        np.ascontiguousarray(moments.present[used]),
        np.ascontiguousarray(moments.total[used], dtype=np.float64),
        np.ascontiguousarray(moments.sums[used], dtype=np.float64),
        np.ascontiguousarray(moments.products[used], dtype=np.float64),
        places,
        np.ascontiguousarray(means),
        np.ascontiguousarray(matrices),
    )
    total = float(moments.total[used].sum())
    return sums / total, products / total
