"""Every sentence of the source has a Russian translation that keeps its values."""

from __future__ import annotations

import re
import string
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).parents[2] / "src" / "leal"
KEYWORDS = {"Text": (1,), "plural": (1, 2), "_": (1,), "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.j2", "jinja2")]


def messages_of_source() -> set[str | tuple[str, ...]]:
    return {
        message for _, _, message, _, _ in extract_from_dir(PACKAGE, method_map=METHODS, keywords=KEYWORDS)
    }


def russian() -> dict[str, tuple[str, ...]]:
    translations: dict[str, tuple[str, ...]] = {}
    for path in (PACKAGE / "wording" / "locale" / "ru").rglob("*.po"):
        with path.open("rb") as lines:
            for message in read_po(lines, locale="ru"):
                if message.id:
                    key = message.id if isinstance(message.id, str) else message.id[0]
                    forms = message.string if isinstance(message.string, tuple) else (message.string,)
                    translations[key] = tuple(str(form) for form in forms)
    return translations


def names(sentence: str) -> set[str]:
    braces = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
    return braces | set(re.findall(r"%\((\w+)\)", sentence))


def test_every_sentence_has_a_russian_translation() -> None:
    known = russian()
    first_forms = {m if isinstance(m, str) else m[0] for m in messages_of_source()}
    missing = sorted(m for m in first_forms if not all(known.get(m, ("",))))
    assert not missing, "\n".join(missing)


def test_plurals_have_three_russian_forms() -> None:
    known = russian()
    for message in messages_of_source():
        if isinstance(message, tuple):
            assert len(known.get(message[0], ())) == 3, message


def test_translations_keep_the_named_values() -> None:
    for english, forms in russian().items():
        for form in forms:
            assert names(form) <= names(english) | {"count"}, (english, form)


def test_no_translation_is_left_over() -> None:
    first_forms = {m if isinstance(m, str) else m[0] for m in messages_of_source()}
    assert not sorted(set(russian()) - first_forms)
