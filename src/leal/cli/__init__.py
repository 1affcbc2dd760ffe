"""The command line: leal audit, nps, convert, demo, doctor."""

from leal.cli.program import main

__all__ = ["main"]
