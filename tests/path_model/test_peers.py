"""More figures of other programs: plspm for R, cSEM, seminr, ADANCO, semPLS, each in its own convention."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.path_model.test_criteria import SPAIN, correlations_of, sheet
from tests.path_model.test_estimation import by_arrow, column, read, same

from leal.path_model import PathFit, PathModel
from leal.path_model import criteria as c

SCHEMES = ("centroid", "factorial", "path")


@pytest.fixture(scope="module")
def spain(golden: Path) -> pl.DataFrame:
    return pl.read_csv(golden / "path_model" / "satisfaction_spain.csv")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("scaled", [True, False])
def test_bank_satisfaction_is_that_of_plspm(
    spain: pl.DataFrame, golden: Path, scheme: Any, scaled: bool
) -> None:
    """plspm for R 0.4.9 (Sanchez 2013): its stop rule, a sum of squares, leaves the seventh digit open."""
    truth = read(golden, "satisfaction_spain_plspmR.json")[f"{scheme}_{'scaled' if scaled else 'unscaled'}"]
    fit = PathModel(SPAIN).fit(
        spain, scheme=scheme, metric="standardised" if scaled else "raw", tolerance=1e-12
    )
    assert by_arrow(fit.paths) == pytest.approx(truth["paths"], abs=2e-5)
    summary = {row["_row"]: row for row in truth["inner_summary"]}
    for name, value in column(fit.r_squared, "construct").items():
        assert value == pytest.approx(summary[name]["R2"], abs=2e-5)
    deviations = np.ones(len(fit.model.items)) if scaled else np.sqrt(np.diag(fit.covariance.matrix))
    loadings = fit.solution.loadings(fit.structure)[:, 0] / deviations
    assert loadings == pytest.approx([truth["loadings"][item] for item in fit.model.items], abs=2e-5)
    gof = c.goodness_of_fit(loadings[:, None], fit.solution.r_squared, fit.structure)
    assert gof[0] == pytest.approx(truth["GoF"], abs=1e-5)
    effects = {row["relationships"].replace(" -> ", "->"): row["total"] for row in truth["effects"]}
    found = {
        f"{row['source']}->{row['target']}": row["estimate"]
        for row in fit.total_effects.iter_rows(named=True)
    }
    assert found == pytest.approx({name: effects[name] for name in found}, abs=2e-5)
    alpha = c.cronbach_alpha(correlations_of(fit), fit.structure)[:, 0]
    told = {row["_row"]: row["C.alpha"] for row in truth["unidim"]}
    assert alpha == pytest.approx([told[name] for name in fit.model.names], abs=1e-9)


@pytest.mark.parametrize("scaled", [True, False])
def test_rescaled_scores_are_those_of_plspm(spain: pl.DataFrame, golden: Path, scaled: bool) -> None:
    """Definition A is plspm's `rescale` of raw-metric PLS, C of standardised PLS (1 to 10)."""
    truth = read(golden, "satisfaction_spain_plspmR.json")[f"path_{'scaled' if scaled else 'unscaled'}"]
    fit = PathModel(SPAIN).fit(spain, tolerance=1e-12)
    found = fit.index_values("C" if scaled else "A") / 100 * 9 + 1
    expected = [truth["rescaled_means"][name] for name in fit.model.names]
    assert found == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_all_of_csem_in_mode_a(mobi: pl.DataFrame, ecsi: PathModel, golden: Path, scheme: Any) -> None:
    """cSEM 0.6.1, tolerance 1e-10: estimates, VIF, f2, Fornell-Larcker, AVE, SRMR of the estimated model."""
    truth = read(golden, "mobi_ecsi_cSEM_full.json")[f"cSEM_modeA_{scheme}"]
    fit = ecsi.fit(mobi, scheme=scheme, tolerance=1e-13)
    same(fit, truth, 1e-9)
    _inner(fit, truth, 1e-8)
    assess = truth["assess"]
    correlations = fit.solution.correlations[:, :, 0]
    loadings = fit.solution.loadings(fit.structure)
    average = c.average_variance_extracted(loadings, fit.structure)[:, 0]
    for i, one in enumerate(fit.model.names):
        assert average[i] == pytest.approx(assess["AVE"].get(one, 1.0), abs=1e-9)
        for k, other in enumerate(fit.model.names):
            if i != k and assess["FL"].get(one, {}).get(other):
                assert correlations[i, k] ** 2 == pytest.approx(assess["FL"][one][other], abs=1e-9)
    residual = c.root_mean_square_residual(
        correlations_of(fit),
        fit.solution,
        fit.structure,
        common_factors=True,
        estimated=True,
        unit_variance=True,
    )
    assert residual[0] == pytest.approx(assess["SRMR"], abs=1e-7)
    assert c.goodness_of_fit(loadings, fit.solution.r_squared, fit.structure)[0] == pytest.approx(
        assess["GoF"], abs=1e-7
    )


@pytest.mark.parametrize("scheme", SCHEMES)
def test_consistent_pls_is_that_of_csem(
    mobi: pl.DataFrame, ecsi: PathModel, golden: Path, scheme: Any
) -> None:
    truth = read(golden, "mobi_ecsi_cSEM_full.json")[f"cSEM_PLSc_{scheme}"]
    fit = ecsi.fit(mobi, scheme=scheme, consistent=True, tolerance=1e-13)
    assert by_arrow(fit.paths) == pytest.approx(truth["paths"], abs=1e-8)
    assert column(fit.loadings) == pytest.approx(truth["loadings"], abs=1e-8)
    assert fit.reliability is not None
    expected = [truth["construct_reliabilities"][name] for name in fit.model.names]
    assert fit.reliability[:, 0] == pytest.approx(expected, abs=1e-9)
    _inner(fit, truth, 1e-6)


