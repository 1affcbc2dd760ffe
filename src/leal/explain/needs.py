"""Drift of needs: whether what moves satisfaction changed from one period to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import narwhals as nw

from leal.engine import FrameLike, collect, column_names, lazy
from leal.errors import BadValue
from leal.measure import WaveName, template_held, wave_order, with_wave
from leal.path_model import GroupComparison, Missing, PathModel, construct_name
from leal.results import Estimate, Grade, Note
from leal.statistics import benjamini_hochberg
from leal.wording import Count, Decimal, Percent, Text

if TYPE_CHECKING:
    import polars as pl

LEAST_A_PERIOD = 150
MOST_PERIODS = 4
MOST_A_PERIOD = 10_000
"""Answers of a period that are compared; of more, so many drawn at random: effects are then known to .02."""
_PERIOD = "_period"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedChange(Estimate):
    """How the effect of one construct on another changed between two periods.

    The interval is of the difference, later less earlier, each period resampled by itself.

    Attributes
    ----------
    source, target : str
        Cause and effect.
    period, later : str
        The periods.
    before, after : float
        The standardised effect in each.
    p_value, adjusted_p_value : float
        By permutation; adjusted (Benjamini and Hochberg) for all effects and periods looked at.
    """

    source: str
    target: str
    period: str
    later: str
    before: float
    after: float
    p_value: float
    adjusted_p_value: float

    @property
    def clear(self) -> bool:
        """Whether the change stands against chance, with all others in view."""
        return self.adjusted_p_value < 1 - self.level

    def sentence(self) -> Text:
        """Return the change in one sentence."""
        return Text(
            "{source} → {target}: {before} in {period}, {after} in {later} "
            "(change {level} {low} to {high}; p = {p}, corrected)",
            source=construct_name(self.source),
            target=construct_name(self.target),
            before=Decimal(self.before),
            period=WaveName(self.period),
            after=Decimal(self.after),
            later=WaveName(self.later),
            level=Percent(self.level),
            low=Decimal(self.ci_low),
            high=Decimal(self.ci_high),
            p=Decimal(self.adjusted_p_value, 3),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftOfNeeds:
    """All effects of all neighbouring periods, the surest change first.

    Attributes
    ----------
    changes : tuple of NeedChange
        One an effect and pair of periods; empty where there was too little to compare.
    periods : tuple of str
        The periods compared, in time.
    grade : "C"
        Effects are correlations.
    notes : tuple of Note
        What is missing, or doubtful.
    """

    changes: tuple[NeedChange, ...]
    periods: tuple[str, ...]
    grade: Grade = "C"
    notes: tuple[Note, ...] = ()

    def __iter__(self) -> Iterator[NeedChange]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    @property
    def clear(self) -> tuple[NeedChange, ...]:
        """The changes that stand against chance."""
        return tuple(change for change in self.changes if change.clear)

    def sentence(self) -> Text:
        """Return the surest change, or that none is sure."""
        if not self.changes:
            return self.notes[0].text
        if not self.clear:
            return Text("What moves satisfaction did not change by more than chance.")
        return Text("What moves satisfaction changed: {change}.", change=self.clear[0].sentence())

    def __str__(self) -> str:
        return self.sentence()

    def to_frame(self) -> pl.DataFrame:
        """Return a row an effect and pair of periods."""
        import polars as pl

        names = ("source", "target", "period", "later", "before", "after", "estimate", "ci_low", "ci_high")
        last = ("p_value", "adjusted_p_value", "n", "level", "method")
        return pl.DataFrame([{name: getattr(one, name) for name in (*names, *last)} for one in self.changes])


def drift_of_needs(
    answers: FrameLike,
    model: PathModel | None = None,
    *,
    weight: str | None = None,
    missing: Missing = "casewise",
    permutations: int = 1000,
    resamples: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> DriftOfNeeds:
    """Tell whether the effects of a model changed between periods, not only the scores.

    Parameters
    ----------
    answers : dataframe or path
        Answers with the items and a wave, or the time of the answer.
    model : PathModel or None
        By default that of the template whose items the answers hold.
    weight : str or None
        Column of sampling weights.
    missing : {"casewise", "mean", "pairwise", "em"}
        What to do with gaps, as in `PathModel.compare`. Where they differ between periods, filling by the
        mean can itself look like drift; a note says so.
    permutations : int
        How often answers are dealt to two periods by chance.
    resamples : int
        Resamples of each period, for the intervals of the changes.
    seed : int
        Number that makes both repeatable.
    level : float
        Share of false discoveries tolerated is 1 - level; level of the intervals, each by itself.

    Notes
    -----
    Waves are joined, in time, to at most four periods of 150 complete answers or more; of more than 10,000
    in a period so many are drawn at random. Each period is held against the next: paths are estimated in
    both, and the answers dealt to them anew. An effect may change
    because the spread of its cause did; read it beside the scores.

    References
    ----------
    Chin and Dibbern (2010), A permutation based procedure for multi-group PLS analysis; Benjamini and
    Hochberg (1995), Journal of the Royal Statistical Society B 57.
    """
    frame = lazy(answers)
    chosen = model
    if chosen is None:
        held = template_held(column_names(frame))
        if held is None:
            return _nothing(Text("The answers hold no items of a model of satisfaction."))
        chosen = held[1]
    if not {"wave", "answered_at"} & set(column_names(frame)):
        return _nothing(Text("The answers have no wave and no time."))
    rows, periods = _periods(with_wave(frame), chosen, weight, missing)
    if len(periods) < 2:
        needed = Text("Needs two periods of {count} complete answers.", count=Count(LEAST_A_PERIOD))
        return _nothing(needed)
    some = _drawn(rows, periods, seed)
    found: list[dict[str, object]] = []
    notes = [_sampled()] if some.height < rows.height else []
    compare = partial(
        chosen.compare,
        by=_PERIOD,
        weight=weight,
        missing=missing,
        permutations=permutations,
        resamples=resamples,
        seed=seed,
        level=level,
    )
    for pair in pairwise(periods):
        effects, doubts = _compared(compare, chosen, some, pair)
        found += effects
        notes += [note for note in doubts if note not in notes]
    return DriftOfNeeds(changes=_changes(found, level), periods=tuple(periods), notes=tuple(notes))


def _drawn(rows: pl.DataFrame, periods: list[str], seed: int) -> pl.DataFrame:
    """Return at most so many answers of each period, drawn at random."""
    import polars as pl

    parts = [rows.filter(pl.col(_PERIOD) == period) for period in periods]
    if all(part.height <= MOST_A_PERIOD for part in parts):
        return rows
    return pl.concat([part.sample(min(part.height, MOST_A_PERIOD), seed=seed) for part in parts])


def _sampled() -> Note:
    text = Text(
        "Of each period {count} answers drawn at random are compared: enough to see any change that matters.",
        count=Count(MOST_A_PERIOD),
    )
    return Note(code="periods_sampled", text=text)


def _nothing(text: Text) -> DriftOfNeeds:
    return DriftOfNeeds(changes=(), periods=(), notes=(Note(code="no_drift_of_needs", text=text),))


def _periods(
    frame: nw.LazyFrame[pl.LazyFrame], model: PathModel, weight: str | None, missing: Missing
) -> tuple[pl.DataFrame, list[str]]:
    """Return the answers that count with their period, and the periods in time."""
    import polars as pl

    order = wave_order(frame)
    wanted = ["wave", *model.items, *([weight] if weight else [])]
    told = collect(frame.select(*wanted)).with_columns(pl.col(pl.Float64, pl.Float32).fill_nan(None))
    known = told.drop_nulls(["wave", *([weight] if weight else [])])
    if missing == "casewise":
        rows = known.drop_nulls()
    else:
        rows = known.filter(pl.any_horizontal(pl.col(model.items).is_not_null()))
    counted = dict(rows.group_by("wave").agg(pl.len()).iter_rows())
    target = max(LEAST_A_PERIOD, -(-rows.height // MOST_PERIODS))
    parts: list[list[str]] = [[]]
    reached = 0
    for wave in order:
        parts[-1].append(wave)
        reached += counted.get(wave, 0)
        if reached >= target:
            parts.append([])
            reached = 0
    if reached < LEAST_A_PERIOD and len(parts) > 1:
        last = parts.pop()
        parts[-1] += last
    named = {wave: _name(part) for part in parts for wave in part}
    periods = list(dict.fromkeys(named[wave] for wave in order))
    sizes = {_name(part): sum(counted.get(wave, 0) for wave in part) for part in parts}
    return (
        rows.with_columns(pl.col("wave").replace_strict(named, default=None).alias(_PERIOD)),
        [period for period in periods if sizes[period] >= LEAST_A_PERIOD],
    )


def _name(waves: Sequence[str]) -> str:
    return "" if not waves else waves[0] if len(waves) == 1 else f"{waves[0]} – {waves[-1]}"


_OF_GAPS = ("gaps_bridged", "gaps_differ")
"""Doubts of a comparison that may pass for drift."""


def _compared(
    compare: Callable[..., GroupComparison], model: PathModel, rows: pl.DataFrame, pair: tuple[str, str]
) -> tuple[list[dict[str, object]], list[Note]]:
    """Return the effects of two periods held against each other, and doubts about the gaps in them."""
    import polars as pl

    parts = [rows.filter(pl.col(_PERIOD) == period) for period in pair]
    # Items that everybody answered alike in one of the periods cannot be compared.
    if not all(part[item].drop_nulls().n_unique() > 1 for part in parts for item in model.items):
        return [], []
    both = pl.concat(parts)
    try:
        told = compare(both)
    except BadValue as refused:
        text = Text(
            "{period} and {later} are not compared. {reason}",
            period=pair[0],
            later=pair[1],
            reason=refused.message,
        )
        return [], [Note(code="periods_not_compared", text=text)]
    effects = [
        _in_time(row, pair) | {"period": pair[0], "later": pair[1], "n": both.height}
        for row in told.paths.iter_rows(named=True)
    ]
    return effects, [note for note in told.notes if note.code in _OF_GAPS]


def _in_time(row: dict[str, object], pair: tuple[str, str]) -> dict[str, object]:
    """Return a row with the earlier period first; groups are compared in the order of their names."""
    if row["group"] == pair[0]:
        return row
    turned = {"estimate": row["other_estimate"], "other_estimate": row["estimate"]}
    ends = {"ci_low": -float(row["ci_high"]), "ci_high": -float(row["ci_low"])}  # type: ignore[arg-type]
    return row | turned | ends


def _changes(found: list[dict[str, object]], level: float) -> tuple[NeedChange, ...]:
    adjusted = benjamini_hochberg([float(row["p_value"]) for row in found])  # type: ignore[arg-type]
    changes = [
        NeedChange(
            estimate=float(row["other_estimate"]) - float(row["estimate"]),  # type: ignore[arg-type]
            ci_low=-float(row["ci_high"]),  # type: ignore[arg-type]
            ci_high=-float(row["ci_low"]),  # type: ignore[arg-type]
            n=float(row["n"]),  # type: ignore[arg-type]
            level=level,
            method="widened_percentile",
            source=str(row["source"]),
            target=str(row["target"]),
            period=str(row["period"]),
            later=str(row["later"]),
            before=float(row["estimate"]),  # type: ignore[arg-type]
            after=float(row["other_estimate"]),  # type: ignore[arg-type]
            p_value=float(row["p_value"]),  # type: ignore[arg-type]
            adjusted_p_value=float(adjusted[place]),
        )
        for place, row in enumerate(found)
    ]
    return tuple(sorted(changes, key=lambda one: (one.adjusted_p_value, one.p_value, -abs(one.estimate))))
