from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

import leal
from leal.errors import BadValue

DAY = dt.datetime(2026, 1, 1)  # noqa: DTZ001

ANSWERS = pl.DataFrame(
    {
        "answer": [str(i) for i in range(60)],
        "customer": [f"c{i}" for i in range(60)],
        "answered_at": [DAY + dt.timedelta(days=i) for i in range(60)],
        "recommend": [i % 11 for i in range(60)],
    }
)
PURCHASES = pl.DataFrame(
    {
        "customer": [f"c{i % 70}" for i in range(300)],
        "bought_at": [DAY - dt.timedelta(days=i) for i in range(300)],
        "amount": [10.0 + i % 7 for i in range(300)],
    }
)


def audit(answers: pl.DataFrame = ANSWERS, purchases: pl.DataFrame = PURCHASES) -> leal.Audit:
    return leal.audit(leal.Evidence(answers=answers, purchases=purchases))


@pytest.mark.parametrize(
    ("answers", "purchases", "told"),
    [
        (
            ANSWERS.with_columns(recommend=pl.lit(11)),
            PURCHASES,
            "Table answers: The column 'recommend' holds 11",
        ),
        (ANSWERS.with_columns(recommend=pl.lit("nine")), PURCHASES, "'recommend' holds String"),
        (ANSWERS, PURCHASES.with_columns(amount=pl.lit("12,5")), "Table purchases: The column 'amount'"),
        (ANSWERS, PURCHASES.with_columns(amount=pl.lit(float("inf"))), "'amount' holds inf"),
        (ANSWERS, PURCHASES.with_columns(bought_at=pl.lit("soon")), "'bought_at' holds 'soon'"),
    ],
)
def test_what_no_check_could_use_is_told(answers: pl.DataFrame, purchases: pl.DataFrame, told: str) -> None:
    with pytest.raises(BadValue) as caught:
        audit(answers, purchases)
    assert told in str(caught.value)
    assert caught.value.where.column


def test_dates_in_words_are_dates() -> None:
    written = PURCHASES.with_columns(pl.col("bought_at").dt.strftime("%Y-%m-%d"))
    assert str(audit(purchases=written)[7].finding) == str(audit()[7].finding)


def test_gaps_and_repeats_are_counted() -> None:
    some = pl.when(pl.int_range(300) >= 10).then("customer")
    notes = {note.code: str(note) for note in audit(purchases=PURCHASES.with_columns(customer=some)).notes}
    assert "10 rows have no customer" in notes["rows_with_gaps"]
    notes = {note.code: str(note) for note in audit(answers=pl.concat([ANSWERS, ANSWERS])).notes}
    assert "60 rows repeat the answer" in notes["repeated_identifiers"]
    assert not {"rows_with_gaps", "repeated_identifiers"} & {note.code for note in audit().notes}
