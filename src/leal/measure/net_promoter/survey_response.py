"""Who answers surveys and who stays silent: over time, and by what they said before."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

import polars as pl

from leal.measure.net_promoter.survey_invitations import STILL_OPEN
from leal.results import Note, Proportion, to_plain
from leal.statistics import Comparison, proportion_interval, two_proportions
from leal.wording import Count, Percent, Text

FEWEST_INVITED = 30
"""Invitations below which nothing is said of who answers."""

_RATE = {"invited": pl.Int64, "rate": pl.Float64, "low": pl.Float64, "high": pl.Float64}


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyResponse:
    """Who answers surveys.

    Attributes
    ----------
    rate : Proportion
        Share of the invitations that were answered; unknown below 30.
    by_month : DataFrame
        ``month`` (its first day), ``invited``, ``rate``, ``low``, ``high``.
    by_last : DataFrame
        The same by ``group``, what the customer had said last before the invitation.
    change : Comparison
        Rate of the later half of the months minus that of the earlier half.
    earlier, later : Proportion
        The two halves.
    still_open : int
        Invitations of the last 14 days, which are left out: not all have been answered that will be.
    notes : tuple of Note
        Doubts.
    """

    rate: Proportion
    by_month: pl.DataFrame
    by_last: pl.DataFrame
    change: Comparison
    earlier: Proportion
    later: Proportion
    still_open: int
    notes: tuple[Note, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there were enough invitations."""
        return self.rate.known

    @property
    def changed(self) -> bool:
        """Whether the rate surely changed from the earlier half of the months to the later."""
        return self.change.known and not self.change.ci_low <= 0 <= self.change.ci_high

    def sentence(self) -> Text:
        """Return the share who answer in one sentence."""
        if not self.known:
            return Text(
                "unknown: needs {needed} invitations known to be answered or not", needed=FEWEST_INVITED
            )
        told = Text(
            "{rate} of {invited} invitations were answered ({low} to {high}).",
            rate=Percent(self.rate.estimate),
            invited=Count(self.rate.n),
            low=Percent(self.rate.ci_low),
            high=Percent(self.rate.ci_high),
        )
        if not self.changed:
            return told
        return Text(
            "{told} It was {earlier} in the earlier months and {later} in the later.",
            told=told,
            earlier=Percent(self.earlier.estimate),
            later=Percent(self.later.estimate),
        )

    def __str__(self) -> str:
        return self.sentence()

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain JSON values."""
        return to_plain(self)  # type: ignore[no-any-return]


def survey_response(
    sent: pl.DataFrame, answers: pl.DataFrame, until: int, *, level: float = 0.95
) -> SurveyResponse:
    """Return who answers surveys and who stays silent.

    Parameters
    ----------
    sent : DataFrame
        What `survey_invitations` gave.
    answers : DataFrame
        ``customer, day, recommend``: what customers had said before.
    until : int
        Last day (number) of the data.
    level : float
        Confidence level.

    Returns
    -------
    SurveyResponse

    Notes
    -----
    The intervals know that several invitations of one customer fare alike: the variance is linearised by
    customer, sum_c (y_c - p n_c)^2/n^2 x C/(C - 1) with y_c answered of n_c invitations (Cochran 1977,
    chapter 9A), and Wilson's interval is taken on as many independent invitations as have it. By what was
    said last: the answer before the day of the invitation; whoever never answered is in no group.

    When not to use: where only some invitations are recorded, as those of one channel.
    """
    told = sent.filter(pl.col("day") <= until).drop_nulls("answered")
    # answered ones too: the quick alone would feign that more and more answer
    settled = told.filter(pl.col("day") <= until - STILL_OPEN)
    settled = settled.with_columns(month=pl.col("day").cast(pl.Date).dt.truncate("1mo"))
    enough = settled.height >= FEWEST_INVITED
    months = settled["month"].unique().sort()
    middle = months[len(months) // 2] if len(months) else dt.date.min
    judged = settled if enough else settled.head(0)
    earlier, later = judged.filter(pl.col("month") < middle), judged.filter(pl.col("month") >= middle)
    return SurveyResponse(
        rate=repeated_share(judged, level),
        by_month=_rates(settled, "month", level),
        by_last=_rates(_after_answers(settled, answers), "group", level),
        change=_difference(later, earlier, level),
        earlier=repeated_share(earlier, level),
        later=repeated_share(later, level),
        still_open=told.height - settled.height,
    )


def repeated_share(rows: pl.DataFrame, level: float) -> Proportion:
    """Return the share of rows with `answered`, as sure as several rows of one customer let it be."""
    answered, effective = _independent(rows)
    limits = proportion_interval(answered, effective, level)
    return Proportion(
        estimate=answered / effective if effective else math.nan,
        ci_low=limits.low,
        ci_high=limits.high,
        n=rows.height,
        level=level,
        method="clustered_wilson" if effective < rows.height else limits.method,
    )


def _rates(rows: pl.DataFrame, by: str, level: float) -> pl.DataFrame:
    found = []
    for (value,), part in rows.drop_nulls(by).group_by(by):
        rate = repeated_share(part, level)
        found.append(
            {
                by: value,
                "invited": part.height,
                "rate": rate.estimate,
                "low": rate.ci_low,
                "high": rate.ci_high,
            }
        )
    kind = pl.Date if by == "month" else pl.String
    return pl.DataFrame(found, schema={by: kind, **_RATE}).sort(by)


def _after_answers(sent: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """Add the group of what each customer had said last before the day of the invitation."""
    said = answers.select(
        "customer",
        day=pl.col("day").cast(pl.Int32) + 1,
        group=pl.when(pl.col("recommend") >= 9)
        .then(pl.lit("promoter"))
        .when(pl.col("recommend") >= 7)
        .then(pl.lit("passive"))
        .when(pl.col("recommend") >= 0)
        .then(pl.lit("detractor")),
    ).drop_nulls()
    ordered = sent.sort("customer", "day")
    return ordered.join_asof(said.sort("customer", "day"), on="day", by="customer", check_sortedness=False)


def _difference(later: pl.DataFrame, earlier: pl.DataFrame, level: float) -> Comparison:
    """Compare two shares, each on as many independent invitations as leave it as unsure."""
    sides = [_independent(rows) for rows in (later, earlier)]
    return two_proportions(*sides[0], *sides[1], level)


def _independent(rows: pl.DataFrame) -> tuple[float, float]:
    """Return how many of how many independent invitations would say the same as these."""
    if rows.is_empty():
        return 0.0, 0.0
    share = float(rows["answered"].mean())  # type: ignore[arg-type]
    effective = _effective(rows, share)
    return share * effective, effective


def _effective(rows: pl.DataFrame, share: float) -> float:
    """Return how many independent rows would leave the share as unsure; never more than there are."""
    counted = rows.group_by("customer").agg(asked=pl.len(), answered=pl.col("answered").sum())
    customers, asked = counted.height, float(rows.height)
    if customers < 2 or not 0 < share < 1:
        return asked
    off = counted.select(((pl.col("answered") - share * pl.col("asked")) ** 2).sum()).item()
    variance = float(off) / asked**2 * customers / (customers - 1)
    return min(share * (1 - share) / variance, asked) if variance > 0 else asked
