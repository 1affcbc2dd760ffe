from __future__ import annotations

import pytest

from leal.errors import LealError
from leal.path_model import BadModel, Construct, PathModel


def test_a_model_in_words() -> None:
    model = PathModel("""
        Image =~ a + b +      # continued
                 c
        Quality <~ d
            + e
        Satisfaction =~ f; Satisfaction ~ Image + Quality
    """)
    assert [construct.mode for construct in model.constructs] == ["A", "B", "A"]
    assert model.constructs[0].items == ("a", "b", "c")
    assert model.paths == (("Image", "Satisfaction"), ("Quality", "Satisfaction"))
    assert model.items == ("a", "b", "c", "d", "e", "f")
    assert model.endogenous == ("Satisfaction",)


def test_a_model_of_objects_is_the_same() -> None:
    words = PathModel("One =~ a\nTwo =~ b\nTwo ~ One")
    objects = PathModel(
        constructs=[Construct("One", ("a",)), Construct("Two", ("b",))], paths=[("One", "Two")]
    )
    assert words == objects


@pytest.mark.parametrize(
    ("syntax", "words"),
    [
        (
            "One =~ a\nTwo =~ b\nThree =~ c\nTwo ~ One\nThree ~ Two\nOne ~ Three",
            "form a circle among One, Three, Two",
        ),
        ("One =~ a\nTwo =~ a\nTwo ~ One", "item a measures One and Two"),
        ("One =~ a\nTwo =~ b\nTwo ~ Onee", "'Onee', which no items measure"),
        ("One =~ a\nTwo =~ b\nThree =~ c\nTwo ~ One", "No path leads from or to Three"),
        (
            "One =~ a\nTwo =~ b\nThree =~ c\nFour =~ d\nTwo ~ One\nFour ~ Three",
            "No path connects One, Two with Three, Four",
        ),
        ("One =~\nTwo =~ b\nTwo ~ One", "The construct One has no items"),
        ("One =~ a\nTwo <~\nTwo ~ One", "The construct Two has no items"),
        ("One =~ a\nOne =~ b\nOne ~ One", "measured twice"),
        ("One =~ a\nTwo =~ b\nTwo ~ One + One", "stands twice"),
        ("One =~ a\nOne ~ One", "to itself"),
        ("One =~ a +", "not understood: One =~ a +"),
        ("One =~ 1*a\nTwo =~ b", "not understood"),
        ("One is measured by a", "not understood"),
        ("", "no construct"),
    ],
)
def test_a_contradiction_is_told(syntax: str, words: str) -> None:
    with pytest.raises(BadModel, match=r".") as caught:
        PathModel(syntax)
    assert words in str(caught.value)
    assert isinstance(caught.value, LealError)


def test_a_row_is_named() -> None:
    with pytest.raises(BadModel) as caught:
        PathModel("One =~ a\nTwo =~ b\nTwo = One")
    assert caught.value.where.row == 3
