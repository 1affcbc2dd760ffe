"""Quantities that are not known for certain, drawn jointly: each from a random stream of its own name."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass, field, replace
from typing import Literal, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from leal.errors import BadValue, Where
from leal.results import Estimate, Grade, Money, checked_count
from leal.statistics import two_sided_z
from leal.wording import Text

Floats = npt.NDArray[np.float64]

Kind = Literal["fixed", "normal", "share", "lognormal", "triangular", "between", "drawn"]

DRAWS = 20_000
"""Draws of a simulation where nobody asks for another number."""

_JEFFREYS = 0.5


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A quantity with what is known of it: a middle, a spread, and the grade of its evidence.

    Build it with `fixed`, `normal`, `share`, `lognormal`, `triangular`, `between` or `drawn`.

    Attributes
    ----------
    kind : {"fixed", "normal", "share", "lognormal", "triangular", "between", "drawn"}
        The distribution.
    values : tuple of float
        Its parameters, in the order of the arguments of the builder.
    grade : {"A", "B", "C", "D"}
        A randomised, B within customers, C correlation, D opinion.
    name : str or None
        Quantities of one name are one quantity: drawn once, for all actions that use it.
    together : str or None
        Of draws: those of one word are taken from the same resample (a slope and its constant).

    Examples
    --------
    >>> Uncertain.between(.3, .5).central
    0.4
    >>> low, high = Uncertain.share(40, 100).limits()
    >>> round(low, 3), round(high, 3)
    (0.308, 0.498)
    """

    kind: Kind
    values: tuple[float, ...] = field(repr=False)
    grade: Grade = "D"
    name: str | None = None
    together: str | None = None

    @classmethod
    def fixed(cls, value: float, *, grade: Grade = "D", name: str | None = None) -> Self:
        """Return a quantity taken as certain; what somebody simply says is opinion, grade D."""
        return cls("fixed", _finite(value), grade, name)

    @classmethod
    def normal(cls, estimate: Estimate, *, grade: Grade | None = None, name: str | None = None) -> Self:
        """Return an estimated quantity: two half normals that meet at it and reach to its limits.

        Parameters
        ----------
        estimate : Estimate
            Any result of Leal with an interval.
        grade : {"A", "B", "C", "D"}, optional
            That of the estimate where it has one (money), else C: an estimate alone shows no cause.
        name : str, optional
            Name of a quantity that several actions share.
        """
        known = estimate.grade if isinstance(estimate, Money) else "C"
        values = _finite(estimate.estimate, estimate.ci_low, estimate.ci_high, estimate.level)
        middle, low, high, _ = values
        if not low <= middle <= high:
            raise BadValue(
                Text("The estimate {value} lies outside its interval.", value=middle),
                hint=Text("Give the limits of the interval below and above the estimate."),
            )
        return cls("normal", values, grade or known, name)

    @classmethod
    def share(cls, yes: float, asked: float, *, grade: Grade = "C", name: str | None = None) -> Self:
        """Return a share from counts: the Beta distribution that they leave (Jeffreys prior)."""
        values = _finite(yes, asked)
        if not 0 <= yes <= asked or not asked > 0:
            raise BadValue(
                Text("{yes} of {asked} is not a share.", yes=str(yes), asked=str(asked)),
                hint=Text("Give how many said yes, and of how many who were asked."),
            )
        return cls("share", values, grade, name)

    @classmethod
    def lognormal(
        cls, median: float, log_deviation: float, *, grade: Grade = "D", name: str | None = None
    ) -> Self:
        """Return a quantity above zero whose logarithm is normal, by its median and the log's deviation."""
        values = _finite(median, log_deviation)
        if median <= 0 or log_deviation < 0:
            raise BadValue(
                Text(
                    "A lognormal quantity cannot have the median {median} and the deviation {deviation}.",
                    median=median,
                    deviation=log_deviation,
                ),
                hint=Text("The median lies above zero, the deviation at zero or above."),
            )
        return cls("lognormal", values, grade, name)

    @classmethod
    def triangular(
        cls, low: float, likely: float, high: float, *, grade: Grade = "D", name: str | None = None
    ) -> Self:
        """Return a quantity of which the lowest, the likeliest and the highest value are thought of."""
        values = _finite(low, likely, high)
        if not low <= likely <= high:
            raise _out_of_order()
        return cls("fixed", (low,), grade, name) if low == high else cls("triangular", values, grade, name)

    @classmethod
    def between(cls, low: float, high: float, *, grade: Grade = "D", name: str | None = None) -> Self:
        """Return a quantity of which only the two ends are known: all values between are alike likely."""
        values = _finite(low, high)
        if low > high:
            raise _out_of_order()
        return cls("between", values, grade, name)

    @classmethod
    def drawn(
        cls,
        draws: npt.ArrayLike,
        *,
        grade: Grade = "C",
        name: str | None = None,
        together: str | None = None,
    ) -> Self:
        """Return a quantity by its draws: resamples of data, or the outcome of another simulation."""
        values = _finite(*np.asarray(draws, dtype=np.float64).ravel().tolist())
        if not values:
            raise BadValue(
                Text("There are no draws of the quantity."),
                hint=Text("Give an array of one or more numbers."),
            )
        return cls("drawn", values, grade, name, together)

    @property
    def central(self) -> float:
        """The middle: what is known or observed, else the median."""
        if self.kind in ("fixed", "normal", "lognormal"):
            return self.values[0]
        if self.kind == "share":
            return self.values[0] / self.values[1]
        if self.kind == "between":
            return (self.values[0] + self.values[1]) / 2
        if self.kind == "triangular":
            return _triangular_median(*self.values)
        return float(np.median(self.values))

    def limits(self, level: float = 0.95) -> tuple[float, float]:
        """Return the range that holds `level` of the distribution, the tails being alike."""
        tail = (1 - level) / 2
        low, high = self.quantiles(np.array([tail, 1 - tail]))
        return float(low), float(high)

    def quantiles(self, probabilities: Floats) -> Floats:
        """Return the values below which the quantity lies with the probabilities given."""
        from scipy import special

        p = np.asarray(probabilities, dtype=np.float64)
        if self.kind == "fixed":
            return np.full(p.shape, self.values[0])
        if self.kind == "normal":
            return self._split_normal(special.ndtri(p))
        if self.kind == "share":
            yes, asked = self.values
            return np.asarray(special.betaincinv(yes + _JEFFREYS, asked - yes + _JEFFREYS, p))
        if self.kind == "lognormal":
            return np.asarray(self.values[0] * np.exp(self.values[1] * special.ndtri(p)))
        if self.kind == "between":
            return np.asarray(self.values[0] + p * (self.values[1] - self.values[0]))
        if self.kind == "triangular":
            return _triangular(p, *self.values)
        return np.asarray(np.quantile(self.values, p))

    def draw(self, count: int, random: np.random.Generator) -> Floats:
        """Return `count` values of the quantity."""
        if self.kind == "drawn":
            return np.asarray(self.values)[random.integers(0, len(self.values), count)]
        return self.quantiles(random.random(count))

    def named(self, name: str) -> Self:
        """Return the same quantity under a name."""
        return replace(self, name=name)

    def _split_normal(self, z: Floats) -> Floats:
        middle, low, high, level = self.values
        steps = z / two_sided_z(level)
        return np.asarray(middle + np.where(steps < 0, steps * (middle - low), steps * (high - middle)))


