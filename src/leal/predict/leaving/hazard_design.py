"""How rows of customers and periods become the columns of a hazard model."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.results import Note
from leal.wording import Text

if TYPE_CHECKING:
    from leal.predict.leaving.hazard import Hazard

Floats = NDArray[np.float64]

_KNOTS = (0.05, 0.35, 0.65, 0.95)
_MOST_BANDS = 5
_ALIKE = 1e-9
"""Part of a column, by its length, below which what other columns leave of it is rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardDesign:
    """The columns of a hazard model, with all that was learnt of the data to make them.

    Attributes
    ----------
    terms : tuple of str
        Names of the columns.
    attitude : str
        Column of the score.
    cuts, knots : tuple of float
        Least scores of the groups, or knots of the spline; both empty where the risk follows the point.
    plain : tuple of str
        Columns that enter as they are.
    crossed : tuple of str
        Columns that enter once more times the score.
    centres : dict
        Means that are taken off before two columns are multiplied.
    tenure : str or None
        Column of tenure, and `bands` its least values.
    of_groups : bool
        Whether groups were asked for; without `cuts` all scores lie in one.
    notes : tuple of Note
        What could not be had.
    """

    terms: tuple[str, ...]
    attitude: str
    cuts: tuple[float, ...]
    knots: tuple[float, ...]
    plain: tuple[str, ...]
    crossed: tuple[str, ...]
    centres: dict[str, float]
    tenure: str | None
    bands: tuple[float, ...]
    of_groups: bool = False
    notes: tuple[Note, ...] = ()

    def matrix(self, rows: pl.DataFrame) -> Floats:
        """Return the columns for any rows that have what the model needs."""
        score = rows[self.attitude].cast(pl.Float64).to_numpy()
        columns = [np.ones(rows.height)]
        if self.tenure is not None:
            tenure = rows[self.tenure].cast(pl.Float64).to_numpy()
            edges = pairwise((*self.bands, np.inf))  # of no bands there are no pairs
            columns += [((tenure >= low) & (tenure < high)).astype(float) for low, high in edges]
        columns += self._attitude(score)
        plain = {name: rows[name].cast(pl.Float64).to_numpy() for name in self.plain}
        columns += list(plain.values())
        centred = score - self.centres.get(self.attitude, 0.0)
        columns += [centred * (plain[name] - self.centres[name]) for name in self.crossed]
        return np.column_stack(columns)

    def tells_the_score_apart(self, rows: pl.DataFrame) -> bool:
        """Return whether the score says what no other column, and no constant, says as well.

        Otherwise its coefficient would be any part of theirs, and a figure for it made up.
        """
        if self.of_groups and not self.cuts:
            return False
        crossed = tuple(f"{self.attitude} x {name}" for name in self.crossed)
        of_score = np.array([self._is_of_score(term) for term in self.terms])
        others = np.array([term not in crossed for term in self.terms]) & ~of_score
        columns = self.matrix(rows)
        columns = columns / np.maximum(np.linalg.norm(columns, axis=0), np.finfo(float).tiny)
        weights = np.linalg.lstsq(columns[:, others], columns[:, of_score], rcond=None)[0]
        left = columns[:, of_score] - columns[:, others] @ weights
        return bool((np.linalg.norm(left, axis=0) > _ALIKE).all())

    def _is_of_score(self, term: str) -> bool:
        return term == self.attitude or term.startswith((f"{self.attitude} >= ", f"{self.attitude} spline "))

    def _attitude(self, score: Floats) -> list[Floats]:
        if self.cuts:
            ends = (*self.cuts[1:], np.inf)
            pairs = zip(self.cuts, ends, strict=True)
            return [((score >= low) & (score < high)).astype(float) for low, high in pairs]
        if self.knots:
            return [score, *_spline(score, self.knots)]
        return [score]


