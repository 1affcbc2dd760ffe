"""MBG/NBD: who buys again and who is alive, where customers can leave after the first purchase already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from leal.predict.purchase_models.beta_geometric import BetaGeometricFit, fit_beta_geometric
from leal.predict.purchase_models.customer_columns import CustomersLike


@dataclass(frozen=True, slots=True, kw_only=True)
class MbgNbd:
    """The modified beta-geometric/NBD model: how often each customer will buy again, and who is still one.

    Notes
    -----
    As `BgNbd`, but a customer can leave after any purchase, the first included: one-time buyers may be gone,
    and P(alive) may be shown.

    References
    ----------
    Batislam, Denizel and Filiztekin (2007), International Journal of Research in Marketing 24(3), 201-209.

    Examples
    --------
    >>> import leal
    >>> import numpy as np
    >>> customers = {"frequency": [0, 1, 4, 2, 0], "recency": [0, 9, 20, 3, 0], "age": [25, 25, 22, 24, 21]}
    >>> fit = leal.MbgNbd().fit(customers)
    >>> known = fit.with_parameters(np.log([0.52, 6.2, 0.9, 1.6]))
    >>> known.p_alive(customers).round(2).tolist()
    [0.43, 0.49, 0.82, 0.17, 0.45]
    """

    def fit(self, customers: CustomersLike) -> MbgNbdFit:
        """Return the model fitted to customers.

        Parameters
        ----------
        customers : dataframe, path or mapping
            One row a customer with ``frequency`` (repeat purchase days), ``recency`` and ``age`` (weeks from
            the first purchase to the last one and to the end of the data): `leal.customer_summary`.

        Returns
        -------
        MbgNbdFit

        Raises
        ------
        TooLittleData
            Nobody bought again, or there is one customer only.
        MissingColumn, BadValue
            A column is absent; a value cannot be.
        """
        return MbgNbdFit(**fit_beta_geometric(customers, MbgNbdFit.chances, ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class MbgNbdFit(BetaGeometricFit):
    """A fitted MBG/NBD model; `parameters` are r, alpha (weeks), a and b."""

    chances: ClassVar[int] = 1
