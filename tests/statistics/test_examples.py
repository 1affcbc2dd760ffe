"""The examples of the docstrings print what they say."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import leal.statistics

MODULES = [found.name for found in pkgutil.iter_modules(leal.statistics.__path__, "leal.statistics.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_public_names_are_sorted_and_exist() -> None:
    names = leal.statistics.__all__
    assert names == sorted(names)
    assert all(getattr(leal.statistics, name) for name in names)
