"""Check 9: which segmentation predicts money for customers not yet seen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Literal

import narwhals as nw
import polars as pl

from leal.charts import interval_bars
from leal.checks.book import Book
from leal.checks.catalogue import mistake
from leal.checks.findings import Check, Exhibit, Heading, Named, Picture, Verdict, missing_evidence, ranged
from leal.checks.passives import GROUP_WORDS
from leal.checks.stake import stake
from leal.checks.words import told
from leal.engine import collect, lazy
from leal.measure import (
    DAYS_IN_YEAR,
    DECILES,
    NPS_GROUPS,
    RFM,
    STABILITY_WORDS,
    Agreement,
    Segmentations,
    SegmentFrame,
    agreements,
    segment_frame,
    segmentations,
    stability_of,
)
from leal.results import Estimate, Money, Note, Proportion, with_limits
from leal.tables import CUSTOMERS
from leal.wording import Count, Decimal, Listing, Percent, Text

NUMBER = 9
LEAST_DAYS, LEAST_ANSWERED = 90, 100
MOST_GROUPS, LEAST_COVERED = 50, 0.5
"""Columns of words in the table of customers that divide it: 2 to 50 groups, half of the rows filled."""

TOP_SHARE = 0.2
WORTH_KEEPING = 0.05
"""Share of the later money that a division must be able to foretell, or it surely pays no rent."""

Rent = Literal["yes", "no", "not_sure"]
RENT_WORDS: dict[Rent, Text] = {"yes": Text("yes"), "no": Text("no"), "not_sure": Text("not sure")}

NAMES = {
    NPS_GROUPS: Text("NPS groups"),
    RFM: Text("Recency x frequency"),
    DECILES: Text("Tenths by earlier money"),
    "segment": Text("segment"),
    "unit": Text("unit"),
}
"""Divisions in words; a column of the company's own keeps its name."""

_RENT_TOLD: dict[Rent, Text] = {
    "yes": Text("they pay rent"),
    "no": Text("they do not pay rent"),
    "not_sure": Text("whether they pay rent cannot be told yet"),
}
_NPS_WORDS = {f"{name}s": words for name, words in GROUP_WORDS.items()}


def check_segments(book: Book) -> Check:
    """Answer check 9 from the evidence of `book`.

    Notes
    -----
    Your segments pay rent where they surely foretell later money of customers not yet seen better than no
    segments and, among those who answered, better than the NPS groups. Guarded where they do, and where
    customers chosen by recency and frequency do not surely bring more. Exposed where they do, or where the
    segments surely pay no rent: less than 5 % of later money foretold, or less than by the NPS groups.
    Unknown where the data decide neither way, without segments, without 90 days of purchases or with fewer
    than 100 customers. Money at stake: later money, a
    year, of the fifth of customers that recency and frequency would choose, above the fifth that your
    segments would choose: money that offers aim past, not money that they would earn.
    """
    needs = book.lacking(purchases=("customer", "bought_at", "amount"))
    if needs:
        return mistake(NUMBER).unknown((*_no_labels(book), *needs))
    split = segment_frame(
        book.money_days,
        _labels(book),
        book.answers.select("customer", "day", "recommend"),
        last_day=book.last_day,
        money=book.money_column,
    )
    if split is None:
        missing = Text("purchases: bought_at over {days} days or more", days=Count(LEAST_DAYS))
        return mistake(NUMBER).unknown((missing,))
    compared = segmentations(
        split.frame, split.divisions, later_days=split.later_days, top_share=TOP_SHARE, level=book.level
    )
    if not compared.benches:
        return mistake(NUMBER).unknown(tuple(note.text for note in compared.notes), notes=compared.notes)
    return _Segments(book=book, split=split, compared=compared).check()


def _no_labels(book: Book) -> tuple[Text, ...]:
    has = any(book.evidence.has(table, "segment") for table in ("customers", "answers"))
    return () if has else (missing_evidence("customers", ("customer", "segment")),)


