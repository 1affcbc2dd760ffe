"""A document as PDF, set by Typst: fonts in the file, charts as drawings, the same bytes each time."""

from __future__ import annotations

import json
import re
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

from leal.charts import palette
from leal.documents.document import (
    Block,
    Bullets,
    Callout,
    Document,
    Figure,
    Paragraph,
    Shown,
    Subheading,
    Table,
)
from leal.documents.extras import needed
from leal.documents.printed import pdf_picture
from leal.documents.settled import moment
from leal.documents.spoken_document import opened, spoken_table
from leal.wording import Language, Text

_CHART_PIXELS = 660
_SCALES = (1.0, 0.97, 0.94, 0.91, 0.88)
"""How much smaller a sheet without parts may be set to stay on one page; no letter is below 6 points then."""
_PAGE = re.compile(rb"/Type\s*/Page\b")
_WIDTH_MM, _HIGHEST_MM = 170.0, 92.0
_SHORT = 3


def pdf_document(document: Document, language: Language = "en", *, system_fonts: bool = True) -> bytes:
    """Return a document as a PDF on A4, its headings as bookmarks, all fonts in it.

    Parameters
    ----------
    document : Document
        As `strategy_of` or `session_of` returns it.
    language : {"en", "ru"}
        Language of every sentence and number.
    system_fonts : bool
        Whether a sans-serif font of the machine is used where it has one. Without it, and on a machine
        without fonts, everything is set in the serif that comes with Typst: it holds Latin and Cyrillic.

    Raises
    ------
    MissingExtra
        The extra `documents` is not installed.
    """
    typst = needed("typst")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        setter = _Setter(folder, language)
        for scale in (1.0,) if document.parts else _SCALES:
            setter.lay_out(document, scale)
            made = bytes(typst.compile(str(folder / "document.typ"), ignore_system_fonts=not system_fonts))
            if len(_PAGE.findall(made)) == 1:
                break
    return made


class _Setter:
    """Lays template, words and charts into a folder for Typst."""

    def __init__(self, folder: Path, language: Language) -> None:
        self.folder = folder
        self.language = language
        self.charts = 0

    def lay_out(self, document: Document, scale: float) -> None:
        """Write template and words; a sheet of one page is set smaller by `scale`."""
        template = (files("leal.documents") / "templates" / "document.typ").read_text(encoding="utf-8")
        (self.folder / "document.typ").write_text(template, encoding="utf-8")
        told = json.dumps({**self._told(document), "scale": scale}, ensure_ascii=False)
        (self.folder / "document.json").write_text(told, encoding="utf-8")

    def _told(self, document: Document) -> dict[str, Any]:
        day = moment(document.day)
        colours = palette("light")
        return {
            "language": self.language,
            "day": [day.year, day.month, day.day],
            "colours": {name: getattr(colours, name) for name in _COLOURS},
            "title": document.title.into(self.language),
            "kicker": document.kicker.into(self.language),
            "deck": [opened(text, self.language) for text in document.deck],
            "front": self._blocks(document.front),
            "contents": Text("Contents").into(self.language),
            "long": len(document.parts) > _SHORT,
            "parts": [
                {
                    "number": part.number or "",
                    "name": part.name.into(self.language),
                    "finding": part.finding.into(self.language),
                    "blocks": self._blocks(part.blocks),
                }
                for part in document.parts
            ],
        }

    def _blocks(self, blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
        return [self._block(block) for block in blocks]

    def _block(self, block: Block) -> dict[str, Any]:
        if isinstance(block, Paragraph):
            return {"kind": block.kind, "text": block.text.into(self.language)}
        if isinstance(block, Subheading):
            return {"kind": "subheading", "text": block.text.into(self.language)}
        if isinstance(block, Bullets):
            kind = "numbered" if block.numbered else "bullets"
            return {"kind": kind, "texts": [text.into(self.language) for text in block.items]}
        if isinstance(block, Callout):
            texts = [text.into(self.language) for text in block.items]
            return {"kind": "box", "box": block.kind, "text": block.title.into(self.language), "texts": texts}
        if isinstance(block, Table | Shown):
            return self._table(block)
        return self._figure(block)

    def _table(self, block: Table | Shown) -> dict[str, Any]:
        told = spoken_table(block, self.language)
        marks = [
            [told.marks.get((at, place), "") for place in range(len(row))] for at, row in enumerate(told.rows)
        ]
        return {
            "kind": "table",
            "title": told.title,
            "heads": told.heads,
            "numeric": told.numeric,
            "shares": told.shares,
            "rows": told.rows,
            "marks": marks,
            "remark": told.remark,
        }

    def _figure(self, block: Figure) -> dict[str, Any]:
        self.charts += 1
        name = f"chart{self.charts}.pdf"
        chart = pdf_picture(block.picture, self.language, width=_CHART_PIXELS)
        (self.folder / name).write_bytes(chart.content)
        return {
            "kind": "figure",
            "title": block.picture.title.into(self.language),
            "file": name,
            "width": chart.width(_WIDTH_MM, _HIGHEST_MM),
            "words": block.picture.description.into(self.language),
        }


_COLOURS = ("ink", "muted", "line", "soft", "accent", "promoter", "guarded", "exposed", "unknown")
