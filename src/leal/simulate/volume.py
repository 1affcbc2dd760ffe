"""Tables of any size, streamed to Parquet in blocks: for benchmarks, on as little memory as a block takes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from leal.errors import BadOption
from leal.simulate.plan import SCORE_SHARES, SEGMENT_SHARES, SEGMENTS
from leal.simulate.streams import Streams

BLOCK = 1_000_000
"""Rows of a block of answers; they depend on the seed and the block's number only."""

CUSTOMERS_OF_BLOCK = 50_000
"""Customers of a block of purchases, about half a million rows."""

_DAYS = 546
_ORIGIN = np.datetime64("2025-01-01", "s")
_UNITS = tuple(f"U{number + 1:02d}" for number in range(20))
_UNIT_SHARES = tuple(1 / (number + 4) for number in range(20))


def large_answers(rows: int, path: str | Path, *, seed: int = 1, customers: int | None = None) -> Path:
    """Write answers of any number to one Parquet file.

    Columns are customer (whole number), answered_at (18 months), recommend, satisfaction, effort, segment,
    unit (20 branches of unequal size and mood). The first rows do not depend on how many are asked for.

    Parameters
    ----------
    rows : int
        Number of answers, at least 1.
    path : str or Path
        The file to write.
    seed : int
        Seed of the draws.
    customers : int, optional
        Customers who answer, numbered from 0 as those of `large_purchases`; half the rows by default.

    Returns
    -------
    Path
        The file.

    Notes
    -----
    Scores have the shares of the simulated company's trouble-free base, shifted a little by branch; nothing
    else is related to anything. Use `company` where relations matter.
    """
    base = customers if customers is not None else max(rows // 2, 1)
    return _write(_cut(_answer_blocks(Streams(seed), base), rows), rows, path)


def large_purchases(rows: int, path: str | Path, *, seed: int = 1) -> Path:
    """Write purchases of any number to one Parquet file: a BG/NBD process with lognormal spend.

    Columns are customer (whole number, from 0, ascending), bought_at, amount, margin; about ten purchases a
    customer. The first rows do not depend on how many are asked for; the last customer may be cut short.

    Parameters
    ----------
    rows : int
        Number of purchases, at least 1.
    path : str or Path
        The file to write.
    seed : int
        Seed of the draws.

    Returns
    -------
    Path
        The file.

    Notes
    -----
    A customer joins in the first 80 % of 18 months, buys at a gamma rate (shape .8, mean one in 18 days) and
    leaves after a repeat purchase with a beta(1, 12) chance (Fader, Hardie & Lee 2005, other parameters);
    amounts are lognormal about a customer's own lognormal mean.
    """
    return _write(_cut(_purchase_blocks(Streams(seed)), rows), rows, path)


def _write(blocks: Iterator[pa.Table], rows: int, path: str | Path) -> Path:
    if rows < 1:
        raise BadOption("rows", rows, ["1", "2", "..."])
    target = Path(path)
    first = next(blocks)
    with pq.ParquetWriter(target, first.schema, compression="zstd") as writer:
        for table in chain([first], blocks):
            writer.write_table(table)
    return target


def _cut(blocks: Iterator[pa.Table], rows: int) -> Iterator[pa.Table]:
    left = rows
    for table in blocks:
        yield table.slice(0, left)
        left -= table.num_rows
        if left <= 0:
            return


def _answer_blocks(streams: Streams, customers: int) -> Iterator[pa.Table]:
    return (_answers_block(streams, number, customers) for number in count())


def _purchase_blocks(streams: Streams) -> Iterator[pa.Table]:
    return (_purchases_block(streams, number) for number in count())


def _answers_block(streams: Streams, number: int, customers: int) -> pa.Table:
    unit = streams.choice("large unit", BLOCK, _UNIT_SHARES, number)
    edges = np.cumsum(SCORE_SHARES)[:-1]
    mood = 0.06 * np.cos(np.arange(len(_UNITS)))
    feeling = np.clip(streams("large score", number).random(BLOCK) + mood[unit], 0, 1)
    recommend = np.searchsorted(edges, feeling).astype(np.int8)
    noise = streams("large satisfaction", number).standard_normal(BLOCK)
    seconds = streams("large day", number).random(BLOCK) * _DAYS * 86_400
    return pa.table(
        {
            "customer": pa.array(streams("large who", number).integers(0, customers, BLOCK)),
            "answered_at": _times(seconds),
            "recommend": pa.array(recommend),
            "satisfaction": pa.array(np.clip(np.rint(1 + 0.85 * recommend + noise), 1, 10).astype(np.int8)),
            "effort": pa.array(np.clip(np.rint(2 + 0.45 * recommend + noise), 1, 7).astype(np.int8)),
            "segment": _words(SEGMENTS, streams.choice("large segment", BLOCK, SEGMENT_SHARES, number)),
            "unit": _words(_UNITS, unit),
        }
    )


def _purchases_block(streams: Streams, number: int) -> pa.Table:
    """Return all purchases of the next `CUSTOMERS_OF_BLOCK` customers, a customer's together and in order."""
    n = CUSTOMERS_OF_BLOCK
    luck = streams("large purchases", number)
    joined = luck.random(n) * _DAYS * 0.8
    rate = (luck.standard_gamma(0.8, n) / 0.8 + 1e-3) / 18
    leaving = luck.beta(1, 12, n)
    who, day = np.arange(n), joined
    rows = [(who, day)]
    while len(who):
        day = day + luck.standard_exponential(len(who)) / rate[who]
        here = day < _DAYS
        who, day = who[here], day[here]
        rows.append((who, day))
        stays = luck.random(len(who)) >= leaving[who]
        who, day = who[stays], day[stays]
    all_who, all_days = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    order = np.argsort(all_who, kind="stable")
    all_who, all_days = all_who[order], all_days[order]
    usual = 2400 * np.exp(0.4 * luck.standard_normal(n))
    amount = np.round(usual[all_who] * np.exp(0.45 * luck.standard_normal(len(all_who))), 2)
    return pa.table(
        {
            "customer": pa.array(number * n + all_who),
            "bought_at": _times(all_days * 86_400),
            "amount": pa.array(amount),
            "margin": pa.array(np.round(0.32 * amount, 2)),
        }
    )


def _times(seconds: np.ndarray) -> pa.Array:
    moments = (_ORIGIN + seconds.astype(np.int64).astype("timedelta64[s]")).astype("datetime64[us]")
    return pa.array(moments)


def _words(names: tuple[str, ...], numbers: np.ndarray) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(numbers.astype(np.int8)), pa.array(list(names)))
