"""`leal audit FILE_OR_FOLDER...`: the ten checks over the files of a business."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from leal.cli.audit_printing import print_audit, print_left_out
from leal.cli.speech import chosen_language, console, error_console, json_option, lang_option, say
from leal.wording import Language, Text

_FILE = click.Path(path_type=Path)

_TABLE_OPTIONS: dict[str, Text] = {
    "purchases": Text("File of purchases, orders or invoices."),
    "customers": Text("File of customers, whether or not they answered."),
    "actions": Text("File of programmes, offers and campaigns, with their cost."),
    "brands": Text("File of scores of your brand and its rivals."),
    "wishes": Text("File of customers' wishes."),
    "reviews": Text("File of public reviews."),
    "units": Text("File of branches, departments, regions."),
    "cases": Text("File of customers' complaints, questions and other cases."),
    "contacts": Text("File of contacts with customers: who, when, what for."),
    "invitations": Text("File of surveys that were sent, answered or not."),
    "rules": Text("File of the rules that staff must follow, with the days they began."),
    "kano": Text("File of a Kano survey: wish, and how it would be with it and without it."),
    "prices": Text("File of a price survey: too cheap, cheap, expensive, too expensive."),
}


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every command that audits files: tables, mapping, margin, currency, level."""
    level = click.option(
        "--level",
        type=click.FloatRange(0.5, 0.999),
        default=0.95,
        show_default=True,
        help=say(Text("Confidence level of the intervals.")),
    )
    currency = click.option(
        "--currency", help=say(Text("Currency of the amounts, as RUB or EUR, where the files do not say."))
    )
    margin = click.option(
        "--margin",
        type=click.FloatRange(0, 1, min_open=True),
        help=say(Text("Margin as a share of revenue, .3 is 30 %; without it money is revenue.")),
    )
    mapping = click.option(
        "--map", "mapping", type=_FILE, help=say(Text("File that maps your columns to Leal's."))
    )
    command = mapping(margin(currency(level(command))))
    for name, text in reversed(_TABLE_OPTIONS.items()):
        command = click.option(f"--{name}", type=_FILE, help=say(text))(command)
    return command


@click.command(
    "audit",
    help=say(
        Text("Run the ten checks over your files and say what is wrong, what it costs, what to do first.")
    ),
)
@click.argument("paths", nargs=-1, required=True, type=_FILE, metavar="FILE_OR_FOLDER...")
@reading_options
@click.option(
    "--out",
    "outputs",
    type=_FILE,
    multiple=True,
    help=say(Text("Report to write: .html, .xlsx or .json; may be given several times.")),
)
@json_option
@lang_option
def audit_command(
    paths: tuple[Path, ...],
    mapping: Path | None,
    margin: float | None,
    currency: str | None,
    level: float,
    outputs: tuple[Path, ...],
    as_json: bool,
    lang: str | None,
    **tables: Path | None,
) -> None:
    """Read the files, run the checks, print them, write the reports."""
    from leal.checks import audit
    from leal.documents import report_suffix, write_report
    from leal.intake import load

    language = chosen_language(lang)
    targets = outputs or (() if as_json else (Path("leal-report.html"),))
    for target in targets:
        report_suffix(target)
    with progress_bar(quiet=as_json) as progress:
        step = progress.add_task(Text("Reading the files").into(language), total=None)
        loaded = load(paths, mapping=mapping, **tables)
        progress.update(step, description=Text("Checking").into(language), total=10, completed=0)
        found = audit(
            loaded.evidence,
            margin=margin,
            currency=currency.upper() if currency else None,
            level=level,
            reconciliations=loaded.reconciliations,
            joining=loaded.joining,
            progress=lambda done: progress.update(step, completed=done),
        )
        progress.update(step, description=Text("Writing the report").into(language))
        for target in targets:
            write_report(found, target, language)
    if as_json:
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
        return
    print_audit(found, language)
    print_left_out(loaded.left_out, language)
    print_targets(targets, language)


def progress_bar(*, quiet: bool = False) -> Progress:
    """Return the bar that shows how far an audit is."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=error_console(),
        transient=True,
        disable=quiet,
    )


def print_targets(targets: tuple[Path, ...], language: Language) -> None:
    """Print where the reports are."""
    for target in targets:
        console().print(
            Text("Written: {file}", file=str(target)).into(language), markup=False, soft_wrap=True
        )
