"""Check 6: satisfied customers who are leaving, and whom to leave alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import polars as pl

from leal.charts import interval_bars
from leal.checks.book import Book
from leal.checks.catalogue import mistake
from leal.checks.common import interval_rows, known_estimates, too_few_matched
from leal.checks.contact_evidence import ledger_of
from leal.checks.findings import Check, Exhibit, Heading, Named, Picture, Verdict
from leal.checks.leaving_evidence import active_people, evidence_of
from leal.checks.leaving_signs_table import sign_exhibit
from leal.checks.words import told
from leal.measure import Figures, figures
from leal.predict import (
    NO_ACTION_SHARE,
    SIGN_NAMES,
    LeavingEvidence,
    SatisfiedLeaving,
    SignHistory,
    SignsInThePast,
    contact_status,
    contactable,
    leaving_signs,
    left_alone,
    satisfied_leaving,
    signs_in_the_past,
)
from leal.results import Estimate, Money, Note, Proportion
from leal.statistics import proportion_interval
from leal.wording import Count, Listing, Percent, Text

NUMBER = 6
FEWEST_SATISFIED = 30
FEWEST_LATE = 30
LISTED = 50
MATERIAL_SHARE = 0.01
"""Share of the yearly money of satisfied customers from which the value at risk exposes."""

BUSY_QUANTILE = 0.75

RHYTHM_WORDS = {"own": Text("own"), "segment": Text("segment's"), "base": Text("all customers'")}
ADVICE_WORDS = {
    "test": Text("contact, and compare with those left alone"),
    "alone": Text("leave alone: drawn by lot"),
    "leave": Text("leave in peace: contacted often"),
    "wait": Text("leave in peace: contacted lately"),
}
PROGRAMME = "satisfied but leaving"
"""Name by which the lot is drawn: the same customers are left alone whenever the audit is run."""


def check_leaving(book: Book) -> Check:
    """Answer check 6: satisfied customers who show signs of leaving.

    Notes
    -----
    Satisfied: at least 7 of 10 (4 of 5) in satisfaction, or 7 to 10 in recommendation where that is not
    asked. The signs are those of `leal.predict.leaving_signs` for which there is evidence; each is tried on
    the company's own past (shown half a year ago, bought since or not) and counts where it told leavers from
    stayers there; the pause beyond the customer's own rhythm always counts. Money at stake: yearly money of
    satisfied customers of the whole base with a sign that counts, times the share who left of those who
    showed it above the share of those who showed none. Exposed where its lower limit is above 1 % of the
    yearly money of satisfied customers, otherwise guarded. Grade C.
    """
    needs = book.lacking(answers=("customer",), purchases=("customer", "bought_at", "amount"))
    if not (book.evidence.has("answers", "recommend") or book.evidence.has("answers", "satisfaction")):
        needs = book.lacking(
            answers=("customer", "satisfaction"), purchases=("customer", "bought_at", "amount")
        )
    if needs:
        return mistake(NUMBER).unknown(needs)
    leaving = _Leaving(book=book)
    if leaving.satisfied.height < FEWEST_SATISFIED:
        needed = Text(
            "satisfied customers who bought in the last year: {found} found, {needed} needed",
            found=Count(leaving.satisfied.height),
            needed=FEWEST_SATISFIED,
        )
        return too_few_matched(NUMBER, needed)
    return leaving.check()


@dataclass(frozen=True, kw_only=True)
class _Leaving:
    """The figures of check 6, dressed piece by piece."""

    book: Book

    # what is reckoned

    @cached_property
    def evidence(self) -> LeavingEvidence:
        return evidence_of(self.book)

    @cached_property
    def signs(self) -> pl.DataFrame:
        """The signs of today of everyone who bought in the last year."""
        return self.book.named(leaving_signs(self.evidence, self.book.last_day)).sort("customer")

    @cached_property
    def past(self) -> SignsInThePast | None:
        return signs_in_the_past(self.evidence, self.book.last_day, level=self.book.level)

    @cached_property
    def satisfied(self) -> pl.DataFrame:
        """Satisfied customers who bought in the last year: signs, yearly money, weight to the whole base."""
        signs = self.signs.drop("satisfied")
        return active_people(self.book).filter("satisfied").join(signs, on="customer", how="inner")

    @cached_property
    def late(self) -> pl.DataFrame:
        return self.satisfied.filter("late")

    @cached_property
    def leaving(self) -> SatisfiedLeaving:
        return satisfied_leaving(
            self.satisfied.select("customer", "yearly_money", "weight", "cell"),
            self.signs,
            self.past,
            level=self.book.level,
            currency=self.book.currency,
            basis=self.book.basis,
        )

    @cached_property
    def held_back(self) -> pl.DataFrame:
        """Who may not be written to now by the rules of contact, and from when on: customer, free_from."""
        ledger = ledger_of(self.book)
        if ledger is None:
            return pl.DataFrame(schema={"customer": pl.String, "free_from": pl.Date})
        told = contactable(ledger, "marketing", self.book.last_day).frame
        return told.filter(~pl.col("allowed")).select("customer", "free_from")

    @property
    def outcome(self) -> SignHistory | None:
        """What became of those who were past their rhythm half a year ago."""
        return self.past.histories.get("late") if self.past else None

    @cached_property
    def sums(self) -> Figures:
        """Yearly money of the late and of all satisfied, and the share of the late, for the whole base."""
        rows = self.satisfied
        weight, money = rows["weight"].to_numpy(), rows["yearly_money"].to_numpy()
        late = rows["late"].to_numpy()
        moments = np.column_stack([weight * money * late, weight * money, weight * late, weight])

        def totals(sums: np.ndarray) -> np.ndarray:
            share = np.divide(sums[:, 2], sums[:, 3], out=np.zeros(len(sums)), where=sums[:, 3] > 0)
            return np.column_stack([sums[:, 0], sums[:, 1], share])

        return figures(moments, totals, strata=rows["cell"].to_numpy(), level=self.book.level)

    @cached_property
    def stake(self) -> Money:
        """Yearly money of those who show signs times the excess probability of leaving."""
        if self.leaving.at_stake is not None:
            return self.leaving.at_stake
        yearly = float(self.sums.estimate[0])
        return Money(
            estimate=yearly,
            ci_low=0.0,
            ci_high=yearly,
            n=self.satisfied.height,
            level=self.book.level,
            method="bounds",
            currency=self.book.currency,
            basis=self.book.basis,
            grade="D",
        )

    @property
    def share(self) -> Proportion:
        low, high = max(0.0, float(self.sums.low[2])), min(1.0, float(self.sums.high[2]))
        if not self.late.height:
            limits = proportion_interval(0, self.satisfied.height, self.book.level)
            low, high = limits.low, limits.high
        return Proportion(
            estimate=float(self.sums.estimate[2]),
            ci_low=low,
            ci_high=high,
            n=self.satisfied.height,
            level=self.book.level,
            method=self.sums.method,
        )

    # what is said

    def check(self) -> Check:
        return mistake(NUMBER).answered(
            verdict=self.verdict(),
            finding=self.finding(),
            money=self.stake,
            next_step=self.next_step(),
            grade=self.stake.grade,
            estimates=self.estimates(),
            exhibits=(self.rhythm_exhibit(), self.list_exhibit(), sign_exhibit(self.leaving)),
            pictures=self.pictures(),
            notes=self.notes(),
        )

    def verdict(self) -> Verdict:
        material = MATERIAL_SHARE * float(self.sums.estimate[1])
        if self.leaving.at_stake is None:
            return "exposed" if self.late.height and self.stake.estimate > material else "guarded"
        return "exposed" if self.stake.ci_low > material else "guarded"

    def finding(self) -> Text:
        return Text("{late} {outcome}", late=self._late(), outcome=self._outcome())

    def _late(self) -> Text:
        return Text(
            "{late} of {all} satisfied customers have not bought for longer than 95 % of their usual pauses.",
            late=Count(self.late.height),
            all=Count(self.satisfied.height),
        )

    def _outcome(self) -> Text:
        if self.outcome is None:
            return Text(
                "How many of them will not return cannot be told: the purchases reach back too little."
            )
        seen = Text(
            "Of such customers {late} did not buy in the next {days} days, of the others {other}.",
            late=told(self.outcome.leave),
            other=Percent(self.outcome.other.estimate, 1),
            days=Count(self.outcome.horizon),
        )
        flagged, stake = Count(self.leaving.customers.height), told(self.stake)
        if self.outcome.validated == "yes":
            return Text(
                "{seen} With all signs that proved themselves {flagged} are at risk: {stake} a year.",
                seen=seen,
                flagged=flagged,
                stake=stake,
            )
        return Text(
            "{seen} That is no sure difference; the long pause is counted all the same, and with it {flagged}"
            " are at risk: {stake} a year.",
            seen=seen,
            flagged=flagged,
            stake=stake,
        )

    def next_step(self) -> Text:
        if self.leaving.customers.is_empty():
            return Text("Look again each month: a pause is seen before the survey shows anything.")
        return Text(
            "Contact the {late} satisfied customers who show signs of leaving, except {share} drawn by lot:"
            " they show whether contact keeps customers or drives them away. Leave in peace those contacted"
            " often.",
            late=Count(self.leaving.customers.height),
            share=Percent(NO_ACTION_SHARE),
        )

    def estimates(self) -> tuple[Named, ...]:
        pairs: list[tuple[Text, Estimate | None]] = [
            (Text("Satisfied customers past their rhythm"), self.share),
            (Text("Late customers who did not return"), self.outcome.leave if self.outcome else None),
            (Text("Others who did not return"), self.outcome.other if self.outcome else None),
            (Text("Money at stake a year"), self.stake),
        ]
        return known_estimates(pairs)

    def notes(self) -> tuple[Note, ...]:
        notes = [*self.book.notes, *self.leaving.notes, *self._contact_notes()]
        if self.leaving.at_stake is None:
            text = Text(
                "Without a look back all their money counts as at risk: an upper limit, not a forecast."
            )
            notes.append(Note(code="no_look_back", text=text))
        elif self.outcome is not None and self.outcome.leave.n < FEWEST_LATE:
            text = Text("The look back rests on {n} customers only.", n=Count(self.outcome.leave.n))
            notes.append(Note(code="few_late", text=text))
        if self.past is not None and self.evidence.untried:
            text = Text(
                "Cannot be tried on your past, as nothing tells when it came to be known: {signs}. Columns"
                " for it: customers contract_began_at, brands answered_at.",
                signs=Listing.of(SIGN_NAMES[name] for name in self.evidence.untried),
            )
            notes.append(Note(code="sign_not_tried", text=text))
        return tuple(notes)

    def _contact_notes(self) -> list[Note]:
        """Return what contact did in the company's own tests: whom not to disturb, and what may be sent."""
        harmful = [one.action for one in self.book.programmes if one.effect == "harms"]
        tested = [(one.action, contact_status(one)) for one in self.book.programmes if one.active is not None]
        disturbing = [name for name, status in tested if status.action == "do_not_disturb"]
        keeping = [name for name, status in tested if status.action == "act" and name not in harmful]
        notes = []
        if harmful or disturbing:
            text = Text(
                "{actions} drove customers away in its own test: do not send it to those listed.",
                actions=Listing.of(dict.fromkeys([*harmful, *disturbing])),
            )
            notes.append(Note(code="do_not_disturb", text=text))
        if keeping:
            text = Text(
                "{actions} kept customers in its own test: use it first, and leave 10 % alone by lot.",
                actions=Listing.of(keeping),
            )
            notes.append(Note(code="act", text=text))
        return notes

    # what is shown

    def rhythm_exhibit(self) -> Exhibit:
        counted = self.satisfied.group_by("rhythm").agg(
            customers=pl.len(), late=pl.col("late").sum(), money=pl.col("yearly_money").filter("late").sum()
        )
        order = pl.DataFrame({"rhythm": list(RHYTHM_WORDS)})
        frame = order.join(counted, on="rhythm", how="inner", maintain_order="left")
        return Exhibit(
            title=Text("Satisfied customers by the rhythm that they are judged by"),
            frame=frame.with_columns(
                pl.col("rhythm").replace({key: str(w) for key, w in RHYTHM_WORDS.items()})
            ),
            headings=(
                Heading(name="rhythm", title=Text("Rhythm")),
                Heading(name="customers", title=Text("Satisfied customers"), unit="count"),
                Heading(name="late", title=Text("Past it"), unit="count"),
                Heading(name="money", title=Text("Their yearly money"), unit="amount"),
            ),
            remark=Text("Own rhythm needs three intervals; else the segment's or all customers' stands in."),
        )

    def listed(self) -> pl.DataFrame:
        """Return the satisfied customers with most at risk, most first."""
        found = self.leaving.customers.select("customer", "sign", "signs", "p_leave", "excess")
        rows = self.satisfied.join(found, on="customer", how="inner")
        all_touches = self.book.customers["contacts"].drop_nulls()
        busy = all_touches.quantile(BUSY_QUANTILE) if len(all_touches) else None
        often = pl.lit(False) if busy is None else pl.col("contacts").fill_null(0.0) > max(1.0, busy)
        words = {name: str(text) for name, text in SIGN_NAMES.items()}
        free = rows.select("customer").join(self.held_back, on="customer", how="left", maintain_order="left")
        listed = rows.with_columns(
            free_from=free["free_from"],
            risk=pl.col("yearly_money") * pl.coalesce("excess", pl.lit(1.0)),
            sign=pl.col("sign").replace_strict(words),
            shown=pl.col("signs").list.len(),
            advice=pl.when(free["free_from"].is_not_null())
            .then(pl.lit(str(ADVICE_WORDS["wait"])))
            .when(often)
            .then(pl.lit(str(ADVICE_WORDS["leave"])))
            .when(left_alone(rows["customer"], PROGRAMME)["left_alone"])
            .then(pl.lit(str(ADVICE_WORDS["alone"])))
            .otherwise(pl.lit(str(ADVICE_WORDS["test"]))),
        )
        return listed.sort("risk", "customer", descending=[True, False]).head(LISTED)

    def list_exhibit(self) -> Exhibit:
        listed = self.listed()
        waits = listed["free_from"].null_count() < listed.height
        free = (Heading(name="free_from", title=Text("Not before"), unit="day"),) if waits else ()
        return Exhibit(
            title=Text("Satisfied customers who may be leaving, most money first"),
            frame=listed.select(
                "customer",
                "score",
                "satisfaction",
                "pause",
                "usual",
                "sign",
                "shown",
                "p_leave",
                "yearly_money",
                "risk",
                "advice",
                *(one.name for one in free),
            ),
            headings=(
                Heading(name="customer", title=Text("Customer")),
                Heading(name="score", title=Text("Recommend"), unit="count"),
                Heading(name="satisfaction", title=Text("Satisfaction"), unit="number"),
                Heading(name="pause", title=Text("Days since last purchase"), unit="count"),
                Heading(name="usual", title=Text("Usual longest pause, days"), unit="count"),
                Heading(name="sign", title=Text("Strongest sign")),
                Heading(name="shown", title=Text("Signs"), unit="count"),
                Heading(name="p_leave", title=Text("Share who left with such signs"), unit="percent"),
                Heading(name="yearly_money", title=Text("Yearly money"), unit="amount"),
                Heading(name="risk", title=Text("At risk"), unit="amount"),
                Heading(name="advice", title=Text("What to do")),
                *free,
            ),
            remark=Text(
                "What contact does to them is not known: the list is for a test, not for a campaign."
            ),
        )

    def pictures(self) -> tuple[Picture, ...]:
        if self.outcome is None:
            return ()
        rows = [
            (Text("Past their rhythm"), self.outcome.leave),
            (Text("Within their rhythm"), self.outcome.other),
        ]
        return (
            Picture(
                title=Text("Share who did not return, looking back"),
                draw=partial(interval_bars, interval_rows(rows), measure="percent"),
                description=self._outcome(),
            ),
        )
