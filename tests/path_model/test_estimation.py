"""The estimates are those of the programs named, to the digits that they print."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from leal.path_model import Construct, PathFit, PathModel

SCHEMES = {"centroid": "centroid", "factorial": "factorial", "path": "pathWeighting"}


def read(golden: Path, name: str) -> dict[str, Any]:
    return dict(json.loads((golden / "path_model" / name).read_text()))


def column(frame: pl.DataFrame, key: str = "item") -> dict[str, float]:
    return dict(zip(frame[key], frame["estimate"], strict=True))


def by_arrow(frame: pl.DataFrame) -> dict[str, float]:
    names = [f"{s}->{t}" for s, t in zip(frame["source"], frame["target"], strict=True)]
    return dict(zip(names, frame["estimate"], strict=True))


def same(fit: PathFit, truth: dict[str, Any], tolerance: float) -> None:
    assert column(fit.weights) == pytest.approx(truth["weights"], abs=tolerance)
    assert column(fit.loadings) == pytest.approx(truth["loadings"], abs=tolerance)
    assert by_arrow(fit.paths) == pytest.approx(truth["paths"], abs=tolerance)
    explained = {k: v for k, v in truth.get("R2", {}).items() if v}
    assert {k: v for k, v in column(fit.r_squared, "construct").items() if k in explained} == pytest.approx(
        explained, abs=tolerance
    )


@pytest.mark.parametrize("scheme", SCHEMES)
def test_mode_a_is_that_of_sempls(mobi: pl.DataFrame, ecsi: PathModel, golden: Path, scheme: Any) -> None:
    """semPLS 1.0-10, tolerance 1e-14."""
    peers = read(golden, "mobi_ecsi_standardised_all_peers.json")
    truth = peers[f"semPLS_{SCHEMES[scheme]}_tol1e-14"]
    same(ecsi.fit(mobi, scheme=scheme, tolerance=1e-14), truth, 1e-10)


def test_mode_a_is_that_of_smartpls_2(mobi: pl.DataFrame, ecsi: PathModel, golden: Path) -> None:
    """SmartPLS 2.0.M3 exports, eight printed decimals."""
    peers = read(golden, "mobi_ecsi_standardised_all_peers.json")
    smart = {key: value for key, value in peers.items() if "smartpls" in key.lower()}
    assert smart
    for key, truth in smart.items():
        scheme = next(name for name in SCHEMES if name in key.lower())
        fit = ecsi.fit(mobi, scheme=scheme, tolerance=1e-12)  # type: ignore[arg-type]
        if "weights" in truth:
            assert column(fit.weights) == pytest.approx(truth["weights"], abs=1e-8)
        if "paths" in truth:
            found = by_arrow(fit.paths)
            assert found == pytest.approx({name: truth["paths"][name] for name in found}, abs=1e-8)


@pytest.mark.parametrize("scheme", ["path", "factorial"])
def test_mode_a_is_that_of_seminr(mobi: pl.DataFrame, ecsi: PathModel, golden: Path, scheme: Any) -> None:
    """seminr 2.3.4, its own stop rule."""
    truth = read(golden, "mobi_ecsi_seminr_full.json")[f"seminr_modeA_{scheme}_tol1e-7"]
    same(ecsi.fit(mobi, scheme=scheme), truth, 1e-8)
    tight = read(golden, "mobi_ecsi_seminr_full.json")[f"seminr_modeA_{scheme}_tol1e-14"]
    same(ecsi.fit(mobi, scheme=scheme, tolerance=1e-14), tight, 1e-10)


@pytest.mark.parametrize("scheme", ["path", "factorial"])
def test_mode_b_is_that_of_seminr(mobi: pl.DataFrame, ecsi: PathModel, golden: Path, scheme: Any) -> None:
    """seminr 2.3.4, Quality in Mode B."""
    truth = read(golden, "mobi_ecsi_seminr_full.json")[f"seminr_QualityModeB_{scheme}_tol1e-14"]
    blocks = [Construct(c.name, c.items, "B" if c.name == "Quality" else "A") for c in ecsi.constructs]
    model = PathModel(constructs=blocks, paths=ecsi.paths)
    same(model.fit(mobi, scheme=scheme, tolerance=1e-14), truth, 1e-10)


@pytest.mark.parametrize("scheme", ["path", "factorial"])
def test_consistent_pls_is_that_of_seminr(
    mobi: pl.DataFrame, ecsi: PathModel, golden: Path, scheme: Any
) -> None:
    """seminr 2.3.4, PLSc; the single item stays as it is."""
    truth = read(golden, "mobi_ecsi_seminr_full.json")[f"seminr_PLSc_{scheme}_tol1e-14"]
    fit = ecsi.fit(mobi, scheme=scheme, tolerance=1e-14, consistent=True)
    assert column(fit.loadings) == pytest.approx(truth["loadings"], abs=1e-10)
    assert by_arrow(fit.paths) == pytest.approx(truth["paths"], abs=1e-10)
    assert column(fit.r_squared, "construct") == pytest.approx(truth["R2"], abs=1e-10)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_raw_metric_is_that_of_plspm(mobi: pl.DataFrame, ecsi: PathModel, golden: Path, scheme: Any) -> None:
    """plspm for Python 0.5.7, metric mode, tolerance 1e-10."""
    truth = read(golden, "mobi_ecsi_rawmetric_plspm.json")[f"plspmPy_{scheme}_unscaled_metric_tol1e-10"]
    fit = ecsi.fit(mobi, scheme=scheme, metric="raw", tolerance=1e-12)
    assert by_arrow(fit.paths) == pytest.approx(truth["paths"], abs=1e-7)


def test_raw_metric_reaches_the_published_table(mobi: pl.DataFrame, ecsi: PathModel, golden: Path) -> None:
    """Tenenhaus et al. 2005, three decimals, centroid scheme."""
    truth = read(golden, "published_values.json")["Tenenhaus_et_al_2005_ECSI_mobile"]
    fit = ecsi.fit(mobi, scheme="centroid", metric="raw")
    assert by_arrow(fit.paths) == pytest.approx(truth["paths"], abs=6e-4)
    assert column(fit.r_squared, "construct") == pytest.approx(truth["R2"], abs=6e-4)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_index_by_all_four_definitions(
    mobi: pl.DataFrame, ecsi: PathModel, golden: Path, scheme: Any
) -> None:
    """Reference table of the index, from plspm, cSEM and SmartPLS."""
    truth = read(golden, "mobi_index_0_100.json")[scheme]
    table = ecsi.fit(mobi, scheme=scheme, tolerance=1e-12).index_by_definition()
    for key, values in truth.items():
        found = dict(zip(table["construct"], table[key[0]], strict=True))
        assert found == pytest.approx(values, abs=1e-4 if key[0] == "A" else 1e-6), key


def test_the_metric_of_the_fit_does_not_change_what_a_definition_means(
    mobi: pl.DataFrame, ecsi: PathModel
) -> None:
    usual = ecsi.fit(mobi, tolerance=1e-12)
    raw = ecsi.fit(mobi, metric="raw", index="C", tolerance=1e-12)
    for name in ("A", "B", "C", "D"):
        assert raw.index_by_definition()[name].to_numpy() == pytest.approx(
            usual.index_by_definition()[name].to_numpy(), abs=1e-8
        )
    drawn = raw.bootstrap(200, seed=1).index
    same = ecsi.fit(mobi, index="C", tolerance=1e-12).bootstrap(200, seed=1).index
    assert drawn["ci_low"].to_numpy() == pytest.approx(same["ci_low"].to_numpy(), abs=1e-6)


def test_a_fit_of_polars_does_not_load_pandas() -> None:
    """Where pandas is installed, loading it would be a fifth of the first call of a process."""
    told = """
import sys
import polars as pl
import leal
frame = pl.DataFrame({"a": [1.0, 2, 4, 5, 3, 6] * 5, "b": [2.0, 2, 5, 4, 1, 4] * 5})
leal.PathModel("A =~ a; B =~ b; B ~ A").fit(frame).bootstrap(50, seed=1)
print("pandas" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
