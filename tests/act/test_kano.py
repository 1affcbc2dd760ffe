"""Kano. Golden: the evaluation table and the ski example of golden/methods (key kano)."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leal.act import kano_category, kano_survey
from leal.charts import to_svg
from leal.errors import BadValue, MissingColumn

PAIRS = {"A": (1, 3), "O": (1, 5), "M": (3, 5), "I": (3, 3), "R": (4, 1), "Q": (1, 1)}


def survey_of(**wishes: str) -> pl.DataFrame:
    """Return answers: the letters of each wish are its answers' categories."""
    rows = [(wish, *PAIRS[letter]) for wish, letters in wishes.items() for letter in letters]
    return pl.DataFrame(rows, schema=["wish", "functional", "dysfunctional"], orient="row")


def test_kinds_of_wishes_are_told_with_how_much_they_please_and_displease() -> None:
    found = kano_survey(survey_of(delivery="O" * 60 + "M" * 20 + "I" * 20, theme="I" * 90 + "A" * 10))
    assert [one.wish for one in found] == ["delivery", "theme"]
    assert found["delivery"].category == "one_dimensional"
    assert found["delivery"].better.estimate == pytest.approx(0.6)
    assert found["delivery"].worse.estimate == pytest.approx(0.8)
    assert found["delivery"].reach.estimate == pytest.approx(0.8)
    assert found["theme"].category == "indifferent"
    assert "one-dimensional" in found["delivery"].sentence()
    assert found["delivery"].sentence().into("ru").startswith("delivery: ")


def test_golden_evaluation_table_of_reference(golden: Path) -> None:
    known = json.loads((golden / "methods" / "expected.json").read_text())["kano"]
    table = next(value for name, value in known.items() if name.startswith("evaluation_table"))
    for row, letters in enumerate(table, start=1):
        for column, letter in enumerate(letters, start=1):
            assert kano_category(row, column)[0].upper() == letter or (
                letter == "O" and kano_category(row, column) == "one_dimensional"
            )


def test_golden_coefficients_are_the_formula_of_berger_1993(golden: Path) -> None:
    known = json.loads((golden / "methods" / "expected.json").read_text())["kano"]["ski_recalled"]
    # percentages recalled from Sauerwein et al. 1996: A, O, M, I
    answers = {
        "edge_grip": (7.0, 32.3, 49.3, 9.5),
        "ease_of_turn": (10.4, 45.1, 30.5, 11.5),
        "service": (63.8, 21.6, 2.9, 8.5),
    }
    for wish, (a, o, m, i) in answers.items():
        weights = pl.Series("w", [a, o, m, i])
        frame = survey_of(**{wish: "AOMI"}).with_columns(weights)
        repeated = pl.concat([frame.with_columns(pl.col("w") / 100)] * 100)
        one = kano_survey(repeated, weight="w")[wish]
        assert one.better.estimate == pytest.approx(known[wish]["better"], abs=1e-12)
        assert -one.worse.estimate == pytest.approx(known[wish]["worse"], abs=1e-12)


def test_two_categories_too_close_to_call_are_undecided_by_fong() -> None:
    one = kano_survey(survey_of(wish="A" * 40 + "M" * 38 + "I" * 12))["wish"]
    assert one.category is None
    assert set(one.candidates) == {"attractive", "must_be"}
    assert "undecided" in one.sentence()


def test_few_answers_are_an_answer_and_no_figure() -> None:
    one = kano_survey(survey_of(wish="AAA"))["wish"]
    assert one.category is None
    assert not one.better.known
    assert "needs 20" in one.sentence()


def test_answers_in_words_of_both_languages() -> None:
    frame = pl.DataFrame(
        {
            "wish": ["a"] * 4,
            "functional": ["Like", "Нравится", "мне всё равно", "I can live with it."],
            "dysfunctional": ["dislike", "не нравится", "Должно быть", "нравится"],
        }
    )
    counts = kano_survey(frame)["a"].counts
    assert (counts["one_dimensional"], counts["indifferent"], counts["reverse"]) == (2, 1, 1)


def test_half_answers_are_left_out_and_counted_and_wrong_ones_refused() -> None:
    frame = survey_of(a="A" * 30).with_columns(
        dysfunctional=pl.when(pl.int_range(30) < 3).then(None).otherwise(pl.col("dysfunctional"))
    )
    found = kano_survey(frame)
    assert found["a"].n == 27
    assert found.notes[0].code == "half_answered"
    with pytest.raises(BadValue, match="none of the five"):
        kano_survey(pl.DataFrame({"wish": ["a"], "functional": [6], "dysfunctional": [1]}))
    with pytest.raises(MissingColumn):
        kano_survey(pl.DataFrame({"wish": ["a"], "functional": [1]}))


def test_contradictions_and_unwanted_wishes_are_said() -> None:
    one = kano_survey(survey_of(a="Q" * 10 + "R" * 30 + "I" * 20))["a"]
    assert {note.code for note in one.notes} == {"questionable_answers", "unwanted"}


@given(st.text("AOMIRQ", min_size=25, max_size=60), st.randoms(use_true_random=False))
def test_the_order_of_answers_changes_nothing_and_counts_add_up(letters: str, random: object) -> None:
    shuffled = "".join(sorted(letters))
    one, other = (kano_survey(survey_of(wish=text))["wish"] for text in (letters, shuffled))
    assert one.counts == other.counts
    assert sum(one.counts.values()) == pytest.approx(len(letters))
    assert one.candidates == other.candidates


def test_a_survey_draws_its_map() -> None:
    assert "delivery" in to_svg(kano_survey(survey_of(delivery="O" * 60 + "M" * 40)).chart())


@pytest.mark.parametrize("weight", [-1.0, None])
def test_weights_below_zero_or_missing_are_refused(weight: float | None) -> None:
    weighed = survey_of(a="O" * 30).with_columns(weight=pl.lit(weight, dtype=pl.Float64))
    with pytest.raises(BadValue, match="weight"):
        kano_survey(weighed, weight="weight")


def test_weights_of_nothing_leave_no_answers() -> None:
    nothing = kano_survey(survey_of(a="O" * 30).with_columns(weight=pl.lit(0.0)), weight="weight")
    assert str(nothing) == "unknown: there are no answers"
    part = survey_of(a="O" * 30).with_columns(weight=pl.Series([1.0] * 20 + [0.0] * 10))
    assert kano_survey(part, weight="weight")["a"].n == 20


def test_a_respondent_counts_once_a_wish() -> None:
    answers = survey_of(a="O" * 30, b="M" * 30).with_columns(respondent=pl.Series([*range(30), *range(30)]))
    twice = kano_survey(pl.concat([answers, answers]))
    assert [one.n for one in twice] == [30, 30]
    assert [note.code for note in twice.notes] == ["answered_again"]
    assert [one.better for one in twice] == [one.better for one in kano_survey(answers)]
    nameless = answers.with_columns(respondent=pl.lit(None, dtype=pl.Int64))
    assert [one.n for one in kano_survey(nameless)] == [30, 30]


def test_not_a_number_is_half_an_answer() -> None:
    holed = survey_of(a="O" * 30).with_columns(functional=pl.Series([float("nan")] * 3 + [1.0] * 27))
    found = kano_survey(holed)
    assert found["a"].n == 27
    assert [note.code for note in found.notes] == ["half_answered"]
