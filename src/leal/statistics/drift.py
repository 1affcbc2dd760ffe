"""Do customers want something else than before: whether the weight of the drivers changed between periods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leal.errors import BadValue, Where
from leal.statistics.importance import (
    ImportanceMethod,
    chosen_method,
    correlations_of,
    johnson_weights,
    lmg,
    products_of,
)
from leal.statistics.numbers import UNKNOWN, Floats, floats
from leal.statistics.resampling import exceeded, permute
from leal.wording import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportanceDrift:
    """How the importance of the drivers changed from one period to the next.

    Attributes
    ----------
    before, after : array of shape (drivers,)
        Part of the outcome's variance that each driver carries in each period.
    p_values : array of shape (drivers,)
        Of "this driver's importance did not change", adjusted for looking at all of them.
    p_value : float
        Of "no driver's importance changed"; not-a-number where a period has too few answers.
    method : {"lmg", "johnson"}
        What divided the variance.
    n_before, n_after : int
        Answers of each period.
    """

    before: Floats
    after: Floats
    p_values: Floats
    p_value: float
    method: ImportanceMethod
    n_before: int
    n_after: int

    @property
    def known(self) -> bool:
        """Whether both periods had enough answers."""
        return bool(np.isfinite(self.p_value))

    @property
    def change(self) -> Floats:
        """Importance after minus before."""
        return self.after - self.before


def importance_drift(
    drivers: npt.ArrayLike,
    outcome: npt.ArrayLike,
    is_after: npt.ArrayLike,
    *,
    method: ImportanceMethod | None = None,
    replicates: int = 999,
    seed: int = 0,
) -> ImportanceDrift:
    """Tell whether the weight of the drivers changed between two periods, not only the scores.

    Parameters
    ----------
    drivers : array of shape (answers, drivers)
        Complete answers of both periods.
    outcome : array of shape (answers,)
    is_after : array of bool of shape (answers,)
        Whether an answer belongs to the later period.
    method : {"lmg", "johnson"}, optional
        LMG up to 15 drivers, Johnson's weights beyond, by default.
    replicates, seed : int
        Shuffles of the periods.

    Returns
    -------
    ImportanceDrift
        Unknown where a period has no more answers than drivers.

    Notes
    -----
    Answers are centred in their own period, so that a change of level is no drift; then the periods are
    shuffled over the answers. Each driver's change is compared with the largest change of any driver in each
    shuffle (Westfall and Young 1993), which keeps one false alarm in twenty for all drivers together. Not for
    the same people in both periods: the shuffles take answers as independent.
    """
    values = np.column_stack([floats(drivers), floats(outcome)])
    later = np.asarray(is_after, dtype=bool)
    if later.shape != (len(values),) or not np.all(np.isfinite(values)):
        raise BadValue(
            Text("An answer has no period, or no value for a driver or the outcome."),
            hint=Text("Give complete answers, each with its period."),
            where=Where(column="is_after"),
        )
    chosen = chosen_method(method, values.shape[1] - 1)
    sizes = int((~later).sum()), int(later.sum())
    if min(sizes) <= values.shape[1]:
        return _unknown(values.shape[1] - 1, chosen, sizes)

    def statistic(sums: Floats) -> Floats:
        among, with_outcome = correlations_of(sums.reshape(-1, sums.shape[-1]), values.shape[1])
        parts = (lmg if chosen == "lmg" else johnson_weights)(among, with_outcome)
        return parts.reshape(len(sums), -1)

    centred = values - np.where(later[:, None], values[later].mean(axis=0), values[~later].mean(axis=0))
    found = permute(
        products_of(centred, np.ones(len(centred))), later, statistic, replicates=replicates, seed=seed
    )
    before, after = np.split(found.estimate, 2)
    drawn = found.draws.reshape(len(found.draws), 2, -1)
    largest = np.abs(drawn[:, 1] - drawn[:, 0]).max(axis=1)
    p_values = exceeded(largest[:, None], np.abs(after - before))
    p_value = float(p_values.min()) if np.isfinite(found.estimate).all() else UNKNOWN
    return ImportanceDrift(
        before=before,
        after=after,
        p_values=p_values if np.isfinite(p_value) else np.full(len(before), UNKNOWN),
        p_value=p_value,
        method=chosen,
        n_before=sizes[0],
        n_after=sizes[1],
    )


def _unknown(drivers: int, method: ImportanceMethod, sizes: tuple[int, int]) -> ImportanceDrift:
    blank = np.full(drivers, UNKNOWN)
    return ImportanceDrift(
        before=blank,
        after=blank,
        p_values=blank,
        p_value=UNKNOWN,
        method=method,
        n_before=sizes[0],
        n_after=sizes[1],
    )
