"""An audit made by hand with everything that a report can show, and with hostile names in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial

import polars as pl
from tests.charts import samples

from leal.charts import (
    interval_bars,
    movement_matrix,
    noticing_bars,
    nps_bar,
    rank_intervals,
    score_histogram,
    score_trend,
    share_bars,
    wish_bars,
)
from leal.checks import MISTAKES, Audit, Check, Claim, Exhibit, Heading, Named, Picture
from leal.intake import Reconciliation, Rejection
from leal.results import Estimate, Money, Note, Proportion
from leal.wording import Amount, Count, Percent, Points, Text

HOSTILE = "<script>alert('hostile')</script>"
FORMULA = '=HYPERLINK("http://evil.example","click")'


@dataclass(frozen=True, slots=True, kw_only=True)
class Score(Estimate):
    """Stands for the Net Promoter Score of leal.measure: the fields that a report reads."""

    detractors: int = 210
    passives: int = 420
    promoters: int = 610

    def figure(self, value: float) -> Points:
        return Points(value)


def money(estimate: float, low: float, high: float, **more: object) -> Money:
    options: dict[str, object] = {"n": 1240, "method": "bootstrap", "currency": "RUB", "grade": "C", **more}
    return Money(estimate=estimate, ci_low=low, ci_high=high, **options)  # type: ignore[arg-type]


def picture(title: str, draw: object, frame: pl.DataFrame, **options: object) -> Picture:
    return Picture(
        title=Text(title),
        draw=partial(draw, frame, **options),  # type: ignore[arg-type]
        description=Text(title),
    )


def check(number: int, **fields: object) -> Check:
    mistake = MISTAKES[number - 1]
    base: dict[str, object] = {
        "number": number,
        "name": mistake.name,
        "question": mistake.question,
        "verdict": "guarded",
        "finding": Text("Nothing speaks for this mistake."),
        "next_step": Text("Look again after the next wave."),
    }
    return Check(**(base | fields))  # type: ignore[arg-type]


PASSIVES = Exhibit(
    title=Text("What each group brings"),
    frame=pl.DataFrame(
        {
            "group": ["promoter", "passive", "detractor", HOSTILE],
            "customers": [610, 420, 210, 3],
            "share": [0.3123, 0.4561, 0.0871, None],
            "repeat": [4_120_300.0, 6_020_000.0, 1_150_200.0, float("nan")],
            "nps": [None, None, None, 12.5],
            "last": [dt.date(2026, 3, 2), None, dt.date(2026, 1, 5), dt.date(2026, 2, 1)],
            "p_value": [0.0003, 0.04, 0.21, None],
        }
    ),
    headings=(
        Heading(name="group", title=Text("Group")),
        Heading(name="customers", title=Text("Customers"), unit="count"),
        Heading(name="share", title=Text("Share of repeat sales"), unit="percent"),
        Heading(name="repeat", title=Text("Repeat sales"), unit="amount"),
        Heading(name="nps", title=Text("NPS"), unit="points"),
        Heading(name="last", title=Text("Last purchase"), unit="day"),
        Heading(name="p_value", title=Text("p"), unit="p_value"),
    ),
    remark=Text("Repeat sales are all purchases after a customer's first."),
)
BRANCHES = Exhibit(
    title=Text("Branches"),
    frame=pl.DataFrame(
        {"unit": [FORMULA, samples.LONG_NAME, "+7 Kazan"], "nps": [35.2, -4.0, 61.0], "n": [100, 40, 1204]}
    ),
    headings=(
        Heading(name="unit", title=Text("Branch")),
        Heading(name="nps", title=Text("NPS"), unit="points"),
        Heading(name="n", title=Text("Answers"), unit="count"),
    ),
)
CLAIM = Claim(
    subject=Text("Passives bring 30-50 % of repeat sales"),
    document=Text("30-50 %"),
    research=Text("no evidence found for or against"),
    yours=Text("46 %"),
)

CHECKS = (
    check(
        1,
        verdict="exposed",
        finding=Text(
            "Of {spent} spent on three actions, {unnoticed} went where customers noticed nothing.",
            spent=Amount(5_200_000, "RUB"),
            unnoticed=Amount(1_900_000, "RUB"),
        ),
        money=money(1_900_000, 1_200_000, 2_600_000, grade="B", period="once"),
        grade="B",
        next_step=Text("Stop the renovation of the lobby until somebody notices it."),
        pictures=(picture("The renovation was hardly noticed", noticing_bars, samples.NOTICING),),
    ),
    check(
        2,
        verdict="exposed",
        finding=Text(
            "Passives bring {share} of repeat sales and get {attention} of the attention. Moving one in "
            "five of "
            "them up is worth {worth} a year.",
            share=Percent(0.456),
            attention=Percent(0.07),
            worth=Amount(12_400_000, "RUB"),
        ),
        money=money(12_400_000, 7_900_000, 18_300_000, grade="B"),
        grade="B",
        next_step=Text("Ask passives what would make it a nine, and give one of them in five a call."),
        estimates=(
            Named(
                name=Text("Share of repeat sales"),
                value=Proportion(estimate=0.456, ci_low=0.41, ci_high=0.5, n=1240, method="wilson"),
            ),
            Named(
                name=Text("Extra a moved passive brings"),
                value=money(2900, 1200, 4600, grade="B", notes=(Note(code="few", text=Text("Few moved.")),)),
            ),
        ),
        exhibits=(PASSIVES,),
        pictures=(
            picture("Passives sell again and get no attention", share_bars, samples.SHARES),
            picture("Who became what", movement_matrix, samples.MOVES, currency="RUB"),
        ),
        claims=(CLAIM,),
        notes=(
            Note(
                code="matched",
                text=Text("Only 78 % of the customers who answered were found among purchases."),
            ),
        ),
    ),
    check(
        3,
        verdict="unknown",
        finding=Text("Not known yet."),
        missing=(Text("actions: arm, cost"),),
        next_step=Text("Keep one customer in ten out of the next programme."),
    ),
    check(4, grade="C", exhibits=(BRANCHES,)),
    check(
        5,
        verdict="exposed",
        finding=Text(
            "The score fell by {fall} points in December 2025, between November and January.", fall=Points(14)
        ),
        grade="C",
        next_step=Text("Read what customers wrote in December."),
        pictures=(
            picture(
                "The score fell in December",
                score_trend,
                samples.TREND,
                change_point=samples.CHANGE,
                events=samples.EVENTS,
                axis_title=Text("NPS"),
            ),
            picture("How the scores are spread", score_histogram, samples.SCORES),
            picture("The score by branch", nps_bar, samples.NPS),
        ),
    ),
    check(
        6,
        verdict="exposed",
        finding=Text("{count} satisfied customers are overdue by their own rhythm.", count=Count(312)),
        money=money(8_100_000, 4_000_000, 14_200_000),
        grade="C",
        next_step=Text("Call the twenty most valuable of them, and leave the rest alone."),
    ),
    check(7, money=money(310_000, -200_000, 900_000)),
    check(
        8,
        verdict="exposed",
        finding=Text("One wish of four loses money."),
        money=money(900_000, 500_000, 1_200_000, grade="D"),
        grade="D",
        next_step=Text("Do not print the magazine."),
        pictures=(
            picture("What each wish is worth after its cost", wish_bars, samples.WISHES, currency="RUB"),
        ),
    ),
    check(9, verdict="unknown", missing=(Text("customers: segment"), Text("purchases: customer, amount"))),
    check(
        10,
        grade="C",
        pictures=(
            picture("Places are less sure than they look", rank_intervals, samples.RANKS, own="Us"),
            picture("NPS by branch", interval_bars, samples.NPS.rename({"group": "name"})),
        ),
    ),
)


def reconciliation() -> Reconciliation:
    rejected = (
        Rejection(line=7, reason="no_score", text=Text("no score")),
        Rejection(line=19, reason="out_of_range", text=Text("the score is outside the scale")),
        Rejection(line=33, reason="no_score", text=Text("no score")),
    )
    return Reconciliation(
        file=f"answers {HOSTILE}.csv",
        source="spreadsheet",
        recognised_by=Text("the column headers"),
        table="answers",
        encoding="cp1251",
        delimiter=";",
        rows_read=1245,
        accepted=1240,
        duplicates=2,
        rejected=rejected,
        rejected_by_reason={"no_score": 2, "out_of_range": 1},
        nps_before=32.1,
        nps_after=32.3,
        n_before=1242,
        n_after=1240,
        columns_used={"оценка": "recommend", "дата": "answered_at"},
        notes=(Note(code="day_first", text=Text("Days are read as day, month, year.")),),
    )


def sample_audit() -> Audit:
    """Return the audit of this module."""
    return Audit(
        checks=CHECKS,
        headline=Score(estimate=32.3, ci_low=28.1, ci_high=36.3, n=1240, method="score"),
        yearly_money=money(96_000_000, 88_000_000, 104_000_000),
        basis="revenue",
        currency="RUB",
        as_of=dt.date(2026, 4, 30),
        level=0.95,
        margin=None,
        danger_share=0.05,
        reconciliations=(reconciliation(),),
        notes=(
            Note(code="revenue_not_margin", text=Text("Money is revenue, not margin: no margin is known.")),
        ),
    )
