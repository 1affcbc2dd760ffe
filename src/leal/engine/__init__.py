"""Any dataframe in, files lazily; reductions and Arrow-batch kernels that every engine can run."""

from leal.engine.frames import FrameLike, LazyFrame, collect, column_names, lazy, require_column

__all__ = ["FrameLike", "LazyFrame", "collect", "column_names", "lazy", "require_column"]
