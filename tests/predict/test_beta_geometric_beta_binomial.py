from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaln

from leal.errors import BadValue, MissingColumn
from leal.predict import BetaGeometricBetaBinomial, BetaGeometricBetaBinomialFit, TooLittleData
from leal.predict.purchase_models.occasion_chances import log_likelihood, log_parts
from leal.predict.purchase_models.occasions import read_occasions

# Fader, Hardie and Shang (2010), table 2: 11,104 donors, six occasions.
COUNTS = {
    (0, 0): 3464, (1, 1): 1091, (1, 2): 277, (1, 3): 129, (1, 4): 78, (1, 5): 119, (1, 6): 129,
    (2, 2): 613, (2, 3): 255, (2, 4): 155, (2, 5): 173, (2, 6): 234, (3, 3): 322, (3, 4): 181,
    (3, 5): 225, (3, 6): 357, (4, 4): 240, (4, 5): 284, (4, 6): 512, (5, 5): 335, (5, 6): 728, (6, 6): 1203,
}  # fmt: skip
DONORS = pl.DataFrame(
    [{"frequency": x, "recency": t, "periods": 6, "weights": n} for (x, t), n in COUNTS.items()]
)


def fit_with(alpha: float, beta: float, gamma: float, delta: float) -> BetaGeometricBetaBinomialFit:
    point = np.log([alpha, beta, gamma, delta])
    return BetaGeometricBetaBinomialFit(
        log_parameters=point, covariance=np.zeros((4, 4)), log_likelihood=0.0, n=1
    )


def test_donors_of_the_paper_bgbb_donations_11104() -> None:
    fit = BetaGeometricBetaBinomial().fit(DONORS)
    told = {
        "alpha": 1.2035222047534908,
        "beta": 0.7497162859479605,
        "gamma": 0.6567182691134851,
        "delta": 2.7834425987768197,
    }
    assert fit.parameters == pytest.approx(told, rel=1e-6)
    assert fit.log_likelihood == pytest.approx(-33225.581274346994, abs=1e-8)
    assert fit.n == 11104
    assert fit.notes == ()
    assert set(fit.standard_errors) == set(told)


@pytest.mark.reference
def test_the_table_is_that_of_the_reference(golden) -> None:
    frame = pl.read_csv(golden / "value" / "bgbb_donations.csv")
    key = ["frequency", "recency", "periods"]
    assert frame.sort(key).equals(DONORS.sort(key))


