"""The one look of Leal's charts: colours for three themes, type, axes.

Light and dark are fixed palettes. The theme ``page`` names the CSS variables of the page around the SVG, with
the light colour as the fallback, so that one inline SVG follows the light, dark and printed page. The groups
differ in lightness as well as in hue, and every chart also writes their names, so colour never stands alone.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, cast

from leal.charts.names import group_key
from leal.charts.numbers import number_locale, time_locale
from leal.charts.style import Style, Theme
from leal.wording import Text

if TYPE_CHECKING:
    from leal.charts.rendering import Chart

FONT = '"Inter", -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif'
SIZE = 13
SMALL = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of a theme, each by what it is for.

    Attributes
    ----------
    paper, ink, muted, line, soft
        Background, text, quiet text, rules and grid, quiet fills.
    accent, accent_soft
        The one colour of emphasis, and its fill.
    detractor, passive, promoter, other
        The groups of the NPS and what is none of them; `on_...` is the text that stands on each.
    guarded, exposed, unknown
        The verdicts of a check.
    """

    paper: str
    ink: str
    muted: str
    line: str
    soft: str
    accent: str
    accent_soft: str
    detractor: str
    passive: str
    promoter: str
    other: str
    on_detractor: str
    on_passive: str
    on_promoter: str
    on_other: str
    guarded: str
    exposed: str
    unknown: str


_LIGHT = Palette(
    paper="#fcfbf8",
    ink="#1d1f21",
    muted="#5d636b",
    line="#dfdbd2",
    soft="#f1eee7",
    accent="#1f5a7d",
    accent_soft="#bfd5e2",
    detractor="#bf452c",
    passive="#e2b44a",
    promoter="#1e7a68",
    other="#c5c4bf",
    on_detractor="#ffffff",
    on_passive="#1d1f21",
    on_promoter="#ffffff",
    on_other="#1d1f21",
    guarded="#1e7a68",
    exposed="#b03c25",
    unknown="#5d636b",
)

_DARK = Palette(
    paper="#15181b",
    ink="#ece9e3",
    muted="#a5abb3",
    line="#343a40",
    soft="#1f2327",
    accent="#8bc0e4",
    accent_soft="#2b4a5e",
    detractor="#ef8469",
    passive="#e6c46c",
    promoter="#5dbda2",
    other="#5a6068",
    on_detractor="#15181b",
    on_passive="#15181b",
    on_promoter="#15181b",
    on_other="#ece9e3",
    guarded="#6ac7ad",
    exposed="#f28f76",
    unknown="#a5abb3",
)


def _variable(name: str) -> str:
    return f"--leal-{name.replace('_', '-')}"


_PAGE = Palette(
    **{
        field.name: f"var({_variable(field.name)}, {getattr(_LIGHT, field.name)})"
        for field in fields(Palette)
    }
)

_PALETTES: dict[Theme, Palette] = {"light": _LIGHT, "dark": _DARK, "page": _PAGE}


def palette(theme: Theme) -> Palette:
    """Return the colours of a theme."""
    return _PALETTES[theme]


def css_variables(theme: Theme) -> str:
    """Return the declarations that a page gives its root, so that charts of the theme ``page`` follow it.

    Parameters
    ----------
    theme : {"light", "dark"}
        Whose colours the variables get.

    Returns
    -------
    str
        ``--leal-ink: #1d1f21; --leal-muted: ...``
    """
    colours = palette(theme)
    return " ".join(f"{_variable(field.name)}: {getattr(colours, field.name)};" for field in fields(Palette))


GROUPS = ("detractors", "passives", "promoters")
"""The groups of the NPS from left to right, by the names that charts and tables use."""


def group_colour(name: str, colours: Palette) -> str:
    """Return the fill of a group; what is no group of the NPS gets the neutral one."""
    return cast(str, getattr(colours, group_key(name) or "other"))


def text_on_group(name: str, colours: Palette) -> str:
    """Return the colour of text that stands on the fill of a group."""
    return cast(str, getattr(colours, f"on_{group_key(name) or 'other'}"))


def dress(chart: Chart, style: Style, description: Text) -> Chart:
    """Give a finished chart its theme, its language and the sentence for readers who cannot see it."""
    colours = palette(style.theme)
    embed = {
        "formatLocale": number_locale(style.language),
        "timeFormatLocale": time_locale(style.language),
        "actions": False,
    }
    # The chart is this package's own, so it is changed in place: Altair's properties() copies all of it.
    chart.description = description.into(style.language)
    chart.usermeta = {"embedOptions": embed}
    chart.background = "transparent" if style.theme == "page" else colours.paper
    chart.padding = {"left": 0, "right": 0, "top": 4, "bottom": 2} if style.theme == "page" else 16
    chart.config = _config(colours)
    return chart


def _config(colours: Palette) -> dict[str, Any]:
    return {
        "font": FONT,
        "view": {"stroke": None},
        "axis": _axis(colours),
        "text": {"fontSize": SIZE, "color": colours.ink, "aria": False},
        "mark": {"color": colours.accent, "aria": False},
        "rule": {"color": colours.line, "aria": False},
        "concat": {"spacing": 12},
        "legend": {"aria": False, "labelColor": colours.ink, "titleColor": colours.muted},
    }


def _axis(colours: Palette) -> dict[str, Any]:
    return {
        "aria": False,
        "domain": False,
        "ticks": False,
        "gridColor": colours.line,
        "gridWidth": 1,
        "labelColor": colours.muted,
        "labelFontSize": SMALL,
        "labelPadding": 6,
        "titleColor": colours.muted,
        "titleFontSize": SMALL,
        "titleFontWeight": "normal",
        "titlePadding": 8,
    }
