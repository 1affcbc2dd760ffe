"""The resampling engine: same seed, same draws, whatever the threads; known standard errors."""

from __future__ import annotations

import numpy as np
import pytest

from leal.statistics import bootstrap, jackknife, permutation_p_value, resample_counts
from leal.statistics.numbers import Floats


def mean_of_sums(sums: Floats) -> Floats:
    return sums[:, 1] / sums[:, 0]


def with_ones(values: Floats) -> Floats:
    return np.column_stack([np.ones(len(values)), values])


VALUES = np.random.default_rng(3).gamma(2.0, 10.0, 400)


def test_standard_error_of_a_mean_is_the_closed_form() -> None:
    found = bootstrap(np.ones(400), mean_of_sums, moments=with_ones(VALUES), replicates=4000)
    assert found.estimate[0] == pytest.approx(VALUES.mean())
    assert found.standard_error[0] == pytest.approx(VALUES.std() / 20, rel=0.05)
    low, high = found.limits()
    assert low[0] == pytest.approx(VALUES.mean() - 1.96 * VALUES.std() / 20, abs=0.3)
    assert high[0] == pytest.approx(VALUES.mean() + 1.96 * VALUES.std() / 20, abs=0.3)
    assert found.usable[0] == 4000


def test_threads_and_more_replicates_change_nothing_drawn() -> None:
    counts = np.ones(30_000)
    values = with_ones(np.random.default_rng(1).normal(size=30_000))
    alone = bootstrap(counts, mean_of_sums, moments=values, replicates=150, seed=7)
    together = bootstrap(counts, mean_of_sums, moments=values, replicates=150, seed=7, threads=3)
    fewer = bootstrap(counts, mean_of_sums, moments=values, replicates=70, seed=7)
    other = bootstrap(counts, mean_of_sums, moments=values, replicates=150, seed=8)
    assert np.array_equal(alone.draws, together.draws)
    # the last block is shorter, so its sums may differ in the last bit
    assert alone.draws[:70] == pytest.approx(fewer.draws, rel=1e-12)
    assert not np.array_equal(alone.draws, other.draws)


def test_cells_of_a_table_and_the_answers_themselves_agree() -> None:
    answers = np.repeat([-1.0, 0.0, 1.0], [15, 35, 50])
    of_rows = bootstrap(np.ones(100), mean_of_sums, moments=with_ones(answers), replicates=4000)
    of_cells = bootstrap([15, 35, 50], lambda c: (c[:, 2] - c[:, 0]) / c.sum(axis=1), replicates=4000)
    assert of_rows.estimate == pytest.approx(of_cells.estimate)
    # 0.07263 is the closed form (R NPS)
    assert of_rows.standard_error[0] == pytest.approx(0.07263, rel=0.04)
    assert of_cells.standard_error[0] == pytest.approx(0.07263, rel=0.04)


@pytest.mark.parametrize("counts", [[15, 35, 50], [1.5, 3.5, 5.2], [1] * 12, [0.1, 0.2], [0, 0, 0]])
def test_multinomial_keeps_the_total(counts: list[float]) -> None:
    drawn = np.concatenate(list(resample_counts(counts, 500)))
    assert drawn.shape == (500, len(counts))
    assert drawn.sum(axis=1) == pytest.approx(np.full(500, sum(counts)))


def test_poisson_keeps_each_mean() -> None:
    drawn = np.concatenate(list(resample_counts([2, 30, 1], 4000, scheme="poisson")))
    assert drawn.mean(axis=0) == pytest.approx([2, 30, 1], rel=0.05)
    assert drawn.var(axis=0) == pytest.approx([2, 30, 1], rel=0.12)


def test_strata_keep_their_own_totals() -> None:
    counts, strata = [5, 10, 1, 1, 1, 7], ["a", "a", "b", "b", "b", "c"]
    drawn = np.concatenate(list(resample_counts(counts, 300, strata=strata)))
    assert np.all(drawn[:, :2].sum(axis=1) == 15)
    assert np.all(drawn[:, 2:5].sum(axis=1) == 3)
    assert np.all(drawn[:, 5] == 7)


