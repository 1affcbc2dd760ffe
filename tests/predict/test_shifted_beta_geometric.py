from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaln, hyp2f1

from leal.errors import BadValue
from leal.predict import ShiftedBetaGeometric, ShiftedBetaGeometricFit, TooLittleData
from leal.predict.purchase_models.cohort_losses import losses_of

# Fader and Hardie (2007): percent of two segments left, year by year.
HIGH_END = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1]
REGULAR = [100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1]


def fit_with(alpha: float, beta: float) -> ShiftedBetaGeometricFit:
    point, losses = np.log([alpha, beta]), losses_of([100, 80, 70, 65])
    return ShiftedBetaGeometricFit(
        log_parameters=point, covariance=np.zeros((2, 2)), log_likelihood=0.0, n=1, losses=losses
    )


def test_plain_use() -> None:
    fit = ShiftedBetaGeometric().fit([1000, 869, 743, 653, 593, 551, 517, 491])
    first, last = fit.retention(1), fit.retention(8)
    assert first.ci_low < first.estimate < first.ci_high < last.ci_low
    assert str(fit) == "alpha = 0.668, beta = 3.806 (n = 1,000)"
    assert {note.code for note in fit.notes} == {"retention_rises"}


@pytest.mark.parametrize(
    ("survivors", "told"),
    [
        (HIGH_END, (0.6680884026330937, 3.806095245628869, -161.11581473911565)),
        (REGULAR, (0.7040772768447512, 1.1820429586315895, -168.02651884632868)),
    ],
)
def test_published_segments_methods_sbg(survivors: list[float], told: tuple[float, float, float]) -> None:
    fit = ShiftedBetaGeometric().fit(survivors)
    assert list(fit.parameters.values()) == pytest.approx(told[:2], rel=1e-6)
    assert fit.log_likelihood == pytest.approx(told[2], abs=1e-10)
    assert "not_whole" in {note.code for note in fit.notes}


@pytest.mark.reference
def test_the_numbers_are_those_of_the_reference(golden: Path) -> None:
    told = json.loads((golden / "methods" / "expected.json").read_text())["sbg"]
    for name, survivors in (("high_end", HIGH_END), ("regular", REGULAR)):
        key = next(key for key in told if key.startswith(name))
        assert [float(word) for word in key.removeprefix(name).strip("_").split("_")] == survivors
        fit = ShiftedBetaGeometric().fit(survivors)
        assert [*fit.parameters.values(), fit.log_likelihood] == pytest.approx(told[key], rel=1e-6)


logs = st.floats(np.log(0.05), np.log(500))


@settings(max_examples=60, deadline=None)
@given(logs, logs, st.integers(1, 60))
def test_curves_equal_beta_functions(log_alpha: float, log_beta: float, renewals: int) -> None:
    alpha, beta = np.exp(log_alpha), np.exp(log_beta)
    fit = fit_with(alpha, beta)
    survival = np.exp(betaln(alpha, beta + renewals) - betaln(alpha, beta))
    assert fit.survival(renewals).estimate == pytest.approx(survival, rel=1e-9)
    retention = (beta + renewals - 1) / (alpha + beta + renewals - 1)
    assert fit.retention(renewals).estimate == pytest.approx(retention, rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.1, 20), st.floats(0.1, 20), st.floats(0.02, 1), st.integers(0, 20))
def test_discounted_lifetimes_equal_the_published_formulas(
    alpha: float, beta: float, discount: float, renewals: int
) -> None:
    """Fader and Hardie (2010): DEL, and DERL of a customer active for renewals + 1 periods."""
    fit, z = fit_with(alpha, beta), 1 / (1 + discount)
    assert fit.discounted_lifetime(discount).estimate == pytest.approx(
        hyp2f1(1, beta, alpha + beta, z), rel=1e-8
    )
    n = renewals + 1
    front = (beta + n - 1) / (alpha + beta + n - 1)
    residual = front * hyp2f1(1, beta + n, alpha + beta + n, z)
    assert fit.residual_lifetime(renewals, discount).estimate == pytest.approx(residual, rel=1e-8)


def test_lifetime_within_a_horizon_and_without() -> None:
    fit = fit_with(2.5, 4.0)
    assert fit.expected_lifetime().estimate == pytest.approx((2.5 + 4 - 1) / 1.5)
    assert fit.expected_lifetime(100_000).estimate == pytest.approx(5.5 / 1.5, rel=1e-4)
    assert fit.expected_lifetime(1).estimate == 1
    endless = fit_with(0.7, 1.2).expected_lifetime()
    assert not endless.known
    assert "mean_not_finite" in {note.code for note in endless.notes}


def test_those_who_stayed_are_worth_more() -> None:
    fit = ShiftedBetaGeometric().fit([1000, 631, 468, 382, 326, 289, 262, 241])
    values = [fit.residual_lifetime(renewals, 0.1).estimate for renewals in range(8)]
    assert values == sorted(values)


