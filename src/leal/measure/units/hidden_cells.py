"""Which figures must be hidden so that no small one can be found by subtracting the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]

_NOTHING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """One published figure that is the sum of others.

    Attributes
    ----------
    total : int
        Its place among the figures.
    parts : tuple of int
        The places of the figures that add up to it (together with what is never published).
    """

    total: int
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Figures that are to be published, and what each is the sum of.

    Attributes
    ----------
    n : array (figures,)
        People behind each figure.
    made_of : array (figures, atoms) of bool
        The smallest groups of people that each figure consists of; nobody is in two of them.
    relations : tuple of Relation
        Which figures add up to which.
    """

    n: npt.NDArray[np.int64]
    made_of: Flags
    relations: tuple[Relation, ...]


def hidden_figures(figures: Figures, k: int) -> Flags:
    """Return which figures must be hidden.

    Parameters
    ----------
    figures : Figures
        What is to be published.
    k : int
        Fewest people behind a figure that may be seen.

    Returns
    -------
    array of bool
        Figures of 1 to k - 1 people, and as many others (the smallest) as it takes that none of these can be
        found by adding and subtracting those that are seen, and that no sum of hidden ones that can be found
        is below k. A figure of nobody is never hidden and protects nothing.

    Notes
    -----
    A hidden figure can be found exactly where it is a linear combination of what is seen. Since every hidden
    figure has people behind it, one that is not such a combination can be larger or smaller than it is.
    """
    hidden: Flags = (figures.n > 0) & (figures.n < k)
    while True:
        more = _too_small_rest(figures, hidden, k)
        if more is None:
            more = _exposed(figures, hidden)
        if more is None:
            return hidden
        hidden[more] = True


def _too_small_rest(figures: Figures, hidden: Flags, k: int) -> int | None:
    """Return a figure to hide where a total less what is seen in it leaves fewer than k people."""
    for relation in figures.relations:
        if not hidden[relation.total]:
            seen = sum(_seen_within(figures, hidden, part) for part in relation.parts)
            if 0 < figures.n[relation.total] - seen < k:
                more = _smallest(figures, hidden, relation)
                return relation.total if more is None else more
    return None


def _seen_within(figures: Figures, hidden: Flags, place: int) -> int:
    """Return how many people of a figure can be seen: all, or those of its parts that are seen."""
    if not hidden[place]:
        return int(figures.n[place])
    below = [one.parts for one in figures.relations if one.total == place]
    return max((sum(_seen_within(figures, hidden, part) for part in parts) for parts in below), default=0)


def _exposed(figures: Figures, hidden: Flags) -> int | None:
    """Return a figure to hide where a hidden one follows from those that are seen."""
    found = recoverable(figures, hidden)
    if not found.any():
        return None
    place = int(np.flatnonzero(found)[0])
    beside = [one for one in figures.relations if place in one.parts and not hidden[one.total]]
    below = [one for one in figures.relations if one.total == place]
    for relation in (*below, *beside):
        more = _smallest(figures, hidden, relation)
        if more is not None:
            return more
    visible = np.flatnonzero(~hidden & (figures.n > 0))
    return int(visible[np.argmin(figures.n[visible])]) if visible.size else None


def recoverable(figures: Figures, hidden: Flags) -> Flags:
    """Return which hidden figures can be found exactly by adding and subtracting those that are seen."""
    alone = figures.made_of.sum(axis=1) == 1
    known = figures.made_of[alone & ~hidden].any(axis=0)
    unknown = figures.made_of[:, ~known].astype(np.float64)
    free = _null_space(unknown[~hidden])
    moved = np.abs(unknown @ free).max(axis=1, initial=0.0)
    return np.asarray(hidden & (moved < _NOTHING))


def _null_space(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    rows = rows[rows.any(axis=1)]
    size = rows.shape[1]
    if not rows.size:
        return np.eye(size)
    _, values, directions = np.linalg.svd(rows, full_matrices=True)
    rank = int((values > values.max(initial=0.0) * 1e-10).sum())
    return np.asarray(directions[rank:].T)


def _smallest(figures: Figures, hidden: Flags, relation: Relation) -> int | None:
    """Return the smallest part that is seen, looked for in parts of hidden parts where none is."""
    seen = [part for part in relation.parts if not hidden[part] and figures.n[part] > 0]
    if seen:
        return min(seen, key=lambda part: (figures.n[part], part))
    below = [one for one in figures.relations if one.total in relation.parts]
    found = [more for one in below if (more := _smallest(figures, hidden, one)) is not None]
    return min(found, key=lambda part: (figures.n[part], part), default=None)
