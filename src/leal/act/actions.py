"""The register of actions: what each is meant to change, what it costs, how it will be judged."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

from leal.act.uncertain import Quantity, Uncertain, as_uncertain
from leal.errors import BadOption, BadValue, Where
from leal.measure import DISCOUNT
from leal.results import Grade, Money, to_plain
from leal.wording import Text

Path = Literal["uniqueness", "economic", "emotional"]
"""The three ways to loyalty that an action may take."""

Status = Literal["approved", "pilot"]

SHARES = ("exposed", "noticed", "retention", "referrals_counted")
LINKS = ("retention_link", "value_link", "margin", "retention", "customers")
"""Facts about customers, not about one action: where two actions give the same one, it is drawn once."""

FACTORS = (
    "customers",
    "exposed",
    "noticed",
    "satisfaction",
    "retention_link",
    "value_link",
    "margin",
    "retention",
    "repeat_sales",
    "word_of_mouth",
    "referrals_counted",
    "direct_spend",
    "direct_retention",
    "cost",
    "measured",
)

DIRECT = ("direct_spend", "direct_retention")
"""Effects on all whom an action is for that do not go through satisfaction."""

SUPPOSED: dict[str, Uncertain] = dict.fromkeys(
    ("supposed_spend", "supposed_leaving"), Uncertain.lognormal(1.0, math.log(2) / 1.959964, grade="D")
)
"""What an action that acts in other ways too multiplies spend and leaving of noticers by, until measured.

