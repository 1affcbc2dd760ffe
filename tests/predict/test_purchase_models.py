"""BG/NBD, MBG/NBD and NBD: published numbers, properties, the edges of the data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.predict.cdnow import customer_scores, golden_values, published_weeks, simulated, whole_days

import leal
from leal.errors import BadValue, LealError, MissingColumn
from leal.predict import MbgNbdFit, Nbd, PurchaseModelFit, Rhythm, TooLittleData
from leal.predict.purchase_models.beta_geometric import beta_geometric_likelihood, fit_beta_geometric
from leal.predict.purchase_models.customer_codes import code_customers
from leal.predict.purchase_models.customer_columns import read_rhythm
from leal.predict.purchase_models.nbd import maximise_nbd
from leal.predict.purchase_models.newton import maximise

SPECS = {"bg": leal.BgNbd(), "mbg": leal.MbgNbd(), "nbd": Nbd()}
EXPECTED = ("expected_purchases", "p_alive")


def table(customers: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: customers[name] for name in ("frequency", "recency", "age")}


def test_the_plain_use() -> None:
    customers = table(simulated(500, 1))
    fit = leal.BgNbd().fit(customers)
    assert list(fit.parameters) == ["r", "alpha", "a", "b"]
    assert all(fit.standard_errors[name] > 0 for name in fit.parameters)
    expected = fit.expected_purchases(customers, weeks=39)
    assert expected.shape == (500,)
    assert (expected >= 0).all()
    assert str(fit).startswith("r = ")
    assert fit.to_frame()["parameter"].to_list() == ["r", "alpha", "a", "b"]
    found = fit.to_dict()["parameters"]
    assert found == pytest.approx(fit.parameters)
    model: PurchaseModelFit = fit
    assert model.n == 500


@pytest.mark.reference
@pytest.mark.parametrize(
    ("name", "spec", "weeks"),
    [
        ("bgnbd", "bg", "published"),
        ("bgnbd_exact_days", "bg", "days"),
        ("mbgnbd", "mbg", "days"),
        ("nbd", "nbd", "days"),
    ],
)
def test_cdnow_parameters_as_published_by_fader_hardie_and_lee(
    golden: Path, name: str, spec: str, weeks: str
) -> None:
    """Source: golden/value/cdnow_golden.json; the paper, lifetimes and CLVTools agree with it."""
    customers = published_weeks(golden) if weeks == "published" else whole_days(golden)
    known = golden_values(golden)[name]
    fit = SPECS[spec].fit(customers)
    assert fit.parameters == pytest.approx(known["params"], rel=2e-6)
    assert fit.log_likelihood == pytest.approx(known["ll"], abs=1e-7)
    assert fit.n == 2357


@pytest.mark.reference
@pytest.mark.parametrize(("spec", "prefix"), [("bg", "bg"), ("mbg", "mbg")])
def test_cdnow_scores_of_each_customer(golden: Path, spec: str, prefix: str) -> None:
    """Source: golden/value/cdnow_customer_scores.csv.xz (BG/NBD fitted on the published weeks)."""
    customers, known = whole_days(golden), customer_scores(golden)
    fit = SPECS[spec].fit(published_weeks(golden) if spec == "bg" else customers)
    expected, alive = fit.expected_purchases(customers, weeks=39), fit.p_alive(customers)
    assert expected == pytest.approx(known[f"{prefix}_E39"].to_numpy(), rel=3e-6)
    assert alive == pytest.approx(known[f"{prefix}_palive"].to_numpy(), rel=3e-6)


@pytest.mark.reference
@pytest.mark.parametrize(("spec", "name"), [("bg", "bgnbd"), ("mbg", "mbgnbd")])
def test_cdnow_holdout_and_conditional_expectation(golden: Path, spec: str, name: str) -> None:
    """Source: cdnow_golden.json holdout_39w and cdnow_conditional_expectation_by_x.csv."""
    customers, known = whole_days(golden), golden_values(golden)["holdout_39w"]
    fit = SPECS[spec].fit(published_weeks(golden) if spec == "bg" else customers)
    expected = fit.expected_purchases(customers, 39)
    actual = customers["holdout"].to_numpy()
    assert actual.sum() == 1882
    wanted = known[name]
    assert expected.sum() == pytest.approx(wanted["total_pred"], rel=1e-6)
    assert np.abs(expected - actual).mean() == pytest.approx(wanted["MAE"], rel=1e-6)
    assert np.sqrt(((expected - actual) ** 2).mean()) == pytest.approx(wanted["RMSE"], rel=1e-6)
    assert np.corrcoef(expected, actual)[0, 1] == pytest.approx(wanted["corr"], rel=1e-6)
    assert fit.p_alive(customers).mean() == pytest.approx(known["mean_palive"][name], rel=1e-6)
    by_x = pl.read_csv(golden / "value" / "cdnow_conditional_expectation_by_x.csv")
    bins = customers.select(bin=pl.col("frequency").clip(0, 7), expected=pl.Series(expected))
    means = bins.group_by("bin").agg(pl.col("expected").mean(), pl.len()).sort("bin")
    assert means["expected"].to_list() == pytest.approx(by_x[name].to_list(), abs=1e-6)
    assert means["len"].to_list() == by_x["n"].to_list()


@pytest.mark.reference
def test_cdnow_tracking_of_bg_nbd(golden: Path) -> None:
    """Source: golden/value/cdnow_tracking.csv: the expected purchases of all since each one's first day."""
    tracked = pl.read_csv(golden / "value" / "cdnow_tracking.csv")
    customers = whole_days(golden)
    fit = leal.BgNbd().fit(published_weeks(golden))
    joined = (39 - customers["age"].to_numpy()).round(9)
    found = [
        sum(fit.expected_purchases_of_new(week - start) * count for start, count in
            zip(*np.unique(joined, return_counts=True), strict=True) if week > start)
        for week in tracked["week"].to_list()
    ]  # fmt: skip
    assert found == pytest.approx(tracked["bgnbd"].to_list(), rel=2e-6)


