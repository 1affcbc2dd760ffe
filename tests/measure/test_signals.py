from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.engines import LOCAL

from leal.errors import BadOption, MissingColumn
from leal.measure import Signals, signals

USUAL, WORSE = (0.2, 0.3, 0.5), (0.45, 0.3, 0.25)


def year(
    seed: int = 0, *, falls: str | None = "B", groups: str = "ABC", n: int = 120, waves: int = 12
) -> pl.DataFrame:
    """Twelve months of three segments; one of them falls in July."""
    rng = np.random.default_rng(seed)
    rows = []
    for month in range(1, waves + 1):
        for group in groups:
            shares = WORSE if group == falls and month >= 7 else USUAL
            scores = rng.choice([3, 8, 9], size=n, p=shares)
            rows += [(f"2025-{month:02}", group, int(score)) for score in scores]
    return pl.DataFrame(rows, schema=["wave", "segment", "recommend"], orient="row")


def test_a_fall_is_found_dated_and_told() -> None:
    found = signals(year())
    fall = found.of("nps", "B")
    assert fall is not None
    assert fall.clear
    assert (fall.since_low, fall.since, fall.since_high) == ("2025-06", "2025-07", "2025-08")
    assert -65 < fall.estimate < -35
    assert fall.ci_low < -50 < fall.ci_high
    words = str(fall)
    assert words.startswith("NPS (B) fell by ")
    assert words.endswith("points since July 2025 (between June 2025 and August 2025), p < 0.001")
    assert "первая волна — июль 2025" in fall.sentence().into("ru")
    assert fall in found.changed


def test_other_groups_are_left_alone() -> None:
    found = signals(year())
    assert {one.group for one in found.changed} <= {None, "B"}
    calm = found.of("nps", "A")
    assert calm is not None
    assert "no clear change over 12 waves" in str(calm)


def test_a_calm_year_says_so() -> None:
    found = signals(year(falls=None, seed=3))
    assert not found.changed
    assert found.known
    assert "No score changed by more than noise." in found.sentences() or found.warnings


def test_too_few_waves_say_how_many_more() -> None:
    found = signals(year(waves=3), by=[])
    assert not found.known
    assert str(found.of("nps")) == "NPS: unknown, 1 more wave is needed"
    assert found.signals[0].notes[0].code == "few_waves"
    assert found.to_dict()["signals"][0]["estimate"] is None
    nothing = signals(pl.DataFrame(schema={"wave": pl.String, "recommend": pl.Int8}))
    assert str(nothing) == "Changes unknown: there are no answers with a wave."
    assert nothing.to_frame().is_empty()


def test_versions_of_the_questionnaire_are_never_compared() -> None:
    old = year(falls=None, groups="A").with_columns(survey_version=pl.lit("1"))
    jump = pl.col("wave").str.replace("2025", "2026")
    new = old.with_columns(wave=jump, recommend=pl.lit(3, dtype=pl.Int64), survey_version=pl.lit("2"))
    found = signals(pl.concat([old, new]), by=[])
    assert not found.changed
    newest = found.of("nps")
    assert newest is not None
    assert newest.version == "2"
    assert newest.notes[-1].code == "one_version"
    together = signals(pl.concat([old, new]).drop("survey_version"), by=[])
    assert together.changed[0].since == "2026-01"


def test_a_wave_that_all_answered_alike_is_not_free_of_error() -> None:
    alike = pl.DataFrame({"wave": ["1"] * 9 + ["2"] * 9 + ["3"] * 9 + ["4"] * 9, "recommend": [10] * 36})
    found = signals(alike).of("nps")
    assert found is not None
    assert all(point.standard_error > 0 for point in found.points)
    assert not found.clear


def test_thin_waves_are_left_out_and_counted() -> None:
    table = pl.concat(
        [year(groups="A"), pl.DataFrame({"wave": ["2026-01"], "segment": ["A"], "recommend": [0]})]
    )
    found = signals(table, by=[]).of("nps")
    assert found is not None
    assert len(found.points) == 12
    assert "thin_waves" in {note.code for note in found.notes}


def test_satisfaction_is_watched_on_its_own_scale() -> None:
    table = year(falls="A", groups="A").with_columns(
        satisfaction=pl.when(pl.col("recommend") == 3).then(2.0).otherwise(4.5)
    )
    found = signals(table, metrics=["satisfaction"]).of("satisfaction")
    assert found is not None
    assert found.clear
    assert found.estimate == pytest.approx(-0.625, abs=0.25)
    assert "of the scale" in str(found)


def test_weights_widen_what_is_noise() -> None:
    table = year(n=60).with_columns(w=pl.Series([0.1, 5.0] * (60 * 36 // 2)))
    plain, weighted = signals(table, by=[]).of("nps"), signals(table, by=[], weight="w").of("nps")
    assert plain is not None
    assert weighted is not None
    assert weighted.points[0].standard_error > 1.2 * plain.points[0].standard_error


def test_an_early_warning_comes_before_the_proof() -> None:
    # twelve usual waves, then one far below: no new level can be proved on a single wave
    rows = [(f"2025-{month:02}", score) for month in range(1, 13) for score in [3, 8, 9, 9] * 30]
    rows += [("2026-01", score) for score in [3, 3, 3, 9] * 30]
    found = signals(pl.DataFrame(rows, schema=["wave", "recommend"], orient="row"), metrics=["nps"])
    (only,) = found.signals
    assert only.early == -1
    assert only.early_since is not None
    if not only.clear:
        assert "early warning" in str(found)


def test_signals_are_tables_dicts_and_charts() -> None:
    from leal.charts import to_svg

    found = signals(year(), by="segment")
    frame = found.to_frame()
    assert {"metric", "group", "since", "p_adjusted", "clear", "sentence"} <= set(frame.columns)
    assert frame.height == 8
    assert json.loads(json.dumps(found.to_dict()))["signals"][0]["clear"] in (True, False)
    assert "<svg" in to_svg(found.changed[0].chart())
    assert found.changed[0].series().columns == ["wave", "estimate", "ci_low", "ci_high", "n"]


@pytest.mark.parametrize("engine", LOCAL)
def test_every_engine_agrees(engine: str, give: Callable[[pl.DataFrame, str], Any]) -> None:
    expected, found = signals(year(n=30)), signals(give(year(n=30), engine))
    assert [str(one) for one in found.signals] == [str(one) for one in expected.signals]


def test_the_order_of_rows_never_matters() -> None:
    table = year(n=40)
    found = signals(table.sample(fraction=1.0, shuffle=True, seed=1))
    assert [str(one) for one in found.signals] == [str(one) for one in signals(table).signals]


def test_bad_options_are_said() -> None:
    with pytest.raises(BadOption):
        signals(year(), metrics=["stars"])  # type: ignore[list-item]
    with pytest.raises(MissingColumn):
        signals(pl.DataFrame({"recommend": [9]}))
    assert isinstance(signals(year().drop("recommend")), Signals)


@pytest.mark.slow
def test_calm_companies_are_called_changed_in_at_most_one_of_twenty() -> None:
    wrong = sum(bool(signals(year(seed, falls=None, n=60)).changed) for seed in range(200))
    assert wrong <= 18  # 5 % of 200, and three standard errors


@pytest.mark.slow
def test_the_true_date_lies_in_its_interval() -> None:
    hits = 0
    for seed in range(100):
        fall = signals(year(seed, falls="A", groups="A", n=60), metrics=["nps"], by=[]).signals[0]
        hits += bool(fall.clear and fall.since_low and fall.since_high) and (
            str(fall.since_low) <= "2025-07" <= str(fall.since_high)
        )
    assert hits >= 88
