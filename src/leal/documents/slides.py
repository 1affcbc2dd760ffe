"""The slides that a document becomes: one idea each, its finding as the title, one chart or one table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from leal.checks import Picture
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
from leal.documents.spoken_document import SLIDE, SpokenTable, opened, spoken_table
from leal.wording import Language

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZА-ЯЁ0-9])|(?<=;)\s+")
_FULL_STOP = re.compile(r"(?<=[.!?])\s+(?=[A-ZА-ЯЁ0-9])")
_LONG_TITLE = 150
_MOST_BULLETS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    """A slide in the reader's language.

    Attributes
    ----------
    title : str
        The finding.
    place : str
        Which part it belongs to.
    caption : str
        What the chart or the table shows.
    bullets : list of str
        Sentences, where it holds neither chart nor table.
    beside : list of str
        Words to send that stand beside the sentences, what they are first.
    numbered : bool
        Whether the order of the sentences matters.
    to_send : bool
        Whether the sentences are words to send.
    table : SpokenTable or None
    picture : Picture or None
    opening : bool
        Whether a part begins with it.
    notes : list of str
        What the speaker knows beside it.
    """

    title: str
    place: str
    caption: str = ""
    bullets: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    numbered: bool = False
    to_send: bool = False
    table: SpokenTable | None = None
    picture: Picture | None = None
    opening: bool = False
    notes: list[str] = field(default_factory=list)


def slides_of(document: Document, language: Language) -> list[Slide]:
    """Return the slides of a document after its first one."""
    name = document.title.into(language)
    slides = list(_blocks(document.front, language, name, name))
    for part in document.parts:
        slides += _part(part, language)
    return slides


def _part(part: Part, language: Language) -> list[Slide]:
    name = part.name.into(language)
    place = f"{part.number}. {name}" if part.number else name
    finding = part.finding.into(language)
    first = Slide(title=shortened(finding), place=place, opening=True, notes=[finding])
    return [first, *_joined(_blocks(part.blocks, language, place, finding))]


def _joined(slides: Iterable[Slide]) -> list[Slide]:
    """Return slides with the first words to send beside the steps that they belong to."""
    joined: list[Slide] = []
    for slide in slides:
        steps = joined[-1] if joined else None
        if steps is None or not slide.to_send or not steps.bullets or steps.beside or steps.to_send:
            joined.append(slide)
            continue
        notes = list(dict.fromkeys([*steps.notes, *slide.notes]))
        joined[-1] = replace(steps, beside=[slide.caption, *slide.bullets], notes=notes)
    return joined


def _blocks(blocks: tuple[Block, ...], language: Language, place: str, finding: str) -> Iterator[Slide]:
    """Yield the slides of some blocks; the first one of each finding has it as its title."""
    title, section, known = "", "", [finding]
    for block in blocks:
        if isinstance(block, Subheading):
            section, title, known = block.text.into(language), "", []
        elif isinstance(block, Paragraph):
            words = block.text.into(language)
            title = title if block.kind == "quiet" else words
            known.append(words)
        else:
            made = _slide(block, language)
            if made is not None:
                yield _titled(made, title, section, place, known)
                title = ""


def _titled(made: Slide, title: str, section: str, place: str, known: list[str]) -> Slide:
    """Return a slide under its finding, else under what it shows."""
    where = f"{place} · {section}" if section and section != place else place
    notes = list(dict.fromkeys([*known, *made.notes]))
    if title:
        return replace(made, title=shortened(title), place=where, notes=notes)
    if made.bullets and section:
        return replace(made, title=section, place=place, notes=notes)
    if made.caption:
        return replace(made, title=made.caption, place=where, caption="", notes=notes)
    return replace(made, title=section or shortened(known[0]), place=place, notes=notes)


def _slide(block: Block, language: Language) -> Slide | None:
    """Return a block as a slide that has no title yet, None where it is not shown."""
    if isinstance(block, Bullets | Callout):
        return _words(block, language)
    if isinstance(block, Table | Shown) and block.slide:
        table = spoken_table(block, language, SLIDE)
        remarks = [table.remark] if table.remark else []
        return Slide(title="", place="", caption=table.title or "", table=table, notes=remarks)
    if isinstance(block, Figure) and block.slide:
        said = [block.picture.description.into(language)]
        caption = block.picture.title.into(language)
        return Slide(title="", place="", caption=caption, picture=block.picture, notes=said)
    return None


def _words(block: Bullets | Callout, language: Language) -> Slide:
    texts = [opened(text, language) for text in block.items]
    caption = block.title.into(language) if isinstance(block, Callout) else ""
    return Slide(
        title="",
        place="",
        caption=caption,
        bullets=texts[:_MOST_BULLETS],
        numbered=isinstance(block, Bullets) and block.numbered,
        to_send=isinstance(block, Callout) and block.kind == "text",
        notes=texts[_MOST_BULLETS:],
    )


def shortened(words: str, longest: int = _LONG_TITLE) -> str:
    """Return a finding short enough for a title or the side of a chart: whole sentences, at least one."""
    ends = _SENTENCE_END if longest <= _LONG_TITLE else _FULL_STOP  # a title may end at a semicolon, too
    said = ""
    for sentence in ends.split(words):
        if said and len(said) + len(sentence) > longest:
            break
        said = f"{said} {sentence}".strip()
    return said.removesuffix(";")
