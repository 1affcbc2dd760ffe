"""Check 8: which wish pays, for how many customers, after its cost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import polars as pl

from leal.act import wish_worth
from leal.charts import interval_bars
from leal.checks.book import Book
from leal.checks.catalogue import mistake
from leal.checks.findings import Check, Exhibit, Heading, Named, Picture, Verdict, missing_evidence, ranged
from leal.checks.stake import stake
from leal.checks.words import told
from leal.measure import SURE, Wish, WishList, wish_values
from leal.results import Estimate, Money, Note, recast, with_limits
from leal.wording import Count, Listing, Percent, Text, plural, quoted

NUMBER = 8


def check_wishes(book: Book) -> Check:
    """Answer check 8 from the evidence of `book`.

    Notes
    -----
    A wish pays where the chance that its net value is above zero is 90 % or more, does not where it is 10 %
    or less. Exposed where a wish on the list does not pay; guarded where one pays and none does not; unknown
    where nothing can be decided. Money at stake: what the wishes that do not pay would lose a year, were
    they built.
    """
    table = book.evidence.table("wishes")
    if table is None:
        return mistake(NUMBER).unknown(book.lacking(wishes=("wish", "asked", "surveyed", "value", "cost")))
    customers = book.customers.height
    valued, told = wish_worth(
        table, value_of_retention=_value_of_retention(book), margin=book.margin, currency=book.currency
    )
    found = wish_values(valued, customers, level=book.level)
    if not found.of("do", "do_not", "not_sure"):
        return _undecided(found, customers)
    return _Wishes(book=book, found=found, customers=customers, told=told).check()


def _value_of_retention(book: Book) -> Estimate | None:
    """Return what a customer is worth more with a retention higher by 1: a hundred of check 7's points."""
    return None if book.customer_worth is None else recast(Estimate, book.customer_worth.one_point, 100)


