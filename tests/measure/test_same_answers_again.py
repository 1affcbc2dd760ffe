"""The same rows in another order give the same figures, limits included."""

from __future__ import annotations

import numpy as np
import polars as pl
from tests.measure.test_switching_and_wallet import brands

from leal.measure import earned_growth, money_by_group, wallet_validity
from leal.simulate import company
from leal.statistics import fixed_order

FIRM = company(600, seed=4)


def turned(frame: pl.DataFrame, seed: int = 1) -> pl.DataFrame:
    return frame.sample(fraction=1.0, shuffle=True, seed=seed)


def test_money_by_group_hangs_on_no_order() -> None:
    answers, bought = FIRM.tables["answers"], FIRM.tables["purchases"]
    first = money_by_group(answers, bought)["passive"].share_of_repeat
    again = money_by_group(answers, bought)["passive"].share_of_repeat
    other = money_by_group(turned(answers), turned(bought).to_pandas())["passive"].share_of_repeat
    assert first.method == "bootstrap"
    for one in (again, other):
        assert abs(one.ci_low - first.ci_low) < 1e-9
        assert abs(one.ci_high - first.ci_high) < 1e-9


def test_earned_growth_hangs_on_no_order() -> None:
    bought, customers = FIRM.tables["purchases"], FIRM.tables["customers"]
    first, other = earned_growth(bought, customers), earned_growth(turned(bought), turned(customers))
    assert first is not None
    assert other is not None
    assert abs(other.growth.ci_low - first.growth.ci_low) < 1e-9
    assert abs(other.growth.ci_high - first.growth.ci_high) < 1e-9


def test_wallets_hang_on_no_order() -> None:
    random = np.random.default_rng(3)
    asked = brands().with_columns(brand_spend=pl.Series(random.gamma(2.0, 20.0, 900)))
    first, other = wallet_validity(asked), wallet_validity(turned(asked))
    assert abs(other.ci_low - first.ci_low) < 1e-9
    assert abs(other.ci_high - first.ci_high) < 1e-9


def test_strata_come_first_and_the_last_digits_do_not_count() -> None:
    rows = np.array([[1.0 + 1e-12, 5.0], [1.0, 4.0], [0.5, 9.0]])
    assert fixed_order(rows).tolist() == [2, 1, 0]
    assert fixed_order(rows, np.array([0, 0, 1])).tolist() == [1, 0, 2]
