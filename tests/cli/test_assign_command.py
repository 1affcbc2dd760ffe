"""`leal assign CUSTOMERS` draws arms into a file that the audit takes as it is, and says what it shows."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner, Result

from leal.cli import main
from leal.intake import load, read_table

START = dt.date(2026, 1, 1)
PEOPLE = 1_200


def call(*words: str) -> Result:
    return CliRunner().invoke(main, ["assign", *words], catch_exceptions=False)


def run(*words: str) -> str:
    result = call(*words)
    assert result.exit_code == 0, result.output
    return result.output


def told(*words: str) -> str:
    return " ".join(run(*words, "--lang", "en").replace("\u00a0", " ").split())


def refused(*words: str) -> dict[str, object]:
    result = call(*words, "--json")
    assert result.exit_code == 2, result.output
    error: dict[str, object] = json.loads(result.output)["error"]
    return error


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    people = pl.DataFrame(
        {
            "Customer ID": [f"c{k:04}" for k in range(PEOPLE)],
            "Segment": [("private", "business", None)[k % 3] for k in range(PEOPLE)],
            "E-mail": [f"c{k}@example.org" for k in range(PEOPLE)],
        }
    )
    people.write_csv("customers.csv")
    spending(weeks=52).write_csv("orders.csv")
    return tmp_path


def spending(weeks: int, gift: pl.DataFrame | None = None) -> pl.DataFrame:
    """A purchase a week of everybody up to the start; after it twelve weeks more, those of `gift` dearer."""
    rng = np.random.default_rng(5)
    first = START - dt.timedelta(7 * weeks)
    later = 0 if gift is None else 12
    rows = []
    for week in range(weeks + later):
        day = first + dt.timedelta(7 * week)
        amounts = rng.gamma(2.0, 5.0, PEOPLE)
        rows.append(
            pl.DataFrame({"customer": [f"c{k:04}" for k in range(PEOPLE)], "amount": amounts}).with_columns(
                bought_at=pl.lit(day)
            )
        )
    bought = pl.concat(rows)
    if gift is None:
        return bought
    dearer = pl.when(pl.col("arm").eq("treated") & (pl.col("bought_at") >= START)).then(2.0).otherwise(0.0)
    joined = bought.join(gift.select("customer", "arm"), on="customer", how="left")
    return joined.with_columns(amount=pl.col("amount") + dearer.fill_null(0.0)).drop("arm")


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
def test_the_audit_takes_the_file_as_it_is_and_finds_what_was_planted(here: Path, suffix: str) -> None:
    out = here / f"calls.{suffix}"
    run("customers.csv", "--action", "spring calls", "--starts", str(START), "--cost", "3", "--out", str(out))
    drawn, _ = read_table(out, "actions")
    spending(52, drawn).write_csv("later.csv")
    words = ["audit", "later.csv", "--actions", str(out), "--customers", "customers.csv", "--json"]
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    check = next(one for one in json.loads(result.stdout)["checks"] if one["number"] == 3)
    assert check["verdict"] == "guarded"
    loaded = load("later.csv", actions=out, customers="customers.csv")
    row = programmes(loaded)
    held_out = int((drawn["arm"] == "control").sum())
    assert (row["treated"], row["held_out"], row["effect"]) == (PEOPLE - held_out, held_out, "works")
    assert row["cost_a_head"] == pytest.approx(3.0)
    assert row["money_low"] < 24 < row["money_high"]


def programmes(loaded: object) -> dict[str, object]:
    from leal.checks import audit

    found = audit(loaded.evidence)  # type: ignore[attr-defined]
    check = next(one for one in found.checks if one.number == 3)
    return check.exhibits[0].frame.row(0, named=True)


def test_the_file_holds_the_columns_of_the_table_actions(here: Path) -> None:
    run("customers.csv", "--action", "Spring calls", "--starts", "2026-12-01", "--cost", "3")
    rows = pl.read_csv("spring-calls.csv", try_parse_dates=True)
    assert rows.columns == ["action", "customer", "arm", "started_at", "cost", "planned_share"]
    assert rows["customer"].n_unique() == rows.height == PEOPLE
    assert rows["started_at"].unique().to_list() == [dt.date(2026, 12, 1)]
    assert rows.filter(pl.col("arm") == "control")["cost"].unique().to_list() == [0.0]
    assert rows.filter(pl.col("arm") == "treated")["cost"].unique().to_list() == [3.0]


def test_the_same_call_draws_the_same_arms_and_another_seed_others(here: Path) -> None:
    for name, seed in (("a", "0"), ("b", "0"), ("c", "1")):
        run("customers.csv", "--action", "x", "--seed", seed, "--out", f"{name}.csv")
    a, b, c = (Path(f"{name}.csv").read_text(encoding="utf-8") for name in "abc")
    assert a == b
    assert a != c


def test_within_strata_the_share_holds_and_is_shown(here: Path) -> None:
    said = told("customers.csv", "--action", "x", "--by", "Segment", "--hold-out", "0,25")
    assert "Segment Treated Held out Share held out business 301 99 24.8 % private 299 101 25.2 %" in said
    assert "– 300 100 25.0 %" in said
    assert "give this file as --earlier" in said


def test_a_stratum_named_twice_counts_once(here: Path) -> None:
    given = json.loads(run("customers.csv", "--action", "x", "--by", "Segment", "--by", "segment", "--json"))
    assert len(given["strata"]) == 3


def test_leal_s_own_name_of_a_column_will_do_as_well(here: Path) -> None:
    given = json.loads(run("customers.csv", "--action", "x", "--by", "segment", "--json"))
    assert {one["segment"] for one in given["strata"]} == {"business", "private", None}


def test_customers_who_stand_twice_are_drawn_once_and_told(here: Path) -> None:
    people = pl.read_csv("customers.csv")
    pl.concat([people, people.head(5)]).write_csv("twice.csv")
    said = told("twice.csv", "--action", "x")
    assert "5 rows name a customer again: everybody is drawn once, as the last of their rows says." in said
    assert pl.read_csv("x.csv").height == PEOPLE


def test_in_parquet_of_leal_s_own_columns_too(here: Path) -> None:
    frame = pl.DataFrame({"customer": [f"c{k % 90}" for k in range(100)], "segment": ["a"] * 100})
    frame.write_parquet("own.parquet")
    said = told("own.parquet", "--action", "x", "--hold-out", "30%", "--by", "segment")
    assert "10 rows name a customer again" in said
    assert "90 customers were drawn by lot, 63 to be treated and 27 (30.0 %)" in said


def test_one_address_of_two_customers_is_told(here: Path) -> None:
    people = pl.read_csv("customers.csv")
    same = pl.when(pl.col("Customer ID").is_in(["c0000", "c0001"])).then(pl.lit("a@example.org"))
    people.with_columns(same.otherwise("E-mail").alias("E-mail")).write_csv("shared.csv")
    assert "2 customers have the e-mail address or telephone of another one" in told(
        "shared.csv", "--action", "x"
    )


def test_a_bare_list_of_identifiers_is_enough(here: Path) -> None:
    pl.DataFrame({"id клиента": range(200)}).write_csv("list.csv")
    assert "200 customers were drawn by lot" in told("list.csv", "--action", "x")


def test_with_purchases_the_effect_is_told_in_money(here: Path) -> None:
    words = (
        "customers.csv",
        "--action",
        "x",
        "--purchases",
        "orders.csv",
        "--cost",
        "3",
        "--currency",
        "eur",
    )
    said = told(*words)
    assert "If the action changes what a customer brings in 12 weeks by EUR" in said
    assert "that a customer brings in that time now." in said
    assert "A treated customer costs EUR 3.00" in said
    assert "the arms are alike, as far as chance allows, in: money of the last half year" in said


def test_the_verdict_follows_the_effect_that_is_looked_for(here: Path) -> None:
    words = ("customers.csv", "--action", "x", "--purchases", "orders.csv")
    assert "It is large enough to find a change of 60." in told(*words, "--effect", "60", "--out", "a.csv")
    assert "of these customers out." in told(*words, "--effect", "4.5%", "--out", "b.csv")
    assert "and so would be half of these customers" in told(*words, "--effect", "0.5%", "--out", "c.csv")


def test_too_few_weeks_of_purchases_are_said_and_shares_told_instead(here: Path) -> None:
    said = told("customers.csv", "--action", "x", "--purchases", "orders.csv", "--weeks", "60")
    assert "unknown: the purchases cover 358 days, fewer than 60 weeks; ask for fewer weeks." in said
    assert "changes the share of customers who buy again by" in said


def test_a_mistyped_year_does_not_hide_what_customers_bring(here: Path) -> None:
    orders = pl.read_csv("orders.csv")
    day = next(name for name in orders.columns if "date" in name.lower() or "bought" in name.lower())
    odd = orders.head(1).with_columns(pl.lit("2099-05-05").alias(day))
    pl.concat([orders, odd]).write_csv("odd.csv")
    words = told("customers.csv", "--action", "gift", "--purchases", "odd.csv", "--currency", "EUR")
    assert "1 row dated more than a year from all others is left out." in words
    assert "unknown: too few of these customers" not in words
    assert "If the action changes what a customer brings" in words


def test_purchases_of_other_people_are_noticed(here: Path) -> None:
    pl.DataFrame(
        {"customer": ["z1"] * 40, "bought_at": ["2025-01-01", "2025-12-31"] * 20, "amount": 5.0}
    ).write_csv("others.csv")
    said = told("customers.csv", "--action", "x", "--purchases", "others.csv")
    assert "None of these customers is in the purchases" in said
    assert "too few of these customers (0) bought" in said


def test_new_customers_are_drawn_beside_those_drawn_before(here: Path) -> None:
    people = pl.read_csv("customers.csv")
    people.head(900).write_csv("first.csv")
    people.tail(1_000).write_csv("second.csv")
    common = ("--action", "x", "--by", "Segment")
    run("first.csv", *common, "--starts", "2026-01-01", "--out", "a.csv")
    said = told("second.csv", *common, "--starts", "2026-02-01", "--earlier", "a.csv", "--out", "b.csv")
    first, both = pl.read_csv("a.csv"), pl.read_csv("b.csv")
    assert both.head(900).equals(first), "also of those who are customers no more"
    assert both.height == both["customer"].n_unique() == PEOPLE
    assert set(both.tail(300)["started_at"]) == {"2026-02-01"}
    assert "900 customers of them were drawn before and keep their arms." in said


def test_earlier_rows_of_another_action_are_refused(here: Path) -> None:
    run("customers.csv", "--action", "x", "--out", "a.csv")
    error = refused("customers.csv", "--action", "y", "--earlier", "a.csv")
    assert error["code"] == "bad_value"
    assert "'There is no action y" in repr(error["message"])


@pytest.mark.parametrize("share", ["0", "0%", "1", "100%", "10", "some", "-5%", "nan"])
def test_a_share_of_nobody_or_all_is_refused(here: Path, share: str) -> None:
    error = refused("customers.csv", "--action", "x", f"--hold-out={share}")
    assert (error["code"], error["field"]) == ("bad_value", "--hold-out")
    assert not Path("x.csv").exists()


def test_too_few_customers_are_refused_and_nothing_is_written(here: Path) -> None:
    pl.read_csv("customers.csv").head(15).write_csv("few.csv")
    error = refused("few.csv", "--action", "x")
    assert error["hint"] == "Draw at least 20 customers."
    assert not Path("x.csv").exists()


def test_a_file_that_exists_stays_as_it_is(here: Path) -> None:
    Path("x.csv").write_text("the lot that has begun", encoding="utf-8")
    error = refused("customers.csv", "--action", "x")
    assert error["code"] == "bad_file"
    assert Path("x.csv").read_text(encoding="utf-8") == "the lot that has begun"


@pytest.mark.parametrize("effect", ["0", "-1", "much", "inf"])
def test_an_effect_that_is_none_is_refused(here: Path, effect: str) -> None:
    error = refused("customers.csv", "--action", "x", "--purchases", "orders.csv", f"--effect={effect}")
    assert error["field"] == "--effect"


def test_an_effect_in_money_needs_purchases(here: Path) -> None:
    assert refused("customers.csv", "--action", "x", "--effect", "5")["field"] == "--effect"


def test_an_unknown_stratum_names_the_columns_there_are(here: Path) -> None:
    error = refused("customers.csv", "--action", "x", "--by", "tariff")
    assert (error["code"], error["field"], error["file"]) == ("missing_column", "tariff", "customers.csv")
    assert "segment" in str(error["hint"])


def test_a_share_that_nobody_else_uses_is_planned_and_no_broken_lot(here: Path) -> None:
    for share, name in (("3%", "few"), ("12%", "more")):
        run("customers.csv", "--action", name, "--hold-out", share, "--starts", str(START))
        spending(52, pl.read_csv(f"{name}.csv")).write_csv("later.csv")
        row = programmes(load("later.csv", actions=f"{name}.csv", customers="customers.csv"))
        assert row["split_p"] > 0.001
    held_out = pl.read_csv("more.csv").filter(arm="control")["planned_share"].unique().to_list()
    assert held_out == [0.12]


def test_without_a_start_or_a_cost_their_columns_are_empty_and_told(here: Path) -> None:
    assert "write the day into the column started_at" in told("customers.csv", "--action", "x")
    rows = pl.read_csv("x.csv")
    assert rows["started_at"].null_count() == rows["cost"].null_count() == PEOPLE


def test_russian_is_russian(here: Path) -> None:
    people = pl.read_csv("customers.csv").rename({"Customer ID": "Код клиента", "Segment": "Сегмент"})
    people.write_csv("клиенты.csv", separator=";")
    said = run("клиенты.csv", "--action", "Весенние звонки", "--by", "Сегмент", "--lang", "ru")
    assert "распределено по жребию" in said
    assert "drawn" not in said
    assert Path("весенние-звонки.csv").exists()


def test_json_is_one_object_without_not_a_number(here: Path) -> None:
    words = ("customers.csv", "--action", "x", "--purchases", "orders.csv", "--weeks", "60", "--json")
    given = json.loads(run(*words), parse_constant=lambda name: pytest.fail(name))
    assert given["arms"]["treated"] + given["arms"]["control"] == given["customers"] == PEOPLE
    assert [one["unit"] for one in given["power"]] == ["money", "share"]
    assert given["power"][0]["effect"] is None
    assert given["balance"][0]["column"] == "recent_money"
