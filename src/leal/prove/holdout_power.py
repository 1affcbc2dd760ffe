"""What a holdout that was drawn will be able to show, in money a head or in the share who buy again."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import polars as pl

from leal.engine import FrameLike, as_date, collect, lazy, require_column
from leal.errors import BadValue, Where
from leal.measure import BEFORE_DAYS, PAST_HELPS, is_control_word
from leal.prove.customer_money import CountedMoney, counted_money
from leal.prove.planning import detectable_effect, plan_experiment
from leal.results import Basis, Note, Result, checked_count, checked_level, checked_number, is_number
from leal.statistics import skewness_of
from leal.wording import Count, Decimal, Formatted, Percent, RoundAmount, Text, in_a_row, plural

CERTAINTY = 0.8
"""Chance of showing an effect that is there: the usual one of plans."""

WORTH_FINDING = 0.1
"""Effect that a holdout is measured against where nobody says: a tenth of what a customer brings."""

POINTS_WORTH_FINDING = 0.05
"""The same of the share of customers who buy again."""

SHARES_TO_ADVISE = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
"""Shares to hold out that are advised; check 3 takes them for meant even where no plan is told."""

_MOST_CORRELATION = 0.99
_FEWEST_BUYERS = 10
_FEW_HELD_OUT = 100
_DAYS_IN_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldoutPower(Result):
    """What a holdout will show.

    Attributes
    ----------
    unit : {"money", "share"}
        Money a head, or the share of customers who buy again (.05 is five percentage points).
    effect : float
        Smallest effect a head that is shown with the chance `power`; not-a-number where it is unknown.
    typical : float or None
        What a customer brings in that time, or the share who buy; None where that is not known.
    weeks : int or None
        Weeks that the outcome is counted over.
    treated, held_out : int
        Customers of each arm.
    wanted : float or None
        Smallest effect worth finding.
    needed_share : float or None
        Share of these customers to hold out so that `wanted` is shown; None where even half is too little.
    needed_customers : int or None
        Customers, half of them held out, with whom `wanted` is shown.
    pays_from : float or None
        Effect a head from which on the action is shown to earn more than its cost.
    cost : float or None
        Cost a treated customer.
    correlation : float
        Of the money with that of the half year before; 0 where it is of no help.
    power, level : float
        Chance of showing the effect if it is there; confidence level.
    currency : str or None
    basis : {"revenue", "margin"}
    notes : tuple of Note
    """

    unit: Literal["money", "share"]
    effect: float
    treated: int
    held_out: int
    typical: float | None = None
    weeks: int | None = None
    wanted: float | None = None
    needed_share: float | None = None
    needed_customers: int | None = None
    pays_from: float | None = None
    cost: float | None = None
    correlation: float = 0.0
    power: float = CERTAINTY
    level: float = 0.95
    currency: str | None = None
    basis: Basis = "revenue"
    notes: tuple[Note, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there was enough to tell."""
        return math.isfinite(self.effect)

    @property
    def enough(self) -> bool:
        """Whether the smallest effect worth finding is shown."""
        return self.known and self.wanted is not None and self.effect <= self.wanted

    def sentence(self) -> Text:
        """Return what it shows, whether that is enough, and what would be."""
        return in_a_row(self.sentences())

    def sentences(self) -> tuple[Text, ...]:
        """Return the same, thought by thought."""
        if not self.known:
            return (self.notes[0].text,)
        told = (self._shown(), self._verdict(), self._pays())
        return tuple(one for one in told if one is not None)

    def _shown(self) -> Text:
        if self.unit == "share":
            return Text(
                "If the action changes the share of customers who buy again by {effect} or more, this holdout"
                " shows it with {power} certainty.",
                power=Percent(self.power),
                effect=self._written(self.effect),
            )
        words = plural(
            "If the action changes what a customer brings in {count} week by {effect} or more, this holdout"
            " shows it with {power} certainty.",
            "If the action changes what a customer brings in {count} weeks by {effect} or more, this holdout"
            " shows it with {power} certainty.",
            self.weeks or 0,
            power=Percent(self.power),
            effect=self._written(self.effect),
        )
        if not self.typical or self.typical < 0:
            return words
        beside = Text(
            "That is {part} of the {typical} that a customer brings in that time now.",
            part=Percent(self.effect / self.typical),
            typical=self._written(self.typical),
        )
        return in_a_row([words, beside])

    def _verdict(self) -> Text | None:
        if self.wanted is None:
            return None
        wanted = self._written(self.wanted)
        if self.enough:
            return Text("It is large enough to find a change of {wanted}.", wanted=wanted)
        if self.needed_share is not None:
            return Text(
                "It is too small to find a change of {wanted}: hold {share} of these customers out.",
                wanted=wanted,
                share=Percent(self.needed_share),
            )
        words = Text(
            "It is too small to find a change of {wanted}, and so would be half of these customers: that"
            " needs {customers} customers, half of them held out.",
            wanted=wanted,
            customers=Count(self.needed_customers or 0),
        )
        if self.unit == "share":
            return words
        return in_a_row([words, Text("With more weeks it needs fewer.")])

    def _pays(self) -> Text | None:
        if self.pays_from is None or self.cost is None:
            return None
        return Text(
            "A treated customer costs {cost}: that the action pays will be shown, with the same certainty, if"
            " each of them brings {effect} more.",
            cost=self._written(self.cost),
            effect=self._written(self.pays_from),
        )

    def _written(self, value: float) -> Formatted | Text:
        if self.unit == "money":
            return RoundAmount(value, self.currency)
        return Text("{value} percentage points", value=Decimal(100 * value, 1))


