"""Who is who: keys of customers in several tables brought to one identifier.

A key is looked up as it stands, then as somebody's e-mail, telephone or name, then in its loose form (no
leading zeros, no case). What leads to several customers leads to nobody, and is counted as ambiguous.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from leal.intake.keys import clean_identifier, clean_key, clean_phone, key_kind, loose_key

KEY_COLUMNS = ("customer", "email", "phone", "name")
"""Columns that say who a row is about, the surest first."""

_LINKED = ("email", "phone", "name")
_LOOKUP_SCHEMA = {"key": pl.String, "target": pl.String, "several": pl.Boolean, "how": pl.String}


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The customers that are known, and by what else they are known.

    Attributes
    ----------
    lookup : polars.DataFrame
        ``key, target, several, how``: what a key leads to, whether to several customers, and by what.
    """

    lookup: pl.DataFrame

    @classmethod
    def empty(cls) -> Register:
        """Return the register of nobody."""
        return cls(lookup=pl.DataFrame(schema=_LOOKUP_SCHEMA))

    @classmethod
    def of(cls, tables: Sequence[pl.DataFrame]) -> Register:
        """Return the register of the customers in rows of `with_normal_keys`."""
        if not tables:
            return cls.empty()
        rows = pl.concat(tables, how="diagonal_relaxed").filter(pl.col("own").is_not_null())
        identifiers = rows.select(key="own", target="own").unique().with_columns(how=pl.lit("identifier"))
        linked = {
            name: rows.filter(_links(name)).select(key=name, target="own", how=pl.lit(name)).unique()
            for name in _LINKED
            if name in rows.columns
        }
        pairs = [identifiers, *linked.values()]
        telephones = identifiers.select(key=_phone_of("key"), target="target").drop_nulls()
        pairs.append(telephones.with_columns(how=pl.lit("phone")))
        written = pl.concat([identifiers, *([linked["name"]] if "name" in linked else [])])
        loose = written.select(key=pl.lit("~") + loose_key(pl.col("key")), target="target")
        pairs.append(loose.filter(pl.col("key") != "~").unique().with_columns(how=pl.lit("spelling")))
        order = {how: rank for rank, how in enumerate(("identifier", *_LINKED, "spelling"))}
        ranked = pl.concat(pairs).with_columns(rank=pl.col("how").replace_strict(order, return_dtype=pl.Int8))
        best = ranked.filter(pl.col("rank") == pl.col("rank").min().over("key"))
        lookup = best.group_by("key").agg(
            target=pl.col("target").min(), several=pl.col("target").n_unique() > 1, how=pl.col("how").first()
        )
        return cls(lookup=lookup.select(list(_LOOKUP_SCHEMA)))


def with_normal_keys(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with keys in normal form and ``own``, the surest of them; the raw ones as ``raw ...``."""
    columns = []
    for name in KEY_COLUMNS:
        if name in rows.columns:
            cells = rows[name]
            kind = "email" if name == "email" else "phone" if name == "phone" else key_kind(cells)
            normal = clean_key(cells, kind)
            if name == "customer" and kind != "identifier":
                plain = pl.DataFrame({"x": cells}).select(clean_identifier(pl.col("x"))).to_series()
                normal = normal.zip_with(normal.is_not_null(), plain)
            columns.append(normal.alias(name))
    raw = [rows[column.name].alias(f"raw {column.name}") for column in columns]
    normal_rows = rows.with_columns(columns).with_columns(raw)
    return normal_rows.with_columns(own=pl.coalesce([column.name for column in columns]))


def resolve(rows: pl.DataFrame, register: Register) -> pl.DataFrame:
    """Return rows of `with_normal_keys` with ``resolved``, the one customer they are about, and ``how``.

    Where a key leads to nobody ``how`` is ``"unknown"``, to several ``"ambiguous"``, and where there is no
    key ``"none"``; the row then keeps its own key.
    """
    target, how = pl.lit(None, dtype=pl.String), pl.lit(None, dtype=pl.String)
    several = pl.lit(value=False)
    found = rows
    for number, key in enumerate(_candidates(rows)):
        lookup = register.lookup.rename(
            {"target": f"t{number}", "several": f"s{number}", "how": f"h{number}"}
        )
        found = found.with_columns(key.alias("_key")).join(
            lookup, left_on="_key", right_on="key", how="left", maintain_order="left"
        )
        sure = pl.col(f"t{number}").is_not_null() & ~pl.col(f"s{number}")
        how = pl.coalesce(how, pl.when(sure).then(pl.col(f"h{number}")))
        target = pl.coalesce(target, pl.when(sure).then(pl.col(f"t{number}")))
        several = several | pl.col(f"s{number}").fill_null(value=False)
    nobody = (
        pl.when(pl.col("own").is_null())
        .then(pl.lit("none"))
        .when(several)
        .then(pl.lit("ambiguous"))
        .otherwise(pl.lit("unknown"))
    )
    told = found.with_columns(resolved=pl.coalesce(target, "own"), how=pl.coalesce(how, nobody))
    return told.select(*rows.columns, "resolved", "how")


def _candidates(rows: pl.DataFrame) -> list[pl.Expr]:
    """Return the keys to look a row up by, one after another."""
    keys = []
    if "customer" in rows.columns:
        keys += [pl.col("customer"), _phone_of("customer"), pl.lit("~") + loose_key(pl.col("customer"))]
    keys += [pl.col(name) for name in ("email", "phone") if name in rows.columns]
    if "name" in rows.columns:
        named = pl.when(_full_name("name")).then(pl.col("name"))
        keys += [named, pl.lit("~") + loose_key(named)]
    return keys


def _links(name: str) -> pl.Expr:
    """Tell where a column says of a customer what else they are known by; a first name is no key."""
    known = pl.col(name).is_not_null() & (pl.col(name) != pl.col("own"))
    return known & _full_name(name) if name == "name" else known


def _full_name(name: str) -> pl.Expr:
    return pl.col(name).str.contains(r"\S\s+\S") & (pl.col(name).str.len_chars() >= 5)


def _phone_of(name: str) -> pl.Expr:
    """Return the telephone that a bare key may be: eleven digits from 7 or 8, or digits after + or 00."""
    bare = pl.col(name).str.replace_all(r"[\s()\-]", "")
    return pl.when(bare.str.contains(r"^(?:(?:\+|00)\d{10,15}|[78]\d{10})$")).then(clean_phone(pl.col(name)))
