"""Check 3: what each programme changed against its holdout."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import polars as pl

from leal.charts import interval_bars
from leal.checks.book import Book
from leal.checks.catalogue import mistake
from leal.checks.findings import Check, Exhibit, Heading, Named, Picture, Verdict, ranged
from leal.checks.programme_proof import Proof, proof_of, proved_words
from leal.checks.stake import stake
from leal.measure import FEWEST_DAYS_SINCE_START, FEWEST_IN_ARM, Effect, ProgrammeEffect
from leal.results import Grade, Money, Note, estimate_of, with_limits
from leal.wording import Count, Listing, Percent, RoundAmount, Text, plural

NUMBER = 3

EFFECT_WORDS: dict[Effect, Text] = {
    "works": Text("works"),
    "does_not": Text("does not earn its cost"),
    "harms": Text("harms"),
    "not_proved": Text("not proved"),
    "no_holdout": Text("no holdout"),
    "too_early": Text("too early to tell"),
}
ORDER: tuple[Effect, ...] = ("harms", "does_not", "not_proved", "no_holdout", "works", "too_early")


def check_programmes(book: Book) -> Check:
    """Answer check 3: the arms of every action compared on money, repeat purchase and score.

    Notes
    -----
    Guarded where every action works: surely earned more than it cost. Exposed where one does not earn its
    cost, harms, is not proved, or has no holdout. Money at stake: what was spent on those that do not work or
    are not proved, and what the harmful ones lost; the interval runs from what is left when the best of each
    effect's interval is credited to what is lost at its worst. Grade A, C where arms look not drawn by lot.
    Where spend before the start explains some of the spend after it, its noise is taken out (CUPED). Beside
    the table stand the ledger, where the actions bear promises, and how long the effect of each way lasts.
    A programme with a holdout that began less than 28 days before the end of the data, or has not begun, is
    shown and not judged.
    """
    needs = book.lacking(actions=("action", "customer", "arm"), purchases=("customer", "bought_at", "amount"))
    if needs:
        return mistake(NUMBER).unknown(needs)
    effects = sorted(book.programmes, key=lambda one: (ORDER.index(one.effect), -one.cost, one.action))
    if not any(one.money is not None for one in effects):
        return _nothing_compared(effects)
    return _Programmes(book=book, effects=tuple(effects), proof=proof_of(book, effects)).check()


def _nothing_compared(effects: list[ProgrammeEffect]) -> Check:
    early = [one.name for one in effects if one.effect == "too_early"]
    if early:
        missing = Text(
            "purchases: {days} days since the start of {actions}",
            days=Count(FEWEST_DAYS_SINCE_START),
            actions=Listing.of(early),
        )
        return mistake(NUMBER).unknown((missing,), next_step=_let_run(early[0]))
    strangers = [one.name for one in effects if min(one.treated, one.held_out) >= FEWEST_IN_ARM]
    if strangers:
        missing = Text(
            "purchases: those of the customers in {actions}; none of them is found among the purchases",
            actions=Listing.of(strangers),
        )
        return mistake(NUMBER).unknown(
            (missing,), next_step=Text("Write the same identifier of a customer in purchases and actions.")
        )
    names = Listing.of(one.action for one in effects) if effects else Listing.of(["–"])
    return mistake(NUMBER).unknown(
        (Text("actions: customers held out (arm: control); none found for {actions}", actions=names),),
        next_step=Text(
            "Hold a random part of the customers out of the next programme; write it in the column arm."
        ),
    )


def _let_run(action: str) -> Text:
    return Text(
        "Leave the customers held out of “{action}” alone, and audit again {days} days after its start or"
        " later.",
        action=action,
        days=Count(FEWEST_DAYS_SINCE_START),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Programmes:
    """The figures of check 3, dressed piece by piece."""

    book: Book
    effects: tuple[ProgrammeEffect, ...]
    proof: Proof

    @property
    def compared(self) -> tuple[ProgrammeEffect, ...]:
        return tuple(one for one in self.effects if one.money is not None and one.money.known)

    @property
    def failing(self) -> tuple[ProgrammeEffect, ...]:
        return tuple(one for one in self.effects if one.effect not in ("works", "too_early"))

    @property
    def early(self) -> list[str]:
        return [one.name for one in self.of("too_early")]

    @property
    def grade(self) -> Grade:
        return "A" if all(one.sound for one in self.compared) else "C"

    def check(self) -> Check:
        verdict: Verdict = "exposed" if self.failing else "guarded"
        return mistake(NUMBER).answered(
            verdict=verdict,
            finding=self.finding(),
            money=self.stake(),
            next_step=self.next_step(),
            grade=self.grade,
            estimates=(*self.estimates(), *self.proof.estimates()),
            exhibits=(self.exhibit(), *self.proof.exhibits()),
            pictures=(self.picture(), *self.proof.pictures()),
            notes=self.notes(),
        )

    def of(self, effect: Effect) -> list[ProgrammeEffect]:
        return [one for one in self.effects if one.effect == effect]

    def finding(self) -> Text:
        words = self._judged_words()
        if not self.early:
            return words
        return Text("{words} Too early to tell: {actions}.", words=words, actions=Listing.of(self.early))

    def _judged_words(self) -> Text:
        works = len(self.of("works"))
        judged = Listing.of(
            Text("{action} ({effect})", action=one.name, effect=EFFECT_WORDS[one.effect])
            for one in self.failing
        )
        if not self.failing:
            return plural(
                "{count} programme has a holdout, and surely earned more than it cost.",
                "All {count} programmes have a holdout, and surely earned more than they cost.",
                works,
            )
        words = Text(
            "{works} of {all} programmes surely earned more than they cost; others cost {cost}: {judged}.",
            works=works,
            all=len(self.effects) - len(self.early),
            cost=RoundAmount(sum(one.cost for one in self.failing), self.book.currency),
            judged=judged,
        )
        proved = proved_words(self.proof.ledger)
        return words if proved is None else Text("{words} {proved}", words=words, proved=proved)

    def stake(self) -> Money | None:
        """Add up what was spent without proof or lost; the interval takes effects at best and at worst."""
        if not self.failing:
            return None
        estimate = low = high = 0.0
        for one in self.failing:
            best, worst = _effect_limits(one)
            effect = one.effect_a_head
            lost = max(0.0, -effect.estimate * one.treated) if effect and one.effect == "harms" else 0.0
            estimate += one.cost + lost
            low += max(0.0, one.cost - max(0.0, best))
            high += one.cost + max(0.0, -worst)
        return Money(
            estimate=estimate,
            ci_low=min(low, estimate),
            ci_high=max(high, estimate),
            n=sum(one.treated + one.held_out for one in self.failing),
            level=self.book.level,
            method="welch",
            currency=self.book.currency,
            basis=self.book.basis,
            period="period",
            grade=self.grade,
        )

    def next_step(self) -> Text:
        harmful = self.of("harms") + self.of("does_not")
        if harmful:
            return Text(
                "Stop “{action}”: customers left out of it brought no less, at no cost.",
                action=harmful[0].name,
            )
        if self.of("not_proved"):
            return Text(
                "Keep the holdout of “{action}” until its effect is told from noise; widen nothing before.",
                action=self.of("not_proved")[0].name,
            )
        if self.of("no_holdout"):
            return Text(
                "Hold a random part of the customers out of “{action}”.", action=self.of("no_holdout")[0].name
            )
        if self.early:
            return _let_run(self.early[0])
        return Text("Keep a small holdout in every programme: what works today may stop working.")

    def estimates(self) -> tuple[Named, ...]:
        return tuple(
            Named(
                name=Text("{action}: money a head since the start", action=one.name), value=self._money(one)
            )
            for one in self.compared
        )

    def _money(self, one: ProgrammeEffect) -> Money:
        effect = one.effect_a_head
        assert effect is not None
        return stake(self.book, effect, grade="A" if one.sound else "C", period="period")

    def exhibit(self) -> Exhibit:
        return Exhibit(
            title=Text("Programmes against their holdout"),
            frame=pl.DataFrame([_row(one) for one in self.effects], schema=_SCHEMA),
            headings=(
                Heading(name="action", title=Text("Programme")),
                Heading(name="effect", title=Text("Verdict")),
                Heading(name="treated", title=Text("Treated"), unit="count"),
                Heading(name="held_out", title=Text("Held out"), unit="count"),
                Heading(name="cost", title=Text("Cost"), unit="amount"),
                Heading(name="cost_a_head", title=Text("Cost a head"), unit="amount"),
                *ranged("money", Text("Effect a head"), "amount"),
                Heading(name="p_adjusted", title=Text("p, corrected"), unit="p_value"),
                Heading(name="active", title=Text("Effect on still buying"), unit="percent"),
                Heading(name="score", title=Text("Effect on NPS"), unit="points"),
                Heading(name="split_p", title=Text("p of the split"), unit="p_value"),
            ),
            remark=Text("Everyone counts in the arm they were assigned to, reached or not, since the start."),
        )

    def picture(self) -> Picture:
        frame = pl.DataFrame(
            [
                {
                    "name": one.name,
                    "estimate": effect.estimate,
                    "ci_low": effect.ci_low,
                    "ci_high": effect.ci_high,
                    "n": one.treated + one.held_out,
                }
                for one in self.compared
                if (effect := one.effect_a_head) is not None
            ]
        )
        return Picture(
            title=Text("What each programme changed in the money of a customer"),
            draw=partial(
                interval_bars,
                frame,
                measure="amount",
                currency=self.book.currency,
                reference=0.0,
                reference_words=Text("no effect"),
            ),
            description=self.finding(),
        )

    def notes(self) -> tuple[Note, ...]:
        notes = [*self.book.notes, *self._doubts()]
        if self.book.basis == "revenue":
            text = Text(
                "Effects are revenue, costs are money spent: with a margin fewer programmes would pay."
            )
            notes.append(Note(code="revenue_against_cost", text=text))
        saved = [1 - one.cuped.variance_ratio for one in self.compared if one.cuped is not None]
        if saved:
            text = Text(
                "Spend before the start explains up to {share} of the variance; its noise is taken out.",
                share=Percent(max(saved)),
            )
            notes.append(Note(code="variance_explained", text=text))
        return (*notes, *self.proof.notes())

    def _doubts(self) -> list[Note]:
        """Say whose arms look not drawn by lot, and whose start is not told."""
        found = []
        unsound = [one.name for one in self.compared if not one.sound]
        if unsound:
            text = Text(
                "The arms of {actions} look not drawn by lot (sizes, or money before the start): the"
                " difference may not be the programme's.",
                actions=Listing.of(unsound),
            )
            found.append(Note(code="not_randomised", text=text))
        if any(not one.sound and not one.split_planned for one in self.compared):
            text = Text(
                "Sizes are judged by the nearest usual share (5 %, 10 %, 15 % and so on): where another was"
                " planned, write it in the column planned_share."
            )
            found.append(Note(code="usual_shares", text=text))
        undated = list(dict.fromkeys(one.action for one in self.compared if not one.started))
        if undated:
            text = Text(
                "It is not told when {actions} started: money counts from the first purchase on, which hides"
                " part of the effect. Column for it: started_at.",
                actions=Listing.of(undated),
            )
            found.append(Note(code="no_start", text=text))
        return found


def _effect_limits(one: ProgrammeEffect) -> tuple[float, float]:
    """Return the best and the worst that an action may have brought in all, by its interval."""
    effect = one.effect_a_head
    if effect is None or not effect.known:
        return math.inf if one.cost else 0.0, 0.0
    return effect.ci_high * one.treated, effect.ci_low * one.treated


_SCHEMA = {
    "action": pl.String,
    "effect": pl.String,
    "treated": pl.Int64,
    "held_out": pl.Int64,
    "cost": pl.Float64,
    "cost_a_head": pl.Float64,
    "money": pl.Float64,
    "money_low": pl.Float64,
    "money_high": pl.Float64,
    "p_adjusted": pl.Float64,
    "active": pl.Float64,
    "score": pl.Float64,
    "split_p": pl.Float64,
}


def _row(one: ProgrammeEffect) -> dict[str, object]:
    return {
        "action": one.name,
        "effect": str(EFFECT_WORDS[one.effect]),
        "treated": one.treated,
        "held_out": one.held_out,
        "cost": one.cost,
        "cost_a_head": one.cost_a_head,
        **with_limits("money", one.effect_a_head),
        "p_adjusted": one.p_adjusted,
        "active": estimate_of(one.active),
        "score": 100 * one.score.estimate if one.score and one.score.known else None,
        "split_p": one.split_p,
    }
