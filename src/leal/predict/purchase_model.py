"""What every model of repeat purchases can be asked, whatever it is called."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Protocol, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from leal.errors import BadValue, LealError, Where
from leal.predict.customer_columns import CustomersLike
from leal.predict.newton import Likelihood
from leal.predict.profile_limits import profile_limits
from leal.results import Estimate, Note, to_plain
from leal.wording import Count, Decimal, Listing, Text

if TYPE_CHECKING:
    import polars as pl

Floats: TypeAlias = NDArray[np.float64]

KEPT = 20_000
"""Customers up to which a fit keeps what it was fitted to; with more, plus-or-minus is as good."""


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

    def expected_purchases(self, customers: CustomersLike, *, weeks: float) -> Floats:
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

    names: ClassVar[tuple[str, ...]] = ()

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
        profile likelihood, and infinite where the data set none; else symmetric on the logarithm. A parameter
        on the boundary has no interval: it is given as unknown.
        """
        place = self.names.index(name)
        value = float(self.log_parameters[place])
        likelihood = self._likelihood()
        if not self.covariance[place, place] > 0:
            low = value = high = math.nan
        elif likelihood is None:
            low, high = self._plus_or_minus(place, level)
        else:
            low, high = profile_limits(likelihood, self.log_parameters, self.covariance, place, level)
        return Estimate(
            estimate=math.exp(value),
            ci_low=math.exp(low),
            ci_high=math.exp(min(high, 700.0)) if high < math.inf else high,
            n=self.n,
            level=level,
            method="wald_log" if likelihood is None else "profile_likelihood",
            notes=self.notes,
        )

    def _plus_or_minus(self, place: int, level: float) -> tuple[float, float]:
        from scipy.special import ndtri

        reach = float(ndtri(0.5 + level / 2)) * math.sqrt(self.covariance[place, place])
        return float(self.log_parameters[place]) - reach, float(self.log_parameters[place]) + reach

    def _likelihood(self) -> Likelihood | None:
        """Return the likelihood that was maximised, where what it rests on is kept; children override it."""
        return None

    def with_parameters(self, log_parameters: Floats) -> Self:
        """Return the same model with other parameters: how their uncertainty is carried on."""
        given = np.asarray(log_parameters, dtype=np.float64)
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
    total: Callable[[Floats], float], fit: ParametricFit, level: float, notes: Sequence[Note] = ()
) -> Estimate:
    """Return a figure of a fit with the interval that the parameters' uncertainty leaves (delta method).

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

    Notes
    -----
    The slope of the figure's logarithm is taken by central differences; the interval is symmetric on the
    logarithm. It is of the *expected* figure: what will happen scatters about it.
    """
    from scipy.special import ndtri

    middle = fit.log_parameters
    estimate = total(middle)
    if not estimate > 0:
        return Estimate(estimate=estimate, ci_low=estimate, ci_high=estimate, n=fit.n, level=level,
                        method="delta_log", notes=(*fit.notes, *notes))  # fmt: skip
    slope = np.zeros(middle.size)
    for place in np.flatnonzero(np.diag(fit.covariance) > 0):
        width = min(1e-3, 0.1 * math.sqrt(fit.covariance[place, place]))
        shift = np.zeros(middle.size)
        shift[place] = width
        slope[place] = math.log(total(middle + shift) / total(middle - shift)) / (2 * width)
    reach = float(ndtri(0.5 + level / 2)) * math.sqrt(float(slope @ fit.covariance @ slope))
    factor = math.exp(min(reach, 700.0))
    return Estimate(
        estimate=estimate,
        ci_low=estimate / factor,
        ci_high=estimate * factor,
        n=fit.n,
        level=level,
        method="delta_log",
        notes=(*fit.notes, *notes),
    )
