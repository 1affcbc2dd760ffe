"""The Net Promoter Score of any table of answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import overload

from leal.engine import FrameLike, Group, ScoreCounts, score_counts
from leal.measure.nps_groups import Key, NpsByGroup
from leal.measure.nps_result import NpsResult, nps_of_sums
from leal.measure.sums import Sums
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
    base: Mapping[Key, int] | None = ...,
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
    counts = score_counts(answers, score, by=columns, weight=weight)
    if not columns:
        sums = _sums(counts, [base if isinstance(base, int) else None])
        return nps_of_sums(sums, level, method, weighted=counts.weighted, seed=seed)[0]
    return _by_group(counts, columns, base, level, method, seed)


def _by_group(
    counts: ScoreCounts,
    by: tuple[str, ...],
    base: int | Mapping[Key, int] | None,
    level: float,
    method: IntervalMethod,
    seed: int,
) -> NpsByGroup:
    keys = [_key(group) for group in counts.groups]
    bases = base if isinstance(base, Mapping) else {}
    sums = _sums(counts, [bases.get(key) for key in keys])
    whole = _sums(counts.total(), [base if isinstance(base, int) else None])
    results = nps_of_sums([*whole, *sums], level, method, weighted=counts.weighted, seed=seed)
    return NpsByGroup(
        by=by,
        total=results[0],
        results=dict(zip(keys, results[1:], strict=True)),
        whole=whole[0],
        sums=dict(zip(keys, sums, strict=True)),
    )


def _sums(counts: ScoreCounts, bases: Sequence[int | None]) -> list[Sums]:
    parts = [counts.within(*ends) for ends in (DETRACTORS, PASSIVES, PROMOTERS)]
    return [
        Sums(
            answers=tuple(int(n[place]) for n, _, _ in parts),
            weights=tuple(float(weights[place]) for _, weights, _ in parts),
            squares=float(counts.squares[place].sum()),
            unanswered=int(counts.unanswered[place]),
            base=bases[place],
        )
        for place in range(len(counts.groups))
    ]


def _key(group: Group) -> Key:
    return group[0] if len(group) == 1 else group
