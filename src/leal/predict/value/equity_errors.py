"""How sure the parts of a bridge are: the parts without one group of customers after another."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import polars as pl

from leal.predict.purchase_models.customer_columns import Floats
from leal.predict.purchase_models.gamma_gamma import GammaGamma, GammaGammaFit
from leal.predict.purchase_models.purchase_model import PurchaseModelFit, TooLittleData
from leal.predict.value.customer_bases import PurchaseBase
from leal.predict.value.equity_parts import shared_parts
from leal.predict.value.holdouts import PurchaseModel
from leal.predict.value.outlook import MOST_PERTURBED, Outlook

GROUPS = 30
"""Groups that customers are dealt into; without each the model is fitted anew."""

MOST_CUSTOMERS = 20_000
"""Customers on whom it is tried; of more, every k-th, the variance falling as their number grows."""

_STEP = 1e-3
_Both: TypeAlias = tuple[Outlook, Outlook]
_Fit: TypeAlias = PurchaseModelFit | GammaGammaFit


@dataclass(frozen=True, kw_only=True)
class PartsWithout:
    """The customers of a bridge, the model of their purchases, and the years whose margins are looked at.

    Attributes
    ----------
    base : PurchaseBase
        Customers and purchases until the second day.
    model : PurchaseModel
        What is fitted to them.
    years : pair of (first day, last day)
        The years before both days.
    """

    base: PurchaseBase
    model: PurchaseModel
    years: tuple[tuple[int, int], tuple[int, int]]

    def variances(
        self, then: Outlook, now: Outlook, old: np.ndarray, parts: dict[str, Floats]
    ) -> dict[str, float]:
        """Return the variance of the sum of each part.

        Notes
        -----
        Delete-a-group jackknife (Shao and Tu 1995, chapter 2): without group g a sum is G/(G - 1) of those
        left, moved along its slopes by what the parameters and margins become without g; the variance is
        (G - 1)/G of the sum of squares about their mean. So who came and what was learnt from them vary
        together, as they do. Of more than 20,000 customers every k-th is tried.
        """
        names = list(parts)
        step = -(-old.size // MOST_CUSTOMERS)
        tried = slice(None, None, step)
        group = np.arange(old[tried].size) % GROUPS
        moves = self._moves(now, tried, group)
        slopes = _slopes(then, now, old, {name: float(parts[name].sum()) for name in names})
        found = {}
        for place, name in enumerate(names):
            part = parts[name][tried]
            sums = np.bincount(group, part, GROUPS)
            ratio = _ratio(float(parts[name].sum()), float(part.sum()))
            left = ratio * (part.sum() - sums) * GROUPS / (GROUPS - 1) + moves @ slopes[place]
            spread = (GROUPS - 1) / GROUPS * float(((left - left.mean()) ** 2).sum())
            found[name] = spread / step
        return found

    def _moves(self, now: Outlook, tried: slice, group: np.ndarray) -> Floats:
        """Return by how much each parameter and margin (logarithms) moves without each group."""
        summary = self.base.summary[tried]
        fits: list[tuple[_Fit, PurchaseModel | GammaGamma]] = [(now.fit, self.model)]
        fits += [(now.spend_fit, GammaGamma())] if now.spend_fit is not None else []
        whole = [_free(fit, _log_parameters(model, summary)) for fit, model in fits]
        margins = self._log_margins(summary["customer"], group)
        rows = []
        for number in range(GROUPS):
            left = summary.filter(pl.Series(group != number))
            moved = [
                _bounded(_free(fit, _log_parameters(model, left)) - at, fit)
                for (fit, model), at in zip(fits, whole, strict=True)
            ]
            rows.append(np.concatenate([*moved, margins[number]]))
        return np.array(rows)

    def _log_margins(self, customers: pl.Series, group: np.ndarray) -> Floats:
        """Return by how much the logarithm of each year's margin moves without each group (groups x 2)."""
        grouped = pl.DataFrame({"customer": customers, "group": group})
        columns = []
        for year in self.years:
            sums = grouped.join(self.base.left_of_purchases(*year), on="customer")
            bought, left = (np.bincount(sums["group"], sums[name], GROUPS) for name in ("bought", "left"))
            rest = np.array([bought.sum() - bought, left.sum() - left])
            sound = bool((rest > 0).all())
            moved = np.log(rest[1] / rest[0] * bought.sum() / left.sum()) if sound else np.zeros(GROUPS)
            columns.append(moved)
        return np.array(columns).T


def _slopes(then: Outlook, now: Outlook, old: np.ndarray, totals: dict[str, float]) -> Floats:
    """Return how the sum of each part changes with each parameter and margin (parts x parameters)."""
    some = slice(None, None, -(-old.size // MOST_PERTURBED))
    then, now, old = then.of(some), now.of(some), old[some]
    here = {name: float(part.sum()) for name, part in shared_parts(then, now, old).items()}
    columns = []
    for up, down, width in _perturbed(then, now):
        more, less = shared_parts(*up, old), shared_parts(*down, old)
        columns.append(
            [
                float(more[name].sum() - less[name].sum()) / (2 * width) * _ratio(total, here[name])
                for name, total in totals.items()
            ]
        )
    return np.array(columns).T


def _perturbed(then: Outlook, now: Outlook) -> Iterator[tuple[_Both, _Both, float]]:
    """Yield both outlooks with one parameter, then with one of the margins, a step up and down."""
    pairs = zip(then.perturbed(), now.perturbed(), strict=True)
    for (then_up, then_down, width), (now_up, now_down, _) in pairs:
        yield (then_up, now_up), (then_down, now_down), width
    up, down = (math.exp(way * _STEP) for way in (1, -1))
    yield (_times(then, up), now), (_times(then, down), now), _STEP
    yield (then, _times(now, up)), (then, _times(now, down)), _STEP


def _times(outlook: Outlook, factor: float) -> Outlook:
    return outlook.paying(margin=outlook.margin * factor)


def _log_parameters(model: PurchaseModel | GammaGamma, summary: pl.DataFrame) -> Floats | None:
    """Return what is fitted to some of the customers; None where they are too few."""
    try:
        return np.asarray(model.fit(summary).log_parameters)
    except TooLittleData:
        return None


def _free(fit: _Fit, point: Floats | None) -> Floats:
    """Return the parameters that are not on the boundary; those of the fit where there are no others."""
    free = np.diag(fit.covariance) > 0
    return np.asarray((fit.log_parameters if point is None else point)[free])


def _bounded(moved: Floats, fit: _Fit) -> Floats:
    """Hold moves within a standard error: a group does not move a parameter more, but for the boundary."""
    errors = np.sqrt(np.diag(fit.covariance))
    most = errors[errors > 0]
    return np.clip(np.nan_to_num(moved), -most, most)


def _ratio(whole: float, part: float) -> float:
    return whole / part if part else 1.0
