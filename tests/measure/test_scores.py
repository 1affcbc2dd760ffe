from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines import LOCAL

import leal
from leal.errors import BadFile, BadOption, BadValue, MissingColumn
from leal.measure import nps, nps_of_counts
from leal.results import Estimate
from leal.statistics import NpsCounts


def answers_of(detractors: int, passives: int, promoters: int) -> pl.DataFrame:
    return pl.DataFrame({"recommend": [3] * detractors + [8] * passives + [9] * promoters})


def assert_alike(found: Estimate, expected: Estimate) -> None:
    told, wanted = found.to_dict(), expected.to_dict()
    assert told.pop("notes") == wanted.pop("notes")
    assert told == pytest.approx(wanted)


def test_the_plain_use() -> None:
    result = leal.nps(answers_of(15, 35, 50))
    assert str(result) == "NPS 35 (95 % 20 to 48, n = 100)"
    assert result.sentence().into("ru") == "NPS 35 (95\u00a0% от 20 до 48, n = 100)"
    assert (result.estimate, result.n, result.level, result.method) == (35, 100, 0.95, "score")
    assert result.notes == ()


@pytest.mark.parametrize(
    ("counts", "score", "adjusted_wald"),
    [
        ((1, 2, 3), (-0.31107, 0.75396), (-0.26743, 0.71188)),
        ((15, 35, 50), (0.19925, 0.48289), (0.19919, 0.48042)),
        ((2, 3, 5), (-0.21659, 0.67528), (-0.19051, 0.65204)),
        ((0, 2, 8), (0.30044, 0.94332), (0.29284, 0.93793)),
        ((0, 0, 10), (0.44493, 1.0), (0.47504, 1.0)),
        ((7, 11, 18), (0.03439, 0.53055), (0.03896, 0.52514)),
        ((54, 108, 162), (0.24954, 0.41161), (0.24945, 0.41110)),
        ((200, 300, 500), (0.25076, 0.34750), (0.25077, 0.34744)),
    ],
)
def test_intervals_of_r_nps_2_0_999(
    counts: tuple[int, int, int], score: tuple[float, float], adjusted_wald: tuple[float, float]
) -> None:
    by_score = nps(answers_of(*counts))
    assert (by_score.ci_low, by_score.ci_high) == pytest.approx([100 * end for end in score], abs=1e-3)
    quick = nps(answers_of(*counts), method="adjusted_wald")
    assert (quick.ci_low, quick.ci_high) == pytest.approx([100 * end for end in adjusted_wald], abs=1e-3)


def test_golden_nps_of_400_answers(golden: Path) -> None:
    expected = json.loads((golden / "methods" / "expected.json").read_text())["nps"]["n400_P200_S120_D80"]
    result = nps(answers_of(80, 120, 200), method="wald")
    assert result.estimate == pytest.approx(expected["nps"])
    assert result.variance == pytest.approx(expected["var"])
    assert result.standard_error == pytest.approx(expected["se_points"])
    assert (result.ci_low, result.ci_high) == pytest.approx(expected["ci95"], abs=1e-3)


def test_golden_segments_of_the_import_samples(golden: Path) -> None:
    expected = json.loads((golden / "imports" / "EXPECTED.json").read_text())
    segments = json.loads((golden / "imports" / "delighted_survey_responses.json").read_text())
    rows = [(row["score"], row["person_properties"]["segment"]) for row in segments]
    table = pl.DataFrame(rows, schema=["recommend", "segment"], orient="row")
    groups = nps(table, by="segment")
    assert groups.total.estimate == pytest.approx(expected["nps"], abs=1e-4)
    assert {group: (result.n, round(result.estimate, 4)) for group, result in groups.items()} == {
        group: (told["n"], told["nps"]) for group, told in expected["by_segment"].items()
    }


def test_weights_of_the_post_stratified_example_of_nps_and_surveys_4_4() -> None:
    table = pl.concat(
        [
            answers_of(4, 12, 24).with_columns(weight=pl.lit(0.3 / 40)),
            answers_of(24, 21, 15).with_columns(weight=pl.lit(0.7 / 60)),
        ]
    )
    result = nps(table, weight="weight")
    assert result.estimate == pytest.approx(4.5)
    assert result.n_effective == pytest.approx(96.0)
    assert (result.n, result.weighted) == (100, True)
    assert nps(table).estimate == pytest.approx(11.0)


