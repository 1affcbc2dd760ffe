"""What every result shares: figures as other kinds, as columns of a row, and the unknown ones."""

from __future__ import annotations

import doctest
import math

import pytest

from leal import results
from leal.errors import BadOption
from leal.results import (
    Estimate,
    Money,
    Note,
    Proportion,
    estimate_of,
    known_or_none,
    one_called,
    recast,
    with_limits,
)
from leal.statistics import Comparison
from leal.wording import Text

SHARE = Proportion(estimate=0.2, ci_low=0.1, ci_high=0.3, n=100, level=0.9, method="wilson")


def test_an_unknown_figure_has_all_fields_of_its_kind() -> None:
    nothing = Money.unknown(3, 0.9, currency="EUR")
    assert not nothing.known
    assert (nothing.n, nothing.level, nothing.method, nothing.currency) == (3, 0.9, "unknown", "EUR")
    assert math.isnan(nothing.ci_low)
    assert math.isnan(nothing.ci_high)


def test_a_figure_of_another_kind_takes_only_what_every_estimate_has() -> None:
    gap = Comparison(estimate=2, ci_low=1, ci_high=3, n=10, method="welch", standard_error=0.5, p_value=0.01)
    money = recast(Money, gap, 100, period="once")
    assert (money.estimate, money.ci_low, money.ci_high, money.n, money.method) == (
        200,
        100,
        300,
        10,
        "welch",
    )
    assert recast(Estimate, SHARE, method="given").method == "given"


def test_the_money_of_many_keeps_currency_and_grade() -> None:
    one = Money(
        estimate=2, ci_low=1, ci_high=3, n=10, method="welch", currency="EUR", period="once", grade="A"
    )
    many = one.times(50)
    assert (many.estimate, many.ci_high, many.currency, many.period, many.grade) == (
        100,
        150,
        "EUR",
        "once",
        "A",
    )


def test_figures_as_columns_of_a_row() -> None:
    assert with_limits("share", SHARE) == {"share": 0.2, "share_low": 0.1, "share_high": 0.3}
    nothing = {"share": None, "share_low": None, "share_high": None}
    assert with_limits("share", None) == with_limits("share", Proportion.unknown(0, 0.95)) == nothing
    endless = Estimate(estimate=2, ci_low=1, ci_high=math.inf, n=5, method="profile_likelihood")
    assert with_limits("months", endless)["months_high"] is None
    assert estimate_of(SHARE) == 0.2
    assert estimate_of(None) is None
    assert known_or_none(math.nan) is None


def test_an_item_is_found_by_its_name_or_the_names_are_told() -> None:
    notes = (Note(code="few", text=Text("few")), Note(code="many", text=Text("many")))
    assert one_called(notes, "code", "many") is notes[1]
    with pytest.raises(BadOption, match="'none'") as caught:
        one_called(notes, "code", "none")
    assert "few" in str(caught.value.hint)


def test_examples_of_the_docstrings() -> None:
    assert doctest.testmod(results).failed == 0
