"""The report of one survey by the EPSI-type model: a page, a workbook, JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from markupsafe import Markup

from leal import __version__
from leal.documents.drawing import Figure, draw
from leal.documents.epsi_pictures import pictures_of
from leal.documents.epsi_tables import tables_of
from leal.documents.page import page_environment, page_style
from leal.documents.report_files import write_form
from leal.documents.study_workbook import study_workbook
from leal.documents.view import TableView, table_view
from leal.explain import EpsiStudy
from leal.intake import Reconciliation
from leal.path_model import construct_name
from leal.wording import Count, Language, Percent, Text

SCHEMA = "leal.epsi"
SCHEMA_VERSION = 1
_SHOWN_AT_ONCE = 4


def write_epsi_report(
    study: EpsiStudy,
    path: str | Path,
    language: Language = "en",
    *,
    reconciliation: Reconciliation | None = None,
) -> Path:
    """Write a study as a file and return its path; the suffix says the form.

    Parameters
    ----------
    study : EpsiStudy
        As `leal.explain.epsi_study` returns it.
    path : str or Path
        ``.html``, ``.xlsx`` (a sheet a table, by the names of SmartPLS) or ``.json``.
    language : {"en", "ru"}
        Language of page and workbook; JSON is English always.
    reconciliation : Reconciliation or None
        How the file was read, told at the end.

    Raises
    ------
    BadOption
        The suffix is none of these.
    BadFile
        The file cannot be written there.
    """
    forms: dict[str, Callable[[], str | bytes]] = {
        ".html": lambda: epsi_page(study, language, reconciliation),
        ".xlsx": lambda: epsi_workbook(study, language, reconciliation),
        ".json": lambda: epsi_json(study, reconciliation),
    }
    return write_form(path, forms)


def epsi_json(study: EpsiStudy, reconciliation: Reconciliation | None = None) -> str:
    """Return the study as a JSON object with the name and version of its schema."""
    told: dict[str, Any] = {"schema": SCHEMA, "schema_version": SCHEMA_VERSION, "leal_version": __version__}
    told |= study.to_dict()
    told["reconciliation"] = None if reconciliation is None else reconciliation.to_dict()
    return json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def epsi_page(
    study: EpsiStudy, language: Language = "en", reconciliation: Reconciliation | None = None
) -> str:
    """Return the study as one HTML page that needs nothing beside itself, in the style of the audit."""
    tables = [table_view(exhibit, language) for exhibit in tables_of(study)]
    figures = [draw(picture, language, f"e{at}") for at, picture in enumerate(pictures_of(study))]
    template = page_environment(language).get_template("epsi.html")
    return template.render(
        view=_view(study, tables, figures, language, reconciliation), style=Markup(page_style())
    )


def _view(
    study: EpsiStudy,
    tables: list[TableView],
    figures: list[Figure],
    language: Language,
    reconciliation: Reconciliation | None,
) -> dict[str, Any]:
    def say(words: Text) -> str:
        return words.into(language)

    headline = study.index.headline
    told = [headline.verdict(), study.priorities.sentence()]
    if study.differences is not None and study.differences.items:
        told.append(study.differences.items[0].sentence())
    if study.nps is not None:
        told.append(study.nps.sentence())
    return {
        "title": say(
            Text(
                "{construct} {figure} of 100, between {low} and {high} with {level} confidence",
                construct=construct_name(headline.construct),
                figure=headline.figure(headline.estimate),
                low=headline.figure(headline.ci_low),
                high=headline.figure(headline.ci_high),
                level=Percent(headline.level),
            )
        ),
        "kicker": say(Text("EPSI-type index")),
        "deck": [_sentence(say(words)) for words in told],
        "data": say(_data(study)),
        "verdicts": [say(note.text) for note in _trust(study)],
        "notes": [say(note.text) for note in study.all_notes],
        "figures": figures[:-2],
        "more_figures": figures[-2:],
        "tables": tables[:_SHOWN_AT_ONCE],
        "more_tables": tables[_SHOWN_AT_ONCE:],
        "files": [] if reconciliation is None else _file(reconciliation, language),
    }


def _sentence(words: str) -> str:
    """Return words as a sentence: a capital first, a stop last."""
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?")) else ".")


def _data(study: EpsiStudy) -> Text:
    left = study.fit.covariance.left_out
    if left and study.fit.options.missing != "casewise":
        return Text(
            "{n} answers; {left} without any answer to the items were left out.",
            n=Count(study.fit.n),
            left=Count(left),
        )
    if left:
        return Text(
            "{n} complete answers; {left} with gaps were left out.", n=Count(study.fit.n), left=Count(left)
        )
    return Text("{n} answers", n=Count(study.fit.n))


def _trust(study: EpsiStudy) -> list[Any]:
    found = [*study.assessment.verdicts]
    if study.prediction is not None:
        found += study.prediction.notes
    return found


def _file(found: Reconciliation, language: Language) -> list[str]:
    return [found.sentence().into(language), *(note.text.into(language) for note in found.notes)]


def epsi_workbook(
    study: EpsiStudy, language: Language = "en", reconciliation: Reconciliation | None = None
) -> bytes:
    """Return the study as an XLSX workbook: a summary, then a sheet a table."""
    view = _view(study, [], [], language, reconciliation)
    return study_workbook(
        [[view["title"], *view["deck"], view["data"]], view["verdicts"]],
        [*view["notes"], *view["files"]],
        tables_of(study),
        language,
    )
