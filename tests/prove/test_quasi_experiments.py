"""Difference in differences on panels: graded B or C, never A."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from leal.charts import to_svg
from leal.errors import BadOption, BadValue
from leal.prove import correct_effects, experiment, experiment_of_moments, panel_effect
from leal.statistics import Sample, paired_difference_in_differences


def panel(
    effect: float = 5.0,
    *,
    customers: int = 200,
    months: int = 8,
    start: int = 5,
    seed: int = 1,
    slope: float = 0.0,
    begins: tuple[int, ...] = (),
) -> pl.DataFrame:
    """Half of the customers are treated from `start` (or `begins`) on; theirs rises by `slope` anyway."""
    random = np.random.default_rng(seed)
    own = random.normal(50, 10, customers)
    rows = []
    for k in range(customers):
        treated = k % 2 == 0
        begin = begins[k // 2 % len(begins)] if begins else start
        for month in range(1, months + 1):
            on = treated and month >= begin
            value = own[k] + 2 * month + slope * treated * month + effect * on + random.normal(0, 4)
            rows.append((f"c{k}", month, value, treated, begin if treated else None, f"b{k // 10}"))
    return pl.DataFrame(
        rows, schema=["customer", "time", "spend", "treated", "begin", "branch"], orient="row"
    )


def told(frame: pl.DataFrame, **options: Any) -> Any:
    chosen = {"treated": "treated", "start": 5} | options
    return panel_effect(frame, outcome="spend", **chosen)


def test_the_effect_is_found_and_bears_its_label() -> None:
    found = told(panel())
    assert found.ci_low < 5 < found.ci_high
    assert found.grade == "B"
    assert not found.proved  # whatever it shows, nobody was drawn by lot
    assert not found.randomised
    assert found.sentence().startswith("Not randomised, grade B")
    assert found.notes[0].code == "not_randomised"
    assert [one.period for one in found.periods] == [-4, -3, -2, -1, 0, 1, 2, 3]
    assert found.periods[3].estimate == 0
    assert all(one.ci_low < 5 < one.ci_high for one in found.periods[4:])
    assert "not randomised" in to_svg(found.chart())


def test_two_periods_are_the_plain_difference_in_differences() -> None:
    frame = panel(months=2, start=2)
    found = told(frame, start=2)
    wide = frame.pivot(on="time", index=["customer", "treated"], values="spend")
    change = wide.with_columns(change=pl.col("2") - pl.col("1"))
    sides = [
        Sample.of_values(change.filter(pl.col("treated") == side)["change"].to_numpy())
        for side in (True, False)
    ]
    by_hand = paired_difference_in_differences(*sides)
    assert found.estimate == pytest.approx(by_hand.estimate)
    assert found.standard_error == pytest.approx(by_hand.standard_error, rel=0.01)
    assert found.grade == "C"
    assert "no_trend_test" in {note.code for note in found.notes}


def test_a_trend_from_before_lowers_the_grade() -> None:
    found = told(panel(0.0, slope=1.5))
    assert found.ci_low > 0
    assert found.trend.p_value < 0.01
    assert found.grade == "C"
    assert not found.proved
    assert "trend_before" in {note.code for note in found.notes}


def test_who_began_at_different_times_is_compared_with_the_never_treated_only() -> None:
    frame = panel(5.0, begins=(4, 6))
    found = panel_effect(frame, outcome="spend", start="begin")
    assert found.ci_low < 5 < found.ci_high
    assert found.treated == 100
    assert min(one.period for one in found.periods) == -5


def test_errors_know_of_clusters() -> None:
    frame = panel(0.0, seed=2)
    shock = {f"b{k}": value for k, value in enumerate(np.random.default_rng(3).normal(0, 10, 20))}
    shaken = frame.with_columns(
        spend=pl.col("spend")
        + pl.when(pl.col("time") >= 5).then(pl.col("branch").replace_strict(shock)).otherwise(0.0),
        treated=pl.col("branch").str.slice(1).cast(pl.Int64) < 10,
    )
    naive, honest = told(shaken), told(shaken, cluster="branch")
    assert honest.clusters == 20
    assert honest.standard_error > 2 * naive.standard_error
    assert honest.ci_low < 0 < honest.ci_high


def test_gaps_are_never_filled_silently() -> None:
    frame = panel().filter(~((pl.col("customer") == "c3") & (pl.col("time") > 6)))
    with pytest.raises(BadValue, match="2 periods"):
        told(frame)
    assert "missing_is_zero" in {note.code for note in told(frame, missing="zero").notes}
    out = told(frame, missing="leave_out")
    assert out.n == 199


@pytest.mark.parametrize(
    ("frame", "options", "words"),
    [
        (panel().filter(pl.col("treated")), {}, "All customers"),
        (panel(), {"start": 1}, "before the start"),
        (panel(), {"start": None}, "when it started"),
        (pl.concat([panel(), panel()]), {}, "there twice"),
        (panel().with_columns(pl.col("spend").cast(pl.String)), {}, "no numbers"),
        (panel().with_columns(spend=pl.lit(float("inf"))), {}, "infinite"),
        (panel().with_columns(pl.col("time").cast(pl.String)), {}, "cannot be compared"),
        (panel(), {"start": "May"}, "cannot be compared"),
    ],
)
def test_bad_panels_are_one_clear_error(frame: pl.DataFrame, options: dict[str, Any], words: str) -> None:
    with pytest.raises(BadValue, match=words):
        told(frame, **options)


def test_days_with_and_without_a_clock_and_words_for_treated_say_the_same() -> None:
    day = pl.date(2024, pl.col("time"), 1)
    plain = panel().with_columns(time=day, begin=pl.when("treated").then(pl.date(2024, 5, 1)))
    clock = plain.with_columns(pl.col("begin").cast(pl.Datetime("ns")).dt.replace_time_zone("Asia/Tokyo"))
    expected = panel_effect(plain, outcome="spend", start="begin").estimate
    assert expected == told(panel()).estimate
    assert panel_effect(clock, outcome="spend", start="begin").estimate == expected
    words = panel().with_columns(treated=pl.when("treated").then(pl.lit("yes")).otherwise(pl.lit("no")))
    assert told(words).estimate == expected


def test_two_customers_are_too_few_to_tell() -> None:
    found = told(panel(customers=2))
    assert not found.known
    assert found.sentence().startswith("Not randomised; unknown")
    assert "nan" not in str(found.to_dict()).lower()


def test_a_mean_of_several_periods_before_is_less_noise_and_the_trend_test_stays() -> None:
    frame = panel(months=12, start=9, seed=3)
    one, four, all_before = (told(frame, start=9, base=base) for base in (1, 4, None))
    assert four.standard_error < 0.9 * one.standard_error
    assert all_before.standard_error < one.standard_error
    assert four.ci_low < 5 < four.ci_high
    assert one.trend == four.trend == all_before.trend
    assert [each.period for each in four.periods if each.base] == [-4, -3, -2, -1]
    assert sum(each.estimate for each in four.periods if each.base) == pytest.approx(0, abs=1e-9)
    before = [each.estimate for each in one.periods if -4 <= each.period < 0]
    assert four.periods[-1].estimate == pytest.approx(one.periods[-1].estimate - np.mean(before))
    with pytest.raises(BadValue, match="at least one period"):
        told(frame, start=9, base=0)


def test_periods_in_which_it_was_known_already_are_no_base() -> None:
    """Everybody treated bought 30 more in the two months before the start, and never again."""
    frame = panel(5.0, months=12, start=9, seed=3)
    picked = pl.col("treated") & pl.col("time").is_in([7, 8])
    told_before = frame.with_columns(spend=pl.col("spend") + pl.when(picked).then(30.0).otherwise(0.0))
    plain = told(told_before, start=9)
    without = told(told_before, start=9, base=4, anticipation=2)
    assert plain.ci_high < 0
    assert plain.grade == "C"
    assert without.ci_low < 5 < without.ci_high
    assert without.grade == "B"
    assert [each.period for each in without.periods if each.base] == [-6, -5, -4, -3]
    assert without.trend.degrees_of_freedom == 5
    earlier = frame.filter(~pl.col("time").is_in([7, 8]))
    assert without.estimate == pytest.approx(told(earlier, start=9, base=4).estimate)
    assert without.trend.p_value == pytest.approx(told(earlier, start=9).trend.p_value)
    with pytest.raises(BadValue, match="before the start"):
        told(frame, start=3, anticipation=2)
    with pytest.raises(BadValue, match="anticipation"):
        told(frame, anticipation=-1)


def test_a_trend_that_goes_on_is_told_and_taken_off() -> None:
    found = told(panel(3.0, slope=1.5, months=12, start=9), start=9)
    assert found.slope.ci_low < 1.5 < found.slope.ci_high
    assert found.if_trend_went_on.ci_low < 3.0 < found.if_trend_went_on.ci_high
    assert found.estimate > 5
    assert "if_trend_went_on" in {note.code for note in found.notes}
    two = told(panel(months=2, start=2), start=2)
    assert not two.slope.known
    assert not two.if_trend_went_on.known


def test_customers_who_each_began_alone_are_not_taken_for_certain() -> None:
    """A beginning of one customer has no spread of its own; once it counted as free of noise."""
    frame = panel(5.0, customers=16, months=12, begins=tuple(range(4, 12)))
    found = panel_effect(frame, outcome="spend", start="begin")
    assert found.standard_error > 1.0
    assert found.ci_low < 6 < found.ci_high
    assert not found.periods[0].known  # shown by one customer alone


def test_few_treated_branches_beside_many_are_few() -> None:
    frame = panel(0.0, customers=200, seed=5)
    shock = {f"b{k}": value for k, value in enumerate(np.random.default_rng(4).normal(0, 10, 20))}
    frame = frame.with_columns(
        spend=pl.col("spend")
        + pl.when(pl.col("time") >= 5).then(pl.col("branch").replace_strict(shock)).otherwise(0.0)
    )
    number = pl.col("branch").str.slice(1).cast(pl.Int64)
    two, one = (told(frame.with_columns(treated=number < few), cluster="branch") for few in (2, 1))
    assert two.known
    assert two.ci_high - two.ci_low > 4 * two.standard_error
    assert "few_clusters" in {note.code for note in two.notes}
    assert not one.known
    assert one.grade == "C"


def test_the_event_study_says_that_nobody_was_drawn() -> None:
    from leal.charts import Style

    drawing = to_svg(told(panel(), base=2).chart(Style(language="ru")))
    assert "без жребия" in drawing
    assert "начало" in drawing
    assert "база" in drawing


def test_many_effects_are_corrected_for_their_number() -> None:
    drawn = {"arm": ["control", "treated"] * 300, "spend": np.random.default_rng(2).gamma(2.0, 20.0, 600)}
    nothing = experiment(pl.DataFrame(drawn), arm="arm", outcome="spend")
    found = correct_effects({"panel": told(panel()), "lot": nothing, "unknown": told(panel(customers=2))})
    assert [one.name for one in found.sure] == ["panel"]
    assert found["panel"].p_adjusted == pytest.approx(2 * found["panel"].p_value)
    assert not found["unknown"].sure
    assert found["lot"].grade == "A"
    assert found.notes[0].code == "not_all_randomised"
    assert "panel" in found.sentence()
    assert found.to_frame().height == 3
    assert "nan" not in str(found.to_dict()).lower()
    alone = correct_effects({"lot": nothing}, correction="benjamini_hochberg")
    assert alone["lot"].p_adjusted == pytest.approx(alone["lot"].p_value)
    assert "none is sure" in alone.sentence()
    with pytest.raises(BadOption, match="correction"):
        correct_effects({"lot": nothing}, correction="sidak")  # type: ignore[arg-type]
    with pytest.raises(BadValue, match="no measured effect"):
        correct_effects({"lot": 3.0})  # type: ignore[dict-item]


def test_arms_of_an_experiment_stand_one_by_one_in_a_list() -> None:
    arms = {"control": (10.0, 5.0, 400.0), "mail": (13.0, 5.0, 400.0), "call": (10.1, 5.0, 400.0)}
    found = correct_effects({"spring": experiment_of_moments(arms)})
    assert {one.name for one in found} == {"spring: mail", "spring: call"}
    assert [one.name for one in found.sure] == ["spring: mail"]


@pytest.mark.slow
def test_intervals_hold_and_trends_are_found_at_their_level() -> None:
    held, alarmed = [], []
    for seed in range(300):
        found = told(panel(3.0, customers=60, seed=seed))
        held.append(found.ci_low <= 3 <= found.ci_high)
        alarmed.append(found.trend.p_value < 0.05)
    assert 0.92 <= np.mean(held) <= 0.98
    assert 0.02 <= np.mean(alarmed) <= 0.09


@pytest.mark.slow
@pytest.mark.parametrize(
    ("customers", "options"),
    [
        (20, {}),
        (60, {"base": None}),
        (60, {"begins": (4, 5, 6, 7)}),
        (24, {"begins": (4, 5, 6, 7, 8)}),
    ],
)
def test_intervals_hold_for_few_customers_many_bases_and_beginnings(
    customers: int, options: dict[str, Any]
) -> None:
    held, alarmed = [], []
    begins = options.get("begins", ())
    for seed in range(600):
        frame = panel(3.0, customers=customers, seed=seed, begins=begins)
        own = {"treated": None, "start": "begin"} if begins else options
        found = told(frame, **own)
        held.append(found.ci_low <= 3 <= found.ci_high)
        alarmed.append(found.trend.known and found.trend.p_value < 0.05)
    assert 0.93 <= np.mean(held) <= 0.975
    assert np.mean(alarmed) <= 0.08


@pytest.mark.slow
@pytest.mark.parametrize("treated", [3, 6])
def test_intervals_of_few_treated_branches_hold(treated: int) -> None:
    """Twenty branches with a shock each from the start on, few of them treated: too wide for three."""
    held = []
    for seed in range(400):
        frame = panel(0.0, customers=200, months=4, start=3, seed=seed)
        shocks = np.random.default_rng([seed, 1]).normal(0, 5, 20)
        shock = {f"b{k}": value for k, value in enumerate(shocks)}
        later = pl.when(pl.col("time") >= 3).then(pl.col("branch").replace_strict(shock)).otherwise(0.0)
        frame = frame.with_columns(
            spend=pl.col("spend") + later, treated=pl.col("branch").str.slice(1).cast(pl.Int64) < treated
        )
        found = told(frame, start=3, cluster="branch")
        held.append(found.ci_low <= 0 <= found.ci_high)
    assert 0.925 <= np.mean(held) <= (0.985 if treated >= 5 else 1)
