"""What BG/NBD and MBG/NBD share: likelihood, fit, expectations; they differ in the chances to leave."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np

from leal.predict.purchase_models.checked_arguments import require_weeks
from leal.predict.purchase_models.customer_codes import CustomerCodes, code_customers
from leal.predict.purchase_models.customer_columns import CustomersLike, Floats, Rhythm, read_rhythm
from leal.predict.purchase_models.fitting import WORTH, fitted, little_dropout, require_repeats
from leal.predict.purchase_models.model_figure import ModelFigure
from leal.predict.purchase_models.nbd import in_logarithms, maximise_nbd, nbd_likelihood
from leal.predict.purchase_models.newton import Likelihood, Maximum, covariance_of, maximise
from leal.predict.purchase_models.profile_limits import figure_curve
from leal.predict.purchase_models.purchase_model import (
    KEPT,
    MOST_PERTURBED,
    ParametricFit,
    little_of,
    total_with_interval,
)
from leal.predict.purchase_models.weekly_discount import weekly_factor
from leal.results import Note
from leal.wording import Text

NAMES = ("r", "alpha", "a", "b")

ENOUGH_FOR_A_START = 20_000
"""Customers looked at one by one from which a part of them is fitted first, as the start of the whole."""

VISIBLE = 1e-3
"""Log-likelihood that dropout must add to the model without it, to be visible at all."""

LARGEST_START = np.log(5.0)
"""Logarithm of r that a search begins with at most."""

NEVER = -1000.0
"""Logarithm of a where nobody leaves: a itself is zero then, in floating point."""

MOST_KNOWN = 1 << 22
MOST_ROWS, MOST_DAYS = 1 << 10, 1 << 15
"""Size of the table of what was calculated: 32 MB, a thousand repeat purchases, ninety years."""


def fit_beta_geometric(customers: CustomersLike, chances: int, notes: tuple[Note, ...]) -> dict[str, Any]:
    """Return what the fit of a model is made of.

    Parameters
    ----------
    customers : dataframe, path or mapping
        With ``frequency, recency, age``.
    chances : int
        Chances to leave before the first repeat purchase: 0 (BG/NBD) or 1 (MBG/NBD).
    notes : tuple of Note
        What is said of every fit.
    """
    codes = code_customers(read_rhythm(customers), once=chances > 0)
    require_repeats(codes)
    nobody_leaves = maximise_nbd(codes)
    found = _maximum(codes, chances, nobody_leaves)
    gain = found.value - nobody_leaves.value
    told = (little_dropout(gain), *notes) if gain < WORTH else notes
    if gain < VISIBLE:
        return _without_dropout(codes, nobody_leaves, notes)
    kept = codes if codes.x.size <= KEPT else None
    return fitted(NAMES, found, codes, told) | {"log_likelihood": found.value, "codes": kept}


def _maximum(codes: CustomerCodes, chances: int, nobody_leaves: Maximum) -> Maximum:
    """Return the greatest of the maxima that searches from several places lead to.

    There can be two: leaving at a steady chance, and some who leave at once where others never do. Where
    customers are many, a part of them is searched from all places, and all from where the part was likeliest.
    """
    places = _places(codes, nobody_leaves)
    step = codes.x.size // ENOUGH_FOR_A_START
    if step > 1:
        part = _greatest(beta_geometric_likelihood(codes.every(step), chances), places)
        near = min(np.abs(part.point - place).max() for place in places) < 6
        places = [part.point] if near and not _on_ridge(part) else [part.point, *places]
    return _greatest(beta_geometric_likelihood(codes, chances), places)


def _greatest(likelihood: Likelihood, places: list[Floats]) -> Maximum:
    found = [maximise(likelihood, place) for place in places]
    return max(found, key=lambda maximum: maximum.value)


def _places(codes: CustomerCodes, nobody_leaves: Maximum) -> list[Floats]:
    """Return where the searches begin: logarithms of r, alpha, a, b.

    The model in which nobody leaves may lie on its boundary (r and alpha without bound): of it the rate is
    taken, not the place.
    """
    rate = float(codes.repeats_by_end.sum() / (codes.customers_by_end @ codes.times))
    r, alpha = nobody_leaves.point - max(float(nobody_leaves.point[0]) - LARGEST_START, 0.0)
    return [
        np.array([r - 0.3, alpha - 0.6, np.log(0.2), np.log(0.2)]),  # some leave at once, the others never
        np.array([r, alpha, np.log(0.2), np.log(10.0)]),  # hardly anybody leaves
        np.log([1.0, 1.0 / rate, 0.8, 2.0]),
        np.log([4.0, 4.0 / rate, 0.2, 0.2]),
    ]


def _on_ridge(found: Maximum) -> bool:
    """Tell whether a or b are not determined where a search ended: a maximum elsewhere may be higher."""
    return not found.converged or bool((np.diag(covariance_of(found.hessian))[2:] == 0).any())


def _without_dropout(codes: CustomerCodes, found: Maximum, notes: tuple[Note, ...]) -> dict[str, Any]:
    """Return the fit on the boundary a = 0: the NBD model, in which nobody leaves."""
    note = Note(
        code="no_dropout",
        text=Text(
            "No dropout is visible in these purchases: the model without it (NBD) is enough, and every"
            " customer counts as alive."
        ),
    )
    parts = fitted(NAMES[:2], found, codes, (note, *notes))
    covariance = np.zeros((4, 4))
    covariance[:2, :2] = parts["covariance"]
    return parts | {
        "log_parameters": np.concatenate([found.point, [NEVER, 0.0]]),
        "covariance": covariance,
        "log_likelihood": found.value,
        "codes": codes if codes.x.size <= KEPT else None,
    }


def beta_geometric_likelihood(codes: CustomerCodes, chances: int) -> Likelihood:
    """Return the log-likelihood in the logarithms of r, alpha, a, b, with exact derivatives.

    Notes
    -----
    The part of those who surely did not leave is that of the NBD model and of beta functions, by distinct
    ages and frequencies; the part log(1 + odds of having left) is one compiled pass over the customers.
    """
    from leal.predict.purchase_models import beta_geometric_kernel as kernel

    never_left = nbd_likelihood(codes)
    survived = codes.repeats + chances
    at_risk = np.maximum(survived, 1.0)  # of BG/NBD's one-time buyers nothing is asked
    counts = codes.customers_by_repeats

    def likelihood(point: Floats) -> tuple[float, Floats, Floats]:
        r, alpha, a, b = np.exp(point).tolist()
        value, gradient, hessian = np.empty(3), np.zeros(4), np.zeros((4, 4))
        value[0], gradient[:2], hessian[:2, :2] = never_left(point[:2])
        value[1], gradient[2:], hessian[2:, 2:] = _survival(a, b, survived, counts)
        sums = kernel.leaving_sums(
            codes.x, codes.last, codes.end, codes.repeats, np.log(alpha + codes.times),
            1.0 / (alpha + codes.times), point[2] - np.log(b + at_risk - 1.0), 1.0 / (b + at_risk - 1.0), r,
        )  # fmt: skip
        value[2], by, twice = _left(sums, np.array([r, alpha, a, b]))
        return float(value.sum()), gradient + by, hessian + twice

    return likelihood


def _survival(a: float, b: float, survived: Floats, counts: Floats) -> tuple[float, Floats, Floats]:
    """Return the sum of log B(a, b+k)/B(a, b), by frequency, and its derivatives by log a and log b."""
    from scipy.special import gammaln, polygamma, psi

    c = a + b
    value = counts @ (gammaln(b + survived) - gammaln(b) + gammaln(c) - gammaln(c + survived))
    by_c = float(counts @ (psi(c) - psi(c + survived)))
    by_b = float(counts @ (psi(b + survived) - psi(b)))
    c_c = float(counts @ (polygamma(1, c) - polygamma(1, c + survived)))
    b_b = float(counts @ (polygamma(1, b + survived) - polygamma(1, b)))
    gradient = np.array([by_c, by_b + by_c])
    hessian = np.array([[c_c, c_c], [c_c, b_b + c_c]])
    return in_logarithms(float(value), gradient, hessian, np.array([a, b]))


def _left(sums: Floats, parameters: Floats) -> tuple[float, Floats, Floats]:
    """Return the part of those who may have left, and its derivatives by the logarithms."""
    (value, p_d, p_e, p_1, p_v, p_f, p_g, p_vv,
     q_dd, q_de, q_d, q_dv, q_ee, q_e, q_ev, q_1, q_v, q_vv) = sums.tolist()  # fmt: skip
    r, alpha, a, b = parameters.tolist()
    # The odds have the derivatives D by r, E by alpha, 1/a by a, -v by b.
    gradient = np.array([p_d, p_e, p_1 / a, -p_v])
    upper = np.array(
        [
            [q_dd, q_de + p_f, q_d / a, -q_dv],
            [0.0, q_ee - p_g, q_e / a, -q_ev],
            [0.0, 0.0, (q_1 - p_1) / a**2, -q_v / a],
            [0.0, 0.0, 0.0, q_vv + p_vv],
        ]
    )
    hessian = upper + np.triu(upper, 1).T
    return in_logarithms(value, gradient, hessian, np.array([r, alpha, a, b]))


@dataclass(frozen=True, slots=True, kw_only=True)
class BetaGeometricFit(ParametricFit):
    """A fitted BG/NBD or MBG/NBD model; `parameters` are r, alpha (weeks), a and b."""

    names: ClassVar[tuple[str, ...]] = NAMES
    spread: ClassVar[tuple[int, ...]] = (2, 3)
    chances: ClassVar[int] = 0

    codes: CustomerCodes | None = field(default=None, repr=False, compare=False)

    def _likelihood(self) -> Likelihood | None:
        return None if self.codes is None else beta_geometric_likelihood(self.codes, self.chances)

    def _inside(self) -> Floats:
        """Return the fit, with a little dropout where none was found."""
        if self.log_parameters[2] > NEVER:
            return ParametricFit._inside(self)
        point = np.array([*self.log_parameters[:2], np.log(0.05), 0.0])
        return little_of(self._likelihood(), self.log_likelihood, point, place=2)

    def _forgetful(self, log_parameters: Floats) -> Self:
        return replace(self, log_parameters=log_parameters, codes=None)

    def expected_purchases(self, customers: CustomersLike, weeks: float) -> Floats:
        """Return the purchases expected of each customer in the next weeks, one value a row.

        Parameters
        ----------
        customers : dataframe, path or mapping
            With ``frequency, recency, age``, as from `leal.customer_summary`; or a mapping of these names to
            numbers or arrays.
        weeks : float
            How far ahead.
        """
        return self.scorer(weeks=weeks)(read_rhythm(customers))[0]

    def p_alive(self, customers: CustomersLike) -> Floats:
        """Return the probability that each customer is still one, one value a row."""
        return self.scorer(weeks=0.0)(read_rhythm(customers))[1]

    def discounted_expected_purchases(
        self, customers: CustomersLike, *, weeks: float, discount: float
    ) -> Floats:
        """Return the purchases expected in the next weeks, each week's discounted to today from its end.

        Parameters
        ----------
        customers : dataframe, path or mapping
            With ``frequency, recency, age``.
        weeks : float
            How far ahead.
        discount : float
            Rate of interest a year, as a fraction: .15 for 15 %.
        """
        return self.scorer(weeks=weeks, discount=discount)(read_rhythm(customers))[0]

    def expected_purchases_of_new(self, weeks: float) -> float:
        """Return the repeat purchases expected of a new customer in the first weeks.

        Where a customer can leave after the first purchase already (MBG/NBD), that is in it.
        """
        nobody = np.zeros(1)
        return float(self.scorer(weeks=weeks)(Rhythm(frequency=nobody, recency=nobody, age=nobody))[0][0])

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
        rhythm = read_rhythm(customers)

        some = rhythm.at_most(MOST_PERTURBED)

        def total(point: Floats, of: Rhythm = rhythm) -> float:
            return float(self.with_parameters(point).scorer(weeks=weeks)(of)[0].sum())

        curve = figure_curve(lambda point: total(point, some))
        return total_with_interval(total, self, level, curve=curve)

    def scorer(self, *, weeks: float, discount: float = 0.0) -> BetaGeometricScorer:
        """Return a function of batches of customers that remembers what it has calculated."""
        return BetaGeometricScorer(self, weeks, weekly_factor(discount))


class BetaGeometricScorer:
    """Gives expected purchases and P(alive) of customers, batch by batch.

    Notes
    -----
    What is expected of a customer alive depends on frequency and age only: it is kept in a table by frequency
    and day, filled where it is asked for, and grown as needed up to `MOST_KNOWN` places.
    """

    def __init__(self, fit: BetaGeometricFit, weeks: float, factor: float) -> None:
        require_weeks(weeks)
        self._parameters = np.exp(fit.log_parameters).tolist()
        self._chances, self._weeks, self._factor = float(fit.chances), float(weeks), factor
        self._known = np.empty((0, 0))

    def __call__(self, rhythm: Rhythm) -> tuple[Floats, Floats]:
        """Return expected purchases and the probability of being alive, one value a customer."""
        from leal.predict.purchase_models import beta_geometric_kernel as kernel

        self._grow(rhythm)
        r, alpha, a, b = self._parameters
        logs = np.log(alpha + np.arange(self._known.shape[1]) / 7)
        expected, alive = np.empty(rhythm.n), np.empty(rhythm.n)
        kernel.score(
            rhythm.frequency, rhythm.recency, rhythm.age, r, alpha, a, b, self._chances, self._weeks,
            self._factor, self._known, logs, expected, alive,
        )  # fmt: skip
        return expected, alive

    def _grow(self, rhythm: Rhythm) -> None:
        rows, days = self._known.shape
        days = max(days, int(min(rhythm.age.max(initial=0.0) * 7 + 2, MOST_DAYS)))
        rows = max(
            rows, int(min(rhythm.frequency.max(initial=0.0) + 1, MOST_ROWS, max(MOST_KNOWN // days, 1)))
        )
        if (rows, days) != self._known.shape:
            grown = np.full((rows, days), np.nan)
            grown[: self._known.shape[0], : self._known.shape[1]] = self._known
            self._known = grown
