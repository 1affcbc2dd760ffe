"""How Leal's Word files look: styles of paragraphs, boxes, borders, lists that begin at one."""

from __future__ import annotations

from typing import Any

from leal.charts import palette
from leal.wording import Language

_SERIF, _SANS = "Georgia", "Arial"
_COLOURS = palette("light")

_STYLES: tuple[tuple[str, str, float, str, bool, float, float], ...] = (
    # name, font, points, colour, bold, space before, space after
    ("Normal", _SANS, 10, _COLOURS.ink, False, 0, 0),
    ("Title", _SERIF, 28, _COLOURS.ink, True, 0, 10),
    ("Heading 1", _SERIF, 20, _COLOURS.ink, True, 0, 6),
    ("Heading 2", _SANS, 12, _COLOURS.ink, True, 16, 4),
    ("Heading 3", _SANS, 11, _COLOURS.ink, True, 16, 4),
    ("Body Text", _SANS, 10, _COLOURS.ink, False, 0, 6),
    ("List Bullet", _SANS, 10, _COLOURS.ink, False, 0, 3),
    ("List Number", _SANS, 10, _COLOURS.ink, False, 0, 3),
    ("Caption", _SANS, 10, _COLOURS.ink, True, 12, 4),
    ("Header", _SANS, 8, _COLOURS.muted, False, 0, 0),
    ("Footer", _SANS, 8, _COLOURS.muted, False, 0, 0),
    ("Kicker", _SANS, 9, _COLOURS.muted, False, 0, 6),
    ("Deck", _SERIF, 12.5, _COLOURS.ink, False, 0, 4),
    ("Answer", _SERIF, 13, _COLOURS.ink, False, 0, 10),
    ("Quiet", _SANS, 8.5, _COLOURS.muted, False, 3, 8),
    ("Space", _SANS, 4, _COLOURS.muted, False, 0, 4),
    ("Box Title", _SANS, 10, _COLOURS.ink, True, 8, 0),
    ("Box", _SANS, 9.5, _COLOURS.ink, False, 0, 0),
    ("Table Head", _SANS, 8, _COLOURS.muted, False, 2, 2),
    ("Table Text", _SANS, 8.5, _COLOURS.ink, False, 2, 2),
    ("Contents", _SANS, 10, _COLOURS.ink, False, 0, 2),
)

_LANGUAGES = {"en": "en-GB", "ru": "ru-RU"}


def add_styles(file: Any, language: Language, *, short: bool = False) -> None:
    """Give a file A4 pages, the styles of the house, and the language that it is checked in.

    A `short` document is one page: everything in it is set smaller and closer.
    """
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Cm, Pt, RGBColor

    section = file.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.6) if short else Cm(2)
    section.top_margin, section.bottom_margin = (Cm(1.1), Cm(1.0)) if short else (Cm(2.2), Cm(2))
    if short:
        section.header_distance = section.footer_distance = Cm(0.5)
    scale, closer = (0.76, 0.35) if short else (1.0, 1.0)
    known = {style.name for style in file.styles}
    for name, font, points, colour, bold, before, after in _STYLES:
        style = file.styles[name] if name in known else file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        _type(style, font)
        style.font.size, style.font.bold, style.font.italic = Pt(round(2 * points * scale) / 2), bold, False
        style.font.color.rgb = RGBColor.from_string(colour[1:].upper())
        style.paragraph_format.space_before = Pt(before * closer)
        style.paragraph_format.space_after = Pt(after * closer)
        style.paragraph_format.line_spacing = 1.0 if short or name.startswith("Table") else 1.15
    file.styles["Contents"].paragraph_format.tab_stops.add_tab_stop(Cm(0.8))
    file.styles["Box"].paragraph_format.left_indent = Cm(0.3)
    file.styles["Box Title"].paragraph_format.left_indent = Cm(0.3)
    _plain_title(file.styles["Title"])
    _speak(file.styles["Normal"], language)


def _type(style: Any, font: str) -> None:
    """Name the font for every script, and drop the theme's own."""
    from docx.oxml.ns import qn

    style.font.name = font
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), font)


def _plain_title(style: Any) -> None:
    """Take the rule below the title away that Word's own template has."""
    from docx.oxml.ns import qn

    borders = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if borders is not None:
        style.element.get_or_add_pPr().remove(borders)


def _speak(style: Any, language: Language) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), _LANGUAGES[language])
    style.element.get_or_add_rPr().append(spoken)


def shade(paragraph: Any, colour: str) -> None:
    """Fill the ground of a paragraph."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    fill = OxmlElement("w:shd")
    fill.set(qn("w:val"), "clear")
    fill.set(qn("w:fill"), colour[1:])
    paragraph._p.get_or_add_pPr().append(fill)


def left_bar(paragraph: Any, colour: str) -> None:
    """Draw a bar on the left of a paragraph."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders, left = OxmlElement("w:pBdr"), OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "24"), ("space", "8"), ("color", colour[1:])):
        left.set(qn(f"w:{name}"), value)
    borders.append(left)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def cell_borders(cell: Any, colour: str) -> None:
    """Draw a hairline below a cell, and nothing else."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders, bottom = OxmlElement("w:tcBorders"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", colour[1:])):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    cell._tc.get_or_add_tcPr().append(borders)


def restart_numbers(file: Any, paragraphs: list[Any]) -> None:
    """Let a numbered list begin at one."""
    from docx.oxml.ns import qn

    numbering = file.part.numbering_part.element
    style = file.styles["List Number"].element
    given = style.pPr.numPr.numId.val
    abstract = next(num for num in numbering.num_lst if num.numId == given).abstractNumId.val
    number = numbering.add_num(abstract)
    number.add_lvlOverride(ilvl=0).add_startOverride(1)
    for paragraph in paragraphs:
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_numId().set(qn("w:val"), str(number.numId))
        properties.get_or_add_ilvl().set(qn("w:val"), "0")
