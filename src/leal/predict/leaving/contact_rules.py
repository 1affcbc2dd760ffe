"""Whom one may contact when: one ledger of all contacts, a few rules on the days between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import narwhals as nw
import polars as pl

from leal.engine import FrameLike, as_date, collect, column_names, day_number, lazy, require_column
from leal.errors import BadOption
from leal.results import Note, to_plain
from leal.statistics import proportion_interval
from leal.wording import Count, Text, plural

ContactKind = Literal[
    "relationship_survey", "event_survey", "marketing", "review_reply", "service", "complaint", "other"
]
KINDS: tuple[ContactKind, ...] = get_args(ContactKind)
"""What stands in the ledger; `complaint` is the day on which one was opened, `other` is not said."""

SURVEYS: tuple[ContactKind, ...] = ("relationship_survey", "event_survey")
RESTRICTED: tuple[ContactKind, ...] = (*SURVEYS, "marketing")
"""What the rules hold back. All others only count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRule:
    """So many days must lie between a contact of one kind and the next of another.

    Attributes
    ----------
    name : str
        Stable name.
    after : tuple of str
        Kinds of contact that start the days.
    holds_back : tuple of str
        Kinds that wait.
    days : int
        Days that must have passed.
    words : Text
        The rule in words.
    """

    name: str
    after: tuple[ContactKind, ...]
    holds_back: tuple[ContactKind, ...]
    days: int
    words: Text


CONTACT_RULES: tuple[ContactRule, ...] = (
    ContactRule(
        name="complaint_open",
        after=("complaint",),
        holds_back=RESTRICTED,
        days=7,
        words=Text("nothing within {days} days of opening a complaint", days=Count(7)),
    ),
    ContactRule(
        name="after_any_contact",
        after=KINDS,
        holds_back=RESTRICTED,
        days=14,
        words=Text("nothing within {days} days of any contact", days=Count(14)),
    ),
    ContactRule(
        name="after_any_survey",
        after=SURVEYS,
        holds_back=SURVEYS,
        days=30,
        words=Text("no survey within {days} days of any survey", days=Count(30)),
    ),
    ContactRule(
        name="between_relationship_surveys",
        after=("relationship_survey",),
        holds_back=("relationship_survey",),
        days=90,
        words=Text("no relationship survey within {days} days of the last", days=Count(90)),
    ),
)
"""The defaults: 90, 30, 14 and 7 days. Change any by a list of rules of your own."""

LOAD_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Contactable:
    """Who may be contacted on a day, and who must wait, by which rule.

    Attributes
    ----------
    frame : DataFrame
        ``customer``, ``allowed``, ``rule`` (the one that holds longest, null where allowed), ``free_from``
        (the first day on which none holds), ``through_account`` (whether a colleague's contact does so).
    kind : str
        The contact that is meant.
    notes : tuple of Note
        How many are held back: keep these rows, or the survey is biased and cannot be weighted.
    """

    frame: pl.DataFrame
    kind: str
    notes: tuple[Note, ...] = ()

    @property
    def held_back(self) -> int:
        """How many must wait."""
        return int((~self.frame["allowed"]).sum())

    def to_dict(self) -> dict[str, Any]:
        """Return the decisions as plain JSON values."""
        return to_plain({"kind": self.kind, "frame": self.frame, "notes": self.notes})  # type: ignore[no-any-return]


