"""Packages of the extra `documents`: one clear error where they are not installed."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from leal.errors import MissingExtra
from leal.wording import Text

_FORMS = {
    "docx": Text("Writing Word documents"),
    "pptx": Text("Writing slides"),
    "typst": Text("Writing PDF"),
}


def has(package: str) -> bool:
    """Tell whether a package of the extra is installed."""
    return find_spec(package) is not None


def needed(package: str) -> ModuleType:
    """Return a package of the extra, or raise `MissingExtra` that says how to install it."""
    try:
        return import_module(package)
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        raise MissingExtra(_FORMS[package], "documents") from error
