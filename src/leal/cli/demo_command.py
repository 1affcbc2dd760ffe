"""`leal demo`: the simulated company's files, audited in both languages."""

from __future__ import annotations

from pathlib import Path

import click

from leal.cli.audit_printing import print_audit, print_left_out
from leal.cli.speech import chosen_language, console, error_console, lang_option, say
from leal.wording import LANGUAGES, Text


@click.command(
    "demo",
    help=say(Text("Write the files of a simulated company, audit them, and show where the reports are.")),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("leal-demo"),
    show_default=True,
    help=say(Text("Folder to write to.")),
)
@click.option(
    "--customers",
    type=click.IntRange(min=200),
    default=4000,
    show_default=True,
    help=say(Text("Customers of the company.")),
)
@click.option(
    "--seed",
    type=int,
    default=28,  # a company in which every check has something to show; any other is as true
    show_default=True,
    help=say(Text("Number that makes the company: the same number, the same company.")),
)
@lang_option
def demo_command(out: Path, customers: int, seed: int, lang: str | None) -> None:
    """Make the files, read them back as a stranger's, audit, write reports in English and Russian."""
    from leal.checks import audit
    from leal.documents import write_report
    from leal.intake import load
    from leal.simulate import company, write_files

    language = chosen_language(lang)
    printer = console()
    reports = []
    for each in LANGUAGES:
        files = out / each / "files"
        with error_console().status(Text("Auditing {folder} ...", folder=str(files)).into(language)):
            made = company(customers, seed=seed, language=each)
            write_files(made, files, each)
            loaded = load(files)
            found = audit(
                loaded.evidence,
                reconciliations=loaded.reconciliations,
                joining=loaded.joining,
            )
            targets = [out / each / f"report.{suffix}" for suffix in ("html", "xlsx", "json")]
            reports += [write_report(found, target, each) for target in targets]
        if each == language:
            print_audit(found, language)
            print_left_out(loaded.left_out, language)
    printer.print(Text("The files of the simulated company, and their reports:").into(language))
    for path in reports:
        printer.print(f"  {path.resolve()}", markup=False, soft_wrap=True)
