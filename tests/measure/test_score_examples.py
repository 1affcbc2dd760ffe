"""The examples of the scores run as they stand."""

from __future__ import annotations

import doctest
import importlib

import pytest

ROOMS = [
    "net_promoter.scores",
    "net_promoter.nps_result",
    "change.mood",
    "change.movements",
    "net_promoter.satisfaction",
    "net_promoter.enough",
    "units.small_cells",
]


@pytest.mark.parametrize("room", ROOMS)
def test_examples_run(room: str) -> None:
    found = doctest.testmod(importlib.import_module(f"leal.measure.{room}"))
    assert found.attempted > 0
    assert found.failed == 0
