"""The answers of a comparison by group, made ready once: what is pooled, and each group by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leal.errors import BadValue
from leal.path_model.estimation import Solution
from leal.path_model.fit_options import FitOptions
from leal.path_model.index import index_weights, rules_of_definition
from leal.path_model.prepared_answers import prepared_answers
from leal.path_model.resampling import Answers, Sums
from leal.path_model.structure import Structure
from leal.wording import Text

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

LEAST = 5
"""Answers to each item without which a group cannot be estimated at all."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Group:
    """One group of a comparison.

    Attributes
    ----------
    name : str
        Its name.
    places : (n,)
        Its answers among the pooled ones.
    answers : Answers
        They by themselves; expectation-maximisation is about the fixed point of the group.
    solution : Solution
        The model estimated on them alone.
    gaps : float
        Share of single answers that are missing, before the rule for gaps left any out.
    """

    name: str
    places: Places
    answers: Answers
    solution: Solution
    gaps: float

    @property
    def n(self) -> int:
        """Answers used."""
        return int(self.places.size)

    @property
    def effective_n(self) -> float:
        """Kish's effective number of answers."""
        weights = self.answers.weights
        return float(self.n) if weights is None else float(weights.sum() ** 2 / (weights**2).sum())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupSetting:
    """What every comparison of one call shares.

    Attributes
    ----------
    groups : mapping of str to Group
        Those that can be compared, in order.
    pooled : Answers
        The answers of all of them.
    rows : (n, items)
        The same as they were given; gaps are not-a-numbers.
    left_out : tuple of str
        Groups that cannot be compared.
    unused : int
        Answers that the rule for gaps left out.
    """

    groups: Mapping[str, Group]
    pooled: Answers
    rows: Floats
    left_out: tuple[str, ...]
    unused: int
    structure: Structure
    options: FitOptions
    permutations: int
    resamples: int
    seed: int
    level: float

    @property
    def names(self) -> tuple[str, ...]:
        """The groups, in order."""
        return tuple(self.groups)

    def index_shape(self, pooled: Sums) -> Floats:
        """Return the weights of the index (items, R), by the definition asked for, of pooled answers."""
        definition = self.options.index
        solution = pooled.solve(self.structure, rules_of_definition(definition, self.options.rules))
        return index_weights(definition, solution.weights, solution.deviations, self.structure)

    def score_shape(self, pooled: Solution) -> Floats:
        """Return the weights of the model's own scores (items, R): measurement is compared, not an index."""
        return index_weights("B", pooled.weights, pooled.deviations, self.structure)


def group_setting(
    rows: Floats,
    labels: NDArray[np.object_],
    weights: Floats | None,
    structure: Structure,
    options: FitOptions,
    *,
    permutations: int,
    resamples: int,
    seed: int,
    level: float,
    without: Collection[str] = (),
) -> GroupSetting:
    """Make the groups of some answers ready, leaving out `without` and those that cannot be estimated."""
    gaps = np.isnan(rows)
    used = ~gaps.any(axis=1) if options.missing == "casewise" else ~gaps.all(axis=1)
    names = sorted({label for label in labels.tolist() if label is not None and label == label}, key=str)
    every = {str(name): np.flatnonzero(used & (labels == name)) for name in names}
    shares = {str(name): float(gaps[labels == name].mean()) for name in names}
    estimable = {
        name: _estimable(rows, weights, places, structure, options) for name, places in every.items()
    }
    kept = [name for name, found in estimable.items() if found is not None and name not in without]
    if len(kept) < 2:
        raise _too_few(options)
    order = np.concatenate([every[name] for name in kept])
    pooled = prepared_answers(rows[order], None if weights is None else weights[order], options.missing)
    groups, first = {}, 0
    for name in kept:
        found = estimable[name]
        assert found is not None
        places = np.arange(first, first + every[name].size)
        groups[name] = Group(name=name, places=places, answers=found[0], solution=found[1], gaps=shares[name])
        first += places.size
    return GroupSetting(
        groups=groups,
        pooled=pooled,
        rows=rows[order],
        left_out=tuple(name for name in every if name not in kept),
        unused=int((~used).sum()),
        structure=structure,
        options=options,
        permutations=permutations,
        resamples=resamples,
        seed=seed,
        level=level,
    )


def _estimable(
    rows: Floats, weights: Floats | None, places: Places, structure: Structure, options: FitOptions
) -> tuple[Answers, Solution] | None:
    """Return a group's answers and solution; None where answers are too few or an item does not vary."""
    own = None if weights is None else weights[places]
    counted = rows[places] if own is None else rows[places[own > 0]]
    answered = (~np.isnan(counted)).sum(axis=0)
    if len(counted) < LEAST or answered.min() < LEAST or not (np.nanstd(counted, axis=0) > 0).all():
        return None
    try:
        answers = prepared_answers(rows[places], own, options.missing)
    except BadValue:  # gaps that leave the correlations of so few answers open
        return None
    solution = answers.solve(np.ones((1, answers.n), dtype=np.float32), structure, options.rules)
    return (answers, solution) if solution.usable.all() and solution.iterations[0] > 0 else None


def _too_few(options: FitOptions) -> BadValue:
    if options.missing == "casewise":
        return BadValue(
            Text("There are not two groups to compare."),
            hint=Text(
                "Choose a column with at least two values of {least} complete answers or more, in which no "
                "item was answered alike by all; or let answers with gaps count (missing='em').",
                least=LEAST,
            ),
        )
    return BadValue(
        Text("There are not two groups to compare."),
        hint=Text(
            "Choose a column with at least two values that have {least} answers or more to each item, not "
            "all alike, or drop the items that most left out.",
            least=LEAST,
        ),
    )
