"""The log-likelihood of the Pareto/NBD model with its exact gradient and second derivatives; its maximum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from leal.predict.purchase_models.customer_codes import CustomerCodes
from leal.predict.purchase_models.customer_columns import Floats
from leal.predict.purchase_models.newton import Maximum
from leal.predict.purchase_models.pair_steps import maximise_pairs
from leal.predict.purchase_models.pareto_nbd_layout import Layout, Rows

_FEW = 5_000
_MANY = 200_000
_FAR = 8.0  # a logarithm so large is on the way to the boundary


@dataclass(frozen=True, slots=True, kw_only=True)
class ParetoNbdLikelihood:
    """What the data say of r, alpha, s, beta; the constant -log(x!) and the powers of time are left out.

    Attributes
    ----------
    layout, rows
        The customers.
    more : array (greatest x,)
        How many customers bought again more than 0, 1, 2, ... times.
    """

    layout: Layout
    rows: Rows
    more: Floats

    @classmethod
    def of(cls, codes: CustomerCodes) -> Self:
        """Lay out customers for many evaluations."""
        layout = Layout.of(codes)
        at_least = np.append(codes.customers_by_repeats[::-1].cumsum()[::-1], 0.0)
        above = np.searchsorted(codes.repeats, np.arange(int(codes.repeats[-1])), side="right")
        return cls(layout=layout, rows=layout.rows(), more=at_least[above])

    def __call__(self, logarithms: Floats) -> tuple[float, Floats, Floats]:
        """Return value, gradient and second derivatives by the logarithms of r, alpha, s, beta.

        Notes
        -----
        Gamma(r + x)/Gamma(r) is the product of r + j over j < x, so that no Gamma function is needed: what
        is left of it is a sum over j of how many customers bought more than j times.
        """
        from leal.predict.purchase_models.pareto_nbd_kernel import MOMENTS, sum_likelihood

        parameters = np.exp(logarithms)
        layout, rows = self.layout, self.rows
        powers, integrals = layout.tables(parameters, MOMENTS)
        sums = np.empty(MOMENTS)
        sum_likelihood(
            layout.purchases, layout.edges, parameters,
            rows.first, rows.last, rows.end, rows.weights, powers, integrals, sums,
        )  # fmt: skip
        hessian = np.zeros((4, 4))
        hessian[np.triu_indices(4)] = sums[5:]
        hessian = hessian + np.triu(hessian, 1).T
        gradient = sums[1:5].copy()
        r, alpha = parameters[0], parameters[1]
        j = np.arange(self.more.size)
        share = r / (r + j)
        value = float(sums[0] + np.sum(self.more * np.log((r + j) / alpha)))
        gradient[0] += np.sum(self.more * share)
        gradient[1] -= np.sum(self.more)
        hessian[0, 0] += np.sum(self.more * share * (1 - share))
        return value, gradient, hessian


def best_maximum(likelihood: ParetoNbdLikelihood, codes: CustomerCodes) -> Maximum:
    """Return the greatest likelihood that Newton's steps find from one start, or three.

    Notes
    -----
    With few customers, or where hardly anybody leaves, there can be two maxima: leaving that goes on, and
    leaving at once, by customers who buy at very different rates or much alike. All are looked for where it
    costs little or the first lies on the way to the boundary.
    """
    seen = float(codes.customers_by_end @ codes.times)
    weeks, rate = max(seen / codes.n, 1.0), float(codes.repeats_by_end.sum()) / seen
    found = maximise_pairs(likelihood, np.log([0.5, 0.25 / rate, 0.5, weeks]))
    distinct = likelihood.rows.last.size
    if distinct > _FEW and (distinct > _MANY or np.abs(found.point).max() < _FAR):
        return found
    at_once = maximise_pairs(likelihood, np.log([0.5, 0.25 / rate, 0.1, weeks / 50]))
    alike = maximise_pairs(likelihood, np.log([4.0, 4.0 / rate, 0.3, weeks / 1000]))
    return max(found, at_once, alike, key=lambda maximum: maximum.value)
