"""Scores, movement, signals, rank, purchases and money by group."""

from leal.measure.purchases import customer_summary, daily_money, purchase_days

__all__ = ["customer_summary", "daily_money", "purchase_days"]
