"""The register of actions: its gates, what it refuses, and reading it from a table."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

import leal
from leal.act import Uncertain
from leal.errors import BadOption, BadValue, LealError, MissingColumn
from leal.results import Money

READY = leal.Action(
    name="Faster answers",
    owner="Support",
    customers=4_000,
    noticed=0.3,
    cost=12_000,
    path="emotional",
    started_at=dt.date(2026, 3, 1),
    kill_date=dt.date(2026, 9, 1),
    noticing_question="Have you noticed that we answer faster?",
    holdout=0.2,
)


def test_an_action_with_cost_owner_question_and_holdout_may_be_approved() -> None:
    assert READY.status == "approved"
    assert READY.reasons == ()


@pytest.mark.parametrize(
    ("missing", "word"),
    [
        ("owner", "owner"),
        ("cost", "cost"),
        ("noticing_question", "noticing question"),
        ("holdout", "holdout"),
    ],
)
def test_without_one_of_them_it_is_a_pilot_and_says_why(missing: str, word: str) -> None:
    action = replace(READY, **{missing: None})  # type: ignore[arg-type]
    assert action.status == "pilot"
    assert len(action.reasons) == 1
    assert word in action.reasons[0]
    assert action.reasons[0].into("ru") != str(action.reasons[0])


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"noticed": 40},
        {"exposed": -0.1},
        {"customers": -1},
        {"cost": -1},
        {"later_costs": (5, -1)},
        {"holdout": 0},
        {"holdout": 1},
        {"discount": 0},
        {"path": "loud"},
        {"kill_date": dt.date(2026, 1, 1)},
        {"retention": 1.2},
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(wrong: dict[str, object]) -> None:
    with pytest.raises(LealError) as caught:
        replace(READY, **wrong)  # type: ignore[arg-type]
    assert caught.value.where.column in wrong
    assert caught.value.hint


def test_money_of_another_currency_is_not_added() -> None:
    dollars = Money(estimate=100, ci_low=90, ci_high=110, n=50, method="mean", currency="USD")
    euros = replace(dollars, currency="EUR")
    assert replace(READY, margin=euros, currency="EUR").margin == euros
    assert replace(READY, margin=euros).margin == euros
    for wrong in ({"margin": dollars, "currency": "EUR"}, {"margin": dollars, "measured": euros}):
        with pytest.raises(BadValue, match="USD"):
            replace(READY, **wrong)  # type: ignore[arg-type]
    with pytest.raises(BadValue, match="later_costs"):
        replace(READY, later_costs=(5, dollars), currency="EUR")


def test_years_in_words_are_refused() -> None:
    with pytest.raises(BadValue, match="years"):
        leal.action_value(READY, years="two")  # type: ignore[arg-type]


def test_one_end_of_a_range_alone_is_not_lost() -> None:
    for column in ("noticed_low", "noticed_high"):
        with pytest.raises(BadValue, match="stands alone") as caught:
            leal.read_actions(pl.DataFrame({"name": ["a"], "noticed": [0.3], column: [0.2]}))
        assert caught.value.where.column == column


def test_grades_are_those_of_the_factors() -> None:
    action = replace(READY, noticed=Uncertain.share(30, 100, grade="A"), satisfaction=2.0)
    assert action.grades == {"customers": "D", "noticed": "A", "satisfaction": "D"}


def test_a_register_is_read_from_a_table() -> None:
    table = pl.DataFrame(
        {
            "action": ["Lobby", "App", None],
            "owner": ["Ann", "", None],
            "segment": ["all", None, None],
            "customers": [10_000, 500, None],
            "noticed": [0.4, 0.2, None],
            "noticed_n": [100, None, None],
            "noticed_grade": ["A", None, None],
            "satisfaction": [4.0, None, None],
            "satisfaction_low": [2.0, 1.0, None],
            "satisfaction_high": [5.0, 3.0, None],
            "cost": [60_000, None, None],
            "cost_1": [20_000, None, None],
            "cost_2": [None, None, None],
            "started_at": ["2026-02-01", None, None],
            "path": ["economic", None, None],
            "holdout": [0.1, None, None],
            "colour": ["red", None, None],
        }
    )
    lobby, app = leal.read_actions(table, currency="EUR")
    assert (lobby.name, lobby.owner, lobby.segment, lobby.path) == ("Lobby", "Ann", "all", "economic")
    kinds = {name: lobby.factor(name).kind for name in ("customers", "noticed", "satisfaction")}  # type: ignore[union-attr]
    assert kinds == {"customers": "fixed", "noticed": "share", "satisfaction": "normal"}
    assert lobby.grades["noticed"] == "A"
    assert [cost.central for cost in lobby.costs] == [60_000, 20_000]
    assert lobby.started_at == dt.date(2026, 2, 1)
    assert lobby.currency == "EUR"
    assert app.owner is None
    assert app.factor("satisfaction").kind == "between"  # type: ignore[union-attr]
    assert app.status == "pilot"


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("noticed", [0.4, 40.0]),
        ("cost", ["9", "much"]),
        ("path", ["economic", "loud"]),
        ("noticed_grade", ["A", "E"]),
        ("name", ["Lobby", ""]),
    ],
)
def test_a_wrong_cell_is_named_with_its_row_and_column(column: str, values: list[object]) -> None:
    columns = {"name": ["a", "b"], "noticed": [0.1, 0.2], "owner": ["x", "y"]} | {column: values}
    with pytest.raises((BadValue, BadOption)) as caught:
        leal.read_actions(pl.DataFrame(columns))
    assert caught.value.where.row == 2
    assert caught.value.where.column == column


def test_a_table_without_names_is_refused() -> None:
    with pytest.raises(MissingColumn):
        leal.read_actions(pl.DataFrame({"cost": [1]}))


def test_an_empty_register_is_empty() -> None:
    assert leal.read_actions(pl.DataFrame({"name": [], "cost": []})) == ()


def test_any_dataframe_will_do() -> None:
    table = pl.DataFrame({"name": ["Lobby"], "cost": [5.0], "started_at": [dt.date(2026, 1, 5)]})
    assert leal.read_actions(table.to_pandas()) == leal.read_actions(table)


def test_an_action_may_be_called_by_its_name_first() -> None:
    assert leal.Action("Lobby", cost=5.0) == leal.Action(name="Lobby", cost=5.0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_a_register_is_read_as_a_spreadsheet_of_any_country_wrote_it(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "actions.csv"
    path.write_text(
        "name;owner;noticed;cost;cost_1;started_at\nЗал;Анна;0,4;60 000;1 500,5;2026-01-05\n",
        encoding=encoding,
    )
    (hall,) = leal.read_actions(path)
    assert (hall.name, hall.owner, hall.started_at) == ("Зал", "Анна", dt.date(2026, 1, 5))
    assert hall.factor("noticed").central == pytest.approx(0.4)
    assert hall.factor("cost").central == 60_000
    assert hall.later_costs == (1500.5,)
    table = pl.DataFrame({"name": ["Hall"], "noticed": [0.4]})
    table.write_excel(tmp_path / "actions.xlsx")
    table.write_parquet(tmp_path / "actions.parquet")
    assert leal.read_actions(tmp_path / "actions.xlsx") == leal.read_actions(table)
    assert leal.read_actions(str(tmp_path / "actions.parquet")) == leal.read_actions(table)


def test_words_where_a_spreadsheet_should_have_a_number_are_named(tmp_path: Path) -> None:
    path = tmp_path / "actions.csv"
    path.write_text("name,cost\nLobby,5\nGifts,much\n", encoding="utf-8")
    with pytest.raises(BadValue, match="'much'") as caught:
        leal.read_actions(path)
    assert (caught.value.where.row, caught.value.where.column) == (2, "cost")
