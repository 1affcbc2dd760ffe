"""Who stopped buying after an answer."""

from __future__ import annotations

import polars as pl
from tests.checks.companies import answers

from leal.measure import scored_answers, silent_after


def days(rows: list[tuple[str, int]]) -> pl.DataFrame:
    zero = scored_answers(answers([("z", 0, 9)]))["day"][0]
    return pl.DataFrame({"customer": [c for c, _ in rows], "day": [zero + at for _, at in rows]})


def test_a_customer_is_silent_who_bought_before_an_answer_and_not_in_as_long_after() -> None:
    said = scored_answers(answers([("stays", 200, 9), ("goes", 200, 8), ("late", 200, 8), ("never", 200, 8)]))
    bought = days(
        [("stays", 150), ("stays", 230), ("goes", 199), ("late", 190), ("late", 260), ("stays", 600)]
    )
    found, window = silent_after(said, bought, int(bought["day"].max()))  # type: ignore[call-overload]
    assert window == 30
    assert found.select("customer", "silent").sort("customer").rows() == [("goes", True), ("late", True)]


def test_enough_answers_take_the_long_window_and_the_latest_answer_that_has_it_behind() -> None:
    people = [f"c{place}" for place in range(120)]
    said = scored_answers(answers([(who, at, 9) for who in people for at in (200, 900)]))
    bought = days([(who, at) for who in people for at in (150, 300, 1000)])
    found, window = silent_after(said, bought, int(bought["day"].max()))  # type: ignore[call-overload]
    assert (window, found.height) == (182, 120)
    assert not found["silent"].any()
    assert found["day"].n_unique() == 1
