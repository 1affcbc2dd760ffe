"""NBD: who buys again where nobody leaves; the benchmark, and what is left where no dropout is visible."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

import numpy as np

from leal.predict.purchase_models.checked_arguments import require_weeks
from leal.predict.purchase_models.customer_codes import CustomerCodes, code_customers
from leal.predict.purchase_models.customer_columns import CustomersLike, Floats, read_rhythm
from leal.predict.purchase_models.fitting import fitted, require_repeats
from leal.predict.purchase_models.newton import Likelihood, Maximum, maximise
from leal.predict.purchase_models.purchase_model import KEPT, ParametricFit
from leal.predict.purchase_models.weekly_discount import discounted


@dataclass(frozen=True, slots=True, kw_only=True)
class Nbd:
    """The negative binomial model: every customer buys at a steady rate of their own, and nobody leaves.

    Notes
    -----
    Purchases of a customer are Poisson at a rate that is gamma distributed over customers (shape r, rate
    alpha in weeks). Not to be used to tell who is still a customer: everyone is. It is the benchmark that a
    model with dropout must beat, and the answer where no dropout is visible.

    References
    ----------
    Ehrenberg (1959), Applied Statistics 8(1), 26-41.

    Examples
    --------
    >>> import leal
    >>> customers = {"frequency": [0, 1, 4, 2], "recency": [0, 9, 20, 15], "age": [25, 25, 22, 21]}
    >>> fit = leal.predict.Nbd().fit(customers)
    >>> round(float(fit.expected_purchases(customers, weeks=10).sum()), 1)
    3.1
    """

    def fit(self, customers: CustomersLike) -> NbdFit:
        """Return the model fitted to customers: a dataframe, path or mapping with `frequency, recency, age`.

        Raises
        ------
        TooLittleData
            Nobody bought again, or there is one customer only.
        """
        codes = code_customers(read_rhythm(customers), once=False)
        require_repeats(codes)
        found = maximise_nbd(codes)
        constant = _poisson_constant(codes)
        parts = fitted(NbdFit.names, found, codes)
        return NbdFit(
            **parts, log_likelihood=found.value + constant, codes=codes if codes.n <= KEPT else None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NbdFit(ParametricFit):
    """A fitted NBD model; `parameters` are r and alpha (weeks). The Poisson constant is in its likelihood."""

    names: ClassVar[tuple[str, ...]] = ("r", "alpha")

    codes: CustomerCodes | None = field(default=None, repr=False, compare=False)

    def _likelihood(self) -> Likelihood | None:
        return None if self.codes is None else nbd_likelihood(self.codes)

    def _forgetful(self, log_parameters: Floats) -> Self:
        return replace(self, log_parameters=log_parameters, codes=None)

    def expected_purchases(self, customers: CustomersLike, weeks: float) -> Floats:
        """Return the purchases expected of each customer in the next weeks: (r + x) weeks / (alpha + T)."""
        require_weeks(weeks)
        r, alpha = np.exp(self.log_parameters)
        rhythm = read_rhythm(customers)
        return np.asarray((r + rhythm.frequency) / (alpha + rhythm.age) * weeks)

    def discounted_expected_purchases(
        self, customers: CustomersLike, *, weeks: float, discount: float
    ) -> Floats:
        """Return the same, each week's purchases discounted to today by a yearly rate of interest."""
        return discounted(
            lambda ahead: self.expected_purchases(customers, weeks=ahead), weeks=weeks, discount=discount
        )

    def p_alive(self, customers: CustomersLike) -> Floats:
        """Return 1 for each customer: in this model nobody leaves."""
        return np.ones(read_rhythm(customers).n)

    def expected_purchases_of_new(self, weeks: float) -> float:
        """Return the repeat purchases expected of a new customer in the first weeks: r weeks / alpha."""
        r, alpha = np.exp(self.log_parameters).tolist()
        return float(r / alpha * weeks)


def maximise_nbd(codes: CustomerCodes) -> Maximum:
    """Return the maximum of the likelihood in log r, log alpha, without the Poisson constant."""
    rate = float(codes.repeats_by_end.sum() / (codes.customers_by_end @ codes.times))
    return maximise(nbd_likelihood(codes), np.log([0.5, 0.5 / rate]))


def nbd_likelihood(codes: CustomerCodes) -> Likelihood:
    """Return the log-likelihood in log r, log alpha: sums over distinct frequencies and ages only."""
    from scipy.special import gammaln, polygamma, psi

    seen = codes.customers_by_repeats > 0
    repeats, counts = codes.repeats[seen], codes.customers_by_repeats[seen]
    present = codes.customers_by_end > 0
    times = codes.times[present]
    here, bought = codes.customers_by_end[present], codes.repeats_by_end[present]
    n = float(counts.sum())

    def likelihood(point: Floats) -> tuple[float, Floats, Floats]:
        r, alpha = np.exp(point)
        exponents = here * r + bought
        inverse = 1.0 / (alpha + times)
        logs = np.log(alpha + times)
        value = float(counts @ (gammaln(r + repeats) - gammaln(r)) + n * r * point[1] - exponents @ logs)
        by_r = float(counts @ (psi(r + repeats) - psi(r)) + n * point[1] - here @ logs)
        by_alpha = n * r / alpha - exponents @ inverse
        r_r = float(counts @ (polygamma(1, r + repeats) - polygamma(1, r)))
        r_alpha = n / alpha - here @ inverse
        alpha_alpha = -n * r / alpha**2 + exponents @ inverse**2
        return in_logarithms(
            value, np.array([by_r, by_alpha]),
            np.array([[r_r, r_alpha], [r_alpha, alpha_alpha]]), np.array([r, alpha]),
        )  # fmt: skip

    return likelihood


def in_logarithms(
    value: float, gradient: Floats, hessian: Floats, parameters: Floats
) -> tuple[float, Floats, Floats]:
    """Return derivatives by the logarithms of parameters from those by the parameters."""
    scaled = gradient * parameters
    return value, scaled, hessian * np.outer(parameters, parameters) + np.diag(scaled)


def _poisson_constant(codes: CustomerCodes) -> float:
    from scipy.special import gammaln

    bought = codes.repeats_by_end > 0
    logs = np.log(np.maximum(codes.times[bought], 1e-300))
    return float(
        codes.repeats_by_end[bought] @ logs - codes.customers_by_repeats @ gammaln(codes.repeats + 1)
    )
