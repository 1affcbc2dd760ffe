"""The spine equation: what an action would bring, from noticing to money, by joint draws of its factors."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, overload

import numpy as np

from leal.act.action_values import ActionValue, ActionValues, Form
from leal.act.actions import Action
from leal.act.horizons import require_years
from leal.act.spine_parts import (
    cost_draws,
    entry_notes,
    factor_draws,
    factor_grades,
    form_of,
    gain_parts,
    middles,
    missing_factors,
    present_cost,
    worst_form,
)
from leal.act.uncertain import DRAWS, Floats, JointDraws, Quantity, Uncertain, as_uncertain, weakest
from leal.errors import BadOption, BadValue, Where
from leal.results import Grade, Money, Note
from leal.statistics import around_middle
from leal.wording import Text, plural

Kind = TypeVar("Kind", bound=Money)


@overload
def action_value(
    actions: Action,
    *,
    form: Literal["exact", "linear"] = ...,
    years: float | None = ...,
    referral_limit: Quantity | None = ...,
    level: float = ...,
    draws: int = ...,
    seed: int = ...,
) -> ActionValue: ...


@overload
def action_value(
    actions: Sequence[Action],
    *,
    form: Literal["exact", "linear"] = ...,
    years: float | None = ...,
    referral_limit: Quantity | None = ...,
    level: float = ...,
    draws: int = ...,
    seed: int = ...,
) -> ActionValues: ...


def action_value(
    actions: Action | Sequence[Action],
    *,
    form: Literal["exact", "linear"] = "exact",
    years: float | None = None,
    referral_limit: Quantity | None = None,
    level: float = 0.95,
    draws: int = DRAWS,
    seed: int = 0,
) -> ActionValue | ActionValues:
    """Tell what an action would bring in money, how sure that is, and on what evidence.

    Parameters
    ----------
    actions : Action or sequence of Action
        One entry of the register, or several; entries of one name and different segments are summed.
    form : {"exact", "linear"}
        Whether the value of retention is reckoned at the new retention, or along the tangent at the old one.
        Where only `value_link` is known it is always linear.
    years : float, optional
        Horizon within which money counts, .5 for half a year: give it to hold a forecast to what came. By
        default the lives of customers.
    referral_limit : quantity, optional
        Margin of all customers whom word of mouth can win: what all actions together win by it is capped
        there, for two actions cannot win the same customer twice.
    level : float
        Level of the intervals.
    draws : int
        Draws of the simulation.
    seed : int
        Its seed. Each factor has a stream by its name, so that the order of actions changes nothing.

    Returns
    -------
    ActionValue or ActionValues
        Estimate (at the middle of each factor), interval, `chance` that the value is above zero, `grade` of
        the weakest factor, parts, cost; unknown, naming what is missing, where a factor is not known.

    Raises
    ------
    BadValue
        An action and segment is there twice; two different quantities have one name; years are not above 0.

    Notes
    -----
    Value = customers x exposed x noticed x satisfaction x retention_link x value_link + repeat sales +
    word of mouth - cost. Exact: customers x margin x (V(r') - V(r)) with V(r) = r/(1 + i - r) and
    r' = r + exposed x noticed x satisfaction x retention_link, the mean retention of the segment; r' never
    passes 1. Within `years` money comes and customers leave steadily: V(r) = (1 - q^years)/(-log q), q =
    r/(1 + i). Facts about customers (retention link, value link, margin, retention, number) that two actions
    give alike are one quantity and drawn once; so is whatever bears one name. Shares are cut at 0 and 1.
    What does not go through satisfaction is a part of its own (`parts["direct"]`): customers x margin x
    ((1 + direct_spend) V(r' + direct_retention) - V(r')). Where an action is known to act in other ways
    (`other_ways`) and neither was measured, what it multiplies spend and leaving of noticers by is supposed
    to lie between half and double (lognormal, 95 in 100), and the note `other_ways_supposed` says so.

    Where `measured` is given, it replaces all but the cost. It, `repeat_sales` and `word_of_mouth` are money
    in all, whatever the horizon. The grade is that of the weakest factor; number,
    margin and retention of customers are read from the books and do not lower it.

    Not for actions that move the same customers twice: their effects on retention are added as if each were
    alone. A forecast of grade C or D is no proof: a link seen across customers need not be a cause.

    References
    ----------
    Rust, Zahorik and Keiningham (1995), Journal of Marketing 59(2), 58-70; Gupta and Lehmann (2003), Journal
    of Interactive Marketing 17(1), 9-24.

    Examples
    --------
    >>> lobby = Action(name="Lobby", customers=10_000, noticed=.4, satisfaction=4, retention_link=.004,
    ...                margin=120, retention=.8, cost=60_000)
    >>> [round(action_value(lobby, form=form).gain.estimate, 2) for form in ("exact", "linear")]
    [95912.81, 93866.67]
    """
    if form not in ("exact", "linear"):
        raise BadOption("form", form, ["exact", "linear"])
    alone = isinstance(actions, Action)
    entries = [actions] if isinstance(actions, Action) else list(actions)
    if not entries:
        raise BadValue(
            Text("There is no action to value."),
            hint=Text("Give one leal.Action or several."),
            where=Where(column="actions"),
        )
    _refuse_doubles(entries)
    require_years(years)
    joint = JointDraws(draws, seed)
    reckonings = {name: _of_name(parts, form, years, joint) for name, parts in _by_name(entries).items()}
    _cap_referrals(reckonings, as_uncertain(referral_limit, "referral_limit"), joint)
    values = tuple(one.value(level) for one in reckonings.values())
    return values[0] if alone else _together(reckonings, values, level)


@dataclass(kw_only=True)
class _Reckoning:
    """One action, all its segments: middles and draws of the parts of its gain, and of its cost."""

    action: Action
    segments: tuple[str, ...]
    form: Form
    years: float | None
    central: dict[str, float]
    drawn: dict[str, Floats]
    cost: float
    cost_drawn: Floats
    customers: float
    grades: Mapping[str, Grade]
    statuses: tuple[Action, ...]
    missing: tuple[str, ...]
    notes: tuple[Note, ...]

    @property
    def gain(self) -> float:
        return math.fsum(self.central.values())

    @property
    def gain_drawn(self) -> Floats:
        return np.asarray(np.sum(list(self.drawn.values()), axis=0))

    @property
    def known(self) -> bool:
        return math.isfinite(self.gain - self.cost)

    def money(self, kind: type[Kind], central: float, drawn: Floats, level: float, **more: Any) -> Kind:
        """Return an amount from its middle and its draws."""
        told: dict[str, Any] = {
            "n": self.customers,
            "currency": self.action.currency,
            "basis": "margin",
            "period": "once",
            "grade": weakest(list(self.grades.values())),
        }
        return around_middle(kind, central, drawn, level=level, **(told | more))

    def value(self, level: float) -> ActionValue:
        nets = self.gain_drawn - self.cost_drawn
        reasons = {reason: None for action in self.statuses for reason in action.reasons}
        return self.money(
            ActionValue,
            self.gain - self.cost,
            nets,
            level,
            notes=self.notes,
            action=self.action.name,
            segments=self.segments,
            gain=self.money(Money, self.gain, self.gain_drawn, level),
            cost=self.money(Money, self.cost, self.cost_drawn, level),
            parts={
                name: self.money(Money, middle, self.drawn[name], level)
                for name, middle in self.central.items()
            },
            chance=float(np.mean(nets > 0)) if self.known else None,
            expected=float(np.mean(nets)) if self.known else math.nan,
            standard_deviation=float(np.std(nets)) if self.known else math.nan,
            form=self.form,
            years=self.years,
            grades=self.grades,
            status="pilot" if reasons else "approved",
            reasons=tuple(reasons),
            missing=self.missing,
        )


def _refuse_doubles(entries: list[Action]) -> None:
    seen: set[tuple[str, str | None]] = set()
    for entry in entries:
        if (entry.name, entry.segment) in seen:
            raise BadValue(
                Text("The action {action} is in the register twice.", action=repr(entry.name)),
                hint=Text("Give each action one entry, or one for each segment."),
                where=Where(column="name"),
            )
        seen.add((entry.name, entry.segment))


def _by_name(entries: list[Action]) -> dict[str, list[Action]]:
    named: dict[str, list[Action]] = {}
    for entry in entries:
        named.setdefault(entry.name, []).append(entry)
    return named


def _of_name(
    entries: list[Action], form: Literal["exact", "linear"], years: float | None, joint: JointDraws
) -> _Reckoning:
    """Reckon one action over all its segments."""
    central: dict[str, float] = {}
    drawn: dict[str, Floats] = {}
    missing: dict[str, None] = {}
    notes: dict[str, Note] = {}
    forms: set[Form] = set()
    for entry in entries:
        used = form_of(entry, form)
        forms.add(used)
        missing |= dict.fromkeys(missing_factors(entry, used, years))
        middle = gain_parts(entry, used, middles(entry), years)
        draws = gain_parts(entry, used, factor_draws(entry, joint), years)
        for name in middle:
            central[name] = central.get(name, 0.0) + float(middle[name][0])
            drawn[name] = drawn.get(name, np.zeros(joint.draws)) + draws[name]
        notes |= {note.code: note for note in entry_notes(entry, used, joint)}
    return _Reckoning(
        action=entries[0],
        segments=tuple(entry.segment for entry in entries if entry.segment is not None),
        form=worst_form(forms),
        years=years,
        central=central,
        drawn=drawn,
        cost=math.fsum(present_cost(entry, [part.central for part in entry.costs]) for entry in entries),
        cost_drawn=np.sum([cost_draws(entry, joint) for entry in entries], axis=0),
        customers=math.fsum(float(middles(entry)("customers")[0]) for entry in entries),
        grades=factor_grades(entries, forms),
        statuses=tuple(entries),
        missing=tuple(missing),
        notes=tuple(notes.values()),
    )


def _cap_referrals(reckonings: dict[str, _Reckoning], limit: Uncertain | None, joint: JointDraws) -> None:
    """Scale down what all actions win by word of mouth where it is more than there is to win."""
    talking = [one for one in reckonings.values() if one.known and "word_of_mouth" in one.central]
    if limit is None or not talking:
        return
    most = np.maximum(joint.of(limit, "referral_limit"), 0)
    drawn = _scale(np.sum([np.maximum(one.drawn["word_of_mouth"], 0) for one in talking], axis=0), most)
    total = np.array([math.fsum(max(one.central["word_of_mouth"], 0) for one in talking)])
    middle = float(_scale(total, np.array([max(limit.central, 0.0)]))[0])
    note = Note(
        code="referrals_capped",
        text=Text("What the actions win by word of mouth is cut to the customers there are to win."),
    )
    for one in talking:
        won = one.drawn["word_of_mouth"]
        one.drawn["word_of_mouth"] = np.where(won > 0, won * drawn, won)
        if one.central["word_of_mouth"] > 0:
            one.central["word_of_mouth"] *= middle
        if middle < 1 or bool(np.any(drawn < 1)):
            one.notes = (*one.notes, note)


def _scale(won: Floats, most: Floats) -> Floats:
    return np.minimum(1.0, np.divide(most, won, out=np.ones_like(won), where=won > 0))


def _together(
    reckonings: dict[str, _Reckoning], values: tuple[ActionValue, ...], level: float
) -> ActionValues:
    known = {name: one for name, one in reckonings.items() if one.known}
    first = next(iter((known or reckonings).values()))
    gains = np.array([one.gain_drawn for one in known.values()]).T
    costs = np.array([one.cost_drawn for one in known.values()]).T
    middle = math.fsum(one.gain - one.cost for one in known.values()) if known else math.nan
    nets = (gains - costs).sum(axis=1) if known else np.full(0, math.nan)
    left_out = len(reckonings) - len(known)
    total = first.money(
        Money,
        middle,
        nets,
        level,
        n=math.fsum(one.customers for one in known.values()),
        grade=weakest([value.grade for value in values if value.known]),
        notes=(Note(code="unknown_left_out", text=_left_out(left_out)),) if left_out else (),
    )
    return ActionValues(values=values, total=total, names=tuple(known), gains=gains, costs=costs)


def _left_out(count: int) -> Text:
    return plural(
        "{count} action of unknown value is not in the total.",
        "{count} actions of unknown value are not in the total.",
        count,
    )
