"""A change of mood in words: what moved, by how much, since when, how sure."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from leal.measure.by_group import name_of
from leal.measure.change.wave_series import Metric, WaveName, WaveScore
from leal.measure.p_values import PValue
from leal.results import Estimate, to_plain
from leal.wording import Count, Decimal, Formatted, Percent, Points, Text, plural

if TYPE_CHECKING:
    import polars as pl

    from leal.charts import Chart, Measure, Style

FEWEST_WAVES = 4
_SERIES = ("wave", "n", "n_effective", "estimate", "standard_error")
_MEASURES: dict[Metric, Measure] = {"nps": "points", "detractors": "percent", "satisfaction": "number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal(Estimate):
    """Whether one score of one group changed its level, and since when.

    Attributes
    ----------
    estimate : float
        Level after less level before, in the unit of the score: points of NPS, a share, the satisfaction
        scale. Unknown where there are too few waves. Its interval takes the date as known.
    n : float
        Answers of all waves.
    metric : {"nps", "detractors", "satisfaction"}
        The score.
    group : object
        The group; None (with `whole`) for all answers.
    whole : bool
        Whether it is all answers together.
    version : str or None
        Version of the questionnaire: other versions are other series.
    since, since_low, since_high : str or None
        First wave at the new level, and the interval of that date.
    p_value : float
        Of "the level never changed", the search for the date allowed for.
    p_adjusted : float
        The same with all scores and groups in view (Benjamini-Hochberg 1995): of the changes called clear
        about one in twenty is none.
    level_before, level_after : float
        The two levels.
    early : {-1, 0, 1}
        What CUSUM and EWMA say of the latest wave: -1 lower, +1 higher than usual, 0 as usual. An early
        warning, not a proof; it is not adjusted for the number of groups.
    early_since : str or None
        First wave of the run that raised the warning.
    waves_to_detection : float
        Waves that such charts need on average to see a change of `considered`.
    considered : float
        That change.
    points : tuple of WaveScore
        The series.
    """

    metric: Metric
    group: object
    whole: bool
    version: str | None
    since: str | None
    since_low: str | None
    since_high: str | None
    p_value: float
    p_adjusted: float
    level_before: float
    level_after: float
    early: int
    early_since: str | None
    waves_to_detection: float
    considered: float
    points: tuple[WaveScore, ...]

    @property
    def clear(self) -> bool:
        """Whether the level changed by more than noise, all scores and groups in view."""
        return self.known and self.p_adjusted < 1 - self.level

    @property
    def waves_missing(self) -> int:
        """How many more waves are needed to say anything."""
        return max(FEWEST_WAVES - len(self.points), 0)

    def figure(self, value: float) -> Formatted:
        """Return a change as it is written in the unit of the score."""
        if self.metric == "nps":
            return Points(value, signed=True)
        return (
            Percent(value, 1, signed=True) if self.metric == "detractors" else Decimal(value, 2, signed=True)
        )

    @property
    def subject(self) -> Text:
        """What is watched: the score, and the group."""
        name = metric_name(self.metric)
        if self.whole:
            return name
        return Text("{metric} ({group})", metric=name, group=name_of(self.group))

    def sentence(self) -> Text:
        """Return the verdict in words."""
        if not self.known:
            return plural(
                "{subject}: unknown, {count} more wave is needed",
                "{subject}: unknown, {count} more waves are needed",
                max(self.waves_missing, 1),
                subject=self.subject,
            )
        if self.clear:
            return self._change()
        if self.early:
            return self._warning()
        return Text(
            "{subject}: no clear change over {waves} waves (p {p})",
            subject=self.subject,
            waves=Count(len(self.points)),
            p=PValue(self.p_adjusted),
        )

    def _change(self) -> Text:
        values: dict[str, object] = {
            "subject": self.subject,
            "size": self._size(),
            "since": WaveName(self.since or ""),
            "low": WaveName(self.since_low or ""),
            "high": WaveName(self.since_high or ""),
            "p": PValue(self.p_adjusted),
        }
        sure = self.since_low == self.since_high
        if self.estimate < 0 and sure:
            return Text("{subject} fell by {size} since {since}, p {p}", **values)
        if self.estimate < 0:
            return Text("{subject} fell by {size} since {since} (between {low} and {high}), p {p}", **values)
        if sure:
            return Text("{subject} rose by {size} since {since}, p {p}", **values)
        return Text("{subject} rose by {size} since {since} (between {low} and {high}), p {p}", **values)

    def _warning(self) -> Text:
        since = WaveName(self.early_since or "")
        if self.early < 0:
            return Text(
                "{subject}: early warning, lower than usual since {since}; not yet proved",
                subject=self.subject,
                since=since,
            )
        return Text(
            "{subject}: early sign, higher than usual since {since}; not yet proved",
            subject=self.subject,
            since=since,
        )

    def _size(self) -> Text:
        size = abs(self.estimate)
        if self.metric == "nps":
            return Text("{value} points", value=Points(size))
        if self.metric == "detractors":
            return Text("{value} percentage points", value=Decimal(100 * size, 1))
        return Text("{value} of the scale", value=Decimal(size, 2))

    def series(self) -> pl.DataFrame:
        """Return one row a wave: wave, estimate, its interval, n."""
        import polars as pl

        z = NormalDist().inv_cdf((1 + self.level) / 2)
        waves = [to_plain(point) for point in self.points]
        reach = z * pl.col("standard_error")
        table = pl.DataFrame(waves, schema=_SERIES)
        limits = table.with_columns(ci_low=pl.col("estimate") - reach, ci_high=pl.col("estimate") + reach)
        return limits.select("wave", "estimate", "ci_low", "ci_high", "n")

    def chart(self, style: Style | None = None) -> Chart:
        """Draw the series with its band, and the date of a clear change with its interval."""
        import polars as pl

        from leal.charts import Style, score_trend

        dress = style or Style()
        change = None
        if self.clear:
            ends = [[self.since], [self.since_low], [self.since_high]]
            change = pl.DataFrame(ends, schema=["wave", "low", "high"])
        return score_trend(self.series(), dress, measure=_MEASURES[self.metric], change_point=change)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What changed, since when, how sure: every score of every group.

    Attributes
    ----------
    signals : tuple of Signal
        All answers first, then the groups.
    by : tuple of str
        The grouping columns.
    """

    signals: tuple[Signal, ...]
    by: tuple[str, ...]

    @property
    def changed(self) -> tuple[Signal, ...]:
        """The clear changes, the surest first."""
        return tuple(sorted((one for one in self.signals if one.clear), key=lambda one: one.p_adjusted))

    @property
    def warnings(self) -> tuple[Signal, ...]:
        """The early warnings that are not proved yet."""
        return tuple(one for one in self.signals if one.early and not one.clear)

    @property
    def known(self) -> bool:
        """Whether any series was long enough."""
        return any(one.known for one in self.signals)

    def of(self, metric: Metric, group: object = None, version: str | None = None) -> Signal | None:
        """Return the signal of a score (of a group, of a version); the newest version where none is named."""
        named = [
            one
            for one in self.signals
            if one.metric == metric
            and one.whole == (group is None)
            and (one.whole or one.group == group)
            and version in (None, one.version)
        ]
        return named[-1] if named else None

    def sentences(self) -> tuple[Text, ...]:
        """Return the verdicts: what changed, else what is warned of, else that nothing clear did."""
        if self.changed or self.warnings:
            return tuple(one.sentence() for one in (*self.changed, *self.warnings))
        if self.known:
            return (Text("No score changed by more than noise."),)
        return tuple(one.sentence() for one in self.signals if one.whole) or (
            Text("Changes unknown: there are no answers with a wave."),
        )

    def __str__(self) -> str:
        return "\n".join(self.sentences())

    def to_dict(self) -> dict[str, Any]:
        """Return all signals as plain JSON values, each with its sentence."""
        signals = [to_plain(one) | {"clear": one.clear, "sentence": str(one)} for one in self.signals]
        return {"by": list(self.by), "signals": signals}

    def to_frame(self) -> pl.DataFrame:
        """Return one row a signal."""
        import polars as pl

        rows = [_row(one) for one in self.signals]
        return pl.DataFrame(rows, infer_schema_length=None)


def metric_name(metric: Metric) -> Text:
    """Return the name of a score."""
    if metric == "nps":
        return Text("NPS")
    return Text("share of detractors") if metric == "detractors" else Text("satisfaction")


def _row(signal: Signal) -> dict[str, object]:
    row = {name: value for name, value in signal.to_dict().items() if not isinstance(value, dict | list)}
    group = None if signal.whole else str(name_of(signal.group))
    notes = " ".join(note.text for note in signal.notes)
    waves = len(signal.points)
    return row | {
        "group": group,
        "clear": signal.clear,
        "waves": waves,
        "notes": notes,
        "sentence": str(signal),
    }
