"""Movement of the same customers, and the change of an NPS between waves that share some of them."""

from __future__ import annotations

import math
from typing import TypeAlias

import narwhals as nw
import numpy as np

from leal.engine import FrameLike, LazyFrame, collect, lazy, require_column, score_counts
from leal.errors import BadOption
from leal.measure.change.movement_result import NAMES, Move, Movement
from leal.measure.change.moves import (
    AFTER,
    BEFORE,
    CUSTOMER,
    Table,
    count_moves,
    first_last_pairs,
    wave_moves,
    wave_pairs,
)
from leal.measure.net_promoter.changes import NpsChange, change_of
from leal.measure.net_promoter.nps_result import POINTS
from leal.measure.net_promoter.waves import wave_order, with_wave
from leal.results import Estimate, Note
from leal.statistics import (
    NpsCounts,
    bowker,
    mean_interval,
    nps_difference,
    nps_overlapping,
    nps_paired,
    steady_state,
    stuart_maxwell,
)
from leal.wording import Text, plural

FEW_PAIRS = 30

MoneyOfMoves: TypeAlias = dict[tuple[int, int], dict[str, float]]
"""Sums of money by group before and after."""

_THEN, _NOW, _MORE, _SQUARE = "_then", "_now", "_more", "_square"


def movement(
    answers: FrameLike,
    before: str | None = None,
    after: str | None = None,
    *,
    values: FrameLike = None,
    score: str = "recommend",
    customer: str = "customer",
    level: float = 0.95,
) -> Movement:
    """Return who became what: the same customers' groups before and after, with tests and money.

    Parameters
    ----------
    answers : dataframe or path
        One row an answer, with customer, score, and the time of the answer or its wave.
    before, after : str, optional
        Two waves (`with_wave` says how they are made); without them each customer's first answer is compared
        with the last.
    values : dataframe, optional
        ``customer, value_before, value_after``: money of each customer around the two answers.
    score, customer : str
        Columns.
    level : float
        Confidence level.

    Returns
    -------
    Movement
        With nobody who answered twice it is unknown and says so.

    Notes
    -----
    Customers who answered once are not in it, and those who answer twice are seldom like those who do not:
    read it as movement among them. Bowker (1948), Stuart (1955) and Maxwell (1970) test the table; the change
    of NPS has the paired variance (v1 + v2 - 2 cov)/n.

    Examples
    --------
    >>> import polars as pl
    >>> then = pl.DataFrame({"customer": range(60), "wave": "1", "recommend": [3, 8, 9] * 20})
    >>> now = pl.DataFrame({"customer": range(60), "wave": "2", "recommend": [8, 8, 9] * 20})
    >>> print(movement(pl.concat([then, now]), "1", "2").up)
    20
    """
    score_counts(answers, score)
    if (before is None) != (after is None):
        raise BadOption("after" if after is None else "before", None, _waves(answers))
    if before is None or after is None:
        pairs = first_last_pairs(answers, score=score, customer=customer)
    else:
        _check_waves(answers, before, after)
        pairs = wave_pairs(answers, before, after, score=score, customer=customer)
    money = None if values is None else _money(pairs, values)
    return _movement(count_moves(pairs)[1:, 1:], money, before, after, level)


def compare_waves(
    answers: FrameLike,
    before: str,
    after: str,
    *,
    score: str = "recommend",
    customer: str | None = None,
    level: float = 0.95,
) -> NpsChange:
    """Tell whether the NPS changed between two waves, knowing who answered in both.

    Parameters
    ----------
    answers : dataframe or path
        One row an answer.
    before, after : str
        The waves.
    score : str
        Column of scores.
    customer : str, optional
        Column of customers. With it a customer's latest answer in each wave counts, and those who are in both
        waves make the change less noisy; without it the waves are taken as different people.
    level : float
        Confidence level.

    Notes
    -----
    Var = v1/n1 + v2/n2 - 2 n12 cov/(n1 n2), n12 the customers in both waves. Answers without a customer are
    taken as different people.
    """
    _check_waves(answers, before, after)
    if customer is None:
        counts = score_counts(with_wave(answers).to_native(), score, by=["wave"])
        rows = {str(wave[0]): scores for wave, scores in zip(counts.groups, counts.n, strict=True)}
        then, now = (_nps_counts(rows.get(wave, np.zeros(11))) for wave in (before, after))
        return change_of(nps_difference(now, then, level), POINTS * then.score, POINTS * now.score)
    score_counts(answers, score)
    moves = wave_moves(answers, before, after, score=score, customer=customer)
    then = NpsCounts(*map(float, (moves.table.sum(axis=1) + moves.unnamed[0])[1:]))
    now = NpsCounts(*map(float, (moves.table.sum(axis=0) + moves.unnamed[1])[1:]))
    found = (
        nps_overlapping(then, now, moves.both, level)
        if moves.both.sum()
        else nps_difference(now, then, level)
    )
    return change_of(found, POINTS * then.score, POINTS * now.score)


