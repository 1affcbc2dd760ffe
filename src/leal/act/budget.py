"""What to fund with a budget: by diminishing returns, or all or nothing; and how surely each is funded."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from leal.act.action_values import ActionValue, ActionValues
from leal.act.uncertain import Floats
from leal.errors import BadValue, Where
from leal.results import Note
from leal.statistics import limits_of_draws
from leal.wording import Amount, Listing, RoundAmount, Text

if TYPE_CHECKING:
    import polars as pl

CHOICES = 500
"""Draws for which a budget is dealt out anew: enough for a probability to within .04."""

_AS_GOOD_AS_NOTHING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one action gets of a budget.

    Attributes
    ----------
    action : str
        Its name.
    amount, low, high : float
        Money: at the middle of what is known, and the interval over the draws.
    funded : bool
        Whether it gets anything.
    chance : float or None
        Probability that it is funded at all; None without draws.
    """

    action: str
    amount: float
    low: float
    high: float
    funded: bool
    chance: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """A budget dealt out over actions of diminishing returns.

    Attributes
    ----------
    shares : tuple of Share
        In the order given.
    budget : float
        Money to spend.
    value : float
        What it brings: sum of b ln(1 + x/c).
    marginal : float
        What one more unit of money would bring.
    level : float
        Level of the intervals.
    """

    shares: tuple[Share, ...]
    budget: float
    value: float
    marginal: float
    level: float

    def to_frame(self) -> pl.DataFrame:
        """Return one row an action."""
        return _frame(self.shares)

    def sentence(self) -> Text:
        """Return what is funded, in words."""
        funded = [share for share in self.shares if share.funded]
        parts = [
            Text("{action} {amount}", action=share.action, amount=Amount(share.amount)) for share in funded
        ]
        return Text(
            "Of {budget}: {parts}. One more unit would bring {marginal}.",
            budget=Amount(self.budget),
            parts=Listing.of(parts),
            marginal=self.marginal,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """Which actions a budget funds, each whole or not at all.

    Attributes
    ----------
    shares : tuple of Share
        In the order of the actions; `amount` is the cost of a funded one, 0 of the others.
    budget, spent : float
        Money there is, and what the funded cost now.
    value : float
        Expected value of the funded ones, after their cost.
    currency : str or None
        ISO code.
    notes : tuple of Note
        What was left out.
    """

    shares: tuple[Share, ...]
    budget: float
    spent: float
    value: float
    currency: str | None = None
    notes: tuple[Note, ...] = ()

    @property
    def funded(self) -> tuple[str, ...]:
        """The names of those funded."""
        return tuple(share.action for share in self.shares if share.funded)

    def to_frame(self) -> pl.DataFrame:
        """Return one row an action."""
        return _frame(self.shares)

    def sentence(self) -> Text:
        """Return what is funded, in words."""
        if not self.funded:
            return Text(
                "None of the actions is expected to pay within {budget}.",
                budget=RoundAmount(self.budget, self.currency),
            )
        return Text(
            "{budget} funds {actions}; they are expected to bring {value} after their cost.",
            budget=RoundAmount(self.budget, self.currency),
            actions=Listing.of(self.funded),
            value=RoundAmount(self.value, self.currency),
        )


def allocate_budget(
    returns: Mapping[str, float] | Sequence[float],
    saturation: Mapping[str, float] | Sequence[float] | float,
    budget: float,
    *,
    draws: npt.ArrayLike | None = None,
    level: float = 0.95,
) -> Allocation:
    """Deal a budget out over actions whose returns diminish.

    Parameters
    ----------
    returns : mapping or sequence
        b of each action: what it brings once 1.72 times its c is spent on it.
    saturation : mapping, sequence or float
        c of each action, above zero: the money from which its returns flatten.
    budget : float
        Money to spend, all of it.
    draws : array of shape (draws, actions), optional
        Draws of b (of `action_value(...).gains`, or bootstrap): they give intervals and the probability that
        each action is funded.
    level : float
        Level of the intervals.

    Returns
    -------
    Allocation

    Raises
    ------
    BadValue
        A number is missing or out of range.

    Notes
    -----
    Maximises sum of b_j ln(1 + x_j/c_j) under sum of x_j = budget, x_j >= 0: x_j = max(0, b_j/lambda - c_j).
    The actions are taken in the order of b/c, so lambda is found without iteration. Not for projects that
    work only when done whole: `fund_actions` is.

    Examples
    --------
    >>> found = allocate_budget({"lobby": 10, "app": 6, "gifts": 2}, 10, 20)
    >>> [round(share.amount, 6) for share in found.shares]
    [15.0, 5.0, 0.0]
    """
    names = list(returns) if isinstance(returns, Mapping) else [str(place) for place in range(len(returns))]
    b = np.array([_of(returns, name, place) for place, name in enumerate(names)], dtype=np.float64)
    c = np.array([_of(saturation, name, place) for place, name in enumerate(names)], dtype=np.float64)
    _check(b, c, budget)
    amounts, marginal = _dealt(b[None, :], c, budget)
    drawn = None if draws is None else _dealt(_as_draws(draws, len(names)), c, budget)[0]
    return Allocation(
        shares=tuple(
            _share(name, amounts[0, place], None if drawn is None else drawn[:, place], level)
            for place, name in enumerate(names)
        ),
        budget=budget,
        value=float(np.sum(b * np.log1p(amounts[0] / c))),
        marginal=float(marginal[0]),
        level=level,
    )


def fund_actions(
    values: ActionValues, budget: float, *, choices: int = CHOICES, level: float = 0.95
) -> Funding:
    """Choose the actions that a budget funds, each whole or not at all.

    Parameters
    ----------
    values : ActionValues
        What `leal.action_value` gave for a list of actions; those of unknown value are left out, with a note.
    budget : float
        Money for their cost (later years discounted).
    choices : int
        In how many of the joint draws the choice is made anew, for the probability of being funded.
    level : float
        Level of the intervals of amounts.

    Returns
    -------
    Funding
        The choice with the highest expected value; `chance` of each action is the share of draws in which
        the best choice holds it: near 1 or 0 the choice is clear, about one half it is a toss-up.

    Notes
    -----
    A knapsack: maximise the sum of expected values under sum of costs <= budget, by integer programming
    (`scipy.optimize.milp`, HiGHS). Nothing is funded that is expected to lose money.
    """
    if not budget >= 0 or not math.isfinite(budget):
        raise _no_budget(budget)
    known = [values[name] for name in values.names]
    chosen = np.zeros(0)
    chance = np.zeros(0)
    costs = np.array([value.cost.estimate for value in known])
    expected = np.array([value.expected for value in known])
    if known:
        chosen = _knapsack(expected, costs, budget)
        rows = np.linspace(0, len(values.draws) - 1, min(choices, len(values.draws))).astype(int)
        taken = [_knapsack(values.draws[row], values.costs[row], budget) for row in rows]
        chance = np.mean(taken, axis=0)
    limits = [limits_of_draws(cost, level) for cost in values.costs.T]
    shares = tuple(
        Share(
            action=value.action,
            amount=float(value.cost.estimate * chosen[place]),
            low=float(limits[place][0] * chosen[place]),
            high=float(limits[place][1] * chosen[place]),
            funded=bool(chosen[place]),
            chance=float(chance[place]),
        )
        for place, value in enumerate(known)
    )
    return Funding(
        shares=shares,
        budget=budget,
        spent=float(costs @ chosen) if known else 0.0,
        value=float(expected @ chosen) if known else 0.0,
        currency=values.total.currency,
        notes=(*values.total.notes, *_pilots(known, chosen)),
    )


def _pilots(known: list[ActionValue], chosen: Floats) -> tuple[Note, ...]:
    """Return the note that funded actions may only run as pilots, where the register says so."""
    names = [value.action for value, taken in zip(known, chosen, strict=True) if taken and value.reasons]
    if not names:
        return ()
    text = Text(
        "Only as a pilot, for the register lacks something: {actions}. Their `reasons` say what.",
        actions=Listing.of(names),
    )
    return (Note(code="pilots", text=text),)


def _knapsack(values: Floats, costs: Floats, budget: float) -> Floats:
    """Return 1 for each that is chosen, 0 for the others."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    worth = (values > 0) & (costs <= budget)
    chosen = np.zeros(len(values))
    if not worth.any() or costs[worth].sum() <= budget:
        chosen[worth] = 1
        return chosen
    size = float(np.abs(values[worth]).max())
    found = milp(
        -values[worth] / size,
        constraints=LinearConstraint(costs[None, worth] / budget, -np.inf, 1.0),
        integrality=np.ones(int(worth.sum()), dtype=np.int64),
        bounds=Bounds(0, 1),
    )
    chosen[worth] = np.round(np.asarray(found.x, dtype=np.float64))
    return chosen


def _dealt(b: Floats, c: Floats, budget: float) -> tuple[Floats, Floats]:
    """Return amounts and marginal value for each row of b."""
    first_unit = b / c
    order = np.argsort(-first_unit, axis=1)
    sorted_b = np.take_along_axis(b, order, axis=1)
    sorted_c = c[order]
    prices = np.cumsum(sorted_b, axis=1) / (budget + np.cumsum(sorted_c, axis=1))
    # an action is in while its first unit brings more than the price with it and all better ones
    inside = np.take_along_axis(first_unit, order, axis=1) > prices - _AS_GOOD_AS_NOTHING * np.abs(prices)
    count = np.maximum(np.cumprod(inside, axis=1).sum(axis=1).astype(int), 1)
    price = prices[np.arange(len(b)), count - 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        amounts = np.maximum(0.0, b / price[:, None] - c)
    worthless = price <= 0
    amounts[worthless] = 0.0
    return amounts, np.where(worthless, 0.0, price)


def _share(name: str, amount: float, drawn: Floats | None, level: float) -> Share:
    low, high = (amount, amount) if drawn is None else limits_of_draws(drawn, level)
    return Share(
        action=name,
        amount=float(amount),
        low=float(low),
        high=float(high),
        funded=bool(amount > _AS_GOOD_AS_NOTHING),
        chance=None if drawn is None else float(np.mean(drawn > _AS_GOOD_AS_NOTHING)),
    )


def _of(values: Mapping[str, float] | Sequence[float] | float, name: str, place: int) -> float:
    if isinstance(values, Mapping):
        return float(values.get(name, math.nan))
    if isinstance(values, int | float):
        return float(values)
    return float(values[place]) if place < len(values) else math.nan


def _as_draws(draws: npt.ArrayLike, actions: int) -> Floats:
    found = np.asarray(draws, dtype=np.float64)
    if found.ndim != 2 or found.shape[1] != actions or not len(found) or not np.all(np.isfinite(found)):
        raise BadValue(
            Text("The draws are not one row a draw and one number an action."),
            hint=Text("Give an array of shape (draws, actions) without gaps."),
            where=Where(column="draws"),
        )
    return np.maximum(found, 0.0)


def _check(b: Floats, c: Floats, budget: float) -> None:
    if not math.isfinite(budget) or budget <= 0:
        raise _no_budget(budget)
    for name, values, fine in (("returns", b, b >= 0), ("saturation", c, c > 0)):
        if not values.size or not np.all(np.isfinite(values) & fine):
            raise BadValue(
                Text("{name} holds a number that cannot be used.", name=name),
                hint=Text("Give a number for each action: returns from zero up, saturation above zero."),
                where=Where(column=name),
            )


def _no_budget(budget: float) -> BadValue:
    return BadValue(
        Text("The budget {budget} cannot be dealt out.", budget=str(budget)),
        hint=Text("Give an amount of money above zero."),
        where=Where(column="budget"),
    )


def _frame(shares: tuple[Share, ...]) -> pl.DataFrame:
    import polars as pl

    rows = [{field.name: getattr(one, field.name) for field in fields(one)} for one in shares]
    return pl.DataFrame(rows, infer_schema_length=None)
