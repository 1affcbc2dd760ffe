"""The program `leal`: its commands, and how an error is told."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

import click

from leal import __version__
from leal.cli.assign_command import assign_command
from leal.cli.audit_command import audit_command
from leal.cli.convert_command import convert_command
from leal.cli.demo_command import demo_command
from leal.cli.doctor_command import doctor_command
from leal.cli.epsi_command import epsi_command
from leal.cli.nps_command import nps_command
from leal.cli.session_command import session_command
from leal.cli.speech import LANGUAGE_OF_HELP, error_console, say
from leal.cli.strategy_command import strategy_command
from leal.cli.value_command import value_command
from leal.errors import LealError
from leal.wording import Text, to_language

BAD_INPUT = 2
"""Exit code where the input, not the program, is at fault; click uses the same for wrong options."""


class _Program(click.Group):
    """A group that tells Leal's own errors plainly, without a traceback."""

    def main(self, args: Sequence[str] | None = None, **extra: Any) -> Any:  # type: ignore[override]
        words = list(sys.argv[1:] if args is None else args)
        try:
            return super().main(args=words, **extra)
        except LealError as error:
            _tell(error, words)
            sys.exit(BAD_INPUT)


def _tell(error: LealError, words: list[str]) -> None:
    language = LANGUAGE_OF_HELP
    if "--lang" in words[:-1]:
        language = to_language(words[words.index("--lang") + 1])
    if "--json" in words:
        click.echo(json.dumps({"error": error.to_dict(language)}, ensure_ascii=False, indent=2))
        return
    what, _, hint = error.into(language).partition("\n")
    console = error_console()
    console.print(what, style="bold red", markup=False)
    console.print(hint, markup=False)


@click.group(
    cls=_Program,
    help=say(Text("Measure how loyal your customers are, explain it, and say what it is worth.")),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="leal")
def main() -> None:
    """Gather the commands."""


for command in (
    audit_command,
    strategy_command,
    session_command,
    nps_command,
    epsi_command,
    value_command,
    assign_command,
    convert_command,
    demo_command,
    doctor_command,
):
    main.add_command(command)
