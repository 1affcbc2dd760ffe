"""Check 6: satisfied customers who are leaving, and whom to leave alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import polars as pl

from leal.charts import interval_bars
from leal.checks.book import Book
from leal.checks.catalogue import mistake
from leal.checks.findings import Check, Exhibit, Heading, Named, Picture, Verdict
from leal.checks.words import told
from leal.measure import Figures, LateOutcome, figures, late_outcome, reweight
from leal.results import Estimate, Grade, Money, Note, Proportion
from leal.statistics import proportion_interval
from leal.wording import Count, Listing, Percent, Text

NUMBER = 6
SATISFIED_SHARE = 0.7
"""Part of the satisfaction scale from which a customer counts as satisfied: 7 of 10, 4 of 5."""

SATISFIED_SCORE = 7
FEWEST_SATISFIED = 30
FEWEST_LATE = 30
LISTED = 50
MATERIAL_SHARE = 0.01
"""Share of the yearly money of satisfied customers from which the value at risk exposes."""

BUSY_QUANTILE = 0.75

RHYTHM_WORDS = {"own": Text("own"), "segment": Text("segment's"), "base": Text("all customers'")}
ADVICE_WORDS = {"test": Text("contact half, hold half out"), "leave": Text("leave in peace: contacted often")}


def check_leaving(book: Book) -> Check:
    """Answer check 6: satisfied customers whose pause is longer than their own rhythm explains.

    Notes
    -----
    Satisfied: at least 7 of 10 (4 of 5) in satisfaction, or 7 to 10 in recommendation where that is not
    asked. Late: the pause since the last purchase exceeds the 95 % quantile of the customer's own intervals
    (`leal.measure.pauses`). Of those who were late half a year ago some have not bought since: that share
    minus the same of the others is the excess probability of leaving. Money at stake: yearly money of late
    satisfied customers in the whole base times that excess. Exposed where its lower limit is above 1 %
    of the yearly money of satisfied customers, otherwise guarded. Grade C.
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
        return _too_few(leaving.satisfied.height)
    return leaving.check()


def _too_few(found: int) -> Check:
    needed = Text(
        "satisfied customers who bought in the last year: {found} found, {needed} needed",
        found=Count(found),
        needed=FEWEST_SATISFIED,
    )
    return mistake(NUMBER).unknown(
        (needed,),
        next_step=Text(
            "Check that answers and purchases name customers by the same identifier, and ask more of them."
        ),
    )


