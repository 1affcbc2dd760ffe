"""A study as a workbook: a summary in sentences, then a sheet a table."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from leal.checks import Exhibit
from leal.documents.sheets import Formats, Sheet, sheet_name
from leal.wording import Language, Text


def study_workbook(
    said: Sequence[Sequence[str]],
    quiet: Iterable[str],
    exhibits: Iterable[Exhibit],
    language: Language,
    currency: str | None = None,
) -> bytes:
    """Return a workbook of a study.

    Parameters
    ----------
    said : sequence of sequence of str
        Sentences of the summary in groups, an empty row after each.
    quiet : iterable of str
        Remarks below them.
    exhibits : iterable of Exhibit
        The tables, a sheet each, named by their titles.
    language : {"en", "ru"}
        Language of titles, names and formats.
    currency : str or None
        Currency of the amounts.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"comments": "Leal"})  # by which it is known again, and not taken for evidence
        formats = Formats(book=book, language=language, currency=currency)
        names: list[str] = []

        def sheet(title: str) -> Sheet:
            names.append(sheet_name(title, names))
            made = Sheet(formats, names[-1])
            made.title(title)
            return made

        summary = sheet(Text("Summary").into(language))
        for group in said:
            summary.lines(group)
            summary.space()
        summary.lines(quiet, quiet=True)
        summary.close()
        for exhibit in exhibits:
            sheet(exhibit.title.into(language)).exhibit(exhibit)
    return buffer.getvalue()
