"""Each score of each group, wave by wave, with the standard error of its design."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from leal.engine import (
    Floats,
    FrameLike,
    Group,
    LazyFrame,
    ScoreCounts,
    column_names,
    score_counts,
    value_range,
    value_sums,
)
from leal.measure.net_promoter.nps_result import POINTS
from leal.measure.net_promoter.satisfaction import scale_that_holds
from leal.measure.net_promoter.waves import WAVE, wave_order, with_wave
from leal.statistics import effective_n
from leal.wording import Language, Month, Text, format_value

Metric = Literal["nps", "detractors", "satisfaction"]
METRICS: tuple[Metric, ...] = ("nps", "detractors", "satisfaction")

VERSION = "survey_version"
FEWEST_IN_A_WAVE = 5
"""Answers below which a wave is left out of a series: its error would be a guess."""

_ADDED = np.array([0.75, 1.5, 0.75])
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_SPAN, _ENDS = " – ", 2
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")


@dataclass(frozen=True, slots=True)
class WaveName:
    """A wave as it is said: ``2026-03`` is March 2026, ``2026-Q1`` quarter 1 of 2026, a span both ends."""

    value: str

    def into(self, language: Language) -> str:
        """Return the wave as written in `language`."""
        if (month := _MONTH.fullmatch(self.value)) and 1 <= int(month[2]) <= 12:
            return Month(dt.date(int(month[1]), int(month[2]), 1)).into(language)
        if quarter := _QUARTER.fullmatch(self.value):
            told = Text("quarter {quarter} of {year}", quarter=quarter[2], year=quarter[1])
            return format_value(told.into(language), language)
        ends = self.value.split(_SPAN)
        if len(ends) == _ENDS and all(_MONTH.fullmatch(end) or _QUARTER.fullmatch(end) for end in ends):
            return _SPAN.join(WaveName(end).into(language) for end in ends)
        return self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveScore:
    """One score of one group in one wave.

    Attributes
    ----------
    wave : str
        The wave.
    n : int
        Answers.
    n_effective : float
        Equally weighted answers that would say as much.
    estimate : float
        The score in its own unit: points, a share, or the satisfaction scale.
    standard_error : float
        Of the score, by the design (weights); never zero.
    variance : float
        Of one answer in this wave, in the squared unit of the score.
    """

    wave: str
    n: int
    n_effective: float
    estimate: float
    standard_error: float
    variance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The waves of one score of one group, all asked with one version of the questionnaire.

    Attributes
    ----------
    metric : {"nps", "detractors", "satisfaction"}
        The score.
    group : object
        The group; None for all answers.
    whole : bool
        Whether it is all answers together.
    version : str or None
        Version of the questionnaire, where the answers tell it.
    points : tuple of WaveScore
        The waves in order of time.
    left_out : int
        Waves with fewer than 5 answers.
    """

    metric: Metric
    group: object
    whole: bool
    version: str | None
    points: tuple[WaveScore, ...]
    left_out: int = 0


def wave_series(
    answers: FrameLike, by: Sequence[str], metrics: Sequence[Metric], weight: str | None
) -> tuple[Series, ...]:
    """Return the series of all answers, then of each group; one for each version of the questionnaire."""
    frame = with_wave(answers)
    order = {wave: place for place, wave in enumerate(wave_order(frame))}
    names = column_names(frame)
    versions = [VERSION] if VERSION in names else []
    found: list[Series] = []
    for keys in ((), tuple(by)) if by else ((),):
        columns = [*keys, *versions, WAVE]
        rows = _recommend_rows(frame, metrics, columns, weight) if "recommend" in names else []
        if "satisfaction" in metrics and "satisfaction" in names:
            rows += _satisfaction_rows(frame, columns, weight)
        found += _gathered(rows, len(keys), bool(versions), order)
    return tuple(found)


_Row = tuple[Metric, Group, WaveScore]


