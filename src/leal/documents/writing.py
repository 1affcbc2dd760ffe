"""Reports as files, the form by the suffix."""

from __future__ import annotations

from pathlib import Path

from leal.checks import Audit
from leal.documents.page import html_report
from leal.documents.plain import json_report
from leal.documents.workbook import xlsx_report
from leal.errors import BadFile, BadOption, Where
from leal.wording import Language, Text

SUFFIXES = (".html", ".xlsx", ".json")


def write_report(audit: Audit, path: str | Path, language: Language = "en") -> Path:
    """Write the audit as a file and return its path.

    Parameters
    ----------
    audit : Audit
        As `leal.audit` returns it.
    path : str or Path
        Where to; the suffix says the form: ``.html``, ``.xlsx`` or ``.json``. An existing file is replaced.
    language : {"en", "ru"}
        Language of the report; JSON is English always.

    Raises
    ------
    BadOption
        The suffix is none of these.
    BadFile
        The file cannot be written there.
    """
    target = Path(path)
    suffix = report_suffix(target)
    content = _content(audit, suffix, language)
    try:
        target.write_bytes(content)
    except OSError as problem:
        raise BadFile(
            Text("The report cannot be written: {reason}.", reason=problem.strerror or str(problem)),
            hint=Text("Choose a folder that exists and a file that no other program holds open."),
            where=Where(file=str(target)),
        ) from problem
    return target


def report_suffix(path: str | Path) -> str:
    """Return the suffix that says a report's form, or raise `BadOption`: asked before the work is begun."""
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise BadOption("out", str(path), [f"*{known}" for known in SUFFIXES])
    return suffix


def _content(audit: Audit, suffix: str, language: Language) -> bytes:
    if suffix == ".html":
        return html_report(audit, language).encode("utf-8")
    if suffix == ".xlsx":
        return xlsx_report(audit, language)
    return json_report(audit).encode("utf-8")
