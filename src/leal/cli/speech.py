"""How the command line speaks: its language, its consoles, options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click
from rich.console import Console

from leal.wording import LANGUAGES, Language, Text, language_of_locale, to_language

LANGUAGE_OF_HELP: Language = language_of_locale()
"""Help texts are said in the language of the user's environment; --lang speaks for the results."""

Command = TypeVar("Command", bound=Callable[..., Any])


def say(text: Text) -> str:
    """Return a help text in the language of the user's environment."""
    return text.into(LANGUAGE_OF_HELP)


def console() -> Console:
    """Return the console that results are printed on."""
    return Console(highlight=False)


def error_console() -> Console:
    """Return the console of errors and progress: the other stream, so that results can be piped."""
    return Console(stderr=True, highlight=False)


def chosen_language(lang: str | None) -> Language:
    """Return the language asked for by --lang, else that of the user's environment."""
    return to_language(lang) if lang else LANGUAGE_OF_HELP


def lang_option(command: Command) -> Command:
    """Add ``--lang en|ru``."""
    help_text = say(Text("Language of what is written; by default that of your system."))
    return click.option("--lang", type=click.Choice(LANGUAGES), help=help_text)(command)


def json_option(command: Command) -> Command:
    """Add ``--json``."""
    help_text = say(Text("Print one JSON object instead of sentences."))
    return click.option("--json", "as_json", is_flag=True, help=help_text)(command)
