"""The command line: leal audit, nps, convert, demo, doctor."""

from __future__ import annotations

import click

from leal import __version__


@click.group()
@click.version_option(__version__, prog_name="leal")
def main() -> None:
    """Measure customer loyalty, explain it, and say what it is worth."""
