"""Files and payloads of other tools become the tables of Leal: read, recognised, cleaned, reconciled."""

from leal.intake.raw import RawTable, read_raw
from leal.intake.reconciliation import Reconciliation, Rejection
from leal.intake.spreadsheet_safety import safe_cell, safe_for_spreadsheet

__all__ = ["RawTable", "Reconciliation", "Rejection", "read_raw", "safe_cell", "safe_for_spreadsheet"]
