"""A study by group follows `missing` throughout: index, differences, ranking, priorities, NPS beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

import leal
from leal.cli import main
from leal.explain import epsi_study
from leal.measure import index_differences, index_ranking, market_study, nps_beside_index
from leal.path_model import Missing

MODEL = leal.epsi("acsi")
BRIDGING: list[Missing] = ["mean", "pairwise", "em"]


def survey(n: int = 240, share: float = 0.12) -> pl.DataFrame:
    """Answers of two brands, Volna a point above Amber, each answer left out with the probability given."""
    random = np.random.default_rng(5)
    brand = np.repeat(["Amber", "Volna"], n // 2)
    latent = random.normal(size=(n, 1))
    shift = np.where(brand == "Volna", 0.6, -0.4)[:, None]
    raw = np.clip(np.rint(6.5 + shift + 1.4 * latent + random.normal(size=(n, len(MODEL.items)))), 1, 10)
    recommend = np.clip(np.rint(raw[:, -1]), 0, 10)
    raw[random.random(raw.shape) < share] = np.nan
    return (
        pl.DataFrame(raw, schema=list(MODEL.items))
        .fill_nan(None)
        .with_columns(brand=pl.Series(brand), recommend=pl.Series(recommend))
    )


@pytest.mark.parametrize("missing", BRIDGING)
def test_all_of_a_study_rests_on_the_same_answers(missing: Missing) -> None:
    study = epsi_study(MODEL, survey(), by="brand", missing=missing, resamples=200)
    assert study.fit.n == 240
    assert study.differences is not None
    assert study.differences.comparison.index["n"].unique().to_list() == [120]
    assert study.differences.items[0].n == 240
    assert study.differences.items[0].more_than_chance
    assert study.nps is not None
    assert "not_classed" in {note.code for note in study.nps.notes}


@pytest.mark.parametrize("missing", BRIDGING)
def test_priorities_of_each_group_follow_the_rule_for_gaps(missing: Missing) -> None:
    frame = survey()
    for brand in ("Amber", "Volna"):
        fit = MODEL.fit(frame.filter(pl.col("brand") == brand), missing=missing)
        found = leal.priorities(fit, target="Loyalty", resamples=200)
        assert found.items[0].importance.n == 120
        assert all(one.gain.ci_low <= one.gain.estimate <= one.gain.ci_high for one in found)


@pytest.mark.parametrize("missing", BRIDGING)
def test_rankings_and_market_studies_follow_it_too(missing: Missing) -> None:
    frame = survey()
    found = index_ranking(MODEL, frame, "brand", missing=missing, permutations=100, resamples=200)
    assert found.brands[0].name == "Volna"
    assert found.brands[0].n == 120
    study = market_study(MODEL, frame, quota=100, missing=missing, permutations=100, resamples=200)
    assert study.ranking.brands[0].estimate == found.brands[0].estimate


def test_the_scheme_of_the_fit_is_that_of_the_comparison() -> None:
    frame = survey(share=0.0)
    study = epsi_study(MODEL, frame, by="brand", scheme="centroid", resamples=100)
    by_itself = index_differences(MODEL, frame, "brand", scheme="centroid", seed=0)
    assert study.differences is not None
    assert study.differences.comparison.paths.equals(by_itself.comparison.paths)


def test_people_with_gaps_are_not_classed_and_that_is_told() -> None:
    frame = survey()
    found = nps_beside_index(MODEL.fit(frame, missing="em"), frame)
    own = [*MODEL["Satisfaction"].items, *MODEL["Loyalty"].items]
    left = frame.height - frame.drop_nulls(own).height
    told = {note.code: str(note.text) for note in found.notes}
    assert told["not_classed"].startswith(f"{left} people")
    assert found.nps.n == frame.height - left


def test_the_command_compares_with_gaps(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    survey().write_csv(path)
    words = ["epsi", str(path), "--by", "brand", "--missing", "em", "--resamples", "200", "--lang", "en"]
    found = CliRunner().invoke(main, words)
    assert found.exit_code == 0, found.output
    assert "Volna" in found.output
    assert "(EM)" in found.output
    assert "are not classed" in found.output.replace("\n", " ")


def test_a_study_tells_the_doubts_of_its_index(golden: Path) -> None:
    """On mobi equal weights would lower Loyalty by seven points, for one weak item."""
    answers = pl.read_csv(golden / "path_model" / "mobi.csv")
    study = epsi_study(leal.epsi("ecsi-mobile"), answers, index="C", resamples=100)
    told = {note.code for note in study.notes}
    assert {"definitions_differ", "definition_for_comparison", "weak_items"} <= told
