from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from leal.path_model import PathModel
from leal.path_model.estimation import Rules
from leal.path_model.kernel_counts import count_draws
from leal.path_model.resampling import Answers, bootstrap_counts
from leal.path_model.structure import Structure


def test_a_bootstrap_gives_every_figure_its_interval(mobi: pl.DataFrame, ecsi: PathModel) -> None:
    fit = ecsi.fit(mobi)
    found = fit.bootstrap(500, seed=1)
    for table in (
        found.weights,
        found.loadings,
        found.paths,
        found.total_effects,
        found.r_squared,
        found.index,
    ):
        assert (table["ci_low"] <= table["ci_high"]).all()
        assert table["standard_error"].is_finite().all()
        assert set(table["n"]) == {250}
    assert found.paths["estimate"].to_list() == fit.paths["estimate"].to_list()


def test_fixed_resamples_are_those_of_sempls(mobi: pl.DataFrame, ecsi: PathModel, golden: Path) -> None:
    """20 explicit resamples, semPLS 1.0-10, path scheme, tolerance 1e-12."""
    rows = np.loadtxt(golden / "path_model" / "mobi_fixed_resamples_1based.csv", delimiter=",")
    truth = json.loads((golden / "path_model" / "mobi_fixed_resamples_semPLS_path.json").read_text())
    draws = (rows.T if rows.shape[0] == 250 else rows).astype(np.uint16) - 1
    answers = Answers.of(mobi.select(ecsi.items).to_numpy().astype(float), None)
    solution = answers.solve(count_draws(draws, 250), Structure(ecsi), Rules(tolerance=1e-13))
    names = list(ecsi.names)
    for place, expected in enumerate(truth):
        assert solution.weights[:, place] == pytest.approx(
            [expected["weights"][item] for item in ecsi.items], abs=1e-10
        )
        for path, value in expected["paths"].items():
            source, target = path.split("->")
            found = solution.paths[names.index(source), names.index(target), place]
            assert found == pytest.approx(value, abs=1e-10)


def test_standard_errors_are_those_of_the_prototype(
    mobi: pl.DataFrame, ecsi: PathModel, golden: Path
) -> None:
    """Batched prototype, 10,000 resamples; Monte Carlo error about 1 %."""
    truth = json.loads((golden / "path_model" / "mobi_bootstrap.json").read_text())["prototype_10000"]
    table = ecsi.fit(mobi).bootstrap(10_000, seed=7).paths
    for row in table.iter_rows(named=True):
        expected = truth[f"{row['source']}->{row['target']}"]
        assert row["standard_error"] == pytest.approx(expected["se"], rel=0.04)


def test_index_errors_are_those_of_the_reference(mobi: pl.DataFrame, ecsi: PathModel, golden: Path) -> None:
    truth = json.loads((golden / "path_model" / "mobi_index_0_100.json").read_text())
    expected = truth["bootstrap_10000_path_seed7_se"]["B_unstandardised_w_over_sd"]
    table = ecsi.fit(mobi).bootstrap(10_000, seed=7).index
    assert dict(zip(table["construct"], table["standard_error"], strict=True)) == pytest.approx(
        expected, rel=0.04
    )


def test_the_same_seed_gives_the_same_draws(mobi: pl.DataFrame, ecsi: PathModel) -> None:
    fit = ecsi.fit(mobi)
    first, second = fit.bootstrap(300, seed=5), fit.bootstrap(300, seed=5)
    assert np.array_equal(first.draws.paths, second.draws.paths)
    assert not np.array_equal(first.draws.paths, fit.bootstrap(300, seed=6).draws.paths)


def test_counts_sum_to_the_number_of_answers() -> None:
    blocks = list(bootstrap_counts(37, 2000, seed=3))
    assert sum(len(block) for block in blocks) == 2000
    assert all((block.sum(axis=1) == 37).all() for block in blocks)


@pytest.mark.parametrize("groups", [list(range(7)), [0, 2, 1, 0, 2, 1, 0]])
def test_sums_without_a_group_are_those_of_counts(groups: list[int]) -> None:
    rows = np.random.default_rng(1).integers(1, 11, size=(7, 3)).astype(float)
    for weights in (None, np.arange(1.0, 8.0)):
        answers = Answers.of(rows, weights)
        (left,) = answers.sums_without(np.array(groups))
        counts = np.array([[float(own != group) for own in groups] for group in range(max(groups) + 1)])
        expected = answers.sums(counts.astype(np.float32))
        for name in ("items", "products", "totals", "divisors"):
            assert getattr(left, name) == pytest.approx(getattr(expected, name))


def test_bias_corrected_limits_are_near_those_of_csem(mobi: pl.DataFrame, ecsi: PathModel) -> None:
    """Image -> Expectation: BCa .371 to .600, percentile .398 to .622 (reference, 10,000 resamples)."""
    fit = ecsi.fit(mobi)
    bca = fit.bootstrap(10_000, seed=2, method="bca").paths.row(0, named=True)
    plain = fit.bootstrap(10_000, seed=2, method="percentile").paths.row(0, named=True)
    assert (bca["ci_low"], bca["ci_high"]) == pytest.approx((0.371, 0.600), abs=0.012)
    assert (plain["ci_low"], plain["ci_high"]) == pytest.approx((0.398, 0.622), abs=0.012)


def test_resamples_without_variation_are_counted() -> None:
    generator = np.random.default_rng(4)
    x = generator.integers(4, 8, size=30).astype(float)
    rare = np.full(30, 5.0)
    rare[0] = 6.0
    frame = pl.DataFrame({"a": x, "b": rare, "c": x + generator.integers(0, 2, size=30), "d": x[::-1]})
    fit = PathModel("One =~ a + b\nTwo =~ c + d\nTwo ~ One").fit(frame)
    found = fit.bootstrap(400, seed=1)
    assert 0.2 < found.unusable / 400 < 0.5
    assert "unusable_resamples" in {note.code for note in found.notes}
    assert found.paths["ci_low"].is_finite().all()


def test_many_answers_are_drawn_from_a_part_and_brought_to_all() -> None:
    generator = np.random.default_rng(8)
    n = 80_000
    one = generator.normal(size=n)
    two = 0.5 * one + np.sqrt(0.75) * generator.normal(size=n)
    scores = np.stack([one, one, two, two], axis=1) + 0.7 * generator.normal(size=(n, 4))
    frame = pl.DataFrame(np.clip(np.rint(6 + 1.5 * scores), 1, 10), schema=list("abcd"))
    fit = PathModel("One =~ a + b\nTwo =~ c + d\nTwo ~ One").fit(frame)
    found = fit.bootstrap(400, seed=1)
    path = found.paths.row(0, named=True)
    assert path["ci_low"] < fit.paths["estimate"][0] < path["ci_high"]
    exact = fit.fixed_weights().index(frame)
    index = found.index
    for place in range(2):
        assert index["standard_error"][place] == pytest.approx(exact["standard_error"][place], rel=0.15)
