"""Whether the model follows what happened: repeat purchases week by week, expected beside actual."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from leal.engine import FrameLike
from leal.errors import BadValue, Where
from leal.measure import Until
from leal.predict.purchase_models.purchase_model import PurchaseModelFit, TooLittleData
from leal.predict.value.customer_bases import PurchaseBase, purchase_base
from leal.predict.value.holdouts import PurchaseModel
from leal.predict.value.lifetime_values import chosen_model, model_name
from leal.results import Note, to_plain
from leal.wording import Count, Percent, Text

if TYPE_CHECKING:
    from leal.charts import Chart, Style

FEWEST_WEEKS = 6
"""Weeks of purchases below which there is nothing to learn from and to try."""

FEWEST_PURCHASES = 20
"""Repeat purchases in all below which an error in percent says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """Repeat purchases of the customers whom the model learnt from, week by week.

    Attributes
    ----------
    frame : DataFrame
        ``week`` (of the data, from 1), ``actual`` and ``expected`` in the week, ``actual_total`` and
        ``expected_total`` since the beginning, ``holdout`` (whether the model had not seen the week).
    learnt_weeks : float
        Weeks that the model learnt from.
    customers : int
        Customers who are followed: those who came within these weeks.
    end_error : float
        expected / actual - 1 of the totals at the end.
    mean_error : float
        Mean absolute percentage error (MAPE) of the totals, over the weeks by which 20 purchases had come.
    holdout_mean_error : float
        The same over the weeks that the model had not seen; not-a-number without any.
    model : str
        Name of the model.
    fit : PurchaseModelFit
        What it learnt.
    notes : tuple of Note
        Doubts.
    """

    frame: pl.DataFrame
    learnt_weeks: float
    customers: int
    end_error: float
    mean_error: float
    holdout_mean_error: float
    model: str
    fit: PurchaseModelFit
    notes: tuple[Note, ...] = ()

    def sentence(self) -> Text:
        """Return in one sentence how well the model followed."""
        return Text(
            "{model}, learnt from {learnt} weeks, was off by {error} in all repeat purchases by week {week};"
            " over the weeks unseen by {missed} on average.",
            model=self.model,
            learnt=Count(self.learnt_weeks),
            error=Percent(self.end_error, 1, signed=True),
            week=Count(self.frame["week"][-1]),
            missed=Percent(self.holdout_mean_error, 1) if math.isfinite(self.holdout_mean_error) else "–",
        )

    def __str__(self) -> str:
        return self.sentence()

    def to_frame(self) -> pl.DataFrame:
        """Return one row a week."""
        return self.frame

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain JSON values."""
        figures = {
            name: to_plain(getattr(self, name))
            for name in (
                "learnt_weeks",
                "customers",
                "end_error",
                "mean_error",
                "holdout_mean_error",
                "model",
            )
        }
        told = {
            "sentence": str(self),
            **figures,
            "weeks": to_plain(self.frame),
            "notes": to_plain(self.notes),
        }
        return told | {"fit": to_plain(self.fit.parameters)}

    def chart(self, style: Style | None = None, *, total: bool = True) -> Chart:
        """Draw expected and actual purchases, added up or by week; a line where the model stopped seeing."""
        from leal.charts import Style, purchase_tracking

        names = ("actual_total", "expected_total") if total else ("actual", "expected")
        frame = self.frame.select("week", actual=pl.col(names[0]), expected=pl.col(names[1]))
        title = Text("repeat purchases, added up") if total else Text("repeat purchases a week")
        return purchase_tracking(frame, style or Style(), learnt_until=self.learnt_weeks, axis_title=title)


def tracking(
    purchases: FrameLike,
    *,
    model: PurchaseModel | str | None = None,
    learnt_until: Until | None = None,
    until: Until | None = None,
    count_free: bool = False,
) -> Tracking:
    """Tell whether a model of purchases follows what happened, in weeks that it saw and in later ones.

    Parameters
    ----------
    purchases : dataframe or path
        The table `purchases`.
    model : {"pareto_nbd", "mbg_nbd", "bg_nbd"} or model, optional
        As in `leal.lifetime_value`.
    learnt_until : date, text or day number, optional
        Last day that the model sees; by default two thirds of the way.
    until : date, text or day number, optional
        Last day that is compared; by default that of the last purchase.
    count_free : bool
        Whether a day that comes to exactly zero is a purchase.

    Returns
    -------
    Tracking

    Raises
    ------
    BadValue
        There is nothing before or after `learnt_until`.
    TooLittleData
        Nobody had bought again by `learnt_until`, or the purchases are of less than six weeks.

    Notes
    -----
    Expected are, of every customer who came by `learnt_until`, the repeat purchases of a new customer in the
    time since they came: the model is told when they came and nothing else, so that what it learnt is put to
    the test and not their own past. Whole weeks from the first purchase of the data.

    References
    ----------
    Fader, Hardie, Lee (2005), Marketing Science 24(2), 275-284, figures 4 and 5.
    """
    whole = purchase_base(purchases, until=until, count_free=count_free)
    return tracking_of(whole, model=model, learnt_until=learnt_until)


def tracking_of(
    whole: PurchaseBase, *, model: PurchaseModel | str | None = None, learnt_until: Until | None = None
) -> Tracking:
    """Return the same as `tracking` of a base at hand."""
    seen = whole.before(_learnt(whole, learnt_until))
    chosen = chosen_model(model)
    fit = chosen.fit(seen.summary)
    frame = _weeks(whole, seen, fit)
    return Tracking(
        frame=frame,
        learnt_weeks=float(frame.filter(~pl.col("holdout")).height),
        customers=seen.summary.height,
        end_error=float(frame["expected_total"][-1] / frame["actual_total"][-1] - 1),
        mean_error=_mean_error(frame),
        holdout_mean_error=_mean_error(frame.filter("holdout")),
        model=model_name(chosen),
        fit=fit,
        notes=tuple(dict.fromkeys([*fit.notes, *whole.notes])),
    )


def _learnt(whole: PurchaseBase, until: Until | None) -> int:
    from leal.measure import number_of_day

    if until is None and whole.weeks < FEWEST_WEEKS:
        raise TooLittleData(
            Text(
                "The purchases are of less than {count} weeks: too few to learn and to try.",
                count=Count(FEWEST_WEEKS),
            ),
            hint=Text("Give purchases of a longer time; each needs customer, day and an amount above zero."),
        )
    day = whole.first + math.floor(whole.weeks * 2 / 3) * 7 - 1 if until is None else number_of_day(until)
    if not whole.first < day < whole.until:
        raise BadValue(
            Text("The day until which the model learns does not lie within the purchases."),
            hint=Text("Choose a day between the first and the last purchase, such as two thirds of the way."),
            where=Where(column="learnt_until"),
        )
    return day


def _weeks(whole: PurchaseBase, seen: PurchaseBase, fit: PurchaseModelFit) -> pl.DataFrame:
    """Return one row a whole week: purchases after the first of each customer, expected and actual."""
    began = whole.first
    last = (whole.until - began + 1) // 7
    first_days = seen.summary.select("customer", "first_day")
    later = whole.purchases.join(first_days, on="customer").filter(pl.col("day") > pl.col("first_day"))
    ends = began - 1 + 7 * np.arange(1, last + 1)
    actual = np.searchsorted(np.sort(later["day"].to_numpy()), ends, side="right").astype(float)
    expected = _expected(first_days["first_day"].to_numpy(), ends, fit)
    return pl.DataFrame(
        {
            "week": np.arange(1, last + 1),
            "actual": np.diff(actual, prepend=0.0),
            "expected": np.diff(expected, prepend=0.0),
            "actual_total": actual,
            "expected_total": expected,
            "holdout": ends > seen.until,
        }
    )


def _expected(first_days: np.ndarray, ends: np.ndarray, fit: PurchaseModelFit) -> np.ndarray:
    """Return the repeat purchases expected by the end of each week, added over the days of coming."""
    came, counts = np.unique(first_days, return_counts=True)
    passed = ends[:, None] - came[None, :]
    days, place = np.unique(np.maximum(passed, 0), return_inverse=True)
    of_new = np.array([fit.expected_purchases_of_new(float(day) / 7) if day else 0.0 for day in days])
    return np.asarray(of_new[place.reshape(passed.shape)] @ counts)


def _mean_error(frame: pl.DataFrame) -> float:
    known = frame.filter(pl.col("actual_total") >= FEWEST_PURCHASES)
    if known.is_empty():
        return math.nan
    return float((known["expected_total"] / known["actual_total"] - 1).abs().mean())  # type: ignore[arg-type]
