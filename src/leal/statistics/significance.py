"""Tests of tables of counts: the agreed split of a test, movement between groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leal.errors import BadValue, Where
from leal.statistics.numbers import UNKNOWN, Floats, checked_counts, floats, square_table
from leal.wording import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SignificanceTest:
    """What a test of a hypothesis says.

    Attributes
    ----------
    statistic : float
        The test statistic; not-a-number where there is nothing to test.
    degrees_of_freedom : float
        Its degrees of freedom.
    p_value : float
        Probability of a statistic at least as large if the hypothesis were true.
    n : float
        Number of people or answers.
    method : str
        Stable name of the test.
    """

    statistic: float
    degrees_of_freedom: float
    p_value: float
    n: float
    method: str

    @property
    def known(self) -> bool:
        """Whether there was anything to test."""
        return bool(np.isfinite(self.p_value))


def sample_ratio_test(
    observed: npt.ArrayLike, expected_shares: npt.ArrayLike | None = None
) -> SignificanceTest:
    """Tell whether the arms of a test came out as large as they were meant to be.

    Parameters
    ----------
    observed : array of shape (arms,)
        People in each arm.
    expected_shares : array of shape (arms,), optional
        Shares that were meant, equal by default; they need not add to 1.

    Returns
    -------
    SignificanceTest
        Chi-square with arms - 1 degrees of freedom. A p value below .001 says that the split itself is broken
        (lost records, a filter): look for the fault, do not read the outcome.
    """
    counts = checked_counts(observed, "observed")
    shares = np.ones(len(counts)) if expected_shares is None else floats(expected_shares)
    if shares.shape != counts.shape or not np.all(np.isfinite(shares)) or np.any(shares <= 0):
        raise BadValue(
            Text("There is not one expected share above zero for each arm."),
            hint=Text("Give as many shares as arms, for example 0.5 and 0.5."),
            where=Where(column="expected_shares"),
        )
    n = float(counts.sum())
    if not n or len(counts) < 2:
        return _nothing("sample_ratio", n, len(counts) - 1)
    expected = n * shares / shares.sum()
    statistic = float(np.sum((counts - expected) ** 2 / expected))
    return _chi_square("sample_ratio", statistic, len(counts) - 1, n)


def bowker(table: npt.ArrayLike) -> SignificanceTest:
    """Tell whether as many people move from one group to another as move back.

    Parameters
    ----------
    table : array of shape (groups, groups)
        People by group then (rows) and group now (columns).

    Returns
    -------
    SignificanceTest
        sum (n_ij - n_ji)^2/(n_ij + n_ji) over pairs with any movement, a degree of freedom each. It asks
        about every pair of groups; `stuart_maxwell` asks whether the sizes of the groups changed.

    References
    ----------
    Bowker (1948), Journal of the American Statistical Association 43, 572-574.
    """
    counts = square_table(table, "table")
    above = np.triu_indices(len(counts), 1)
    there, back = counts[above], counts.T[above]
    moved = (there + back) > 0
    if not moved.any():
        return _nothing("bowker", float(counts.sum()), 0)
    statistic = float(np.sum((there - back)[moved] ** 2 / (there + back)[moved]))
    return _chi_square("bowker", statistic, int(moved.sum()), float(counts.sum()))


def stuart_maxwell(table: npt.ArrayLike) -> SignificanceTest:
    """Tell whether the shares of the groups changed among the same people.

    Parameters
    ----------
    table : array of shape (groups, groups)
        People by group then (rows) and group now (columns).

    Returns
    -------
    SignificanceTest
        d' S^-1 d with d the row sums minus the column sums; groups - 1 degrees of freedom, fewer where a
        group nobody entered or left takes no part.

    References
    ----------
    Stuart (1955), Biometrika 42, 412-416; Maxwell (1970), British Journal of Psychiatry 116, 651-655.
    """
    counts = square_table(table, "table")
    n = float(counts.sum())
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    covariance = -(counts + counts.T)
    np.fill_diagonal(covariance, rows + columns - 2 * np.diag(counts))
    rank = int(np.linalg.matrix_rank(covariance))
    if not rank:
        return _nothing("stuart_maxwell", n, 0)
    difference = rows - columns
    statistic = float(difference @ np.linalg.pinv(covariance, hermitian=True) @ difference)
    return _chi_square("stuart_maxwell", statistic, rank, n)


def steady_state(matrix: npt.ArrayLike) -> Floats:
    """Return where the shares would settle if people kept moving as they do now.

    Parameters
    ----------
    matrix : array of shape (groups, groups)
        Shares (rows add to 1) or counts of people by group then (rows) and group now (columns).

    Returns
    -------
    array of shape (groups,)
        Shares that the movement no longer changes; not-a-number throughout where a group has no people to
        tell where they go, or where more than one such state exists (groups that never exchange people).

    Notes
    -----
    An illustration of the present movement, not a forecast: people who leave or join are not in it.
    """
    counts = square_table(matrix, "matrix")
    size = len(counts)
    totals = counts.sum(axis=1, keepdims=True)
    if np.any(totals == 0):
        return np.full(size, UNKNOWN)
    balance = np.vstack([(counts / totals).T - np.eye(size), np.ones(size)])
    if np.linalg.matrix_rank(balance[:-1]) < size - 1:
        return np.full(size, UNKNOWN)
    shares = np.linalg.lstsq(balance, np.append(np.zeros(size), 1.0), rcond=None)[0]
    shares = np.clip(shares, 0.0, 1.0)
    return floats(shares / shares.sum())


def _chi_square(method: str, statistic: float, freedom: int, n: float) -> SignificanceTest:
    return SignificanceTest(
        statistic=statistic,
        degrees_of_freedom=freedom,
        p_value=chi_square_p(statistic, freedom),
        n=n,
        method=method,
    )


def chi_square_p(statistic: float, freedom: float) -> float:
    """Return the probability of a chi-square at least as large."""
    from scipy.special import chdtrc

    return float(chdtrc(freedom, max(statistic, 0.0)))


def _nothing(method: str, n: float, freedom: int) -> SignificanceTest:
    """Return the answer where nothing differs or nothing is there: no movement is no evidence of change."""
    p_value = 1.0 if n else UNKNOWN
    return SignificanceTest(
        statistic=0.0 if n else UNKNOWN,
        degrees_of_freedom=max(freedom, 0),
        p_value=p_value,
        n=n,
        method=method,
    )
