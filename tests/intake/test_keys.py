"""E-mails, telephones and identifiers in one normal form."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leal.intake.keys import clean_email, clean_identifier, clean_key, clean_phone, key_kind, loose_key


def apply(clean: Callable[[pl.Expr], pl.Expr], *cells: str | None) -> list[str | None]:
    return (
        pl.DataFrame({"x": pl.Series(cells, dtype=pl.String)})
        .select(clean(pl.col("x")))
        .to_series()
        .to_list()
    )


def test_writings_of_an_address_are_one_address() -> None:
    cells = (
        " Ann@Example.COM ",
        "mailto:ann@example.com",
        "Ann <ANN@example.com>",
        "ann@example.com; b@c.de",
    )
    assert set(apply(clean_email, *cells)) == {"ann@example.com"}
    assert apply(clean_email, "no address", "a@b", "", None) == [None] * 4


def test_writings_of_a_russian_telephone_are_one_number() -> None:
    cells = (
        *("+7 (916) 123-45-67", "8 916 123 45 67", "89161234567", "9161234567", "7 916 1234567"),
        *("79161234567.0", "79161234567,0", "7.9161234567E+10", "7,9161234567E+10", "007 916 123-45-67"),
        *("тел. 8(916)1234567", "+7 916 123 45 67, +7 916 000 00 00", "\u00a08916\u2011123\u201145\u201167"),
    )
    assert set(apply(clean_phone, *cells)) == {"+79161234567"}


def test_telephones_of_other_countries_keep_their_code() -> None:
    assert apply(
        clean_phone, "+44 20 7946 0958", "0044 20 7946 0958", "+1 (212) 555-0100", "+49 170 1234567"
    ) == [
        *("+442079460958", "+442079460958", "+12125550100", "+491701234567"),
    ]


def test_a_number_that_lost_its_digits_is_no_telephone() -> None:
    assert apply(clean_phone, "7.9E+10", "7.91612E+10", "123", "call me", None) == [None] * 5


def test_identifiers_lose_what_a_spreadsheet_added() -> None:
    assert apply(clean_identifier, " 123.0", "1.23E+5", "'00123", "A  1", "ann@B.ru", "н/д", "") == [
        *("123", "123000", "00123", "A 1", "ann@b.ru", None, None),
    ]


def test_loose_forms_join_what_differs_in_writing_only() -> None:
    assert apply(loose_key, "00123", "123") == ["123", "123"]
    assert len(set(apply(loose_key, "ООО «Ромашка»", 'ооо  "Ромашка"'))) == 1
    assert apply(loose_key, "0", "000") == ["0", "0"]


def test_the_look_of_a_column_tells_what_its_keys_are() -> None:
    assert key_kind(pl.Series(["a@b.ru", "c@d.ru", None])) == "email"
    assert key_kind(pl.Series(["8 (916) 123-45-67", "+79161234567"])) == "phone"
    assert key_kind(pl.Series(["79161234567", "80000000001"])) == "identifier"
    assert key_kind(pl.Series([], dtype=pl.String)) == "identifier"


def test_a_column_of_numbers_gives_whole_identifiers() -> None:
    assert clean_key(pl.Series([17850.0, None, 3.0]), "identifier").to_list() == ["17850", None, "3"]


CELLS = st.one_of(
    st.text(max_size=20),
    st.from_regex(r"\A[+(]?[0-9 ()\-.]{5,18}\Z"),
    st.from_regex(r"\A[A-Za-z.<> ]{0,6}@[a-z]{1,5}\.[a-z.,;> ]{1,6}\Z"),
    st.from_regex(r"\A0{0,3}[0-9]{1,12}([.,]0+|E\+[0-9]{1,2})?\Z"),
)


def test_what_is_no_address_in_brackets_is_none() -> None:
    assert apply(clean_email, "<0@;.0>", "Ann <ann@shop.com>") == [None, "ann@shop.com"]


@pytest.mark.parametrize("clean", [clean_email, clean_phone, clean_identifier, loose_key])
@settings(deadline=None)
@given(cells=st.lists(CELLS, max_size=8))
def test_a_normal_form_stays_as_it_is(clean: Callable[[pl.Expr], pl.Expr], cells: list[str]) -> None:
    once = apply(clean, *cells)
    assert apply(clean, *once) == once
