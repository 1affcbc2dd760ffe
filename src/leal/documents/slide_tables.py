"""How a table stands on slides: in type that the last row can read, on several slides where it is long."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from leal.documents.spoken_document import SpokenTable

SIZES = (16.0, 14.0, 13.0, 12.0)
"""Sizes of type in points, the best first; none is smaller than the last."""

_LETTERS = 145
"""Letters of one point that an inch holds: 158 are measured, less what is lost where lines end."""
_WIDEST = 1.2
"""How much wider than the average a word may run: bold, or of broad letters."""
_MARGIN = 0.18
"""Inches of a cell's width that hold no letters."""
_LEADING, _PADDING = 1.2, 6.0
"""Height of a line by its size of type; points of a row beside its lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePage:
    """A piece of a table that one slide holds, and the size of its type in points."""

    table: SpokenTable
    size: float


def table_pages(table: SpokenTable, breadth: float, height: float) -> list[TablePage]:
    """Return a table in pieces that fit on slides, all in one size of type.

    Parameters
    ----------
    table : SpokenTable
        The table, whole.
    breadth, height : float
        Room for it on each slide, in inches.

    Notes
    -----
    As few slides as the smallest size takes, and then the largest size that takes no more of them and breaks
    no word; each slide has about as many lines as the others.
    """
    sizes = [size for size in SIZES if _keeps_words(table, breadth, size)] or [SIZES[-1]]
    cut = [(size, _cut(table, breadth, height, size)) for size in sizes]
    fewest = len(cut[-1][1])
    size, ends = next((size, ends) for size, ends in cut if len(ends) <= fewest)
    starts = [0, *ends[:-1]]
    return [
        TablePage(table=_piece(table, start, end), size=size) for start, end in zip(starts, ends, strict=True)
    ]


def _keeps_words(table: SpokenTable, breadth: float, size: float) -> bool:
    """Tell whether the longest word of every column stands on one line, were it in bold type."""
    columns = zip(table.heads, *table.rows, strict=True)
    longest = [max((len(word) for cell in cells for word in cell.split()), default=0) for cells in columns]
    return all(
        _WIDEST * letters <= _LETTERS / size * (breadth * share - _MARGIN)
        for letters, share in zip(longest, table.shares, strict=True)
    )


def _cut(table: SpokenTable, breadth: float, height: float, size: float) -> list[int]:
    """Return behind which rows slides end with one size of type."""
    room = height - _height(table.heads, table.shares, breadth, size)
    heights = [_height(row, table.shares, breadth, size) for row in table.rows]
    return _ends(heights, room) if heights else [0]


def _ends(heights: list[float], room: float) -> list[int]:
    """Return behind which rows a slide ends: as few slides as the room allows, filled about alike."""
    fewest = len(_filled(heights, room))
    even = max(sum(heights) / fewest, max(heights))
    while len(_filled(heights, even)) > fewest:
        even = min(even * 1.05, room)
    return _filled(heights, even)


def _filled(heights: list[float], room: float) -> list[int]:
    """Return behind which rows slides end that are filled one after another."""
    ends, used = [], 0.0
    for at, height in enumerate(heights):
        if at and used + height > room and used > 0:
            ends.append(at)
            used = 0.0
        used += height
    return [*ends, len(heights)]


def _piece(table: SpokenTable, start: int, end: int) -> SpokenTable:
    marks = {(at - start, place): mark for (at, place), mark in table.marks.items() if start <= at < end}
    return replace(table, rows=table.rows[start:end], marks=marks)


def _height(cells: list[str], shares: list[float], breadth: float, size: float) -> float:
    """Return the height of a row in inches."""
    lines = [
        math.ceil(len(words) / max(1, int(_LETTERS / size * (breadth * share - _MARGIN))))
        for words, share in zip(cells, shares, strict=True)
    ]
    return (max(1, *lines) * size * _LEADING + _PADDING) / 72
