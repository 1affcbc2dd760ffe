"""The NPS of several groups, and which of them differ by more than noise."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from leal.errors import BadOption
from leal.measure.nps_result import POINTS, NpsResult
from leal.measure.sums import Sums
from leal.results import Estimate, to_plain
from leal.statistics import NpsCounts, holm, nps_difference, probability_higher
from leal.wording import Decimal, Formatted, Points, Text

if TYPE_CHECKING:
    import polars as pl

Key: TypeAlias = Any
"""Value of the grouping column, or the tuple of values of several; None where a row has none."""

Against = Literal["rest", "pairs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NpsDifference(Estimate):
    """How far the NPS of one group is from another's, in points.

    Attributes
    ----------
    group, other : object
        The two groups; `other` is None where the group is set against all the rest.
    estimate : float
        NPS of `group` less NPS of `other`, -200 to 200 points.
    standard_error : float
        In points.
    p_value : float
        Two-sided, of "no difference".
    p_adjusted : float
        The same with all comparisons of the table in view (Holm 1979): below .05 at most one table in twenty
        names a difference that is not there.
    probability_higher : float
        How likely `group` is to be the higher one (Jeffreys' posterior).
    """

    group: object
    other: object
    standard_error: float
    p_value: float
    p_adjusted: float
    probability_higher: float

    @property
    def clear(self) -> bool:
        """Whether it is more than noise, all comparisons in view."""
        return self.known and self.p_adjusted < 1 - self.level

    @property
    def named(self) -> Text:
        """What is compared, in words."""
        if self.other is None:
            return Text("{group}", group=_name(self.group))
        return Text("{group} against {other}", group=_name(self.group), other=_name(self.other))

    def figure(self, value: float) -> Formatted:
        """Return points with their sign."""
        return Points(value, signed=True)

    def sentence(self) -> Text:
        """Return in words who is higher, by how much and how surely."""
        if not self.known:
            return Text("unknown: one of the two sides has no answers")
        values: dict[str, object] = {
            "group": self.named,
            "points": Points(abs(self.estimate)),
            "low": self.figure(self.ci_low),
            "high": self.figure(self.ci_high),
            "p": Decimal(self.p_adjusted, 3),
        }
        if not self.clear:
            return Text("{group}: no clear difference ({low} to {high} points, p = {p})", **values)
        if self.estimate > 0:
            return Text("{group}: higher by {points} points ({low} to {high}, p = {p})", **values)
        return Text("{group}: lower by {points} points ({low} to {high}, p = {p})", **values)


@dataclass(frozen=True, slots=True)
class NpsByGroup(Mapping[Key, NpsResult]):
    """The NPS of each group: a mapping from the group to its `NpsResult`, in the order of the groups.

    Attributes
    ----------
    by : tuple of str
        The grouping columns.
    total : NpsResult
        All groups together.
    results : dict
        The result of each group. The key is the value of the grouping column, a tuple for several columns,
        None (in a tuple too) where rows have no value.
    whole : Sums
        What all answers add up to.
    sums : dict
        What the answers of each group add up to.
    """

    by: tuple[str, ...]
    total: NpsResult
    results: Mapping[Key, NpsResult]
    whole: Sums
    sums: Mapping[Key, Sums]

    def __getitem__(self, group: Key) -> NpsResult:
        return self.results[group]

    def __iter__(self) -> Iterator[Key]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    def __str__(self) -> str:
        return "\n".join(self.sentences())

    def sentences(self) -> tuple[Text, ...]:
        """Return each group in one sentence."""
        return tuple(
            Text("{group}: {result}", group=_name(group), result=result.sentence())
            for group, result in self.items()
        )

    def probability_higher(self, group: Key, other: Key) -> float:
        """Return how likely the NPS of `group` is to be higher than that of `other` (Jeffreys' posterior)."""
        return float(probability_higher(self[group].counts, self[other].counts))

    def differences(self, against: Against = "rest") -> tuple[NpsDifference, ...]:
        """Tell which groups differ by more than noise.

        Parameters
        ----------
        against : {"rest", "pairs"}
            Each group against all others together, or each pair of groups.

        Returns
        -------
        tuple of NpsDifference
            Adjusted Wald differences (Rocks 2016), p values adjusted by Holm (1979) for their number.

        Notes
        -----
        Groups are taken as independent people. Where weights or clusters are used the tests rest on the
        effective number of answers.
        """
        if against not in get_args(Against):
            raise BadOption("against", against, list(get_args(Against)))
        pairs = self._rests() if against == "rest" else self._pairs()
        found = [nps_difference(a, b, self.total.level) for _, _, a, b in pairs]
        adjusted = _holm([difference.p_value for difference in found])
        return tuple(
            NpsDifference(
                group=group,
                other=other,
                estimate=POINTS * difference.estimate,
                ci_low=POINTS * difference.ci_low,
                ci_high=POINTS * difference.ci_high,
                n=difference.n,
                level=difference.level,
                method=difference.method,
                notes=difference.notes,
                standard_error=POINTS * difference.standard_error,
                p_value=difference.p_value,
                p_adjusted=adjusted[place],
                probability_higher=probability_higher(a, b),
            )
            for place, ((group, other, a, b), difference) in enumerate(zip(pairs, found, strict=True))
        )

    def to_dict(self) -> dict[str, Any]:
        """Return all results as plain JSON values."""
        groups = [{"group": to_plain(group)} | result.to_dict() for group, result in self.items()]
        return {"by": list(self.by), "total": self.total.to_dict(), "groups": groups}

    def to_frame(self) -> pl.DataFrame:
        """Return one row a group: `group` (several columns joined, each also by its name) and the result."""
        import polars as pl

        rows = [self._labels(group) | _row(result) for group, result in self.items()]
        schema = {} if rows else {"group": pl.String} | dict.fromkeys(_row(self.total), pl.Float64)
        return pl.DataFrame(rows, schema=schema or None, infer_schema_length=None)

    def _labels(self, group: Key) -> dict[str, object]:
        if len(self.by) == 1:
            return {"group": group}
        own = {name: value for name, value in zip(self.by, group, strict=True) if name not in _COLUMNS}
        return {"group": _name(group)} | own

    def _rests(self) -> list[tuple[Key, Key, NpsCounts, NpsCounts]]:
        return [(group, None, sums.counts, self.whole.rest(sums).counts) for group, sums in self.sums.items()]

    def _pairs(self) -> list[tuple[Key, Key, NpsCounts, NpsCounts]]:
        pairs = itertools.combinations(self.items(), 2)
        return [(a, b, result_a.counts, result_b.counts) for (a, result_a), (b, result_b) in pairs]


_COLUMNS = {"group", *(field.name for field in fields(NpsResult))}


def _row(result: NpsResult) -> dict[str, object]:
    row = {name: value for name, value in result.to_dict().items() if not isinstance(value, dict | list)}
    return row | {"notes": " ".join(note.text for note in result.notes)}


def _name(group: object) -> object:
    """Return a group as it is said."""
    if isinstance(group, tuple):
        return " / ".join(str(_name(part)) for part in group)
    return Text("not stated") if group is None else str(group)


def _holm(p_values: list[float]) -> list[float]:
    """Return p values adjusted for their number; unknown ones stay unknown and do not count."""
    known = [place for place, p in enumerate(p_values) if math.isfinite(p)]
    adjusted = [math.nan] * len(p_values)
    for place, p in zip(known, holm([p_values[place] for place in known]), strict=True):
        adjusted[place] = float(p)
    return adjusted
