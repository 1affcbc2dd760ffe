"""A likelihood that leans against customers who leave all alike: few data show no differences that exist."""

from __future__ import annotations

import numpy as np

from leal.predict.purchase_models.newton import Floats, Likelihood


def penalised_likelihood(likelihood: Likelihood, spread: tuple[int, ...]) -> Likelihood:
    """Return a log-likelihood that falls where customers grow alike, and where they are all or nothing.

    Parameters
    ----------
    likelihood : callable
        Log-likelihood with its derivatives, in logarithms of the parameters.
    spread : tuple of int
        Places of the parameters whose sum S tells how alike customers are: the shape of a gamma distribution
        of rates, both parameters of a beta distribution of chances. Empty: the likelihood is returned.

    Notes
    -----
    The variance between customers, as a part of the greatest that their mean allows, is 1/(1 + S). Every part
    is taken to be as likely beforehand as any other (uniform from 0 to 1): log S - 2 log(1 + S) is added, by
    the logarithm of S. The likelihood of few customers is often greatest where the part is 0, and figures
    are then too sure; this is the remedy of Chung and others for variances of random effects. With many
    customers it is nothing beside the likelihood.

    References
    ----------
    Chung, Rabe-Hesketh, Dorie, Gelman and Liu (2013), Psychometrika 78(4), 685-709.
    """
    if not spread:
        return likelihood
    places = np.array(spread)
    square = np.ix_(places, places)

    def penalised(point: Floats) -> tuple[float, Floats, Floats]:
        value, gradient, hessian = likelihood(point)
        log_size = float(np.logaddexp.reduce(point[places]))
        part = np.exp(point[places] - log_size)
        alike = float(np.exp(log_size - np.logaddexp(0.0, log_size)))
        slope, bend = 1 - 2 * alike, 2 * alike * (1 - alike)
        gradient, hessian = gradient.copy(), hessian.copy()
        gradient[places] += slope * part
        hessian[square] += slope * np.diag(part) - (slope + bend) * np.outer(part, part)
        return value + log_size - 2 * float(np.logaddexp(0.0, log_size)), gradient, hessian

    return penalised