def _labels(book: Book) -> pl.DataFrame:
    """Return customer, segment, unit, and the other columns of words that divide the table of customers."""
    labels = book.customers.select("customer", "segment", "unit")
    table = book.evidence.table("customers")
    if table is None:
        return labels
    schema = lazy(table).collect_schema()
    words = [
        name
        for name, kind in schema.items()
        if name not in CUSTOMERS and kind in (nw.String, nw.Categorical, nw.Enum)
    ]
    if not words:
        return labels
    found = collect(
        lazy(table).select(
            nw.col("customer").cast(nw.String()), *(nw.col(name).cast(nw.String()) for name in words)
        )
    )
    divisions = [name for name in words if _divides(found[name])]
    more = found.drop_nulls("customer").group_by("customer").agg(pl.col(divisions).min())
    return labels.join(more, on="customer", how="left")


def _divides(values: pl.Series) -> bool:
    covered = values.len() - values.null_count()
    return 2 <= values.drop_nulls().n_unique() <= MOST_GROUPS and covered >= LEAST_COVERED * values.len()


@dataclass(frozen=True, kw_only=True)
class _Segments:
    """The figures of check 9, dressed piece by piece."""

    book: Book
    split: SegmentFrame
    compared: Segmentations

    @property
    def own(self) -> str | None:
        """The division that the company uses: segment, else unit, else the first other one."""
        return self.split.given[0] if self.split.given else None

    @cached_property
    def answered(self) -> Segmentations | None:
        """The same divisions among those who answered, where NPS groups get a fair trial."""
        if NPS_GROUPS not in self.split.divisions:
            return None
        frame = self.split.frame.filter(pl.col(NPS_GROUPS).is_not_null())
        if frame.height < LEAST_ANSWERED:
            return None
        found = segmentations(
            frame,
            self.split.divisions,
            later_days=self.split.later_days,
            top_share=TOP_SHARE,
            level=self.book.level,
        )
        return found if found.benches else None

    @cached_property
    def stability(self) -> dict[str, Agreement]:
        answers = self.book.answers
        return agreements(self.split, self.book.money_days, answers, level=self.book.level)

    def over_nps(self, name: str) -> Proportion | None:
        """By how much a division foretells more than the NPS groups, None where these are not known."""
        return None if self.answered is None else self.answered.foretells_more(name, NPS_GROUPS)

    def pays(self, name: str) -> bool:
        over = self.over_nps(name)
        return self.compared[name].foretold.ci_low > 0 and (over is None or over.ci_low > 0)

    def rent(self, name: str) -> Rent:
        """Tell whether a division pays rent; not sure where the data decide neither way."""
        if self.pays(name):
            return "yes"
        over = self.over_nps(name)
        surely_not = self.compared[name].foretold.ci_high < WORTH_KEEPING
        return "no" if surely_not or (over is not None and over.ci_high < 0) else "not_sure"

    def check(self) -> Check:
        verdict = self.verdict()
        return mistake(NUMBER).answered(
            verdict=verdict,
            finding=self.finding(),
            money=self.stake(),
            missing=self.missing(),
            next_step=self.next_step(),
            grade="C",
            estimates=self.estimates(),
            exhibits=(self.exhibit(), *self.keeping()),
            pictures=(self.picture(),),
            notes=self.notes(),
        )

    def verdict(self) -> Verdict:
        if self.own is None:
            return "unknown"
        if self.beaten():
            return "exposed"
        verdicts: dict[Rent, Verdict] = {"yes": "guarded", "no": "exposed", "not_sure": "unknown"}
        return verdicts[self.rent(self.own)]

    def missing(self) -> tuple[Text, ...]:
        if self.own is None:
            return (missing_evidence("customers", ("customer", "segment")),)
        if self.verdict() != "unknown":
            return ()
        text = Text(
            "more than {found} customers with purchases, or a longer time, to tell whether segments foretell"
            " money",
            found=Count(self.compared.customers),
        )
        return (text,)

    def beaten(self) -> bool:
        """Whether recency and frequency surely choose customers with more money."""
        return self.own is not None and self.compared.captures_more(RFM, self.own).ci_low > 0

    def stake(self) -> Money | None:
        if self.own is None or self.verdict() == "unknown":
            return None
        more = self.compared.captures_more(RFM, self.own)
        if more.estimate <= 0:
            return None
        text = Text("Money of the customers whom an offer would reach, not money that the offer would earn.")
        return stake(
            self.book,
            more,
            grade="C",
            factor=DAYS_IN_YEAR / self.split.later_days,
            notes=(Note(code="reached_not_earned", text=text),),
        )

    def finding(self) -> Text:
        if self.own is None:
            best = self.compared.benches[0]
            return Text(
                "No segments of your own are known. {best} foretells {share} of later money.",
                best=self.name(best.name),
                share=told(best.foretold),
            )
        words = Text(
            "Your segments ({own}) foretell {share} of the later money of customers not yet seen, {others}:"
            " {verdict}.",
            own=self.name(self.own),
            share=told(self.compared[self.own].foretold),
            others=self._others(),
            verdict=_RENT_TOLD[self.rent(self.own)],
        )
        at_stake = self.stake()
        if at_stake is None:
            return words
        return Text(
            "{words} The fifth of customers that recency x frequency chooses held {money} a year more.",
            words=words,
            money=told(at_stake),
        )

    def _others(self) -> Text:
        rfm = Percent(self.compared[RFM].foretold.estimate)
        if NPS_GROUPS not in self.compared:
            return Text("recency x frequency {rfm}", rfm=rfm)
        nps = Percent(self.compared[NPS_GROUPS].foretold.estimate)
        return Text("NPS groups {nps}, recency x frequency {rfm}", nps=nps, rfm=rfm)

    def next_step(self) -> Text:
        better = self.better()
        if self.own is not None and self.verdict() == "unknown":
            return Text(
                "Neither keep nor drop {own} by these figures: judge it again with more customers or another"
                " year of purchases.",
                own=self.name(self.own),
            )
        if self.own is None:
            return Text(
                "Choose whom to address by how recently and how often they buy, until segments of your own"
                " foretell money better."
            )
        if self.verdict() == "guarded":
            return Text(
                "Keep {own} for choosing customers, and test it again next year.", own=self.name(self.own)
            )
        if better is not None:
            return Text(
                "Choose whom to address by how recently and how often they buy, and what to say to them by"
                " {better}, which foretells money; stop steering by {own}.",
                better=better,
                own=self.name(self.own),
            )
        return Text(
            "Choose whom to address by how recently and how often they buy, instead of by {own}.",
            own=self.name(self.own),
        )

    def better(self) -> str | None:
        """Another division of the company's own that pays rent while the used one does not."""
        if self.own is None or self.pays(self.own):
            return None
        others = [bench.name for bench in self.compared.benches if bench.name in self.split.given[1:]]
        return next((name for name in others if self.pays(name)), None)

    def name(self, division: str) -> Text | str:
        return NAMES.get(division, division)

    def estimates(self) -> tuple[Named, ...]:
        named = [
            Named(name=Text("Later money foretold: {name}", name=self.name(bench.name)), value=bench.foretold)
            for bench in self.compared.benches
        ]
        if self.own is not None:
            pairs: list[tuple[Text, Estimate | None]] = [
                (
                    Text("Your segments above the NPS groups, among those who answered"),
                    self.over_nps(self.own),
                ),
                (
                    Text("Your segments above recency x frequency"),
                    self.compared.foretells_more(self.own, RFM),
                ),
            ]
            named += [Named(name=name, value=value) for name, value in pairs if value is not None]
        return tuple(named)

    def exhibit(self) -> Exhibit:
        rows = [self._row(bench.name) for bench in self.compared.benches]
        nothing = {"division": str(Text("No segments")), "groups": 1, "foretold": 0.0}
        return Exhibit(
            title=Text("What each segmentation foretells, out of sample"),
            frame=pl.DataFrame([*rows, nothing], infer_schema_length=None),
            headings=(
                Heading(name="division", title=Text("Segmentation")),
                Heading(name="groups", title=Text("Groups"), unit="count"),
                *ranged("foretold", Text("Later money foretold"), "percent"),
                *ranged("over_nps", Text("Above the NPS groups"), "percent"),
                Heading(name="captured", title=Text("Later money of the chosen fifth"), unit="amount"),
                Heading(name="rand", title=Text("Stability (adjusted Rand)"), unit="number"),
                Heading(name="pays", title=Text("Pays rent")),
            ),
            remark=Text(
                "Groups as known {days} days before the end of the data, money of those days; learnt on four"
                " fifths of {customers} customers, tried on the last.",
                days=Count(self.split.later_days),
                customers=Count(self.compared.customers),
            ),
        )

    def keeping(self) -> tuple[Exhibit, ...]:
        """Return how far the own segments, and the NPS groups, keep their customers between two times."""
        rows = [
            {"division": str(self.name(name)), "group": str(_NPS_WORDS.get(group, group))}
            | with_limits("jaccard", index)
            | {"stability": str(STABILITY_WORDS[stability_of(index.estimate)]), "n": index.n}
            for name in (self.own, NPS_GROUPS)
            if name is not None and name in self.stability
            for group, index in self.stability[name].jaccard.items()
        ]
        if not rows:
            return ()
        return (
            Exhibit(
                title=Text("Do the groups keep their customers?"),
                frame=pl.DataFrame(rows, infer_schema_length=None),
                headings=(
                    Heading(name="division", title=Text("Segmentation")),
                    Heading(name="group", title=Text("Group")),
                    Heading(
                        name="jaccard", title=Text("In it both times, of all ever in it"), unit="percent"
                    ),
                    Heading(name="jaccard_low", title=Text("from"), unit="percent"),
                    Heading(name="jaccard_high", title=Text("to"), unit="percent"),
                    Heading(name="stability", title=Text("Verdict")),
                    Heading(name="n", title=Text("Customers"), unit="count"),
                ),
                remark=Text(
                    "Between the first and the last answer (Jaccard index): above 75 % a group is stable,"
                    " below 60 % unstable."
                ),
            ),
        )

    def _row(self, name: str) -> dict[str, object]:
        bench, over = self.compared[name], None if name == NPS_GROUPS else self.over_nps(name)
        return {
            "division": str(self.name(name)),
            "groups": bench.groups,
            **with_limits("foretold", bench.foretold),
            **with_limits("over_nps", over),
            "captured": bench.captured.estimate,
            "rand": self.stability[name].rand.estimate if name in self.stability else None,
            "pays": str(RENT_WORDS[self._rent_of(name)]),
        }

    def _rent_of(self, name: str) -> Rent:
        if name != NPS_GROUPS:
            return self.rent(name)
        foretold = (self.answered or self.compared)[name].foretold
        return "yes" if foretold.ci_low > 0 else "no" if foretold.ci_high < WORTH_KEEPING else "not_sure"

    def picture(self) -> Picture:
        rows = [
            {
                "name": str(self.name(bench.name)),
                "estimate": bench.foretold.estimate,
                "ci_low": bench.foretold.ci_low,
                "ci_high": bench.foretold.ci_high,
            }
            for bench in self.compared.benches
        ]
        return Picture(
            title=Text("Share of later money that each segmentation foretells for customers not yet seen"),
            draw=partial(interval_bars, pl.DataFrame(rows), measure="percent", reference=0.0),
            description=self.finding(),
        )

    def notes(self) -> tuple[Note, ...]:
        notes = list(self.compared.notes)
        if self.split.answered_late:
            text = Text(
                "Most scores were given later: the NPS groups already know a part of the later money."
            )
            notes.append(Note(code="answered_late", text=text))
        own = self.stability.get(self.own or "")
        if own is not None and own.unstable:
            text = Text(
                "These segments do not keep their customers from one answer to the next: {names} (adjusted"
                " Rand {rand}).",
                names=Listing.of(own.unstable),
                rand=Decimal(own.rand.estimate),
            )
            notes.append(Note(code="unstable_segments", text=text))
        return tuple(notes)
