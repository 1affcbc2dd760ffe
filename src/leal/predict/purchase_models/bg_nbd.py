"""BG/NBD: who buys again and how often, where customers leave after a repeat purchase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from leal.predict.purchase_models.beta_geometric import BetaGeometricFit, fit_beta_geometric
from leal.predict.purchase_models.customer_columns import CustomersLike
from leal.results import Note
from leal.wording import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class BgNbd:
    """The beta-geometric/NBD model: how often each customer will buy again.

    Notes
    -----
    While a customer, everyone buys at a steady rate of their own, gamma distributed over customers (shape r,
    rate alpha in weeks); after each *repeat* purchase they leave for good with a chance of their own, beta
    distributed (a, b). A customer who has bought once cannot have left yet: **one-time buyers count as alive,
    P(alive) = 1**. Never show that as retention; ask `MbgNbd` or `ParetoNbd` who is still a customer. There
    is no season in it: look at a holdout before a forecast over a peak is believed.

    Maximum likelihood by Newton's method with exact derivatives in the logarithms of the parameters, all
    powers in logarithms. On data without visible dropout the best fit is the NBD model (a = 0); it is
    returned, with a note.

    References
    ----------
    Fader, Hardie and Lee (2005), Marketing Science 24(2), 275-284.

    Examples
    --------
    >>> import leal
    >>> customers = {"frequency": [0, 1, 4, 2, 0], "recency": [0, 9, 20, 3, 0], "age": [25, 25, 22, 24, 21]}
    >>> fit = leal.BgNbd().fit(customers)
    >>> fit.expected_purchases(customers, weeks=10).round(2).tolist()
    [0.3, 0.5, 1.19, 0.72, 0.32]
    """

    def fit(self, customers: CustomersLike) -> BgNbdFit:
        """Return the model fitted to customers.

        Parameters
        ----------
        customers : dataframe, path or mapping
            One row a customer with ``frequency`` (repeat purchase days), ``recency`` and ``age`` (weeks from
            the first purchase to the last one and to the end of the data): `leal.customer_summary`.

        Returns
        -------
        BgNbdFit

        Raises
        ------
        TooLittleData
            Nobody bought again, or there is one customer only.
        MissingColumn, BadValue
            A column is absent; a value cannot be.
        """
        return BgNbdFit(**fit_beta_geometric(customers, BgNbdFit.chances, (ONE_TIME_BUYERS,)))


@dataclass(frozen=True, slots=True, kw_only=True)
class BgNbdFit(BetaGeometricFit):
    """A fitted BG/NBD model; `parameters` are r, alpha (weeks), a and b."""

    chances: ClassVar[int] = 0


ONE_TIME_BUYERS = Note(
    code="one_time_buyers_alive",
    text=Text(
        "One-time buyers count as alive in BG/NBD: P(alive) = 1. It is no retention; ask MBG/NBD or"
        " Pareto/NBD who is still a customer."
    ),
)
