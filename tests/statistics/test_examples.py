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


def test_public_names_exist_and_stand_once() -> None:
    names = leal.statistics.__all__  # in the order of ruff's RUF022: constants before classes and functions
    assert len(names) == len(set(names))
    assert all(getattr(leal.statistics, name) for name in names)
