"""The engines that every reduction must agree on, and a table as each of them holds it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

LOCAL = ["polars", "polars lazy", "duckdb", "pandas", "pyarrow"]


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """Give one small Spark of this machine for all tests."""
    if shutil.which("java") is None:
        pytest.skip("Java is absent: Spark needs it")
    pyspark_sql = pytest.importorskip("pyspark.sql", reason="PySpark is not installed")
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    paths = [str(Path(__file__).parent.parent / "src"), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))  # its workers import leal too
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.memory": "1g",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.session.timeZone": "UTC",
        "spark.log.level": "ERROR",
    }
    session = pyspark_sql.SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    yield session
    session.stop()


@pytest.fixture
def give(request: pytest.FixtureRequest) -> Callable[[pl.DataFrame, str], Any]:
    """Return a function that gives a Polars table as another engine holds it."""

    def given(table: pl.DataFrame, engine: str) -> Any:
        if engine == "duckdb":
            duckdb = pytest.importorskip("duckdb")
            return duckdb.from_arrow(table.to_arrow())
        if engine == "spark":
            return request.getfixturevalue("spark").createDataFrame(table.to_arrow())
        return _LOCALLY[engine](table)

    return given


_LOCALLY: dict[str, Callable[[pl.DataFrame], Any]] = {
    "polars": lambda table: table,
    "polars lazy": lambda table: table.lazy(),
    "pandas": lambda table: table.to_pandas(),
    "pyarrow": lambda table: table.to_arrow(),
}
