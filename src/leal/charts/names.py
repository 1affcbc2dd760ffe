"""Names in tables, as the reader's language writes them."""

from __future__ import annotations

import datetime as dt
import re

from leal.charts.numbers import time_locale
from leal.wording import Language, Text

_GROUPS = {"detractor": Text("Detractors"), "passive": Text("Passives"), "promoter": Text("Promoters")}
_SPAN, _ENDS = " – ", 2
_WAVE = re.compile(r"(\d{4})-(?:Q([1-4])|(0[1-9]|1[0-2]))")


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


def wave_words(wave: object, language: Language) -> str:
    """Return a wave or a cohort as the reader's language writes it; one with a name of its own keeps it.

    Parameters
    ----------
    wave : object
        A day, of which the month counts, or a name: ``2026-03`` is a month, ``2026-Q1`` a quarter,
        ``2026-01 – 2026-03`` a span.
    language : {"en", "ru"}
        Language of the reader.

    Examples
    --------
    >>> wave_words("2026-03", "en"), wave_words("2026-Q1", "ru"), wave_words("Spring", "en")
    ('Mar 2026', '1 кв. 2026', 'Spring')
    """
    if isinstance(wave, dt.date):
        return _month_words(wave.year, wave.month, language)
    parts = str(wave).split(_SPAN)
    if len(parts) == _ENDS and all(map(_WAVE.fullmatch, parts)):
        return _SPAN.join(wave_words(part, language) for part in parts)
    named = _WAVE.fullmatch(str(wave))
    if named is None:
        return spoken(wave, language)
    year, quarter, month = named.groups()
    if month:
        return _month_words(int(year), int(month), language)
    return Text("Q{quarter} {year}", quarter=quarter, year=year).into(language)


def _month_words(year: int, month: int, language: Language) -> str:
    return f"{time_locale(language)['shortMonths'][month - 1]} {year}"
