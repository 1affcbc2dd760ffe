"""Your own curve of later behaviour by score, on the reviews of Olist."""

from __future__ import annotations

import lzma
from pathlib import Path

import polars as pl
import pytest

from leal.predict import score_curve
from leal.statistics import two_proportions


def test_each_score_has_its_figures_and_few_customers_have_none() -> None:
    rows = pl.DataFrame(
        {
            "recommend": [9.0] * 20 + [3.0] * 5,
            "repeat": [2, 0] * 10 + [1] * 5,
            "spend": [20.0, 0.0] * 10 + [5.0] * 5,
            "gone": [False, True] * 10 + [False] * 5,
        }
    )
    curve = score_curve(rows)
    assert curve["n"].to_list() == [5, 20]
    assert curve["retention"].to_list() == [None, 0.5]
    assert curve["spend_low"][1] < curve["spend"][1] == 10.0 < curve["spend_high"][1]


@pytest.mark.reference
def test_olist_score_and_repeat_purchase_as_measured(golden: Path) -> None:
    """customer-value.md, section 5: repeat in percent by score; 5 against 1 to 4: +2.5 points, z 3.2."""
    folder = golden.parent / "data" / "real"
    if not (folder / "olist_customer_rfm.parquet").is_file():
        pytest.skip("the Olist tables are not beside this checkout")
    curve, rows = olist_curve(folder)
    assert curve["n"].to_list() == [526, 162, 431, 1016, 3037]
    assert [round(100 * value, 1) for value in curve["retention"]] == [7.8, 6.2, 7.2, 6.7, 9.5]
    top = rows["score"] == 5
    kept = ~rows["gone"]
    gap = two_proportions(
        int((kept & top).sum()), int(top.sum()), int((kept & ~top).sum()), int((~top).sum()), method="wald"
    )
    assert 100 * gap.estimate == pytest.approx(2.5, abs=0.06)
    assert gap.estimate / gap.standard_error == pytest.approx(3.2, abs=0.15)


def olist_curve(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the curve and the rows: delivered orders with the first review of the file, and all orders."""

    def table(name: str) -> pl.DataFrame:
        return pl.read_csv(lzma.decompress((folder / f"olist_sample_{name}_dataset.csv.xz").read_bytes()))

    reviews = table("order_reviews").unique("order_id", keep="first", maintain_order=True)
    orders = table("orders").filter(pl.col("order_status") == "delivered")
    people = table("customers").select("customer_id", "customer_unique_id")
    bought = pl.read_parquet(folder / "olist_customer_rfm.parquet")
    rows = (
        orders.join(reviews.select("order_id", "review_score"), on="order_id")
        .join(people, on="customer_id")
        .join(bought, on="customer_unique_id")
        .select(
            score=pl.col("review_score").cast(pl.Float64),
            repeat=pl.col("frequency") - 1,
            spend="monetary",
            gone=pl.col("frequency") < 2,
        )
    )
    return score_curve(rows, score="score"), rows
