"""The hierarchy of units: branches roll up to regions and brands; small ones are shrunk or hidden."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from leal.engine import FrameLike, score_counts
from leal.measure.net_promoter.nps_result import POINTS, NpsResult, nps_of_sums
from leal.measure.net_promoter.scores import sums_of
from leal.measure.net_promoter.sums import Sums
from leal.measure.units.hidden_cells import Figures, Relation, hidden_figures
from leal.measure.units.small_cells import SMALLEST_SHOWN
from leal.measure.units.unit_tree import Tree, unit_tree
from leal.results import Note, to_plain
from leal.statistics import shrink_nps
from leal.wording import Count, Points, Text, plural

if TYPE_CHECKING:
    from leal.charts import Chart, Style


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitNps:
    """The NPS of one unit with all below it.

    Attributes
    ----------
    unit, name : str
        Identifier, and name (the identifier where it has none).
    kind, parent : str or None
        Kind of unit, and the unit above.
    depth : int
        0 at the top.
    result : NpsResult
        What its answers say; unknown where `hidden`.
    shrunk, shrunk_low, shrunk_high : float
        The NPS drawn towards that of the units beside it, by how little its own answers say (empirical
        Bayes), in points: what a league table should rank by. Not-a-number where hidden or without answers.
    hidden : bool
        Whether it is not shown, because it is small or would betray one that is.
    """

    unit: str
    name: str
    kind: str | None
    parent: str | None
    depth: int
    result: NpsResult
    shrunk: float
    shrunk_low: float
    shrunk_high: float
    hidden: bool

    def sentence(self) -> Text:
        """Return the unit in one sentence: own NPS, and the shrunk one."""
        if self.hidden:
            return Text("{unit}: not shown, too few people", unit=self.name)
        if not self.result.known:
            return Text("{unit}: {result}", unit=self.name, result=self.result.sentence())
        return Text(
            "{unit}: {result}; with the others in view {shrunk}",
            unit=self.name,
            result=self.result.sentence(),
            shrunk=Points(self.shrunk),
        )

    def __str__(self) -> str:
        return self.sentence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hierarchy:
    """The NPS of every unit, parents before their children.

    Attributes
    ----------
    units : tuple of UnitNps
        All units.
    total : NpsResult
        All answers, those of no known unit included.
    notes : tuple of Note
        Answers without a unit, units that are hidden.
    """

    units: tuple[UnitNps, ...]
    total: NpsResult
    notes: tuple[Note, ...]

    def __getitem__(self, unit: str) -> UnitNps:
        return next(one for one in self.units if one.unit == unit)

    def __iter__(self) -> Iterator[UnitNps]:
        return iter(self.units)

    def __len__(self) -> int:
        return len(self.units)

    def __str__(self) -> str:
        return "\n".join("  " * one.depth + str(one) for one in self.units)

    def to_dict(self) -> dict[str, Any]:
        """Return the hierarchy as plain JSON values; hidden units carry no figure."""
        return to_plain(self)  # type: ignore[no-any-return]

    def to_frame(self) -> pl.DataFrame:
        """Return one row a unit; the figures of hidden ones are null."""
        rows = [_row(one) for one in self.units]
        return pl.DataFrame(rows, schema_overrides=_TYPES, infer_schema_length=None)

    def chart(self, style: Style | None = None) -> Chart:
        """Draw the shrunk NPS of the units that are shown, with its interval."""
        from leal.charts import Style, interval_bars

        shown = self.to_frame().filter(pl.col("shrunk").is_not_null())
        frame = shown.select("name", "n", estimate="shrunk", ci_low="shrunk_low", ci_high="shrunk_high")
        return interval_bars(
            frame, style or Style(), reference=self.total.estimate if self.total.known else None
        )


_TYPES = {
    "kind": pl.String,
    "parent": pl.String,
    **dict.fromkeys(("estimate", "ci_low", "ci_high", "shrunk", "shrunk_low", "shrunk_high"), pl.Float64),
    "n": pl.Int64,
}


def hierarchy(
    answers: FrameLike,
    units: FrameLike,
    *,
    score: str = "recommend",
    unit: str = "unit",
    weight: str | None = None,
    level: float = 0.95,
    k: int = SMALLEST_SHOWN,
) -> Hierarchy:
    """Return the NPS of every unit with all below it: branches roll up to regions, regions to brands.

    Parameters
    ----------
    answers : dataframe or path
        One row an answer, with the unit that served the customer.
    units : dataframe or path
        The table of units: ``unit``, ``parent`` (empty at the top), and ``name``, ``kind`` where known.
    score, unit : str
        Columns of the answers.
    weight : str, optional
        Column of sampling weights.
    level : float
        Confidence level.
    k : int
        Fewest answers of a unit that is shown; others may be hidden so that none is found by subtraction.

    Returns
    -------
    Hierarchy

    Raises
    ------
    BadValue
        A parent is not in the table, units are their own parents in a circle, or a unit is there twice.

    Notes
    -----
    Counts add, so each unit is counted once. Shrinking is done among units of the same depth (`shrink_nps`):
    small units win and lose league tables by luck, and shrinking takes out what luck adds. Answers with a
    unit that is not in the table count in the total only, and a note says how many.
    """
    tree = unit_tree(units)
    counts = score_counts(answers, score, by=[unit], weight=weight)
    own = {str(group[0]): sums for group, sums in zip(counts.groups, sums_of(counts), strict=True)}
    nothing = sums_of(counts.empty())[0]
    rolled = _rolled(tree, own, nothing)
    hidden = _hidden(tree, own, rolled, k)
    results = nps_of_sums([rolled[name] for name in tree.units], level, "score", weighted=counts.weighted)
    blank = nps_of_sums([nothing], level, "score", weighted=counts.weighted)[0]
    shrunk = _shrunk(tree, results, level)
    total = nps_of_sums(sums_of(counts.total()), level, "score", weighted=counts.weighted)[0]
    found = tuple(
        _unit(tree, name, blank if hidden[name] else result, shrunk[name], hidden=hidden[name])
        for name, result in zip(tree.units, results, strict=True)
    )
    strangers = sum(sums.n for name, sums in own.items() if name not in tree.parent)
    return Hierarchy(units=found, total=total, notes=_notes(strangers, sum(hidden.values()), k))


def _rolled(tree: Tree, own: dict[str, Sums], nothing: Sums) -> dict[str, Sums]:
    rolled = {name: own.get(name, nothing) for name in tree.units}
    for name in reversed(tree.units):
        above = tree.parent[name]
        if above is not None:
            rolled[above] = rolled[above] + rolled[name]
    return rolled


def _hidden(tree: Tree, own: dict[str, Sums], rolled: dict[str, Sums], k: int) -> dict[str, bool]:
    """Return which units must not be shown; the answers of a unit itself are never shown apart."""
    place = {name: at for at, name in enumerate(tree.units)}
    made_of = np.zeros((len(place), len(place)), dtype=bool)
    for name in reversed(tree.units):
        # a unit without answers of its own has none to stand between its total and its parts
        if name in own and own[name].n:
            made_of[place[name], place[name]] = True
        for child in tree.children(name):
            made_of[place[name]] |= made_of[place[child]]
    relations = tuple(
        Relation(total=place[name], parts=tuple(place[child] for child in tree.children(name)))
        for name in tree.units
        if tree.children(name)
    )
    sizes = np.array([rolled[name].n for name in tree.units], dtype=np.int64)
    hidden = hidden_figures(Figures(n=sizes, made_of=made_of, relations=relations), k)
    return {name: bool(hidden[place[name]]) for name in tree.units}


def _shrunk(tree: Tree, results: list[NpsResult], level: float) -> dict[str, tuple[float, float, float]]:
    """Return the shrunk NPS of each unit with its limits, shrunk among the units of the same depth."""
    from statistics import NormalDist

    z = NormalDist().inv_cdf((1 + level) / 2)
    by_name = dict(zip(tree.units, results, strict=True))
    shrunk = dict.fromkeys(tree.units, (math.nan, math.nan, math.nan))
    for depth in sorted(set(tree.depth.values())):
        beside = [name for name in tree.units if tree.depth[name] == depth and by_name[name].known]
        if not beside:
            continue
        figures, variances = shrink_nps([by_name[name].counts for name in beside])
        for name, figure, variance in zip(beside, figures.tolist(), variances.tolist(), strict=True):
            reach = z * math.sqrt(variance)
            shrunk[name] = (
                POINTS * figure,
                POINTS * max(figure - reach, -1.0),
                POINTS * min(figure + reach, 1.0),
            )
    return shrunk


def _unit(
    tree: Tree, name: str, result: NpsResult, shrunk: tuple[float, float, float], *, hidden: bool
) -> UnitNps:
    middle, low, high = (math.nan,) * 3 if hidden else shrunk
    return UnitNps(
        unit=name,
        name=tree.name.get(name) or name,
        kind=tree.kind.get(name),
        parent=tree.parent[name],
        depth=tree.depth[name],
        result=result,
        shrunk=middle,
        shrunk_low=low,
        shrunk_high=high,
        hidden=hidden,
    )


def _notes(strangers: int, hidden: int, k: int) -> tuple[Note, ...]:
    notes = []
    if strangers:
        words = plural(
            "{count} answer has a unit that is not in the table of units: it counts in the total only.",
            "{count} answers have a unit that is not in the table of units: they count in the total only.",
            strangers,
        )
        notes.append(Note(code="unknown_units", text=words))
    if hidden:
        text = Text(
            "Not shown: {hidden} units, those of fewer than {k} people and those that would betray them.",
            hidden=Count(hidden),
            k=Count(k),
        )
        notes.append(Note(code="small_cells_hidden", text=text))
    return tuple(notes)


def _row(one: UnitNps) -> dict[str, object]:
    known = one.result.known
    result = one.result
    return {
        "unit": one.unit,
        "name": one.name,
        "kind": one.kind,
        "parent": one.parent,
        "depth": one.depth,
        "estimate": result.estimate if known else None,
        "ci_low": result.ci_low if known else None,
        "ci_high": result.ci_high if known else None,
        "n": None if one.hidden else int(result.n),
        "shrunk": one.shrunk if math.isfinite(one.shrunk) else None,
        "shrunk_low": one.shrunk_low if math.isfinite(one.shrunk) else None,
        "shrunk_high": one.shrunk_high if math.isfinite(one.shrunk) else None,
        "hidden": one.hidden,
    }
