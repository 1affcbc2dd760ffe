"""What a wish brings a head, in the money of retention and of willingness to pay."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import polars as pl

from leal.engine import FrameLike, collect, column_names, lazy, require_column
from leal.errors import BadValue, Where
from leal.results import Estimate, Note
from leal.wording import RoundAmount, Text, plural

_NUMBERS = (
    "value", "value_low", "value_high", "retention", "retention_low", "retention_high",
    "extra_price", "extra_price_low", "extra_price_high",
)  # fmt: skip


def wish_worth(
    wishes: FrameLike,
    *,
    value_of_retention: Estimate | None = None,
    margin: float | None = None,
    currency: str | None = None,
) -> tuple[pl.DataFrame, tuple[Note, ...]]:
    """Return the wishes with what each brings a head and year, from retention and willingness to pay.

    Parameters
    ----------
    wishes : dataframe or path
        The table `wishes`; where `value` is empty, its columns ``retention`` (change of yearly retention of a
        customer reached, as .02), ``extra_price`` (money a year that such a customer would pay on top), each
        with ``_low`` and ``_high`` where known.
    value_of_retention : Estimate, optional
        Money that a customer is worth more with a retention higher by 1 (a hundred points):
        `leal.measure.margin_multiple` says how it is had.
    margin : float, optional
        Share of the extra price that is margin; all of it by default.
    currency : str, optional
        ISO code, for the words of the notes.

    Returns
    -------
    DataFrame
        The table with ``value``, ``value_low`` and ``value_high`` filled where they could be.
    tuple of Note
        What was reckoned, and what could not be.

    Raises
    ------
    BadValue
        A change of retention lies outside -1..1.

    Notes
    -----
    value = retention x value of retention + extra price x margin. The ends are the products of the ends:
    wider than a joint interval would be, never narrower. Reach, probability of success and cost are left to
    `leal.measure.wish_values`, which makes the whole: N x reach x value x P(success) - cost, in the same
    money as every action. A value given in the table stands.

    When not to use: where the change of retention is a guess, the result is one; grade D until tried.

    References
    ----------
    Gupta and Lehmann (2003), Journal of Interactive Marketing 17(1), for the value of retention.
    """
    frame = lazy(wishes)
    require_column(frame, "wish", table="wishes")
    present = [name for name in _NUMBERS if name in column_names(frame)]
    table = collect(frame).with_columns(pl.col(present).cast(pl.Float64))
    absent = [pl.lit(None, pl.Float64).alias(name) for name in _NUMBERS if name not in present]
    rows = table.with_columns(absent).to_dicts()
    for row in rows:
        _require_change(row)
    told = [_valued(row, value_of_retention, 1.0 if margin is None else margin) for row in rows]
    filled = pl.DataFrame(
        [values for values, _ in told], schema=dict.fromkeys(("value", "value_low", "value_high"), pl.Float64)
    )
    return table.with_columns(filled), _notes([kind for _, kind in told], value_of_retention, currency)


def _require_change(row: Mapping[str, Any]) -> None:
    for name in ("retention", "retention_low", "retention_high"):
        value = row[name]
        if value is not None and not -1 <= value <= 1:
            raise BadValue(
                Text("{wish}: {value} is no change of retention.", wish=str(row["wish"]), value=f"{value:g}"),
                hint=Text("Give it as a fraction, .02 for two points more."),
                where=Where(column=name),
            )


def _valued(
    row: Mapping[str, Any], worth: Estimate | None, margin: float
) -> tuple[dict[str, float | None], str]:
    """Return value and ends of one wish, and how they were had."""
    given = {name: row[name] for name in ("value", "value_low", "value_high")}
    if row["value"] is not None or (row["retention"] is None and row["extra_price"] is None):
        return given, "given" if row["value"] is not None else "none"
    if row["retention"] is not None and (worth is None or not worth.known):
        return given, "no_worth"
    stays = (0.0, 0.0, 0.0)
    if row["retention"] is not None and worth is not None:
        stays = _product(_ends(row, "retention"), (worth.ci_low, worth.estimate, worth.ci_high))
    pays = tuple(margin * value for value in _ends(row, "extra_price"))
    low, value, high = (stay + pay for stay, pay in zip(stays, pays, strict=True))
    return {"value": value, "value_low": low, "value_high": high}, "reckoned"


def _ends(row: Mapping[str, Any], name: str) -> tuple[float, float, float]:
    """Return lower end, value, upper end; ends that nobody says lie half of the value away."""
    value = row[name]
    if value is None:
        return 0.0, 0.0, 0.0
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    reach = abs(value) / 2
    return (
        min(value, value - reach if low is None else low),
        value,
        max(value, value + reach if high is None else high),
    )


def _product(
    one: tuple[float, float, float], other: tuple[float, float, float]
) -> tuple[float, float, float]:
    """Return the lowest, the middle and the highest product of two ranges."""
    corners = [a * b for a in (one[0], one[2]) for b in (other[0], other[2]) if math.isfinite(a * b)]
    middle = one[1] * other[1]
    return min(corners, default=middle), middle, max(corners, default=middle)


def _notes(kinds: list[str], worth: Estimate | None, currency: str | None) -> tuple[Note, ...]:
    notes = []
    reckoned, missing = kinds.count("reckoned"), kinds.count("no_worth")
    if reckoned and worth is not None and worth.known:
        text = Text(
            "Retention is turned into money at {worth} ({low} to {high}) a point and customer, as in check"
            " 7.",
            worth=RoundAmount(worth.estimate / 100, currency),
            low=RoundAmount(worth.ci_low / 100, currency),
            high=RoundAmount(worth.ci_high / 100, currency),
        )
        notes.append(Note(code="retention_in_money", text=text))
    if missing:
        text = plural(
            "{count} wish is told in retention, whose worth is not known: bring purchases.",
            "{count} wishes are told in retention, whose worth is not known: bring purchases.",
            missing,
        )
        notes.append(Note(code="retention_without_worth", text=text))
    return tuple(notes)
