"""Charts for documents that are printed or shown: on an opaque ground, none higher than the page can bear."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from leal.charts import Chart, Style, to_pdf, to_png
from leal.checks import Picture
from leal.wording import Language

_MEDIA_BOX = re.compile(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]")
_PNG_SIZE = slice(16, 24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A chart as a picture; `aspect` is its height over its width, `pixels` the width it was drawn for."""

    content: bytes
    aspect: float
    pixels: int

    def width(self, widest: float, highest: float) -> float:
        """Return the width, in the unit of the limits, with which it keeps within both."""
        return min(widest, highest / self.aspect)

    def magnified(self, widest: float, highest: float) -> float:
        """Return how large its letters become within both limits."""
        return self.width(widest, highest) / self.pixels


def png_picture(picture: Picture, language: Language, *, width: int, scale: float, ground: str) -> Printed:
    """Return a chart as PNG on a ground of one colour."""
    content = to_png(_chart(picture, language, width, ground), scale)
    wide, high = struct.unpack(">II", content[_PNG_SIZE])
    return Printed(content=content, aspect=high / wide, pixels=width)


def pdf_picture(picture: Picture, language: Language, *, width: int) -> Printed:
    """Return a chart as PDF on white."""
    content = to_pdf(_chart(picture, language, width, "#ffffff"))
    box = _MEDIA_BOX.search(content)
    aspect = float(box[2]) / float(box[1]) if box else 0.5
    return Printed(content=content, aspect=aspect, pixels=width)


def _chart(picture: Picture, language: Language, width: int, ground: str) -> Chart:
    chart: Chart = picture.draw(Style(language=language, theme="page", width=width))
    chart.background = ground
    return chart
