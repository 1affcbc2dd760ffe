"""Satisfaction (CSAT) and ease (CES) on their own scales: a share and a mean, each with its interval."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from leal.engine import FrameLike, ValueSums, value_range, value_sums
from leal.errors import BadOption
from leal.measure.by_group import ByGroup, Score
from leal.measure.net_promoter.nps_result import FEW_ANSWERS
from leal.results import Estimate, Note, Proportion
from leal.statistics import effective_n, mean_interval, proportion_interval
from leal.wording import Count, Decimal, Formatted, Percent, Text, plural

if TYPE_CHECKING:
    from leal.charts import Measure

Scale = tuple[float, float]

SCALES: tuple[Scale, ...] = ((1, 5), (1, 7), (1, 10), (0, 10), (0, 100))
"""Scales that are tried in this order where none is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Csat(Score):
    """Customer satisfaction: the share of answers in the top two boxes, and the mean.

    Attributes
    ----------
    estimate : float
        Share (0 to 1) of answers from `threshold` up; its interval is Wilson's.
    mean : Estimate
        Mean on the scale itself, with Student's t interval.
    scale : (low, high)
        Ends of the scale; other scales are never converted into it.
    threshold : float
        Lowest answer that counts as satisfied.
    standard_error : float
        Of the mean, with the weights.
    n_effective : float
        Equally weighted answers that would say as much.
    unanswered : int
        Rows without an answer.
    """

    mean: Estimate
    scale: Scale
    threshold: float
    standard_error: float
    n_effective: float
    unanswered: int

    @property
    def measure(self) -> Measure:
        """How charts write the figure."""
        return "percent"

    def figure(self, value: float) -> Formatted:
        """Return a share as it is written."""
        return Percent(value)

    def sentence(self) -> Text:
        """Return share, interval, n, and what is counted on which scale."""
        if not self.known:
            return Text("satisfaction unknown: there is no answer")
        return Text(
            "{share} % satisfied, {top} and up on {low} to {high} ({level} % {ci_low} to {ci_high}, n = {n})",
            share=_plain(round(100 * self.estimate)),
            top=_plain(self.threshold),
            low=_plain(self.scale[0]),
            high=_plain(self.scale[1]),
            level=_plain(round(100 * self.level, 1)),
            ci_low=_plain(round(100 * self.ci_low)),
            ci_high=_plain(round(100 * self.ci_high)),
            n=Count(self.n),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ces(Score):
    """Customer effort: how easy it was, as a mean, and the share who found it easy.

    Attributes
    ----------
    estimate : float
        Mean on the scale itself (7 is easiest on 1 to 7), with Student's t interval.
    easy : Proportion
        Share of answers above the middle of the scale, with Wilson's interval.
    scale : (low, high)
        Ends of the scale.
    standard_error : float
        Of the mean, with the weights.
    n_effective : float
        Equally weighted answers that would say as much.
    unanswered : int
        Rows without an answer.
    """

    easy: Proportion
    scale: Scale
    standard_error: float
    n_effective: float
    unanswered: int

    def figure(self, value: float) -> Formatted:
        """Return a mean as it is written."""
        return Decimal(value, 1)

    def sentence(self) -> Text:
        """Return mean, interval, share who found it easy, n."""
        if not self.known:
            return Text("ease unknown: there is no answer")
        return Text(
            "ease {mean} on {low} to {high} ({level} % {ci_low} to {ci_high}, n = {n}); easy for {share} %",
            mean=self.figure(self.estimate),
            low=_plain(self.scale[0]),
            high=_plain(self.scale[1]),
            level=_plain(round(100 * self.level, 1)),
            ci_low=self.figure(self.ci_low),
            ci_high=self.figure(self.ci_high),
            n=Count(self.n),
            share=_plain(round(100 * self.easy.estimate)),
        )


def csat(
    answers: FrameLike,
    score: str = "satisfaction",
    by: str | Sequence[str] | None = None,
    weight: str | None = None,
    level: float = 0.95,
    *,
    scale: Scale | None = None,
    boxes: int = 2,
) -> Csat | ByGroup[Csat]:
    """Return how satisfied customers are: the share of the top boxes and the mean, on the own scale.

    Parameters
    ----------
    answers : dataframe or path
        One row an answer.
    score : str
        Column of answers; null and not-a-number are no answer.
    by : str or list of str, optional
        Columns to group by.
    weight : str, optional
        Column of sampling weights.
    level : float
        Confidence level.
    scale : (low, high), optional
        Ends of the scale. Where it is not named it is the first of 1-5, 1-7, 1-10, 0-10, 0-100 that holds all
        answers, and a note says so.
    boxes : int
        How many of the top answers count as satisfied: 2 are 4 and 5 on 1-5, 9 and 10 on 1-10.

    Returns
    -------
    Csat or ByGroup
        One result; with `by` a mapping from the group to its result.

    Notes
    -----
    Shares: Wilson's interval on the effective number of answers. Means: with-replacement standard error,
    exact for equal weights. Scales are not converted into one another; satisfaction is not NPS.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> import polars as pl
    >>> print(csat(pl.DataFrame({"satisfaction": [5] * 60 + [4] * 20 + [2] * 20}), scale=(1, 5)))
    80 % satisfied, 4 and up on 1 to 5 (95 % 71 to 87, n = 100)
    """
    used, notes = _scale(answers, score, scale)
    threshold = used[1] - boxes + 1
    if not used[0] < threshold <= used[1]:
        raise BadOption("boxes", boxes, ["1", "2", "3"])
    return _by_group(
        value_sums(answers, score, scale=used, threshold=threshold, by=_columns(by), weight=weight),
        _columns(by),
        lambda sums, place: _csat(sums, place, used, threshold, level, notes),
    )


def ces(
    answers: FrameLike,
    score: str = "effort",
    by: str | Sequence[str] | None = None,
    weight: str | None = None,
    level: float = 0.95,
    *,
    scale: Scale = (1, 7),
) -> Ces | ByGroup[Ces]:
    """Return how easy customers found it: the mean, and the share above the middle of the scale.

    Parameters
    ----------
    answers : dataframe or path
        One row an answer.
    score : str
        Column of answers, the highest being easiest; null and not-a-number are no answer.
    by : str or list of str, optional
        Columns to group by.
    weight : str, optional
        Column of sampling weights.
    level : float
        Confidence level.
    scale : (low, high)
        Ends of the scale, 1 to 7 by default.

    References
    ----------
    Dixon, Freeman, Toman (2010), Harvard Business Review 88(7).

    Examples
    --------
    >>> import polars as pl
    >>> print(ces(pl.DataFrame({"effort": [7, 6, 6, 5, 2] * 10})))
    ease 5.2 on 1 to 7 (95 % 4.7 to 5.7, n = 50); easy for 80 %
    """
    middle = sum(scale) / 2
    threshold = math.nextafter(middle, math.inf)
    return _by_group(
        value_sums(answers, score, scale=scale, threshold=threshold, by=_columns(by), weight=weight),
        _columns(by),
        lambda sums, place: _ces(sums, place, scale, level),
    )


Found = TypeVar("Found", bound=Score)


def _by_group(
    sums: ValueSums, by: tuple[str, ...], result: Callable[[ValueSums, int], Found]
) -> Found | ByGroup[Found]:
    total = result(sums.total(), 0)
    if not by:
        return total
    keys = [group[0] if len(group) == 1 else group for group in sums.groups]
    return ByGroup(by, total, {key: result(sums, place) for place, key in enumerate(keys)})


def _columns(by: str | Sequence[str] | None) -> tuple[str, ...]:
    return (by,) if isinstance(by, str) else tuple(by or ())


def scale_that_holds(ends: Scale) -> Scale:
    """Return the first usual scale that holds the least and the greatest answer, else the numbers around."""
    fitting = (scale for scale in SCALES if scale[0] <= ends[0] and ends[1] <= scale[1])
    return next(fitting, (math.floor(ends[0]), math.ceil(ends[1])))


def _scale(answers: FrameLike, score: str, given: Scale | None) -> tuple[Scale, tuple[Note, ...]]:
    if given is not None:
        return given, ()
    ends = value_range(answers, score)
    if ends is None:
        return SCALES[0], ()
    found = scale_that_holds(ends)
    text = Text(
        "The scale was not named; {low} to {high} holds all answers.",
        low=_plain(found[0]),
        high=_plain(found[1]),
    )
    return found, (Note(code="scale_assumed", text=text),)


def _csat(
    sums: ValueSums, place: int, scale: Scale, threshold: float, level: float, notes: tuple[Note, ...]
) -> Csat:
    share = _share(sums, place, level)
    return Csat(
        estimate=share.estimate,
        ci_low=share.ci_low,
        ci_high=share.ci_high,
        n=share.n,
        level=level,
        method=share.method,
        notes=(*notes, *_doubts(sums, place)),
        mean=_mean(sums, place, scale, level),
        scale=scale,
        threshold=threshold,
        standard_error=float(sums.standard_error[place]),
        n_effective=_effective(sums, place),
        unanswered=int(sums.unanswered[place]),
    )


def _ces(sums: ValueSums, place: int, scale: Scale, level: float) -> Ces:
    mean = _mean(sums, place, scale, level)
    return Ces(
        estimate=mean.estimate,
        ci_low=mean.ci_low,
        ci_high=mean.ci_high,
        n=mean.n,
        level=level,
        method=mean.method,
        notes=_doubts(sums, place),
        easy=_share(sums, place, level),
        scale=scale,
        standard_error=float(sums.standard_error[place]),
        n_effective=_effective(sums, place),
        unanswered=int(sums.unanswered[place]),
    )


def _share(sums: ValueSums, place: int, level: float) -> Proportion:
    worth = _effective(sums, place)
    share = float(sums.w_top[place] / sums.w[place]) if worth else math.nan
    found = proportion_interval(share * worth if worth else 0.0, worth, level)
    return Proportion(
        estimate=share,
        ci_low=found.low,
        ci_high=found.high,
        n=int(sums.n[place]),
        level=level,
        method=found.method,
    )


def _mean(sums: ValueSums, place: int, scale: Scale, level: float) -> Estimate:
    worth, mean = _effective(sums, place), float(sums.mean[place])
    spread = float(sums.standard_error[place]) * math.sqrt(worth)
    found = mean_interval(mean, spread, worth, level)
    known = worth > 1 and found.known
    return Estimate(
        estimate=mean,
        ci_low=max(found.low, scale[0]) if known else (scale[0] if worth else math.nan),
        ci_high=min(found.high, scale[1]) if known else (scale[1] if worth else math.nan),
        n=int(sums.n[place]),
        level=level,
        method="t",
    )


def _effective(sums: ValueSums, place: int) -> float:
    return effective_n(float(sums.w[place]), float(sums.ww[place])) if sums.w[place] > 0 else 0.0


def _doubts(sums: ValueSums, place: int) -> tuple[Note, ...]:
    notes, unanswered = [], int(sums.unanswered[place])
    if unanswered:
        words = plural(
            "{count} row without a score is not counted.",
            "{count} rows without a score are not counted.",
            unanswered,
        )
        notes.append(Note(code="no_score", text=words))
    worth = _effective(sums, place)
    if 0 < worth < FEW_ANSWERS:
        text = Text("n = {n}: read it as a direction only.", n=Count(worth))
        notes.append(Note(code="few_answers", text=text))
    return tuple(notes)


def _plain(value: float) -> Decimal:
    return Decimal(value, 0 if float(value).is_integer() else 1)
