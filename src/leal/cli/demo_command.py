"""`leal demo`: the simulated company's files, audited in both languages, and the strategy that follows."""

from __future__ import annotations

from pathlib import Path

import click

from leal.cli.audit_printing import print_audit, print_left_out
from leal.cli.speech import chosen_language, console, error_console, lang_option, say
from leal.wording import LANGUAGES, Text


@click.command(
    "demo",
    help=say(
        Text("Write the files of a simulated company, audit them, and show where reports and strategy are.")
    ),
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
    """Make the files, read them back as a stranger's, audit, write report and strategy in two languages."""
    from leal.checks import audit
    from leal.documents import strategy_of, writable_forms, write_document, write_report
    from leal.intake import load
    from leal.simulate import company, write_files

    language = chosen_language(lang)
    printer = console()
    reports: list[Path] = []
    strategies: list[Path] = []
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
        with error_console().status(Text("Writing the strategy").into(language)):
            document = strategy_of(found)
            targets = [out / each / f"strategy{suffix}" for suffix in writable_forms()]
            strategies += [write_document(document, target, each) for target in targets]
        if each == language:
            print_audit(found, language)
            print_left_out(loaded.left_out, language)
    for words, paths in (
        (Text("The files of the simulated company, and their reports:"), reports),
        (Text("The retention strategy that follows from them:"), strategies),
    ):
        printer.print(words.into(language))
        for path in paths:
            printer.print(f"  {path.resolve()}", markup=False, soft_wrap=True)
