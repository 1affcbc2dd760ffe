"""A small simulated company's audit for the tests of the strategy, and how to look into its documents."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from collections.abc import Iterator
from functools import cache

from leal.checks import Audit, audit
from leal.documents import Document, Figure, Part, strategy_of
from leal.evidence import Evidence
from leal.simulate import company
from leal.wording import Listing, Text
from leal.wording.catalogues import catalogue

PARTS_EN = (
    "Charter",
    "Measurement plan",
    "Index report",
    "Cause map",
    "Customer economics",
    "Risk register",
    "Portfolio of actions",
    "Playbooks",
    "Calendar",
    "Proof ledger",
)
PARTS_RU = (
    "Устав",
    "План измерений",
    "Отчёт об индексе",
    "Карта причин",
    "Экономика клиента",
    "Реестр рисков",
    "Портфель действий",
    "Сценарии работы",
    "Календарь",
    "Журнал доказательств",
)
PARTS = {"en": PARTS_EN, "ru": PARTS_RU}


@cache
def company_audit() -> Audit:
    """Audit a simulated company that has every table."""
    return audit(company(500, seed=28, language="en").evidence, margin=0.3)


@cache
def nothing_known() -> Audit:
    """Audit nothing: every check is unknown."""
    return audit(Evidence())


@cache
def company_strategy() -> Document:
    return strategy_of(company_audit())


@cache
def short_strategy() -> Document:
    """The same with one chart a part: what every form must be able to hold, drawn in less time."""
    whole = company_strategy()
    return dataclasses.replace(whole, parts=tuple(_one_chart(part) for part in whole.parts))


def _one_chart(part: Part) -> Part:
    charts = [block for block in part.blocks if isinstance(block, Figure)]
    kept = tuple(block for block in part.blocks if block not in charts[1:])
    return dataclasses.replace(part, blocks=kept)


def texts_of(value: object) -> Iterator[Text]:
    """Yield every sentence in a document, and every sentence within a sentence."""
    if isinstance(value, Text):
        yield value
        for inner in value.values.values():
            yield from texts_of(inner)
    elif isinstance(value, Listing):
        for item in value.items:
            yield from texts_of(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts_of(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts_of(item)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from texts_of(getattr(value, field.name))


def untranslated(document: Document) -> set[str]:
    """Return the sentences of a document that have words and no Russian."""
    known = catalogue("ru")
    found = set()
    for text in texts_of(document):
        words = re.sub(r"\{\w+\}", "", text.message)
        is_code = " " not in text.message and text.message.islower()  # a method by its stable name
        if not is_code and re.search(r"[a-z]{2}", words) and known.gettext(text.message) == text.message:
            plural = text.plural_message
            if plural is None or known.ngettext(text.message, plural, 2) == plural:
                found.add(str(text.message))
    return found


def office_text(content: bytes) -> str:
    """Return all words of a Word file or of slides, notes included."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [name for name in archive.namelist() if name.endswith(".xml") and "theme" not in name]
        pieces = [
            match
            for name in sorted(parts)
            for match in re.findall(r"<(?:w|a):t(?: [^>]*)?>([^<]*)<", archive.read(name).decode("utf-8"))
        ]
    return "\n".join(pieces)
