"""Customers of any number scored batch by batch: what they will buy, whether they are there, their value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from leal.engine import Batch, FrameLike, batches, lazy, require_column
from leal.predict.purchase_models.customer_columns import Floats, Rhythm, read_rhythm
from leal.predict.purchase_models.gamma_gamma import GammaGammaFit
from leal.predict.purchase_models.purchase_model import PurchaseModelFit

Scorer: TypeAlias = Callable[[Rhythm], tuple[Floats, Floats]]

RHYTHM = ("frequency", "recency", "age")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerScoring:
    """A scoring kernel: one row out for each customer in; it knows no engine and no file.

    Attributes
    ----------
    fit : PurchaseModelFit
        Fitted model of repeat purchases.
    weeks : float
        How far ahead.
    spend : GammaGammaFit or None
        Fitted model of what a purchase brings; without it there is no value.
    discount : float
        Rate of interest a year of `value`, as a fraction.
    margin : float
        Margin as a share of what is spent, of `value`; 1 counts revenue.

    Notes
    -----
    Adds ``expected_purchases`` and ``p_alive``; with `spend` also ``expected_spend`` and ``value``:
    discounted expected purchases x expected spend x margin, in the money of the purchases. One-time buyers
    have P(alive) = 1 in BG/NBD: no retention.

    On Spark: ``frame.mapInArrow(scoring.scored, scoring.spark_schema())``, in its workers.
    """

    fit: PurchaseModelFit
    weeks: float
    spend: GammaGammaFit | None = None
    discount: float = 0.0
    margin: float = 1.0
    _scorers: dict[str, Scorer] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a batch must have."""
        return ("customer", *RHYTHM, *(("spend",) if self.spend else ()))

    @property
    def added(self) -> tuple[str, ...]:
        """The columns that it gives beside ``customer``."""
        return ("expected_purchases", "p_alive", *(("expected_spend", "value") if self.spend else ()))

    def spark_schema(self, customer: str = "string") -> str:
        """Return the columns of its answer as Spark names them; `customer` is the type of that column."""
        return ", ".join([f"customer {customer}", *(f"{name} double" for name in self.added)])

    def scored(self, rows: Iterable[Batch]) -> Iterator[Batch]:
        """Yield one batch of scores for each batch of customers."""
        for batch in rows:
            if batch.num_rows:
                yield self.partial(batch)

    def partial(self, batch: Batch) -> Batch:
        """Return the scores of one batch of customers."""
        import pyarrow as pa

        table = {name: _numbers(batch.column(name)) for name in self.columns[1:]}
        rhythm = read_rhythm(table)
        expected, alive = self._scorer("plain", 0.0)(rhythm)
        found = [expected, alive]
        if self.spend is not None:
            each = self.spend.expected_spend(table)
            worth = expected if self.discount == 0 else self._scorer("discounted", self.discount)(rhythm)[0]
            found += [each, worth * each * self.margin]
        columns = [batch.column("customer"), *map(pa.array, found)]
        return pa.RecordBatch.from_arrays(columns, names=["customer", *self.added])

    def _scorer(self, name: str, discount: float) -> Scorer:
        """Return what scores a batch; it is kept, with what it has learned, for the next one."""
        if name not in self._scorers:
            self._scorers[name] = _scorer_of(self.fit, self.weeks, discount)
        return self._scorers[name]


def score_customers(
    customers: FrameLike,
    fit: PurchaseModelFit,
    *,
    weeks: float,
    spend: GammaGammaFit | None = None,
    discount: float = 0.0,
    margin: float = 1.0,
) -> Iterator[Batch]:
    """Yield what customers will buy, are worth, and whether they are still there, in Arrow batches.

    Parameters
    ----------
    customers : dataframe or path
        With ``customer, frequency, recency, age``, and with `spend` also ``spend``: a dataframe of any engine
        or a Parquet file or folder, read batch by batch and never gathered.
    fit, weeks, spend, discount, margin
        As in `CustomerScoring`.

    Yields
    ------
    pyarrow.RecordBatch
        ``customer, expected_purchases, p_alive``, with `spend` also ``expected_spend, value``.
    """
    scoring = CustomerScoring(fit=fit, weeks=weeks, spend=spend, discount=discount, margin=margin)
    frame = lazy(customers)
    for column in scoring.columns:
        require_column(frame, column, table="customers")
    return scoring.scored(batches(frame, scoring.columns))


def write_scores(
    customers: FrameLike,
    path: str | Path,
    fit: PurchaseModelFit,
    *,
    weeks: float,
    spend: GammaGammaFit | None = None,
    discount: float = 0.0,
    margin: float = 1.0,
) -> int:
    """Write the scores of customers to a Parquet file as they come; return how many.

    Parameters
    ----------
    customers, fit, weeks, spend, discount, margin
        As in `score_customers`.
    path : str or Path
        The file to write.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    scored = score_customers(customers, fit, weeks=weeks, spend=spend, discount=discount, margin=margin)
    first = next(scored, None)
    if first is None:
        added = CustomerScoring(fit=fit, weeks=weeks, spend=spend).added
        first = pa.RecordBatch.from_pydict(
            {name: pa.array([], pa.float64()) for name in ("customer", *added)}
        )
    written = 0
    with pq.ParquetWriter(path, first.schema, compression="zstd") as writer:
        for batch in chain([first], scored):
            writer.write_batch(batch)
            written += batch.num_rows
    return written


def _scorer_of(fit: Any, weeks: float, discount: float) -> Scorer:
    """Return the model's own scorer where it has one, else ask the model of each batch."""
    if hasattr(fit, "scorer"):
        scorer: Scorer = fit.scorer(weeks=weeks, discount=discount)
        return scorer

    def score(rhythm: Rhythm) -> tuple[Floats, Floats]:
        table = {name: getattr(rhythm, name) for name in RHYTHM}
        if discount:
            expected = fit.discounted_expected_purchases(table, weeks=weeks, discount=discount)
        else:
            expected = fit.expected_purchases(table, weeks=weeks)
        return expected, fit.p_alive(table)

    return score


def _numbers(column: Any) -> Floats:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)
