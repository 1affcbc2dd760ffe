"""What every model of repeat purchases can be asked, whatever it is called."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Protocol, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from leal.errors import BadOption, BadValue, LealError, Where
from leal.predict.purchase_models.checked_arguments import require_count
from leal.predict.purchase_models.customer_columns import CustomersLike
from leal.predict.purchase_models.model_figure import ModelFigure
from leal.predict.purchase_models.newton import FARTHEST, Likelihood
from leal.predict.purchase_models.pair_steps import maximise_pairs
from leal.predict.purchase_models.penalised_likelihood import penalised_likelihood
from leal.predict.purchase_models.profile_limits import (
    Curve,
    Profile,
    figure_curve,
    parameter_curve,
    profile_limits,
)
from leal.results import Estimate, Note, checked_level, to_plain
from leal.wording import Count, Decimal, Listing, Text

if TYPE_CHECKING:
    import polars as pl

Floats: TypeAlias = NDArray[np.float64]

KEPT = 20_000
"""Customers up to which a fit keeps what it was fitted to; with more, plus-or-minus is as good."""

MOST_PERTURBED = 5_000
"""Customers of whom the shape of a total is learned; of more, every k-th."""

MOST = 700.0
"""Logarithm of what floating point can hold."""

FAR = math.log(1000.0)
"""A total that may be a thousand times as large counts as without upper limit."""

HIGHEST, LOWEST = math.log(50.0), math.log(0.01)
"""Where the search for limits of undetermined parameters begins at most and at least."""

OPEN = math.log(1000.0)
"""A parameter that may be so many times as large or as small counts as without limit."""

NEAR_BEST = 0.5
"""Log-likelihood that a point inside may lack to stand for a maximum on the boundary; a limit lacks 1.9."""

LEAST = -15.0
"""Logarithm below which a parameter is made no smaller in the search for such a point."""

ON_BOUNDARY = 50.0
"""A logarithm so far from zero stands for a parameter that is nothing, or without bound."""


def little_of(likelihood: Likelihood | None, best: float, point: Floats, place: int) -> Floats:
    """Return a point with one parameter made so small that it fits nearly as well as with none of it.

    Parameters
    ----------
    likelihood : callable or None
        The log-likelihood; without it the point is returned.
    best : float
        Its value where the parameter is nothing.
    point : array (p,)
        Logarithms of the parameters.
    place : int
        Of the one.
    """
    point = point.copy()
    while likelihood is not None and point[place] > LEAST and likelihood(point)[0] < best - NEAR_BEST:
        point[place] -= 1.0
    return point


class TooLittleData(LealError):
    """There is nothing in the data that a model could learn from."""

    code = "too_little_data"


class PurchaseModelFit(Protocol):
    """A fitted model of repeat purchases: who buys again, how often, who is still a customer."""

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters by name; times in weeks."""
        ...

    @property
    def standard_errors(self) -> dict[str, float]:
        """Their standard errors by name; a parameter on the boundary has none."""
        ...

    @property
    def log_parameters(self) -> Floats:
        """Natural logarithms of the parameters, in the order of `parameters`."""
        ...

    @property
    def covariance(self) -> Floats:
        """Covariance of `log_parameters`; zero for a parameter on the boundary."""
        ...

    @property
    def log_likelihood(self) -> float:
        """The log-likelihood at the parameters."""
        ...

    @property
    def n(self) -> int:
        """Customers that the fit rests on."""
        ...

    @property
    def notes(self) -> tuple[Note, ...]:
        """Doubts and remarks."""
        ...

    def expected_purchases(self, customers: CustomersLike, weeks: float) -> Floats:
        """Return the purchases expected of each customer in the next weeks."""
        ...

    def discounted_expected_purchases(
        self, customers: CustomersLike, *, weeks: float, discount: float
    ) -> Floats:
        """Return the same, each week's purchases discounted to today by a yearly rate of interest."""
        ...

    def p_alive(self, customers: CustomersLike) -> Floats:
        """Return the probability that each customer is still one."""
        ...

    def expected_purchases_of_new(self, weeks: float) -> float:
        """Return the repeat purchases expected of a new customer in the first weeks."""
        ...

    def with_parameters(self, log_parameters: Floats) -> Self:
        """Return the same model with other parameters: how their uncertainty is carried on."""
        ...

    def draws(self, n: int, seed: int) -> Floats:
        """Return draws of `log_parameters` (n, parameters) from their normal approximation."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ParametricFit:
    """What all fits of customer models share: parameters estimated by maximum likelihood.

    Attributes
    ----------
    log_parameters : array (p,)
        Natural logarithms of the parameters.
    covariance : array (p, p)
        Their covariance, from the exact second derivatives; zero for a parameter on the boundary.
    log_likelihood : float
        At the parameters.
    n : int
        Customers that it rests on.
    notes : tuple of Note
        Doubts and remarks.
    """

    names: ClassVar[tuple[str, ...]] = ()  # of the parameters
    spread: ClassVar[tuple[int, ...]] = ()  # which of them tell how alike customers leave

    log_parameters: Floats
    covariance: Floats
    log_likelihood: float
    n: int
    notes: tuple[Note, ...] = ()

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters by name; times in weeks."""
        return {
            name: math.exp(value)
            for name, value in zip(self.names, self.log_parameters.tolist(), strict=True)
        }

    @property
    def standard_errors(self) -> dict[str, float]:
        """Standard errors of the parameters by name (delta method); one on the boundary has none."""
        spread = np.sqrt(np.diag(self.covariance)).tolist()
        pairs = zip(self.parameters.items(), spread, strict=True)
        return {name: value * error for (name, value), error in pairs if error > 0}

    def interval(self, name: str, level: float = 0.95) -> Estimate:
        """Return a parameter with its interval.

        Notes
        -----
        Where the model still has what it was fitted to (up to `KEPT` customers), the limits are those of the
        profile likelihood, and infinite or zero where the data set none; else symmetric on the logarithm. A
        parameter on the boundary has no interval: it is given as unknown.
        """
        level = checked_level(level)
        if name not in self.names:
            raise BadOption("name", name, list(self.names))
        place = self.names.index(name)
        value = float(self.log_parameters[place])
        free = self.covariance[place, place] > 0
        limits = self._likelihood_limits(parameter_curve(place, len(self.names)), level, far=OPEN)
        if abs(value) > ON_BOUNDARY or not (free or limits):
            value, limits = math.nan, (math.nan, math.nan)
        low, high = limits or self._plus_or_minus(place, level)
        return ModelFigure(
            estimate=math.exp(value),
            ci_low=math.exp(low),
            ci_high=math.exp(high) if high < MOST else math.inf,
            n=self.n,
            level=level,
            method="profile_likelihood" if limits else "wald_log",
            notes=self.notes
            if limits or self._likelihood() is None
            else (*self.notes, _plus_or_minus_note()),
        )

    def _plus_or_minus(self, place: int, level: float) -> tuple[float, float]:
        from scipy.special import ndtri

        reach = float(ndtri(0.5 + level / 2)) * math.sqrt(self.covariance[place, place])
        return float(self.log_parameters[place]) - reach, float(self.log_parameters[place]) + reach

    def _likelihood_limits(self, curve: Curve, level: float, far: float) -> tuple[float, float] | None:
        """Return limits of a figure's logarithm by the profile likelihood, None where they are not found."""
        likelihood = self._likelihood()
        if likelihood is None:
            return None
        on_boundary = (np.abs(self.log_parameters) > ON_BOUNDARY).any()
        start = self._inside()
        profile = Profile(
            likelihood=likelihood,
            curve=curve,
            start=start,
            best=self.log_likelihood if on_boundary else likelihood(self.log_parameters)[0],
            middle=curve.value(start),
            far=far,
        )
        return profile_limits(profile, level)

    def _total_limits(self, curve: Curve, level: float) -> tuple[float, float] | None:
        """Return the same for a total; at the edge of the model it leans away from it as well."""
        plain = self._likelihood_limits(curve, level, far=FAR)
        inside = bool((np.diag(self.covariance) > 0).all())
        if plain is None or inside or not self.spread:
            return plain
        leaning = self._leaning_limits(curve, level)
        return None if leaning is None else (min(plain[0], leaning[0]), max(plain[1], leaning[1]))

    def _leaning_limits(self, curve: Curve, level: float) -> tuple[float, float] | None:
        likelihood = self._likelihood()
        assert likelihood is not None
        penalised = penalised_likelihood(likelihood, self.spread)
        inside = self._inside()
        found = maximise_pairs(penalised, inside, around=inside, reach=FARTHEST)
        profile = Profile(
            likelihood=penalised,
            curve=curve,
            start=found.point,
            best=found.value,
            middle=curve.value(found.point),
            far=FAR,
        )
        return profile_limits(profile, level)

    def _likelihood(self) -> Likelihood | None:
        """Return the likelihood that was maximised, where what it rests on is kept; children override it."""
        return None

    def _inside(self) -> Floats:
        """Return parameters in the midst of those that fit as well: mostly those of the fit."""
        point = self.log_parameters.copy()
        for first in np.flatnonzero(np.diag(self.covariance)[: point.size // 2 * 2] == 0) // 2 * 2:
            pair = point[first : first + 2]
            pair -= max(float(pair[0]) - HIGHEST, 0.0)  # the ratio is what is known of them
            np.maximum(pair, LOWEST, out=pair)
        return point

    def with_parameters(self, log_parameters: Floats) -> Self:
        """Return the same model with other parameters: how their uncertainty is carried on."""
        try:
            given = np.asarray(log_parameters, dtype=np.float64)
        except (TypeError, ValueError):
            given = np.empty(0)
        if given.shape != self.log_parameters.shape or not np.isfinite(given).all():
            raise BadValue(
                Text("These are not the logarithms of {count} parameters.", count=len(self.names)),
                hint=Text("Give one finite number for each parameter: a row of fit.draws(n, seed)."),
                where=Where(column="log_parameters"),
            )
        return self._forgetful(given)

    def _forgetful(self, log_parameters: Floats) -> Self:
        """Return the model with other parameters, and without what the old ones were fitted to."""
        return replace(self, log_parameters=log_parameters)

    def draws(self, n: int, seed: int) -> Floats:
        """Return draws of `log_parameters` (n, parameters) from their normal approximation."""
        require_count(n, "n")
        require_count(seed, "seed")
        values, axes = np.linalg.eigh(self.covariance)
        normal = np.random.default_rng(seed).standard_normal((n, values.size))
        return np.asarray(self.log_parameters + (normal * np.sqrt(np.maximum(values, 0.0))) @ axes.T)

    def to_frame(self) -> pl.DataFrame:
        """Return one row a parameter: ``parameter, estimate, standard_error, ci_low, ci_high``."""
        import polars as pl

        errors = self.standard_errors
        rows = [(name, self.parameters[name], errors.get(name), *self._limits(name)) for name in self.names]
        kinds = {"parameter": pl.String, "estimate": pl.Float64, "standard_error": pl.Float64}
        kinds |= {"ci_low": pl.Float64, "ci_high": pl.Float64}
        return pl.DataFrame(rows, schema=kinds, orient="row")

    def _limits(self, name: str) -> tuple[float | None, float | None]:
        found = self.interval(name)
        return (found.ci_low, found.ci_high) if found.known else (None, None)

    def to_dict(self) -> dict[str, object]:
        """Return the fit as plain JSON values."""
        return {
            "parameters": to_plain(self.parameters),
            "standard_errors": to_plain(self.standard_errors),
            "covariance": self.covariance.tolist(),
            "log_likelihood": self.log_likelihood,
            "n": self.n,
            "notes": to_plain(self.notes),
        }

    def sentence(self) -> Text:
        """Return the parameters in one sentence."""
        told = [
            Text("{name} = {value}", name=name, value=Decimal(value, 3))
            for name, value in self.parameters.items()
        ]
        return Text("{parameters} (n = {n})", parameters=Listing.of(told), n=Count(self.n))

    def __str__(self) -> str:
        return self.sentence()


def total_with_interval(
    total: Callable[[Floats], float],
    fit: ParametricFit,
    level: float,
    notes: Sequence[Note] = (),
    curve: Curve | None = None,
) -> ModelFigure:
    """Return a figure of a fit with the interval that the parameters' uncertainty leaves.

    Parameters
    ----------
    total : callable
        The figure at given logarithms of the parameters; above zero.
    fit : ParametricFit
        The fit.
    level : float
        Level of the interval.
    notes : sequence of Note
        What else is to be said.
    curve : Curve, optional
        A figure in proportion to it that is quicker to reckon, such as that of a part of the customers.

    Notes
    -----
    Up to `KEPT` customers the limits are those of the profile likelihood: the figure's least and greatest
    value under parameters that the data do not contradict, those included that they do not determine. Where
    the best fit lies at the edge of its model, few customers look as if all left alike, which makes totals
    too low and too sure: the limits are then the wider ones of that likelihood and of one that leans away
    from the edge (`penalised_likelihood`). With more customers plus-or-minus on the logarithm is as good
    (delta method; the slope by central differences).
    The interval is of the *expected* figure: what will happen scatters about it.
    """
    level = checked_level(level)
    middle = fit.log_parameters
    estimate = total(middle)
    notes = (*fit.notes, *notes)
    if not estimate > 0:
        return ModelFigure(estimate=estimate, ci_low=estimate, ci_high=estimate, n=fit.n, level=level,
                           method="delta_log", notes=notes)  # fmt: skip
    low, high, by_likelihood = total_reach(fit, curve or figure_curve(total), level)
    if not by_likelihood and fit._likelihood() is not None:
        notes = (*notes, _plus_or_minus_note())
    return ModelFigure(
        estimate=estimate,
        ci_low=estimate * math.exp(low),
        ci_high=estimate * math.exp(high) if high < MOST else math.inf,
        n=fit.n,
        level=level,
        method="profile_likelihood" if by_likelihood else "delta_log",
        notes=notes,
    )


def total_reach(
    fit: PurchaseModelFit | ParametricFit, curve: Curve, level: float
) -> tuple[float, float, bool]:
    """Return how far below and above its estimate a total's logarithm may lie, and whether by likelihood.

    Parameters
    ----------
    fit : fit
        Of the model; one that does not keep what it was fitted to gives plus-or-minus (delta method).
    curve : Curve
        The total by the logarithms of the parameters, or a figure in proportion to it.
    level : float
        Confidence level.

    Returns
    -------
    float, float, bool
        The first is not above 0, the second not below it; infinite where the data set no limit.
    """
    at = curve.value(fit.log_parameters)
    limits = fit._total_limits(curve, level) if isinstance(fit, ParametricFit) else None
    known = plus_or_minus(fit, curve, level) if limits is None else 0.0
    low, high = limits or (at - known, at + known)
    return min(low - at, 0.0), max(high - at, 0.0), limits is not None


def plus_or_minus(fit: PurchaseModelFit | ParametricFit, curve: Curve, level: float) -> float:
    """Return how far a figure's logarithm may lie on either side by the delta method."""
    from scipy.special import ndtri

    _, slope, _ = curve.slopes(fit.log_parameters)
    slope = np.where(np.diag(fit.covariance) > 0, slope, 0.0)
    return float(ndtri(0.5 + level / 2)) * math.sqrt(float(slope @ fit.covariance @ slope))


def _plus_or_minus_note() -> Note:
    text = Text(
        "The limits of the likelihood were not found: plus-or-minus stands in for them, which is too narrow"
        " where customers are few."
    )
    return Note(code="plus_or_minus", text=text)
