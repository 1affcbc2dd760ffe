"""What an experiment says: its arms, the effect of each, whether it is proved, in words and in money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from leal.errors import BadOption
from leal.prove.looks import Look
from leal.prove.noticing import NoticingEffect
from leal.results import Basis, Estimate, Grade, Money, Note, Result, known_or_none, one_called, with_limits
from leal.statistics import Comparison, CupedComparison, SignificanceTest
from leal.wording import Count, Decimal, Formatted, Percent, RoundAmount, Text, in_a_row

if TYPE_CHECKING:
    import polars as pl

    from leal.charts import Measure, Style

Verdict = Literal["works", "does_not", "harms", "not_enough_data", "not_sound"]
Unit = Literal["money", "share", "number"]

VERDICT_WORDS: dict[Verdict, Text] = {
    "works": Text("works"),
    "does_not": Text("does not work"),
    "harms": Text("harms"),
    "not_enough_data": Text("not enough data"),
    "not_sound": Text("not to be read: the arms do not look drawn by lot"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmResult:
    """One arm: who was assigned to it and what they did.

    Attributes
    ----------
    arm : str
        Its name.
    n : int
        Customers (or clusters) counted.
    assigned : int
        Customers assigned, those without an outcome included.
    mean : Estimate
        Mean outcome, or the arm's ratio, with Student's interval.
    sd : float
        Standard deviation of the outcome (of the linearised one for a ratio).
    before : float or None
        Mean of the value from before.
    """

    arm: str
    n: int
    assigned: int
    mean: Estimate
    sd: float
    before: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Whether the arms were alike before the start, in one value."""

    arm: str
    column: str
    difference: Comparison
    standardised: Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmEffect:
    """What one arm changed against the control.

    Attributes
    ----------
    arm, control : str
        The two arms.
    difference : Comparison
        Difference of means (Welch), or of ratios (delta method).
    lift : Estimate
        The difference as a share of the control's mean, with the variance of both (Fieller); unknown
        where the control's mean cannot be told from zero.
    cuped : CupedComparison or None
        The same difference with the noise that the past explains taken out.
    winsorised : Comparison or None
        The difference of outcomes cut at the declared quantile.
    p_adjusted : float
        p value corrected for the number of arms.
    per_thousand : Money or None
        Money per 1,000 customers, cost taken off where it is known.
    noticers : NoticingEffect or None
        The effect on those who noticed.
    proved : bool
        Whether the lower limit of the effect (in money, after its cost where that is known) is above zero
        and the arms look drawn by lot.
    verdict : {"works", "does_not", "harms", "not_enough_data", "not_sound"}
        Works: proved. Harms: the upper limit is below zero. Does not: the upper limit is below its cost, or
        below the smallest effect worth having. Not sound: the sizes of the arms, or their past, say that
        something besides the lot chose who is in them.
    unit : {"money", "share", "number"}
    currency : str or None
    grade : {"A", "C"}
        C where the arms do not look drawn by lot.
    cost : float or None
        Cost a treated customer.
    """

    arm: str
    control: str
    difference: Comparison
    lift: Estimate
    cuped: CupedComparison | None
    winsorised: Comparison | None
    p_adjusted: float
    per_thousand: Money | None
    noticers: NoticingEffect | None
    proved: bool
    verdict: Verdict
    unit: Unit
    currency: str | None
    grade: Grade
    cost: float | None = None

    @property
    def gain_per_thousand(self) -> Money | None:
        """Money per 1,000 customers before cost, None where the outcome has no worth in money."""
        if self.per_thousand is None:
            return None
        cost, money = 1000 * (self.cost or 0.0), self.per_thousand
        return replace(
            money,
            estimate=money.estimate + cost,
            ci_low=money.ci_low + cost,
            ci_high=money.ci_high + cost,
        )

    @property
    def effect(self) -> Comparison:
        """The difference that the verdict rests on: CUPED where a value from before was named."""
        return self.difference if self.cuped is None or not self.cuped.known else self.cuped

    @property
    def variance_saved(self) -> float:
        """Share of the variance that the value from before explains: 0 without one."""
        return 0.0 if self.cuped is None or not self.cuped.known else 1 - self.cuped.variance_ratio

    def figure(self, value: float) -> Formatted:
        """Return an outcome as it is written."""
        if self.unit == "money":
            return RoundAmount(value, self.currency)
        return Percent(value, 1) if self.unit == "share" else Decimal(value)

    def sentence(self) -> Text:
        """Return the effect in one sentence."""
        found = self.effect
        verdict = VERDICT_WORDS[self.verdict]
        if not found.known:
            return Text("{arm}: {verdict} (n = {n}).", arm=self.arm, verdict=verdict, n=Count(found.n))
        words = Text(
            "{arm}: {verdict}. Effect a head {figure} ({level} {low} to {high}, n = {n}).",
            arm=self.arm,
            verdict=verdict,
            figure=self.figure(found.estimate),
            level=Percent(found.level),
            low=self.figure(found.ci_low),
            high=self.figure(found.ci_high),
            n=Count(found.n),
        )
        if self.per_thousand is None:
            return words
        money = self.per_thousand
        return Text(
            "{words} Per 1,000 customers: {money} ({low} to {high}).",
            words=words,
            money=RoundAmount(money.estimate, money.currency),
            low=RoundAmount(money.ci_low, money.currency),
            high=RoundAmount(money.ci_high, money.currency),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment(Result):
    """An experiment read: its arms and the effect of each; iterates over the effects.

    Attributes
    ----------
    arms : tuple of ArmResult
        The control first.
    effects : tuple of ArmEffect
        One for each arm but the control.
    split : SignificanceTest
        Test of the sizes of the arms against those meant, before anything else is read.
    balance : tuple of Balance
        The values from before, arm against control.
    look : Look or None
        Which of the planned looks this was; intervals then hold over all looks together.
    n : int
        Customers (or clusters) counted.
    level : float
        Confidence level.
    correction : {"holm", "benjamini_hochberg", "none"}
        How p values are corrected for several arms.
    basis : {"revenue", "margin"}
        What money is counted in.
    notes : tuple of Note
        Doubts and remarks.
    """

    arms: tuple[ArmResult, ...]
    effects: tuple[ArmEffect, ...]
    split: SignificanceTest
    balance: tuple[Balance, ...]
    look: Look | None
    n: int
    level: float
    correction: str
    basis: Basis
    notes: tuple[Note, ...] = ()

    def __iter__(self) -> Iterator[ArmEffect]:
        return iter(self.effects)

    def __getitem__(self, arm: str) -> ArmEffect:
        return one_called(self.effects, "arm", arm)

    @property
    def only(self) -> ArmEffect:
        """The effect of the one treated arm; with several arms ask for one by name: ``found["mail"]``."""
        if len(self.effects) != 1:
            raise BadOption("arm", None, [one.arm for one in self.effects])
        return self.effects[0]

    @property
    def difference(self) -> Comparison:
        """Difference of means of the one treated arm and the control."""
        return self.only.difference

    @property
    def lift(self) -> Estimate:
        """Relative lift of the one treated arm."""
        return self.only.lift

    @property
    def cuped(self) -> CupedComparison | None:
        """The difference of the one treated arm, freed of what the past explains."""
        return self.only.cuped

    @property
    def effect(self) -> Comparison:
        """The effect of the one treated arm that its verdict rests on."""
        return self.only.effect

    @property
    def per_thousand(self) -> Money | None:
        """Money per 1,000 customers of the one treated arm."""
        return self.only.per_thousand

    @property
    def verdict(self) -> Verdict:
        """The verdict of the one treated arm."""
        return self.only.verdict

    @property
    def proved(self) -> bool:
        """Whether the effect of any arm is proved."""
        return any(one.proved for one in self.effects)

    @property
    def grade(self) -> Grade:
        """A where the arms look drawn by lot, else C."""
        return "C" if any(one.grade != "A" for one in self.effects) else "A"

    def sentence(self) -> Text:
        """Return the answer in words, an arm after the other."""
        return in_a_row(one.sentence() for one in self.effects)

    def to_frame(self) -> pl.DataFrame:
        """Return one row an arm: the control first, then the others with their effects."""
        import polars as pl

        effects = {one.arm: one for one in self.effects}
        rows = [_row(one, effects.get(one.arm)) for one in self.arms]
        return pl.DataFrame(rows, infer_schema_length=None)

    def chart(self, style: Style | None = None) -> Any:
        """Return the effect of each arm with its interval as a Vega-Altair chart."""
        import polars as pl

        from leal.charts import Style, interval_bars

        shown = [(one, one.effect) for one in self.effects if one.effect.known]
        rows = [
            {
                "name": one.arm,
                "estimate": found.estimate,
                "ci_low": found.ci_low,
                "ci_high": found.ci_high,
                "n": found.n,
            }
            for one, found in shown
        ]
        kinds = {"name": pl.String} | dict.fromkeys(("estimate", "ci_low", "ci_high", "n"), pl.Float64)
        unit = shown[0][0].unit if shown else "number"
        return interval_bars(
            pl.DataFrame(rows, schema=kinds),
            style or Style(),
            measure=_MEASURES[unit],
            currency=shown[0][0].currency if shown else None,
            reference=0.0,
            reference_words=Text("no effect"),
        )


_MEASURES: dict[Unit, Measure] = {"money": "amount", "share": "percent", "number": "number"}


def _row(arm: ArmResult, effect: ArmEffect | None) -> dict[str, object]:
    row: dict[str, object] = {"arm": arm.arm, "n": arm.n, "assigned": arm.assigned}
    row |= {"mean": known_or_none(arm.mean.estimate), "sd": known_or_none(arm.sd)}
    for name in ("difference", "cuped", "winsorised", "lift", "per_thousand"):
        row |= with_limits(name, getattr(effect, name) if effect else None)
    row["p_value"] = known_or_none(effect.effect.p_value) if effect else None
    row["p_adjusted"] = known_or_none(effect.p_adjusted) if effect else None
    row["variance_saved"] = effect.variance_saved if effect else None
    row["proved"] = effect.proved if effect else None
    row["verdict"] = effect.verdict if effect else None
    return row
