"""Arms compared. Golden numbers: golden/methods (hillstrom, cuped, two_proportions_n, group_sequential)."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import stdtrit

import leal
from leal.errors import BadOption, BadValue, MissingColumn
from leal.prove import (
    Experiment,
    Look,
    detectable_effect,
    experiment,
    experiment_of_moments,
    plan_experiment,
    plan_looks,
)


def trial(effect: float = 10.0, n: int = 400, seed: int = 1, **shares: float) -> pl.DataFrame:
    """Spend of customers whose past explains half of it; the treated spend `effect` more."""
    random = np.random.default_rng(seed)
    arms = shares or {"control": 0.5, "treated": 0.5}
    arm = random.choice(list(arms), p=list(arms.values()), size=n)
    past = random.gamma(2.0, 25.0, n)
    spend = 0.7 * past + random.gamma(2.0, 12.0, n) + effect * (arm != "control")
    return pl.DataFrame({"customer": [f"c{k}" for k in range(n)], "arm": arm, "spend": spend, "past": past})


def read(frame: pl.DataFrame, **options: Any) -> Experiment:
    return experiment(frame, arm="arm", outcome="spend", **options)


def golden_arms(golden: Path) -> dict[str, Any]:
    answers: dict[str, Any] = json.loads((golden / "methods" / "expected.json").read_text())
    return answers


def test_an_effect_is_found_with_its_interval_lift_and_money() -> None:
    found = leal.experiment(trial(), arm="arm", outcome="spend", currency="RUB")
    assert found.verdict == "works"
    assert found.proved
    assert found.grade == "A"
    assert found.difference.ci_low < 10 < found.difference.ci_high
    assert found.per_thousand is not None
    assert found.per_thousand.estimate == pytest.approx(1000 * found.difference.estimate)
    assert found.lift.estimate == pytest.approx(
        found.difference.estimate / found.arms[0].mean.estimate, rel=1e-12
    )
    assert found.sentence().startswith("treated: works. Effect a head RUB")
    assert "Per 1,000 customers: RUB" in found.sentence()


@pytest.mark.reference
@pytest.mark.parametrize("outcome", ["visit", "conversion", "spend"])
def test_hillstrom_from_its_moments(golden: Path, outcome: str) -> None:
    """Source: ten-methods.md method 3, key hillstrom."""
    arms = {
        name: figures[outcome]
        for name, figures in golden_arms(golden)["hillstrom"].items()
        if isinstance(figures, dict)
    }
    found = experiment_of_moments(
        {name: (one["mean"], one["sd"], one["n"]) for name, one in arms.items()},
        control="No E-Mail",
        unit="money" if outcome == "spend" else "number",
    )
    for name in ("Mens E-Mail", "Womens E-Mail"):
        effect, expected = found[name].difference, arms[name]
        assert effect.estimate == pytest.approx(expected["diff"], rel=1e-9)
        assert effect.standard_error == pytest.approx(expected["se"], rel=1e-9)
        assert effect.estimate / effect.standard_error == pytest.approx(expected["z"], rel=1e-9)
        assert found[name].verdict == "works"
        assert found[name].p_adjusted >= effect.p_value


@pytest.mark.reference
def test_hillstrom_sample_ratio(golden: Path) -> None:
    """Source: ten-methods.md method 3: SRM chi2 .2025 on 2 df, p .904."""
    answers = golden_arms(golden)["hillstrom"]
    spend = {name: one["spend"] for name, one in answers.items() if isinstance(one, dict)}
    found = experiment_of_moments(
        {name: (one["mean"], one["sd"], one["n"]) for name, one in spend.items()}, control="No E-Mail"
    )
    assert found.split.statistic == pytest.approx(answers["srm_chi2_2df"])
    assert found.split.p_value == pytest.approx(answers["srm_p"])
    assert found["Mens E-Mail"].difference.estimate == pytest.approx(0.770, abs=5e-4)


@pytest.mark.reference
def test_uneven_money_costs_customers_where_few_are_held_out() -> None:
    few = {"control": 0.05, "treated": 0.95}
    even, uneven = (plan_experiment(30, sd=100, shares=few, skewness=one).customers for one in (0.0, 6.0))
    assert uneven > 1.5 * even
    assert detectable_effect(uneven, sd=100, shares=few, skewness=6.0) == pytest.approx(30, rel=1e-3)
    assert plan_experiment(30, sd=100, skewness=6.0) == plan_experiment(30, sd=100)  # halves lean nowhere
    loss = plan_experiment(-30, sd=100, shares=few, skewness=6.0)
    assert loss.customers == even  # its limit comes nearer


def test_the_sizes_of_the_reference(golden: Path) -> None:
    """Source: ten-methods.md method 3: .20 vs .25 at 80 % -> 1,091 an arm (key two_proportions_n)."""
    expected = golden_arms(golden)["two_proportions_n"]["n_per_arm_unpooled"]
    plan = plan_experiment(0.05, share=0.20)
    assert plan.arms == {"control": math.ceil(expected), "treated": math.ceil(expected)}


@pytest.mark.reference
def test_cuped_of_the_reference(golden: Path) -> None:
    """Source: key cuped: rho .65, n 50,000, variance 2,500: SE .2236 -> .1699."""
    expected = golden_arms(golden)["cuped"]
    left = plan_experiment(1.0, sd=50, correlation=expected["rho"]).variance_left
    assert left == pytest.approx(expected["var_ratio"])
    before = detectable_effect(1, sd=expected["se_before_n50000_var2500"])
    after = detectable_effect(1, sd=expected["se_before_n50000_var2500"], correlation=expected["rho"])
    assert expected["se_before_n50000_var2500"] * after / before == pytest.approx(expected["se_after"])


@pytest.mark.reference
def test_bounds_of_the_reference(golden: Path) -> None:
    """Source: key group_sequential_K5_alpha05: Pocock 2.413, O'Brien-Fleming 2.040 sqrt(5/k)."""
    expected = golden_arms(golden)["group_sequential_K5_alpha05"]
    assert plan_looks(5)["bound"].to_list() == pytest.approx(expected["obf_bounds"], abs=5e-4)
    assert Look(number=2, planned=5, shape="pocock").bound() == pytest.approx(expected["pocock_c"], abs=5e-4)


