from __future__ import annotations

import math

import pytest

from leal.documents.glossary import GLOSSARY
from leal.documents.methods import method_note, methods_of
from leal.results import Estimate
from leal.wording import Text


def estimate(method: str, value: float = 1.0) -> Estimate:
    return Estimate(estimate=value, ci_low=0.0, ci_high=2.0, n=5, method=method)


def test_each_method_is_told_once_and_only_where_a_figure_is_known() -> None:
    told = methods_of([estimate("score"), estimate("wilson"), estimate("score"), estimate("t", math.nan)])
    assert [note.code for note in told] == ["score", "wilson"]


@pytest.mark.parametrize(
    "code",
    [
        "score",
        "wilson",
        "welch",
        "bootstrap",
        "block_bootstrap",
        "simulation",
        "newcombe",
        "mover",
        "fieller",
        "least_squares_hc1",
        "delta",
        "linearised",
        "weighted_score",
        "paired",
        "counted",
        "bai_perron",
        "normal",
    ],
)
def test_the_methods_of_the_checks_have_words(code: str) -> None:
    note = method_note(code)
    assert note.name != code
    assert note.words.into("ru") != note.words


def test_a_method_without_words_keeps_its_name() -> None:
    assert method_note("new_one").name == "new_one"


def test_the_glossary_is_in_both_languages() -> None:
    for term, words in GLOSSARY:
        assert isinstance(term, Text)
        assert words.into("ru") != words