@pytest.mark.reference
def test_the_customer_of_the_excel_note(golden: Path) -> None:
    """Source: Fader and Hardie's Excel note: x 2, t 30.43, T 38.86, 39 weeks ahead -> 1.226."""
    fit = leal.BgNbd().fit(published_weeks(golden))
    customer = {"frequency": 2, "recency": 30.43, "age": 38.86}
    assert fit.expected_purchases(customer, weeks=39)[0] == pytest.approx(1.2259104825, rel=2e-7)
    assert fit.p_alive(customer)[0] == pytest.approx(0.72660917, rel=2e-7)
    rounded = fit.with_parameters(np.log([0.243, 4.414, 0.793, 2.426]))
    assert rounded.expected_purchases(customer, weeks=39)[0] == pytest.approx(1.226028174767135, rel=1e-12)
    assert rounded.p_alive(customer)[0] == pytest.approx(0.726578570080673, rel=1e-12)


@pytest.mark.parametrize("chances", [0, 1])
def test_gradient_and_second_derivatives_are_those_of_the_likelihood(chances: int) -> None:
    codes = code_customers(Rhythm(**table(simulated(300, 2))), once=chances > 0)
    likelihood = beta_geometric_likelihood(codes, chances)
    point = np.log([0.6, 4.0, 0.7, 2.0])
    _, gradient, hessian = likelihood(point)
    for place in range(4):
        shift = np.zeros(4)
        shift[place] = 1e-5
        above, below = likelihood(point + shift), likelihood(point - shift)
        assert (above[0] - below[0]) / 2e-5 == pytest.approx(gradient[place], rel=1e-6, abs=1e-5)
        assert (above[1] - below[1]) / 2e-5 == pytest.approx(hessian[place], rel=1e-5, abs=1e-4)


def test_few_passes_lead_to_the_maximum() -> None:
    codes = code_customers(Rhythm(**table(simulated(2000, 3))), once=False)
    found = maximise(beta_geometric_likelihood(codes, 0), np.log([0.5, 3.0, 0.8, 2.0]))
    assert found.converged
    assert found.passes <= 9
    value, gradient, _ = beta_geometric_likelihood(codes, 0)(found.point)
    assert np.abs(gradient).max() < 1e-4
    assert value == pytest.approx(found.value, abs=1e-9)


@pytest.mark.parametrize("spec", ["bg", "mbg", "nbd"])
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(spec: str, seed: int) -> None:
    customers = table(simulated(80, seed, a=0.5))
    order = np.random.default_rng(seed).permutation(80)
    first = fitted(spec, customers)
    second = fitted(spec, {name: values[order] for name, values in customers.items()})
    if first is None or second is None:
        assert first is second
        return
    # Along a ridge that has no end the walk stops where little is left to gain, not at one point.
    ridge = "undetermined" in {note.code for note in (*first.notes, *second.notes)}
    assert second.log_likelihood == pytest.approx(first.log_likelihood, abs=1e-2 if ridge else 1e-6)
    expected, found = (fit.expected_purchases(customers, weeks=20) for fit in (first, second))
    assert found == pytest.approx(expected, rel=1e-2 if ridge else 1e-4, abs=1e-8)


