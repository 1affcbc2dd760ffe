"""Names in tables, as the reader's language writes them."""

from __future__ import annotations

from leal.wording import Language, Text

_GROUPS = {"detractor": Text("Detractors"), "passive": Text("Passives"), "promoter": Text("Promoters")}


def group_key(name: str) -> str | None:
    """Return which group of the NPS a name means (``"promoter"`` for ``"Promoters"``), or None."""
    plain = name.strip().lower().removesuffix("s")
    return plain if plain in _GROUPS else None


def spoken(name: object, language: Language) -> str:
    """Return a name in the reader's language where it is a word of Leal's; the user's own names stay.

    Parameters
    ----------
    name : object
        A cell of a table. The groups of the NPS get their names in the plural; a sentence that a catalogue
        knows is translated; None is a dash.
    language : {"en", "ru"}
        Language of the reader.

    Examples
    --------
    >>> spoken("promoter", "ru"), spoken("Kazan", "ru")
    ('Промоутеры', 'Kazan')
    """
    if name is None:
        return "–"
    words = str(name)
    known = _GROUPS.get(group_key(words) or "")
    if known is not None:
        return known.into(language)
    return Text(words).into(language) if words else words
