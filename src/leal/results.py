"""What every result shares: estimate, interval, level, n, method, notes; one sentence, a row, a dict."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal, Self, TypeGuard, TypeVar

from leal.errors import BadOption, BadValue, Where
from leal.wording import Amount, Count, Decimal, Formatted, Percent, Text

if TYPE_CHECKING:
    import polars as pl

Grade = Literal["A", "B", "C", "D"]
"""How well a figure is founded: D opinion, C correlation, B within-customer change, A randomised."""

Basis = Literal["revenue", "margin"]
"""What money is counted in: revenue, or margin where a margin is known."""


def is_number(value: object) -> TypeGuard[float]:
    """Tell whether a value is a number, not-a-number and truth values apart."""
    if isinstance(value, bool):
        return False
    return isinstance(value, Real) and bool(value == value)


def checked_level(level: float) -> float:
    """Return `level`, or raise where it is not a probability strictly between 0 and 1."""
    if not (is_number(level) and 0.0 < level < 1.0):
        raise BadValue(
            Text(
                "The confidence level {level} is not between 0 and 1.",
                level=str(level) if is_number(level) else repr(level),
            ),
            hint=Text("Give it as a fraction, for example 0.95."),
            where=Where(column="level"),
        )
    return float(level)


def checked_count(value: int, name: str, least: int = 0) -> int:
    """Return a whole number from `least`: a seed, a number of draws; or raise where it is none."""
    if is_number(value) and math.isfinite(value) and value == int(value) and value >= least:
        return int(value)
    raise BadValue(
        Text("{name} cannot be {value}.", name=name, value=_written(value)),
        hint=Text("Give a whole number from {least}.", least=str(least)),
        where=Where(column=name),
    )


def checked_seed(seed: int | None) -> int | None:
    """Return a seed, None for chance itself; or raise where it is no whole number from 0."""
    return None if seed is None else checked_count(seed, "seed")


def checked_number(value: float, name: str, least: float = -math.inf) -> float:
    """Return a finite number from `least`, or raise where it is none."""
    if is_number(value) and math.isfinite(value) and value >= least:
        return float(value)
    bounded = Text("Give a number from {least}.", least=f"{least:g}")
    raise BadValue(
        Text("{name} cannot be {value}.", name=name, value=_written(value)),
        hint=Text("Give a finite number.") if least == -math.inf else bounded,
        where=Where(column=name),
    )


def _written(value: object) -> str:
    return f"{value:g}" if is_number(value) else repr(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A doubt or a remark that belongs to a result.

    Attributes
    ----------
    code : str
        Stable name, for programs: ``"few_answers"``.
    text : Text
        The remark in words.
    """

    code: str
    text: Text

    def __str__(self) -> str:
        return self.text


