"""Small companies that tests of checks are made of."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

import leal

START = dt.date(2024, 1, 1)


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def answers(rows: list[tuple[str, int, int]], **columns: Any) -> pl.DataFrame:
    """Answers from (customer, day, score)."""
    return pl.DataFrame(
        {
            "answer": [str(place) for place in range(len(rows))],
            "customer": [who for who, _, _ in rows],
            "answered_at": [day(at) for _, at, _ in rows],
            "recommend": [score for _, _, score in rows],
            **columns,
        }
    )


def purchases(rows: list[tuple[str, int, float]], **columns: Any) -> pl.DataFrame:
    """Purchases from (customer, day, amount)."""
    return pl.DataFrame(
        {
            "customer": [who for who, _, _ in rows],
            "bought_at": [day(at) for _, at, _ in rows],
            "amount": [amount for _, _, amount in rows],
            **columns,
        }
    )


def grouped(
    promoters: int = 40, passives: int = 30, detractors: int = 20, at: int = 300, **repeat: float
) -> tuple[list[tuple[str, int, int]], list[tuple[str, int, float]]]:
    """Customers of three groups who buy monthly for two years, 10 a time unless `repeat` says otherwise."""
    said, bought = [], []
    sizes = {"promoter": (promoters, 10), "passive": (passives, 8), "detractor": (detractors, 2)}
    for group, (size, score) in sizes.items():
        for place in range(size):
            who = f"{group}{place}"
            said.append((who, at, score))
            bought += [(who, 30 * month, repeat.get(group, 10.0)) for month in range(24)]
    return said, bought


def audit(**tables: Any) -> leal.Audit:
    return leal.audit(leal.Evidence(**tables))
