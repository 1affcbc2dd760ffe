from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from tests.documents.sample_audit import HOSTILE, sample_audit
from tests.documents.strategy_samples import PARTS, nothing_known, office_text, short_strategy
from tests.documents.test_page import Page

from leal.documents import (
    Document,
    Figure,
    Shown,
    Table,
    docx_document,
    html_document,
    pdf_document,
    pptx_document,
    strategy_of,
    write_document,
)
from leal.documents.slide_tables import table_pages
from leal.documents.slides import shortened, slides_of
from leal.documents.spoken_document import SpokenTable, spoken_table
from leal.errors import BadFile, BadOption, MissingExtra
from leal.wording import LANGUAGES, Language

NOT_A_FIGURE = re.compile(r"\b(nan|NaN|None|inf)\b")


@pytest.fixture(scope="module")
def document() -> Document:
    return short_strategy()


def charts(document: Document) -> int:
    return sum(isinstance(block, Figure) for part in document.parts for block in part.blocks)


def tables(document: Document) -> int:
    blocks = [*document.front, *(block for part in document.parts for block in part.blocks)]
    return sum(isinstance(block, Table | Shown) and block.slide for block in blocks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_with_all_ten_parts(document: Document, language: Language) -> None:
    page = Page(html_document(document, language))
    assert page.open == []
    assert page.words.index(PARTS[language][0]) < page.words.rindex(PARTS[language][9])
    for name in PARTS[language]:
        assert name in page.words
    assert not NOT_A_FIGURE.search(page.words)


def test_a_page_loads_nothing_and_its_links_lead_somewhere(document: Document) -> None:
    text = html_document(document, "en")
    page = Page(text)
    identifiers = page.values("id")
    assert len(identifiers) == len(set(identifiers))
    assert {link[1:] for link in page.values("href")} <= set(identifiers)
    assert "default-src 'none'" in text
    assert "<script" not in text
    assert not re.search(r'(src|href)="https?:', text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_file_with_real_headings_tables_and_charts(document: Document, language: Language) -> None:
    docx = pytest.importorskip("docx")
    content = docx_document(document, language)
    file = docx.Document(io.BytesIO(content))
    headings = [line.text for line in file.paragraphs if line.style.name == "Heading 1"]
    assert headings[:10] == [f"{at}. {name}" for at, name in enumerate(PARTS[language], start=1)]
    assert len(file.tables) > 15
    assert len(file.inline_shapes) == charts(document)
    assert all(shape._inline.docPr.get("descr") for shape in file.inline_shapes)
    first = file.tables[0]
    assert len(first.rows) == 11
    words = office_text(content)
    assert not NOT_A_FIGURE.search(words)


def test_pictures_and_tables_of_a_word_file_stand_within_the_text(document: Document) -> None:
    docx = pytest.importorskip("docx")
    file = docx.Document(io.BytesIO(docx_document(document, "en")))
    section = file.sections[0]
    column = section.page_width - section.left_margin - section.right_margin
    assert all(shape.width <= column for shape in file.inline_shapes)
    assert {shape._inline.get("distL") for shape in file.inline_shapes} == {"0"}
    for table in file.tables:
        assert table._tbl.tblPr.xpath("w:tblInd/@w:w") == ["80"]
        assert all(row._tr.xpath("w:trPr/w:cantSplit") for row in table.rows)
        assert table.rows[0]._tr.xpath("w:trPr/w:tblHeader")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_has_room_for_its_longest_word(document: Document, language: Language) -> None:
    blocks = [*document.front, *(block for part in document.parts for block in part.blocks)]
    for block in blocks:
        if isinstance(block, Table):
            told = spoken_table(block, language)
            assert sum(told.shares) == pytest.approx(1)
            cells = zip(told.heads, *told.rows, strict=True)
            longest = [max(len(word) for text in column for word in text.split() or [""]) for column in cells]
            room = 120 if len(told.heads) > 6 else 105  # letters of a line on paper, by the size of its type
            if sum(1.15 * letters + 3 for letters in longest) < room:
                pairs = zip(told.shares, longest, strict=True)
                assert all(share * room >= 1.15 * letters + 2.79 for share, letters in pairs)


def test_numbered_lists_of_a_word_file_begin_at_one(document: Document) -> None:
    docx = pytest.importorskip("docx")
    file = docx.Document(io.BytesIO(docx_document(document, "en")))
    numbered = [line for line in file.paragraphs if line.style.name == "List Number"]
    lists = {line._p.pPr.numPr.numId.val for line in numbered}
    assert len(lists) >= 8


@pytest.mark.parametrize(("language", "system_fonts"), [("en", True), ("ru", False)])
def test_a_pdf_with_all_ten_parts_and_its_own_fonts(
    document: Document, language: Language, system_fonts: bool
) -> None:
    pytest.importorskip("typst")
    content = pdf_document(document, language, system_fonts=system_fonts)
    assert content.startswith(b"%PDF-")
    assert len(content) > 100_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_slides_with_titles_charts_tables_and_notes(document: Document, language: Language) -> None:
    pptx = pytest.importorskip("pptx")
    content = pptx_document(document, language)
    file = pptx.Presentation(io.BytesIO(content))
    slides = list(file.slides)
    assert len(slides) > 40
    assert all(slide.shapes.title.text_frame.text.strip() for slide in slides)
    words = office_text(content)
    for at, name in enumerate(PARTS[language], start=1):
        assert f"{at}. {name}" in words
    assert not NOT_A_FIGURE.search(words)
    kinds = [[shape.shape_type for shape in slide.shapes] for slide in slides]
    assert sum(13 in shapes for shapes in kinds) == charts(document)  # pictures
    pieces = [re.search(r"\((\d+)/\d+\)$", slide.shapes.title.text_frame.text) for slide in slides]
    begun = [
        19 in shapes and (piece is None or piece[1] == "1")
        for shapes, piece in zip(kinds, pieces, strict=True)
    ]
    assert sum(begun) == tables(document)
    assert all(sum(kind in (13, 19) for kind in shapes) <= 1 for shapes in kinds)
    assert sum(slide.has_notes_slide for slide in slides) > 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_on_slides_are_whole_within_the_slide_and_large_enough_to_read(
    document: Document, language: Language
) -> None:
    pptx = pytest.importorskip("pptx")
    file = pptx.Presentation(io.BytesIO(pptx_document(document, language)))
    shown = [shape for slide in file.slides for shape in slide.shapes if shape.has_table]
    sizes = [
        line.font.size.pt
        for shape in shown
        for row in list(shape.table.rows)[1:]
        for cell in row.cells
        for line in cell.text_frame.paragraphs
    ]
    assert min(sizes) >= 12
    assert all(shape.top + shape.height <= file.slide_height for shape in shown)
    blocks = [*document.front, *(block for part in document.parts for block in part.blocks)]
    held = [
        spoken_table(block, language) for block in blocks if isinstance(block, Table | Shown) and block.slide
    ]
    assert sum(len(shape.table.rows) - 1 for shape in shown) == sum(len(table.rows) for table in held)


def test_words_to_send_stand_beside_the_steps_that_they_belong_to(document: Document) -> None:
    slides = [
        slide for slide in slides_of(document, "en") if slide.place == "8. Playbooks" and not slide.opening
    ]
    assert len([slide for slide in slides if slide.beside]) == 5
    assert slides[0].numbered
    assert slides[0].beside[0].startswith("Words to send")
    assert all(slide.bullets for slide in slides)


def long_table(rows: int, words: str) -> SpokenTable:
    return SpokenTable(
        title=None, heads=["What", "n"], numeric=[False, True], shares=[0.9, 0.1],
        rows=[[f"{at} {words}", "5"] for at in range(rows)], remark=None, marks={(rows - 1, 0): "exposed"},
    )  # fmt: skip


def test_a_short_table_stands_on_one_slide_in_the_largest_type() -> None:
    [page] = table_pages(long_table(3, "short"), breadth=12, height=5)
    assert page.size == 16
    assert page.table == long_table(3, "short")


def test_a_long_table_is_told_on_slides_filled_alike_with_its_colours() -> None:
    table = long_table(40, "a sentence that takes one line and no more than that")
    pages = table_pages(table, breadth=12, height=5)
    assert len({page.size for page in pages}) == 1
    assert 12 <= pages[0].size < 16
    assert [row for page in pages for row in page.table.rows] == table.rows
    lengths = [len(page.table.rows) for page in pages]
    assert max(lengths) - min(lengths) <= 2
    assert pages[-1].table.marks == {(lengths[-1] - 1, 0): "exposed"}


def test_a_row_higher_than_a_slide_has_a_slide_of_its_own() -> None:
    pages = table_pages(long_table(3, "words " * 900), breadth=12, height=5)
    assert [len(page.table.rows) for page in pages] == [1, 1, 1]


def test_titles_of_slides_are_whole_sentences() -> None:
    assert shortened("One is so. Two is so.") == "One is so. Two is so."
    long = "NPS fell by 24 points since quarter 1 of 2026 (between quarter 4 and quarter 2), p = 0.010; "
    assert shortened(long * 3) == long.removesuffix("; ")


@pytest.mark.parametrize("writer", [html_document, docx_document, pdf_document, pptx_document])
def test_the_same_document_gives_the_same_bytes(document: Document, writer: object) -> None:
    pytest.importorskip("docx")
    pytest.importorskip("pptx")
    pytest.importorskip("typst")
    assert writer(document, "en") == writer(document, "en")  # type: ignore[operator]


@pytest.mark.parametrize("suffix", [".docx", ".pptx"])
def test_office_files_hold_no_hour_of_the_clock(document: Document, tmp_path: Path, suffix: str) -> None:
    pytest.importorskip(suffix[1:])
    target = write_document(document, tmp_path / f"strategy{suffix}")
    with zipfile.ZipFile(target) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        about = archive.read("docProps/core.xml").decode()
    assert "2026-06-30" in about


@pytest.mark.parametrize("suffix", [".html", ".docx", ".pdf", ".pptx"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_known_is_a_document_in_every_form(tmp_path: Path, suffix: str, language: Language) -> None:
    pytest.importorskip({".pdf": "typst", ".html": "jinja2"}.get(suffix, suffix[1:]))
    target = write_document(strategy_of(nothing_known()), tmp_path / f"strategy{suffix}", language)
    assert target.stat().st_size > 10_000


@pytest.mark.parametrize("suffix", [".html", ".docx", ".pdf", ".pptx"])
def test_hostile_names_stay_words(tmp_path: Path, suffix: str) -> None:
    pytest.importorskip({".pdf": "typst", ".html": "jinja2"}.get(suffix, suffix[1:]))
    target = write_document(strategy_of(sample_audit()), tmp_path / f"strategy{suffix}")
    if suffix == ".html":
        assert HOSTILE not in target.read_text(encoding="utf-8")
    assert target.stat().st_size > 10_000


def test_another_suffix_is_refused(document: Document, tmp_path: Path) -> None:
    with pytest.raises(BadOption, match="html"):
        write_document(document, tmp_path / "strategy.odt")


def test_a_folder_that_is_not_there(document: Document, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="cannot be written"):
        write_document(document, tmp_path / "none" / "strategy.html")


@pytest.mark.parametrize("suffix", ["docx", "pdf", "pptx"])
def test_an_absent_extra_says_how_to_install_it(
    document: Document, tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = {"pdf": "typst"}.get(suffix, suffix)

    def absent(name: str) -> object:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)

    monkeypatch.setattr("leal.documents.extras.import_module", absent)
    with pytest.raises(MissingExtra, match=r"leal\[documents\]"):
        write_document(document, tmp_path / f"strategy.{suffix}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_table_is_broken_on_a_slide(document: Document, language: Language) -> None:
    for slide in slides_of(document, language):
        if slide.table is None:
            continue
        for page in table_pages(slide.table, breadth=12.133, height=5):
            columns = zip(slide.table.heads, *slide.table.rows, strict=True)
            for share, cells in zip(slide.table.shares, columns, strict=True):
                longest = max((len(word) for cell in cells for word in cell.split()), default=0)
                # 145 letters of one point an inch, a fifth of a word's width for bold type, .18 for margins
                assert 1.2 * longest * page.size <= 145 * (12.133 * share - 0.18), (slide.title, longest)
