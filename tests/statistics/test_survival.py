"""How many are still there after a time."""

from __future__ import annotations

import lzma
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leal.errors import BadOption, BadValue
from leal.statistics import kaplan_meier
from leal.statistics.survival import SurvivalInterval


def test_the_share_still_there_after_each_time() -> None:
    curve = kaplan_meier([2, 3, 3, 5, 8], [1, 1, 0, 1, 0])
    assert curve.at_risk.tolist() == [5, 4, 2]
    assert curve.survival == pytest.approx([0.8, 0.6, 0.3])
    # Greenwood by hand: 0.6^2 (1/(5*4) + 1/(4*3))
    assert curve.standard_error_at(4) == pytest.approx(0.6 * np.sqrt(1 / 20 + 1 / 12))
    assert curve.at(1).estimate == 1.0
    assert curve.at(8).estimate == pytest.approx(0.3)
    assert not curve.at(8.5).known
    assert curve.median.estimate == 5
    # 2 at 1, 1 at .8, 2 at .6, 3 at .3
    assert curve.restricted_mean().estimate == pytest.approx(4.9)
    assert "3 of 5 left" in curve.sentence()
    assert curve.to_frame().columns[:2] == ["time", "at_risk"]


TELCO = {
    1: (0.94596132, 0.00269618),
    6: (0.88482624, 0.00387621),
    12: (0.84319955, 0.00449216),
    24: (0.78873640, 0.00520896),
    36: (0.74854541, 0.00574406),
    48: (0.70884018, 0.00632071),
    60: (0.66440391, 0.00712531),
    72: (0.59279015, 0.00991877),
}
"""Share and standard error by month, from R survival (telco_survival_R.txt)."""


def telco(golden: Path) -> pl.DataFrame:
    folder = golden.parent / "data" / "real" / "ibm_telco_churn.csv.xz"
    if not folder.is_file():
        pytest.skip("the telco table is not beside this checkout")
    return pl.read_csv(lzma.decompress(folder.read_bytes())).filter(pl.col("tenure") > 0)


@pytest.mark.reference
def test_telco_shares_and_errors_are_those_of_r_survival(golden: Path) -> None:
    table = telco(golden)
    curve = kaplan_meier(table["tenure"], table["Churn"] == "Yes", interval="plain")
    for month, (share, error) in TELCO.items():
        assert curve.at(month).estimate == pytest.approx(share, abs=5e-9)
        assert curve.standard_error_at(month) == pytest.approx(error, abs=5e-9)
    mean = curve.restricted_mean()
    assert (mean.estimate, mean.standard_error) == pytest.approx((54.49239, 0.34775), abs=5e-6)
    assert (curve.n, curve.events) == (7032, 1869)
    assert not curve.median.known
    assert curve.median.sentence() == "not reached within the 72.0 that were watched"


@pytest.mark.reference
def test_telco_of_equal_weights_is_the_unweighted_one(golden: Path) -> None:
    table = telco(golden)
    plain = kaplan_meier(table["tenure"], table["Churn"] == "Yes")
    same = kaplan_meier(table["tenure"], table["Churn"] == "Yes", weights=np.full(table.height, 3.0))
    assert same.survival == pytest.approx(plain.survival, abs=1e-12)
    assert same.standard_error == pytest.approx(plain.standard_error, abs=1e-12)
    assert same.restricted_mean().standard_error == pytest.approx(plain.restricted_mean().standard_error)


watched = st.lists(st.tuples(st.integers(1, 12), st.booleans(), st.integers(1, 5)), min_size=1, max_size=40)


@given(watched)
def test_shares_fall_within_their_interval_and_the_order_of_rows_does_not_matter(
    rows: list[tuple[int, bool, int]],
) -> None:
    times, events, _ = zip(*rows, strict=True)
    curve = kaplan_meier(times, events)
    assert np.all(np.diff(curve.survival) <= 1e-12)
    assert np.all((curve.ci_low <= curve.survival + 1e-12) & (curve.survival <= curve.ci_high + 1e-12))
    assert np.isfinite(curve.ci_high).all()
    backwards = kaplan_meier(times[::-1], events[::-1])
    assert backwards.survival == pytest.approx(curve.survival)


@given(watched)
def test_without_an_end_of_watching_it_is_the_plain_share(rows: list[tuple[int, bool, int]]) -> None:
    times = np.array([row[0] for row in rows])
    curve = kaplan_meier(times, np.ones(len(times)))
    assert curve.survival == pytest.approx([np.mean(times > time) for time in curve.times])
    assert curve.restricted_mean().estimate == pytest.approx(times.mean())


@given(watched)
def test_whole_weights_give_the_curve_of_repeated_rows(rows: list[tuple[int, bool, int]]) -> None:
    times, events, weights = (np.array(column) for column in zip(*rows, strict=True))
    weighted = kaplan_meier(times, events, weights=weights)
    repeated = kaplan_meier(np.repeat(times, weights), np.repeat(events, weights))
    assert weighted.survival == pytest.approx(repeated.survival)


