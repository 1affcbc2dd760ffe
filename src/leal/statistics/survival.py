"""How many are still there after a time, when some are still being watched: Kaplan and Meier's curve."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from leal.errors import BadOption, BadValue, Where
from leal.results import Estimate, Note, Proportion, to_plain
from leal.statistics.numbers import UNKNOWN, Floats, checked_level, floats, two_sided_z
from leal.wording import Count, Decimal, Text

if TYPE_CHECKING:
    import polars as pl

SurvivalInterval = Literal["log_log", "plain"]
_SCALES: tuple[SurvivalInterval, ...] = ("log_log", "plain")


@dataclass(frozen=True, slots=True, kw_only=True)
class SurvivalCurve:
    """The share still there after each time at which somebody left; iterates over its times.

    Attributes
    ----------
    times : array
        Times at which somebody left, ascending.
    at_risk, left : array
        Customers watched just before each time, and those who left at it (sums of weights where weighted).
    survival, standard_error, ci_low, ci_high : array
        Share still there just after each time, with its standard error and interval.
    n, events : int
        Customers, and those of them who left.
    last : float
        The longest time that anybody was watched.
    level : float
        Confidence level.
    method : {"greenwood_log_log", "greenwood_plain"}
        How the interval was made.
    notes : tuple of Note
        Doubts.
    """

    times: Floats
    at_risk: Floats
    left: Floats
    survival: Floats
    standard_error: Floats
    ci_low: Floats
    ci_high: Floats
    n: int
    events: int
    last: float
    level: float
    method: str
    notes: tuple[Note, ...] = ()
    _influence: _Influence | None = field(default=None, repr=False, compare=False)

    def __iter__(self) -> Iterator[float]:
        return iter(self.times.tolist())

    def at(self, time: float) -> Proportion:
        """Return the share still there after `time`; unknown beyond the longest time watched."""
        if not self.n or not 0 <= time <= self.last:
            return self._share(UNKNOWN, UNKNOWN, UNKNOWN)
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        if place < 0:
            return self._share(1.0, self._never_below, 1.0)
        return self._share(float(self.survival[place]), float(self.ci_low[place]), float(self.ci_high[place]))

    @property
    def _never_below(self) -> float:
        """Lower limit before anybody left: nobody of n leaving does not prove that nobody would."""
        return float((1 - checked_level(self.level)) ** (1 / self.n)) if self.n else UNKNOWN

    def _share(self, estimate: float, low: float, high: float) -> Proportion:
        return Proportion(
            estimate=estimate, ci_low=low, ci_high=high, n=self.n, level=self.level, method=self.method
        )

    def standard_error_at(self, time: float) -> float:
        """Return the standard error of the share still there after `time`."""
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        return float(self.standard_error[place]) if place >= 0 else 0.0

    def restricted_mean(self, until: float | None = None) -> Duration:
        """Return the mean time until leaving, of time up to `until` (by default all that was watched).

        Notes
        -----
        The area under the curve; its variance is sum_i A_i^2 d_i / (n_i (n_i - d_i)) with A_i the area to the
        right of the i-th time (with weights the same from each customer's influence).
        """
        end = self.last if until is None else float(until)
        if not self.n or not 0 < end <= self.last:
            return self._duration(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, "greenwood")
        inside = self.times < end
        edges = np.concatenate([[0.0], self.times[inside], [end]])
        heights = np.concatenate([[1.0], self.survival[inside]])
        pieces = np.diff(edges) * heights
        mean = float(pieces.sum())
        right = np.cumsum(pieces[::-1])[::-1][1:]  # area after each time
        error = self._mean_error(right, inside)
        reach = two_sided_z(self.level) * error
        return self._duration(mean, mean - reach, mean + reach, error, "greenwood")

    def _mean_error(self, right: Floats, inside: npt.NDArray[np.bool_]) -> float:
        at_risk, left = self.at_risk[inside], self.left[inside]
        stays = at_risk - left
        hazard = np.divide(1.0, stays, out=np.zeros_like(stays), where=stays > 0)
        if self._influence is not None:
            return self._influence.error_of(right, inside, hazard, left / at_risk)
        return math.sqrt(float(np.sum(right**2 * left / at_risk * hazard)))

    @property
    def median(self) -> Duration:
        """The time after which half have left; unknown where more than half are still there.

        Notes
        -----
        The interval holds the times at which the interval of the share holds one half (Brookmeyer and Crowley
        1982); an end that was not reached while watching is unknown.
        """
        middle = self._first(self.survival <= 0.5 + 1e-12)
        low, high = self._first(self.ci_low <= 0.5), self._first(self.ci_high <= 0.5)
        return self._duration(middle, low, high, UNKNOWN, "brookmeyer_crowley")

    def _first(self, reached: npt.NDArray[np.bool_]) -> float:
        places = np.flatnonzero(reached)
        return float(self.times[places[0]]) if places.size else UNKNOWN

    def _duration(self, estimate: float, low: float, high: float, error: float, method: str) -> Duration:
        return Duration(
            estimate=estimate,
            ci_low=low,
            ci_high=high,
            n=self.n,
            level=self.level,
            method=method,
            standard_error=error,
            watched=self.last,
        )

    def sentence(self) -> Text:
        """Return the curve in one sentence: how many are still there at the end, and the mean time."""
        if not self.n:
            return Text("unknown: needs customers who were watched (n = {n})", n=Count(0))
        end = self.at(self.last)
        return Text(
            "{share} are still there after {time}; the mean time there, up to then, is {mean}"
            " ({events} of {n} left).",
            share=end.figure(end.estimate),
            time=Decimal(self.last, 1),
            mean=Decimal(self.restricted_mean().estimate, 1),
            events=Count(self.events),
            n=Count(self.n),
        )

    def __str__(self) -> str:
        return self.sentence()

    def to_frame(self) -> pl.DataFrame:
        """Return one row a time: time, at_risk, left, survival, standard_error, ci_low, ci_high."""
        import polars as pl

        names = ("at_risk", "left", "survival", "standard_error", "ci_low", "ci_high")
        return pl.DataFrame({"time": self.times} | {name: getattr(self, name) for name in names})

    def to_steps(self, name: str = "all") -> pl.DataFrame:
        """Return the curve from time 0 to the last one watched, for `leal.charts.retention_curves`."""
        import polars as pl

        places = np.concatenate([self.times, [self.last]]) if self.n else self.times
        ends = {"retention": self.survival, "ci_low": self.ci_low, "ci_high": self.ci_high}
        columns = {
            column: np.concatenate([[1.0], values, values[-1:] if len(values) else [1.0]])
            for column, values in ends.items()
        }
        frame = pl.DataFrame({"period": np.concatenate([[0.0], places])} | columns)
        return frame.select(pl.lit(name).alias("cohort"), pl.all())

    def to_dict(self) -> dict[str, Any]:
        """Return the curve as plain JSON values."""
        names = [name for name in self.__dataclass_fields__ if not name.startswith("_")]
        values = {name: getattr(self, name) for name in names}
        lists = {name: one.tolist() if isinstance(one, np.ndarray) else one for name, one in values.items()}
        return to_plain(lists)  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration(Estimate):
    """A time until leaving, in the unit of the data.

    Attributes
    ----------
    standard_error : float
        Not-a-number where the method has none.
    watched : float
        The longest time that anybody was watched.
    """

    standard_error: float
    watched: float

    def sentence(self) -> Text:
        """Return the time in one sentence; what was not reached while watching is said so."""
        if self.known:
            return Estimate.sentence(self)
        return Text("not reached within the {watched} that were watched", watched=Decimal(self.watched, 1))


def kaplan_meier(
    times: npt.ArrayLike,
    events: npt.ArrayLike,
    entry: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    level: float = 0.95,
    interval: SurvivalInterval = "log_log",
) -> SurvivalCurve:
    """Return which share is still there after each time, though some were watched only for a while.

    Parameters
    ----------
    times : array of shape (customers,)
        How long each was watched, in any unit: until they left, or until the watching ended. Above zero.
    events : array of shape (customers,)
        True (1) where the customer left at that time, false (0) where the watching ended. Public churn files
        disagree about this column: in some a 1 means *still a customer*.
    entry : array of shape (customers,), optional
        Time at which the watching of each began (left truncation), below `times`; zero by default. A customer
        who is known only from a survey on must enter at the survey: who left before it could not be asked.
    weights : array of shape (customers,), optional
        Sampling weights, zero or more.
    level : float
        Confidence level.
    interval : {"log_log", "plain"}
        Scale on which the interval is symmetric. `log_log` (of log(-log S)) keeps its promise in small groups
        and never leaves 0..1; `plain` is S -+ z times the standard error, held within 0..1.

    Returns
    -------
    SurvivalCurve

    Raises
    ------
    BadValue
        A time is negative or not a number, an event is neither 0 nor 1, an entry is not below its time.

    Notes
    -----
    S(t) = prod (1 - d_i/n_i) over the times with d_i leaving of n_i watched; Greenwood's variance is S(t)^2
    sum d_i / (n_i (n_i - d_i)). With weights the variance comes from each customer's influence on the curve
    (infinitesimal jackknife), which is Greenwood's where all weigh the same and enter at zero. It takes the
    end of watching as having nothing to do with leaving. Where all of the few watched early on leave before
    others enter, the curve drops to nothing for good, which a note says. Do not use it on those who merely
    pause: there leaving is not seen.

    References
    ----------
    Kaplan and Meier (1958), JASA 53, 457-481; Greenwood (1926); Kalbfleisch and Prentice (1980).

    Examples
    --------
    >>> curve = kaplan_meier([2, 3, 3, 5, 8], [1, 1, 0, 1, 0])
    >>> [round(float(share), 2) for share in curve.survival]
    [0.8, 0.6, 0.3]
    """
    if interval not in _SCALES:
        raise BadOption("interval", interval, list(_SCALES))
    rows = _checked(times, events, entry, weights)
    z = two_sided_z(level)
    grid, at_risk, left = _counts(rows)
    if not grid.size:
        return _nobody_left(rows, level, interval)
    stays = at_risk - left
    survival = floats(np.cumprod(np.where(stays > 1e-12 * at_risk, stays / at_risk, 0.0)))
    influence = _Influence(rows, grid) if weights is not None else None
    log_variance = (
        _log_variance(at_risk, left) if influence is None else influence.log_variances(at_risk, left)
    )
    error = survival * np.sqrt(log_variance)
    low, high = _limits(survival, log_variance, z, interval)
    return SurvivalCurve(
        times=grid,
        at_risk=at_risk,
        left=left,
        survival=survival,
        standard_error=error,
        ci_low=low,
        ci_high=high,
        n=len(rows.times),
        events=int(rows.left.sum()),
        last=float(rows.times.max()),
        level=level,
        method=f"greenwood_{interval}",
        notes=_notes(rows, grid, survival),
        _influence=influence,
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """Who was watched from when until when, who left, and the weight of each."""

    times: Floats
    left: npt.NDArray[np.bool_]
    entry: Floats
    weights: Floats


def _checked(
    times: npt.ArrayLike, events: npt.ArrayLike, entry: npt.ArrayLike | None, weights: npt.ArrayLike | None
) -> _Rows:
    stopped, happened = floats(times).ravel(), floats(events).ravel()
    began = np.zeros_like(stopped) if entry is None else floats(entry).ravel()
    weighed = np.ones_like(stopped) if weights is None else floats(weights).ravel()
    sizes = {len(stopped), len(happened), len(began), len(weighed)}
    if len(sizes) > 1:
        raise BadValue(
            Text("times, events, entry and weights differ in length."),
            hint=Text("Give one value of each for every customer."),
        )
    _refuse(~np.isfinite(stopped) | (stopped < 0), "times", Text("a time is negative or not a number"))
    _refuse(~np.isin(happened, (0.0, 1.0)), "events", Text("an event is neither 0 nor 1"))
    _refuse(
        ~np.isfinite(began) | (began < 0) | ((began >= stopped) & (entry is not None)),
        "entry",
        Text("the watching begins after it ends"),
    )
    _refuse(~np.isfinite(weighed) | (weighed < 0), "weights", Text("a weight is negative or not a number"))
    return _Rows(stopped, happened == 1, began if entry is not None else np.full_like(stopped, -1.0), weighed)


def _refuse(wrong: npt.NDArray[np.bool_], column: str, what: Text) -> None:
    if wrong.any():
        raise BadValue(
            Text("{column}: {what}.", column=column, what=what),
            hint=Text("Look at the first such row, and leave out or mend all of its kind."),
            where=Where(column=column, row=int(np.flatnonzero(wrong)[0]) + 1),
        )


def _counts(rows: _Rows) -> tuple[Floats, Floats, Floats]:
    """Return the times at which somebody left, the weight watched just before, and the weight leaving."""
    grid = np.unique(rows.times[rows.left & (rows.weights > 0)])
    left = np.bincount(
        np.searchsorted(grid, rows.times[rows.left]), rows.weights[rows.left], minlength=len(grid)
    )[: len(grid)]
    # those who stop at a time are watched just before it; those who enter at it are not yet
    gone = _weight_below(rows.times, rows.weights, grid, "left")
    come = _weight_below(rows.entry, rows.weights, grid, "left")
    return grid, come - gone, floats(left)


def _weight_below(values: Floats, weights: Floats, grid: Floats, side: Literal["left", "right"]) -> Floats:
    order = np.argsort(values, kind="stable")
    sums = np.concatenate([[0.0], np.cumsum(weights[order])])
    return floats(sums[np.searchsorted(values[order], grid, side=side)])


def _log_variance(at_risk: Floats, left: Floats) -> Floats:
    stays = at_risk - left
    return np.cumsum(np.divide(left, at_risk * stays, out=np.zeros_like(left), where=stays > 0))


def _limits(
    survival: Floats, log_variance: Floats, z: float, interval: SurvivalInterval
) -> tuple[Floats, Floats]:
    if interval == "plain":
        reach = z * survival * np.sqrt(log_variance)
        low, high = np.clip(survival - reach, 0, 1), np.clip(survival + reach, 0, 1)
    else:
        inside = (survival > 0) & (survival < 1)
        log = np.log(np.where(inside, survival, 0.5))
        reach = z * np.sqrt(log_variance) / np.abs(log)
        low = np.where(inside, np.exp(log * np.exp(reach)), survival)
        high = np.where(inside, np.exp(log * np.exp(-reach)), survival)
    # where all have left no variance is known: the upper limit of the time before holds
    gone = survival <= 0
    if gone.any() and not gone.all():
        high = np.where(gone, high[~gone][-1], high)
    elif gone.all():
        high = np.ones_like(high)
    return floats(low), floats(high)


class _Influence:
    """What each customer moves in the curve: the weighted form of Greenwood's variance."""

    def __init__(self, rows: _Rows, grid: Floats) -> None:
        self._rows, self._grid = rows, grid

    def log_variances(self, at_risk: Floats, left: Floats) -> Floats:
        """Return the variance of log S at each time: sum w^2 (what the customer adds to log S)^2.

        A customer who left at T adds 1/(n - d) at T; each time that he was watched takes d/(n (n - d)) off.
        Those still watched at t share A(t) - A(entry), so that sums by time are enough.
        """
        rows, grid = self._rows, self._grid
        taken, jump = self._steps(at_risk, left)
        before_entry = taken[np.searchsorted(grid, rows.entry, side="right")]
        at_exit = taken[np.searchsorted(grid, rows.times, side="right")]
        own = np.where(rows.left, jump[np.minimum(np.searchsorted(grid, rows.times), len(grid) - 1)], 0.0)
        done = (own - (at_exit - before_entry)) ** 2
        squares = rows.weights**2
        finished = _weight_below(rows.times, squares * done, grid, "right")
        total = np.zeros(len(grid))
        for power, sign in ((0, 1.0), (1, -2.0), (2, 1.0)):
            part = squares * before_entry**power
            watched = _weight_below(rows.entry, part, grid, "left") - _weight_below(
                rows.times, part, grid, "right"
            )
            total += sign * taken[1:] ** (2 - power) * watched
        return np.maximum(finished + total, 0.0)

    def _steps(self, at_risk: Floats, left: Floats) -> tuple[Floats, Floats]:
        stays = at_risk - left
        jump = np.divide(1.0, stays, out=np.zeros_like(stays), where=stays > 1e-12 * at_risk)
        return np.concatenate([[0.0], np.cumsum(left / at_risk * jump)]), jump

    def error_of(self, area: Floats, inside: npt.NDArray[np.bool_], hazard: Floats, rate: Floats) -> float:
        """Return the standard error of the restricted mean: each time's part weighs the area to its right."""
        rows, grid = self._rows, self._grid[inside]
        if not grid.size:
            return 0.0
        taken = np.concatenate([[0.0], np.cumsum(area * rate * hazard)])
        watched = taken[np.searchsorted(grid, rows.times, side="right")]
        watched = watched - taken[np.searchsorted(grid, rows.entry, side="right")]
        place = np.minimum(np.searchsorted(grid, rows.times), len(grid) - 1)
        inside_left = rows.left & (rows.times <= grid[-1])
        own = np.where(inside_left, (area * hazard)[place], 0.0)
        return math.sqrt(float(np.sum(rows.weights**2 * (own - watched) ** 2)))


def _emptied(time: float) -> Note:
    text = Text(
        "The few who were watched at {time} all left then, before the others came in: the curve is nothing"
        " from there on, though others stayed longer. Begin at a time when more were watched.",
        time=Decimal(time, 1),
    )
    return Note(code="emptied_early", text=text)


def _notes(rows: _Rows, grid: Floats, survival: Floats) -> tuple[Note, ...]:
    ended = grid[survival <= 0]
    later = rows.times[rows.weights > 0].max(initial=0.0)
    if ended.size and ended[0] < later:
        return (_emptied(float(ended[0])),)
    notes = []
    if survival[-1] <= 0 and rows.times.max() > 0:
        text = Text("The last customers watched all left: beyond that time nothing is known.")
        notes.append(Note(code="all_left", text=text))
    return tuple(notes)


def _nobody_left(rows: _Rows, level: float, interval: SurvivalInterval) -> SurvivalCurve:
    nothing = np.empty(0)
    text = Text("Nobody was seen to leave: the curve has no step.")
    return SurvivalCurve(
        times=nothing,
        at_risk=nothing,
        left=nothing,
        survival=nothing,
        standard_error=nothing,
        ci_low=nothing,
        ci_high=nothing,
        n=len(rows.times),
        events=0,
        last=float(rows.times.max(initial=0.0)),
        level=level,
        method=f"greenwood_{interval}",
        notes=(Note(code="nobody_left", text=text),),
    )
