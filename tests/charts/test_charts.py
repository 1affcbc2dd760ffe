from __future__ import annotations

import json
import re
import struct
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any, get_args

import polars as pl
import pytest
from tests.charts.samples import CHARTS, MONTHS, NPS, STAKES, TREND

from leal.charts import Style, Theme, interval_bars, money_ranking, nps_bar, score_trend, to_png, to_svg
from leal.errors import MissingColumn
from leal.wording import LANGUAGES, Text

HOSTILE = "<script>alert('x')</script> & \"Ю\" {braces} \\n"


def words(svg: str) -> str:
    return " ".join(text for node in ET.fromstring(svg).iter() for text in [node.text or ""] if text.strip())


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_is_a_well_formed_svg_in_both_languages_and_widths(name: str) -> None:
    for language in LANGUAGES:
        for width in (680, 350):
            svg = to_svg(CHARTS[name](Style(language=language, theme="page", width=width)))
            root = ET.fromstring(svg)
            assert words(svg)
            assert float(root.attrib["width"]) <= width + 24, "the chart stays within its width"
            assert "http" not in svg.replace("http://www.w3.org", ""), "nothing is fetched"


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_is_a_png_in_fixed_themes(name: str) -> None:
    for theme in ("light", "dark"):
        picture = to_png(CHARTS[name](Style(theme=theme)), scale=1)
        assert picture.startswith(b"\x89PNG")
        width, height = struct.unpack(">II", picture[16:24])
        assert width > 300
        assert height > 40


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_has_a_description_in_its_language(name: str) -> None:
    for language in LANGUAGES:
        description = CHARTS[name](Style(language=language)).to_dict()["description"]
        assert description
        assert bool(re.search("[а-яё]", description)) == (language == "ru")


def test_the_page_theme_passes_css_variables_through() -> None:
    svg = to_svg(nps_bar(NPS.head(1), Style(theme="page")))
    assert "var(--leal-promoter, #" in svg
    assert to_png(nps_bar(NPS.head(1), Style(theme="page")), scale=1).startswith(b"\x89PNG")


def test_a_russian_chart_has_decimal_commas_and_russian_months() -> None:
    svg = to_svg(score_trend(TREND, Style(language="ru")))
    assert "апр" in words(svg)
    assert "Apr" not in words(svg)
    money = to_svg(money_ranking(STAKES, Style(language="ru"), currency="RUB"))
    assert "12,4\u00a0млн\u00a0₽" in words(money)
    assert "уязвимо" in words(money)


def test_an_empty_table_is_said() -> None:
    for style in (Style(), Style(language="ru")):
        svg = to_svg(interval_bars(NPS.rename({"group": "name"}).clear(), style))
        assert ("Здесь нет данных" if style.language == "ru" else "There are no data") in words(svg)


def test_a_missing_column_is_an_error_that_names_it() -> None:
    with pytest.raises(MissingColumn, match="ci_low"):
        interval_bars(pl.DataFrame({"name": ["a"], "estimate": [1.0]}))


@pytest.mark.parametrize("chart", [CHARTS["intervals"], CHARTS["nps_groups"]])
def test_hostile_names_stay_words(chart: Callable[[Style], Any]) -> None:
    table = NPS.with_columns(group=pl.lit(HOSTILE))
    svg = to_svg(nps_bar(table))
    assert "<script>" not in svg
    assert "alert" in words(svg)


def test_rows_with_the_same_name_stay_apart() -> None:
    table = NPS.with_columns(name=pl.lit("branch"))
    assert words(to_svg(interval_bars(table))).count("branch") == NPS.height


def test_what_is_unknown_is_a_dash_and_no_mark() -> None:
    table = pl.DataFrame(
        {"name": ["a", "b"], "estimate": [1.0, float("nan")], "ci_low": [0.0, None], "ci_high": [2.0, None]}
    )
    svg = to_svg(interval_bars(table))
    assert "–" in words(svg)
    assert "NaN" not in svg


def test_a_change_outside_the_waves_is_left_out() -> None:
    change = pl.DataFrame({"wave": [None], "low": [None], "high": [None]}, schema_overrides={"wave": pl.Date})
    assert "change" not in words(to_svg(score_trend(TREND, change_point=change)))
    known = pl.DataFrame({"wave": [MONTHS[9]], "low": [MONTHS[8]], "high": [MONTHS[11]]})
    assert "change" in words(to_svg(score_trend(TREND, change_point=known)))


def test_the_data_in_a_chart_stay_small() -> None:
    for name, chart in CHARTS.items():
        assert len(json.dumps(chart(Style()).to_dict())) < 60_000, name


def test_every_theme_has_every_colour() -> None:
    for theme in get_args(Theme):
        assert to_svg(nps_bar(NPS, Style(theme=theme)))


def test_known_words_are_translated_and_names_of_the_user_are_not() -> None:
    table = pl.DataFrame(
        {"name": ["exposed", "Exposed brick"], "estimate": [1.0, 2], "ci_low": [0.0, 1], "ci_high": [2.0, 3]}
    )
    said = words(to_svg(interval_bars(table, Style(language="ru"), axis_title=Text("change"))))
    assert "уязвимо" in said
    assert "Exposed brick" in said
    assert "перелом" in said


def test_waves_named_by_month_or_quarter_are_written_out() -> None:
    months = TREND.head(3).with_columns(wave=pl.Series(["2026-01", "2026-02", "2026-03"]))
    assert "Jan 2026" in words(to_svg(score_trend(months)))
    assert "фев 2026" in words(to_svg(score_trend(months, Style(language="ru"))))
    quarters = TREND.head(2).with_columns(wave=pl.Series(["2025-Q4", "2026-Q1"]))
    assert "Q1 2026" in words(to_svg(score_trend(quarters)))
    assert "1 кв. 2026" in words(to_svg(score_trend(quarters, Style(language="ru"))))
    named = TREND.head(2).with_columns(wave=pl.Series(["before", "after"]))
    assert "before" in words(to_svg(score_trend(named)))


def test_amounts_in_roubles_are_set_in_a_font_that_has_the_sign() -> None:
    from leal.charts.rendering import _plain_svg

    frame = pl.DataFrame({"name": ["A"], "estimate": [1e6], "ci_low": [8e5], "ci_high": [2e6]})
    svg = _plain_svg(interval_bars(frame, Style(language="ru"), measure="amount", currency="RUB"))
    lines = re.findall(r"<text\b[^>]*>[^<]*", svg)
    assert any("₽" in line for line in lines)
    for line in lines:
        assert ("DejaVu Sans" in line) == ("₽" in line)
        assert ("Liberation Sans" in line) != ("₽" in line)
