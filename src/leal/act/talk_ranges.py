"""The fan of word of mouth over the NPS, and what each assumption alone does to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from leal.act.talk_base import Base, drawn_voices, middle_voices
from leal.act.talk_model import new_customers
from leal.act.talk_presets import ASSUMPTIONS, Reading, Talk
from leal.act.uncertain import JointDraws, Uncertain

if TYPE_CHECKING:
    import polars as pl

_QUANTILES = (0.025, 0.25, 0.5, 0.75, 0.975)
_BANDS = ("low", "low_half", "middle", "high_half", "high")
_FAN_DRAWS = 4_000
_AROUND = 40.0


def fan_frame(
    base: Base, talks: Sequence[Talk], reading: Reading, points: int, draws: int, seed: int
) -> pl.DataFrame:
    """Return customers won a year for each 100, over the NPS, by preset: quantiles of joint draws."""
    import polars as pl

    most = 100 * (1 - base.shares[1])
    scores = np.linspace(max(-most, base.nps - _AROUND), most, points)
    joint = JointDraws(max(100, min(draws, _FAN_DRAWS)), seed)
    each = replace(base, customers=Uncertain.fixed(100.0))
    rows: list[dict[str, Any]] = []
    for talk in talks:
        for score in scores:
            won = new_customers(drawn_voices(each.at(float(score)), talk, joint), reading)
            if np.all(np.isfinite(won)):
                bands = dict(zip(_BANDS, np.quantile(won, _QUANTILES).tolist(), strict=True))
                rows.append({"preset": talk.name, "nps": float(score), **bands})
    schema = {"preset": pl.String, "nps": pl.Float64, **dict.fromkeys(_BANDS, pl.Float64)}
    return pl.DataFrame(rows, schema=schema)


def tornado_frame(base: Base, talk: Talk, reading: Reading, level: float) -> pl.DataFrame:
    """Return customers won with each assumption at the two ends of its range, the others at their middle."""
    import polars as pl

    middle = float(new_customers(middle_voices(base, talk), reading)[0])
    rows = [
        _row(
            name,
            factor,
            middle,
            level,
            {end: _with(base, talk, reading, name, end) for end in factor.limits(level)},
        )
        for name in ASSUMPTIONS
        if (factor := talk.factor(name)) is not None and factor.limits(level)[0] < factor.limits(level)[1]
    ]
    if base.nps_limits is not None:
        low, high = base.nps_limits
        ends = [float(new_customers(middle_voices(base.at(nps), talk), reading)[0]) for nps in (low, high)]
        rows.append(
            {
                "factor": "nps",
                "low": low,
                "high": high,
                "at_low": ends[0],
                "at_high": ends[1],
                "middle": middle,
            }
        )
    rows.sort(key=lambda row: -abs(row["at_high"] - row["at_low"]))
    schema = {"factor": pl.String} | dict.fromkeys(("low", "high", "at_low", "at_high", "middle"), pl.Float64)
    return pl.DataFrame(rows, schema=schema)


def _with(base: Base, talk: Talk, reading: Reading, name: str, value: float) -> float:
    changed = replace(talk, **{name: Uncertain.fixed(value)})  # type: ignore[arg-type]
    return float(new_customers(middle_voices(base, changed), reading)[0])


def _row(
    name: str, factor: Uncertain, middle: float, level: float, won: dict[float, float]
) -> dict[str, Any]:
    low, high = factor.limits(level)
    return {
        "factor": name,
        "low": low,
        "high": high,
        "at_low": won[low],
        "at_high": won[high],
        "middle": middle,
    }
