"""How the bytes of a text file are written: UTF-8, UTF-16, the Cyrillic and Western code pages."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CYRILLIC_PAGES = ("cp1251", "cp866", "koi8-r")
_COMMON_LETTERS = frozenset("оеаинтсрвлкмдпуяыьгзбчй")
_SAMPLE = 1 << 18
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27, 28, 29, 30, 31})


def detect_encoding(data: bytes) -> str | None:
    """Return the name of the encoding of a text, None where the bytes are no text.

    The order: byte order mark; UTF-16 by where its zeros stand; UTF-8 by validity; else the Cyrillic code
    page whose letters look most like Russian, or cp1252 where letters above ASCII stand alone.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    sample = data[:_SAMPLE]
    if wide := _utf16_without_mark(sample):
        return wide
    if _is_binary(sample):
        return None
    if _is_utf8(data):
        return "utf-8"
    return _code_page(sample if any(byte > 127 for byte in sample) else data)


def decode(data: bytes, encoding: str) -> tuple[str, int]:
    """Return the text and the number of characters that had to be replaced."""
    text = data.decode(encoding, errors="replace")
    if text.startswith("\ufeff"):
        text = text[1:]
    return text, text.count("\ufffd") - data.count(b"\xef\xbf\xbd")


def _utf16_without_mark(sample: bytes) -> str | None:
    """ASCII characters (digits, delimiters, line ends) have a zero as their high byte in UTF-16."""
    if b"\0" not in sample or len(sample) < 4:
        return None
    half = len(sample) // 2
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if odd > 0.08 and even < odd / 8:
        return "utf-16-le"
    if even > 0.08 and odd < even / 8:
        return "utf-16-be"
    return None


def _is_binary(sample: bytes) -> bool:
    if not sample:
        return False
    controls = len(sample) - len(sample.translate(None, delete=_CONTROLS))
    return controls / len(sample) > 0.02 and controls > 3


def _is_utf8(data: bytes) -> bool:
    try:
        codecs.decode(data, "utf-8")
    except UnicodeDecodeError:
        return _is_damaged_utf8(data[:_SAMPLE])
    return True


def _is_damaged_utf8(sample: bytes) -> bool:
    """Tell whether a text is UTF-8 but for a few cut or foreign bytes."""
    good = len(
        re.findall(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}", sample)
    )
    bad = sample.decode("utf-8", errors="replace").count("\ufffd")
    return good > 10 * bad


def _code_page(sample: bytes) -> str:
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", sample)]
    in_words = sum(run for run in runs if run > 2)
    if in_words < 0.3 * sum(runs):
        return "cp1252"
    return max(_CYRILLIC_PAGES, key=lambda page: _russianness(sample.decode(page, errors="replace")))


def _russianness(text: str) -> float:
    """Weigh common small letters for a page, capitals inside words and drawn lines against it."""
    letters = [character for character in text if ord(character) > 127]
    common = _count(letters, _COMMON_LETTERS)
    foreign = sum(not ("А" <= c <= "я" or c in "ёЁ№«»—–…“”„’₽ \u00a0") for c in letters)
    broken = len(re.findall(r"[а-яё][А-ЯЁ]", text))
    return common - 2 * foreign - 2 * broken


def _count(letters: Iterable[str], wanted: frozenset[str]) -> int:
    return sum(letter in wanted for letter in letters)
