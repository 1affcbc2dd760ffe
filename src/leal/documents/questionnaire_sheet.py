"""A questionnaire of the EPSI-type index as a workbook: ready to send, or to be set up in a survey tool."""

from __future__ import annotations

import io
from pathlib import Path

from leal.documents.sheets import Formats, Sheet, SheetColumn, sheet_name
from leal.errors import BadFile, BadOption, Where
from leal.measure import WAY_WORDS, Block, Questionnaire, Template, loyalty_questionnaire, questionnaire
from leal.path_model import construct_name
from leal.wording import Language, Text

_RECOMMEND = Text("How likely are you to recommend us to a friend or colleague? (0 to 10)")


def write_questionnaire(template: Template | Block, path: str | Path, language: Language = "en") -> Path:
    """Write the questionnaire of a template as an XLSX workbook and return its path.

    Three sheets: the questions in the order to ask them, with what 1 and 10 mean and room for an answer; an
    empty table of answers whose columns Leal knows without a mapping; and the items with a column to fill in
    where your survey tool names its columns otherwise (``leal epsi FILE --map THIS.xlsx`` reads it).

    Parameters
    ----------
    template : {"epsi", "ecsi-mobile", "acsi", "loyalty-ways"}
        The template of a model, or the block on the three ways to loyalty.
    path : str or Path
        Where to, ending in ``.xlsx``; an existing file is replaced.
    language : {"en", "ru"}
        Language of the questions.

    Raises
    ------
    BadOption
        There is no such template, or the path does not end in ``.xlsx``.
    BadFile
        The file cannot be written there.
    """
    target = Path(path)
    if target.suffix.lower() != ".xlsx":
        raise BadOption("path", str(path), ["*.xlsx"])
    form = loyalty_questionnaire() if template == "loyalty-ways" else questionnaire(template)
    content = _workbook(form, language)
    try:
        target.write_bytes(content)
    except OSError as problem:
        raise BadFile(
            Text("The questionnaire cannot be written: {reason}.", reason=problem.strerror or str(problem)),
            hint=Text("Choose a folder that exists and a file that no other program holds open."),
            where=Where(file=str(target)),
        ) from problem
    return target


def _workbook(form: Questionnaire, language: Language) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        formats = Formats(book=book, language=language, currency=None)
        names: list[str] = []

        def sheet(title: Text) -> Sheet:
            names.append(sheet_name(title.into(language), names))
            return Sheet(formats, names[-1])

        _questions(sheet(Text("Questions")), form, language)
        _answers(sheet(Text("Answers")), form)
        _columns(sheet(Text("Columns")), form, language)
    return buffer.getvalue()


def _questions(sheet: Sheet, form: Questionnaire, language: Language) -> None:
    sheet.title(form.title.into(language))
    instruction = Text(
        "Please answer each question with a whole number from 1 to 10. Leave it empty if you do not know."
    )
    sheet.lines([instruction.into(language)])
    sheet.space()
    questions = form.questions
    columns = [
        SheetColumn(title="№", unit="count", values=[*range(1, len(questions) + 2)]),
        SheetColumn(
            title=Text("Question").into(language),
            unit="text",
            values=[_RECOMMEND.into(language), *(one.wording.into(language) for one in questions)],
        ),
        SheetColumn(
            title=Text("Lowest").into(language),
            unit="text",
            values=[
                Text("0: {words}", words=Text("not at all likely")).into(language),
                *(Text("1: {words}", words=one.low).into(language) for one in questions),
            ],
        ),
        SheetColumn(
            title=Text("Highest").into(language),
            unit="text",
            values=[
                Text("10: {words}", words=Text("extremely likely")).into(language),
                *(Text("10: {words}", words=one.high).into(language) for one in questions),
            ],
        ),
        SheetColumn(
            title=Text("Your answer").into(language), unit="text", values=[""] * (len(questions) + 1)
        ),
    ]
    sheet.table("", columns)
    sheet.close()


def _answers(sheet: Sheet, form: Questionnaire) -> None:
    names = ("answer", "customer", "answered_at", "recommend", *form.items, "comment")
    sheet.table("", [SheetColumn(title=name, unit="text", values=[]) for name in names], freeze=True)
    sheet.close()


def _columns(sheet: Sheet, form: Questionnaire, language: Language) -> None:
    sheet.table(
        "",
        [
            SheetColumn(title="item", unit="text", values=list(form.items)),
            SheetColumn(title="column", unit="text", values=[""] * len(form.items)),
            SheetColumn(
                title=Text("Construct").into(language),
                unit="text",
                values=[_construct_words(one.construct).into(language) for one in form.questions],
            ),
            SheetColumn(
                title=Text("Question").into(language),
                unit="text",
                values=[one.wording.into(language) for one in form.questions],
            ),
        ],
        freeze=True,
    )
    remark = Text("Write the name of your column beside each item that your file names otherwise.")
    sheet.lines([remark.into(language)], quiet=True)
    sheet.close()


def _construct_words(construct: str) -> Text:
    return next((words for way, words in WAY_WORDS.items() if way == construct), construct_name(construct))