def share_power(
    held_out: int,
    treated: int,
    *,
    share: float = 0.5,
    wanted: float | None = None,
    power: float = CERTAINTY,
    level: float = 0.95,
) -> HoldoutPower:
    """Tell what a holdout will show of the share of customers who do something, as buying again.

    Parameters
    ----------
    held_out, treated : int
        Customers of each arm.
    share : float
        Share of those held out who are expected to do it; a half is the case that is hardest to show.
    wanted : float, optional
        Smallest change worth finding; by default .05, five percentage points.
    power, level : float
        Chance of showing the effect if it is there; confidence level.

    Returns
    -------
    HoldoutPower

    Examples
    --------
    >>> found = share_power(400, 3600)
    >>> round(found.effect, 3), found.needed_share
    (0.074, 0.3)
    """
    if not 0 < share < 1:
        raise BadValue(
            Text("A share of {share} leaves nothing to change.", share=str(share)),
            hint=Text("Give a fraction between 0 and 1, for example 0.5."),
            where=Where(column="share"),
        )
    for name, customers in (("held_out", held_out), ("treated", treated)):
        if not (is_number(customers) and customers > 0):
            raise BadValue(
                Text("Of two arms each has customers: {name} is {value}.", name=name, value=str(customers)),
                hint=Text("Give how many customers are in each arm."),
                where=Where(column=name),
            )
    plain = HoldoutPower(
        unit="share", effect=math.nan, typical=share, treated=treated, held_out=held_out, power=power
    )
    return _planned(
        replace(plain, level=checked_level(level)),
        _Spread(math.sqrt(share * (1 - share))),
        wanted or POINTS_WORTH_FINDING,
    )


def money_power(
    drawn: FrameLike,
    purchases: FrameLike,
    *,
    weeks: int = 12,
    wanted: float | None = None,
    part: float | None = None,
    cost: float | None = None,
    margin: float | None = None,
    currency: str | None = None,
    power: float = CERTAINTY,
    level: float = 0.95,
) -> HoldoutPower:
    """Tell the smallest effect in money a head that a holdout will show, from what its customers bought.

    Parameters
    ----------
    drawn : dataframe or path
        What `assign` returned: customer, arm; one arm treated, the others held out.
    purchases : dataframe or path
        The table `purchases`: customer, bought_at, amount, and where known margin.
    weeks : int
        Weeks over which the money will be counted.
    wanted : float, optional
        Smallest effect a head worth finding, in money; by default `part` of what a customer brings.
    part : float, optional
        The same as a part of what a customer brings in these weeks; a tenth by default.
    cost : float, optional
        Cost a treated customer.
    margin : float, optional
        Margin as a share of revenue, where there is no column of it.
    currency : str, optional
        Currency to count, where purchases have several.
    power, level : float
        Chance of showing the effect if it is there; confidence level.

    Returns
    -------
    HoldoutPower
        Unknown (`known`) where the purchases do not cover so many weeks, or where fewer than ten of these
        customers bought in the last of them.

    Notes
    -----
    The next weeks are taken to be like the last ones in the data: what each customer drawn brought in them,
    nothing where they did not buy, gives the standard deviation. Where the half year before explains at least
    2 % of its variance, that noise is taken out (CUPED), as check 3 of the audit does. The limits of a small
    arm of uneven money lean, as they will there, which asks for a larger gain (a loss is shown sooner).

    References
    ----------
    Hall (1992), On the removal of skewness by transformation, JRSS B 54, 221-228.
    Deng, Xu, Kohavi, Walker (2013), Improving the sensitivity of online controlled experiments, WSDM.
    """
    weeks = checked_count(weeks, "weeks", least=1)
    held_out, treated, people = _arms(drawn)
    money = counted_money(purchases, margin, currency)
    plain = HoldoutPower(
        unit="money",
        effect=math.nan,
        treated=treated,
        held_out=held_out,
        weeks=weeks,
        cost=None if cost is None else checked_number(cost, "cost", least=0.0),
        power=power,
        level=checked_level(level),
        currency=money.currency,
        basis=money.basis,
    )
    spent = _spent(people, money, weeks)
    if isinstance(spent, Note):
        return replace(plain, notes=(spent,))
    typical, spread = float(spent["money"].mean() or 0.0), _spread(spent)  # type: ignore[arg-type]
    if not spread.sd > 0:
        text = Text("All these customers brought the same: how far they differ is not known.")
        return replace(plain, notes=(Note(code="no_spread", text=text),))
    told = replace(plain, typical=typical, notes=_notes(held_out, money.basis))
    sought = wanted if wanted is not None else (part or WORTH_FINDING) * typical
    return _planned(told, spread, sought if sought > 0 else None)