Quantity: TypeAlias = "Uncertain | Estimate | float | tuple[float, float] | tuple[float, float, float]"
"""What a factor may be given as; `as_uncertain` tells what each becomes."""


def as_uncertain(value: Quantity | None, factor: str = "value") -> Uncertain | None:
    """Return any way to give a quantity as an `Uncertain`; None stays None, and so does an unknown estimate.

    Parameters
    ----------
    value : Uncertain, Estimate, float or tuple
        A plain number is taken as certain opinion (D); two numbers are the ends of a range, three the lowest,
        likeliest and highest value (D); an estimate keeps its interval (its grade, else C).
    factor : str
        What to call it in an error.
    """
    if value is None or isinstance(value, Uncertain):
        return value
    if isinstance(value, Estimate):
        return Uncertain.normal(value) if value.known else None
    if isinstance(value, tuple) and len(value) in (2, 3):
        return Uncertain.between(*value) if len(value) == 2 else Uncertain.triangular(*value)
    if isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool):
        return Uncertain.fixed(float(value))
    raise BadValue(
        Text("{option} cannot be {value}.", option=factor, value=repr(value)),
        hint=Text("Give a number, (low, high), (low, likely, high), an estimate, or leal.act.Uncertain."),
        where=Where(column=factor),
    )


