from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines import LOCAL

from leal.engine import score_counts
from leal.errors import BadFile, BadValue, MissingColumn

ANSWERS = pl.DataFrame(
    {
        "region": ["N", "S", "N", None, "S", "N", None],
        "recommend": [10, 9, 0, 7, None, 10, 8],
        "weight": [1.0, 2.0, 3.0, 4.0, None, 0.5, 1.5],
    }
)


def test_counts_scores_of_each_group() -> None:
    counts = score_counts(ANSWERS, "recommend", by=["region"])
    assert counts.groups == (("N",), ("S",), (None,))
    assert counts.n[0].tolist() == [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]
    assert counts.unanswered.tolist() == [0, 1, 0]
    assert [int(n.sum()) for n in counts.within(9, 10)] == [3, 3, 3]


@pytest.mark.parametrize("engine", LOCAL)
def test_every_engine_counts_alike(engine: str, give: Callable[[pl.DataFrame, str], Any]) -> None:
    expected = score_counts(ANSWERS, "recommend", by=["region"], weight="weight")
    found = score_counts(give(ANSWERS, engine), "recommend", by=["region"], weight="weight")
    assert found.groups == expected.groups
    assert found.n.tolist() == expected.n.tolist()
    assert found.weights == pytest.approx(expected.weights)
    assert found.squares == pytest.approx(expected.squares)
    assert found.unanswered.tolist() == expected.unanswered.tolist()


def test_groups_add_up_to_the_whole() -> None:
    whole = score_counts(ANSWERS, "recommend", weight="weight")
    added = score_counts(ANSWERS, "recommend", by=["region"], weight="weight").total()
    assert added.n.tolist() == whole.n.tolist()
    assert added.weights == pytest.approx(whole.weights)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 10) | st.none()), max_size=30), st.randoms())
def test_the_order_of_rows_never_matters(rows: list[tuple[str, int | None]], random: Any) -> None:
    schema = {"group": pl.String, "recommend": pl.Int64}
    shuffled = list(rows)
    random.shuffle(shuffled)
    counts = [
        score_counts(pl.DataFrame(order, schema=schema, orient="row"), "recommend", by=["group"])
        for order in (rows, shuffled)
    ]
    assert counts[0].groups == counts[1].groups
    assert counts[0].n.tolist() == counts[1].n.tolist()


@pytest.mark.parametrize("engine", LOCAL)
@pytest.mark.parametrize(
    ("scores", "value", "row"),
    [
        ([9, 11, 12], "11", 2),
        ([9.0, 8.0, 7.5], "7.5", 3),
        ([9.0, -1.0, float("nan")], "-1.0", 2),
        ([9.0, float("inf"), 1.0], "inf", 2),
        (["9", "ten", None], "'9'", 1),
    ],
)
def test_a_score_off_the_scale_is_named(
    scores: list[Any], value: str, row: int, engine: str, give: Callable[[pl.DataFrame, str], Any]
) -> None:
    with pytest.raises(BadValue) as error:
        score_counts(give(pl.DataFrame({"recommend": scores}), engine), "recommend")
    assert error.value.message.values["value"] == value
    assert error.value.where.column == "recommend"
    assert error.value.where.row == (None if engine == "duckdb" else row)


@pytest.mark.parametrize(
    "weight", [[1.0, None], [1.0, -2.0], [1.0, float("nan")], [1.0, float("inf")], ["a", "b"]]
)
@pytest.mark.parametrize("engine", LOCAL)
def test_a_weight_that_is_none_is_named(
    weight: list[Any], engine: str, give: Callable[[pl.DataFrame, str], Any]
) -> None:
    table = pl.DataFrame({"recommend": [9, 3], "weight": weight})
    with pytest.raises(BadValue, match="weight"):
        score_counts(give(table, engine), "recommend", weight="weight")


def test_a_weight_may_be_absent_where_the_score_is() -> None:
    assert score_counts(ANSWERS, "recommend", weight="weight").unanswered.tolist() == [1]


def test_nan_is_no_answer_and_counted() -> None:
    counts = score_counts(pl.DataFrame({"recommend": [9.0, float("nan"), None]}), "recommend")
    assert (int(counts.n.sum()), counts.unanswered.tolist()) == (1, [2])


@pytest.mark.parametrize("engine", LOCAL)
def test_a_column_without_any_value_has_no_answers(
    engine: str, give: Callable[[pl.DataFrame, str], Any]
) -> None:
    counts = score_counts(give(pl.DataFrame({"recommend": [None, None]}), engine), "recommend")
    assert (int(counts.n.sum()), counts.unanswered.tolist()) == (0, [2])


def test_pandas_objects_are_numbers_where_they_are() -> None:
    mixed = pd.DataFrame({"recommend": pd.Series([9, None, 3], dtype=object)})
    assert int(score_counts(mixed, "recommend").n.sum()) == 2
    mixed.loc[3] = ["many"]
    with pytest.raises(BadValue, match="many") as error:
        score_counts(mixed, "recommend")
    assert error.value.where.row == 4


def test_flags_and_days_are_no_scores() -> None:
    with pytest.raises(BadValue, match="Boolean"):
        score_counts(pl.DataFrame({"recommend": [True, False]}), "recommend")


def test_an_absent_column_and_an_absent_file_are_said() -> None:
    with pytest.raises(MissingColumn):
        score_counts(ANSWERS, "score")
    with pytest.raises(BadFile):
        score_counts("no/such/file.parquet", "recommend")


def test_an_empty_table_has_no_groups() -> None:
    assert score_counts(ANSWERS.head(0), "recommend", by=["region"]).groups == ()
    assert score_counts(ANSWERS.head(0), "recommend").n.sum() == 0
