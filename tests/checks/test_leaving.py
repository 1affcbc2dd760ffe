"""Check 6: satisfied customers past their rhythm."""

from __future__ import annotations

import polars as pl
import pytest
from tests.checks.companies import answers, audit, purchases
from tests.measure.test_programme_effects import trial

from leal.charts import Style, to_svg
from leal.predict import satisfied


def company(leavers: int, n: int = 100) -> dict[str, pl.DataFrame]:
    """Customers who buy every 20 days for 700; the first `leavers` stop at day 600, as many others at 300."""
    said, bought = [], []
    for place in range(n):
        last = 600 if place < leavers else 700
        said.append((f"c{place}", 500, 8))
        bought += [(f"c{place}", at, 10.0) for at in range(place % 20, last, 20)]
    for place in range(leavers):
        bought += [(f"old{place}", at, 10.0) for at in range(place % 20, 300, 20)]
    return {"answers": answers(said), "purchases": purchases(bought)}


def test_satisfied_customers_who_stopped_are_found_listed_and_priced() -> None:
    check = audit(**company(20))[6]
    assert check.verdict == "exposed"
    assert check.finding.startswith("20 of 100 satisfied customers")
    listed = check.exhibits[1].frame
    assert set(listed["customer"]) == {f"c{place}" for place in range(20)}
    assert check.money is not None
    # 20 leavers with about 13 purchases of 10 in the last year, excess probability near one.
    assert check.money.estimate == pytest.approx(20 * 130, rel=0.15)
    assert check.money.ci_low > 0.5 * check.money.estimate


def test_a_pause_that_did_not_tell_leavers_from_stayers_is_not_said_to_have_proved_itself() -> None:
    tables = company(20)
    proved = audit(**tables)[6]
    assert "With all signs that proved themselves 20 are at risk" in proved.finding
    # those who were late half a year ago have all come back since
    back = purchases([(f"old{place}", at, 10.0) for place in range(20) for at in range(560, 700, 20)])
    found = audit(answers=tables["answers"], purchases=pl.concat([tables["purchases"], back]))[6]
    assert "proved themselves" not in found.finding
    assert "the long pause is counted all the same" in found.finding


def test_customers_within_their_rhythm_guard() -> None:
    check = audit(**company(0))[6]
    assert check.verdict == "guarded"
    assert check.finding.startswith("0 of 100")
    assert "NaN" not in str(check.to_dict())


def test_those_who_are_unsatisfied_are_not_listed() -> None:
    tables = company(20)
    angry = tables["answers"].with_columns(
        recommend=pl.when(pl.col("customer").is_in(["c0", "c1"])).then(2).otherwise("recommend")
    )
    listed = audit(answers=angry, purchases=tables["purchases"])[6].exhibits[1].frame["customer"]
    assert "c0" not in listed.to_list()
    assert len(listed) == 18


def test_those_known_to_have_left_are_not_listed() -> None:
    import datetime as dt

    tables = company(20)
    customers = pl.DataFrame({"customer": ["c3"], "left_at": [dt.date(2025, 9, 1)]})
    listed = audit(**tables, customers=customers)[6].exhibits[1].frame["customer"]
    assert "c3" not in listed.to_list()


def test_those_who_are_contacted_often_are_left_in_peace() -> None:
    tables = company(20)
    contacts = pl.DataFrame(
        {
            "customer": [f"c{place}" for place in range(100)],
            "contacts": [9.0 if place == 5 else 1.0 for place in range(100)],
        }
    )
    listed = audit(**tables, customers=contacts)[6].exhibits[1].frame
    advice = dict(listed.select("customer", "advice").rows())
    assert advice["c5"].startswith("leave in peace")
    assert advice["c6"].startswith("contact, and compare")
    alone = [who for who, words in advice.items() if words.startswith("leave alone")]
    assert 0 < len(alone) < 8


def test_an_action_that_drove_customers_away_is_warned_of() -> None:
    tables = company(20)
    actions, bought = trial(-20.0)
    check = audit(
        answers=tables["answers"], purchases=pl.concat([tables["purchases"], bought]), actions=actions
    )[6]
    assert "do_not_disturb" in {note.code for note in check.notes}


@pytest.mark.parametrize(
    ("given", "least"), [([1.0, 10.0], 7), ([1.0, 5.0], 4), ([1.0, 7.0], 5), ([6.0, 9.0], 7)]
)
def test_satisfied_is_seven_tenths_of_the_scale_upwards(given: list[float], least: int) -> None:
    frame = pl.DataFrame({"satisfaction": [float(least), least - 1.0, None, None], "score": [0, 10, 7, 6]})
    told = frame.select(x=satisfied(pl.Series(given)))["x"].to_list()
    assert told == [True, False, True, False]


def test_few_satisfied_buyers_are_an_unknown_with_their_number() -> None:
    check = audit(answers=answers([("a", 1, 9)]), purchases=purchases([("a", 1, 5.0)]))[6]
    assert check.verdict == "unknown"
    assert "1 found, 30 needed" in check.missing[0]


def test_a_short_history_gives_an_upper_limit_and_says_so() -> None:
    said = [(f"c{place}", 50, 9) for place in range(40)]
    bought = [
        (f"c{place}", at, 10.0)
        for place in range(40)
        for at in (range(0, 40, 10) if place < 10 else range(0, 110, 10))
    ]
    check = audit(answers=answers(said), purchases=purchases(bought))[6]
    assert check.grade == "D"
    assert "no_look_back" in {note.code for note in check.notes}


def test_the_picture_draws() -> None:
    check = audit(**company(20))[6]
    assert to_svg(check.pictures[0].draw(Style(language="ru"))).startswith("<svg")