def _undecided(found: WishList, customers: int) -> Check:
    columns = sorted({column for wish in found.wishes for column in wish.missing})
    missing = [missing_evidence("wishes", tuple(columns or ("wish",)))]
    if not customers:
        missing.append(missing_evidence("customers", ("customer",)))
    return mistake(NUMBER).unknown(tuple(missing))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wishes:
    """The figures of check 8, dressed piece by piece."""

    book: Book
    found: WishList
    customers: int
    told: tuple[Note, ...]

    def check(self) -> Check:
        verdict = self.verdict()
        return mistake(NUMBER).answered(
            verdict=verdict,
            finding=self.finding(),
            money=None if self.found.loss is None else self.money(),
            missing=self.missing(),
            next_step=self.next_step(),
            grade="D",
            estimates=self.estimates(),
            exhibits=(self.exhibit(),),
            pictures=(self.picture(),),
            notes=self.notes(),
        )

    def verdict(self) -> Verdict:
        if self.found.of("do_not"):
            return "exposed"
        return "guarded" if self.found.of("do") else "unknown"

    def money(self) -> Money:
        assert self.found.loss is not None
        return stake(self.book, self.found.loss, grade="D", basis="margin")

    def finding(self) -> Text:
        counts = {name: len(self.found.of(name)) for name in ("do", "do_not", "not_sure")}
        words = Text(
            "Of {wishes} {do} pay and {do_not} do not (chance {sure} each); undecided: {not_sure}.",
            wishes=plural("{count} wish", "{count} wishes", sum(counts.values())),
            sure=Percent(SURE),
            **{name: Count(count) for name, count in counts.items()},
        )
        if self.found.loss is None:
            return words
        worst = Listing.of(quoted(wish.name) for wish in reversed(self.found.of("do_not")))
        return Text(
            "{words} Building {worst} would lose {loss} a year.",
            words=words,
            worst=worst,
            loss=told(self.money()),
        )

    def next_step(self) -> Text:
        best, refused, open_ones = (self.found.of(name) for name in ("do", "do_not", "not_sure"))
        if best and refused:
            return Text(
                "Build “{best}” first, strike {refused} off the list.",
                best=best[0].name,
                refused=Listing.of(quoted(wish.name) for wish in refused),
            )
        if best:
            return Text("Build “{best}” first, in one unit, and measure what it brings.", best=best[0].name)
        if refused:
            return Text(
                "Strike {refused} off the list.", refused=Listing.of(quoted(wish.name) for wish in refused)
            )
        return Text("Ask more customers about “{wish}” before deciding.", wish=open_ones[0].name)

    def missing(self) -> tuple[Text, ...]:
        return tuple(
            Text("wishes: {columns} of {wish}", columns=Listing.of(wish.missing), wish=wish.name)
            for wish in self.found.of("unknown")
        )

    def estimates(self) -> tuple[Named, ...]:
        named = [
            Named(
                name=Text("Net value a year: {wish}", wish=wish.name),
                value=stake(self.book, wish.net, grade="D", basis="margin"),
            )
            for wish in self.found.wishes
            if wish.net.known
        ]
        if self.found.gain is not None:
            gain = stake(self.book, self.found.gain, grade="D", basis="margin")
            named.append(Named(name=Text("What the wishes that pay would bring a year"), value=gain))
        return tuple(named)

    def exhibit(self) -> Exhibit:
        return Exhibit(
            title=Text("Each wish: reach, value, cost, decision"),
            frame=pl.DataFrame([_row(wish) for wish in self.found.wishes], infer_schema_length=None),
            headings=(
                Heading(name="wish", title=Text("Wish")),
                Heading(name="asked", title=Text("Asked for it"), unit="count"),
                Heading(name="surveyed", title=Text("Were asked"), unit="count"),
                *ranged("reach", Text("Reach"), "percent"),
                Heading(name="value", title=Text("Value a head and year"), unit="amount"),
                Heading(name="cost", title=Text("Cost a year"), unit="amount"),
                Heading(name="feasibility", title=Text("Chance of success"), unit="percent"),
                *ranged("net", Text("Net value a year"), "amount"),
                Heading(name="chance", title=Text("Chance that it pays"), unit="percent"),
                Heading(name="decision", title=Text("Decision")),
            ),
            remark=Text(
                "Net value: {customers} customers x reach x value x chance of success - cost.",
                customers=Count(self.customers),
            ),
        )

    def picture(self) -> Picture:
        rows = [
            {
                "name": wish.name,
                "estimate": wish.net.estimate,
                "ci_low": wish.net.ci_low,
                "ci_high": wish.net.ci_high,
                "n": wish.surveyed,
            }
            for wish in self.found.wishes
            if wish.net.known
        ]
        return Picture(
            title=Text("Net value of each wish a year; left of the line it loses money"),
            draw=partial(
                interval_bars,
                pl.DataFrame(rows),
                measure="amount",
                currency=self.book.currency,
                reference=0.0,
            ),
            description=self.finding(),
        )

    def notes(self) -> tuple[Note, ...]:
        stated = Note(
            code="stated_not_proved",
            text=Text(
                "Wishes are what customers say; what one brings is known after a trial with a holdout."
            ),
        )
        assumed = {note.code: note for wish in self.found.wishes for note in wish.notes}
        return (stated, *self.told, *assumed.values())


_DECISIONS = {
    "do": Text("do"),
    "do_not": Text("do not"),
    "not_sure": Text("not sure"),
    "unknown": Text("not known"),
}


def _row(wish: Wish) -> dict[str, object]:
    return {
        "wish": wish.name,
        "asked": wish.asked,
        "surveyed": wish.surveyed if wish.reach.known else None,
        **with_limits("reach", wish.reach),
        "value": wish.value,
        "cost": wish.cost,
        "feasibility": wish.feasibility,
        **with_limits("net", wish.net),
        "chance": wish.chance,
        "decision": str(_DECISIONS[wish.decision]),
    }
