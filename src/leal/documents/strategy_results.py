"""Results of later analyses in a strategy: what is given by name finds its part by one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from leal.documents.document import Block, Figure, Paragraph, Shown, Subheading
from leal.documents.strategy_material import Material
from leal.wording import Text

Dressed = Callable[[Any], tuple[Block, ...]]


def plain(result: Any) -> tuple[Block, ...]:
    """Return the sentence of any result of Leal, its tables and its charts where it has them."""
    blocks: list[Block] = [Paragraph(text=result.sentence())]
    blocks += [Shown(exhibit=exhibit) for exhibit in getattr(result, "exhibits", ())]
    blocks += [Figure(picture=picture) for picture in getattr(result, "pictures", ())]
    blocks += [Paragraph(text=note.text, kind="quiet") for note in getattr(result, "notes", ())]
    return tuple(blocks)


PLACES: Mapping[str, tuple[int, Text, Dressed]] = {}
"""By the name of a result: the part that it stands in, its heading, how it is dressed."""


def added(material: Material, part: int) -> tuple[Block, ...]:
    """Return the results that were given for a part, each under its heading."""
    blocks: list[Block] = []
    for name, (place, heading, dressed) in PLACES.items():
        if place == part and material.results.get(name) is not None:
            blocks += [Subheading(text=heading), *dressed(material.results[name])]
    return tuple(blocks)
