"""Check 10: where we stand, surely, and who takes customers from whom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial

import polars as pl

from leal.charts import interval_bars, rank_intervals
from leal.checks.book import Book
from leal.checks.catalogue import mistake
from leal.checks.common import known_estimates
from leal.checks.findings import Check, Exhibit, Heading, Named, Picture, Verdict, missing_evidence, ranged
from leal.checks.rivals_index import index_exhibits, index_of_brands, index_pictures
from leal.checks.stake import stake
from leal.checks.words import told
from leal.measure import (
    Benchmark,
    BrandScore,
    Flow,
    IndexRanking,
    Switching,
    Wallet,
    benchmark,
    switching,
    wallet,
)
from leal.results import Estimate, Grade, Money, Note, with_limits
from leal.statistics import holm
from leal.wording import Count, Decimal, Listing, Percent, Text

NUMBER = 10


def check_rivals(book: Book) -> Check:
    """Answer check 10 from the evidence of `book`.

    Notes
    -----
    Exposed where our score is surely below the average of the other brands, where any rival surely takes more
    customers from us than we take from it (Holm's correction over the rivals), or where the best other brand
    does (tested alone); guarded otherwise; unknown where no brand is marked as ours, or no other is known.
    Money at stake: spending lost to the rival that takes most minus spending won from it, as a share of what
    those who used ours before spend, x our yearly money; without purchases, of the respondents only.
    """
    table = book.evidence.table("brands")
    if table is None:
        return mistake(NUMBER).unknown(
            book.lacking(brands=("brand", "respondent", "score", "own", "previous_brand", "rank"))
        )
    compared = benchmark(table, level=book.level)
    if compared.own is None:
        step = Text("Mark your brand in the table of brands: own = true.")
        return mistake(NUMBER).unknown((missing_evidence("brands", ("own",)),), next_step=step)
    if compared.best_rival is None:
        return mistake(NUMBER).unknown((Text("brands: scores of one rival or more"),))
    if compared.to_average is None or not compared.to_average.known:
        return _no_intervals(compared)
    return _Rivals(book=book, compared=compared).check()


def _no_intervals(compared: Benchmark) -> Check:
    own = compared.own
    assert own is not None
    finding = Text(
        "{own} is at {score}, place {rank} of {brands} as shown; how sure that is is not known.",
        own=own.brand,
        score=Decimal(own.score.estimate, 1),
        rank=_place(_shown_rank(compared)),
        brands=Count(len(compared.brands)),
    )
    missing = (missing_evidence("brands", ("n", "spread")),)
    return mistake(NUMBER).unknown(missing, finding=finding, notes=compared.notes)


def _shown_rank(compared: Benchmark) -> float:
    assert compared.own is not None
    return 1.0 + sum(one.score.estimate > compared.own.score.estimate for one in compared.brands)


def _place(rank: float) -> Decimal:
    return Decimal(rank, 0 if rank == int(rank) else 1)


@dataclass(frozen=True, kw_only=True)
class _Rivals:
    """The figures of check 10, dressed piece by piece."""

    book: Book
    compared: Benchmark

    @property
    def own(self) -> BrandScore:
        own = self.compared.own
        assert own is not None
        return own

    @cached_property
    def moves(self) -> Switching | None:
        if self.book.evidence.absent("brands", "respondent", "previous_brand", "own"):
            return None
        return switching(self.book.evidence.table("brands"), level=self.book.level)

    @cached_property
    def by_index(self) -> IndexRanking | None:
        """The brands by the EPSI-type index, where the study holds its items."""
        return index_of_brands(self.book)

    @cached_property
    def wallets(self) -> Wallet | None:
        if self.book.evidence.absent("brands", "respondent", "rank"):
            return None
        return wallet(self.book.evidence.table("brands"), level=self.book.level)

    @property
    def takers(self) -> tuple[Flow, ...]:
        """The rivals who surely take more from us than we from them; the best one is tested alone."""
        if self.moves is None or not self.moves.flows:
            return ()
        flows, best = self.moves.flows, self.compared.best_rival
        adjusted = holm([flow.p_value for flow in flows])
        tested = [
            (flow, flow.p_value if best is not None and flow.rival == best.brand else float(p_value))
            for flow, p_value in zip(flows, adjusted, strict=True)
        ]
        sure = 1 - self.book.level
        return tuple(flow for flow, p_value in tested if flow.net.estimate > 0 and p_value < sure)

    def check(self) -> Check:
        return mistake(NUMBER).answered(
            verdict=self.verdict(),
            finding=self.finding(),
            money=self.stake(),
            missing=self.missing(),
            next_step=self.next_step(),
            grade=_GRADE,
            estimates=self.estimates(),
            exhibits=tuple(self.exhibits()),
            pictures=tuple(self.pictures()),
            notes=self.notes(),
        )

    def verdict(self) -> Verdict:
        below = self.compared.to_average
        return "exposed" if self.takers or (below is not None and below.ci_high < 0) else "guarded"

    def stake(self) -> Money | None:
        """Net value that the rival which takes most takes from us, None where none does."""
        threats = [flow.threat for flow in self.moves.flows] if self.moves is not None else []
        known = [threat for threat in threats if threat.known and threat.estimate > 0]
        if self.moves is None or not known:
            return None
        rate, yearly = max(known, key=lambda threat: threat.estimate), self.book.yearly_money
        if yearly:
            text = Text("The time between the brand before and the brand now is taken for a year.")
            return stake(
                self.book, rate, grade=_GRADE, factor=yearly, notes=(Note(code="a_year", text=text),)
            )
        if self.moves.spend_before is None:
            return None
        text = Text("Of the respondents only: without purchases it is not brought up to all customers.")
        note = Note(code="respondents_only", text=text)
        return stake(
            self.book, rate, grade=_GRADE, factor=self.moves.spend_before, basis="revenue", notes=(note,)
        )

    def finding(self) -> Text:
        best = self.compared.to_best
        rival = self.compared.best_rival
        assert best is not None
        assert rival is not None
        words = {
            "own": self.own.brand,
            "score": Decimal(self.own.score.estimate, 1),
            "low": _place(self.own.rank_low),
            "brands": Count(len(self.compared.brands)),
            "rival": rival.brand,
            "gap": _signed(best),
        }
        if self.own.rank_low == self.own.rank_high:
            stands = Text(
                "{own} is at {score}, surely place {low} of {brands}; to {rival}: {gap}.",
                **words,
            )
        else:
            stands = Text(
                "{own} is at {score}, surely place {low} to {high} of {brands}; to {rival}: {gap}.",
                **words,
                high=_place(self.own.rank_high),
            )
        return Text("{stands} {flows}", stands=stands, flows=self._flows())

    def _flows(self) -> Text:
        if self.moves is None:
            return Text("Who takes customers from whom is not known.")
        if self.takers:
            return Text(
                "More customers surely go from us to {rivals} than come from there; of ours, {rate} went.",
                rivals=Listing.of(flow.rival for flow in self.takers),
                rate=told(self.moves.loss_rate),
            )
        return Text(
            "No rival surely takes more from us than we from it; of ours, {rate} went.",
            rate=told(self.moves.loss_rate),
        )

    def next_step(self) -> Text:
        if self.takers:
            return Text(
                "Ask those who went to {rival} why, and mend that first for the customers who spend most.",
                rival=self.takers[0].rival,
            )
        if self.verdict() == "exposed":
            rival = self.compared.best_rival
            assert rival is not None
            return Text("Find what {rival} does better, and close that gap first.", rival=rival.brand)
        if self.moves is None:
            return Text("Ask in the next study which brand customers used before.")
        return Text("Repeat the study next year with as many answers: {n}.", n=Count(self.own.score.n))

    def missing(self) -> tuple[Text, ...]:
        absent = self.book.evidence.absent("brands", "respondent", "previous_brand", "rank", "spend")
        return (missing_evidence("brands", absent),) if absent else ()

    def estimates(self) -> tuple[Named, ...]:
        pairs: list[tuple[Text, Estimate | None]] = [
            (Text("Our score"), self.own.score),
            (Text("Our score less the average of the others"), self.compared.to_average),
            (Text("Our score less that of the best other"), self.compared.to_best),
        ]
        if self.moves is not None:
            pairs.append((Text("Of ours, the share that went to rivals"), self.moves.loss_rate))
            pairs += [
                (Text("Net loss to {rival}, of our customers' spending", rival=flow.rival), flow.threat)
                for flow in self.moves.flows[:1]
            ]
        if self.wallets is not None:
            ours = next((one for one in self.wallets.shares if one.brand == self.own.brand), None)
            if ours is not None:
                pairs.append((Text("Our rank-based share of wallet"), ours.spend_share or ours.share))
        return known_estimates(pairs)

    def exhibits(self) -> list[Exhibit]:
        exhibits = [_table(self.compared)]
        if self.moves is not None and self.moves.flows:
            exhibits.append(_flow_table(self.moves))
        if self.wallets is not None:
            exhibits.append(_wallet_table(self.wallets))
        return [*exhibits, *index_exhibits(self.by_index)]

    def pictures(self) -> list[Picture]:
        places = (
            self.compared.to_frame().rename({"brand": "name"}).drop_nulls(["rank", "rank_low", "rank_high"])
        )
        pictures = [
            Picture(
                title=Text("The places that each brand may really hold"),
                draw=partial(rank_intervals, places, own=self.own.brand),
                description=self.finding(),
            )
        ]
        if self.moves is not None and self.moves.flows:
            pictures.append(self._flow_picture(self.moves))
        return [*pictures, *index_pictures(self.by_index)]

    def _flow_picture(self, moves: Switching) -> Picture:
        rows = [
            {
                "name": flow.rival,
                "estimate": flow.net.estimate,
                "ci_low": flow.net.ci_low,
                "ci_high": flow.net.ci_high,
            }
            for flow in moves.flows
        ]
        return Picture(
            title=Text("Net loss to each rival, as a share of all respondents; right of the line we lose"),
            draw=partial(interval_bars, pl.DataFrame(rows), measure="percent", reference=0.0),
            description=self._flows(),
        )

    def notes(self) -> tuple[Note, ...]:
        notes = (*self.compared.notes, *(self.wallets.notes if self.wallets is not None else ()))
        notes = (*notes, *(self.by_index.notes if self.by_index is not None else ()))
        text = Text("Scores of other studies, panels or countries are not comparable with these.")
        return (*notes, Note(code="one_study", text=text))


_GRADE: Grade = "C"


def _signed(gap: Estimate) -> Text:
    return Text(
        "{gap} ({low} to {high})",
        gap=Decimal(gap.estimate, 1, signed=True),
        low=Decimal(gap.ci_low, 1, signed=True),
        high=Decimal(gap.ci_high, 1, signed=True),
    )


def _table(compared: Benchmark) -> Exhibit:
    return Exhibit(
        title=Text("Brands by score, with the places that they may hold"),
        frame=compared.to_frame().drop("own"),
        headings=(
            Heading(name="brand", title=Text("Brand")),
            *ranged("score", Text("Score"), "number", "ci_"),
            Heading(name="n", title=Text("Answers"), unit="count"),
            Heading(name="rank", title=Text("Place"), unit="number"),
            Heading(name="rank_low", title=Text("from"), unit="count"),
            Heading(name="rank_high", title=Text("to"), unit="count"),
            Heading(name="gap", title=Text("Lead over the next"), unit="number"),
            Heading(name="gap_p_value", title=Text("p value"), unit="p_value"),
        ),
        remark=Text(
            "{sure} of {gaps} leads over the next brand are sure.",
            sure=Count(compared.sure_gaps),
            gaps=Count(len(compared.brands) - 1),
        ),
    )


def _flow_table(moves: Switching) -> Exhibit:
    rows = [
        {
            "rival": flow.rival,
            "lost": flow.lost,
            "won": flow.won,
            **with_limits("net", flow.net),
            "spend_lost": flow.spend_lost,
            "spend_won": flow.spend_won,
        }
        for flow in moves.flows
    ]
    return Exhibit(
        title=Text("Customers lost to rivals and won from them"),
        frame=pl.DataFrame(rows, infer_schema_length=None),
        headings=(
            Heading(name="rival", title=Text("Rival")),
            Heading(name="lost", title=Text("Lost to it"), unit="count"),
            Heading(name="won", title=Text("Won from it"), unit="count"),
            *ranged("net", Text("Net loss, of all respondents"), "percent"),
            Heading(name="spend_lost", title=Text("Spending lost"), unit="amount"),
            Heading(name="spend_won", title=Text("Spending won"), unit="amount"),
        ),
        remark=Text("{count} respondents said which brand they used before.", count=Count(moves.respondents)),
    )


def _wallet_table(wallets: Wallet) -> Exhibit:
    rows = [
        {
            "brand": one.brand,
            "users": one.users,
            "share": one.share.estimate,
            "low": one.share.ci_low,
            "high": one.share.ci_high,
            "spend": one.spend_share.estimate if one.spend_share is not None else None,
        }
        for one in wallets.shares
    ]
    return Exhibit(
        title=Text("Rank-based share of wallet"),
        frame=pl.DataFrame(rows, infer_schema_length=None),
        headings=(
            Heading(name="brand", title=Text("Brand")),
            Heading(name="users", title=Text("Users"), unit="count"),
            *ranged("share", Text("Share of wallet"), "percent", ""),
            Heading(name="spend", title=Text("Share of spending"), unit="percent"),
        ),
        remark=Text(
            "(1 - rank / (brands used + 1)) x 2 / brands used; {share} of respondents use several brands.",
            share=Percent(wallets.multi_brand),
        ),
    )
