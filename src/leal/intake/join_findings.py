"""How well the tables were joined: customers found and not, money covered, how those found differ."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from leal.engine import collect, column_names
from leal.evidence import Evidence
from leal.results import Note, to_plain
from leal.statistics import Comparison, standardised_difference
from leal.wording import Amount, Count, Decimal, Formatted, Listing, Percent, Text

FEW_MATCHED = 0.6
"""Share of matched customers below which money figures carry a note."""

_ALIKE, _SMALL, _CLEAR = 0.1, 0.3, 0.5
_HOW: Mapping[str, Text] = {
    "identifier": Text("by identifier"),
    "email": Text("by e-mail"),
    "phone": Text("by telephone"),
    "name": Text("by name"),
    "spelling": Text("by identifier in another spelling"),
}
_TOLD = ("answers", "purchases", "actions", "cases", "contacts", "invitations")
"""Tables of which the report tells how their customers were found."""

_NOT_FOUND = ("unknown", "ambiguous", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableJoin:
    """How the keys of one table were found.

    Attributes
    ----------
    table : str
        Name of the table.
    customers : int
        Distinct customers in it.
    matched, unmatched, ambiguous : int
        Customers found among customers and purchases, found nowhere, that could be several.
    rows_without_customer : int
        Rows that name nobody.
    by : mapping of str to int
        Customers found by what: ``"identifier"``, ``"email"``, ``"phone"``, ``"name"``, ``"spelling"``.
    """

    table: str
    customers: int
    matched: int
    unmatched: int
    ambiguous: int
    rows_without_customer: int
    by: Mapping[str, int] = field(default_factory=dict)

    @property
    def matched_share(self) -> float:
        """Share of the customers that were found; not-a-number where there are none."""
        return self.matched / self.customers if self.customers else math.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseDifference:
    """How the matched customers differ from the others in one quantity.

    Attributes
    ----------
    quantity : Text
        What is compared: spend per customer, purchases per customer, share of a segment.
    matched, others : float
        Its mean (or share) among the matched customers and among all others.
    difference : Comparison
        The difference in standard deviations, with its interval.
    unit : {"amount", "number", "percent"}
        How `matched` and `others` are written.
    currency : str or None
        Currency of an amount.
    """

    quantity: Text
    matched: float
    others: float
    difference: Comparison
    unit: str
    currency: str | None = None

    @property
    def verdict(self) -> Text:
        """What the difference amounts to, in words."""
        return _verdict(self.difference)

    def sentence(self) -> Text:
        """Return the difference in one sentence."""
        if not self.difference.known:
            return Text("{quantity}: too few customers to compare.", quantity=self.quantity)
        return Text(
            "{quantity}: {matched} among those found, {others} among the others; {verdict} "
            "({difference} standard deviations, {low} to {high}).",
            quantity=self.quantity,
            matched=self._written(self.matched),
            others=self._written(self.others),
            verdict=self.verdict,
            difference=Decimal(self.difference.estimate, 2, signed=True),
            low=Decimal(self.difference.ci_low, 2, signed=True),
            high=Decimal(self.difference.ci_high, 2, signed=True),
        )

    def _written(self, value: float) -> Formatted:
        if self.unit == "amount":
            return Amount(value, self.currency)
        return Percent(value, 1) if self.unit == "percent" else Decimal(value, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinReport:
    """How well answers, purchases, actions and customers fit together.

    Attributes
    ----------
    tables : tuple of TableJoin
        By table (all but brands) how its customers were found.
    matched, unmatched, ambiguous : int
        Customers who answered: found among customers and purchases, found nowhere, that could be several.
    answers_without_customer : int
        Answers that name nobody.
    base : int
        All customers known: of the table `customers` and of the purchases.
    money_total, money_covered : float or None
        Money of all purchases (those without a customer included), and of the customers who answered and were
        found; None without purchases.
    currency : str or None
        Currency of that money; of several the one with most purchases, the rest being left out.
    differences : tuple of BaseDifference
        How the matched customers differ from the others: spend, purchases, segments.
    notes : tuple of Note
        ``few_matched``, ``ambiguous_customers``, ``several_currencies``, ``keys_not_rewritten``,
        ``nothing_to_join``.
    """

    tables: tuple[TableJoin, ...] = ()
    matched: int = 0
    unmatched: int = 0
    ambiguous: int = 0
    answers_without_customer: int = 0
    base: int = 0
    money_total: float | None = None
    money_covered: float | None = None
    currency: str | None = None
    differences: tuple[BaseDifference, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def answering(self) -> int:
        """Distinct customers who answered."""
        return self.matched + self.unmatched + self.ambiguous

    @property
    def matched_share(self) -> float:
        """Share of the customers who answered that were found; not-a-number without any base."""
        return self.matched / self.answering if self.answering and self.base else math.nan

    @property
    def base_share(self) -> float:
        """Share of all customers that answered and were found; not-a-number without customers."""
        return self.matched / self.base if self.base else math.nan

    @property
    def money_share(self) -> float:
        """Share of all money that the matched customers bring; not-a-number without purchases."""
        if not self.money_total or self.money_covered is None:
            return math.nan
        return self.money_covered / self.money_total

    @property
    def few_matched(self) -> bool:
        """Whether so few customers were found that money figures need a note."""
        return self.matched_share < FEW_MATCHED

    def sentence(self) -> Text:
        """Return how well it went in one sentence."""
        if not self.answering or not self.base:
            return Text("There is nothing to join: answers and purchases (or customers) are needed.")
        return Text(
            "Of the customers who answered ({answering}) {share} were found among customers and purchases: "
            "found {matched}, not found {unmatched}, could be several {ambiguous}.",
            answering=Count(self.answering),
            share=Percent(self.matched_share),
            matched=Count(self.matched),
            unmatched=Count(self.unmatched),
            ambiguous=Count(self.ambiguous),
        )

    def sentences(self) -> tuple[Text, ...]:
        """Return all there is to say: who was found and by what, the money covered, how they differ."""
        said = [self.sentence()]
        if not self.answering or not self.base:
            return tuple(said)
        said += self._how_found()
        said.append(
            Text(
                "They are {share} of all {base} customers known.",
                share=Percent(self.base_share, 1),
                base=Count(self.base),
            )
        )
        if math.isfinite(self.money_share) and self.money_covered is not None:
            said.append(
                Text(
                    "They bring {share} of all money: {covered} of {total}.",
                    share=Percent(self.money_share, 1),
                    covered=Amount(self.money_covered, self.currency),
                    total=Amount(self.money_total or 0.0, self.currency),
                )
            )
        if self.answers_without_customer:
            said.append(
                Text("Answers that name nobody: {count}.", count=Count(self.answers_without_customer))
            )
        said += [difference.sentence() for difference in self.differences]
        return tuple(said)

    def _how_found(self) -> list[Text]:
        answers = next((table for table in self.tables if table.table == "answers"), None)
        if answers is None or not answers.by:
            return []
        ways = [
            Text("{way}: {count}", way=_HOW[how], count=Count(count)) for how, count in answers.by.items()
        ]
        return [Text("Found {ways}.", ways=Listing.of(ways))]

    def with_unwritten(self, tables: Sequence[str]) -> JoinReport:
        """Return the report with a note on tables of another engine, whose keys could not be rewritten."""
        text = Text(
            "The keys of {tables} differ from those of the customers, and their engine's tables cannot be "
            "rewritten here: give them with the customers' identifiers.",
            tables=Listing.of(tables),
        )
        return replace(self, notes=(*self.notes, Note(code="keys_not_rewritten", text=text)))

    def __str__(self) -> str:
        return self.sentence()

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain JSON values, its shares and sentences included."""
        shares = {name: getattr(self, name) for name in ("matched_share", "base_share", "money_share")}
        said = {"sentences": [str(text) for text in self.sentences()]}
        return {**to_plain(self), **to_plain(shares), **said}

    def to_frame(self) -> pl.DataFrame:
        """Return one row a table: its customers, how many were found, not found, could be several."""
        schema = {"table": pl.String, "customers": pl.Int64, "matched": pl.Int64, "unmatched": pl.Int64}
        schema |= {"ambiguous": pl.Int64, "rows_without_customer": pl.Int64}
        rows = [tuple(getattr(table, name) for name in schema) for table in self.tables]
        return pl.DataFrame(rows, schema=schema, orient="row")


