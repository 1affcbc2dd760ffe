"""The register of actions read from a table: one row an action, or one row an action and segment."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, cast

import polars as pl

from leal.act.actions import FACTORS, Action
from leal.act.uncertain import Quantity, Uncertain
from leal.engine import FrameLike, LazyFrame, as_date, collect, column_names, day_number, lazy
from leal.errors import BadOption, BadValue, LealError, MissingColumn, Where
from leal.intake import read_raw
from leal.intake.numbers import parse_numbers
from leal.measure import DISCOUNT
from leal.results import Estimate, Grade
from leal.wording import Text

_WORDS = ("owner", "segment", "path", "noticing_question")
_DATES = ("started_at", "kill_date")
_YES, _NO = {"yes", "true", "1", "y", "да"}, {"no", "false", "0", "n", "нет"}
_PARQUET = (".parquet", ".pq")
_GRADES: tuple[Grade, ...] = ("A", "B", "C", "D")


def read_actions(
    table: FrameLike, *, discount: float = DISCOUNT, currency: str | None = None
) -> tuple[Action, ...]:
    """Return the register of actions that a table holds.

    Parameters
    ----------
    table : dataframe or path
        CSV in any encoding, a workbook, Parquet, or any dataframe. One row an action, or one row an action
        and segment. ``name`` (or ``action``) is needed; as far as known ``owner``, ``segment``, ``path``,
        ``noticing_question``, ``started_at``, ``kill_date``, ``holdout``, and for each factor of `Action`
        (``customers``, ``exposed``, ``noticed``,
        ``satisfaction``, ``retention_link``, ``value_link``, ``margin``, ``retention``, ``repeat_sales``,
        ``word_of_mouth``, ``referrals_counted``, ``direct_spend``, ``direct_retention``, ``cost``,
        ``measured``) a column of its name, with
        ``noticed_low`` and ``noticed_high`` (its 95 % limits; alone they are the ends of a range),
        ``noticed_n`` (answers behind a share) and ``noticed_grade``. Costs of later years are ``cost_1``,
        ``cost_2``, ... ``other_ways``: yes where the action acts in other ways than by satisfaction too.
        Other columns are free.
    discount : float
        Rate of interest a year.
    currency : str, optional
        ISO code of the money.

    Returns
    -------
    tuple of Action
        In the order of the rows; what is empty is not known.

    Raises
    ------
    MissingColumn
        There is no column with the names of actions.
    BadValue
        A value cannot be used: named with its row (the first is 1) and column.

    Examples
    --------
    >>> import polars as pl
    >>> rows = pl.DataFrame({"name": ["Lobby"], "noticed": [.4], "noticed_n": [100], "cost": [60_000]})
    >>> read_actions(rows)[0].factor("noticed").kind
    'share'
    """
    frame = lazy(_opened(table))
    names = column_names(frame)
    key = next((name for name in ("name", "action") if name in names), None)
    if key is None:
        raise MissingColumn("name", names, table="actions")
    rows = _rows(frame, names)
    return tuple(
        _action(row, place, key, discount=discount, currency=currency)
        for place, row in enumerate(rows, start=1)
        if any(_given(value) for value in row.values())
    )


def _opened(table: FrameLike) -> FrameLike:
    """Return the rows of a spreadsheet, its numbers read as people of any country write them."""
    if not isinstance(table, str | Path) or Path(table).is_dir() or Path(table).suffix in _PARQUET:
        return table
    cells = read_raw(table).frame
    return cells.with_columns(_numbers(column) for column in cells if column.name not in (*_WORDS, *_DATES))


def _numbers(cells: pl.Series) -> pl.Series:
    """Return a column as numbers where each cell is one; else as it stands, to be named if it is needed."""
    read = parse_numbers(cells)
    return cells if read.unreadable.any() else read.values.alias(cells.name)


def _rows(frame: LazyFrame, names: list[str]) -> list[dict[str, Any]]:
    """Return the rows, their dates as dates."""
    dates = [name for name in _DATES if name in names]
    others = [name for name in names if name not in dates]
    days = [day_number(frame, name, table="actions").alias(name) for name in dates]
    rows = collect(frame.select(*others, *days)).to_dicts()
    return [row | {name: None if row[name] is None else as_date(row[name]) for name in dates} for row in rows]


def _action(row: dict[str, Any], place: int, key: str, *, discount: float, currency: str | None) -> Action:
    try:
        return Action(
            name=str(row[key]) if _given(row[key]) else "",
            **_facts(row),
            **_factors(row),
            holdout=_number(row, "holdout"),
            other_ways=_yes(row, "other_ways"),
            later_costs=_later_costs(row),
            discount=discount,
            currency=currency,
        )
    except BadOption as error:
        error.where = Where(row=place, column=error.where.column)
        raise
    except LealError as error:
        raise BadValue(
            error.message, hint=error.hint, where=Where(row=place, column=error.where.column)
        ) from None


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    words = {name: str(row[name]).strip() for name in _WORDS if _given(row.get(name))}
    return words | {name: row[name] for name in _DATES if _given(row.get(name))}


def _factors(row: dict[str, Any]) -> dict[str, Any]:
    found = {name: _quantity(row, name) for name in FACTORS}
    return {name: quantity for name, quantity in found.items() if quantity is not None}


def _quantity(row: dict[str, Any], name: str) -> Quantity | None:
    """Return one factor: certain, from counts, with limits, or a range; None where nothing is given."""
    middle, low, high, n = (_number(row, name + ending) for ending in ("", "_low", "_high", "_n"))
    grade = _grade(row, name)
    if (low is None) != (high is None):
        alone, other = ("_low", "_high") if high is None else ("_high", "_low")
        raise BadValue(
            Text("{given} stands alone: {other} is empty.", given=name + alone, other=name + other),
            hint=Text("Give both ends of a range, or neither."),
            where=Where(column=name + alone),
        )
    if low is not None and high is not None:
        if middle is None:
            return Uncertain.between(low, high, grade=grade or "D")
        return Uncertain.normal(_limits(middle, low, high), grade=grade or "D")
    if middle is None:
        return None
    if n is not None:
        return Uncertain.share(middle * n, n, grade=grade or "C")
    return Uncertain.fixed(middle, grade=grade or "D")


def _limits(middle: float, low: float, high: float) -> Estimate:
    return Estimate(estimate=middle, ci_low=low, ci_high=high, n=0, method="given")


def _later_costs(row: dict[str, Any]) -> tuple[float, ...]:
    """Return cost_1, cost_2, ... up to the last one given; a gap between is a year without cost."""
    years = [int(name[5:]) for name in row if name.startswith("cost_") and name[5:].isdigit()]
    costs = [_number(row, f"cost_{year}") for year in range(1, max(years, default=0) + 1)]
    while costs and costs[-1] is None:
        costs.pop()
    return tuple(cost or 0.0 for cost in costs)


def _grade(row: dict[str, Any], name: str) -> Grade | None:
    value = row.get(f"{name}_grade")
    if not _given(value):
        return None
    grade = str(value).strip().upper()
    if grade not in _GRADES:
        raise BadOption(f"{name}_grade", value, list(_GRADES))
    return grade


def _number(row: dict[str, Any], name: str) -> float | None:
    value = row.get(name)
    if not _given(value):
        return None
    try:
        number = float(cast(float, value))
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number) or isinstance(value, bool):
        raise BadValue(
            Text("{value} is not a number.", value=repr(value)),
            hint=Text("Give a number, or leave the cell empty where it is not known."),
            where=Where(column=name),
        )
    return number


def _yes(row: dict[str, Any], name: str) -> bool:
    value = row.get(name)
    if not _given(value):
        return False
    word = str(value).strip().casefold().removesuffix(".0")
    if word not in _YES | _NO:
        raise BadValue(
            Text("{value} is neither yes nor no.", value=repr(value)),
            hint=Text("Write yes or no, or leave the cell empty for no."),
            where=Where(column=name),
        )
    return word in _YES


def _given(value: object) -> bool:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return False
    return not (isinstance(value, str) and not value.strip())
