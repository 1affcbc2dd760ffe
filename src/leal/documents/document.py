"""A document as data: parts, and what stands in them; every writer of a form reads this and nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, TypeAlias

from leal.checks import Exhibit, Picture, Verdict
from leal.wording import Formatted, Language, Text

Words: TypeAlias = Text | Formatted | str
"""What a cell or a sentence holds; a plain string is a name of the reader's own and is not translated."""


_VERDICTS: dict[Verdict, Text] = {
    "guarded": Text("guarded"),
    "exposed": Text("exposed"),
    "unknown": Text("unknown"),
}


@dataclass(frozen=True, slots=True)
class InLanguage:
    """A sentence that keeps its language whatever that of the document: words to send to customers."""

    text: Text
    language: Language

    def into(self, language: Language) -> str:
        """Return the sentence in its own language."""
        del language  # the document's; what is sent is read by customers
        return self.text.into(self.language)


@dataclass(frozen=True, slots=True)
class Continued:
    """A sentence that goes on behind a colon: its first letter is a small one, unless it is a name's.

    Examples
    --------
    >>> Continued(Text("Bring answers.")).into("en"), Continued(Text("NPS fell.")).into("en")
    ('bring answers.', 'NPS fell.')
    """

    text: Text

    def into(self, language: Language) -> str:
        """Return the sentence as it stands within another."""
        said = self.text.into(language)
        return said if said[1:2].isupper() else said[:1].lower() + said[1:]


@dataclass(frozen=True, slots=True)
class Judged:
    """A cell that holds a verdict: a word with a colour, never a colour alone."""

    verdict: Verdict

    def into(self, language: Language) -> str:
        """Return the verdict in words."""
        return _VERDICTS[self.verdict].into(language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph; `lead` is the answer that a part begins with, `quiet` what to know beside it."""

    text: Text
    kind: Literal["lead", "body", "quiet"] = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subheading:
    """A heading within a part."""

    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list; `numbered` where the order matters."""

    items: tuple[Text, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Callout:
    """A box: evidence that is missing, a rule, or a text to be copied.

    Attributes
    ----------
    title : Text
        What the box is.
    items : tuple of Text or InLanguage
        Its sentences; words to send keep the customers' language.
    kind : {"missing", "rule", "text"}
        `missing` is evidence to bring, `rule` a thing that is always done, `text` words to send.
    """

    title: Text
    items: tuple[Text | InLanguage, ...]
    kind: Literal["missing", "rule", "text"] = "rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """The head of a column; `share` is its part of the table's width."""

    title: Text
    numeric: bool = False
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table whose cells are words already; `slide` tells whether the slides hold it too."""

    title: Text | None
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Words, ...], ...]
    remark: Text | None = None
    slide: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A table of an audit, as it is: which columns, how many rows, in which currency.

    Attributes
    ----------
    exhibit : Exhibit
        The table.
    rows : int
        How many rows the document shows; the rest is counted below the table.
    currency : str or None
        Currency of its amounts.
    slide : bool
        Whether the slides hold it too.
    """

    exhibit: Exhibit
    rows: int = 12
    currency: str | None = None
    slide: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart of an audit, as it is."""

    picture: Picture
    slide: bool = True


Block: TypeAlias = Paragraph | Subheading | Bullets | Callout | Table | Shown | Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a document.

    Attributes
    ----------
    number : int or None
        Its number; None for what stands before or behind the numbered parts.
    name : Text
        What it is called.
    finding : Text
        What it says, in a sentence: the title of its slide.
    blocks : tuple of Block
        What stands in it.
    """

    number: int | None
    name: Text
    finding: Text
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document that any writer can write.

    Attributes
    ----------
    title, kicker : Text
        What it is; what it is about and as of when.
    deck : tuple of Text
        The answer before everything else, in a few sentences.
    front : tuple of Block
        What page one holds below them.
    parts : tuple of Part
        The parts in order.
    day : datetime.date or None
        The day that the document speaks as of; files carry it instead of the time they were made.
    """

    title: Text
    kicker: Text
    deck: tuple[Text, ...]
    front: tuple[Block, ...] = ()
    parts: tuple[Part, ...] = ()
    day: dt.date | None = None
