"""Gamma-Gamma: what each customer's purchases bring on average, by their own and everyone's."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

import numpy as np

from leal.predict.purchase_models.amounts_total import AmountsTotal
from leal.predict.purchase_models.customer_columns import CustomersLike, Floats, refuse_spend, take
from leal.predict.purchase_models.fitting import FEW_REPEATERS, doubts
from leal.predict.purchase_models.model_figure import ModelFigure
from leal.predict.purchase_models.nbd import in_logarithms
from leal.predict.purchase_models.newton import Likelihood, covariance_of
from leal.predict.purchase_models.pair_steps import maximise_pairs
from leal.predict.purchase_models.profile_limits import Curve, figure_curve
from leal.predict.purchase_models.purchase_model import (
    HIGHEST,
    KEPT,
    ParametricFit,
    TooLittleData,
    total_with_interval,
)
from leal.results import Note, checked_level
from leal.wording import Count, Decimal, Text, plural

NAMES = ("p", "q", "v")

ENOUGH_FOR_A_START = 20_000

RELATED = 0.3
"""Correlation of frequency and spend above which the model's assumption does not hold."""

NARROW = 1e6
"""Shape that stands for no variation at all."""

_COLUMNS = ("frequency", "spend")


@dataclass(frozen=True, slots=True, kw_only=True)
class GammaGamma:
    """The Gamma-Gamma model: the mean amount of each customer's purchases.

    Notes
    -----
    The amounts of a customer are gamma distributed (shape p) about a mean of their own, the means over
    customers by an inverse gamma (q, v); a customer with few purchases is drawn towards everyone's mean
    p v / (q - 1). Fitted on customers with a repeat purchase. **It takes for granted that how much someone
    spends at a purchase does not hang on how often they buy**: where the two are related (a note says so), do
    not use it, or fit groups apart. Not for amounts of zero or less.

    References
    ----------
    Fader, Hardie and Lee (2005), Journal of Marketing Research 42(4), 415-430; Fader and Hardie (2013), The
    Gamma-Gamma Model of Monetary Value.

    Examples
    --------
    >>> import leal
    >>> customers = {"frequency": [0, 1, 4, 2, 3], "spend": [0, 20.0, 31.0, 25.0, 48.0]}
    >>> fit = leal.GammaGamma().fit(customers)
    >>> fit.expected_spend(customers).round(1).tolist()
    [33.2, 31.1, 32.3, 30.9, 38.6]
    """

    def fit(self, customers: CustomersLike) -> GammaGammaFit:
        """Return the model fitted to customers.

        Parameters
        ----------
        customers : dataframe, path or mapping
            With ``frequency`` (repeat purchase days) and ``spend`` (mean amount of them, in money);
            customers without a repeat purchase are left out, and counted in a note.

        Returns
        -------
        GammaGammaFit

        Raises
        ------
        TooLittleData
            Fewer than two customers bought again.
        MissingColumn, BadValue
            A column is absent; a value cannot be.
        """
        frequency, spend = take(customers, _COLUMNS)
        spending = _spending(frequency, spend)
        if spending.n < 2:
            raise TooLittleData(
                Text(
                    "Only {count} customers bought again: what their purchases bring cannot be told.",
                    count=Count(spending.n),
                ),
                hint=Text("Give purchases of a longer time, or of all customers."),
            )
        return _of_one_price(spending) if spending.spread == 0 else _fitted(spending, frequency, spend)


