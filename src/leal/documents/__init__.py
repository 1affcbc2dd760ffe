"""Documents made of an audit: a page, a workbook, JSON."""

from leal.documents.page import html_report
from leal.documents.plain import json_report
from leal.documents.questionnaire_sheet import write_questionnaire
from leal.documents.workbook import xlsx_report
from leal.documents.writing import report_suffix, write_report

__all__ = ["html_report", "json_report", "report_suffix", "write_report", "xlsx_report"]
__all__ = ["html_report", "json_report", "write_questionnaire", "write_report", "xlsx_report"]
