"""A figure of a model: its interval may have no end on one side, and says so."""

from __future__ import annotations

import math
from dataclasses import dataclass

from leal.results import Estimate
from leal.wording import Count, Percent, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFigure(Estimate):
    """A figure above zero that follows from a model of customers.

    A lower limit of zero and an upper one of infinity (``None`` in `to_dict`) mean that the data set none.
    """

    @property
    def open(self) -> bool:
        """Whether the data set no limit on one side or on both."""
        return self.known and (self.ci_low <= 0 or math.isinf(self.ci_high))

    def sentence(self) -> Text:
        """Return the result in one sentence; an open end is said in words."""
        if not self.open or self.estimate <= 0:
            return Estimate.sentence(self)
        words = {"figure": self.figure(self.estimate), "level": Percent(self.level), "n": Count(self.n)}
        if self.ci_low <= 0 and math.isinf(self.ci_high):
            return Text("{figure} (at {level} these data set no limits, n = {n})", **words)
        if self.ci_low <= 0:
            return Text(
                "{figure} ({level}: at most {high}; these data set no lower limit, n = {n})",
                high=self.figure(self.ci_high),
                **words,
            )
        return Text(
            "{figure} ({level}: at least {low}; these data set no upper limit, n = {n})",
            low=self.figure(self.ci_low),
            **words,
        )
