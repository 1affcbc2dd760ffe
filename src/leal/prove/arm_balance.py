"""Whether the arms that a lot drew are alike, before anybody is treated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from leal.engine import FrameLike, collect, lazy, require_column
from leal.errors import BadValue, Where
from leal.prove.control_arm import ArmName, control_arm
from leal.prove.experiment_results import Balance
from leal.results import checked_level
from leal.statistics import Sample, standardised_difference, welch
from leal.wording import Text


def balance_of_arms(
    drawn: FrameLike, columns: Sequence[str], *, control: ArmName | None = None, level: float = 0.95
) -> tuple[Balance, ...]:
    """Compare the arms that a lot drew in what is known of their customers before the start.

    Parameters
    ----------
    drawn : dataframe or path
        One row a customer: arm, and the columns to compare.
    columns : sequence of str
        Columns of numbers: money of the half year before, contacts, days as a customer. Rows without a value
        are left out of its comparison.
    control : str, int, bool, optional
        Name of the arm held out, as in `experiment`.
    level : float
        Confidence level of the differences.

    Returns
    -------
    tuple of Balance
        One for each other arm and column; differences are unknown where an arm has fewer than two values.

    Notes
    -----
    After a lot any difference is chance: one of a hundred comparisons has p < .01. Where that is money,
    another lot (`seed=`) before the start is better than to live with it. After the start no second lot may
    be drawn.

    References
    ----------
    Morgan and Rubin (2012), Rerandomization to improve covariate balance in experiments, Annals of
    Statistics 40, 1263-1282.

    Examples
    --------
    >>> drawn = pl.DataFrame({"arm": ["control", "treated"] * 50, "contacts": [2, 2, 3, 3] * 25})
    >>> balance_of_arms(drawn, ["contacts"])[0].difference.estimate
    0.0
    """
    checked_level(level)
    frame = lazy(drawn)
    for column in ("arm", *columns):
        require_column(frame, column, table="actions")
    table = collect(frame.select("arm", *columns)).with_columns(pl.col("arm").cast(pl.String))
    wordy = [column for column in columns if not table[column].dtype.is_numeric()]
    if wordy:
        kind = str(table[wordy[0]].dtype)
        raise BadValue(
            Text("The column {column} holds {kind}, not numbers.", column=repr(wordy[0]), kind=kind),
            hint=Text("Name columns of numbers."),
            where=Where(column=wordy[0]),
        )
    arms = sorted(table["arm"].drop_nulls().unique())
    held_out = control_arm(arms, control)
    samples = {arm: _samples(table.filter(pl.col("arm") == arm), columns) for arm in arms}
    return tuple(
        _compared(arm, column, samples[arm][column], samples[held_out][column], level)
        for arm in arms
        if arm != held_out
        for column in columns
    )


def _samples(part: pl.DataFrame, columns: Sequence[str]) -> Mapping[str, Sample]:
    return {
        column: Sample.of_values(part[column].drop_nulls().cast(pl.Float64).to_numpy()) for column in columns
    }


def _compared(arm: str, column: str, ours: Sample, theirs: Sample, level: float) -> Balance:
    six = (*ours.moments, *theirs.moments)
    return Balance(
        arm=arm,
        column=column,
        difference=welch(*six, level),
        standardised=standardised_difference(*six, level),
    )
