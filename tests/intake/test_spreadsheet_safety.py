"""No exported cell is run as a formula; what is kept inside stays as it was written."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leal.intake.spreadsheet_safety import safe_cell, safe_for_spreadsheet, unescaped


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "|cmd", "+7 (916) 1"]
)
def test_formulas_are_escaped(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "fine", "-5", "+3,5", "-1 234.5", "5-6", "a=b", "-12 %"])
def test_words_and_numbers_are_left_alone(text: str) -> None:
    assert safe_cell(text) == text


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text())))
def test_a_frame_is_escaped_cell_by_cell(cells: list[str | None]) -> None:
    frame = pl.DataFrame(
        {"comment": pl.Series(cells, dtype=pl.String), "t": "-", "n": range(len(cells)), "=x": 1}
    )
    safe = safe_for_spreadsheet(frame)
    assert safe["comment"].to_list() == [None if cell is None else safe_cell(cell) for cell in cells]
    assert safe.columns == ["comment", "t", "n", "'=x"]
    assert safe["n"].equals(frame["n"])


@settings(deadline=None)
@given(st.lists(st.text(alphabet="=+-@a1 ")))
def test_what_was_exported_comes_back_as_it_was(cells: list[str]) -> None:
    frame = pl.DataFrame({"comment": pl.Series(cells, dtype=pl.String)})
    assert unescaped(safe_for_spreadsheet(frame)).equals(frame)
