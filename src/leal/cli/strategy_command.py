"""`leal strategy FILE_OR_FOLDER...`: the retention strategy that follows from the files of a business."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leal.cli.audit_command import print_targets
from leal.cli.audit_printing import print_left_out
from leal.cli.reading import reading_options, working
from leal.cli.speech import chosen_language, console, lang_option, say
from leal.wording import LANGUAGES, Language, Text

if TYPE_CHECKING:
    from leal.checks import Audit
    from leal.path_model import Missing

_FILE = click.Path(path_type=Path)


@click.command(
    "strategy",
    help=say(Text("Write the retention strategy in ten parts, from the same results as the audit.")),
)
@click.argument("paths", nargs=-1, required=True, type=_FILE, metavar="FILE_OR_FOLDER...")
@reading_options
@click.option(
    "--owners", "owners_file", type=_FILE, help=say(Text("TOML file with company, owners and dates."))
)
@click.option(
    "--owner",
    "pairs",
    multiple=True,
    metavar="WHO=NAME",
    help=say(Text("Owner of a role or a mistake, as finance=Anna or 3=Anna; may be given several times.")),
)
@click.option(
    "--register",
    type=_FILE,
    help=say(Text("Register of planned actions (CSV or Parquet): what each would bring goes into part 7.")),
)
@click.option(
    "--budget",
    type=click.FloatRange(min=0),
    help=say(Text("Budget for the actions of the register: which of them it funds, and how surely.")),
)
@click.option(
    "--ledger", "ledger_file", type=_FILE, help=say(Text("Ledger of promises and proofs, as it was saved."))
)
@click.option(
    "--customers-language",
    "languages",
    type=click.Choice(LANGUAGES),
    multiple=True,
    help=say(
        Text(
            "Language of the words to send to customers; may be given twice. By default that of the answers."
        )
    ),
)
@click.option("--company", help=say(Text("Name of the company, for the title.")))
@click.option(
    "--start",
    type=click.DateTime(["%Y-%m-%d"]),
    help=say(Text("First day of the calendar; by default the last day in the data.")),
)
@click.option(
    "--out",
    "outputs",
    type=_FILE,
    multiple=True,
    help=say(Text("Document to write: .html, .docx, .pdf or .pptx; may be given several times.")),
)
@lang_option
def strategy_command(
    paths: tuple[Path, ...],
    mapping: Path | None,
    margin: float | None,
    currency: str | None,
    level: float,
    missing: Missing,
    owners_file: Path | None,
    pairs: tuple[str, ...],
    register: Path | None,
    budget: float | None,
    ledger_file: Path | None,
    languages: tuple[Language, ...],
    company: str | None,
    start: datetime | None,
    outputs: tuple[Path, ...],
    lang: str | None,
    **tables: Path | None,
) -> None:
    """Read the files, run the checks, write the strategy."""
    from dataclasses import replace

    from leal.documents import Owners, document_suffix, read_owners, strategy_of, write_document

    language = chosen_language(lang)
    targets = outputs or (Path("strategy.html"),)
    for target in targets:
        document_suffix(target)
    owners = (read_owners(owners_file) if owners_file else Owners()).named(pairs)
    owners = replace(owners, company=company or owners.company)
    with working(language) as work:
        loaded, found = work.audited(
            paths,
            tables,
            mapping=mapping,
            margin=margin,
            currency=currency,
            level=level,
            missing=missing,
        )
        work.begin(Text("Writing the strategy"))
        document = strategy_of(
            found,
            owners=owners,
            start=start.date() if start else None,
            results=_further(found, register, budget, ledger_file),
            languages=languages or None,
        )
        for target in targets:
            write_document(document, target, language)
    for part in document.parts:
        number = f"{part.number:>2}. " if part.number else ""
        if number:
            console().print(
                f"{number}{part.name.into(language)}: {part.finding.into(language)}", markup=False
            )
    print_left_out(loaded.left_out, language)
    print_targets(targets, language)


def _further(
    found: Audit, register: Path | None, budget: float | None, ledger_file: Path | None
) -> dict[str, object]:
    """Return what is reckoned from files beside the audit's: actions, funding, ledger."""
    from leal.act import action_value, fund_actions, read_actions
    from leal.prove import Ledger

    results: dict[str, object] = {}
    if register is not None:
        entries = read_actions(register, discount=found.discount, currency=found.currency)
        values = action_value(entries)
        results["actions"] = values
        if budget is not None:
            results["funding"] = fund_actions(values, budget, level=found.level)
    if ledger_file is not None:
        results["ledger"] = Ledger.load(ledger_file)
    return results
