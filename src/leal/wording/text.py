"""A sentence that is English as a string and can say itself in another language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from leal.wording.catalogues import catalogue
from leal.wording.formats import format_value
from leal.wording.languages import Language


class Text(str):
    """A sentence with named values.

    It *is* its English wording (a ``str``), so it prints, compares and serialises as such; ``into("ru")``
    says the same in Russian, with numbers, money and days written the Russian way.

    Parameters
    ----------
    message : str
        The English sentence, a literal (catalogues are made from the source), with ``{names}`` for values.
    **values
        What stands in the braces: words, numbers, formatted values (`Amount`, `Percent`, ...) or other texts.

    Examples
    --------
    >>> Text("The file {file} is empty.", file="answers.csv")
    'The file answers.csv is empty.'
    """

    __slots__ = ("message", "plural_count", "plural_message", "values")

    message: str
    values: dict[str, object]
    plural_message: str | None
    plural_count: int | None

    def __new__(cls, message: str, /, **values: object) -> Self:
        """Build the English wording and keep what the other languages need."""
        return cls._build(message, None, None, values)

    @classmethod
    def _build(
        cls, message: str, plural_message: str | None, count: int | None, values: dict[str, object]
    ) -> Self:
        english = message if plural_message is None or count == 1 else plural_message
        text = super().__new__(cls, _fill(english, values, "en"))
        text.message, text.values = message, values
        text.plural_message, text.plural_count = plural_message, count
        return text

    def into(self, language: Language) -> str:
        """Return the sentence in `language`."""
        if language == "en":
            return str(self)
        translations = catalogue(language)
        if self.plural_message is None or self.plural_count is None:
            return _fill(translations.gettext(self.message), self.values, language)
        message = translations.ngettext(self.message, self.plural_message, self.plural_count)
        return _fill(message, self.values, language)

    def __str__(self) -> str:
        return str.__str__(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (self.message, self.plural_message, self.plural_count, self.values))


def _rebuild(message: str, plural_message: str | None, count: int | None, values: dict[str, object]) -> Text:
    return Text._build(message, plural_message, count, values)


def plural(singular: str, many: str, count: int, /, **values: object) -> Text:
    """Return the text for a count of things, with the plural forms of each language.

    Examples
    --------
    >>> plural("{count} row", "{count} rows", 3)
    '3 rows'
    """
    return Text._build(singular, many, count, {"count": count, **values})


def quoted(name: object) -> Text:
    """Return a name that people gave, such as that of a wish, set apart from the sentence about it."""
    return Text("“{name}”", name=name)


def in_a_row(sentences: Iterable[Text]) -> Text:
    """Return sentences one after the other as one text.

    Examples
    --------
    >>> in_a_row([Text("It rains."), Text("Stay in.")])
    'It rains. Stay in.'
    """
    first, *rest = sentences
    for one in rest:
        first = Text("{first} {second}", first=first, second=one)
    return first


@dataclass(frozen=True, slots=True)
class Listing:
    """Several things in one sentence, joined by commas."""

    items: tuple[object, ...]

    @classmethod
    def of(cls, items: Iterable[object]) -> Listing:
        """Build a listing of any iterable."""
        return cls(tuple(items))

    def into(self, language: Language) -> str:
        """Return the things as written in `language`, joined by commas."""
        return ", ".join(format_value(item, language) for item in self.items)


def _fill(message: str, values: dict[str, object], language: Language) -> str:
    if not values:
        return message
    return message.format(**{name: format_value(value, language) for name, value in values.items()})
