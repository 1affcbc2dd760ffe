"""Who gets a programme and who is held out: drawn by lot, the same answer whenever it is asked again."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence

import polars as pl

from leal.engine import FrameLike, collect, lazy, require_column
from leal.errors import BadValue, Where
from leal.results import checked_count, is_number
from leal.wording import Text

EQUAL_SHARES: Mapping[str, float] = {"control": 0.5, "treated": 0.5}
GLOBAL_HOLDOUT = "global_holdout"
"""Arm of the customers whom no programme reaches; they stand for life without programmes at all."""

_BYTES = 8
_ROUND = 100
"""Customers after which shares of whole percents come out even: the dealing begins somewhere in it."""


def assign(
    customers: FrameLike,
    *,
    name: str,
    shares: Mapping[str, float] | None = None,
    strata: str | Sequence[str] | None = None,
    seed: int = 0,
    holdout: float = 0.05,
    earlier: FrameLike = None,
) -> pl.DataFrame:
    """Draw the arm of each customer by lot, so that a later call gives the same arms.

    Parameters
    ----------
    customers : dataframe or path
        Column ``customer``, one row each; the columns of `strata` too.
    name : str
        Name of the action: every action has a lot of its own.
    shares : mapping of str to float, optional
        Share of each arm, ``{"control": .5, "treated": .5}`` by default; they need not add to 1.
    strata : str or sequence of str, optional
        Columns within which the arms shall have their shares exactly (to a customer).
    seed : int
        Another seed is another lot.
    holdout : float
        Share of customers whom no programme reaches, the same ones for all actions of one seed; they get the
        arm ``global_holdout``. 0 for none.
    earlier : dataframe or path, optional
        What an earlier call gave (columns ``customer`` and ``arm``): its arms stay as they are, and only new
        customers are drawn. Needed only with `strata`; without them the lot depends on nobody else.

    Returns
    -------
    polars.DataFrame
        ``action, customer, arm`` and the strata, in the order given: rows of the table ``actions``.

    Raises
    ------
    BadValue
        A customer is named twice or not at all; a share is not above zero.

    Notes
    -----
    A customer's lot is the 64-bit BLAKE2b hash of seed, action and customer, read as a fraction; arms divide
    the fractions from 0 to 1. So an arm depends on nothing but these three, on any machine. With strata the
    customers of a stratum stand in the order of their lots and are dealt out so that of two arms each is
    never more than one customer from its share. Where the dealing begins is drawn for each stratum, so that
    everybody has the same chance of an arm, in a stratum of one customer too.

    References
    ----------
    Kohavi, Tang, Xu (2020), Trustworthy Online Controlled Experiments, chapter 14.

    Examples
    --------
    >>> people = pl.DataFrame({"customer": [f"c{k}" for k in range(1000)]})
    >>> arms = assign(people, name="Welcome call", holdout=0)
    >>> arms["arm"].value_counts().sort("arm").rows()
    [('control', 509), ('treated', 491)]
    """
    wanted = checked_shares(shares or EQUAL_SHARES)
    columns = [strata] if isinstance(strata, str) else list(strata or ())
    people = _people(customers, columns)
    if not 0 <= holdout < 1:
        raise BadValue(
            Text("A holdout of {share} is no share of the customers.", share=str(holdout)),
            hint=Text("Give a fraction from 0 to below 1, for example 0.05."),
            where=Where(column="holdout"),
        )
    names = people["customer"].to_list()
    lots = pl.Series("lot", [_lot(seed, name, who) for who in names], dtype=pl.Float64)
    kept_out = [holdout > 0 and _lot(seed, "", who) < holdout for who in names]
    drawn = people.with_columns(
        lots, pl.Series("out", kept_out, dtype=pl.Boolean), row=pl.int_range(pl.len())
    )
    known = _earlier(earlier)
    drawn = drawn.join(known, on="customer", how="left")
    drawn = drawn.with_columns(
        arm=pl.when(pl.col("arm").is_null() & pl.col("out")).then(pl.lit(GLOBAL_HOLDOUT)).otherwise("arm")
    )
    dealt = _dealt(drawn, columns, wanted, f"{seed}\x1f{name}") if columns else _cut(drawn, wanted)
    return dealt.sort("row").select(pl.lit(name).alias("action"), "customer", "arm", *columns)


def _lot(seed: int, name: str, customer: str) -> float:
    words = f"{checked_count(seed, 'seed')}\x1f{name}\x1f{customer}".encode()
    return int.from_bytes(hashlib.blake2b(words, digest_size=_BYTES).digest(), "big") / 2.0 ** (8 * _BYTES)


def checked_shares(shares: Mapping[str, float]) -> dict[str, float]:
    """Return the share of each arm of all customers, or raise where one is not above zero."""
    named: object = shares
    given = list(named.values()) if isinstance(named, Mapping) else []
    if len(given) < 2 or not all(is_number(share) and 0 < share < math.inf for share in given):
        raise BadValue(
            Text("Customers are divided among at least two arms, each with a share above zero."),
            hint=Text("For example shares={'control': 0.2, 'treated': 0.8}."),
            where=Where(column="shares"),
        )
    total = math.fsum(given)
    return {arm: share / total for arm, share in shares.items()}


def _people(customers: FrameLike, strata: list[str]) -> pl.DataFrame:
    frame = lazy(customers)
    for column in ("customer", *strata):
        require_column(frame, column, table="customers")
    people = collect(frame.select("customer", *strata)).with_columns(pl.col("customer").cast(pl.String))
    if people["customer"].null_count():
        raise BadValue(
            Text("A customer has no identifier."),
            hint=Text("Leave out rows without one: a lot that cannot be found again is none."),
            where=Where(column="customer"),
        )
    twice = people.filter(pl.col("customer").is_duplicated())
    if twice.height:
        raise BadValue(
            Text("Customer {customer} is there twice.", customer=twice["customer"][0]),
            hint=Text("Give one row a customer: frame.unique('customer')."),
            where=Where(column="customer"),
        )
    return people


def _earlier(earlier: FrameLike) -> pl.DataFrame:
    if earlier is None:
        return pl.DataFrame(schema={"customer": pl.String, "arm": pl.String})
    frame = lazy(earlier)
    for column in ("customer", "arm"):
        require_column(frame, column, table="earlier")
    return collect(frame.select("customer", "arm")).cast(pl.String).unique("customer", keep="first")


def _cut(drawn: pl.DataFrame, shares: dict[str, float]) -> pl.DataFrame:
    """Give each customer the arm in whose part of 0..1 their lot falls."""
    arm = pl.lit(list(shares)[-1])
    ends = [math.fsum(list(shares.values())[: place + 1]) for place in range(len(shares))]
    for name, end in reversed(list(zip(shares, ends, strict=True))[:-1]):
        arm = pl.when(pl.col("lot") < end).then(pl.lit(name)).otherwise(arm)
    return drawn.with_columns(pl.coalesce("arm", arm).alias("arm"))


def _dealt(drawn: pl.DataFrame, strata: list[str], shares: dict[str, float], lot: str) -> pl.DataFrame:
    """Deal the customers of each stratum out, by lot, to the arm most behind its share."""
    parts = []
    for stratum, part in drawn.group_by(strata, maintain_order=True):
        known = dict(part.drop_nulls("arm").group_by("arm").len().rows())
        new = part.filter(pl.col("arm").is_null()).sort("lot")
        before = _dealt_before(f"{lot}\x1f{stratum}", shares)
        arms = _deal(new["lot"].to_list(), {arm: known.get(arm, 0) + before[arm] for arm in shares}, shares)
        parts += [part.drop_nulls("arm"), new.with_columns(pl.Series("arm", arms, dtype=pl.String))]
    return pl.concat(parts) if parts else drawn


def _dealt_before(stratum: str, shares: dict[str, float]) -> dict[str, int]:
    """Return how many customers of each arm are taken as dealt out before the first one of a stratum.

    Were the dealing always begun with the largest arm, strata of a few customers would never have a control.
    """
    digest = hashlib.blake2b(stratum.encode(), digest_size=2 * _BYTES).digest()
    count = int.from_bytes(digest[:_BYTES], "big") % _ROUND
    begin = dict.fromkeys(shares, 0)
    _deal([_fraction(digest[_BYTES:], place) for place in range(count)], begin, shares)
    return begin


def _fraction(digest: bytes, place: int) -> float:
    word = hashlib.blake2b(digest + place.to_bytes(4, "big"), digest_size=_BYTES).digest()
    return int.from_bytes(word, "big") / 2.0 ** (8 * _BYTES)


def _deal(lots: list[float], dealt: dict[str, int], shares: dict[str, float]) -> list[str]:
    arms = []
    for place, lot in enumerate(lots, start=1 + sum(dealt.values())):
        behind = {arm: share * place - dealt[arm] for arm, share in shares.items()}
        most = max(behind.values())
        tied = [arm for arm, gap in behind.items() if gap > most - 1e-9]
        # ties are drawn too: were the first arm always first, it would be larger in every small stratum
        chosen = tied[int(lot * 2**20) % len(tied)]
        dealt[chosen] += 1
        arms.append(chosen)
    return arms