def test_cuped_stands_beside_and_says_what_it_saved() -> None:
    found = read(trial(4.0), before="past")
    effect = found.only
    assert effect.cuped is not None
    assert effect.effect is effect.cuped
    assert effect.cuped.standard_error < effect.difference.standard_error
    assert effect.variance_saved == pytest.approx(effect.cuped.correlation**2)
    assert "variance_explained" in {note.code for note in found.notes}
    plain, freed = effect.difference.standard_error, effect.cuped.standard_error
    assert freed == pytest.approx(plain * math.sqrt(effect.cuped.variance_ratio), rel=0.02)


def test_a_broken_split_is_never_called_proved() -> None:
    frame = trial(30.0, n=1000)
    kept = frame.filter((pl.col("arm") == "control") | (pl.col("spend") > 80))
    found = read(kept, expected_shares={"control": 0.5, "treated": 0.5})
    assert found.split.p_value < 0.001
    assert (found.verdict, found.proved, found.grade) == ("not_sound", False, "C")
    assert {note.code for note in found.notes} >= {"sample_ratio"}


def test_arms_that_differed_before_are_no_lot() -> None:
    frame = trial(10.0).with_columns(past=pl.col("past") + 30 * (pl.col("arm") == "treated"))
    found = read(frame, before="past")
    assert (found.verdict, found.proved, found.grade) == ("not_sound", False, "C")
    assert found.balance[0].difference.p_value < 0.001


def test_an_unequal_split_without_a_plan_is_taken_for_the_usual_one() -> None:
    found = read(trial(10.0, n=2000, control=0.1, treated=0.9))
    assert "split_assumed" in {note.code for note in found.notes}
    assert found.split.p_value > 0.001
    assert found.proved


@pytest.mark.parametrize(
    ("effect", "options", "verdict"),
    [
        (10.0, {}, "works"),
        (10.0, {"cost": 40.0}, "does_not"),
        (-15.0, {}, "harms"),
        (0.0, {}, "not_enough_data"),
        (0.0, {"smallest_effect": 30.0}, "does_not"),
        (10.0, {"value": 0.3, "cost": 2.9}, "not_enough_data"),
    ],
)
def test_the_verdict_in_words(effect: float, options: dict[str, Any], verdict: str) -> None:
    found = read(trial(effect), **options)
    assert found.verdict == verdict
    assert found.proved == (verdict == "works")


def test_money_is_after_cost_and_in_the_value_of_a_unit() -> None:
    found = read(trial(), value=0.3, cost=2.0).only
    assert found.per_thousand is not None
    assert found.gain_per_thousand is not None
    assert found.gain_per_thousand.estimate == pytest.approx(300 * found.difference.estimate)
    assert found.per_thousand.ci_low == pytest.approx(300 * found.difference.ci_low - 2000)


