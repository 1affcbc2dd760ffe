"""Charts as parts of a page: inline SVG that takes the page's colours and type, one for each width."""

from __future__ import annotations

import re
from dataclasses import dataclass

from leal.charts import Style, to_svg
from leal.checks import Picture
from leal.wording import Language

WIDE, NARROW = 736, 350

_FONT = re.compile(r' font-family="[^"]*"')
_MACHINE = re.compile(r' (?:aria-[\w-]+|role|pointer-events|class|xmlns:xlink|version)="[^"]*"')
_SIZE = re.compile(r'<svg ([^>]*?)width="(\d+)" height="(\d+)"')
_IDENTIFIER = re.compile(r'(\bid="|url\(#|href="#)([\w-]+)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A picture drawn for a page.

    Attributes
    ----------
    title, description : str
        What the chart says; the same for readers who cannot see it.
    wide, narrow : str
        Inline SVG for a desk's and for a phone's width.
    """

    title: str
    description: str
    wide: str
    narrow: str


def draw(picture: Picture, language: Language, name: str) -> Figure:
    """Return a picture drawn for both widths; `name` keeps its identifiers apart from other pictures'."""
    return Figure(
        title=picture.title.into(language),
        description=picture.description.into(language),
        wide=_inline(picture, language, WIDE, f"{name}-w"),
        narrow=_inline(picture, language, NARROW, f"{name}-n"),
    )


def _inline(picture: Picture, language: Language, width: int, name: str) -> str:
    chart = picture.draw(Style(language=language, theme="page", width=width))
    return for_page(to_svg(chart), name)


def for_page(svg: str, name: str) -> str:
    """Return an SVG fit to stand in a page: own identifiers, the page's type, scaled by its box.

    The page describes the picture once, so the parts of the drawing are hidden from screen readers.
    """
    plain = _MACHINE.sub("", _FONT.sub("", svg))
    own = _IDENTIFIER.sub(rf"\g<1>{name}-\g<2>", plain)
    return _SIZE.sub(r'<svg aria-hidden="true" focusable="false" \1style="max-width:\2px"', own, count=1)
