"""Moments by group and pattern of gaps: exact, additive, the same in every engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.engines import LOCAL

from leal.engine import PatternMoments, PatternMomentsKernel, pack, run_kernel, unpack
from leal.errors import BadValue

ITEMS = ("a", "b", "c")


def survey(rows: int = 700, gaps: float = 0.15, seed: int = 0) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    columns: dict[str, Any] = {
        name: pl.Series(rng.integers(1, 11, rows)).cast(pl.Int8).set(pl.Series(rng.random(rows) < gaps), None)
        for name in ITEMS
    }
    groups = pl.Series(rng.choice(["x", "y", "z"], rows)).set(pl.Series(rng.random(rows) < 0.1), None)
    return pl.DataFrame(columns | {"g": groups, "w": rng.uniform(0.5, 2, rows)})


def by_hand(table: pl.DataFrame, group: str | None, word: list[bool]) -> tuple[int, np.ndarray, np.ndarray]:
    own = table.filter(pl.col("g").eq_missing(group))
    for item, here in zip(ITEMS, word, strict=True):
        own = own.filter(pl.col(item).is_not_null() if here else pl.col(item).is_null())
    x = own.select(ITEMS).fill_null(0).to_numpy().astype(float)
    w = own["w"].to_numpy()
    return own.height, w @ x, ((x * w[:, None]).T @ x)[np.triu_indices(3)]


def assert_right(found: PatternMoments, table: pl.DataFrame) -> None:
    assert found.n.sum() == table.height
    for place, (group,) in enumerate(found.groups):
        n, sums, products = by_hand(table, group, found.present[place].tolist())  # type: ignore[arg-type]
        assert found.n[place] == n
        assert found.sums[place] == pytest.approx(sums)
        assert found.products[place] == pytest.approx(products)


@pytest.mark.parametrize("engine", LOCAL)
def test_blocks_are_right_in_every_engine(engine: str, give: Callable[[pl.DataFrame, str], Any]) -> None:
    kernel = PatternMomentsKernel(items=ITEMS, by=("g",), weight="w")
    assert_right(run_kernel(kernel, give(survey(), engine)), survey())


def test_blocks_of_parquet_row_groups_add_up(tmp_path: Path) -> None:
    survey().write_parquet(tmp_path / "a.parquet", row_group_size=64)
    kernel = PatternMomentsKernel(items=ITEMS, by=("g",), weight="w")
    assert_right(run_kernel(kernel, tmp_path / "a.parquet"), survey())


@pytest.mark.parametrize("top", [10, 100, 30_000])
@pytest.mark.parametrize("kind", [pl.Int8, pl.Int16, pl.Int64, pl.Float64])
def test_whole_answers_are_exact_at_any_size(kind: Any, top: int) -> None:
    if kind == pl.Int8 and top > 127:
        pytest.skip("does not fit")
    rng = np.random.default_rng(3)
    x = rng.integers(0, top + 1, (150_000, 3))
    frame = pl.DataFrame(x, schema=list(ITEMS)).cast(kind)
    found = run_kernel(PatternMomentsKernel(items=ITEMS), frame)
    assert found.n.tolist() == [150_000]
    assert found.sums[0].astype(np.int64).tolist() == x.sum(axis=0).tolist()
    assert found.products[0].astype(np.int64).tolist() == (x.T @ x)[np.triu_indices(3)].tolist()
    grouped = frame.with_columns(g=pl.Series(rng.integers(0, 300, 150_000)))
    by = run_kernel(PatternMomentsKernel(items=ITEMS, by=("g",)), grouped)
    assert by.products.sum(axis=0).astype(np.int64).tolist() == found.products[0].astype(np.int64).tolist()
    assert by.groups[0] == (0,)


def test_slices_and_not_a_numbers_are_seen() -> None:
    frame = survey(gaps=0.3).slice(13, 400).with_columns(b=pl.col("b").cast(pl.Float64).fill_null(np.nan))
    found = run_kernel(PatternMomentsKernel(items=ITEMS, by=("g",), weight="w"), frame)
    assert_right(found, frame.with_columns(pl.col("b").fill_nan(None)))


def test_states_travel_and_add_up() -> None:
    kernel = PatternMomentsKernel(items=ITEMS, by=("g",), weight="w")
    parts = [survey().slice(0, 300), survey().slice(300, 400)]
    states = [kernel.partial(part.to_arrow().combine_chunks().to_batches()[0]) for part in parts]
    kept = [{name: array.copy() for name, array in state.items()} for state in states]
    travelled = [unpack(pack(state)) for state in states]
    assert_right(kernel.finish(kernel.merge(travelled)), survey())
    for state, copy in zip(states[1:], kept[1:], strict=True):
        assert all((state[name] == copy[name]).all() for name in copy)
    assert kernel.finish(kernel.merge(())).n.size == 0


def test_a_missing_weight_is_refused() -> None:
    frame = survey().with_columns(w=pl.when(pl.int_range(700) == 5).then(None).otherwise(pl.col("w")))
    with pytest.raises(BadValue, match="weights are missing"):
        run_kernel(PatternMomentsKernel(items=ITEMS, weight="w"), frame)
