"""Whom to treat, in money and words: the learnt rule against treating all and against treating nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl

from leal.engine import FrameLike, collect, lazy, require_column
from leal.errors import BadValue, Where
from leal.prove.customer_traits import CustomerTraits
from leal.prove.targeting_curves import TargetingCurve
from leal.prove.targeting_rows import plain_column
from leal.results import Money, Note, Result, known_or_none
from leal.statistics import RidgeFit
from leal.wording import Count, Percent, RoundAmount, Text

if TYPE_CHECKING:
    from leal.charts import Style

TargetingVerdict = Literal[
    "targeting_pays", "above_nobody_only", "not_above_all", "nothing_pays", "not_enough_data", "not_sound"
]

TARGETING_WORDS: dict[TargetingVerdict, Text] = {
    "targeting_pays": Text("Targeting pays"),
    "above_nobody_only": Text("Targeting pays, but it is not sure that it beats treating all"),
    "not_above_all": Text("Treating all pays, and targeting does not surely beat it"),
    "nothing_pays": Text("Neither targeting nor treating all surely pays"),
    "not_enough_data": Text("not enough data"),
    "not_sound": Text("not to be read: the arms do not look drawn by lot"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectGroup:
    """A group of customers by what was expected of them.

    Attributes
    ----------
    group : int
        From 1, the highest expectation first.
    n : int
    expected : float
        Mean gain expected per 1,000 of them treated, cost taken off, by models that did not see them.
    measured : Money
        The same as the lot shows it.
    """

    group: int
    n: int
    expected: float
    measured: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class UpliftFit(Result):
    """What was learnt of whom to treat, and what it is worth out of sample.

    All money is per 1,000 customers of the whole base, cost taken off, and measured on customers whom the
    rule did not see.

    Attributes
    ----------
    gain : Money
        What treating those worth it brings more than treating nobody.
    everybody : Money
        What treating all brings more than treating nobody.
    gain_over_all : Money
        What the rule brings more than treating all.
    curve : TargetingCurve
        The gain by depth (Qini's curve in money), those with the highest expected gain first.
    groups : tuple of EffectGroup
        Fifths by expected gain: what was expected, and what the lot shows.
    treated, left_alone : Money
        Gain per 1,000 *of them* treated, of those whom the rule treats and of those whom it leaves alone.
    treated_share : float
        Share of customers whom the rule treats.
    verdict : str
        A key of `TARGETING_WORDS`.
    traits, model
        How columns become numbers, and the effect learnt from all customers, for `scores`.
    value, cost
        What one unit of the outcome is worth (or the column that says it), and the cost a treated customer.
    n : int
        Customers judged: seven tenths of all; the others only taught the first rule.
    notes : tuple of Note
    """

    gain: Money
    everybody: Money
    gain_over_all: Money
    curve: TargetingCurve
    groups: tuple[EffectGroup, ...]
    treated: Money
    left_alone: Money
    treated_share: float
    verdict: TargetingVerdict
    traits: CustomerTraits
    model: RidgeFit
    value: float | str
    cost: float
    n: int
    notes: tuple[Note, ...] = ()

    @property
    def proved(self) -> bool:
        """Whether the rule surely beats both treating all and treating nobody."""
        return self.verdict == "targeting_pays"

    def sentence(self) -> Text:
        """Return the verdict with its money in words."""
        words = TARGETING_WORDS[self.verdict]
        if self.verdict in ("not_enough_data", "not_sound"):
            return Text("{verdict} (n = {n})", verdict=words, n=Count(self.n))
        gain, over = self.gain, self.gain_over_all
        return Text(
            "{verdict}. Treating {share} of customers, by expected effect x value, brings {gain} per 1,000"
            " customers ({level} {low} to {high}, n = {n}), treating all {all}; the difference is {over}"
            " ({over_low} to {over_high}).",
            verdict=words,
            share=Percent(self.treated_share),
            gain=RoundAmount(gain.estimate, gain.currency),
            level=Percent(gain.level),
            low=RoundAmount(gain.ci_low, gain.currency),
            high=RoundAmount(gain.ci_high, gain.currency),
            n=Count(self.n),
            all=RoundAmount(self.everybody.estimate, gain.currency),
            over=RoundAmount(over.estimate, gain.currency),
            over_low=RoundAmount(over.ci_low, gain.currency),
            over_high=RoundAmount(over.ci_high, gain.currency),
        )

    def to_frame(self) -> pl.DataFrame:
        """Return one row a group: group, n, expected, measured, ci_low, ci_high (per 1,000 treated)."""
        rows = [
            {
                "group": one.group,
                "n": one.n,
                "expected": known_or_none(one.expected),
                "measured": known_or_none(one.measured.estimate),
                "ci_low": known_or_none(one.measured.ci_low),
                "ci_high": known_or_none(one.measured.ci_high),
            }
            for one in self.groups
        ]
        kinds = dict.fromkeys(("expected", "measured", "ci_low", "ci_high"), pl.Float64)
        return pl.DataFrame(rows, schema={"group": pl.Int64, "n": pl.Int64, **kinds})

    def chart(self, style: Style | None = None) -> Any:
        """Return the gain by depth as a Vega-Altair chart."""
        return self.curve.chart(style)

    def scores(self, customers: FrameLike) -> pl.DataFrame:
        """Return for each customer what treating them is expected to bring, and whether to treat them.

        Parameters
        ----------
        customers : dataframe or path
            One row a customer with the covariates (and the column of `value`, where it is one).

        Returns
        -------
        polars.DataFrame
            ``customer`` (where there is one), ``effect`` (in the unit of the outcome), ``gain`` (money, cost
            taken off) and ``treat``; in the order given.

        Notes
        -----
        Single customers are told apart roughly; the money of the rule in all is what was measured.
        """
        frame = lazy(customers)
        named = [trait.name for trait in self.traits.traits]
        wanted = [*named, *([self.value] if isinstance(self.value, str) else [])]
        for column in wanted:
            require_column(frame, column, table="customers")
        read = collect(frame)
        table = read.select(plain_column(read, column) for column in dict.fromkeys(wanted))
        effect = self.model.foretold(self.traits.design(table))
        worth = worth_of(table, self.value)
        gain = worth * effect - self.cost
        who = [read["customer"]] if "customer" in read.columns else []
        columns = {"effect": effect, "gain": gain, "treat": gain > 0}
        return pl.DataFrame([*who, *[pl.Series(name, values) for name, values in columns.items()]])


def worth_of(table: pl.DataFrame, value: float | str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return what one unit of the outcome is worth for each customer."""
    if not isinstance(value, str):
        return np.full(table.height, float(value))
    worth = np.asarray(table[value].cast(pl.Float64, strict=False).to_numpy(), dtype=np.float64)
    if not np.all(np.isfinite(worth)):
        raise BadValue(
            Text("A customer has no value in {column}.", column=value),
            hint=Text(
                "Say for each customer what one unit of the outcome is worth, or give one figure for all."
            ),
            where=Where(column="value"),
        )
    return worth
