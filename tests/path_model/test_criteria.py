"""The criteria are those of seminr, cSEM and ADANCO, each in its own convention."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from leal.path_model import PathFit, PathModel
from leal.path_model import criteria as c
from leal.path_model.consistency import rho_a

SPAIN = """
    IMAG =~ imag1 + imag2 + imag3 + imag4 + imag5
    EXPE =~ expe1 + expe2 + expe3 + expe4 + expe5
    QUAL =~ qual1 + qual2 + qual3 + qual4 + qual5
    VAL  =~ val1 + val2 + val3 + val4
    SAT  =~ sat1 + sat2 + sat3 + sat4
    LOY  =~ loy1 + loy2 + loy3 + loy4
    EXPE ~ IMAG
    QUAL ~ EXPE
    VAL  ~ EXPE + QUAL
    SAT  ~ IMAG + EXPE + QUAL + VAL
    LOY  ~ IMAG + SAT
"""


def correlations_of(fit: PathFit) -> np.ndarray:
    deviations = np.sqrt(np.diag(fit.covariance.matrix))
    return (fit.covariance.matrix / np.outer(deviations, deviations))[:, :, None]


@pytest.fixture(scope="module")
def fit(mobi: pl.DataFrame, ecsi: PathModel) -> PathFit:
    return ecsi.fit(mobi, tolerance=1e-14)


@pytest.fixture(scope="module")
def seminr(golden: Path) -> dict[str, Any]:
    text = (golden / "path_model" / "mobi_ecsi_seminr_full.json").read_text()
    return dict(json.loads(text)["seminr_modeA_path_tol1e-14"])


@pytest.fixture(scope="module")
def csem(golden: Path) -> dict[str, Any]:
    text = (golden / "path_model" / "mobi_ecsi_cSEM_full.json").read_text()
    return dict(json.loads(text))


def test_reliability_is_that_of_seminr(fit: PathFit, seminr: dict[str, Any]) -> None:
    matrix, structure = correlations_of(fit), fit.structure
    loadings = fit.solution.loadings(structure)
    found = {
        "alpha": c.cronbach_alpha(matrix, structure),
        "rhoC": c.composite_reliability(loadings, structure),
        "AVE": c.average_variance_extracted(loadings, structure),
        "rhoA": rho_a(fit.solution.weights, matrix, structure),
    }
    for name, values in seminr["reliability"].items():
        place = fit.model.names.index(name)
        for key, value in values.items():
            assert found[key][place, 0] == pytest.approx(value, abs=1e-10), (name, key)


def test_htmt_with_absolute_values_is_that_of_seminr(fit: PathFit, seminr: dict[str, Any]) -> None:
    found = c.heterotrait_monotrait(correlations_of(fit), fit.structure)
    check_pairs(fit, found, seminr["htmt"])


def test_htmt_and_htmt2_are_those_of_csem(fit: PathFit, csem: dict[str, Any]) -> None:
    truth = csem["cSEM_modeA_path"]["assess"]
    plain = c.heterotrait_monotrait(correlations_of(fit), fit.structure, absolute=False)
    check_pairs(
        fit, plain, {k: {m: v for m, v in row.items() if v not in (0, 1)} for k, row in truth["HTMT"].items()}
    )
    geometric = c.geometric_heterotrait_monotrait(correlations_of(fit), fit.structure)
    check_pairs(
        fit,
        geometric,
        {k: {m: v for m, v in row.items() if v not in (0, 1)} for k, row in truth["HTMT2"].items()},
    )


def check_pairs(fit: PathFit, found: np.ndarray, truth: dict[str, dict[str, float | None]]) -> None:
    names = list(fit.model.names)
    checked = 0
    for one, row in truth.items():
        for other, value in row.items():
            if isinstance(value, float):
                assert found[names.index(one), names.index(other), 0] == pytest.approx(value, abs=1e-9), (
                    one,
                    other,
                )
                checked += 1
    assert checked >= 10


def test_inflation_is_that_of_seminr(fit: PathFit, seminr: dict[str, Any]) -> None:
    found = c.variance_inflation(fit.solution, fit.structure)
    names = list(fit.model.names)
    for target, row in seminr["antecedent_vif"].items():
        for source, value in row.items():
            if value is not None:
                assert found[names.index(source), names.index(target), 0] == pytest.approx(value, abs=1e-9)
    items = c.item_inflation(correlations_of(fit), fit.structure)
    for block in seminr["item_vif"].values():
        for item, value in block.items():
            if value is not None:
                assert items[fit.model.items.index(item), 0] == pytest.approx(value, abs=1e-9)


def test_effect_sizes_with_fixed_scores(fit: PathFit, golden: Path) -> None:
    """cSEM: f2 with the scores held fixed."""
    truth = json.loads((golden / "path_model" / "mobi_f2_fixed_scores_path.json").read_text())
    found = c.effect_sizes(fit.solution, c.variance_inflation(fit.solution, fit.structure))
    names = list(fit.model.names)
    for path, value in truth.items():
        source, target = path.split("->")
        assert found[names.index(source), names.index(target), 0] == pytest.approx(value, abs=1e-10)


@pytest.mark.parametrize("convention", ["common factors"])
def test_residual_is_that_of_csem(fit: PathFit, csem: dict[str, Any], convention: str) -> None:
    """cSEM reports the estimated model of reflective blocks; the saturated one is checked with ADANCO."""
    found = c.root_mean_square_residual(
        correlations_of(fit), fit.solution, fit.structure, common_factors=True
    )
    assert 0.05 < found[0] < csem["cSEM_modeA_path"]["assess"]["SRMR"]


def sheet(rows: list[list[Any]]) -> dict[str, list[Any]]:
    return {row[0]: row[1:] for row in rows[1:]}


def test_consistent_pls_is_that_of_adanco(golden: Path) -> None:
    """ADANCO 2.1.1, Mode A consistent, factorial scheme, Spanish credit institution."""
    folder = golden / "path_model"
    truth = json.loads((folder / "satisfaction_spain_ADANCO211.json").read_text())["common_factor_PLSc"]
    frame = pl.read_csv(folder / "satisfaction_spain.csv")
    fit = PathModel(SPAIN).fit(frame, scheme="factorial", consistent=True, tolerance=1e-12)
    matrix, structure = correlations_of(fit), fit.structure
    loadings = fit.solution.loadings(structure)
    reliability = sheet(truth["Construct Reliability"])
    convergent = sheet(truth["Convergent Validity"])
    assert fit.reliability is not None
    for place, name in enumerate(fit.model.names):
        expected = reliability[name]
        assert fit.reliability[place, 0] == pytest.approx(expected[0], abs=1e-6)
        assert c.composite_reliability(loadings, structure)[place, 0] == pytest.approx(expected[1], abs=1e-6)
        assert c.cronbach_alpha(matrix, structure)[place, 0] == pytest.approx(expected[2], abs=1e-6)
        assert c.average_variance_extracted(loadings, structure)[place, 0] == pytest.approx(
            convergent[name][0], abs=1e-6
        )
    explained = sheet(truth["R-Squared"])
    for row in fit.r_squared.iter_rows(named=True):
        assert row["estimate"] == pytest.approx(explained[row["construct"]][0], abs=1e-6)
        assert row["adjusted"] == pytest.approx(explained[row["construct"]][1], abs=1e-6)
    saturated = sheet(truth["Goodness of model fit (saturate"])["SRMR"][0]
    found = c.root_mean_square_residual(matrix, fit.solution, structure, common_factors=True)
    assert found[0] == pytest.approx(saturated, abs=1e-6)


def test_composites_are_those_of_adanco(golden: Path) -> None:
    """ADANCO 2.1.1, Mode B, factorial scheme."""
    folder = golden / "path_model"
    truth = json.loads((folder / "satisfaction_spain_ADANCO211.json").read_text())["composite"]
    frame = pl.read_csv(folder / "satisfaction_spain.csv")
    fit = PathModel(SPAIN.replace("=~", "<~")).fit(frame, scheme="factorial", tolerance=1e-12)
    explained = sheet(truth["R-Squared"])
    for row in fit.r_squared.iter_rows(named=True):
        assert row["estimate"] == pytest.approx(explained[row["construct"]][0], abs=1e-6)
    saturated = sheet(truth["Goodness of model fit (saturate"])["SRMR"][0]
    found = c.root_mean_square_residual(
        correlations_of(fit), fit.solution, fit.structure, common_factors=False
    )
    assert found[0] == pytest.approx(saturated, abs=1e-6)
