"""The report of what customers are worth: a page, a workbook, JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
from markupsafe import Markup

from leal import __version__
from leal.charts import purchase_tracking, value_concentration, waterfall
from leal.checks import Exhibit, Heading, Picture
from leal.documents.drawing import draw
from leal.documents.page import page_environment, page_style
from leal.documents.report_files import write_form
from leal.documents.spoken_document import rounded_amounts
from leal.documents.study_workbook import study_workbook
from leal.documents.view import table_view
from leal.intake import Reconciliation
from leal.predict import EquityBridge, LifetimeValue, Tracking
from leal.results import Money
from leal.wording import Count, Language, Percent, RoundAmount, Text

SCHEMA = "leal.value"
SCHEMA_VERSION = 1
SHOWN = 50
"""Customers shown in the page; the workbook and the JSON hold all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueStudy:
    """What is told of the value of customers.

    Attributes
    ----------
    value : LifetimeValue
        Of each and all.
    tracking : Tracking or None
        Whether the model followed what happened; None where the data are too short.
    bridge : EquityBridge or None
        What changed the value within the last year; None where the data are too short.
    reconciliation : Reconciliation or None
        How the file was read.
    """

    value: LifetimeValue
    tracking: Tracking | None = None
    bridge: EquityBridge | None = None
    reconciliation: Reconciliation | None = None


def write_value_report(study: ValueStudy, path: str | Path, language: Language = "en") -> Path:
    """Write a study as a file and return its path; the suffix says the form.

    Parameters
    ----------
    study : ValueStudy
        What is told.
    path : str or Path
        ``.html``, ``.xlsx`` or ``.json``.
    language : {"en", "ru"}
        Language of page and workbook; JSON is English always.

    Raises
    ------
    BadOption
        The suffix is none of these.
    BadFile
        The file cannot be written there.
    """
    forms: dict[str, Callable[[], str | bytes]] = {
        ".html": lambda: value_page(study, language),
        ".xlsx": lambda: value_workbook(study, language),
        ".json": lambda: value_json(study),
    }
    return write_form(path, forms)


def value_json(study: ValueStudy) -> str:
    """Return the study as a JSON object with the name and version of its schema."""
    told: dict[str, Any] = {"schema": SCHEMA, "schema_version": SCHEMA_VERSION, "leal_version": __version__}
    told |= study.value.to_dict()
    told["tracking"] = None if study.tracking is None else study.tracking.to_dict()
    told["equity_bridge"] = None if study.bridge is None else study.bridge.to_dict()
    told["reconciliation"] = None if study.reconciliation is None else study.reconciliation.to_dict()
    return json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def value_page(study: ValueStudy, language: Language = "en") -> str:
    """Return the study as one HTML page that needs nothing beside itself, in the style of the audit."""
    view = _view(study, language)
    currency = study.value.total.currency
    shown = [replace(one, frame=rounded_amounts(one)) for one in exhibits_of(study, SHOWN)]
    view["tables"] = [table_view(one, language, currency) for one in shown]
    pictures = enumerate(pictures_of(study))
    view["figures"] = [draw(picture, language, f"v{at}") for at, picture in pictures]
    template = page_environment(language).get_template("value.html")
    return template.render(view=view, style=Markup(page_style()))


def value_workbook(study: ValueStudy, language: Language = "en") -> bytes:
    """Return the study as an XLSX workbook: a summary, then a sheet a table."""
    view = _view(study, language)
    return study_workbook(
        [[view["title"], *view["deck"]]],
        [*view["notes"], *view["files"]],
        exhibits_of(study, None),
        language,
        study.value.total.currency,
    )


def value_sentences(study: ValueStudy) -> list[Text]:
    """Return the sentences of a study: worth, long run, worth of a point of retention, what changed."""
    value = study.value
    if not value.known:
        return [value.sentence()]
    sentences = [value.sentence(), _ten_years(value)]
    if value.one_point.known:
        sentences.append(
            Text("One point of yearly retention more is worth {money}.", money=_range(value.one_point))
        )
    if study.bridge is not None and study.bridge.known:
        sentences.append(study.bridge.sentence())
    return sentences


def _ten_years(value: LifetimeValue) -> Text:
    if not value.retention.ci_low < 1:  # the fit lies where nobody leaves: no finding, and no 100 %
        return Text(
            "Within ten years they will bring {money} if none of them leaves: these purchases do not show"
            " anybody leaving, so how many stay is unknown.",
            money=_range(value.long_run),
        )
    return Text(
        "Within ten years they will bring {money}. Of today's customers {share} will still be customers"
        " in a year.",
        money=_range(value.long_run),
        share=value.retention.figure(value.retention.estimate),
    )


def _range(money: Money) -> Text:
    figure, low, high = (
        RoundAmount(one, money.currency) for one in (money.estimate, money.ci_low, money.ci_high)
    )
    return Text("{figure} ({low} to {high})", figure=figure, low=low, high=high)


def _view(study: ValueStudy, language: Language) -> dict[str, Any]:
    value = study.value
    notes = [*value.notes, *((study.tracking.notes) if study.tracking else ())]
    said = [one.into(language) for one in value_sentences(study)]
    if study.tracking is not None:
        said.append(study.tracking.sentence().into(language))
    files = study.reconciliation
    read = [] if files is None else [files.sentence(), *(note.text for note in files.notes)]
    return {
        "title": _title(value).into(language),
        "kicker": Text("What customers are worth").into(language),
        "deck": said,
        "notes": [note.text.into(language) for note in dict.fromkeys(notes)],
        "files": [words.into(language) for words in read],
    }


