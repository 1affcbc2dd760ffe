"""What actions would bring: one value with its parts and its chance, and all of them drawn jointly."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from leal.act.actions import Status
from leal.act.uncertain import Floats
from leal.results import Grade, Money, estimate_of, one_called, to_plain
from leal.statistics import proving_limit
from leal.wording import Listing, Percent, RoundAmount, Text, plural

if TYPE_CHECKING:
    import polars as pl

Form = Literal["exact", "linear", "measured", "other"]
"""How the retention part was reckoned; ``"measured"`` is no forecast, ``"other"`` has no such part."""

PROVING: tuple[Grade, ...] = ("A", "B")
_SURELY = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionValue(Money):
    """What an action would bring after its cost (`estimate`), or what it was measured to bring.

    Attributes
    ----------
    action : str
        Its name.
    segments : tuple of str
        The customers it is for, where named.
    gain, cost : Money
        Before cost; and the cost, its later years discounted.
    parts : dict of Money
        Of the gain: ``"retention"`` (through satisfaction), ``"direct"`` (past it), ``"repeat_sales"``,
        ``"word_of_mouth"``, or ``"measured"``.
    chance : float or None
        Probability that the value is above zero.
    expected, standard_deviation : float
        Mean and spread of the draws: what outcomes correct.
    form : {"exact", "linear", "measured", "other"}
        How the retention part was reckoned.
    years : float or None
        Horizon within which money counts; None for the lives of customers.
    grades : dict
        Grade of each factor; the `grade` of the value is the weakest of them.
    status : {"approved", "pilot"}
        Whether the register lets it be approved, `reasons` why not.
    missing : tuple of str
        Factors without which the value is unknown.
    """

    action: str
    segments: tuple[str, ...] = ()
    gain: Money
    cost: Money
    parts: Mapping[str, Money] = field(default_factory=dict)
    chance: float | None = None
    expected: float = math.nan
    standard_deviation: float = math.nan
    form: Form = "exact"
    years: float | None = None
    grades: Mapping[str, Grade] = field(default_factory=dict)
    status: Status = "pilot"
    reasons: tuple[Text, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def weakest(self) -> tuple[str, ...]:
        """The factors of the weakest grade: what to measure first."""
        return tuple(name for name, grade in self.grades.items() if grade == self.grade)

    @property
    def proved(self) -> bool:
        """Whether it was measured, not forecast, and the lower limit of its gain lies above zero."""
        return self.form == "measured" and self.grade in PROVING and proving_limit(self.gain) > 0

    def sentence(self) -> Text:
        """Return the value in one sentence: money, interval, chance, evidence."""
        if not self.known:
            return Text(
                "{action}: unknown, needs {missing}", action=self.action, missing=Listing.of(self.missing)
            )
        told = self._told()
        return (
            told if self.years is None else Text("{told}; within {span}", told=told, span=_span(self.years))
        )

    def _told(self) -> Text:
        return Text(
            "{action}: {value} ({level} {low} to {high}), chance of paying {chance};"
            " evidence {grade}, {proof}",
            action=self.action,
            value=RoundAmount(self.estimate, self.currency),
            level=Percent(self.level),
            low=RoundAmount(self.ci_low, self.currency),
            high=RoundAmount(self.ci_high, self.currency),
            chance=chance_words(self.chance or 0.0),
            grade=self.grade,
            proof=self.proof,
        )

    @property
    def proof(self) -> Text:
        """Whether the figure is proved, in words."""
        if self.proved:
            return Text("proved")
        if self.form == "measured" and self.grade in PROVING:
            return Text("measured, but no gain is proved")
        if self.grade in PROVING:
            return Text("a forecast from measured links")
        return Text("not proved")


def _span(years: float) -> Text:
    """Return a horizon in months, as it is said."""
    return plural("{count} month", "{count} months", max(round(12 * years), 1))


def chance_words(chance: float) -> Text | Percent:
    """Return a chance as it is said: among draws none is ever certain."""
    if chance < 1 - _SURELY:
        return Text("under {limit}", limit=Percent(1 - _SURELY))
    if chance > _SURELY:
        return Text("over {limit}", limit=Percent(_SURELY))
    return Percent(chance)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionValues:
    """Several actions, drawn jointly: a link that they share moves them together.

    Attributes
    ----------
    values : tuple of ActionValue
        In the order given.
    total : Money
        All known ones together; their interval is that of the sum, not the sum of intervals.
    draws : array of shape (draws, actions)
        Value of each known action in each draw; `gains` and `costs` are its two sides.
    names : tuple of str
        Actions of the columns of `draws`.
    """

    values: tuple[ActionValue, ...]
    total: Money
    names: tuple[str, ...]
    gains: Floats = field(repr=False, compare=False)
    costs: Floats = field(repr=False, compare=False)

    def __iter__(self) -> Iterator[ActionValue]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, name: str) -> ActionValue:
        return one_called(self.values, "action", name)

    @property
    def draws(self) -> Floats:
        """Value of each known action in each draw: gain less cost."""
        return np.asarray(self.gains - self.costs)

    def to_dict(self) -> dict[str, Any]:
        """Return the values and their total as plain JSON values, without the draws."""
        return {"values": to_plain(self.values), "total": to_plain(self.total)}

    def to_frame(self) -> pl.DataFrame:
        """Return one row an action."""
        import polars as pl

        return pl.DataFrame([_row(value) for value in self.values], infer_schema_length=None)


def _row(value: ActionValue) -> dict[str, object]:
    parts = {f"part_{name}": estimate_of(part) for name, part in value.parts.items()}
    return {
        "action": value.action,
        "value": estimate_of(value),
        "ci_low": value.ci_low if value.known else None,
        "ci_high": value.ci_high if value.known else None,
        "chance": value.chance,
        "gain": estimate_of(value.gain),
        "cost": estimate_of(value.cost),
        **{name: parts.get(name) for name in _PARTS},
        "form": value.form,
        "grade": value.grade,
        "weakest": ", ".join(value.weakest),
        "status": value.status,
        "missing": ", ".join(value.missing),
    }


_PARTS = ("part_retention", "part_direct", "part_repeat_sales", "part_word_of_mouth", "part_measured")
