"""The Net Promoter Score of any table of answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args, overload

import numpy as np

from leal.engine import Floats, FrameLike, Group, ScoreCounts, cluster_counts, score_counts
from leal.errors import BadOption
from leal.measure.by_group import Key
from leal.measure.net_promoter.accounts import Average, with_accounts, with_design
from leal.measure.net_promoter.nps_groups import NpsByGroup
from leal.measure.net_promoter.nps_result import NpsResult, nps_of_sums
from leal.measure.net_promoter.sums import Sums
from leal.statistics import IntervalMethod

DETRACTORS, PASSIVES, PROMOTERS = (0, 6), (7, 8), (9, 10)


@overload
def nps(
    answers: FrameLike,
    score: str = ...,
    by: None = ...,
    weight: str | None = ...,
    level: float = ...,
    *,
    method: IntervalMethod = ...,
    account: str | None = ...,
    customer: str | None = ...,
    average: Average = ...,
    base: int | None = ...,
    seed: int = ...,
) -> NpsResult: ...


@overload
def nps(
    answers: FrameLike,
    score: str = ...,
    *,
    by: str | Sequence[str],
    weight: str | None = ...,
    level: float = ...,
    method: IntervalMethod = ...,
    account: str | None = ...,
    customer: str | None = ...,
    average: Average = ...,
    base: Mapping[Key, int] | int | None = ...,
    seed: int = ...,
) -> NpsByGroup: ...


def nps(
    answers: FrameLike,
    score: str = "recommend",
    by: str | Sequence[str] | None = None,
    weight: str | None = None,
    level: float = 0.95,
    *,
    method: IntervalMethod = "score",
    account: str | None = None,
    customer: str | None = None,
    average: Average = "answers",
    base: int | Mapping[Key, int] | None = None,
    seed: int = 0,
) -> NpsResult | NpsByGroup:
    """Return how likely customers are to recommend us: promoters less detractors, with an interval.

    Parameters
    ----------
    answers : dataframe or path
        One row an answer: any dataframe that narwhals knows (Polars, pandas, PyArrow, DuckDB, Spark), or the
        path of a Parquet file or folder. Counting is done in its own engine, in one pass.
    score : str
        Column of whole scores from 0 to 10. Null and not-a-number are no answer: counted apart, noted.
    by : str or list of str, optional
        Columns to group by; rows without a value form the group None.
    weight : str, optional
        Column of sampling weights (what a row stands for, not how often it occurs), zero or more.
    level : float
        Confidence level of the intervals.
    method : {"score", "adjusted_wald", "wald", "bootstrap", "jeffreys"}
        How the interval is made. The default, Tango's score interval, keeps its level down to five answers
        and at the ends of the scale; Wald and bootstrap do not and are there for comparison.
    account : str, optional
        Column of the company that the customer belongs to. Answers of one account are alike, so the interval
        is made for accounts (method ``"clustered_score"``), not for as many independent answers.
    customer : str, optional
        The same where one customer answered several times and there is no account.
    average : {"answers", "accounts"}
        Whose voices count alike: all answers, or all accounts however many of their people answered (the mean
        of the accounts' own NPS, method ``"account_average"``).
    base : int or dict, optional
        Customers in the whole base (of each group, where grouped): narrows the interval by the finite
        population correction and gives `NpsResult.nonresponse_bounds`.
    seed : int
        Of the bootstrap.

    Returns
    -------
    NpsResult or NpsByGroup
        One result; with `by` a mapping from the group to its result.

    Raises
    ------
    MissingColumn
        A column is not there.
    BadValue
        A score is text, not whole or off the scale, or a weight is missing or below zero. The error names
        column, value, row (where rows have an order) and how many there are.
    BadFile
        A path is no Parquet file; survey exports are read by `leal.read_answers`.

    Notes
    -----
    s = (promoters - detractors)/n, the variance of one answer v = (promoters + detractors)/n - s^2. With
    weights the shares are weighted and the interval is that of n_effective = (sum w)^2/(sum w^2) answers
    (Kish 1965): the same answer given twice narrows it, a weight of two does not. Too few answers are no
    error: the result carries notes, and without any answer it is unknown.

    Not for stars or satisfaction, which are other questions (`leal.csat`), nor for averaging a relationship
    survey with one after an event: keep those apart.

    References
    ----------
    Reichheld (2003), Harvard Business Review 81(12); Tango (1998), Statistics in Medicine 17, 891-908.

    Examples
    --------
    >>> import polars as pl
    >>> answers = pl.DataFrame({"recommend": [3] * 15 + [7] * 35 + [10] * 50, "region": ["N", "S"] * 50})
    >>> print(nps(answers))
    NPS 35 (95 % 20 to 48, n = 100)
    >>> print(nps(answers, by="region"))
    N: NPS 34 (95 % 12 to 52, n = 50)
    S: NPS 36 (95 % 15 to 54, n = 50)
    """
    columns = (by,) if isinstance(by, str) else tuple(by or ())
    _check_options(method, account or customer, average)
    counts = score_counts(answers, score, by=columns, weight=weight)
    bases = base if isinstance(base, Mapping) else {}
    keys = [_key(group) for group in counts.groups]
    sums = [_whole(counts, base), *sums_of(counts, [bases.get(key) for key in keys])]
    clusters = _clusters(answers, score, account or customer, counts, columns, weight)
    sums = (
        [with_design(one, cluster) for one, cluster in zip(sums, clusters, strict=True)] if clusters else sums
    )
    found = nps_of_sums(sums, level, method, weighted=counts.weighted, seed=seed)
    if clusters:
        found = [with_accounts(one, own, average) for one, own in zip(found, clusters, strict=True)]
    if not columns:
        return found[0]
    return NpsByGroup(
        columns,
        found[0],
        dict(zip(keys, found[1:], strict=True)),
        sums[0],
        dict(zip(keys, sums[1:], strict=True)),
    )


def _check_options(method: IntervalMethod, cluster: str | None, average: Average) -> None:
    if average not in get_args(Average):
        raise BadOption("average", average, list(get_args(Average)))
    if cluster is not None and method != "score":
        raise BadOption("method", method, ["score"])
    if cluster is None and average == "accounts":
        raise BadOption("average", average, ["answers"])


def _whole(counts: ScoreCounts, base: int | Mapping[Key, int] | None) -> Sums:
    size = sum(base.values()) if isinstance(base, Mapping) else base
    return sums_of(counts.total(), [size])[0]


def _clusters(
    answers: FrameLike,
    score: str,
    cluster: str | None,
    counts: ScoreCounts,
    by: tuple[str, ...],
    weight: str | None,
) -> list[Floats]:
    """Return the sums of each account: of all answers, then of each group; nothing without a cluster."""
    if cluster is None:
        return []
    ranges = (DETRACTORS, PASSIVES, PROMOTERS)
    whole = cluster_counts(answers, score, cluster, ranges, weight=weight)[()]
    if not by:
        return [whole, whole]
    own = cluster_counts(answers, score, cluster, ranges, by=by, weight=weight)
    return [whole, *(own.get(group, np.empty((0, len(ranges)))) for group in counts.groups)]


def sums_of(counts: ScoreCounts, bases: Sequence[int | None] = ()) -> list[Sums]:
    """Return what the answers of each group add up to, with the size of its base where given."""
    parts = [counts.within(*ends) for ends in (DETRACTORS, PASSIVES, PROMOTERS)]
    return [
        Sums(
            answers=tuple(int(n[place]) for n, _, _ in parts),
            weights=tuple(float(weights[place]) for _, weights, _ in parts),
            squares=float(counts.squares[place].sum()),
            unanswered=int(counts.unanswered[place]),
            base=bases[place] if bases else None,
        )
        for place in range(len(counts.groups))
    ]


def _key(group: Group) -> Key:
    return group[0] if len(group) == 1 else group