@dataclass(frozen=True, kw_only=True)
class _Leaving:
    """The figures of check 6, dressed piece by piece."""

    book: Book

    # what is reckoned

    @cached_property
    def people(self) -> pl.DataFrame:
        """Everyone who bought in the last year: pause and rhythm, satisfaction, yearly money, weight."""
        base = self.book.customers
        there = pl.col("left_day").is_null() | (pl.col("left_day") > self.book.last_day)
        active = base.filter(there).join(self.book.pauses, on="customer", how="inner", suffix="_pause")
        weights = reweight(active).frame.select("customer", "weight", "cell")
        return active.join(weights, on="customer", how="left").with_columns(
            satisfied=satisfied(base["satisfaction"].drop_nulls()).fill_null(False)
        )

    @cached_property
    def satisfied(self) -> pl.DataFrame:
        return self.people.filter("satisfied").with_columns(
            pl.col("weight").fill_null(1.0), pl.col("cell").fill_null(-1)
        )

    @cached_property
    def late(self) -> pl.DataFrame:
        return self.satisfied.filter("late")

    @cached_property
    def outcome(self) -> LateOutcome | None:
        return late_outcome(
            self.book.coded_purchase_days, self.book.last_day, self.book.segments, level=self.book.level
        )

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
        """Yearly money of late satisfied customers times the excess probability of leaving."""
        yearly = float(self.sums.estimate[0])
        if self.outcome is None:
            return self._money(yearly, 0.0, yearly, "D")
        excess = self.outcome.excess
        z = _z(self.book.level)
        money_error = (float(self.sums.high[0]) - float(self.sums.low[0])) / 2 / z
        reach = z * math.hypot(excess.estimate * money_error, yearly * excess.standard_error)
        risk = yearly * excess.estimate
        return self._money(risk, risk - reach, risk + reach, "C")

    def _money(self, estimate: float, low: float, high: float, grade: Grade) -> Money:
        return Money(
            estimate=estimate,
            ci_low=low,
            ci_high=high,
            n=self.satisfied.height,
            level=self.book.level,
            method="delta" if grade == "C" else "bounds",
            currency=self.book.currency,
            basis=self.book.basis,
            grade=grade,
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
        subject = mistake(NUMBER)
        return Check(
            number=NUMBER,
            name=subject.name,
            question=subject.question,
            verdict=self.verdict(),
            finding=self.finding(),
            money=self.stake,
            next_step=self.next_step(),
            grade=self.stake.grade,
            estimates=self.estimates(),
            exhibits=(self.rhythm_exhibit(), self.list_exhibit()),
            pictures=self.pictures(),
            notes=self.notes(),
        )

    def verdict(self) -> Verdict:
        material = MATERIAL_SHARE * float(self.sums.estimate[1])
        if self.outcome is None:
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
        return Text(
            "Of such customers {late} did not buy in the next {days} days, of the others {other}:"
            " {stake} a year at risk.",
            late=told(self.outcome.late),
            other=Percent(self.outcome.other.estimate, 1),
            days=Count(self.outcome.horizon),
            stake=told(self.stake),
        )

    def next_step(self) -> Text:
        if not self.late.height:
            return Text("Look again each month: a pause is seen before the survey shows anything.")
        return Text(
            "Contact half of these {late}, drawn by lot, and hold the other half out: contact may also speed"
            " leaving. Leave those in peace who are contacted often.",
            late=Count(self.late.height),
        )

    def estimates(self) -> tuple[Named, ...]:
        pairs: list[tuple[Text, Estimate | None]] = [
            (Text("Satisfied customers past their rhythm"), self.share),
            (Text("Late customers who did not return"), self.outcome.late if self.outcome else None),
            (Text("Others who did not return"), self.outcome.other if self.outcome else None),
            (Text("Money at stake a year"), self.stake),
        ]
        return tuple(
            Named(name=name, value=value) for name, value in pairs if value is not None and value.known
        )

    def notes(self) -> tuple[Note, ...]:
        notes = list(self.book.notes)
        harmful = [one.action for one in self.book.programmes if one.effect == "harms"]
        if harmful:
            text = Text(
                "{actions} drove customers away in its own test: do not send it to those listed.",
                actions=Listing.of(harmful),
            )
            notes.append(Note(code="do_not_disturb", text=text))
        if self.outcome is None:
            text = Text(
                "Without a look back all their money counts as at risk: an upper limit, not a forecast."
            )
            notes.append(Note(code="no_look_back", text=text))
        elif self.outcome.late.n < FEWEST_LATE:
            text = Text("The look back rests on {n} customers only.", n=Count(self.outcome.late.n))
            notes.append(Note(code="few_late", text=text))
        return tuple(notes)

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
        """Return the late satisfied customers with most at risk, most first."""
        excess = self.outcome.excess.estimate if self.outcome else 1.0
        touches = self.late["contacts"].fill_null(0.0)
        all_touches = self.book.customers["contacts"].drop_nulls()
        busy = all_touches.quantile(BUSY_QUANTILE) if len(all_touches) else None
        often = pl.Series(
            [busy is not None and count > max(1.0, busy) for count in touches], dtype=pl.Boolean
        )
        rows = self.late.with_columns(
            risk=pl.col("yearly_money") * excess,
            advice=pl.when(often)
            .then(pl.lit(str(ADVICE_WORDS["leave"])))
            .otherwise(pl.lit(str(ADVICE_WORDS["test"]))),
        )
        return rows.sort("risk", "customer", descending=[True, False]).head(LISTED)

    def list_exhibit(self) -> Exhibit:
        return Exhibit(
            title=Text("Satisfied customers who may be leaving, most money first"),
            frame=self.listed().select(
                "customer", "score", "satisfaction", "pause", "usual", "yearly_money", "risk", "advice"
            ),
            headings=(
                Heading(name="customer", title=Text("Customer")),
                Heading(name="score", title=Text("Recommend"), unit="count"),
                Heading(name="satisfaction", title=Text("Satisfaction"), unit="number"),
                Heading(name="pause", title=Text("Days since last purchase"), unit="count"),
                Heading(name="usual", title=Text("Usual longest pause, days"), unit="count"),
                Heading(name="yearly_money", title=Text("Yearly money"), unit="amount"),
                Heading(name="risk", title=Text("At risk"), unit="amount"),
                Heading(name="advice", title=Text("What to do")),
            ),
            remark=Text(
                "What contact does to them is not known: the list is for a test, not for a campaign."
            ),
        )

    def pictures(self) -> tuple[Picture, ...]:
        if self.outcome is None:
            return ()
        rows = [
            (Text("Past their rhythm"), self.outcome.late),
            (Text("Within their rhythm"), self.outcome.other),
        ]
        frame = pl.DataFrame(
            [
                {
                    "name": str(name),
                    "estimate": one.estimate,
                    "ci_low": one.ci_low,
                    "ci_high": one.ci_high,
                    "n": one.n,
                }
                for name, one in rows
            ]
        )
        return (
            Picture(
                title=Text("Share who did not return, looking back"),
                draw=partial(interval_bars, frame, measure="percent"),
                description=self._outcome(),
            ),
        )


def satisfied(given: pl.Series) -> pl.Expr:
    """Tell who is satisfied: by satisfaction on its own scale where it was asked, else by recommendation."""
    top = given.max() if len(given) else None
    scale = 10.0 if not isinstance(top, float) or top > 7 else 7.0 if top > 5 else 5.0
    least = math.ceil(SATISFIED_SHARE * scale)
    said = pl.col("satisfaction") >= least
    return (
        pl.when(pl.col("satisfaction").is_not_null()).then(said).otherwise(pl.col("score") >= SATISFIED_SCORE)
    )


def _z(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(0.5 + level / 2))
