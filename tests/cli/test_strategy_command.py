from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.cli.test_audit_command import folder

from leal.cli import main

__all__ = ["folder"]


def run(*words: str, typed: str | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(words), input=typed)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(("lang", "words"), [("en", "Charter"), ("ru", "Устав")])
def test_two_spreadsheets_become_a_strategy(folder: Path, lang: str, words: str) -> None:
    out = folder / "strategy.html"
    code, told, _ = run(
        "strategy", str(folder), "--margin", ".3", "--currency", "rub", "--lang", lang, "--out", str(out),
        "--company", "Полюс", "--owner", "finance=Анна", "--start", "2026-08-03",
    )  # fmt: skip
    assert code == 0
    assert words in told
    page = out.read_text(encoding="utf-8")
    assert "Полюс" in page
    assert "Анна" in page
    assert ("10 August 2026" if lang == "en" else "10 августа 2026") in page


def test_an_unknown_form_is_refused_before_the_work(folder: Path) -> None:
    code, _, errors = run("strategy", str(folder), "--out", str(folder / "strategy.odt"), "--lang", "en")
    assert code == 2
    assert "*.docx" in errors


def test_owners_from_a_bad_file(folder: Path) -> None:
    (folder / "owners.toml").write_text("[roles]\nking = 'x'", encoding="utf-8")
    code, _, errors = run("strategy", str(folder), "--owners", str(folder / "owners.toml"), "--lang", "en")
    assert code == 2
    assert "king" in errors


def test_a_register_with_a_budget(folder: Path) -> None:
    register, out = folder.parent / "register.csv", folder / "strategy.html"
    register.write_text(
        "name;customers;exposed;noticed;satisfaction;retention_link;margin;retention;cost\n"
        "Welcome call;150;1;0.5;3;0.004;100;0.8;50\n",
        encoding="utf-8",
    )
    code, _, _ = run(
        "strategy", str(folder / "answers.csv"), "--purchases", str(folder / "orders.csv"), "--lang", "ru",
        "--register", str(register), "--budget", "100", "--out", str(out),
    )  # fmt: skip
    assert code == 0
    page = out.read_text(encoding="utf-8")
    assert "Welcome call" in page
    assert "На что хватает бюджета" in page
    assert "Что приносит молва" in page


def test_a_register_that_is_not_there(folder: Path) -> None:
    code, _, errors = run(
        "strategy", str(folder), "--register", str(folder.parent / "none.csv"), "--lang", "en",
        "--out", str(folder / "s.html"),
    )  # fmt: skip
    assert code == 2
    assert "The file does not exist. (file" in errors.replace("\n", " ")