def test_finite_base_and_silence_of_nps_and_surveys_4_4() -> None:
    result = nps(answers_of(15, 35, 50), base=400)
    assert result.standard_error == pytest.approx(6.298, abs=1e-3)
    assert nps(answers_of(15, 35, 50), base=500).nonresponse_bounds == pytest.approx((-73.0, 87.0))
    assert nps(answers_of(15, 35, 50)).nonresponse_bounds is None
    assert "finite_base" in {note.code for note in result.notes}


def test_a_base_that_answered_in_full_leaves_a_narrow_interval() -> None:
    result = nps(answers_of(15, 35, 50), base=100)
    assert result.ci_high - result.ci_low < 1
    assert nps(answers_of(15, 35, 50), base=90).notes[0].code == "more_answers_than_base"


def test_groups_are_a_mapping_and_a_tidy_frame() -> None:
    table = answers_of(15, 35, 50).with_columns(
        region=pl.Series(["N", None] * 50), kind=pl.Series([1, 1, 2, 2] * 25)
    )
    groups = nps(table, by="region")
    assert list(groups) == ["N", None]
    assert str(groups).splitlines()[1].startswith("not stated: NPS 36 (95 %")
    frame = groups.to_frame()
    assert frame["group"].to_list() == ["N", None]
    assert {"estimate", "ci_low", "ci_high", "n", "notes"} <= set(frame.columns)
    several = nps(table, by=["region", "kind"])
    assert list(several) == [("N", 1), ("N", 2), (None, 1), (None, 2)]
    assert several.to_frame()["kind"].to_list() == [1, 2, 1, 2]
    assert json.dumps(several.to_dict())


def test_differences_of_nps_and_surveys_4_3() -> None:
    table = pl.concat(
        [
            answers_of(15, 35, 50).with_columns(wave=pl.lit("A")),
            answers_of(25, 35, 40).with_columns(wave=pl.lit("B")),
        ]
    )
    (pair,) = nps(table, by="wave").differences("pairs")
    assert pair.estimate == pytest.approx(20)
    assert pair.p_value == pytest.approx(0.06665, abs=1e-5)
    assert (pair.ci_low, pair.ci_high) == pytest.approx((-1.334, 40.169), abs=1e-3)
    assert pair.probability_higher == pytest.approx(0.9675, abs=1e-3)
    assert str(pair) == "A against B: no clear difference (−1 to +40 points, p = 0.067)"
    rest = nps(table, by="wave").differences()
    assert [difference.estimate for difference in rest] == pytest.approx([20, -20])
    assert rest[0].p_adjusted == pytest.approx(2 * rest[0].p_value)


def test_differences_say_who_is_higher() -> None:
    table = pl.concat(
        [
            answers_of(150, 350, 500).with_columns(wave=pl.lit("A")),
            answers_of(190, 360, 450).with_columns(wave=pl.lit("B")),
        ]
    )
    rest = nps(table, by="wave").differences()
    assert str(rest[0]) == "A: higher by 9 points (+2 to +15, p = 0.013)"
    assert str(rest[1]) == "B: lower by 9 points (−15 to −2, p = 0.013)"


def test_the_rest_of_weighted_groups_is_weighted_by_what_they_stand_for() -> None:
    parts = [((5, 5, 0), 1.0, "a"), ((0, 0, 10), 3.0, "b"), ((10, 0, 0), 1.0, "c")]
    table = pl.concat(
        [
            answers_of(*counts).with_columns(w=pl.lit(weight), g=pl.lit(group))
            for counts, weight, group in parts
        ]
    )
    first = nps(table, by="g", weight="w").differences()[0]
    assert first.estimate == pytest.approx(-50 - 100 * (30 - 10) / 40)


def test_nothing_to_compare_is_said() -> None:
    lonely = nps(answers_of(5, 5, 5).with_columns(g=pl.lit("a")), by="g").differences()[0]
    assert not lonely.known
    assert str(lonely) == "unknown: one of the two sides has no answers"
    assert lonely.to_dict()["p_adjusted"] is None


def test_doubts_are_noted() -> None:
    assert [note.code for note in nps(answers_of(0, 0, 10)).notes] == ["few_answers", "one_group"]
    uneven = answers_of(50, 50, 50).with_columns(w=pl.Series([100.0] + [1.0] * 149))
    assert [note.code for note in nps(uneven, weight="w").notes] == ["uneven_weights", "few_answers"]
    empty = pl.concat(
        [answers_of(20, 20, 20), pl.DataFrame({"recommend": [None, None]}, schema={"recommend": pl.Int64})]
    )
    result = nps(empty)
    assert (result.unanswered, result.notes[0].code) == (2, "no_score")
    assert result.notes[0].text.into("ru") == "Не учтены 2 строки без оценки."


