"""Where the boxes of a path diagram stand: few crossings, no arrow through a box, causes before effects.

Boxes stand on a grid finer than themselves. From several starts one box at a time is moved to (or swapped
with) the place that costs least, until no move helps; all moves of a round are weighed in one batch. The same
model always gets the same picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

_STARTS = 10
_ROUNDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The paper that boxes are laid on, in pixels.

    Attributes
    ----------
    width, height : float
        The paper.
    box : (float, float)
        Width and height of a box.
    gap : (float, float)
        Least room between boxes, for labels.
    downwards : bool
        Whether causes stand above effects (a phone) instead of left of them.
    """

    width: float
    height: float
    box: tuple[float, float]
    gap: tuple[float, float]
    downwards: bool

    def places(self) -> Floats:
        """Return the grid that the middles of boxes may stand on (places, 2)."""
        wide, tall = self.box
        columns = max(1, round((self.width - wide) / (0.5 * (wide + self.gap[0]))) + 1)
        rows = max(1, round((self.height - tall) / (0.5 * (tall + self.gap[1]))) + 1)
        x = np.linspace(wide / 2, self.width - wide / 2, columns)
        y = np.linspace(tall / 2, self.height - tall / 2, rows)
        return np.array([(a, b) for b in y for a in x])


def depths(count: int, arrows: Iterable[tuple[int, int]]) -> list[int]:
    """Return how many arrows lie before each box at most, along the longest way."""
    depth = [0] * count
    arrows = list(arrows)
    for _ in range(count):
        for source, target in arrows:
            depth[target] = max(depth[target], depth[source] + 1)
    return depth


@lru_cache(maxsize=64)
def lay_boxes(count: int, arrows: tuple[tuple[int, int], ...], sheet: Sheet) -> Floats:
    """Return the middles of the boxes (count, 2).

    Parameters
    ----------
    count : int
        Number of boxes.
    arrows : tuple of (source, target)
        Arrows between them, without circles.
    sheet : Sheet
        The paper.
    """
    grid = sheet.places()
    ends = np.array(arrows, dtype=np.intp).reshape(-1, 2)
    generator = np.random.default_rng(0)
    order = np.argsort(depths(count, arrows), kind="stable")
    best, least = np.arange(count), np.inf
    for start in range(_STARTS):
        chosen = _first(count, order, grid, sheet, generator if start else None)
        found, cost = _settled(chosen, grid, ends, sheet)
        if cost < least - 1e-9:
            best, least = found, cost
    placed = _drawn_in(np.asarray(grid[best]), sheet)
    placed.setflags(write=False)
    return placed


def _drawn_in(middles: Floats, sheet: Sheet) -> Floats:
    """Return the boxes moved up to the top, spread over the whole width."""
    out = middles.copy()
    out[:, 1] -= out[:, 1].min() - sheet.box[1] / 2
    low, high = out[:, 0].min(), out[:, 0].max()
    if high > low:
        out[:, 0] = sheet.box[0] / 2 + (out[:, 0] - low) / (high - low) * (sheet.width - sheet.box[0])
    return out


def _first(
    count: int, order: Integers, grid: Floats, sheet: Sheet, generator: np.random.Generator | None
) -> Integers:
    """Return places in the order of depth along the flow, scattered across it."""
    along = grid[:, 1] if sheet.downwards else grid[:, 0]
    sorted_places = np.lexsort((np.arange(len(grid)) * 7 % 11, along))
    steps = np.linspace(0, len(grid) - 1, count).astype(int)
    if generator is not None:
        steps = np.sort(generator.choice(len(grid), size=count, replace=False))
    chosen = np.empty(count, dtype=np.intp)
    chosen[order] = sorted_places[steps]
    return chosen


def _settled(chosen: Integers, grid: Floats, ends: Integers, sheet: Sheet) -> tuple[Integers, float]:
    cost = float(_costs(grid[chosen][None], ends, sheet)[0])
    for _ in range(_ROUNDS):
        moves = _moves(chosen, len(grid))
        costs = _costs(grid[moves], ends, sheet)
        place = int(np.argmin(costs))
        if costs[place] >= cost - 1e-9:
            break
        chosen, cost = moves[place], float(costs[place])
    return chosen, cost