def test_ratios_are_the_delta_method_by_hand() -> None:
    random = np.random.default_rng(5)
    orders = random.poisson(3, 600) + 1.0
    spend = orders * 20 + random.normal(0, 15, 600)
    arm = np.repeat(["control", "treated"], 300)
    frame = pl.DataFrame({"arm": arm, "spend": spend, "orders": orders})
    found = read(frame, denominator="orders")
    parts = []
    for name in ("treated", "control"):
        y, d = spend[arm == name], orders[arm == name]
        ratio = y.sum() / d.sum()
        parts.append((ratio, np.var(y - ratio * d, ddof=1) / len(y) / d.mean() ** 2))
    assert found.difference.estimate == pytest.approx(parts[0][0] - parts[1][0])
    assert found.difference.standard_error == pytest.approx(math.sqrt(parts[0][1] + parts[1][1]))
    assert found.only.unit == "number"


def test_clusters_are_what_was_drawn() -> None:
    frame = pl.DataFrame(
        {
            "arm": ["control"] * 60 + ["treated"] * 60,
            "branch": [f"b{k // 6}" for k in range(120)],
            "spend": [float(k // 6 % 5 + k % 2) for k in range(120)],
        }
    )
    found = read(frame, cluster="branch")
    sums = frame.group_by("arm", "branch").agg(pl.col("spend").mean()).sort("arm")
    by_hand = [part["spend"] for _, part in sums.group_by("arm", maintain_order=True)]
    assert found.n == 20
    assert found.difference.estimate == pytest.approx(by_hand[1].mean() - by_hand[0].mean())
    assert found.difference.standard_error == pytest.approx(
        math.sqrt(by_hand[0].var() / 10 + by_hand[1].var() / 10)
    )


def test_several_arms_are_corrected_and_asked_for_by_name() -> None:
    frame = trial(0.0, n=900, control=1 / 3, mail=1 / 3, call=1 / 3)
    found = read(frame)
    assert [one.arm for one in found] == ["call", "mail"]
    assert max(one.p_adjusted for one in found) >= max(one.difference.p_value for one in found)
    with pytest.raises(BadOption, match="arm"):
        _ = found.verdict
    with pytest.raises(BadOption, match="post"):
        _ = found["post"]
    assert found.to_frame()["arm"].to_list() == ["control", "call", "mail"]


def test_winsorised_money_is_shown_beside() -> None:
    frame = trial(10.0).with_columns(
        spend=pl.when(pl.int_range(pl.len()) == 0).then(50_000.0).otherwise("spend")
    )
    found = read(frame, winsorise=0.99).only
    assert found.winsorised is not None
    assert found.winsorised.standard_error < found.difference.standard_error / 5
    assert found.winsorised.ci_low < 10 < found.winsorised.ci_high


def test_a_look_widens_the_interval_and_says_so() -> None:
    frame = trial(10.0)
    usual, early = read(frame), read(frame, looks=(2, 5))
    z = Look(number=2, planned=5).bound()
    reach = early.difference.ci_high - early.difference.estimate
    assert reach > usual.difference.ci_high - usual.difference.estimate
    assert reach == pytest.approx(z * early.difference.standard_error, rel=0.03)
    assert early.difference.method == "repeated_welch"
    assert early.difference.level == 0.95
    assert "planned_look" in {note.code for note in early.notes}


def test_the_effect_on_noticers_says_what_it_assumes() -> None:
    frame = trial(6.0, n=2000).with_columns(
        noticed=pl.int_range(pl.len()) % 10 < 1 + 3 * (pl.col("arm") != "control")
    )
    found = read(frame, noticed="noticed").only.noticers
    assert found is not None
    assert found.extra.estimate == pytest.approx(0.3, abs=0.05)
    assert found.effect.estimate == pytest.approx(read(frame).difference.estimate / found.extra.estimate)
    assert found.notes[0].code == "works_through_noticing"


def test_missing_outcomes_are_never_dropped_silently() -> None:
    frame = trial().with_columns(spend=pl.when(pl.int_range(pl.len()) < 40).then(None).otherwise("spend"))
    with pytest.raises(BadValue, match="40 customers have no outcome"):
        read(frame)
    zero, out = read(frame, missing="zero"), read(frame, missing="leave_out")
    assert (zero.n, out.n) == (400, 360)
    assert {note.code for note in zero.notes} >= {"missing_is_zero"}
    assert {note.code for note in out.notes} >= {"missing_left_out"}
    assert sum(arm.assigned for arm in out.arms) == 400
    with_nan = frame.with_columns(pl.col("spend").fill_null(float("nan")))
    assert read(with_nan, missing="zero").difference.estimate == zero.difference.estimate


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (trial().filter(pl.col("arm") == "control"), "one arm only"),
        (trial().with_columns(pl.col("spend").cast(pl.String)), "no numbers"),
        (trial().with_columns(spend=pl.lit(math.inf)), "infinite"),
        (trial().with_columns(arm=pl.lit(None, dtype=pl.String)), "no arm"),
        (pl.concat([trial(), trial().with_columns(arm=pl.lit("treated"))]), "two arms"),
        (pl.concat([trial(), trial()]), "there twice"),
    ],
)
def test_bad_input_is_one_clear_error(frame: pl.DataFrame, words: str) -> None:
    with pytest.raises(BadValue, match=words):
        read(frame)


