"""A document as slides: one idea a slide, the finding as its title, chart or table, the rest in the notes."""

from __future__ import annotations

import io
from typing import Any

from leal.charts import palette
from leal.checks import Picture
from leal.documents.document import Document
from leal.documents.extras import needed
from leal.documents.printed import Printed, png_picture
from leal.documents.settled import moment, settled
from leal.documents.slides import Slide, slides_of
from leal.documents.spoken_document import SpokenTable, opened
from leal.wording import Language, plural

_COLOURS = palette("light")
_SERIF, _SANS = "Georgia", "Arial"
_WIDE, _HIGH = 13.333, 7.5
_LEFT, _BREADTH = 0.6, 12.133
_TITLE_TOP, _BOTTOM = 0.7, 6.8
_ROWS = 12
_TITLE_ONLY = 5
_CHART_PIXELS, _TALL_PIXELS, _CHART_SCALE = 820, 560, 2.5
_TALL = 0.55
_SHORT_TITLE = 24
_TABLE_SIZES = (14.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.0)
_LETTERS = 145
"""Letters of one point that an inch holds: 158 are measured, less what is lost where lines end."""
_TITLE_SIZES = ((75, 26), (115, 22), (10_000, 19))


def pptx_document(document: Document, language: Language = "en") -> bytes:
    """Return a document as slides of 16:9; the same document gives the same bytes.

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
    return _Slides(needed("pptx"), language).write(document)


class _Slides:
    """Writes one file of slides; holds python-pptx's presentation while it grows."""

    def __init__(self, pptx: Any, language: Language) -> None:
        from pptx.util import Inches, Pt

        self.inches, self.points = Inches, Pt
        self.language = language
        self.file = pptx.Presentation()
        self.file.slide_width, self.file.slide_height = Inches(_WIDE), Inches(_HIGH)
        self.layout = self.file.slide_layouts[_TITLE_ONLY]
        self._dress_layout()

    def _dress_layout(self) -> None:
        """Place the title of the layout where this house has it; date, footer and number are not used."""
        for shape in list(self.layout.placeholders):
            if shape.placeholder_format.type == 1 or shape.placeholder_format.idx == 0:
                self._put(shape, 0.75, 1.0)
            else:
                shape._element.getparent().remove(shape._element)

    def _put(self, shape: Any, top: float, height: float) -> None:
        shape.left, shape.width = self.inches(_LEFT), self.inches(_BREADTH)
        shape.top, shape.height = self.inches(top), self.inches(height)

    def write(self, document: Document) -> bytes:
        self._properties(document)
        self._cover(document)
        for number, slide in enumerate(slides_of(document, self.language), start=2):
            self._slide(slide, number)
        buffer = io.BytesIO()
        self.file.save(buffer)
        return settled(buffer.getvalue())

    def _properties(self, document: Document) -> None:
        about = self.file.core_properties
        about.title, about.author = document.title.into(self.language), "Leal"
        about.language = self.language
        about.created = about.modified = moment(document.day)
        about.last_modified_by = "Leal"

    def _cover(self, document: Document) -> None:
        title = document.title.into(self.language)
        size = 44 if len(title) <= _SHORT_TITLE else 34
        height = _lines(title, size) * size * 1.2 / 72
        slide = self._blank(title, size, top=2.0, height=height)
        self._line(slide, document.kicker.into(self.language), 1.45, 14, _COLOURS.muted)
        deck = [opened(text, self.language) for text in document.deck]
        self._paragraphs(slide, deck, 2.4 + height, 2.8, 20, font=_SERIF)

    def _slide(self, told: Slide, number: int) -> None:
        if told.opening:
            self._opening(told, number)
            return
        size = next(size for most, size in _TITLE_SIZES if len(told.title) <= most)
        slide = self._blank(told.title, size)
        self._line(slide, told.place, 0.4, 11, _COLOURS.muted)
        self._line(slide, str(number), 7.05, 10, _COLOURS.muted, right=True)
        top = _TITLE_TOP + 0.25 + _lines(told.title, size) * size * 1.2 / 72
        if told.caption:
            self._line(slide, told.caption, top, 12, _COLOURS.ink, bold=True)
            top += 0.4
        if told.table is not None:
            self._table(slide, told.table, top)
        elif told.picture is not None:
            self._picture(slide, told.picture, top)
        elif told.bullets:
            bullets = [f"•  {text}" for text in told.bullets]
            self._paragraphs(slide, bullets, top + 0.15, _BOTTOM - top, 18)
        self._notes(slide, told)

    def _opening(self, told: Slide, number: int) -> None:
        """Write the slide that a part begins with: its number, its name, its finding."""
        slide = self._blank(told.title, 30, top=3.0, height=2.6)
        self._line(slide, told.place, 2.35, 16, _COLOURS.accent, bold=True)
        self._line(slide, str(number), 7.05, 10, _COLOURS.muted, right=True)
        self._notes(slide, told)

    def _notes(self, slide: Any, told: Slide) -> None:
        if told.notes:
            slide.notes_slide.notes_text_frame.text = "\n".join(told.notes)

    def _blank(self, title: str, size: float, *, top: float = _TITLE_TOP, height: float = 1.05) -> Any:
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

        slide = self.file.slides.add_slide(self.layout)
        ground = slide.background.fill
        ground.solid()
        ground.fore_color.rgb = self._colour(_COLOURS.paper)
        shape = slide.shapes.title
        self._put(shape, top, height)
        frame = shape.text_frame
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.text = title
        frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        self._type(frame.paragraphs[0], size, _COLOURS.ink, font=_SERIF, bold=True)
        return slide

    def _colour(self, name: str) -> Any:
        from pptx.dml.color import RGBColor

        return RGBColor.from_string(name[1:].upper())

    def _type(self, line: Any, size: float, colour: str, *, font: str = _SANS, bold: bool = False) -> None:
        line.font.size, line.font.bold, line.font.name = self.points(size), bold, font
        line.font.color.rgb = self._colour(colour)

    def _line(
        self,
        slide: Any,
        words: str,
        top: float,
        size: float,
        colour: str,
        *,
        bold: bool = False,
        right: bool = False,
    ) -> None:
        from pptx.enum.text import PP_ALIGN

        frame = self._frame(slide, top, 0.3)
        frame.text = words
        self._type(frame.paragraphs[0], size, colour, bold=bold)
        if right:
            frame.paragraphs[0].alignment = PP_ALIGN.RIGHT

    def _frame(self, slide: Any, top: float, height: float) -> Any:
        box = slide.shapes.add_textbox(
            self.inches(_LEFT), self.inches(top), self.inches(_BREADTH), self.inches(height)
        )
        frame = box.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        return frame

    def _paragraphs(
        self, slide: Any, texts: list[str], top: float, height: float, size: float, *, font: str = _SANS
    ) -> None:
        frame = self._frame(slide, top, height)
        for at, text in enumerate(texts):
            line = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            line.text = text
            line.space_after = self.points(size / 2)
            self._type(line, size, _COLOURS.ink, font=font)

    def _picture(self, slide: Any, picture: Picture, top: float) -> None:
        chart = self._chart(picture, _CHART_PIXELS)
        if chart.aspect > _TALL:
            chart = self._chart(picture, _TALL_PIXELS)
        width = self.inches(chart.width(_BREADTH, _BOTTOM - top))
        shape = slide.shapes.add_picture(
            io.BytesIO(chart.content), self.inches(_LEFT), self.inches(top), width=width
        )
        shape._element.nvPicPr.cNvPr.set("descr", picture.description.into(self.language))

    def _chart(self, picture: Picture, width: int) -> Printed:
        return png_picture(picture, self.language, width=width, scale=_CHART_SCALE, ground=_COLOURS.paper)

    def _table(self, slide: Any, told: SpokenTable, top: float) -> None:
        rows = told.rows[:_ROWS]
        shape = slide.shapes.add_table(
            1 + len(rows), len(told.heads), self.inches(_LEFT), self.inches(top),
            self.inches(_BREADTH), self.inches(0.3 * (1 + len(rows))),
        )  # fmt: skip
        table = shape.table
        self._plain(shape)
        for place, share in enumerate(told.shares):
            table.columns[place].width = self.inches(_BREADTH * share)
        size = _fitting(told, rows, _BOTTOM - top)
        for at, row in enumerate([told.heads, *rows]):
            for place, words in enumerate(row):
                mark = told.marks.get((at - 1, place)) if at else None
                self._cell(table.cell(at, place), words, told.numeric[place], size, head=at == 0, mark=mark)
        left = len(told.rows) - len(rows)
        if left:
            more = plural(
                "{count} more row stands in the document.", "{count} more rows stand in the document.", left
            )
            self._line(slide, more.into(self.language), 6.85, 10, _COLOURS.muted)

    def _plain(self, shape: Any) -> None:
        """Take the stripes of the theme away."""
        shape.table.horz_banding = False
        properties = shape._element.graphic.graphicData.tbl.tblPr
        for style in properties.findall(".//{*}tableStyleId"):
            style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"

    def _cell(
        self, cell: Any, words: str, numeric: bool, size: float, *, head: bool, mark: str | None
    ) -> None:
        from pptx.enum.text import PP_ALIGN

        cell.margin_left = cell.margin_right = self.inches(0.09)
        cell.margin_top = cell.margin_bottom = self.inches(0.035)
        cell.text_frame.word_wrap = True
        cell.text_frame.text = words
        line = cell.text_frame.paragraphs[0]
        line.alignment = PP_ALIGN.RIGHT if numeric else PP_ALIGN.LEFT
        colour = getattr(_COLOURS, mark) if mark else _COLOURS.muted if head else _COLOURS.ink
        self._type(line, size - 1 if head else size, colour, bold=mark is not None)
        self._rule(cell, _COLOURS.muted if head else _COLOURS.line)

    def _rule(self, cell: Any, colour: str) -> None:
        from pptx.oxml.xmlchemy import OxmlElement

        properties = cell._tc.get_or_add_tcPr()
        line, fill, tone = OxmlElement("a:lnB"), OxmlElement("a:solidFill"), OxmlElement("a:srgbClr")
        line.set("w", "6350")
        tone.set("val", colour[1:])
        fill.append(tone)
        line.append(fill)
        properties.insert(0, line)


def _lines(title: str, size: float) -> int:
    """Return how many lines a title takes, its letters bold and wide."""
    return -(-len(title) // int(_BREADTH * 72 / (0.68 * size)))


def _fitting(told: SpokenTable, rows: list[list[str]], height: float) -> float:
    """Return the size of type with which a table fits the height of its slide."""
    for size in _TABLE_SIZES:
        per_inch = _LETTERS / size
        needed = 0.0
        for row in (told.heads, *rows):
            lines = [
                -(-len(words) // max(1, int(per_inch * (_BREADTH * share - 0.18))))
                for words, share in zip(row, told.shares, strict=True)
            ]
            needed += max(lines) * size * 1.2 + 6
        if needed / 72 <= height:
            return size
    return _TABLE_SIZES[-1]
