"""Which number predicts your money? NPS, mean score, satisfaction and index against what came after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl

from leal.engine import FrameLike
from leal.measure import Until, require_margin
from leal.predict.foretelling.answer_windows import FEWEST, ScoreWindows, score_windows
from leal.predict.foretelling.behaviour_by_score import score_curve
from leal.predict.foretelling.foretelling_numbers import NUMBER_WORDS, NUMBERS, designs_of, past_behaviour
from leal.predict.foretelling.foretelling_verdicts import verdict_of
from leal.predict.purchase_models.checked_arguments import require_count
from leal.predict.purchase_models.purchase_model import TooLittleData
from leal.results import Note, Proportion, Result, checked_level, one_called, with_limits
from leal.statistics import (
    AreasUnderCurve,
    Comparison,
    Foretold,
    areas_under_curve,
    foretold_out_of_sample,
)
from leal.wording import Count, Text

if TYPE_CHECKING:
    from leal.charts import Chart, Style

Outcome = Literal["spend", "repeat", "churn"]
OUTCOMES: tuple[Outcome, ...] = ("spend", "repeat", "churn")

WINSORISED = 0.99
"""Quantile above which spend and purchase days are held: one great customer would decide for all."""

_PAST = "past"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberForetold:
    """How well one number foretells one outcome of customers not seen.

    Attributes
    ----------
    name : str
        The number: nps_groups, recommend, top_2_box, satisfaction, satisfaction_index, loyalty_index.
    alone : Proportion
        Share of the differences between customers that it foretells (R2 out of sample; 0: none).
    added : Proportion
        What it adds to past behaviour.
    over_nps : Proportion or None
        By how much it foretells more than the NPS groups; None for these themselves.
    auc : Proportion or None
        For churn: probability that of one who stopped buying and one who did not the one who did not had
        given the higher number, equals counted half (.5: the number does not tell).
    auc_over_nps : Comparison or None
        By how much that exceeds the same of the NPS groups.
    """

    name: str
    alone: Proportion
    added: Proportion
    over_nps: Proportion | None = None
    auc: Proportion | None = None
    auc_over_nps: Comparison | None = None

    @property
    def words(self) -> Text:
        """The number in words."""
        return NUMBER_WORDS[self.name]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeForetold:
    """How well all numbers foretell one outcome; iterates over the numbers.

    Attributes
    ----------
    outcome : {"spend", "repeat", "churn"}
        Money, purchase days, no purchase at all in the days after the answer.
    numbers : tuple of NumberForetold
        The best alone first.
    past : Proportion
        Share that past behaviour alone foretells.
    winner : str or None
        The number that surely foretells more than the NPS groups, the best of several; "nps_groups" where
        they surely beat every other; None where neither is sure: NPS serves as well.
    adds : tuple of str
        Numbers that surely add to past behaviour.
    verdict : Text
        The same in words.
    """

    outcome: Outcome
    numbers: tuple[NumberForetold, ...]
    past: Proportion
    winner: str | None
    adds: tuple[str, ...]
    verdict: Text

    def __iter__(self) -> Iterator[NumberForetold]:
        return iter(self.numbers)

    def __getitem__(self, name: str) -> NumberForetold:
        return one_called(self.numbers, "name", name)

    def __contains__(self, name: object) -> bool:
        return any(one.name == name for one in self.numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichNumber(Result):
    """Which number predicts your money; iterates over the outcomes.

    Attributes
    ----------
    outcomes : tuple of OutcomeForetold
        Spend, repeat, churn; empty where too few customers can be followed.
    curve : DataFrame
        By score (0 to 10): n, purchase days, spend and retention after the answer, each with limits.
    n : int
        Customers.
    window : int
        Days before and after the answer.
    level : float
        Confidence level.
    notes : tuple of Note
    """

    outcomes: tuple[OutcomeForetold, ...]
    curve: pl.DataFrame
    n: int
    window: int
    level: float
    notes: tuple[Note, ...] = ()

    def __iter__(self) -> Iterator[OutcomeForetold]:
        return iter(self.outcomes)

    def __getitem__(self, outcome: str) -> OutcomeForetold:
        if not self.outcomes:
            raise TooLittleData(
                self.sentence(),
                hint=Text("Ask first whether enough customers could be followed: found.known."),
            )
        return one_called(self.outcomes, "outcome", outcome)

    @property
    def known(self) -> bool:
        """Whether enough customers could be followed."""
        return bool(self.outcomes)

    def sentence(self) -> Text:
        """Return the verdict on money; those on repeat purchases and churn are in `outcomes`."""
        if not self.outcomes:
            return Text(
                "unknown: needs {needed} customers whose purchases are known before and after an answer,"
                " found {n}",
                needed=Count(FEWEST),
                n=Count(self.n),
            )
        return self["spend"].verdict

    def to_frame(self) -> pl.DataFrame:
        """Return one row an outcome and number: alone, added, over_nps, auc, each with limits."""
        rows = [_row(outcome.outcome, one) for outcome in self.outcomes for one in outcome]
        figures = [f"{name}{end}" for name in ("alone", "added", "over_nps", "auc") for end in _ENDS]
        schema = {"outcome": pl.String, "number": pl.String} | dict.fromkeys(figures, pl.Float64)
        return pl.DataFrame(rows, schema=schema)

    def chart(self, style: Style | None = None, *, outcome: Outcome = "spend") -> Chart:
        """Draw what each number foretells of an outcome: alone, and added to past behaviour."""
        from leal.charts import Style, foretold_numbers

        words = {name: str(text) for name, text in NUMBER_WORDS.items()}
        frame = self.to_frame().filter(pl.col("outcome") == outcome)
        named = frame.with_columns(name=pl.col("number").replace_strict(words, return_dtype=pl.String))
        return foretold_numbers(named, style or Style())


_ENDS = ("", "_low", "_high")


def _row(outcome: str, one: NumberForetold) -> dict[str, object]:
    row: dict[str, object] = {"outcome": outcome, "number": one.name}
    for name in ("alone", "added", "over_nps", "auc"):
        row |= with_limits(name, getattr(one, name))
    return row


def which_number(
    answers: FrameLike,
    purchases: FrameLike,
    *,
    margin: float | None = None,
    money: Literal["amount", "margin"] | None = None,
    since: Until | None = None,
    window: int | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> WhichNumber:
    """Tell which number foretells what customers spend, whether they buy again, whether they leave.

    Parameters
    ----------
    answers : dataframe or path
        Table `answers`: customer, answered_at, recommend (0 to 10); satisfaction and the items of an index
        where they were asked.
    purchases : dataframe or path
        Table `purchases`.
    margin : float, optional
        Margin as a share of the amount; spend is margin then.
    money : {"amount", "margin"}, optional
        What spend is counted from; margin where `margin` is given, else the amount.
    since : date, text or day number, optional
        First day of the outcomes, the same for all; answers of that day and later are refused. By default
        each customer's outcomes begin the day after the answer.
    window : int, optional
        Days of purchases before and after the answer; by default the longest of 365, 182 and 91 that 400
        customers have.
    level : float
        Confidence level.
    seed : int
        Seed of the resamples.

    Returns
    -------
    WhichNumber
        Without outcomes where fewer than 100 customers can be followed.

    Raises
    ------
    MissingColumn
        Answers without customer, day or score, purchases without customer, day or amount.
    BadValue
        All answers are younger than the outcomes.

    Notes
    -----
    All numbers are of the same answer of the same customers: NPS groups (three), mean score (0 to 10 as a
    number), top two boxes of satisfaction, satisfaction, and the person's indices of satisfaction and loyalty
    where the items are there. Each is tried alone and beside past behaviour (purchase days, days since the
    last, spend in the window up to the answer), learnt on four fifths of the customers and judged on the
    last: `leal.statistics.foretold_out_of_sample`. Spend and purchase days above their 99 % quantile are held
    at it. A verdict is sure where the interval of a difference, widened for the number of comparisons
    (Bonferroni), leaves zero out. All of this is foretelling, not causing: that a number foretells money does
    not say that raising it earns any.

    References
    ----------
    Morgan and Rego (2006), Marketing Science 25(5); de Haan, Verhoef and Wiesel (2015), International Journal
    of Research in Marketing 32(2).
    """
    checked_level(level)
    require_margin(margin)
    require_count(seed, "seed")
    column = money or ("margin" if margin is not None else "amount")
    framed = score_windows(answers, purchases, money=column, margin=margin, since=since, window=window)
    return foretelling_of(framed, level=level, seed=seed)


def foretelling_of(framed: ScoreWindows, *, level: float = 0.95, seed: int = 0) -> WhichNumber:
    """Return `which_number` of customers that stand between their purchases already."""
    designs, rows, notes = designs_of(framed)
    curve = score_curve(framed.frame, level)
    told = (*framed.notes, *notes)
    if rows.height < FEWEST:
        return WhichNumber(
            outcomes=(), curve=curve, n=rows.height, window=framed.window, level=level, notes=told
        )
    columns = {_PAST: past_behaviour(rows)} | {name: one.columns for name, one in designs.items()}
    sets: dict[str, tuple[str, ...]] = {_PAST: (_PAST,)}
    for name in designs:
        sets |= {name: (name,), _beside(name): (_PAST, name)}
    values: dict[str, np.ndarray] = {outcome: _values(rows, outcome) for outcome in OUTCOMES}
    units = rows["customer"].hash(seed=5).to_numpy()
    found = foretold_out_of_sample(columns, sets, values, units, seed=seed)
    areas = areas_under_curve([-one.order for one in designs.values()], values["churn"], level)
    outcomes = tuple(
        _outcome(found[name], name, tuple(designs), areas if name == "churn" else None, level, framed.window)
        for name in OUTCOMES
    )
    return WhichNumber(
        outcomes=outcomes,
        curve=curve,
        n=rows.height,
        window=framed.window,
        level=level,
        notes=(*told, _not_causing()),
    )


def _beside(name: str) -> str:
    return f"{name} beside {_PAST}"


def _outcome(
    found: Foretold,
    outcome: Outcome,
    names: tuple[str, ...],
    areas: AreasUnderCurve | None,
    level: float,
    window: int,
) -> OutcomeForetold:
    nps, tries = NUMBERS[0], max(len(names) - 1, 1)
    others = {name: found.more(name, nps, 1 - (1 - level) / tries) for name in names[1:]}
    added = {name: found.more(_beside(name), _PAST, 1 - (1 - level) / len(names)) for name in names}
    adds = tuple(name for name, one in added.items() if one.ci_low > 0)
    numbers = [_number(found, name, place, areas, level) for place, name in enumerate(names)]
    ordered = tuple(sorted(numbers, key=lambda one: -one.alone.estimate))
    past, winner = found.share(_PAST, level), _winner(others)
    return OutcomeForetold(
        outcome=outcome,
        numbers=ordered,
        past=past,
        winner=winner,
        adds=adds,
        verdict=verdict_of(outcome, ordered, past, winner, adds, window),
    )


def _number(
    found: Foretold, name: str, place: int, areas: AreasUnderCurve | None, level: float
) -> NumberForetold:
    first = place == 0
    return NumberForetold(
        name=name,
        alone=found.share(name, level),
        added=found.more(_beside(name), _PAST, level),
        over_nps=None if first else found.more(name, NUMBERS[0], level),
        auc=areas.area(place) if areas else None,
        auc_over_nps=areas.difference(place, 0) if areas and not first else None,
    )


def _values(rows: pl.DataFrame, outcome: Outcome) -> np.ndarray:
    if outcome == "churn":
        return rows["gone"].to_numpy().astype(float)
    values = rows[outcome].cast(pl.Float64).to_numpy()
    held: np.ndarray = np.minimum(values, np.quantile(values, WINSORISED))
    return held


def _winner(others: Mapping[str, Proportion]) -> str | None:
    better = {name: one.estimate for name, one in others.items() if one.ci_low > 0}
    if better:
        return max(better, key=lambda name: better[name])
    if others and all(one.ci_high < 0 for one in others.values()):
        return NUMBERS[0]
    return None


def _not_causing() -> Note:
    text = Text("That a number foretells money does not say that raising the number earns any.")
    return Note(code="foretelling_is_not_causing", text=text)
