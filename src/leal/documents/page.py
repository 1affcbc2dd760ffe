"""The report as one self-contained page."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from leal.charts import FONT, css_variables
from leal.checks import Audit
from leal.documents import cells
from leal.documents.glossary import GLOSSARY
from leal.documents.view import ReportView, rejections_shown
from leal.wording import Language, Percent, Text


def html_report(audit: Audit, language: Language = "en") -> str:
    """Return the audit as one HTML page that needs nothing beside itself.

    Page one holds the headline score, what the data are, the first three steps, and the ten checks ranked
    by money
    at stake; below stands a section a check, then how each file was read, how the tables were joined, the
    methods
    and a glossary. Charts are inline SVG; the page follows the reader's light or dark mode and prints on A4.

    Parameters
    ----------
    audit : Audit
        As `leal.audit` returns it.
    language : {"en", "ru"}
        Language of every sentence and number.

    Returns
    -------
    str
        The page, to be written in UTF-8.

    Notes
    -----
    The page allows no request: its content security policy forbids every source but its own styles and its
    own script,
    the latter by its hash, so that a comment of a customer can never run.
    """
    script = _resource("report.js")
    page = page_environment(language).get_template("report.html")
    return page.render(
        report=ReportView(audit=audit, language=language),
        glossary=GLOSSARY,
        grades=cells.GRADES,
        style=Markup(page_style()),
        script=Markup(script),
        script_hash=_hash(script),
    )


def _resource(name: str) -> str:
    return (files("leal.documents") / "templates" / name).read_text(encoding="utf-8")


def page_style() -> str:
    """Return the style sheet with the colours and the type that the charts have."""
    sheet = _resource("report.css")
    for theme in ("light", "dark"):
        sheet = sheet.replace(f"/*{theme}*/", css_variables(theme))
    return sheet.replace('"chart font"', FONT)


def _hash(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@cache
def page_environment(language: Language) -> Environment:
    """Return the templates with the words and numbers of a language."""

    def translate(message: str, /, **values: object) -> str:
        return Text(message, **values).into(language)

    def say(words: object) -> str:
        return words.into(language) if isinstance(words, Text) else str(words)

    def cell(value: object, unit: Any, currency: str | None = None) -> str:
        return cells.cell(value, unit, language, currency)

    environment = Environment(
        loader=PackageLoader("leal.documents", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(_=translate, language=language, cell=cell)
    environment.filters.update(
        say=say,
        svg=lambda words: Markup(words),
        figure=lambda estimate: cells.figure(estimate, estimate.estimate, language),
        interval=lambda estimate: cells.interval(estimate, language),
        period=lambda money: cells.period(money).into(language),
        basis=lambda money: cells.basis(money).into(language),
        count=lambda value: cells.cell(value, "count", language),
        rejections=rejections_shown,
        share=lambda value: Percent(value, 0 if round(100 * value, 9) % 1 == 0 else 1).into(language),
    )
    return environment
