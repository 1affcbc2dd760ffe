"""Whether two NPS differ by more than noise: independent groups, the same people, overlapping panels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from leal.errors import BadOption
from leal.results import Estimate, Note
from leal.statistics.counts import NpsCounts
from leal.statistics.intervals import adjusted
from leal.statistics.numbers import UNKNOWN, Floats, checked_level, square_table, two_sided_p, two_sided_z
from leal.wording import Text

_VALUES = np.array([-1.0, 0.0, 1.0])
_WIDEST = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Estimate):
    """A difference with its interval and test.

    Attributes
    ----------
    standard_error : float
        Standard error that interval and test rest on; not-a-number where the difference is unknown.
    p_value : float
        Two-sided p value of "no difference"; not-a-number where the difference is unknown.
    """

    standard_error: float
    p_value: float


def nps_difference(
    a: NpsCounts,
    b: NpsCounts,
    level: float = 0.95,
    method: Literal["adjusted_wald", "wald"] = "adjusted_wald",
) -> Comparison:
    """Tell whether the NPS of two different sets of people differ.

    Parameters
    ----------
    a, b : NpsCounts
        Two independent groups of answers.
    level : float
        Confidence level.
    method : {"adjusted_wald", "wald"}
        The default adds .75, 1.5 and .75 answers to each side before standard error and test.

    Returns
    -------
    Comparison
        `estimate` is the plain difference score(a) - score(b) on the scale -2..2, so that it is what a reader
        gets by subtracting; interval and test are centred on the adjusted difference.

    Notes
    -----
    Z = (s_a - s_b)/sqrt(v_a/n_a + v_b/n_b). Not for the same people asked twice (`nps_paired`) nor for waves
    that share some of them (`nps_overlapping`): both would look noisier than they are.

    References
    ----------
    Rocks (2016), The American Statistician 70, 365-372.

    Examples
    --------
    >>> found = nps_difference(NpsCounts(15, 35, 50), NpsCounts(25, 35, 40))
    >>> round(found.ci_low, 5), round(found.ci_high, 5), round(found.p_value, 5)
    (-0.01334, 0.40169, 0.06665)
    """
    if method not in ("adjusted_wald", "wald"):
        raise BadOption("method", method, ["adjusted_wald", "wald"])
    n = a.n + b.n
    if not a.n or not b.n:
        return unknown_comparison(n, level, method)
    used_a, used_b = (adjusted(a), adjusted(b)) if method == "adjusted_wald" else (a, b)
    standard_error = math.hypot(used_a.standard_error, used_b.standard_error)
    centre = used_a.score - used_b.score
    return compared(a.score - b.score, standard_error, n, level, method, centre=centre, widest=_WIDEST)


def nps_paired(table: npt.ArrayLike, level: float = 0.95) -> Comparison:
    """Tell whether the NPS of the same people changed between two waves.

    Parameters
    ----------
    table : array of shape (3, 3)
        People by group then (rows: detractors, passives, promoters) and group now (columns).
    level : float
        Confidence level.

    Returns
    -------
    Comparison
        Score now minus score then. Where nobody moved between groups the standard error is zero and says
        nothing: the interval is then the largest net movement that could have stayed unseen.

    Notes
    -----
    Var = (v1 + v2 - 2 cov)/n, cov = mean(x1 x2) - s1 s2.
    """
    counts = square_table(table, "table", 3)
    n = float(counts.sum())
    if not n:
        return unknown_comparison(n, level, "paired")
    change = _VALUES[None, :] - _VALUES[:, None]
    mean = float((counts * change).sum() / n)
    standard_error = math.sqrt(float((counts * (change - mean) ** 2).sum()) / n / n)
    if not (counts * (change != 0)).any():
        return _nobody_moved(n, level)
    return compared(mean, standard_error, n, level, "paired", widest=_WIDEST)


def nps_overlapping(
    before: NpsCounts, after: NpsCounts, both: npt.ArrayLike, level: float = 0.95
) -> Comparison:
    """Tell whether the NPS changed between two waves that share some people.

    Parameters
    ----------
    before, after : NpsCounts
        All answers of each wave, those of the shared people included.
    both : array of shape (3, 3)
        The shared people: group before (rows: detractors, passives, promoters) by group after (columns).
    level : float
        Confidence level.

    Returns
    -------
    Comparison
        score(after) - score(before); n is the number of different people.

    Notes
    -----
    Var = v1/n1 + v2/n2 - 2 n12 cov/(n1 n2). With no shared people it is the Wald test of two independent
    groups, with only shared people the paired one.
    """
    counts = square_table(both, "both", 3)
    shared = float(counts.sum())
    n = before.n + after.n - shared
    if not before.n or not after.n:
        return unknown_comparison(n, level, "overlapping")
    saved = 2 * shared * covariance(counts) / (before.n * after.n) if shared else 0.0
    variance = before.variance / before.n + after.variance / after.n - saved
    standard_error = math.sqrt(max(variance, 0.0))
    return compared(after.score - before.score, standard_error, n, level, "overlapping", widest=_WIDEST)


def covariance(table: Floats) -> float:
    """Return the covariance of two answers (-1, 0, +1) of the same people, from their 3 x 3 table."""
    shares = table / table.sum()
    then, now = shares.sum(axis=1) @ _VALUES, shares.sum(axis=0) @ _VALUES
    return float(_VALUES @ shares @ _VALUES - then * now)


def compared(
    difference: float,
    standard_error: float,
    n: float,
    level: float,
    method: str,
    *,
    centre: float | None = None,
    widest: float = math.inf,
    notes: tuple[Note, ...] = (),
) -> Comparison:
    """Build a comparison from a difference and its standard error by the normal distribution.

    `centre` is what interval and test are built around where that is not the plain difference; the interval
    is cut at `widest` and always holds the plain difference.
    """
    middle = difference if centre is None else centre
    reach = two_sided_z(level) * standard_error
    return Comparison(
        estimate=difference,
        ci_low=min(max(middle - reach, -widest), difference),
        ci_high=max(min(middle + reach, widest), difference),
        n=n,
        level=level,
        method=method,
        notes=notes,
        standard_error=standard_error,
        p_value=p_of(middle, standard_error),
    )


def p_of(difference: float, standard_error: float) -> float:
    """Return the two-sided p value of a difference; without any spread 1 for none and 0 for some."""
    if standard_error > 0:
        return two_sided_p(difference / standard_error)
    return 0.0 if difference else 1.0


def unknown_comparison(n: float, level: float, method: str) -> Comparison:
    """Return the answer where one side has nothing to compare."""
    return Comparison(
        estimate=UNKNOWN,
        ci_low=UNKNOWN,
        ci_high=UNKNOWN,
        n=n,
        level=checked_level(level),
        method=method,
        notes=(Note(code="nothing_to_compare", text=Text("One of the two sides is empty or too small.")),),
        standard_error=UNKNOWN,
        p_value=UNKNOWN,
    )


def _nobody_moved(n: float, level: float) -> Comparison:
    unseen = 1 - ((1 - checked_level(level)) / 2) ** (1 / n)
    reach = _WIDEST * unseen
    note = Note(
        code="nobody_moved",
        text=Text("Nobody moved between groups; the interval is the most that could have stayed unseen."),
    )
    return Comparison(
        estimate=0.0,
        ci_low=-reach,
        ci_high=reach,
        n=n,
        level=level,
        method="paired",
        notes=(note,),
        standard_error=0.0,
        p_value=1.0,
    )
