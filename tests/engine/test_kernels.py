from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines import LOCAL

from leal.engine import ItemMoments, MomentsKernel, State, add_states, batches, pack, run_kernel, unpack
from leal.errors import BadValue, MissingColumn

ITEMS = ("a", "b", "c")
KERNEL = MomentsKernel(items=ITEMS, by=("g",), weight="w")


def survey(rows: int = 500, seed: int = 0) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    columns: dict[str, Any] = {
        name: pl.Series(rng.integers(0, 11, rows)).cast(pl.Int8).set(pl.Series(rng.random(rows) < 0.1), None)
        for name in ITEMS
    }
    groups = pl.Series(rng.choice(["x", "y", "z"], rows)).set(pl.Series(rng.random(rows) < 0.1), None)
    return pl.DataFrame(columns | {"g": groups, "w": rng.uniform(0.5, 2, rows)})


def moments_by_hand(table: pl.DataFrame, group: str | None) -> tuple[int, np.ndarray[Any, Any]]:
    own = table.filter(pl.col("g").eq_missing(group)).drop_nulls(ITEMS)
    design = np.column_stack([np.ones(own.height), own.select(ITEMS).to_numpy()]).astype(float)
    return own.height, (design * own["w"].to_numpy()[:, None]).T @ design


def assert_right(found: ItemMoments, table: pl.DataFrame) -> None:
    assert found.groups == (("x",), ("y",), ("z",), (None,))
    for place, (group,) in enumerate(found.groups):
        n, products = moments_by_hand(table, group)  # type: ignore[arg-type]
        assert found.n[place] == n
        assert found.products[place] == pytest.approx(products, rel=1e-12)
    assert found.n.sum() + found.incomplete.sum() == table.height


@pytest.mark.parametrize("engine", LOCAL)
def test_moments_by_group_in_every_engine(engine: str, give: Callable[[pl.DataFrame, str], Any]) -> None:
    assert_right(run_kernel(KERNEL, give(survey(), engine)), survey())


def test_moments_of_parquet_files_in_many_row_groups(tmp_path: Path) -> None:
    survey().head(200).write_parquet(tmp_path / "a.parquet", row_group_size=64)
    survey().tail(300).write_parquet(tmp_path / "b.parquet", row_group_size=77)
    assert_right(run_kernel(KERNEL, tmp_path), survey())
    assert_right(run_kernel(KERNEL, pl.scan_parquet(tmp_path)), survey())
    whole = run_kernel(MomentsKernel(items=ITEMS), tmp_path / "a.parquet")
    assert whole.groups == ((),)


def test_means_and_covariances_are_those_of_numpy() -> None:
    found = run_kernel(MomentsKernel(items=ITEMS), survey())
    values = survey().drop_nulls(ITEMS).select(ITEMS).to_numpy().astype(float)
    assert found.means[0] == pytest.approx(values.mean(axis=0))
    assert found.covariances[0] == pytest.approx(np.cov(values.T, ddof=0))
    assert found.n_effective[0] == len(values)
    assert found.keep(["c", "a"]).covariances[0, 0, 1] == pytest.approx(found.covariances[0, 2, 0])


def test_whole_answers_without_weights_are_exact() -> None:
    found = run_kernel(MomentsKernel(items=ITEMS), survey(5000))
    values = survey(5000).drop_nulls(ITEMS).select(ITEMS).to_numpy().astype(np.int64)
    assert found.products[0, 1:, 1:].tolist() == (values.T @ values).tolist()


def test_groups_add_up_to_the_whole() -> None:
    grouped = run_kernel(KERNEL, survey()).total()
    whole = run_kernel(MomentsKernel(items=ITEMS, weight="w"), survey())
    assert grouped.products == pytest.approx(whole.products)
    assert grouped.squared_weights == pytest.approx(whole.squared_weights)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 40), st.integers(0, 60), st.integers(0, 5))