def contactable(
    ledger: FrameLike,
    kind: ContactKind,
    on: int,
    *,
    customers: Iterable[str] | None = None,
    rules: Sequence[ContactRule] = CONTACT_RULES,
) -> Contactable:
    """Tell whom one may contact on a day, by one ledger of surveys, marketing and replies.

    Parameters
    ----------
    ledger : dataframe or path
        One row a contact: ``customer``, ``contacted_at``, ``kind``; ``account`` where several people belong
        to a company, for a contact of one then holds back all.
    kind : str
        The contact that is meant, one of `KINDS`.
    on : int
        Day (number) on which it would go out.
    customers : iterable of str, optional
        Whom it would go to; by default everyone in the ledger. Who is not in the ledger may be contacted.
    rules : sequence of ContactRule
        The rules; the defaults are `CONTACT_RULES`.

    Returns
    -------
    Contactable

    Notes
    -----
    A rule of d days holds on the days 0 to d - 1 after a contact. Contacts after `on` are not looked at.
    """
    if kind not in KINDS:
        raise BadOption("kind", kind, list(KINDS))
    made = _contacts(ledger).filter(pl.col("day") <= on)
    asked = (
        made["customer"].unique().sort() if customers is None else pl.Series(list(customers), dtype=pl.String)
    )
    people = pl.DataFrame({"customer": asked}).unique("customer", maintain_order=True)
    holds = [_holds(made, people, rule, on) for rule in rules if kind in rule.holds_back]
    held = pl.concat(holds) if holds else _NO_HOLD
    longest = held.sort(
        "customer", "free_day", "through_account", "rule", descending=[False, True, False, False]
    )
    found = people.join(
        longest.unique("customer", keep="first", maintain_order=True), on="customer", how="left"
    )
    frame = found.select(
        "customer",
        pl.col("rule").is_null().alias("allowed"),
        "rule",
        pl.col("free_day").cast(pl.Int32).cast(pl.Date).alias("free_from"),
        pl.col("through_account").fill_null(False),
    )
    return Contactable(frame=frame, kind=kind, notes=_told(frame, on))


_NO_HOLD = pl.DataFrame(
    schema={"customer": pl.String, "rule": pl.String, "free_day": pl.Int64, "through_account": pl.Boolean}
)


def _contacts(ledger: FrameLike) -> pl.DataFrame:
    frame = lazy(ledger)
    for column in ("customer", "contacted_at", "kind"):
        require_column(frame, column, table="ledger")
    names = column_names(frame)
    columns = [
        nw.col("customer").cast(nw.String()),
        day_number(frame, "contacted_at", table="ledger").alias("day"),
        nw.col("kind").cast(nw.String()),
    ]
    columns += [nw.col("account").cast(nw.String())] if "account" in names else []
    columns += [nw.col(name) for name in ("answered", "unsubscribed") if name in names]
    rows = collect(frame.select(*columns)).drop_nulls(["customer", "day", "kind"])
    strange = sorted(set(rows["kind"].unique()) - set(KINDS))
    if strange:
        raise BadOption("kind", strange[0], list(KINDS))
    return rows if "account" in rows.columns else rows.with_columns(account=pl.lit(None, dtype=pl.String))


def _holds(made: pl.DataFrame, people: pl.DataFrame, rule: ContactRule, on: int) -> pl.DataFrame:
    """Return whom a rule holds back, by their own contacts and by those of their account."""
    recent = made.filter(pl.col("kind").is_in(list(rule.after)), pl.col("day") > on - rule.days)
    own = recent.group_by("customer").agg(day=pl.col("day").max()).with_columns(through_account=pl.lit(False))
    of_account = recent.drop_nulls("account").group_by("account").agg(day=pl.col("day").max())
    belongs = made.drop_nulls("account").select("customer", "account").unique()
    colleagues = belongs.join(of_account, on="account").select(
        "customer", "day", through_account=pl.lit(True)
    )
    both = pl.concat([own.select("customer", "day", "through_account"), colleagues])
    return both.join(people, on="customer", how="semi").select(
        "customer",
        pl.lit(rule.name).alias("rule"),
        (pl.col("day").cast(pl.Int64) + rule.days).alias("free_day"),
        "through_account",
    )


def _told(frame: pl.DataFrame, on: int) -> tuple[Note, ...]:
    held = int((~frame["allowed"]).sum())
    if not held:
        return ()
    text = plural(
        "{count} customer is held back on {day}: keep the row, or the answers cannot be weighted.",
        "{count} customers are held back on {day}: keep the rows, or the answers cannot be weighted.",
        held,
        day=as_date(on).isoformat(),
    )
    return (Note(code="held_back", text=text),)


