"""How people and programs spoil what they write: mail in capitals, telephones in many ways, lost zeros."""

from __future__ import annotations

import numpy as np
import polars as pl

_TELEPHONES = (
    "+7 ({0}) {1}-{2}-{3}",
    "8 {0} {1} {2} {3}",
    "7{0}{1}{2}{3}",
    "8({0}){1}-{2}-{3}",
    "+7-{0}-{1}-{2}-{3}",
    " +7{0}{1}{2}{3} ",
)


def messy_mail(mail: pl.Series, luck: np.random.Generator) -> pl.Series:
    """Return addresses as customers type them: some in capitals, some with blanks around."""
    kinds = luck.random(mail.len())
    typed = [
        address
        if address is None
        else address.upper()
        if kind < 0.1
        else address.capitalize()
        if kind < 0.25
        else f" {address} "
        if kind < 0.3
        else address
        for address, kind in zip(mail.to_list(), kinds.tolist(), strict=True)
    ]
    return pl.Series(mail.name, typed, dtype=pl.String)


def messy_phone(phone: pl.Series, luck: np.random.Generator) -> pl.Series:
    """Return Russian telephones (+79001234567) written in six ways."""
    ways = luck.integers(len(_TELEPHONES), size=phone.len())
    typed = [
        None
        if number is None
        else _TELEPHONES[way].format(number[2:5], number[5:8], number[8:10], number[10:])
        for number, way in zip(phone.to_list(), ways.tolist(), strict=True)
    ]
    return pl.Series(phone.name, typed, dtype=pl.String)


def without_zeros(identifiers: pl.Series) -> pl.Series:
    """Return identifiers as a spreadsheet leaves them: without the zeros in front."""
    return identifiers.str.strip_chars_start("0")
