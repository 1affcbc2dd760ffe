"""Keys of customers in one normal form, a whole column at a time: e-mails, telephones, identifiers.

Normal forms are idempotent: what is normal stays as it is. The *loose* form of an identifier (no leading
zeros, no case, no punctuation) is for matching only; two customers may share it, and then it matches nobody.
"""

from __future__ import annotations

from typing import Literal

import polars as pl

KeyKind = Literal["email", "phone", "identifier"]

_SPACES = r"[\s\u00a0\u2000-\u200f\u202f\u205f\u3000\ufeff]+"
_EMAIL = r"^[^@\s,;<>|]+@[^@\s,;<>|]+\.[^@\s.,;<>|]+$"
_DIGITS_ONLY = r"[^0-9]"
_POWER = r"^\+?\d+(?:[.,]\d+)?[eE]\+?\d+$"
_RUSSIAN_TRUNKS = r"^8([3-9]\d{9})$"
_INTERNATIONAL_PREFIX = r"^(?:00|810)([1-9]\d{8,14})$"
_NOBODY = (
    "",
    "-",
    "—",
    "–",
    "n/a",
    "na",
    "nan",
    "none",
    "null",
    "нет",
    "н/д",
    "не указан",
    "не указано",
    "#n/a",
)


def clean_email(cell: pl.Expr) -> pl.Expr:
    """Return e-mail addresses in normal form, null where the cell holds none.

    Case, spaces, ``mailto:``, angle brackets with a name before them, and a trailing full stop or comma are
    taken off; of several addresses the first is kept. Dots and ``+tags`` before the @ are the owner's own and
    are kept.
    """
    bare = cell.str.to_lowercase().str.replace_all(_SPACES, " ").str.strip_chars()
    inside = bare.str.extract(r"<\s*(?:mailto:)?\s*([^<>\s,;|]+@[^<>\s,;|]+)\s*>")
    first = bare.str.replace(r"^mailto:\s*", "").str.extract(r"([^\s,;<>|]+@[^\s,;<>|]+)")
    address = pl.coalesce(inside, first).str.strip_chars(".,;:'\"()[]").str.replace(r"\?.*$", "")
    return pl.when(address.str.contains(_EMAIL)).then(address)


def clean_phone(cell: pl.Expr) -> pl.Expr:
    """Return telephone numbers in international form (``+79161234567``), null where the cell holds none.

    Brackets, hyphens and spaces are taken off; ``8...`` and ten bare digits are read as Russian numbers,
    ``00`` and ``810`` as the prefix of an international call. What a spreadsheet made of a number is undone
    (``79161234567.0``); of one that has lost its digits (``7.9E+10``) nothing can be made: null.
    """
    written = cell.str.replace_all(_SPACES, " ").str.strip_chars()
    first = _unspreadsheet(written).str.extract(r"^([^,;|/]+)")
    bare = first.str.replace(r"(?i)\s*(?:доб|ext|вн)\.?\s*\d+$", "").str.replace(
        r"^(?i:tel:|тел\.?:?)\s*", ""
    )
    wordless = pl.when(~bare.str.contains(r"[^\d\s()+.\-\u2010-\u2015]")).then(bare)
    digits = wordless.str.replace_all(_DIGITS_ONLY, "")
    explicit = wordless.str.contains(r"^\s*\+")
    domestic = (
        digits.str.replace(_INTERNATIONAL_PREFIX, "${1}")
        .str.replace(_RUSSIAN_TRUNKS, "7${1}")
        .str.replace(r"^(9\d{9})$", "7${1}")
    )
    russian_plus = digits.str.replace(_RUSSIAN_TRUNKS, "7${1}")
    number = pl.when(explicit).then(russian_plus).otherwise(domestic)
    return pl.when(number.str.contains(r"^[1-9]\d{9,14}$") & ~_rounded(written)).then(pl.lit("+") + number)


def clean_identifier(cell: pl.Expr) -> pl.Expr:
    """Return identifiers in normal form, null where the cell says that there is none.

    Spaces around and doubled ones are taken off, ``123.0`` becomes ``123`` and ``1.23E+5`` ``123000``; an
    e-mail address is written as `clean_email` writes it. A long number that has lost its digits (``7.9E+10``)
    is nobody's: null. Case and leading zeros stay: see `loose_key`.
    """
    bare = cell.str.replace_all(_SPACES, " ").str.strip_chars()
    whole = _unspreadsheet(bare)
    email = clean_email(whole)
    nobody = whole.str.to_lowercase().is_in(_NOBODY) | (_rounded(bare) & (whole.str.len_chars() >= 10))
    named = pl.when(~nobody).then(whole)
    return pl.when(whole.str.contains("@", literal=True) & email.is_not_null()).then(email).otherwise(named)


