"""The pages on actions and word of mouth print what they say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import leal
from leal.act import allocate_budget
from leal.measure import nps_of_counts
from leal.statistics import NpsCounts

DOCS = Path(__file__).parents[2] / "docs"


def blocks(page: str, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


def plain(words: str) -> str:
    return " ".join(words.replace("\u00a0", " ").split())


def test_the_example_of_actions(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    exec(blocks("actions.md", "python")[0], names)
    assert plain(capsys.readouterr().out) == plain(blocks("actions.md", "text")[0])
    exec(blocks("actions.md", "python")[1], names)
    assert plain(capsys.readouterr().out) == plain(blocks("actions.md", "text")[1])
    page = plain((DOCS / "actions.md").read_text(encoding="utf-8"))
    returned = names["return_on_quality"](names["lobby"]).sentence()
    assert plain(returned.removeprefix("New lobby: ")) in page
    found = names["thresholds"](names["lobby"], asked=(400, 400), spread=20)
    assert (
        f"the survey sees {found.statistical:.2f} points and the action pays from {found.economic:.2f}"
        in page
    )
    dealt = allocate_budget({"lobby": 10, "app": 6, "gifts": 2}, 10, 100)
    assert all(f"{share.action} {share.amount:.1f}" in page for share in dealt.shares)


def test_the_example_of_word_of_mouth() -> None:
    found = leal.word_of_mouth(nps_of_counts(NpsCounts(80, 120, 200)), customers=10_000, comments=4)
    page = plain(blocks("word-of-mouth.md", "text")[0])
    assert page == plain(" ".join(str(column.sentence()) for column in found.columns))
    text = (DOCS / "word-of-mouth.md").read_text(encoding="utf-8")
    ratios = [one.promoters_per_detractor.estimate for one in (found.seed.figures, found.seed.other_reading)]
    assert "one detractor then costs {:.1f} or {:.1f} promoters".format(*ratios) in text
