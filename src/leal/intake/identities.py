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
        telephones = identifiers.filter(_may_be_phone("key"))
        pairs.append(telephones.select(key=clean_phone(pl.col("key")), target="target", how=pl.lit("phone")))
        written = pl.concat([identifiers, *([linked["name"]] if "name" in linked else [])])
        loose = written.select(key=_LOOSE + loose_key(pl.col("key")), target="target")
        pairs.append(loose.filter(pl.col("key") != _LOOSE).unique().with_columns(how=pl.lit("spelling")))
        return cls(lookup=_surest(pl.concat(pairs).drop_nulls("key")))


_LOOSE = pl.lit("~")
"""What stands before loose keys, so that they are never taken for keys as they stand."""


def _surest(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return for each key what it leads to by the surest way; only keys with several ways need a look."""
    repeated = pairs["key"].is_duplicated()
    single = pairs.filter(~repeated).select("key", "target", pl.lit(value=False).alias("several"), "how")
    order = {how: rank for rank, how in enumerate(("identifier", *_LINKED, "spelling"))}
    rank = pl.col("how").replace_strict(order, return_dtype=pl.Int8)
    ranked = pairs.filter(repeated).with_columns(rank=rank)
    best = ranked.filter(pl.col("rank") == pl.col("rank").min().over("key"))
    told = best.group_by("key").agg(
        target=pl.col("target").min(), several=pl.col("target").n_unique() > 1, how=pl.col("how").first()
    )
    return pl.concat([single, told.select(single.columns)])


def with_normal_keys(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with keys in normal form and ``own``, the surest of them; the raw ones as ``raw ...``."""
    columns = []
    for name in KEY_COLUMNS:
        if name in rows.columns:
            cells = rows[name]
            kind = "email" if name == "email" else "phone" if name == "phone" else key_kind(cells)
            normal = clean_key(cells, kind)
            if name == "customer" and normal.null_count() > cells.null_count():
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
    waiting = rows.with_columns(several=pl.lit(value=False))
    settled = []
    for applies, key in _candidates(rows):
        looked = waiting.filter(applies)
        if looked.is_empty() or register.lookup.is_empty():
            continue
        found = looked.with_columns(_key=key).join(
            register.lookup.rename({"several": "_several"}), left_on="_key", right_on="key", how="left"
        )
        sure = found["target"].is_not_null() & ~found["_several"].fill_null(value=False)
        settled.append(found.filter(sure).select(*rows.columns, resolved="target", how="how"))
        doubtful = pl.col("several") | pl.col("_several").fill_null(value=False)
        left = found.filter(~sure).with_columns(several=doubtful).select(waiting.columns)
        waiting = pl.concat([waiting.filter(~applies.fill_null(value=False)), left])
    nobody = (
        pl.when(pl.col("own").is_null())
        .then(pl.lit("none"))
        .when("several")
        .then(pl.lit("ambiguous"))
        .otherwise(pl.lit("unknown"))
    )
    return pl.concat([*settled, waiting.select(*rows.columns, resolved="own", how=nobody)])


def _candidates(rows: pl.DataFrame) -> list[tuple[pl.Expr, pl.Expr]]:
    """Return which rows have a key to be looked up by, and the key, one after another."""
    keys: list[tuple[pl.Expr, pl.Expr]] = []
    if "customer" in rows.columns:
        customer, known = pl.col("customer"), pl.col("customer").is_not_null()
        keys += [(known, customer), (_may_be_phone("customer"), clean_phone(customer))]
        keys.append((known, _LOOSE + loose_key(customer)))
    keys += [
        (pl.col(name).is_not_null(), pl.col(name)) for name in ("email", "phone") if name in rows.columns
    ]
    if "name" in rows.columns:
        keys.append((_full_name("name"), pl.col("name")))
        keys.append((_full_name("name"), _LOOSE + loose_key(pl.col("name"))))
    return [(applies.fill_null(value=False), key) for applies, key in keys]


def _links(name: str) -> pl.Expr:
    """Tell where a column says of a customer what else they are known by; a first name is no key."""
    known = pl.col(name).is_not_null() & (pl.col(name) != pl.col("own"))
    return known & _full_name(name) if name == "name" else known


def _full_name(name: str) -> pl.Expr:
    return pl.col(name).str.contains(r"\S\s+\S") & (pl.col(name).str.len_chars() >= 5)


def _may_be_phone(name: str) -> pl.Expr:
    """Tell whether a bare key may be a telephone: eleven digits from 7 or 8, or digits after + or 00."""
    return pl.col(name).str.contains(r"^(?:(?:\+|00)[\d\s()\-]{10,20}|[78][\s(\-]*\d[\d\s()\-]{9,14})$")
