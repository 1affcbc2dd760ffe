"""What an action did to those who noticed it: the effect on all, divided by the extra share that noticed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from leal.measure import Side, effect_on_noticers, extra_noticed, noticed_share
from leal.results import Estimate, Note, Proportion, to_plain
from leal.wording import Count, Decimal, Percent, Points, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticingEffect:
    """The effect on those who noticed because they were treated.

    Attributes
    ----------
    treated, control : Proportion
        Share of those asked who say that they noticed, in each arm (the control says yes too).
    extra : Proportion
        The difference: what was really noticed.
    effect : Estimate
        Effect on all (intention to treat) / extra share, with Fieller's interval; unknown where it is not
        sure that the treated noticed more often.
    notes : tuple of Note
        What it assumes.
    """

    treated: Proportion
    control: Proportion
    extra: Proportion
    effect: Estimate
    notes: tuple[Note, ...]

    def sentence(self) -> Text:
        """Return the effect on noticers in one sentence, with what it assumes."""
        if not self.effect.known:
            return Text(
                "Effect on those who noticed: unknown; of the treated {treated} noticed, of the others"
                " {control}.",
                treated=Percent(self.treated.estimate),
                control=Percent(self.control.estimate),
            )
        return Text(
            "Effect on those who noticed: {effect} ({level} {low} to {high}, n = {n}); {extra} points more of"
            " the treated noticed. It holds only if the action works through being noticed.",
            effect=Decimal(self.effect.estimate),
            level=Percent(self.effect.level),
            low=Decimal(self.effect.ci_low),
            high=Decimal(self.effect.ci_high),
            n=Count(self.effect.n),
            extra=Points(100 * self.extra.estimate, 1),
        )

    def __str__(self) -> str:
        return self.sentence()

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain JSON values."""
        return to_plain(self)  # type: ignore[no-any-return]


def noticing_effect(
    treated: pl.DataFrame,
    control: pl.DataFrame,
    *,
    outcome: str = "outcome",
    noticed: str = "noticed",
    level: float = 0.95,
) -> NoticingEffect:
    """Return what an action did to those who noticed it because they were treated.

    Parameters
    ----------
    treated, control : polars.DataFrame
        The customers of each arm, drawn by lot: the outcome of each, and whether they noticed (true or false,
        1 or 0; empty for those who were not asked, who still count in the effect on all).
    outcome, noticed : str
        The columns.
    level : float
        Confidence level.

    Returns
    -------
    NoticingEffect

    Notes
    -----
    Wald's estimator (Y1 - Y0)/(n1 - n0) with Fieller's interval and the covariance of the two differences. It
    assumes that being treated changes nothing for those who do not notice it (exclusion), and that nobody
    notices less because of it. Not for comparing those who noticed with those who did not: they differ in
    more than that.

    References
    ----------
    Wald (1940), Annals of Mathematical Statistics 11; Fieller (1954), JRSS B 16; Angrist, Imbens, Rubin
    (1996), JASA 91.

    Examples
    --------
    >>> treated = pl.DataFrame({"outcome": [11.2] * 50 + [9.2] * 50, "noticed": [True] * 40 + [False] * 60})
    >>> control = pl.DataFrame({"outcome": [10.0] * 50 + [8.0] * 50, "noticed": [True] * 10 + [False] * 90})
    >>> round(noticing_effect(treated, control).effect.estimate, 6)
    4.0
    """
    first, second = (_side(frame, outcome, noticed) for frame in (treated, control))
    assumed = Note(
        code="works_through_noticing",
        text=Text(
            "The effect on those who noticed assumes that the action does nothing to those who do not notice"
            " it."
        ),
    )
    return NoticingEffect(
        treated=noticed_share(first, level),
        control=noticed_share(second, level),
        extra=extra_noticed(first, second, level),
        effect=effect_on_noticers(first, second, level),
        notes=(assumed,),
    )


def _side(frame: pl.DataFrame, outcome: str, noticed: str) -> Side:
    table = frame.select(y=pl.col(outcome).cast(pl.Float64), d=pl.col(noticed).cast(pl.Float64)).drop_nulls(
        "y"
    )
    asked = table.drop_nulls("d")
    y, d = asked["y"], asked["d"]
    return Side(
        customers=table.height,
        asked=asked.height,
        noticed=int(d.sum()),
        scored=table.height,
        score_sum=float(table["y"].sum()),
        score_squares=float((table["y"] ** 2).sum()),
        both=asked.height,
        both_noticed=int(d.sum()),
        both_score=float(y.sum()),
        both_product=float((y * d).sum()),
    )
