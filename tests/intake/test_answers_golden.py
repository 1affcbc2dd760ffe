"""Every survey, single-event and people sample gives its EXPECTED.json (golden/imports; invented data)."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

import leal
from leal.errors import UnknownFormat
from leal.intake import kind_of_survey_file, read_people, read_raw

SAMPLES = Path(__file__).parent / "samples"
EXPECTED = json.loads((SAMPLES / "EXPECTED.json").read_text())
COMMENTS = [
    "Fast delivery, kind courier",
    "Всё отлично, спасибо!",
    None,
    'Good, but the app is "slow"\nand logs me out',
    "Нормально; цены выше, чем у конкурентов",
    '=HYPERLINK("http://example.test","click")',
    "Долго ждал ответа поддержки, 40 минут",
    "Never again 😡",
    "Рекомендую друзьям",
    "Wrong item, refund took 3 weeks",
    "ok",
    "Great support team",
]


def points(scores: pl.Series) -> float:
    return round(100 * float((scores >= 9).mean() - (scores <= 6).mean()), 4)  # type: ignore[operator, arg-type]


@pytest.mark.parametrize("name", EXPECTED["survey_files"])
def test_a_survey_file_gives_its_expected_answers(name: str) -> None:
    answers, report = leal.read_answers(SAMPLES / name)
    assert answers["recommend"].to_list() == EXPECTED["scores_in_order"]
    assert answers["recommend"].mean() == EXPECTED["mean"]
    assert round(report.nps_before or 0, 4) == round(report.nps_after or 0, 4) == EXPECTED["nps"]
    assert report.rejected_by_reason == EXPECTED["rows_to_reject"].get(name, {})
    assert report.balanced
    for segment, told in EXPECTED["by_segment"].items():
        scores = answers.filter(segment=segment)["recommend"]
        assert (scores.len(), points(scores)) == (told["n"], told["nps"])


@pytest.mark.parametrize("name", EXPECTED["survey_files"])
def test_comments_times_and_identifiers_come_through(name: str) -> None:
    answers, _ = leal.read_answers(SAMPLES / name)
    assert answers["comment"].to_list() == COMMENTS
    assert answers["answered_at"].null_count() == 0
    assert answers["answered_at"].dtype == pl.Datetime("us")
    assert answers["answered_at"].is_sorted()
    assert {day.year for day in answers["answered_at"].to_list()} == {2026}
    assert answers["answer"].n_unique() == 12
    if "limesurvey" not in name:
        assert answers["customer"].n_unique() == 12


@pytest.mark.parametrize("name", EXPECTED["survey_files"])
def test_a_second_import_changes_nothing(name: str) -> None:
    once, _ = leal.read_answers(SAMPLES / name)
    again, _ = leal.read_answers(SAMPLES / name)
    assert once.equals(again)


@pytest.mark.parametrize("name", [name for name in EXPECTED["survey_files"] if name.endswith(".csv")])
def test_a_file_joined_to_itself_gives_the_same_answers(name: str, tmp_path: Path) -> None:
    data = (SAMPLES / name).read_bytes()
    header = {"qualtrics": 3, "surveymonkey": 2}.get(name.split("_")[0], 1)
    twice = data.rstrip(b"\n") + b"\n" + b"\n".join(data.split(b"\n")[header:])
    (tmp_path / "twice.csv").write_bytes(twice)
    once, _ = leal.read_answers(SAMPLES / name)
    answers, report = leal.read_answers(tmp_path / "twice.csv")
    assert answers.equals(once)
    assert (report.duplicates, report.balanced) == (12, True)


@pytest.mark.parametrize("name", EXPECTED["single_event_files"])
def test_a_single_event_is_one_answer(name: str) -> None:
    answers, report = leal.read_answers(SAMPLES / name)
    told = EXPECTED["single_event_files"][name]
    assert answers["recommend"].to_list() == [told["score"]]
    assert answers["comment"].to_list() == [COMMENTS[6]]
    assert report.accepted == 1
    if "segment" in told:
        assert answers["segment"].to_list() == [told["segment"]]


@pytest.mark.parametrize("name", EXPECTED["people_files"])
def test_people_are_read_with_whom_not_to_invite(name: str) -> None:
    people, report = read_people(SAMPLES / name)
    assert people.height == report.accepted == EXPECTED["people_files"][name]
    assert "name" not in people.columns
    for mark in ("bounces", "unsubscribes"):
        if mark in name:
            assert people.select(pl.col("^.*(bounced|unsubscribed)_at$")).to_series().null_count() == 0
            assert [note.code for note in report.notes] == ["not_to_be_invited"]


@pytest.mark.parametrize("name", EXPECTED["people_files"])
def test_people_are_not_taken_for_answers(name: str) -> None:
    with pytest.raises(UnknownFormat, match="people"):
        leal.read_answers(SAMPLES / name)


@pytest.mark.parametrize("name", EXPECTED["review_files"])
def test_stars_are_never_turned_into_nps(name: str) -> None:
    assert kind_of_survey_file(read_raw(SAMPLES / name)) == "reviews"
    with pytest.raises(UnknownFormat, match="reviews") as caught:
        leal.read_answers(SAMPLES / name)
    assert "отзыв" in caught.value.into("ru")


def test_reviews_of_every_source_are_recognised(golden: Path) -> None:
    for path in sorted((golden / "reviews").iterdir()):
        if path.suffix in (".csv", ".json") and not path.name.startswith(("telegram", "vk", "EXPECTED")):
            assert kind_of_survey_file(read_raw(path)) == "reviews", path.name


def test_the_samples_here_are_those_of_the_reference(golden: Path) -> None:
    for path in SAMPLES.iterdir():
        assert path.read_bytes() == (golden / "imports" / path.name).read_bytes(), path.name


def test_personal_data_that_no_analysis_needs_are_left_out() -> None:
    answers, report = leal.read_answers(SAMPLES / "qualtrics_numeric.csv")
    assert set(report.columns_dropped) == {
        *("IPAddress", "RecipientLastName", "RecipientFirstName", "LocationLatitude", "LocationLongitude")
    }
    assert not set(report.columns_dropped) & set(answers.columns)
    assert "personal_data_dropped" in {note.code for note in report.notes}


def test_times_of_the_survey_are_turned_from_its_zone_to_utc() -> None:
    answers, _ = leal.read_answers(SAMPLES / "qualtrics_numeric.csv")
    assert str(answers["answered_at"].item(0)) == "2026-03-02 16:00:49"
    forms, _ = leal.read_answers(SAMPLES / "google_forms_en.csv")
    assert str(forms["answered_at"].item(0)) == "2026-03-02 06:00:00"
