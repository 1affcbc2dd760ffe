"""`leal epsi FILE`: read, find the items, fit, print, write."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner

from leal.cli import main
from leal.documents import write_questionnaire
from leal.measure import questionnaire


def run(*words: str, code: int = 0) -> str:
    found = CliRunner().invoke(main, list(words))
    assert found.exit_code == code, found.output
    return found.output


def answers(n: int = 150, seed: int = 2) -> pl.DataFrame:
    generator = np.random.default_rng(seed)
    items = questionnaire("acsi").items
    raw = 7 + 1.4 * generator.normal(size=(n, 1)) + generator.normal(size=(n, len(items)))
    frame = pl.DataFrame(np.clip(np.rint(raw), 1, 10).astype(int), schema=list(items))
    recommend = np.clip(np.rint(raw[:, 0] + generator.normal(size=n)), 0, 10).astype(int)
    brand = generator.choice(["Amber", "Volna"], n)
    return frame.with_columns(recommend=pl.Series(recommend), brand=pl.Series(brand))


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "survey.csv"
    answers().write_csv(path)
    return path


def test_a_survey_with_known_names_needs_no_mapping(survey: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    told = run("epsi", str(survey), "--by", "brand", "--out", str(out), "--resamples", "300", "--lang", "en")
    assert "Satisfaction" in told
    assert "of promoters are dissatisfied by the index" in told.replace("\n", " ")
    page = out.read_text(encoding="utf-8")
    for words in ("EPSI-type index", "Path coefficients", "Discriminant validity (HTMT)", "Amber", "<svg"):
        assert words in page
    assert "://" not in page.replace("http://www.w3.org", "")


def test_several_reports_are_written_at_once_and_a_wrong_suffix_before_the_work(
    survey: Path, tmp_path: Path
) -> None:
    page, book = tmp_path / "report.html", tmp_path / "report.xlsx"
    told = run("epsi", str(survey), "--out", str(page), "--out", str(book), "--resamples", "100")
    assert page.exists()
    assert book.exists()
    assert "report.html" in told.replace("\n", "")
    assert "report.xlsx" in told.replace("\n", "")
    run("epsi", str(tmp_path / "absent.csv"), "--out", str(tmp_path / "report.odt"), code=2)


def test_items_are_told_by_name_and_a_mapping_may_give_others(survey: Path, tmp_path: Path) -> None:
    out, mapping = tmp_path / "report.json", tmp_path / "map.toml"
    mapping.write_text('[names]\nquality1 = "Craft"\n', encoding="utf-8")
    run("epsi", str(survey), "--map", str(mapping), "--out", str(out), "--resamples", "200", "--lang", "en")
    names = json.loads(out.read_text(encoding="utf-8"))["item_names"]
    assert names["quality1"] == "Craft"
    assert names["quality2"] == "Fit to own needs"
    page = tmp_path / "report.html"
    run("epsi", str(survey), "--map", str(mapping), "--out", str(page), "--resamples", "200", "--lang", "ru")
    told = page.read_text(encoding="utf-8")
    assert "Craft" in told
    assert "Соответствие вашим нуждам" in told
    assert "Штраф и награда" in told
    mapping.write_text("[names]\nquality1 = 5\n", encoding="utf-8")
    assert "words in quotes" in run("epsi", str(survey), "--map", str(mapping), "--lang", "en", code=2)


def test_columns_of_their_own_have_the_names_of_the_template(tmp_path: Path) -> None:
    path, mapping, out = tmp_path / "own.csv", tmp_path / "map.toml", tmp_path / "report.json"
    items = questionnaire("acsi").items
    answers().rename({item: f"q{place}" for place, item in enumerate(items)}).write_csv(path)
    told = "".join(f'{item} = "q{place}"\n' for place, item in enumerate(items))
    mapping.write_text(f'template = "acsi"\n[items]\n{told}', encoding="utf-8")
    run("epsi", str(path), "--map", str(mapping), "--out", str(out), "--resamples", "200", "--lang", "en")
    assert json.loads(out.read_text(encoding="utf-8"))["item_names"]["q3"] == "Overall quality"
    mapping.write_text('template = "epsy"\n', encoding="utf-8")
    assert "epsi, ecsi-mobile, acsi" in run("epsi", str(path), "--map", str(mapping), "--lang", "en", code=2)


def test_the_workbook_has_the_sheets_that_smartpls_users_know(survey: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.xlsx"
    run("epsi", str(survey), "--out", str(out), "--resamples", "300", "--lang", "en")
    book = openpyxl.load_workbook(out)
    for name in (
        "Path coefficients",
        "Total effects",
        "Outer loadings",
        "Outer weights",
        "Reliability and validity",
        "Discriminant validity (HTMT)",
        "Collinearity of causes (VIF)",
        "Effect sizes (f2)",
        "Explained variance (R2)",
        "Importance and performance…",
        "Index, 0 to 100",
    ):
        assert name in book.sheetnames, book.sheetnames
    header = [
        cell.value for cell in next(row for row in book["Path coefficients"] if row[0].value == "Cause")
    ]
    assert header == [
        "Cause",
        "Effect",
        "Estimate",
        "Standard error",
        "Interval from",
        "Interval to",
        "t value",
    ]


def test_json_is_one_object_without_not_a_numbers(survey: Path) -> None:
    told = json.loads(run("epsi", str(survey), "--json", "--resamples", "200"))
    assert told["schema"] == "leal.epsi"
    assert told["n"] == 150
    assert told["reconciliation"]["accepted"] == 150
    assert {row["construct"] for row in told["index"]["results"]} >= {"Satisfaction", "Loyalty"}


def test_a_mapping_names_columns_and_words_are_no_answer(tmp_path: Path) -> None:
    frame = answers().rename({"satisfaction1": "Q17"}).cast(pl.String)
    frame[4, "Q17"], frame[5, "Q17"] = "затрудняюсь ответить", "99"
    path, mapping = tmp_path / "survey.xlsx", tmp_path / "map.toml"
    frame.write_excel(path)
    mapping.write_text('template = "acsi"\nby = "brand"\n[items]\nsatisfaction1 = "Q17"\n', encoding="utf-8")
    told = run("epsi", str(path), "--map", str(mapping), "--resamples", "200", "--lang", "ru")
    assert "n = 148" in told
    assert "затрудняюсь ответить" in told
    assert "вне шкалы" in told


def test_the_filled_in_questionnaire_is_a_mapping(tmp_path: Path) -> None:
    form = write_questionnaire("acsi", tmp_path / "form.xlsx")
    book = openpyxl.load_workbook(form)
    sheet = book.worksheets[2]
    for row in sheet.iter_rows(min_row=2):
        if row[0].value == "quality1":
            row[1].value = "How good?"
    book.save(form)
    path = tmp_path / "survey.csv"
    answers().rename({"quality1": "How good?"}).write_csv(path)
    told = run(
        "epsi", str(path), "--map", str(form), "--template", "acsi", "--resamples", "200", "--lang", "en"
    )
    assert "Satisfaction" in told


def test_unknown_columns_leave_a_mapping_to_fill_in(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    pl.DataFrame({"a": [1, 2], "b": [3, 4]}).write_csv(path)
    told = run("epsi", str(path), "--lang", "en", code=2)
    assert "No items of an index were found" in told
    blank = tmp_path / "survey.csv.epsi.toml"
    assert 'satisfaction1 = ""' in blank.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('templat = "epsi"', "not known"),
        ("template = 3", "must be a text"),
        ("[items]\nimage1 = 4", "names of columns"),
        ("scale = 10", "two numbers"),
        ("template = ", "not valid TOML"),
        ('[items]\nimage77 = "a"', "image77"),
        ('[items]\nimage1 = "absent"', "no column"),
    ],
)
def test_a_wrong_mapping_is_told(survey: Path, tmp_path: Path, text: str, words: str) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text(text, encoding="utf-8")
    assert words in run("epsi", str(survey), "--map", str(mapping), "--lang", "en", code=2)


def test_a_model_in_words_is_fitted(survey: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "map.toml"
    lines = ("Quality =~ quality1 + quality2", "Satisfaction =~ satisfaction1 + satisfaction2")
    model = "\\n".join((*lines, "Satisfaction ~ Quality"))
    mapping.write_text(f'model = "{model}"\n', encoding="utf-8")
    told = run("epsi", str(survey), "--map", str(mapping), "--resamples", "200", "--lang", "en")
    assert "First Quality" in told


def test_the_definition_of_the_index_can_be_chosen(survey: Path) -> None:
    words = ("epsi", str(survey), "--by", "brand", "--resamples", "200", "--json")
    classic = json.loads(run(*words, "--index", "A"))
    usual = json.loads(run(*words))
    assert classic["index"]["definition"] == classic["groups"]["definition"] == "A"
    assert usual["index"]["definition"] == usual["groups"]["definition"] == "B"
    assert {row["definition"] for row in classic["groups"]["index"]} == {"A"}
    assert classic["groups"]["items"][0]["estimate"] != usual["groups"]["items"][0]["estimate"]


def test_groups_have_their_priorities(survey: Path, tmp_path: Path) -> None:
    book = tmp_path / "report.xlsx"
    words = ("epsi", str(survey), "--by", "brand", "--resamples", "200")
    told = json.loads(run(*words, "--json", "--out", str(book)))["priorities_by_group"]
    assert set(told["groups"]) == {"Amber", "Volna"}
    assert {row["source"] for row in told["differences"]} >= {"Quality", "Satisfaction"}
    assert {"Priorities of each group", "Differences of importance"} <= set(
        openpyxl.load_workbook(book).sheetnames
    )
    assert "differ" in run(*words, "--lang", "en")


def test_a_question_of_the_model_is_no_group(survey: Path) -> None:
    told = run("epsi", str(survey), "--by", "quality1", "--lang", "en", code=2)
    assert "holds a question of the model" in told.replace("\n", " ")


def test_the_bands_may_be_given_on_the_line_or_in_the_mapping(survey: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text("bands = [20, 95]\n", encoding="utf-8")
    words = ("epsi", str(survey), "--resamples", "100", "--json")
    for further in (("--bands", "20", "95"), ("--map", str(mapping))):
        bands = json.loads(run(*words, *further))["index"]["bands"]
        assert [band["high"] for band in bands] == [20, 95, 100]
    mapping.write_text('bands = "high"\n', encoding="utf-8")
    told = run("epsi", str(survey), "--map", str(mapping), "--lang", "en", code=2)
    assert "bands must be two numbers" in told.replace("\n", " ")
