"""`leal session [ANSWERS.toml]`: the 30-minute diagnosis, asked here or read from a file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leal.cli.audit_command import print_targets
from leal.cli.reading import working
from leal.cli.speech import chosen_language, console, error_console, lang_option, say
from leal.wording import Language, Text

if TYPE_CHECKING:
    from leal.checks import Answer, Diagnosis, SessionAnswers, SessionQuestion

_FILE = click.Path(path_type=Path)
_BACK, _END = "<", ">"


@click.command(
    "session",
    help=say(Text("The 30-minute diagnosis: 22 questions, the ten mistakes, money as a range, an agenda.")),
)
@click.argument("answers_file", required=False, type=_FILE, metavar="[ANSWERS.toml]")
@click.option(
    "--files",
    type=_FILE,
    multiple=True,
    help=say(Text("Files or a folder of the business: what they show takes the place of opinions.")),
)
@click.option("--blank", is_flag=True, help=say(Text("Write an empty file of answers, and nothing else.")))
@click.option(
    "--margin",
    type=click.FloatRange(0, 1, min_open=True),
    help=say(Text("Margin as a share of revenue, .3 is 30 %; without it money is revenue.")),
)
@click.option(
    "--day", type=click.DateTime(["%Y-%m-%d"]), help=say(Text("Day of the session; today by default."))
)
@click.option(
    "--out",
    "outputs",
    type=_FILE,
    multiple=True,
    help=say(Text("Document to write: .html, .docx, .pdf or .pptx; may be given several times.")),
)
@lang_option
def session_command(
    answers_file: Path | None,
    files: tuple[Path, ...],
    blank: bool,
    margin: float | None,
    day: datetime | None,
    outputs: tuple[Path, ...],
    lang: str | None,
) -> None:
    """Ask or read the answers, audit the files, tell, write."""
    from leal.checks import diagnose, read_session
    from leal.documents import document_suffix, session_of, write_document

    language = chosen_language(lang)
    if blank:
        _write_blank(answers_file or Path("session.toml"), language)
        return
    for target in outputs:
        document_suffix(target)
    given = ask(language) if answers_file is None else read_session(answers_file)
    audit = None
    if files:
        with working(language) as work:
            _, audit = work.audited(files, margin=margin or _margin_answered(given))
    found = diagnose(given, audit, day=(day or datetime.now().astimezone()).date())
    targets = outputs or (Path("session.html"),)
    document = session_of(found)
    for target in targets:
        write_document(document, target, language)
    _print(found, document.deck, language)
    print_targets(targets, language)


def _margin_answered(given: SessionAnswers) -> float | None:
    """Return the margin that was answered, so that money of files and of answers is counted alike."""
    told = given.answers.get("margin")
    likely = getattr(told, "likely", None)
    return likely if likely else None


def _write_blank(target: Path, language: Language) -> None:
    from leal.checks import blank_session
    from leal.errors import BadFile, Where

    if target.exists():
        raise BadFile(
            Text("The file exists already."),
            hint=Text("Name another file, so that no answers are lost."),
            where=Where(file=str(target)),
        )
    target.write_text(blank_session(language), encoding="utf-8")
    print_targets((target,), language)


def ask(language: Language) -> SessionAnswers:
    """Ask the questions one by one; empty is unknown, ``<`` goes back, ``>`` leaves the rest unknown."""
    from leal.checks import SESSION_QUESTIONS, SessionAnswers

    screen = error_console()
    screen.print(
        Text("Enter alone means unknown; < goes back; > leaves the rest unknown. Ranges: 1000-1500.").into(
            language
        ),
        style="dim",
    )
    answers: dict[str, Answer] = {}
    place = 0
    while place < len(SESSION_QUESTIONS):
        question = SESSION_QUESTIONS[place]
        said = _asked(question, place + 1, len(SESSION_QUESTIONS), language)
        if said == _END:
            break
        if said == _BACK:
            place = max(0, place - 1)
        elif _understood(question, said, answers, language):
            place += 1
    return SessionAnswers(answers=answers, currency=_currency(answers, language))


def _asked(question: SessionQuestion, number: int, all_of_them: int, language: Language) -> str:
    screen = error_console()
    done = "█" * number + "░" * (all_of_them - number)
    screen.print(f"\n{done} {number}/{all_of_them}", style="dim", markup=False)
    screen.print(question.wording.into(language), style="bold", markup=False)
    screen.print(
        f"{question.hint.into(language)} {_form(question).into(language)}", style="dim", markup=False
    )
    said: str = click.prompt("", prompt_suffix="> ", default="", show_default=False, err=True)
    return said.strip()


def _form(question: SessionQuestion) -> Text:
    if question.kind == "choice":
        return Text("[yes / partly / no]")
    return Text("[percent]") if question.kind == "percent" else Text("[number or range]")


def _understood(question: SessionQuestion, said: str, answers: dict[str, Answer], language: Language) -> bool:
    """Keep an answer, or say what is wrong with it and ask again."""
    from leal.checks import parse_answer
    from leal.errors import LealError

    try:
        answers[question.key] = parse_answer(question, said)
    except LealError as error:
        error_console().print(error.into(language), style="red", markup=False)
        return False
    return True


def _currency(answers: dict[str, Answer], language: Language) -> str | None:
    from leal.checks import SESSION_QUESTIONS

    amounts = [question.key for question in SESSION_QUESTIONS if question.kind == "amount"]
    if not any(answers.get(key) for key in amounts):
        return None
    question = Text("Currency of the amounts (RUB, EUR ...)").into(language)
    said: str = click.prompt(question, default="", show_default=False, err=True)
    return said.strip().upper() or None


def _print(found: Diagnosis, deck: tuple[Text, ...], language: Language) -> None:
    from leal.cli.audit_printing import VERDICTS

    screen = console()
    for text in deck:
        screen.print(text.into(language), style="bold", markup=False)
    for check in found.checks:
        word, style, sign = VERDICTS[check.verdict]
        screen.print(f"{check.number:>2}. {sign} {word.into(language)}", style=style, end="  ", markup=False)
        screen.print(check.name.into(language), markup=False)
    screen.print(Text("The first steps:").into(language), style="bold")
    for place, step in enumerate(found.agenda, start=1):
        screen.print(f"  {place}. {step.what.into(language)}", markup=False)