class Result(ABC):
    """An answer that says itself in one sentence and gives itself as plain JSON values."""

    __slots__ = ()

    @abstractmethod
    def sentence(self) -> Text:
        """Return the result in one sentence."""

    def __str__(self) -> str:
        return self.sentence()

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain JSON values."""
        return to_plain(self)  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate(Result):
    """A figure with what is needed to trust it.

    Attributes
    ----------
    estimate : float
        The figure; not-a-number where it is unknown (`known` tells), which `to_dict` gives as ``None``.
    ci_low, ci_high : float
        Limits of the interval of `level` that `method` names.
    n : float
        Number of answers, customers or pairs that it rests on.
    level : float
        Confidence level of the interval, .95 by default.
    method : str
        Stable name of the method of the interval.
    notes : tuple of Note
        Doubts and remarks.
    """

    estimate: float
    ci_low: float
    ci_high: float
    n: float
    level: float = 0.95
    method: str
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        checked_level(self.level)

    @classmethod
    def unknown(
        cls, n: float, level: float, method: str = "unknown", notes: tuple[Note, ...] = (), **more: Any
    ) -> Self:
        """Return the figure that cannot be given, with the fields that its kind has beyond an estimate."""
        nan = math.nan
        return cls(
            estimate=nan, ci_low=nan, ci_high=nan, n=n, level=level, method=method, notes=notes, **more
        )

    @property
    def known(self) -> bool:
        """Whether there was enough to give the figure at all."""
        return math.isfinite(self.estimate)

    @property
    def differs_from_zero(self) -> bool:
        """Whether the interval leaves zero out; false where the figure is unknown."""
        return self.known and (self.ci_low > 0 or self.ci_high < 0)

    def figure(self, value: float) -> Formatted:
        """Return a value of this result as it is written (points, percent, money); children override it."""
        return Decimal(value)

    def sentence(self) -> Text:
        """Return the result in one sentence: figure, interval, n."""
        if not self.known:
            return Text("unknown: too little data (n = {n})", n=Count(self.n))
        return Text(
            "{figure} ({level} {low} to {high}, n = {n})",
            figure=self.figure(self.estimate),
            level=Percent(self.level),
            low=self.figure(self.ci_low),
            high=self.figure(self.ci_high),
            n=Count(self.n),
        )

    def to_frame(self) -> pl.DataFrame:
        """Return the result as one row; notes are joined by spaces."""
        import polars as pl

        row = {name: value for name, value in self.to_dict().items() if not isinstance(value, dict | list)}
        row["notes"] = " ".join(note.text for note in self.notes)
        return pl.DataFrame([row])


@dataclass(frozen=True, slots=True, kw_only=True)
class Money(Estimate):
    """An amount of money with its interval.

    Attributes
    ----------
    currency : str or None
        ISO code of the currency, None where the data do not say.
    basis : {"revenue", "margin"}
        What is counted; without a margin every figure is revenue, and says so.
    period : str
        What time the amount belongs to: ``"year"``, ``"period"`` (the data's own span), ``"once"``.
    grade : {"A", "B", "C", "D"}
        How well it is founded.
    """

    currency: str | None = None
    basis: Basis = "revenue"
    period: Literal["year", "period", "once"] = "year"
    grade: Grade = "C"

    def figure(self, value: float) -> Formatted:
        """Return an amount as it is written."""
        return Amount(value, self.currency)

    def times(self, factor: float) -> Money:
        """Return the amount of so many, or of such a part, with its limits; the factor lies above zero."""
        kept = {name: getattr(self, name) for name in ("currency", "basis", "period", "grade")}
        return recast(Money, self, factor, **kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportion(Estimate):
    """A share between 0 and 1, written in percent."""

    def figure(self, value: float) -> Formatted:
        """Return the share as it is written, in percent."""
        return Percent(value, 1)


Kind = TypeVar("Kind", bound=Estimate)


def recast(kind: type[Kind], value: Estimate, factor: float = 1.0, **more: Any) -> Kind:
    """Return a figure as another kind of estimate, times a factor that is not below zero.

    Parameters
    ----------
    kind : type
        The kind wanted: `Money`, `Proportion`, ...
    value : Estimate
        The figure; of its fields only those that every estimate has are taken, since a standard error or a
        currency may not hold for the other kind.
    factor : float
        What the figure and its limits are multiplied by.
    **more
        Fields that are to be others than the figure's, and those that the kind has beyond an estimate.

    Examples
    --------
    >>> share = Proportion(estimate=0.2, ci_low=0.1, ci_high=0.3, n=100, method="wilson")
    >>> recast(Money, share, 1000, period="once").ci_high
    300.0
    """
    taken: dict[str, Any] = {
        "n": value.n,
        "level": value.level,
        "method": value.method,
        "notes": value.notes,
    } | more
    return kind(
        estimate=value.estimate * factor,
        ci_low=value.ci_low * factor,
        ci_high=value.ci_high * factor,
        **taken,
    )


Item = TypeVar("Item")


def one_called(items: Iterable[Item], attribute: str, name: object) -> Item:
    """Return the item whose attribute has this value; else raise an error that says which there are."""
    known = list(items)
    for item in known:
        if getattr(item, attribute) == name:
            return item
    raise BadOption(attribute, name, [str(getattr(item, attribute)) for item in known] or ["–"])


def known_or_none(value: float) -> float | None:
    """Return a number for a table; None where it is unknown or endless."""
    return value if math.isfinite(value) else None


def estimate_of(value: Estimate | None) -> float | None:
    """Return a figure for a table, without its limits; None where it is not there or not known."""
    return value.estimate if value is not None and value.known else None


def with_limits(name: str, value: Estimate | None) -> dict[str, float | None]:
    """Return a figure and its limits as columns of a row: ``name``, ``name_low``, ``name_high``.

    They are None where the figure is not there or not known.
    """
    known = value is not None and value.known
    ends = (value.estimate, value.ci_low, value.ci_high) if value is not None and known else (math.nan,) * 3
    columns = (name, f"{name}_low", f"{name}_high")
    return {column: known_or_none(end) for column, end in zip(columns, ends, strict=True)}


def to_plain(value: object) -> Any:
    """Turn a result into plain JSON values: not-a-number to None, days to ISO text, frames to rows."""
    if isinstance(value, str | bool | int) or value is None:
        return str(value) if isinstance(value, str) else value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, Note):
        return {"code": value.code, "text": str(value.text)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(to_plain(key)): to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_plain(item) for item in value]
    return _to_plain_foreign(value)


def _to_plain_foreign(value: object) -> Any:
    if hasattr(value, "to_dicts"):
        return to_plain(value.to_dicts())
    if hasattr(value, "tolist"):
        return to_plain(value.tolist())
    if hasattr(value, "item"):
        return to_plain(value.item())
    return str(value)