def test_mode_b_everywhere_is_that_of_csem(mobi: pl.DataFrame, ecsi: PathModel, golden: Path) -> None:
    truth = read(golden, "mobi_ecsi_cSEM_full.json")["cSEM_modeB_all_path"]
    from leal.path_model import Construct

    model = PathModel(
        constructs=[Construct(one.name, one.items, "B") for one in ecsi.constructs], paths=ecsi.paths
    )
    fit = model.fit(mobi, tolerance=1e-13)
    same(fit, truth, 1e-7)
    _inner(fit, truth, 1e-6)


def _inner(fit: PathFit, truth: dict[str, Any], tolerance: float) -> None:
    names = list(fit.model.names)
    inflation = c.variance_inflation(fit.solution, fit.structure)
    effects = c.effect_sizes(fit.solution, inflation)
    checked = 0
    for target, row in truth["VIF"].items():
        for source, value in (row or {}).items():
            if value:
                found = inflation[names.index(source), names.index(target), 0]
                assert found == pytest.approx(value, rel=tolerance)
                checked += 1
    for target, row in truth["assess"]["F2"].items():
        for source, value in row.items():
            if value:
                found = effects[names.index(source), names.index(target), 0]
                assert found == pytest.approx(value, abs=10 * tolerance)
                checked += 1
    assert checked >= 12


def test_fornell_larcker_is_that_of_seminr(mobi: pl.DataFrame, ecsi: PathModel, golden: Path) -> None:
    truth = read(golden, "mobi_ecsi_seminr_full.json")["seminr_modeA_path_tol1e-14"]["fl_criteria"]
    table = ecsi.fit(mobi, tolerance=1e-14).assess(0).fornell_larcker
    for row in table.iter_rows(named=True):
        for other, value in truth[row["construct"]].items():
            if value is not None:
                assert row[other] == pytest.approx(value, abs=1e-10)


def test_the_estimated_residual_is_that_of_adanco(spain: pl.DataFrame, golden: Path) -> None:
    """ADANCO 2.1.1, consistent PLS: SRMR .0585 saturated, .0869 estimated."""
    truth = json.loads((golden / "path_model" / "satisfaction_spain_ADANCO211.json").read_text())
    told = truth["common_factor_PLSc"]
    name = next(key for key in told if "estimat" in key.lower() and "fit" in key.lower())
    fit = PathModel(SPAIN).fit(spain, scheme="factorial", consistent=True, tolerance=1e-12)
    found = c.root_mean_square_residual(
        correlations_of(fit), fit.solution, fit.structure, common_factors=True, estimated=True
    )
    assert found[0] == pytest.approx(sheet(told[name])["SRMR"][0], abs=1e-6)


def test_bootstrapped_htmt_is_that_of_seminr(mobi: pl.DataFrame, ecsi: PathModel, golden: Path) -> None:
    """seminr, 5,000 resamples, seed 123: standard errors and percentile limits, Monte Carlo error apart."""
    truth = read(golden, "mobi_bootstrap.json")["seminr_5000_seed123_path"]["htmt"]
    found = ecsi.fit(mobi).assess(5000, seed=3, method="percentile")
    table = found.heterotrait_monotrait
    checked = 0
    for row in table.iter_rows(named=True):
        one, other = row["construct"], row["other"]
        told = truth.get(f"{one} -> {other}") or truth.get(f"{other} -> {one}")
        if told is None:
            continue
        checked += 1
        assert row["estimate"] == pytest.approx(told["Original Est."], abs=1e-9)
        assert row["standard_error"] == pytest.approx(told["Bootstrap SD"], rel=0.06)
        assert row["ci_low"] == pytest.approx(told["2.5% CI"], abs=0.03)
        assert row["ci_high"] == pytest.approx(told["97.5% CI"], abs=0.05)
    assert checked == 21


def test_the_published_bootstrap_is_met(mobi: pl.DataFrame, ecsi: PathModel, golden: Path) -> None:
    """Monecke and Leisch (2012), JSS 48(3): 500 resamples, centroid, BCa 90 %; 10 to 15 %."""
    truth = read(golden, "published_values.json")["semPLS_JSS_2012_bootstrap_500_centroid_BCa90"]["table"]
    found = ecsi.fit(mobi, scheme="centroid").bootstrap(5000, seed=1, level=0.9, method="bca").paths
    for row in found.iter_rows(named=True):
        estimate, _, error, low, high = truth[f"{row['source']}->{row['target']}"]
        assert row["estimate"] == pytest.approx(estimate, abs=1e-6)
        assert row["standard_error"] == pytest.approx(error, rel=0.15)
        assert row["ci_low"] == pytest.approx(low, abs=0.4 * error)
        assert row["ci_high"] == pytest.approx(high, abs=0.4 * error)


def test_weights_loadings_and_totals_resample_as_in_seminr(
    mobi: pl.DataFrame, ecsi: PathModel, golden: Path
) -> None:
    truth = read(golden, "mobi_bootstrap.json")["seminr_5000_seed123_path"]
    found = ecsi.fit(mobi).bootstrap(5000, seed=5)
    for table, key in ((found.weights, "weights"), (found.loadings, "loadings")):
        for row in table.iter_rows(named=True):
            if row["construct"] != "Complaints":
                told = truth[key][f"{row['item']} -> {row['construct']}"]
                assert row["standard_error"] == pytest.approx(told["Bootstrap SD"], rel=0.08)
    for row in found.total_effects.iter_rows(named=True):
        told = truth["total"][f"{row['source']} -> {row['target']}"]
        assert row["standard_error"] == pytest.approx(told["Bootstrap SD"], rel=0.08)
