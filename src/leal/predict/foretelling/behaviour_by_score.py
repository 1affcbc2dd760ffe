"""Your own curve: what customers of each score did afterwards, with intervals."""

from __future__ import annotations

import polars as pl

from leal.engine import FrameLike, collect, lazy
from leal.errors import BadValue, MissingColumn, Where
from leal.results import checked_level
from leal.statistics import mean_interval, proportion_interval
from leal.wording import Text

FEWEST_A_SCORE = 10
"""Customers of a score below which its figures are not given."""

_FIGURES = ("repeat", "spend", "retention")
_ENDS = ("", "_low", "_high")


def score_curve(rows: FrameLike, level: float = 0.95, *, score: str = "recommend") -> pl.DataFrame:
    """Return what customers of each score did after the answer.

    Parameters
    ----------
    rows : dataframe or path
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

    Raises
    ------
    BadValue
        What followed is no number, or missing in a row.
    MissingColumn
        The rows lack the score or what followed it: `leal.which_number(answers, purchases)` joins both, and
        has this table as its ``curve``.

    Notes
    -----
    A correlation: those who give a 10 differ from those who give a 5 in more than the score. What raising a
    score earns must come from an experiment, or from changes within customers.
    """
    level, rows = checked_level(level), collect(lazy(rows))
    for name in (score, "repeat", "spend", "gone"):
        if name not in rows.columns:
            raise MissingColumn(name, rows.columns, table="rows")
    _require_figures(rows)
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


def _require_figures(rows: pl.DataFrame) -> None:
    for name in ("repeat", "spend", "gone"):
        kind = rows.schema[name]
        right = kind == pl.Boolean if name == "gone" else kind.is_numeric()
        whole = right and bool(rows[name].cast(pl.Float64).is_finite().fill_null(False).all())
        if rows.height and not whole:
            raise BadValue(
                Text("The column {column} is not known in every row.", column=repr(name)),
                hint=Text(
                    "Give purchase days (repeat) and money (spend) as numbers, and whether nothing was bought"
                    " (gone) as true or false; leal.which_number(answers, purchases) makes them."
                ),
                where=Where(column=name),
            )


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
