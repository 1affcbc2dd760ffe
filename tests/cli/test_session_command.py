from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.test_audit_command import folder
from tests.cli.test_strategy_command import run

from leal.checks import SESSION_QUESTIONS

__all__ = ["folder"]


def test_a_blank_file_filled_in_becomes_a_page(tmp_path: Path) -> None:
    answers, out = tmp_path / "answers.toml", tmp_path / "session.html"
    code, told, _ = run("session", str(answers), "--blank", "--lang", "ru")
    assert code == 0
    assert "answers.toml" in told.replace("\n", "")
    text = answers.read_text(encoding="utf-8")
    assert "Сколько разных клиентов" in text
    filled = text.replace('customers = "unknown"', "customers = 1000").replace(
        'yearly_spend = "unknown"', 'yearly_spend = "500-700"'
    )
    answers.write_text(filled, encoding="utf-8")
    code, told, _ = run("session", str(answers), "--out", str(out), "--lang", "ru", "--day", "2026-07-01")
    assert code == 0
    assert "выручки в год" in told.replace("\n", " ")
    assert "1 июля 2026" in out.read_text(encoding="utf-8")


def test_a_blank_file_never_replaces_answers(tmp_path: Path) -> None:
    (tmp_path / "answers.toml").write_text("", encoding="utf-8")
    code, _, errors = run("session", str(tmp_path / "answers.toml"), "--blank", "--lang", "en")
    assert code == 2
    assert "exists already" in errors.replace("\n", " ")


def test_the_questions_are_asked_one_by_one(tmp_path: Path) -> None:
    out = tmp_path / "session.html"
    typed = ["1000", "100", "lots", "30", "<", "25", "", *[""] * 5, "no", ">", "EUR"]
    code, told, asked = run("session", "--out", str(out), "--lang", "en", typed="\n".join(typed) + "\n")
    assert code == 0
    assert "1/22" in asked
    assert "lots" in asked
    assert "EUR" in told
    assert "exposed" in told
    page = out.read_text(encoding="utf-8")
    assert page.split("Margin, of revenue")[1].partition("%")[0].endswith(">25\u00a0")


def test_all_questions_may_be_left_open(tmp_path: Path) -> None:
    out = tmp_path / "session.html"
    code, told, _ = run("session", "--out", str(out), "--lang", "en", typed="\n" * len(SESSION_QUESTIONS))
    assert code == 0
    assert "10 are unknown" in told


def test_files_take_the_place_of_opinions(folder: Path, tmp_path: Path) -> None:
    answers, out = tmp_path / "answers.toml", tmp_path / "session.html"
    answers.write_text("[answers]\n", encoding="utf-8")
    code, told, _ = run(
        "session", str(answers), "--files", str(folder), "--margin", ".3", "--out", str(out), "--lang", "en"
    )
    assert code == 0
    assert "of margin a year" in told.replace("\n", " ")
    assert "your files" in out.read_text(encoding="utf-8")


def test_money_of_files_is_margin_too_where_a_margin_was_answered(folder: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.toml"
    pages = {}
    for name, told, options in (("said", "margin = 30\n", ()), ("given", "", ("--margin", ".3"))):
        answers.write_text(f"[answers]\n{told}", encoding="utf-8")
        out = tmp_path / f"{name}.html"
        run("session", str(answers), "--files", str(folder), *options, "--out", str(out), "--lang", "en")
        page = out.read_text(encoding="utf-8")
        pages[name] = page.split("The ten mistakes")[1].split("What to do next")[0]
    assert pages["said"] == pages["given"]


@pytest.mark.parametrize("text", ["[answers", "[answers]\nclients = 3", "[answers]\nmargin = .3"])
def test_a_bad_file_is_one_clear_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "answers.toml").write_text(text, encoding="utf-8")
    code, _, errors = run("session", str(tmp_path / "answers.toml"), "--lang", "en")
    assert code == 2
    assert "answers.toml" in errors.replace("\n", "")
