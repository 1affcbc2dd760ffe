"""A document as a Word file: real headings, lists and tables, charts at the resolution of print."""

from __future__ import annotations

import io
from typing import Any

from leal.charts import palette
from leal.documents.document import (
    Block,
    Bullets,
    Callout,
    Document,
    Figure,
    Paragraph,
    Part,
    Shown,
    Subheading,
    Table,
)
from leal.documents.docx_styles import add_styles, cell_borders, left_bar, restart_numbers, shade
from leal.documents.extras import needed
from leal.documents.printed import png_picture
from leal.documents.settled import moment, settled
from leal.documents.spoken_document import SpokenTable, opened, spoken_table
from leal.wording import Language, Text

_HIGHEST_CM = 9.5
_CHART_PIXELS, _CHART_SCALE = 640, 3
_SHORT = 3
_CELL_MARGIN = "80"
_MANY_COLUMNS, _SMALL_POINTS = 6, 7.5
_COLOURS = palette("light")


def docx_document(document: Document, language: Language = "en") -> bytes:
    """Return a document as a Word file; the same document gives the same bytes.

    Parameters
    ----------
    document : Document
        As `strategy_of` or `session_of` returns it.
    language : {"en", "ru"}
        Language of every sentence and number.

    Raises
    ------
    MissingExtra
        The extra `documents` is not installed.
    """
    return _Word(needed("docx"), language, short=len(document.parts) <= _SHORT).write(document)


