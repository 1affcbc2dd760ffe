"""The report of one survey by the EPSI-type model: a page, a workbook, JSON."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from markupsafe import Markup

from leal import __version__
from leal.checks import Exhibit
from leal.documents.drawing import Figure, draw
from leal.documents.epsi_pictures import pictures_of
from leal.documents.epsi_tables import tables_of
from leal.documents.page import page_environment, page_style
from leal.documents.sheets import Formats, Sheet, SheetColumn, sheet_name
from leal.documents.view import TableView, table_view
from leal.errors import BadFile, BadOption, Where
from leal.explain import EpsiStudy
from leal.intake import Reconciliation
from leal.path_model import construct_name
from leal.wording import Count, Language, Percent, Text

SCHEMA = "leal.epsi"
SCHEMA_VERSION = 1
SUFFIXES = (".html", ".xlsx", ".json")
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
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in SUFFIXES:
        raise BadOption("out", str(path), [f"*{known}" for known in SUFFIXES])
    if suffix == ".html":
        content = epsi_page(study, language, reconciliation).encode("utf-8")
    elif suffix == ".xlsx":
        content = epsi_workbook(study, language, reconciliation)
    else:
        content = epsi_json(study, reconciliation).encode("utf-8")
    try:
        target.write_bytes(content)
    except OSError as problem:
        raise BadFile(
            Text("The report cannot be written: {reason}.", reason=problem.strerror or str(problem)),
            hint=Text("Choose a folder that exists and a file that no other program holds open."),
            where=Where(file=str(target)),
        ) from problem
    return target


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
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        formats = Formats(book=book, language=language, currency=None)
        names: list[str] = []

        def sheet(title: str) -> Sheet:
            names.append(sheet_name(title, names))
            made = Sheet(formats, names[-1])
            made.title(title)
            return made

        _summary(sheet(Text("Summary").into(language)), study, language, reconciliation)
        for exhibit in tables_of(study):
            _table(sheet(exhibit.title.into(language)), exhibit, language)
    return buffer.getvalue()


def _summary(
    sheet: Sheet, study: EpsiStudy, language: Language, reconciliation: Reconciliation | None
) -> None:
    view = _view(study, [], [], language, reconciliation)
    sheet.lines([view["title"], *view["deck"], view["data"]])
    sheet.space()
    sheet.lines(view["verdicts"])
    sheet.lines([*view["notes"], *view["files"]], quiet=True)
    sheet.close()


def _table(sheet: Sheet, exhibit: Exhibit, language: Language) -> None:
    columns = [
        SheetColumn(
            title=heading.title.into(language),
            unit=heading.unit,
            values=exhibit.frame[heading.name].to_list(),
        )
        for heading in exhibit.headings
    ]
    if exhibit.remark:
        sheet.lines([exhibit.remark.into(language)], quiet=True)
    sheet.table("", columns, freeze=True)
    sheet.close()
