"""What docs/architecture.md promises of the house and no linter holds."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import leal

FLOORS = [module.name for module in iter_modules(leal.__path__) if module.ispkg]


@pytest.mark.parametrize("floor", FLOORS)
def test_no_public_name_is_that_of_a_module_beside_it(floor: str) -> None:
    """`from leal.measure import pauses` would otherwise be a function or a module, whichever came first."""
    package = import_module(f"leal.{floor}")
    modules = {module.name for module in iter_modules(package.__path__)}
    assert not modules & set(getattr(package, "__all__", ()))


@pytest.mark.parametrize("floor", FLOORS)
def test_rooms_say_what_they_are_for(floor: str) -> None:
    folder = Path(import_module(f"leal.{floor}").__path__[0])
    for room in folder.glob("*/__init__.py"):
        assert ast.get_docstring(ast.parse(room.read_text(encoding="utf-8"))), room


def test_floors_are_reached_from_the_package_alone() -> None:
    """The pages write `leal.explain.drivers(...)` after `import leal`."""
    told = "import leal; print(leal.explain.priorities is leal.priorities, leal.measure.__name__)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "leal.measure"]
    with pytest.raises(AttributeError, match="nothing_there"):
        leal.nothing_there  # type: ignore[attr-defined]  # noqa: B018
