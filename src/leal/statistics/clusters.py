"""Several answers of one account are not several accounts: the clustered NPS of business customers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leal.errors import BadValue, Where
from leal.results import Estimate, Note
from leal.statistics.counts import NpsCounts
from leal.statistics.means import mean_interval
from leal.statistics.numbers import UNKNOWN, Floats, checked_counts, checked_level, floats, t_quantile
from leal.statistics.score_limits import tango_limits
from leal.wording import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusteredNps(Estimate):
    """An NPS whose interval knows that answers of one account resemble each other; scale -1..1.

    Attributes
    ----------
    standard_error : float
        Linearised by account; not-a-number with fewer than two accounts.
    accounts : int
        Accounts with answers.
    design_effect : float
        How many times larger the variance is than for as many independent answers.
    account_average : Estimate
        The mean of the accounts' own NPS: every account has one voice, however many people answered.
    """

    standard_error: float
    accounts: int
    design_effect: float
    account_average: Estimate


def clustered_nps(counts: npt.ArrayLike, level: float = 0.95) -> ClusteredNps:
    """Return the NPS of answers that come several from one account.

    Parameters
    ----------
    counts : array of shape (accounts, 3)
        Detractors, passives and promoters of each account.
    level : float
        Confidence level.

    Returns
    -------
    ClusteredNps
        `estimate` counts all answers alike, `account_average` all accounts. With one account alone the
        interval is the whole scale and a note says why.

    Notes
    -----
    Var = C/(C - 1) sum_c (y_c - s n_c)^2/n^2, y_c = promoters minus detractors and n_c = answers of account c
    (linearised ratio). The interval is the score interval on the number of independent answers with that
    variance, with Student's t of C - 1 degrees of freedom in place of z.

    References
    ----------
    Cochran (1977), Sampling Techniques, chapter 9A; Tango (1998).
    """
    answers = _accounts(counts)
    answers = answers[answers.sum(axis=1) > 0]
    together = NpsCounts(*map(float, answers.sum(axis=0))) if len(answers) else NpsCounts(0, 0, 0)
    spread = _variance(answers, together)
    low, high = _limits(together, spread, len(answers), level)
    notes = () if len(answers) != 1 else (Note(code="one_account", text=_ONE_ACCOUNT),)
    plain = together.variance / together.n if together.n else UNKNOWN
    return ClusteredNps(
        estimate=together.score,
        ci_low=low,
        ci_high=high,
        n=together.n,
        level=level,
        method="clustered_score",
        notes=notes,
        standard_error=math.sqrt(spread),
        accounts=len(answers),
        design_effect=spread / plain if plain else 1.0,
        account_average=_average(answers, level, notes),
    )


_ONE_ACCOUNT = Text("All answers come from one account: nothing can be said of other accounts.")


def _accounts(counts: npt.ArrayLike) -> Floats:
    answers = checked_counts(counts, "counts")
    if answers.size == 0:
        return np.empty((0, 3))
    if answers.ndim != 2 or answers.shape[1] != 3:
        raise BadValue(
            Text("An account has three counts: detractors, passives, promoters."),
            hint=Text("Give one row an account and three columns."),
            where=Where(column="counts"),
        )
    return answers


def _variance(answers: Floats, together: NpsCounts) -> float:
    clusters = len(answers)
    if clusters < 2:
        return UNKNOWN
    n_c, y_c = answers.sum(axis=1), answers[:, 2] - answers[:, 0]
    squares = float(np.sum((y_c - together.score * n_c) ** 2))
    return clusters / (clusters - 1) * squares / together.n**2


def _limits(together: NpsCounts, spread: float, clusters: int, level: float) -> tuple[float, float]:
    checked_level(level)
    if not clusters:
        return UNKNOWN, UNKNOWN
    if clusters == 1:
        return -1.0, 1.0
    # answers that agree perfectly are worth no more than one for each account
    worth = together.variance / spread if spread > 0 and together.variance > 0 else float(clusters)
    counts = floats([[together.detractors], [together.passives], [together.promoters]]) * worth / together.n
    low, high = tango_limits(counts[0], counts[1], counts[2], t_quantile(level, clusters - 1))
    return float(low[0]), float(high[0])


def _average(answers: Floats, level: float, notes: tuple[Note, ...]) -> Estimate:
    own = (answers[:, 2] - answers[:, 0]) / answers.sum(axis=1) if len(answers) else np.empty(0)
    mean = float(own.mean()) if len(own) else UNKNOWN
    spread = float(own.std(ddof=1)) if len(own) > 1 else UNKNOWN
    found = mean_interval(mean, spread, len(own), level)
    low, high = (max(found.low, -1.0), min(found.high, 1.0)) if found.known else (UNKNOWN, UNKNOWN)
    if len(own) == 1:
        low, high = -1.0, 1.0
    return Estimate(
        estimate=mean,
        ci_low=low,
        ci_high=high,
        n=float(len(own)),
        level=level,
        method="account_average",
        notes=notes,
    )