def _recommend_rows(
    frame: LazyFrame, metrics: Sequence[Metric], columns: list[str], weight: str | None
) -> list[_Row]:
    wanted: list[Metric] = [metric for metric in metrics if metric != "satisfaction"]
    if not wanted:
        return []
    counts = score_counts(frame.to_native(), "recommend", by=columns, weight=weight)
    return [
        (metric, group[:-1], score)
        for metric in wanted
        for place, group in enumerate(counts.groups)
        if group[-1] is not None and (score := _recommend_score(counts, place, metric)) is not None
    ]


def _recommend_score(counts: ScoreCounts, place: int, metric: Metric) -> WaveScore | None:
    n = int(counts.n[place].sum())
    weights = counts.weights[place]
    groups = np.array([weights[:7].sum(), weights[7:9].sum(), weights[9:].sum()])
    if not groups.sum() > 0:
        return None
    worth = effective_n(float(groups.sum()), float(counts.squares[place].sum()))
    shares = groups / groups.sum()
    # a wave whose answers are all alike is not free of error: .75, 1.5 and .75 answers more (Rocks 2016)
    smooth = (shares * worth + _ADDED) / (worth + _ADDED.sum())
    if metric == "nps":
        values, factor = np.array([-1.0, 0.0, 1.0]), POINTS
    else:
        values, factor = np.array([1.0, 0.0, 0.0]), 1.0
    return WaveScore(
        wave=str(counts.groups[place][-1]),
        n=n,
        n_effective=worth,
        estimate=factor * float(shares @ values),
        standard_error=factor * math.sqrt(_variance(smooth, values) / (worth + _ADDED.sum())),
        variance=factor**2 * _variance(shares, values) * worth / max(worth - 1, 1.0),
    )


def _variance(shares: Floats, values: Floats) -> float:
    return float(shares @ (values - shares @ values) ** 2)


def _satisfaction_rows(frame: LazyFrame, columns: list[str], weight: str | None) -> list[_Row]:
    native = frame.to_native()
    ends = value_range(native, "satisfaction")
    if ends is None:
        return []
    scale = scale_that_holds(ends)
    sums = value_sums(native, "satisfaction", scale=scale, threshold=scale[1], by=columns, weight=weight)
    errors = sums.standard_error
    pooled = _pooled_spread(errors, sums.n)
    rows: list[_Row] = []
    for place, group in enumerate(sums.groups):
        if group[-1] is None or not sums.w[place] > 0:
            continue
        worth = effective_n(float(sums.w[place]), float(sums.ww[place]))
        own = float(errors[place])
        score = WaveScore(
            wave=str(group[-1]),
            n=int(sums.n[place]),
            n_effective=worth,
            estimate=float(sums.mean[place]),
            standard_error=own if own > 0 else pooled / math.sqrt(worth),
            variance=own**2 * worth if own > 0 else 0.0,
        )
        rows.append(("satisfaction", group[:-1], score))
    return rows


def _pooled_spread(errors: Floats, n: Floats) -> float:
    """Return the usual spread of one answer, for waves whose answers are all alike."""
    told = np.isfinite(errors) & (errors > 0)
    return float(np.sqrt(np.average(errors[told] ** 2 * n[told], weights=n[told]))) if told.any() else 1.0


def _gathered(rows: list[_Row], keys: int, versioned: bool, order: dict[str, int]) -> list[Series]:
    """Return one series for each score, group and version, the newest version last."""
    series: dict[tuple[Metric, Group], list[WaveScore]] = {}
    for metric, group, score in rows:
        series.setdefault((metric, group), []).append(score)
    found = [
        _series(metric, group[:keys], group[-1] if versioned else None, scores, order)
        for (metric, group), scores in series.items()
    ]
    return (
        sorted(found, key=lambda one: order[one.points[-1].wave] if one.points else -1)
        if versioned
        else found
    )


def _series(
    metric: Metric, group: Group, version: object, scores: list[WaveScore], order: dict[str, int]
) -> Series:
    kept = [score for score in scores if score.n >= FEWEST_IN_A_WAVE]
    return Series(
        metric=metric,
        group=None if not group else group[0] if len(group) == 1 else group,
        whole=not group,
        version=None if version is None else str(version),
        points=tuple(sorted(kept, key=lambda score: order[score.wave])),
        left_out=len(scores) - len(kept),
    )
