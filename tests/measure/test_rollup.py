from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure.hidden_oracle import lowest_and_highest

from leal.errors import BadValue, MissingColumn
from leal.measure import hierarchy, nps

UNITS = pl.DataFrame(
    {
        "unit": ["b1", "north", "company", "south", "b2", "b3", "b4"],
        "parent": ["north", "company", None, "company", "north", "south", ""],
        "name": ["Oak street", "North", "Company", "South", None, "Elm street", "Shop"],
        "kind": ["branch", "region", "brand", "region", "branch", "branch", "brand"],
    }
)


def answers(sizes: dict[str, int], seed: int = 0) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    rows = [(unit, int(score)) for unit, n in sizes.items() for score in rng.choice([3, 8, 9], n)]
    return pl.DataFrame(rows, schema={"unit": pl.String, "recommend": pl.Int64}, orient="row")


def test_branches_roll_up_to_regions_and_brands() -> None:
    table = answers({"b1": 40, "b2": 60, "b3": 80, "north": 10, "b4": 30})
    found = hierarchy(table, UNITS)
    assert [one.unit for one in found] == ["company", "north", "b1", "b2", "south", "b3", "b4"]
    assert [one.depth for one in found] == [0, 1, 2, 2, 1, 2, 0]
    assert found["north"].result.n == 110
    assert found["company"].result.n == 190
    north = table.filter(pl.col("unit").is_in(["north", "b1", "b2"]))
    assert found["north"].result.estimate == pytest.approx(nps(north).estimate)
    assert found["b2"].name == "b2"
    assert str(found).splitlines()[2].startswith("    Oak street: NPS ")


def test_small_units_are_drawn_to_the_others() -> None:
    sizes = {"b1": 400, "b2": 400, "b3": 12}
    table = pl.concat(
        [answers({"b1": 400, "b2": 400}), pl.DataFrame({"unit": ["b3"] * 12, "recommend": [10] * 12})]
    )
    found = hierarchy(table, UNITS)
    small, big = found["b3"], found["b1"]
    assert small.result.estimate == 100
    assert abs(small.shrunk - small.result.estimate) > abs(big.shrunk - big.result.estimate)
    assert small.shrunk_low < small.shrunk < small.shrunk_high <= 100
    assert sum(sizes.values()) == found.total.n


def test_a_small_unit_is_hidden_and_cannot_be_found() -> None:
    found = hierarchy(answers({"b1": 3, "b2": 60, "b3": 80}), UNITS)
    # north = b1 + b2, so b2 would betray b1
    assert {one.unit for one in found if one.hidden} == {"b1", "b2"}
    frame = found.to_frame().filter("hidden")
    assert frame["n"].null_count() == frame["estimate"].null_count() == frame["shrunk"].null_count() == 2
    assert str(found["b1"]) == "Oak street: not shown, too few people"
    assert found.notes[0].code == "small_cells_hidden"
    assert (
        found["b1"].to_dict()
        if hasattr(found["b1"], "to_dict")
        else found.to_dict()["units"][2]["result"]["n"] == 0
    )


def test_few_answers_of_a_unit_itself_are_not_left_over() -> None:
    # north has 2 answers of its own: its total less both branches would show them
    found = hierarchy(answers({"b1": 30, "b2": 60, "b3": 80, "north": 2}), UNITS)
    assert any(found[unit].hidden for unit in ("b1", "b2", "north"))


def test_the_only_child_is_as_visible_as_its_parent() -> None:
    found = hierarchy(answers({"b3": 3, "b1": 50, "b2": 50}), UNITS)
    assert found["b3"].hidden
    assert found["south"].hidden
    assert found["north"].hidden or found["company"].hidden


def test_strange_units_count_in_the_total_only() -> None:
    found = hierarchy(answers({"b1": 40, "moon": 7}), UNITS)
    assert found.total.n == 47
    assert found["company"].result.n == 40
    assert found.notes[0].code == "unknown_units"
    assert "7 answers have" in found.notes[0].text


def test_a_unit_without_answers_is_unknown() -> None:
    found = hierarchy(answers({"b1": 40}), UNITS)
    assert not found["b3"].result.known
    assert found["b3"].sentence() == "Elm street: NPS unknown: there is no answer with a score"
    assert len(found) == 7
    assert not hierarchy(answers({}), UNITS).total.known


def test_the_units_that_are_shown_are_drawn() -> None:
    from leal.charts import to_svg

    assert "<svg" in to_svg(hierarchy(answers({"b1": 40, "b2": 60}), UNITS).chart())


@pytest.mark.parametrize(
    ("units", "parents", "words"),
    [
        (["a", "b", "c"], ["c", "a", "b"], "circle"),
        (["a", "b"], [None, "z"], "z"),
        (["a", "a"], [None, None], "twice"),
        ([None, "a"], [None, None], "identifier"),
        (["a"], ["a"], "circle"),
    ],
)
def test_what_is_no_tree_is_said(units: list[Any], parents: list[Any], words: str) -> None:
    with pytest.raises(BadValue, match=words):
        hierarchy(
            answers({"a": 9}),
            pl.DataFrame(
                {"unit": units, "parent": parents}, schema=dict.fromkeys(("unit", "parent"), pl.String)
            ),
        )


def test_a_table_of_units_needs_its_column() -> None:
    with pytest.raises(MissingColumn):
        hierarchy(answers({"a": 9}), pl.DataFrame({"name": ["a"]}))
    flat = hierarchy(answers({"a": 9, "b": 9}), pl.DataFrame({"unit": ["a", "b"]}))
    assert [one.depth for one in flat] == [0, 0]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(-1, 6)), min_size=1, max_size=8))
def test_no_hidden_unit_can_be_found_by_whoever_knows_the_rest(drawn: list[tuple[int, int]]) -> None:
    names = [f"u{place}" for place in range(len(drawn))]
    parents = [
        None if above < 0 or above >= place else names[above] for place, (_, above) in enumerate(drawn)
    ]
    units = pl.DataFrame(
        {"unit": names, "parent": parents}, schema=dict.fromkeys(("unit", "parent"), pl.String)
    )
    sizes = {name: n for name, (n, _) in zip(names, drawn, strict=True)}
    found = hierarchy(answers(sizes), units)
    above = dict(zip(names, parents, strict=True))

    def within(unit: str | None, top: str) -> bool:
        return unit is not None and (unit == top or within(above[unit], top))

    # nobody answered for some units themselves, and everybody may know it
    atoms = [name for name in names if sizes[name]]
    matrix = np.array([[within(atom, name) for atom in atoms] for name in names]).reshape(
        len(names), len(atoms)
    )
    n = matrix @ np.array([sizes[atom] for atom in atoms]) if atoms else np.zeros(len(names))
    hidden = np.array([found[name].hidden for name in names])
    assert not ((n > 0) & (n < 5) & ~hidden).any()
    for aim in np.flatnonzero(hidden):
        low, high = lowest_and_highest(n, matrix, ~hidden, int(aim))
        assert high - low > 0.5
