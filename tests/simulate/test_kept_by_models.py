"""Retention by models finds who is still a customer in simulated companies; the observed one reads high."""

from __future__ import annotations

import pytest

from leal.measure import kept_customers
from leal.predict import alive_retention, purchase_base
from leal.simulate import company, truth_of


def found(customers: int, seed: int) -> tuple[float, float, bool]:
    """Return retention by models, as observed, and whether the truth lies within the models' interval."""
    firm = company(customers, seed=seed)
    truth = 1 - truth_of(firm.plan).money.yearly_churn["all"]
    base = purchase_base(firm.tables["purchases"])
    models = alive_retention(base)
    assert models is not None
    observed = kept_customers(base.days, base.until, 365).retention.estimate
    inside = models.retention.ci_low <= truth <= models.retention.ci_high
    return models.retention.estimate - truth, observed - truth, inside


def test_models_come_nearer_to_the_truth_than_what_was_observed() -> None:
    missed, observed, inside = zip(*(found(1500, seed) for seed in range(1, 5)), strict=True)
    assert abs(sum(missed) / len(missed)) < 0.015
    assert sum(observed) / len(observed) > 0.03
    assert sum(inside) >= 3


@pytest.mark.slow
def test_in_24_companies_the_interval_holds_the_truth_in_at_least_22() -> None:
    missed, observed, inside = zip(*(found(2500, seed) for seed in range(1, 25)), strict=True)
    assert sum(inside) >= 22
    assert abs(sum(missed) / len(missed)) < 0.015
    assert sum(observed) / len(observed) > 0.03