Between half and double with 95 in 100: wide enough for most programmes, and an opinion (grade D).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One entry of the register of actions.

    A quantity may be given as a number (certain opinion), two numbers (ends of a range), three (lowest,
    likeliest, highest), any estimate of Leal, or an `Uncertain`; None where it is not known.

    Attributes
    ----------
    name : str
        What the action is called; entries of one name and different segments are one action.
    owner : str or None
        The person who answers for it.
    segment : str or None
        The customers that it is for.
    customers : quantity
        How many they are.
    exposed : quantity
        Share of them whom it reaches, 0..1; all of them by default.
    noticed : quantity
        Share of the exposed who notice it because of it (exposed minus unexposed), 0..1.
    satisfaction : quantity
        Points of satisfaction that it adds for those who notice.
    retention_link : quantity
        What one point of satisfaction adds to the probability of staying a year (.004 is .4 points of it).
    value_link : quantity
        Money that one more unit of retention adds to the value of a customer; not needed where `margin` and
        `retention` are given: margin (1 + i)/(1 + i - retention)^2.
    margin : quantity
        Money a customer brings a year.
    retention : quantity
        Probability of staying from one year to the next, 0..1.
    repeat_sales : quantity
        Further margin that the action brings in all, beyond retention (`leal.measure.value_of_moving`).
    word_of_mouth : quantity
        Margin of the customers that it wins in all by word of mouth.
    referrals_counted : quantity
        Share of that which `customers` or the value of a customer already hold, 0..1: not added again.
    direct_spend : quantity
        Share by which it changes the yearly money of those it is for, all of them, noticed or not (.05 is
        5 % more); `leal.prove.direct_effect` reads it from a pilot or an earlier outcome.
    direct_retention : quantity
        What it adds to their probability of staying a year, past what satisfaction does to it.
    other_ways : bool
        Whether it is known to act in other ways than by satisfaction too (a price, a call that sells, fewer
        contacts). Without `direct_spend` and `direct_retention` its forecast is then widened by what such
        actions may do, and says so.
    cost : quantity
        Money now.
    later_costs : tuple of quantities
        Money at the ends of years 1, 2, ...
    path : {"uniqueness", "economic", "emotional"} or None
        Way to loyalty that it takes.
    started_at, kill_date : datetime.date or None
        When it started; when it is stopped unless it has proved itself.
    noticing_question : str or None
        The question by which it will be known whether customers noticed.
    holdout : float or None
        Share of `customers` for whom, drawn by lot, nothing is done, above 0 and below 1. It is not taken off
        the value: `exposed` says whom the action reaches.
    measured : quantity
        What an experiment found: money a customer of those it is for, over the horizon, before cost. It
        replaces the forecast.
    discount : float
        Rate of interest a year.
    currency : str or None
        ISO code of the money.

    Examples
    --------
    >>> lobby = Action(name="New lobby", customers=10_000, noticed=.4, cost=60_000)
    >>> lobby.status
    'pilot'
    >>> print(lobby.reasons[0])
    No owner: nobody answers for it.
    """

    name: str = field(kw_only=False)
    owner: str | None = None
    segment: str | None = None
    customers: Quantity | None = None
    exposed: Quantity | None = 1.0
    noticed: Quantity | None = None
    satisfaction: Quantity | None = None
    retention_link: Quantity | None = None
    value_link: Quantity | None = None
    margin: Quantity | None = None
    retention: Quantity | None = None
    repeat_sales: Quantity | None = None
    word_of_mouth: Quantity | None = None
    referrals_counted: Quantity | None = None
    direct_spend: Quantity | None = None
    direct_retention: Quantity | None = None
    other_ways: bool = False
    cost: Quantity | None = None
    later_costs: tuple[Quantity, ...] = ()
    path: Path | None = None
    started_at: dt.date | None = None
    kill_date: dt.date | None = None
    noticing_question: str | None = None
    holdout: float | None = None
    measured: Quantity | None = None
    discount: float = DISCOUNT
    currency: str | None = None

    def __post_init__(self) -> None:
        if not str(self.name or "").strip():
            raise BadValue(
                Text("An action has no name."),
                hint=Text("Give each action a short name of its own."),
                where=Where(column="name"),
            )
        if self.path is not None and self.path not in get_args(Path):
            raise BadOption("path", self.path, list(get_args(Path)))
        if not self.discount > 0:
            raise self._wrong("discount", str(self.discount), Text("Give a rate of interest above 0."))
        self._check_quantities()
        self._check_currencies()
        self._check_dates()

    def factor(self, name: str) -> Uncertain | None:
        """Return a factor with its uncertainty; None where it is not known."""
        if name in SUPPOSED:
            return SUPPOSED[name] if self.supposed else None
        return as_uncertain(getattr(self, name), name)

    @property
    def supposed(self) -> bool:
        """Whether it acts in other ways than by satisfaction, and nothing is known of how much."""
        known = any(getattr(self, name) is not None for name in DIRECT)
        return self.other_ways and not known and self.measured is None

    @property
    def costs(self) -> tuple[Uncertain, ...]:
        """The costs of now and of the ends of years 1, 2, ..., empty where the cost is not known."""
        now = self.factor("cost")
        later = [as_uncertain(cost, "later_costs") for cost in self.later_costs]
        return () if now is None else (now, *(cost for cost in later if cost is not None))

    @property
    def grades(self) -> dict[str, Grade]:
        """How well each known factor is founded; the costs are not among them."""
        known = {name: self.factor(name) for name in (*FACTORS, *SUPPOSED) if name != "cost"}
        told = {name: factor.grade for name, factor in known.items() if factor is not None}
        return {name: grade for name, grade in told.items() if name != "exposed" or self.exposed != 1.0}

    @property
    def status(self) -> Status:
        """Whether it may be approved: without cost, owner, noticing question or holdout it is a pilot."""
        return "pilot" if self.reasons else "approved"

    @property
    def reasons(self) -> tuple[Text, ...]:
        """Why it can only be a pilot, in words; empty where it may be approved."""
        gates = (
            (self.owner, Text("No owner: nobody answers for it.")),
            (self.factor("cost"), Text("No cost: whether it pays cannot be said.")),
            (self.noticing_question, Text("No noticing question: nobody will know whether it was noticed.")),
            (self.holdout, Text("No holdout: what would have happened without it will not be known.")),
        )
        return tuple(reason for given, reason in gates if given is None or given == "")

    def to_dict(self) -> dict[str, Any]:
        """Return the entry as plain JSON values; quantities as their middle and 95 % range."""
        plain = {one.name: getattr(self, one.name) for one in fields(self)}
        plain |= {name: _told(self.factor(name)) for name in FACTORS}
        plain["later_costs"] = [_told(cost) for cost in self.costs[1:]]
        return to_plain(plain | {"status": self.status, "reasons": self.reasons})  # type: ignore[no-any-return]

    def _check_quantities(self) -> None:
        for name in FACTORS:
            factor = self.factor(name)
            if factor is None:
                continue
            # a share that was estimated as a difference may come out below zero; one that is said may not
            least = -1 if factor.kind in ("normal", "drawn") else 0
            if name in SHARES and not least <= factor.central <= 1:
                hint = Text("Give a fraction from 0 to 1, as .35 for 35 %.")
                raise self._wrong(name, str(factor.central), hint)
            if name == "direct_retention" and not -1 <= factor.central <= 1:
                hint = Text("Give the change of a probability, as .02 for two points more who stay.")
                raise self._wrong(name, str(factor.central), hint)
            if name == "direct_spend" and factor.central < -1:
                hint = Text(
                    "Give the change as a share, as .05 for 5 % more: nobody can spend less than nothing."
                )
                raise self._wrong(name, str(factor.central), hint)
            if name in ("customers", "cost") and factor.central < 0:
                raise self._wrong(name, str(factor.central), Text("Give a number from zero up."))
        if any(cost.central < 0 for cost in self.costs):
            raise self._wrong("later_costs", str(self.later_costs), Text("Give a number from zero up."))
        if self.holdout is not None and not 0 < self.holdout < 1:
            hint = Text("Give the share of customers held out, above 0 and below 1, as .1.")
            raise self._wrong("holdout", str(self.holdout), hint)

    def _check_currencies(self) -> None:
        """Refuse money of another currency than the action's: it would be added as if it were the same."""
        told = {name: getattr(self, name) for name in FACTORS}
        told |= {f"later_costs[{place}]": cost for place, cost in enumerate(self.later_costs)}
        said = {name: one.currency for name, one in told.items() if isinstance(one, Money) and one.currency}
        own = self.currency or next(iter(said.values()), None)
        for name, currency in said.items():
            if currency != own:
                raise BadValue(
                    Text(
                        "{factor} of the action {action} is in {other}, the rest in {currency}.",
                        factor=name,
                        action=repr(self.name),
                        other=currency,
                        currency=str(own),
                    ),
                    hint=Text("Give all money of an action in one currency."),
                    where=Where(column=name),
                )

    def _check_dates(self) -> None:
        if self.started_at and self.kill_date and self.kill_date < self.started_at:
            hint = Text("Give a kill date on or after the start.")
            raise self._wrong("kill_date", self.kill_date.isoformat(), hint)

    def _wrong(self, factor: str, value: str, hint: Text) -> BadValue:
        return BadValue(
            Text(
                "{factor} of the action {action} cannot be {value}.",
                factor=factor,
                action=repr(self.name),
                value=value,
            ),
            hint=hint,
            where=Where(column=factor),
        )


def _told(factor: Uncertain | None) -> dict[str, object] | None:
    if factor is None:
        return None
    low, high = factor.limits()
    return {"central": factor.central, "low": low, "high": high, "grade": factor.grade}
