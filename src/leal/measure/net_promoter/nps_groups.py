"""The NPS of several groups, and which of them differ by more than noise."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from leal.errors import BadOption
from leal.measure.by_group import ByGroup, Key, name_of
from leal.measure.net_promoter.nps_result import POINTS, NpsResult
from leal.measure.net_promoter.sums import Sums
from leal.measure.p_values import PValue
from leal.results import Estimate
from leal.statistics import NpsCounts, holm, nps_difference, probability_higher
from leal.wording import Formatted, Points, Text

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
            return Text("{group}", group=name_of(self.group))
        return Text("{group} against {other}", group=name_of(self.group), other=name_of(self.other))

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
            "p": PValue(self.p_adjusted),
        }
        if not self.clear:
            return Text("{group}: no clear difference ({low} to {high} points, p {p})", **values)
        if self.estimate > 0:
            return Text("{group}: higher by {points} points ({low} to {high}, p {p})", **values)
        return Text("{group}: lower by {points} points ({low} to {high}, p {p})", **values)


@dataclass(frozen=True, slots=True)
class NpsByGroup(ByGroup[NpsResult]):
    """The NPS of each group: a mapping from the group to its `NpsResult`, in the order of the groups.

    Attributes
    ----------
    by, total, results
        As of `ByGroup`.
    whole : Sums
        What all answers add up to.
    sums : dict
        What the answers of each group add up to.
    """

    whole: Sums
    sums: Mapping[Key, Sums]

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

    def _rests(self) -> list[tuple[Key, Key, NpsCounts, NpsCounts]]:
        return [(group, None, sums.counts, self.whole.rest(sums).counts) for group, sums in self.sums.items()]

    def _pairs(self) -> list[tuple[Key, Key, NpsCounts, NpsCounts]]:
        pairs = itertools.combinations(self.items(), 2)
        return [(a, b, result_a.counts, result_b.counts) for (a, result_a), (b, result_b) in pairs]


def _holm(p_values: list[float]) -> list[float]:
    """Return p values adjusted for their number; unknown ones stay unknown and do not count."""
    known = [place for place, p in enumerate(p_values) if math.isfinite(p)]
    adjusted = [math.nan] * len(p_values)
    for place, p in zip(known, holm([p_values[place] for place in known]), strict=True):
        adjusted[place] = float(p)
    return adjusted