def _title(value: LifetimeValue) -> Text:
    if not value.known:
        return Text("What customers are worth is not known")
    return Text(
        "Customers will bring {money} within {weeks} weeks",
        money=RoundAmount(value.total.estimate, value.total.currency),
        weeks=Count(value.weeks),
    )


def exhibits_of(study: ValueStudy, customers: int | None) -> list[Exhibit]:
    """Return the tables of a study, with the first `customers` customers, or all."""
    found = [_figures(study.value)]
    if study.bridge is not None and study.bridge.known:
        found.append(_bridge(study.bridge))
    found.append(_customers(study.value, customers))
    if study.tracking is not None and customers is None:
        found.append(_weeks(study.tracking))
    return found


def _figures(value: LifetimeValue) -> Exhibit:
    money = {
        Text("All customers, within the horizon"): value.total,
        Text("A customer, on average"): value.mean,
        Text("The customer in the middle"): value.median,
        Text("All customers, within ten years"): value.long_run,
        Text("One point of yearly retention"): value.one_point,
    }
    rows = [(str(name), one.estimate, one.ci_low, one.ci_high) for name, one in money.items() if one.known]
    schema = {"name": pl.String, "estimate": pl.Float64, "ci_low": pl.Float64, "ci_high": pl.Float64}
    return Exhibit(
        title=Text("What customers are worth"),
        frame=pl.DataFrame(rows, schema=schema, orient="row"),
        headings=(
            Heading(name="name", title=Text("Figure")),
            Heading(name="estimate", title=Text("Money"), unit="amount"),
            Heading(name="ci_low", title=Text("from"), unit="amount"),
            Heading(name="ci_high", title=Text("to"), unit="amount"),
        ),
        remark=Text(
            "Discounted by {rate} a year. Intervals of sums are of what will really come, by {model}.",
            rate=Percent(value.discount),
            model=value.model,
        ),
    )


def _bridge(bridge: EquityBridge) -> Exhibit:
    return Exhibit(
        title=Text("What made the value of all customers change within a year"),
        frame=bridge.to_frame().drop("kind"),
        headings=(
            Heading(name="name", title=Text("Step")),
            Heading(name="estimate", title=Text("Money"), unit="amount"),
            Heading(name="ci_low", title=Text("from"), unit="amount"),
            Heading(name="ci_high", title=Text("to"), unit="amount"),
        ),
    )


def _customers(value: LifetimeValue, customers: int | None) -> Exhibit:
    frame = value.customers if customers is None else value.customers.head(customers)
    return Exhibit(
        title=Text("Customers, the most valuable first"),
        frame=frame,
        headings=(
            Heading(name="customer", title=Text("Customer")),
            Heading(name="frequency", title=Text("Repeat purchases"), unit="count"),
            Heading(name="p_alive", title=Text("Still a customer"), unit="percent"),
            Heading(name="expected_purchases", title=Text("Purchases expected"), unit="number"),
            Heading(name="expected_spend", title=Text("Amount of a purchase"), unit="amount"),
            Heading(name="value", title=Text("Value"), unit="amount"),
            Heading(name="value_low", title=Text("from"), unit="amount"),
            Heading(name="value_high", title=Text("to"), unit="amount"),
        ),
        remark=Text("What a customer will really bring lies between the two ends."),
    )


def _weeks(tracking: Tracking) -> Exhibit:
    return Exhibit(
        title=Text("Repeat purchases by week"),
        frame=tracking.frame,
        headings=(
            Heading(name="week", title=Text("week"), unit="count"),
            Heading(name="actual", title=Text("bought"), unit="count"),
            Heading(name="expected", title=Text("expected"), unit="number"),
            Heading(name="actual_total", title=Text("bought, added up"), unit="count"),
            Heading(name="expected_total", title=Text("expected, added up"), unit="number"),
        ),
        remark=tracking.sentence(),
    )


def pictures_of(study: ValueStudy) -> list[Picture]:
    """Return the charts of a study."""
    value, found = study.value, []
    if value.known:
        found.append(
            Picture(
                title=Text("How few customers hold most of the value"),
                draw=partial(value_concentration, value.concentration()),
                description=value.sentence(),
            )
        )
    if study.tracking is not None:
        found.append(_tracked(study.tracking))
    if study.bridge is not None and study.bridge.known:
        bridge = study.bridge
        frame = bridge.to_frame().filter(pl.col("estimate") != 0)
        found.append(
            Picture(
                title=Text("What made the value of all customers change within a year"),
                draw=partial(waterfall, frame, currency=bridge.change.currency),
                description=bridge.sentence(),
            )
        )
    return found


def _tracked(tracking: Tracking) -> Picture:
    frame = tracking.frame.select("week", actual="actual_total", expected="expected_total")
    return Picture(
        title=Text("Whether the model follows what happened"),
        draw=partial(
            purchase_tracking,
            frame,
            learnt_until=tracking.learnt_weeks,
            axis_title=Text("repeat purchases, added up"),
        ),
        description=tracking.sentence(),
    )