def _nps_counts(scores: np.ndarray[tuple[int], np.dtype[np.int64]]) -> NpsCounts:
    return NpsCounts(float(scores[:7].sum()), float(scores[7:9].sum()), float(scores[9:].sum()))


def _waves(answers: FrameLike) -> list[str]:
    return wave_order(with_wave(answers))


def _check_waves(answers: FrameLike, *waves: str) -> None:
    known = _waves(answers)
    for wave in waves:
        if wave not in known:
            raise BadOption("wave", wave, known)


def _movement(
    table: Table,
    money: MoneyOfMoves | None,
    before: str | None,
    after: str | None,
    level: float,
) -> Movement:
    n = int(table.sum())
    found = nps_paired(table, level)
    shares = steady_state(table) if n else np.full(3, np.nan)
    return Movement(
        before=before,
        after=after,
        n=n,
        moves=tuple(_move(table, money, i, j, level) for i in range(3) for j in range(3)),
        change=change_of(found, _score(table.sum(axis=1)), _score(table.sum(axis=0))),
        symmetry=bowker(table),
        sizes=stuart_maxwell(table),
        steady_state=tuple(float(share) for share in shares) if np.isfinite(shares).all() else (),
        notes=_notes(n),
    )


def _score(sizes: Table) -> float:
    return POINTS * NpsCounts(*map(float, sizes)).score


def _move(table: Table, money: MoneyOfMoves | None, i: int, j: int, level: float) -> Move:
    origin = int(table[i].sum())
    sums = (
        None if money is None else money.get((i, j), dict.fromkeys(("n", _THEN, _NOW, _MORE, _SQUARE), 0.0))
    )
    return Move(
        before=NAMES[i],
        after=NAMES[j],
        n=int(table[i, j]),
        share=table[i, j] / origin if origin else math.nan,
        net=int(table[i, j] - table[j, i]),
        value_before=None if sums is None else sums[_THEN],
        value_after=None if sums is None else sums[_NOW],
        change=None if sums is None else _change(sums, level),
    )


def _change(sums: dict[str, float], level: float) -> Estimate:
    n = sums["n"]
    mean = sums[_MORE] / n if n else math.nan
    spread = math.sqrt(max(sums[_SQUARE] - n * mean**2, 0.0) / (n - 1)) if n > 1 else math.nan
    found = mean_interval(mean, spread, n, level)
    return Estimate(estimate=mean, ci_low=found.low, ci_high=found.high, n=n, level=level, method="t")


def _money(pairs: LazyFrame, values: FrameLike) -> MoneyOfMoves:
    """Return the money of each of the nine moves: of the customers whose money is known both times."""
    money = lazy(values)
    for column in ("customer", "value_before", "value_after"):
        require_column(money, column, table="values")
    then, now = nw.col("value_before").cast(nw.Float64), nw.col("value_after").cast(nw.Float64)
    told = money.select(nw.col("customer").alias(CUSTOMER), then.alias(_THEN), now.alias(_NOW))
    if pairs.implementation != told.implementation:
        # two engines cannot join lazily; what is left by now is one small row a customer
        pairs, told = (nw.from_native(collect(frame)).lazy() for frame in (pairs, told))
    joined = pairs.join(told, on=CUSTOMER, how="inner").filter(
        ~nw.col(_THEN).is_null() & ~nw.col(_NOW).is_null()
    )
    more = joined.with_columns((nw.col(_NOW) - nw.col(_THEN)).alias(_MORE))
    more = more.with_columns((nw.col(_MORE) * nw.col(_MORE)).alias(_SQUARE))
    sums = [nw.col(name).sum() for name in (_THEN, _NOW, _MORE, _SQUARE)]
    rows = collect(more.group_by(BEFORE, AFTER).agg(nw.len().alias("n"), *sums))
    return {
        (int(row[BEFORE]) - 1, int(row[AFTER]) - 1): {
            k: float(v) for k, v in row.items() if k not in (BEFORE, AFTER)
        }
        for row in rows.rows(named=True)
    }


def _notes(n: int) -> tuple[Note, ...]:
    if not n:
        text = Text("Nobody answered twice: ask the same customers again, or give the column of customers.")
        return (Note(code="no_pairs", text=text),)
    if n < FEW_PAIRS:
        words = plural(
            "Only {count} customer answered twice: read it as a direction only.",
            "Only {count} customers answered twice: read it as a direction only.",
            n,
        )
        return (Note(code="few_pairs", text=words),)
    return ()