def test_wrong_options_are_named() -> None:
    with pytest.raises(BadOption, match="control"):
        read(trial(), control="nobody")
    with pytest.raises(MissingColumn):
        read(trial(), before="nothing")
    with pytest.raises(BadOption, match="missing"):
        read(trial(), missing="guess")
    with pytest.raises(BadValue, match="quantile"):
        read(trial(), winsorise=0.2)
    with pytest.raises(BadValue, match="no value in past"):
        read(trial().with_columns(past=pl.lit(None, dtype=pl.Float64)), before="past")
    with pytest.raises(BadValue, match="Look 6"):
        read(trial(), looks=(6, 5))


def test_too_few_are_an_answer_and_no_number_is_nan() -> None:
    few = read(trial(n=6, seed=3))
    assert few.verdict == "not_enough_data"
    empty = pl.DataFrame({"arm": ["control", "treated"], "spend": [1.0, 2.0]})
    assert "nan" not in str(read(empty).to_dict()).lower()
    assert read(empty).verdict == "not_enough_data"
    assert not read(trial(n=6).with_columns(spend=pl.lit(0.0))).proved


def test_several_arms_are_corrected_against_what_makes_them_worth_while_too() -> None:
    """Three arms tried: one that alone would be above its cost by luck is not proved above it."""
    error = 10 * math.sqrt(2 / 1000)
    arms = {"control": (10.0, 10.0, 1000.0), "mail": (11.0 + 2.1 * error, 10.0, 1000.0)}
    assert experiment_of_moments(arms, smallest_effect=1.0).verdict == "works"
    more = arms | {"call": (11.0, 10.0, 1000.0), "visit": (11.0, 10.0, 1000.0)}
    found = experiment_of_moments(more, smallest_effect=1.0)
    assert found["mail"].p_adjusted < 0.05
    assert found["mail"].verdict == "not_enough_data"
    less = arms | {"mail": (10.0 - 3.0 * error, 10.0, 1000.0)}
    assert experiment_of_moments(less, smallest_effect=1.0).verdict == "harms"


def test_few_cases_are_not_sharpened_by_the_past() -> None:
    """With no case in an arm the past explains nothing there; CUPED would call its mean almost certain."""
    frame = trial(n=400).with_columns(
        spend=((pl.col("arm") == "treated") & (pl.col("past") > pl.col("past").quantile(0.97))).cast(pl.Int64)
    )
    found = read(frame, before="past")
    assert found.only.cuped is None
    assert found.only.effect.method == "agresti_caffo"
    assert "past_not_used" in {note.code for note in found.notes}
    assert found.only.effect.ci_low < found.only.effect.estimate < found.only.effect.ci_high


def test_an_arm_that_did_nothing_at_all_is_not_certain() -> None:
    """Nobody of 15 held out bought: their own noise is not known, and is taken from the other arm."""
    spend = [0.0] * 15 + [100.0] * 3 + [0.0] * 12
    frame = pl.DataFrame({"arm": ["control"] * 15 + ["treated"] * 15, "spend": spend})
    found = read(frame, unit="money")
    treated = np.std(spend[15:], ddof=1)
    assert found.difference.standard_error == pytest.approx(treated * math.sqrt(2 / 15))
    assert "no_spread" in {note.code for note in found.notes}


