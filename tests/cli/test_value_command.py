"""`leal value FILE` prints, writes and says what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from tests.predict.value_samples import world

from leal.cli import main


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("value") / "purchases.csv"
    world(200, 7).purchases.write_csv(path)
    return path


def run(*words: str) -> str:
    result = CliRunner().invoke(main, ["value", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_plain_use_prints_sentences_the_best_customers_and_notes(file: Path) -> None:
    told = " ".join(run(str(file), "--lang", "en").split())
    assert "customers will bring" in told
    assert "Within ten years they will bring" in told
    assert "Money is revenue, not margin" in told
    assert "Still a" in told


def test_a_mistyped_year_does_not_move_the_day_from_which_it_looks_ahead(file: Path, tmp_path: Path) -> None:
    odd = tmp_path / "odd.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    at = lines[0].split(",").index("bought_at")
    last = lines[-1].split(",")
    last[at] = "2099" + last[at][4:]
    odd.write_text("\n".join([*lines, ",".join(last)]) + "\n", encoding="utf-8")
    told = " ".join(run(str(odd), "--lang", "en").split())
    assert "1 row dated more than a year from all others is left out." in told
    assert (
        told.split(" will bring")[1].split(" within")[0]
        == (" ".join(run(str(file), "--lang", "en").split()).split(" will bring")[1].split(" within")[0])
    )


def test_russian_is_russian(file: Path) -> None:
    told = run(str(file), "--lang", "ru", "--margin", "0.3")
    assert "Клиенты" in told
    assert "customers" not in told


def test_json_is_one_object_with_its_schema(file: Path) -> None:
    told = json.loads(run(str(file), "--json", "--model", "mbg_nbd", "--weeks", "26"))
    assert told["schema"] == "leal.value"
    assert told["weeks"] == 26
    assert told["model"] == "MBG/NBD"
    assert len(told["customers"]) == told["n"]


@pytest.mark.parametrize("suffix", ["html", "xlsx", "json"])
def test_a_report_is_written_in_each_form(file: Path, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"value.{suffix}"
    run(str(file), "--out", str(out), "--lang", "ru")
    content = out.read_bytes()
    starts = {"html": b"<!doctype html>", "xlsx": b"PK", "json": b"{"}
    assert content.startswith(starts[suffix])
    if suffix == "html":
        page = content.decode()
        assert page.count("<svg") >= 4
        assert "://" not in page.replace("http://www.w3.org", ""), "nothing is fetched"


def test_several_reports_are_written_at_once(file: Path, tmp_path: Path) -> None:
    page, told = tmp_path / "value.html", tmp_path / "value.json"
    run(str(file), "--out", str(page), "--out", str(told))
    assert page.exists()
    assert told.exists()


def test_too_little_is_said_and_written(tmp_path: Path) -> None:
    path = tmp_path / "purchases.csv"
    pl.DataFrame(
        {"customer": ["a", "b"], "bought_at": ["2025-01-01", "2025-02-01"], "amount": [5.0, 6.0]}
    ).write_csv(path)
    told = " ".join(run(str(path), "--lang", "en", "--out", str(tmp_path / "r.html")).split())
    assert "unknown: needs 10 customers" in told


def test_an_unknown_suffix_is_refused(file: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["value", str(file), "--out", str(tmp_path / "value.odt")])
    assert result.exit_code == 2