class _Word:
    """Writes one document; holds python-docx's file while it grows."""

    def __init__(self, docx: Any, language: Language, *, short: bool) -> None:
        self.docx = docx
        self.short = short
        self.language = language
        self.file = docx.Document()
        self.bookmarks = 0
        add_styles(self.file, language, short=short)
        section = self.file.sections[0]
        column = section.page_width - section.left_margin - section.right_margin
        self.width = docx.shared.Emu(column).cm
        # python-docx seeks the default style anew for each paragraph: most of the time in long tables
        self.styles = {style.name: style.style_id for style in self.file.styles}

    def write(self, document: Document) -> bytes:
        self._properties(document)
        self._furniture(document)
        self._say(document.kicker.into(self.language), "Kicker")
        self._say(document.title.into(self.language), "Title")
        for text in document.deck:
            self._say(opened(text, self.language), "Deck")
        self._blocks(document.front)
        if not self.short:
            self._contents(document)
        for part in document.parts:
            self._part(part, new_page=not self.short)
        buffer = io.BytesIO()
        self.file.save(buffer)
        return settled(buffer.getvalue())

    def _properties(self, document: Document) -> None:
        about = self.file.core_properties
        about.title, about.author = document.title.into(self.language), "Leal"
        about.comments, about.language = "", self.language
        about.created = about.modified = moment(document.day)

    def _furniture(self, document: Document) -> None:
        section = self.file.sections[0]
        header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
        if self.short:
            return  # one page needs no number, and bears its title
        header.text, header.style = f"Leal · {document.title.into(self.language)}", "Header"
        footer.style = "Footer"
        for kind, words in (("begin", None), (None, "PAGE"), ("end", None)):
            run = footer.add_run()
            tag = "w:instrText" if words else "w:fldChar"
            element = self.docx.oxml.OxmlElement(tag)
            if words:
                element.text = words
            else:
                element.set(self.docx.oxml.ns.qn("w:fldCharType"), kind)
            run._r.append(element)

    def _say(self, words: str, style: str) -> Any:
        paragraph = self.file.add_paragraph(words)
        paragraph._p.style = self.styles[style]
        return paragraph

    def _contents(self, document: Document) -> None:
        self._say(Text("Contents").into(self.language), "Heading 3")
        for at, part in enumerate(document.parts, start=1):
            name = part.name.into(self.language)
            line = self._say("", "Contents")
            line.add_run(f"{part.number}\t" if part.number else "\t")
            line._p.append(self._link(name, f"part{at}"))

    def _link(self, words: str, anchor: str) -> Any:
        qn, element = self.docx.oxml.ns.qn, self.docx.oxml.OxmlElement
        link, run, text = element("w:hyperlink"), element("w:r"), element("w:t")
        link.set(qn("w:anchor"), anchor)
        text.text = words
        run.append(text)
        link.append(run)
        return link

    def _part(self, part: Part, *, new_page: bool) -> None:
        name = part.name.into(self.language)
        heading = self._say(f"{part.number}. {name}" if part.number else name, "Heading 1")
        heading.paragraph_format.page_break_before = new_page
        self._bookmark(heading)
        self._say(part.finding.into(self.language), "Answer")
        self._blocks(part.blocks)

    def _bookmark(self, paragraph: Any) -> None:
        qn, element = self.docx.oxml.ns.qn, self.docx.oxml.OxmlElement
        self.bookmarks += 1
        start, end = element("w:bookmarkStart"), element("w:bookmarkEnd")
        for mark in (start, end):
            mark.set(qn("w:id"), str(self.bookmarks))
        start.set(qn("w:name"), f"part{self.bookmarks}")
        paragraph._p.append(start)
        paragraph._p.append(end)

    def _blocks(self, blocks: tuple[Block, ...]) -> None:
        for block in blocks:
            self._block(block)

    def _block(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            style = {"lead": "Answer", "body": "Body Text", "quiet": "Quiet"}[block.kind]
            self._say(block.text.into(self.language), style)
        elif isinstance(block, Subheading):
            self._say(block.text.into(self.language), "Heading 2")
        elif isinstance(block, Bullets):
            self._list(block)
        elif isinstance(block, Callout):
            self._box(block)
        elif isinstance(block, Table | Shown):
            self._table(spoken_table(block, self.language))
        else:
            self._figure(block)

    def _list(self, block: Bullets) -> None:
        style = "List Number" if block.numbered else "List Bullet"
        lines = [self._say(text.into(self.language), style) for text in block.items]
        if block.numbered:
            restart_numbers(self.file, lines)

    def _box(self, block: Callout) -> None:
        colour = {"missing": _COLOURS.unknown, "rule": _COLOURS.accent, "text": _COLOURS.promoter}[block.kind]
        title = self._say(block.title.into(self.language), "Box Title")
        bullet = "" if block.kind == "text" else "•\u00a0"
        lines = [self._say(f"{bullet}{text.into(self.language)}", "Box") for text in block.items]
        for line in (title, *lines):
            shade(line, _COLOURS.soft)
            left_bar(line, colour)
        for line in (title, *lines[:-1]):
            line.paragraph_format.keep_with_next = True

    def _figure(self, block: Figure) -> None:
        chart = png_picture(
            block.picture, self.language, width=_CHART_PIXELS, scale=_CHART_SCALE, ground="#ffffff"
        )
        caption = self._say(block.picture.title.into(self.language), "Caption")
        caption.paragraph_format.keep_with_next = True
        line = self._say("", "Body Text")
        picture = line.add_run().add_picture(
            io.BytesIO(chart.content), width=self.docx.shared.Cm(chart.width(self.width, _HIGHEST_CM))
        )
        picture._inline.docPr.set("descr", block.picture.description.into(self.language))
        for side in ("distT", "distB", "distL", "distR"):
            picture._inline.set(side, "0")

    def _table(self, told: SpokenTable) -> None:
        if told.title:
            caption = self._say(told.title, "Caption")
            caption.paragraph_format.keep_with_next = True
        table = self.file.add_table(rows=1 + len(told.rows), cols=len(told.heads))
        table.autofit = False
        self._align(table)
        widths = [self.docx.shared.Cm(self.width * share) for share in told.shares]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for at, row in enumerate([told.heads, *told.rows]):
            self._row(table.rows[at], row, told, at - 1, widths)
        self._repeat_head(table)
        self._say(told.remark or "", "Quiet" if told.remark else "Space")

    def _row(self, row: Any, words: list[str], told: SpokenTable, at: int, widths: list[Any]) -> None:
        head = at < 0
        for place, (cell, text) in enumerate(zip(row.cells, words, strict=True)):
            cell.width = widths[place]
            line = cell.paragraphs[0]
            line._p.style = self.styles["Table Head" if head else "Table Text"]
            run = line.add_run(text)
            if len(words) > _MANY_COLUMNS:
                run.font.size = self.docx.shared.Pt(_SMALL_POINTS)
            if told.numeric[place]:
                line.alignment = self.docx.enum.text.WD_ALIGN_PARAGRAPH.RIGHT
            run.bold = True if not head and place == 0 else None
            self._mark(run, None if head else told.marks.get((at, place)))
            cell_borders(cell, _COLOURS.muted if head else _COLOURS.line)

    def _mark(self, run: Any, verdict: str | None) -> None:
        if verdict is not None:
            run.bold = True
            run.font.color.rgb = self.docx.shared.RGBColor.from_string(getattr(_COLOURS, verdict)[1:].upper())

    def _align(self, table: Any) -> None:
        """Let the rules of a table begin where the text around it does, not a cell's margin outside."""
        layout = table._tbl.tblPr.find(self.docx.oxml.ns.qn("w:tblLayout"))
        layout.addprevious(self._margin("w:tblInd"))
        margins = self.docx.oxml.OxmlElement("w:tblCellMar")
        for side in ("w:left", "w:right"):
            margins.append(self._margin(side))
        layout.addnext(margins)

    def _margin(self, name: str) -> Any:
        qn = self.docx.oxml.ns.qn
        element = self.docx.oxml.OxmlElement(name)
        element.set(qn("w:w"), _CELL_MARGIN)
        element.set(qn("w:type"), "dxa")
        return element

    def _repeat_head(self, table: Any) -> None:
        element = self.docx.oxml.OxmlElement
        table.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader"))
        for row in table.rows:
            row._tr.get_or_add_trPr().append(element("w:cantSplit"))
