"""Weights that make those who answered stand for the whole base."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

SPEND_CLASSES = 5
FEWEST_IN_CELL = 5
MOST_SEGMENTS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Reweighted:
    """Customers who answered, each standing for as many of the base as its weight says.

    Attributes
    ----------
    frame : polars.DataFrame
        The rows of the base with a group, with ``weight`` and ``cell`` (whole number).
    cells : int
        Cells of spending class and segment within which those who answered stand for those who did not.
    base : int
        Customers in the base.
    """

    frame: pl.DataFrame
    cells: int
    base: int


def reweight(base: pl.DataFrame) -> Reweighted:
    """Return those who answered, weighted to the whole base by spending class and segment.

    Parameters
    ----------
    base : polars.DataFrame
        One row a customer: ``group`` (null: did not answer), ``amount`` and, where known, ``segment``.

    Notes
    -----
    Post-stratification: weight = customers of the cell / those of them who answered. A cell with fewer than
    five answers is joined to the largest of its spending class, or to the largest of all.
    It corrects for what the cells know; within a cell those who keep silent are taken to be like those who
    answer, which no weight can prove.
    """
    if base["group"].null_count() in (0, base.height):
        return Reweighted(
            frame=base.drop_nulls("group").with_columns(weight=pl.lit(1.0), cell=pl.lit(0, dtype=pl.Int64)),
            cells=1,
            base=base.height,
        )
    labelled = base.with_columns(_spend_class(base), _segment(base))
    sizes = labelled.group_by("spend_class", "cell_segment").agg(
        pl.len().alias("customers"), pl.col("group").count().alias("answered")
    )
    cells = labelled.join(_merged(sizes), on=["spend_class", "cell_segment"], how="left")
    weights = cells.group_by("cell").agg((pl.len() / pl.col("group").count()).alias("weight"))
    answered = cells.drop_nulls("group").join(weights, on="cell", how="left")
    return Reweighted(
        frame=answered.drop("spend_class", "cell_segment"),
        cells=answered["cell"].n_unique(),
        base=base.height,
    )


def _merged(sizes: pl.DataFrame) -> pl.DataFrame:
    """Give each cell a number; join one with too few answers to the largest of its class, else of all."""
    ordered = sizes.sort("answered", "spend_class", "cell_segment", descending=[True, False, False])
    rows = ordered.with_row_index("cell").with_columns(pl.col("cell").cast(pl.Int64))
    largest = (
        rows.filter(pl.col("answered") >= FEWEST_IN_CELL)
        .group_by("spend_class")
        .agg(pl.col("cell").min().alias("class_cell"))
    )
    small = pl.col("answered") < FEWEST_IN_CELL
    return rows.join(largest, on="spend_class", how="left").select(
        "spend_class",
        "cell_segment",
        pl.when(small).then(pl.col("class_cell").fill_null(0)).otherwise(pl.col("cell")).alias("cell"),
    )


def _spend_class(base: pl.DataFrame) -> pl.Expr:
    """Fifths of the spenders, and those who spent nothing, as small numbers."""
    spenders = base.filter(pl.col("amount") > 0)["amount"]
    if spenders.is_empty():
        return pl.lit(0).alias("spend_class")
    edges = [spenders.quantile(step / SPEND_CLASSES, "linear") for step in range(1, SPEND_CLASSES)]
    above = [(pl.col("amount") > edge).cast(pl.Int64) for edge in edges if edge is not None]
    return (pl.sum_horizontal((pl.col("amount") > 0).cast(pl.Int64), *above)).alias("spend_class")


def _segment(base: pl.DataFrame) -> pl.Expr:
    known = "segment" in base.columns and base["segment"].n_unique() <= MOST_SEGMENTS
    return (pl.col("segment").fill_null("") if known else pl.lit("")).alias("cell_segment")