def test_no_answers_are_an_unknown_result() -> None:
    result = nps(answers_of(0, 0, 0).cast(pl.Int64))
    assert not result.known
    assert str(result) == "NPS unknown: there is no answer with a score"
    assert result.to_dict()["estimate"] is None
    assert result.notes[-1].code == "no_answers"
    assert nps(answers_of(1, 0, 0).with_columns(w=0.0), weight="w").known is False
    assert nps(answers_of(0, 0, 0).cast(pl.Int64).with_columns(g=pl.lit("a")), by="g").to_frame().is_empty()


def test_bad_input_is_one_clear_error() -> None:
    with pytest.raises(BadValue) as error:
        nps(pl.DataFrame({"recommend": [9, 12]}))
    assert error.value.to_dict()["field"] == "recommend"
    with pytest.raises(MissingColumn):
        nps(pl.DataFrame({"score": [9]}))
    with pytest.raises(BadFile, match="read_answers"):
        nps(Path(__file__))
    with pytest.raises(BadOption):
        nps(answers_of(1, 1, 1), method="guess")  # type: ignore[call-overload]
    with pytest.raises(BadOption):
        nps(answers_of(1, 1, 1).with_columns(g=pl.lit("a")), by="g").differences("all")  # type: ignore[arg-type]


def test_a_parquet_path_is_read(tmp_path: Path) -> None:
    answers_of(15, 35, 50).write_parquet(tmp_path / "a.parquet")
    assert nps(tmp_path / "a.parquet").estimate == nps(str(tmp_path)).estimate == 35


@pytest.mark.parametrize("engine", LOCAL)
def test_every_engine_gives_the_same_nps(engine: str, give: Callable[[pl.DataFrame, str], Any]) -> None:
    table = answers_of(15, 35, 50).with_columns(
        region=pl.Series(["N", "S", None, "E"] * 25), w=pl.Series([1.0, 2.5] * 50)
    )
    expected = nps(table, by="region", weight="w")
    found = nps(give(table, engine), by="region", weight="w")
    assert list(found) == list(expected)
    for group, result in found.items():
        assert_alike(result, expected[group])


SCORES = st.lists(st.integers(0, 10), min_size=1, max_size=40)


@settings(max_examples=40, deadline=None)
@given(SCORES)
def test_duplicates_narrow_the_interval_and_weights_do_not(scores: list[int]) -> None:
    table = pl.DataFrame({"recommend": scores})
    once, twice = nps(table), nps(pl.concat([table, table]))
    weighed = nps(table.with_columns(w=pl.lit(2.0)), weight="w")
    assert once.estimate == pytest.approx(twice.estimate)
    assert once.estimate == pytest.approx(weighed.estimate)
    assert (weighed.ci_low, weighed.ci_high) == pytest.approx((once.ci_low, once.ci_high), abs=1e-6)
    assert twice.ci_high - twice.ci_low < once.ci_high - once.ci_low


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 10) | st.none(), st.sampled_from("abc"), st.floats(0.1, 5)), max_size=40
    )
)
def test_parts_merge_to_the_whole(rows: list[tuple[int | None, str, float]]) -> None:
    schema = {"recommend": pl.Int8, "group": pl.String, "w": pl.Float64}
    table = pl.DataFrame(rows, schema=schema, orient="row")
    whole, groups = nps(table, weight="w"), nps(table, by="group", weight="w")
    assert sum(result.n for result in groups.values()) == whole.n
    assert_alike(groups.total, whole)
    if whole.known:
        assert whole.ci_low <= whole.estimate <= whole.ci_high
        assert whole.ci_low >= -100
        assert whole.ci_high <= 100


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10), st.floats(0.1, 5)), min_size=1, max_size=30), st.randoms())
def test_the_order_of_rows_never_matters(rows: list[tuple[int, float]], random: Any) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    found = [
        nps(pl.DataFrame(order, schema=["recommend", "w"], orient="row"), weight="w")
        for order in (rows, shuffled)
    ]
    assert_alike(found[0], found[1])


def test_counts_give_the_same_result_as_rows() -> None:
    assert nps_of_counts(NpsCounts(15, 35, 50)).to_dict() == nps(answers_of(15, 35, 50)).to_dict()
    assert math.isnan(nps_of_counts(NpsCounts(0, 0, 0)).estimate)