def fitted(spec: str, customers: dict[str, np.ndarray]) -> Any:
    try:
        return SPECS[spec].fit(customers)
    except TooLittleData:
        return None


@pytest.mark.parametrize("spec", ["bg", "mbg", "nbd"])
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_rows_given_twice_say_the_same_twice(spec: str, seed: int) -> None:
    customers = table(simulated(400, seed))
    once = SPECS[spec].fit(customers)
    twice = SPECS[spec].fit({name: np.tile(values, 2) for name, values in customers.items()})
    assert twice.log_likelihood == pytest.approx(2 * once.log_likelihood, rel=1e-9)
    if "undetermined" in {note.code for note in once.notes}:  # a ridge without end: compare what it foretells
        expected, found = (fit.expected_purchases(customers, weeks=20) for fit in (once, twice))
        assert found == pytest.approx(expected, rel=1e-3)
        return
    assert twice.parameters == pytest.approx(once.parameters, rel=2e-3)
    assert twice.covariance * 2 == pytest.approx(once.covariance, rel=2e-2, abs=1e-9)


@pytest.mark.parametrize("spec", ["bg", "mbg"])
@settings(max_examples=10, deadline=None)
@given(factor=st.sampled_from([1e-4, 1 / 7, 7.0, 1e5]))
def test_another_unit_of_time_changes_alpha_only(spec: str, factor: float) -> None:
    customers = table(simulated(1000, 4))
    scaled = customers | {name: customers[name] * factor for name in ("recency", "age")}
    here, there = SPECS[spec].fit(customers), SPECS[spec].fit(scaled)
    wanted = here.parameters | {"alpha": here.parameters["alpha"] * factor}
    assert there.parameters == pytest.approx(wanted, rel=1e-4)
    assert there.p_alive(scaled) == pytest.approx(here.p_alive(customers), rel=1e-5)
    ahead = there.expected_purchases(scaled, weeks=10 * factor)
    assert ahead == pytest.approx(here.expected_purchases(customers, weeks=10), rel=1e-5)


@pytest.mark.parametrize("spec", ["bg", "mbg", "nbd"])
@settings(max_examples=60, deadline=None)
@given(
    frequency=st.integers(0, 10**9),
    share=st.floats(0, 1),
    age=st.floats(0, 1e9),
    weeks=st.floats(0, 1e6),
    logs=st.tuples(*[st.floats(-8, 8)] * 4),
)
def test_scores_are_finite_for_any_customer_and_parameters(
    spec: str, frequency: int, share: float, age: float, weeks: float, logs: tuple[float, ...]
) -> None:
    fit = FITS[spec].with_parameters(np.array(logs[: len(FITS[spec].names)]))
    customer = {"frequency": frequency, "recency": share * age if frequency else 0.0, "age": age}
    expected, alive = fit.expected_purchases(customer, weeks=weeks)[0], fit.p_alive(customer)[0]
    assert np.isfinite(expected)
    assert expected >= 0
    assert 0 <= alive <= 1
    assert fit.expected_purchases(customer, weeks=weeks * 2 + 1)[0] >= expected * (1 - 1e-9)


FITS = {name: spec.fit(table(simulated(300, 5))) for name, spec in SPECS.items()}


def test_expected_purchases_agree_with_a_simulation_of_the_customers_to_come() -> None:
    for chances, spec in ((0, leal.BgNbd()), (1, leal.MbgNbd())):
        customers = simulated(40_000, 6, chances=chances, holdout=30.0)
        fit = spec.fit(table(customers)).with_parameters(np.log([0.8, 5.0, 0.8, 2.5]))
        expected, later = fit.expected_purchases(table(customers), weeks=30), customers["holdout"]
        for group in (customers["frequency"] == 0, customers["frequency"] >= 3):
            error = (later[group] - expected[group]).mean() / (later[group].std() / np.sqrt(group.sum()))
            assert abs(error) < 4


