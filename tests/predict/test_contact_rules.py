"""Whom one may contact when, and whom to leave alone."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from tests.measure.test_programme_effects import trial

from leal.errors import BadOption, BadValue
from leal.predict import (
    CONTACT_RULES,
    ContactRule,
    contact_load,
    contact_status,
    contactable,
    leaving_effect,
    left_alone,
)
from leal.wording import Text

DAY = (dt.date(2026, 6, 1) - dt.date(1970, 1, 1)).days


def ledger(rows: list[tuple[str, int, str]], **more: list[object]) -> pl.DataFrame:
    """Contacts from (customer, days before the first of June, kind)."""
    return pl.DataFrame(
        {
            "customer": [who for who, _, _ in rows],
            "contacted_at": [dt.date(2026, 6, 1) - dt.timedelta(days=ago) for _, ago, _ in rows],
            "kind": [kind for _, _, kind in rows],
            **more,
        }
    )


def test_surveys_marketing_and_complaints_count_in_one_ledger() -> None:
    made = ledger([("a", 10, "marketing"), ("b", 20, "event_survey"), ("c", 60, "relationship_survey")])
    found = contactable(made, "relationship_survey", DAY, customers=["a", "b", "c", "d"])
    told = {row["customer"]: (row["allowed"], row["rule"]) for row in found.frame.iter_rows(named=True)}
    assert told == {
        "a": (False, "after_any_contact"),
        "b": (False, "after_any_survey"),
        "c": (False, "between_relationship_surveys"),
        "d": (True, None),
    }
    assert found.held_back == 3
    assert "3 customers are held back on 2026-06-01" in found.notes[0].text
    free = dict(found.frame.select("customer", "free_from").rows())
    assert free["a"] == dt.date(2026, 6, 5)  # 22 May and 14 days


@pytest.mark.parametrize(
    ("kind", "wanted", "days", "rule"),
    [
        ("relationship_survey", "relationship_survey", 90, "between_relationship_surveys"),
        ("event_survey", "event_survey", 30, "after_any_survey"),
        ("review_reply", "marketing", 14, "after_any_contact"),
        ("complaint", "marketing", 14, "after_any_contact"),
    ],
)
def test_the_defaults_are_90_30_and_14_days(kind: str, wanted: str, days: int, rule: str) -> None:
    last_day_held = contactable(ledger([("a", days - 1, kind)]), wanted, DAY)  # type: ignore[arg-type]
    assert last_day_held.frame["rule"].to_list() == [rule]
    assert contactable(ledger([("a", days, kind)]), wanted, DAY).held_back == 0  # type: ignore[arg-type]


def test_a_complaint_holds_back_for_7_days_by_its_own_rule() -> None:
    rules = [rule for rule in CONTACT_RULES if rule.name == "complaint_open"]
    assert contactable(ledger([("a", 6, "complaint")]), "marketing", DAY, rules=rules).held_back == 1
    assert contactable(ledger([("a", 7, "complaint")]), "marketing", DAY, rules=rules).held_back == 0


def test_replies_are_never_held_back_and_own_rules_replace_the_defaults() -> None:
    made = ledger([("a", 1, "marketing")])
    assert contactable(made, "review_reply", DAY).held_back == 0
    own = ContactRule(
        name="calm", after=("marketing",), holds_back=("review_reply",), days=5, words=Text("calm")
    )
    assert contactable(made, "review_reply", DAY, rules=[own]).held_back == 1


def test_a_contact_of_one_holds_back_the_account() -> None:
    made = ledger([("a", 3, "marketing"), ("b", 200, "marketing")], account=["firm", "firm"])
    frame = contactable(made, "marketing", DAY).frame
    assert dict(frame.select("customer", "through_account").rows()) == {"a": False, "b": True}


def test_contacts_to_come_and_unknown_kinds() -> None:
    assert contactable(ledger([("a", -3, "marketing")]), "marketing", DAY, customers=["a"]).held_back == 0
    with pytest.raises(BadOption):
        contactable(ledger([("a", 3, "pigeon")]), "marketing", DAY)
    with pytest.raises(BadOption):
        contactable(ledger([("a", 3, "marketing")]), "pigeon", DAY)  # type: ignore[arg-type]


def test_answers_and_unsubscribing_by_contacts_before() -> None:
    made = ledger(
        [("a", 50, "marketing"), ("a", 20, "event_survey"), ("b", 10, "event_survey")],
        answered=[False, False, True],
        unsubscribed=[False, True, False],
    )
    table = contact_load(made, DAY)
    assert table["contacts_before"].to_list() == [0, 1]
    assert table["contacts"].to_list() == [2, 1]
    assert table["answered"].to_list() == [0.5, 0.0]
    assert table["unsubscribed_high"][1] <= 1.0


def test_the_published_case_says_do_not_disturb() -> None:
    """Ascarza et al. 2016: 10.0 % of those offered a better plan left, 6.4 % of the others."""
    status = contact_status(leaving_effect(0.100 * 40_000, 40_000, 0.064 * 25_000, 25_000))
    assert status.action == "do_not_disturb"
    assert status.no_action_share == 1.0
    assert status.effect is not None
    assert status.effect.estimate == pytest.approx(0.036)
    assert status.sentence().startswith("Do not disturb: contact raised leaving by +3.6 points")


def test_acting_needs_a_proved_effect() -> None:
    proved = contact_status(leaving_effect(50, 1000, 100, 1000))
    assert proved.action == "act"
    assert "leave 10\u00a0% alone" in proved.sentence()
    unclear = contact_status(leaving_effect(95, 1000, 100, 1000))
    assert unclear.action == "test"
    assert "did not show" in unclear.sentence()
    assert contact_status(None).sentence().startswith("Test: what contact does is not known")
    assert contact_status(leaving_effect(0, 0, 0, 0)).action == "test"
    with pytest.raises(BadValue):
        contact_status(None, no_action_share=0)


def test_a_programme_against_its_holdout_counts_as_the_test() -> None:
    from leal.engine import collect
    from leal.measure import daily_money, programme_effects

    actions, bought = trial(-20.0)
    days = collect(daily_money(bought))
    effect = programme_effects(actions, days, int(days["day"].max()))[0]  # type: ignore[arg-type]
    found = contact_status(effect)
    assert found.effect is not None
    assert effect.active is not None
    assert found.effect.estimate == -effect.active.estimate


def test_who_is_left_alone_is_drawn_once_for_all() -> None:
    names = [str(number) for number in range(20_000)]
    drawn = left_alone(names, "calls")
    assert drawn["left_alone"].mean() == pytest.approx(0.10, abs=0.01)
    some = left_alone(names[500:1000], "calls")
    assert some["left_alone"].to_list() == drawn["left_alone"][500:1000].to_list()
    assert left_alone(names, "letters")["left_alone"].to_list() != drawn["left_alone"].to_list()