def contact_load(
    ledger: FrameLike,
    until: int,
    *,
    days: int = LOAD_DAYS,
    most: int | None = None,
    level: float = 0.95,
) -> pl.DataFrame:
    """Return how answers and unsubscribing go with the number of contacts in the days before.

    Parameters
    ----------
    ledger : dataframe or path
        As in `contactable`, with ``answered`` or ``unsubscribed`` (true, false; null where it could not be or
        is not known, as an answer to an advertisement) of each contact.
    until : int
        Last day (number) that is looked at.
    days : int
        Days over which contacts before each contact are counted.
    most : int, optional
        So many before or more stand in one row, the last.
    level : float
        Confidence level (Wilson).

    Returns
    -------
    DataFrame
        ``contacts_before`` (0, 1, ...), ``contacts``, and of each flag that is there its share among the
        contacts of which it is known, with limits (``answered``, ``answered_low``, ``answered_high``).

    Notes
    -----
    A correlation: who is contacted often may be another kind of customer.
    """
    made = (
        _contacts(ledger).filter(pl.col("day") <= until, pl.col("kind") != "complaint").with_row_index("row")
    )
    pairs = made.join(made.select("customer", earlier="day", other="row"), on="customer")
    gap = pl.col("day") - pl.col("earlier")
    before = gap.is_between(0, days - 1) & (pl.col("other") < pl.col("row"))
    counts = pairs.group_by("row").agg(contacts_before=before.sum().cast(pl.Int64))
    counts = counts if most is None else counts.with_columns(pl.col("contacts_before").clip(upper_bound=most))
    flags = [name for name in ("answered", "unsubscribed") if name in made.columns]
    table = (
        made.join(counts, on="row")
        .group_by("contacts_before")
        .agg(
            pl.len().alias("contacts"),
            *(pl.col(name).cast(pl.Float64).sum().alias(name) for name in flags),
            *(pl.col(name).count().alias(f"{name} known") for name in flags),
        )
        .sort("contacts_before")
    )
    return table.with_columns(one for name in flags for one in _shares(table, name, level)).select(
        "contacts_before", "contacts", *(f"{name}{end}" for name in flags for end in ("", "_low", "_high"))
    )


def _shares(table: pl.DataFrame, name: str, level: float) -> list[pl.Series]:
    pairs = list(zip(table[name], table[f"{name} known"], strict=True))
    limits = [proportion_interval(hits, n, level) if n else None for hits, n in pairs]
    return [
        pl.Series(name, [hits / n if n else None for hits, n in pairs], dtype=pl.Float64),
        pl.Series(f"{name}_low", [one and one.low for one in limits], dtype=pl.Float64),
        pl.Series(f"{name}_high", [one and one.high for one in limits], dtype=pl.Float64),
    ]


def broken_rules(
    ledger: FrameLike,
    until: int,
    *,
    days: int = 365,
    rules: Sequence[ContactRule] = CONTACT_RULES,
) -> pl.DataFrame:
    """Return how many contacts were made although a rule held them back.

    Parameters
    ----------
    ledger : dataframe or path
        As in `contactable`.
    until : int
        Last day (number) that is looked at.
    days : int
        Days up to it whose contacts are looked at.
    rules : sequence of ContactRule
        The rules; the defaults are `CONTACT_RULES`.

    Returns
    -------
    DataFrame
        One row a rule: ``rule``, ``restricted`` (contacts of the kinds that it holds back), ``broken`` (those
        made while it held), ``customers`` (with whom).

    Notes
    -----
    By contacts with the same customer on earlier days; contacts of one day are not set against each other,
    as their order is not known, and those with colleagues of an account are not looked at.
    """
    made = _contacts(ledger).filter(pl.col("day") <= until).sort("customer", "day")
    rows = [_broken(made, rule, until - days) for rule in rules]
    schema = {"rule": pl.String, "restricted": pl.Int64, "broken": pl.Int64, "customers": pl.Int64}
    return pl.DataFrame(rows, schema=schema)


def _broken(made: pl.DataFrame, rule: ContactRule, after: int) -> dict[str, object]:
    restricted = made.filter(pl.col("kind").is_in(list(rule.holds_back)), pl.col("day") > after)
    starts = made.filter(pl.col("kind").is_in(list(rule.after))).select("customer", "day", before="day")
    found = restricted.join_asof(
        starts,
        on="day",
        by="customer",
        tolerance=rule.days - 1,
        allow_exact_matches=False,
        check_sortedness=False,
    ).drop_nulls("before")
    return {
        "rule": rule.name,
        "restricted": restricted.height,
        "broken": found.height,
        "customers": found["customer"].n_unique(),
    }
