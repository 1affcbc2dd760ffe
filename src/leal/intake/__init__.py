"""Files and payloads of other tools become the tables of Leal: read, recognised, cleaned, reconciled."""

from leal.intake.answers import answers_of, read_answers
from leal.intake.answers_to_items import item_answers
from leal.intake.clean_files import write_clean
from leal.intake.column_mapping import BadMapping, ColumnMapping, mapping_path, read_mapping, write_mapping
from leal.intake.file_reading import recognise
from leal.intake.item_mapping import ItemMapping, read_item_mapping
from leal.intake.join_findings import BaseDifference, JoinReport, TableJoin
from leal.intake.joining import join_customers, join_report
from leal.intake.loading import LeftOut, Loaded, load
from leal.intake.people import read_people
from leal.intake.raw import RawTable, read_raw
from leal.intake.reading import read_table
from leal.intake.reconciliation import Reconciliation, Rejection
from leal.intake.spreadsheet_safety import safe_cell, safe_for_spreadsheet
from leal.intake.surveys import is_answers, is_people, is_reviews, kind_of_survey_file
from leal.intake.toml_files import read_toml, require_known

__all__ = [
    "BadMapping",
    "BaseDifference",
    "ColumnMapping",
    "ItemMapping",
    "JoinReport",
    "LeftOut",
    "Loaded",
    "RawTable",
    "Reconciliation",
    "Rejection",
    "TableJoin",
    "answers_of",
    "is_answers",
    "is_people",
    "is_reviews",
    "item_answers",
    "join_customers",
    "join_report",
    "kind_of_survey_file",
    "load",
    "mapping_path",
    "read_answers",
    "read_item_mapping",
    "read_mapping",
    "read_people",
    "read_raw",
    "read_table",
    "read_toml",
    "recognise",
    "require_known",
    "safe_cell",
    "safe_for_spreadsheet",
    "write_clean",
    "write_mapping",
]
