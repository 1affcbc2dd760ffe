"""`leal audit FILE_OR_FOLDER...`: the ten checks over the files of a business."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leal.cli.audit_printing import print_audit, print_left_out
from leal.cli.reading import reading_options, working
from leal.cli.speech import chosen_language, console, json_option, lang_option, say
from leal.wording import Language, Text

if TYPE_CHECKING:
    from leal.path_model import Missing

_FILE = click.Path(path_type=Path)


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
    missing: Missing,
    outputs: tuple[Path, ...],
    as_json: bool,
    lang: str | None,
    **tables: Path | None,
) -> None:
    """Read the files, run the checks, print them, write the reports."""
    from leal.documents import report_suffix, write_report

    language = chosen_language(lang)
    targets = outputs or (() if as_json else (Path("leal-report.html"),))
    for target in targets:
        report_suffix(target)
    with working(language, quiet=as_json) as work:
        loaded, found = work.audited(
            paths,
            tables,
            mapping=mapping,
            margin=margin,
            currency=currency,
            level=level,
            missing=missing,
        )
        work.begin(Text("Writing the report"))
        for target in targets:
            write_report(found, target, language)
    if as_json:
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
        return
    print_audit(found, language)
    print_left_out(loaded.left_out, language)
    print_targets(targets, language)


def print_targets(targets: tuple[Path, ...], language: Language) -> None:
    """Print where the reports are."""
    for target in targets:
        console().print(
            Text("Written: {file}", file=str(target)).into(language), markup=False, soft_wrap=True
        )
