"""Word of mouth by one's own survey: from a file to the third column of the strategy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from leal.checks import audit
from leal.checks.further import talk_of_customers
from leal.documents import Table, strategy_of
from leal.evidence import Evidence
from leal.intake import load
from leal.simulate import company

WEIGHT, NEED = 2.0, 4.0


def survey(people: int, seed: int = 1) -> pl.DataFrame:
    """Return what people met, and whether they bought: a bad word weighs as much as two good ones."""
    source = np.random.default_rng(seed)
    praise, blame = source.poisson(5, people), source.poisson(1, people)
    chance = 1 / (1 + np.exp(-0.5 * (praise - WEIGHT * blame - NEED)))
    return pl.DataFrame({"bought": source.random(people) < chance, "praise": praise, "blame": blame})


@pytest.fixture(scope="module")
def firm() -> Evidence:
    tables = company(600, seed=2, language="en").tables
    return Evidence(answers=tables["answers"], purchases=tables["purchases"])


def with_talk(firm: Evidence, talk: pl.DataFrame) -> Evidence:
    return Evidence(answers=firm.answers, purchases=firm.purchases, talk=talk)


def test_a_survey_of_buyers_and_others_makes_the_third_column(firm: Evidence) -> None:
    found = audit(with_talk(firm, survey(2000)))
    talk = talk_of_customers(found.book)  # type: ignore[arg-type]
    assert talk is not None
    assert talk.yours is not None
    weight = talk.yours.talk.factor("weight")
    assert weight is not None
    low, high = weight.limits(0.95)
    assert low < WEIGHT < high
    document = strategy_of(found)
    tables = [block for part in document.parts for block in part.blocks if isinstance(block, Table)]
    told = next(table for table in tables if "word of mouth" in str(table.title))
    assert [str(row[0]) for row in told.rows][-2:] == ["research", "your own"]


def test_a_survey_that_tells_nothing_yet_says_so(firm: Evidence) -> None:
    found = audit(with_talk(firm, survey(2000).head(30)))
    talk = talk_of_customers(found.book)  # type: ignore[arg-type]
    assert talk is not None
    assert talk.yours is None
    said = [note for note in talk.notes if note.code == "talk_not_sure"]
    assert said
    assert "опросите" in said[0].text.into("ru")
    without = talk_of_customers(audit(firm).book)  # type: ignore[arg-type]
    assert without is not None
    assert "talk_not_sure" not in [note.code for note in without.notes]


@pytest.mark.parametrize(
    "heads",
    [("Respondent", "Bought", "Good words", "Bad words"), ("Респондент", "Купил", "Хвалили", "Ругали")],
)
def test_its_file_is_recognised_in_both_languages(tmp_path: Path, heads: tuple[str, ...]) -> None:
    yes, no = ("yes", "no") if heads[0] == "Respondent" else ("да", "нет")
    lines = [",".join(heads)]
    lines += [f"r{number},{yes if number % 2 else no},{number % 5},{number % 3}" for number in range(50)]
    path = tmp_path / "survey of talk.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    table = load(path).evidence.table("talk")
    assert table is not None
    rows = table.collect().to_polars()
    assert rows["bought"].to_list()[:2] == [False, True]
    assert rows["praise"].sum() == 100
    assert rows["blame"].sum() == sum(number % 3 for number in range(50))


def test_a_survey_in_which_bad_words_bring_buyers_is_told_and_not_used(firm: Evidence) -> None:
    random = np.random.default_rng(1)
    praise, blame = random.poisson(4, 1500), random.poisson(1.2, 1500)
    bought = random.random(1500) < 1 / (1 + np.exp(2 - 0.3 * praise - 0.4 * blame))
    odd = pl.DataFrame({"bought": bought, "praise": praise, "blame": blame})
    talk = talk_of_customers(audit(with_talk(firm, odd)).book)  # type: ignore[arg-type]
    assert talk is not None
    assert talk.yours is None
    assert "talk_not_sure" in [note.code for note in talk.notes]
