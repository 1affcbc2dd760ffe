"""Sizes and squares of signed figures: HTMT, f2, variance inflation."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.path_model.test_properties import ITEMS, MODEL

from leal.path_model.criteria import heterotrait_monotrait, heterotrait_parts
from leal.path_model.folding import folded, folded_normal_mean, mirrored, without_folding


def unrelated(seed: int, rows: int = 60) -> pl.DataFrame:
    """Answers to the items of the model, its three constructs independent."""
    generator = np.random.default_rng(seed)
    scores = np.repeat(generator.normal(size=(rows, 3)), [3, 2, 2], axis=1)
    values = 6 + 1.5 * scores + generator.normal(size=scores.shape)
    return pl.DataFrame(np.clip(np.rint(values), 1, 10), schema=ITEMS)


def test_limits_on_both_sides_of_zero_begin_at_zero() -> None:
    low, high = folded(np.array([-0.1, 0.2, -0.5, -0.3]), np.array([0.2, 0.4, -0.2, 0.1]), 1)
    assert low == pytest.approx([0, 0.2, 0.2, 0])
    assert high == pytest.approx([0.2, 0.4, 0.5, 0.3])


def test_squares_are_those_of_the_folded_limits() -> None:
    low, high = folded(np.array([-0.1, -0.5]), np.array([0.2, -0.2]), 2)
    assert low == pytest.approx([0, 0.04])
    assert high == pytest.approx([0.04, 0.25])


def test_the_mean_of_a_folded_normal_is_that_of_absolute_values() -> None:
    """Closed forms at mean 0 and spread 0; between them a million draws."""
    assert folded_normal_mean(np.array([0.0]), np.array([2.0]))[0] == pytest.approx(2 * np.sqrt(2 / np.pi))
    assert folded_normal_mean(np.array([-0.3]), np.array([0.0]))[0] == pytest.approx(0.3)
    drawn = np.abs(np.random.default_rng(2).normal(0.1, 0.2, size=1_000_000)).mean()
    assert folded_normal_mean(np.array([0.1]), np.array([0.2]))[0] == pytest.approx(drawn, abs=5e-4)


def test_without_noise_nothing_is_taken_off() -> None:
    """Draws that spread no more than the sample: the sizes themselves, with the sign of their mean."""
    sizes, means = np.array([[0.3, 0.2, 0.25]]), np.array([[0.2, -0.1, 0.15]])
    spreads = np.full((1, 3), 0.2)
    freed = without_folding((sizes, sizes[:, 2]), (means, means[:, 2]), (spreads, spreads[:, 0]))
    assert freed.draws == pytest.approx(np.array([[0.3, -0.2, 0.25]]))
    assert freed.estimates == pytest.approx([0.25])


def test_of_pure_noise_hardly_more_than_the_size_of_its_mean_is_left() -> None:
    """100 pairs of blocks, 20 correlations of truth 0 each: near |mean| instead of the mean of |r|."""
    generator = np.random.default_rng(3)
    sample = generator.normal(0, 0.14, size=(100, 20))
    drawn = sample[:, None] + generator.normal(0, 0.14, size=(100, 500, 20))
    freed = without_folding(
        (np.abs(drawn).mean(axis=2), np.abs(sample).mean(axis=1)),
        (drawn.mean(axis=2), sample.mean(axis=1)),
        (drawn.std(axis=2), sample.std(axis=1)),
    )
    sizes, means = np.abs(sample).mean(), np.abs(sample.mean(axis=1)).mean()
    assert freed.estimates.mean() - means < 0.3 * (sizes - means)
    assert np.median(np.abs(freed.draws)) < 0.6 * np.median(np.abs(drawn).mean(axis=2))


def test_little_explained_variance_may_be_none() -> None:
    """Root .22, upper limit .45: mirrored below zero. Root .82, upper .88: mirrored .75, further than .8."""
    low = mirrored(np.array([0.01, 0.64, 0.0]), np.array([0.2, 0.78, 0.0]), np.array([0.048, 0.67, 0.0]))
    assert low == pytest.approx([0.0, (2 * np.sqrt(0.67) - np.sqrt(0.78)) ** 2, 0.0])
    assert mirrored(np.array([0.5]), np.array([0.78]), np.array([0.67])) == pytest.approx([0.5])


def test_the_parts_of_htmt_are_those_of_the_correlations() -> None:
    fit = MODEL.fit(unrelated(4))
    matrix = np.corrcoef(unrelated(4).to_numpy().T)[:, :, None]
    size, mean, spread = (part[:, :, 0] for part in heterotrait_parts(matrix, fit.structure))
    whole = heterotrait_monotrait(matrix, fit.structure)[:, :, 0]
    between = matrix[:3, 3:5, 0]
    denominator = np.abs(between).mean() / whole[0, 1]
    assert size[0, 1] == pytest.approx(whole[0, 1])
    assert mean[0, 1] == pytest.approx(between.mean() / denominator)
    assert spread[0, 1] == pytest.approx(between.std() / denominator)


def test_constructs_that_hardly_correlate_have_htmt_and_f2_from_zero() -> None:
    """Plain percentiles begin above zero, however unrelated the constructs are; the default does not."""
    found, plain = (
        MODEL.fit(unrelated(5)).assess(1000, method=method) for method in ("shifted_percentile", "percentile")
    )
    for name in ("heterotrait_monotrait", "effect_sizes"):
        table = getattr(found, name)
        assert (getattr(plain, name)["ci_low"] > 0).all()
        assert (table["ci_low"] == 0).any()
        assert (table["ci_low"] <= table["estimate"]).all()
        assert (table["estimate"] <= table["ci_high"]).all()
