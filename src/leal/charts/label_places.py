"""Where the names of points go, so that none covers another name or a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "right", "center"]

_CLEAR = 7.0
_LINE = 14.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A name and where it stands: `x` is its left end, right end or middle as `align` says."""

    words: str
    x: float
    y: float
    align: Align


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        """Tell whether two boxes overlap."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def place_labels(
    points: Sequence[tuple[float, float]],
    words: Sequence[str],
    widths: Sequence[float],
    room: tuple[float, float],
    shorter: Sequence[tuple[str, float]] = (),
) -> list[Label]:
    """Return where the names stand that find a free place; the others are left out.

    Names are placed in the order given, each at the first of eight places around its point that is free of
    points, of names placed before, and of the edges; else in its shorter form.

    Parameters
    ----------
    points : sequence of (x, y)
        In pixels from the top left; those that matter most first.
    words, widths : sequence
        The names, and about how many pixels each needs.
    room : (width, height)
        The size of the chart in pixels.
    shorter : sequence of (str, float)
        By point, a shorter form of its name and the pixels that it needs; none by default.
    """
    taken = [_Box(x - 6, y - 6, x + 6, y + 6) for x, y in points]
    placed: list[Label] = []
    for at, ((x, y), name, width) in enumerate(zip(points, words, widths, strict=True)):
        others = [box for number, box in enumerate(taken) if number != at]
        forms = [(name, width), *shorter[at : at + 1]]
        for label, box in (place for form in forms for place in _candidates(x, y, *form)):
            inside = box.left >= 0 and box.top >= 0 and box.right <= room[0] and box.bottom <= room[1]
            if inside and not any(box.meets(other) for other in others):
                placed.append(label)
                taken.append(box)
                break
    return placed


def _candidates(x: float, y: float, name: str, width: float) -> list[tuple[Label, _Box]]:
    """Return the eight places around a point, the best readable first."""
    places: list[tuple[float, float, Align]] = [
        (x + _CLEAR, y - 9, "left"),
        (x + _CLEAR, y + 10, "left"),
        (x - _CLEAR, y - 9, "right"),
        (x - _CLEAR, y + 10, "right"),
        (x + _CLEAR + 3, y, "left"),
        (x - _CLEAR - 3, y, "right"),
        (x, y - 15, "center"),
        (x, y + 16, "center"),
    ]
    return [
        (Label(words=name, x=at, y=line, align=align), _box(at, line, align, width))
        for at, line, align in places
    ]


def _box(x: float, y: float, align: Align, width: float) -> _Box:
    left = x if align == "left" else x - width if align == "right" else x - width / 2
    return _Box(left, y - _LINE / 2, left + width, y + _LINE / 2)
