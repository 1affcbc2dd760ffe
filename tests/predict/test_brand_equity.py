"""Value under switching. Golden: golden/methods keys switching and customer_equity_roi."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leal.errors import BadValue
from leal.predict import equity_return, switching_value


def test_golden_value_of_a_buyer_who_may_come_back_rust_lemon_zeithaml_2004(golden: Path) -> None:
    known = json.loads((golden / "methods" / "expected.json").read_text())["switching"]
    value = switching_value([1, 0, 0], known["matrix"], 0, periods=5, spend=100, margin=0.3, discount=0.1)
    assert value == pytest.approx(known["clv_A_buyer_5_periods_v100_m.3_d.1_first_choice_after_one_switch"])


def test_golden_return_on_customer_equity_airline_case(golden: Path) -> None:
    known = json.loads((golden / "methods" / "expected.json").read_text())["customer_equity_roi"]
    assert equity_return(known["delta_ce_musd"], known["cost_musd"]) == pytest.approx(known["roi"])


def test_brands_share_the_whole_wallet() -> None:
    moves = [[0.8, 0.2], [0.3, 0.7]]
    whole = sum(
        switching_value([0.5, 0.5], moves, brand, periods=4, spend=10, discount=0) for brand in (0, 1)
    )
    assert whole == pytest.approx(40)


def test_rows_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(BadValue, match="add up"):
        switching_value([1, 0], [[0.5, 0.2], [0.5, 0.5]], 0, periods=2, spend=1)