def test_a_new_customer_is_one_of_age_zero() -> None:
    fit = FITS["bg"]
    nobody = {"frequency": 0, "recency": 0, "age": 0}
    assert fit.expected_purchases_of_new(30) == pytest.approx(fit.expected_purchases(nobody, weeks=30)[0])
    assert fit.expected_purchases_of_new(0) == 0


def test_one_time_buyers_are_alive_in_bg_nbd_and_it_says_so() -> None:
    once = {"frequency": 0, "recency": 0, "age": 200}
    assert FITS["bg"].p_alive(once)[0] == 1
    assert "one_time_buyers_alive" in {note.code for note in FITS["bg"].notes}
    assert FITS["mbg"].p_alive(once)[0] < 0.9


@pytest.mark.parametrize(("spec", "seed"), [("bg", 4), ("mbg", 9)])
def test_where_nobody_leaves_the_model_says_that_nbd_is_enough(spec: str, seed: int) -> None:
    """In these samples no dropout at all makes the data likelier than some of it."""
    customers = table(simulated(1500, seed, a=0.0))
    fit, plain = SPECS[spec].fit(customers), Nbd().fit(customers)
    assert "no_dropout" in {note.code for note in fit.notes}
    assert fit.parameters["a"] == 0
    assert set(fit.standard_errors) == {"r", "alpha"}
    assert not fit.interval("a").known
    assert (fit.p_alive(customers) == 1).all()
    assert fit.expected_purchases(customers, weeks=52) == pytest.approx(
        plain.expected_purchases(customers, weeks=52), rel=1e-12
    )
    total = fit.expected_total(customers, weeks=52)
    taken_as_known = fit._forgetful(fit.log_parameters).expected_total(customers, weeks=52)
    assert total.method == "profile_likelihood"
    assert total.ci_low < taken_as_known.ci_low
    assert total.ci_high == pytest.approx(taken_as_known.ci_high, rel=0.01)


@pytest.mark.parametrize("spec", ["bg", "mbg"])
def test_a_little_likelier_with_dropout_is_the_maximum_all_the_same_and_told(spec: str) -> None:
    """Nobody leaves; some dropout fits a little better by chance: the maximum is given, and doubted."""
    customers = table(simulated(1500, 12, a=0.0))
    fit = SPECS[spec].fit(customers)
    codes = code_customers(read_rhythm(customers), once=spec == "mbg")
    assert 0.1 < fit.log_likelihood - maximise_nbd(codes).value < 2
    assert "no_dropout" in {note.code for note in fit.notes}


def leaving_soon(n: int, seed: int) -> dict[str, np.ndarray]:
    """Return customers who buy much alike and mostly leave at the first repeat purchase: 52 weeks."""
    random = np.random.default_rng(seed)
    left = 1 + random.geometric(0.75, n)
    waits = random.exponential(1.0 / random.gamma(3.0, 1 / 3.0, n)[:, None], (n, 12)).cumsum(axis=1)
    bought = (waits < 52) & (np.arange(12) < left[:, None] - 1)
    last = np.where(bought, waits, 0.0).max(axis=1)
    return {
        "frequency": bought.sum(axis=1).astype(float),
        "recency": np.floor(last * 7) / 7,
        "age": np.full(n, 52.0),
    }


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("spec", ["bg", "mbg"])
def test_the_likeliest_of_several_maxima_is_found(spec: str, seed: int) -> None:
    """Rates alike, few repeats, leaving at once: searches from forty places find nothing likelier."""
    random = np.random.default_rng(seed)
    for customers in (
        leaving_soon(300, seed),
        table(simulated(100, seed, a=5.0, b=2.0, chances=int(spec == "mbg"))),
        table(simulated(60, seed, a=0.1, b=0.1, chances=int(spec == "mbg"))),
    ):
        fit = SPECS[spec].fit(customers)
        codes = code_customers(read_rhythm(customers), once=spec == "mbg")
        likelihood = beta_geometric_likelihood(codes, int(spec == "mbg"))
        rate = customers["frequency"].sum() / customers["age"].sum()
        for _ in range(40):
            r, a, b = np.exp(random.uniform([-3, -5, -5], [2, 3, 4]))
            found = maximise(likelihood, np.log([r, r / rate, a, b]))
            assert fit.log_likelihood >= found.value - 1e-3