def test_cohorts_of_different_age_add_up() -> None:
    one, two = [800, 560, 430, 350], [500, 360, 270]
    fit = ShiftedBetaGeometric().fit([one, two])
    assert fit.n == 1300
    alpha, beta = fit.parameters.values()

    def of(counts: list[int]) -> float:
        retention = [(beta + j) / (alpha + beta + j) for j in range(len(counts) - 1)]
        return sum(
            after * np.log(r) + (before - after) * np.log(1 - r)
            for before, after, r in zip(counts[:-1], counts[1:], retention, strict=True)
        )

    assert fit.log_likelihood == pytest.approx(of(one) + of(two), abs=1e-9)


def test_customers_who_are_alike_need_one_rate_only() -> None:
    fit = ShiftedBetaGeometric().fit([1000, 800, 640, 512, 410, 328])
    assert "constant_retention_enough" in {note.code for note in fit.notes}
    found = fit.retention(3)
    assert found.estimate == pytest.approx(0.8, abs=0.002)
    assert found.ci_low < 0.8 < found.ci_high
    assert fit.discounted_lifetime(0.1).estimate == pytest.approx(1 / (1 - 0.8 / 1.1), rel=0.01)


def test_curve_lists_what_the_single_figures_say() -> None:
    fit = ShiftedBetaGeometric().fit([1000, 869, 743, 653])
    curve = fit.curve(5)
    assert curve["renewal"].to_list() == [1, 2, 3, 4, 5]
    assert curve["retention"][3] == fit.retention(4).estimate
    assert curve["survival_high"][4] == fit.survival(5).ci_high


@pytest.mark.parametrize(
    ("survivors", "error"),
    [
        ([100, 90], TooLittleData),
        ([100, 100, 100], TooLittleData),
        ([100, 0, 0], TooLittleData),
        ([100, 110, 90], BadValue),
        ([100, None, 90], BadValue),
        ([100, 50, -1], BadValue),
        ([], BadValue),
        ([[]], BadValue),
    ],
)
def test_bad_input_is_one_clear_error(survivors: list, error: type[Exception]) -> None:
    with pytest.raises(error):
        ShiftedBetaGeometric().fit(survivors)


@pytest.mark.parametrize("discount", [0, -0.1, float("nan"), float("inf")])
def test_an_interest_that_gives_no_value_is_refused(discount: float) -> None:
    with pytest.raises(BadValue):
        fit_with(1.0, 2.0).discounted_lifetime(discount)


def test_limits_are_those_of_the_profile_likelihood() -> None:
    from scipy.optimize import minimize_scalar
    from scipy.special import chdtri

    fit = ShiftedBetaGeometric().fit(HIGH_END)
    found = fit.interval("alpha")
    for limit in (found.ci_low, found.ci_high):
        profile = minimize_scalar(
            lambda log_beta, at=limit: -fit.losses.likelihood(np.array([np.log(at), log_beta]))[0],
            bounds=(-3, 6), method="bounded", options={"xatol": 1e-10},
        )  # fmt: skip
        assert fit.log_likelihood + profile.fun == pytest.approx(chdtri(1, 0.05) / 2, rel=2e-3)


def test_an_open_parameter_has_no_upper_limit() -> None:
    fit = ShiftedBetaGeometric().fit([1000, 800, 640, 512, 410, 328])
    found = fit.interval("alpha")
    assert found.ci_low > 1
    assert found.ci_high == np.inf
    assert found.to_dict()["ci_high"] is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("alpha", "beta", "customers", "periods"),
    [(0.9, 2.0, 50, 7), (2.0, 8.0, 50, 6), (0.7, 1.2, 50, 4), (0.9, 2.0, 500, 7), (5.0, 20.0, 200, 7)],
)
def test_intervals_keep_their_level(alpha: float, beta: float, customers: int, periods: int) -> None:
    runs, truth = 600, fit_with(alpha, beta)
    asked = {
        "retention": lambda fit: fit.retention(2),
        "later retention": lambda fit: fit.retention(10),
        "survival": lambda fit: fit.survival(10),
        "discounted": lambda fit: fit.discounted_lifetime(0.1),
        "residual": lambda fit: fit.residual_lifetime(3, 0.1),
        "horizon": lambda fit: fit.expected_lifetime(5),
        "alpha": lambda fit: fit.interval("alpha"),
    }
    wanted = {name: ask(truth).estimate for name, ask in asked.items()}
    hits = dict.fromkeys(asked, 0)
    for seed in range(runs):
        generator = np.random.default_rng(seed)
        chance = np.maximum(generator.beta(alpha, beta, customers), 1e-12)
        stayed = generator.geometric(chance)
        survivors = [int(np.sum(stayed > renewal)) for renewal in range(periods)]
        fit = ShiftedBetaGeometric().fit([customers, *survivors[1:]])
        for name, ask in asked.items():
            found = ask(fit)
            hits[name] += found.ci_low <= wanted[name] <= found.ci_high
    shares = {name: count / runs for name, count in hits.items()}
    # .93 to .97 is promised; 600 runs scatter by .009
    assert all(0.93 - 0.009 <= share <= 0.97 + 0.009 for share in shares.values()), shares


def test_few_customers_of_a_contract_are_not_said_to_have_bought_again() -> None:
    fit = ShiftedBetaGeometric().fit([20, 15, 12, 10])
    few = next(note.text for note in fit.notes if note.code == "few_repeaters")
    assert few == "20 customers only are followed: read this as a direction, not as a figure."
