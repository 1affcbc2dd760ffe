"""The Russian catalogues, one a room, compiled by the build from the .po files in `locale/`."""

from __future__ import annotations

import gettext
from functools import cache
from importlib.resources import files

from leal.wording.languages import Language


@cache
def catalogue(language: Language) -> gettext.NullTranslations:
    """Return all catalogues of a language as one; sentences without a translation stay English."""
    joined = gettext.NullTranslations()
    folder = files("leal.wording") / "locale" / language / "LC_MESSAGES"
    if language == "en" or not folder.is_dir():
        return joined
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name, reverse=True):
        if file.name.endswith(".mo"):
            with file.open("rb") as binary:
                room = gettext.GNUTranslations(binary)
            room.add_fallback(joined)
            joined = room
    return joined
