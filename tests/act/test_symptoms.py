"""The symptom meter: what returns, what no action works on, whether the work grows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from tests.engines import LOCAL

from leal.act import symptom_meter
from leal.errors import MissingColumn
from leal.simulate import company
from leal.simulate.care_studies import RETURNS

START = dt.date(2025, 1, 1)


def cases(*rows: tuple[str, int, str], cost: float | None = None) -> pl.DataFrame:
    frame = pl.DataFrame(
        [(customer, START + dt.timedelta(day), reason) for customer, day, reason in rows],
        schema=["customer", "opened_at", "reason"],
        orient="row",
    )
    return frame if cost is None else frame.with_columns(cost=pl.lit(cost))


def late_and_refunds() -> pl.DataFrame:
    late = [(f"c{i}", 10 * (i % 3), "late delivery") for i in range(20)]
    again = [(f"c{i}", 40, "late delivery") for i in range(10)]
    refunds = [(f"d{i}", 5, "refund") for i in range(20)]
    young = [(f"e{i}", 364, "refund") for i in range(5)]
    return cases(*late, *again, *refunds, *young, cost=100.0)


def test_what_returns_is_told_by_reason_and_young_cases_wait() -> None:
    meter = symptom_meter(late_and_refunds())
    by_reason = {one.reason: one for one in meter.reasons}
    assert by_reason["late delivery"].returned.estimate == pytest.approx(10 / 30)
    assert by_reason["late delivery"].customers == 20
    assert by_reason["refund"].returned.n == 20
    assert by_reason["refund"].cases == 25
    assert meter.returned.estimate == pytest.approx(10 / 50)
    assert meter.worst is not None
    assert meter.worst.reason == "late delivery"
    assert "late delivery" in meter.sentence()
    assert "вернулись" in meter.sentence().into("ru")


def test_an_action_on_the_cause_treats_the_reason() -> None:
    actions = pl.DataFrame(
        {"action": ["couriers", "apologies"], "driver": ["Late delivery", None], "cost": [4500.0, 1000.0]}
    )
    meter = symptom_meter(late_and_refunds(), actions=actions)
    assert {one.reason: one.treated for one in meter.reasons} == {"late delivery": True, "refund": False}
    assert meter.untreated.estimate == pytest.approx(25 / 55)
    assert meter.spend_on_symptoms == pytest.approx((5500 + 1000) / (5500 + 1000 + 4500))
    assert not [note for note in meter.notes if note.code == "no_drivers_named"]


def test_a_cost_that_stands_on_every_row_is_that_of_the_whole_action() -> None:
    """Forty customers, half of them held out, 4,500 written on each row: the action cost 4,500."""
    actions = pl.DataFrame(
        {
            "action": ["couriers"] * 40,
            "customer": [f"c{i}" for i in range(40)],
            "arm": ["treated", "control"] * 20,
            "driver": ["late delivery"] * 40,
            "cost": [4500.0] * 40,
        }
    )
    meter = symptom_meter(late_and_refunds(), actions=actions)
    assert dict(meter.spending.select("kind", "cost").iter_rows()) == {
        "handling": 5500.0,
        "without_cause": 0.0,
        "on_cause": 4500.0,
    }
    assert meter.spend_on_symptoms == pytest.approx(0.55)
    assert symptom_meter(late_and_refunds().drop("cost")).spend_on_symptoms is None


def test_cases_of_few_who_complain_much_tell_as_little_as_few() -> None:
    few = [(f"c{i}", 10 * k, "late") for i in range(6) for k in range(10)]
    many = [(f"d{i}", 0, "late") for i in range(60)]
    last = [("e", 364, "other")]
    meter = symptom_meter(cases(*few, *many, *last))
    width = meter.returned.ci_high - meter.returned.ci_low
    assert meter.returned.method == "clustered_wilson"
    assert width > 1.5 * 2 * 1.96 * (meter.returned.estimate * (1 - meter.returned.estimate) / 120) ** 0.5


def test_few_cases_are_an_answer_and_gaps_are_counted() -> None:
    few = symptom_meter(cases(("a", 1, "late"), ("a", 2, "late")))
    assert not few.known
    assert "needs 30" in few.sentence()
    assert not symptom_meter(cases()).known
    gaps = late_and_refunds().with_columns(
        reason=pl.when(pl.int_range(pl.len()) < 2).then(None).otherwise(pl.col("reason"))
    )
    assert symptom_meter(gaps).notes[0].code == "cases_with_gaps"
    with pytest.raises(MissingColumn):
        symptom_meter(late_and_refunds().drop("reason"))


def test_a_cost_that_is_not_a_number_is_a_gap_and_no_figure_of_a_table_is_one() -> None:
    known = pl.int_range(pl.len()) % 2 == 0
    null = late_and_refunds().with_columns(cost=pl.when(known).then("cost"))
    nan = null.with_columns(pl.col("cost").fill_null(float("nan")))
    assert symptom_meter(nan).to_dict() == symptom_meter(null).to_dict()
    young = symptom_meter(pl.concat([null, cases(*[("z", 364, "new")] * 3, cost=1.0)])).to_frame()
    assert not any(young[name].is_nan().any() for name in young.columns if young[name].dtype.is_float())


def test_the_work_grows_by_quarter_with_cases_and_rules() -> None:
    people = [f"c{i}" for i in range(100)]
    bought = pl.DataFrame(
        {"customer": people, "bought_at": [START + dt.timedelta(100)] * 100, "amount": [1.0] * 100}
    )
    early = [(f"c{i}", 20 + i, "late") for i in range(20)]
    later = [(f"c{i}", 110 + i % 70, "late") for i in range(90)]
    rules = pl.DataFrame(
        {
            "rule": ["a", "b", "c"],
            "introduced_at": [START, START + dt.timedelta(120), START + dt.timedelta(130)],
            "retired_at": [None, None, START + dt.timedelta(140)],
        }
    )
    meter = symptom_meter(
        cases(("c1", 0, "other"), *early, *later, ("c1", 181, "other")), purchases=bought, rules=rules
    )
    assert meter.quarters["rules"].to_list() == [1, 2]
    assert meter.quarters["cases"].sum() == 112
    assert meter.quarters["customers"].to_list()[-1] == 100
    empty = symptom_meter(late_and_refunds())
    assert empty.quarters["rules"].to_list() == [None] * 4
    assert not empty.growth.known


@pytest.mark.parametrize("engine", LOCAL)
def test_every_engine_gives_the_same_meter(give: Any, engine: str) -> None:
    firm = company(800, seed=2)
    ours = symptom_meter(firm.tables["cases"], purchases=firm.tables["purchases"])
    theirs = symptom_meter(
        give(firm.tables["cases"], engine), purchases=give(firm.tables["purchases"], engine)
    )
    assert theirs.to_frame().equals(ours.to_frame())
    assert theirs.quarters.equals(ours.quarters)


def test_the_returning_reason_of_the_simulated_company_is_found() -> None:
    firm = company(4000, seed=1, language="en")
    meter = symptom_meter(
        firm.tables["cases"],
        actions=firm.tables["actions"],
        purchases=firm.tables["purchases"],
        rules=firm.tables["rules"],
    )
    assert meter.worst is not None
    assert meter.worst.reason == "late delivery"
    late = next(one for one in meter.reasons if one.reason == "late delivery")
    # a customer may have another case of the same reason by chance, never fewer than planted
    assert late.returned.ci_high > RETURNS[0] * 30 / 45
    assert next(one for one in meter.reasons if one.reason == "rude answer").treated
    assert meter.growth.estimate > 0


def contacts(*rows: tuple[str, int]) -> pl.DataFrame:
    return pl.DataFrame(
        [(customer, START + dt.timedelta(day)) for customer, day in rows],
        schema=["customer", "contacted_at"],
        orient="row",
    )


def test_contacts_a_customer_grow_by_hand() -> None:
    """Two quarters of 91 days, four customers: 4 contacts, then 8; variances 1/4 and 4/4 over four."""
    known = cases(("a", 0, "x"), *[("a", 181, "x")] * 30)
    bought = pl.DataFrame({"customer": list("abcd"), "bought_at": [START] * 4})
    log = contacts(*[("a", 0)] * 2, ("b", 5), ("c", 90), *[("a", 91 + n) for n in range(4)])
    log = pl.concat([log, contacts(*[("b", 100 + n) for n in range(2)], ("c", 120), ("d", 181))])
    meter = symptom_meter(known, purchases=bought, contacts=log)
    assert meter.quarters["contacts"].to_list() == [4, 8]
    assert meter.quarters["contacts_rate"].to_list() == [1.0, 2.0]
    assert meter.contacts_growth.estimate == 1.0
    first, last = (4 + 1 + 1) / 4 - 1, (16 + 4 + 1 + 1) / 4 - 4
    reach = 1.959964 * ((first + last) / 4) ** 0.5
    assert meter.contacts_growth.ci_high == pytest.approx(1 + reach, abs=1e-6)


def test_quarters_before_the_log_begins_are_not_taken_for_quiet_ones() -> None:
    known = cases(("a", 0, "x"), *[("a", 181, "x")] * 30)
    bought = pl.DataFrame({"customer": ["a"], "bought_at": [START]})
    meter = symptom_meter(known, purchases=bought, contacts=contacts(("a", 95), ("a", 181)))
    assert meter.quarters["contacts"].to_list() == [None, 2]
    assert not meter.contacts_growth.known
    none = symptom_meter(known, purchases=bought)
    assert none.quarters["contacts_rate"].null_count() == 2
    with pytest.raises(MissingColumn, match="contacted_at"):
        symptom_meter(known, purchases=bought, contacts=pl.DataFrame({"customer": ["a"]}))


def test_the_planted_growth_of_contacts_is_found() -> None:
    """Contacts up to a part x of the year are x to the power of 1.6: last quarter against first."""
    from leal.simulate.contact_records import CONTACT_GROWTH

    firm = company(4000, seed=3)
    tables = firm.tables
    meter = symptom_meter(tables["cases"], purchases=tables["purchases"], contacts=tables["contacts"])
    quarters = meter.quarters.drop_nulls("contacts_rate")
    old = tables["customers"].filter(pl.col("joined_at") < dt.date(2025, 7, 1))["customer"].implode()
    of_old = tables["contacts"].filter(pl.col("customer").is_in(old))["contacted_at"].dt.date()
    first = (of_old <= dt.date(2025, 9, 29)).mean()
    assert first == pytest.approx((91 / 365) ** (1 + CONTACT_GROWTH), abs=0.02)
    assert quarters["contacts_rate"].is_sorted()
    assert meter.contacts_growth.ci_low > 0
