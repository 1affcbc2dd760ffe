"""A document as one self-contained page, in the look of the audit's report."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files

from markupsafe import Markup

from leal.documents.cells import GRADES
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
from leal.documents.drawing import Figure as Drawn
from leal.documents.drawing import draw
from leal.documents.page import page_environment, page_style
from leal.documents.spoken_document import SpokenTable, opened, spoken_table
from leal.wording import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """A block as the template reads it."""

    kind: str
    name: str
    text: str = ""
    texts: list[str] = field(default_factory=list)
    box: str = ""
    table: SpokenTable | None = None
    figure: Drawn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    id: str
    number: int | None
    name: str
    finding: str
    blocks: list[_Item]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    title: str
    kicker: str
    deck: list[str]
    front: list[_Item]
    parts: list[_Part]


def html_document(document: Document, language: Language = "en") -> str:
    """Return a document as one HTML page that needs nothing beside itself, fit for screens and for A4.

    Parameters
    ----------
    document : Document
        As `strategy_of` or `session_of` returns it.
    language : {"en", "ru"}
        Language of every sentence and number.
    """
    page = _Page(
        title=document.title.into(language),
        kicker=document.kicker.into(language),
        deck=[opened(text, language) for text in document.deck],
        front=_items(document.front, language, "front"),
        parts=[_part(part, language, at) for at, part in enumerate(document.parts, start=1)],
    )
    template = page_environment(language).get_template("document.html")
    return template.render(page=page, grades=GRADES, style=Markup(page_style() + _own_style()))


def _own_style() -> str:
    return (files("leal.documents") / "templates" / "document.css").read_text(encoding="utf-8")


def _part(part: Part, language: Language, at: int) -> _Part:
    return _Part(
        id=f"part-{at}",
        number=part.number,
        name=part.name.into(language),
        finding=part.finding.into(language),
        blocks=_items(part.blocks, language, f"p{at}"),
    )


def _items(blocks: tuple[Block, ...], language: Language, name: str) -> list[_Item]:
    return [_item(block, language, f"{name}-{at}") for at, block in enumerate(blocks)]


def _item(block: Block, language: Language, name: str) -> _Item:
    if isinstance(block, Paragraph):
        return _Item(kind=block.kind, name=name, text=block.text.into(language))
    if isinstance(block, Subheading):
        return _Item(kind="subheading", name=name, text=block.text.into(language))
    if isinstance(block, Bullets):
        kind = "numbered" if block.numbered else "bullets"
        return _Item(kind=kind, name=name, texts=[text.into(language) for text in block.items])
    if isinstance(block, Callout):
        texts = [text.into(language) for text in block.items]
        return _Item(kind="box", name=name, text=block.title.into(language), texts=texts, box=block.kind)
    if isinstance(block, Table | Shown):
        return _Item(kind="table", name=name, table=spoken_table(block, language))
    assert isinstance(block, Figure)
    return _Item(kind="figure", name=name, figure=draw(block.picture, language, name))
