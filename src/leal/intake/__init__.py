"""Files and payloads of other tools become the tables of Leal: read, recognised, cleaned, reconciled."""

from leal.intake.column_mapping import BadMapping, ColumnMapping, mapping_path, read_mapping, write_mapping
from leal.intake.raw import RawTable, read_raw
from leal.intake.reading import read_table
from leal.intake.reconciliation import Reconciliation, Rejection
from leal.intake.spreadsheet_safety import safe_cell, safe_for_spreadsheet

__all__ = [
    "BadMapping",
    "ColumnMapping",
    "RawTable",
    "Reconciliation",
    "Rejection",
    "mapping_path",
    "read_mapping",
    "read_raw",
    "read_table",
    "safe_cell",
    "safe_for_spreadsheet",
    "write_mapping",
]
