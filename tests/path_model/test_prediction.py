"""PLSpredict is that of seminr and cSEM, leave-one-out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from leal.path_model import PathFit, PathModel


@pytest.fixture(scope="module")
def fit(mobi: pl.DataFrame, ecsi: PathModel) -> PathFit:
    return ecsi.fit(mobi, tolerance=1e-12)


@pytest.fixture(scope="module")
def truth(golden: Path) -> dict[str, Any]:
    return dict(json.loads((golden / "path_model" / "mobi_plspredict.json").read_text()))


def by_item(frame: pl.DataFrame, column: str) -> dict[str, float]:
    return dict(zip(frame["item"], frame[column], strict=True))


@pytest.mark.parametrize(("antecedents", "key"), [("earliest", "EA"), ("direct", "DA")])
def test_leave_one_out_is_that_of_seminr(
    fit: PathFit, truth: dict[str, Any], antecedents: Any, key: str
) -> None:
    found = fit.predict_out_of_sample(None, antecedents=antecedents, benchmark="other_blocks")
    expected = truth[f"seminr_LOO_{key}"]
    assert by_item(found.items, "rmse") == pytest.approx(expected["PLS_out"]["RMSE"], abs=1e-7)
    assert by_item(found.items, "benchmark_rmse") == pytest.approx(expected["LM_out"]["RMSE"], abs=1e-9)


@pytest.mark.parametrize("antecedents", ["earliest", "direct"])
def test_leave_one_out_is_that_of_csem(fit: PathFit, truth: dict[str, Any], antecedents: Any) -> None:
    found = fit.predict_out_of_sample(None, antecedents=antecedents, benchmark="exogenous_no_constant")
    for row in truth[f"cSEM_LOO_{antecedents}"]:
        mine = found.items.filter(pl.col("item") == row["Name"]).row(0, named=True)
        assert mine["rmse"] == pytest.approx(row["RMSE_target"], abs=1e-9)
        assert mine["mae"] == pytest.approx(row["MAE_target"], abs=1e-9)
        # cSEM takes the mean error out of SSE first.
        assert mine["q2"] == pytest.approx(row["Q2_predict"], abs=2e-5)
        assert mine["benchmark_rmse"] == pytest.approx(row["RMSE_benchmark"], abs=1e-9)


def test_ten_folds_are_near_those_of_seminr(fit: PathFit, truth: dict[str, Any]) -> None:
    """Other folds, so Monte Carlo error."""
    found = fit.predict_out_of_sample(10, repeats=10, seed=1)
    expected = truth["seminr_10fold_10rep_seed123_EA"]["PLS_out"]["RMSE"]
    assert by_item(found.items, "rmse") == pytest.approx(expected, rel=0.01)
    assert {note.code for note in found.notes} <= {"some_prediction", "strong_prediction"}


def test_the_same_seed_gives_the_same_folds(fit: PathFit) -> None:
    one = fit.predict_out_of_sample(5, repeats=2, seed=3)
    assert one.items.equals(fit.predict_out_of_sample(5, repeats=2, seed=3).items)
