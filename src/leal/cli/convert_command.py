"""`leal convert FILE`: any export as a clean table, with a report of what was taken and what was not."""

from __future__ import annotations

import json
from pathlib import Path

import click

from leal.cli.speech import chosen_language, console, json_option, lang_option, say
from leal.tables import TABLES
from leal.wording import Text

LINES_SHOWN = 20


@click.command(
    "convert", help=say(Text("Turn an export into a clean table and say what was rejected, and why."))
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help=say(Text("File to write (.csv, .xlsx or .parquet); by default FILE.clean.csv.")),
)
@click.option(
    "--table",
    "kind",
    type=click.Choice(list(TABLES)),
    help=say(Text("What the file holds, where it is not recognised.")),
)
@click.option(
    "--map",
    "mapping",
    type=click.Path(path_type=Path),
    help=say(Text("File that maps your columns to Leal's.")),
)
@json_option
@lang_option
def convert_command(
    file: Path, out: Path | None, kind: str | None, mapping: Path | None, as_json: bool, lang: str | None
) -> None:
    """Read the file as a table of the vocabulary, write it, tell the reconciliation."""
    from leal.intake import load, write_clean

    loaded = load(**{kind: file}, mapping=mapping) if kind else load(file, mapping=mapping)
    table = loaded.evidence.table(next(iter(loaded.evidence)))
    written = write_clean(table, out or file.with_name(f"{file.stem}.clean.csv"))
    told = loaded.reconciliations[0]
    if as_json:
        click.echo(
            json.dumps(
                {"written": str(written), "reconciliation": told.to_dict()}, ensure_ascii=False, indent=2
            )
        )
        return
    language = chosen_language(lang)
    printer = console()
    printer.print(told.sentence().into(language), markup=False)
    for rejection in told.rejected[:LINES_SHOWN]:
        line = Text("line {line}: {reason}", line=str(rejection.line), reason=rejection.text)
        printer.print(f"  {line.into(language)}", style="dim", markup=False)
    for note in told.notes:
        printer.print(f"  {note.text.into(language)}", style="dim", markup=False)
    printer.print(Text("Written: {file}", file=str(written)).into(language), markup=False, soft_wrap=True)
