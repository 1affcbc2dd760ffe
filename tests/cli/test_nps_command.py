from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from leal.cli import main

SURVEY = (
    "id,score,segment,comment\n1,10,Retail,good\n2,9,Retail,\n3,7,B2B,fine\n4,3,B2B,slow\n5,11,B2B,too much\n"
)


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "answers.csv"
    path.write_text(SURVEY, encoding="utf-8")
    return path


def run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(words))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_a_score_with_its_interval(survey: Path) -> None:
    code, told, _ = run("nps", str(survey), "--lang", "en")
    assert code == 0
    assert told.startswith("NPS 25 (95 % ")
    assert "rows read 5, accepted 4, rejected 1" in told.replace("\n", " ")


def test_one_json_object(survey: Path) -> None:
    code, told, _ = run("nps", str(survey), "--json")
    found = json.loads(told)
    assert code == 0
    assert found["estimate"] == pytest.approx(25)
    assert {"ci_low", "ci_high", "n", "level", "method", "notes"} <= set(found)


def test_groups_in_russian(survey: Path) -> None:
    code, told, _ = run("nps", str(survey), "--by", "segment", "--lang", "ru")
    assert code == 0
    assert "Retail: NPS 100" in told
    assert "n = 2" in told


def test_a_column_may_be_named_by_its_header_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "опрос.csv"
    path.write_text(SURVEY.replace("segment", "Сегмент").replace("score", "Оценка NPS"), encoding="utf-8")
    code, told, _ = run("nps", str(path), "--by", "Сегмент", "--lang", "ru")
    assert code == 0
    assert "Retail: NPS 100" in told


def test_a_wrong_column_is_told(survey: Path) -> None:
    code, _, errors = run("nps", str(survey), "--by", "region", "--lang", "en")
    assert code == 2
    assert "'region'" in errors
    assert "segment" in errors


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\x03" * 50, b"just one line"])
def test_what_is_no_survey_ends_with_two(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    code, _, errors = run("nps", str(path), "--lang", "en")
    assert code == 2
    assert "odd.csv" in errors.replace("\n", "")


def test_an_error_is_json_too(tmp_path: Path) -> None:
    code, told, _ = run("nps", str(tmp_path / "none.csv"), "--json", "--lang", "ru")
    assert code == 2
    error = json.loads(told)["error"]
    assert error["code"] == "bad_file"
    assert "нет" in error["message"]


def test_the_doctor_finds_everything_in_place() -> None:
    code, told, _ = run("doctor", "--json")
    assert code == 0
    findings = json.loads(told)["findings"]
    assert all(finding["well"] for finding in findings)
    extras = {"typst", "python-docx", "python-pptx", "lifelines", "duckdb", "pyspark"}
    assert extras <= {finding["subject"] for finding in findings}


def test_the_doctor_says_what_an_extra_that_is_absent_is_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from leal.cli import doctor_command

    monkeypatch.setattr(doctor_command, "_version", lambda package: None)
    told = {finding.subject: finding for finding in doctor_command._extras()}
    assert told["typst"].well
    assert "leal[documents]" in str(told["typst"].advice)
    assert "leal[survival]" in str(told["lifelines"].advice)
