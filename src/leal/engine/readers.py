"""One reader a kind of source: each gives the same kernel batches of 65,536 rows, with only its columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import narwhals as nw

from leal.engine.frames import FrameLike, LazyFrame, lazy, require_column
from leal.engine.kernels import Batch, Kernel, State, pack, unpack

Found = TypeVar("Found")

ROWS_OF_A_BATCH = 65_536
THREADS = 2

_PART = "part"

Piece: TypeAlias = tuple[Path, int]
"""A Parquet file and the number of one of its row groups."""


def run_kernel(kernel: Kernel[Found], source: FrameLike, *, table: str = "answers") -> Found:
    """Run a kernel over any dataframe or Parquet path and return its result.

    Parameters
    ----------
    kernel : Kernel
        The reduction.
    source : dataframe or path
        A Parquet file or folder is read by two threads, out of core; a Polars lazy frame and a DuckDB
        relation are streamed; Spark reduces in its workers, and only states come back.
    table : str
        What the table is called in an error.

    Raises
    ------
    MissingColumn
        A column of the kernel is not there.
    """
    frame = lazy(source)
    for column in kernel.columns:
        require_column(frame, column, table=table)
    if isinstance(source, str | Path):
        return kernel.finish(_of_parquet(kernel, Path(source)))
    if frame.implementation.is_spark_like():
        return kernel.finish(kernel.merge(_of_spark(kernel, frame)))
    return kernel.finish(_reduced(kernel, batches(frame, kernel.columns)))


def batches(source: FrameLike, columns: Sequence[str]) -> Iterator[Batch]:
    """Yield the rows of a dataframe or Parquet path as Arrow record batches with some of its columns."""
    frame = lazy(source).select(*(nw.col(name) for name in dict.fromkeys(columns)))
    if frame.implementation.is_polars():
        yield from _of_polars(frame.to_native())
    elif frame.implementation.is_duckdb():
        yield from _reader_of_duckdb(frame.to_native())
    else:
        yield from frame.collect("pyarrow").to_native().to_batches(max_chunksize=ROWS_OF_A_BATCH)


def _of_polars(frame: Any) -> Iterator[Batch]:
    if not hasattr(frame, "collect_batches"):
        for part in frame.collect(engine="streaming").iter_slices(ROWS_OF_A_BATCH):
            yield from part.to_arrow().to_batches()
        return
    for part in frame.collect_batches(chunk_size=ROWS_OF_A_BATCH, maintain_order=True):
        yield from part.to_arrow().to_batches(max_chunksize=ROWS_OF_A_BATCH)


def _reader_of_duckdb(relation: Any) -> Iterator[Batch]:
    if hasattr(relation, "to_arrow_reader"):
        yield from relation.to_arrow_reader(ROWS_OF_A_BATCH)
    else:
        yield from relation.fetch_record_batch(ROWS_OF_A_BATCH)


def _reduced(kernel: Kernel[object], rows: Iterable[Batch]) -> State:
    """Return the merged state of batches, adding each as it comes so that memory stays flat."""
    state = kernel.merge(())
    for batch in rows:
        if batch.num_rows:
            state = kernel.merge((state, kernel.partial(batch)))
    return state


def _of_parquet(kernel: Kernel[object], path: Path) -> State:
    """Return the merged state of the row groups, added in order whichever thread was first."""
    pieces = _pieces(path)
    with ThreadPoolExecutor(THREADS) as threads:
        return kernel.merge(threads.map(_state_of_piece(kernel), pieces))


def _pieces(path: Path) -> list[Piece]:
    import pyarrow.parquet as pq

    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    return [(file, group) for file in files for group in range(pq.read_metadata(file).num_row_groups)]


def _state_of_piece(kernel: Kernel[object]) -> Callable[[Piece], State]:
    import pyarrow.parquet as pq

    columns = list(dict.fromkeys(kernel.columns))

    def reduce(piece: Piece) -> State:
        file, group = piece
        with pq.ParquetFile(file) as parquet:
            rows = parquet.iter_batches(
                ROWS_OF_A_BATCH, row_groups=[group], columns=columns, use_threads=False
            )
            return _reduced(kernel, rows)

    return reduce


def _of_spark(kernel: Kernel[object], frame: LazyFrame) -> list[State]:
    """Reduce each partition where it lies; one small table of states comes back."""
    selected = frame.select(*(nw.col(name) for name in dict.fromkeys(kernel.columns))).to_native()
    states = selected.mapInArrow(_spark_reducer(kernel), f"{_PART} long, name string, values array<double>")
    found = states.toArrow()
    parts = sorted(set(found.column(_PART).to_pylist()))
    return [unpack(found.filter(_is_part(found, part))) for part in parts]


def _is_part(table: Any, part: int) -> Any:
    import pyarrow.compute as pc

    return pc.equal(table.column(_PART), part)


def _spark_reducer(kernel: Kernel[object]) -> Callable[[Iterator[Batch]], Iterator[Batch]]:
    """Return the function that a Spark worker runs over the batches of its partition."""

    def reduce(rows: Iterator[Batch]) -> Iterator[Batch]:
        import pyarrow as pa
        from pyspark import TaskContext

        packed = pack(_reduced(kernel, rows))
        part = pa.array([TaskContext.get().partitionId()] * packed.num_rows, pa.int64())
        yield from packed.add_column(0, _PART, part).combine_chunks().to_batches()

    return reduce
