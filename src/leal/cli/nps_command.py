"""`leal nps FILE`: the Net Promoter Score of a survey file, with its interval."""

from __future__ import annotations

import json
from pathlib import Path

import click

from leal.cli.speech import chosen_language, console, json_option, lang_option, say
from leal.wording import Language, Text


@click.command(
    "nps", help=say(Text("Give the Net Promoter Score of a survey file, with its confidence interval."))
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", help=say(Text("Column to give one score a group of: segment, unit, channel ...")))
@click.option("--weight", help=say(Text("Column of sampling weights.")))
@click.option("--level", type=click.FloatRange(0.5, 0.999), default=0.95, show_default=True)
@json_option
@lang_option
def nps_command(
    file: Path, by: str | None, weight: str | None, level: float, as_json: bool, lang: str | None
) -> None:
    """Read the file, count, print."""
    from leal.intake import read_answers
    from leal.measure import nps

    answers, reconciliation = read_answers(file)
    headers = {header.strip().casefold(): name for header, name in reconciliation.columns_used.items()}
    by, weight = (name and headers.get(name.strip().casefold(), name) for name in (by, weight))
    result = nps(answers, by=by, weight=weight, level=level)
    if as_json:
        click.echo(json.dumps(result.to_dict(), ensure_ascii=False, indent=2))
        return
    language = chosen_language(lang)
    _print(result, language)
    console().print(reconciliation.sentence().into(language), style="dim", markup=False)


def _print(result: object, language: Language) -> None:
    from leal.measure import NpsResult

    out = console()
    groups = {None: result} if isinstance(result, NpsResult) else dict(result.items())  # type: ignore[attr-defined]
    for group, score in groups.items():
        told = score.sentence().into(language)
        out.print(told if group is None else f"{group}: {told}", markup=False)
        for note in score.notes:
            out.print(f"  {note.text.into(language)}", style="dim", markup=False)