def _planned(plain: HoldoutPower, spread: _Spread, wanted: float | None) -> HoldoutPower:
    """Return the power with what it shows and what `wanted` needs."""
    customers = plain.treated + plain.held_out

    def shown(share: float) -> float:
        return detectable_effect(
            customers,
            sd=spread.sd,
            shares={"control": share, "treated": 1 - share},
            correlation=spread.correlation,
            skewness=spread.skewness,
            power=plain.power,
            level=plain.level,
        )

    effect = shown(plain.held_out / customers)
    told = replace(plain, effect=effect, wanted=wanted, correlation=spread.correlation)
    if plain.cost is not None:
        told = replace(told, pays_from=plain.cost + effect)
    if wanted is None:
        return told
    halves = plan_experiment(
        wanted, sd=spread.sd, correlation=spread.correlation, power=plain.power, level=plain.level
    )
    needed = next((share for share in SHARES_TO_ADVISE if shown(share) <= wanted), None)
    return replace(told, needed_share=needed, needed_customers=halves.customers)


def _arms(drawn: FrameLike) -> tuple[int, int, pl.DataFrame]:
    frame = lazy(drawn)
    for column in ("customer", "arm"):
        require_column(frame, column, table="actions")
    people = collect(frame.select("customer", "arm")).cast(pl.String)
    held_out = sum(is_control_word(arm or "") for arm in people["arm"])
    if not 0 < held_out < people.height:
        raise BadValue(
            Text("Nobody was held out, or nobody was treated."),
            hint=Text("Draw the arms with leal.prove.assign(customers, name=...)."),
            where=Where(column="arm"),
        )
    return held_out, people.height - held_out, people


def _spent(people: pl.DataFrame, money: CountedMoney, weeks: int) -> pl.DataFrame | Note:
    """Return what each customer brought in the last weeks and in the half year before, or why not."""
    first, last = money.days["day"].min(), money.last
    if not isinstance(first, int) or last is None:
        return Note(code="no_purchases", text=Text("unknown: there are no purchases."))
    begin = last - _DAYS_IN_WEEK * weeks + 1
    if first > begin:
        text = Text(
            "unknown: the purchases cover {days} days, fewer than {weeks} weeks; ask for fewer weeks.",
            days=Count(last - first + 1),
            weeks=Count(weeks),
        )
        return Note(code="too_short", text=text)
    sums = money.days.group_by("customer").agg(
        money=money.since(begin, last),
        before=money.since(begin - BEFORE_DAYS, begin - 1),
        bought=((pl.col("day") >= begin) & (pl.col("amount") > 0)).any(),
    )
    found = people.join(sums, on="customer", how="left").with_columns(
        pl.col("money", "before").fill_null(0.0), pl.col("bought").fill_null(value=False)
    )
    if (buyers := int(found["bought"].sum())) < _FEWEST_BUYERS:
        text = Text(
            "unknown: too few of these customers ({count}) bought in the last weeks of the purchases, which"
            " end on {day}.",
            count=Count(buyers),
            day=as_date(last),
        )
        return Note(code="few_buyers", text=text)
    return found


@dataclass(frozen=True, slots=True)
class _Spread:
    """How customers differ: what the past does not explain of it has the skewness told."""

    sd: float
    correlation: float = 0.0
    skewness: float = 0.0


def _spread(spent: pl.DataFrame) -> _Spread:
    """Return how customers differ in money, and how far the past tells it, where that helps."""
    money, before = (spent[name].to_numpy() for name in ("money", "before"))
    if not (money.std() > 0 and before.std() > 0):
        return _Spread(float(money.std(ddof=1)), skewness=skewness_of(money))
    r = float(np.corrcoef(money, before)[0, 1])
    if r**2 < PAST_HELPS:
        return _Spread(float(money.std(ddof=1)), skewness=skewness_of(money))
    rest = money - r * money.std() / before.std() * before
    r = max(-_MOST_CORRELATION, min(_MOST_CORRELATION, r))
    return _Spread(float(money.std(ddof=1)), r, skewness_of(rest))


def _notes(held_out: int, basis: Basis) -> tuple[Note, ...]:
    notes = []
    if basis == "revenue":
        text = Text("Money is revenue, not margin: no margin is known.")
        notes.append(Note(code="revenue_not_margin", text=text))
    if held_out < _FEW_HELD_OUT:
        text = Text(
            "Fewer than {count} customers are held out: where a few customers spend most, an effect must be"
            " larger than told here to be shown.",
            count=Count(_FEW_HELD_OUT),
        )
        notes.append(Note(code="few_held_out", text=text))
    return tuple(notes)