def _moves(chosen: Integers, places: int) -> Integers:
    """Return every arrangement that one move or swap away gives (moves, count)."""
    count = chosen.size
    moved = np.repeat(chosen[None], count * places, axis=0)
    box, place = np.divmod(np.arange(count * places), places)
    held = chosen[None] == place[:, None]
    moved = np.where(held, chosen[box][:, None], moved)
    moved[np.arange(len(moved)), box] = place
    return np.asarray(moved)


def _costs(middles: Floats, ends: Integers, sheet: Sheet) -> Floats:
    """Return what each arrangement costs (arrangements,); middles is (arrangements, count, 2)."""
    return np.asarray(
        _overlaps(middles, sheet)
        + _against_the_flow(middles, ends, sheet)
        + _crossings(middles, ends)
        + _through_boxes(middles, ends, sheet)
        + _lengths(middles, ends)
        + _crowded_labels(middles, ends)
    )


def _overlaps(middles: Floats, sheet: Sheet) -> Floats:
    first, second = np.triu_indices(middles.shape[1], 1)
    apart = np.abs(middles[:, first] - middles[:, second])
    room = np.array(sheet.box) + np.array(sheet.gap)
    lacking = np.clip(1 - apart / room, 0, None).min(axis=2)
    return np.asarray(2000 * (lacking > 1e-6).sum(axis=1) + 3000 * lacking.sum(axis=1))


def _against_the_flow(middles: Floats, ends: Integers, sheet: Sheet) -> Floats:
    axis = 1 if sheet.downwards else 0
    step = middles[:, ends[:, 1], axis] - middles[:, ends[:, 0], axis]
    wanted = 0.5 * (sheet.box[axis] + sheet.gap[axis])
    return np.asarray((90 * np.clip(1 - step / wanted, 0, 8)).sum(axis=1))


def _crossings(middles: Floats, ends: Integers) -> Floats:
    first, second = np.triu_indices(len(ends), 1)
    apart = np.array(
        [len({*ends[i].tolist(), *ends[k].tolist()}) == 4 for i, k in zip(first, second, strict=True)],
        dtype=bool,
    )
    first, second = first[apart], second[apart]
    if not first.size:
        return np.zeros(len(middles))
    a, b = middles[:, ends[first, 0]], middles[:, ends[first, 1]]
    c, d = middles[:, ends[second, 0]], middles[:, ends[second, 1]]
    crossed = (_side(a, b, c) * _side(a, b, d) < 0) & (_side(c, d, a) * _side(c, d, b) < 0)
    return np.asarray(60.0 * crossed.sum(axis=1))


def _side(a: Floats, b: Floats, point: Floats) -> Floats:
    return np.asarray(
        (b[..., 0] - a[..., 0]) * (point[..., 1] - a[..., 1])
        - (b[..., 1] - a[..., 1]) * (point[..., 0] - a[..., 0])
    )


def _through_boxes(middles: Floats, ends: Integers, sheet: Sheet) -> Floats:
    """Return the cost of arrows that pass through or near boxes that they do not join."""
    half = np.array(sheet.box) / 2 + 10
    scaled = middles / half
    a, b = scaled[:, ends[:, 0]][:, :, None], scaled[:, ends[:, 1]][:, :, None]
    boxes = scaled[:, None]
    along = b - a
    length = np.maximum((along**2).sum(axis=3), 1e-12)
    share = np.clip(((boxes - a) * along).sum(axis=3) / length, 0, 1)
    nearest = np.abs(a + share[..., None] * along - boxes).max(axis=3)
    joined = np.zeros((len(ends), middles.shape[1]), dtype=bool)
    joined[np.arange(len(ends)), ends[:, 0]] = joined[np.arange(len(ends)), ends[:, 1]] = True
    near = np.clip(1.3 - nearest, 0, None) * ~joined
    return np.asarray((150 * (near > 0) + 200 * near).sum(axis=(1, 2)))


def _lengths(middles: Floats, ends: Integers) -> Floats:
    along = middles[:, ends[:, 1]] - middles[:, ends[:, 0]]
    return np.asarray((np.sqrt((along**2).sum(axis=2)) / 14).sum(axis=1))


def _crowded_labels(middles: Floats, ends: Integers) -> Floats:
    first, second = np.triu_indices(len(ends), 1)
    halfway = (middles[:, ends[:, 0]] + middles[:, ends[:, 1]]) / 2
    apart = np.abs(halfway[:, first] - halfway[:, second])
    crowded = (apart[..., 0] < 40) & (apart[..., 1] < 18)
    return np.asarray(25.0 * crowded.sum(axis=1))
