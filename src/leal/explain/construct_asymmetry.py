"""Penalty and reward by construct: what a low quality costs in satisfaction beside what a high one brings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leal.errors import BadValue
from leal.explain.asymmetry import Asymmetry, Kind, asymmetries
from leal.explain.item_moments import Floats, Moments, design_of
from leal.explain.items import Item
from leal.path_model import PathFit, construct_name
from leal.results import Grade, Note, checked_seed, to_plain
from leal.wording import Count, Listing, Text

if TYPE_CHECKING:
    import polars as pl

MOST_ALONE = 2_000
"""Answers up to which each is drawn by itself; of more, as many random blocks."""

_LEAST_ANSWERS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstructAsymmetry:
    """Penalty and reward of one construct.

    Attributes
    ----------
    construct : str
        Its name.
    asymmetry : Asymmetry
        What its low and high scores do to the target, the other causes being held.
    """

    construct: str
    asymmetry: Asymmetry


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstructAsymmetries:
    """Penalty and reward of each construct that leads directly to a target.

    Attributes
    ----------
    target : str
        The construct that is moved.
    items : tuple of ConstructAsymmetry
        Its direct causes, in the order of the model; empty where there is too little to say.
    n : int
        Answers used.
    grade : "C"
        Correlations.
    notes : tuple of Note
        What is missing, or doubtful.
    """

    target: str
    items: tuple[ConstructAsymmetry, ...]
    n: int
    grade: Grade = "C"
    notes: tuple[Note, ...] = ()

    def __iter__(self) -> Iterator[ConstructAsymmetry]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, construct: str) -> ConstructAsymmetry:
        for one in self.items:
            if one.construct == construct:
                return one
        raise BadValue(
            Text("{name} does not lead to {target}.", name=repr(construct), target=self.target),
            hint=Text("Its causes are: {names}.", names=Listing.of(one.construct for one in self.items)),
        )

    def sentence(self) -> Text:
        """Return what must be right and what delights."""
        if not self.items:
            return self.notes[0].text
        target = construct_name(self.target)
        basic, exciting = self._of("basic"), self._of("excitement")
        if basic and exciting:
            return Text(
                "Must be right: {basic}; delights: {exciting} (for {target}; correlation, not proved).",
                basic=basic,
                exciting=exciting,
                target=target,
            )
        if basic:
            return Text(
                "Must be right for {target}: {basic}. Being bad costs more than being good brings "
                "(correlation, not proved).",
                basic=basic,
                target=target,
            )
        if exciting:
            return Text(
                "Delights, for {target}: {exciting}. Being good brings more than being bad costs "
                "(correlation, not proved).",
                exciting=exciting,
                target=target,
            )
        return Text("No cause of {target} surely works one way only.", target=target)

    def __str__(self) -> str:
        return self.sentence()

    def _of(self, kind: Kind) -> Listing | None:
        names = [construct_name(one.construct) for one in self.items if one.asymmetry.kind == kind]
        return Listing.of(names) if names else None

    def to_frame(self) -> pl.DataFrame:
        """Return a row a construct: construct, name, penalty and reward with their limits, kind."""
        import polars as pl

        rows = []
        for one in self.items:
            row: dict[str, object] = {"construct": one.construct, "name": str(construct_name(one.construct))}
            for name in ("penalty", "reward"):
                value = getattr(one.asymmetry, name)
                row |= {name: value.estimate, f"{name}_low": value.ci_low, f"{name}_high": value.ci_high}
            rows.append(row | {"kind": one.asymmetry.kind, "n": self.n})
        return pl.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Return the asymmetries as plain JSON values."""
        return to_plain({name: getattr(self, name) for name in ("target", "items", "n", "grade", "notes")})  # type: ignore[no-any-return]


def construct_asymmetries(
    fit: PathFit,
    target: str = "Satisfaction",
    *,
    resamples: int = 1000,
    seed: int | None = 0,
    level: float = 0.95,
) -> ConstructAsymmetries:
    """Tell which constructs must be right and which delight: penalty of low scores, reward of high ones.

    Parameters
    ----------
    fit : PathFit
        A fitted path model.
    target : str
        The construct that is moved; its direct causes are looked at.
    resamples, seed : int
        Resamples behind the intervals, and the number that makes them repeatable.
    level : float
        Confidence level.

    Notes
    -----
    Least squares of the target's index on whether each cause is low (index 56 and below: 6 of 10) and high
    (89 and above: 9 of 10), all together (Brandt 1987; Mittal, Ross and Baldasare 1998). Index weights
    are held in the resamples. Not for constructs that hardly anybody scores low, or high: then ``unknown``.
    """
    fit.model[target]
    causes = [source for source, end in fit.model.paths if end == target]
    scores = fit.own_scores("index")
    if scores is None or not causes:
        text = Text("Needs a model fitted on answers, and a construct that others lead to.")
        return ConstructAsymmetries(
            target=target, items=(), n=fit.n, notes=(Note(code="no_asymmetry", text=text),)
        )
    if fit.covariance.effective_n < _LEAST_ANSWERS:
        needed = Text("Needs {count} complete answers.", count=Count(_LEAST_ANSWERS))
        return ConstructAsymmetries(
            target=target, items=(), n=fit.n, notes=(Note(code="no_asymmetry", text=needed),)
        )
    values = scores.select(target, *causes).to_numpy() / 100
    weights = np.ones(len(values)) if fit.row_weights is None else fit.row_weights
    moments = _moments(causes, values, weights, 0 if seed is None else seed)
    found = asymmetries(moments, moments.resampled(resamples, 0 if seed is None else seed), level)
    items = tuple(
        ConstructAsymmetry(construct=name, asymmetry=one) for name, one in zip(causes, found, strict=True)
    )
    return ConstructAsymmetries(target=target, items=items, n=fit.n, notes=_doubts(items))


def _moments(causes: list[str], values: Floats, weights: Floats, seed: int) -> Moments:
    """Return the moments of target and causes; each answer a block by itself, or random blocks of many."""
    design = design_of(values) * np.sqrt(weights)[:, None]
    n = len(values)
    if n <= MOST_ALONE:
        sums = design[:, :, None] * design[:, None, :]
    else:
        sums = _by_block(design, np.random.default_rng(checked_seed(seed)).permutation(n))
    return Moments(
        items=tuple(Item(name=name, block=None, low=0.0, high=100.0, n=n) for name in causes),
        sums=sums,
        n=n,
        incomplete=0,
        squared_weights=float((weights**2).sum()),
    )


def _by_block(design: Floats, order: NDArray[np.intp]) -> Floats:
    parts = np.array_split(design[order], MOST_ALONE)
    return np.stack([part.T @ part for part in parts])


def _doubts(items: tuple[ConstructAsymmetry, ...]) -> tuple[Note, ...]:
    unknown = [construct_name(one.construct) for one in items if one.asymmetry.kind == "unknown"]
    if not unknown:
        return ()
    text = Text(
        "Too few low or high scores to tell a penalty from a reward: {names}.", names=Listing.of(unknown)
    )
    return (Note(code="few_low_or_high", text=text),)