def test_customers_alike_in_rate_leave_a_parameter_undetermined_but_scores_sound() -> None:
    random = np.random.default_rng(8)
    frequency = random.binomial(20, 0.5, 400).astype(float)
    customers = {
        "frequency": frequency,
        "recency": np.where(frequency > 0, 19.0, 0.0),
        "age": np.full(400, 20.0),
    }
    fit = leal.BgNbd().fit(customers)
    assert "undetermined" in {note.code for note in fit.notes}
    assert fit.expected_purchases(customers, weeks=20).mean() == pytest.approx(10, rel=0.02)


@pytest.mark.parametrize("spec", ["bg", "mbg", "nbd"])
def test_nothing_to_learn_from_is_one_clear_error(spec: str) -> None:
    nobody = {"frequency": [0, 0, 0], "recency": [0, 0, 0], "age": [10, 5, 3]}
    with pytest.raises(TooLittleData, match="None of 3 customers bought again"):
        SPECS[spec].fit(nobody)
    with pytest.raises(TooLittleData, match="more than 1"):
        SPECS[spec].fit({"frequency": 1, "recency": 2, "age": 3})
    with pytest.raises(TooLittleData):
        SPECS[spec].fit(pl.DataFrame(schema=dict.fromkeys(("frequency", "recency", "age"), pl.Float64)))


def test_few_repeaters_are_told() -> None:
    fit = leal.BgNbd().fit(table(simulated(30, 9)))
    assert "few_repeaters" in {note.code for note in fit.notes}


@pytest.mark.parametrize(
    ("customer", "column"),
    [
        ({"frequency": 1.5, "recency": 1, "age": 2}, "frequency"),
        ({"frequency": -1, "recency": 1, "age": 2}, "frequency"),
        ({"frequency": 1, "recency": 3, "age": 2}, "recency"),
        ({"frequency": 0, "recency": 1, "age": 2}, "recency"),
        ({"frequency": 1, "recency": 1, "age": float("nan")}, "age"),
        ({"frequency": float("inf"), "recency": 1, "age": 2}, "frequency"),
    ],
)
def test_a_customer_who_cannot_be_is_named(customer: dict[str, float], column: str) -> None:
    with pytest.raises(BadValue) as error:
        FITS["bg"].p_alive(customer)
    assert error.value.where.column == column
    assert error.value.where.row == 1


def test_other_bad_input_is_one_clear_error() -> None:
    with pytest.raises(MissingColumn, match="age"):
        leal.BgNbd().fit({"frequency": [1], "recency": [1]})
    with pytest.raises(BadValue, match="one length"):
        leal.BgNbd().fit({"frequency": [1, 2], "recency": [1, 1, 1], "age": [2, 2, 2]})
    with pytest.raises(BadValue, match="not numbers"):
        leal.BgNbd().fit(pl.DataFrame({"frequency": ["a"], "recency": [1], "age": [2]}))
    customer = {"frequency": 1, "recency": 1, "age": 2}
    with pytest.raises(LealError):
        FITS["bg"].expected_purchases(customer, weeks=-1)
    with pytest.raises(BadValue):
        FITS["bg"].discounted_expected_purchases(customer, weeks=10, discount=-0.1)
    with pytest.raises(BadValue):
        FITS["bg"].with_parameters(np.zeros(3))


@pytest.mark.parametrize("engine", ["polars", "polars lazy", "duckdb", "pandas", "pyarrow"])
def test_customers_come_from_any_dataframe(give: Any, engine: str) -> None:
    customers = pl.DataFrame(table(simulated(200, 10))).with_columns(pl.col("frequency").cast(pl.Int64))
    wanted = leal.BgNbd().fit(customers)
    assert leal.BgNbd().fit(give(customers, engine)).parameters == pytest.approx(wanted.parameters, rel=1e-6)


def test_days_and_other_times_give_the_same_likelihood() -> None:
    """On the grid of days tables by day are used, off it those of the times that occur."""
    days = table(simulated(500, 11))
    days = days | {name: np.round(days[name] * 7) / 7 for name in ("recency", "age")}
    off = {
        name: np.append(values, extra)
        for (name, values), extra in zip(days.items(), (0, 0, 0.1), strict=True)
    }
    grid = {name: np.append(values, 0) for name, values in days.items()}
    point = np.log([0.6, 4.0, 0.7, 2.0])
    values = [
        beta_geometric_likelihood(code_customers(Rhythm(**customers), once=False), 0)(point)[0]
        for customers in (grid, off)
    ]
    assert values[0] - values[1] == pytest.approx(0.6 * np.log(4.1 / 4.0), abs=1e-9)


