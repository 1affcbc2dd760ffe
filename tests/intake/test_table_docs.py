"""The page of tables says what the source says."""

from __future__ import annotations

from tools.table_docs import PATH, page


def test_the_page_of_tables_is_up_to_date() -> None:
    assert PATH.read_text(encoding="utf-8") == page(), "run: python tools/table_docs.py"
