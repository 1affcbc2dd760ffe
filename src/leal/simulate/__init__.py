"""A company whose truth is known: for the demo, and for tests of recovery."""

from leal.simulate.files import write_files
from leal.simulate.large_sample import truth_of
from leal.simulate.plan import Plan, Programme
from leal.simulate.truth import (
    ActionTruth,
    BrandTruth,
    MoneyTruth,
    ScoreTruth,
    Truth,
    WishTruth,
)
from leal.simulate.volume import large_answers, large_purchases
from leal.simulate.world import Company, company, company_of

__all__ = [
    "ActionTruth",
    "BrandTruth",
    "Company",
    "MoneyTruth",
    "Plan",
    "Programme",
    "ScoreTruth",
    "Truth",
    "WishTruth",
    "company",
    "company_of",
    "large_answers",
    "large_purchases",
    "truth_of",
    "write_files",
]