def test_one_row_a_customer_is_the_same_as_counts() -> None:
    few = DONORS.with_columns(pl.col("weights") // 40)
    one_by_one = few.select(pl.all().repeat_by("weights").explode(empty_as_null=False)).drop("weights")
    counted, single = (BetaGeometricBetaBinomial().fit(data) for data in (few, one_by_one))
    assert single.log_parameters == pytest.approx(counted.log_parameters, abs=1e-6)
    assert single.n == counted.n == len(one_by_one)


logs = st.floats(np.log(0.05), np.log(50))


@settings(max_examples=60, deadline=None)
@given(st.tuples(logs, logs, logs, logs), st.integers(1, 7))
def test_probabilities_of_all_histories_add_to_one(logarithms: tuple[float, ...], periods: int) -> None:
    histories = [
        (sum(used), max((k + 1 for k, use in enumerate(used) if use), default=0))
        for used in itertools.product((0, 1), repeat=periods)
    ]
    data = {"frequency": [x for x, _ in histories], "recency": [t for _, t in histories], "periods": periods}
    likelihood, alive = log_parts(read_occasions(data), np.exp(np.array(logarithms)))
    assert np.exp(likelihood).sum() == pytest.approx(1, rel=1e-12)
    _, _, gamma, delta = np.exp(np.array(logarithms))
    there = np.exp(betaln(gamma, delta + periods) - betaln(gamma, delta))
    assert np.exp(alive).sum() == pytest.approx(there, rel=1e-10)


@settings(max_examples=40, deadline=None)
@given(st.tuples(logs, logs, logs, logs))
def test_derivatives_equal_differences(logarithms: tuple[float, ...]) -> None:
    occasions, step, point = read_occasions(DONORS), 1e-5, np.array(logarithms)
    value, gradient, hessian = log_likelihood(occasions, point)
    for place in range(4):
        shift = step * np.eye(4)[place]
        up, down = (log_likelihood(occasions, point + way * shift) for way in (1, -1))
        assert (up[0] - down[0]) / (2 * step) == pytest.approx(gradient[place], abs=1e-9 * abs(value))
        assert (up[1] - down[1]) / (2 * step) == pytest.approx(hessian[place], abs=1e-9 * abs(value))


def test_expectation_equals_the_published_formula() -> None:
    """Fader, Hardie and Shang (2010), equation 13, where gamma is not 1."""
    from scipy.special import gammaln

    alpha, beta, gamma, delta = 1.204, 0.750, 0.657, 2.783
    fit = fit_with(alpha, beta, gamma, delta)
    data = {"frequency": [0, 2, 4, 6], "recency": [0, 5, 4, 6], "periods": 6}
    x, ahead, n = np.array([0, 2, 4, 6]), 5, 6
    likelihood, _ = log_parts(read_occasions(data), np.array([alpha, beta, gamma, delta]))

    def ratio(m: int) -> float:
        return float(np.exp(gammaln(1 + delta + m) - gammaln(gamma + delta + m)))

    front = np.exp(betaln(alpha + x + 1, beta + n - x) - betaln(alpha, beta) - likelihood)
    back = delta / (gamma - 1) * np.exp(gammaln(gamma + delta) - gammaln(1 + delta))
    formula = front * back * (ratio(n) - ratio(n + ahead))
    assert fit.expected_purchases(data, periods=ahead) == pytest.approx(formula, rel=1e-10)


def test_alive_now_and_on_the_next_occasion() -> None:
    fit = fit_with(1.204, 0.750, 0.657, 2.783)
    data = {"frequency": [0, 2, 4, 6], "recency": [0, 5, 4, 6], "periods": 6}
    now, later = fit.p_alive(data), fit.p_alive(data, periods=1)
    assert now[3] == pytest.approx(1)
    assert later == pytest.approx(now * (2.783 + 6) / (0.657 + 2.783 + 6))
    uses = (1.204 + np.array([0, 2, 4, 6])) / (1.204 + 0.750 + 6)
    assert fit.expected_purchases(data, periods=1) == pytest.approx(later * uses)
    assert fit.discounted_expected_purchases(data, periods=1, discount=0.1) == pytest.approx(
        later * uses / 1.1
    )


def test_new_donors_on_six_occasions_equal_the_paper() -> None:
    """Donations a person of the paper's 11,104: 2.07 on average in six years."""
    fit = BetaGeometricBetaBinomial().fit(DONORS)
    actual = (DONORS["frequency"] * DONORS["weights"]).sum() / 11104
    assert fit.expected_purchases_of_new(6) == pytest.approx(actual, rel=0.01)


def test_total_counts_the_weights() -> None:
    fit = BetaGeometricBetaBinomial().fit(DONORS)
    total = fit.expected_total(DONORS, periods=5)
    expected = fit.expected_purchases(DONORS, periods=5) @ DONORS["weights"].to_numpy()
    assert total.estimate == pytest.approx(expected)
    assert total.ci_low < expected < total.ci_high


def test_hundreds_of_occasions_stay_finite() -> None:
    data = {"frequency": [0, 1, 300, 500, 20], "recency": [0, 1, 400, 500, 30], "periods": 500}
    fit = BetaGeometricBetaBinomial().fit(data)
    assert np.isfinite(fit.log_likelihood)
    assert np.isfinite(fit.expected_purchases(data, periods=50)).all()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"frequency": [0, 0], "recency": [0, 0], "periods": 4}, TooLittleData),
        ({"frequency": [1], "recency": [2], "periods": 4}, TooLittleData),
        ({"frequency": [1, 3], "recency": [2, 2], "periods": 4}, BadValue),
        ({"frequency": [1, 1], "recency": [2, 5], "periods": 4}, BadValue),
        ({"frequency": [1, 1.5], "recency": [2, 3], "periods": 4}, BadValue),
        ({"frequency": [1, float("nan")], "recency": [2, 3], "periods": 4}, BadValue),
        ({"frequency": [1, 1], "recency": [2, 3]}, MissingColumn),
    ],
)
def test_bad_input_is_one_clear_error(data: dict, error: type[Exception]) -> None:
    with pytest.raises(error):
        BetaGeometricBetaBinomial().fit(data)


@pytest.mark.slow
def test_intervals_keep_their_level() -> None:
    truth = np.array([1.2, 0.8, 0.9, 3.0])
    runs, hits, total_hits = 2000, np.zeros(4), 0
    for seed in range(runs):
        generator = np.random.default_rng(seed)
        n, periods = 2000, 8
        uses, leaves = generator.beta(1.2, 0.8, n), generator.beta(0.9, 3.0, n)
        there = generator.geometric(np.maximum(leaves, 1e-12)) - 1
        used = (generator.random((n, periods)) < uses[:, None]) & (np.arange(periods) < there[:, None])
        last = np.where(used.any(axis=1), periods - np.argmax(used[:, ::-1], axis=1), 0)
        data = {"frequency": used.sum(axis=1), "recency": last, "periods": periods}
        fit = BetaGeometricBetaBinomial().fit(data)
        for place, name in enumerate(fit.names):
            found = fit.interval(name)
            hits[place] += found.ci_low <= truth[place] <= found.ci_high
        total = fit.expected_total(data, periods=5)
        total_hits += (
            total.ci_low <= fit_with(*truth).expected_purchases(data, periods=5).sum() <= total.ci_high
        )
    assert ((hits / runs >= 0.93) & (hits / runs <= 0.97)).all(), hits / runs
    assert 0.93 <= total_hits / runs <= 0.97, total_hits / runs
