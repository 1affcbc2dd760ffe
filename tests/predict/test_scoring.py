"""Scores of customers batch by batch: the same as of all at once, on any source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.predict.cdnow import simulated, simulated_spend

import leal
from leal.errors import BadValue, MissingColumn
from leal.predict import CustomerScoring, score_customers, write_scores


def customers(n: int, seed: int = 1) -> pl.DataFrame:
    rhythm = simulated(n, seed)
    frame = pl.DataFrame({name: rhythm[name] for name in ("frequency", "recency", "age")})
    days = frame.with_columns((pl.col("recency", "age") * 7).floor() / 7)
    spend = np.where(rhythm["frequency"] > 0, np.random.default_rng(seed).gamma(4, 9, n), 0.0)
    return days.with_columns(customer=pl.int_range(pl.len()).cast(pl.String), spend=pl.Series(spend))


FRAME = customers(3000)
BG = leal.BgNbd().fit(FRAME)
SPEND = leal.GammaGamma().fit(FRAME)


def test_the_plain_use(tmp_path: Path) -> None:
    rows = write_scores(
        FRAME, tmp_path / "scores.parquet", BG, weeks=52, spend=SPEND, discount=0.1, margin=0.3
    )
    assert rows == 3000
    found = pl.read_parquet(tmp_path / "scores.parquet")
    assert found.columns == ["customer", "expected_purchases", "p_alive", "expected_spend", "value"]
    ahead = BG.discounted_expected_purchases(FRAME, weeks=52, discount=0.1)
    assert found["value"].to_numpy() == pytest.approx(ahead * SPEND.expected_spend(FRAME) * 0.3, rel=1e-12)


@pytest.mark.parametrize("engine", ["polars", "polars lazy", "duckdb", "pandas", "pyarrow", "parquet"])
def test_batches_of_any_source_give_what_all_at_once_gives(give: Any, engine: str, tmp_path: Path) -> None:
    many = pl.concat([FRAME, customers(150_000, 2)])
    path = tmp_path / "customers.parquet"
    if engine == "parquet":
        many.write_parquet(path)
    source = path if engine == "parquet" else give(many, engine)
    batches = list(score_customers(source, BG, weeks=39))
    assert len(batches) > 1
    found = pl.concat([pl.DataFrame(pl.from_arrow(batch)) for batch in batches])
    assert found["customer"].to_list() == many["customer"].to_list()
    expected = BG.expected_purchases(many, weeks=39)
    assert found["expected_purchases"].to_numpy() == pytest.approx(expected, rel=1e-13)
    assert found["p_alive"].to_numpy() == pytest.approx(BG.p_alive(many), rel=1e-13)


@pytest.mark.parametrize("spec", [leal.MbgNbd(), leal.ParetoNbd(), leal.predict.Nbd()])
def test_any_purchase_model_can_be_asked(spec: Any) -> None:
    fit = spec.fit(FRAME)
    (batch,) = score_customers(FRAME[:100], fit, weeks=10, spend=SPEND, discount=0.2)
    found = pl.DataFrame(pl.from_arrow(batch))
    assert found["expected_purchases"].to_numpy() == pytest.approx(
        fit.expected_purchases(FRAME[:100], weeks=10)
    )
    assert found["p_alive"].to_numpy() == pytest.approx(fit.p_alive(FRAME[:100]))
    ahead = fit.discounted_expected_purchases(FRAME[:100], weeks=10, discount=0.2)
    assert found["value"].to_numpy() == pytest.approx(ahead * SPEND.expected_spend(FRAME[:100]))


def test_discounting_week_by_week_in_the_kernel_is_the_sum_it_says() -> None:
    factor = 1.15 ** (-1 / 52)
    ahead = [BG.expected_purchases(FRAME, weeks=week) for week in (*range(11), 10.5)]
    wanted = sum((ahead[week] - ahead[week - 1]) * factor**week for week in range(1, 12))
    found = BG.discounted_expected_purchases(FRAME, weeks=10.5, discount=0.15)
    assert found == pytest.approx(wanted, rel=1e-12)
    assert BG.discounted_expected_purchases(FRAME, weeks=10.5, discount=0.0) == pytest.approx(ahead[11])


def test_the_table_of_a_scorer_grows_and_changes_nothing() -> None:
    scorer = BG.scorer(weeks=26)
    scoring = CustomerScoring(fit=BG, weeks=26)
    for part in (FRAME[:5], FRAME.filter(pl.col("age") < 20), FRAME):
        rhythm = leal.predict.read_rhythm(part)
        assert scorer(rhythm)[0] == pytest.approx(BG.expected_purchases(part, weeks=26), rel=1e-14)
    far = {"frequency": [5000.0, 3.0], "recency": [300.0, 3e4], "age": [400.0, 1e5]}
    alone = [
        BG.expected_purchases({name: values[i] for name, values in far.items()}, weeks=26)[0] for i in (0, 1)
    ]
    assert scorer(leal.predict.read_rhythm(far))[0] == pytest.approx(alone, rel=1e-14)
    assert scoring.columns == ("customer", "frequency", "recency", "age")


def test_what_cannot_be_scored_is_one_clear_error() -> None:
    with pytest.raises(MissingColumn, match="spend"):
        score_customers(FRAME.drop("spend"), BG, weeks=10, spend=SPEND)
    gap = FRAME[:10].with_columns(age=pl.lit(None, pl.Float64))
    with pytest.raises(BadValue, match="missing"):
        list(score_customers(gap, BG, weeks=10))


def test_spend_alone_comes_from_its_own_model() -> None:
    drawn = simulated_spend(500, 3)
    fit = leal.GammaGamma().fit(drawn)
    assert fit.expected_spend(drawn).mean() == pytest.approx(fit.population_mean, rel=0.1)


@pytest.mark.spark
def test_spark_scores_in_its_workers(give: Any) -> None:
    scoring = CustomerScoring(fit=BG, weeks=39, spend=SPEND)
    source = give(FRAME[:500], "spark").select(*scoring.columns)
    found = pl.DataFrame(pl.from_arrow(source.mapInArrow(scoring.scored, scoring.spark_schema()).toArrow()))
    wanted = pl.Series(BG.expected_purchases(FRAME[:500], weeks=39))
    ordered = found.sort(pl.col("customer").cast(pl.Int64))
    assert ordered["expected_purchases"].to_numpy() == pytest.approx(wanted.to_numpy())
