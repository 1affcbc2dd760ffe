"""What changed, since when, how sure: every score of every group, watched wave by wave."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import numpy as np

from leal.engine import Floats, FrameLike, lazy
from leal.errors import BadOption
from leal.measure.change.signal_result import FEWEST_WAVES, Signal, Signals
from leal.measure.change.wave_series import METRICS, Metric, Series, WaveScore, wave_series
from leal.measure.net_promoter.waves import group_column
from leal.results import Note
from leal.statistics import (
    ChangePoint,
    benjamini_hochberg,
    change_point,
    cusum_chart,
    ewma_chart,
    standardised_waves,
    waves_to_detection,
)
from leal.wording import Count, Text, plural

CONSIDERED: dict[Metric, float] = {"nps": 10.0, "detractors": 0.05, "satisfaction": 0.3}
"""The change of each score whose detection is reckoned: 10 points, 5 percentage points, .3 of the scale."""


def signals(
    answers: FrameLike,
    by: str | Sequence[str] | None = None,
    *,
    metrics: Sequence[Metric] = METRICS,
    weight: str | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> Signals:
    """Return what changed, since when, and how sure: every score, of all answers and of each group.

    Parameters
    ----------
    answers : dataframe or path
        One row an answer with ``recommend`` and/or ``satisfaction``, and ``wave`` or ``answered_at``. Where
        there is ``survey_version``, versions are never compared: each is a series of its own.
    by : str or list of str, optional
        Columns of groups; by default ``segment``, else ``unit``, else none. An empty list: all answers only.
    metrics : sequence of {"nps", "detractors", "satisfaction"}
        Scores that are watched.
    weight : str, optional
        Column of sampling weights.
    level : float
        Confidence level; a change is clear where the adjusted p is below 1 - level.
    seed : int
        Of the test.

    Returns
    -------
    Signals
        With fewer than four waves a signal is unknown and says how many more it takes.

    Notes
    -----
    Each wave is weighed by the standard error of its design, with the variance of one answer pooled over the
    waves. One lasting change of level is looked for (Bai and Perron 1998), its date with an interval, its p
    from simulated series without change, adjusted over all scores and groups (Benjamini and Hochberg 1995).
    CUSUM (Page 1954) and EWMA (Roberts 1959) on the standardised waves give early warnings. Seasons and a
    change of channels look like changes of mood, a trend like a step in its middle; customers asked in every
    wave make p too large rather than too small.

    Examples
    --------
    >>> import polars as pl
    >>> good, bad = [9, 9, 8, 9] * 20, [9, 9, 8, 3] * 20
    >>> rows = [(f"2026-0{month}", score) for month in range(1, 9) for score in (bad if month > 5 else good)]
    >>> found = signals(pl.DataFrame(rows, schema=["wave", "recommend"], orient="row"))
    >>> found.of("nps").since
    '2026-06'
    """
    for metric in metrics:
        if metric not in METRICS:
            raise BadOption("metrics", metric, list(METRICS))
    columns = _columns(answers, by)
    found = [_signal(series, level, seed) for series in wave_series(answers, columns, metrics, weight)]
    return Signals(signals=tuple(_adjusted(found)), by=columns)


def _columns(answers: FrameLike, by: str | Sequence[str] | None) -> tuple[str, ...]:
    if by is None:
        column = group_column(lazy(answers))
        return (column,) if column else ()
    return (by,) if isinstance(by, str) else tuple(by)


def _signal(series: Series, level: float, seed: int) -> Signal:
    points = series.points
    found = _change(points, level, seed) if len(points) >= FEWEST_WAVES else None
    early, early_since = _early(points) if len(points) >= FEWEST_WAVES else (0, None)
    change = None if found is None else found.change
    return Signal(
        estimate=math.nan if change is None else change.estimate,
        ci_low=math.nan if change is None else change.ci_low,
        ci_high=math.nan if change is None else change.ci_high,
        n=sum(point.n for point in points),
        level=level,
        method="bai_perron",
        notes=_notes(series),
        metric=series.metric,
        group=series.group,
        whole=series.whole,
        version=series.version,
        since=_wave(points, None if found is None else found.index),
        since_low=_wave(points, None if found is None else found.ci_low),
        since_high=_wave(points, None if found is None else found.ci_high),
        p_value=math.nan if found is None else found.p_value,
        p_adjusted=math.nan if found is None else found.p_value,
        level_before=math.nan if found is None else found.mean_before,
        level_after=math.nan if found is None else found.mean_after,
        early=early,
        early_since=early_since,
        waves_to_detection=_waves_needed(series),
        considered=CONSIDERED[series.metric],
        points=points,
    )


def _change(points: tuple[WaveScore, ...], level: float, seed: int) -> ChangePoint:
    return change_point([point.estimate for point in points], _errors(points), level, seed=seed)


def _errors(points: tuple[WaveScore, ...]) -> Floats:
    """Return the standard errors with the variance of one answer pooled over the waves.

    A wave's own variance goes with its own score (few detractors, little variance): weighed by it, chance
    would look like change about twice too often.
    """
    worth = np.array([point.n_effective for point in points])
    free = np.maximum(worth - 1, 0.0)
    pooled = float(free @ [point.variance for point in points])
    if not pooled > 0:
        return np.array([point.standard_error for point in points])
    return np.asarray(np.sqrt(pooled / free.sum() / worth))


def _early(points: tuple[WaveScore, ...]) -> tuple[int, str | None]:
    """Return what the control charts say of the latest wave, and since when."""
    z = standardised_waves([point.estimate for point in points], _errors(points))
    for chart in (cusum_chart(z), ewma_chart(z)):
        latest = [alarm for alarm in chart.alarms if alarm.index == len(points) - 1]
        if latest:
            return latest[0].direction, points[latest[0].since].wave
    return 0, None


def _wave(points: tuple[WaveScore, ...], index: int | None) -> str | None:
    return None if index is None else points[index].wave


def _waves_needed(series: Series) -> float:
    """Return the waves that charts need on average to see the change considered, with the usual wave."""
    if not series.points:
        return math.nan
    n = float(np.median([point.n_effective for point in series.points]))
    error = float(np.median([point.standard_error for point in series.points]))
    return waves_to_detection(CONSIDERED[series.metric], n, error**2 * n).cusum


def _adjusted(found: list[Signal]) -> list[Signal]:
    adjusted = benjamini_hochberg([signal.p_value for signal in found])
    return [
        dataclasses.replace(signal, p_adjusted=float(p)) for signal, p in zip(found, adjusted, strict=True)
    ]


def _notes(series: Series) -> tuple[Note, ...]:
    notes = []
    missing = FEWEST_WAVES - len(series.points)
    if missing > 0:
        words = plural(
            "A change of level needs {fewest} waves: {count} more is needed.",
            "A change of level needs {fewest} waves: {count} more are needed.",
            missing,
            fewest=Count(FEWEST_WAVES),
        )
        notes.append(Note(code="few_waves", text=words))
    if series.left_out:
        words = plural(
            "{count} wave with fewer than 5 answers is left out.",
            "{count} waves with fewer than 5 answers are left out.",
            series.left_out,
        )
        notes.append(Note(code="thin_waves", text=words))
    if series.version is not None:
        text = Text("Only answers to version {version} of the questionnaire.", version=series.version)
        notes.append(Note(code="one_version", text=text))
    return tuple(notes)
