"""Any dataframe, or a file, as one lazy narwhals frame; small results as Polars frames.

Counting is done by the engine that the user brought: Polars, DuckDB, Spark, pandas, PyArrow and whatever else
narwhals drives. Files are scanned lazily, out of core, by Polars.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import narwhals as nw
from narwhals.exceptions import DuplicateError

from leal.engine.plain_columns import plain_columns
from leal.errors import BadFile, BadValue, MissingColumn, Where
from leal.wording import Listing, Text

if TYPE_CHECKING:
    import polars as pl

FrameLike: TypeAlias = Any
"""Any eager or lazy dataframe that narwhals knows, or the path of a Parquet file or folder."""

LazyFrame: TypeAlias = nw.LazyFrame[Any]


def lazy(source: FrameLike) -> LazyFrame:
    """Return any dataframe, or a Parquet file or folder, as a lazy narwhals frame.

    Parameters
    ----------
    source : dataframe, str or Path
        A Polars, pandas, PyArrow, DuckDB, Spark (or other) frame, or a path, which is read out of core.

    Returns
    -------
    LazyFrame
        The frame; names of people that are fractions, and Python objects in pandas, as `plain_columns` says.

    Raises
    ------
    BadFile
        The path does not exist or is no Parquet file or folder of such.
    BadValue
        `source` is nothing that narwhals knows, or two of its columns have the same name.
    """
    if isinstance(source, str | Path):
        return plain_columns(nw.from_native(_scan(Path(source))))
    try:
        frame = nw.from_native(source)
    except TypeError as error:
        raise BadValue(
            Text("{kind} is not a dataframe that Leal knows.", kind=type(source).__name__),
            hint=Text(
                "Give a Polars, pandas, PyArrow, DuckDB or Spark frame, or the path of a Parquet file."
            ),
        ) from error
    except DuplicateError as error:
        raise BadValue(
            Text("Two columns have the same name: {names}.", names=Listing.of(_repeated(source))),
            hint=Text("Rename one of them, or leave it out."),
        ) from error
    lazily: LazyFrame = frame.lazy()
    return plain_columns(lazily)


def _repeated(source: Any) -> list[str]:
    names = Counter(str(name) for name in getattr(source, "columns", ()))
    return [repr(name) for name, count in names.items() if count > 1]


def collect(frame: LazyFrame) -> pl.DataFrame:
    """Compute a lazy frame in its own engine and return the (small) result as a Polars frame."""
    if frame.implementation.is_polars():
        return frame.collect("polars", engine="streaming").to_native()  # type: ignore[no-any-return]
    try:
        return frame.collect("polars").to_native()  # type: ignore[no-any-return]
    except (TypeError, ValueError) as error:
        if not type(error).__module__.startswith("pyarrow"):
            raise
        raise BadValue(
            Text("A column holds values of several kinds: {reason}.", reason=str(error)),
            hint=Text("Give each column values of one kind: all numbers, all text, or all true and false."),
        ) from error


def column_names(frame: LazyFrame) -> list[str]:
    """Return the names of the columns without computing anything."""
    return list(frame.collect_schema().names())


def require_column(frame: LazyFrame, column: str, *, table: str) -> None:
    """Raise `MissingColumn` where `frame` lacks a column."""
    names = column_names(frame)
    if column not in names:
        raise MissingColumn(column, names, table=table)


def _scan(path: Path) -> pl.LazyFrame:
    import polars as pl

    if not path.exists():
        raise BadFile(
            Text("The file does not exist."),
            hint=Text("Check the spelling of the path."),
            where=Where(file=str(path)),
        )
    if path.is_dir():
        return pl.scan_parquet(path / "*.parquet")
    if path.suffix.lower() not in {".parquet", ".pq"}:
        raise BadFile(
            Text("Only Parquet files are read lazily as tables."),
            hint=Text(
                "Read a survey with leal.read_answers(path), another table with leal.read_table(path), or all"
                " files of a folder with leal.load(path)."
            ),
            where=Where(file=str(path)),
        )
    return pl.scan_parquet(path)
