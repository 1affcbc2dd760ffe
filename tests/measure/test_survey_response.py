"""Surveys sent: which were answered, who answers, who stays silent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.engines import LOCAL

from leal.errors import MissingColumn
from leal.measure import survey_invitations, survey_response
from leal.measure.net_promoter.survey_response import repeated_share
from leal.statistics import proportion_interval

ORIGIN = dt.date(2026, 1, 1)
FIRST = (ORIGIN - dt.date(1970, 1, 1)).days


def invitations(*rows: tuple[str, int], **columns: object) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "customer": [who for who, _ in rows],
            "invited_at": [ORIGIN + dt.timedelta(days=at) for _, at in rows],
            **columns,
        }
    )


def answers(*rows: tuple[str, int, int | None]) -> pl.DataFrame:
    return pl.DataFrame(
        [(who, FIRST + at, score) for who, at, score in rows],
        schema={"customer": pl.String, "day": pl.Int32, "recommend": pl.Int64},
        orient="row",
    )


def test_an_answer_belongs_to_the_last_invitation_before_it() -> None:
    sent = survey_invitations(
        invitations(("a", 0), ("a", 20), ("b", 0), ("c", 5), ("d", 9)),
        answers(("a", 25, 9), ("b", 31, 8), ("c", 4, 7), ("d", 9, None)),
    )
    # b answered after more than 30 days, c before being asked, d on the very day
    assert dict(zip(sent["customer"] + sent["day"].cast(pl.String), sent["answered"], strict=True)) == {
        f"a{FIRST}": False,
        f"a{FIRST + 20}": True,
        f"b{FIRST}": False,
        f"c{FIRST + 5}": False,
        f"d{FIRST + 9}": True,
    }


def test_what_the_table_says_counts_and_the_answers_fill_its_gaps() -> None:
    told = invitations(("a", 0), ("b", 0), ("c", 0), answered=[False, None, None])
    sent = survey_invitations(told, answers(("a", 3, 9), ("b", 3, 9)))
    assert sent["answered"].to_list() == [False, True, False]
    assert survey_invitations(told)["answered"].to_list() == [False, None, None]


def test_answers_that_name_nobody_do_not_make_everybody_silent() -> None:
    nameless = answers(("a", 3, 9)).with_columns(customer=pl.lit(None, dtype=pl.String))
    sent = survey_invitations(invitations(("a", 0)), nameless)
    assert sent["answered"].to_list() == [None]
    assert survey_response(sent, nameless, FIRST + 99).sentence().startswith("unknown: needs 30 invitations")


@pytest.mark.parametrize("engine", LOCAL)
def test_every_engine_gives_the_same(give: Callable[[pl.DataFrame, str], Any], engine: str) -> None:
    told = invitations(("b", 3), ("a", 0), kind=["event_survey", None], answered=[True, False])
    expected = survey_invitations(told)
    assert survey_invitations(give(told, engine)).equals(expected)


def many(n: int = 600, seed: int = 1) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Customers invited each month: promoters answer in 60 of 100 cases, detractors in 20."""
    random = np.random.default_rng(seed)
    rows, said = [], []
    for who in range(n):
        promoter = who % 2 == 0
        said.append((f"c{who}", -5, 10 if promoter else 3))
        chance = 0.6 if promoter else 0.2
        rows += [(f"c{who}", 30 * month, bool(random.random() < chance)) for month in range(4)]
    sent = survey_invitations(
        invitations(*[(who, at) for who, at, _ in rows], answered=[answered for _, _, answered in rows])
    )
    return sent, answers(*said)


def test_who_falls_silent_is_told_by_what_was_said_last() -> None:
    sent, said = many()
    found = survey_response(sent, said, FIRST + 200)
    groups = {row["group"]: row for row in found.by_last.iter_rows(named=True)}
    assert groups["promoter"]["low"] < 0.6 < groups["promoter"]["high"]
    assert groups["detractor"]["low"] < 0.2 < groups["detractor"]["high"]
    assert found.rate.ci_low < 0.4 < found.rate.ci_high
    # customers differ, so repeated invitations are less than as many independent ones
    plain = proportion_interval(float(sent["answered"].sum()), sent.height)
    assert found.rate.method == "clustered_wilson"
    assert found.rate.ci_high - found.rate.ci_low > plain.high - plain.low
    assert not found.changed
    assert "Ответили на" in found.sentence().into("ru")


def test_a_fall_of_the_response_is_seen() -> None:
    sent, said = many()
    late = pl.col("day") >= FIRST + 60
    fewer = sent.with_columns(answered=pl.col("answered") & ~(late & (pl.col("customer").str.ends_with("4"))))
    fewer = fewer.with_columns(
        answered=pl.col("answered") & ~(late & (pl.col("customer").str.ends_with("6")))
    )
    found = survey_response(fewer, said, FIRST + 200)
    assert found.changed
    assert found.later.estimate < found.earlier.estimate
    assert "in the earlier months" in found.sentence()


def test_the_last_fortnight_is_left_out_whole() -> None:
    """Who answered at once would else stand alone against everybody who may still answer."""
    rows = [(f"c{who}", 0) for who in range(40)] + [(f"c{who}", 95) for who in range(40)]
    told = invitations(*rows, answered=[who % 2 == 0 for who in range(40)] + [True] * 10 + [False] * 30)
    found = survey_response(survey_invitations(told), answers(), FIRST + 100)
    assert found.rate.estimate == 0.5
    assert found.still_open == 40
    assert found.by_month.height == 1


def test_one_invitation_each_is_the_interval_of_wilson() -> None:
    rows = pl.DataFrame({"customer": [str(n) for n in range(40)], "answered": [True] * 10 + [False] * 30})
    found = repeated_share(rows, 0.95)
    plain = proportion_interval(10, 40)
    # C/(C - 1) makes it a little wider than as many independent rows
    assert found.ci_low == pytest.approx(plain.low, abs=0.004)
    assert found.ci_high == pytest.approx(plain.high, abs=0.004)


def test_a_table_without_times_is_one_clear_error() -> None:
    with pytest.raises(MissingColumn, match="invited_at"):
        survey_invitations(pl.DataFrame({"customer": ["a"]}))


@pytest.mark.slow
def test_the_interval_holds_the_share_of_repeated_invitations() -> None:
    held, runs = 0, 600
    for seed in range(runs):
        random = np.random.default_rng(seed)
        each = random.beta(1, 2, 120)
        rows = [
            (str(who), bool(random.random() < each[who])) for who in range(120) for _ in range(1 + who % 6)
        ]
        frame = pl.DataFrame(rows, schema=["customer", "answered"], orient="row")
        found = repeated_share(frame, 0.95)
        held += found.ci_low <= 1 / 3 <= found.ci_high
    assert 0.93 <= held / runs <= 0.97
