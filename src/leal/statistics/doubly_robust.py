"""What each arm would have brought each customer: the lot and a model together, right if either is."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import numpy.typing as npt

from leal.statistics.numbers import Floats, floats
from leal.statistics.ridge import RidgeFit, ridge_of_products

Integers = npt.NDArray[np.int64]

LEARNING_FOLDS, FIRST_JUDGED = 10, 3
"""Folds of customers, and the first one (from 0) for which an effect is foretold: from those before it."""


def doubly_robust_scores(
    outcome: npt.ArrayLike, drawn: npt.ArrayLike, chances: npt.ArrayLike, foretold: npt.ArrayLike
) -> Floats:
    """Return for each customer and arm a score whose mean is the mean outcome were all in that arm.

    Parameters
    ----------
    outcome : array of shape (customers,)
    drawn : array of shape (customers,)
        The arm drawn, from 0.
    chances : array of shape (customers, arms)
        Probability with which each arm was drawn.
    foretold : array of shape (customers, arms)
        Outcome foretold under each arm, by a model that did not see the customer.

    Returns
    -------
    array of shape (customers, arms)
        m_a(x) + [arm = a]/p_a (y - m_a(x)).

    Notes
    -----
    Its mean is right where the chances are right, whatever the model says (a lot gives that), and nearly
    right where the model is, whatever the chances. The better the model, the less the scores vary.

    References
    ----------
    Robins, Rotnitzky, Zhao (1994), JASA 89, 846-866; Dudik, Erhan, Langford, Li (2014), Statistical Science
    29, 485-511; Chernozhukov and others (2018), Econometrics Journal 21 (models by folds).

    Examples
    --------
    >>> doubly_robust_scores([10.0, 4.0], [1, 0], [[0.5, 0.5]] * 2, [[5.0, 8.0], [5.0, 8.0]])
    array([[ 5., 12.],
           [ 3.,  8.]])
    """
    y, arms, p, m = floats(outcome), np.asarray(drawn), floats(chances), floats(foretold)
    hit = arms[:, None] == np.arange(m.shape[1])
    return floats(m + hit / p * (y[:, None] - m))


class FoldedOutcomes:
    """Ridge regressions of the outcome in each arm, each of which left some folds of customers out.

    Sums of products by fold and arm are made once, so that leaving other folds out costs nothing more.
    """

    folds: ClassVar[int] = LEARNING_FOLDS

    def __init__(
        self, design: Floats, outcome: Floats, drawn: Integers, chances: Floats, fold: Integers
    ) -> None:
        self.arms = chances.shape[1]
        self.places = [np.flatnonzero(fold == k) for k in range(LEARNING_FOLDS)]
        self._parts = [(design[at], outcome[at], drawn[at], chances[at]) for at in self.places]
        self._products = np.stack([self._by_arm(k) for k in range(LEARNING_FOLDS)])
        self._fits: dict[tuple[int, ...], list[RidgeFit]] = {}

    def _by_arm(self, k: int) -> Floats:
        design, outcome, drawn, _ = self._parts[k]
        rows = np.column_stack([np.ones(len(outcome)), design, outcome])
        return np.stack([_product(rows[drawn == arm]) for arm in range(self.arms)])

    def fits(self, *left_out: int) -> list[RidgeFit]:
        """Return the regression of each arm without the customers of these folds."""
        key = tuple(sorted(set(left_out)))
        if key not in self._fits:
            used = [k for k in range(LEARNING_FOLDS) if k not in key]
            self._fits[key] = [
                ridge_of_products(self._products[used, arm].sum(axis=0)) for arm in range(self.arms)
            ]
        return self._fits[key]

    def scores_of_fold(self, k: int, *more: int) -> Floats:
        """Return the doubly robust scores of a fold's customers, by models without it and `more`."""
        design, outcome, drawn, chances = self._parts[k]
        foretold = np.column_stack([fit.foretold(design) for fit in self.fits(k, *more)])
        return doubly_robust_scores(outcome, drawn, chances, foretold)

    def scores(self) -> Floats:
        """Return the doubly robust scores of all customers, by the models that did not see them."""
        found = np.empty((sum(len(at) for at in self.places), self.arms))
        for k, at in enumerate(self.places):
            found[at] = self.scores_of_fold(k)
        return found

    def effects(self) -> tuple[Floats, RidgeFit]:
        """Return the effect foretold for each customer (arm 1 against arm 0), and the model of all.

        Scores are regressed on the columns (Kennedy 2023). What is foretold for the customers of a fold was
        learnt from the folds before it alone, the outcome models behind the scores without it; not-a-number
        in the first folds, from which the first rule is learnt. Were a fold's customers to teach the rules of
        folds that in turn teach theirs, the luck of all would be in every rule, and the spread of the terms
        would not tell it (Luedtke and van der Laan 2016).
        """
        found = np.full(sum(len(at) for at in self.places), np.nan)
        for k in range(FIRST_JUDGED, LEARNING_FOLDS):
            earlier = [self._effect_products(j, k) for j in range(k)]
            fit = ridge_of_products(np.sum(earlier, axis=0))
            found[self.places[k]] = fit.foretold(self._parts[k][0])
        whole = [self._effect_products(j) for j in range(LEARNING_FOLDS)]
        return found, ridge_of_products(np.sum(whole, axis=0))

    def _effect_products(self, j: int, *more: int) -> Floats:
        scores = self.scores_of_fold(j, *more)
        effects = scores[:, 1] - scores[:, 0]
        return _product(np.column_stack([np.ones(len(effects)), self._parts[j][0], effects]))


def _product(rows: Floats) -> Floats:
    return floats(rows.T @ rows)
