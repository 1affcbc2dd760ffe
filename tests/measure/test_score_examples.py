"""The examples of the scores run as they stand."""

from __future__ import annotations

import doctest
import importlib

import pytest

ROOMS = ["scores", "nps_result", "mood", "movements", "satisfaction", "enough", "small_cells"]


@pytest.mark.parametrize("room", ROOMS)
def test_examples_run(room: str) -> None:
    found = doctest.testmod(importlib.import_module(f"leal.measure.{room}"))
    assert found.attempted > 0
    assert found.failed == 0
