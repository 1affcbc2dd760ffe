"""The purchases that customers of a Pareto/NBD model make together, with exact derivatives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leal.predict.purchase_models.customer_columns import Floats
from leal.predict.purchase_models.pareto_nbd_layout import Layout
from leal.predict.purchase_models.sums_of_logarithms import log_of_sum

_SERIES_END = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class ParetoNbdTotal:
    """Expected purchases of all customers within a time, each counted with a weight.

    Attributes
    ----------
    layout : Layout
        The customers.
    weights : array (n,)
        What a purchase of each customer counts.
    weeks : float
        How far ahead, above 0.
    """

    layout: Layout
    weights: Floats
    weeks: float

    def slopes(self, logarithms: Floats) -> tuple[float, Floats, Floats]:
        """Return the total's logarithm with its derivatives by the logarithms of r, alpha, s, beta.

        Notes
        -----
        What is expected of a customer is P(alive) times what is expected of one who is; logarithms of the
        two, and so their derivatives, are added. The first comes from the integrals of the likelihood.
        """
        from leal.predict.purchase_models.pareto_nbd_kernel import MOMENTS, fill_alive_slopes

        layout, parameters = self.layout, np.exp(logarithms)
        powers, integrals = layout.tables(parameters, MOMENTS)
        alive, slopes = np.empty(layout.last.size), np.empty((layout.last.size, MOMENTS - 1))
        fill_alive_slopes(
            layout.purchases_at_edges, layout.edges, parameters, layout.last, layout.end,
            powers, integrals, alive, slopes,
        )  # fmt: skip
        expected, by = _if_alive(layout.purchases_at_edges, layout.edges, parameters, self.weeks)
        slopes += by[layout.end]
        return log_of_sum(self.weights * alive * expected[layout.end], slopes[:, :4], slopes[:, 4:])


def _if_alive(x: Floats, age: Floats, parameters: Floats, weeks: float) -> tuple[Floats, Floats]:
    """Return what is expected of customers alive, and the derivatives of its logarithm (edges, 14).

    Notes
    -----
    (r + x)/(alpha + T) times the time that they stay, c L (1 - exp(-z))/z, where c = beta + T is the time
    survived, L = log(1 + weeks/c) and z = (s - 1) L.
    """
    r, alpha, s, beta = parameters.tolist()
    by_r, by_alpha, by_beta = r / (r + x), alpha / (alpha + age), beta / (beta + age)
    survived = beta + age
    stretch = np.log1p(weeks / survived)
    first = -by_beta * weeks / (survived + weeks)
    second = first + by_beta**2 - (beta / (survived + weeks)) ** 2
    z = (s - 1) * stretch
    fall, bend = _falling_slopes(z)
    by_s, relative, moved = s * stretch, first / stretch, (s - 1) * first
    out = np.zeros((age.size, 14))
    out[:, 0], out[:, 1] = by_r, -by_alpha
    out[:, 2], out[:, 3] = fall * by_s, by_beta + relative + fall * moved
    out[:, 4], out[:, 8] = by_r * (1 - by_r), -by_alpha * (1 - by_alpha)
    out[:, 11] = bend * by_s**2 + fall * by_s
    out[:, 12] = bend * by_s * moved + fall * s * first
    out[:, 13] = by_beta * (1 - by_beta) + second / stretch - relative**2
    out[:, 13] += bend * moved**2 + fall * (s - 1) * second
    falling = np.where(z == 0, 1.0, -np.expm1(-z) / np.where(z == 0, 1.0, z))
    return (r + x) / (alpha + age) * survived * stretch * falling, out


def _falling_slopes(z: Floats) -> tuple[Floats, Floats]:
    """Return the first and second derivative of log((1 - exp(-z))/z), near 0 by their series."""
    is_near = np.abs(z) < _SERIES_END
    far, near = np.where(is_near, 1.0, np.minimum(z, 600.0)), np.where(is_near, z, 0.0)
    away = 1 / np.expm1(far)
    first = -1 / 2 + near / 12 - near**3 / 720 + near**5 / 30240
    second = 1 / 12 - near**2 / 240 + near**4 / 6048 - near**6 / 172800
    return np.where(is_near, first, away - 1 / far), np.where(is_near, second, 1 / far**2 - away * (1 + away))