def test_who_is_known_only_from_a_survey_on_enters_at_the_survey() -> None:
    random = np.random.default_rng(5)
    lives, asked = random.exponential(10, 4000), np.maximum(random.uniform(-20, 20, 4000), 0)
    seen = lives > asked
    honest = kaplan_meier(lives[seen], np.ones(seen.sum()), entry=asked[seen])
    immortal = kaplan_meier(lives[seen], np.ones(seen.sum()))
    assert honest.at(10).ci_low < np.exp(-1) < honest.at(10).ci_high
    assert immortal.at(10).ci_low > np.exp(-1)


def test_a_curve_that_early_leavers_brought_to_nothing_says_so() -> None:
    curve = kaplan_meier([1, 5, 6, 9], [1, 1, 1, 0], entry=[0, 2, 3, 3])
    assert curve.at(5).estimate == 0  # though three stayed longer than 4
    assert [note.code for note in curve.notes] == ["emptied_early"]
    assert "watched at 1.0" in curve.notes[0].text
    whole = kaplan_meier([1, 5, 6, 9], [1, 1, 1, 1], entry=[0, 0, 3, 3])
    assert [note.code for note in whole.notes] == ["all_left"]


def test_nobody_leaving_and_nobody_at_all_are_said() -> None:
    curve = kaplan_meier([3, 4, 5], [0, 0, 0])
    assert curve.at(2).estimate == 1.0
    assert 0 < curve.at(2).ci_low < 0.5
    assert curve.notes[0].code == "nobody_left"
    assert "unknown" in kaplan_meier([], []).sentence()
    assert "NaN" not in str(curve.to_dict())


def test_the_curve_draws_as_steps() -> None:
    from leal.charts import Style, retention_curves, to_svg

    steps = kaplan_meier([2, 3, 3, 5, 8], [1, 1, 0, 1, 0]).to_steps("all")
    assert steps["period"].to_list() == [0, 2, 3, 5, 8]
    assert steps["retention"].to_list() == pytest.approx([1, 0.8, 0.6, 0.3, 0.3])
    drawn = to_svg(retention_curves(steps, Style(language="ru", width=340), emphasis="all", steps=True))
    assert drawn.startswith("<svg")
    assert to_svg(retention_curves(kaplan_meier([3], [0]).to_steps())).startswith("<svg")


@pytest.mark.parametrize(
    ("times", "events", "entry", "column"),
    [
        ([1, -2], [0, 1], None, "times"),
        ([1, 2], [0, 2], None, "events"),
        ([1, 2], [0, 1], [0, 2], "entry"),
    ],
)
def test_bad_rows_are_named(
    times: list[float], events: list[int], entry: list[float] | None, column: str
) -> None:
    with pytest.raises(BadValue) as error:
        kaplan_meier(times, events, entry)
    assert error.value.where.column == column
    assert error.value.where.row == 2


def test_intervals_and_lengths_that_are_not_offered() -> None:
    with pytest.raises(BadOption):
        kaplan_meier([1], [1], interval="arcsine")  # type: ignore[arg-type]
    with pytest.raises(BadValue):
        kaplan_meier([1, 2], [1])


def _covered(
    interval: SurvivalInterval, n: int, at: float, entry: bool = False, weighted: bool = False
) -> float:
    random = np.random.default_rng(n)
    hits = 0
    for _ in range(1500):
        lives, watched_for = random.exponential(10, n), random.uniform(2, 20, n)
        begins = random.uniform(0, 1.5, n) if entry else None
        weights = random.uniform(0.3, 3, n) if weighted else None
        times = np.minimum(lives, watched_for)
        if begins is not None:
            kept = times > begins
            times, lives, watched_for, begins = times[kept], lives[kept], watched_for[kept], begins[kept]
            weights = weights[kept] if weights is not None else None
        share = kaplan_meier(times, lives <= watched_for, begins, weights, interval=interval).at(at)
        hits += share.ci_low <= np.exp(-at / 10) <= share.ci_high
    return hits / 1500


@pytest.mark.slow
@pytest.mark.parametrize("n", [50, 200])
@pytest.mark.parametrize("at", [2.0, 8.0])
def test_the_default_interval_covers_and_the_plain_one_covers_less(n: int, at: float) -> None:
    default = _covered("log_log", n, at)
    assert 0.93 <= default <= 0.97
    assert abs(default - 0.95) <= abs(_covered("plain", n, at) - 0.95) + 0.01


@pytest.mark.slow
@pytest.mark.parametrize(("entry", "weighted"), [(True, False), (False, True), (True, True)])
def test_late_entry_and_weights_cover(entry: bool, weighted: bool) -> None:
    assert 0.93 <= _covered("log_log", 200, 8.0, entry, weighted) <= 0.97


@pytest.mark.slow
def test_the_restricted_mean_covers() -> None:
    random = np.random.default_rng(1)
    truth, hits = 10 * (1 - np.exp(-1.0)), 0
    for _ in range(1500):
        lives, watched_for = random.exponential(10, 100), random.uniform(10, 20, 100)
        curve = kaplan_meier(np.minimum(lives, watched_for), lives <= watched_for)
        mean = curve.restricted_mean(10)
        hits += mean.ci_low <= truth <= mean.ci_high
    assert 0.93 <= hits / 1500 <= 0.97
