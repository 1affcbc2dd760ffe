"""How long customers stay, and what makes them leave, as check 6 shows them from tables."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from tests.checks.companies import START, answers, audit, day, purchases

from leal.charts import Style, to_svg
from leal.checks.book import Book
from leal.checks.hazard_section import causes_of_leaving, what_makes_them_leave
from leal.checks.staying_records import SILENCE, stays_of
from leal.checks.staying_section import how_long_customers_stay
from leal.checks.supplement import Supplement
from leal.evidence import Evidence
from leal.predict import Hazard, followed_periods
from leal.statistics import kaplan_meier

YEARS_OF_DATA = 1500
"""Days that the tables of these tests cover."""


def book(**tables: pl.DataFrame) -> Book:
    return Book(evidence=Evidence(**tables))


def register(n: int = 400, seed: int = 1, dated: float = 1.0, half_life: float = 700.0) -> pl.DataFrame:
    """Customers who join over 2,500 days, 1,000 of them before the tables begin, and leave at one rate.

    Who left before the tables begin is not in them, as in a register from which leavers were deleted.
    """
    random = np.random.default_rng(seed)
    joined = random.integers(-1000, YEARS_OF_DATA, n)
    left = joined + 1 + np.floor(random.exponential(half_life / np.log(2), n)).astype(int)
    known = (left < YEARS_OF_DATA) & (random.random(n) < dated)
    rows = {
        "customer": [f"c{place}" for place in range(n)],
        "joined_at": [day(int(at)) for at in joined],
        "left_at": [day(int(at)) if there else None for at, there in zip(left, known, strict=True)],
        "segment": ["large" if place % 3 else "small" for place in range(n)],
        "truly_left": left,
    }
    return pl.DataFrame(rows, schema_overrides={"left_at": pl.Date}).filter(pl.col("truly_left") > 0)


def buying(customers: pl.DataFrame, every: int = 30) -> pl.DataFrame:
    """Purchases of each customer from joining until they truly left."""
    rows = []
    for who, joined, left in customers.select("customer", "joined_at", "truly_left").rows():
        first = max(0, (joined - START).days)
        rows += [(who, at, 10.0) for at in range(first, min(left, YEARS_OF_DATA + 1), every)]
    return purchases([*rows, ("last", YEARS_OF_DATA, 1.0)])


def shown(found: Supplement, title: str) -> pl.DataFrame:
    return next(one.frame for one in found.exhibits if one.title.message == title)


def codes(found: Supplement) -> set[str]:
    return {note.code for note in found.notes}


def test_the_table_holds_what_kaplan_and_meier_say_of_the_same_customers() -> None:
    customers = register()
    found = how_long_customers_stay(book(customers=customers, purchases=buying(customers)))
    frame = customers.with_columns(
        joined=(pl.col("joined_at") - START).dt.total_days(), left=(pl.col("left_at") - START).dt.total_days()
    )
    first = int(frame["left"].min())  # type: ignore[arg-type]
    watched = frame.with_columns(
        since=pl.max_horizontal("joined", first + 1), stop=pl.col("left").fill_null(YEARS_OF_DATA)
    ).filter(pl.col("stop") >= pl.col("since"))
    curve = kaplan_meier(
        (watched["stop"] - watched["joined"] + 0.5) / 365,
        watched["left"].is_not_null(),
        entry=(watched["since"] - watched["joined"]) / 365,
    )
    row = shown(found, "How long customers stay").row(0, named=True)
    assert row["group"] == "All customers"
    assert (row["n"], row["left"]) == (curve.n, curve.events)
    for year in (1, 2, 3):
        at = curve.at(year)
        told = (row[f"after_{year}"], row[f"after_{year}_low"], row[f"after_{year}_high"])
        assert told == pytest.approx((at.estimate, at.ci_low, at.ci_high))
    assert row["median"] == pytest.approx(curve.median.estimate)
    assert {"Still there a year after joining", "Half have left after, years"} <= {
        one.name.message for one in found.estimates
    }


def test_delayed_entry_finds_the_planted_rate_where_the_years_unseen_would_flatter() -> None:
    """Half leave within 700 days; who had left before the tables began is not in them."""
    customers = register(4000, seed=5)
    stays = stays_of(book(customers=customers, purchases=buying(customers.head(300))))
    assert stays is not None
    planted = 0.5 ** (365 / 700)
    honest = stays.dated.curve(0.95).at(1)
    assert honest.ci_low < planted < honest.ci_high
    rows = stays.dated.frame
    flattered = kaplan_meier(rows["years"], rows["left"]).at(1)
    assert flattered.ci_low > planted


def test_groups_are_those_of_the_customers_in_them() -> None:
    customers = register()
    opened = book(customers=customers, purchases=buying(customers))
    stays = stays_of(opened)
    assert stays is not None
    table = shown(how_long_customers_stay(opened), "How long customers stay")
    assert table["group"].to_list() == ["All customers", "large", "small"]
    assert table["n"][0] == table["n"][1] + table["n"][2]
    small = stays.dated.frame.filter(pl.col("segment") == "small")
    at = stays.dated.curve(0.95, small).at(1)
    assert table["after_1"][2] == pytest.approx(at.estimate)


def test_groups_too_small_are_not_shown_nor_what_would_betray_them() -> None:
    customers = register()
    few = customers.with_columns(
        segment=pl.when(pl.int_range(pl.len()) < 3).then(pl.lit("three")).otherwise("segment")
    )
    table = shown(
        how_long_customers_stay(book(customers=few, purchases=buying(customers))), "How long customers stay"
    )
    # of two groups one would be hidden with the three: one group alone is no comparison
    assert table["group"].to_list() == ["All customers"]
    many = few.with_columns(
        segment=pl.when(pl.col("customer").str.ends_with("5")).then(pl.lit("fives")).otherwise("segment")
    )
    found = how_long_customers_stay(book(customers=many, purchases=buying(customers)))
    told = shown(found, "How long customers stay")
    assert told.height == 3
    assert told["n"][0] - told["n"][1:].sum() >= 5
    assert {"groups_not_shown", "small_cells_hidden"} <= codes(found)


def test_undated_leavings_are_bracketed_by_the_silent_staying_and_leaving() -> None:
    customers = register(3000, seed=3, dated=0.4)
    found = how_long_customers_stay(book(customers=customers, purchases=buying(customers)))
    table = shown(found, "How long customers stay")
    assert table["group"].to_list()[:2] == ["If the silent stayed", "If the silent left"]
    planted = 0.5 ** (365 / 700)
    assert table["after_1"][1] - 0.03 < planted < table["after_1"][0]
    assert found.notes[0].text.startswith("Between ")
    stays = stays_of(book(customers=customers, purchases=buying(customers)))
    assert stays is not None
    assert stays.silent is not None
    assert stays.undated > 0.5
    assert stays.silent.last_day == stays.dated.last_day - SILENCE


def test_few_dates_and_absent_columns_are_answers() -> None:
    customers = register()
    bought = buying(customers)
    nothing = how_long_customers_stay(book(purchases=bought))
    assert codes(nothing) == {"stay_not_known"}
    assert "customers: customer, joined_at, left_at" in nothing.notes[0].text
    undated = customers.with_columns(left_at=pl.lit(None, dtype=pl.Date))
    few = how_long_customers_stay(book(customers=undated, purchases=bought))
    assert "20 customers with dates of joining and leaving" in few.notes[0].text
    old = customers.with_columns(joined_at=pl.lit(day(-900)))
    late = how_long_customers_stay(book(customers=old, purchases=bought))
    assert "30 customers who joined since" in late.notes[0].text


def test_customers_whose_dates_cannot_be_are_counted_and_left_out() -> None:
    customers = register().with_columns(
        joined_at=pl.when(pl.int_range(pl.len()) == 0)
        .then(pl.lit(None, dtype=pl.Date))
        .when(pl.int_range(pl.len()) == 1)
        .then(pl.lit(dt.date(1900, 1, 1)))
        .otherwise("joined_at")
    )
    found = how_long_customers_stay(book(customers=customers, purchases=buying(register())))
    note = next(one for one in found.notes if one.code == "joining_not_known")
    assert note.text.startswith("2 customers")


def test_dates_of_leaving_that_end_early_are_told() -> None:
    customers = register(800)
    stopped = customers.with_columns(
        left_at=pl.when(pl.col("left_at") < day(900)).then("left_at").otherwise(None)
    )
    assert "leavings_not_dated_since" in codes(
        how_long_customers_stay(book(customers=stopped, purchases=buying(customers)))
    )
    assert "leavings_not_dated_since" not in codes(
        how_long_customers_stay(book(customers=customers, purchases=buying(customers)))
    )


def test_a_large_register_is_sampled_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from leal.checks import staying_records

    customers = register(2000)
    monkeypatch.setattr(staying_records, "MOST_WATCHED", 500)
    found = how_long_customers_stay(book(customers=customers, purchases=buying(customers)))
    assert "sampled" in codes(found)
    assert shown(found, "How long customers stay")["n"][0] < 700


@pytest.mark.parametrize("dated", [1.0, 0.4])
def test_the_pictures_draw_in_both_languages(dated: float) -> None:
    customers = register(dated=dated)
    found = how_long_customers_stay(book(customers=customers, purchases=buying(customers)))
    assert len(found.pictures) == 2
    curve, groups = (to_svg(one.draw(Style(language="ru"))) for one in found.pictures)
    assert ("лет после прихода" if dated == 1 else "месяцев после прихода") in curve
    assert ("Молчащие ушли" in curve) == (dated < 1)
    assert "small" in groups
    assert to_svg(found.pictures[0].draw(Style(width=340))).startswith("<svg")


# what makes them leave


def moody(n: int = 900, slope: float = 0.35, seed: int = 2) -> dict[str, pl.DataFrame]:
    """Customers who buy every 20 days and leave at a rate that falls with the score, `slope` a point."""
    random = np.random.default_rng(seed)
    score = random.integers(3, 11, n)
    rate = 0.12 * np.exp(-slope * (score - 7))
    leaves = 200 + np.floor(random.exponential(91 / rate)).astype(int)
    said = [(f"m{place}", 200, int(score[place])) for place in range(n)]
    bought = [
        (f"m{place}", at, 10.0)
        for place in range(n)
        for at in range(int(random.integers(0, 20)), int(min(leaves[place], 700)), 20)
    ]
    left = [day(int(at)) if at < 700 else None for at in leaves]
    customers = pl.DataFrame(
        {"customer": [f"m{place}" for place in range(n)], "left_at": left},
        schema_overrides={"left_at": pl.Date},
    )
    return {
        "answers": answers(said),
        "purchases": purchases([*bought, ("last", 700, 1.0)]),
        "customers": customers,
    }


@pytest.mark.parametrize("by_date", [True, False])
def test_a_planted_effect_of_the_score_is_found_with_its_sign(by_date: bool) -> None:
    tables = moody()
    if not by_date:
        del tables["customers"]
    found = what_makes_them_leave(book(**tables))
    first = shown(found, "What goes with staying and with leaving").row(0, named=True)
    assert first["goes"] == "with staying"
    assert first["odds_low"] < np.exp(-0.35) * 1.1
    assert first["odds_high"] < 1
    assert first["retention_low"] > 0
    (named,) = found.estimates
    assert named.value.estimate == pytest.approx(first["retention"] / 100)
    assert named.value.grade == "C"  # type: ignore[attr-defined]
    assert ("silence_for_leaving" in codes(found)) != by_date


def test_the_effect_is_that_of_the_model_on_the_same_tables() -> None:
    tables = moody()
    of_audit = causes_of_leaving(book(**tables)).fit
    by_hand = Hazard().fit(
        followed_periods(tables["answers"], tables["purchases"], customers=tables["customers"])
    )
    assert of_audit.coefficients["estimate"].to_list() == pytest.approx(
        by_hand.coefficients["estimate"].to_list()
    )
    assert of_audit.retention_effect().estimate == pytest.approx(by_hand.retention_effect().estimate)


def test_no_effect_is_not_found() -> None:
    found = what_makes_them_leave(book(**moody(slope=0.0, seed=4)))
    assert shown(found, "What goes with staying and with leaving")["goes"][0] == "not sure either way"


def test_too_few_dates_are_set_aside_for_silence() -> None:
    tables = moody()
    few = tables["customers"].with_columns(
        left_at=pl.when(pl.int_range(pl.len()) < 30).then("left_at").otherwise(None)
    )
    found = what_makes_them_leave(book(**(tables | {"customers": few})))
    note = next(one for one in found.notes if one.code == "silence_for_leaving")
    assert note.text.startswith("Too few of those who left")
    assert shown(found, "What goes with staying and with leaving")["goes"][0] == "with staying"


def test_too_little_is_an_answer_here_too() -> None:
    assert "it needs answers" in what_makes_them_leave(book(purchases=moody()["purchases"])).notes[0].text
    few = what_makes_them_leave(book(**moody(30)))
    assert codes(few) == {"leaving_causes_not_known"}
    assert "20 customers who left are needed" in few.notes[0].text
    strangers = moody(50)["answers"].with_columns(customer=pl.lit("somebody else"))
    nobody = what_makes_them_leave(book(answers=strangers, purchases=moody(50)["purchases"]))
    assert codes(nobody) == {"leaving_causes_not_known"}


def test_many_customers_are_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    from leal.checks import hazard_section

    monkeypatch.setattr(hazard_section, "MOST_FOLLOWED", 500)
    found = causes_of_leaving(book(**moody()))
    assert found.every == 2
    assert 300 < found.fit.n < 600


def test_check_six_holds_both_and_no_gap_is_a_figure() -> None:
    customers = register(900)
    told = customers.filter(pl.col("truly_left") > 300)
    random = np.random.default_rng(8)
    since = [max(0, (joined - START).days) + 60 for joined in told["joined_at"]]
    said = answers(
        [(who, at, int(random.integers(3, 11))) for who, at in zip(told["customer"], since, strict=True)]
    )
    tables = {"answers": said, "purchases": buying(customers), "customers": customers}
    check = audit(**tables)[6]
    titles = {one.title.message for one in check.exhibits}
    assert {"How long customers stay", "What goes with staying and with leaving"} <= titles
    assert "NaN" not in str(check.to_dict())
    drawn = [to_svg(one.draw(Style(language="ru"))) for one in check.pictures]
    assert all(one.startswith("<svg") for one in drawn)
