"""Scores, movement, signals, rank, purchases and money by group."""

from leal.measure.nps_groups import NpsByGroup, NpsDifference
from leal.measure.nps_result import NpsResult, nps_of_counts
from leal.measure.purchases import customer_summary, daily_money, purchase_days
from leal.measure.scores import nps

__all__ = [
    "NpsByGroup",
    "NpsDifference",
    "NpsResult",
    "customer_summary",
    "daily_money",
    "nps",
    "nps_of_counts",
    "purchase_days",
]
