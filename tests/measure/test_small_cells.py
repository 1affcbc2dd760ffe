from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure.hidden_oracle import lowest_and_highest

from leal.errors import BadOption, BadValue, MissingColumn
from leal.measure import protect_small_cells


def hidden_names(table: pl.DataFrame, by: str = "g") -> list[Any]:
    return protect_small_cells(table, by).frame.filter("hidden")[by].to_list()


def test_a_small_group_hides_the_next_smallest_with_it() -> None:
    table = pl.DataFrame({"g": ["a", "b", "c"], "n": [3, 9, 40], "estimate": [0.0, 30.0, 20.0]})
    found = protect_small_cells(table, "g")
    assert found.frame["estimate"].to_list() == [None, None, 20.0]
    assert found.frame["n"].to_list() == [None, None, 40]
    assert (found.small, found.secondary) == (1, 1)
    assert found.totals.rows() == [(None, 52, False)]
    assert "1 groups of fewer than 5 people" in found.notes[0].text


def test_nothing_small_nothing_hidden() -> None:
    found = protect_small_cells(pl.DataFrame({"g": ["a", "b"], "n": [5, 9]}), "g")
    assert not found.frame["hidden"].any()
    assert found.notes == ()
    assert (
        protect_small_cells(
            pl.DataFrame({"g": [], "n": []}, schema={"g": pl.String, "n": pl.Int64}), "g"
        ).small
        == 0
    )


def test_two_small_groups_of_fewer_than_k_together_hide_a_third() -> None:
    assert hidden_names(pl.DataFrame({"g": ["a", "b", "c", "d"], "n": [1, 2, 50, 60]})) == ["a", "b", "c"]
    assert hidden_names(pl.DataFrame({"g": ["a", "b", "c"], "n": [2, 4, 50]})) == ["a", "b"]


def test_a_group_of_nobody_protects_nobody() -> None:
    assert hidden_names(pl.DataFrame({"g": ["a", "b", "c"], "n": [0, 3, 50]})) == ["b", "c"]


def test_the_total_goes_where_all_are_too_few() -> None:
    found = protect_small_cells(pl.DataFrame({"g": ["a", "b"], "n": [1, 2]}), "g")
    assert found.totals["hidden"].to_list() == [True]


def test_a_two_way_table_hides_a_rectangle_at_least() -> None:
    rows = [
        (r, c, n)
        for (r, c), n in zip(itertools.product("xyz", "abc"), [2, 20, 30, 9, 40, 8, 30, 50, 70], strict=True)
    ]
    found = protect_small_cells(pl.DataFrame(rows, schema=["r", "c", "n"], orient="row"), ["r", "c"])
    hidden = found.frame.filter("hidden").select("r", "c").rows()
    assert ("x", "a") in hidden
    for axis in (0, 1):
        counts = [sum(cell[axis] == value for cell in hidden) for value in {cell[axis] for cell in hidden}]
        assert min(counts) >= 2
    assert not found.totals["hidden"].any()


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_no_hidden_figure_can_be_found_by_whoever_knows_the_rest(rows: int, columns: int, data: Any) -> None:
    sizes = data.draw(st.lists(st.integers(0, 25), min_size=rows * columns, max_size=rows * columns))
    keys = list(itertools.product(range(rows), range(columns)))
    table = pl.DataFrame(
        [(r, c, n) for (r, c), n in zip(keys, sizes, strict=True)], schema=["r", "c", "n"], orient="row"
    )
    found = protect_small_cells(table, ["r", "c"])
    atoms = np.array(keys)
    made_of = [atoms[:, 0] * columns + atoms[:, 1] == place for place in range(len(keys))]
    for r, c, _, _ in found.totals.rows():
        made_of.append(((atoms[:, 0] == r) | (r is None)) & ((atoms[:, 1] == c) | (c is None)))
    matrix = np.array(made_of)
    n = matrix @ np.array(sizes)
    hidden = np.concatenate([found.frame["hidden"].to_numpy(), found.totals["hidden"].to_numpy()])
    assert not ((n > 0) & (n < 5) & ~hidden).any()
    for aim in np.flatnonzero(hidden):
        low, high = lowest_and_highest(n, matrix, ~hidden, int(aim))
        assert high - low > 0.5


def test_bad_tables_are_said() -> None:
    with pytest.raises(BadValue, match="same cell"):
        protect_small_cells(pl.DataFrame({"g": ["a", "a"], "n": [1, 2]}), "g")
    with pytest.raises(BadValue):
        protect_small_cells(pl.DataFrame({"g": ["a", "b"], "n": [1, None]}), "g")
    with pytest.raises(BadOption):
        protect_small_cells(pl.DataFrame({"g": ["a"], "n": [1]}), "g", k=0)
    with pytest.raises(MissingColumn):
        protect_small_cells(pl.DataFrame({"g": ["a"]}), "g")
