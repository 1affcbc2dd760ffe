"""Tables of any size: exact counts, one seed one file, the same first rows whatever the size."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from leal.errors import BadOption
from leal.simulate import large_answers, large_purchases, volume


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volume, "BLOCK", 5_000)
    monkeypatch.setattr(volume, "CUSTOMERS_OF_BLOCK", 300)


@pytest.mark.parametrize("write", [large_answers, large_purchases])
@pytest.mark.parametrize("rows", [1, 4_999, 12_345])
def test_as_many_rows_as_asked_for(write: object, rows: int, tmp_path: Path) -> None:
    path = write(rows, tmp_path / "large.parquet")  # type: ignore[operator]
    assert pl.scan_parquet(path).select(pl.len()).collect().item() == rows


def test_the_first_rows_do_not_depend_on_how_many_are_asked_for(tmp_path: Path) -> None:
    few = pl.read_parquet(large_answers(3_000, tmp_path / "few.parquet", customers=500))
    many = pl.read_parquet(large_answers(11_000, tmp_path / "many.parquet", customers=500))
    assert few.equals(many.head(3_000))
    few = pl.read_parquet(large_purchases(3_000, tmp_path / "few.parquet"))
    many = pl.read_parquet(large_purchases(11_000, tmp_path / "many.parquet"))
    assert few.equals(many.head(3_000))


def test_purchases_are_in_order_and_leave_as_a_beta_geometric_process_does(tmp_path: Path) -> None:
    frame = pl.read_parquet(large_purchases(40_000, tmp_path / "p.parquet"))
    assert frame["customer"].is_sorted()
    gaps = frame.select(pl.col("bought_at").diff().over("customer")).drop_nulls()
    assert (gaps["bought_at"].dt.total_seconds() >= 0).all()
    assert 5 < frame.height / frame["customer"].n_unique() < 15
    assert (frame["amount"] > frame["margin"]).all()


def test_answers_hold_scores_of_the_scale_and_twenty_branches(tmp_path: Path) -> None:
    frame = pl.read_parquet(large_answers(20_000, tmp_path / "a.parquet"))
    assert frame["recommend"].is_between(0, 10).all()
    assert frame["unit"].n_unique() == 20
    assert frame["segment"].n_unique() == 3


@pytest.mark.parametrize("write", [large_answers, large_purchases])
def test_no_rows_are_refused(write: object, tmp_path: Path) -> None:
    with pytest.raises(BadOption):
        write(0, tmp_path / "none.parquet")  # type: ignore[operator]
