"""What all tests share: the Russian catalogues compiled, and the reference data where it is present."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT.parent / "shared"

sys.path.insert(0, str(ROOT))

from tests.engines import give, spark  # noqa: E402, F401 (fixtures of all tests)


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogues once, before the workers start."""
    if not hasattr(config, "workerinput"):
        from hatch_build import compile_catalogues

        compile_catalogues()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give simulations an hour: on a busy machine ten minutes are no sign that one hangs."""
    for item in items:
        if item.get_closest_marker("slow") is not None:
            item.add_marker(pytest.mark.timeout(3600))


@pytest.fixture(scope="session")
def golden() -> Path:
    """Return the folder of golden numbers, or skip: it is not part of the repository."""
    folder = REFERENCE / "golden"
    if not folder.is_dir():
        pytest.skip("the golden numbers are not beside this checkout")
    return folder