def test_a_ratio_whose_divisor_moved_says_so() -> None:
    random = np.random.default_rng(8)
    arm = np.repeat(["control", "treated"], 400)
    orders = random.poisson(np.where(arm == "treated", 4.0, 2.0)) + 1.0
    frame = pl.DataFrame({"arm": arm, "spend": orders * 20 + random.normal(0, 5, 800), "orders": orders})
    assert "divisor_moved" in {note.code for note in read(frame, denominator="orders").notes}
    same = frame.with_columns(orders=pl.Series(random.poisson(2.0, 800) + 1.0))
    assert "divisor_moved" not in {note.code for note in read(same, denominator="orders").notes}


def test_one_of_many_columns_is_unlike_by_chance() -> None:
    random = np.random.default_rng(9)
    frame = trial(10.0)
    ours = (frame["arm"] == "treated").to_numpy()
    values = random.normal(size=frame.height)
    values[ours] += values[~ours].mean() - values[ours].mean() + 3.5 * math.sqrt(4 / frame.height)
    others = {f"c{k}": random.normal(size=frame.height) for k in range(29)}
    wide = frame.with_columns(first=values, **{name: pl.Series(each) for name, each in others.items()})
    assert read(wide, balance=["first"]).verdict == "not_sound"
    assert read(wide, balance=["first", *others]).verdict == "works"


def branches(seed: int, sizes: float = 1.0, count: int = 12) -> pl.DataFrame:
    """Branches of very unequal size, each with a lot and a mood of its own; the action does nothing."""
    random = np.random.default_rng(seed)
    rows = []
    for k in range(2 * count):
        many = int(np.ceil(np.exp(random.normal(2.5, sizes))))
        mood, seen = random.normal(0, 10), 0.5 if k % 2 else 0.1
        rows += [
            (
                "treated" if k % 2 else "control",
                f"b{k}",
                40 + mood + random.normal(0, 28),
                random.random() < seen,
            )
            for _ in range(many)
        ]
    return pl.DataFrame(rows, schema=["arm", "branch", "spend", "noticed"], orient="row")


def test_branches_of_unequal_size_count_for_what_they_weigh() -> None:
    frame = branches(3)
    found = read(frame, cluster="branch")
    parts = []
    for name in ("treated", "control"):
        sums = frame.filter(pl.col("arm") == name).group_by("branch").agg(pl.col("spend").sum(), pl.len())
        y, d = sums["spend"].to_numpy(), sums["len"].to_numpy()
        share = d / d.sum()
        gap = y - y.sum() / d.sum() * d
        parts.append((float(np.sum(gap**2 / (1 - share)) / d.sum() ** 2), 1 / float(share @ share)))
    assert found.n == 24
    assert found.difference.standard_error == pytest.approx(math.sqrt(sum(v for v, _ in parts)), rel=0.02)
    freedom = sum(v for v, _ in parts) ** 2 / sum(v**2 / (worth - 1) for v, worth in parts)
    assert freedom < 16
    reach = (found.difference.ci_high - found.difference.ci_low) / 2 / found.difference.standard_error
    assert reach == pytest.approx(stdtrit(freedom, 0.975), rel=0.02)


def test_noticing_in_branches_is_that_of_their_customers() -> None:
    frame = branches(4)
    found = read(frame, cluster="branch", noticed="noticed").only.noticers
    shares = dict(frame.group_by("arm").agg(pl.col("noticed").mean()).rows())
    means = dict(frame.group_by("arm").agg(pl.col("spend").mean()).rows())
    assert found is not None
    assert found.treated.estimate == pytest.approx(shares["treated"])
    assert found.extra.estimate == pytest.approx(shares["treated"] - shares["control"])
    wald = (means["treated"] - means["control"]) / found.extra.estimate
    assert found.effect.estimate == pytest.approx(wald)
    assert found.effect.n == 24
    early = read(frame, cluster="branch", noticed="noticed", looks=(3, 5)).only.noticers
    assert early is not None
    assert early.extra.ci_high - early.extra.ci_low > found.extra.ci_high - found.extra.ci_low
    assert early.extra.level == 0.95


@pytest.mark.slow
@pytest.mark.parametrize(("sizes", "count"), [(0.0, 10), (0.7, 12), (1.0, 20)])
def test_intervals_of_few_unequal_branches_hold(sizes: float, count: int) -> None:
    """With n - 1 degrees of freedom and the plain variance 87 to 93 of 100 held."""
    held, noticed = [], []
    for seed in range(600):
        found = read(branches(seed, sizes, count), cluster="branch", noticed="noticed").only
        assert found.noticers is not None
        held.append(found.difference.ci_low <= 0 <= found.difference.ci_high)
        if found.noticers.effect.known:
            noticed.append(found.noticers.effect.ci_low <= 0 <= found.noticers.effect.ci_high)
    assert 0.925 <= np.mean(held) <= 0.975
    assert 0.925 <= np.mean(noticed) <= 0.98


