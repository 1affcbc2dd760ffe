"""How long an effect lasts: fitted and tested, not assumed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leal.errors import BadValue, Where
from leal.results import Estimate, Note
from leal.statistics import SignificanceTest
from leal.wording import Count, Decimal, Text

Floats = npt.NDArray[np.float64]

FEWEST_MONTHS = 3
_FASTEST = math.log(2) / 0.05
"""Decay a month beyond which an effect is over within days: no monthly figures can tell more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfLife(Estimate):
    """After how many months half of an effect is left.

    The upper limit is infinite where the effect may not decay at all; `to_dict` then gives ``None``.

    Attributes
    ----------
    decay : SignificanceTest
        Test against an effect that lasts (likelihood ratio, one degree of freedom).
    first_effect : float
        Fitted effect at the start, averaged over the actions.
    fitted : tuple of float
        Fitted effect in each month.
    """

    decay: SignificanceTest
    first_effect: float
    fitted: tuple[float, ...]

    @property
    def decays(self) -> bool:
        """Whether the effect surely decays: its half-life has an upper limit."""
        return self.known and math.isfinite(self.ci_high)

    def sentence(self) -> Text:
        """Return how long the effect lasts, in one sentence."""
        if not self.known and not self.decay.known:
            return Text(
                "How long it lasts is unknown: there is no effect to follow (n = {n}).", n=Count(self.n)
            )
        if not self.decays:
            return Text(
                "No decay is proved: half of the effect is left after at least {low} months ({n} months"
                " seen).",
                low=Decimal(self.ci_low, 1),
                n=Count(self.n),
            )
        return Text(
            "Half of the effect is gone after {figure} months ({low} to {high}; {n} months seen).",
            figure=Decimal(self.estimate, 1),
            low=Decimal(self.ci_low, 1),
            high=Decimal(self.ci_high, 1),
            n=Count(self.n),
        )


def half_life(
    effects: Sequence[float] | npt.ArrayLike,
    covariance: npt.ArrayLike,
    *,
    months: npt.ArrayLike | None = None,
    groups: npt.ArrayLike | None = None,
    level: float = 0.95,
) -> HalfLife:
    """Fit an exponential decay to effects by month since the start, and test it against none.

    Parameters
    ----------
    effects : array of shape (months,)
        Effect in each month since the start (several actions may stand one after the other).
    covariance : array of shape (months, months) or (months,)
        Their covariance (the same customers stand in all months), or only their variances.
    months : array of shape (months,), optional
        The middle of each month since the start: .5, 1.5, ... by default.
    groups : array of shape (months,), optional
        The action of each effect: all share the half-life, each has its own first effect.
    level : float
        Level of the interval.

    Returns
    -------
    HalfLife
        In months. Unknown where there are fewer than three months, or no effect that could be followed.

    Notes
    -----
    E(t) = a 2^(-t/h), a of each group by generalised least squares given h; h at the least misfit, its limits
    where the misfit rises by the chi-square of `level` (profile likelihood), which may have no end. The test
    compares with h infinite, so that it agrees with the upper limit. An effect that cannot be told from zero
    has no half-life.

    References
    ----------
    Seber and Wild (1989), Nonlinear Regression.

    Examples
    --------
    >>> found = half_life([8, 4, 2, 1], [.01, .01, .01, .01])
    >>> round(found.estimate, 2), found.decays
    (1.0, True)
    """
    values = np.asarray(effects, dtype=np.float64)
    noise = np.asarray(covariance, dtype=np.float64)
    noise = np.asarray(np.diag(noise), dtype=np.float64) if noise.ndim == 1 else noise
    times = np.asarray(np.arange(len(values)) + 0.5 if months is None else months, dtype=np.float64)
    group = np.zeros(len(values), dtype=int) if groups is None else np.unique(groups, return_inverse=True)[1]
    _require(values, noise, times, group)
    if len(values) < FEWEST_MONTHS or np.linalg.matrix_rank(noise) < len(values):
        return _unknown(values, level, "few_months")
    inverse = np.asarray(np.linalg.inv(noise), dtype=np.float64)
    fit = _Fit(values, inverse, times, group)
    nothing = float(values @ inverse @ values)
    lasting = fit.misfit(0.0)
    if not _any_effect(nothing, min(lasting, fit.least()[1]), fit.groups, level):
        return _unknown(values, level, "no_effect")
    return _fitted(fit, lasting, level)


def _require(values: Floats, noise: Floats, times: Floats, group: npt.NDArray[np.int64]) -> None:
    size = len(values)
    if noise.shape != (size, size) or times.shape != (size,) or group.shape != (size,):
        raise BadValue(
            Text("Effects, months and covariance do not fit together."),
            hint=Text("Give one month and one variance for each effect."),
            where=Where(column="covariance"),
        )
    if not (np.all(np.isfinite(values)) and np.all(np.isfinite(noise)) and np.all(np.isfinite(times))):
        raise BadValue(
            Text("An effect or its variance is not a number."),
            hint=Text("Leave out months that are not known."),
            where=Where(column="effects"),
        )


