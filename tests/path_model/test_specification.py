from __future__ import annotations

import pytest

from leal.errors import BadOption, LealError
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


def test_objects_may_be_given_as_any_sequence() -> None:
    model = PathModel(constructs=[Construct("A", ["a1", "a2"]), Construct("B", "b1")], paths=[["A", "B"]])  # type: ignore[arg-type, list-item]
    assert model.items == ("a1", "a2", "b1")
    assert model.paths == (("A", "B"),)
    assert hash(model)
    with pytest.raises(BadOption, match="mode"):
        Construct("A", ("a1",), "C")  # type: ignore[arg-type]


def test_comments_of_lavaan_are_comments() -> None:
    model = PathModel("! measurement\nA =~ a1 ! first\nB =~ b1 # second\nB ~ A")
    assert model.items == ("a1", "b1")


def test_an_item_that_stands_twice_in_a_construct_is_told() -> None:
    with pytest.raises(BadModel, match="a1 stands twice in A"):
        PathModel("A =~ a1 + a1\nB =~ b1\nB ~ A")
