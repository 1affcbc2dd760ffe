"""Vega-Altair charts from plain tables, so that any floor may draw; SVG and PNG in two themes."""

from leal.charts.style import Style, Theme

__all__ = ["Style", "Theme"]
