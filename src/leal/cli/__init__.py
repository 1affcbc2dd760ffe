"""The command line: leal audit, strategy, session, value, assign, nps, epsi, convert, demo, doctor."""

from leal.cli.program import main

__all__ = ["main"]
