from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from leal.cli import main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    days = [f"2026-0{1 + i % 6}-{1 + i % 27:02d}" for i in range(240)]
    answers = ["answer_id,customer_id,answered_at,nps score,segment"]
    answers += [
        f"a{i},c{i % 120},{day},{(i * 7) % 11},{'Retail' if i % 3 else 'B2B'}" for i, day in enumerate(days)
    ]
    (tmp_path / "answers.csv").write_text("\n".join(answers), encoding="utf-8")
    orders = ["order id;customer id;date;amount"]
    orders += [f"o{i};c{i % 150};{1 + i % 27:02d}.0{1 + i % 6}.2026;{10 + i % 9},5" for i in range(600)]
    (tmp_path / "orders.csv").write_text("\n".join(orders), encoding="cp1251")
    return tmp_path


def run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(words))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_two_spreadsheets_become_ten_answers(folder: Path) -> None:
    page, workbook = folder / "out.html", folder / "out.xlsx"
    code, told, _ = run(
        "audit", str(folder / "answers.csv"), "--purchases", str(folder / "orders.csv"), "--margin", ".3",
        "--currency", "rub", "--lang", "ru", "--out", str(page), "--out", str(workbook),
    )  # fmt: skip
    assert code == 0
    assert "NPS" in told
    assert "₽" in told
    assert "Первые шаги" in told
    assert page.read_text(encoding="utf-8").startswith("<!")
    assert workbook.stat().st_size > 5000


def test_a_folder_and_json(folder: Path) -> None:
    code, told, _ = run("audit", str(folder), "--json", "--lang", "en")
    found = json.loads(told)
    assert code == 0
    assert [check["number"] for check in found["checks"]] == list(range(1, 11))
    assert {"number", "verdict", "finding", "money", "missing", "next_step"} <= set(found["checks"][0])
    assert {check["verdict"] for check in found["checks"]} <= {"guarded", "exposed", "unknown"}
    for check in found["checks"]:
        assert check["missing"] or check["verdict"] != "unknown"


def test_a_report_of_no_known_form_is_refused_before_the_work(folder: Path) -> None:
    code, _, errors = run("audit", str(folder), "--out", str(folder / "report.docx"), "--lang", "en")
    assert code == 2
    assert "*.html" in errors


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    code, _, errors = run("audit", str(tmp_path / "nothing.csv"), "--lang", "en")
    assert code == 2
    assert "does not exist" in errors.replace("\n", " ")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_a_file_is_converted(folder: Path, suffix: str) -> None:
    out = folder / f"clean{suffix}"
    code, told, _ = run("convert", str(folder / "orders.csv"), "--out", str(out), "--lang", "en")
    assert code == 0
    assert "accepted 600" in told.replace("\n", " ")
    read = {".csv": pl.read_csv, ".parquet": pl.read_parquet, ".xlsx": None}[suffix]
    if read is not None:
        frame = read(out)
        assert frame.height == 600
        assert frame["amount"].sum() == pytest.approx(sum(10.5 + i % 9 for i in range(600)))
    again, told, _ = run(
        "convert", str(out), "--out", str(folder / "again.csv"), "--table", "purchases", "--json"
    )
    assert again == 0
    assert json.loads(told)["reconciliation"]["accepted"] == 600


def test_formulas_are_harmless_in_what_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,nps,comment\n1,9,=1+1\n2,8,fine\n", encoding="utf-8")
    code, _, _ = run("convert", str(tmp_path / "a.csv"), "--out", str(tmp_path / "b.csv"))
    assert code == 0
    assert "'=1+1" in (tmp_path / "b.csv").read_text(encoding="utf-8-sig")


def test_the_demonstration(tmp_path: Path) -> None:
    code, told, _ = run("demo", "--out", str(tmp_path / "demo"), "--customers", "400", "--lang", "ru")
    assert code == 0
    for language in ("en", "ru"):
        for suffix in ("html", "xlsx", "json"):
            assert (tmp_path / "demo" / language / f"report.{suffix}").stat().st_size > 1000
        for suffix in ("html", "docx", "pdf", "pptx"):
            assert (tmp_path / "demo" / language / f"strategy.{suffix}").stat().st_size > 100_000
    assert "Устав" in (tmp_path / "demo" / "ru" / "strategy.html").read_text(encoding="utf-8")
    assert "report.html" in told
    assert "strategy.pdf" in told


def test_without_the_extra_the_demonstration_writes_the_strategy_as_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from leal.documents import document_writing

    monkeypatch.setattr(document_writing, "has", lambda package: package == "docx")
    assert document_writing.writable_forms() == (".html", ".docx")
    monkeypatch.setattr(document_writing, "has", lambda package: False)
    code, told, _ = run("demo", "--out", str(tmp_path / "demo"), "--customers", "400", "--lang", "en")
    assert code == 0
    assert sorted(path.name for path in (tmp_path / "demo" / "en").glob("strategy.*")) == ["strategy.html"]
    assert "strategy.pdf" not in told
