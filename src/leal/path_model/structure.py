"""A path model as the arrays that the compiled algorithm reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from leal.path_model.specification import PathModel

_MODES = {"A": 0, "B": 1, "unit": 2}


@dataclass(frozen=True)
class Structure:
    """The arrays of one model.

    Attributes
    ----------
    model : PathModel
        The model; items are in block order.
    """

    model: PathModel

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """First item of each block, and the number of items at the end."""
        sizes = [len(construct.items) for construct in self.model.constructs]
        return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)

    @cached_property
    def block(self) -> NDArray[np.int64]:
        """The construct that each item measures."""
        owners = [place for place, construct in enumerate(self.model.constructs) for _ in construct.items]
        return np.array(owners, dtype=np.int64)

    @property
    def constructs(self) -> int:
        """The number of constructs."""
        return len(self.model.constructs)

    @cached_property
    def modes(self) -> NDArray[np.int64]:
        """The mode of each construct, as the kernel's number."""
        return np.array([_MODES[construct.mode] for construct in self.model.constructs], dtype=np.int64)

    @cached_property
    def sources(self) -> NDArray[np.bool_]:
        """sources[m, j]: whether a path leads from m to j."""
        names = list(self.model.names)
        sources = np.zeros((self.constructs, self.constructs), dtype=np.bool_)
        for source, target in self.model.paths:
            sources[names.index(source), names.index(target)] = True
        return sources

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """How many paths lead to each construct."""
        return np.asarray(self.sources.sum(axis=0), dtype=np.int64)

    @cached_property
    def predictors(self) -> NDArray[np.int64]:
        """The constructs that lead to each construct, -1 behind the last."""
        predictors = np.full((self.constructs, self.constructs), -1, dtype=np.int64)
        for target in range(self.constructs):
            leading = np.flatnonzero(self.sources[:, target])
            predictors[target, : leading.size] = leading
        return predictors

    @cached_property
    def causes_first(self) -> tuple[int, ...]:
        """The constructs in an order in which every path leads forward."""
        order: list[int] = []
        while len(order) < self.constructs:
            known = np.zeros(self.constructs, dtype=np.bool_)
            known[order] = True
            order += np.flatnonzero(~known & ~self.sources[~known].any(axis=0)).tolist()
        return tuple(order)

    @cached_property
    def effect_places(self) -> tuple[list[int], list[int]]:
        """Which constructs lead to which, directly or not: sources and targets, target by target."""
        reach = self.sources.copy()
        for target in self.causes_first:
            for source in np.flatnonzero(self.sources[:, target]):
                reach[:, target] |= reach[:, source]
        targets, sources = np.nonzero(reach.T)
        return sources.tolist(), targets.tolist()

    @cached_property
    def wanted(self) -> NDArray[np.bool_]:
        """The construct correlations that the iteration reads: of neighbours, and among predictors."""
        wanted = self.sources | self.sources.T
        for target in range(self.constructs):
            leading = np.flatnonzero(self.sources[:, target])
            wanted[np.ix_(leading, leading)] = True
        return wanted

    @cached_property
    def needed(self) -> NDArray[np.bool_]:
        """The products of item and construct that the iteration reads."""
        return np.asarray(self.wanted[self.block])
