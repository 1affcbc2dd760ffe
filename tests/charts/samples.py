"""A small table for every chart, drawn by the tests and looked at by people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import polars as pl

from leal.charts import (
    Style,
    draw_distributions,
    effect_curves,
    flow_money,
    funding_chances,
    group_bars,
    index_levels,
    interval_bars,
    kano_map,
    ledger_steps,
    loadings_map,
    loadings_of,
    money_ranking,
    movement_matrix,
    noticing_bars,
    nps_bar,
    path_diagram,
    price_curves,
    priority_map,
    purchase_tracking,
    rank_intervals,
    retention_by_group,
    retention_curves,
    score_histogram,
    score_steps,
    score_trend,
    share_bars,
    targeting_chart,
    tornado,
    value_concentration,
    value_of_actions,
    waterfall,
    wish_bars,
    word_of_mouth_fan,
)
from leal.wording import Text

LONG_NAME = "Северо-Западный территориальный банк, отделение на Невском проспекте, второй этаж"

NPS = pl.DataFrame(
    {
        "group": ["Moscow", "Saint Petersburg", LONG_NAME, "Kazan"],
        "detractors": [15, 40, 8, 3],
        "passives": [35, 90, 11, 20],
        "promoters": [50, 100, 2, 81],
        "estimate": [35.0, 26.1, -28.6, 75.0],
        "ci_low": [20.0, 16.2, -58.0, 63.0],
        "ci_high": [48.0, 35.8, 6.0, 84.0],
        "n": [100, 230, 21, 1104],
    }
)
SCORES = pl.DataFrame({"score": list(range(11)), "n": [12, 3, 5, 9, 14, 38, 30, 88, 160, 121, 140]})
MONTHS = [dt.date(2025 + (m + 2) // 12, (m + 2) % 12 + 1, 1) for m in range(14)]
TREND_LEVELS = [38.0, 41, 36, 40, 39, 42, 37, 40, 38, 25, 22, 27, 24, 26]
TREND = pl.DataFrame(
    {
        "wave": MONTHS,
        "estimate": TREND_LEVELS,
        "ci_low": [x - 9 for x in TREND_LEVELS],
        "ci_high": [x + 8 for x in TREND_LEVELS],
        "n": [120 + 37 * m for m in range(14)],
    }
)
CHANGE = pl.DataFrame({"wave": [MONTHS[9]], "low": [MONTHS[8]], "high": [MONTHS[10]]})
EVENTS = pl.DataFrame({"wave": [MONTHS[4]], "label": ["new tariff"]})
SHARES = pl.DataFrame(
    {
        "measure": [m for m in ("customers", "repeat sales", "attention") for _ in range(4)],
        "group": ["detractors", "passives", "promoters", "did not answer"] * 3,
        "share": [0.08, 0.17, 0.15, 0.6, 0.04, 0.36, 0.25, 0.35, 0.62, 0.07, 0.11, 0.2],
    }
)
MOVES = pl.DataFrame(
    {
        "before": ["detractor"] * 3 + ["passive"] * 3 + ["promoter"] * 3,
        "after": ["detractor", "passive", "promoter"] * 3,
        "n": [120, 60, 20, 50, 1200, 100, 10, 90, 350],
        "money": [-120000.0, 45000, 90000, -800000, 12000, 1250000, -54000, -31000, 8000],
    }
)
RETENTION = pl.DataFrame(
    [
        {"cohort": name, "period": period, "retention": start * 0.86**period + 0.1}
        for name, start in (("2025-01", 0.9), ("2025-02", 0.8), ("2025-03", 0.72), ("all", 0.82))
        for period in range(12)
    ]
).with_columns(ci_low=pl.col("retention") - 0.04, ci_high=pl.col("retention") + 0.04)
RANKS = pl.DataFrame(
    {
        "name": ["Us", "Volga Bank", "Baltic", "Taiga Credit", "Onego"],
        "rank": [2, 1, 3, 4, 5],
        "rank_low": [1, 1, 2, 3, 5],
        "rank_high": [3, 2, 4, 4, 5],
    }
)
ITEMS = pl.DataFrame(
    {
        "name": ["Price", "Delivery time", "Staff", "Website and the mobile application", "Returns"],
        "importance": [0.30, 0.24, 0.19, 0.08, 0.12],
        "performance": [5.9, 7.4, 8.6, 8.1, 6.4],
    }
).with_columns(
    importance_low=pl.col("importance") - 0.05,
    importance_high=pl.col("importance") + 0.05,
    performance_low=pl.col("performance") - 0.2,
    performance_high=pl.col("performance") + 0.2,
)
STAKES = pl.DataFrame(
    {
        "name": ["Ignoring passives", "Losing satisfied customers", "Wishes that earn nothing", "Programmes"],
        "verdict": ["exposed", "exposed", "unknown", "guarded"],
        "estimate": [12_400_000.0, 8_100_000, None, 310_000],
        "ci_low": [7_900_000.0, 4_000_000, None, -200_000],
        "ci_high": [18_300_000.0, 14_200_000, None, 900_000],
    }
)
NOTICING = pl.DataFrame(
    {
        "action": ["Renovation of the lobby", "Free delivery", "Birthday gift"],
        "exposed": [0.12, 0.61, 0.44],
        "unexposed": [0.10, 0.12, 0.31],
        "n": [400, 380, 220],
    }
).with_columns(
    exposed_low=pl.col("exposed") - 0.05,
    exposed_high=pl.col("exposed") + 0.05,
    unexposed_low=pl.col("unexposed") - 0.03,
    unexposed_high=pl.col("unexposed") + 0.03,
)
WISHES = pl.DataFrame(
    {
        "wish": ["Evening delivery", "Gift wrapping", "Loyalty card in the phone", "Own magazine"],
        "estimate": [2_400_000.0, 120_000, 1_100_000, -900_000],
        "ci_low": [900_000.0, -90_000, -100_000, -1_200_000],
        "ci_high": [4_400_000.0, 400_000, 2_900_000, -500_000],
        "n": [340, 41, 160, 12],
    }
)

INDEX = pl.DataFrame(
    {
        "name": ["Image", "Quality", "Value", "Satisfaction", LONG_NAME],
        "estimate": [73.5, 75.0, 62.3, 72.5, None],
        "ci_low": [71.8, 73.3, 59.7, 70.7, None],
        "ci_high": [75.2, 76.6, 64.8, 74.2, None],
        "n": [250, 250, 250, 250, 1],
    }
)
CONSTRUCTS = pl.DataFrame(
    {
        "name": ["Image", "Quality", "Value", "Satisfaction", "Northern service quality of staff"],
        "r_squared": [None, 0.31, 0.35, 0.68, 0.46],
        "index": [73.5, 75.0, 62.3, 72.5, 70.9],
    }
)
PATHS = pl.DataFrame(
    [
        ("Image", "Quality", 0.5, 0.4, 0.6),
        ("Image", "Satisfaction", 0.18, 0.08, 0.29),
        ("Quality", "Satisfaction", 0.51, 0.38, 0.62),
        ("Quality", "Value", 0.56, 0.38, 0.7),
        ("Value", "Satisfaction", -0.19, -0.29, -0.08),
        ("Satisfaction", "Northern service quality of staff", 0.05, -0.1, 0.2),
    ],
    schema=["source", "target", "estimate", "ci_low", "ci_high"],
    orient="row",
)
LOADINGS = loadings_of(
    pl.DataFrame(
        {
            "item": ["a1", "a2", "b1", "the third question of the block"],
            "construct": ["Image", "Image", "Value", "Value"],
            "Image": [0.8, 0.7, 0.3, -0.4],
            "Value": [0.2, 0.4, 0.9, 0.35],
        }
    )
)
DRAWS = pl.DataFrame(
    {str(k): [0.1 * k + 0.02 * ((i * 37) % 11 + (i * 53) % 7 - 8) for i in range(400)] for k in range(3)}
)
DRAWN = pl.DataFrame({"name": ["Image", "Value", LONG_NAME], "estimate": [0.0, 0.1, 0.2]}).with_columns(
    ci_low=pl.col("estimate") - 0.1, ci_high=pl.col("estimate") + 0.1
)
BANDS = ((0.0, 60.0, Text("low")), (60.0, 75.0, Text("middle")), (75.0, 100.0, Text("high")))
TRACKED = pl.DataFrame(
    {"week": list(range(1, 31)), "actual": [40.0 + (week * 7) % 13 for week in range(1, 31)]}
)
TRACKED = TRACKED.with_columns(expected=pl.lit(46.0), ci_low=pl.lit(33.0), ci_high=pl.lit(60.0))
CONCENTRATION = pl.DataFrame({"customers": [0.1, 0.2, 0.5, 1.0], "value": [0.57, 0.71, 0.85, 1.0]})
EQUITY = pl.DataFrame(
    {
        "name": ["Value a year ago", "New customers", LONG_NAME, "Margin", "Value now"],
        "kind": ["total", "step", "step", "step", "total"],
        "estimate": [1.2e6, 3.1e5, -2.5e5, None, 1.26e6],
        "ci_low": [1.1e6, 2.9e5, -2.8e5, None, 1.2e6],
        "ci_high": [1.3e6, 3.3e5, -2.2e5, None, 1.3e6],
    }
)
FLOWS = MOVES.with_columns(
    change=pl.when(pl.col("n") > 40).then(pl.col("n") * 3.0 - 300), change_low=-20.0, change_high=900.0
)
ACTIONS = pl.DataFrame(
    {
        "action": ["Faster answers in the chat", "New lobby", LONG_NAME, "Letters", "Idea"],
        "value": [67_900.0, 27_900.0, -12_100.0, -102_000.0, None],
        "ci_low": [15_000.0, -30_000.0, -80_000.0, -160_000.0, None],
        "ci_high": [160_000.0, 120_000.0, 90_000.0, -8_000.0, None],
        "chance": [0.998, 0.76, 0.34, 0.02, None],
        "grade": ["A", "B", "C", "D", "D"],
        "funded": [True, True, False, False, False],
        "amount": [10_000.0, 30_000.0, 0.0, 0.0, 0.0],
    }
)
FAN = pl.DataFrame(
    [
        {
            "preset": preset,
            "nps": float(nps),
            "middle": slope * (nps - zero),
            "low": slope * (nps - zero) - reach,
            "low_half": slope * (nps - zero) - reach / 3,
            "high_half": slope * (nps - zero) + reach / 3,
            "high": slope * (nps - zero) + reach,
        }
        for preset, slope, zero, reach in (
            ("seed", 2.5, 52, 40),
            ("research", 0.4, 0, 12),
            ("yours", 0.7, 20, 9),
        )
        for nps in range(-10, 71, 10)
    ]
)
RANGES = pl.DataFrame(
    {
        "factor": ["needed", "weight", "excess", "nps"],
        "at_low": [2_061.0, 1_003.0, 921.0, 571.0],
        "at_high": [290.0, 361.0, -27.0, 965.0],
        "middle": [770.0] * 4,
    }
)

LEDGER = pl.DataFrame(
    {
        "stage": ["promised", "noticed", "proved", "harmed"],
        "estimate": [10e6, 8.5e6, 3.6e6, -2e6],
        "ci_low": [6.1e6, 5e6, 2.1e6, -3e6],
        "ci_high": [13.9e6, 12e6, 5.1e6, -1e6],
    }
)
MONTHLY = pl.DataFrame(
    {
        "path": ["emotional"] * 6 + ["economic"] * 6,
        "month": [*range(1, 7), *range(1, 7)],
        "estimate": [980.0, 860, 900, 610, 640, 520, 300.0, 120, 60, 20, -30, 10],
        "ci_low": [400.0, 300, 340, 50, 90, 0, -100.0, -280, -340, -390, -420, -400],
        "ci_high": [1560.0, 1420, 1460, 1170, 1190, 1040, 700.0, 520, 460, 430, 360, 420],
        "fitted": [970.0, 880, 800, 730, 660, 600, 290.0, 140, 70, 35, 17, 8],
    }
)
DEPTHS = pl.DataFrame(
    {
        "share": [0.2, 0.4, 0.6, 0.8, 1.0],
        "gain": [3600.0, 4200, 3700, 2100, -1500],
        "ci_low": [2700.0, 2900, 2100, 300, -3500],
        "ci_high": [4500.0, 5500, 5300, 3900, 500],
        "chance": [-300.0, -600, -900, -1200, -1500],
    }
)

KANO = pl.DataFrame(
    {
        "wish": ["Repair on the spot", LONG_NAME, "Dark theme"],
        "better": [0.7, 0.5, 0.1],
        "worse": [0.45, 0.75, 0.05],
        "category": ["attractive", None, "indifferent"],
    }
)
PRICES = pl.DataFrame(
    {
        "price": [100.0, 200, 300, 400],
        "too_cheap": [1.0, 0.4, 0.05, 0.0],
        "cheap": [1.0, 0.8, 0.2, 0.0],
        "expensive": [0.0, 0.2, 0.8, 1.0],
        "too_expensive": [0.0, 0.05, 0.4, 1.0],
    }
)
BY_SCORE = pl.DataFrame({"score": [0, 5, 8, 10], "retention": [0.5, 0.6, 0.7, 0.9]}).with_columns(
    retention_low=pl.col("retention") - 0.1, retention_high=pl.col("retention") + 0.1
)

GROUPS_STAYING = pl.DataFrame(
    {
        "name": ["all", "North"],
        "estimate": [0.7, 0.6],
        "ci_low": [0.65, 0.5],
        "ci_high": [0.75, 0.7],
        "n": [900, 90],
    }
)

CHARTS: dict[str, Callable[[Style], Any]] = {
    "paths": partial(path_diagram, CONSTRUCTS, PATHS),
    "loadings": partial(loadings_map, LOADINGS),
    "resamples": partial(draw_distributions, DRAWN, DRAWS, axis_title=Text("all")),
    "index": partial(index_levels, INDEX, bands=BANDS, reference=67.7, reference_words=Text("all")),
    "nps": partial(nps_bar, NPS.head(1)),
    "nps_groups": partial(nps_bar, NPS),
    "scores": partial(score_histogram, SCORES),
    "trend": partial(score_trend, TREND, change_point=CHANGE, events=EVENTS, axis_title=Text("NPS")),
    "intervals": partial(
        interval_bars,
        NPS.rename({"group": "name"}),
        reference=28.0,
        reference_words=Text("all"),
        axis_title=Text("NPS"),
    ),
    "bars": partial(group_bars, SHARES.filter(measure="attention").rename({"share": "value"})),
    "shares": partial(share_bars, SHARES),
    "movement": partial(movement_matrix, MOVES, currency="RUB"),
    "retention": partial(retention_curves, RETENTION, emphasis="all"),
    "staying": partial(retention_curves, RETENTION, emphasis="all", steps=True, named=True),
    "staying_groups": partial(retention_by_group, GROUPS_STAYING),
    "ranks": partial(rank_intervals, RANKS, own="Us"),
    "priorities": partial(priority_map, ITEMS),
    "money": partial(money_ranking, STAKES, currency="RUB"),
    "noticing": partial(noticing_bars, NOTICING),
    "tracking": partial(purchase_tracking, TRACKED, learnt_until=20, axis_title=Text("all")),
    "concentration": partial(value_concentration, CONCENTRATION),
    "equity": partial(waterfall, EQUITY, currency="RUB"),
    "flows": partial(flow_money, FLOWS, currency="RUB"),
    "wishes": partial(wish_bars, WISHES, currency="RUB"),
    "actions": partial(value_of_actions, ACTIONS, currency="RUB"),
    "funding": partial(funding_chances, ACTIONS, currency="RUB"),
    "talk": partial(word_of_mouth_fan, FAN, nps=35.0),
    "assumptions": partial(tornado, RANGES),
    "ledger": partial(ledger_steps, LEDGER, currency="RUB"),
    "months": partial(effect_curves, MONTHLY, currency="RUB"),
    "kano": partial(kano_map, KANO),
    "prices": partial(price_curves, PRICES, acceptable=(180.0, 320.0)),
    "by_score": partial(score_steps, BY_SCORE),
    "targeting": partial(targeting_chart, DEPTHS, currency="RUB"),
}
