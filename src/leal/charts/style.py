"""How a chart is dressed: language, and a theme of colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from leal.wording import Language

Theme = Literal["light", "dark", "page"]
"""`page` leaves the colours to the CSS variables of the page around the SVG, so that it follows its mode."""

_NARROW = 480


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a chart function needs to know beside its table.

    Attributes
    ----------
    language : {"en", "ru"}
        Language of titles, axes and numbers.
    theme : {"light", "dark", "page"}
        Colours: fixed light or dark ones, or the page's CSS variables.
    width : int
        Width in pixels; below 480 (a phone) names stand above their marks instead of beside them.
    """

    language: Language = "en"
    theme: Theme = "light"
    width: int = 640

    @property
    def narrow(self) -> bool:
        """Whether the chart is for a phone's width."""
        return self.width < _NARROW


DEFAULT = Style()
"""English, light, 640 pixels wide."""
