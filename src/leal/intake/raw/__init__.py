"""Any file of another tool as a raw table of text: bytes in, rows with their line numbers out."""

from leal.intake.raw.cells import MISSING_WORDS, blank_to_null, header_key, present
from leal.intake.raw.raw_table import RawTable, SkippedRow
from leal.intake.raw.reader import Likeness, read_raw

__all__ = [
    "MISSING_WORDS",
    "Likeness",
    "RawTable",
    "SkippedRow",
    "blank_to_null",
    "header_key",
    "present",
    "read_raw",
]
