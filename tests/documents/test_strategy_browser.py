"""Strategy and session in a real browser: legible in both modes, within the width of a phone, on paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.documents.strategy_samples import short_strategy
from tests.documents.test_browser import CONTRAST, browser
from tests.documents.test_session_document import some_answers

from leal.documents import session_of, write_document
from leal.wording import LANGUAGES

pytestmark = pytest.mark.browser

__all__ = ["browser"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_strategy_reads_on_a_desk_and_on_a_phone(browser: object, tmp_path: Path, language: str) -> None:
    target = write_document(short_strategy(), tmp_path / "strategy.html", language)  # type: ignore[arg-type]
    for scheme, width in (("light", 1200), ("dark", 1200), ("light", 390)):
        page = browser.new_page(  # type: ignore[attr-defined]
            viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(target.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(CONTRAST) == []
        assert asked == [target.as_uri()]
        page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_session_is_one_sheet_of_a4(browser: object, tmp_path: Path, language: str) -> None:
    target = write_document(session_of(some_answers()), tmp_path / "session.html", language)  # type: ignore[arg-type]
    page = browser.new_page()  # type: ignore[attr-defined]
    page.goto(target.as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
