"""BG/BB: who gives or buys again, where there are occasions to do so: yearly donations, seasons, mailings."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

import numpy as np

from leal.errors import BadValue, Where
from leal.predict.purchase_models.customer_columns import CustomersLike, Floats
from leal.predict.purchase_models.fitting import doubts
from leal.predict.purchase_models.model_figure import ModelFigure
from leal.predict.purchase_models.newton import Likelihood
from leal.predict.purchase_models.occasion_chances import log_likelihood, log_parts
from leal.predict.purchase_models.occasions import Occasions, read_occasions
from leal.predict.purchase_models.pair_steps import covariance_of_pairs, maximise_pairs
from leal.predict.purchase_models.purchase_model import (
    KEPT,
    ParametricFit,
    TooLittleData,
    total_with_interval,
)
from leal.wording import Count, Text

NAMES = ("alpha", "beta", "gamma", "delta")


@dataclass(frozen=True, slots=True, kw_only=True)
class BetaGeometricBetaBinomial:
    """The beta-geometric/beta-binomial model: who uses the next occasions, and who is still there.

    For customers who can buy (give, come) once on each of a number of occasions: a yearly appeal, a season, a
    catalogue. While there, everyone uses an occasion with a chance of their own, beta distributed (alpha,
    beta); before each occasion they leave for good with a chance of their own, beta distributed (gamma,
    delta).

    Notes
    -----
    A customer who used x of n occasions, the last being number t, has the likelihood

        B(alpha+x, beta+n-x)/B(alpha, beta) B(gamma, delta+n)/B(gamma, delta)
        + sum over k = t ... n-1 of B(alpha+x, beta+k-x)/B(alpha, beta) B(gamma+1, delta+k)/B(gamma, delta).

    Maximised by Newton's steps with exact second derivatives; Gamma functions are sums of logarithms.
    Not for purchases at any time (`ParetoNbd`), nor for contracts (`ShiftedBetaGeometric`).

    References
    ----------
    Fader, Hardie and Shang (2010), Marketing Science 29(6), 1086-1108.

    Examples
    --------
    >>> from leal.predict import BetaGeometricBetaBinomial
    >>> donors = {"frequency": [0, 1, 1, 2, 4, 3], "recency": [0, 1, 4, 3, 5, 5], "periods": 5,
    ...           "weights": [40, 10, 4, 6, 9, 12]}
    >>> fit = BetaGeometricBetaBinomial().fit(donors)
    >>> alive = fit.p_alive({"frequency": 2, "recency": [2, 5], "periods": 5})
    >>> bool(alive[0] < alive[1])
    True
    """

    def fit(self, customers: CustomersLike) -> BetaGeometricBetaBinomialFit:
        """Return the model fitted to customers.

        Parameters
        ----------
        customers : dataframe, path or mapping
            ``frequency`` (occasions used after the first purchase), ``recency`` (the number of the last one
            used, 0 for none), ``periods`` (occasions in all); ``weights`` (customers a row) where alike ones
            are counted together.

        Returns
        -------
        BetaGeometricBetaBinomialFit

        Raises
        ------
        MissingColumn, BadValue
            A column is absent; a value cannot be.
        TooLittleData
            Nobody used an occasion, or there is one customer only.
        """
        occasions = read_occasions(customers)
        _require_enough(occasions)
        distinct, _ = occasions.distinct()
        share = float(distinct.weights @ distinct.frequency) / float(distinct.weights @ distinct.periods)
        longest = float(distinct.periods.max())
        start = np.log([1.0, min(max(1 / share - 1, 0.01), 100.0), 0.5, longest])
        found = maximise_pairs(lambda point: log_likelihood(distinct, point), start)
        covariance = covariance_of_pairs(found.hessian)
        repeaters = round(float(distinct.weights @ (distinct.frequency > 0)))
        return BetaGeometricBetaBinomialFit(
            log_parameters=found.point,
            covariance=covariance,
            log_likelihood=found.value,
            n=round(occasions.n),
            notes=doubts(NAMES, found, np.diag(covariance) > 0, repeaters),
            occasions=distinct if distinct.frequency.size <= KEPT else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BetaGeometricBetaBinomialFit(ParametricFit):
    """A fitted BG/BB model; `parameters` are alpha, beta (using an occasion), gamma, delta (leaving)."""

    names: ClassVar[tuple[str, ...]] = NAMES
    spread: ClassVar[tuple[int, ...]] = (2, 3)

    occasions: Occasions | None = field(default=None, repr=False, compare=False)

    def _likelihood(self) -> Likelihood | None:
        seen = self.occasions
        return None if seen is None else lambda point: log_likelihood(seen, point)

    def _forgetful(self, log_parameters: Floats) -> Self:
        return replace(self, log_parameters=log_parameters, occasions=None)

    def p_alive(self, customers: CustomersLike, *, periods: int = 0) -> Floats:
        """Return the probability that each customer is still there so many occasions after the last seen.

        Parameters
        ----------
        customers : dataframe, path or mapping
            With ``frequency, recency, periods``.
        periods : int
            0: after the last occasion seen; 1: on the next one, which is what the literature shows.
        """
        distinct, place = read_occasions(customers).distinct()
        later = self._stays(distinct.periods, _whole(periods))[-1]
        return np.asarray((self._alive(distinct) * later)[place])

    def expected_purchases(self, customers: CustomersLike, *, periods: int) -> Floats:
        """Return how many of the next occasions each customer is expected to use, one value a row.

        Parameters
        ----------
        customers : dataframe, path or mapping
            With ``frequency, recency, periods``.
        periods : int
            How many occasions ahead.
        """
        return self.discounted_expected_purchases(customers, periods=periods, discount=0.0)

    def discounted_expected_purchases(
        self, customers: CustomersLike, *, periods: int, discount: float
    ) -> Floats:
        """Return the same, each use discounted to the last occasion seen.

        Parameters
        ----------
        customers : dataframe, path or mapping
            With ``frequency, recency, periods``.
        periods : int
            How many occasions ahead.
        discount : float
            Rate of interest from one occasion to the next, as a fraction.
        """
        distinct, place = read_occasions(customers).distinct()
        return np.asarray(self._expected(distinct, _whole(periods), _rate(discount))[place])

    def expected_purchases_of_new(self, periods: int) -> float:
        """Return how many of the occasions after the first purchase a new customer is expected to use."""
        zero = np.zeros(1)
        nobody = Occasions(frequency=zero, recency=zero, periods=zero, weights=np.ones(1))
        return float(self._expected(nobody, _whole(periods), 0.0)[0])

    def expected_total(self, customers: CustomersLike, *, periods: int, level: float = 0.95) -> ModelFigure:
        """Return what all customers together are expected to use, with the parameters' uncertainty.

        Parameters
        ----------
        customers : dataframe, path or mapping
            With ``frequency, recency, periods``, and ``weights`` if any.
        periods : int
            How many occasions ahead.
        level : float
            Level of the interval: of the expected total. What will happen scatters about it.
        """
        distinct, _ = read_occasions(customers).distinct()
        ahead = _whole(periods)

        def total(point: Floats) -> float:
            return float(distinct.weights @ self.with_parameters(point)._expected(distinct, ahead, 0.0))

        return total_with_interval(total, self, level)

    def _alive(self, occasions: Occasions) -> Floats:
        likelihood, alive = log_parts(occasions, np.exp(self.log_parameters))
        return np.asarray(np.exp(alive - likelihood))

    def _expected(self, occasions: Occasions, periods: int, discount: float) -> Floats:
        alpha, beta, _, _ = np.exp(self.log_parameters)
        uses = (alpha + occasions.frequency) / (alpha + beta + occasions.periods)
        stays = self._stays(occasions.periods, periods)[1:]
        worth = (1 + discount) ** -np.arange(1.0, periods + 1)
        return np.asarray(self._alive(occasions) * uses * (worth @ stays))

    def _stays(self, seen: Floats, periods: int) -> Floats:
        """Return the probability of being there 0, 1, ... occasions later, for who is there now: by row."""
        _, _, gamma, delta = np.exp(self.log_parameters)
        ahead = seen + np.arange(periods)[:, None]
        return np.concatenate(
            [np.ones((1, seen.size)), np.cumprod((delta + ahead) / (gamma + delta + ahead), 0)]
        )


def _whole(periods: int) -> int:
    if periods >= 0 and periods == int(periods):
        return int(periods)
    raise BadValue(
        Text("{periods} occasions cannot be looked ahead.", periods=f"{periods:g}"),
        hint=Text("Give a whole number of occasions."),
        where=Where(column="periods"),
    )


def _rate(discount: float) -> float:
    if discount >= 0 and math.isfinite(discount):
        return discount
    raise BadValue(
        Text(
            "An interest of {discount} from one occasion to the next gives no value.",
            discount=f"{discount:g}",
        ),
        hint=Text("Give it as a fraction from 0: .1 for 10 %."),
        where=Where(column="discount"),
    )


def _require_enough(occasions: Occasions) -> None:
    if occasions.n > 1 and np.any(occasions.weights * occasions.frequency > 0):
        return
    raise TooLittleData(
        Text("Of {count} customers none used an occasion, or there is one only.", count=Count(occasions.n)),
        hint=Text("Give more occasions or more customers: at least some must have come again."),
    )
