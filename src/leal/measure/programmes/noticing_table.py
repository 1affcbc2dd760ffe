"""Each action: what it cost, who noticed it, what that moved and earned."""

from __future__ import annotations

from dataclasses import dataclass, fields

import polars as pl

from leal.engine import FrameLike
from leal.measure.programmes.noticed import (
    Side,
    cost_per_extra_noticer,
    earned_money,
    effect_on_noticers,
    extra_noticed,
    in_vain,
    moved_score,
    noticed_share,
)
from leal.measure.programmes.noticing_counts import action_costs, noticing_counts
from leal.results import Estimate, Grade, Note, Proportion
from leal.statistics import Comparison
from leal.wording import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionNoticing:
    """One action: spent, noticed, moved, earned.

    Attributes
    ----------
    action : str
        Its name.
    cost : float or None
        What it cost in all.
    exposed, unexposed : Side
        The counts on both sides.
    noticed : Proportion
        Share of the exposed who noticed.
    claimed : Proportion or None
        Share of the unexposed who say that they noticed (yes-saying); None where nobody unexposed was asked.
    extra : Proportion or None
        `noticed` minus `claimed`.
    moved : Comparison
        Difference of the mean scores, exposed minus unexposed.
    on_noticers : Estimate
        What noticing did to the score of those who noticed because of the action.
    earned : Comparison
        Difference of the money per customer since the start.
    in_vain : Estimate or None
        The part of the cost spent on what was not noticed; without an unexposed side only a lower bound.
    cost_per_exposed : float or None
        Cost per customer exposed.
    cost_per_noticer : Estimate or None
        Cost per extra customer who noticed.
    randomised : bool
        Whether arms were drawn for it.
    grade : {"A", "C", "D"}
        A with arms, C with an unexposed side that was not drawn, D without one: opinion.
    notes : tuple of Note
        Doubts.
    """

    action: str
    cost: float | None
    exposed: Side
    unexposed: Side
    noticed: Proportion
    claimed: Proportion | None
    extra: Proportion | None
    moved: Comparison
    on_noticers: Estimate
    earned: Comparison
    in_vain: Estimate | None
    cost_per_exposed: float | None
    cost_per_noticer: Estimate | None
    randomised: bool
    grade: Grade
    notes: tuple[Note, ...] = ()

    @property
    def really_noticed(self) -> Proportion:
        """The best figure there is for what was noticed: the difference, else the plain share."""
        return self.extra or self.noticed


def noticing(
    actions: FrameLike,
    answers: FrameLike = None,
    *,
    score: str | None = None,
    money: pl.DataFrame | None = None,
    level: float = 0.95,
) -> tuple[ActionNoticing, ...]:
    """Return for each action what customers noticed of it, what that moved, what it earned and cost.

    Parameters
    ----------
    actions : dataframe or path
        The table `actions`.
    answers : dataframe or path, optional
        The table `answers`, where the survey asked what was noticed (`action`, `noticed`) or gives scores.
    score : str, optional
        Column of the score that may have moved.
    money : DataFrame, optional
        ``customer``, ``day``, ``money``.
    level : float
        Level of the intervals.

    Returns
    -------
    tuple of ActionNoticing
        The actions that somebody exposed was asked about, the dearest first.

    References
    ----------
    Rust, Zahorik and Keiningham (1995), Journal of Marketing 59(2): one can overspend on quality.
    """
    counts = noticing_counts(actions, answers, score=score, money=money)
    costs = dict(action_costs(actions).iter_rows())
    rows = {(row["action"], row["exposed"]): row for row in counts.iter_rows(named=True)}
    names = [name for name, exposed in rows if exposed and rows[name, exposed]["asked"] > 0]
    found = [
        action_noticing(
            name,
            _side(rows.get((name, True))),
            _side(rows.get((name, False))),
            cost=costs.get(name),
            randomised=bool(rows[name, True]["randomised"]),
            level=level,
        )
        for name in names
    ]
    return tuple(sorted(found, key=lambda one: (-(one.cost or 0.0), one.action)))


def action_noticing(
    action: str,
    exposed: Side,
    unexposed: Side,
    *,
    cost: float | None,
    randomised: bool = False,
    level: float = 0.95,
) -> ActionNoticing:
    """Return what was noticed of one action, from the counts on its two sides."""
    noticed = noticed_share(exposed, level)
    compared = unexposed.asked > 0
    extra = extra_noticed(exposed, unexposed, level) if compared else None
    seen = extra or noticed
    costs = cost is not None and exposed.customers > 0
    return ActionNoticing(
        action=action,
        cost=cost,
        exposed=exposed,
        unexposed=unexposed,
        noticed=noticed,
        claimed=noticed_share(unexposed, level) if compared else None,
        extra=extra,
        moved=moved_score(exposed, unexposed, level),
        on_noticers=effect_on_noticers(exposed, unexposed, level),
        earned=earned_money(exposed, unexposed, level),
        in_vain=None if cost is None else in_vain(cost, seen),
        cost_per_exposed=cost / exposed.customers if costs and cost is not None else None,
        cost_per_noticer=cost_per_extra_noticer(cost, exposed.customers, seen)
        if costs and cost is not None
        else None,
        randomised=randomised,
        grade="D" if not compared else "A" if randomised else "C",
        notes=() if compared else (_yes_saying(),),
    )


def _side(row: dict[str, object] | None) -> Side:
    return Side() if row is None else Side(**{field.name: row[field.name] for field in fields(Side)})  # type: ignore[arg-type]


def _yes_saying() -> Note:
    return Note(
        code="no_unexposed",
        text=Text(
            "Nobody who was not exposed was asked, so those who say yes out of politeness are not taken off."
        ),
    )
