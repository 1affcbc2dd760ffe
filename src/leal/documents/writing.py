"""Reports as files, the form by the suffix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from leal.checks import Audit
from leal.documents.page import html_report
from leal.documents.plain import json_report
from leal.documents.report_files import write_form
from leal.documents.workbook import xlsx_report
from leal.wording import Language


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
    forms: dict[str, Callable[[], str | bytes]] = {
        ".html": lambda: html_report(audit, language),
        ".xlsx": lambda: xlsx_report(audit, language),
        ".json": lambda: json_report(audit),
    }
    return write_form(path, forms)
