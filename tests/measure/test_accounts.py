from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from leal.errors import BadOption
from leal.measure import nps


def companies(accounts: int, people: int, seed: int = 0) -> pl.DataFrame:
    """Answers whose people of one account agree."""
    own = np.random.default_rng(seed).choice([3, 8, 10], size=accounts)
    rows = [(f"a{account}", int(own[account])) for account in range(accounts) for _ in range(people)]
    return pl.DataFrame(rows, schema=["account", "recommend"], orient="row")


def test_people_of_one_account_who_agree_count_once() -> None:
    table = companies(60, 5)
    clustered, naive = nps(table, account="account"), nps(table)
    once = nps(table.unique("account"))
    assert clustered.estimate == pytest.approx(naive.estimate)
    assert clustered.n_effective == pytest.approx(60, rel=0.03)
    width = clustered.ci_high - clustered.ci_low
    assert width == pytest.approx(once.ci_high - once.ci_low, rel=0.05)
    assert (clustered.accounts, clustered.n, clustered.method) == (60, 300, "clustered_score")


def test_linearised_variance_of_three_accounts_by_hand() -> None:
    # accounts (n, sum): (2, 2), (3, 0), (1, -1); s = 1/6; residual sums 5/3, -1/2, -7/6
    scores = {"a": [9, 10], "b": [10, 8, 2], "c": [0]}
    rows = [(name, score) for name, own in scores.items() for score in own]
    table = pl.DataFrame(rows, schema=["account", "recommend"], orient="row")
    variance = 3 / 2 * ((5 / 3) ** 2 + 0.5**2 + (7 / 6) ** 2) / 36
    assert nps(table, account="account").standard_error == pytest.approx(100 * variance**0.5)


def test_the_average_of_accounts_gives_each_one_voice() -> None:
    rows = [("big", 9)] * 50 + [("small", 2)] * 2 + [("other", 8)]
    table = pl.DataFrame(rows, schema=["account", "recommend"], orient="row")
    average = nps(table, account="account", average="accounts")
    assert average.estimate == pytest.approx(0)
    assert average.promoter_share == pytest.approx(1 / 3)
    assert (average.n_effective, average.method) == (3, "account_average")
    assert {note.code for note in average.notes} >= {"few_accounts"}


def test_answers_without_an_account_stand_for_themselves() -> None:
    table = companies(40, 1).with_columns(account=pl.lit(None, dtype=pl.String))
    assert nps(table, account="account").accounts == 40
    assert nps(table, account="account").standard_error == pytest.approx(nps(table).standard_error, rel=0.02)


def test_accounts_go_with_groups_and_weights() -> None:
    table = companies(60, 3).with_columns(kind=pl.Series(["x", "y", "z"] * 60), w=pl.lit(2.0))
    groups = nps(table, by="kind", account="account", weight="w")
    assert {result.accounts for result in groups.values()} == {60}
    assert groups.total.standard_error == pytest.approx(nps(table, account="account").standard_error)
    assert all(difference.known for difference in groups.differences())


def test_one_account_says_nothing_of_others() -> None:
    lonely = nps(pl.DataFrame({"account": ["a"] * 9, "recommend": [1, 8, 9] * 3}), account="account")
    assert (lonely.ci_low, lonely.ci_high) == (-100, 100)
    assert "one_account" in {note.code for note in lonely.notes}


def test_no_answers_are_unknown() -> None:
    empty = pl.DataFrame(
        {"account": ["a"], "recommend": [None]}, schema={"account": pl.String, "recommend": pl.Int8}
    )
    assert not nps(empty, account="account").known


def test_a_repeated_customer_is_a_cluster_too() -> None:
    table = companies(40, 3).rename({"account": "customer"})
    assert nps(table, customer="customer").accounts == 40


def test_options_that_do_not_go_together_are_said() -> None:
    table = companies(3, 2)
    with pytest.raises(BadOption):
        nps(table, average="accounts")
    with pytest.raises(BadOption):
        nps(table, account="account", method="wald")
    with pytest.raises(BadOption):
        nps(table, account="account", average="people")  # type: ignore[call-overload]
