"""Documents as files, the form by the suffix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from leal.documents.document import Document
from leal.documents.docx_writer import docx_document
from leal.documents.extras import has
from leal.documents.html_writer import html_document
from leal.documents.pdf_writer import pdf_document
from leal.documents.pptx_writer import pptx_document
from leal.errors import BadFile, BadOption, Where
from leal.wording import Language, Text


def _html(document: Document, language: Language) -> bytes:
    return html_document(document, language).encode("utf-8")


_WRITERS: dict[str, Callable[[Document, Language], bytes]] = {
    ".html": _html,
    ".docx": docx_document,
    ".pdf": pdf_document,
    ".pptx": pptx_document,
}


def write_document(document: Document, path: str | Path, language: Language = "en") -> Path:
    """Write a document as a file and return its path.

    Parameters
    ----------
    document : Document
        As `strategy_of` or `session_of` returns it.
    path : str or Path
        Where to; the suffix says the form: ``.html``, ``.docx``, ``.pdf`` or ``.pptx``. An existing file is
        replaced.
    language : {"en", "ru"}
        Language of the document.

    Raises
    ------
    BadOption
        The suffix is none of these.
    MissingExtra
        A form other than HTML is asked for and the extra `documents` is not installed.
    BadFile
        The file cannot be written there.
    """
    target = Path(path)
    content = _WRITERS[document_suffix(target)](document, language)
    try:
        target.write_bytes(content)
    except OSError as problem:
        raise BadFile(
            Text("The document cannot be written: {reason}.", reason=problem.strerror or str(problem)),
            hint=Text("Choose a folder that exists and a file that no other program holds open."),
            where=Where(file=str(target)),
        ) from problem
    return target


_PACKAGES = {".docx": "docx", ".pdf": "typst", ".pptx": "pptx"}


def writable_forms() -> tuple[str, ...]:
    """Return the suffixes of documents that can be written with what is installed; HTML always can."""
    return tuple(suffix for suffix in _WRITERS if suffix not in _PACKAGES or has(_PACKAGES[suffix]))


def document_suffix(path: str | Path) -> str:
    """Return the suffix that says a document's form, or raise `BadOption`: asked before the work is begun."""
    suffix = Path(path).suffix.lower()
    if suffix not in _WRITERS:
        raise BadOption("out", str(path), [f"*{known}" for known in _WRITERS])
    return suffix
