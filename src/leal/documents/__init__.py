"""What is handed over: the report as HTML, workbook and JSON."""
