"""Charts as pictures: SVG for pages, PDF for printed documents, PNG for mails and slides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import altair as alt

Chart: TypeAlias = "alt.Chart | alt.LayerChart | alt.FacetChart | alt.HConcatChart | alt.VConcatChart"
"""What every function of charts/ returns: a Vega-Altair chart, live in a notebook, a picture elsewhere."""

# Where the font that is found lacks a sign, the renderer sets the whole line in any font that has it, often
# one with serifs. Liberation Sans, the font of most servers, lacks the rouble's sign; DejaVu Sans has it.
_LINE_WITH_ROUBLE = re.compile(r"<text\b[^>]*>(?:(?!</text>).)*₽", re.DOTALL)
_LACKING, _HAVING = "Liberation Sans", "DejaVu Sans"
_VARIABLE = re.compile(r"var\(--[\w-]+, (#[0-9a-f]+)\)")


def to_svg(chart: Chart) -> str:
    """Return a chart as an SVG element, texts as texts, without any outside reference.

    Parameters
    ----------
    chart : Vega-Altair chart
        As the functions of this package return it; its language travels with it.
    """
    import vl_convert

    specification, locales = _specification(chart)
    return str(vl_convert.vegalite_to_svg(specification, **locales))


def to_png(chart: Chart, scale: float = 2) -> bytes:
    """Return a chart as a PNG picture.

    Parameters
    ----------
    chart : Vega-Altair chart
        As the functions of this package return it. A chart of the theme ``page`` gets the light colours.
    scale : float
        Pixels of the picture for one pixel of the chart.
    """
    import vl_convert

    return bytes(vl_convert.svg_to_png(_plain_svg(chart), scale=scale))


def to_pdf(chart: Chart) -> bytes:
    """Return a chart as a one-page PDF with its fonts in it, for documents that a machine without fonts sets.

    Parameters
    ----------
    chart : Vega-Altair chart
        As the functions of this package return it. A chart of the theme ``page`` gets the light colours.
    """
    import vl_convert

    return bytes(vl_convert.svg_to_pdf(_plain_svg(chart)))


def _specification(chart: Chart) -> tuple[dict[str, Any], dict[str, Any]]:
    specification: dict[str, Any] = chart.to_dict(validate=False)
    embed = specification.get("usermeta", {}).get("embedOptions", {})
    locales = {
        "format_locale": embed.get("formatLocale"),
        "time_format_locale": embed.get("timeFormatLocale"),
    }
    return specification, locales


def _plain_svg(chart: Chart) -> str:
    """Return a chart as SVG for a renderer that knows no CSS variables or second fonts."""
    import vl_convert

    specification, locales = _specification(chart)
    drawn = str(vl_convert.vegalite_to_svg(_without_variables(specification), **locales))
    return _LINE_WITH_ROUBLE.sub(lambda line: line[0].replace(_LACKING, _HAVING), drawn)


def _without_variables(value: Any) -> Any:
    """Return a specification whose CSS variables are replaced by their fallback colours."""
    if isinstance(value, str):
        return _VARIABLE.sub(r"\1", value)
    if isinstance(value, dict):
        return {name: _without_variables(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_without_variables(item) for item in value]
    return value
