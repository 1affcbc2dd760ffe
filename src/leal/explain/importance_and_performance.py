"""What to improve first: importance against performance, with how sure each is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leal.path_model import Bootstrap, PathFit, construct_name
from leal.results import Estimate, Grade, Note
from leal.wording import Count, Formatted, Points, Text

if TYPE_CHECKING:
    import polars as pl

    from leal.charts import Chart, Style


_FIGURES = ("importance", "performance", "gain")

_NOT_RESAMPLED = Note(
    code="intervals_unknown",
    text=Text(
        "Nothing can be resampled here (a fit on moments, or gaps that leave correlations open), so how sure "
        "the effects are is unknown. Fit on the answers themselves, with few gaps, for intervals."
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PointEstimate(Estimate):
    """A figure in points of an index from 0 to 100."""

    def figure(self, value: float) -> Formatted:
        """Return the points with one decimal."""
        return Points(value, 1)

    def sentence(self) -> Text:
        """Return the figure with its interval, or that the interval is unknown."""
        if self.known and math.isnan(self.ci_low):
            return Text(
                "{figure} (interval unknown, n = {n})", figure=self.figure(self.estimate), n=Count(self.n)
            )
        return super(PointEstimate, self).sentence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """One construct that can be worked on.

    Attributes
    ----------
    construct : str
        Its name.
    importance : Estimate
        Points of the target for a point of this construct (unstandardised total effect).
    performance : Estimate
        Its index, 0 to 100.
    gain : Estimate
        Points of the target for `points` more of this construct.
    certain : bool
        Whether the interval of the importance leaves zero out.
    """

    construct: str
    importance: PointEstimate
    performance: PointEstimate
    gain: PointEstimate
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Priorities:
    """What to improve for a target, the most important first.

    Attributes
    ----------
    target : str
        The construct to be raised.
    points : float
        Improvement that `Priority.gain` is of.
    items : tuple of Priority
        Constructs that lead to the target, by importance.
    grade : "C"
        The effects are correlations in a model: not proved.
    """

    target: str
    points: float
    items: tuple[Priority, ...]
    grade: Grade = "C"
    notes: tuple[Note, ...] = ()

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def sentence(self) -> Text:
        """Return the first priority in a sentence."""
        if not self.items:
            return Text("Nothing leads to {target} in this model.", target=construct_name(self.target))
        if all(item.importance.method == "unknown" for item in self.items):
            return self._unsure(self.items[0])
        sure = [item for item in self.items if item.certain]
        if not sure:
            return Text(
                "No construct moves {target} surely enough to be called a priority.",
                target=construct_name(self.target),
            )
        first = sure[0]
        return Text(
            "First {construct}: {points} points more would go with {gain} more points of {target} "
            "({low} to {high}); it stands at {performance}. Correlation, not proved.",
            construct=construct_name(first.construct),
            points=Points(self.points),
            gain=Points(first.gain.estimate, 1),
            low=Points(first.gain.ci_low, 1),
            high=Points(first.gain.ci_high, 1),
            performance=Points(first.performance.estimate),
            target=construct_name(self.target),
        )

    def _unsure(self, first: Priority) -> Text:
        return Text(
            "{construct} goes most with {target}: {gain} points for {points} points more. How sure that is "
            "cannot be told here.",
            construct=construct_name(first.construct),
            target=construct_name(self.target),
            gain=Points(first.gain.estimate, 1),
            points=Points(self.points),
        )

    def __str__(self) -> str:
        return self.sentence()

    def to_frame(self) -> pl.DataFrame:
        """Return a row a construct: construct, name, importance, performance, gain, each with its limits."""
        import polars as pl

        rows = []
        for item in self.items:
            row: dict[str, object] = {
                "construct": item.construct,
                "name": str(construct_name(item.construct)),
            }
            for name in _FIGURES:
                value: Estimate = getattr(item, name)
                row |= {name: value.estimate, f"{name}_low": value.ci_low, f"{name}_high": value.ci_high}
            rows.append(row | {"certain": item.certain})
        figures = [f"{name}{end}" for name in _FIGURES for end in ("", "_low", "_high")]
        schema = (
            dict.fromkeys(("construct", "name"), pl.String)
            | dict.fromkeys(figures, pl.Float64)
            | {"certain": pl.Boolean}
        )
        return pl.DataFrame(rows, schema=schema).fill_nan(None)

    def chart(self, style: Style | None = None) -> Chart:
        """Draw importance against performance with their intervals."""
        from leal.charts import Style, priority_map

        return priority_map(self.to_frame(), style or Style())


def priorities(
    fit: PathFit,
    target: str = "Loyalty",
    *,
    points: float = 5,
    resamples: int = 2000,
    seed: int | None = 0,
    level: float = 0.95,
    drawn: Bootstrap | None = None,
) -> Priorities:
    """Return what to improve first to raise a construct (importance-performance analysis).

    Parameters
    ----------
    fit : PathFit
        A fitted path model.
    target : str
        The construct to be raised.
    points : float
        Improvement, in points of the index, whose effect is told.
    resamples, seed : int
        Resamples behind the intervals, and the number that makes them repeatable.
    level : float
        Confidence level.
    drawn : Bootstrap or None
        Resamples drawn already, instead of new ones.

    Notes
    -----
    Importance is the unstandardised total effect; performance is the index on the theoretical range of the
    scale, not the sample's. A fit on moments has nothing to resample: intervals are then unknown, and nothing
    is called certain. The effects are correlations: what an action brings is known once it was tried
    with a control group.

    References
    ----------
    Ringle, C., Sarstedt, M. (2016). Gain more insight from your PLS-SEM results. IMDS 116(9).
    """
    fit.model[target]
    if drawn is None and not fit.resampled:
        effects, index = _without_intervals(fit, level), fit.index_with_fixed_weights(level)
        notes = (*fit.notes, _NOT_RESAMPLED)
    else:
        drawn = drawn or fit.bootstrap(resamples, seed, level=level)
        effects, index, notes = drawn.effects_in_points, drawn.index, drawn.notes
    performance = {row["construct"]: row for row in index.iter_rows(named=True)}
    rows = [row for row in effects.iter_rows(named=True) if row["target"] == target]
    items = [priority_of(row, performance[row["source"]], points) for row in rows]
    ordered = sorted(items, key=lambda item: -item.importance.estimate)
    return Priorities(target=target, points=points, items=tuple(ordered), notes=notes)


def _without_intervals(fit: PathFit, level: float) -> pl.DataFrame:
    """Return the effects of a fit that cannot be resampled: how sure they are is not known."""
    import polars as pl

    unknown = (pl.lit(float("nan")).alias(end) for end in ("ci_low", "ci_high"))
    return fit.effects_in_points.with_columns(
        *unknown, pl.lit(fit.n).alias("n"), pl.lit(level).alias("level"), pl.lit("unknown").alias("method")
    )


def priority_of(effect: dict[str, Any], index: dict[str, Any], points: float) -> Priority:
    """Return a priority from rows of effects in points and of the index, each with its interval."""
    importance = _estimate(effect, 1.0)
    return Priority(
        construct=str(effect["source"]),
        importance=importance,
        performance=_estimate(index, 1.0),
        gain=_estimate(effect, points),
        certain=importance.differs_from_zero,
    )


def _estimate(row: dict[str, Any], factor: float) -> PointEstimate:
    return PointEstimate(
        estimate=row["estimate"] * factor,
        ci_low=row["ci_low"] * factor,
        ci_high=row["ci_high"] * factor,
        n=row["n"],
        level=row["level"],
        method=str(row["method"]),
    )
