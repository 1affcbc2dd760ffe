"""Files and payloads of other tools become the tables of Leal: read, recognised, cleaned, reconciled."""

from leal.intake.raw import RawTable, read_raw

__all__ = ["RawTable", "read_raw"]
