"""Files that hold words and not evidence: text documents, slides, and the reports that Leal itself writes."""

from __future__ import annotations

import io
import zipfile

from leal.errors import BadFile, Where
from leal.wording import Text

_CORE = "docProps/core.xml"
_BY_LEAL = b"<dc:description>Leal</dc:description>"
"""What the workbooks of Leal's reports say in their properties; tables that it writes say nothing."""


def refuse_documents(data: bytes, file: str) -> None:
    """Raise where a packed office file is no workbook, or one that Leal wrote as a report.

    Parameters
    ----------
    data : bytes
        The file.
    file : str
        Its name.

    Raises
    ------
    BadFile
        Says what it is. Figures of a report taken for rows of a table would count as evidence of themselves.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
            core = packed.read(_CORE) if _CORE in names else b""
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return  # an older workbook, or a damaged one: its reader tells
    if any(name.startswith("word/") for name in names):
        raise _refused(Text("This is a text document, not a table."), file)
    if any(name.startswith("ppt/") for name in names):
        raise _refused(Text("These are slides, not a table."), file)
    if _BY_LEAL in core:
        raise own_report(file)


def is_own_report(document: object) -> bool:
    """Tell whether a JSON document is a report that Leal wrote."""
    return (
        isinstance(document, dict)
        and str(document.get("schema", "")).startswith("leal.")
        and "leal_version" in document
    )


def own_report(file: str) -> BadFile:
    """Return the error that a file is a report of Leal's own."""
    return _refused(Text("This is a report that Leal wrote, no evidence for another."), file)


def _refused(what: Text, file: str) -> BadFile:
    return BadFile(
        what, hint=Text("Give a CSV, XLSX, XLS, ODS, JSON or Parquet file."), where=Where(file=file)
    )
