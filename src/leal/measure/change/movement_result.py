"""Who became what: the movements of the same customers between the groups, with money where it is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leal.measure.net_promoter.changes import NpsChange
from leal.results import Estimate, Note, to_plain
from leal.statistics import SignificanceTest
from leal.wording import Count, Percent, Text

if TYPE_CHECKING:
    import polars as pl

    from leal.charts import Chart, Style

NAMES = ("detractors", "passives", "promoters")
"""The groups, in the order of the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The customers who went from one group to another (or stayed).

    Attributes
    ----------
    before, after : str
        ``"detractors"``, ``"passives"`` or ``"promoters"``.
    n : int
        Customers.
    share : float
        Of those who were in `before`.
    net : int
        `n` less those who went the other way.
    value_before, value_after : float or None
        Money of those customers before and after, where given.
    change : Estimate or None
        Change of the money of one such customer, with Student's t interval. Of customers who moved, not the
        gap between groups; without a comparison group it also holds what would have happened anyway.
    """

    before: str
    after: str
    n: int
    share: float
    net: int
    value_before: float | None = None
    value_after: float | None = None
    change: Estimate | None = None

    @property
    def direction(self) -> int:
        """+1 for a move up, -1 for a move down, 0 for staying."""
        step = NAMES.index(self.after) - NAMES.index(self.before)
        return (step > 0) - (step < 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """The movements of the same customers.

    Attributes
    ----------
    before, after : str or None
        The two waves; None where each customer's first and last answer are compared.
    n : int
        Customers who answered both times.
    moves : tuple of Move
        All nine, detractors first.
    change : NpsChange
        Paired change of the NPS of these customers: less noisy than that of two samples.
    symmetry : SignificanceTest
        Bowker's test: do as many go each way between every two groups?
    sizes : SignificanceTest
        Stuart and Maxwell's test: did the sizes of the groups change?
    steady_state : tuple of float
        Shares of detractors, passives, promoters if customers kept moving like this; empty where unknown. An
        illustration, not a forecast.
    notes : tuple of Note
        Doubts.
    """

    before: str | None
    after: str | None
    n: int
    moves: tuple[Move, ...]
    change: NpsChange
    symmetry: SignificanceTest
    sizes: SignificanceTest
    steady_state: tuple[float, ...]
    notes: tuple[Note, ...] = ()

    def __getitem__(self, move: tuple[str, str]) -> Move:
        return next(one for one in self.moves if (one.before, one.after) == move)

    @property
    def known(self) -> bool:
        """Whether anybody answered twice."""
        return self.n > 0

    @property
    def up(self) -> int:
        """Customers who moved up."""
        return sum(move.n for move in self.moves if move.direction > 0)

    @property
    def down(self) -> int:
        """Customers who moved down."""
        return sum(move.n for move in self.moves if move.direction < 0)

    def sentence(self) -> Text:
        """Return in one sentence who moved, and whether the balance is more than noise."""
        if not self.known:
            return Text("movement unknown: no customer answered twice")
        return Text(
            "of {n} asked twice {up} moved up ({up_share}), {down} down ({down_share}); NPS: {change}",
            n=Count(self.n),
            up=Count(self.up),
            up_share=Percent(self.up / self.n),
            down=Count(self.down),
            down_share=Percent(self.down / self.n),
            change=self.change.sentence(),
        )

    def __str__(self) -> str:
        return self.sentence()

    def to_dict(self) -> dict[str, Any]:
        """Return the movements as plain JSON values."""
        return to_plain(self) | {"sentence": str(self)}  # type: ignore[no-any-return]

    def to_frame(self) -> pl.DataFrame:
        """Return one row a move: before, after, n, share, net, and the money where it is known."""
        import polars as pl

        rows = [
            {
                "before": move.before,
                "after": move.after,
                "n": move.n,
                "share": move.share if math.isfinite(move.share) else None,
                "net": move.net,
                "value_before": move.value_before,
                "value_after": move.value_after,
                "change": None if move.change is None else _finite(move.change.estimate),
                "change_low": None if move.change is None else _finite(move.change.ci_low),
                "change_high": None if move.change is None else _finite(move.change.ci_high),
            }
            for move in self.moves
        ]
        numbers = ("share", "value_before", "value_after", "change", "change_low", "change_high")
        return pl.DataFrame(rows, schema_overrides=dict.fromkeys(numbers, pl.Float64))

    def chart(self, style: Style | None = None, *, currency: str | None = None) -> Chart:
        """Draw the table of movements; where money is known, what each flow brought or took."""
        from leal.charts import Style, flow_money, movement_matrix

        frame = self.to_frame()
        if frame["change"].null_count() < frame.height:
            return flow_money(frame, style or Style(), currency=currency)
        return movement_matrix(frame, style or Style(), currency=currency)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
