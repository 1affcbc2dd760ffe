"""Documents made of an audit: a page, a workbook, JSON."""

from leal.documents.epsi_report import epsi_json, epsi_page, epsi_workbook, write_epsi_report
from leal.documents.page import html_report
from leal.documents.plain import json_report
from leal.documents.questionnaire_sheet import write_questionnaire
from leal.documents.workbook import xlsx_report
from leal.documents.writing import report_suffix, write_report

__all__ = [
    "epsi_json",
    "epsi_page",
    "epsi_workbook",
    "html_report",
    "json_report",
    "report_suffix",
    "write_epsi_report",
    "write_report",
    "xlsx_report",
]
__all__ = [
    "epsi_json",
    "epsi_page",
    "epsi_workbook",
    "html_report",
    "json_report",
    "write_epsi_report",
    "write_questionnaire",
    "write_report",
    "xlsx_report",
]
