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
from leal.documents.slide_tables import table_pages
from leal.documents.slides import Slide, shortened, slides_of
from leal.documents.spoken_document import SpokenTable, opened
from leal.wording import Language

_COLOURS = palette("light")
_SERIF, _SANS = "Georgia", "Arial"
_WIDE, _HIGH = 13.333, 7.5
_LEFT, _BREADTH = 0.6, 12.133
_TITLE_TOP, _BOTTOM = 0.7, 6.8
_TITLE_ONLY = 5
_CHART_PIXELS, _NARROW_PIXELS, _CHART_SCALE = 820, 560, 2.5
_WORTH_IT = 1.25
"""How much larger the letters of a chart must become for it to be drawn narrow."""
_SHORT_TITLE = 24
_GAP, _ASIDE, _LONG_ASIDE = 0.5, 3.4, 420
"""Inches between a chart and the words beside it, the least that these need; their most letters."""
_BULLET_SIZES = (22, 20, 18, 16)
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
        for slide in slides_of(document, self.language):
            self._slide(slide)
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

    def _slide(self, told: Slide) -> None:
        if told.opening:
            self._opening(told)
        elif told.table is not None:
            self._tables(told, told.table)
        else:
            slide, top = self._headed(told, told.title)
            if told.picture is not None:
                self._picture(slide, told.picture, top)
            elif told.beside:
                self._bullets(slide, told, top + 0.15, _BREADTH / 2 - _GAP)
                self._box(slide, told.beside, top + 0.15)
            elif told.bullets:
                self._bullets(slide, told, top + 0.15, _BREADTH)

    def _headed(self, told: Slide, title: str) -> tuple[Any, float]:
        """Return a slide with all but its content, and where that begins."""
        size = next(size for most, size in _TITLE_SIZES if len(title) <= most)
        slide = self._blank(title, size)
        self._line(slide, told.place, 0.4, 11, _COLOURS.muted)
        self._number(slide)
        self._notes(slide, told)
        top = _below(title)
        if told.caption:
            self._line(slide, told.caption, top, 12, _COLOURS.ink, bold=True)
            top += 0.4
        return slide, top

    def _number(self, slide: Any) -> None:
        self._line(slide, str(len(self.file.slides)), 7.05, 10, _COLOURS.muted, right=True)

    def _tables(self, told: Slide, table: SpokenTable) -> None:
        """Write a table on as many slides as it takes in type that can be read."""
        room = _BOTTOM - _below(f"{told.title} (2/2)") - (0.4 if told.caption else 0.0)
        pages = table_pages(table, _BREADTH, room)
        for at, page in enumerate(pages, start=1):
            title = told.title if len(pages) == 1 else f"{told.title} ({at}/{len(pages)})"
            slide, top = self._headed(told, title)
            self._table(slide, page.table, top, page.size)

    def _opening(self, told: Slide) -> None:
        """Write the slide that a part begins with: its number, its name, its finding."""
        slide = self._blank(told.title, 30, top=3.0, height=2.6)
        self._line(slide, told.place, 2.35, 16, _COLOURS.accent, bold=True)
        self._number(slide)
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

    def _frame(
        self, slide: Any, top: float, height: float, left: float = _LEFT, breadth: float = _BREADTH
    ) -> Any:
        box = slide.shapes.add_textbox(
            self.inches(left), self.inches(top), self.inches(breadth), self.inches(height)
        )
        frame = box.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        return frame

    def _paragraphs(
        self, slide: Any, texts: list[str], top: float, height: float, size: float, *, font: str = _SANS
    ) -> None:
        self._fill(self._frame(slide, top, height), texts, size, _COLOURS.ink, font)

    def _fill(self, frame: Any, texts: list[str], size: float, colour: str, font: str) -> None:
        for at, text in enumerate(texts):
            line = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            line.text = text
            line.space_after = self.points(size / 2)
            self._type(line, size, colour, font=font)

    def _bullets(self, slide: Any, told: Slide, top: float, breadth: float) -> None:
        """Write sentences as large as their number allows."""
        marks = [f"{at}." if told.numbered else "•" for at in range(1, len(told.bullets) + 1)]
        said = [f"{mark}  {text}" for mark, text in zip(marks, told.bullets, strict=True)]
        frame = self._frame(slide, top, _BOTTOM - top, breadth=breadth)
        self._fill(frame, said, _type_size(said, breadth, _BOTTOM - top), _COLOURS.ink, _SANS)

    def _box(self, slide: Any, texts: list[str], top: float) -> None:
        """Write words to send on a ground of their own, on the right: what they are, then the words."""
        breadth = _BREADTH / 2
        frame = self._frame(slide, top, _BOTTOM - top, left=_LEFT + _BREADTH - breadth, breadth=breadth)
        box = frame._parent
        box.fill.solid()
        box.fill.fore_color.rgb = self._colour(_COLOURS.soft)
        for side in ("left", "right", "top", "bottom"):
            setattr(frame, f"margin_{side}", self.inches(0.3))
        self._fill(frame, texts, _type_size(texts, breadth - 0.6, _BOTTOM - top - 0.6), _COLOURS.ink, _SERIF)
        self._type(frame.paragraphs[0], 12, _COLOURS.muted, bold=True)

    def _picture(self, slide: Any, picture: Picture, top: float) -> None:
        """Place a chart; what it says stands beside it where it leaves room."""
        height = _BOTTOM - top
        chart = self._chart(picture, _CHART_PIXELS)
        narrow = self._chart(picture, _NARROW_PIXELS)
        if narrow.magnified(_BREADTH, height) > _WORTH_IT * chart.magnified(_BREADTH, height):
            chart = narrow
        width = chart.width(_BREADTH, height)
        shape = slide.shapes.add_picture(
            io.BytesIO(chart.content), self.inches(_LEFT), self.inches(top), width=self.inches(width)
        )
        said = picture.description.into(self.language)
        shape._element.nvPicPr.cNvPr.set("descr", said)
        left = _BREADTH - width - _GAP
        words = shortened(said, _LONG_ASIDE)
        if left >= _ASIDE and len(words) <= _LONG_ASIDE:
            frame = self._frame(slide, top + 0.3, height, left=_LEFT + width + _GAP, breadth=left)
            self._fill(frame, [words], 16, _COLOURS.muted, _SANS)

    def _chart(self, picture: Picture, width: int) -> Printed:
        return png_picture(picture, self.language, width=width, scale=_CHART_SCALE, ground=_COLOURS.paper)

    def _table(self, slide: Any, told: SpokenTable, top: float, size: float) -> None:
        shape = slide.shapes.add_table(
            1 + len(told.rows), len(told.heads), self.inches(_LEFT), self.inches(top),
            self.inches(_BREADTH), self.inches(0.3 * (1 + len(told.rows))),
        )  # fmt: skip
        table = shape.table
        self._plain(shape)
        for place, share in enumerate(told.shares):
            table.columns[place].width = self.inches(_BREADTH * share)
        for at, row in enumerate([told.heads, *told.rows]):
            for place, words in enumerate(row):
                mark = told.marks.get((at - 1, place)) if at else None
                self._cell(table.cell(at, place), words, told.numeric[place], size, head=at == 0, mark=mark)

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


def _below(title: str) -> float:
    """Return where the content of a slide begins, below a title."""
    size = next(size for most, size in _TITLE_SIZES if len(title) <= most)
    return _TITLE_TOP + 0.25 + _lines(title, size) * size * 1.2 / 72


def _type_size(texts: list[str], breadth: float, height: float) -> float:
    """Return the largest size of type with which sentences fit."""
    for size in _BULLET_SIZES:
        lines = sum(-(-len(text) // int(_LETTERS / size * breadth)) for text in texts)
        if (lines * 1.2 + len(texts) / 2) * size / 72 <= height:
            return size
    return _BULLET_SIZES[-1]
