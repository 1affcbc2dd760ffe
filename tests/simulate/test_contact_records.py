"""Contacts, surveys sent, categories, contracts, places of brands and promises: what was planted is there."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from leal.measure import scored_answers, survey_invitations
from leal.simulate import Company, company
from leal.simulate.categories import NARROWED, NARROWING_DAYS
from leal.simulate.contact_records import MOST_DELAY
from leal.simulate.contracts import STILL_RUNS, TERM

END = dt.date(2026, 7, 1)


@pytest.fixture(scope="module")
def firm() -> Company:
    return company(2500, seed=11)


def test_the_log_has_as_many_contacts_as_the_customers_say(firm: Company) -> None:
    log, customers = firm.tables["contacts"], firm.tables["customers"]
    counted = log.group_by("customer").len()
    both = customers.join(counted, on="customer", how="left").with_columns(pl.col("len").fill_null(0))
    assert (both["contacts"] == both["len"]).all()
    assert log["contacted_at"].dt.date().min() >= END - dt.timedelta(days=365)  # type: ignore[operator]
    assert log["contacted_at"].dt.date().max() < END  # type: ignore[operator]
    joined = log.join(customers, on="customer")
    assert (joined["contacted_at"].dt.date() >= joined["joined_at"]).all()
    assert log["contact"].is_unique().all()


def test_every_answer_has_its_invitation_a_day_or_two_before(firm: Company) -> None:
    sent, answers = firm.tables["invitations"], firm.tables["answers"]
    assert sent["invitation"].is_unique().all()
    assert sent.filter("answered").height == answers.height
    assert sent.filter(pl.col("answered") & ~pl.col("opened")).is_empty()
    answered = sent.filter("answered").select("customer", "invited_at").sort("invited_at")
    found = answers.sort("answered_at").join_asof(
        answered, left_on="answered_at", right_on="invited_at", by="customer", check_sortedness=False
    )
    gap = (found["answered_at"] - found["invited_at"]).dt.total_hours()
    assert gap.null_count() == 0
    assert gap.max() <= 24 * (MOST_DELAY + 1)  # type: ignore[operator]


def test_the_answers_alone_tell_which_invitations_were_answered(firm: Company) -> None:
    """As the flag of the table says, but for the few who were asked twice within a day or two."""
    sent = firm.tables["invitations"]
    told = survey_invitations(sent)
    found = survey_invitations(sent.drop("answered"), scored_answers(firm.tables["answers"]))
    assert (told["answered"] == found["answered"]).mean() > 0.995  # type: ignore[operator]


def test_who_leaves_buys_from_one_category_in_the_last_days(firm: Company) -> None:
    bought = firm.tables["purchases"].filter(pl.col("amount") > 0)
    left = firm.hidden.filter("left").select("customer", "last_purchase")
    late = bought.join(left, on="customer").filter(
        pl.col("bought_at").dt.date() > pl.col("last_purchase") - pl.duration(days=NARROWING_DAYS)
    )
    kinds = late.group_by("customer").agg(pl.len(), kinds=pl.col("category").n_unique())
    several = kinds.filter(pl.col("len") >= 4)
    # who does not narrow may still have bought from one category by chance
    assert NARROWED - 0.08 < (several["kinds"] == 1).mean() < NARROWED + 0.12  # type: ignore[operator]
    stayed = bought.join(firm.hidden.filter(~pl.col("left")), on="customer")
    of_stayers = stayed.group_by("customer").agg(pl.len(), kinds=pl.col("category").n_unique())
    assert (of_stayers.filter(pl.col("len") >= 8)["kinds"] > 1).mean() > 0.97  # type: ignore[operator]


def test_contracts_run_out_after_the_last_purchase_of_those_who_leave(firm: Company) -> None:
    customers = firm.tables["customers"].join(firm.hidden, on="customer")
    assert (customers["contract_ends_at"].is_null() == customers["account"].is_null()).all()
    terms = customers.drop_nulls("contract_ends_at")
    days = (terms["contract_ends_at"] - terms["contract_began_at"]).dt.total_days()
    assert ((days > 0) & (days <= TERM)).all()
    gone = terms.filter("left")
    runs = (gone["contract_ends_at"] - gone["last_purchase"]).dt.total_days()
    assert runs.min() >= STILL_RUNS[0] - 1  # type: ignore[operator]
    assert runs.max() <= STILL_RUNS[1] + 1  # type: ignore[operator]
    stay = terms.filter(~pl.col("left"))
    assert (stay["contract_ends_at"] >= END).all()
    assert (stay["contract_began_at"] < END).all()


def test_the_more_loyal_the_better_our_place(firm: Company) -> None:
    own = firm.tables["brands"].filter("own").drop_nulls("customer")
    assert own["customer"].is_unique().all()
    both = own.join(firm.hidden, on="customer")
    assert both.height > 200
    liking = both.select(pl.corr("rank", "loyalty", method="spearman")).item()
    assert liking < -0.4
    assert own["answered_at"].null_count() == 0


def test_promises_are_money_in_all_and_stand_in_every_row(firm: Company) -> None:
    told = (
        firm.tables["actions"]
        .group_by("action")
        .agg(pl.col("promised", "promised_low", "promised_high", "promised_noticed").n_unique())
    )
    assert told.drop("action").unique().row(0) == (1, 1, 1, 1)
    limits = firm.tables["actions"].unique("action")
    assert (limits["promised_low"] < limits["promised"]).all()
    assert (limits["promised"] < limits["promised_high"]).all()