@dataclass(frozen=True, slots=True, kw_only=True)
class GammaGammaFit(ParametricFit):
    """A fitted Gamma-Gamma model; `parameters` are p, q and v (money).

    Attributes
    ----------
    observed_mean : float
        Mean of the customers' mean spends.
    correlation : float
        Of frequency and mean spend; 0 where all are alike.
    """

    names: ClassVar[tuple[str, ...]] = NAMES

    observed_mean: float
    correlation: float
    spending: _Spending | None = field(default=None, repr=False, compare=False)

    def _likelihood(self) -> Likelihood | None:
        return None if self.spending is None else gamma_gamma_likelihood(self.spending)

    def _inside(self) -> Floats:
        """Return the fit, or where it is undetermined less large shapes p and q with the same p v/q."""
        if (np.diag(self.covariance) > 0).all():
            return self.log_parameters
        p, q, v = self.log_parameters.tolist()
        lower_p, lower_q = min(p, HIGHEST), min(q, HIGHEST)
        return np.array([lower_p, lower_q, v + (p - lower_p) - (q - lower_q)])

    def _forgetful(self, log_parameters: Floats) -> Self:
        return replace(self, log_parameters=log_parameters, spending=None)

    @property
    def population_mean(self) -> float:
        """Mean amount of a purchase over all customers, p v / (q - 1).

        Where q is 1 or less the model has no mean (a note says so): it is the observed mean then.
        """
        p, q, v = np.exp(self.log_parameters).tolist()
        return p * v / (q - 1) if q > 1 else self.observed_mean

    def population_mean_with_interval(self, level: float = 0.95) -> ModelFigure:
        """Return the mean amount of a purchase over all customers with its interval.

        Where the data do not contradict a tail without a mean (q of 1), there is no upper limit. Where that
        is the best fit, the model has no mean to give: it is unknown.
        """
        level = checked_level(level)
        if self.log_parameters[1] <= 0:
            return ModelFigure(
                estimate=math.nan, ci_low=math.nan, ci_high=math.nan, n=self.n, level=level,
                method="unknown", notes=self.notes,
            )  # fmt: skip
        return total_with_interval(_mean, self, level, curve=Curve(value=_log_mean, slopes=_mean_slopes))

    def expected_spend(self, customers: CustomersLike) -> Floats:
        """Return the mean amount expected of each customer's purchases to come, one value a row.

        Parameters
        ----------
        customers : dataframe, path or mapping
            With ``frequency`` and ``spend``; spend is not looked at where there is no repeat purchase.
        """
        frequency, spend = take(customers, _COLUMNS)
        refuse_spend(frequency, spend)
        p, q, _ = np.exp(self.log_parameters).tolist()
        own = p * frequency
        others = max(q - 1, 0.0) if q > 1 else q
        paid = np.where(frequency > 0, spend, 0.0)
        return np.asarray((others * self.population_mean + own * paid) / (others + own))

    def total_curve(self, frequency: Floats, spend: Floats, weights: Floats) -> Curve:
        """Return what purchases to come bring, counted with weights, by the parameters, on the logarithm.

        Parameters
        ----------
        frequency, spend : arrays (n,)
            Repeat purchases of each customer and their mean amount.
        weights : array (n,)
            Purchases to come of each customer.
        """
        if self.log_parameters[1] <= 0:
            columns = {"frequency": frequency, "spend": spend}
            return figure_curve(
                lambda point: float(weights @ self.with_parameters(point).expected_spend(columns))
            )
        total = AmountsTotal(frequency=frequency, spend=spend, weights=weights)
        return Curve(value=lambda point: total.slopes(point)[0], slopes=total.slopes)


def _mean(point: Floats) -> float:
    p, q, v = np.exp(point).tolist()
    return p * v / (q - 1) if q > 1 else math.inf


def _log_mean(point: Floats) -> float:
    mean = _mean(point)
    return math.log(mean) if mean < math.inf else math.nan


def _mean_slopes(point: Floats) -> tuple[float, Floats, Floats]:
    """Return the logarithm of the mean, its gradient and second derivatives by the logarithms of p, q, v."""
    q = math.exp(point[1])
    below = math.nan if q <= 1 else q - 1
    return _log_mean(point), np.array([1.0, -q / below, 1.0]), np.diag([0.0, q / below**2, 0.0])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spending:
    """Customers with a repeat purchase: how often, for how much in all, and sums that need no parameter."""

    customers: int
    x: Floats
    total: Floats
    repeats: Floats
    customers_by_repeats: Floats
    sums: Floats

    @property
    def n(self) -> int:
        return int(self.x.size)

    @property
    def mean(self) -> float:
        return float(self.sums[2] / self.n)

    @property
    def spread(self) -> float:
        """Variance of the mean spends, zero where all are the same but for rounding."""
        squares = float(self.sums[4] / self.n)
        variance = squares - self.mean**2
        return variance if variance > 1e-12 * squares else 0.0

    @property
    def correlation(self) -> float:
        x, m, xx, _, xm = (self.sums[1:6] / self.n).tolist()
        spread = (xx - x * x) * self.spread
        return float((xm - x * m) / math.sqrt(spread)) if spread > 0 else 0.0


def _spending(frequency: Floats, spend: Floats) -> _Spending:
    from leal.predict.purchase_models import gamma_gamma_kernel as kernel

    x, total = np.empty(frequency.size), np.empty(frequency.size)
    sums = kernel.repeat_totals(frequency, spend, x, total)
    n = int(sums[0])
    if n < 0:
        refuse_spend(frequency, spend)
    repeats, counts = _distinct(x[:n])
    return _Spending(
        customers=frequency.size,
        x=x[:n],
        total=total[:n],
        repeats=repeats,
        customers_by_repeats=counts,
        sums=sums,
    )


def _distinct(x: Floats) -> tuple[Floats, Floats]:
    """Return the distinct frequencies and how many customers have each."""
    if x.max(initial=0) < 1 << 20:
        counts = np.bincount(x.astype(np.int64))
        repeats = np.flatnonzero(counts)
        return repeats.astype(np.float64), counts[repeats].astype(np.float64)
    found, many = np.unique(x, return_counts=True)
    return found, many.astype(np.float64)


