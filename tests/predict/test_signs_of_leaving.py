"""Signs that a satisfied customer is leaving, and what they were worth in the past."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from leal.errors import MissingColumn
from leal.predict import (
    LeavingEvidence,
    SatisfiedLeaving,
    leaving_signs,
    satisfied_leaving,
    signs_in_the_past,
)

TODAY = 1000


def evidence(leavers: int = 40, stayers: int = 120, old_leavers: int = 40) -> LeavingEvidence:
    """Customers who buy every 20 days or so; some stopped 150 days ago, others 330; all are satisfied."""
    random = np.random.default_rng(4)
    bought, said = [], []
    for place in range(leavers + stayers + old_leavers):
        who = f"c{place}"
        last = TODAY - 150 if place < leavers else TODAY if place < leavers + stayers else TODAY - 330
        days = np.unique(np.cumsum(random.integers(12, 28, 60)) + place % 20)
        bought += [(who, int(day), 10.0) for day in days[days <= last]]
        said.append((who, TODAY - 400, 8, 8.0))
    return LeavingEvidence(
        money_days=pl.DataFrame(bought, schema=["customer", "day", "amount"], orient="row"),
        scored=pl.DataFrame(said, schema=["customer", "day", "recommend", "satisfaction"], orient="row"),
    )


def today(given: LeavingEvidence) -> SatisfiedLeaving:
    signs = leaving_signs(given, TODAY)
    people = (
        signs.filter("satisfied")
        .select("customer")
        .with_columns(yearly_money=pl.lit(100.0), weight=pl.lit(2.0), cell=pl.lit(0))
    )
    return satisfied_leaving(people, signs, signs_in_the_past(given, TODAY))


def test_who_is_satisfied_and_leaving_and_what_is_at_stake() -> None:
    found = today(evidence())
    gone = {f"c{place}" for place in range(40)} | {f"c{place}" for place in range(160, 200)}
    assert set(found.customers["customer"]) == gone
    silent = found["silent"]
    assert silent.validated == "yes"
    assert silent.history is not None
    assert silent.history.auc.ci_low > 0.5
    assert silent.history.lift.ci_low > 1
    assert silent.history.among == "satisfied"
    # 80 leavers stand for two each, with 100 a year, and those with the sign nearly always left
    assert found.at_stake is not None
    assert found.at_stake.estimate == pytest.approx(80 * 2 * 100, rel=0.35)
    assert found.at_stake.ci_low < found.at_stake.estimate < found.at_stake.ci_high
    assert "in your past" in silent.sentence()
    assert "NaN" not in str(found.to_dict())


def test_weights_may_be_left_out_and_money_that_is_not_known_is_none_at_stake() -> None:
    given = evidence()
    signs, past = leaving_signs(given, TODAY), signs_in_the_past(given, TODAY)
    bare = given.scored.select("customer").unique().sort("customer").with_columns(yearly_money=pl.lit(100.0))
    weighed = bare.with_columns(weight=pl.lit(1.0), cell=pl.lit(0, dtype=pl.Int64))
    assert satisfied_leaving(bare, signs, past).at_stake == satisfied_leaving(weighed, signs, past).at_stake
    unknown = bare.with_columns(yearly_money=pl.lit(float("nan")))
    at_stake = satisfied_leaving(unknown, signs, past).at_stake
    assert at_stake is not None
    assert at_stake.estimate == 0
    with pytest.raises(MissingColumn, match="yearly_money"):
        satisfied_leaving(bare.drop("yearly_money"), signs, past)


def test_of_nobody_satisfied_nothing_is_at_stake() -> None:
    given = evidence()
    signs, past = leaving_signs(given, TODAY), signs_in_the_past(given, TODAY)
    nobody = given.scored.select("customer").clear().with_columns(yearly_money=pl.lit(100.0))
    found = satisfied_leaving(nobody, signs, past)
    assert (found.satisfied, found.at_stake) == (0, None)
    assert all(sign.value is None for sign in found.signs)
    assert found.sentence()


def test_signs_know_nothing_of_what_came_later() -> None:
    given = evidence()
    cut = TODAY - 200
    seen_then = given.before(cut)
    assert_frame_equal(leaving_signs(given, cut), leaving_signs(seen_then, cut))


def signs_of(given: LeavingEvidence, who: str = "c50") -> dict[str, object]:
    return leaving_signs(given, TODAY).filter(pl.col("customer") == who).row(0, named=True)


def with_answers(*rows: tuple[int, int]) -> LeavingEvidence:
    said = [("c50", day, score, None) for day, score in rows]
    schema = {"customer": pl.String, "day": pl.Int64, "recommend": pl.Int64, "satisfaction": pl.Float64}
    return LeavingEvidence(
        money_days=evidence().money_days, scored=pl.DataFrame(said, schema=schema, orient="row")
    )


@pytest.mark.parametrize(
    ("before", "now", "sign"), [(10, 8, True), (9, 7, True), (9, 8, False), (10, 6, False), (7, 9, False)]
)
def test_a_fall_of_two_points_that_stays_at_seven_or_more_is_a_sign(
    before: int, now: int, sign: bool
) -> None:
    assert signs_of(with_answers((700, before), (900, now)))["mood_fell"] is sign


def test_one_answer_alone_tells_nothing_of_mood() -> None:
    assert signs_of(with_answers((900, 8)))["mood_fell"] is None


def test_a_passive_who_ranks_us_second_is_a_sign() -> None:
    given = with_answers((900, 8))
    ranks = pl.DataFrame({"customer": ["c50"], "rank": [2.0]})
    assert signs_of(replaced(given, ranks=ranks))["prefers_rival"] is True
    assert signs_of(replaced(with_answers((900, 9)), ranks=ranks))["prefers_rival"] is False
    assert "prefers_rival" not in signs_of(given)


def replaced(given: LeavingEvidence, **more: pl.DataFrame | bool | None) -> LeavingEvidence:
    from dataclasses import replace

    return replace(given, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days", "sign"),
    [([950, 980], True), ([980], False), ([800, 850], False), ([950, TODAY - 13], False)],
)
def test_two_invitations_ignored_after_an_answer_are_a_sign(days: list[int], sign: bool) -> None:
    invited = pl.DataFrame({"customer": ["c50"] * len(days), "day": days})
    assert signs_of(replaced(with_answers((900, 8)), invitations=invited))["ignores_surveys"] is sign


@pytest.mark.parametrize(("ends", "sign"), [(TODAY + 30, True), (TODAY + 90, False), (TODAY - 1, None)])
def test_a_contract_that_ends_soon_is_a_sign(ends: int, sign: bool | None) -> None:
    contracts = pl.DataFrame({"customer": ["c50"], "ends": [ends]})
    assert signs_of(replaced(with_answers((900, 8)), contracts=contracts))["locked_in"] is sign


def test_buying_from_fewer_categories_is_a_sign() -> None:
    bought = pl.DataFrame(
        {
            "customer": ["c50", "c50", "c50", "c51", "c51"],
            "day": [TODAY - 300, TODAY - 290, TODAY - 20, TODAY - 300, TODAY - 20],
            "category": ["milk", "bread", "milk", "milk", "bread"],
        }
    )
    given = replaced(with_answers((900, 8)), categories=bought)
    assert signs_of(given)["buys_fewer_kinds"] is True
    assert signs_of(given, "c51")["buys_fewer_kinds"] is False


def test_a_place_told_later_says_nothing_of_the_past() -> None:
    """The last place known on the day counts; undated places are shown and not tried on the past."""
    given = with_answers((700, 8))
    dated = pl.DataFrame({"customer": ["c50", "c50"], "rank": [1.0, 2.0], "day": [750, 900]})
    with_days = replaced(given, ranks=dated)
    assert signs_of(with_days)["prefers_rival"] is True
    then = leaving_signs(with_days, 800).filter(pl.col("customer") == "c50").row(0, named=True)
    assert then["prefers_rival"] is False
    assert with_days.untried == ()
    undated = replaced(given, ranks=dated.drop("day").tail(1))
    assert undated.untried == ("prefers_rival",)
    past = signs_in_the_past(undated, TODAY)
    assert past is not None
    assert "prefers_rival" not in past.histories
    assert today(replaced(evidence(), ranks=undated.ranks))["prefers_rival"].validated == "unknown"


def test_present_contracts_alone_are_not_tried_on_a_past_that_lacks_the_renewed_ones() -> None:
    ends = pl.DataFrame({"customer": [f"c{place}" for place in range(200)], "ends": [TODAY + 30] * 200})
    given = replaced(evidence(), contracts=ends)
    present = replaced(given, past_contracts=False)
    assert present.untried == ("locked_in",)
    found, blind = signs_in_the_past(given, TODAY), signs_in_the_past(present, TODAY)
    assert found is not None
    assert blind is not None
    assert "locked_in" in found.told.columns
    assert "locked_in" not in blind.told.columns
    assert today(present)["locked_in"].validated == "unknown"


def test_spending_less_than_60_percent_of_a_usual_quarter_is_a_sign_of_those_known_a_year() -> None:
    days = [*range(TODAY - 500, TODAY - 91, 20), TODAY - 10]
    young = [*range(TODAY - 200, TODAY - 91, 20), TODAY - 10]
    rows = [("old", day, 10.0) for day in days] + [("young", day, 10.0) for day in young]
    money = pl.DataFrame(rows, schema=["customer", "day", "amount"], orient="row")
    given = LeavingEvidence(money_days=money, scored=evidence().scored)
    assert signs_of(given, "old")["spends_less"] is True
    assert signs_of(given, "young")["spends_less"] is None


def test_a_sign_that_does_not_validate_says_so() -> None:
    given = evidence()
    random = np.random.default_rng(1)
    noise = pl.DataFrame(
        {"customer": [f"c{place}" for place in range(200)], "ends": random.integers(TODAY - 250, TODAY, 200)}
    )
    both = pl.concat([noise, noise.with_columns(pl.col("ends") + 250)])
    found = today(replaced(given, contracts=both))
    assert found["locked_in"].validated == "no"
    assert "did not tell leavers from stayers" in found["locked_in"].sentence()
    assert "sign_not_validated" in {note.code for note in found.notes}
    assert not any("locked_in" in signs for signs in found.customers["signs"].to_list())


def test_a_short_past_leaves_the_worth_unknown() -> None:
    given = evidence()
    short = replaced(given, money_days=given.money_days.filter(pl.col("day") > TODAY - 170))
    assert signs_in_the_past(short, TODAY) is None
    found = today(short)
    assert found.at_stake is None
    assert found["late"].validated == "unknown"
    assert "too few in the past" in found["late"].sentence()


@pytest.mark.slow
def test_noise_validates_in_few_of_many_companies() -> None:
    random, validated = np.random.default_rng(2), 0
    runs = 150
    for _ in range(runs):
        rows = [
            (f"c{who}", int(day), 10.0)
            for who in range(150)
            for day in np.cumsum(random.exponential(90, 12)).astype(int) + 100
            if day <= TODAY
        ]
        money = pl.DataFrame(rows, schema=["customer", "day", "amount"], orient="row").unique(
            ["customer", "day"]
        )
        noise = pl.DataFrame(
            {"customer": [f"c{who}" for who in range(150)], "ends": random.integers(820, 1100, 150)}
        )
        past = signs_in_the_past(
            LeavingEvidence(money_days=money, scored=evidence(1, 1, 1).scored, contracts=noise), TODAY
        )
        assert past is not None
        validated += past.histories["locked_in"].validated == "yes"
    assert validated / runs <= 0.05


@pytest.mark.slow
def test_planted_satisfied_leavers_are_found_and_p_leave_is_calibrated() -> None:
    """Of the simulated company: those who left for reasons of their own; the share who left of the listed."""
    from leal.checks.book import Book
    from leal.simulate import company

    recalls, expected, left = [], 0.0, 0
    for seed in range(1, 11):
        firm = company(4000, seed=seed)
        book = Book(evidence=firm.evidence)
        given = LeavingEvidence(money_days=book.money_days, scored=book.answers)
        signs = leaving_signs(given, book.last_day)
        people = (
            signs.filter("satisfied")
            .select("customer")
            .with_columns(yearly_money=pl.lit(1.0), weight=pl.lit(1.0), cell=pl.lit(0))
        )
        listed = satisfied_leaving(people, signs, signs_in_the_past(given, book.last_day)).customers
        planted = people.join(firm.hidden.filter("left_for_another_reason"), on="customer", how="semi")
        recalls.append(planted.join(listed, on="customer", how="semi").height / planted.height)
        truth = listed.join(firm.hidden.select("customer", gone="left"), on="customer")
        strong = truth.filter(pl.col("sign") == "silent")
        expected += float(strong["p_leave"].sum())
        left += int(strong["gone"].sum())
    assert np.mean(recalls) > 0.9
    assert expected == pytest.approx(left, rel=0.1)
