"""Difference in differences on panels: graded B or C, never A."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from leal.charts import to_svg
from leal.errors import BadValue
from leal.prove import panel_effect
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
    assert found.proved
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
    ],
)
def test_bad_panels_are_one_clear_error(frame: pl.DataFrame, options: dict[str, Any], words: str) -> None:
    with pytest.raises(BadValue, match=words):
        told(frame, **options)


def test_two_customers_are_too_few_to_tell() -> None:
    found = told(panel(customers=2))
    assert not found.known
    assert found.sentence().startswith("Not randomised; unknown")
    assert "nan" not in str(found.to_dict()).lower()


@pytest.mark.slow
def test_intervals_hold_and_trends_are_found_at_their_level() -> None:
    held, alarmed = [], []
    for seed in range(300):
        found = told(panel(3.0, customers=60, seed=seed))
        held.append(found.ci_low <= 3 <= found.ci_high)
        alarmed.append(found.trend.p_value < 0.05)
    assert 0.92 <= np.mean(held) <= 0.98
    assert 0.02 <= np.mean(alarmed) <= 0.09