class JointDraws:
    """Draws of many quantities at once, each from the stream of its name; the order of asking is nothing.

    Parameters
    ----------
    draws : int
        How many.
    seed : int
        The same seed and the same names give the same draws.
    """

    def __init__(self, draws: int = DRAWS, seed: int = 0) -> None:
        if checked_count(draws, "draws") < 100:
            raise BadValue(
                Text("{draws} draws are too few for an interval.", draws=draws),
                hint=Text("Take 1,000 or more."),
                where=Where(column="draws"),
            )
        self.draws, self.seed = draws, seed
        self._named: dict[str, Uncertain] = {}
        self._drawn: dict[str, Floats] = {}
        self._rows: dict[str, int] = {}

    def of(self, quantity: Uncertain, stream: str) -> Floats:
        """Return the draws of a quantity: by its own name where it has one, else by `stream`."""
        stream = quantity.name or stream
        if self._named.setdefault(stream, quantity) != quantity:
            raise BadValue(
                Text("Two different quantities have the name {name}.", name=repr(stream)),
                hint=Text("Give each quantity a name of its own, or the same values where it is the same."),
                where=Where(column=stream),
            )
        rows = len(quantity.values)
        if quantity.together and self._rows.setdefault(quantity.together, rows) != rows:
            raise BadValue(
                Text(
                    "Draws that belong together ({name}) are not equally many.", name=repr(quantity.together)
                ),
                hint=Text("Give one value of each for every resample."),
                where=Where(column=stream),
            )
        if stream not in self._drawn:
            self._drawn[stream] = quantity.draw(self.draws, self.random(quantity.together or stream))
        return self._drawn[stream]

    def known(self, quantity: Uncertain | None, stream: str) -> Floats:
        """Return the draws of a quantity; not-a-number where it is not known."""
        return np.full(self.draws, math.nan) if quantity is None else self.of(quantity, stream)

    def random(self, stream: str) -> np.random.Generator:
        """Return the source of random numbers of a stream."""
        return np.random.default_rng([checked_count(self.seed, "seed"), zlib.crc32(stream.encode())])


def middle_of(quantity: Uncertain | None) -> Floats:
    """Return the middle of a quantity as an array of one; not-a-number where it is not known."""
    return np.array([math.nan if quantity is None else quantity.central])


def weakest(grades: list[Grade]) -> Grade:
    """Return the worst of some grades; D where there are none."""
    return max(grades, default="D")


def _finite(*values: float) -> tuple[float, ...]:
    found = tuple(float(value) for value in values)
    if not all(math.isfinite(value) for value in found):
        raise BadValue(
            Text("A quantity holds something that is not a number."),
            hint=Text("Give numbers, or leave the quantity out where it is not known."),
        )
    return found


def _out_of_order() -> BadValue:
    return BadValue(
        Text("The ends of a range are in the wrong order."),
        hint=Text("Give the lowest value first and the highest last."),
    )


def _triangular(p: Floats, low: float, likely: float, high: float) -> Floats:
    width, rise = high - low, likely - low
    turn = rise / width
    up = low + np.sqrt(p * width * rise)
    down = high - np.sqrt((1 - p) * width * (high - likely))
    return np.asarray(np.where(p < turn, up, down))


def _triangular_median(low: float, likely: float, high: float) -> float:
    return float(_triangular(np.array([0.5]), low, likely, high)[0])
