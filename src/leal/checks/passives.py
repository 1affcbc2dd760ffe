"""Check 2: what passives bring, and what moving them is worth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import polars as pl

from leal.charts import flow_money, interval_bars, share_bars
from leal.checks.book import Book
from leal.checks.catalogue import mistake
from leal.checks.common import interval_rows, known_estimates, silence_beyond, too_few_matched
from leal.checks.findings import Check, Claim, Exhibit, Heading, Named, Picture, Verdict, ranged
from leal.checks.words import told
from leal.measure import GroupMoney, MoneyByGroup, MovementValue, value_of_moving
from leal.results import Estimate, Grade, Money, Note, Proportion
from leal.wording import Count, Percent, Text

NUMBER = 2
MOVED_SHARE = 0.2
"""Share of the passives whose movement to promoter the money at stake supposes: every fifth."""

LARGE_SHARE = 0.2
"""Lower limit of the passives' share of repeat sales from which not recording any attention exposes."""

FEWEST_BUYERS = 30

GROUP_WORDS = {
    "promoter": Text("Promoters"),
    "passive": Text("Passives"),
    "detractor": Text("Detractors"),
    "none": Text("Did not answer"),
}


def check_passives(book: Book) -> Check:
    """Answer check 2: share of repeat sales beside share of attention, and the value of moving passives.

    Notes
    -----
    Exposed where passives surely get less of the attention than they bring of repeat sales; where no
    attention is recorded, where they surely bring a fifth of repeat sales or more. Otherwise guarded. Money
    at stake: what every fifth passive who became a promoter would change a year, by the change seen within
    customers (grade B); where no gain is seen but none is ruled out either, or too few answered twice, the
    yearly money of the passives who stopped buying more often than promoters (grade C).
    """
    needs = book.lacking(answers=("customer", "recommend"), purchases=("customer", "bought_at", "amount"))
    if needs:
        return mistake(NUMBER).unknown(needs)
    buyers = book.customers.filter(pl.col("group").is_not_null() & pl.col("first_day").is_not_null()).height
    share = book.money_by_group["passive"].share_of_repeat
    if buyers < FEWEST_BUYERS or share is None or not share.known:
        return _too_few(buyers)
    return _Passives(book=book, money=book.money_by_group, share=share).check()


