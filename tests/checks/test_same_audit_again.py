"""The same rows in another order give the same audit."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

import leal
from leal.simulate import company


def shuffled(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sample(fraction=1.0, shuffle=True, seed=3)


def figures(audit: leal.Audit) -> dict[str, list[float]]:
    """Every estimate of every check with its limits."""
    return {
        f"{check.number} {named.name}": [named.value.estimate, named.value.ci_low, named.value.ci_high]
        for check in audit.checks
        for named in check.estimates
    }


def test_an_audit_hangs_on_no_order_of_rows() -> None:
    tables: dict[str, Any] = company(500, seed=6).tables
    names = ("answers", "purchases", "customers", "actions", "brands", "wishes")
    first = figures(leal.audit(leal.Evidence(**{name: tables[name] for name in names})))
    other = figures(leal.audit(leal.Evidence(**{name: shuffled(tables[name]) for name in names})))
    assert first.keys() == other.keys()
    assert len(first) > 30
    for name, values in first.items():
        assert other[name] == pytest.approx(values, rel=1e-6, abs=1e-9, nan_ok=True), name