def _spline(score: Floats, knots: tuple[float, ...]) -> list[Floats]:
    """Return the columns of a cubic spline that is straight beyond its outer knots (Stone and Koo 1985)."""
    last, before = knots[-1], knots[-2]
    scale = (last - knots[0]) ** 2

    def cube(knot: float) -> Floats:
        return np.maximum(score - knot, 0.0) ** 3

    return [
        (
            cube(knot)
            - cube(before) * (last - knot) / (last - before)
            + cube(last) * (before - knot) / (last - before)
        )
        / scale
        for knot in knots[:-2]
    ]


def design_of(model: Hazard, rows: pl.DataFrame) -> HazardDesign:
    """Return the columns that a model needs on these rows."""
    columns = set(rows.columns)
    score = rows[model.attitude]
    behaviour = tuple(name for name in model.behaviour if name in columns and _varies(rows[name]))
    change = (model.change,) if model.change in columns and _varies(rows[model.change]) else ()
    knots, notes = _knots(model, score)
    cuts = _cuts(model, score)
    crossed = behaviour if model.interaction else ()
    tenure = model.tenure if model.tenure in columns else None
    bands = _bands(rows[tenure], rows["left"]) if tenure else ()
    levels = list(cuts or ())
    attitude = [f"{model.attitude} >= {cut:g}" for cut in levels] or [model.attitude]
    attitude += [f"{model.attitude} spline {place + 1}" for place in range(max(len(knots) - 2, 0))]
    terms = (
        "constant",
        *(f"{tenure} >= {low:g}" for low in bands),
        *attitude,
        *change,
        *behaviour,
        *(f"{model.attitude} x {name}" for name in crossed),
    )
    centres = {name: _mean(rows[name]) for name in (model.attitude, *crossed)}
    return HazardDesign(
        terms=terms,
        attitude=model.attitude,
        cuts=cuts,
        knots=knots,
        plain=(*change, *behaviour),
        crossed=crossed,
        centres=centres,
        tenure=tenure,
        bands=bands,
        of_groups=model.form == "groups",
        notes=notes,
    )


def _varies(values: pl.Series) -> bool:
    return values.n_unique() > 1


def _mean(values: pl.Series) -> float:
    return float(values.cast(pl.Float64).to_numpy().mean())


def _cuts(model: Hazard, score: pl.Series) -> tuple[float, ...]:
    """Keep the cuts that have scores on both sides."""
    if model.form != "groups":
        return ()
    values = score.to_numpy()
    kept: list[float] = []
    for cut in sorted(model.cuts):
        below = values < cut if not kept else (values < cut) & (values >= kept[-1])
        if below.any() and (values >= cut).any():
            kept.append(float(cut))
    return tuple(kept)


def _knots(model: Hazard, score: pl.Series) -> tuple[tuple[float, ...], tuple[Note, ...]]:
    if model.form != "spline":
        return (), ()
    found = tuple(float(one) for one in np.unique(np.quantile(score.to_numpy(), _KNOTS)))
    if len(found) >= 3:
        return found, ()
    text = Text("Too few different scores for a curve: a straight line stands in for it.")
    return (), (Note(code="no_spline", text=text),)


def _bands(tenure: pl.Series, left: pl.Series) -> tuple[float, ...]:
    """Return the least values of the bands above the first, each with leavers and stayers of its own."""
    times = tenure.to_numpy()
    gone = times[left.to_numpy()]
    shares = np.arange(1, _MOST_BANDS) / _MOST_BANDS
    edges: list[float] = np.unique(np.quantile(gone, shares)).tolist() if gone.size else []
    kept: list[float] = []
    for edge in edges:
        low = kept[-1] if kept else -np.inf
        inside = (times >= low) & (times < edge)
        if _mixed(left, inside) and _mixed(left, times >= edge):
            kept.append(float(edge))
    return tuple(kept)


def _mixed(left: pl.Series, inside: NDArray[np.bool_]) -> bool:
    flags = left.to_numpy()[inside]
    return bool(flags.size and flags.any() and not flags.all())