def test_replicates_that_cannot_be_computed_are_left_out() -> None:
    def share(counts: Floats) -> Floats:
        with np.errstate(invalid="ignore"):
            return counts[:, 0] / (counts[:, 0] + counts[:, 1])

    found = bootstrap([1, 1, 8], share, replicates=400)
    assert 0 < found.usable[0] < 400
    low, high = found.limits()
    assert (low[0], high[0]) == (0, 1)
    nothing = bootstrap([0, 0, 5], share, replicates=50)
    assert np.isnan([nothing.standard_error[0], nothing.limits()[0][0]]).all()
    assert np.isnan(nothing.covariance).all()


def test_jackknife_of_a_mean_by_hand() -> None:
    values = np.array([1.0, 2.0, 6.0])
    assert jackknife(np.ones(3), mean_of_sums, moments=with_ones(values))[:, 0] == pytest.approx(
        [4, 3.5, 1.5]
    )
    left = jackknife([15, 35, 50], lambda c: (c[:, 2] - c[:, 0]) / c.sum(axis=1))
    assert left[:, 0] == pytest.approx([36 / 99, 35 / 99, 34 / 99])


def test_bca_of_a_skewed_mean_leans_to_the_long_tail() -> None:
    values = with_ones(np.random.default_rng(11).lognormal(0, 1.2, 60))
    counts = np.ones(60)
    found = bootstrap(counts, mean_of_sums, moments=values, replicates=4000)
    left = jackknife(counts, mean_of_sums, moments=values)
    low, high = found.limits()
    bca_low, bca_high = found.bca_limits(left)
    assert bca_low[0] > low[0]
    assert bca_high[0] > high[0]


def test_covariance_of_two_values() -> None:
    def both(sums: Floats) -> Floats:
        mean = sums[:, 1] / sums[:, 0]
        return np.column_stack([mean, 2 * mean])

    found = bootstrap(np.ones(400), both, moments=with_ones(VALUES), replicates=1000)
    assert found.covariance[0, 1] == pytest.approx(2 * found.covariance[0, 0])
    assert found.covariance[1, 1] == pytest.approx(found.standard_error[1] ** 2)


def difference_of_means(sums: Floats) -> Floats:
    means = sums[:, :, 1] / sums[:, :, 0]
    return np.abs(means[:, 0] - means[:, 1])


def test_permutation_finds_a_difference_and_no_difference() -> None:
    random = np.random.default_rng(2)
    groups = np.repeat(["then", "now"], 60)
    apart = with_ones(random.normal(size=120) + (groups == "now"))
    alike = with_ones(random.normal(size=120))
    assert permutation_p_value(apart, groups, difference_of_means, replicates=999) == 1 / 1000
    assert permutation_p_value(alike, groups, difference_of_means, replicates=999) > 0.05


def test_permutation_is_exact_on_a_small_case() -> None:
    # 3 of 6 values: 20 splits; the observed split is the most extreme with its mirror: p = 2/20
    values = with_ones(np.array([1.0, 2.0, 3.0, 10.0, 11.0, 12.0]))
    found = permutation_p_value(values, [0, 0, 0, 1, 1, 1], difference_of_means, replicates=9999)
    assert found == pytest.approx(0.1, abs=0.01)


def test_percentiles_of_few_units_reach_as_far_as_student_s_t() -> None:
    """Source: Hesterberg (2015): the mean of ten values by expanded percentiles is nearly Student's."""
    values = VALUES[:10]
    found = bootstrap(np.ones(10), mean_of_sums, moments=with_ones(values), replicates=20_000)
    plain, wide = found.limits(), found.limits(freedom=np.array([9.0]))
    error = found.standard_error[0]
    assert (wide[1] - wide[0])[0] / error == pytest.approx(2 * 2.262, rel=0.03)
    assert (plain[1] - plain[0])[0] / error == pytest.approx(2 * 1.960, rel=0.03)
    assert found.limits(freedom=np.array([1e6]))[0] == pytest.approx(plain[0], rel=1e-3)