def make_join_report(
    evidence: Evidence, resolved: Mapping[str, pl.DataFrame], *, money_without_customer: float
) -> JoinReport:
    """Count how the keys of each table were resolved, and compare the matched customers with the others."""
    tables = tuple(_table_join(name, resolved[name]) for name in _TOLD if name in resolved)
    money, currency, notes = _money(resolved.get("purchases"))
    base = _base(resolved, money)
    report = JoinReport(base=base.height, tables=tables, currency=currency, notes=notes)
    if money is not None:
        total = float(money["amount"].sum()) + money_without_customer
        report = replace(report, money_total=total, money_covered=0.0)
    answers = next((table for table in tables if table.table == "answers"), None)
    if answers is None or not base.height:
        nothing = Text("There is nothing to join: answers and purchases (or customers) are needed.")
        return replace(report, notes=(*notes, Note(code="nothing_to_join", text=nothing)))
    found = resolved["answers"].filter(~pl.col("how").is_in(_NOT_FOUND)).select(customer="resolved").unique()
    base = base.with_columns(matched=pl.col("customer").is_in(found["customer"].implode()))
    report = replace(
        report,
        matched=answers.matched,
        unmatched=answers.unmatched,
        ambiguous=answers.ambiguous,
        answers_without_customer=answers.rows_without_customer,
        money_covered=None if money is None else float(base.filter("matched")["amount"].sum()),
        differences=_differences(evidence, base, currency, with_money=money is not None),
    )
    return replace(report, notes=(*report.notes, *_doubts(report)))