@pytest.mark.parametrize("spec", ["bg", "mbg", "nbd"])
def test_limits_of_a_parameter_are_where_the_best_fit_with_it_fixed_is_surely_worse(spec: str) -> None:
    """Profile likelihood: the fall is 3.841459 / 2, half the 95 % quantile of chi square."""
    fit = SPECS[spec].fit(table(simulated(400, 13)))
    likelihood = fit._likelihood()
    assert likelihood is not None
    best = likelihood(fit.log_parameters)[0]
    for place, name in enumerate(fit.names):
        found = fit.interval(name)
        assert found.method == "profile_likelihood"
        assert found.ci_low < found.estimate < found.ci_high
        others = np.arange(len(fit.names)) != place
        for limit in (found.ci_low, found.ci_high):
            if not np.isfinite(limit):
                continue
            point = fit.log_parameters.copy()
            point[place] = np.log(limit)

            def fixed(rest: np.ndarray, point: np.ndarray = point, others: np.ndarray = others) -> Any:
                whole = point.copy()
                whole[others] = rest
                value, gradient, hessian = likelihood(whole)
                return value, gradient[others], hessian[np.ix_(others, others)]

            assert best - maximise(fixed, point[others]).value == pytest.approx(3.841459 / 2, abs=5e-3)


def test_many_customers_or_other_parameters_leave_plus_or_minus() -> None:
    fit = FITS["bg"]
    assert fit.interval("r").method == "profile_likelihood"
    moved = fit.with_parameters(fit.log_parameters)
    found = moved.interval("r")
    assert found.method == "wald_log"
    assert found.ci_high / found.estimate == pytest.approx(found.estimate / found.ci_low)


def test_draws_carry_the_uncertainty_of_the_parameters() -> None:
    fit = FITS["mbg"]
    draws = fit.draws(20_000, seed=1)
    assert (draws == fit.draws(20_000, seed=1)).all()
    assert draws.mean(axis=0) == pytest.approx(fit.log_parameters, abs=0.05)
    assert np.cov(draws.T) == pytest.approx(fit.covariance, rel=0.1, abs=0.02)
    assert isinstance(fit.with_parameters(draws[0]), MbgNbdFit)


def test_large_samples_begin_with_a_part_and_end_at_the_same_maximum() -> None:
    customers = table(simulated(90_000, 12))
    whole = fit_beta_geometric(customers, 0, ())
    codes = code_customers(Rhythm(**customers), once=False)
    from_afar = maximise(beta_geometric_likelihood(codes, 0), np.log([0.3, 8.0, 0.3, 6.0]))
    assert whole["log_parameters"] == pytest.approx(from_afar.point, abs=1e-6)
    assert whole["log_likelihood"] == pytest.approx(from_afar.value, abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize(("spec", "chances"), [("bg", 0), ("mbg", 1)])
def test_intervals_hold_the_parameters_and_the_expected_total(spec: str, chances: int) -> None:
    truth = {"r": 0.8, "alpha": 5.0, "a": 0.8, "b": 2.5}
    held = dict.fromkeys([*truth, "total"], 0)
    runs = 1500
    for seed in range(runs):
        customers = table(simulated(500, 20_000 + seed, chances=chances))
        fit = SPECS[spec].fit(customers)
        for name, value in truth.items():
            found = fit.interval(name)
            held[name] += found.ci_low <= value <= found.ci_high
        true = fit.with_parameters(np.log(list(truth.values())))
        total = fit.expected_total(customers, weeks=39)
        held["total"] += total.ci_low <= true.expected_purchases(customers, weeks=39).sum() <= total.ci_high
    shares = {name: count / runs for name, count in held.items()}
    assert all(0.93 <= share <= 0.97 for share in shares.values()), str(shares)


def test_a_search_that_ends_on_a_ridge_begins_elsewhere() -> None:
    """80 made-up customers: on the ridge MBG/NBD gains 1.0 over NBD, where some leave at once 1.1."""
    customers = simulated(80, 1, r=0.823780278, alpha=11.344015338, a=1.369477908, b=3.158448259, chances=1)
    age, recency = (np.ceil(customers[name] * 7) / 7 for name in ("age", "recency"))
    customers = {"frequency": customers["frequency"], "recency": np.minimum(recency, age), "age": age}
    fit = leal.MbgNbd().fit(customers)
    assert fit.log_likelihood == pytest.approx(-295.2475, abs=1e-3)
    assert fit.parameters["a"] < 1
