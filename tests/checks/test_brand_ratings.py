"""Ratings of brands that a file holds as words, and what drivers are called."""

from __future__ import annotations

import polars as pl
import pytest

from leal.checks import Book
from leal.checks.brand_ratings import brand_ratings, driver_name
from leal.checks.rivals_section import openings_of_rivals
from leal.documents.cells import cell
from leal.engine import collect, lazy
from leal.evidence import Evidence
from leal.simulate import company


def test_words_that_are_numbers_become_numbers_and_others_stay() -> None:
    table = pl.DataFrame(
        {
            "brand": ["Us", "Compass", "Amber"],
            "score": [70.0, 60.0, 50.0],
            "service": ["7", " 6,5 ", None],
            "region": ["10", "North", "12"],
            "empty": ["", None, ""],
        }
    )
    found = brand_ratings(Book(evidence=Evidence(brands=table)))
    assert found is not None
    assert found["service"].to_list() == [7.0, 6.5, None]
    assert found["region"].to_list() == ["10", "North", "12"]
    assert found["empty"].to_list() == ["", None, ""]
    assert brand_ratings(Book(evidence=Evidence())) is None


def test_a_study_read_from_a_file_tells_where_rivals_are_weaker() -> None:
    study = pl.from_dataframe(collect(lazy(company(900, seed=28, language="en").evidence.table("brands"))))
    as_file = study.with_columns(pl.col("quality", "service", "value_for_money").cast(pl.String))
    found = openings_of_rivals(Book(evidence=Evidence(brands=as_file)))
    assert found is not None
    drivers = next(one for one in found.exhibits if str(one.title).startswith("Drivers"))
    assert set(drivers.frame["item"]) == {"Quality", "Service", "Value for money"}
    assert "no_items_by_brand" not in {note.code for note in found.notes}


@pytest.mark.parametrize(
    ("column", "english", "russian"),
    [
        ("value_for_money", "Value for money", "Соотношение цены и качества"),
        ("Service", "Service", "Обслуживание"),
        ("ease_of_parking", "ease of parking", "ease of parking"),
        ("чистота", "чистота", "чистота"),
    ],
)
def test_usual_drivers_speak_russian_and_others_keep_their_names(
    column: str, english: str, russian: str
) -> None:
    assert driver_name(column) == english
    assert cell(driver_name(column), "text", "ru") == russian


def test_several_drivers_in_one_cell_speak_russian() -> None:
    assert cell("Service, Quality", "text", "ru") == "Обслуживание, Качество"
    assert cell("Moscow, Arbat", "text", "ru") == "Moscow, Arbat"