class _Fit:
    """The misfit of a decay rate, the first effects being fitted to it."""

    def __init__(self, values: Floats, inverse: Floats, times: Floats, group: npt.NDArray[np.int64]) -> None:
        self.values, self.inverse, self.times, self.group = values, inverse, times, group
        self.groups = int(group.max()) + 1 if len(group) else 0

    def first(self, rate: float) -> Floats:
        shape = self._shape(rate)
        weighed = shape.T @ self.inverse
        return np.asarray(np.linalg.lstsq(weighed @ shape, weighed @ self.values, rcond=None)[0])

    def curve(self, rate: float) -> Floats:
        return np.asarray(self._shape(rate) @ self.first(rate))

    def misfit(self, rate: float) -> float:
        rest = self.values - self.curve(rate)
        return float(rest @ self.inverse @ rest)

    def least(self) -> tuple[float, float]:
        """Return the rate of the least misfit, from no decay to one of days, and that misfit."""
        from scipy.optimize import minimize_scalar

        grid = np.concatenate([[0.0], np.geomspace(1e-4, _FASTEST, 120)])
        misfits = [self.misfit(rate) for rate in grid]
        place = int(np.argmin(misfits))
        if place in (0, len(grid) - 1):
            return float(grid[place]), misfits[place]
        found = minimize_scalar(
            self.misfit,
            bounds=(grid[place - 1], grid[place + 1]),
            method="bounded",
            options={"xatol": 1e-10},
        )
        better = float(found.fun) < misfits[place]
        return (float(found.x), float(found.fun)) if better else (float(grid[place]), misfits[place])

    def _shape(self, rate: float) -> Floats:
        decay = np.exp(-rate * self.times)
        return np.asarray(decay[:, None] * (self.group[:, None] == np.arange(self.groups)))


def _any_effect(nothing: float, least: float, groups: int, level: float) -> bool:
    """Tell whether the fitted effects can be told from none at all: first effects and rate are fitted."""
    from scipy.special import chdtrc

    return bool(chdtrc(groups + 1, max(nothing - least, 0.0)) < 1 - level)


def _fitted(fit: _Fit, lasting: float, level: float) -> HalfLife:
    from scipy.special import chdtrc, chdtri

    rate, least = fit.least()
    ratio = max(lasting - least, 0.0)
    p_value = float(chdtrc(1, ratio)) if rate > 0 else 1.0
    allowed = least + float(chdtri(1, 1 - level))
    slow, fast = _crossing(fit, rate, allowed, down=True), _crossing(fit, rate, allowed, down=False)
    known = rate > 0
    notes = () if slow > 0 else (Note(code="may_not_decay", text=_MAY_LAST),)
    curve = fit.curve(rate)
    return HalfLife(
        estimate=math.log(2) / rate if known else math.nan,
        ci_low=math.log(2) / fast,
        ci_high=math.log(2) / slow if slow > 0 else math.inf,
        n=float(len(fit.values)),
        level=level,
        method="profile_likelihood",
        notes=notes,
        decay=SignificanceTest(
            statistic=ratio,
            degrees_of_freedom=1,
            p_value=p_value,
            n=float(len(fit.values)),
            method="likelihood_ratio",
        ),
        first_effect=float(np.mean(fit.first(rate))),
        fitted=tuple(curve.tolist()),
    )


_MAY_LAST = Text("An effect that does not decay at all fits the months seen as well.")


def _crossing(fit: _Fit, rate: float, allowed: float, *, down: bool) -> float:
    """Return the rate beyond which the misfit is too large; 0 or the fastest where there is none."""
    from scipy.optimize import brentq

    end = 0.0 if down else _FASTEST
    if rate == end or fit.misfit(end) <= allowed:
        return end
    near, far = (end, rate) if down else (rate, end)
    return float(brentq(lambda x: fit.misfit(x) - allowed, near, far, xtol=1e-12))


def _unknown(values: Floats, level: float, code: str) -> HalfLife:
    texts = {
        "few_months": Text("A half-life needs at least three months of effects."),
        "no_effect": Text("No effect can be told from zero, so there is nothing whose decay could be seen."),
    }
    nan = math.nan
    n = float(len(values))
    return HalfLife.unknown(
        n,
        level,
        "profile_likelihood",
        notes=(Note(code=code, text=texts[code]),),
        decay=SignificanceTest(
            statistic=nan, degrees_of_freedom=1, p_value=nan, n=n, method="likelihood_ratio"
        ),
        first_effect=nan,
        fitted=(),
    )
