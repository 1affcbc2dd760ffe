"""What purchases to come of a Gamma-Gamma model bring together, with exact derivatives."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from leal.predict.purchase_models.customer_columns import Floats
from leal.predict.purchase_models.sums_of_logarithms import log_of_sum


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountsTotal:
    """Expected money of purchases to come, so many of each customer.

    Attributes
    ----------
    frequency, spend : arrays (n,)
        Repeat purchases and their mean amount.
    weights : array (n,)
        Purchases to come.
    """

    frequency: Floats
    spend: Floats
    weights: Floats

    def slopes(self, logarithms: Floats) -> tuple[float, Floats, Floats]:
        """Return the total's logarithm with its derivatives by the logarithms of p, q, v.

        Notes
        -----
        Of a customer with x purchases of mean m it is p (v + x m)/(p x + q - 1): there is none where q is 1
        or less.
        """
        p, q, v = np.exp(logarithms).tolist()
        if q <= 1:
            return math.nan, np.full(3, math.nan), np.full((3, 3), math.nan)
        paid = self.frequency * np.where(self.frequency > 0, self.spend, 0.0)
        size = p * self.frequency + q - 1
        by_p, by_q, by_v = p * self.frequency / size, q / size, v / (v + paid)
        nothing = np.zeros_like(size)
        slopes = np.stack([1 - by_p, -by_q, by_v], axis=1)
        bends = [by_p * (by_p - 1), by_p * by_q, nothing, by_q * (by_q - 1), nothing, by_v * (1 - by_v)]
        return log_of_sum(self.weights * p * (v + paid) / size, slopes, np.stack(bends, axis=1))
