"""What customers are worth: the result of `lifetime_value`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leal.predict.purchase_models.gamma_gamma import GammaGammaFit
from leal.predict.purchase_models.purchase_model import PurchaseModelFit
from leal.predict.value.holdouts import Holdout
from leal.results import Money, Note, Proportion, to_plain
from leal.wording import Count, Decimal, RoundAmount, Text

if TYPE_CHECKING:
    import polars as pl

    from leal.charts import Chart, Style


@dataclass(frozen=True, slots=True, kw_only=True)
class LifetimeValue:
    """What customers will bring, each and all together.

    Attributes
    ----------
    customers : DataFrame
        The most valuable first, one row a customer: ``customer, frequency, p_alive, expected_purchases``
        (within the horizon), ``expected_spend`` (a purchase, revenue), ``value`` (expected money within the
        horizon, discounted) and ``value_low, value_high``, between which what the customer really brings lies
        with probability `level`.
    total, mean : Money
        All customers together, and a head, within the horizon. The interval is of what will *really* come: it
        holds the chance of every customer and what the fit leaves open about its parameters.
    median : Money
        What the customer in the middle is expected to bring.
    long_run : Money
        All customers together within ten years.
    top_share : Proportion
        Share of the expected value that the most valuable tenth of customers holds.
    retention : Proportion
        Share of those who are customers now that will be in a year; unknown where no leaving is visible.
    one_point : Money
        What one point of retention is worth: the ten years' value of all when a hundredth more of them stay
        each year.
    model : str
        Name of the model of purchases.
    weeks : float
        The horizon.
    discount : float
        Rate of interest a year.
    fit : PurchaseModelFit or None
        None where there was too little to fit.
    spend_fit : GammaGammaFit or None
        None where amounts could not be told apart by customer.
    holdout : Holdout or None
        How the same model would have foretold the last part of the data; None where it is too short.
    notes : tuple of Note
        Doubts and remarks.
    """

    customers: pl.DataFrame
    total: Money
    mean: Money
    median: Money
    long_run: Money
    top_share: Proportion
    retention: Proportion
    one_point: Money
    model: str
    weeks: float
    discount: float
    fit: PurchaseModelFit | None
    spend_fit: GammaGammaFit | None
    holdout: Holdout | None
    notes: tuple[Note, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there was enough to tell anything."""
        return self.total.known

    @property
    def n(self) -> int:
        """Customers."""
        return self.customers.height

    def sentence(self) -> Text:
        """Return in one sentence what the customers are worth, and how unequally."""
        if not self.known:
            return Text("lifetime value unknown: {reason}", reason=self.notes[0].text)
        return Text(
            "{n} customers will bring {total} within {weeks} weeks, {mean} a head; the most valuable tenth"
            " holds {share} of it.",
            n=Count(self.n),
            total=_written(self.total),
            weeks=Count(self.weeks) if self.weeks == round(self.weeks) else Decimal(self.weeks, 2),
            mean=_written(self.mean),
            share=self.top_share.figure(self.top_share.estimate),
        )

    def __str__(self) -> str:
        return self.sentence()

    def to_frame(self) -> pl.DataFrame:
        """Return one row a customer."""
        return self.customers

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain JSON values, customers as rows."""
        told = {
            name: to_plain(getattr(self, name))
            for name in ("total", "mean", "median", "long_run", "top_share", "retention", "one_point")
        }
        return {
            "sentence": str(self),
            "n": self.n,
            "model": self.model,
            "weeks": self.weeks,
            "discount": self.discount,
            **told,
            "fit": None if self.fit is None else to_plain(self.fit.parameters),
            "spend_fit": None if self.spend_fit is None else to_plain(self.spend_fit.parameters),
            "holdout": None if self.holdout is None else self.holdout.to_dict(),
            "notes": to_plain(self.notes),
            "customers": to_plain(self.customers),
        }

    def concentration(self, points: int = 100) -> pl.DataFrame:
        """Return what share of the value the best customers hold: ``customers, value``, both 0..1."""
        import numpy as np
        import polars as pl

        values = np.cumsum(self.customers["value"].to_numpy())
        if not values.size or not values[-1] > 0:
            return pl.DataFrame(schema={"customers": pl.Float64, "value": pl.Float64})
        at = np.unique(np.ceil(np.linspace(0, values.size, points + 1)[1:]).astype(int))
        held = values[at - 1] / values[-1]
        return pl.DataFrame({"customers": [0.0, *(at / values.size)], "value": [0.0, *held]})

    def chart(self, style: Style | None = None) -> Chart:
        """Draw how few customers hold how much of the value."""
        from leal.charts import Style, value_concentration

        return value_concentration(self.concentration(), style or Style())


def _written(money: Money) -> Text:
    figure, low, high = (
        RoundAmount(value, money.currency) for value in (money.estimate, money.ci_low, money.ci_high)
    )
    return Text("{figure} ({low} to {high})", figure=figure, low=low, high=high)