def loose_key(key: pl.Expr) -> pl.Expr:
    """Return what two writings of one identifier share: no case, quotes or spaces, no leading zeros.

    For matching only: ``007`` and ``7``, ``AB-1`` and ``ab 1`` share a loose form and may yet be two
    customers.
    """
    folded = key.str.to_lowercase().str.replace_all("ё", "е").str.replace_all(r"[^\p{L}\p{N}@+]", "")
    return folded.str.replace(r"^0+([0-9])", "${1}")


def clean_key(cells: pl.Series, kind: KeyKind) -> pl.Series:
    """Return a column of keys in the normal form of its kind; numbers are taken as whole.

    Cells that are plainly normal are passed on, and of the others distinct ones are treated once: a purchase
    log has millions of keys, and repeats its customers.
    """
    text = _as_text(cells)
    other = (~text.str.contains(_NORMAL[kind])).fill_null(value=False)
    if not other.any():
        return text
    rest = text.filter(other)
    distinct = pl.DataFrame({"cell": rest.unique()}).with_columns(key=_CLEAN[kind](pl.col("cell")))
    keys = pl.DataFrame({"cell": rest}).join(distinct, on="cell", how="left", maintain_order="left")["key"]
    if len(keys) == len(text):
        return keys.alias(cells.name)
    place = pl.DataFrame({"text": text, "other": other}).select(
        "text", at=pl.when("other").then(pl.col("other").cum_sum() - 1)
    )
    known = keys.gather(place["at"])
    return known.zip_with(other, text).alias(cells.name)


def key_kind(cells: pl.Series) -> KeyKind:
    """Tell what a column of keys holds by its look: mostly e-mails, mostly telephones, else identifiers.

    A bare number of eleven digits may be anybody's identifier: a column is of telephones only where most
    cells say so by a plus, brackets or hyphens.
    """
    some = _as_text(cells.drop_nulls().head(5000)).unique()
    some = some.filter(some.str.strip_chars() != "")
    if some.is_empty():
        return "identifier"
    if some.str.contains("@", literal=True).mean() > 0.5:  # type: ignore[operator]
        return "email"
    written = some.str.contains(r"^\s*(?:\+\d|8[\s(\-]|7[\s(\-]|\(\d{3,5}\))[\d\s()\-]{8,}$")
    return "phone" if written.mean() > 0.5 else "identifier"  # type: ignore[operator]


def _as_text(cells: pl.Series) -> pl.Series:
    """Write numbers as whole ones: an identifier 17850.0 of a spreadsheet is 17850."""
    if cells.dtype.is_float():
        return cells.cast(pl.Int64, strict=False).cast(pl.String)
    return cells.cast(pl.String)


def _unspreadsheet(cell: pl.Expr) -> pl.Expr:
    """Undo what a spreadsheet does to long numbers: ``79161234567.0``, ``7.9161234567E+10``, a quote."""
    bare = cell.str.replace(r"^'(\S)", "${1}")
    cut = bare.str.replace(r"^(\+?\d+)[.,]0+$", "${1}")
    power = bare.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    written = power.cast(pl.Int64, strict=False).cast(pl.String)
    return pl.when(bare.str.contains(_POWER) & written.is_not_null()).then(written).otherwise(cut)


def _rounded(cell: pl.Expr) -> pl.Expr:
    """Tell whether a number in powers of ten has lost digits: ``7.9E+10`` keeps two of eleven."""
    kept = cell.str.extract(r"^\+?(\d+(?:[.,]\d+)?)[eE]").str.replace_all(r"[.,]", "").str.len_chars()
    return cell.str.contains(_POWER) & (kept < 10)


_NORMAL = {
    "email": r"^[a-z0-9][a-z0-9._%+\-]*@[a-z0-9\-.]+\.[a-z]{2,}$",
    "phone": r"^\+[1-79]\d{9,14}$",
    "identifier": r"^(?:\d+|[\p{L}#]{1,5}[\-_]?\d+|[0-9a-f\-]*\d[0-9a-f\-]{15,})$",
}
"""Keys that are surely normal; what is not may be so too, and is looked at closely."""

_CLEAN = {"email": clean_email, "phone": clean_phone, "identifier": clean_identifier}