def test_rare_cases_get_the_interval_of_agresti_and_caffo() -> None:
    frame = pl.DataFrame(
        {"arm": ["control"] * 100 + ["treated"] * 100, "spend": [0] * 100 + [1] * 3 + [0] * 97}
    )
    found = read(frame)
    assert found.only.unit == "share"
    assert found.difference.method == "agresti_caffo"
    assert found.per_thousand is None


def test_customers_of_the_global_holdout_belong_to_no_arm() -> None:
    frame = trial().with_columns(
        arm=pl.when(pl.int_range(pl.len()) < 20).then(pl.lit("global_holdout")).otherwise("arm")
    )
    found = read(frame)
    assert found.n == 380
    assert found.notes[0].code == "global_holdout"


@given(st.integers(0, 10_000), st.floats(-50, 50), st.floats(0.1, 100))
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_and_the_unit_of_money_change_nothing(
    seed: int, shift: float, scale: float
) -> None:
    frame = trial(5.0, n=120, seed=seed)
    found = read(frame, before="past")
    shuffled = read(frame.sample(fraction=1, shuffle=True, seed=1), before="past")
    assert shuffled.effect.estimate == pytest.approx(found.effect.estimate, rel=1e-9, abs=1e-9)
    scaled = read(frame.with_columns(spend=pl.col("spend") * scale + shift), before="past")
    assert scaled.effect.ci_low == pytest.approx(scale * found.effect.ci_low, rel=1e-6, abs=1e-6)
    assert scaled.effect.p_value == pytest.approx(found.effect.p_value, abs=1e-9)


def test_a_plan_in_customers_and_weeks() -> None:
    plan = plan_experiment(2.0, sd=40, weekly=500, weeks_to_outcome=4)
    assert plan.customers == sum(plan.arms.values())
    assert plan.weeks == math.ceil(plan.customers / 500 + 4)
    assert detectable_effect(plan.customers, sd=40) == pytest.approx(2.0, rel=1e-3)
    looked = plan_experiment(2.0, sd=40, looks=5)
    assert looked.inflation == pytest.approx(1.028, abs=2e-3)  # Jennison and Turnbull, table 2.4: 1.028
    assert plan_experiment(2.0, sd=40, looks=5, shape="pocock").inflation == pytest.approx(1.228, abs=2e-3)
    fewer = plan_experiment(2.0, sd=40, correlation=0.6).customers
    assert fewer == pytest.approx(plan.customers * 0.64, rel=1e-3)
    with pytest.raises(BadValue, match="effect of nothing"):
        plan_experiment(0.0, sd=1)
    with pytest.raises(BadValue, match="not told"):
        plan_experiment(1.0)


def test_any_dataframe_gives_the_same_answer(tmp_path: Path) -> None:
    frame = trial(10.0)
    wanted = read(frame, before="past")
    frame.write_parquet(tmp_path / "trial.parquet")
    for given_frame in (frame.lazy(), frame.to_pandas(), frame.to_arrow(), tmp_path / "trial.parquet"):
        found = experiment(given_frame, arm="arm", outcome="spend", before="past")
        assert found.effect.estimate == pytest.approx(wanted.effect.estimate)
        assert found.verdict == wanted.verdict


def test_it_draws_itself() -> None:
    from leal.charts import Style, to_svg

    found = read(trial(10.0, n=900, control=1 / 3, mail=1 / 3, call=1 / 3), currency="RUB")
    assert "mail" in to_svg(found.chart())
    assert "нет эффекта" in to_svg(found.chart(Style(language="ru")))


def test_moments_of_an_arm_of_nobody_are_not_enough() -> None:
    found = experiment_of_moments({"control": (10, 5, 0), "treated": (11, 5, 0)})
    assert found.effects[0].verdict == "not_enough_data"


def test_arms_whose_customers_all_did_the_same_have_no_limits_and_it_says_so() -> None:
    frame = pl.DataFrame({"arm": ["control", "treated"] * 100, "money": [4.0, 5.0] * 100})
    found = experiment(frame, arm="arm", outcome="money")
    assert "no_spread" in {note.code for note in found.notes}
    assert found.effects[0].verdict == "not_enough_data"
