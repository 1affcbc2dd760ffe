"""The blocks of the pages on money and proof run as they are written, one after another, on made-up data."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

import leal
from leal.cli import main
from leal.simulate import Company, company, write_files
from leal.statistics import Comparison

DOCS = Path(__file__).parents[2] / "docs"
COMMAND = re.compile(r"```sh\n(leal .*?)\n```\n```text\n(.*?)```", re.DOTALL)
BLOCK = re.compile(r"```python\n(.*?)```(?:\n+```text\n(.*?)```)?", re.DOTALL)

Names = Callable[[Company], dict[str, Any]]


@pytest.fixture(scope="module")
def firm() -> Company:
    return company(customers=1_500, seed=1)


@pytest.fixture
def files(firm: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that the pages name, in the folder that they are read from."""
    monkeypatch.chdir(tmp_path)
    # the page on customer value tells of CDNOW, whose purchases end in June 1998
    day = pl.col("bought_at").dt.date()
    bought = firm.tables["purchases"].with_columns(day - (day.max() - pl.date(1998, 6, 30)))
    bought.select("customer", "bought_at", "amount").write_parquet("purchases.parquet")
    leal.customer_summary(bought).write_parquet("customers.parquet")
    for page, name in (("session", "answers.toml"), ("strategy", "owners.toml")):
        Path(name).write_text(told(page, "toml")[0], encoding="utf-8")


def told(page: str, kind: str) -> list[str]:
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)


def plain(words: str) -> str:
    return " ".join(words.replace("\u00a0", " ").split())


def of_retention(firm: Company) -> dict[str, Any]:
    people = firm.tables["customers"].with_row_index("tenure", offset=1)
    telco = people.select(pl.col("tenure") % 72 + 1, left=pl.col("left_at").is_not_null())
    return firm.tables | {"telco": telco, "leal": leal}


def of_customer_value(firm: Company) -> dict[str, Any]:
    donors = {
        "frequency": [0, 1, 2, 4, 6],
        "recency": [0, 2, 4, 5, 6],
        "periods": 6,
        "weights": [40, 20, 10, 9, 8],
    }
    effect = Comparison(
        estimate=0.03,
        ci_low=0.01,
        ci_high=0.05,
        n=4_000,
        method="agresti_caffo",
        standard_error=0.01,
        p_value=0.003,
    )
    value = leal.results.Money(estimate=300, ci_low=250, ci_high=350, n=4_000, method="delta")
    relation = leal.customer_summary(firm.tables["purchases"])
    return {"donors": donors, "effect": effect, "value": value, "relation": relation}


def of_strategy(firm: Company) -> dict[str, Any]:
    few = {name: firm.tables[name] for name in ("wishes", "prices")}
    return {"evidence": leal.Evidence(**few)}


def of_word_of_mouth(firm: Company) -> dict[str, Any]:
    asked = 400
    survey = pl.select(
        bought=pl.int_range(asked) % 2,
        praise=pl.int_range(asked) * 7 % 5 + pl.int_range(asked) % 2 * 2,
        blame=pl.int_range(asked) * 3 % 7 % 3 + (pl.int_range(asked) + 1) % 2 * (pl.int_range(asked) % 3),
    )
    return firm.tables | {"survey": survey, "result": leal.nps(firm.tables["answers"])}


def of_nothing(_firm: Company) -> dict[str, Any]:
    return {}


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("page", "given"),
    [
        ("retention", of_retention),
        ("strategy", of_strategy),
        ("session", of_nothing),
        ("customer-value", of_customer_value),
        ("word-of-mouth", of_word_of_mouth),
        ("wishes-ways-rivals", of_nothing),
        ("from-lifetimes-and-clvtools", of_nothing),
    ],
)
def test_blocks_run_as_they_are_written(page: str, given: Names, firm: Company) -> None:
    blocks, names = told(page, "python"), given(firm)
    assert blocks
    for block in blocks:
        exec(block, names)


def test_the_page_on_proof_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    for block, printed in BLOCK.findall((DOCS / "proof.md").read_text(encoding="utf-8")):
        exec(block, names)
        assert plain(capsys.readouterr().out) == plain(printed)


def test_the_command_on_the_page_on_proof_prints_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(company(4_000, seed=28, language="en"), tmp_path, "en")  # the files of `leal demo`
    monkeypatch.chdir(tmp_path)
    ((command, printed),) = COMMAND.findall((DOCS / "proof.md").read_text(encoding="utf-8"))
    words = [*shlex.split(command)[1:], "--lang", "en"]
    assert plain(CliRunner().invoke(main, words, catch_exceptions=False).output) == plain(printed)