def test_slices_of_a_batch_are_read_where_they_begin(start: int, size: int, seed: int) -> None:
    # a slice keeps the buffers of the whole batch: bits of validity begin in the middle of a byte
    table = survey(100, seed)
    (batch,) = table.to_arrow().combine_chunks().to_batches()
    part = KERNEL.finish(KERNEL.merge([KERNEL.partial(batch.slice(start, size))]))
    expected = run_kernel(KERNEL, table.slice(start, size))
    assert part.groups == expected.groups
    assert part.products == pytest.approx(expected.products)


def test_floats_decimals_and_flags_are_numbers_and_nan_is_none() -> None:
    table = pl.DataFrame(
        {"a": [1.5, float("nan"), 2.0, None], "b": [1, 2, 3, 4], "c": [True, False, True, True]}
    )
    found = run_kernel(MomentsKernel(items=ITEMS), table.with_columns(pl.col("b").cast(pl.Decimal(5, 1))))
    assert (found.n.tolist(), found.incomplete.tolist()) == ([2], [2])
    assert found.means[0].tolist() == [1.75, 2, 1]


def test_two_grouping_columns_and_keys_of_any_kind() -> None:
    table = survey().with_columns(
        h=pl.Series([1, 2, 3, None, 5] * 100), k=pl.Series(["u", "v"] * 250).cast(pl.Categorical)
    )
    found = run_kernel(MomentsKernel(items=("a",), by=("h", "k")), table)
    counts = table.drop_nulls("a").group_by("h", "k").len()
    assert dict(zip(found.groups, found.n.tolist(), strict=True)) == {
        (h, k): n for h, k, n in counts.iter_rows()
    }


def test_no_rows_have_no_moments() -> None:
    empty = run_kernel(MomentsKernel(items=ITEMS), survey().head(0))
    assert empty.n.tolist() == [0]
    assert np.isnan(empty.means).all()
    assert run_kernel(KERNEL, survey().head(0)).groups == ()


def test_a_bad_weight_and_an_absent_column_are_said() -> None:
    with pytest.raises(BadValue):
        run_kernel(KERNEL, survey().with_columns(w=-1.0))
    with pytest.raises(BadValue):
        run_kernel(KERNEL, survey().with_columns(w=pl.lit(None, dtype=pl.Float64)))
    with pytest.raises(MissingColumn):
        run_kernel(KERNEL, survey().drop("b"))


def test_a_state_travels_as_an_arrow_table() -> None:
    state = KERNEL.partial(survey().to_arrow().combine_chunks().to_batches()[0])
    back = unpack(pack(state))
    assert list(back) == list(state)
    assert all(back[name] == pytest.approx(state[name].ravel()) for name in state)
    assert isinstance(pack(state), pa.Table)
    assert list(add_states([state, back])) == list(state)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=8), st.randoms())
def test_merging_is_free_of_order_and_of_grouping(sizes: list[int], random: Any) -> None:
    table = survey(sum(sizes))
    starts = np.cumsum([0, *sizes])
    parts = [
        KERNEL.partial(table.slice(int(start), size).to_arrow().combine_chunks().to_batches()[0])
        for start, size in zip(starts, sizes, strict=False)
    ]
    random.shuffle(parts)
    one = KERNEL.finish(KERNEL.merge(parts))
    nested = KERNEL.finish(KERNEL.merge([KERNEL.merge(parts[:2]), KERNEL.merge(parts[2:])]))
    assert one.products == pytest.approx(run_kernel(KERNEL, table).products)
    assert nested.products == pytest.approx(one.products)


@dataclass(frozen=True)
class RowCount:
    """The smallest kernel."""

    columns: tuple[str, ...] = ("a",)

    def partial(self, batch: Any) -> State:
        assert batch.schema.names == ["a"]
        return {"rows": np.array([batch.num_rows], dtype=float)}

    def merge(self, states: Iterable[State]) -> State:
        return add_states(states)

    def finish(self, state: State) -> int:
        return int(state["rows"][0])


@pytest.mark.parametrize("engine", LOCAL)
def test_batches_are_small_and_hold_only_what_is_asked(
    engine: str, give: Callable[[pl.DataFrame, str], Any]
) -> None:
    table = give(survey(70_000), engine)
    assert max(batch.num_rows for batch in batches(table, ["a"])) <= 65_536
    assert run_kernel(RowCount(), give(survey(70_000), engine)) == 70_000
