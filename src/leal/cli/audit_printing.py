"""The audit on a terminal: headline, the ten checks by money at stake, the first three steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text as Styled

from leal.cli.speech import console
from leal.wording import Language, Text

if TYPE_CHECKING:
    from leal.checks import Audit, Check
    from leal.intake import LeftOut

VERDICTS = {
    "guarded": (Text("guarded"), "green", "✓"),
    "exposed": (Text("exposed"), "bold red", "!"),
    "unknown": (Text("unknown"), "dim", "?"),
}


def print_audit(audit: Audit, language: Language) -> None:
    """Print what the reader needs first; the report has the rest."""
    printer = console()
    if audit.headline is not None:
        printer.print(audit.headline.sentence().into(language), style="bold", markup=False)
    printer.print(_table(audit, language))
    printer.print(Text("The first steps:").into(language), style="bold")
    for place, step in enumerate(audit.first_steps, start=1):
        printer.print(f"  {place}. {step.into(language)}", markup=False)
    for note in audit.notes:
        printer.print(note.text.into(language), style="dim", markup=False)


def _table(audit: Audit, language: Language) -> Table:
    table = Table(box=None, padding=(0, 2, 1, 0), pad_edge=False)
    table.add_column("")
    table.add_column(Text("Verdict").into(language))
    table.add_column(Text("Money at stake").into(language), justify="right")
    table.add_column(Text("Finding").into(language), ratio=1)
    for check in audit.ranked:
        word, style, sign = VERDICTS[check.verdict]
        table.add_row(
            str(check.number),
            Styled(f"{sign} {word.into(language)}", style),
            _money(check, language),
            _finding(check, language),
        )
    return table


def _money(check: Check, language: Language) -> str:
    if check.money is None or not check.money.known:
        return "-"
    return check.money.figure(check.money.estimate).into(language)


def _finding(check: Check, language: Language) -> Styled:
    told = Styled(check.name.into(language), "bold")
    told.append(f"\n{check.finding.into(language)}", "not bold")
    for missing in check.missing:
        told.append("\n" + Text("Missing: {evidence}", evidence=missing).into(language), "dim")
    return told


def print_left_out(files: tuple[LeftOut, ...], language: Language) -> None:
    """Print the files that were found in a folder and not used, and why."""
    for file in files:
        told = Text("Not used: {file}. {why}", file=file.file, why=file.text)
        console().print(told.into(language), style="yellow", markup=False)
