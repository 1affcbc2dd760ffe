from __future__ import annotations

import polars as pl

import leal
from leal.explain import drivers, epsi_study
from leal.measure import item_names, questionnaire, with_item_names


def test_columns_of_a_questionnaire_have_names() -> None:
    names = item_names(questionnaire("ecsi-mobile").items)
    assert names["PERQ5"] == "Range of products and services"
    assert names["PERQ5"].into("ru") == "Выбор товаров и услуг"  # type: ignore[attr-defined]
    assert len(names) == 24


def test_every_question_has_a_short_name_of_its_own() -> None:
    for template in ("epsi", "ecsi-mobile", "acsi"):
        names = [one.name for one in questionnaire(template).questions]  # type: ignore[arg-type]
        assert len(set(names)) == len(names)
        assert max(map(len, names)) <= 40
        assert max(len(name.into("ru")) for name in names) <= 42
        assert not any(name.into("ru") == name for name in names)


def test_a_heading_with_the_question_itself_has_the_short_name() -> None:
    wording = [one.wording for one in questionnaire("acsi").questions]
    names = item_names(wording)
    assert names["How good is the overall quality?"] == "Overall quality"


def test_own_columns_and_own_names_come_first() -> None:
    names = item_names(["q7", "q8"], "epsi", {"image1": "q7"}, {"q8": "Parking", "image1": "Honesty"})
    assert names == {"q7": "Honesty", "q8": "Parking"}
    assert item_names(["speed", "staff"]) == {}


def test_the_study_names_its_items() -> None:
    from tests.checks.test_causes_model import items

    study = epsi_study(leal.epsi("acsi"), items(300), resamples=200, names={"quality1": "Craft"})
    assert study.names["quality1"] == "Craft"
    assert study.names["value2"] == "Quality for the price"
    assert study.to_dict()["item_names"]["value2"] == "Quality for the price"
    assert study.asymmetries.items


def test_names_unknown_leave_the_columns() -> None:
    answers = pl.DataFrame(
        {"satisfaction": [1, 5, 7, 9, 10] * 20, "speed": [1, 6, 7, 8, 10] * 20, "staff": [2, 9, 4, 8, 7] * 20}
    )
    found = drivers(answers)
    assert [one.label for one in found.drivers] == [one.name for one in found.drivers]


def test_notes_call_items_by_their_names() -> None:
    from leal.results import Note
    from leal.wording import Listing, Text

    weak = Note(code="weak", text=Text("Weak items: {items}", items=Listing.of(["CUSL2", "shop"])))
    twins = Note(code="twins", text=Text("Alike: {pairs}", pairs=Listing.of(["PERQ1 = PERQ5"])))
    other = Note(code="other", text=Text("Nothing listed."))
    names = item_names(questionnaire("ecsi-mobile").items)
    told = with_item_names([weak, twins, other], names)
    assert str(told[0]) == "Weak items: Price gap that would make leave (CUSL2), shop"
    assert str(told[1]) == "Alike: Overall quality (PERQ1) = Range of products and services (PERQ5)"
    assert "Разница в цене" in told[0].text.into("ru")
    assert told[2] == other
