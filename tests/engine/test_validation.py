from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from tests.engines import LOCAL

from leal.engine import problems, validate
from leal.errors import BadOption, BadValue, MissingColumn

GOOD = pl.DataFrame(
    {
        "answer": ["1", "2", "3"],
        "answered_at": [dt.date(2026, 1, 1)] * 3,
        "recommend": [0, 10, None],
        "satisfaction": [1.5, 10.0, float("nan")],
        "weight": [1.0, 0.0, 2.0],
        "noticed": [True, None, False],
        "region": [None, None, "north"],
    }
)


@pytest.mark.parametrize("engine", LOCAL)
def test_a_good_table_is_left_alone(engine: str, give: Callable[[pl.DataFrame, str], Any]) -> None:
    validate(give(GOOD, engine), "answers")


@pytest.mark.parametrize("engine", LOCAL)
@pytest.mark.parametrize(
    ("column", "values", "value", "row"),
    [
        ("recommend", [1, 11, 12], "11", 2),
        ("recommend", [1.0, 2.0, 2.5], "2.5", 3),
        ("satisfaction", [1.0, -0.5, 2.0], "-0.5", 2),
        ("weight", [-1.0, 1.0, 1.0], "-1.0", 1),
        ("answer", ["a", None, "c"], "null", 2),
        ("noticed", [0, 1, 2], "2", 3),
    ],
)
def test_a_bad_value_is_named(
    column: str,
    values: list[Any],
    value: str,
    row: int,
    engine: str,
    give: Callable[[pl.DataFrame, str], Any],
) -> None:
    table = GOOD.with_columns(pl.Series(column, values))
    with pytest.raises(BadValue) as error:
        validate(give(table, engine), "answers")
    assert error.value.where.column == column
    assert error.value.where.row == (None if engine == "duckdb" else row)
    assert error.value.message.values["value"] == value


def test_all_problems_are_told_in_the_order_of_the_vocabulary() -> None:
    table = GOOD.with_columns(weight=pl.lit("heavy"), recommend=pl.lit(99), answered_at=pl.lit(1.5))
    told = problems(table, "answers")
    assert [one.where.column for one in told] == ["answered_at", "recommend", "weight"]
    assert "numbers" in str(told[2])
    assert told[1].hint == "likelihood to recommend, 0 to 10, whole: whole numbers from 0 to 10."
    assert "целые числа" in told[1].into("ru")


def test_choices_are_held() -> None:
    actions = pl.DataFrame({"action": ["a", "b"], "path": ["economic", "magic"]})
    with pytest.raises(BadValue, match="magic") as error:
        validate(actions, "actions")
    assert "emotional" in error.value.hint
    validate(actions.head(1), "actions")


def test_required_columns_and_known_tables_are_asked_for() -> None:
    with pytest.raises(MissingColumn):
        validate(pl.DataFrame({"amount": [1]}), "purchases")
    with pytest.raises(BadOption):
        validate(GOOD, "cats")


def test_a_table_without_rows_or_types_is_good() -> None:
    validate(GOOD.head(0), "answers")
    validate(pl.DataFrame({"answer": ["a"], "recommend": [None]}), "answers")
