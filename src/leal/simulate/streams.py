"""Named streams of random numbers: what one table draws never depends on what another one drew."""

from __future__ import annotations

from zlib import crc32

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence


class Streams:
    """A family of generators, one a name and index, all from one seed.

    Draws are taken one customer after another, so the first 1,000 customers of a company of 10,000 are those
    of a company of 1,000 with the same seed.

    Examples
    --------
    >>> few, many = Streams(7)("joined").random(2), Streams(7)("joined").random(5)
    >>> bool((few == many[:2]).all())
    True
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __call__(self, name: str, *index: int) -> Generator:
        """Return the generator of that name and index, at its beginning."""
        return Generator(PCG64(SeedSequence([self.seed, crc32(name.encode()), *index])))

    def choice(self, name: str, size: int, shares: tuple[float, ...], *index: int) -> np.ndarray:
        """Draw `size` whole numbers 0, 1, ... with the given shares."""
        edges = np.cumsum(shares)[:-1] / sum(shares)
        return np.searchsorted(edges, self(name, *index).random(size), side="right")
