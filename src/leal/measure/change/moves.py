"""Who was in which group before and after: one row a customer, reduced in the engine of the answers."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw
import numpy as np
import numpy.typing as npt

from leal.engine import (
    FrameLike,
    LazyFrame,
    collect,
    column_names,
    lazy,
    require_column,
    score_counts,
    seconds,
)
from leal.measure.net_promoter.waves import WAVE, with_wave

BEFORE, AFTER, CUSTOMER = "_before", "_after", "_customer"
ABSENT, DETRACTOR, PASSIVE, PROMOTER = 0, 1, 2, 3

_SCORE, _MOMENT, _KEY = "_score", "_moment", "_key"
_STEPS = 16
_TOP = 15

Table = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """Customers by their group before and after.

    Attributes
    ----------
    table : array (4, 4)
        Customers: absent, detractors, passives, promoters before (rows) by the same after (columns).
    unnamed : array (2, 4)
        Answers without a customer, before and after: they can belong to anybody.
    """

    table: Table
    unnamed: Table

    @property
    def both(self) -> Table:
        """The customers who answered before and after: 3 x 3."""
        return self.table[1:, 1:]


def wave_pairs(answers: FrameLike, before: str, after: str, *, score: str, customer: str) -> LazyFrame:
    """Return one row a customer: group of the last answer in each of two waves (0 where there is none).

    Of several answers of one customer in a wave the latest counts; of several at the same moment the lowest,
    so that the order of rows never matters.
    """
    frame = with_wave(lazy(answers))
    keyed = _keyed(frame, score, customer, first=False).filter(~nw.col(CUSTOMER).is_null())
    keys = [
        nw.when(nw.col(WAVE) == wave).then(nw.col(_KEY)).alias(name)
        for wave, name in ((before, BEFORE), (after, AFTER))
    ]
    last = keyed.with_columns(*keys).group_by(CUSTOMER).agg(nw.col(BEFORE).max(), nw.col(AFTER).max())
    return last.select(CUSTOMER, _group_of_latest(BEFORE), _group_of_latest(AFTER))


def first_last_pairs(answers: FrameLike, *, score: str, customer: str) -> LazyFrame:
    """Return one row a customer who answered repeatedly: group of the first and of the last answer."""
    frame = lazy(answers)
    require_column(frame, "answered_at", table="answers")
    known = _keyed(frame, score, customer, first=True).filter(
        ~nw.col(CUSTOMER).is_null() & ~nw.col(_MOMENT).is_null()
    )
    ends = known.group_by(CUSTOMER).agg(nw.col("_first").min().alias(BEFORE), nw.col(_KEY).max().alias(AFTER))
    apart = ends.filter(nw.col(BEFORE) // _STEPS < nw.col(AFTER) // _STEPS)
    return apart.select(CUSTOMER, _group((nw.col(BEFORE) % _STEPS), BEFORE), _group_of_latest(AFTER))


def count_moves(pairs: LazyFrame) -> Table:
    """Return the 4 x 4 table of customers by group before and after."""
    rows = collect(pairs.group_by(BEFORE, AFTER).agg(nw.len().alias("n")))
    table = np.zeros((4, 4), dtype=np.int64)
    for before, after, n in rows.select(BEFORE, AFTER, "n").iter_rows():
        table[int(before), int(after)] += n
    return table


def wave_moves(answers: FrameLike, before: str, after: str, *, score: str, customer: str) -> Moves:
    """Count the moves of customers between two waves, and the answers that have no customer."""
    pairs = wave_pairs(answers, before, after, score=score, customer=customer)
    return Moves(
        table=count_moves(pairs), unnamed=_unnamed(answers, (before, after), score=score, customer=customer)
    )


def _unnamed(answers: FrameLike, waves: tuple[str, str], *, score: str, customer: str) -> Table:
    frame = with_wave(lazy(answers)).filter(nw.col(customer).is_null())
    counts = score_counts(frame.to_native(), score, by=[WAVE])
    table = np.zeros((2, 4), dtype=np.int64)
    for (wave,), scores in zip(counts.groups, counts.n, strict=True):
        if wave in waves:
            table[waves.index(str(wave))] += [0, scores[:7].sum(), scores[7:9].sum(), scores[9:].sum()]
    return table


def _keyed(frame: LazyFrame, score: str, customer: str, *, first: bool) -> LazyFrame:
    """Return moment and score packed into one number, so that the greatest one is the latest one."""
    names = column_names(frame)
    require_column(frame, customer, table="answers")
    require_column(frame, score, table="answers")
    moment = seconds(frame, "answered_at", table="answers") if "answered_at" in names else nw.lit(0)
    wave = [nw.col(WAVE)] if WAVE in names else []
    told = frame.select(
        nw.col(customer).alias(CUSTOMER),
        moment.cast(nw.Int64).alias(_MOMENT),
        nw.col(score).cast(nw.Float64).alias(_SCORE),
        *wave,
    ).filter(nw.col(_SCORE).is_between(0, 10))
    whole = nw.col(_SCORE).cast(nw.Int64)
    packed = [(nw.col(_MOMENT) * _STEPS + (_TOP - whole)).alias(_KEY)]
    if first:
        packed.append((nw.col(_MOMENT) * _STEPS + whole).alias("_first"))
    return told.with_columns(*packed)


def _group_of_latest(column: str) -> nw.Expr:
    return _group(_TOP - nw.col(column) % _STEPS, column)


def _group(score: nw.Expr, name: str) -> nw.Expr:
    high = nw.when(score > 6).then(nw.lit(PASSIVE)).otherwise(nw.lit(DETRACTOR))
    group = nw.when(score > 8).then(nw.lit(PROMOTER)).otherwise(high)
    return nw.when(nw.col(name).is_null()).then(nw.lit(ABSENT)).otherwise(group).alias(name)
