from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.documents.sample_audit import FORMULA, HOSTILE, sample_audit

from leal.checks import Audit, audit
from leal.documents import html_report
from leal.evidence import Evidence
from leal.intake import load
from leal.wording import LANGUAGES, Language

VOID = {"meta", "link", "br", "hr", "img", "input", "path", "rect", "line", "use", "circle"}


class Page(HTMLParser):
    """Collects the texts, identifiers and attributes of a page; fails where tags do not match."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.texts: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open, tag
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.texts.append(data)

    @property
    def words(self) -> str:
        return re.sub(r"[ \t\r\n]+", " ", " ".join(self.texts))

    def values(self, *names: str) -> list[str]:
        return [value for _, name, value in self.attributes if name in names]


@pytest.fixture(scope="module")
def sample() -> Audit:
    return sample_audit()


@pytest.fixture(scope="module")
def pages(sample: Audit) -> dict[Language, str]:
    return {language: html_report(sample, language) for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_parses_and_holds_every_check(pages: dict[Language, str], language: Language) -> None:
    page = Page(pages[language])
    assert page.open == []
    for check in sample_audit().checks:
        assert f"check-{check.number}" in page.values("id")
        assert check.name.into(language) in page.words
        assert check.finding.into(language) in page.words
        assert check.next_step.into(language) in page.words


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_loaded_from_elsewhere(pages: dict[Language, str], language: Language) -> None:
    page = Page(pages[language])
    outside = [
        v for v in page.values("src", "href", "srcset", "xlink:href", "action", "data") if v[:1] != "#"
    ]
    assert outside == []
    assert "@import" not in pages[language]
    assert "url(http" not in pages[language].replace(" ", "")
    assert "default-src 'none'" in pages[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_names_are_text(pages: dict[Language, str], language: Language) -> None:
    assert HOSTILE not in pages[language]
    page = Page(pages[language])
    assert HOSTILE in page.words
    assert FORMULA in page.words
    assert [tag for tag, _, _ in page.attributes].count("script") == 0
    assert pages[language].count("<script>") == 1


def test_identifiers_are_used_once_and_links_lead_somewhere(pages: dict[Language, str]) -> None:
    for text in pages.values():
        page = Page(text)
        identifiers = page.values("id")
        assert len(identifiers) == len(set(identifiers))
        assert {link[1:] for link in page.values("href")} <= set(identifiers)
        references = set(re.findall(r"url\(#([\w-]+)\)", text))
        assert references <= set(identifiers)
        labels = {name for value in page.values("aria-labelledby") for name in value.split()}
        assert labels <= set(identifiers)


def test_page_one_says_the_score_the_data_the_money_and_the_steps(pages: dict[Language, str]) -> None:
    words = Page(pages["en"]).words
    front = words[: words.index("Which spending was noticed")]
    assert "NPS 32, between 28 and 36 with 95\u00a0% confidence" in front
    assert "1,240 of 1,245 rows accepted" in front
    assert "RUB\u00a012.4\u00a0million" in front
    assert "RUB\u00a07.90 to 18.3\u00a0million" in front
    assert "2 are dangerous" in front
    assert "revenue, not margin" in front
    assert (
        front.index("Ignoring passives")
        < front.index("Losing fairly satisfied")
        < front.index("The wrong seg")
    )
    assert [front.count(word) for word in ("guarded", "unknown")] == [4, 4]


def test_russian_numbers_and_words(pages: dict[Language, str]) -> None:
    words = Page(pages["ru"]).words
    assert "NPS 32: от 28 до 36 с надёжностью 95\u00a0%" in words
    assert "12,4\u00a0млн\u00a0₽" in words
    assert "от 7,90 до 18,3\u00a0млн\u00a0₽" in words
    assert "уязвимо" in words
    assert "4\u202f120\u202f300\u00a0₽" in words
    assert "2 марта 2026" in words


def test_the_language_of_the_page_is_named(pages: dict[Language, str]) -> None:
    for language, text in pages.items():
        assert f'<html lang="{language}">' in text


def test_what_is_unknown_is_a_dash_never_not_a_number(pages: dict[Language, str]) -> None:
    for text in pages.values():
        words = Page(text).words
        assert not re.search(r"\b(nan|NaN|None|inf)\b", words)


def test_claims_stand_in_three_columns(pages: dict[Language, str]) -> None:
    words = Page(pages["en"]).words
    assert "What is said Research Your data" in words
    assert "no evidence found for or against" in words


def test_methods_and_glossary_are_one_click_away(pages: dict[Language, str]) -> None:
    words = Page(pages["en"]).words
    assert "How this was calculated" in words
    assert "Tango 1998" in words
    assert "Glossary" in words


def test_an_audit_without_any_data_is_a_report_too() -> None:
    for language in LANGUAGES:
        page = Page(html_report(audit(Evidence()), language))
        assert page.open == []
        assert ("неизвестно" if language == "ru" else "unknown") in page.words
        assert ("Десять проверок" if language == "ru" else "The ten checks of") in page.words


def test_each_chart_is_drawn_for_a_desk_and_for_a_phone(pages: dict[Language, str]) -> None:
    page = Page(pages["en"])
    pictures = sum(len(check.pictures) for check in sample_audit().checks)
    classes = page.values("class")
    assert classes.count("wide") == classes.count("narrow") == pictures
    assert page.values("role").count("img") == pictures + 1
    assert all(label for tag, name, label in page.attributes if name == "aria-label")


def test_columns_that_were_not_known_are_named_where_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "clients.csv").write_text("customer,segment,hobby\n1,A,chess\n2,B,tennis\n", encoding="utf-8")
    loaded = load(tmp_path)
    page = html_report(audit(loaded.evidence, reconciliations=loaded.reconciliations), "en")
    assert "Kept under their own names, to group by or to explain scores: hobby." in page
