"""Your own curve: what customers of each score did afterwards, with intervals."""

from __future__ import annotations

import polars as pl

from leal.statistics import mean_interval, proportion_interval

FEWEST_A_SCORE = 10
"""Customers of a score below which its figures are not given."""

_FIGURES = ("repeat", "spend", "retention")
_ENDS = ("", "_low", "_high")


def score_curve(rows: pl.DataFrame, level: float = 0.95, *, score: str = "recommend") -> pl.DataFrame:
    """Return what customers of each score did after the answer.

    Parameters
    ----------
    rows : DataFrame
        One row a customer: the score, ``repeat`` (purchase days), ``spend``, ``gone`` (no purchase).
    level : float
        Confidence level (Student's t for means, Wilson for shares).
    score : str
        Column of the score.

    Returns
    -------
    DataFrame
        ``score``, ``n``, and of ``repeat``, ``spend``, ``retention`` (share who bought again) the figure and
        its limits; null with fewer than ten customers.

    Notes
    -----
    A correlation: those who give a 10 differ from those who give a 5 in more than the score. What raising a
    score earns must come from an experiment, or from changes within customers.
    """
    table = []
    for (value,), part in rows.sort(score).group_by(score, maintain_order=True):
        row: dict[str, object] = {"score": value, "n": part.height}
        row |= dict.fromkeys(f"{name}{end}" for name in _FIGURES for end in _ENDS)
        if part.height >= FEWEST_A_SCORE:
            row |= _means(part, "repeat", level) | _means(part, "spend", level) | _kept(part, level)
        table.append(row)
    numbers = [f"{name}{end}" for name in _FIGURES for end in _ENDS]
    schema = {"score": pl.Float64, "n": pl.Int64} | dict.fromkeys(numbers, pl.Float64)
    return pl.DataFrame(table, schema=schema)


def _means(part: pl.DataFrame, name: str, level: float) -> dict[str, object]:
    values = part[name].cast(pl.Float64).to_numpy()
    limits = mean_interval(float(values.mean()), float(values.std(ddof=1)), len(values), level)
    return {name: float(values.mean()), f"{name}_low": limits.low, f"{name}_high": limits.high}


def _kept(part: pl.DataFrame, level: float) -> dict[str, object]:
    kept = int((~part["gone"]).sum())
    limits = proportion_interval(kept, part.height, level)
    return {
        "retention": kept / part.height,
        "retention_low": limits.low,
        "retention_high": limits.high,
    }
