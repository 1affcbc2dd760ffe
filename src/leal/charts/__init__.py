"""Vega-Altair charts from plain tables, so that any floor may draw; SVG and PNG in two themes.

Every function takes a small Polars frame, aggregated already, whose columns its docstring names, and a
`Style`
(language, theme, width). An empty frame gives a chart that says so, a missing column a `MissingColumn`.
"""

from leal.charts.action_intervals import value_of_actions
from leal.charts.assumption_ranges import tornado
from leal.charts.bars import group_bars
from leal.charts.by_score import score_steps
from leal.charts.concentration import value_concentration
from leal.charts.distributions import draw_distributions
from leal.charts.effect_around_start import event_study
from leal.charts.effect_by_month import effect_curves
from leal.charts.equity_waterfall import waterfall
from leal.charts.foretold import foretold_numbers
from leal.charts.funding import funding_chances
from leal.charts.histogram import score_histogram
from leal.charts.index_bars import index_levels
from leal.charts.intervals import interval_bars
from leal.charts.ledger_waterfall import ledger_steps
from leal.charts.loadings import loadings_map, loadings_of
from leal.charts.loyalty import loyalty_cells
from leal.charts.loyalty_mix import way_mix
from leal.charts.matrix import movement_matrix
from leal.charts.movement_money import flow_money
from leal.charts.names import spoken, wave_words
from leal.charts.net_promoter import nps_bar
from leal.charts.noticing import noticing_bars
from leal.charts.numbers import Measure
from leal.charts.path_picture import path_diagram
from leal.charts.price_survey import price_curves
from leal.charts.priorities import priority_map
from leal.charts.ranks import rank_intervals
from leal.charts.rendering import Chart, to_pdf, to_png, to_svg
from leal.charts.retention import retention_by_group, retention_curves
from leal.charts.shares import share_bars
from leal.charts.stakes import money_ranking, wish_bars
from leal.charts.style import Style, Theme
from leal.charts.talk_fan import word_of_mouth_fan
from leal.charts.targeting_curve import targeting_chart
from leal.charts.theme import FONT, Palette, css_variables, palette
from leal.charts.tracking import purchase_tracking
from leal.charts.trend import score_trend
from leal.charts.wish_kinds import kano_map

__all__ = [
    "FONT",
    "Chart",
    "Measure",
    "Palette",
    "Style",
    "Theme",
    "css_variables",
    "draw_distributions",
    "effect_curves",
    "event_study",
    "flow_money",
    "foretold_numbers",
    "funding_chances",
    "group_bars",
    "index_levels",
    "interval_bars",
    "kano_map",
    "ledger_steps",
    "loadings_map",
    "loadings_of",
    "loyalty_cells",
    "money_ranking",
    "movement_matrix",
    "noticing_bars",
    "nps_bar",
    "palette",
    "path_diagram",
    "price_curves",
    "priority_map",
    "purchase_tracking",
    "rank_intervals",
    "retention_by_group",
    "retention_curves",
    "score_histogram",
    "score_steps",
    "score_trend",
    "share_bars",
    "spoken",
    "targeting_chart",
    "to_pdf",
    "to_png",
    "to_svg",
    "tornado",
    "value_concentration",
    "value_of_actions",
    "waterfall",
    "wave_words",
    "way_mix",
    "wish_bars",
    "word_of_mouth_fan",
]