def _fitted(spending: _Spending, frequency: Floats, spend: Floats) -> GammaGammaFit:
    start = np.log([3.0, 3.0, spending.mean * 2.0 / 3.0])
    step = frequency.size // ENOUGH_FOR_A_START
    if step > 1:
        part = _spending(np.ascontiguousarray(frequency[::step]), np.ascontiguousarray(spend[::step]))
        if part.n > FEW_REPEATERS and part.spread > 0:
            begun = maximise_pairs(gamma_gamma_likelihood(part), start).point
            start = begun if np.abs(begun - start).max() < 6 else start
    found = maximise_pairs(gamma_gamma_likelihood(spending), start)
    covariance = covariance_of(found.hessian)
    heavy = (_heavy_tail(),) if found.point[1] <= 0 else ()
    return GammaGammaFit(
        log_parameters=found.point,
        covariance=covariance,
        log_likelihood=found.value,
        n=spending.n,
        observed_mean=spending.mean,
        correlation=spending.correlation,
        spending=spending if spending.n <= KEPT else None,
        notes=(*_remarks(spending), *heavy, *doubts(NAMES, found, np.diag(covariance) > 0, spending.n)),
    )


def _of_one_price(spending: _Spending) -> GammaGammaFit:
    """Return the fit where every purchase brings the same: a distribution as narrow as arithmetic allows."""
    note = Note(
        code="one_price", text=Text("Every customer's purchases bring the same: it is expected of all.")
    )
    point = np.log([NARROW, NARROW, spending.mean * (NARROW - 1) / NARROW])
    return GammaGammaFit(
        log_parameters=point,
        covariance=np.zeros((3, 3)),
        log_likelihood=gamma_gamma_likelihood(spending)(point)[0],
        n=spending.n,
        observed_mean=spending.mean,
        correlation=0.0,
        notes=(note, *_remarks(spending)),
    )


def gamma_gamma_likelihood(spending: _Spending) -> Likelihood:
    """Return the log-likelihood in the logarithms of p, q, v, with exact derivatives.

    Notes
    -----
    Gamma functions are of distinct frequencies; one compiled pass over the customers gives the rest.
    """
    from scipy.special import gammaln, polygamma, psi

    from leal.predict.purchase_models import gamma_gamma_kernel as kernel

    x, counts, n = spending.repeats, spending.customers_by_repeats, spending.n
    log_m, log_xm = spending.sums[6:8].tolist()
    weighted = counts * x
    # Of log(x m) in the density, x log x is by frequency and -log m is by customer.
    by_shape = log_xm + float(weighted @ np.log(x))

    def likelihood(point: Floats) -> tuple[float, Floats, Floats]:
        p, q, v = np.exp(point).tolist()
        log_1, log_x, u_1, u_x, u_2, u_2x = kernel.spend_sums(spending.x, spending.total, v).tolist()
        shape = p * x
        psi_sum, psi_shape = psi(shape + q), psi(shape)
        tri_sum, tri_shape = polygamma(1, shape + q), polygamma(1, shape)
        value = float(counts @ (gammaln(shape + q) - gammaln(shape) - gammaln(q)))
        value += n * q * point[2] + p * by_shape - log_m - p * log_x - q * log_1
        gradient = np.array(
            [
                weighted @ (psi_sum - psi_shape) + by_shape - log_x,
                counts @ (psi_sum - psi(q)) + n * point[2] - log_1,
                n * q / v - p * u_x - q * u_1,
            ]
        )
        p_q, p_v, q_v = float(weighted @ tri_sum), -u_x, n / v - u_1
        hessian = np.array(
            [
                [(weighted * x) @ (tri_sum - tri_shape), p_q, p_v],
                [p_q, counts @ (tri_sum - polygamma(1, q)), q_v],
                [p_v, q_v, -n * q / v**2 + p * u_2x + q * u_2],
            ]
        )
        return in_logarithms(value, gradient, hessian, np.array([p, q, v]))

    return likelihood


def _remarks(spending: _Spending) -> tuple[Note, ...]:
    notes = []
    left_out = spending.customers - spending.n
    if left_out:
        text = plural(
            "{count} customer without a repeat purchase is left out of the model of spending.",
            "{count} customers without a repeat purchase are left out of the model of spending.",
            left_out,
        )
        notes.append(Note(code="without_repeat", text=text))
    if abs(spending.correlation) > RELATED:
        text = Text(
            "Those who buy often spend differently at a purchase (correlation {correlation}): the model takes"
            " the two as unrelated. Fit groups of customers apart, or take the values with care.",
            correlation=Decimal(spending.correlation, 2),
        )
        notes.append(Note(code="spend_follows_frequency", text=text))
    return tuple(notes)


def _heavy_tail() -> Note:
    text = Text(
        "A few purchases are so large that the model has no mean (q is 1 or less): the observed mean stands"
        " in for it. Look at the largest purchases."
    )
    return Note(code="no_mean", text=text)