def _table_join(name: str, told: pl.DataFrame) -> TableJoin:
    known = told.filter(pl.col("how") != "none")
    found = known.filter(~pl.col("how").is_in(_NOT_FOUND))
    customers = found.group_by("resolved").agg(pl.col("how").first())
    lost = {how: known.filter(pl.col("how") == how)["own"].n_unique() for how in ("unknown", "ambiguous")}
    by = customers.group_by("how").len().sort("len", descending=True)
    return TableJoin(
        table=name,
        customers=customers.height + sum(lost.values()),
        matched=customers.height,
        unmatched=lost["unknown"],
        ambiguous=lost["ambiguous"],
        rows_without_customer=int(told.filter(pl.col("how") == "none")["rows"].sum()),
        by=dict(by.iter_rows()),
    )


def _money(purchases: pl.DataFrame | None) -> tuple[pl.DataFrame | None, str | None, tuple[Note, ...]]:
    """Return money and purchases by customer, in the one currency or the one with most purchases."""
    if purchases is None:
        return None, None, ()
    notes: tuple[Note, ...] = ()
    currency = None
    if "currency" in purchases.columns:
        kinds = purchases.drop_nulls("currency").group_by("currency").agg(pl.col("rows").sum())
        names = kinds.sort(["rows", "currency"], descending=[True, False])["currency"].to_list()
        currency = names[0] if names else None
        if len(names) > 1:
            purchases = purchases.filter(pl.col("currency").is_null() | (pl.col("currency") == currency))
            text = Text(
                "Purchases are in several currencies ({currencies}); money is counted in {currency} only.",
                currencies=Listing.of(names),
                currency=currency,
            )
            notes = (Note(code="several_currencies", text=text),)
    by_customer = purchases.group_by(customer="resolved").agg(
        pl.col("amount").cast(pl.Float64).sum(), pl.col("purchases").sum()
    )
    return by_customer.drop_nulls("customer"), currency, notes


