"""What an action did to those who noticed it: the effect on all, divided by the extra share that noticed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from leal.measure import Side, effect_on_noticers, extra_noticed, noticed_share
from leal.results import Estimate, Note, Proportion, Result
from leal.statistics import fieller_limits, t_quantile
from leal.wording import Count, Decimal, Percent, Points, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticingEffect(Result):
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
    return NoticingEffect(
        treated=noticed_share(first, level),
        control=noticed_share(second, level),
        extra=extra_noticed(first, second, level),
        effect=effect_on_noticers(first, second, level),
        notes=(_works_through_noticing(),),
    )


def noticing_of_clusters(
    treated: pl.DataFrame, control: pl.DataFrame, *, level: float = 0.95
) -> NoticingEffect:
    """Return what `noticing_effect` does where clusters (branches, households) were drawn by lot.

    Parameters
    ----------
    treated, control : polars.DataFrame
        One row a cluster: ``outcome`` and ``noticed`` linearised, so that their means are those of the arm's
        customers, and ``size``.
    level : float
        Confidence level.

    Notes
    -----
    As `noticing_effect`, with variances and covariance over clusters and Student's t.
    """
    sides = [_Clusters.of(frame) for frame in (treated, control)]
    extra = _difference_of_shares(sides, level)
    return NoticingEffect(
        treated=_share(sides[0], level),
        control=_share(sides[1], level),
        extra=extra,
        effect=_wald(sides, level),
        notes=(_works_through_noticing(),),
    )


@dataclass(frozen=True, slots=True)
class _Clusters:
    """Mean outcome and share that noticed of an arm, with the covariance of the two, over its clusters."""

    means: tuple[float, float]
    covariance: npt.NDArray[np.float64]
    worth: float
    units: int

    @classmethod
    def of(cls, frame: pl.DataFrame) -> _Clusters:
        pairs = frame.select("outcome", "noticed").to_numpy()
        size = frame["size"].to_numpy()
        units = len(pairs)
        worth = float(size.sum()) ** 2 / float(size @ size) if units else 0.0
        known = np.cov(pairs, rowvar=False) / units if units > 1 else np.full((2, 2), np.nan)
        outcome, noticed = pairs.mean(axis=0).tolist() if units else (math.nan, math.nan)
        return cls((outcome, noticed), np.asarray(known, dtype=np.float64), worth, units)


def _freedom(sides: list[_Clusters], weights: tuple[float, float]) -> float:
    """Return Welch's degrees of freedom of a difference of outcome x weight + noticed x weight."""
    w = np.array(weights)
    parts = [float(w @ side.covariance @ w) for side in sides]
    whole = sum(part**2 / max(side.worth - 1, 1.0) for part, side in zip(parts, sides, strict=True))
    return max(sum(parts) ** 2 / whole, 1.0) if whole > 0 else 1.0


def _share(side: _Clusters, level: float) -> Proportion:
    reach = t_quantile(level, max(side.worth - 1, 1.0)) * math.sqrt(side.covariance[1, 1])
    share = side.means[1]
    return Proportion(
        estimate=share,
        ci_low=max(0.0, share - reach),
        ci_high=min(1.0, share + reach),
        n=side.units,
        level=level,
        method="t",
    )


def _difference_of_shares(sides: list[_Clusters], level: float) -> Proportion:
    gap = sides[0].means[1] - sides[1].means[1]
    error = math.sqrt(sum(side.covariance[1, 1] for side in sides))
    reach = t_quantile(level, _freedom(sides, (0.0, 1.0))) * error
    units = sides[0].units + sides[1].units
    return Proportion(
        estimate=gap,
        ci_low=max(-1.0, gap - reach),
        ci_high=min(1.0, gap + reach),
        n=units,
        level=level,
        method="welch",
    )


def _wald(sides: list[_Clusters], level: float) -> Estimate:
    outcome, extra = (sides[0].means[k] - sides[1].means[k] for k in (0, 1))
    whole = sides[0].covariance + sides[1].covariance
    limits = None
    if extra and np.all(np.isfinite(whole)):
        reach = t_quantile(level, _freedom(sides, (1.0, -outcome / extra)))
        limits = fieller_limits(outcome, extra, whole[0, 0], whole[1, 1], whole[0, 1], reach)
    n = float(sides[0].units + sides[1].units)
    if limits is None:
        text = Text("It is not sure that the exposed noticed it more often than the unexposed.")
        return Estimate.unknown(n, level, notes=(Note(code="nothing_noticed", text=text),))
    return Estimate(
        estimate=outcome / extra, ci_low=limits[0], ci_high=limits[1], n=n, level=level, method="fieller"
    )


def _works_through_noticing() -> Note:
    return Note(
        code="works_through_noticing",
        text=Text(
            "The effect on those who noticed assumes that the action does nothing to those who do not notice"
            " it."
        ),
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
