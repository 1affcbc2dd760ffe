"""Moments: all that a path model needs to know of the answers, small, additive, and saved as a table.

One row a group and pattern of missing answers holds the number of answers, the sum of weights and of squared
weights, the sums of the items and the sums of their products. Adding two tables of moments is adding rows of
equal keys; so waves, companies and parts of a file are merged, and groups filtered, without the answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from leal.engine import FrameLike
from leal.errors import BadFile, BadOption, BadValue, MissingColumn, Where
from leal.wording import Count, Text

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]
Missing = Literal["casewise", "mean", "pairwise", "em"]
MISSING: tuple[Missing, ...] = ("casewise", "mean", "pairwise", "em")

PATTERN = "present"
"""Column of saved moments: which items are answered, as a word of 1 and 0."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moments:
    """Sums and cross-products of items, by group and pattern of missing answers.

    Attributes
    ----------
    items : tuple of str
        The items, p of them.
    keys : polars.DataFrame
        One row a block: the columns of the groups, none where there are no groups.
    present : (blocks, p) bool
        Which items are answered in the block.
    n : (blocks,) int
        Answers.
    total, squared : (blocks,)
        Sum of the weights, and of their squares.
    sums : (blocks, p)
        Weighted sums; 0 for items that are not answered.
    products : (blocks, p (p + 1) / 2)
        Weighted sums of item_i item_k for i <= k, row by row; 0 where either is not answered.
    """

    items: tuple[str, ...]
    keys: pl.DataFrame
    present: NDArray[np.bool_]
    n: NDArray[np.int64]
    total: Floats
    squared: Floats
    sums: Floats
    products: Floats

    @classmethod
    def from_frame(
        cls,
        frame: FrameLike,
        items: Sequence[str],
        by: str | Sequence[str] | None = None,
        weight: str | None = None,
    ) -> Moments:
        """Reduce answers to moments in one pass.

        Parameters
        ----------
        frame : dataframe or path
            The answers, one row each, in any engine, or a Parquet file.
        items : sequence of str
            Columns of the items; missing answers are null.
        by : str, sequence of str or None
            Columns of groups: one set of blocks a group.
        weight : str or None
            Column of sampling weights.
        """
        from leal.path_model.moment_reduction import reduce_to_moments

        groups = [by] if isinstance(by, str) else list(by or [])
        columns = (items,) if isinstance(items, str) else tuple(items)
        return reduce_to_moments(frame, columns, tuple(groups), weight)

    def __radd__(self, other: object) -> Moments:
        """Let `sum` merge moments: it begins with zero."""
        return self if other == 0 else NotImplemented

    def __add__(self, other: Moments) -> Moments:
        """Merge: blocks of equal group and pattern are added."""
        if self.items != other.items or self.keys.columns != other.keys.columns:
            raise BadValue(
                Text("Moments of different items or groups cannot be added."),
                hint=Text("Make both from the same items, in the same order, by the same groups."),
            )
        return _gather([self, other])

    def select(self, items: Sequence[str]) -> Moments:
        """Return the moments of some of the items, in the order asked for."""
        for item in items:
            if item not in self.items:
                raise MissingColumn(item, list(self.items), table="moments")
        chosen = np.array([self.items.index(item) for item in items])
        square = _triangle(len(self.items))
        rows, columns = np.triu_indices(chosen.size)
        positions = square[chosen[rows], chosen[columns]]
        part = Moments(
            items=tuple(items),
            keys=self.keys,
            present=self.present[:, chosen],
            n=self.n,
            total=self.total,
            squared=self.squared,
            sums=self.sums[:, chosen],
            products=self.products[:, positions],
        )
        return _gather([part])

    def filter(self, **keys: object) -> Moments:
        """Return the moments of the groups whose columns have the values given (one, or a list of them).

        Raises
        ------
        MissingColumn, BadValue
            The moments have no such column, or no such group.
        """
        import polars as pl

        kept = np.ones(self.keys.height if self.keys.width else self.n.size, dtype=bool)
        for name, value in keys.items():
            if name not in self.keys.columns:
                raise MissingColumn(name, self.keys.columns, table="moments")
            wanted = value if isinstance(value, list | tuple | set) else [value]
            held = self.keys[name].is_in(
                pl.Series(list(wanted), dtype=self.keys[name].dtype), nulls_equal=True
            )
            kept &= held.to_numpy()
        if not kept.any():
            raise BadValue(
                Text("No group of the moments is {group}.", group=str(keys)),
                hint=Text("See `keys`, which has a row for each group."),
            )
        return self._take(np.flatnonzero(kept))

    def groups(self) -> dict[tuple[object, ...], Moments]:
        """Return the moments of each group, in order of their keys; one entry where there are no groups."""
        if not self.keys.width:
            return {(): self}
        order = self.keys.unique(maintain_order=True).sort(self.keys.columns)
        return {row: self.filter(**dict(zip(order.columns, row, strict=True))) for row in order.iter_rows()}

    def pooled(self) -> Moments:
        """Return the moments of all groups together."""
        import polars as pl

        return _gather([_replace_keys(self, pl.DataFrame())])

    @property
    def effective_n(self) -> float:
        """Kish's effective number of answers over all blocks: (sum w)^2 / sum w^2."""
        return float(self.total.sum() ** 2 / self.squared.sum()) if self.squared.sum() else 0.0

    def covariance(self, missing: Missing = "casewise") -> Covariance:
        """Return means and covariances of all blocks together (divisor: answers less one).

        Parameters
        ----------
        missing : {"casewise", "mean", "pairwise", "em"}
            Leave answers with a gap out; fill gaps by the item's mean; use what each pair has; or
            expectation-maximisation under normality (Dempster, Laird and Rubin 1977).
        """
        from leal.path_model.missing_answers import covariance_of

        if missing not in MISSING:
            raise BadOption("missing", missing, list(MISSING))
        return covariance_of(self, missing)

    def to_frame(self) -> pl.DataFrame:
        """Return the moments as a table, one row a block, that `from_table` reads."""
        import polars as pl

        words = ["".join("1" if here else "0" for here in row) for row in self.present]
        columns = {
            PATTERN: words,
            "n": self.n,
            "total": self.total,
            "squared": self.squared,
            **{f"sum:{item}": self.sums[:, i] for i, item in enumerate(self.items)},
        }
        pairs = zip(*np.triu_indices(len(self.items)), strict=True)
        for position, (i, k) in enumerate(pairs):
            columns[f"product:{self.items[i]}:{self.items[k]}"] = self.products[:, position]
        return pl.concat([self.keys, pl.DataFrame(columns)], how="horizontal")

    @classmethod
    def from_table(cls, table: pl.DataFrame) -> Moments:
        """Return moments from what `to_frame` gave."""
        items = tuple(name.removeprefix("sum:") for name in table.columns if name.startswith("sum:"))
        keys = table.select(table.columns[: table.columns.index(PATTERN)])
        products = [name for name in table.columns if name.startswith("product:")]
        return cls(
            items=items,
            keys=keys,
            present=np.array([[mark == "1" for mark in word] for word in table[PATTERN]], dtype=bool),
            n=table["n"].to_numpy().astype(np.int64),
            total=table["total"].to_numpy(),
            squared=table["squared"].to_numpy(),
            sums=table.select(f"sum:{item}" for item in items).to_numpy(),
            products=table.select(products).to_numpy(),
        )

    def save(self, path: str | Path) -> None:
        """Write the moments to a Parquet file."""
        self.to_frame().write_parquet(Path(path))

    @classmethod
    def load(cls, path: str | Path) -> Moments:
        """Read what `save` wrote."""
        import polars as pl

        table = pl.read_parquet(Path(path))
        if not {PATTERN, "n", "total", "squared"} <= set(table.columns):
            raise BadFile(
                Text("This file does not hold moments."),
                hint=Text("Give a file that Moments.save wrote; of answers make them by Moments.from_frame."),
                where=Where(file=str(path)),
            )
        return cls.from_table(table)

    def _take(self, blocks: NDArray[np.intp]) -> Moments:
        return Moments(
            items=self.items,
            keys=self.keys[blocks.tolist()] if self.keys.width else self.keys,
            present=self.present[blocks],
            n=self.n[blocks],
            total=self.total[blocks],
            squared=self.squared[blocks],
            sums=self.sums[blocks],
            products=self.products[blocks],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Covariance:
    """Means and covariances of the items, and how many answers they rest on.

    Attributes
    ----------
    means : (p,)
        Means.
    matrix : (p, p)
        Covariances; divisor: answers (weights) less one.
    n : int
        Answers used.
    left_out : int
        Answers not used, because of gaps.
    of_means : (p, p)
        Covariances of the means, so that a fixed combination of them has its standard error: each mean rests
        on those who answered its item.
    effective_n : float
        Kish's effective number of the answers used.
    least_effective_n : float
        That of the item which fewest answered.
    settled : bool
        Whether expectation-maximisation came to rest; with very many gaps it may not.
    """

    means: Floats
    matrix: Floats
    n: int
    left_out: int
    of_means: Floats
    effective_n: float
    least_effective_n: float
    settled: bool = True


def _triangle(size: int) -> NDArray[np.int64]:
    """Return the position of each pair of items in the products."""
    square = np.zeros((size, size), dtype=np.int64)
    rows, columns = np.triu_indices(size)
    square[rows, columns] = square[columns, rows] = np.arange(rows.size)
    return square


def _replace_keys(moments: Moments, keys: pl.DataFrame) -> Moments:
    return Moments(
        items=moments.items,
        keys=keys,
        present=moments.present,
        n=moments.n,
        total=moments.total,
        squared=moments.squared,
        sums=moments.sums,
        products=moments.products,
    )


def _gather(parts: Sequence[Moments]) -> Moments:
    """Join the parts, adding blocks of equal group and pattern."""
    import polars as pl

    keys = pl.concat([part.keys for part in parts])
    present = np.concatenate([part.present for part in parts])
    words = pl.Series(PATTERN, [row.tobytes() for row in present], dtype=pl.Binary)
    table = keys.with_columns(words) if keys.width else pl.DataFrame([words])
    names = [*keys.columns, PATTERN]
    distinct = table.unique(maintain_order=True).sort(names, nulls_last=True).with_row_index("block")
    block = table.join(distinct, on=names, how="left", nulls_equal=True, maintain_order="left")[
        "block"
    ].to_numpy()
    first = np.zeros(distinct.height, dtype=np.int64)
    first[block[::-1]] = np.arange(block.size)[::-1]

    def add(values: NDArray[np.generic]) -> NDArray[np.generic]:
        out = np.zeros((distinct.height, *values.shape[1:]), dtype=values.dtype)
        np.add.at(out, block, values)
        return out

    return Moments(
        items=parts[0].items,
        keys=distinct.select(keys.columns),
        present=present[first],
        n=add(np.concatenate([part.n for part in parts])),  # type: ignore[arg-type]
        total=add(np.concatenate([part.total for part in parts])),  # type: ignore[arg-type]
        squared=add(np.concatenate([part.squared for part in parts])),  # type: ignore[arg-type]
        sums=add(np.concatenate([part.sums for part in parts])),  # type: ignore[arg-type]
        products=add(np.concatenate([part.products for part in parts])),  # type: ignore[arg-type]
    )


def weights_of(values: Floats, column: str) -> Floats:
    """Return sampling weights, refusing what is no weight."""
    bad = ~(np.isfinite(values) & (values >= 0))
    if bad.any():
        row = int(np.flatnonzero(bad)[0]) + 1
        raise BadValue(
            Text("{count} weights are missing or below zero.", count=Count(int(bad.sum()))),
            hint=Text("Give every answer a weight of zero or more."),
            where=Where(column=column, row=row),
        )
    return values


GroupKey = Mapping[str, object]