def _base(resolved: Mapping[str, pl.DataFrame], money: pl.DataFrame | None) -> pl.DataFrame:
    """Return all customers known, with their money and purchases, nothing being zero."""
    known = [
        resolved[name].select(customer="resolved") for name in ("customers", "purchases") if name in resolved
    ]
    if not known:
        return pl.DataFrame(schema={"customer": pl.String, "amount": pl.Float64, "purchases": pl.Int64})
    base = pl.concat(known).drop_nulls().unique()
    if money is None:
        return base.with_columns(amount=pl.lit(0.0), purchases=pl.lit(0))
    joined = base.join(money, on="customer", how="left")
    return joined.with_columns(pl.col("amount").fill_null(0.0), pl.col("purchases").fill_null(0))


def _differences(
    evidence: Evidence, base: pl.DataFrame, currency: str | None, *, with_money: bool
) -> tuple[BaseDifference, ...]:
    told = []
    if with_money:
        told.append(_of_means(base, "amount", Text("Spend per customer"), "amount", currency))
        told.append(_of_means(base, "purchases", Text("Purchases per customer"), "number", None))
    return (*told, *_of_segments(evidence, base))


def _of_means(
    base: pl.DataFrame, column: str, quantity: Text, unit: str, currency: str | None
) -> BaseDifference:
    values = pl.col(column).cast(pl.Float64)
    sides = base.group_by("matched").agg(mean=values.mean(), sd=values.std(), n=pl.len())
    side = {row["matched"]: row for row in sides.iter_rows(named=True)}
    nobody = {"mean": math.nan, "sd": math.nan, "n": 0}
    a, b = side.get(True, nobody), side.get(False, nobody)
    sds = [math.nan if row["sd"] is None else row["sd"] for row in (a, b)]
    difference = standardised_difference(a["mean"], sds[0], a["n"], b["mean"], sds[1], b["n"])
    return BaseDifference(
        quantity=quantity,
        matched=a["mean"],
        others=b["mean"],
        difference=difference,
        unit=unit,
        currency=currency,
    )


def _of_segments(evidence: Evidence, base: pl.DataFrame) -> list[BaseDifference]:
    """Compare the mix of segments; those with less than 1 % of the base are left out."""
    customers = evidence.table("customers")
    if customers is None or not {"customer", "segment"} <= set(column_names(customers)):
        return []
    segments = collect(customers.select("customer", "segment")).with_columns(pl.all().cast(pl.String))
    known = base.join(segments.drop_nulls().unique("customer", keep="last"), on="customer")
    sides = dict(known.group_by("matched").len().iter_rows())
    counts = known.group_by("segment").agg(pl.col("matched").sum(), others=(~pl.col("matched")).sum())
    told = []
    for segment, matched, others in counts.sort("segment").iter_rows():
        if matched + others < 0.01 * known.height or min(sides.get(True, 0), sides.get(False, 0)) < 2:
            continue
        p, q = matched / sides[True], others / sides[False]
        spreads = [math.sqrt(share * (1 - share)) for share in (p, q)]
        difference = standardised_difference(p, spreads[0], sides[True], q, spreads[1], sides[False])
        quantity = Text("Share of the segment {segment}", segment=segment)
        told.append(
            BaseDifference(quantity=quantity, matched=p, others=q, difference=difference, unit="percent")
        )
    return told


def _verdict(difference: Comparison) -> Text:
    """Say a standardised difference in words: below .1 alike, to .3 small, to .5 clear, beyond large."""
    size = abs(difference.estimate)
    if not difference.known:
        return Text("unknown")
    if size < _ALIKE:
        return Text("they are alike")
    if not difference.differs_from_zero:
        return Text("no clear difference, it may be chance")
    if size < _SMALL:
        return Text("a small difference")
    return Text("a clear difference") if size < _CLEAR else Text("a large difference")


def _doubts(report: JoinReport) -> tuple[Note, ...]:
    notes = []
    if report.few_matched:
        text = Text(
            "Only {share} of the customers who answered were found among customers and purchases: money by "
            "group rests on these alone.",
            share=Percent(report.matched_share),
        )
        notes.append(Note(code="few_matched", text=text))
    if report.ambiguous:
        text = Text(
            "Keys of customers who answered that lead to several customers, and were matched with none: "
            "{count}.",
            count=Count(report.ambiguous),
        )
        notes.append(Note(code="ambiguous_customers", text=text))
    return tuple(notes)