def _too_few(buyers: int) -> Check:
    needed = Text(
        "answers of customers whose purchases are known: {buyers} found, {needed} needed",
        buyers=Count(buyers),
        needed=FEWEST_BUYERS,
    )
    return too_few_matched(NUMBER, needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passives:
    """The figures of check 2, dressed piece by piece."""

    book: Book
    money: MoneyByGroup
    share: Proportion

    @property
    def passive(self) -> GroupMoney:
        return self.money["passive"]

    @property
    def movement(self) -> MovementValue:
        return self.book.movements[0]

    def check(self) -> Check:
        stake, grade = self.stake()
        return mistake(NUMBER).answered(
            verdict=self.verdict(),
            finding=self.finding(stake),
            money=stake,
            next_step=self.next_step(),
            grade=grade,
            estimates=self.estimates(stake),
            exhibits=tuple(self.exhibits()),
            pictures=tuple(self.pictures()),
            claims=(self.claim(),),
            notes=self.notes(),
        )

    def verdict(self) -> Verdict:
        if self.passive.gap is not None:
            return "exposed" if self.passive.gap.ci_low > 0 else "guarded"
        return "exposed" if self.share.ci_low >= LARGE_SHARE else "guarded"

    def stake(self) -> tuple[Money | None, Grade]:
        change = self.movement.change
        if change.known and change.estimate > 0:
            return value_of_moving(self.passive.active, MOVED_SHARE, change), "B"
        if change.known and change.ci_high <= 0:
            return None, "B"
        return self.at_risk(), "C"

    def at_risk(self) -> Money | None:
        """Yearly money of the passives who fall silent beyond what promoters do; None where they do not."""
        excess = silence_beyond(self.book, "passive", "promoter")
        if not excess.known or excess.estimate <= 0:
            return None
        yearly = self.passive.yearly.estimate
        return Money(
            estimate=yearly * excess.estimate,
            ci_low=yearly * excess.ci_low,
            ci_high=yearly * excess.ci_high,
            n=excess.n,
            level=self.book.level,
            method=excess.method,
            notes=(_silence_note(self.book.silence[1]),),
            currency=self.book.currency,
            basis=self.book.basis,
            grade="C",
        )

    def finding(self, stake: Money | None) -> Text:
        return Text("{brings} {stake}", brings=self._brings(), stake=self._worth(stake))

    def _brings(self) -> Text:
        attention = self.passive.attention
        if attention is None:
            return Text(
                "Passives bring {share} of repeat sales; what attention they get is not recorded.",
                share=told(self.share),
            )
        return Text(
            "Passives bring {share} of repeat sales and get {attention} of the attention.",
            share=told(self.share),
            attention=told(attention),
        )

    def _worth(self, stake: Money | None) -> Text:
        if stake is None and self.movement.change.known:
            return Text("Those who became promoters did not spend more than those who stayed passive.")
        if stake is None:
            return Text("What moving them is worth is not known: too few customers answered twice.")
        if stake.grade == "C":
            return Text("Passives stop buying more often than promoters: {stake} a year.", stake=told(stake))
        words = {"share": Percent(MOVED_SHARE), "stake": told(stake)}
        if stake.ci_low > 0:
            return Text("Moving {share} of them to promoter is worth {stake} a year.", **words)
        return Text(
            "Moving {share} of them to promoter may be worth {stake} a year, which is not proved.", **words
        )

    def next_step(self) -> Text:
        if self.verdict() == "exposed":
            return Text(
                "Ask every passive what would make it a 9, act on the first cause, hold some of them out"
                " to see what it brings."
            )
        return Text(
            "Keep the attention in line with repeat sales, and ask the same passives again next wave."
        )

    def estimates(self, stake: Money | None) -> tuple[Named, ...]:
        pairs: list[tuple[Text, Estimate | None]] = [
            (Text("Passives' share of repeat sales"), self.share),
            (Text("Passives' share of attention"), self.passive.attention),
            (Text("Share of repeat sales less share of attention"), self.passive.gap),
            (Text("Yearly change a head when a passive becomes a promoter"), self.movement.change),
            (
                Text("Gap a head between promoters and passives (not to be used)"),
                self.money.cross_section_gap,
            ),
            (Text("Money at stake a year"), stake),
        ]
        return known_estimates(pairs)

    def exhibits(self) -> list[Exhibit]:
        return [group_exhibit(self.money), movement_exhibit(self.book.movements)]

    def pictures(self) -> list[Picture]:
        pictures = [
            Picture(
                title=Text("Who brings repeat sales, and who gets the attention"),
                draw=partial(share_bars, share_frame(self.money)),
                description=self._brings(),
            )
        ]
        if self.movement.change.known:
            pictures.append(self._two_ways())
        if any(one.change.known for one in self.book.movements):
            pictures.append(self._flows())
        return pictures

    def _flows(self) -> Picture:
        return Picture(
            title=Text("Who moved from group to group, and what that did to their yearly money"),
            draw=partial(flow_money, flow_frame(self.book.movements), currency=self.book.currency),
            description=Text(
                "Rows: the group before, columns: the group after. Money is that of all who moved, against"
                " those who stayed in the row's group; a dashed edge: no more than chance."
            ),
        )

    def _two_ways(self) -> Picture:
        rows: list[tuple[Text, Estimate]] = [
            (Text("Gap between groups: not to be used"), self.money.cross_section_gap),
            (Text("Change within customers"), self.movement.change),
        ]
        return Picture(
            title=Text("The gap between groups is not what moving a customer brings"),
            draw=partial(
                interval_bars,
                interval_rows(rows),
                measure="amount",
                currency=self.book.currency,
                reference=0.0,
            ),
            description=Text(
                "A promoter brings {gap} more a year than a passive; those who moved changed by {change}.",
                gap=told(self.money.cross_section_gap),
                change=told(self.movement.change),
            ),
        )

    def claim(self) -> Claim:
        return Claim(
            subject=Text("Share of repeat sales that passives bring"),
            document=Text("30 to 50 % of additional repeat sales, with no attention"),
            research=Text(
                "No source found; 27 to 33 % where a passive buys again half as often as a promoter."
            ),
            yours=told(self.share),
        )

    def notes(self) -> tuple[Note, ...]:
        return self.money.notes + self.movement.change.notes


def _silence_note(window: int) -> Note:
    text = Text(
        "Stopped buying: no purchase in the {window} days after an answer, of those who bought in as many"
        " days before it.",
        window=Count(window),
    )
    return Note(code="silence", text=text)


def share_frame(money: MoneyByGroup) -> pl.DataFrame:
    """Return the shares of customers, repeat sales and attention by group, for a chart of stacked bars."""
    wholes = (
        (Text("Customers"), "share_of_customers"),
        (Text("Repeat sales"), "share_of_repeat"),
        (Text("Attention"), "attention"),
    )
    rows = []
    for words, name in wholes:
        for one in money:
            share: Proportion | None = getattr(one, name)
            if share is not None and share.known:
                rows.append({"measure": str(words), "group": one.group, "share": share.estimate})
    return pl.DataFrame(rows, schema={"measure": pl.String, "group": pl.String, "share": pl.Float64})


def group_exhibit(money: MoneyByGroup) -> Exhibit:
    """Return the table of money by group."""
    names = [str(GROUP_WORDS[one.group]) for one in money]
    return Exhibit(
        title=Text("Money and attention by group"),
        frame=money.to_frame().with_columns(pl.Series("group", names)),
        headings=(
            Heading(name="group", title=Text("Group")),
            Heading(name="customers", title=Text("Customers"), unit="count"),
            Heading(name="revenue", title=Text("Revenue"), unit="amount"),
            Heading(name="repeat_revenue", title=Text("Repeat sales"), unit="amount"),
            *ranged("share_of_repeat", Text("Share of repeat sales"), "percent"),
            Heading(name="attention", title=Text("Share of attention"), unit="percent"),
            Heading(name="per_head", title=Text("Yearly money a head"), unit="amount"),
        ),
        remark=Text("Sums are of the customers seen; shares stand for the whole base."),
    )


def flow_frame(movements: tuple[MovementValue, ...]) -> pl.DataFrame:
    """Return the flows between groups for a chart; those who stayed are what the others are held against."""
    stayed = {one.origin: one.stayed for one in movements}
    rows: list[dict[str, object]] = [
        {"before": group, "after": group, "n": n, "change": None, "change_low": None, "change_high": None}
        for group, n in stayed.items()
    ]
    rows += [
        {
            "before": one.origin,
            "after": one.target,
            "n": one.moved,
            "change": one.change.estimate if one.change.known else None,
            "change_low": one.change.ci_low if one.change.known else None,
            "change_high": one.change.ci_high if one.change.known else None,
        }
        for one in movements
    ]
    numbers = ("change", "change_low", "change_high")
    return pl.DataFrame(rows, schema_overrides=dict.fromkeys(numbers, pl.Float64))


def movement_exhibit(movements: tuple[MovementValue, ...]) -> Exhibit:
    """Return the table of what each movement changes a head."""
    rows = [
        {
            "origin": str(GROUP_WORDS[one.origin]),
            "target": str(GROUP_WORDS[one.target]),
            "moved": one.moved,
            "stayed": one.stayed,
            "change": one.change.estimate if one.change.known else None,
            "low": one.change.ci_low if one.change.known else None,
            "high": one.change.ci_high if one.change.known else None,
        }
        for one in movements
    ]
    schema = {"origin": pl.String, "target": pl.String, "moved": pl.Int64, "stayed": pl.Int64}
    schema |= {"change": pl.Float64, "low": pl.Float64, "high": pl.Float64}
    return Exhibit(
        title=Text("Yearly change a head of those who moved, against those who stayed"),
        frame=pl.DataFrame(rows, schema=schema),
        headings=(
            Heading(name="origin", title=Text("From")),
            Heading(name="target", title=Text("To")),
            Heading(name="moved", title=Text("Moved"), unit="count"),
            Heading(name="stayed", title=Text("Stayed"), unit="count"),
            *ranged("change", Text("Change a head"), "amount", ""),
        ),
        remark=Text(
            "Purchases of {window} days before the first answer and after the second, scaled to a year.",
            window=Count(movements[0].window),
        ),
    )
