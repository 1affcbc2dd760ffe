"""Pareto/NBD: who buys again and how often, where customers may leave at any time."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import ClassVar, Self

import numpy as np

from leal.predict.purchase_models.checked_arguments import require_weeks
from leal.predict.purchase_models.customer_codes import code_customers
from leal.predict.purchase_models.customer_columns import CustomersLike, Floats, Rhythm, read_rhythm
from leal.predict.purchase_models.fitting import WORTH, doubts, little_dropout, require_repeats
from leal.predict.purchase_models.model_figure import ModelFigure
from leal.predict.purchase_models.nbd import maximise_nbd
from leal.predict.purchase_models.newton import Likelihood, Maximum
from leal.predict.purchase_models.pair_steps import covariance_of_pairs
from leal.predict.purchase_models.pareto_nbd_layout import Layout
from leal.predict.purchase_models.pareto_nbd_likelihood import ParetoNbdLikelihood, best_maximum
from leal.predict.purchase_models.pareto_nbd_total import ParetoNbdTotal
from leal.predict.purchase_models.profile_limits import Curve
from leal.predict.purchase_models.purchase_model import (
    KEPT,
    MOST_PERTURBED,
    ParametricFit,
    little_of,
    total_with_interval,
)
from leal.predict.purchase_models.weekly_discount import WEEKS_IN_YEAR, discounted
from leal.results import Note, is_number
from leal.wording import Text

NAMES = ("r", "alpha", "s", "beta")

VISIBLE = 1e-3
"""Log-likelihood that dropout must add to the model without it, to be visible at all."""

NEVER = -690.0
"""Logarithm of s where nobody leaves: the least that floating point can hold."""

AT_ONCE = 1e-3
"""Weeks: below such a beta those who leave do so right after the first purchase."""

_WEEKLY = 520.0  # weeks that are discounted one by one
_LATE_PANELS = 16
_LATE_NODES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ParetoNbd:
    """A model of purchases without contract: each customer buys at a steady rate and may leave at any time.

    Fit it on one row a customer; ask the fit who is still a customer and what each will buy.

    Notes
    -----
    While they are customers they buy at random at a rate of their own, rates being Gamma(r, alpha) among
    customers; they leave at a rate of their own, Gamma(s, beta). A customer with x repeat purchases, the last
    at t, seen until T, has the likelihood

        Gamma(r+x)/Gamma(r) alpha^r beta^s { (alpha+T)^-(r+x) (beta+T)^-s
        + s Integral_t^T (alpha+y)^-(r+x) (beta+y)^-(s+1) dy }.

    The integral is accumulated by Gauss-Legendre panels relative to its own size (no hypergeometric function,
    finite for any number of purchases); maximised by Newton's steps with exact second derivatives.

    Not for contracts (`ShiftedBetaGeometric`: you see who leaves) and not for few occasions to buy at all
    (`BetaGeometricBetaBinomial`). It knows no season: a forecast over a holiday peak is too low.

    References
    ----------
    Schmittlein, Morrison, Colombo (1987), Management Science 33(1), 1-24.
    Fader, Hardie (2005), "A note on deriving the Pareto/NBD model and related expressions".

    Examples
    --------
    >>> import leal
    >>> fit = leal.ParetoNbd().fit({
    ...     "frequency": [0, 0, 0, 1, 1, 2, 3, 5, 0, 1, 8, 2],
    ...     "recency": [0, 0, 0, 4, 20, 18, 30, 12, 0, 2, 37, 36],
    ...     "age": [38, 38, 37, 38, 36, 38, 38, 35, 36, 37, 38, 37],
    ... })
    >>> alive = fit.p_alive({"frequency": 5, "recency": [12, 30], "age": 38})
    >>> bool(alive[0] < alive[1])
    True
    """

    def fit(self, customers: CustomersLike) -> ParetoNbdFit:
        """Return the model with the parameters that make the data most likely.

        Parameters
        ----------
        customers : dataframe, path or mapping
            ``frequency`` (repeat purchase days), ``recency`` and ``age`` in weeks, as
            `leal.customer_summary` gives them.

        Returns
        -------
        ParetoNbdFit

        Raises
        ------
        MissingColumn, BadValue
            A column is absent; a value cannot be; nobody bought again, so that nothing can be learned.
        """
        codes = code_customers(read_rhythm(customers), once=True)
        require_repeats(codes)
        nobody_leaves = maximise_nbd(codes)
        likelihood = ParetoNbdLikelihood.of(codes)
        found = best_maximum(likelihood, codes)
        gain = found.value - nobody_leaves.value
        found = _without_dropout(nobody_leaves) if gain < VISIBLE else found
        covariance = covariance_of_pairs(found.hessian)
        notes = doubts(NAMES, found, np.diag(covariance) > 0, codes.repeaters)
        return ParetoNbdFit(
            log_parameters=found.point,
            covariance=covariance,
            log_likelihood=found.value,
            n=codes.n,
            notes=(*_dropout(found, gain), *notes),
            maximised=likelihood if codes.n <= KEPT else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ParetoNbdFit(ParametricFit):
    """Customers who buy at rates Gamma(r, alpha) a week and leave at rates Gamma(s, beta) a week.

    Attributes
    ----------
    log_parameters : array (4,)
        Natural logarithms of r, alpha, s, beta.
    covariance : array (4, 4)
        Their covariance, from the exact second derivatives. A parameter that the data leave open upwards or
        downwards (on the boundary) is held: its row is zero.
    log_likelihood : float
        At the parameters; the constant -log(x!) of each customer and the powers of time are left out, as
        usual in this field.
    n : int
        Customers that it rests on.
    notes : tuple of Note
        Doubts and remarks: no dropout visible, alike rates.
    """

    names: ClassVar[tuple[str, ...]] = NAMES
    spread: ClassVar[tuple[int, ...]] = (2,)

    maximised: ParetoNbdLikelihood | None = field(default=None, repr=False, compare=False)

    def _likelihood(self) -> Likelihood | None:
        return self.maximised

    def _inside(self) -> Floats:
        """Return the fit, with a little dropout where none was found."""
        if self.log_parameters[2] > NEVER and self.log_parameters[3] > math.log(AT_ONCE):
            return ParametricFit._inside(self)
        point = np.array([*self.log_parameters[:2], math.log(0.05), math.log(30.0)])
        return little_of(self._likelihood(), self.log_likelihood, point, place=2)

    def _forgetful(self, log_parameters: Floats) -> Self:
        return replace(self, log_parameters=log_parameters, maximised=None)

    def p_alive(self, customers: CustomersLike) -> Floats:
        """Return the probability that each customer is still one.

        Parameters
        ----------
        customers : dataframe, path or mapping
            ``frequency, recency, age``, the times in weeks.

        Returns
        -------
        array (n,)
            Between 0 and 1, one value a row.

        Notes
        -----
        Customers leave at any time, so that one who bought once and long ago may be gone (BG/NBD takes such
        a customer for alive with certainty): of the models here this one and MBG/NBD are to be shown.
        """
        return self._alive(_layout(customers))

    def expected_purchases(self, customers: CustomersLike, weeks: float) -> Floats:
        """Return the purchases expected of each customer in the next weeks.

        Parameters
        ----------
        customers : dataframe, path or mapping
            ``frequency, recency, age``, the times in weeks.
        weeks : float
            How far to look ahead.

        Returns
        -------
        array (n,)
            Expected purchase days, one value a row.
        """
        require_weeks(weeks)
        return self._expected_within(_layout(customers), weeks)

    def discounted_expected_purchases(
        self, customers: CustomersLike, *, weeks: float, discount: float
    ) -> Floats:
        """Return the same, each week's purchases discounted to today.

        Parameters
        ----------
        customers : dataframe, path or mapping
            ``frequency, recency, age``, the times in weeks.
        weeks : float
            How far to look ahead; infinity for all that is to come.
        discount : float
            Rate of interest a year: .15 for 15 %. Purchases of a week count as made at its end.

        Returns
        -------
        array (n,)
            Purchases worth one made today.

        Notes
        -----
        Without a horizon it is what the literature calls DERT, discounted expected residual transactions,
        with weekly steps for the first ten years and continuous discounting after them.

        References
        ----------
        Fader, Hardie, Lee (2005), Journal of Marketing Research 42(4), 415-430.
        """
        require_weeks(weeks, endless=is_number(discount) and discount > 0)
        return self._expected(_layout(customers), lambda age: self._discounted_stay(age, weeks, discount))

    def expected_purchases_of_new(self, weeks: float) -> float:
        """Return the repeat purchases expected of a new customer in the first weeks."""
        require_weeks(weeks)
        r, alpha, _, _ = np.exp(self.log_parameters)
        return float(r / alpha * self._stay(np.zeros(1), weeks)[0])

    def expected_total(self, customers: CustomersLike, *, weeks: float, level: float = 0.95) -> ModelFigure:
        """Return the purchases expected of all customers together, with the parameters' uncertainty.

        Parameters
        ----------
        customers : dataframe, path or mapping
            With ``frequency, recency, age``.
        weeks : float
            How far ahead.
        level : float
            Level of the interval: of the expected total. What will be bought scatters about it.
        """
        require_weeks(weeks)
        rhythm = read_rhythm(customers)
        layout = Layout.of(code_customers(rhythm, once=True))

        def total(point: Floats) -> float:
            return float(self.with_parameters(point)._expected_within(layout, weeks).sum())

        curve = self.total_curve(rhythm.at_most(MOST_PERTURBED), weeks)
        return total_with_interval(total, self, level, curve=curve)

    def total_curve(self, customers: Rhythm, weeks: float, weights: Floats | None = None) -> Curve:
        """Return the purchases of all customers by the parameters, each counted with a weight, on the log.

        Parameters
        ----------
        customers : Rhythm
            Frequency, recency and age.
        weeks : float
            How far ahead.
        weights : array (n,), optional
            What a purchase of each customer counts; 1 if not given.
        """
        layout = Layout.of(code_customers(customers, once=True))
        counts = np.ones(customers.n) if weights is None else weights

        def value(point: Floats) -> float:
            total = float(counts @ self.with_parameters(point)._expected_within(layout, weeks))
            return math.log(total) if 0 < total < math.inf else math.nan

        total = ParetoNbdTotal(layout=layout, weights=counts, weeks=weeks)
        return Curve(value=value, slopes=total.slopes)

    def summed_purchases(self, customers: Rhythm, weeks: Floats, weights: Floats) -> Floats:
        """Return a weighted sum of the purchases expected of each customer within several times."""
        layout = Layout.of(code_customers(customers, once=True))

        def stays(age: Floats) -> Floats:
            pairs = zip(weeks.tolist(), weights.tolist(), strict=True)
            return np.asarray(sum(weight * self._stay(age, ahead) for ahead, weight in pairs))

        return self._expected(layout, stays)

    def _alive(self, layout: Layout) -> Floats:
        from leal.predict.purchase_models.pareto_nbd_kernel import fill_alive

        parameters = np.exp(self.log_parameters)
        powers, integrals = layout.tables(parameters)
        alive = np.empty(layout.last.size)
        fill_alive(powers, integrals, parameters[2], layout.last, layout.end, alive)
        return alive

    def _expected_within(self, layout: Layout, weeks: float) -> Floats:
        return self._expected(layout, lambda age: self._stay(age, weeks))

    def _expected(self, layout: Layout, stay: Callable[[Floats], Floats]) -> Floats:
        """Return P(alive) x rate of those alive x weeks that they stay; the last two by distinct times."""
        r, alpha, _, _ = np.exp(self.log_parameters)
        edges = layout.edges
        if_alive = (r + layout.purchases_at_edges) / (alpha + edges) * stay(edges)
        return np.asarray(self._alive(layout) * if_alive[layout.end])

    def _stay(self, age: Floats, weeks: float) -> Floats:
        """Return the mean time that customers alive at an age are there in the next weeks."""
        _, _, s, beta = np.exp(self.log_parameters)
        stretch = np.log1p(weeks / (beta + age))
        return np.asarray((beta + age) * stretch * _falling((s - 1) * stretch))

    def _discounted_stay(self, age: Floats, weeks: float, discount: float) -> Floats:
        near = min(weeks, _WEEKLY)
        total = discounted(lambda ahead: self._stay(age, ahead), weeks=near, discount=discount)
        return total if weeks <= near else total + self._later_stay(age, near, weeks, discount)

    def _later_stay(self, age: Floats, begin: float, weeks: float, discount: float) -> Floats:
        """Return the time that customers are there after `begin`, discounted continuously.

        The integral of exp(-rate t) ((beta + age)/(beta + age + t))^s by Gauss-Legendre panels in log t, to
        where the discount leaves nothing.
        """
        _, _, s, beta = np.exp(self.log_parameters)
        rate = math.log1p(discount) / WEEKS_IN_YEAR
        farthest = min(weeks - begin, 45.0 / rate if rate > 0 else math.inf)
        nodes, weights = np.polynomial.legendre.leggauss(_LATE_NODES)
        panels = np.linspace(math.log(begin), math.log(begin + farthest), _LATE_PANELS + 1)
        total = np.zeros(age.size)
        for start, stop in pairwise(panels.tolist()):
            for node, weight in zip(nodes, weights, strict=True):
                t = math.exp(start + (stop - start) * (node + 1) / 2)
                share = np.exp(-rate * t - s * np.log1p(t / (beta + age)))
                total += share * (t * weight * (stop - start) / 2)
        return total


def _layout(customers: CustomersLike) -> Layout:
    return Layout.of(code_customers(read_rhythm(customers), once=True))


def _falling(stretched: Floats) -> Floats:
    """Return (1 - exp(-z))/z, and 1 where z is 0."""
    safe = np.where(stretched == 0, 1.0, stretched)
    return np.where(stretched == 0, 1.0, -np.expm1(-safe) / safe)


def _without_dropout(nobody_leaves: Maximum) -> Maximum:
    """Return the maximum on the boundary s = 0: the NBD model, in which nobody leaves."""
    hessian = np.zeros((4, 4))
    hessian[:2, :2] = nobody_leaves.hessian
    return replace(nobody_leaves, point=np.append(nobody_leaves.point, [NEVER, 0.0]), hessian=hessian)


def _dropout(found: Maximum, gain: float) -> tuple[Note, ...]:
    if gain < WORTH:
        return (little_dropout(gain),)
    if found.point[3] < math.log(AT_ONCE):
        text = Text(
            "Those who leave seem to do so right after their first purchase; who leaves later is not seen."
        )
        return (Note(code="leaving_at_once", text=text),)
    return ()
