"""The Arrow-batch kernel: what relational engines cannot say is said once and runs on all of them.

A kernel reduces batches of rows to a small state, adds states up, and makes a result of the last one. It
knows no engine, file or clock, so that it runs streamed on one machine and in Spark's mapInArrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

Batch: TypeAlias = Any
"""A PyArrow record batch; PyArrow has no types of its own."""

ArrowTable: TypeAlias = Any
"""A PyArrow table."""

State: TypeAlias = Mapping[str, npt.NDArray[np.float64]]
"""Sums by name (of a group, of a part of the state): plain float64 arrays, flat once they have travelled."""

Result_co = TypeVar("Result_co", covariant=True)

NAME, VALUES = "name", "values"


class Kernel(Protocol[Result_co]):
    """A reduction in three pure functions.

    `merge` is associative and commutative, a missing name is zero, so the order of batches matters only to
    the last digits. Arrays of a state may come back flat: `merge` gives them their shape.
    """

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a batch must have."""
        ...

    def partial(self, batch: Batch) -> State:
        """Reduce one batch."""
        ...

    def merge(self, states: Iterable[State]) -> State:
        """Add states up; of no states, return the state of no rows."""
        ...

    def finish(self, state: State) -> Result_co:
        """Make the result of the merged state; runs once."""
        ...


def pack(state: State) -> ArrowTable:
    """Return a state as an Arrow table, a row a name: so it travels from Spark, is kept, and adds up."""
    import pyarrow as pa

    values = [np.asarray(array, dtype=np.float64).ravel() for array in state.values()]
    arrays = [pa.array(list(state), pa.string()), pa.array(values, pa.list_(pa.float64()))]
    return pa.table(arrays, names=[NAME, VALUES])


def unpack(table: ArrowTable) -> State:
    """Return the state that `pack` made a table of; its arrays are flat."""
    names, values = table.column(NAME).to_pylist(), table.column(VALUES)
    return {
        name: np.asarray(array.values, dtype=np.float64) for name, array in zip(names, values, strict=True)
    }


def add_states(states: Iterable[State]) -> dict[str, npt.NDArray[np.float64]]:
    """Return the sums of states name by name: the usual `merge`."""
    total: dict[str, npt.NDArray[np.float64]] = {}
    for state in states:
        for name, array in state.items():
            flat = np.asarray(array, dtype=np.float64).ravel()
            total[name] = total[name] + flat if name in total else flat
    return total
