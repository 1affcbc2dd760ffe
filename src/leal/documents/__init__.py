"""Documents made of an audit: a page, a workbook, JSON; the retention strategy and the diagnosis."""

from leal.documents.document import (
    Bullets,
    Callout,
    Document,
    Figure,
    Paragraph,
    Part,
    Shown,
    Subheading,
    Table,
    TableColumn,
)
from leal.documents.document_writing import document_suffix, writable_forms, write_document
from leal.documents.docx_writer import docx_document
from leal.documents.epsi_report import epsi_json, epsi_page, epsi_workbook, write_epsi_report
from leal.documents.html_writer import html_document
from leal.documents.owners import Owners, read_owners
from leal.documents.page import html_report
from leal.documents.pdf_writer import pdf_document
from leal.documents.plain import json_report
from leal.documents.pptx_writer import pptx_document
from leal.documents.questionnaire_sheet import write_questionnaire
from leal.documents.report_files import report_suffix
from leal.documents.session import session_of
from leal.documents.strategy import strategy_of
from leal.documents.value_report import (
    ValueStudy,
    value_json,
    value_page,
    value_sentences,
    value_workbook,
    write_value_report,
)
from leal.documents.workbook import xlsx_report
from leal.documents.writing import write_report

__all__ = [
    "Bullets",
    "Callout",
    "Document",
    "Figure",
    "Owners",
    "Paragraph",
    "Part",
    "Shown",
    "Subheading",
    "Table",
    "TableColumn",
    "ValueStudy",
    "document_suffix",
    "docx_document",
    "epsi_json",
    "epsi_page",
    "epsi_workbook",
    "html_document",
    "html_report",
    "json_report",
    "pdf_document",
    "pptx_document",
    "read_owners",
    "report_suffix",
    "session_of",
    "strategy_of",
    "value_json",
    "value_page",
    "value_sentences",
    "value_workbook",
    "writable_forms",
    "write_document",
    "write_epsi_report",
    "write_questionnaire",
    "write_report",
    "write_value_report",
    "xlsx_report",
]
