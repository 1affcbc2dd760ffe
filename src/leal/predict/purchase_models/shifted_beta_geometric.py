"""sBG: who renews a contract, and for how long a customer stays whose leaving is seen."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from leal.errors import BadOption, BadValue, Where
from leal.predict.purchase_models.checked_arguments import written
from leal.predict.purchase_models.cohort_losses import CohortLosses, constant_fit, losses_of
from leal.predict.purchase_models.cohort_region import likelihood_region
from leal.predict.purchase_models.customer_columns import Floats
from leal.predict.purchase_models.fitting import doubts
from leal.predict.purchase_models.newton import Maximum
from leal.predict.purchase_models.pair_steps import covariance_of_pairs, maximise_pairs
from leal.predict.purchase_models.purchase_model import ParametricFit
from leal.results import Estimate, Note, Proportion, checked_level, is_number
from leal.wording import Decimal, Percent, Text, plural

if TYPE_CHECKING:
    import polars as pl

NAMES = ("alpha", "beta")
METHOD = "likelihood_region"

WORTH = 1.0
"""Log-likelihood that the second parameter must add to be worth having (Akaike 1974)."""

LEAST_DISCOUNT = 1e-3
_NOTHING_LEFT = 40.0  # exp(-40) is below what a double holds beside 1

USUAL_DISCOUNT = 0.1
"""Rate of interest a period at which the note on constant retention compares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftedBetaGeometric:
    """The shifted-beta-geometric model: what share of a cohort renews, period after period.

    For contracts and subscriptions, where one sees who leaves. At each renewal a customer leaves with a
    chance of their own, beta distributed over customers (alpha, beta). Those likely to leave go first, so
    that retention rises with tenure although nobody changes: a constant retention rate undervalues those who
    stay.

    Notes
    -----
    Of those who renewed t - 1 times, r(t) = (beta + t - 1)/(alpha + beta + t - 1) renew again; survival is
    the product of these. Each renewal of a cohort is a binomial trial, so that cohorts of different age are
    fitted together. Maximised by Newton's steps with exact second derivatives.

    Not for purchases without contract (`ParetoNbd`), and not where single customers become more or less
    likely to leave with time (promotions that end, fatigue): then look at the curve itself
    (`leal.statistics.kaplan_meier`).

    References
    ----------
    Fader and Hardie (2007), Journal of Interactive Marketing 21(1), 76-90.
    Fader and Hardie (2010), Marketing Science 29(1), 85-93.

    Examples
    --------
    >>> from leal.predict import ShiftedBetaGeometric
    >>> fit = ShiftedBetaGeometric().fit([1000, 869, 743, 653, 593, 551, 517, 491])
    >>> round(fit.parameters["alpha"], 2), round(fit.parameters["beta"], 2)
    (0.67, 3.81)
    >>> round(fit.retention(1).estimate, 3), round(fit.retention(8).estimate, 3)
    (0.851, 0.942)
    """

    def fit(self, survivors: Sequence[float] | Sequence[Sequence[float]]) -> ShiftedBetaGeometricFit:
        """Return the model fitted to how many of one or more cohorts were left, period by period.

        Parameters
        ----------
        survivors : sequence of float, or sequence of such
            Customers of a cohort at the start, after one renewal, after two, ...; several cohorts, which may
            be of different length, as a sequence of sequences. Percentages are read as cohorts of 100.

        Returns
        -------
        ShiftedBetaGeometricFit

        Raises
        ------
        BadValue
            A count is missing, negative or greater than the one before.
        TooLittleData
            Fewer than two renewals, or nobody left, or nobody stayed.
        """
        losses = losses_of(survivors)
        start = np.log([1.0, max(losses.kept.sum() / losses.left.sum(), 0.01)])
        found = maximise_pairs(losses.likelihood, start)
        covariance = covariance_of_pairs(found.hessian)
        customers = round(losses.n)
        notes = doubts(NAMES, found, np.diag(covariance) > 0, customers, _few_customers(customers))
        return ShiftedBetaGeometricFit(
            log_parameters=found.point,
            covariance=covariance,
            log_likelihood=found.value,
            n=round(losses.n),
            losses=losses,
            notes=(*_on_constant_retention(losses, found), *_on_percentages(losses), *notes),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftedBetaGeometricFit(ParametricFit):
    """A fitted sBG model; `parameters` are alpha and beta of the chance to leave at a renewal.

    Intervals hold what the data do not contradict (profile likelihood): they keep their level also where few
    customers leave how much these differ open, and an interval by standard errors is far too narrow.

    Attributes
    ----------
    log_parameters : array (2,)
        Natural logarithms of alpha and beta.
    covariance : array (2, 2)
        Their covariance; zero for a parameter that the data leave open.
    log_likelihood : float
        At the parameters.
    n : int
        Customers that it rests on.
    losses : CohortLosses
        Renewals and losses by tenure.
    notes : tuple of Note
        Doubts and remarks, and what one constant retention rate would say.
    """

    names: ClassVar[tuple[str, ...]] = NAMES

    losses: CohortLosses

    def interval(self, name: str, level: float = 0.95) -> Estimate:
        """Return a parameter with its interval, without upper limit where customers may be all alike."""
        level = checked_level(level)
        if name not in self.names:
            raise BadOption("name", name, list(self.names))
        place = self.names.index(name)
        points, closed = likelihood_region(self.losses, self.log_parameters, level)
        middle, low = math.exp(self.log_parameters[place]), math.exp(points[:, place].min())
        high = math.exp(points[:, place].max()) if closed else math.inf
        return Estimate(
            estimate=middle, ci_low=low, ci_high=high, n=self.n, level=level, method=METHOD, notes=self.notes
        )

    def retention(self, renewal: int, level: float = 0.95) -> Proportion:
        """Return the share of those asked who renew at a renewal, counted from 1.

        Parameters
        ----------
        renewal : int
            1 for the first.
        level : float
            Level of the interval.
        """
        _require_whole(renewal, least=1, name="renewal")

        def share(point: Floats) -> float:
            alpha, beta = np.exp(point)
            return float((beta + renewal - 1) / (alpha + beta + renewal - 1))

        return self._share(share, level)

    def survival(self, renewals: int, level: float = 0.95) -> Proportion:
        """Return the share of a new cohort that is left after so many renewals.

        Parameters
        ----------
        renewals : int
            0 gives all.
        level : float
            Level of the interval.
        """
        _require_whole(renewals, least=0, name="renewals")
        level = checked_level(level)
        if renewals == 0:
            return Proportion(estimate=1, ci_low=1, ci_high=1, n=self.n, level=level, method="counted")

        return self._share(lambda point: float(survival_curve(point, renewals)[-1]), level)

    def curve(self, renewals: int, level: float = 0.95) -> pl.DataFrame:
        """Return retention and survival at the renewals 1, 2, ...

        Returns
        -------
        polars.DataFrame
            ``renewal, retention, retention_low, retention_high, survival, survival_low, survival_high``.
        """
        import polars as pl

        _require_whole(renewals, least=1, name="renewals")
        rows = []
        for renewal in range(1, renewals + 1):
            row: dict[str, float] = {"renewal": renewal}
            for name, found in (
                ("retention", self.retention(renewal, level)),
                ("survival", self.survival(renewal, level)),
            ):
                row |= {name: found.estimate, f"{name}_low": found.ci_low, f"{name}_high": found.ci_high}
            rows.append(row)
        return pl.DataFrame(rows)

    def expected_lifetime(self, periods: int | None = None, level: float = 0.95) -> Estimate:
        """Return for how many periods a new customer stays, the first one included.

        Parameters
        ----------
        periods : int, optional
            Count only so many periods. Without it all that are to come: where alpha is not above 1 that mean
            is not finite, and the answer is unknown.
        level : float
            Level of the interval.
        """
        if periods is not None:
            _require_whole(periods, least=1, name="periods")
            return self._estimate(lambda point: float(survival_curve(point, periods - 1).sum()), level)
        if self.log_parameters[0] <= 0:
            return _endless(self, checked_level(level))
        return self._estimate(_mean_lifetime, level)

    def discounted_lifetime(self, discount: float, level: float = 0.95) -> Estimate:
        """Return the periods a new customer stays, discounted to the first, which counts in full.

        Times the margin a period it is what a new customer is worth (literature: DEL).

        Parameters
        ----------
        discount : float
            Rate of interest a period, above 0.
        level : float
            Level of the interval.
        """
        return self._estimate(_series(0, discount), level)

    def residual_lifetime(self, renewals: int, discount: float, level: float = 0.95) -> Estimate:
        """Return the periods to come of a customer who is about to be asked again, discounted.

        Times the margin a period it is what a customer is worth just before the next renewal (literature:
        DERL). A period that begins with that renewal counts in full.

        Parameters
        ----------
        renewals : int
            How often the customer has renewed so far.
        discount : float
            Rate of interest a period, above 0.
        level : float
            Level of the interval.
        """
        _require_whole(renewals, least=0, name="renewals")
        after = _series(renewals + 1, discount)

        def worth(point: Floats) -> float:
            alpha, beta = np.exp(point)
            return float((beta + renewals) / (alpha + beta + renewals)) * after(point)

        return self._estimate(worth, level)

    def _estimate(self, figure: Callable[[Floats], float], level: float) -> Estimate:
        middle, low, high = self._limits_of(figure, level)
        return Estimate(
            estimate=middle, ci_low=low, ci_high=high, n=self.n, level=level, method=METHOD, notes=self.notes
        )

    def _share(self, figure: Callable[[Floats], float], level: float) -> Proportion:
        middle, low, high = self._limits_of(figure, level)
        return Proportion(
            estimate=middle, ci_low=low, ci_high=high, n=self.n, level=level, method=METHOD, notes=self.notes
        )

    def _limits_of(self, figure: Callable[[Floats], float], level: float) -> tuple[float, float, float]:
        points, _ = likelihood_region(self.losses, self.log_parameters, checked_level(level))
        values = [figure(point) for point in points]
        middle = figure(self.log_parameters)
        return middle, min(*values, middle), max(*values, middle)


def survival_curve(point: Floats, renewals: int, renewed: int = 0) -> Floats:
    """Return the share of those who renewed so often that is left after 0, 1, ... `renewals` more.

    Parameters
    ----------
    point : array (2,)
        Logarithms of alpha and beta.
    renewals : int
        How far.
    renewed : int
        How often they have renewed before.
    """
    alpha, beta = np.exp(point)
    falls = np.log1p(-alpha / (alpha + beta + renewed + np.arange(renewals)))
    return np.asarray(np.exp(np.append(0.0, np.cumsum(falls))))


def _mean_lifetime(point: Floats) -> float:
    alpha, beta = np.exp(point)
    return float((alpha + beta - 1) / (alpha - 1)) if alpha > 1 else math.inf


def _series(renewed: int, discount: float) -> Callable[[Floats], float]:
    """Return the discounted survival from a renewal on, as a function of the logarithms of the parameters."""
    if not (is_number(discount) and LEAST_DISCOUNT <= discount < math.inf):
        raise BadValue(
            Text("An interest of {discount} a period gives no value.", discount=written(discount)),
            hint=Text(
                "Give it as a fraction from {least}: .1 for 10 %. Without interest: expected_lifetime().",
                least=f"{LEAST_DISCOUNT:g}",
            ),
            where=Where(column="discount"),
        )
    terms = math.ceil(_NOTHING_LEFT / math.log1p(discount))
    worth = np.exp(-math.log1p(discount) * np.arange(terms + 1.0))

    def summed(point: Floats) -> float:
        return float(np.sum(worth * survival_curve(point, terms, renewed)))

    return summed


def _endless(fit: ShiftedBetaGeometricFit, level: float) -> Estimate:
    text = Text(
        "A part of the customers hardly ever leaves (alpha = {alpha}): the mean lifetime is not finite. Ask"
        " within a number of periods, or discounted.",
        alpha=Decimal(fit.parameters["alpha"], 3),
    )
    return Estimate(
        estimate=math.nan, ci_low=math.nan, ci_high=math.nan, n=fit.n, level=level, method="unknown",
        notes=(*fit.notes, Note(code="mean_not_finite", text=text)),
    )  # fmt: skip


def _on_constant_retention(losses: CohortLosses, found: Maximum) -> tuple[Note, ...]:
    rate, value = constant_fit(losses)
    if found.value - value < WORTH:
        text = Text(
            "One constant retention of {rate} describes these customers as well: no difference between them"
            " is visible.",
            rate=Percent(rate, 1),
        )
        return (Note(code="constant_retention_enough", text=text),)
    differing = _series(0, USUAL_DISCOUNT)(found.point)
    constant = 1 / (1 - rate / (1 + USUAL_DISCOUNT))
    text = Text(
        "Who stays longer stays more surely. One constant retention of {rate} would put the lifetime of a new"
        " customer at {constant} periods instead of {differing} (interest of {discount} a period).",
        rate=Percent(rate, 1),
        constant=Decimal(constant, 2),
        differing=Decimal(differing, 2),
        discount=Percent(USUAL_DISCOUNT),
    )
    return (Note(code="retention_rises", text=text),)


def _on_percentages(losses: CohortLosses) -> tuple[Note, ...]:
    if np.all(losses.left == np.rint(losses.left)) and np.all(losses.kept == np.rint(losses.kept)):
        return ()
    text = Text(
        "The counts are no whole numbers: if they are percentages, give customers instead, or the intervals"
        " are as wide as for {n} customers.",
        n=Decimal(losses.n, 0),
    )
    return (Note(code="not_whole", text=text),)


def _require_whole(value: int, *, least: int, name: str) -> None:
    if is_number(value) and least <= value < math.inf and value == int(value):
        return
    raise BadValue(
        Text("{name} cannot be {value}.", name=name, value=written(value)),
        hint=Text("Give a whole number from {least}.", least=str(least)),
        where=Where(column=name),
    )


def _few_customers(count: int) -> Text:
    return plural(
        "{count} customer only is followed: read this as a direction, not as a figure.",
        "{count} customers only are followed: read this as a direction, not as a figure.",
        count,
    )
